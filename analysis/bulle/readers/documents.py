"""Documents: .docx, .html and .xml, of one article or of many; nothing in them is run, no entity resolved."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bulle import InputError
from bulle.readers.safe import bounded, extra, fragile, opened
from bulle.readers.several import DOCUMENT, factiva, several
from bulle.readers.tables import SUMMARIES, Record, Roles, folded, mapping, played
from bulle.readers.text import CONTROLS, contents

if TYPE_CHECKING:
    from lxml.etree import _Element

FACTIVA = re.compile(r"(?=<div[^<>]*\bclass=[\"']article \w*Article\b)")
SEVERAL = re.compile(r"\b(?:End of Document|Fin du document|\d+ (?:of|de|sur) \d+ DOCUMENTS?|Document [A-Z0-9]{10,})\b")
FOOTER = re.compile(r"<footer\b[^<]*+(?:<(?!/?footer\b)[^<]*+)*+</footer\s*>", re.IGNORECASE)
LINES = set("p div br tr li h1 h2 h3 h4 h5 h6 table".split())  # of a page: each begins and ends a line
BLOCKS = set("p head div lb br l ab lg li h1 h2 h3 h4 para titre title".split())
EUROPRESSE = {"titreArticleVisu": "title", "TitreArticleVisu": "title", "titreArticle": "title",
              "DocPublicationName": "source", "DocHeader": "date", "docOcurrContainer": "text",
              "DocText": "text"}  # class -> role  # fmt: skip
VALUE = re.compile(  # of an attribute: none; or quoted well; or else up to a quote or the next attribute
    r"""=(?:(?=\s++[\w:.-]++\s*+=)|\s*+("[^"<>]*+"|'[^'<>]*+')(?=\s|/?>)|"""
    r"""\s*+["']?+((?:[^"'<>\s/]++|/(?!>)|\s++(?![\w:.-]++\s*+=|/?>))*+)["']?+)""")  # fmt: skip
SECTIONS = {"<!--": "-->", "<![CDATA[": "]]>", "<!DOCTYPE": "", "<?": "?>"}  # what is no tag -> where it ends
SECTION = re.compile("|".join(map(re.escape, SECTIONS)))
DOCTYPE = re.compile(r"[^\[<>]*+(?:\[.*?\]\s*+)?>", re.S)  # the rest of a document type
OPENED = r"<((?:\w+:)?%s)(?:\s(?:[^<>]*[^<>/])?)?>"  # a tag that is not closed in itself
ARTICLE_TAGS = tuple("TEI newsItem NewsItem newsitem nitf article doc document item record entry text".split())
EXACT = ("when", "norm", "date.publication")  # attributes of a date that say it better than its text
NAMING = ("name", "literal")  # attributes of NITF and NewsML that name who publishes
BESIDE = 100  # characters of names and labels that may stand beside a summary
TAGGED = re.compile(r"</(?:p|div)\s*>|<br\b[^<>]*>", re.IGNORECASE)  # the text of a feed may be a page of its own
ASIDE = {"comments": "", "orig": "reg", "sic": "corr", "abbr": "expan"}  # no text: always, or beside another reading


@fragile("a .docx document")
def word(file: Path, told: dict, roles: Roles) -> Iterator[Record]:
    """The articles of a .docx document."""
    extra("lxml")
    from bulle.readers import office

    bounded(file)
    with opened(file) as stream:
        yield from several(office.document(stream))


def local(node: "_Element") -> str:
    """The name of an element without its namespace, declared or not; "" for what is no element."""
    return node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""


def prose(tree: "_Element") -> str:
    """The text of a tree: paragraphs apart, the spaces of its layout made one."""
    from lxml import etree

    parts, blocks = [], 0
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        block = local(node) in BLOCKS and node is not tree and node.get("break") != "no"
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
    if pieces := FACTIVA.split(page)[1:]:
        yield from (factiva(DOCUMENT.split(printed(piece))[0]) for piece in pieces)
        return
    if SEVERAL.search(page) and "whole" not in (rows := list(several(printed(page))))[0]:
        yield from rows
        return
    trafilatura = extra("trafilatura")
    parsed(page, "html", huge_tree=False)  # as deep as trafilatura goes
    page = FOOTER.sub("", page)  # its date is not the article's
    found = trafilatura.bare_extraction(
        page, include_comments=False, with_metadata=True, date_extraction_params={"extensive_search": False}
    )
    if not found or not found.text:
        raise InputError("no main text found in this page")
    yield {"text": found.text, "title": found.title, "date": found.date, "source": found.sitename, "whole": True}


