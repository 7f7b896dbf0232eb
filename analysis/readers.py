"""A file of any press format -> its records, one per article, each a mapping of role to value; nothing in it is run.

What reads one format alone is imported where it reads: a folder of texts should not wait for it.
"""

import codecs
import csv
import errno
import html
import io
import json
import lzma
import os
import re
import stat
import struct
import sys
import tempfile
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from functools import cache, wraps
from glob import has_magic
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, TextIO

from analysis import PACKAGE, ROOT, InputError
from analysis.folder import finished, holds_run, intact

if TYPE_CHECKING:
    from lxml.etree import _Element

Record = dict[str, object]  # role (text, title, date, source, language, article) -> the value in the file
Roles = Callable[[list[str]], dict[str, str]]  # names of columns -> role -> the column that plays it
Reader = Callable[[Path, dict, Roles], Iterator[Record | str]]  # a str says why a row could not be read

HEAD = 1 << 16  # bytes that tell text from binary, and one delimiter from another
DECLARED = 4096  # bytes in which a page or an XML file says its encoding; HTML asks for 1 024
SLICE = 20_000  # rows of a Parquet table decoded at once, some 80 MB of articles
NAME = 200  # characters of the name of a column, at most, where it is looked for among the usual ones
CELL = 32_767  # characters that an Excel cell can hold; longer texts were cut by Excel itself
UNPACKED, RATIO = 64 << 20, 100  # an archive unpacks to 64 MB, or to 100 times its size; prose shrinks 3 to 10 times
WHOLE = 1 << 30  # bytes of a file that is held in memory as a whole; rows are read one by one
HOLES = 100  # a file that says to be so many times larger than what it holds on the disk is made of holes
SPECIAL = {stat.S_IFIFO: "a named pipe, not a file of text", stat.S_IFSOCK: "a socket, not a file of text",
           stat.S_IFCHR: "a device, not a file of text", stat.S_IFBLK: "a device, not a file of text"}  # fmt: skip
JSON = json.JSONDecoder(parse_int=str)  # an integer may have more digits than Python turns into a number
EXTRA = {"trafilatura": ".html", "lxml": ".xml, .docx, .xlsx and Europresse pages"}
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16",
        b"\xfe\xff": "utf-16"}  # fmt: skip
MAGIC = {b"%PDF": "a PDF", b"PK\x03\x04": "an office file or a zip archive", b"\x1f\x8b": "a gzip archive",
         b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image", b"\x7fELF": "a program",
         b"\xd0\xcf\x11\xe0": "an old office file (.doc, .xls)", b"PAR1": "a Parquet table",
         b"{\\rtf": "an RTF document"}  # fmt: skip
UNTRUE = ("utf-8", "ascii", "us-ascii", "iso-8859-1", "latin-1", "latin1")  # often declared of Windows-1252
STRAY, UNDEFINED = re.compile("[\udc80-\udcff]"), re.compile("[\udc81\udc8d\udc8f\udc90\udc9d]")  # Windows-1252 lacks 5
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # control characters that prose has no use for
BLOCKS = set("p head div lb br l ab lg li h1 h2 h3 h4 para titre title".split())
EUROPRESSE = {"titreArticleVisu": "title", "titreArticle": "title", "DocPublicationName": "source",
              "DocHeader": "date", "docOcurrContainer": "text", "DocText": "text"}  # class -> role  # fmt: skip
VALUE = re.compile(  # of an attribute: none; or quoted well; or else up to a quote or the next attribute
    r"""=(?:(?=\s++[\w:.-]++\s*+=)|\s*+("[^"<>]*+"|'[^'<>]*+')(?=\s|/?>)|"""
    r"""\s*+["']?+((?:[^"'<>\s/]++|/(?!>)|\s++(?![\w:.-]++\s*+=|/?>))*+)["']?+)""")  # fmt: skip
SECTIONS = {"<!--": "-->", "<![CDATA[": "]]>", "<!DOCTYPE": "", "<?": "?>"}  # what is no tag -> where it ends
SECTION = re.compile("|".join(map(re.escape, SECTIONS)))
DOCTYPE = re.compile(r"[^\[<>]*+(?:\[.*?\]\s*+)?>", re.S)  # the rest of a document type
OPENED = r"<((?:\w+:)?%s)(?:\s(?:[^<>]*[^<>/])?)?>"  # a tag that is not closed in itself
ARTICLE_TAGS = ("TEI", "article", "doc", "document", "item", "record", "text")

