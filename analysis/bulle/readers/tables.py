"""Tables of articles: .csv, .tsv, .jsonl, .json, .parquet and .xlsx; one row is one article."""

import csv
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import TextIO

from bulle import PACKAGE, InputError
from bulle.readers.safe import bounded, extra, fragile, opened
from bulle.readers.text import HEAD, characters, contents

Record = dict[str, object]  # role (text, title, date, source, language, article) -> the value in the file
Roles = Callable[[list[str]], dict[str, str]]  # names of columns -> role -> the column that plays it

SLICE = 20_000  # rows of a Parquet table decoded at once, some 80 MB of articles
NAME = 200  # characters of the name of a column, at most, where it is looked for among the usual ones
BANNER = 20  # lines at most that an export may write before the header
LOOSE = re.compile(r'(?:^|\t)"(?:[^"\t\n]*[\t\n]|[^"\t\n]*"[^"\t\r\n])', re.MULTILINE)  # a mark that quotes no field
CELL = 32_767  # characters that an Excel cell can hold; longer texts were cut by Excel itself
NESTED = 4  # objects inside each other in which an answer of a server may hold its articles
SUMMARIES = frozenset("description summary abstract snippet chapo resume leadparagraph".split())  # columns of summaries
ABOUT = ("meta", "metadata", "attributes", "properties", "info")  # objects that tell of the article beside them
END = "\x1a"  # with which DOS ends a file
LISTED = re.compile(r"[\ufeff\s]*\[\s*\{")
SPACE = re.compile(r"[\s,]*")
JSON = json.JSONDecoder(parse_int=str)  # an integer may have more digits than Python turns into a number

csv.field_size_limit(sys.maxsize)  # an article may be longer than the 128 KB that the csv module expects


@cache
def usual() -> dict[str, dict[str, int]]:
    """Role -> folded column name -> rank of preference, from `data/columns.csv`."""
    lines = (PACKAGE / "data" / "columns.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {role: {row["name"]: rank for rank, row in enumerate(rows) if row["role"] == role}
            for role in dict.fromkeys(row["role"] for row in rows)}  # fmt: skip


@lru_cache(1024)
def folded(name: str) -> str:
    """A column name without case, accents, spaces and signs.

    >>> folded("Date de parution"), folded("bibo:content")
    ('datedeparution', 'bibocontent')
    """
    return "".join(c for c in unicodedata.normalize("NFKD", str(name)).lower() if c.isalnum())


def mapping(names: list[str], named: dict[str, str]) -> dict[str, str]:
    """Role -> the column that plays it: the one named by the user, else the first usual name.

    >>> mapping(["id", "Titre", "bibo:content"], {})
    {'text': 'bibo:content', 'title': 'Titre', 'article': 'id'}
    """
    if unknown := sorted(set(named.values()) - set(names)):
        raise InputError(f"no column {unknown[0]!r}; there are: {', '.join(map(str, names))[:200]}")
    found, plain = {}, [(folded(name), name) for name in names if len(str(name)) <= NAME]
    for role, ranks in usual().items():
        known = sorted((ranks[short], name) for short, name in plain if short in ranks)
        if role in named or known:
            found[role] = named.get(role) or known[0][1]
    whole = {"year", "month"} <= found.keys()  # else none of them makes a date
    return {role: name for role, name in found.items() if whole or role not in ("year", "month", "day")}


def played(row: dict, roles: dict[str, str]) -> Record:
    """A row of a table by role instead of by column."""
    return {role: row.get(name) for role, name in roles.items()}


def delimiter(line: str) -> str:
    """The delimiter that finds most usual columns, then most columns, in the first line of a table."""

    def worth(sign: str) -> tuple[int, int]:
        names = next(csv.reader([line], delimiter=sign), [])
        return len(mapping(names, {})), len(names)

    return max(",;\t|", key=worth)


def heading(stream: TextIO, roles: Roles) -> tuple[list[str], dict[str, str], dict[str, object], int, int]:
    """The columns of a separated table, those that play a role, how its fields are written, the lines up to the end of
    its header, and those of them before it that are not empty; the header is the first line with a column of text, and
    the stream stands behind it."""
    sample, error = stream.read(HEAD), None
    lines = sample.splitlines(keepends=True)
    for number, line in enumerate(lines[:BANNER]):
        form = written(line, sample)
        stream.seek(0)
        for _ in range(number):
            stream.readline()
        rows = csv.reader(iter(stream.readline, ""), strict=True, **form)
        try:
            names = next(filter(None, rows), [])
            wanted = roles(names)
        except (InputError, csv.Error) as fault:
            error = error or (fault if isinstance(fault, InputError) else InputError(f"line {number + 1}: {fault}"))
            continue
        skipped = sum(bool(line.strip()) for line in lines[:number])
        return names, wanted, form, number + rows.line_num, skipped
    if error is None:
        roles([])
    raise error