def printed(page: str) -> str:
    """The text of a page, a line for each of its blocks, a tab behind each cell of a row."""
    from lxml import etree

    parts = []
    for event, node in etree.iterwalk(parsed(page, "html"), events=("start", "end")):
        sign = "\n" if local(node) in LINES else "\t" if local(node) == "td" and event == "end" else ""
        parts += [sign, re.sub(r"\s+", " ", (node.text if event == "start" else node.tail) or "")]
    return "\n".join(line.strip(" ") for line in "".join(parts).split("\n"))


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
    if not re.search(OPENED % "article", page):  # of older pages: an article begins with the name of its paper
        pieces = re.split(r"(?=<span class=\"DocPublicationName\")", page)[1:]
        page = "".join(f"<article>{piece}</article>" for piece in pieces)
    for article in articles(page, "article", told):
        found: dict[str, _Element] = {}
        try:
            for node in parsed(article, "html").iter("*"):
                for name in node.get("class", "").split():
                    found.setdefault(EUROPRESSE.get(name, ""), node)
        except InputError as error:
            yield str(error)
            continue
        row = {role: " ".join(" ".join(found[role].itertext()).split()) for role in found}
        if "text" not in found and "title" in found:
            found["text"] = found["title"].getroottree().getroot()
            for role in ("title", "source", "date"):
                if role in found:
                    found[role].clear(keep_tail=True)
        if "text" not in found:
            yield "no text in this Europresse article"
            continue
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


def cleared(root: "_Element") -> None:
    """Take out of an article what is not its text: readers' comments, an excerpt, the spelling that an editor amended,
    and the publication of an edition where its source is described."""
    described = any(local(leaf) == "sourceDesc" and leaf.xpath(".//*[local-name()='date']") for leaf in root.iter("*"))
    for leaf in root.xpath(".//*[local-name()='sourceDesc']//*[local-name()='title'][@level='j' or @level='m']"):
        leaf.tag = "journal"
    for leaf in list(root.iter("*")):
        name, parent = local(leaf), leaf.getparent()
        excerpt = name == "encoded" and (leaf.prefix == "excerpt" or "excerpt:" in leaf.tag)
        amended = name in ASIDE and parent is not None and ASIDE[name] in ("", *map(local, parent))
        if parent is not None and (excerpt or amended or (described and name == "publicationStmt")):
            leaf.clear(keep_tail=True)
            leaf.tag = "gone"


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
        cleared(root)
        own = {re.split("[}:]", name)[-1]: name for name in root.attrib}
        leaves = {local(leaf): leaf for leaf in reversed(list(root.iterdescendants("*")))}  # the first of a name
        names = [*own, *leaves]
        wanted = roles(names if "text" in mapping(names, {}) else [*names, "text"])
        row = {name: root.get(own[name]) for name in wanted.values() if name in own}  # it takes a walk
        record = played(row, wanted)
        told_of = {role: leaves[name] for role, name in wanted.items() if name in leaves and role != "text"}
        for role, leaf in told_of.items():
            exact = next((value for key in (EXACT if role == "date" else NAMING) if (value := leaf.get(key))), "")
            record[role] = html.unescape(exact or prose(leaf))
        for leaf in told_of.values():
            leaf.clear(keep_tail=True)
            leaf.tag = "gone"
        text = prose(leaves.get(wanted["text"], root))
        if folded(wanted["text"]) in SUMMARIES and len(whole := prose(root)) > 2 * len(text) + BESIDE:
            text = whole  # a summary, with the article beside it
            roles([*(name for name in names if folded(name) not in SUMMARIES), "text"])
        yield {**record, "text": re.sub(r"\n{2,}", "\n\n", printed(text)).strip() if TAGGED.search(text) else text}
