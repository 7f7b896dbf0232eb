"""Words side by side with its peers: accuracy, speed, memory, growth, hard inputs.

    pip install -e .[bench]
    apt-get download libreoffice-help-fr gimp-help-fr debian-reference-fr lilypond-doc-html-fr  # or any folder
    for package in *.deb; do dpkg-deb -x $package french; done
    python benchmarks/words.py --gold GOLD --text french --megabytes 300

The gold folder holds `<language>_<name>-dev.json` ({"sentences": [[gap, length, gap, ...]]}, offsets of the tokens)
with the text beside it as `.txt`. NLTK is here the tokeniser inside `word_tokenize`, which needs no download, given our
sentences in place of Punkt's.
"""

import argparse
import gzip
import html
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import sacremoses
import spacy
from nltk.tokenize import NLTKWordTokenizer
from sklearn.feature_extraction.text import CountVectorizer

from bulle import words

BLOCK = re.compile(r"</?(?:p|div|li|td|th|tr|h\d|br|dt|dd|title|para|entry|section|note|pre)\b[^<>]*>", re.I)
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^<>]*>", re.S | re.I)
FRENCH = re.compile(r"\b(?:le|la|les|des|du|une|est|dans|pour|vous|par|sur|et|que|qui|en|au)\b")
TEXTS = {".html", ".xhtml", ".page", ".txt", ".gz", ".utf8"}
CODE = re.compile(r"[\\{}_=<>|@#§$*~^/\[\]]")
HARD = [
    *""".\"'-–a1 (#_+\n?…»é\u0301\u200b👨🇫""",
    *("-t-il", "d'", "a.", "a-", "1,", "1 000 ", "M. ", ". ", '. " ', "[12]", "a@", "#1", "www.", "http://", "a(s)"),
    *("e\u0301", "👨\u200d", "abc.A", "etc. ", 'a ?" ', "a. » ", "XIV", "-'", "A.-", "(...) ", ". - ", "14h", "l'a-"),
    *("a\u00ad", "mot ", "c.-à-d. ", "www.a.", "a.b@", "12/", "[...] ", "M.A", "e-", "-en", "? ", "e·"),
]


# Accuracy -------------------------------------------------------------------------------------------------------------
def gold(path: Path) -> tuple[str, list[list[tuple[int, int]]]]:
    """Text and tokens of each sentence of a gold file."""
    sentences, at = [], 0
    for row in json.loads(path.read_text(encoding="utf-8"))["sentences"]:
        sentence = []
        for gap, length in zip(row[::2], row[1::2], strict=True):
            sentence.append((at + gap, at + gap + length))
            at += gap + length
        sentences.append(sentence)
    return path.with_suffix(".txt").read_bytes().decode(), sentences


def as_article(text: str, sentences: list) -> str:
    """The text with a line break after each sentence that no mark ends, as a heading has in an article."""
    signs = list(text)
    for sentence in sentences[:-1]:
        end = sentence[-1][1]
        if signs[end] == " " and not re.search(r"[.!?…][\s\"'’”»)\]]*$", text[sentence[0][0] : end]):
            signs[end] = "\n"
    return "".join(signs)


def f1(found: list, expected: list) -> float:
    """F1 in percent of two collections of things that must match exactly (Zeman et al. 2018)."""
    both = (Counter(found) & Counter(expected)).total()
    return 200 * both / (len(found) + len(expected)) if both else 0.0


def placed(tokens: list[str]) -> list[tuple[int, int]]:
    """Positions of tokens counted in characters that are no white space."""
    places, at = [], 0
    for token in tokens:
        size = len("".join(token.split()))
        places.append((at, at + size))
        at += size
    return places


