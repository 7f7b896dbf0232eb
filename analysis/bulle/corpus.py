"""A file, folder, table or archive of press texts -> `articles`, one row per article, and the report of the reading."""

import hashlib
import json
import math
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from bulle import (
    LANGUAGES,
    InputError,
    bodies,
    cluster,
    days,
    declared,
    furniture,
    hearing,
    markup,
    parts,
    progress,
    records,
    store,
    typed,
)
from bulle.readers import READERS, Record, safe
from bulle.readers.files import FOREIGN, IGNORED, files, stamps
from bulle.readers.safe import opened, position
from bulle.readers.several import plain
from bulle.readers.tables import SUMMARIES, folded, mapping, separated

COLUMNS = ["article", "source", "date", "title", "language", "text", "link"]
REPORT = "file status reason bytes encoding articles mapping undated duplicates aside notes".split()
BATCH = 8_000_000  # characters of text in one batch: some 2 000 articles, and 300 MB with a table of their words
EXCERPT = 20_000  # characters of an article in which its language is looked for
SENT = 64 << 20  # bytes of a file that is sent to a worker of a cluster; a larger one is read here
UNREADABLE_FILE = (InputError, OSError, UnicodeError, MemoryError)  # what costs a file, or the rest of it
UNREADABLE = 0.1  # a run stops when more than a tenth of its files, or of the rows of a table, cannot be read
SHOWN = 20  # lines of a kind in the preview


def read(path: str | Path, language: str = "fr", columns: str = "", unreadable: float = UNREADABLE) -> pd.DataFrame:
    """Articles of a file, a folder, a table, an archive or a glob pattern.

    Parameters
    ----------
    path: a relative one is looked for in the working directory, then in this project's folder.
    language: of the articles to which no column or manifest gives one; "" or "auto" detects it for each.
    columns: the columns that have no usual name, as `text=Corps, date=Jour`.
    unreadable: the largest share of files (and of the rows of a table) that may be unreadable.

    Returns
    -------
    DataFrame, one row per article: `article` (unique name), `source` ("" if unknown), `date` (the day printed, NaT if
    unknown), `title`, `language`, `text` (as read; every offset of the package counts its characters), `link` (where
    it is on the web, "" if unknown), `aside` (what in it is not body, see `Aside`).
    `report(articles)` says what was read, skipped and mended.

    Raises
    ------
    InputError: no such path, no text in it, too much of it unreadable, a file that differs from its manifest, most of a
    sample of the articles in another language than the one given.
    """
    held = list(batches(path, language, columns, unreadable))
    articles = pd.concat(held, ignore_index=True)
    articles.attrs = held[-1].attrs
    return articles


def batches(
    path: str | Path, language: str = "fr", columns: str = "", unreadable: float = UNREADABLE
) -> Iterator[pd.DataFrame]:
    """The articles of `read`, in tables of at most 8 million characters, for corpora larger than memory.

    After the loop, `report(batch)` of the last one is the report of the whole reading. A corpus of several batches is
    read twice: which lines are furniture, and in what language the articles are, is known only at its end.
    """
    settings = settled(path, language, columns, unreadable)
    contents = store.corpus(path) if sum(size for _, size, _ in stamps(path)) > BATCH else []
    key = store.key(contents, settings) if contents else ""
    if whole := kept(key):
        yield from whole
        return
    with files(path) as found:
        returning, sample, rows, size, count = furniture.Lines(), hearing.Sample(), [], 0, 0
        lines: list[dict] = []
        for row in progressing(placed(rows_of(found, lines, settings), lines), found):
            count += 1
            size += len(row["text"])
            returning.add(row["source"], row["text"])
            if not row["own"]:
                sample.add(row | {"text": row["text"][:EXCERPT]})
            if size <= BATCH:
                rows.append(row)
        if not size:
            if len(lines) == 1 and lines[0]["reason"] != FOREIGN:
                raise InputError(printable(f"{lines[0]['file']}: {lines[0]['reason']}"))
            raise InputError(f"{path}: no article in it; expected {', '.join(READERS)} or .zip")
        returning.settle()
        heard = listened(sample.rows, language, path)
        if size > BATCH:  # more than is held at once: now that it is known which lines return, all is read again
            lines, rows = [], []
            rows = placed(rows_of(found, lines, settings), lines)
            told = progress.over(rows, count, "articles")
            yield from keeping(key, tables(told, lines, returning, heard))
        else:
            yield from tables(rows, lines, returning, heard)