csv.field_size_limit(sys.maxsize)  # an article may be longer than the 128 KB that the csv module expects
codecs.register_error("windows-1252", lambda e: (e.object[e.start : e.end].decode("windows-1252", "replace"), e.end))


def extra(module: str) -> ModuleType:
    """A heavy reader, or the sentence that says how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(f"reading {EXTRA[module]} needs {module}; pip install 'bulle[formats]'") from error


def opened(file: Path) -> BinaryIO:
    """The bytes of a regular file; what could make a reader wait, or never end, is refused before it is opened."""
    refuse(os.stat(file))
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        refuse(os.fstat(descriptor))  # it may have become another since
    except InputError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def refuse(about: os.stat_result) -> None:
    """Refuse what is no regular file, or holds nothing, or only holes."""
    if not stat.S_ISREG(about.st_mode):
        raise InputError(SPECIAL.get(stat.S_IFMT(about.st_mode), "a folder, not a file of text"))
    if not about.st_size:  # endless files of the system say so, too
        raise InputError("empty; expected the text of an article")
    if 0 < 512 * getattr(about, "st_blocks", 0) < about.st_size // HOLES:
        raise InputError(f"a file of holes: {about.st_size:,} bytes, of which the disk holds {512 * about.st_blocks:,}")


def fragile(what: str) -> Callable:
    """A reader that leans on a library for damaged files: whatever fails in it, a panic of Rust too, costs the file."""

    def sure(reader: Callable[..., Iterator]) -> Callable[..., Iterator]:
        @wraps(reader)
        def read(*given: object) -> Iterator:
            records = reader(*given)
            while True:
                try:
                    record = next(records)
                except StopIteration:
                    return
                except (InputError, OSError, MemoryError):
                    raise
                except BaseException as error:
                    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                        raise
                    why = " ".join(str(error.args[0] if error.args else error).split()) or type(error).__name__
                    raise InputError(f"not {what}, or damaged ({why:.200})") from error
                yield record

        return read

    return sure


def encoding(file: Path) -> tuple[str, str]:
    """How the bytes of a text file spell characters: codec and error handler.

    UTF-16 and UTF-32 are told by their mark or shape. Bytes that are not UTF-8 are strays in UTF-8 when at least ten
    well-formed letters stand beside each, else Windows-1252, or Latin-1 when Windows-1252 has no character for one.
    """
    with opened(file) as stream:
        head = stream.read(HEAD)
    for mark, codec in BOMS.items():
        if head.startswith(mark):
            return codec, "windows-1252" if codec == "utf-8-sig" and census(file)[1] else "strict"
    if what := next((what for magic, what in MAGIC.items() if head.startswith(magic)), ""):
        raise InputError(f"looks like {what}, not like text")
    for codec, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if high.count(0) > 0.7 * len(high):  # scripts of Europe leave nearly every high byte empty
            return codec, "strict"
    letters, strays, undefined = census(file)
    if not strays:
        return "utf-8", "strict"
    if letters >= 10 * strays:
        return "utf-8", "windows-1252"
    return ("latin-1" if undefined else "windows-1252"), "strict"


def census(file: Path) -> tuple[int, int, int]:
    """Well-formed UTF-8 letters beyond ASCII, bytes that are not UTF-8, and those unknown to Windows-1252."""
    letters = strays = undefined = 0
    with io.TextIOWrapper(opened(file), encoding="utf-8", errors="surrogateescape", newline="") as stream:
        for part in iter(lambda: stream.read(1 << 20), ""):
            try:
                letters += len(part.encode("utf-8")) - len(part)  # the bytes beyond the first of each letter
            except UnicodeEncodeError:
                letters += len(part.encode("utf-8", "ignore")) - len(STRAY.sub("", part))
                strays += len(STRAY.findall(part))
                undefined += len(UNDEFINED.findall(part))
    return letters, strays, undefined


def characters(file: Path, told: dict) -> TextIO:
    """A text file opened with its own encoding, line ends as they are; `told` learns the encoding."""
    codec, errors = encoding(file)
    if codec in ("windows-1252", "latin-1") and file.suffix.lower() in (".html", ".htm", ".xml"):
        from bs4.dammit import EncodingDetector

        with opened(file) as stream:
            declared = EncodingDetector.find_declared_encoding(stream.read(DECLARED), search_entire_document=True)
        codec = declared if declared and declared.lower() not in UNTRUE else codec
    told["encoding"] = codec if errors == "strict" else f"{codec}, stray bytes read as {errors}"
    try:
        " ".encode(codec)
    except (LookupError, UnicodeError) as error:  # unknown, or of no text: zlib, rot13
        raise InputError(f"its header says {codec} ({error})") from error
    stream = io.TextIOWrapper(opened(file), encoding=codec, errors=errors, newline="")
    try:
        head = stream.read(HEAD)
    except UnicodeError as error:
        stream.close()
        raise InputError(f"not {codec}, as its first bytes or its header say ({error})") from error
    if len(CONTROLS.findall(head)) > (0.1 if codec.startswith("utf") else 0.01) * len(head):
        stream.close()
        raise InputError("binary; expected text")
    stream.seek(0)
    return stream


def contents(file: Path, told: dict) -> str:
    """All characters of a text file."""
    if file.stat().st_size > WHOLE:
        raise InputError(f"more than {WHOLE >> 20:,} MB, the most that is read at once; cut it, or make it a .jsonl")
    with characters(file, told) as stream:
        return stream.read()


def plain(file: Path, told: dict, roles: Roles) -> Iterator[Record]:
    """A .txt or .md file is one article."""
    yield {"text": contents(file, told), "whole": True}


# Tables


@cache
def usual() -> dict[str, dict[str, int]]:
    """Role -> folded column name -> rank of preference, from `data/columns.csv`."""
    lines = (PACKAGE / "data" / "columns.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {role: {row["name"]: rank for rank, row in enumerate(rows) if row["role"] == role}
            for role in dict.fromkeys(row["role"] for row in rows)}  # fmt: skip


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
    return found


def played(row: dict, roles: dict[str, str]) -> Record:
    """A row of a table by role instead of by column."""
    return {role: row.get(name) for role, name in roles.items()}


def delimiter(line: str) -> str:
    """The delimiter that finds most usual columns, then most columns, in the first line of a table."""

    def worth(sign: str) -> tuple[int, int]:
        names = next(csv.reader([line], delimiter=sign), [])
        return len(mapping(names, {})), len(names)

    return max(",;\t|", key=worth)


def separated(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Rows of a .csv or .tsv table, its delimiter (comma, semicolon, tab, bar) told by the header."""
    with characters(file, told) as stream:
        first = next(filter(str.strip, iter(stream.readline, "")), "")
        stream.seek(0)
        rows = csv.reader(stream, delimiter=delimiter(first), strict=True)
        try:
            names = next(filter(None, rows), [])
        except csv.Error as error:
            raise InputError(f"line {rows.line_num}: {error}") from error
        wanted = roles(names)
        while True:
            first = rows.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield f"line {first}: {error}" + f"; its quote is not closed by line {rows.line_num}" * (
                    rows.line_num > first
                )
                yield from (f"line {n}: inside the quote of line {first}" for n in range(first + 1, rows.line_num + 1))
                continue
            if len(row) == len(names):
                yield played(dict(zip(names, row, strict=True)), wanted)
            elif row:
                yield f"line {rows.line_num}: {len(row)} fields, expected {len(names)}; quote what holds the delimiter"


