"""Time and memory of whole runs on corpora of growing size, made on the spot from a corpus, beside sklearn's counting.

    python benchmarks/scale.py CORPUS [--theme violence] [--other police] [--articles 1000 10000 100000] [--cluster 0]

Articles of some 4 kB are drawn from the sentences of the corpus, with invented words among them so that they differ, a
date and one of eight sources, into one JSONL file. For each size: `bulle run` with its site, then a second run with
another theme, and the counting of the same texts by sklearn (CountVectorizer), all in this order on the same machine.
The peak is that of all processes of a run together, pages that they share counted once (PSS, read twice a second:
Linux only).

With --cluster N, instead: the study alone (what a cluster does: reading, counting, the search for the theme), N times
each in turn, on this machine's own processes and on a LocalCluster that is started for it, each with an empty store.
"""

import argparse
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

import bulle
from bulle import bodies, words

ARTICLE = 4000  # characters
DAYS = [datetime.date(2015, 1, 1) + datetime.timedelta(day) for day in range(3000)]
SOURCES = ["AFP", "La Croix", "Le Figaro", "Le Monde", "Le Parisien", "Les Échos", "Libération", "Ouest-France"]
SYLLABLES = [
    first + last for first in "b d f g l m n p r s t v br tr pl".split() for last in "a e i o u é an on".split()
]
COUNTING = """
import json, sys
from sklearn.feature_extraction.text import CountVectorizer
CountVectorizer().fit_transform(json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8"))
"""

STUDY = """
import sys, bulle
from bulle import cluster
with cluster.at(sys.argv[3]):
    bulle.study(sys.argv[1], sys.argv[2]).articles
"""


def articles(sentences: list[str], count: int) -> Iterator[str]:
    """Lines of JSON, one per article."""
    draw = random.Random(1977)
    for _ in range(count):
        parts, length = [], 0
        while length < ARTICLE:
            said = draw.choice(sentences).split(" ")
            said.insert(draw.randrange(len(said)), "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))))
            parts.append(" ".join(said))
            length += len(parts[-1])
        about = {"date": draw.choice(DAYS).isoformat(), "source": draw.choice(SOURCES), "text": " ".join(parts)}
        yield json.dumps(about, ensure_ascii=False) + "\n"


def family(root: int) -> Iterator[int]:
    """The process and all that it started, those of their own included."""
    yield root
    for tasks in Path(f"/proc/{root}/task").glob("*/children"):
        with suppress(OSError):  # it may end at any moment
            for child in tasks.read_text().split():
                yield from family(int(child))


def resident(root: int) -> int:
    """Bytes that a process and its family hold in memory."""
    total = 0
    for process in family(root):
        with suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def worked(root: int) -> dict[int, float]:
    """Seconds of a core that a process and each of its family have had so far."""
    spent = {}
    for process in family(root):
        with suppress(OSError):
            about = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            spent[process] = (int(about[11]) + int(about[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def measured(command: list[str], **about: object) -> tuple[float, int, float]:
    """Seconds that a command takes, the most bytes that it and its family hold, and their seconds of a core."""
    begun, peak, spent = time.perf_counter(), 0, {}
    with tempfile.TemporaryFile("w+") as told:
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told, **about)
        while run.poll() is None:
            peak, spent = max(peak, resident(run.pid)), spent | worked(run.pid)
            time.sleep(0.5)
        if run.returncode:
            told.seek(0)
            sys.exit(f"{told.read()}{' '.join(command)} ended with status {run.returncode}")
    return time.perf_counter() - begun, peak, sum(spent.values())


def clustered(made: Path, theme: str, times: int) -> None:
    """Print what the study of a corpus takes here and on a LocalCluster."""
    taken = {"": [], "local": []}
    for _ in range(times):
        for scheduler, seconds in taken.items():
            with tempfile.TemporaryDirectory() as store:
                command = [sys.executable, "-c", STUDY, str(made), theme, scheduler]
                wall, peak, core = measured(command, env=os.environ | {"XDG_CACHE_HOME": store})
            seconds.append((wall, core))
            told = f"{wall:7.1f} s, {core:7.1f} s of a core, peak {peak / 1e9:.2f} GB, load {os.getloadavg()[0]:.1f}"
            print(f"  {scheduler or 'here':6} {told}", flush=True)
    (here, core), (there, more) = (np.median(seconds, axis=0) for seconds in taken.values())
    print(f"  LocalCluster: {there / here:.2f} of the time here, {more / core:.2f} of its cores' (medians)", flush=True)


def main() -> None:
    """Make each corpus, run, print one line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus")
    parser.add_argument("--theme", default="violence")
    parser.add_argument("--other", default="police")
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--cluster", type=int, default=0, help="compare with a LocalCluster, so many times")
    given = parser.parse_args()
    texts = bodies.body(bulle.read(given.corpus)).text
    sentences = [text[a:b] for text in texts for a, b in words.sentence_spans(text) if 20 < b - a < 400]
    if not given.cluster:
        print("articles     MB   run, s  other theme, s  sklearn, s  ratio  peak, GB")
    for count in given.articles:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "corpus.jsonl"
            with made.open("w", encoding="utf-8") as file:
                file.writelines(articles(sentences, count))
            size = made.stat().st_size / 1e6
            if given.cluster:
                print(f"{count} articles, {size:.0f} MB")
                clustered(made, given.theme, given.cluster)
                continue
            command = [sys.executable, "-m", "bulle", "run", "--corpus", str(made), "-o", f"{folder}/out"]
            first, peak, _ = measured([*command, "-p", "theme", given.theme])
            second, *_ = measured([*command, "-p", "theme", given.other])
            counting, *_ = measured([sys.executable, "-c", COUNTING, str(made)])
        ratio = first / counting
        print(f"{count:8} {size:6.0f} {first:8.1f} {second:15.1f} {counting:11.1f} {ratio:6.1f} {peak / 1e9:9.2f}")


if __name__ == "__main__":
    main()
