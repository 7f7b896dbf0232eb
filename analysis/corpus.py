"""A file or folder of press texts -> `articles`, one row per article; what in them is not body text."""

import csv
import hashlib
import re
from functools import cache
from pathlib import Path

import pandas as pd

from analysis import ROOT, InputError, entries

COLUMNS = ["article", "source", "date", "title", "language", "text"]
TEXTS = {".txt", ".md"}
HEADER = re.compile(r"\s*date\s+(\d{4}-\d\d-\d\d)\s+(?P<title>\S.*?)\s*$", re.M)  # the seed's wire


def read(path: str | Path, language: str = "fr") -> pd.DataFrame:
    """Articles of a text file, or of every text file in a folder.

    Returns
    -------
    DataFrame, one row per article: `article` (unique name), `source` ("" if unknown), `date` (NaT if unknown),
    `title`, `language`, `text` (as read; every offset of the package counts its characters).

    Raises
    ------
    InputError: no such path, no text in it, a file that is binary, empty or not the one its manifest describes.
    """
    found = located(path)
    files = sorted(p for p in found.rglob("*") if p.suffix in TEXTS) if found.is_dir() else [found]
    if not files:
        raise InputError(f"{path}: no text file in this folder; expected .txt or .md")
    folder = found if found.is_dir() else found.parent
    described = manifest(folder)
    rows = [article(file, folder, language, described.get(file.relative_to(folder).as_posix(), {})) for file in files]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"date": "datetime64[s]"})


def located(path: str | Path) -> Path:
    """The path as given, or else under the project's folder, so that notebooks find the seed from anywhere."""
    for candidate in (Path(path), ROOT / path):
        if candidate.exists():
            return candidate
    raise InputError(f"{path}: no such file or folder")


def manifest(folder: Path) -> dict[str, dict[str, str]]:
    """What `manifest.csv` says of the files of its folder: file -> outlet, date, title, language, rights, sha256."""
    path = folder / "manifest.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def article(file: Path, folder: Path, language: str, described: dict[str, str]) -> dict:
    """One row of `articles` from a text file and its line of the manifest."""
    text = contents(file, described.get("sha256", ""))
    header = HEADER.match(text)
    date, title = header.groups() if header else (None, "")
    return {
        "article": file.relative_to(folder).with_suffix("").as_posix(),
        "source": described.get("outlet", ""),
        "date": pd.Timestamp(described.get("date") or date),
        "title": described.get("title") or title,
        "language": described.get("language") or language,
        "text": text,
    }


def contents(file: Path, sha256: str) -> str:
    """Text of a UTF-8 file, checked against the digest of the manifest when there is one."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error
    if sha256 and hashlib.sha256(raw).hexdigest() != sha256:
        raise InputError(f"{file}: differs from manifest.csv (sha256); restore the file or correct the manifest")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 text (byte {error.start}); expected a text file") from error
    if not text.strip():
        raise InputError(f"{file}: empty; expected the text of an article")
    return text


@cache
def patterns(language: str, part: str) -> re.Pattern:
    """The lines of `data/<language>/<part>.txt` as one pattern; `AGENCY` stands for any line of `agencies.txt`."""
    agency = "(?:" + "|".join(entries(language, "agencies")) + ")"
    return re.compile("|".join(f"(?:{entry})" for entry in entries(language, part)).replace("AGENCY", agency))


def marks(articles: pd.DataFrame) -> pd.DataFrame:
    """What is not body text: one row per marked stretch, `article`, `start`, `end` (characters of its text), `part`.

    `part` is header, title, caption, credit, dateline or boilerplate.
    """
    rows = [
        (row.article, *mark)
        for row in articles.itertuples()
        for mark in spans(row.text, row.title, row.language)
    ]
    return pd.DataFrame(rows, columns=["article", "start", "end", "part"])


def spans(text: str, title: str, language: str) -> list[tuple[int, int, str]]:
    """Marked stretches of one text, in order: (start, end, part)."""
    found = []
    if header := HEADER.match(text):
        found += [(0, header.start("title"), "header"), (*header.span("title"), "title")]
    for line in re.finditer(r"[^\r\n]*\S", text[header.end() if header else 0 :]):
        start = line.start() + (header.end() if header else 0)
        found += [(start + a, start + b, part) for a, b, part in line_marks(line[0], title, language)]
    return found


def line_marks(line: str, title: str, language: str) -> list[tuple[int, int, str]]:
    """Marked stretches of one line: the whole of it, or the dateline it opens with."""
    bare = line.strip()
    if title and bare == title:
        return [(0, len(line), "title")]
    for part, name in (("caption", "captions"), ("credit", "credits"), ("boilerplate", "boilerplate")):
        if patterns(language, name).fullmatch(bare):
            return [(0, len(line), part)]
    dateline = patterns(language, "datelines").match(line)
    return [(*dateline.span(), "dateline")] if dateline else []


def body(articles: pd.DataFrame) -> pd.DataFrame:
    """The same articles with every marked character but line breaks replaced by a space: offsets still hold."""
    texts = dict(zip(articles["article"], articles["text"], strict=True))
    for row in marks(articles).itertuples():
        text = texts[row.article]
        texts[row.article] = text[: row.start] + re.sub(r"[^\r\n]", " ", text[row.start : row.end]) + text[row.end :]
    return articles.assign(text=[texts[name] for name in articles["article"]])