def tokenizers(language: str) -> dict[str, Callable[[str], list[str]]]:
    """Each tokeniser as a function from a text to its tokens."""
    blank = spacy.blank(language)
    blank.max_length = 10**9
    treebank, moses = NLTKWordTokenizer(), sacremoses.MosesTokenizer(language)
    return {
        "bulle": lambda text: [text[a:b] for sentence in words.spans(text, language) for a, b in sentence],
        "spacy": lambda text: [token.text for token in blank.tokenizer(text) if not token.is_space],
        "nltk": lambda text: [
            text[start:end][a:b]
            for start, end in words.sentence_spans(text, language)
            for a, b in treebank.span_tokenize(text[start:end])
        ],
        "sacremoses": lambda text: [t for line in text.splitlines() for t in moses.tokenize(line, escape=False)],
        "plain re": re.compile(r"\w+|[^\w\s]").findall,
    }


def accuracy(folder: Path) -> pd.DataFrame:
    """F1 of tokens, and of our sentences with the lines of an article, on each gold file."""
    rows = []
    for path in sorted(folder.glob("*-dev.json")):
        text, sentences = gold(path)
        expected = placed([text[a:b] for sentence in sentences for a, b in sentence])
        language = path.name[:2]
        article = as_article(text, sentences)
        found = words.sentence_spans(article, language)
        row = {name: f1(placed(cut(article)), expected) for name, cut in tokenizers(language).items()}
        ends = f1(found, [(sentence[0][0], sentence[-1][1]) for sentence in sentences])
        rows.append({"gold": path.stem} | row | {"sentences": ends})
    return pd.DataFrame(rows).round(2)


# Text -----------------------------------------------------------------------------------------------------------------
def paragraphs(folder: Path) -> Iterator[str]:
    """French prose of a folder of texts and pages, each paragraph once."""
    seen = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in TEXTS):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = raw.decode("utf-8", "ignore")
        text = html.unescape(MARKUP.sub("", BLOCK.sub("\n\n", text))) if "<" in text[:2000] else text
        for paragraph in (" ".join(part.split()) for part in re.split(r"\n\s*\n", text)):
            french = len(FRENCH.findall(paragraph)) >= max(2, paragraph.count(" ") / 10)
            if len(paragraph) > 40 and french and len(CODE.findall(paragraph)) < len(paragraph) / 100:
                if paragraph not in seen:
                    yield paragraph
                seen.add(paragraph)


