"""Text files of one article or of several: exports of Nexis, corpora written for IRaMuTeQ or Lexico."""

import re
from collections.abc import Iterator
from pathlib import Path

from bulle.readers.tables import Record, mapping
from bulle.readers.text import contents

STARS = re.compile(r"^\*{4}(?: +\*.*)?$", re.MULTILINE)  # IRaMuTeQ: **** *journal_matin *date_2025-03-01
STAR = re.compile(r"\*([^\W_]+)_(\S+)")
KEYS = re.compile(r"^(?:<[^<>=\s]+=[^<>\n]*>[ \t]*\r?\n?)+", re.MULTILINE)  # Lexico: <journal=matin><date=2025-03-01>
KEY = re.compile(r"<([^<>=\s]+)=([^<>]*)>")
END = re.compile(r"^[ \t]*(?:End of Document|Fin du document)[ \t]*$", re.MULTILINE)  # Nexis
BODY = re.compile(r"^[ \t]*(?:Body|Corps)[ \t]*$", re.MULTILINE)
AFTER = re.compile(  # the body of an article: a label that stands alone, or with its colon
    r"^[ \t]*(?:(?:Load-Date|Date de chargement)[ \t]*:|(?:Classification|Graphic)[ \t]*$).*", re.MULTILINE | re.DOTALL
)


def plain(file: Path, told: dict, roles: object) -> Iterator[Record]:
    """The articles of a .txt or .md file."""
    yield from several(contents(file, told))


def several(text: str) -> Iterator[Record]:
    """The articles of a text: one, or as many as the marks of a known export tell."""
    for mark, pairs in ((STARS, STAR), (KEYS, KEY)):
        found = list(mark.finditer(text)) if mark.match(text.lstrip("\ufeff \r\n")) else []
        ends = [*(one.start() for one in found[1:]), len(text)]
        for this, end in zip(found, ends, strict=False):
            about = dict(pairs.findall(this[0]))
            known = {role: about[name] for role, name in mapping(list(about), {}).items() if role != "text"}
            yield {**known, "text": text[this.end() : end].strip("\r\n")}
        if found:
            return
    if END.search(text) and BODY.search(text):
        yield from map(nexis, filter(str.strip, END.split(text)))
    else:
        yield {"text": text, "whole": True}


def nexis(text: str) -> Record:
    """One article of a Nexis export: its title, source and date stand in lines before its body."""
    body = BODY.search(text)
    if not body:
        return {"text": text}
    head = [line.strip() for line in text[: body.start()].splitlines() if line.strip()]
    named = dict(zip(("title", "source", "date"), head, strict=False))
    return {**named, "text": AFTER.sub("", text[body.end() :]).strip()}
