"""Sentences that hold a theme -> the few that an account quotes: typical ones, of different articles and times."""

import re
from bisect import bisect
from collections import Counter

import numpy as np
import pandas as pd

from bulle import terms, words

LIMIT = 5  # sentences quoted
SHORTEST, LONGEST = 12, 45  # words, as white spaces part them: fewer say little, more are tangled
FUNCTION = 0.25  # least share of function words: running French and English have 0.4 and more, lists of names under 0.1
ALIKE = 0.5  # sentences that share half of their words say the same (Broder et al. 1997)
WORD = re.compile(r"\S*\w\S*")
OPENED = re.compile(r"[«“‘\"'(\s]*[^\W_a-zà-öø-ÿ]")  # a capital or a digit, or a quotation that begins with one
CLOSED = re.compile(r"[\w%€$£»”’\"')\].…]\s*[.!?…][»”’\"')\s]*$")
MARKUP = re.compile(r"https?:|www\.|[][|#*_<>{}=\\/@•→►]|\d\d[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]")  # the last is a time code
HEADING = re.compile(r"^\W*[A-ZÀ-ÖØ-Þ]{3,}\s*[-–—:|(]|\b[A-ZÀ-ÖØ-Þ]{3,}\s+[A-ZÀ-ÖØ-Þ]{3,}\b")  # LIRE AUSSI, VIDÉO -
PAIRS = ("«»", "“”", "()")


def quotable(text: str) -> bool:
    """Whether a sentence stands alone: of 12 to 45 words, whole, no heading, no link, no quotation cut in two.

    >>> quotable("La hausse des taux inquiète les banques, qui craignent une bulle au printemps prochain.")
    True
    >>> quotable("LIRE AUSSI - La hausse des taux inquiète les banques, qui craignent une bulle au printemps.")
    False
    """
    paired = all(text.count(opening) == text.count(closing) for opening, closing in PAIRS)
    whole = OPENED.match(text) and CLOSED.search(text) and paired and text.count('"') % 2 == 0
    long = SHORTEST <= len(WORD.findall(text)) <= LONGEST
    return bool(whole and long and not MARKUP.search(text) and not HEADING.search(text))


def typical(hits: pd.DataFrame, matches: pd.DataFrame, languages: pd.Series) -> pd.DataFrame:
    """How close each sentence on a theme is to what all of them say.

    Parameters
    ----------
    hits : sentences, see `passages.around`.
    matches : places of the theme, see `passages.matches`.
    languages : the language of each article, by its name.

    Returns
    -------
    DataFrame, a row per sentence, as they are numbered: `typical` (0 to 1, cosine of its content words, those of the
    theme left out, and the mean of all sentences, both by tf-idf; Radev et al. 2004), `function` (share of function
    words), `terms` (its content words, a set).
    """
    places = {article: (own.start.tolist(), own.end.tolist()) for article, own in matches.groupby("article")}
    texts = [_without(hit.text, hit.start, *places[hit.article]) for hit in hits.itertuples()]
    alone = pd.DataFrame({"article": hits.index, "language": hits.article.map(languages), "text": texts})
    tokens = terms.running(words.tokens(alone))
    weights = terms.tfidf(tokens)
    centre = weights.groupby("term").tfidf.sum()
    length = (centre**2).sum() ** 0.5
    near = (weights.tfidf * weights.term.map(centre).astype(float)).groupby(weights.article).sum() / length
    own: dict[int, set[str]] = {number: set() for number in hits.index}
    for number, term in zip(weights.article, weights.term, strict=True):
        own[number].add(term)
    return pd.DataFrame(
        {
            "typical": near.reindex(hits.index, fill_value=0.0).round(9),
            "function": tokens.groupby("article").function.mean().reindex(hits.index, fill_value=0.0),
            "terms": own.values(),
        }
    )


def _without(text: str, start: int, starts: list[int], ends: list[int]) -> str:
    """A sentence that starts at a place of its article with the theme blank; the theme's places are in their order."""
    signs = list(text)
    first = max(0, bisect(starts, start) - 1)  # one that begins before the sentence may reach into it
    for place in range(first, bisect(starts, start + len(text) - 1)):
        low, high = max(0, starts[place] - start), min(len(text), ends[place] - start)
        if low < high:
            signs[low:high] = " " * (high - low)
    return "".join(signs)


def chosen(hits: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The sentences to quote, by date, and the rule that chose them.

    Where there are no more than five different sentences, they are all chosen ("all"). Else the most typical is, and
    then, time after time, one of an article, a source and a time from which the fewest have been chosen, the most
    typical of these; they are sentences that stand alone (see `quotable`: "typical"), or any when none does ("any").

    Parameters
    ----------
    hits : `text`, `article`, `family` (of near-identical articles), `source`, `date`, and the columns of `typical`.
    """
    different = hits[~hits.text.map(lambda text: " ".join(WORD.findall(text)).casefold()).duplicated()]
    if len(different) <= LIMIT:
        return different.sort_values("date", kind="stable"), "all"
    alone = different[different.text.map(quotable) & (different.function >= FUNCTION)]
    pool = (alone if len(alone) else different).sort_values("typical", ascending=False, kind="stable")
    pool = pool.assign(time=np.ceil(pool.date.rank(pct=True) * LIMIT).fillna(0))  # fifths of the dates, 0 without one
    rows, used, taken = list(pool.itertuples()), Counter(), []
    while rows and len(taken) < LIMIT:
        best = min(rows, key=lambda row: (*(used[role] for role in _roles(row)), -row.typical))
        taken.append(best.Index)
        used.update(_roles(best))
        rows = [row for row in rows if row.Index != best.Index and not _alike(row.terms, best.terms)]
    return hits.loc[taken].sort_values("date", kind="stable"), "typical" if len(alone) else "any"


def _roles(row: tuple) -> list[tuple[str, object]]:
    return [(role, getattr(row, role)) for role in ("family", "source", "time")]


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) > ALIKE * len(one | other)
