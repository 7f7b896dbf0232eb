"""Office files -> the text of a Word document, the rows of an Excel workbook; nothing but their XML is read.

A cell far out in a sheet costs one cell, not the rectangle that it spans; a document type opens no file, grows nothing.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import BinaryIO

from lxml import etree

Node = etree._Element
SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}
GONE = {"del", "moveFrom", "delText", "instrText", "delInstrText",  # deleted or moved away; the code of a field
        "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr",  # how it looks
        "rt"}  # how a ruby is read aloud  # fmt: skip
SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
VERSIONS = ("Choice", "Fallback")  # of one passage, the first for new programs
NOTES, NOTED = ("footnotes", "endnotes"), ("footnote", "endnote")
RULES = ("separator", "continuationSeparator", "continuationNotice")  # the lines above notes, kept among them
DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # number formats of Excel that are dates
QUIET = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|General', re.S)  # what a format writes as it stands, its colours and units
CODES = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook spells a control character


def local(node: Node) -> str:
    """The name of an element without its namespace."""
    return node.tag.rpartition("}")[2]


def told(node: Node, name: str) -> str:
    """An attribute, whatever its namespace; "" if there is none."""
    return next((node.get(key) for key in node.attrib if key.rpartition("}")[2] == name), "")


def part(archive: zipfile.ZipFile, name: str) -> Node:
    """The root of one XML part."""
    return plain(etree.fromstring(archive.read(name), etree.XMLParser(**SAFE)))


def plain(node: Node) -> Node:
    """A node of a part that declares no document type, as none does that an office program wrote."""
    if node.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it declares a document type")
    return node


def related(archive: zipfile.ZipFile, name: str) -> dict[str, tuple[str, str]]:
    """The parts that a part refers to: identity -> (kind, name)."""
    folder, _, file = name.rpartition("/")
    links = f"{folder}/_rels/{file}.rels".lstrip("/")
    if links not in archive.namelist():
        return {}
    found = {}
    for link in part(archive, links):
        target = told(link, "Target")
        whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        found[told(link, "Id")] = (told(link, "Type").rpartition("/")[2], whole)
    return found


def main(archive: zipfile.ZipFile, usual: str) -> str:
    """The name of the main part."""
    return next((name for kind, name in related(archive, "").values() if kind == "officeDocument"), usual)


# Word


def document(file: BinaryIO) -> str:
    """The text of a Word document with its changes accepted: paragraphs, tables, text boxes, and its notes at the end.

    Comments, headers, footers and what was deleted are no part of it.
    """
    with zipfile.ZipFile(file) as archive:
        name = main(archive, "word/document.xml")
        usual = {kind: str(PurePosixPath(name).with_name(f"{kind}.xml")) for kind in NOTES}
        notes = {kind: note for kind, note in usual.items() if note in archive.namelist()}
        notes |= {kind: note for kind, note in related(archive, name).values() if kind in NOTES}
        roots = [part(archive, one) for one in (name, *notes.values())]
    if local(roots[0]) != "document":
        raise ValueError(f"its main part is {local(roots[0])!r}")
    texts = [text for root in roots for text in paragraphs(root)]
    return "\n\n".join(text for text in texts if text.strip())


def paragraphs(node: Node) -> Iterator[str]:
    """The paragraphs and tables under a node, in order; the text of a box stands after the paragraph that holds it."""
    held: list[str] = []
    for child in children(node):
        if local(child) == "p":
            boxes: list[Node] = []
            held += pieces(child, boxes)
            if not joined(child):
                yield "".join(held)
                held = []
            for box in boxes:
                yield from paragraphs(box)
        elif local(child) == "tbl":
            rows = (["\n".join(paragraphs(cell)) for cell in inside(row, "tc")] for row in inside(child, "tr"))
            yield "\n".join(map("\t".join, rows))
        else:
            yield from paragraphs(child)
    if held:
        yield "".join(held)


def joined(paragraph: Node) -> bool:
    """Whether the end of a paragraph was deleted, so that the next one goes on with it."""
    looks = next(paragraph.iterchildren("{*}pPr"), None)
    return looks is not None and any(
        local(mark) in ("del", "moveFrom") for face in looks.iterchildren("{*}rPr") for mark in face
    )


def pieces(node: Node, boxes: list[Node]) -> Iterator[str]:
    """The characters under a paragraph, in order; `boxes` learns of the text boxes anchored in it."""
    for child in children(node):
        if local(child) == "t":
            yield child.text or ""
        elif local(child) == "txbxContent":
            boxes.append(child)
        elif local(child) in SIGNS:
            yield SIGNS[local(child)]
        else:
            yield from pieces(child, boxes)


def children(node: Node) -> Iterator[Node]:
    """The elements right under a node that may hold text: of a passage kept in two versions, the first alone."""
    for child in node.iterchildren("*"):
        name = local(child)
        if name in GONE or (name in NOTED and told(child, "type") in RULES):
            continue
        if name == "sdt" and next(child.iterfind("{*}sdtPr/{*}showingPlcHdr"), None) is not None:
            continue  # "Click here to enter text"
        yield child
        if name in VERSIONS:
            return


def inside(node: Node, name: str) -> Iterator[Node]:
    """The nearest elements of a name under a node: the rows of a table, the cells of a row."""
    for child in children(node):
        if local(child) == name:
            yield child
        else:
            yield from inside(child, name)


# Excel


def sheets(file: BinaryIO) -> Iterator[tuple[str, Iterator[dict[int, str]]]]:
    """Name and rows of each sheet of a workbook; a row is column, counted from 0 -> text, without what is empty.

    A number stands as it is stored, a date as 2018-12-07, a formula as its last result.
    """
    with zipfile.ZipFile(file) as archive:
        name = main(archive, "xl/workbook.xml")
        book, links = part(archive, name), related(archive, name)
        kinds = dict(links.values())
        texts = [spelt(text) for text in part(archive, kinds["sharedStrings"])] if "sharedStrings" in kinds else []
        days = dated(part(archive, kinds["styles"])) if "styles" in kinds else set()
        late = any(told(one, "date1904") in ("1", "true") for one in book.iter("{*}workbookPr"))
        start = datetime(1904, 1, 1) if late else datetime(1899, 12, 30)
        for sheet in book.iter("{*}sheet"):
            kind, target = links.get(told(sheet, "id"), ("", ""))
            if kind == "worksheet":
                yield sheet.get("name", ""), rows(archive, target, texts, days, start)


def rows(
    archive: zipfile.ZipFile, sheet: str, texts: list[str], days: set[int], start: datetime
) -> Iterator[dict[int, str]]:
    """The rows of one sheet, read one at a time."""
    with archive.open(sheet) as stream:
        for _, row in etree.iterparse(stream, tag="{*}row", **SAFE):
            cells, at = {}, -1
            plain(row)
            for cell in row.iterchildren("{*}c"):
                at = column(cell.get("r")) if cell.get("r") else at + 1
                if text := value(cell, texts, days, start):
                    cells[at] = text
            if cells:
                yield cells
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]


def column(place: str) -> int:
    """The column of a cell, from 0.

    >>> column("A1"), column("AB12"), column("XFD1048576")
    (0, 27, 16383)
    """
    number = 0
    for letter in re.match("[A-Za-z]{1,3}", place)[0].upper():
        number = 26 * number + ord(letter) - 64
    return number - 1


def value(cell: Node, texts: list[str], days: set[int], start: datetime) -> str:
    """The text of a cell; that of an error is empty."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(spelt(text) for text in cell.iterchildren("{*}is"))
    stored = next((v.text or "" for v in cell.iterchildren("{*}v")), "")
    if kind == "s":
        return texts[abs(int(stored))] if stored else ""
    if kind == "n" and stored and int(cell.get("s", 0)) in days and 0 <= float(stored) < 2_958_466:  # the year 10000
        moment = start + timedelta(seconds=round(86_400 * float(stored)))
        return str(moment.date() if moment.time() == datetime.min.time() else moment)
    return {"e": "", "b": str(stored == "1"), "str": CODES.sub(coded, stored)}.get(kind, stored)


def spelt(text: Node) -> str:
    """The characters of a text in a workbook, in all its faces, without the aid to read them aloud."""
    found = (t.text or "" for t in text.iter("{*}t") if local(t.getparent()) != "rPh")
    return CODES.sub(coded, "".join(found))


def coded(found: re.Match) -> str:
    """The character that _x000D_ spells."""
    return chr(int(found[1], 16))


def dated(styles: Node) -> set[int]:
    """The styles of a workbook in which a number is a date."""
    own = {int(one.get("numFmtId")): QUIET.sub("", one.get("formatCode", "")) for one in styles.iter("{*}numFmt")}
    known = {number for number, form in own.items() if re.search("[dmyDMY]", form.split(";")[0])}
    wanted = known | (DAYS - set(own))
    faces = [face for faces in styles.iterchildren("{*}cellXfs") for face in faces]
    return {number for number, face in enumerate(faces) if int(face.get("numFmtId", 0)) in wanted}
