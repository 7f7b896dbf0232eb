"""Text -> sentences and words with character offsets; articles -> tokens, lemmas and counts.

One pattern cuts the words, one the sentences; each reads its line once from left to right, in linear time.
The conventions are the surface tokens of Universal Dependencies: `l' | homme`, `viendra | -t-il`, `M. | Dupont`.
"""

import itertools
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import TypeVar

import numpy as np
import pandas as pd
import polars as pl
import scipy
import simplemma

from bulle import LANGUAGES, entries, progress, rows
from bulle.draw import drawn
from bulle.view import HIDDEN, HIDE

Span = tuple[int, int]
T = TypeVar("T")

COMPARED = 200_000  # characters cut by the peers, too: a second, and some 30 000 words, which hold every common reason

MARKS = rf"\u0300-\u036f{HIDDEN}"  # combining accents, soft hyphens, zero-width marks, signs of direction
PICTURE = r"[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]" + r"[\ufe0f\U0001f3fb-\U0001f3ff]*"
UNIT = "[kcdmµn]?m[²³]?|[kmcµ]?g|[cdhm][lL]|[kMGT]?Wh?|[kMGT]?Hz|[kKMGT]o|ha|[Mm]ds?"  # written after its number
MONEY = "(?:[kKMG]|[Mm]ds?)[€$£]"  # 300 | M€
SHAPES = {
    "letter": r"[^\W\d_]",
    "upper": "[A-ZÀ-ÖØ-ÞŒ]",
    "run": rf"(?:[^\W_]++[{MARKS}]*+)++",
    "marks": MARKS,
    "consonant": "[b-df-gj-np-tv-xzB-DF-GJ-NP-TV-XZ]",
    "space": r"[ \u00a0\u202f\u2009]",
    "picture": PICTURE,
    "glued": r"\.[A-ZÀ-Þ][a-zà-ÿ]*+(?![^\s',])",
    "ended": rf"(?:(?![.,]?\w)|(?=(?:{UNIT}|{MONEY})(?!\w)))",
    "short": rf"(?=[\w{MARKS}-]{{1,12}}+\.)",
    "money": MONEY,
}

# One kind of token a line: its name, its shape, its reason or an example. The first line that fits wins.
TOKEN = r"""
  (?P<plain>     (?![IVX]++[er]) %(letter)s++ (?=[\s,;] | [.:!?»)"”]?\Z) )  # most words: letters to a space or an end
| (?P<rule>      \.{2,} | …+ | [-=*_~]{2,} | [!?]{2,} | << | >> | [-+]/[-+] | [:;]-?\)(?!\w) )  # ...  --  !!  :-)
| (?P<stop>      [,;:!?()«»"“”] [%(marks)s]*+ )                         # punctuation that is never part of a word
| (?P<url>       (?:https?://|ftp://|www\.) [^\s<>«»"“”]* [^\s<>«»"“”.,;:!?)\]'] )  # without the closing mark
| (?P<mail>      [\w.+-]{1,64}+ @ [\w-]+ (?:\.[\w-]+)+ )                # redaction@lemonde.fr
| (?P<tag>       (?<!\w) [@\#] (?=\d*%(letter)s) \w+ )                  # #bulle, @afp; but # | 1
| (?P<whole>     (?=[\w%(marks)s]++[-'.]) (?i:%(whole)s) (?!\w) )      # aujourd'hui, not aujourd' | hui
| (?P<elision>   (?=%(letter)s++') (?i:%(elisions)s) ' (?!%(consonant)s[a-zà-ÿ]) )  # l' | homme, but N'Djamena
| (?P<hour>      %(hours)s )                                            # 14h30; 14 | h | 30 for who asks
| (?P<ordinal>   (?:\d++(?:i?ers?|i?[eè]res?|i?[eè]mes?|n?des?|es?) | [IVX]+(?:es?|er|re)) (?!\w) )  # 1er, XXe
| (?P<thousands> \d{1,3} (?:%(space)s\d{3})+ (?:[.,]\d+)? %(ended)s )   # 50 000, 50 000,5
| (?P<number>    (?<![\w)\]]) [-−+±]? \d+ (?:[.,:/'-]\d+)* %(ended)s )  # 3,5  1.000  4-3  -2  12/05/99, 160 | km
| (?P<digits>    \d+ (?:[.,:/-]\d+)+ )                                  # the same when letters follow
| (?P<acronym>   (?=%(letter)s\.) (?:%(letter)s\.(?:-(?=%(letter)s\.))?){2,}+ (?:'?%(letter)s(?!\w))? )  # U.S.A.  J.-C.
| (?P<title>     %(short)s (?:%(titles)s)\. (?=\s*[\w«"“(-]) )          # M. | Dupont, M. | Tseng in M.Tseng
| (?P<numbered>  %(short)s (?:%(numbered)s)\. (?=\s*[\dIVXLC]) )        # p. | 12, art. | IV
| (?P<short>     %(short)s (?:%(abbreviations)s)\. (?=\s*[\w,;:)»-]) )  # etc. inside a sentence
| (?P<initial>   %(upper)s\. (?:-%(upper)s\.)* (?=\s*-?%(letter)s) )    # J. | Chirac, J.-P. | Sartre
| (?P<unit>      [nN]° | °[CF](?!\w) | km/h(?!\w) | %(money)s(?!\w) )  # n° | 5, 20 | °C, 300 | M€
| (?P<word>      (?:(?i:%(prefixes)s)-(?=%(letter)s))?+ %(run)s
                 (?: %(joined)s %(run)s | %(broken)s | \((?:es?|s|ES?|S)\)[sS]? )*+ )
| (?P<clitic>    (?<=\w) (?i:%(clitics)s) (?!\w) )                      # viendra | -t-il
| (?P<picture>   [\U0001f1e6-\U0001f1ff]{2} | %(picture)s (?:\u200d%(picture)s)*+ )  # a flag, a family: one sign
| (?P<mark>      \S[%(marks)s]*+ )                                      # anything else stands alone
"""
# Inside a word, porte-parole, étudiant·e·s; not before a clitic, not over a full stop that lost its space (fin.Le).
JOINED = r"(?!(?i:(?:%(clitics)s){1,3})(?![\w-])) (?!(?<=[a-zà-ÿ]{3})%(glued)s) [%(joiners)s]"
# A word that a hard-wrapped line breaks (éco-⏎nomie), but not before a clitic (dit-⏎il).
PARTED = r"(?<=[a-zà-öø-ÿœ])-\r?\n[^\S\n]* (?!(?:%(bare)s)(?![\w-])) [a-zà-öø-ÿœ] (?:%(run)s)?"
HALVES = re.compile(r"-\s*\n\s*")
SHOUTED = re.compile(r"[^\W\d_]{2}")
INITIAL = re.compile(r"\b[^\W\d_]")
CHUNK = re.compile(r"\S+")
AROUND = re.compile(r"[.\d_]|[-\u2010\u2011]$")  # 50 | 000, M. | Dupont, éco- | nomie
POSSESSIVE = re.compile(r"['’]s$")
MIXED = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]")  # a capital behind a small letter: OpenAI, xAI
ACRONYM = re.compile(r"^([A-Z]{2,})s$")  # in the plural
KINDS = {
    **dict.fromkeys(("hour", "ordinal", "thousands", "number", "digits"), "number"),
    **dict.fromkeys(("url", "mail", "tag"), "address"),
    **dict.fromkeys(("stop", "picture", "rule", "mark"), "punctuation"),
}  # every other kind of token is a word
SORTS = ("word", *dict.fromkeys(KINDS.values()))
SORT = [SORTS.index(KINDS.get(part, "word")) for part in re.findall(r"\(\?P<(\w+)>", TOKEN)]
APOSTROPHES = "’ʼ`´＇"  # met in the wild for '
HYPHENS = "\u2010\u2011"  # the second does not break at the end of a line: États‑Unis
ENDS = tuple(f"{hyphen}{end}" for hyphen in ("-", *HYPHENS) for end in ("\n", "\r\n"))  # of a line in a word
NOTE = "⁰¹²³⁴⁵⁶⁷⁸⁹"
NOTED = re.compile(rf"(?<=[^\W\d_]{{3}})[{NOTE}]+")  # the number of a footnote is no letter of the word before it
TURNED = re.compile(r"(?<=[^\W\d_])‘(?=[^\W\d_])")  # an opening quote in the place of an apostrophe: l‘IA
HOURS = r"\d{1,2}[hH](?:\d\d)?(?!\w)", r"\d{1,2}(?=[hH](?:\d\d)?(?!\w)) | (?<=\d)[hH](?=(?:\d\d)?(?!\w))"
LISTS = ("whole", "elisions", "prefixes", "titles", "numbered", "abbreviations", "starters", "articles")
LEFT, NEAR = re.compile(r"[.!?…»”\"')\]\s]+"), 3  # the end of a sentence that a line break parts from it, and how far