def progressing(rows: Iterable[dict], found: list[tuple[str, Path, str]]) -> Iterator[dict]:
    """Rows read from these files; how many of all bytes have been read is told on the way."""
    sizes = [os.path.getsize(file) if os.path.isfile(file) else 0 for _, file, _ in found]
    before = [0, *accumulate(sizes)]
    return progress.over(rows, before[-1], progress.BYTES, lambda _, row: before[row["file"]] + position())


def keeping(key: str, batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Batches, each kept in the store (see `store`) on its way."""
    attributes = []
    for number, batch in enumerate(batches):
        aside = [json.dumps([one.furniture, one.text, one.marks]) for one in batch["aside"]]
        days = batch["date"].to_numpy().astype("datetime64[D]")
        with suppress(UnicodeError):  # half a character, which Parquet cannot hold
            made = pl.DataFrame({name: batch[name].tolist() for name in COLUMNS if name != "date"})
            store.write(key, f"articles-{number}", store.parquet(made.with_columns(date=days, aside=pl.Series(aside))))
        attributes.append(dict(batch.attrs))
        yield batch
    store.write(key, "articles", json.dumps(attributes).encode())
    store.bounded()


def kept(key: str) -> Iterator[pd.DataFrame] | None:
    """The batches that were kept, if all are there and whole: that is known before the first of them is given."""
    attributes = json.loads(store.read(key, "articles") or b"[]")
    names = [f"articles-{number}" for number in range(len(attributes))]
    if not names or not all(store.read(key, name) for name in names):
        return None
    told = progress.over(zip(names, attributes, strict=True), len(names), "kept")
    return (restored(store.read(key, name), attrs) for name, attrs in told)


def restored(content: bytes | None, attributes: dict) -> pd.DataFrame:
    """One batch as it was when it was kept; `RuntimeError` where it has gone since (`bulle clean` at the same time)."""
    if content is None:
        raise RuntimeError("what was kept of this corpus has gone while it was read; run again")
    rows = pl.read_parquet(content).to_dicts()
    for row in rows:
        furniture, text, marks = json.loads(row["aside"])
        row["aside"] = bodies.Aside(tuple(furniture), text, tuple(map(tuple, marks)))
    batch = table(rows)
    batch.attrs = attributes
    return batch


def large(articles: pd.DataFrame) -> bool:
    """Whether articles are so large a part of a corpus that what is made of them is kept in the store."""
    return sum(map(len, articles.text)) > BATCH // 2


def given(text: str, language: str = "fr") -> pd.DataFrame:
    """A text as `articles`, one row; its name there is `text`.

    >>> given("La bulle enfle.")[["article", "language", "text"]].to_numpy().tolist()
    [['text', 'fr', 'La bulle enfle.']]
    """
    settled("", language, "", UNREADABLE)
    typed(str, text=text)
    row, _ = records.article({"text": text, "whole": True}, "text", language)
    if not text.strip():
        raise InputError("text: nothing in it; expected the text of an article")
    if row["language"] not in LANGUAGES:
        raise InputError(f"text: in {row['language']!r}; expected one of {', '.join(LANGUAGES)}, or name its language")
    return table([row])


def settled(path: str | Path, language: str, columns: str, unreadable: float) -> tuple[str, dict[str, str], float]:
    """The language, the columns by role and the share of bad files that are asked for; `InputError` for any other."""
    declared()
    typed(str, corpus=str(path) if isinstance(path, Path) else path, language=language, columns=columns)
    typed(float, unreadable=unreadable)
    if not 0 <= unreadable <= 1:
        raise InputError(f"parameter 'unreadable' is {unreadable}; it is a share, from 0 to 1")
    if language not in ("", "auto", *LANGUAGES):
        raise InputError(f"unknown language {language!r}; there are: {', '.join(LANGUAGES)}, or auto")
    return language, naming(columns), unreadable


def placed(rows: Iterable[dict], lines: list[dict]) -> Iterator[dict]:
    """Rows with the number of their file in the report."""
    for row in rows:
        yield row | {"file": len(lines) - 1}


def listened(rows: list[dict], language: str, path: str | Path) -> list[tuple[int, str]]:
    """What a sample of articles sounds like: the number of the file of each, and its language if that is another.

    Raises
    ------
    InputError: most of them are in another language than the one given.
    """
    heard = []
    for row in rows if language in LANGUAGES else ():
        marks = bodies.marked(row["text"], row["title"], language)
        aside = [mark for mark in marks if mark[2] != "repeat"]  # what is said twice is heard twice
        heard.append((row["file"], hearing.language(markup.blank(row["text"], aside), language)))
    hearing.refuse(Counter(code for _, code in heard if code), language, path)
    return [(file, code.replace(language, "")) for file, code in heard if code]


def tables(
    rows: Iterable[dict], lines: list[dict], returning: furniture.Lines, heard: list[tuple[int, str]]
) -> Iterator[pd.DataFrame]:
    """Rows in batches with the furniture of each; `lines` learns what is set aside, and the last batch tells of all."""
    last, shown = None, {}
    for own, asides in parts.beside(_asides, _held(rows, returning)):
        if last is not None:
            yield last
        for row, aside in zip(own, asides, strict=True):
            times, row["aside"] = row.pop("returning"), aside
            shown |= {(row["source"], line): times[line] for line in aside.furniture}
            kinds = lines[row["file"]].setdefault("aside", {})
            for _, _, part in aside.marks:
                kinds[part] = kinds.get(part, 0) + 1
        last = table(own)
    foreign = Counter(one for one in heard if one[1])
    for (file, code), count in foreign.items():
        among = sum(number == file for number, _ in heard)
        lines[file]["notes"].append(f"{count} x article that sounds like {code!r}, of {among} listened to")
    last.attrs["heard"] = {"listened": len(heard), "foreign": foreign.total()}
    last.attrs["furniture"] = json.dumps([[*about, count] for about, count in shown.items()], ensure_ascii=False)
    last.attrs["report"] = json.dumps(lines, ensure_ascii=False).encode("utf-8", "replace").decode()
    yield last


def _held(rows: Iterable[dict], returning: furniture.Lines) -> Iterator[list[dict]]:
    """Rows with their lines that return, as many at once as a batch holds."""
    held, size = [], 0
    for row in rows:
        if held and size + len(row["text"]) > BATCH:
            yield held
            held, size = [], 0
        held.append(row | {"returning": returning.furniture(row["source"], row["text"])})
        size += len(row["text"])
    yield held


def _asides(rows: list[dict]) -> list[bodies.Aside]:
    """What is not body in each of some rows."""
    made = []
    for row in rows:
        text = row["text"]
        found = bodies.marked(text, row["title"], row["language"], tuple(row["returning"]))
        own = sorted({text[start:end] for start, end, part in found if part == "furniture"})
        made.append(bodies.Aside(tuple(own), bodies.checksum(text), tuple(found)))
    return made


def sizes(path: str | Path) -> list[int]:
    """Bytes of each file of a corpus, those of an archive unpacked."""
    found = []
    with files(path) as named:
        for _, file, _ in named:
            with suppress(OSError):  # it is told on reading
                found += [file.stat().st_size] if file.is_file() else []
    return found


def table(rows: list[dict]) -> pd.DataFrame:
    """Rows as `articles`."""
    dates = np.array([row["date"] for row in rows], "datetime64[s]")
    return pd.DataFrame(rows, columns=COLUMNS).assign(
        date=dates, aside=[row.get("aside", bodies.Aside()) for row in rows]
    )


def naming(columns: str) -> dict[str, str]:
    """Role -> column, as the user names them.

    >>> naming("text=Corps de texte, date=Jour")
    {'text': 'Corps de texte', 'date': 'Jour'}
    """
    pairs = (pair.partition("=") for pair in columns.split(",") if pair)
    named = {role.strip(): name.strip() for role, _, name in pairs}
    if unknown := [role for role, name in named.items() if role not in COLUMNS or not name]:
        raise InputError(f"columns: {unknown[0]!r} is no role=column; the roles are: {', '.join(COLUMNS)}")
    return named


def manifest(folder: Path) -> tuple[dict[str, Record], list[str]]:
    """What `manifest.csv` says of the files of its folder: file -> its columns by role and `sha256`; and its faults."""
    path = folder / "manifest.csv"
    if not os.path.isfile(path):
        return {}, []
    try:
        rows = list(separated(path, {}, describing))
    except (InputError, OSError, UnicodeError) as error:
        return {}, [f"read without {path.name}: {error}"]
    told = {row["file"]: {role: value for role, value in row.items() if value}
            for row in rows if isinstance(row, dict) and row.get("file")}  # fmt: skip
    return told, [row for row in rows if isinstance(row, str)] if told else []


def describing(names: list[str]) -> dict[str, str]:
    """Role -> column of a manifest; none for a table of articles that happens to bear this name."""
    own = {role: name for name in names for role in ("file", "sha256") if folded(name) == role}
    return {**mapping(names, {}), **own} if "file" in own else {}


# Rows


def rows_of(found: list[tuple[str, Path, str]], lines: list[dict], settings: tuple) -> Iterator[dict]:
    """Rows of `articles` from every file; `lines` learns what became of each, and many failures stop the reading."""
    total = sum(trouble not in IGNORED for _, _, trouble in found)
    names: Counter = Counter()
    texts: set[int] = set()
    for line, rows in (afar if cluster.asked() else here)(wanted(found, settings)):
        lines.append(line)
        try:
            for row in rows:
                yield counted(row, line, names, texts)
        except UNREADABLE_FILE as error:
            line.update(status="partly read" if line["articles"] else "skipped", reason=failure(error))
            stop(lines, total, settings[-1])


def failure(error: Exception) -> str:
    """Why a file, or the rest of it, is not read."""
    return getattr(error, "strerror", None) or str(error) or "larger than the memory of this machine"


def wanted(found: list[tuple[str, Path, str]], settings: tuple) -> Iterator[tuple[dict, tuple]]:
    """The line of every file in the report, and how it is read (see `file_rows`); () for one that is not."""
    folders = {file.parent for _, file, _ in found}
    manifests = {folder: told for folder in folders if any(told := manifest(folder))}
    for name, file, trouble in found:
        line = begun(name, file)
        listed, faults = manifests.get(file.parent, ({}, [])) if file.name == "manifest.csv" else ({}, [])
        if trouble in IGNORED or listed:
            line.update(status="ignored", reason=trouble or "describes the other files")
            line["notes"] += [*faults[:3], *[f"{len(faults)} x row not read"] * bool(faults)]
            line["notes"] += [f"{own} is listed but not there" for own in listed if not there(file.parent, own)]
            yield line, ()
            continue
        above = [(manifests[folder], folder) for folder in file.parents if folder in manifests]  # the nearest first
        line["notes"] += [fault for (told, faults), _ in above for fault in faults if not told]
        described = next((told[own] for (told, _), folder in above
                          if (own := file.relative_to(folder).as_posix()) in told), {})  # fmt: skip
        confirm(name, file, described)
        yield line, (name, file, line, (trouble, described, *settings))


def here(asked: Iterable[tuple[dict, tuple]]) -> Iterator[tuple[dict, Iterable[dict]]]:
    """The line of every file, and its rows."""
    for line, how in asked:
        yield line, file_rows(*how) if how else ()


def afar(asked: Iterable[tuple[dict, tuple]]) -> Iterator[tuple[dict, Iterable[dict]]]:
    """The same; the files are sent to the workers of a cluster, which read them. A very large one is read here."""
    for bunch, made in cluster.mapped(sent_rows, bunches(asked)):
        for (line, how, content), told in zip(bunch, made, strict=True):
            yield line, (file_rows(*how) if how else ()) if content is None else brought(line, told)


def bunches(asked: Iterable[tuple[dict, tuple]]) -> Iterator[list[tuple[dict, tuple, bytes | None]]]:
    """Files that are sent together, each with its bytes; None for one that is not sent."""
    bunch, size = [], 0
    for line, how in asked:
        content = None
        if how and not how[-1][0] and line["bytes"] <= SENT:
            with suppress(InputError, OSError), opened(how[1], packed=True) as stream:
                content = stream.read()
        bunch.append((line, how, content))
        size += line["bytes"]
        if size > BATCH:
            yield bunch
            bunch, size = [], 0
    if bunch:
        yield bunch


def sent_rows(bunch: list[tuple[dict, tuple, bytes | None]]) -> list[tuple[dict, list[dict], str]]:
    """Of each file that was sent: its line, its rows, and why the rest of it is not read."""
    made = []
    for line, how, content in bunch:
        rows, reason = [], ""
        with tempfile.TemporaryDirectory(prefix="bulle-") as folder:
            if content is not None:
                name, file, _, settings = how
                place = Path(folder) / file.name
                place.write_bytes(content)
                try:
                    for row in file_rows(name, place, line, settings):
                        line["articles"] += 1
                        rows.append(row)
                except UNREADABLE_FILE as error:
                    reason = failure(error)
        made.append((line | {"articles": 0}, rows, reason))
    return made


def brought(line: dict, told: tuple[dict, list[dict], str]) -> Iterator[dict]:
    """The rows of a file that was read by a worker."""
    if told is cluster.LOST:
        raise InputError("ended the process that read it, twice")
    learned, rows, reason = told
    line.update(learned)
    yield from rows
    if reason:
        raise InputError(reason)


def there(folder: Path, name: str) -> bool:
    """Whether a file that a manifest names is there; a name that no file can have is not."""
    with suppress(OSError, ValueError):
        return (folder / name).exists()
    return False


def begun(name: str, file: Path) -> dict:
    """The line of the reading report of a file that is about to be read."""
    line = {"file": name, "status": "read", "reason": "", "bytes": os.path.getsize(file) if os.path.isfile(file) else 0}
    return {**line, "encoding": "", "articles": 0, "mapping": {}, "undated": 0, "duplicates": 0, "notes": []}


def confirm(name: str, file: Path, described: Record) -> None:
    """Refuse a file that is not the one its manifest describes; one that cannot be opened is reported on reading."""
    if not described.get("sha256"):
        return
    try:
        stream = opened(file, packed=True)
    except (InputError, OSError):
        return
    with stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != described["sha256"]:
            raise InputError(f"{name}: differs from manifest.csv (sha256); restore it or correct the manifest")


def stop(lines: list[dict], total: int, unreadable: float) -> None:
    """Refuse a corpus too much of which cannot be read."""
    failed = [line for line in lines if line["status"] in ("skipped", "partly read")]
    first = f"{failed[0]['file']}: {failed[0]['reason']}"
    if len(failed) > unreadable * total:
        if total == 1:
            raise InputError(printable(first))
        share = math.ceil(100 * len(failed) / total) / 100
        raise InputError(
            f"{len(failed)} of {total} files cannot be read, more than {unreadable:.0%}; first {printable(first)}; "
            f"mend or remove them, or read on without them: unreadable {share}"
        )


def counted(row: dict, line: dict, names: Counter, texts: set[int]) -> dict:
    """A row under a name of its own, entered in the report."""
    name = row["article"]
    while row["article"] in names:
        names[name] += 1
        row["article"] = f"{name}~{names[name]}"
    names[row["article"]] += 1
    fingerprint = hash(row["text"].strip())
    line["articles"] += 1
    line["undated"] += row["date"] is None
    line["duplicates"] += fingerprint in texts
    texts.add(fingerprint)
    return row


def file_rows(name: str, file: Path, line: dict, settings: tuple) -> Iterator[dict]:
    """Rows of `articles` from one file; what is left out of it is counted in the notes of its line."""
    trouble, described, language, named, unreadable = settings
    if trouble:
        raise InputError(trouble)
    left: Counter = Counter()
    given, most = 0, max(safe.UNPACKED, safe.RATIO * line["bytes"])
    whole = Path(name).stem if safe.compressed(file) else Path(name).name  # the same names, packed or not
    stem = name.removesuffix(Path(name).name) + Path(whole).stem
    number, reader = 0, READERS.get(safe.kind(file), plain)
    found = days.ordered(reader(file, line, partial(roles, named, line["mapping"])))
    for number, (record, turned) in enumerate(found, 1):
        try:
            if isinstance(record, str):
                raise InputError(record)
            own = stem if "whole" in record else f"{stem}:{number}"
            row, remarks = records.article({**record, **described}, own, language, turned)
        except (InputError, RecursionError) as error:
            left["unreadable"] += 1
            line["notes"] += [str(error)] * (left["unreadable"] <= 3)
            continue
        given += len(row["text"])
        if given > most:
            raise InputError(f"holds more than {most:,} characters, {safe.RATIO} times its size; refused as a bomb")
        left.update(remarks)
        if row["text"].strip() and row["language"] in LANGUAGES:
            yield row
    line["notes"] += [f"{count} x {remark}" for remark, count in left.items()]
    if folded(line["mapping"].get("text", "")) in SUMMARIES:
        line["notes"].append(f"texts of the column {line['mapping']['text']!r}, which may be summaries")
    if left["unreadable"] > unreadable * number:
        raise InputError(f"{left['unreadable']} of {number} rows cannot be read; first {line['notes'][0]}")
    if not line["articles"]:
        raise InputError("; ".join([*dict.fromkeys(line["notes"])][:3]) or "empty; expected the text of an article")


def roles(named: dict[str, str], used: dict[str, str], names: list[str]) -> dict[str, str]:
    """Role -> column of a table that has these columns; `used` remembers it for the report."""
    found = mapping(names, named)
    if "text" not in found:
        raise InputError(f"no text column among {', '.join(map(str, names))[:200]!r}; name it: columns text=NAME")
    used |= found
    return found


# The reading report


def report(articles: pd.DataFrame) -> pd.DataFrame:
    """What became of every file: one row per file found, in the order of reading.

    Columns: `file`; `status` (read, partly read, skipped, ignored: no file, or no format, of ours); `reason` of what is
    not read; `bytes`; `encoding`; `articles` read; `mapping` (role=column); `undated` articles; `duplicates` (articles
    whose text came before, to the letter; they are kept); `aside` (stretches that are not body, by kind, see `marks`);
    `notes` (rows left out and why, texts mended, articles that sound like another language).
    """
    lines = json.loads(articles.attrs["report"])
    for line in lines:
        line["aside"] = ", ".join(f"{part} {count}" for part, count in sorted(line.get("aside", {}).items()))
        line["mapping"] = ", ".join(f"{role}={name}" for role, name in line["mapping"].items())
        line["notes"] = "; ".join(dict.fromkeys(line["notes"]))
    return pd.DataFrame(lines, columns=REPORT)


def preview(path: str | Path, language: str = "fr", columns: str = "", unreadable: float = UNREADABLE) -> str:
    """The reading report of a corpus in words, with its first articles, to be checked before a run."""
    sources: Counter = Counter()
    dates, first = [], None
    for batch in batches(path, language, columns, unreadable):
        first = batch.head() if first is None else first
        sources.update(batch["source"])
        dates += [batch["date"].min(), batch["date"].max()]
    told, aside = report(batch), Counter()
    for line in json.loads(batch.attrs["report"]):
        aside.update(line.get("aside", {}))
    left = ", ".join(f"{part} {count}" for part, count in aside.most_common())
    known = pd.Series(dates).dropna()
    span = f"{known.min():%Y-%m-%d} to {known.max():%Y-%m-%d}" if len(known) else "none"
    shown = [
        f"articles    {told['articles'].sum()}, {told['duplicates'].sum()} the same to the letter as one before",
        f"files       {', '.join(f'{count} {status}' for status, count in told['status'].value_counts().items())}",
        f"bytes       {told['bytes'].sum()}",
        f"columns     {'; '.join(filter(None, told['mapping'].unique())) or 'none: whole files'}",
        *([f"set aside   {left}"] if left else []),
        f"dates       {span}; {told['undated'].sum()} articles without one",
        "sources     " + ", ".join(f"{name or 'unknown'} {count}" for name, count in sources.most_common(10)),
        *some([f"{row.status:<11} {row.file}: {row.reason}" for row in told.itertuples() if row.status != "ignored"
               and row.reason]),
        *some([f"ignored     {row.file}: {row.reason}" for row in told.itertuples() if row.status == "ignored"]),
        *some([f"note        {row.file}: {row.notes}" for row in told.itertuples() if row.notes]),
        *(f"article     {row.article} | {str(row.date)[:10]} | {row.source} | {row.title} | {row.text.strip()[:80]}"
          for row in first.itertuples()),
    ]  # fmt: skip
    return "\n".join(map(printable, shown))


def printable(line: str) -> str:
    """A line that a terminal shows and does not obey."""
    return "".join(c if c.isprintable() else "·" for c in line)


def some(lines: list[str]) -> list[str]:
    """The first lines of many, and how many more there are."""
    return lines[:SHOWN] + [f"            and {len(lines) - SHOWN} more of this kind"] * (len(lines) > SHOWN)
