"""Stance towards a theme: for each of its places whether the sentence says that it is there, fears, denies or asks it,
with the words that decided. Rules: `data/stance.csv`, words: `data/<language>/stance.txt`; an event has no stance."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pandas as pd

from bulle import PACKAGE, corpus, entries, passages, themes
from bulle.view import even
from bulle.words import Span

COLUMNS = "article sentence start end stance mode rule cues image image_cue".split()
SEEN = 200  # characters on each side of a place or a sentence that are looked at: the farthest cue stands 160 away
RECENT = 2  # years before that of an article that are still the present
MANY = 40  # places of five characters in what is seen of one side
SHORT = 60  # characters of a line that only names its theme
WORD = re.compile(r"[^\W_]\S*")
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
ASKED = re.compile(r"[^?.!;(]{0,150}\?")  # after the theme
LISTED = re.compile(r"\s*(?:[-*]\s+\[|!\[|\|)")  # a link, an image, a row of a table
BLANK = str.maketrans(dict.fromkeys("*_\n\t\r\u00ad", " ") | {"İ": "i"})  # whose small letter has two signs
OPENING = ' ,;:(«»"“”–—-'  # what a cue may begin with is no part of it
MARKS = str.maketrans(dict.fromkeys('«»"“”*_', " "))  # they stand between words that go together


@dataclass(frozen=True)
class Place:
    """A place of the theme in its sentence, `start` to `end` of a `text` in small letters with X for the theme.

    The part of the sentence from `low` to `high` holds it; `year` of the article; `own`: cues of the rules that have no
    list: another sense, a question, the shape of the sentence.
    """

    text: str
    start: int
    end: int
    low: int
    high: int
    language: str
    year: int
    own: dict[str, Span]


def stances(articles: pd.DataFrame | str, theme: str, language: str = "fr") -> pd.DataFrame:
    """What is held of a theme, place by place; for themes whose file says `stance: claim` (see `themes.Theme.fact`).

    Parameters
    ----------
    articles : table with `article`, `date`, `language`, `text`; or one text, which is in `language`.
    theme : see `themes.theme`. A theme that is an event, or of which nothing is said, gives an empty table.

    Returns
    -------
    DataFrame, one row per place in reading order: `article`, `sentence` (its number), `start`, `end`, `stance`
    (worries, denies, asks, past, other: the word in another sense, asserts, or names: none of these), `mode` of asserts
    and names (said, given: taken for granted, talk, or ""), `rule` (see `data/stance.csv`), `cues` (list of (start,
    end) of what decided), `image` (inflates, bursts, deflates or "") and `image_cue` ((start, end) or None), all in
    characters of the text. `shares` says which stances may be counted. Nearest: Saurí & Pustejovsky 2012 (factuality).

    >>> stances("Ce n'est pas une bulle. La bulle de 2000 ?", "bulle")[["stance", "cues"]].to_numpy().tolist()
    [['denies', [(3, 12)]], ['asks', [(41, 42)]]]
    """
    articles = corpus.given(articles, language) if isinstance(articles, str) else articles
    found = passages.matches(articles, theme)
    return held(articles, theme, passages.around(articles, found, 0), found)


def held(articles: pd.DataFrame, theme: str, hits: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The `stances` of a theme whose places are `found`, in the sentences `hits`; see `passages`."""
    if hits.empty:
        return pd.DataFrame(columns=COLUMNS)
    about = articles[["article", "language", "date", "text"]]
    hits = hits.merge(about, "left", on="article", suffixes=("", "_whole"))
    rows: list[tuple] = []
    for language, own in hits.groupby("language", sort=False):
        asked = themes.theme(theme, language)
        if asked.fact("stance") == "claim" and (PACKAGE / "data" / language / "stance.txt").is_file():
            rows += _rows(own, found, asked, language)
    return pd.DataFrame([row[1:] for row in sorted(rows, key=lambda row: row[0])], columns=COLUMNS)


def shares(theme: str, language: str) -> tuple[str, ...]:
    """Stances that are told well enough for shares of the places of a theme (at least so many: some are missed)."""
    return tuple(filter(None, themes.theme(theme, language).fact("shares").split(", ")))


def _rows(hits: pd.DataFrame, found: pd.DataFrame, asked: themes.Theme, language: str) -> Iterator[tuple]:
    """Rows of the sentences of a language, each after the number of its sentence among all."""
    other, perhaps, own = (_senses(hits, asked, fact) for fact in ("other", "perhaps", "own"))
    spans = {article: (group.start.tolist(), group.end.tolist()) for article, group in found.groupby("article")}
    for hit in hits.itertuples():
        starts, ends = spans[hit.article]
        first, last = bisect_left(starts, hit.start), bisect_left(starts, hit.end)
        inside = [(starts[n] - hit.start, min(ends[n], hit.end) - hit.start) for n in range(first, last)]
        maybe = [] if hit.Index in own else perhaps.get(hit.Index, [])
        places = list(_places(hit, inside, other.get(hit.Index, []), maybe, language))
        for number, place in enumerate(places):
            rule, cues = _decided(place, places[max(0, number - MANY) : number + MANY])
            image, drawn = _image(place) if rule.stance != "other" else ("", None)
            cues = [(a + hit.start, b + hit.start) for a, b in cues]
            drawn = drawn and (drawn[0] + hit.start, drawn[1] + hit.start)
            about = hit.Index, hit.article, hit.sentence, starts[first + number], ends[first + number]
            yield *about, rule.stance, rule.mode, rule.rule, cues, image, drawn


