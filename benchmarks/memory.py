"""Memory and time of a run on one large corpus, made on the spot from some French text.

    python benchmarks/memory.py TEXT [TEXT ...] [--megabytes 2000]

The articles are those of `scale`, with the theme in one of twelve; the peak is that of all processes together.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

from scale import articles, measured

from bulle import words

THEME = ["La bulle inquiète les marchés financiers.", "Les bulles finissent par éclater, rappelle un économiste."]


def main() -> None:
    """Make the corpus, run, print one line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("text", nargs="+", type=Path)
    parser.add_argument("--megabytes", type=int, default=2000)
    given = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in given.text]
    sentences = [text[a:b] for text in texts for a, b in words.sentence_spans(text) if 20 < b - a < 400]
    draw, size, count = random.Random(1977), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        with corpus.open("w", encoding="utf-8") as file:
            for line in articles(sentences, sys.maxsize):
                about = json.loads(line)
                about["text"] += " " + draw.choice(THEME) if draw.random() < 1 / 12 else ""
                size += file.write(json.dumps(about, ensure_ascii=False) + "\n")
                count += 1
                if size >= given.megabytes * 1_000_000:
                    break
        command = [sys.executable, "-m", "bulle", "run", "--corpus", str(corpus), "-o", f"{folder}/out"]
        seconds, peak, _ = measured(command)
    print(f"{count} articles, {size / 1e9:.2f} GB: {seconds / 60:.1f} minutes, peak {peak / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
