"""What a sweep costs: `python benchmarks/sweep.py CORPUS.jsonl [THEME] [COMMANDS]` (default: violence, 2).

First 96 specifications of the tone and of its difference to the rest (three themes, sixteen ways of scoring, both
outcomes), with 19 of the trend and a key term, against one run with the default parameters: at most 1.5 times its wall
time. Then twenty combinations of the parameters of notebook 2 (five periods, two units, function words or not) by one
sweep against Papermill command lines, of which COMMANDS are timed and the mean is taken twenty times: at least 20 times
as long. The two sides of a comparison are run in turn, nothing is kept from one to the next, and processor seconds
stand beside, because a busy machine slows whatever it runs.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from bulle.app import run

BULLE = sys.executable, "-m", "bulle"
COUNTED = 'period = ["day", "week", "month", "quarter", "year"]\nunit = ["lemma", "form"]\nfunction = [false, true]\n'


def timed(commands: Iterable[list[str]]) -> tuple[float, float]:
    """Wall and processor seconds of some commands, one after another, in an empty store."""
    with TemporaryDirectory() as cache:
        own, wall, before = os.environ | {"XDG_CACHE_HOME": cache}, time.perf_counter(), os.times()
        for command in commands:
            subprocess.run([str(word) for word in command], check=True, env=own, capture_output=True)
        after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - wall, used


def told(name: str, one: tuple[float, float], other: tuple[float, float], times: float = 1) -> None:
    """A line of the comparison."""
    pairs = [f"{a:.1f} and {times * b:.1f} s, {a / (times * b):.3f}" for a, b in zip(one, other, strict=True)]
    print(f"{name}: wall {pairs[0]} times; processor {pairs[1]} times", flush=True)


def main(corpus: str, theme: str = "violence", commands: str = "2") -> None:
    """Run both comparisons."""
    with TemporaryDirectory() as folder:
        place, number = Path(folder), int(commands)
        themes = [theme, f"{theme}, émeute", f"{theme}, affrontement"]
        named = [word for one in themes for word in ("-p", "theme", one)]
        swept = [*BULLE, "sweep", "--all", "--corpus", corpus, *named, "-o", place / "sweep"]
        single = [*BULLE, "run", "--corpus", corpus, "-p", "theme", theme, "-o", place / "run"]
        told("96 specifications of the tone, and 19 more, against one run", timed([swept]), timed([single]))
        (place / "twenty.toml").write_text(COUNTED, encoding="utf-8")
        twenty = [*BULLE, "sweep", "--corpus", corpus, "-p", "theme", theme, "--table", place / "twenty.toml"]
        papermill = [sys.executable, "-m", "papermill", run.notebooks("2")[0], place / "out.ipynb", "-p", "corpus"]
        ways = list(product(["week", "month", "day", "quarter", "year"], ["lemma", "form"], ["False", "True"]))
        each = [
            ["-p", "period", ways[at][0], "-p", "unit", ways[at][1], "-p", "function", ways[at][2]]
            for at in range(number)
        ]
        lines = [[*papermill, corpus, "-p", "theme", theme, *own] for own in each]
        pair = timed([[*twenty, "-o", place / "twenty"]]), timed(lines)
        told(f"twenty values against twenty command lines (of which {number} were timed)", *pair, len(ways) / number)


if __name__ == "__main__":
    main(*sys.argv[1:])