def _senses(hits: pd.DataFrame, asked: themes.Theme, fact: str) -> dict[int, list[Span]]:
    """Number of a sentence -> where the words of a fact of the theme stand in it."""
    made: dict[int, list[Span]] = {}
    if words := asked.fact(fact):
        wide = SEEN if fact == "own" else 0
        seen = [hit.text_whole[max(0, hit.start - wide) : hit.end + wide] for hit in hits.itertuples()]
        texts = hits.assign(article=hits.index, text=[text.translate(MARKS) for text in seen])
        for number, start, end, _ in passages.matches(texts, words).itertuples(index=False):
            made.setdefault(number, []).append((start, end))
    return made


def _places(hit: tuple, spans: list[Span], other: list[Span], maybe: list[Span], language: str) -> Iterator[Place]:
    """The places of a sentence, each with what stands around it; `other`, `maybe`: words of another sense."""
    signs = list(even(hit.text).translate(BLANK).lower())
    for start, end in spans:
        signs[start:end] = "X" * (end - start)
    text, stop, year = "".join(signs), _words(language, "stop"), 9999 if pd.isna(hit.date) else hit.date.year
    label = "label" if text[0] == "#" or len(text) < SHORT or text.count(", ") + text.count(" - ") > 3 else ""
    shape = "listed" if LISTED.match(hit.text) or text.count("|") > 2 else label
    for start, end in spans:
        first, last = max(0, start - SEEN), min(len(text), end + SEEN)
        low = max((found.end() for found in stop.finditer(text, first, start)), default=first)
        high = next((found.start() for found in stop.finditer(text, end, last)), last)
        own = {shape: (start, end)}
        if mark := ASKED.match(text, end):
            own["asked"] = (mark.end() - 1, mark.end())
        before = bisect_left(other, (end,))
        if sense := [cue for cue in other[max(0, before - 1) : before] if cue[1] > start] or maybe[:1]:
            own["sense"] = sense[0]
        yield Place(text, start, end, low, high, language, year, own)


@cache
def _rules() -> list[tuple]:
    return list(pd.read_csv(PACKAGE / "data" / "stance.csv", comment="#", dtype=str, na_filter=False).itertuples())


@cache
def _words(language: str, sections: str) -> re.Pattern:
    """Expression of the words of some sections of the list of a language."""
    held, section = [], ""
    for line in entries(language, "stance"):
        if head := re.fullmatch(r"\[([\w ]+)\]", line):
            section = head[1]
        elif section in sections.split(" + "):
            held.append(line)
    return re.compile(r"(?:\b|(?=\W))(?:" + "|".join(held) + ")")


def _decided(place: Place, beside: list[Place]) -> tuple[tuple, list[Span]]:
    """The first rule that holds of a place, and its cues; `beside`: places near it in its sentence, it among them."""
    for rule in _rules():
        cue = _cue(place, rule) if rule.cues else place.own.get(rule.rule)
        if rule.rule == "unclear" or (cue and all(not rule.beside or _first(one, rule.beside) for one in beside)):
            return rule, [cue] if cue else []


def _first(place: Place, name: str) -> Span | None:
    """The cue of the first of the rules of a name that holds."""
    return next((cue for rule in _rules() if rule.rule == name and (cue := _cue(place, rule))), None)


def _cue(place: Place, rule: tuple) -> Span | None:
    """Where a cue of a rule stands by a place, the nearest that the rule allows."""
    text, reach = place.text, int(rule.reach)
    low, high = (place.low, place.high) if rule.side in ("left", "right", "part") else (0, len(text))
    left = place.end if rule.side in ("right", "after") else max(low, place.start - reach)
    right = place.end if rule.side in ("left", "before") else min(high, place.end + reach)
    cues = _words(place.language, rule.cues).finditer(text, left, right)
    found = [(cue.end() - len(cue[0].lstrip(OPENING)), cue.end()) for cue in cues]
    if rule.side in ("left", "before"):
        found = [cue for cue in reversed(found) if cue[1] <= place.start]
    for start, end in found:
        gap = text[end : place.start] if start < place.start else text[place.end : start]
        gap = text[place.low : place.high] if rule.side == "part" else gap
        if (
            (rule.side == "around" and not start <= place.start < end)
            or (rule.words and len(WORD.findall(gap)) > int(rule.words))
            or (rule.between and not _words(place.language, rule.between).search(gap))
            or (rule.barred and _words(place.language, rule.barred).search(gap))
            or (rule.before and _words(place.language, rule.before).search(text, max(0, start - 20), start))
            or (rule.rule == "past" and int(max(YEAR.findall(text[start:end]), default=0)) >= place.year - RECENT)
        ):
            continue
        return start, end
    return None


def _image(place: Place) -> tuple[str, Span | None]:
    """What the nearest verb that draws the theme as a thing that swells makes of it, and where it stands."""
    found = [(rule.rule, cue) for rule in _rules() if not rule.stance and (cue := _cue(place, rule))]
    return min(found, key=lambda one: max(one[1][0] - place.end, place.start - one[1][1]), default=("", None))
