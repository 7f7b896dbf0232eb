"""A theme, and the sentences that hold it with the sentences around them (a concordance of whole sentences)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from unicodedata import combining, normalize

import numpy as np
import pandas as pd
import regex

from bulle import PACKAGE, InputError, entries, typed, words
from bulle.floors import counted
from bulle.forms import bare, compounds, forms, is_name
from bulle.view import View, plain, views

EXPRESSION = "re:"  # begins a theme that is a regular expression
REGULAR = regex.compile(r"[\\\[\](){}*+?^$|]")  # one of these, and the theme may be meant as an expression
SECONDS = 5  # a regular expression may take this long on one article: backtracking can be exponential
APART = regex.compile(r"[;|\n]|,(?!(?<=\d,)\d)")  # between two entries; the comma of 1,5 is none
GAP = r"(?=[\s-])-?[^\S\n]*\n?[^\S\n]*"  # between two words of an entry: spaces, a hyphen, one end of a line
SPACED = "%€£$!?»"  # the French may part these from what stands before: 500 €, 500€, Yahoo !
PIECE = regex.compile(r"\s+|[^\W_]+|.", regex.DOTALL)
CAPITALS = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ"
LIGATURES = {"oe": "(?:[oO][eE]|[œŒ])", "ae": "(?:[aA][eE]|[æÆ])"}  # œuvre, oeuvre
REACH = 80  # characters that a hyphenated compound may have on each side of a word
BEFORE = regex.compile(r"(?:\w++(?:-d'|-))+\Z")
ADDRESS = regex.compile(  # of a page or a mailbox: its letters are no words
    r"""(?:(?:https?|ftp)://|www\.)[^\s<>«»"“”]++ | (?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+
    | (?<![\w@./-])[\w-]++(?:\.[\w-]++)+/[^\s<>«»"“”]*+""",
    regex.VERBOSE,
)
SIGN = regex.compile(r"://|www\.|@|\.\w++/")  # in each address


def is_expression(theme: str) -> bool:
    """Whether a theme asks for a regular expression."""
    return theme.strip().lower().startswith(EXPRESSION)


@cache
def theme_entries(theme: str, language: str) -> tuple[str, ...]:
    """Words and phrases of a theme: those of the theme file of that name, else the theme itself, parted by commas.

    >>> theme_entries("risque, centre de données", "fr")
    ('risque', 'centre de données')
    """
    theme = theme.strip()
    names = [path.stem for path in (PACKAGE / "data" / language / "themes").glob("*.txt")]
    parts = entries(language, f"themes/{theme}") if theme in names else APART.split(theme)
    return tuple(entry for part in parts if (entry := " ".join(plain(part).split())))


@cache
def pattern(theme: str, language: str) -> regex.Pattern:
    """Compiled expression that finds a theme in the view of a text (see `view.views`), whatever else is read.

    Parameters
    ----------
    theme : words or phrases separated by commas, each sign as it is written, or the name of a theme file; after `re:`,
        a regular expression. A word is found in its number and gender; one with capitals with these capitals, or all in
        capitals.

    Raises
    ------
    InputError : the theme is empty, or is not a valid regular expression.
    """
    typed(str, theme=theme)
    asked = is_expression(theme)
    held = [theme.strip()[len(EXPRESSION) :].strip()] if asked else theme_entries(theme, language)
    if not any(held):
        raise InputError(
            "parameter 'theme' is empty; give a word, words separated by commas, or re: and a regular expression"
        )
    if asked:
        try:
            return regex.compile(plain(held[0]), regex.IGNORECASE | regex.VERSION1)
        except regex.error as error:
            raise InputError(f"theme {theme!r} is not a valid regular expression: {error}") from None
    held = [entry.lower() if " " in entry and entry[1:].islower() else entry for entry in held]
    inflected = forms({piece for entry in held for piece, whole in _pieces(entry) if whole}, language)
    written = [_phrase(entry, inflected, language) for entry in sorted(held, key=len, reverse=True)]
    return regex.compile("|".join(written), regex.VERSION1)


def _pieces(entry: str) -> list[tuple[str, bool]]:
    """Words, signs and gaps of an entry; and whether each is a whole word, which has forms."""
    pieces = PIECE.findall(entry)
    around = zip([" ", *pieces], pieces, [*pieces[1:], " "], strict=False)
    return [(piece, piece.isalpha() and before in " -'" and after in " -") for before, piece, after in around]


def _phrase(entry: str, inflected: dict[str, list[str]], language: str) -> str:
    """Expression of one entry."""
    pieces, parts = _pieces(entry), []
    for place, (piece, whole) in enumerate(pieces):
        after = pieces[place + 1][0] if place + 1 < len(pieces) else ""
        if whole:
            own = [_written(form, piece, form != piece and is_name(form, language)) for form in inflected[piece]]
            parts.append("(?:" + "|".join(sorted(own, key=len, reverse=True)) + ")")
        elif place and (piece in SPACED or (piece == " " and after and after in SPACED)):
            parts.append(" ?" if piece == " " else ("" if parts[-1] == " ?" else " ?") + regex.escape(piece))
        elif piece == " " or (piece == "-" and place > 0 and after):
            parts.append(GAP)
        else:
            elided = after == "'" and piece.lower() in entries(language, "elisions")
            parts.append(_written(piece, piece.lower() if elided else piece, False))
    return _edge(entry[0], before=True) + "".join(parts) + _edge(entry[-1], before=False)


def _edge(sign: str, before: bool) -> str:
    """What may not stand beside the first or last sign of an entry: more of the same word or number."""
    if sign.isdigit():
        return r"(?<![\w@]|\d[ .,])" if before else r"(?!\w|[.,]\d| \d{3}(?!\d))"
    if sign.isalpha():
        return r"(?<![\w@])" if before else r"(?!\w)"
    if sign in '([{«“"”»}])':
        return ""
    return r"(?<!\w)" if before else rf"(?!\w|{regex.escape(sign)})" if sign not in ".!?" else r"(?!\w)"


def _written(form: str, entry: str, small: bool) -> str:
    """Expression of a form: in any letters, or in the capitals that its entry has; `small`: not with a capital."""
    if entry != entry.lower():
        ways = dict.fromkeys("".join(map(_capital, way)) for way in (form, form.upper()))
        return "(?:" + "|".join(ways) + ")" if len(ways) > 1 else next(iter(ways))
    pieces = regex.findall("oe|ae|.", form.lower().replace("œ", "oe").replace("æ", "ae"), regex.DOTALL)
    parts = [LIGATURES.get(piece) or _letter(piece) for piece in pieces]
    return "".join([regex.escape(form[0]), *parts[1:]] if small else parts)


def _letter(sign: str) -> str:
    """A small letter, or its capital with or without the accent."""
    signs = dict.fromkeys([sign, sign.upper(), _bare(sign.upper())])
    return "[" + "".join(signs) + "]" if sign.isalpha() and all(len(one) == 1 for one in signs) else regex.escape(sign)


def _capital(sign: str) -> str:
    """A letter as it is written; a capital with or without an accent (État, Etat)."""
    if not sign.isupper() or len(sign) > 1:
        return regex.escape(sign)
    return "[" + "".join(dict.fromkeys([sign, _bare(sign), *(one for one in CAPITALS if _bare(one) == sign)])) + "]"


def _bare(sign: str) -> str:
    return "".join(one for one in normalize("NFD", sign) if not combining(one))


def matches(articles: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Places where a theme stands; those of an article are the same whatever else is read.

    A hyphenated compound of a word is found with it (mini-bulle), unless the dictionary has it as a word of its own
    (États-Unis for État). A hashtag is its word (#bulle); the address of a page or a mailbox holds no words, and an
    account (@bulle) is none.

    Returns
    -------
    DataFrame, one row per match in reading order: `article`, `start`, `end` (offsets into the article), `match` (text).

    Raises
    ------
    InputError : the theme is no theme (see `pattern`), or its expression takes more than a few seconds on one article.
    """
    found, asked = [], is_expression(theme)
    for language, group in articles.groupby("language", sort=False):
        expression = pattern(theme, language)
        for article, text in zip(group.article, group.text, strict=True):
            try:
                spans = [
                    view.span(*place) for view in views(text) for place in _places(view, expression, asked, language)
                ]
            except TimeoutError:
                raise InputError(
                    f"theme {theme!r} takes more than {SECONDS} s on article {article!r}; "
                    "write it without nested repetitions such as (a+)+"
                ) from None
            found += [(article, start, end, text[start:end]) for start, end in _apart(spans)]
    return pd.DataFrame(found, columns=["article", "start", "end", "match"])


def _places(view: View, expression: regex.Pattern, asked: bool, language: str) -> list[words.Span]:
    """Where an expression stands in a view: as it is when it was asked for, else as words."""
    text = view.text
    spans = [match.span() for match in expression.finditer(text, timeout=SECONDS) if match.group().strip()]
    if asked or not spans:
        return spans
    if SIGN.search(text):
        inside = [found.span() for found in ADDRESS.finditer(text)]
        starts = [start for start, _ in inside]
        last = (bisect_right(starts, start) - 1 for start, _ in spans)
        spans = [span for span, own in zip(spans, last, strict=True) if own < 0 or inside[own][1] <= span[0]]
    return [wide for span in spans if (wide := _compound(text, *span, language))]


@cache
def _after(language: str) -> regex.Pattern:
    """The rest of a hyphenated compound; a pronoun or a particle that hangs on a word is none (crise-là)."""
    clitics = "|".join(regex.escape(line.split()[0]) for line in entries(language, "clitics")) or "(?!)"
    return regex.compile(rf"(?:(?!(?:{clitics})(?![\w-]))-\w++)*+")


def _compound(text: str, start: int, end: int, language: str) -> words.Span | None:
    """The hyphenated compound around a place, or the place itself; None inside another word of the dictionary."""
    before = text[start - 1 : start] in ("-", "'") and BEFORE.search(text, max(0, start - REACH), start)
    first = before.start() if before else start
    last = _after(language).match(text, end, end + REACH).end()
    if (first, last) != (start, end) and bare(text[first:last]) in compounds(language):
        return None
    return first, last


def _apart(spans: list[words.Span]) -> list[words.Span]:
    """Spans in their order, without those that overlap an earlier one."""
    kept, place = [], 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= place:
            kept.append((start, end))
            place = end
    return kept


def hint(articles: pd.DataFrame, theme: str) -> str:
    """What a theme does not count and may have meant, in one line: other capitals, an expression, words near it.

    >>> hint(pd.DataFrame({"article": "a", "language": "fr", "text": ["Une bulle."]}), "bulbe")
    'Words near it in these texts: bulle (1).'
    """
    if is_expression(theme):
        return ""
    found, small = matches(articles, theme), theme.lower()
    if small != theme:
        every = matches(articles, small)[["article", "start"]]
        left = len(every.merge(found[["article", "start"]], how="left", indicator=True).query("_merge == 'left_only'"))
        if left:
            more = counted(left, "more times")
            return f"In other capitals it stands {more} in these texts, not counted; {small!r} counts all."
    if len(found):
        return ""
    if REGULAR.search(theme):
        return f"{theme!r} is read as it is written, signs included; for a regular expression, write re:{theme.strip()}"
    told = ", ".join(f"{word} ({count:,})" for word, count in _near(articles, theme))
    return f"Words near it in these texts: {told}." if told else ""


def _near(articles: pd.DataFrame, theme: str) -> list[tuple[str, int]]:
    """Words of the articles spelt almost as those words of a theme that none of them holds, with their counts."""
    near: Counter[str] = Counter()
    for language, group in articles.groupby("language", sort=False):
        spelt: dict[str, list[tuple[str, int]]] = {}
        for word, count in words.counts(group)[["word", "count"]].itertuples(index=False):
            spelt.setdefault(bare(word), []).append((word, count))
        for part in (bare(part) for entry in theme_entries(theme, language) for part in entry.split()):
            alike = [word for word in spelt if abs(len(word) - len(part)) < 3]
            for one in get_close_matches(part, alike, 3, 0.7) if part not in spelt else ():
                near.update(dict(spelt[one]))
    return near.most_common(5)


def passages(articles: pd.DataFrame, theme: str, context: int = 1) -> pd.DataFrame:
    """Sentences that hold a theme, with the sentences around them; passages that touch are one.

    Parameters
    ----------
    articles : table with `article`, `language`, `text`.
    theme : see `pattern`.
    context : sentences shown before and after each sentence that holds the theme.

    Returns
    -------
    DataFrame, one row per sentence: `passage` (from 0), `article`, `sentence`, `start`, `end`,
    `match` (what the theme matched there, "" in a sentence of context), `text`.
    """
    return around(articles, matches(articles, theme), context)


def around(articles: pd.DataFrame, found: pd.DataFrame, context: int) -> pd.DataFrame:
    """The `passages` around places that `matches` has found."""
    typed(int, context=context)
    if context < 0:
        raise InputError(f"parameter 'context' is {context}; it counts sentences, so 0 or more")
    cut = words.sentences(articles[articles.article.isin(found.article)])
    places = dict(list(found.groupby("article")))
    matched, near = [""] * len(cut), np.zeros(len(cut), bool)
    for article, starts in cut.groupby("article", sort=False).start:
        first, last = starts.index[[0, -1]]
        for row, match in zip(first + holders(starts, places[article].start), places[article].match, strict=True):
            matched[row] += f", {match}" if matched[row] else match
            near[max(first, row - context) : min(last, row + context) + 1] = True
    held = cut.assign(match=pd.Series(matched, dtype=str))[near].reset_index(drop=True)
    jump = (held.article != held.article.shift()) | (held.sentence != held.sentence.shift() + 1)
    held.insert(0, "passage", jump.cumsum() - 1)
    return held[["passage", "article", "sentence", "start", "end", "match", "text"]]


def holders(starts: Sequence[int], places: Sequence[int]) -> np.ndarray:
    """Number of the sentence that holds each place of an article, by where they start.

    >>> holders([2, 10, 20], [0, 2, 19]).tolist()
    [0, 0, 1]
    """
    return np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)


def others(sentences: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table of sentences that are not in another (both with `article` and `sentence`), in their order."""
    keys = ["article", "sentence"]
    return sentences[~sentences.set_index(keys).index.isin(held.set_index(keys).index)]
