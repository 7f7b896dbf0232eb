"""A theme, and the sentences that hold it with the sentences around them (a concordance of whole sentences)."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
import regex

from analysis import PACKAGE, InputError, entries, typed, words

REGULAR = regex.compile(r"[\\\[\](){}*+?^$|]")  # one of these makes a theme a regular expression
SECONDS = 5  # a regular expression may take this long on one article: backtracking can be exponential
APOSTROPHE = "['’ʼ]"


@cache
def theme_entries(theme: str, language: str) -> tuple[str, ...]:
    """Words and phrases of a theme: those of the theme file of that name, else the comma-separated theme itself.

    >>> theme_entries("risque, centre de données", "fr")
    ('risque', 'centre de données')
    """
    if (PACKAGE / "data" / language / "themes" / f"{theme}.txt").is_file() and theme.isidentifier():
        return entries(language, f"themes/{theme}")
    return tuple(entry for part in theme.split(",") if (entry := part.strip()))


def forms(entry: str, lemma: dict[str, str]) -> list[str]:
    """Words of a vocabulary (word -> lemma) that are forms or hyphenated compounds of one word, longest first.

    >>> forms("bulle", {"bulles": "bulle", "mini-bulle": "mini-bulle", "bulletin": "bulletin"})
    ['mini-bulle', 'bulles', 'bulle']
    """
    wanted = lemma.get(entry, entry)
    held = {word for word, own in lemma.items() if own == wanted}
    held |= {word for word in lemma if "-" in word and wanted in [lemma.get(part, part) for part in word.split("-")]}
    return sorted({entry, *held}, key=lambda word: (-len(word), word))


def pattern(theme: str, language: str, lemma: dict[str, str]) -> regex.Pattern:
    """Compiled expression that finds a theme in texts whose words, with their lemmas, are known.

    Parameters
    ----------
    theme : words or phrases separated by commas, the name of a theme file, or a regular expression.
    lemma : the lemma of each word of the texts, by the word in lower case.

    Raises
    ------
    InputError : the theme is empty, or is not a valid regular expression.
    """
    typed(str, theme=theme)
    if not theme.strip():
        raise InputError("parameter 'theme' is empty; give a word, words separated by commas, or a regular expression")
    if REGULAR.search(theme):
        try:
            return regex.compile(theme, regex.IGNORECASE | regex.VERSION1)
        except regex.error as error:
            raise InputError(f"parameter 'theme' is not a valid regular expression: {theme!r}: {error}") from None
    phrases = [
        r"[\s-]+".join("(?:" + "|".join(map(regex.escape, forms(word, lemma))) + ")" for word in entry.split())
        for entry in map(str.lower, theme_entries(theme, language))
    ]
    plain = "|".join(phrases).replace("'", APOSTROPHE)
    return regex.compile(rf"(?<![\w-])(?:{plain})(?![\w-])", regex.IGNORECASE)


def matches(articles: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Places where a theme stands.

    Returns
    -------
    DataFrame, one row per match in reading order: `article`, `start`, `end` (offsets into the article), `match` (text).
    `attrs["words"]` counts the words of all the articles.

    Raises
    ------
    InputError : the theme is no theme (see `pattern`), or its expression takes more than a few seconds on one article.
    """
    found, total = [], 0
    for language, group in articles.groupby("language", sort=False):
        counts = words.counts(group)
        total += int(counts["count"].sum())
        parts = [part for word in counts.word for part in (word, *word.split("-")) if part]
        expression = pattern(theme, language, words.lemmas(parts, language))
        for article, text in zip(group.article, group.text, strict=True):
            try:
                spans = [match.span() for match in expression.finditer(text, timeout=SECONDS) if match.group().strip()]
            except TimeoutError:
                raise InputError(
                    f"parameter 'theme': {theme!r} takes more than {SECONDS} s on article {article!r}; "
                    "write it without nested repetitions such as (a+)+"
                ) from None
            found += [(article, start, end, text[start:end]) for start, end in spans]
    table = pd.DataFrame(found, columns=["article", "start", "end", "match"])
    table.attrs = {"words": total}
    return table


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
    typed(int, context=context)
    if context < 0:
        raise InputError(f"parameter 'context' is {context}; it counts sentences, so 0 or more")
    return around(articles, matches(articles, theme), context)


def around(articles: pd.DataFrame, found: pd.DataFrame, context: int) -> pd.DataFrame:
    """The `passages` around places that `matches` has found."""
    cut = words.sentences(articles[articles.article.isin(found.article)])
    places = dict(list(found.groupby("article")))
    pieces = [_held(rows, places[article], context) for article, rows in cut.groupby("article", sort=False)]
    held = pd.concat(pieces, ignore_index=True) if pieces else cut.assign(match=pd.Series(dtype=str))
    jump = (held.article != held.article.shift()) | (held.sentence != held.sentence.shift() + 1)
    held.insert(0, "passage", jump.cumsum() - 1)
    return held[["passage", "article", "sentence", "start", "end", "match", "text"]]


def _held(cut: pd.DataFrame, found: pd.DataFrame, context: int) -> pd.DataFrame:
    """Sentences of one article within reach of a match, with what was matched in each."""
    texts = found.groupby(holders(cut.start, found.start)).match.agg(", ".join)
    matched = pd.Series(range(len(cut))).map(texts).fillna("").to_numpy()
    near = {row for hit in texts.index for row in range(hit - context, hit + context + 1)}
    return cut.assign(match=matched)[[row in near for row in range(len(cut))]]


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