def grown(pieces: list[str], size: int) -> Iterator[str]:
    """Articles of ten paragraphs, `size` bytes in all.

    Beyond the text given, each new pass shuffles it and renames rare words, so that no article comes twice and new
    words keep coming as fast as Heaps' law, fitted on the halves of the text given, foretells.
    """
    spread = Counter(word for piece in pieces for word in re.findall(r"\w+", piece))
    half = {word for piece in pieces[::2] for word in re.findall(r"\w+", piece)}
    heaps = max(0.5, min(1.0, (len(spread) / len(half) - 1) * 1.44))
    rare = [word for word, count in spread.items() if count == 1 and word.isalpha()]
    done, turn = 0, 0
    while done < size:
        share = len(spread) * ((turn + 1) ** heaps - turn**heaps) / len(rare) if turn else 0
        new = [word for word in rare if zlib.crc32(f"{turn}{word}".encode()) % 1000 < 1000 * share]
        renamed = {word: word + chr(97 + turn % 26) * (2 + turn // 26) for word in new}
        order = random.Random(turn).sample(pieces, len(pieces))
        for start in range(0, len(order), 10):
            article = "\n".join(order[start : start + 10])
            if renamed:
                article = re.sub(r"\w+", lambda found, names=renamed: names.get(found[0], found[0]), article)
            yield article
            done += len(article.encode()) + 1
            if done >= size:
                break
        turn += 1


def batches(path: Path, size: int) -> Iterator[dict[str, list[str]]]:
    """Articles of a file, one a line (its line breaks as form feeds), in batches, up to `size` bytes."""
    with path.open("rb") as lines:
        batch, done = [], 0
        for line in lines:
            batch.append(line.replace(b"\f", b"\n").decode())
            done += len(line)
            if len(batch) == 1000 or done >= size:
                yield {"language": ["fr"] * len(batch), "text": batch}
                batch = []
            if done >= size:
                break


# Speed ----------------------------------------------------------------------------------------------------------------
def seconds(work: Callable[[], object]) -> float:
    """Seconds of wall clock that the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def vectorised(path: Path, size: int) -> None:
    """Counts and article frequencies by scikit-learn, its own words."""
    found = CountVectorizer().fit_transform(text for batch in batches(path, size) for text in batch["text"])
    found.sum(0), found.getnnz(0)


def speed(path: Path, megabytes: float) -> pd.DataFrame:
    """MB/s of counting and of each tokeniser in one process, by turns; `times` is how many times faster counting is.

    Counting and CountVectorizer read the whole text; the slow peers read two slices of one MB before and after.
    """
    size = int(megabytes * 1e6)
    slices = ["".join(text for batch in batches(path, 1_000_000) for text in batch["text"])]
    spent: Counter = Counter()
    for _ in range(2):
        for name, cut in tokenizers("fr").items():
            spent[name] += seconds(lambda cut=cut: cut(slices[0])) / (2 * len(slices[0].encode()) / 1e6)
        spent["CountVectorizer"] += seconds(lambda: vectorised(path, size)) / (2 * megabytes)
        spent["counts"] += seconds(lambda: words.counts(batches(path, size))) / (2 * megabytes)
    table = pd.DataFrame({"s/MB": spent, "MB/s": {name: 1 / cost for name, cost in spent.items()}})
    return table.assign(times=table["s/MB"] / spent["counts"]).sort_values("MB/s", ascending=False).round(3)


def alone(path: Path, megabytes: float) -> dict[str, float]:
    """Cost and peak memory of counting in a process of its own."""
    command = [sys.executable, __file__, "--count", str(path), "--megabytes", str(megabytes)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def counted(path: Path, megabytes: float) -> dict[str, float]:
    """What `alone` reports, from inside that process."""
    cpu, start = time.process_time(), time.perf_counter()
    found = words.counts(batches(path, int(megabytes * 1e6)))
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    facts = {"MB": megabytes, "words": int(found["count"].sum()), "distinct": len(found), "s/MB": wall / megabytes}
    return facts | {"cpu s/MB": cpu / megabytes, "peak MB": peak}


def hardness() -> pd.DataFrame:
    """Time of 80,000 characters of each hard input over that of 20,000: 4 when linear, 16 when quadratic."""
    rows = []
    for unit in dict.fromkeys(HARD):
        short, long = ((unit * (size // len(unit) + 1))[:size] for size in (20_000, 80_000))
        for language in ("fr", "en"):
            times = {text: [] for text in (short, long)}
            for text in (short, long) * 5:
                start = time.process_time()
                words.spans(text, language)
                times[text].append(time.process_time() - start)
            rows.append((repr(unit), language, min(times[long]) / min(times[short]), min(times[long]) / 0.08))
    return pd.DataFrame(rows, columns=["input", "language", "ratio", "s/MB"]).round(2).sort_values("ratio")


def main() -> int:
    """Print what was asked for; the exit status is 1 when an input is not linear."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--megabytes", type=float, default=300)
    parser.add_argument("--count", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.count:
        print(json.dumps(counted(asked.count, asked.megabytes)))
        return 0
    if asked.gold:
        print(accuracy(asked.gold).to_string(index=False), end="\n\n")
    if asked.text:
        with tempfile.TemporaryDirectory() as folder:
            path, pieces = Path(folder) / "text", list(paragraphs(asked.text))
            print(f"{sum(len(piece.encode()) for piece in pieces) / 1e6:.1f} MB of French without repeats")
            with path.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(text.replace("\n", "\f") + "\n" for text in grown(pieces, int(asked.megabytes * 1e6)))
            sizes = [size for size in (1, 3, 10, 30, 100, 300) if size < asked.megabytes] + [asked.megabytes]
            print(pd.DataFrame([alone(path, size) for size in sizes]).round(4).to_string(index=False), end="\n\n")
            print(speed(path, asked.megabytes).to_string(), end="\n\n")
    hard = hardness()
    print(hard.tail(8).to_string(index=False))
    return int(hard.ratio.max() >= 6)


if __name__ == "__main__":
    sys.exit(main())
