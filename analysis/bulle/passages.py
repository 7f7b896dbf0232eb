"""A theme, and the sentences that hold it with the sentences around them (a concordance of whole sentences)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd
import regex

from bulle import InputError, entries, themes, typed, words
from bulle.forms import bare, compounds, forms, is_name, verb
from bulle.view import View, views
from bulle.wording import filled, said

SECONDS = 5  # a regular expression may take this long on one article: backtracking can be exponential
GAP = r"(?=[\s-])-?[^\S\n]*\n?[^\S\n]*"  # between two words of an entry: spaces, a hyphen, one end of a line
SPACED = "%€£$!?»"  # the French may part these from what stands before: 500 €, 500€, Yahoo !
PIECE = regex.compile(r"\s+|[^\W_]+|.", regex.DOTALL)
CAPITALS = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ"
LIGATURES = {"oe": "(?:[oO][eE]|[œŒ])", "ae": "(?:[aA][eE]|[æÆ])"}  # œuvre, oeuvre
INSIDE = r"(?<=[\w,;'(/-] ?)"  # a sentence
SMALL = r"(?!(?<=\b\p{Lu}[\w'-]*\W\w++) \p{Lu})"  # not between two words with a capital
FAR = 2**40  # more characters than an article has
REACH = 80  # characters that a hyphenated compound may have on each side of a word
BEFORE = regex.compile(r"(?:\w++(?:-d'|-))+\Z")
ADDRESS = regex.compile(  # of a page or a mailbox: its letters are no words
    r"""(?:(?:https?|ftp)://|www\.)[^\s<>«»"“”]++ | (?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+
    | (?<![\w@./-])[\w-]++(?:\.[\w-]++)+/[^\s<>«»"“”]*+""",
    regex.VERBOSE,
)
AHEAD, BEHIND = regex.compile(r"(?r)\s|\A"), regex.compile(r"\s|\Z")
SIGN = regex.compile(r"://|www\.|@|\.\w++/")  # in each address


def pattern(theme: str, language: str) -> regex.Pattern:
    """Compiled expression that finds a theme in the view of a text (see `view.views`), whatever else is read.

    Parameters
    ----------
    theme : see `themes.theme`. A word is found in its number and gender; one with capitals with these capitals, or all
        in capitals.

    Raises
    ------
    InputError : the theme is empty, or is not a valid regular expression.
    """
    return _asked(themes.theme(theme, language), language)[0]


@cache
def _asked(theme: themes.Theme, language: str) -> tuple[regex.Pattern, regex.Pattern | None]:
    """Expressions of what a theme asks for, and of what it leaves out."""
    if theme.expression:
        try:
            return regex.compile(theme.entries[0], regex.IGNORECASE | regex.VERSION1), None
        except regex.error as error:
            raise InputError(f"theme 're:{theme.entries[0]}' is not a valid regular expression: {error}") from None
    # quotation marks hold several words together that are left out, which have their forms there
    excluded = [entry.strip('"') if " " in entry else entry for entry in theme.excluded]
    return _either(theme.entries, language), _either(excluded, language) if excluded else None


def _either(held: Sequence[str], language: str) -> regex.Pattern:
    """Expression that finds one of some entries, the longest first."""
    held = [entry.lower() if " " in entry and entry[1:].islower() else entry for entry in held]
    written = [_entry(entry, language) for entry in sorted(held, key=len, reverse=True)]
    return regex.compile("|".join(written), regex.VERSION1)


def _entry(entry: str, language: str) -> str:
    """Expression of one entry: in its forms, in those of a verb, or as it is written."""
    if entry[0] == entry[-1] == '"' and len(entry) > 2:
        own = entry[1:-1]
        alone = r"(?<!\w-)", rf"(?!{_clitic(language)}-\w)"
        return _phrase(own, {piece: [piece] for piece, _ in _pieces(own)}, language).join(alone)
    infinitive = themes.VERB.sub("", entry)
    if infinitive != entry:
        return _phrase(infinitive, {piece: verb(piece, language) for piece, _ in _pieces(infinitive)}, language)
    short = 2 if "-" in entry else 3  # start-ups has a singular, gps has none
    found = _phrase(entry, forms(inflected(entry), language, short), language)
    small, known = entry[:1].lower() + entry[1:], words.homographs(language)
    if entry not in known and small not in known:
        return found
    before, after = known.get(entry) or known[small]
    noun = f"(?:(?<=(?i:{before}){_written(entry, entry, False)})|(?=(?i:{after})))"
    if small != entry:  # inside a sentence its capital tells it (Grand Est); at its head any word has one (Est-ce),
        return "|".join([INSIDE + found + SMALL, found + noun])  # and in a title, or shouted (IL EST LÀ)
    others = [form for form in forms([entry], language)[entry] if form != entry]
    return "|".join([_phrase(entry, {entry: [entry]}, language) + noun, _phrase(entry, {entry: others}, language)])


def _pieces(entry: str) -> list[tuple[str, bool]]:
    """Words, signs and gaps of an entry; and whether each is a whole word, which has forms."""
    pieces = PIECE.findall(entry)
    around = zip([" ", *pieces], pieces, [*pieces[1:], " "], strict=False)
    return [(piece, piece.isalpha() and before in " -'" and after in " -") for before, piece, after in around]


def inflected(entry: str) -> list[str]:
    """Words of an entry that are found in their forms."""
    return [piece for piece, whole in _pieces(entry) if whole]


def _phrase(entry: str, known: dict[str, list[str]], language: str) -> str:
    """Expression of one entry."""
    pieces, parts = _pieces(entry), []
    wild = [
        sign == "*" and any(piece.isalpha() for piece, _ in pieces[max(0, place - 1) : place + 2])
        for place, (sign, _) in enumerate(pieces)
    ]
    for place, (piece, whole) in enumerate(pieces):
        after = pieces[place + 1][0] if place + 1 < len(pieces) else ""
        if whole:
            own = [_written(form, piece, form != piece and is_name(form, language)) for form in known[piece]]
            parts.append("(?:" + "|".join(sorted(own, key=len, reverse=True)) + ")")
        elif wild[place]:
            parts.append(r"\w*+" if place + 1 == len(pieces) or after == " " else r"\w*")
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
    if sign.isalpha() or sign == "*":
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
    signs = dict.fromkeys([sign, sign.upper(), words.unaccented(sign.upper())])
    return "[" + "".join(signs) + "]" if sign.isalpha() and all(len(one) == 1 for one in signs) else regex.escape(sign)


def _capital(sign: str) -> str:
    """A letter as it is written; a capital with or without an accent (État, Etat)."""
    if not sign.isupper() or len(sign) > 1:
        return regex.escape(sign)
    accented = [one for one in CAPITALS if words.unaccented(one) == sign]
    return "[" + "".join(dict.fromkeys([sign, words.unaccented(sign), *accented])) + "]"


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
    return sought(articles, theme)[0]


def sought(articles: pd.DataFrame, theme: str, small: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The `matches` of a theme, and in the same columns the places that it leaves out; `small`: as if it were written
    without capitals."""
    found, left, columns = [], [], ["article", "start", "end", "match"]
    for language, group in articles.groupby("language", sort=False):
        asked = themes.theme(theme, language)
        if small:
            asked = replace(asked, entries=tuple(entry.lower() for entry in asked.entries))
        expressions = _asked(asked, language)
        for article, text in zip(group.article, group.text, strict=True):
            try:
                spans, out = _spans(text, expressions, asked.expression, language)
            except TimeoutError:
                raise InputError(
                    f"theme {theme!r} takes more than {SECONDS} s on article {article!r}; "
                    "write it without nested repetitions such as (a+)+"
                ) from None
            found += [(article, start, end, text[start:end]) for start, end in spans]
            left += [(article, start, end, text[start:end]) for start, end in out]
    return pd.DataFrame(found, columns=columns), pd.DataFrame(left, columns=columns)


def _spans(
    text: str, expressions: tuple[regex.Pattern, regex.Pattern | None], asked: bool, language: str
) -> tuple[list[words.Span], list[words.Span]]:
    """Places of a theme in a text, and those that it leaves out; `asked`: it is an expression."""
    expression, other = expressions
    seen = views(text)
    spans = _apart([view.span(*place) for view in seen for place in _places(view, expression, asked, language)])
    if not spans or other is None:
        return spans, []
    out = [view.span(*place) for view in seen for place in _places(view, other, asked, language)]
    left = [span for span in spans if any(start < span[1] and span[0] < end for start, end in out)]
    return [span for span in spans if span not in left], left


def _places(view: View, expression: regex.Pattern, asked: bool, language: str) -> list[words.Span]:
    """Where an expression stands in a view: as it is when it was asked for, else as words."""
    text = view.text
    spans = [match.span() for match in expression.finditer(text, timeout=SECONDS) if match.group().strip()]
    if asked or not spans:
        return spans
    return [wide for span in _unaddressed(text, spans) if (wide := _compound(text, *span, language))]


def _unaddressed(text: str, spans: list[words.Span]) -> list[words.Span]:
    """The spans of a text that begin in no address: it has no white space, so only what is around is looked at."""
    kept, end, inside = [], 0, []
    for span in spans:
        if span[0] >= end:
            first, end = AHEAD.search(text, 0, span[0]).end(), BEHIND.search(text, span[0]).end()
            signed = SIGN.search(text, first, end)
            inside = [found.span() for found in ADDRESS.finditer(text, first, end)] if signed else []
        last = bisect_right(inside, (span[0], len(text))) - 1
        if last < 0 or inside[last][1] <= span[0]:
            kept.append(span)
    return kept


@cache
def _after(language: str) -> regex.Pattern:
    """The rest of a hyphenated compound."""
    return regex.compile(rf"(?:{_clitic(language)}-\w++)*+")


def _clitic(language: str) -> str:
    """Expression of where no pronoun or particle begins that hangs on a word (crise-là)."""
    clitics = "|".join(regex.escape(line.split()[0]) for line in entries(language, "clitics")) or "(?!)"
    return rf"(?!(?:{clitics})(?![\w-]))"


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
    """What a theme does not count and may have meant, in one line: other capitals, words near it, what it leaves out.

    >>> hint(pd.DataFrame({"article": "a", "language": "fr", "text": ["Une bulle."]}), "bulbe")
    'Words near it in these texts: bulle (1).'
    """
    if themes.is_expression(theme):
        return ""
    found, excluded = sought(articles, theme)
    if not articles.empty and any(
        part != part.lower() for part in themes.theme(theme, articles.language.iloc[0]).entries
    ):
        every = sought(articles, theme, small=True)[0][["article", "start"]]
        left = len(every.merge(found[["article", "start"]], how="left", indicator=True).query("_merge == 'left_only'"))
        if left:
            return said("hint.capitals", left=left, theme=theme.strip().lower())
    if len(found):
        return ""
    if len(excluded):
        return said("hint.excluded", excluded=len(excluded))
    near = ", ".join(
        filled("{word} ({count})", {"word": word, "count": count}) for word, count in _near(articles, theme)
    )
    return said("hint.near", near=near) if near else ""


def _near(articles: pd.DataFrame, theme: str) -> list[tuple[str, int]]:
    """Words of the articles spelt almost as those words of a theme that none of them holds, with their counts; if they
    hold all, its words themselves, which stand apart or with other signs."""
    near: Counter[str] = Counter()
    apart: Counter[str] = Counter()
    for language, group in articles.groupby("language", sort=False):
        spelt: dict[str, list[tuple[str, int]]] = {}
        for word, count in words.counts(group)[["word", "count"]].itertuples(index=False):
            spelt.setdefault(bare(word), []).append((word, count))
        wanted = {bare(part.strip('"*')) for entry in themes.theme(theme, language).entries for part in entry.split()}
        for part in sorted(wanted):
            apart.update(dict(spelt.get(part, [])))
            alike = [word for word in spelt if abs(len(word) - len(part)) < 3]
            for one in get_close_matches(part, alike, 3, 0.7) if part not in spelt else ():
                near.update(dict(spelt[one]))
    return (near or apart).most_common(5)


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
    return among(words.sentences(articles[articles.article.isin(found.article)]), found, context)


def among(sentences: pd.DataFrame, found: pd.DataFrame, context: int) -> pd.DataFrame:
    """The same, of articles that are cut: `sentences` of those that hold the theme, see `words.sentences`."""
    typed(int, context=context)
    if context < 0:
        raise InputError(f"parameter 'context' is {context}; it counts sentences, so 0 or more")
    cut = sentences.reset_index(drop=True)
    matched, near = [""] * len(cut), np.zeros(len(cut), bool)
    own = pd.factorize(cut.article)[0]
    first, last = (np.searchsorted(own, own, side) for side in ("left", "right"))  # rows of the article of each row
    for row, match in zip(rows(found, cut), found.match, strict=True):
        matched[row] += f", {match}" if matched[row] else match
        near[max(first[row], row - context) : min(last[row], row + context + 1)] = True
    held = cut.assign(match=pd.Series(matched, dtype=str))[near].reset_index(drop=True)
    jump = (held.article != held.article.shift()) | (held.sentence != held.sentence.shift() + 1)
    held.insert(0, "passage", jump.cumsum() - 1)
    return held[["passage", "article", "sentence", "start", "end", "match", "text"]]


def rows(found: pd.DataFrame, sentences: pd.DataFrame) -> np.ndarray:
    """Row, counted from 0, of the sentence that holds each place (`article`, `start`) or is the last before it in the
    article; -1 where the article has none. `sentences` stand by article, in their order."""
    codes, articles = pd.factorize(sentences.article)
    own = articles.get_indexer(found.article)
    last = np.searchsorted(codes * FAR + sentences.start, own * FAR + found.start, side="right") - 1
    return np.where(own < 0, -1, np.maximum(last, np.searchsorted(codes, own)))


def within(found: pd.DataFrame, sentences: pd.DataFrame) -> pd.Series:
    """Whether each place (`article`, `start`) stands in one of some sentences (`article`, `start`, `end`)."""
    start, end = (np.append(sentences[name], 0)[rows(found, sentences)] for name in ("start", "end"))
    return (start <= found.start) & (found.start < end)


def others(sentences: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table of sentences that are not in another (both with `article` and `sentence`), in their order."""
    keys = ["article", "sentence"]
    return sentences[~sentences.set_index(keys).index.isin(held.set_index(keys).index)]
