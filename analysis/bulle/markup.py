"""What in a text is markup and not prose: Markdown, HTML, templates, scripts, styles, lists of links and of key words.

Nothing here knows a language of the press. Every search is linear in the text, whatever is opened and never closed.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

Stretch = tuple[int, int, str]  # half-open characters, and the part

TAGS = (
    "a abbr address article aside audio b blockquote body br button caption center cite code col dd del details div dl "
    "dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd "
    "label li link main mark meta nav noscript object ol option p picture pre q s script section select small source "
    "span strong style sub summary sup svg table tbody td textarea tfoot th thead time title tr u ul video wbr"
).replace(" ", "|")  # elements of HTML; another word between < and > may be anything
ENTITIES = "nbsp|amp|lt|gt|quot|apos|hellip|laquo|raquo|mdash|ndash|lsquo|rsquo|ldquo|rdquo|bull|middot|thinsp|rarr"
PROPERTIES = "(?:align|background|border|bottom|box|color|display|flex|float|font|grid|height|justify|left|letter|line|"
PROPERTIES += "list|margin|max|min|opacity|overflow|padding|position|right|text|top|transform|transition|vertical|"
PROPERTIES += "visibility|white|width|z)"  # of CSS, to their first hyphen
URL = r"(?:\{\{[^{}\n]*+\}\}|[^\s()]|\([^\s()]*+\))"  # one sign of an address, or a bracket in it
WITHIN = re.compile(rf"""
    (?P<template>\{{\{{[^{{}}\n]{{0,400}}+\}}\}}|\{{%[^%\n]{{0,400}}+%\}})
  | (?P<image>!\[[^\]\n]{{0,600}}+\]\({URL}*+(?:\s+"[^"\n]*+")?\))
  | (?<=\])(?P<address>\({URL}++(?:\s+"[^"\n]*+")?\))
  | (?P<wiki>\[\[(?=[^\[\]\s]{{0,200}}[-/\d])[^\[\]\s]{{1,200}}+\]\])
  | (?P<tag></?(?:{TAGS})(?:\s[^<>]{{0,3000}}+)?/?>|<!doctype[^<>]{{0,400}}+>)
  | (?P<sign>&(?:\#\d{{1,6}}|\#x[\da-f]{{1,6}}|{ENTITIES});)
  | (?P<url>(?:https?://|\bwww\.|\bpic\.twitter\.com/)[^\s<>"«»“”()\[\]]++)
""", re.VERBOSE | re.IGNORECASE)  # fmt: skip
SCRIPTED = re.compile(r"""
    (?P<rule>(?<![\w.\#-])(?:[.\#@]?[\w.\#:>-]{1,80}+\s?)?\{\s*[a-z-]{2,40}+\s*:[^{}\n]{1,2000}+\})
  | (?P<call>(?<![\w.$])[a-zA-Z_$][\w$]{0,40}+(?:\.[\w$]{1,40}+)++\(|\((?=\s*function\b))
""", re.VERBOSE)  # fmt: skip
SIGNS = ("<", "{", "&", "](", "[[", "://", "www.", "pic.twitter.")  # a text without one has none of WITHIN
SUSPECT = (*"#*_=|{}<>~@\t", "--", "](", "://", "www.", ";")  # a line without one is prose, or a list of words
KINDS = {"template": "code", "rule": "code", "call": "code", "image": "link", "address": "link", "wiki": "link",
         "url": "link", "tag": "tag", "sign": "tag"}  # fmt: skip
SCRIPT = re.compile(r"function\b|=>|[{}]|^\s*(?:['\"]|\)$)")  # what stands between the brackets of a call in a script
CALL, DEEP = 4000, 20  # characters of the longest call looked at, and the brackets in one another there
BLOCKS = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
ADDRESS = re.compile(r"[/.#:*{@]")  # an address has one of these
DECLARED = re.compile(rf";|\{{\s*{PROPERTIES}\b")  # a style has one of these
LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
FRONT = re.compile(r"""
    \ufeff?\s*(---|\+\+\+)[ \t]*\r?\n
    ((?:(?:[\w-]+[ \t]*[:=][^\n]*|-[ \t][^\n]*|[ \t]+[^\n]*|\#[^\n]*|\r?)\n){1,80}?)
    \1[ \t]*(?:\r?\n|$)
""", re.VERBOSE)  # fmt: skip
HEADING = re.compile(r"[>\s]*#{1,6}\s+\S|\s*<h[1-6][\s>].*</h[1-6]>\s*$", re.IGNORECASE)
BOLD = re.compile(r"(\*{2,3}|_{2,3})(?:(?!\1).){1,100}\1")
UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,})\s*")
RULE = re.compile(r"[\s>]*(?:[-*_=~]\s?){3,}")
BULLET = re.compile(r"[\s>]*(?:[-*+•]|\d{1,3}[.)])\s+")
SEPARATOR = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*")
LINK = re.compile(rf"\[([^\[\]\n]{{0,600}})\]\({URL}++(?:\s+\"[^\"\n]*+\")?\)")
STOP = re.compile(r"[.!?…][\s»”\"’')\]*_]*$")  # the end of a sentence
WORD = re.compile(r"[^\W\d_]{2,}|\b[^\W\d_]\b")
CODE = re.compile(rf"""
    [{{}}()\[\];,]*[{{}}][{{}}()\[\];,]*                                       # only brackets, one of them a brace
  | (?:export\s+)?(?:var|let|const)\s+[\w$]+\s*=.*                             # var x = 1
  | [\w$]+(?:\.[\w$]+)+\s*=(?!=).*;                                           # window.x = 1;
  | (?:async\s+)?function\b[^.!?]*\{{.*\}}|/\*.*\*/                               # function x() {{ ... }}
  | "[\w@$-]+"\s*:\s*(?:"[^"]*"|-?[\d.]+|true|false|null|[\[{{].*)\s*,?         # "key": "value",
  | [\[{{]\s*[{{]?\s*"[\w@$-]+"\s*:.*[\]}}][,;]?                                 # {{"key": ...}}
  | @(?:media|import|font-face|charset|keyframes|supports|include)\b.*[{{}};]    # @media (...) {{
  | (?:\s*[.\#@*]?\w[\w\s.\#:,>+~*()\[\]="'-]{{0,200}}+\{{[^{{}}:]*+:[^{{}}]*+\}})++   # .a, p > b {{ margin: 3px }}
  | {PROPERTIES}(?:-[a-z]+)*\s*:\s*[^.;]*(?:\.\d[^.;]*)*;                       # margin: 3px;
""", re.VERBOSE)  # fmt: skip
CALLED = re.compile(r"[\w$][\w$.]*\(")
LONGEST = 300  # lines of the longest block of code between braces
SHORT = 5  # words of the longest cell of a table without bars around it, and of an item in a list of key words
OPENS = ' \t*_[“"«(>'  # what may stand before the first letter of a line
TITLE = 120  # characters of the longest line that a rule under it makes a heading
FEW = 3  # words beside the links of a line: "Source:", "Read the full story" make no sentence of it
FIRST = re.compile(r"[\s*_\"'“«]*\[\][\s*_\"'”»]*(?:[-–—:(]|$)")  # a link, then a dash or a colon: an item of a list
ITEMS = 6  # a list without a verb or a stop, of fewer, may be a sentence's


def stretches(text: str) -> list[Stretch]:
    """What is markup in a text, in order and apart: (start, end, part).

    `part` is heading, table, link, tag, code, keywords, `front matter` or rule. The words of a link or between two tags
    stay; a line of links, a heading, a row of a table go whole.

    >>> stretches("La **bulle** [enfle](https://a.fr/b).")
    [(20, 36, 'link')]
    """
    blocks = list(_blocks(text))
    bare = blank(text, blocks)
    within = apart(_within(bare))
    return apart([*blocks, *within, *_lines(bare, blank(bare, within))])


def blank(text: str, found: list[Stretch], by: str = " ") -> str:
    """The text with every character of some stretches but line breaks replaced by a space, or `by` another sign."""
    parts, end = [], 0
    for start, stop, _ in found:
        parts += [text[end:start], re.sub(r"[^\r\n]", by, text[start:stop])]
        end = stop
    return "".join([*parts, text[end:]])


def apart(found: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, without those that begin inside one that begins earlier or is longer."""
    kept: list[Stretch] = []
    for start, stop, part in sorted(found, key=lambda stretch: (stretch[0], -stretch[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, stop, part))
    return kept


def front(text: str) -> int:
    """Where the front matter of a text ends; 0 for a text without.

    >>> front("---\\ntitle: T\\n---\\nBody."), front("Body.")
    (17, 0)
    """
    found = FRONT.match(text)
    return found.end() if found and re.search("[:=]", found[2]) else 0


def _blocks(text: str) -> Iterator[Stretch]:
    """Front matter, fenced code, comments, scripts and styles, which may hold many lines."""
    opened = front(text)
    found = [(0, opened, "front matter")] if opened else []
    lower = text.lower() if "<" in text else ""
    for opening, closing in BLOCKS:
        at = lower.find(opening) if len(lower) == len(text) else -1
        while at >= 0 and (stop := lower.find(closing, at)) >= 0:
            found.append((at, stop + len(closing), "code"))
            at = lower.find(opening, stop)
    if "```" in text or "~~~" in text:
        found += _fences(text)
    yield from apart(found)


def _fences(text: str) -> Iterator[Stretch]:
    """Code between two fences; a fence that is never closed holds nothing."""
    opened = None
    for line in LINE.finditer(text):
        fence = FENCE.match(line[1])
        if fence and opened is None:
            opened = line.start(), fence[1]
        elif fence and fence[1].startswith(opened[1]) and line[1].strip() == fence[1]:
            yield opened[0], line.end(1), "code"
            opened = None


def _within(text: str) -> Iterator[Stretch]:
    """Markup inside a line, cut at line breaks: tags, templates, addresses, images, styles, calls of a script."""
    patterns = [WITHIN] if any(sign in text for sign in SIGNS) else []
    patterns += [SCRIPTED] if "{" in text or ");" in text else []
    for match in chain.from_iterable(pattern.finditer(text) for pattern in patterns):
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "call":
            end = _closed(text, end)
        elif kind == "url":
            end = start + len(match[0].rstrip(".,;:!?'’…*_–—"))
        elif (kind == "address" and not ADDRESS.search(match[0])) or (kind == "rule" and not DECLARED.search(match[0])):
            continue  # a remark between brackets or braces
        for piece in re.compile(r"[^\r\n]+").finditer(text, start, end):
            yield *piece.span(), KINDS[kind]


def _closed(text: str, inside: int) -> int:
    """Where the call of a script ends whose bracket opens just before `inside`; 0 when it is none."""
    depth = 1
    for sign in re.compile(r"[()]").finditer(text, inside, inside + CALL):
        depth += 1 if sign[0] == "(" else -1
        if depth > DEEP:
            return 0
        if not depth:
            after = re.compile(r"(?:\(\))?;").match(text, sign.end())
            return after.end() if after and SCRIPT.search(text[inside : sign.end()]) else 0
    return 0


def _lines(text: str, left: str) -> Iterator[Stretch]:
    """Whole lines that are markup; in `left` what stands inside the lines is already blank."""
    lines = [(match.start(), match[1]) for match in LINE.finditer(text)]
    code = _braced(lines) if "{" in text else set()
    rows = _tabled(lines) if "|" in text else set()
    for number, (start, line) in enumerate(lines):
        if not line:
            continue
        bare = line.strip()
        own = left[start : start + len(line)]
        if not own.strip():
            continue
        before = lines[number - 1][1] if number else ""
        after = lines[number + 1][1] if number + 1 < len(lines) else ""
        part = "code" if number in code else "table" if number in rows else ""
        if not part and any(sign in line for sign in SUSPECT):
            part = _kind(line, (own != line and not _wrapped(before, line, after)) or not WORD.search(own))
        if not part and _listed(bare) and not _wrapped(before, line, after):
            part = "keywords"
        if not part and len(bare) <= TITLE and not before.strip() and UNDERLINE.fullmatch(after) and titled(bare):
            part = "heading"
        if part:
            at = start + len(line) - len(line.lstrip())
            yield at, at + len(bare), part


def _wrapped(before: str, line: str, after: str) -> bool:
    """Whether a line is a part of a sentence that goes on in the next line, or comes from the one before."""
    end = before.rstrip()[-1:]
    comes = line.lstrip(OPENS)[:1].islower() and (end.isalnum() or end in ",;'’)") and not HEADING.match(before)
    following = after.lstrip(OPENS)
    return bool(end and comes) or (following[:1].islower() and not following.startswith(("http", "www.")))


def titled(bare: str) -> bool:
    """Whether a short line may be a heading: it has words, no bullet, and does not end as a sentence or a clause."""
    ending = bare.rstrip("*_ ")
    return bool(WORD.search(bare)) and not STOP.search(bare) and not BULLET.match(bare) and ending[-1:] not in ",;:"


def _kind(line: str, linked: bool) -> str:
    """What a line is when the whole of it is markup, else ""; `linked` when it may be a line of links."""
    bare = line.strip()
    if HEADING.match(line) or (BOLD.fullmatch(bare) and titled(bare)):
        return "heading"
    if RULE.fullmatch(bare):
        return "rule"
    if CODE.fullmatch(bare) or (
        bare.endswith(");") and (call := CALLED.match(bare)) and SCRIPT.search(bare[call.end() :])
    ):
        return "code"
    if linked and _linked(line):
        return "link"
    return "table" if ("\t" in bare or "|" in bare) and _row(bare) else ""


def _bars(line: str) -> tuple[bool, bool]:
    """Whether a line has a bar at its head, and at its end."""
    bare = line.strip()
    return bare.startswith("|"), bare.endswith("|") and len(bare) > 1


def _row(bare: str) -> bool:
    """Whether a line is a row of a table: words between two bars, or short cells without a sentence."""
    if any(bars := _bars(bare)):
        return all(bars) and bool(re.search(r"\w", bare))
    cells = [cell for cell in re.split(r"\s\|\s|\t+", bare) if cell.strip()]
    return len(cells) >= 3 and all(len(cell.split()) <= SHORT and not STOP.search(cell) for cell in cells)


def _tabled(lines: list[tuple[int, str]]) -> set[int]:
    """Numbers of the lines of tables: a head, hyphens under it, rows, all with bars at the same ends."""
    found: set[int] = set()
    for number, (_, line) in enumerate(lines):
        before = lines[number - 1][1] if number else ""
        if "|" not in line or "|" not in before or _bars(line) != _bars(before):
            continue
        if "--" in line and SEPARATOR.fullmatch(line):
            found |= {number - 1, number}
        elif number - 1 in found:
            found.add(number)
    return found


def _listed(bare: str) -> bool:
    """Whether a line is a list of key words, or of hashtags: short items, and no stop."""
    if bare[0] == "#" and bare.count(" #") and all(word[0] == "#" and len(word) > 1 for word in bare.split()):
        return True
    if max(bare.count(","), bare.count(";")) < ITEMS - 1 or STOP.search(bare) or bare[-1] in ",;:»”":
        return False
    items = re.split(r"[,;]\s", bare)
    short = all(len(item.split()) < SHORT for item in items)
    return short and len(items) >= ITEMS and not any(":" in item for item in items[1:])


def _linked(line: str) -> bool:
    """Whether a line with links is nothing but them: a list of links, a source, a note, an address.

    A link in a sentence leaves a sentence: words of its own and a stop, or no bullet.
    """
    if "<a" in line and not WORD.search(re.sub(r"<[^<>]*+>", "", re.sub(r"<a\s[^<>]*+>[^<>]*+</a>", "", line))):
        return True
    if not re.search(r"\]\(|://|www\.", line):
        return False
    around = WITHIN.sub(" ", LINK.sub("[]", line)).strip()
    outside, inside = WORD.findall(around), [word for text in LINK.findall(line) for word in WORD.findall(text)]
    if len(outside) <= FEW:
        return not outside or not STOP.search(around)
    first = BULLET.match(around) or re.match(r"\[?\^?\[?\d", around)
    described = FIRST.match(BULLET.sub("", around, count=1)) and not STOP.search(around)
    return bool(first) and bool(described or len(inside) > len(outside))


def _braced(lines: list[tuple[int, str]]) -> set[int]:
    """Numbers of the lines from one that ends with an open brace, as no sentence does, to the one that closes it."""
    found: set[int] = set()
    depth = first = 0
    for number, (_, line) in enumerate(lines):
        bare = line.strip()
        if not depth and bare.endswith("{"):
            depth, first = 1, number
            found.add(number)
        elif depth:
            depth += bare.count("{") - bare.count("}")
            if depth <= 0:
                found.update(range(first, number + 1))
            depth = 0 if number - first > LONGEST else max(depth, 0)
    return found