def _any(words: Iterable[str]) -> str:
    """Pattern of any of the words, however accents are composed; of nothing when there is no word."""
    forms = {unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD")}
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)) or "(?!)"


def _clitic(entry: str) -> str:
    """Pattern of a clitic and of the letters that may stand before it: `-il dt` -> `(?<=[dt])-il`."""
    word, _, before = entry.partition(" ")
    return (f"(?<=[{before.strip()}])" if before else "") + re.escape(word)


def _even(text: str) -> str:
    """The text, as long as it was, with one sign for all apostrophes and one for all hyphens."""
    for sign in APOSTROPHES:
        text = text.replace(sign, "'")
    for sign in HYPHENS:
        text = text.replace(sign, "-")
    if any(sign in text for sign in NOTE):
        text = NOTED.sub(lambda found: "·" * len(found[0]), text)
    return TURNED.sub("'", text) if "‘" in text else text


@cache
def _pattern(language: str, split_hours: bool = False) -> re.Pattern:
    facts = {name: _any(entries(language, name)) for name in LISTS}
    facts["joiners"] = re.escape("".join(entries(language, "joiners")))
    facts["clitics"] = "|".join(map(_clitic, entries(language, "clitics"))) or "(?!)"
    facts["bare"] = _any(entry.split()[0].lstrip("-'") for entry in entries(language, "clitics"))
    facts["joined"], facts["broken"] = JOINED % (SHAPES | facts), PARTED % (SHAPES | facts)
    facts["hours"] = HOURS[split_hours]
    return re.compile(TOKEN % (SHAPES | facts), re.VERBOSE)


NARROW, WIDE = 25, 140  # characters of the longest line of a hard-wrapped paragraph
STOPS, CLOSED = ".!?…", '.!?…:;»”")'  # what ends a sentence, and a paragraph
LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
BREAK = re.compile(
    r"""[.!?…](?<![.!?…]{2})[.!?…]*+(?:\s?(?:[»”)\]"']|\[\d{1,3}\]))*"""
    r"""(?:\s+|(?<=[a-zà-ÿ]{3}[.!?])(?=[A-ZÀ-Þ][a-zà-ÿ]*+(?![^\s',])))"""
)  # marks, closing marks, then a space or its absence
BEFORE = re.compile(r"""[^\s«"“‘(\[]+$""")  # the word before the mark
OPENING = re.compile(r'(?:[(\[](?:\.{3}|…)[)\]]|[«"“‘(–—\[\s-])*+')
GLUED = re.compile(r"\s[^\W\d_][\w'-]{2,}$")  # a plain word before the mark: neither a URL nor a mail
ITEM = re.compile(r"\((?:\d{1,3}|[a-z])\)\s+[A-ZÀ-ÖØ-Þ]")  # (2) Second item
NUMERAL = re.compile(r"\d|[IVXLC]+(?![\w'])")
WORD = re.compile(r"[^\W\d_]+")
STOPPED = re.compile(r"[^\W\d_]{2}[.]\s+([^\W\d_])")  # the letter after a word and its full stop
LOWER_NEXT = re.compile(r"['\s]+[a-zà-ÿœ]")


