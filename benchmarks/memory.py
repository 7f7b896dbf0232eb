"""Memory and time of a run on a large corpus, made on the spot from some French text.

    python benchmarks/memory.py TEXT [TEXT ...] [--megabytes 2000]

Articles of some 4 kB are drawn from the sentences of the texts, with invented words among them so that they differ, a
date, one of eight sources, and the theme in one of twelve. `bulle run` reads them as one JSONL file; the peak is that
of all its processes together, pages that they share counted once (PSS, read once a second: Linux only).
"""

import argparse
import datetime
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bulle import words

ARTICLE = 4000  # characters
DAYS = [datetime.date(2015, 1, 1) + datetime.timedelta(day) for day in range(3000)]
SOURCES = ["AFP", "La Croix", "Le Figaro", "Le Monde", "Le Parisien", "Les Échos", "Libération", "Ouest-France"]
THEME = ["La bulle inquiète les marchés financiers.", "Les bulles finissent par éclater, rappelle un économiste."]
SYLLABLES = [
    first + last for first in "b d f g l m n p r s t v br tr pl".split() for last in "a e i o u é an on".split()
]


def articles(sentences: list[str], size: int) -> Iterator[str]:
    """Lines of JSON, one per article, of so many bytes together."""
    draw = random.Random(1977)
    while size > 0:
        parts, length = [], 0
        while length < ARTICLE:
            said = draw.choice(sentences).split(" ")
            said.insert(draw.randrange(len(said)), "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))))
            parts.append(" ".join(said))
            length += len(parts[-1])
        if draw.random() < 1 / 12:
            parts.insert(draw.randrange(len(parts)), draw.choice(THEME))
        about = {"date": draw.choice(DAYS).isoformat(), "source": draw.choice(SOURCES), "text": " ".join(parts)}
        line = json.dumps(about, ensure_ascii=False) + "\n"
        size -= len(line.encode())
        yield line


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


def main() -> None:
    """Make the corpus, run, print one line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("text", nargs="+", type=Path)
    parser.add_argument("--megabytes", type=int, default=2000)
    given = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in given.text]
    sentences = [text[a:b] for text in texts for a, b in words.sentence_spans(text) if 20 < b - a < 400]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        with corpus.open("w", encoding="utf-8") as file:
            count = sum(file.write(line) > 0 for line in articles(sentences, given.megabytes * 1_000_000))
        size, begun, peak = corpus.stat().st_size, time.perf_counter(), 0
        command = [sys.executable, "-m", "bulle", "run", "--corpus", str(corpus), "-o", f"{folder}/out"]
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while run.poll() is None:
            peak = max(peak, resident(run.pid))
            time.sleep(1)
    minutes = (time.perf_counter() - begun) / 60
    print(
        f"{count} articles, {size / 1e9:.2f} GB: exit {run.returncode}, {minutes:.1f} minutes, peak {peak / 1e9:.2f} GB"
    )


if __name__ == "__main__":
    main()