def lines(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """Objects of a .jsonl or .ndjson file, one a line, read one at a time."""
    seen: dict[tuple, dict] = {}
    with characters(file, told) as stream:
        stream.reconfigure(newline="\n")
        for number, line in enumerate(stream, 1):
            try:
                row = JSON.decode(line) if line.strip() else None
                if isinstance(row, dict):
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
    try:
        found = JSON.decode(contents(file, told).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({reason(error)})") from error
    if isinstance(found, dict):
        inside = list(found.values()) if all(isinstance(value, dict) for value in found.values()) else [found]
        itself = "text" in mapping(list(found), {})
        lists = {} if itself else {name: value for name, value in found.items() if isinstance(value, list) and value
                 and isinstance(value[0], dict)}  # fmt: skip
        held = [name for name in lists if "text" in mapping(list(lists[name][0]), {})] or list(lists)[:1]
        told["notes"] += [f"list {name!r} left out" for name in lists if name not in held]
        found = [row for name in held for row in lists[name]] or inside
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    if not rows:
        raise InputError("expected a list of objects, one per article")
    wanted = roles(list(dict.fromkeys(name for row in rows for name in row)))
    yield from (played(row, wanted) if isinstance(row, dict) else "expected an object" for row in found)


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
    """Rows of the first sheet of an .xlsx workbook that has a text column."""
    wanted: dict[str, str] = {}
    refusals: list[InputError] = []
    for sheet, rows in sheets(file):
        header = [] if wanted else next(rows, [])
        try:
            wanted = wanted or roles(header)
        except InputError as error:
            refusals.append(error)
        if not header or not wanted:
            told["notes"].append(f"sheet {sheet!r} left out")
            continue
        for row in rows:
            if len(row.get(wanted["text"], "")) >= CELL:
                told["notes"].append(f"a text of {CELL} characters fills its cell: Excel has probably cut it")
            yield played(row, wanted)
    if not wanted:
        raise refusals[0] if refusals else InputError("no sheet in it")


@fragile("an .xlsx workbook")
def sheets(file: Path) -> Iterator[tuple[str, Iterator]]:
    """Name of every sheet of a workbook, with what `table` says of it."""
    extra("lxml")
    from analysis import office

    bounded(file)
    with opened(file) as stream:
        for sheet, rows in office.sheets(stream):
            yield sheet, table(rows)


@fragile("an .xlsx workbook")
def table(rows: Iterator[dict[int, str]]) -> Iterator[list[str] | dict[str, str]]:
    """The columns of a sheet, then its rows by column, without what is empty; of columns of one name, the first."""
    places: dict[str, int] = {}
    for at, name in sorted(next(rows, {}).items()):
        places.setdefault(name, at)
    yield list(places)
    names = {at: name for name, at in places.items()}
    for row in rows:
        yield {names[at]: text for at, text in row.items() if at in names}


# Documents


@fragile("a .docx document")
def word(file: Path, told: dict, roles: Roles) -> Iterator[Record]:
    """The text of a .docx document is one article."""
    extra("lxml")
    from analysis import office

    bounded(file)
    with opened(file) as stream:
        yield {"text": office.document(stream), "whole": True}


def local(node: "_Element") -> str:
    """The name of an element without its namespace, declared or not; "" for what is no element."""
    return node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""


def prose(tree: "_Element") -> str:
    """The text of a tree: paragraphs apart, the spaces of its layout made one."""
    from lxml import etree

    parts, blocks = [], 0
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        block = local(node) in BLOCKS and node is not tree
        blocks += block
        text = (node.text if local(node) else "") if event == "start" else (node.tail if node is not tree else "")
        parts += ["\n\n" * block, text or ""]
    if not blocks:
        return "".join(parts).strip()
    cut = (re.sub(r"[ \t\r\n]+", " ", part).strip() for part in re.split(r"\n[ \t\r]*\n", "".join(parts)))
    return "\n\n".join(part for part in cut if part)


@fragile("an .html page")
def web(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """The articles of a Europresse export, or the main text of any other .html page (trafilatura)."""
    page = contents(file, told)
    if "DocPublicationName" in page:
        yield from europresse(page, told)
        return
    trafilatura = extra("trafilatura")
    parsed(page, "html", huge_tree=False)  # as deep as trafilatura goes
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    if not found or not found.text:
        raise InputError("no main text found in this page")
    yield {"text": found.text, "title": found.title, "date": found.date, "source": found.sitename, "whole": True}


def parsed(text: str, markup: str, huge_tree: bool = True) -> "_Element | None":
    """The tree of a page or an XML fragment, mended as far as lxml can; one that it would cut short is refused."""
    extra("lxml")
    from lxml import etree

    parser = {"html": etree.HTMLParser, "xml": etree.XMLParser}[markup](
        encoding="utf-8",
        recover=True,
        huge_tree=huge_tree,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        tree = etree.fromstring(text.encode(), parser)
    except etree.LxmlError as error:
        raise InputError(f"not {markup.upper()} ({error})") from error
    if limit := next((error.message for error in parser.error_log if "XML_PARSE_HUGE" in error.message), ""):
        raise InputError(f"too deep or too long to be read whole ({limit.partition(',')[0]})")
    return tree


def articles(text: str, tag: str, told: dict) -> Iterator[str]:
    """Every <tag> of a text, up to where it is closed; those that are not, or stand in another, are counted."""
    last = {found[1]: found.start() for found in re.finditer(rf"</((?:\w+:)?{tag})\s*>", text)}
    end = lost = 0
    for found in re.finditer(OPENED % tag, text):
        if found.start() < end or found.start() > last.get(found[1], -1):
            lost += 1
            continue
        end = re.compile(rf"</{found[1]}\s*>").search(text, found.end()).end()
        yield text[found.start() : end]
    told["notes"] += [f"{lost} x <{tag}> that is not closed, or stands in another"] * bool(lost)


def europresse(page: str, told: dict) -> Iterator[Record | str]:
    """The articles of a Europresse HTML export, by the classes that its pages give to name, header, title and text."""
    for article in articles(page, "article", told):
        found: dict[str, _Element] = {}
        try:
            for node in parsed(article, "html").iter("*"):
                for name in node.get("class", "").split():
                    found.setdefault(EUROPRESSE.get(name, ""), node)
        except InputError as error:
            yield str(error)
            continue
        if "text" not in found:
            yield "no text in this Europresse article"
            continue
        row = {role: " ".join(" ".join(found[role].itertext()).split()) for role in found}
        row["source"] = re.sub(r",? no\. .*| ?\(site web.*", "", row.get("source", ""))
        yield {**row, "text": prose(found["text"])}


def sound(text: str) -> str:
    """XML made well-formed as far as a reader can: attributes quoted, stray & and < spelt out, only tags and text."""
    text = CONTROLS.sub(" ", "".join(sections(text)))
    text = re.sub(r"&(?!(?:amp|lt|gt|quot|apos);)(?:#?\w{1,31};)?",
                  lambda found: html.escape(html.unescape(found[0])), text)  # fmt: skip
    text = re.sub(r"<(?![A-Za-z_/][^<>]*+>)", "&lt;", text)
    return re.sub(r"<[A-Za-z_][^<>]*+>", lambda tag: VALUE.sub(quoted, tag[0]), text)


def sections(text: str) -> Iterator[str]:
    """XML without comments, instructions and document types, its CDATA spelt out; one that is not closed is text."""
    at, endless = 0, set()
    for found in SECTION.finditer(text):
        sign, start = found[0], found.end()
        if found.start() < at or sign in endless:
            continue
        if sign == "<!DOCTYPE":
            rest = DOCTYPE.match(text, start)
            end = rest.end() if rest else -1
        else:
            end = text.find(SECTIONS[sign], start)
        if end < 0 or sign == "<!DOCTYPE":  # there is one at most
            endless.add(sign)
        if end < 0:
            continue
        yield text[at : found.start()]
        yield html.escape(text[start:end], quote=False) if sign == "<![CDATA[" else ""
        at = end + len(SECTIONS[sign])
    yield text[at:]


def quoted(value: re.Match) -> str:
    """The value of an attribute between quotes."""
    return f"={value[1]}" if value[1] else f'="{value[2] or ""}"'


def xml(file: Path, told: dict, roles: Roles) -> Iterator[Record | str]:
    """The articles of an .xml file, TEI or `<article>`, `<doc>`...; each is parsed alone, so an error stays in it."""
    text = sound(contents(file, told))
    tag = next((tag for tag in ARTICLE_TAGS if re.search(OPENED % tag, text)), None)
    if tag is None:
        raise InputError(f"no article in this XML; expected one of {', '.join(f'<{tag}>' for tag in ARTICLE_TAGS)}")
    for article in articles(text, tag, told):
        try:
            root = parsed(article, "xml")
        except InputError as error:
            yield str(error)
            continue
        if root is None:
            yield f"not XML: {article[:40]!r}"
            continue
        own = {re.split("[}:]", name)[-1]: name for name in root.attrib}
        leaves = {local(leaf): leaf for leaf in reversed(list(root.iterdescendants("*")))}  # the first of a name
        names = [*own, *leaves]
        wanted = roles(names if "text" in mapping(names, {}) else [*names, "text"])
        row = {name: root.get(own[name]) for name in wanted.values() if name in own}  # it takes a walk
        for role, name in wanted.items():
            if name in leaves and role != "text":
                leaf = leaves[name]
                row[name] = leaf.get("when") or prose(leaf)
                leaf.clear(keep_tail=True)
                leaf.tag = "gone"
        row[wanted["text"]] = prose(leaves.get(wanted["text"], root))
        yield played(row, wanted)


# Files and archives


def located(path: str | Path) -> tuple[Path, list[Path]]:
    """The folder that names are relative to, and the files: of a folder, of a glob pattern, or the one file."""
    try:
        return _located(path)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{path!s:.80}: no path ({error})") from error


def _located(path: str | Path) -> tuple[Path, list[Path]]:
    for found in (Path(path), ROOT / path) if str(path).strip() else ():
        if found.is_dir():
            if holds_run(found):
                raise InputError(f"{path}: the folder of a run, which is no corpus; name the folder of the texts")
            return found, walked(found)
        if found.exists() or found.is_symlink():
            if holds_run(found.parent):
                raise InputError(f"{path}: a file of a run, which is no corpus; name the file of the texts")
            return found.parent, [found]
        if matches := matching(found):
            runs = {parent for parent in {match.parent for match in matches} if holds_run(parent)}
            matches = [match.parent if match.parent in runs else match for match in matches]
            base = Path(os.path.commonpath([match.parent for match in matches]))
            found = [file for match in matches for file in tree(match)]
            return base, list(dict.fromkeys(found))
    raise InputError(f"{path}: no such file or folder")


def matching(pattern: Path) -> list[Path]:
    """The files and folders that a pattern finds; `**` does not follow links to folders, which may run in a circle."""
    found = [Path(pattern.anchor)]
    for part in pattern.parts[bool(pattern.anchor) :]:
        if part == "**":
            found = [below for folder in found if os.path.isdir(folder) for below in parted(folder)[0]]
        elif has_magic(part):
            own = [file for folder in found for file in listed(folder) if fnmatchcase(file.name, part)]
            found = [file for file in own if part.startswith(".") or not file.name.startswith(".")]
        else:
            found = [folder / part for folder in found if os.path.lexists(folder / part)]
        found = list(dict.fromkeys(found))
    return found


def listed(folder: Path) -> list[Path]:
    """What stands in a folder; nothing when it is none, or cannot be opened."""
    with suppress(OSError), os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries]
    return []


def tree(match: Path) -> list[Path]:
    """A file that a pattern found, or what is in the folder that it found; a link or a run stands for itself."""
    entered = os.path.isdir(match) and not os.path.islink(match) and not holds_run(match)
    return walked(match) if entered else [match]


def walked(folder: Path) -> list[Path]:
    """Every file under a folder; a folder that is a link, holds a run, or cannot be opened, stands for its files."""
    return parted(folder)[1]


def parted(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folder and all under it, however deep; and the files in them, as `walked` gives them."""
    folders, found = [folder], []
    for inside in folders:  # it grows on the way
        try:
            with os.scandir(inside) as entries:
                for entry in entries:
                    entered = entry.is_dir(follow_symlinks=False) and not holds_run(Path(entry.path))
                    (folders if entered else found).append(Path(entry.path))
        except OSError:
            found.append(inside)
    return folders, found


@contextmanager
def files(path: str | Path) -> Iterator[list[tuple[str, Path, str]]]:
    """Name, place and trouble ("" for none) of every file, by name; archives are unpacked into a passing folder."""
    path = os.environ.get(MOVED) or path
    base, members = located(path)
    found: list[tuple[str, Path, str]] = []
    with tempfile.TemporaryDirectory(prefix="bulle-", ignore_cleanup_errors=True) as spare:
        for number, file in enumerate(members):
            name, inside = shown(file, base), Path(spare, str(number))
            trouble = "" if file in (Path(path), ROOT / path) else troubled(name, file)
            if file.suffix.lower() != ".zip" or trouble:
                found.append((name, file, trouble))
                continue
            prefix = "" if len(members) == 1 else f"{name}/"
            try:
                found += [(prefix + own, inner, why) for own, inner, why in unpacked(file, inside)]
            except InputError as error:
                found.append((name, file, str(error)))
        passed = {finished(name) for name, _, trouble in found if trouble == RUN}  # a run and one that will replace it
        found = [one for one in found if one[2] != RUN] + [(name, base / name, RUN) for name in passed]
        yield sorted(found)


def stamps(path: str | Path) -> list[tuple[str, int, int]]:
    """Name, bytes and time of change of every file that a corpus is read from: while they are the same, it is."""
    members = located(os.environ.get(MOVED) or path)[1]
    manifests = [folder / "manifest.csv" for folder in dict.fromkeys(file.parent for file in members)]
    return stamped(dict.fromkeys([*members, *manifests]))


def stamped(places: Iterable[Path]) -> list[tuple[str, int, int]]:
    """Name, bytes and time of change of each file; what is no file has none, which is told on reading."""
    found = []
    for file in places:
        with suppress(OSError):
            told = file.stat()
            found.append((str(file.absolute()), told.st_size, told.st_mtime_ns))
    return found


def troubled(name: str, file: Path, nested: bool = False) -> str:
    """Why a file found in a folder is not read: hidden, of another format, no file; "" when it is."""
    try:
        kind = stat.S_IFMT(file.stat().st_mode)
    except OSError as error:  # a link that leads nowhere is told on reading
        if error.errno == errno.ENAMETOOLONG:
            return "a path too long for the system; move it up"
        kind = 0
    if kind == stat.S_IFDIR:
        if not os.path.islink(file) and holds_run(file):
            return RUN
        return LINK if os.path.islink(file) else "a folder that cannot be opened"
    if kind in SPECIAL:
        return SPECIAL[kind]
    if re.search(r"(^|/)(\.|__MACOSX/)", name) or file.suffix.lower() not in (*READERS, ".zip"):
        return FOREIGN
    if file.suffix.lower() in (".html", ".htm") and intact(file):
        return PAGE
    return "an archive inside an archive; unpack it first" if nested and file.suffix.lower() == ".zip" else ""


def shown(file: Path, base: Path) -> str:
    """A file's name under its folder, with `/`, readable whatever its bytes."""
    return os.fsencode(file.relative_to(base).as_posix()).decode("utf-8", "replace")


def bounded(file: Path) -> list[zipfile.ZipInfo]:
    """The entries of a zip archive that is whole, stays in its folder and unpacks to a sane size."""
    try:
        with opened(file) as stream, zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, struct.error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"truncated, or not a zip archive ({error})") from error
    for entry in entries:
        inside = PurePosixPath(entry.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or re.match("[A-Za-z]:", entry.filename):
            raise InputError(f"its entry {entry.filename!r} would be written outside the folder; refused")
        if entry.flag_bits & 1:
            raise InputError("protected by a password; unpack it first")
    if twice := [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]:
        raise InputError(f"two entries are named {twice[0]!r}")
    size = sum(entry.file_size for entry in entries)
    if size > max(UNPACKED, RATIO * file.stat().st_size):
        raise InputError(f"would unpack to {size:,} bytes, more than {RATIO} times its size; refused as a zip bomb")
    return entries


def unpacked(file: Path, folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Name, place and trouble of every member of a zip archive, written into a folder; a damaged one costs itself."""
    entries = bounded(file)
    with opened(file) as stream, zipfile.ZipFile(stream) as archive:
        for entry in entries:
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind and kind != stat.S_IFREG:
                yield entry.filename, folder / entry.filename, SPECIAL.get(kind, LINK)
                continue
            try:
                inner = Path(archive.extract(entry, folder))
            except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, OSError,
                    RuntimeError) as error:  # fmt: skip
                yield entry.filename, folder / "nowhere", f"cannot be unpacked ({error})"
                continue
            name = shown(inner, folder)
            yield name, inner, troubled(name, inner, nested=True)


READERS: dict[str, Reader] = {
    **dict.fromkeys((".txt", ".md"), plain), **dict.fromkeys((".csv", ".tsv"), separated),
    **dict.fromkeys((".jsonl", ".ndjson"), lines), ".json": objects, ".parquet": parquet, ".xlsx": excel, ".docx": word,
    **dict.fromkeys((".html", ".htm"), web), ".xml": xml,
}  # fmt: skip
MOVED = "BULLE_CORPUS_NOW"  # set while a run is made again from texts that are not where it found them (see `again`)
FOREIGN = f"hidden, or of none of the formats that are read: {', '.join(READERS)}, .zip"
LINK = "a link to another folder, not followed"
RUN, PAGE = "the folder of a run, passed over", "a page that Bulle wrote, passed over"
IGNORED = (FOREIGN, LINK, RUN, PAGE, *SPECIAL.values())