@cache
def _lists(language: str) -> SimpleNamespace:
    return SimpleNamespace(**{name: frozenset(entries(language, name)) for name in LISTS})


def _starts(text: str, lists: SimpleNamespace) -> bool:
    """Whether the text opens with a word that opens sentences: `Il`, `C'`, but not the initial of `C. Fields`."""
    word = WORD.match(text)
    if not word:
        return False
    if word[0] in lists.articles:
        return bool(LOWER_NEXT.match(text, word.end()))
    elided = word[0] == "Qu" or (len(word[0]) == 1 and word[0] not in "ÀAYI")
    return word[0] in lists.starters and (not elided or text[word.end() : word.end() + 1] == "'")


def _is_abbreviated(word: str, after: str, lists: SimpleNamespace) -> bool:
    """Whether the full stop after the word belongs to it and does not end the sentence."""
    if word in lists.titles:
        return True
    if word in lists.numbered and NUMERAL.match(after, OPENING.match(after).end()):
        return True
    parts = [part.strip("-") for part in word.split(".")]  # J  J.-C  U.S.A
    initials = all(len(part) == 1 and part.isalpha() for part in parts) and (len(parts) > 1 or word.isupper())
    open_ended = word in lists.abbreviations and word != "etc" and after[0] not in '«"“'
    return (initials or open_ended) and not _starts(after[OPENING.match(after).end() :], lists)


def _ends(before: str, marks: str, after: str, language: str) -> bool:
    """Whether a sentence ends at the marks, between the text before them and after them."""
    lists, head = _lists(language), after[OPENING.match(after).end() :][:1]
    chunk = BEFORE.search(before)
    chunk = chunk[0] if chunk else ""
    word = chunk.rpartition("'")[2]
    if not head or after[0] in ",;:!?.…)»]%" or (after[0] == "(" and not head.isupper() and not ITEM.match(after)):
        return False
    if before[-1:] in tuple("([") and marks[0] in ".…":  # (...) stands for what was left out
        return False
    if head.islower() and not (marks == "." and after[0] in "-–—•" and after[1:2].isspace()):
        plain = marks == "." and len(chunk) > 3 and "." not in chunk and chunk[-3:].isalpha()
        if not plain or word in lists.titles | lists.numbered | lists.abbreviations:
            return False
    return marks != "." or not (before.strip().isdigit() or _is_abbreviated(word, after, lists))


def _paragraphs(text: str) -> list[Span]:
    """Lines of a text; those of a hard-wrapped paragraph are one."""
    blocks: list[list[Span]] = [[]]
    for line in LINE.finditer(text):
        block = blocks[-1]
        empty = not line[0].strip()
        if block and (empty or text.count("\n", block[-1][1], line.start()) > 1):  # or an empty one lies between
            blocks.append([])
        if not empty:
            blocks[-1].append(line.span())
    found = [_unwrapped(text, block) for block in blocks]
    width = max(
        (_width(text, block) for block, own in zip(blocks, found, strict=True) if len(own) < len(block)), default=0
    )
    for place, block in enumerate(blocks):  # of two lines: as wide as the others, and no wider
        narrow = len(block) == 2 and _width(text, block) <= width
        if narrow and _full(text, *block, width) and not _ended(text, block[0], STOPS):
            found[place] = [(block[0][0], block[1][1])]
    return list(itertools.chain.from_iterable(found))


def _unwrapped(text: str, lines: list[Span]) -> list[Span]:
    """Lines as one up to each that has room for the word after it, where most of the others end no sentence, the line
    after them begins in lower case, and these end one; the first may be a title."""
    width = _width(text, lines)
    if len(lines) < 3 or not NARROW <= width <= WIDE:
        return lines
    pairs = list(itertools.pairwise(lines))
    full = [_full(text, *pair, width) for pair in pairs]
    ended = sum(_ended(text, line, STOPS) for line, _ in itertools.compress(pairs, full))
    raised = sum(text[slice(*below)].lstrip()[:1].isupper() for _, below in itertools.compress(pairs, full))
    last = [line for (line, _), whole in list(zip(pairs, full, strict=True))[1:] if not whole]
    if sum(full) < 2 or 2 * ended >= sum(full) or 2 * raised > sum(full):
        return lines
    if not all(_ended(text, line, CLOSED) for line in last):
        return lines
    found = [lines[0]]
    for line, whole in zip(lines[1:], full, strict=True):
        if whole:
            found[-1] = found[-1][0], line[1]
        else:
            found.append(line)
    return found


def _width(text: str, lines: list[Span]) -> int:
    """Characters of the longest of some lines, without the spaces at their ends."""
    return max((len(text[start:end].rstrip()) for start, end in lines), default=0)


def _full(text: str, line: Span, below: Span, width: int) -> bool:
    """Whether a line has no room for the first word of the next one, or breaks it."""
    own = text[slice(*line)].rstrip()
    return len(own) + 1 + len(text[slice(*below)].split(None, 1)[0]) > width or (
        own[-1] == "-" and own[-2:-1].islower()
    )