def written(line: str, sample: str) -> dict[str, object]:
    """How the fields of a table are written: its delimiter, and what its quotation marks mean."""
    form: dict[str, object] = {"delimiter": delimiter(line)}
    if '\\"' in sample and '""' not in sample:
        form["escapechar"] = "\\"
    if form["delimiter"] == "\t" and LOOSE.search(sample):
        form["quoting"] = csv.QUOTE_NONE
    return form


def separated(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Rows of a .csv or .tsv table, its delimiter (comma, semicolon, tab, bar) told by the header."""
    with characters(file, told) as stream:
        names, wanted, form, above, skipped = heading(stream, roles)
        doubled = [name for name, times in Counter(names).items() if name and times > 1]
        remarks = [f"columns of one name: {name!r}; the first is read" for name in doubled]
        told.setdefault("notes", []).extend(remarks + [f"{skipped} lines before the header left out"] * bool(skipped))
        rows, again = csv.reader(stream, strict=True, **form), 0
        while True:
            first = above + rows.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                told["notes"] += [f"{again} x row that repeats the header left out"] * bool(again)
                return
            except csv.Error as error:
                last = above + rows.line_num
                yield f"line {first}: {error}" + (f"; its quote is not closed by line {last}" if last > first else "")
                yield from (f"line {n}: inside the quote of line {first}" for n in range(first + 1, last + 1))
                continue
            while len(row) > len(names) and not row[-1]:
                row.pop()
            if row and not any(names[len(row) :]):
                row += [""] * (len(names) - len(row))
            if row == names:
                again += 1
            elif len(row) == len(names):
                yield played(dict(zip(names[::-1], row[::-1], strict=True)), wanted)
            elif row and row != [END]:
                size = f"{len(row)} fields, expected {len(names)}"
                yield f"line {above + rows.line_num}: {size}; quote what holds the delimiter"


def lines(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Objects of a .jsonl or .ndjson file, one a line, read one at a time; or one list of them."""
    with characters(file, told) as stream:
        listed = LISTED.match(stream.read(HEAD))
    yield from (objects if listed else apart)(file, told, roles)


def apart(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Objects of a file, one a line."""
    seen: dict[tuple, dict] = {}
    with characters(file, told) as stream:
        stream.reconfigure(newline="\n")
        for number, line in enumerate(stream, 1):
            try:
                row = JSON.decode(line) if line.strip() else None
                if isinstance(row, dict):
                    row = unfolded(row)
                    names = tuple(row)
                    yield played(row, seen.get(names) or seen.setdefault(names, roles(list(names))))
                elif row is not None:
                    yield f"line {number}: expected an object"
            except (ValueError, RecursionError) as error:  # an InputError is a ValueError
                if isinstance(error, InputError) and not seen:
                    raise
                yield f"line {number}: {reason(error)}"


def reason(error: Exception) -> str:
    """Why a line is no JSON, in one line."""
    return "nested too deep" if isinstance(error, RecursionError) else str(error)


def objects(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Objects of a .json file: a list of them, a list under a name, or one by one under their names."""
    text = contents(file, told).removeprefix("\ufeff")
    try:
        found = JSON.decode(text)
    except (ValueError, RecursionError) as error:
        if "Extra data" not in str(error):
            raise InputError(f"not JSON ({reason(error)})") from error
        found = following(text)
        if not found:  # one object a line, or what was meant so
            yield from apart(file, told, roles)
            return
    found = inside(found, told) if isinstance(found, dict) else found if isinstance(found, list) else []
    if all(isinstance(row, str) for row in found) and any(" " in row for row in found):  # a number has none
        found = [{"text": row} for row in found]
    found = [unfolded(row) if isinstance(row, dict) else row for row in found]
    rows = [row for row in found if isinstance(row, dict)]
    if not rows:
        raise InputError("expected a list of objects, one per article")
    wanted = roles(list(dict.fromkeys(name for row in rows for name in row)))
    yield from (played(row, wanted) if isinstance(row, dict) else "expected an object" for row in found)


def inside(found: dict, told: dict, deep: int = NESTED) -> list:
    """The articles that an object of a file holds: in lists, under their names, or in an object in it; or itself."""
    named = {name: value for name, value in found.items() if isinstance(value, dict)}
    lists = {name: value for name, value in found.items() if isinstance(value, list) and value
             and isinstance(value[0], dict)}  # fmt: skip
    held = [name for name in lists if told_in(lists[name][0])]
    if len(named) == len(found) and any(map(told_in, named.values())):
        return list(named.values())
    own = _texts(tuple(name for name in found if name not in lists))
    if own and not (held and folded(own) in SUMMARIES):  # what describes a list is no article
        return [found]
    if not held and told_in(found):
        return [found]
    if held or (lists and not named):
        held = held or list(lists)[:1]
        told["notes"] += [f"list {name!r} left out" for name in lists if name not in held]
        return [row for name in held for row in lists[name]]
    below = [inside(value, told, deep - 1) for value in named.values()] if deep else []
    best = next((rows for rows in below if any(isinstance(row, dict) and told_in(row) for row in rows)), None)
    return best or (list(named.values()) if len(named) == len(found) else [found])


def told_in(row: dict) -> bool:
    """Whether an object has a text, or an object in it has."""
    return _texts(tuple(unfolded(row))) is not None


def following(text: str) -> list[object]:
    """The objects of a text in which one follows another over several lines, or in one; [] where each has its line."""
    found, at = [], 0
    with suppress(ValueError, RecursionError):
        while (at := SPACE.match(text, at).end()) < len(text):
            value, at = JSON.raw_decode(text, at)
            found.append(value)
    lines = sum(bool(line.strip()) for line in text.splitlines())
    return found if at == len(text) and len(found) != lines else []


def unfolded(row: dict) -> dict:
    """A row whose article, or what is said about it, is an object inside it, with what that holds in its place."""
    row = _unfolded(row)
    for name in [name for name, value in row.items() if folded(name) in ABOUT and isinstance(value, dict)]:
        row = {**row[name], **row}
    return row


@lru_cache(64)
def _texts(names: tuple[str, ...]) -> str | None:
    """The column of these that holds a text."""
    return mapping(list(names), {}).get("text")


def _unfolded(row: dict) -> dict:
    own = _texts(tuple(row))
    if own and folded(own) not in SUMMARIES and not isinstance(row[own], dict):
        return row
    for name, value in row.items():
        alone = len(value) == 1 and folded(name) in usual()["text"] if isinstance(value, dict) else True
        if not alone and _texts(tuple(value)):
            return {**{other: value for other, value in row.items() if other != name}, **value}
    return row


@fragile("a Parquet table")
def parquet(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Rows of a Parquet table, decoded a slice at a time, only the columns that play a role."""
    import polars as pl

    opened(file).close()
    table = pl.scan_parquet(file, glob=False)
    names, size = table.collect_schema().names(), table.select(pl.len()).collect().item()
    wanted = roles(names)
    for start in range(0, size, SLICE):
        rows = table.select(list(dict.fromkeys(wanted.values()))).slice(start, SLICE).collect()
        yield from (played(row, wanted) for row in rows.iter_rows(named=True))


@fragile("an .xlsx workbook")
def excel(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Rows of the first sheet of an .xlsx workbook that has a text column, below what an export writes above it."""
    wanted: dict[str, str] = {}
    error = InputError("no sheet in it")
    for number, (sheet, rows) in enumerate(sheets(file)):
        try:
            found = None if wanted else titled(rows, roles)
        except InputError as fault:
            found, error = None, error if number else fault
        if not found:
            told["notes"].append(f"sheet {sheet!r} left out")
            continue
        names, wanted, skipped = found
        told["notes"] += [f"{skipped} lines before the header left out"] * bool(skipped)
        for cells in rows:
            row = {names[at]: text for at, text in cells.items() if at in names}
            if len(row.get(wanted["text"], "")) >= CELL:
                told["notes"].append(f"a text of {CELL} characters fills its cell: Excel has probably cut it")
            yield played(row, wanted)
    if not wanted:
        raise error


def titled(rows: Iterator[dict[int, str]], roles: Roles) -> tuple[dict[int, str], dict[str, str], int]:
    """The columns of a sheet by their places, of one name the first; those that play a role; the rows above them."""
    error = None
    for number, cells in enumerate(islice(rows, BANNER)):
        names = {name: at for at, name in sorted(cells.items(), reverse=True)}
        try:
            return {at: name for name, at in names.items()}, roles(list(reversed(names))), number
        except InputError as fault:
            error = error or fault
    raise error or InputError("empty; expected the text of an article")


@fragile("an .xlsx workbook")
def sheets(file: Path) -> Iterator[tuple[str, Iterator[dict[int, str]]]]:
    """Name and rows of every sheet of a workbook, a row as what each of its places holds."""
    extra("lxml")
    from bulle.readers import office

    bounded(file)
    with opened(file) as stream:
        for sheet, rows in office.sheets(stream):
            yield sheet, fragile("an .xlsx workbook")(iter)(rows)
