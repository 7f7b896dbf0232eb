"""Text of one article or of several: exports of Factiva and Nexis, corpora written for IRaMuTeQ, Alceste or Lexico."""

import re
from collections.abc import Iterator
from pathlib import Path

from bulle.readers.tables import Record, mapping
from bulle.readers.text import contents

# IRaMuTeQ writes **** *journal_matin above an article, Alceste 0001 *journal_matin
STARS = re.compile(r"^(?:\*{4}(?: +\*.*)?|\d{1,6}[ \t]+\*[^\W_]+_\S.*)$", re.MULTILINE)
STAR = re.compile(r"\*([^\W_]+)_(\S+)")
PARTED = re.compile(r"^-\*[^\W_]\S*[ \t]*\r?\n?", re.MULTILINE)  # a line of IRaMuTeQ that opens a part: -*intro
KEYS = re.compile(r"^(?:<[^<>=\s]+=[^<>\n]*>[ \t]*\r?\n?)+", re.MULTILINE)  # Lexico: <journal=matin><date="2025-03-01">
KEY = re.compile(r"<([^<>=\s]+)=\"?([^<>\"]*)\"?>")
END = re.compile(r"^[ \t]*(?:End of Document|Fin du document)[ \t]*$", re.MULTILINE)  # Nexis Uni
BODY = re.compile(r"^[ \t]*(?:Body|Corps)[ \t]*$", re.MULTILINE)
AFTER = re.compile(  # the body of an article: a label that stands alone, or with its colon
    r"^[ \t]*(?:(?:Load-Date|Date de chargement)[ \t]*:|(?:Classification|Graphic)[ \t]*$).*", re.MULTILINE | re.DOTALL
)
OF = re.compile(r"^[ \t]*\d+ (?:of|de|sur) \d+ DOCUMENTS?[ \t]*$", re.MULTILINE)  # Nexis before 2018
LENGTH = re.compile(r"^[ \t]*(?:LENGTH|LONGUEUR)[ \t]*:.*$", re.MULTILINE)
LABEL = re.compile(r"[ \t]*[A-ZÀ-Ý][A-ZÀ-Ý -]{3,30}:")
LAST = re.compile(
    r"^[ \t]*(?:(?:LOAD-DATE|DATE-CHARGEMENT|LANGUAGE|LANGUE|PUBLICATION-TYPE|TYPE-PUBLICATION|JOURNAL-CODE)[ \t]*:"
    r"|Copyright \d{4}).*",
    re.MULTILINE | re.DOTALL,
)
DOCUMENT = re.compile(r"^(?:AN)?[ \t]*Document [A-Z0-9_]{6,12}\d{8}\w{4,12}[ \t]*$", re.MULTILINE)  # Factiva
COUNTED = re.compile(r"^[ \t]*\d[\d.,\s]* (?:words|mots)[ \t]*$", re.MULTILINE)
CODED = re.compile(
    r"^(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CLM|SE|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN)(?:\t|  +|$)",
    re.MULTILINE,
)
CODES = {"HD": "title", "SN": "source", "PD": "date", "LA": "language"}
CLOSING = re.compile(
    r"English|Anglais|French|Français|Copyright\b.*|\([cC]\).*|©.*|All rights reserved.*|Tous droits.*"
)  # the language or the rights: the last line before the text


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
            own = text[this.end() : end]
            yield {**known, "text": (PARTED.sub("", own) if mark is STARS else own).strip("\r\n")}
        if found:
            return
    if END.search(text) and BODY.search(text):
        yield from map(nexis, filter(str.strip, END.split(text)))
    elif OF.search(text) and LENGTH.search(text):
        yield from map(older_nexis, OF.split(text)[1:])
    elif DOCUMENT.search(text) and (COUNTED.search(text) or CODED.search(text)):
        yield from map(factiva, filter(str.strip, DOCUMENT.split(text)[:-1]))
    else:
        yield {"text": text, "whole": True}


def nexis(text: str) -> Record:
    """One article of a Nexis export: its title, source and date stand in lines before its body."""
    body = BODY.search(text)
    if not body:
        return {"text": text}
    named = dict(zip(("title", "source", "date"), filled(text[: body.start()]), strict=False))
    return {**named, "text": AFTER.sub("", text[body.end() :]).strip()}


def older_nexis(text: str) -> Record:
    """One article of an older Nexis export: source, date, title, labels in capitals, length, body."""
    length = LENGTH.search(text)
    if not length:
        return {"text": text}
    head = [line for line in filled(text[: length.start()]) if not LABEL.match(line)]
    named = dict(zip(("source", "date", "title"), head, strict=False))
    return {**named, "text": LAST.sub("", text[length.end() :]).strip()}


def factiva(text: str) -> Record:
    """One article of a Factiva export, whose fields have their codes (HD, SN, PD, LP, TD), or stand in their order:
    title, by-line, length, date, source, code, language, copyright, text."""
    parts = CODED.split(text)[1:]
    if fields := dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True)):
        known = {role: " ".join(fields[code].split()) for code, role in CODES.items() if code in fields}
        return {**known, "text": "\n\n".join(filter(None, (fields.get("LP"), fields.get("TD"))))}
    counted = COUNTED.search(text)
    if not counted:
        return {"text": text}
    title, *_ = [*filled(text[: counted.start()]), ""]
    date, *below = filled(text[counted.end() :])
    if below and re.fullmatch(r"\d{1,2}:\d\d.*", below[0]):
        below.pop(0)
    closing = [number for number, line in enumerate(below[:10]) if CLOSING.fullmatch(line)]
    body = below[closing[-1] + 1 :] if closing else below[1:]
    return {"title": title, "date": date, "source": below[0] if below else "", "text": "\n\n".join(body)}


def filled(text: str) -> list[str]:
    """Lines of a text that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