def _ended(text: str, line: Span, signs: str) -> bool:
    """Whether a line ends in one of some signs."""
    return text[slice(*line)].rstrip()[-1:] in signs


def _casual(text: str, start: int, end: int) -> str:
    """The marks after which sentences of a line begin in lower case: "?!" when the line itself does, and "." when more
    of its full stops are followed by lower case than by a capital."""
    first = WORD.search(text, start, end)
    if not first or not first[0][0].islower():
        return ""
    after = [found[1].islower() for found in STOPPED.finditer(text, start, end)]
    return ".?!…" if 2 * sum(after) > len(after) else "?!"


def _sentences(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Sentences of one line. A straight quote after a space closes when one is open, else it opens the next one."""
    casual = _casual(text, start, end)
    quotes, seen = 0, start
    for found in BREAK.finditer(text, start, end):
        mark, cut = found.span()
        quotes += text.count('"', seen, mark)
        seen, quote = mark, text.find('"', mark, cut)
        if quote >= 0 and quotes % 2 == 0 and text[quote - 1].isspace():
            cut = quote
        before, after = text[max(start, mark - 25) : mark], text[cut : min(end, cut + 60)]
        if not after or (not text[cut - 1].isspace() and cut != quote and not GLUED.search(before)):
            continue
        marks = text[mark:cut].rstrip()
        if casual and marks[0] in casual:
            before, after = before.title(), after.title()
        if _ends(before, marks, after, language):
            yield start, cut
            start = cut
    if start < end:
        yield start, end


def sentence_spans(text: str, language: str = "fr") -> list[Span]:
    """Sentences of a text as (start, end); a line break ends one, but for those of a hard-wrapped paragraph.

    >>> sentence_spans("Il vient. Il part.")
    [(0, 9), (10, 18)]
    """
    text = _even(text)
    cuts = (cut for line in _paragraphs(text) for cut in _sentences(text, *line, language))
    found: list[Span] = []
    for start, end in cuts:
        span = _trimmed(text, start, end)
        if span and found and span[0] - found[-1][1] <= NEAR and LEFT.fullmatch(text, *span):
            found[-1] = found[-1][0], span[1]
        elif span:
            found.append(span)
    return found


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """Span without the white space around it, None when nothing else is there."""
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return (start, start + len(inside.strip())) if inside.strip() else None


def spans(text: str, language: str = "fr", split_hours: bool = False) -> list[list[Span]]:
    """Sentences of a text, each the list of the (start, end) of its tokens.

    >>> [["L'homme"[a:b] for a, b in sentence] for sentence in spans("L'homme")]
    [["L'", 'homme']]
    """
    text, find = _even(text), _pattern(language, split_hours).finditer
    return [[token.span() for token in find(text, *sentence)] for sentence in sentence_spans(text, language)]


@cache
def _chunks(language: str, word: Callable[[str], T]) -> Callable[[str, bool], list[tuple[int, int, T]] | None]:
    @lru_cache(2**16)
    def chunk(written: str, last: bool) -> list[tuple[int, int, T]] | None:
        """Tokens of a chunk, the last of its sentence or not; None where their cut depends on its neighbours."""
        if not last and AROUND.search(written):
            return None
        return [(start, end, word(written[start:end])) for start, end in chunk_spans(written, language)]

    return chunk


def read(text: str, language: str, word: Callable[[str], T]) -> Iterator[list[tuple[int, int, T]]]:
    """Sentences of a text, each the list of its tokens as `spans` has them, with what `word` says of each.

    >>> list(read("L'homme", "fr", str.lower))
    [[(0, 2, "l'"), (2, 7, 'homme')]]
    """
    even, find, known = _even(text), _pattern(language).finditer, _chunks(language, word)
    for first, last in sentence_spans(text, language):
        found: list[tuple[int, int, T]] = []
        for chunk in CHUNK.finditer(text, first, last):
            start, end = chunk.span()
            whole = known(chunk[0], end == last) if start >= first else None
            if whole:
                found += [(start + a, start + b, about) for a, b, about in whole]
                continue
            cuts = find(even, max(start, first), last)
            while first < end:
                start, first = next(cuts).span()
                found.append((start, first, word(text[start:first])))
        yield found


def chunk_spans(chunk: str, language: str = "fr") -> list[Span]:
    """Tokens of a chunk, which is what stands between two white spaces: they do not depend on its neighbours.

    >>> chunk_spans("l'homme.")
    [(0, 2), (2, 7), (7, 8)]
    """
    return [token.span() for token in _pattern(language).finditer(_even(chunk))]


def fold(word: str) -> str:
    """Form under which a word is counted and looked up: lower case, plain apostrophe, composed accents, no full stop.

    >>> fold("L’"), fold("etc."), fold("Cœ\\u00adur"), fold("Me\\u0301dia")
    ("l'", 'etc', 'cœur', 'média')
    """
    if word.isascii() and "`" not in word and "\n" not in word:
        return word.lower().rstrip(".") or word
    even = _even(word)
    if "\n" in word:
        even = _whole(even)
    if even[1:].endswith("‘"):  # of an elided word: the vowel that followed is cut off
        even = even[:-1] + "'"
    return unicodedata.normalize("NFKC", HIDE.sub("", even)).lower().rstrip(".") or word


@cache
def _whole(word: str) -> str:
    """A word that the end of a line breaks: without its hyphen where a dictionary has it so, or has not both halves.

    >>> _whole("intelli-\\ngence"), _whole("porte-\\nparole")
    ('intelligence', 'porte-parole')
    """
    first, *rest = HALVES.split(word, maxsplit=1)
    if not rest:
        return word
    last = _whole(rest[0])
    known = [simplemma.is_known(part.lower(), lang=LANGUAGES) for part in (first + last, first, last)]
    return first + last if known[0] or not (known[1] and known[2]) else f"{first}-{last}"


def unaccented(word: str) -> str:
    """A word without its accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def either(forms: Iterable[str]) -> str:
    """Expression of any of some forms, the longest first; their first letter is looked at once, not in each.

    >>> either(["an", "and", "or"])
    'a(?:nd|n)|o(?:r)'
    """
    by_letter = defaultdict(list)
    for form in sorted(forms, key=len, reverse=True):
        by_letter[form[0]].append(re.escape(form[1:]))
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


def lemmas(words: Iterable[str], language: str = "fr") -> dict[str, str]:
    """Lemma of each distinct word, in lower case (simplemma's dictionary; Barbaresi 2021); a compound is its own lemma.

    A word of `apart.txt` or in figures (1990s) is its own as well, and a possessive that the dictionary does not have
    is its owner.

    >>> lemmas(["bulles", "ont"])
    {'bulles': 'bulle', 'ont': 'avoir'}
    >>> lemmas(["AI", "models", "OpenAI's"], "en")
    {'AI': 'ai', 'models': 'model', "OpenAI's": 'openai'}
    """
    return {word: lemma(word, language) for word in dict.fromkeys(words)}


def lemma(word: str, language: str = "fr") -> str:
    """Lemma of one word, as in `lemmas`; of a part of a compound its singular."""
    owner = word.lower().removesuffix("'s")
    if owner in entries(language, "apart") or owner[:1].isdigit():  # 1990s
        return owner
    if "-" in word:
        first, hyphen, last = word.lower().rpartition("-")
        parts = WORD.sub(lambda part: _singular(_joined(part[0], language), language), first + hyphen)
        return parts + WORD.sub(lambda part: _singular(_joined(part[0], language), language, 3), last)
    if "oe" in owner or "œ" in owner:
        joined = owner.replace("oe", "œ")
        spelled = joined if simplemma.is_known(joined, lang=language) else owner.replace("œ", "oe")
        return _joined(simplemma.lemmatize(spelled, lang=language).lower(), language)
    found = simplemma.lemmatize(word, lang=language)
    found = (simplemma.lemmatize(owner, lang=language) if found == word != owner else found).lower()
    if found == owner:
        return owner if owner == word and not owner.endswith(("s", "x")) else _singular(owner, language)
    return word if found.endswith(entries(language, "infinitives")) and _noun(word, found, language) else found


def rate(word: str, language: str) -> float:
    """How often a word stands in a general list, of each word (wordfreq's; Speer 2022)."""
    import wordfreq  # slow to import, and needed by words that the dictionary leaves open only

    return wordfreq.word_frequency(word, language)


def _noun(word: str, verb: str, language: str) -> bool:
    """Whether a word that the dictionary joins to a verb is a noun ("crainte", "prise"): it is the lemma of its plural,
    and no form of a verb in common use ("ajoute")."""
    if not word.endswith("e") or simplemma.lemmatize(f"{word}s", lang=language) != word:
        return False
    common = rate(word, language) < 10 * rate(verb, language)
    return f"{word}r" != verb or not common


def _joined(word: str, language: str) -> str:
    """A word with the ligature that it is written with: "coeur" is "cœur", "coefficient" stays."""
    joined = word.replace("oe", "œ")
    if joined == word:
        return word
    return joined if simplemma.is_known(joined, lang=language) or rate(joined, language) else word


def _singular(word: str, language: str, least: int = 5) -> str:
    """The singular of a plural: of one that the dictionary knows, or of one in -s of some length that it does not know
    though its singular is in use ("startups")."""
    found, stem = simplemma.lemmatize(word, lang=language), word[:-1]
    if not word.endswith(("s", "x")) or found == stem:
        return found if found == stem else word
    if len(word) < least or word.endswith(("ss", "x")) or simplemma.is_known(word, lang=language):
        return word
    return stem if 10 * rate(stem, language) > rate(word, language) else word


def sentences(articles: pd.DataFrame) -> pd.DataFrame:
    """One row per sentence: `article`, `sentence` (from 0 in its article), `start`, `end` (characters), `text`."""
    rows = [
        (row.article, number, start, end, row.text[start:end])
        for row in articles.itertuples()
        for number, (start, end) in enumerate(sentence_spans(row.text, row.language))
    ]
    return pd.DataFrame(rows, columns=["article", "sentence", "start", "end", "text"])


def tokens(articles: pd.DataFrame) -> pd.DataFrame:
    """One row per token.

    Returns
    -------
    DataFrame: `article`, `sentence` (from 0 in its article), `start`, `end` (characters of the article's text), `word`
    (as written), `lemma` (lower case), `kind` (word, number, address for a URL, a mail or a tag, punctuation),
    `function` (whether it is a function word).
    """
    cut, known = _cut(articles)
    known = _named(_facts(known), cut)
    number = cut.known.to_numpy()
    called = known.called.to_numpy()[number] & (cut.kind == 0).to_numpy()
    table = pd.DataFrame({"article": articles.article.to_numpy()[cut.row]})
    table[["sentence", "start", "end"]] = cut[["sentence", "start", "end"]]
    table["word"] = pd.array(known.word, dtype=str).take(number)
    table["lemma"] = pd.array([*known.lemma, *known.name], dtype=str).take(number + len(known) * called)
    table["kind"] = pd.array(SORTS, dtype=str).take(cut.kind)
    table["function"] = known.function.to_numpy()[number] & ~called
    _mark_nouns(table, articles, cut, known)
    return table


def _cut(articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tokens as numbers, and the distinct words of each language: what follows is done once for each of them.

    Returns
    -------
    One row per token: `row` (of its article), `sentence`, `start`, `end`, `known` (row of its word), `kind` (place in
    `SORTS`), `first` (of its sentence); one row per word: `word`, `language`.
    """
    starts, ends, known, groups = (array("q") for _ in range(4))
    cuts, row = [], itertools.count()
    rows = defaultdict(lambda: defaultdict(row.__next__))  # language -> word -> its row: the next one, if it is new
    texts = zip(articles.text, articles.language, strict=True)
    for article, (text, language) in enumerate(progress.over(texts, len(articles), "words")):
        even, find, own = _even(text), _pattern(language).finditer, rows[language]
        for number, sentence in enumerate(sentence_spans(text, language)):
            cuts.append((article, number, len(known)))
            for token in find(even, *sentence):
                start, end = token.span()
                starts.append(start)
                ends.append(end)
                known.append(own[text[start:end]])
                groups.append(token.lastindex)
    columns = {"start": starts, "end": ends, "known": known, "kind": groups}
    cut = pd.DataFrame({name: np.array(values, np.int64) for name, values in columns.items()})
    cut["kind"] = np.array([0, *SORT])[cut.kind]
    about, numbers, edges = np.array(cuts, np.int64).reshape(-1, 3).T
    sizes = np.diff(edges, append=len(cut))
    cut["row"], cut["sentence"], cut["first"] = np.repeat(about, sizes), np.repeat(numbers, sizes), False
    cut.loc[edges, "first"] = True
    words = {"word": [*itertools.chain(*rows.values())], "language": np.repeat([*rows], [*map(len, rows.values())])}
    places = itertools.chain.from_iterable(own.values() for own in rows.values())
    return cut, pd.DataFrame(words, index=[*places]).sort_index()


def _facts(known: pd.DataFrame) -> pd.DataFrame:
    """Distinct words with their `form` (see `fold`), their `lemma` and whether each is a `function` word."""
    known = known.assign(form=[*map(fold, known.word.tolist())], lemma="", function=False)
    for language, own in known.groupby("language").form:
        functions = {*entries(language, "function_words"), *entries(language, "degrees")}
        lemma = lemmas(own.tolist(), language)
        known.loc[own.index, "lemma"] = [lemma[form] for form in own.tolist()]
        known.loc[own.index, "function"] = own.isin(functions)
    return known


def plain_name(word: str) -> str:
    """A name without the ending of a possessive or of the plural of an acronym.

    >>> plain_name("Nvidia’s"), plain_name("LLMs")
    ('Nvidia', 'LLM')
    """
    return ACRONYM.sub(r"\1", POSSESSIVE.sub("", word))


def _named(known: pd.DataFrame, cut: pd.DataFrame) -> pd.DataFrame:
    """Distinct words with whether they are names where they are words (`called`) and their lemma as such (`name`); the
    lemma of others that own something of a name keeps a capital.

    A name is its own lemma: what stands with a capital inside sentences, and no less often there than without, in the
    singular and the plural. One that also stands in small letters ("Orange", "orange") keeps its capital, unless a
    capital behind a small letter shows that it is no other word ("OpenAI", "openai"). Of a function
    word only one in capitals throughout is a name ("the US told us"). The owner of a possessive and the singular of an
    acronym count ("Nvidia's", "LLMs").
    """
    words, lemma = known.word.tolist(), known.lemma.tolist()
    raised = [word[:1].isupper() for word in words]
    plural = [up and bool(ACRONYM.match(word)) for word, up in zip(words, raised, strict=True)]
    called = np.array(plural, bool) | _capital(known, cut, np.array(raised, bool))
    own = [fold(plain_name(word)) if up or held else "" for word, up, held in zip(words, raised, called, strict=True)]
    rows = zip(own, lemma, called.tolist(), strict=True)
    name = [base if not held or unaccented(base) == one else one for one, base, held in rows]  # Etat, of État
    stands = np.bincount(cut.known[cut.kind == 0], minlength=len(known)) > 0
    accented = {_bare(one): one for one in sorted({*itertools.compress(name, called & stands)}) if not one.isascii()}
    name = [accented.get(one, one) for one in name]
    shared = {*itertools.compress(name, called & stands)} & {*itertools.compress(lemma, ~np.array(raised, bool))}
    shared -= {one for word, one in zip(words, name, strict=True) if MIXED.search(word)}
    owner = [up and one in shared for up, one in zip(raised, own, strict=True)]
    name = [one[:1].upper() + one[1:] if one in shared else one for one in name]
    rows = zip(lemma, owner, strict=True)
    lemma = [base[:1].upper() + base[1:] if held and base in shared else base for base, held in rows]
    return known.assign(called=called, name=name, lemma=lemma)


def _bare(name: str) -> str:
    """A name without the accents of its capitals, which many do not write: États-Unis, Etats-Unis."""
    return INITIAL.sub(lambda sign: unaccented(sign[0]), name)


def _capital(known: pd.DataFrame, cut: pd.DataFrame, raised: np.ndarray) -> np.ndarray:
    """Distinct words with a capital that stand so inside sentences, and no less often than without."""
    form, forms = pd.factorize(known.form)
    rows = zip(known.word.tolist(), known.function.tolist(), raised.tolist(), strict=True)
    shown = [(word.isupper() and bool(SHOUTED.search(word)) if function else up) for word, function, up in rows]
    capital = np.array(shown, bool) & np.array([word[:1].isalpha() for word in known.word.tolist()], bool)
    inside = (cut.kind == 0) & ~cut["first"]
    high = np.bincount(form, np.bincount(cut.known[inside], minlength=len(known)) * capital, len(forms))
    low = np.bincount(form, np.bincount(cut.known, minlength=len(known)) * ~raised, len(forms))
    low = dict(zip(forms, low, strict=True))
    ways = (
        {word, f"{word}s", word.removesuffix("s")} if often else () for word, often in zip(forms, high, strict=True)
    )
    least = np.array([sum(low.get(way, 0) for way in own) for own in ways])
    return ((high > 0) & (high >= least))[form] & capital


def _mark_nouns(table: pd.DataFrame, articles: pd.DataFrame, cut: pd.DataFrame, known: pd.DataFrame) -> None:
    """Tell nouns from the function words that are spelled alike ("l'or", "cet été"), by what stands around them (see
    `homographs`); their plurals are nouns wherever they stand."""
    for language, own in known.groupby("language").word:
        listed, small = homographs(language), own.str.lower()
        alone = small[small.isin([form for form in listed if form in entries(language, "function_words")])]
        plural = small[small.isin([f"{form}s" for form in listed if not form.endswith("s")])]
        rows = np.flatnonzero(cut.known.isin(alone.index))
        places = zip(rows, cut.row[rows], cut.start[rows], cut.end[rows], alone[cut.known[rows]], strict=True)
        texts = articles.text.array
        nouns = [row for row, article, start, end, form in places if _led(texts[article], start, end, listed[form])]
        whole = np.flatnonzero(cut.known.isin(plural.index))
        table.loc[nouns, "lemma"] = small[cut.known[nouns]].to_numpy()
        table.loc[whole, "lemma"] = plural[cut.known[whole]].str.removesuffix("s").to_numpy()
        table.loc[[*nouns, *whole], "function"] = False


def _led(text: str, start: int, end: int, about: tuple[str, str]) -> bool:
    """Whether what stands before or after a token makes it a noun."""
    before, after = about
    led = re.search(f"(?:{before})$", _even(text[max(0, start - 30) : start]), re.IGNORECASE)
    return bool(led or re.match(after, text[end : end + 40], re.IGNORECASE))


@cache
def homographs(language: str) -> dict[str, tuple[str, str]]:
    """Forms that are another word as well (or, été), with a capital names that are (Total): expressions of what stands
    before the noun or the name, or after it."""
    return {row["form"]: (row["before"], row["after"]) for row in rows(language, "homographs")}


BATCH = 2**22  # characters of text at a time: 100 MB at work, and arrays that stay in the caches
WHITE = r"[\t-\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"  # \s but space
BARE = r"^[«\"“(]*([A-HJ-UWYZa-zÀ-ÖØ-öø-ÿŒœ][A-Za-zÀ-ÖØ-öø-ÿŒœ]+)[.,;:!?…»”\")]*$"  # one word in marks, no XXe


class _Tally:
    """Counts of the words of one language, by distinct chunks: a chunk is what stands between two white spaces.

    The words of a chunk do not depend on its neighbours (but for the full stop of an abbreviation, which `fold` drops).
    So each distinct chunk is cut once, and articles x chunks times chunks x words gives articles x words.
    """

    def __init__(self, language: str):
        self.pattern, self.language = _pattern(language), language
        self.known = pl.Series(dtype=pl.Categorical(pl.Categories.random()))  # numbers the chunks as they come
        self.columns: dict[str, int] = {}
        self.held, self.edges = array("i"), array("i", [0])  # the words of each chunk, end to end, and where they end
        self.count = self.articles = np.zeros(0, np.int64)

    def chunks(self, texts: list[str]) -> pl.Series:
        """Chunks of some articles, a list of each."""
        texts = [self._unbroken(text) if any(end in text for end in ENDS) else text for text in texts]
        return pl.Series("chunk", texts, dtype=pl.String).str.replace_all(WHITE, " ").str.split(" ")

    def split(self, texts: list[str]) -> tuple[pl.Series, np.ndarray, np.ndarray]:
        """Chunks of some articles end to end, the number of each chunk, and where each article starts."""
        chunks = self.chunks(texts)
        starts = np.concatenate([[0], chunks.list.len().to_numpy().cumsum()], dtype=np.int32, casting="unsafe")
        chunks = chunks.explode()
        return chunks, chunks.cast(self.known.dtype).to_physical().to_numpy().view(np.int32), starts

    def add(self, chunks: pl.Series, numbers: np.ndarray, starts: np.ndarray) -> None:
        """Count the words of more articles, as `split` gives them."""
        new = np.flatnonzero(numbers >= len(self.edges) - 1)
        self._learn(chunks.gather(new[np.unique(numbers[new], return_index=True)[1]]))
        known, width = len(self.edges) - 1, len(self.columns)
        words = scipy.sparse.csr_array((np.ones(len(self.held), np.int32), self.held, self.edges), (known, width))
        once = np.ones(len(numbers), np.int32)
        held = scipy.sparse.csr_array((once, numbers, starts), (len(starts) - 1, known)) @ words
        self.count = np.pad(self.count, (0, width - len(self.count))) + held.sum(0)
        spread = np.bincount(held.indices, minlength=width)
        self.articles = np.pad(self.articles, (0, width - len(self.articles))) + spread

    def _learn(self, chunks: pl.Series) -> None:
        """Cut the chunks that were not met before."""
        columns, held = self.columns, self.held
        bare = chunks.str.extract(BARE).str.to_lowercase().to_list()
        for chunk, word in zip(chunks.to_list(), bare, strict=True):
            for form in (word,) if word else self.words(chunk):
                held.append(columns.setdefault(form, len(columns)))
            self.edges.append(len(held))

    def _unbroken(self, text: str) -> str:
        """A text whose words are whole that the end of a line breaks."""
        parts, place = [], 0
        for start, end in itertools.chain.from_iterable(spans(text, self.language)):
            if "\n" in text[start:end]:
                parts += [text[place:start], fold(text[start:end])]
                place = end
        return "".join([*parts, text[place:]])

    def words(self, chunk: str) -> list[str]:
        """Words of a chunk, folded."""
        return [fold(token[0]) for token in self.pattern.finditer(_even(chunk)) if token.lastgroup not in KINDS]


def _batches(articles: pd.DataFrame | Iterable[pd.DataFrame]) -> Iterator[tuple[str, list[str]]]:
    """Texts of one language at a time, `BATCH` characters or one article more."""
    waiting, size = defaultdict(list), Counter()
    if isinstance(articles, pl.LazyFrame):
        articles = articles.select("language", "text").collect_batches(chunk_size=1000)
    for frame in [articles] if isinstance(articles, pd.DataFrame | pl.DataFrame) else articles:
        for language, text in zip(frame["language"], frame["text"], strict=True):
            waiting[language].append(text)
            size[language] += len(text)
            if size[language] >= BATCH:
                yield language, waiting.pop(language)
                size[language] = 0
    yield from waiting.items()


def counts(articles: pd.DataFrame | Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Words of the articles, without building the table of tokens; the articles may come in batches, beyond memory.

    Returns
    -------
    DataFrame, one row per distinct word: `word` (folded), `count` (occurrences), `articles` (articles that hold it),
    the most frequent first. Numbers, addresses and punctuation are not words.
    """
    tallies: dict[str, _Tally] = {}
    with ThreadPoolExecutor(1) as ahead:  # Polars splits the next batch while this one is counted
        waiting = None
        for language, texts in _batches(articles):
            tally = tallies.setdefault(language, _Tally(language))
            following = tally, ahead.submit(tally.split, texts)
            if waiting:
                waiting[0].add(*waiting[1].result())
            waiting = following
        if waiting:
            waiting[0].add(*waiting[1].result())
    tables = [pl.DataFrame({"word": [*t.columns], "count": t.count, "articles": t.articles}) for t in tallies.values()]
    empty = pl.DataFrame(schema={"word": pl.String, "count": pl.Int64, "articles": pl.Int64})
    table = pl.concat([empty, *tables]).group_by("word").sum().sort(["count", "word"], descending=[True, False])
    return pd.DataFrame(table.to_dict(as_series=False))


def total(articles: pd.DataFrame | Iterable[pd.DataFrame]) -> int:
    """Running words of the articles: the sum of their `counts`, without a table of them."""
    found = 0
    for language, texts in _batches(articles):
        tally = _Tally(language)
        often = tally.chunks(texts).explode().value_counts()
        bare = often["chunk"].str.contains(BARE)
        found += often.filter(bare)["count"].sum()
        found += sum(len(tally.words(chunk)) * count for chunk, count in often.filter(~bare).iter_rows())
    return found


def disagreements(articles: pd.DataFrame, most: int = COMPARED) -> pd.DataFrame:
    """Where our cut differs from a split on white space and from NLTK's default (Treebank-style) tokeniser.

    Parameters
    ----------
    most : characters of text looked at; of more, articles are drawn at random, one at least.

    Returns
    -------
    DataFrame, one row per `peer` (white space, NLTK) and `kind` (the part of our pattern that explains the cut):
    `count` (places where the cuts differ), the most frequent as `ours` and `theirs`, an `example` in its context.
    `attrs`: `articles`, and how many of them were `compared`.
    """
    compared = drawn([articles], most)
    places: dict[tuple[str, str], Counter] = defaultdict(Counter)
    examples: dict[tuple[str, str, str], str] = {}
    for row in compared.itertuples():
        for sentence in sentence_spans(row.text, row.language):
            for peer, kind, ours, theirs, place in _differences(row.text[slice(*sentence)], row.language):
                places[peer, kind][ours, theirs] += 1
                examples.setdefault((peer, ours, theirs), place)
    rows = [
        (peer, kind, cuts.total(), *cut, examples[peer, *cut])
        for (peer, kind), cuts in places.items()
        for cut in [min(cuts, key=lambda cut: (-cuts[cut], cut))]
    ]
    table = pd.DataFrame(rows, columns=["peer", "kind", "count", "ours", "theirs", "example"])
    table.attrs = {"articles": len(articles), "compared": len(compared)}
    return table.sort_values(["peer", "count", "kind"], ascending=[False, False, True], ignore_index=True)


def _differences(sentence: str, language: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Peer, kind, our cut, its cut and the place, for each stretch of a sentence that a peer cuts otherwise."""
    from nltk.tokenize import NLTKWordTokenizer  # slow to import, and needed here only

    kinds = {found.span(): found.lastgroup for found in _pattern(language).finditer(_even(sentence))}
    peers = {"white space": re.finditer(r"\S+", sentence), "NLTK": NLTKWordTokenizer().span_tokenize(sentence)}
    for peer, cuts in peers.items():
        theirs = {cut.span() if peer == "white space" else cut for cut in cuts}
        for start, end in _merged(kinds.keys() ^ theirs):
            ours, other = (sorted(s for s in spans if start <= s[0] < end) for spans in (kinds, theirs))
            own = [kinds[span] for span in ours]
            special = [kind for kind in own if kind not in ("plain", "word", "stop", "mark", "rule")]
            kind = special[0] if special else "word" if own in (["plain"], ["word"]) else "punctuation"
            written = (" | ".join(sentence[a:b] for a, b in spans) for spans in (ours, other))
            yield peer, kind, *written, sentence[max(0, start - 30) : end + 30]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Stretches that overlapping spans cover together."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged
