"""What in an article is its body, and what is not: header, title, captions, credits, boilerplate, furniture, markup."""

import json
import re
import zlib
from dataclasses import dataclass
from functools import cache

import pandas as pd

from bulle import entries, furniture, markup

HEADER = re.compile(r"\s*date[ \t]+(\d{4}-\d\d-\d\d)[ \t]+(?P<title>\S.*)")  # the first line of the seed's wire


LINE = 400  # characters: no caption, credit, line of boilerplate or date is longer


LONG = 30  # characters: a stretch long enough that chance seldom writes it twice
REPEATED = re.compile(rf"[^.!?…\r\n]{{{LONG},}}[.!?…]*(?:\s?[»”])?")
BEHIND = re.compile(r"(?<=\s)[»•→►▶] [^.]{1,150}$")  # a link to another article that closes a paragraph
PULLED = re.compile(rf"^[^\S\r\n]*+[«“\"]([^«»“”\"\r\n]{{{LONG},}}+)[»”\"](?:[^\S\r\n]|\.)*+$", re.M)
EDGES = " \t\xa0\u202f\u205f\u3000.…" + "".join(map(chr, range(0x2000, 0x200B)))  # which may end such a line
PARTS = (("caption", "captions"), ("credit", "credits"), ("keywords", "keywords"), ("boilerplate", "boilerplate"))


@dataclass(frozen=True)
class Aside:
    """What is known of an article once its corpus is read: its lines that are `furniture` of its source, and the marks
    found in the text whose checksum is `text`, which hold as long as it is the same."""

    furniture: tuple[str, ...] = ()
    text: int | None = None
    marks: tuple[markup.Stretch, ...] = ()


def checksum(text: str) -> int:
    """What tells one text from another, in any process."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


@cache
def patterns(language: str, name: str) -> re.Pattern:
    """The lines of `data/<language>/<name>.txt` as one pattern; `AGENCY` stands for any line of `agencies.txt`."""
    agency = "(?:" + "|".join(entries(language, "agencies")) + ")"
    return re.compile("|".join(f"(?:{entry})" for entry in entries(language, name)).replace("AGENCY", agency))


def marks(articles: pd.DataFrame) -> pd.DataFrame:
    """What is not body text: one row per marked stretch, `article`, `start`, `end` (characters of its text), `part`.

    `part` is header, title, caption, credit, dateline, boilerplate, furniture (see `furniture`), repeat, or what
    `markup.stretches` names: heading, table, link, tag, code, keywords, front matter, rule.
    """
    known = articles["aside"] if "aside" in articles else [Aside()] * len(articles)
    rows = []
    for row, aside in zip(articles[["article", "title", "language", "text"]].itertuples(), known, strict=True):
        same = aside.text == checksum(row.text)
        found = aside.marks if same else marked(row.text, row.title, row.language, aside.furniture)
        rows += [(row.article, *mark) for mark in found]
    return pd.DataFrame(rows, columns=["article", "start", "end", "part"])


def marked(text: str, title: str, language: str, own: tuple[str, ...] = ()) -> list[markup.Stretch]:
    """Marked stretches of one text, in order: (start, end, part); `own` are its lines that are furniture."""
    header = HEADER.match(text)
    titled = header and _letters(title) in ("", _letters(header["title"]))  # else what follows the date is text
    found, first = markup.stretches(text), header.end() if titled else header.start("title") if header else 0
    prose = markup.blank(text, found) if found else text
    opening = len(text) - len(text.lstrip())
    if header:
        printed = header.start("title") + len(header["title"].rstrip())
        found.append((0, header.start("title"), "header"))
        if titled:
            found.append((header.start("title"), printed, "title"))
    for line in re.compile(r"[^\r\n]+").finditer(prose, first):
        start = line.start()
        found += [(start + a, start + b, part) for a, b, part in line_marks(line[0], title, language)]
        bare = text[start : line.end()].strip() if own and line[0].strip() else ""
        for known in {bare, furniture.label(bare, start <= opening)}.intersection(own):
            at = text.index(known, start)
            found.append((at, at + len(known), "furniture"))
    found = markup.apart(found)
    again = repeats(markup.blank(text, found, "\n") if found else text)  # a message ends where its link does
    return markup.apart(found + again) if again else found


def _letters(line: str) -> str:
    return re.sub(r"\W+", "", line).lower()


def repeats(text: str) -> list[markup.Stretch]:
    """Stretches of a text that stand in it twice: word for word before, as when an article holds its own text twice, or
    a quotation in a line of its own that is also in a sentence."""
    seen, found = set(), []
    for stretch in REPEATED.finditer(text):
        if stretch.end() - stretch.start() < LONG:
            continue
        said = " ".join(stretch[0].split())
        if said in seen:
            start = stretch.end() - len(stretch[0].lstrip())
            found.append((start, stretch.end(), "repeat"))
        elif len(said) >= LONG:
            seen.add(said)
    return found + _pulled(text)


def _pulled(text: str) -> list[markup.Stretch]:
    """Lines that are a quotation which stands in another line, too."""
    found = [((*line.span(), "repeat"), line[1].lstrip().rstrip(EDGES)) for line in PULLED.finditer(text)]
    found = [(line, said) for line, said in found if len(said) >= LONG]
    prose = markup.blank(text, [line for line, _ in found]) if found else ""
    return [line for line, said in found if said in prose]


def line_marks(line: str, title: str, language: str) -> list[markup.Stretch]:
    """Marked stretches of one line: the whole of it, or the dateline it opens with and the credit it closes with."""
    bare = line.strip()
    start = len(line) - len(line.lstrip())
    whole = (start, start + len(bare))
    if bare and bare == title:
        return [(*whole, "title")]
    for part, name in PARTS if 0 < len(bare) <= LINE else ():
        if patterns(language, name).fullmatch(bare):
            return [(*whole, part)]
    behind = BEHIND.search(line)
    if behind and patterns(language, "boilerplate").fullmatch(behind[0].strip()):
        return [(*behind.span(), "boilerplate")]
    opening = patterns(language, "datelines").match(line[:LINE])
    closing = patterns(language, "signatures").search(line, max(0, len(line) - LINE))
    found = [(opening, "dateline"), (closing, "credit")]
    return [(*stretch.span(), part) for stretch, part in found if stretch and stretch[0].strip()]


def body(articles: pd.DataFrame) -> pd.DataFrame:
    """The same articles with every marked character but line breaks replaced by a space: offsets still hold."""
    found: dict[str, list[markup.Stretch]] = {}
    for row in marks(articles).itertuples():
        found.setdefault(row.article, []).append((row.start, row.end, row.part))
    named = zip(articles["article"], articles["text"], strict=True)
    return articles.assign(text=[markup.blank(text, found.get(name, [])) for name, text in named])


def repeated(articles: pd.DataFrame) -> pd.DataFrame:
    """The furniture of a corpus, the most frequent first: one row per `source` and `line`, `articles` (that hold it).

    Articles that are copies of one another, by their longest lines, count once.
    """
    rows = json.loads(articles.attrs.get("furniture", "[]"))
    table = pd.DataFrame(rows, columns=["source", "line", "articles"])
    return table.sort_values("articles", ascending=False, kind="stable", ignore_index=True)
