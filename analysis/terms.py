"""Counts of words -> frequency, n-grams and places of terms; every share over running words, every unit named."""

from collections import Counter

import pandas as pd
from nltk.util import ngrams as nltk_ngrams

from analysis import InputError, floors, words

UNITS = {"lemma": "lemma", "form": "word"}  # what a term is -> the column of `tokens` it comes from


def running(tokens: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """Running words of some tokens, each with the `term` it counts as; punctuation and numbers are left out.

    Parameters
    ----------
    tokens : see `words.tokens`; an optional `family` names the group of near-identical articles an article belongs to.
    unit : "lemma" (singular and plural together) or "form" (as written, in lower case).

    Returns
    -------
    DataFrame, one row per running word: the columns of `tokens`, `term`, `family` (the article if not given),
    and `function` (most of the places of the term are function words).

    Raises
    ------
    InputError : the unit is neither.
    """
    if unit not in UNITS:
        raise InputError(f"parameter 'unit' is {unit!r}; there are: {', '.join(UNITS)}")
    kept = tokens[tokens.kind == "word"]
    codes, distinct = pd.factorize(kept[UNITS[unit]])
    terms, family = pd.Series(map(words.fold, distinct), dtype=str), kept.family if "family" in kept else kept.article
    kept = kept.assign(term=terms.to_numpy()[codes], family=family)
    return kept.assign(function=kept.function.groupby(kept.term).transform("mean") > 0.5)


def names(tokens: pd.DataFrame, unit: str = "lemma") -> pd.Series:
    """Whether each term is a proper name or an acronym: a capital in most of its places that do not open a sentence.

    A term that only opens sentences is undecided and counts as no name. Indexed by term.
    """
    kept = running(tokens, unit)
    inside = kept[kept.duplicated(["article", "sentence"])]
    return (inside.word.str[:1].str.isupper().groupby(inside.term).mean() > 0.5).rename("name")


def frequency(tokens: pd.DataFrame, unit: str = "lemma", function: bool = False) -> pd.DataFrame:
    """How often each term stands in the texts.

    Parameters
    ----------
    tokens, unit : see `running`.
    function : True keeps function words (articles, prepositions, pronouns...); they are always in the base of the rate.

    Returns
    -------
    DataFrame, one row per term, most frequent first: `term`, `count` (occurrences), `articles` and `sentences` (that
    hold it; a family of near-identical articles is one article), `per_10k` (per 10 000 running words), `rank` (ties
    share their best rank; missing for a term that stands once: among those the order says nothing), `name` (see
    `names`). `attrs["words"]` and `attrs["articles"]` hold the bases.
    """
    kept = running(tokens, unit)
    shown = kept if function else kept[~kept.function]
    held = shown.drop_duplicates(["article", "sentence", "term"]).term.value_counts()
    articles = shown.drop_duplicates(["family", "term"]).term.value_counts()
    counts = shown.term.value_counts().rename("count").rename_axis("term").to_frame()
    counts = counts.assign(articles=articles, sentences=held, per_10k=1e4 * counts["count"] / max(len(kept), 1))
    counts["rank"] = counts["count"].rank(ascending=False, method="min").where(counts["count"] > 1)
    counts["name"] = counts.index.isin(names(tokens, unit).loc[lambda name: name].index)
    counts = counts.reset_index().sort_values(["count", "term"], ascending=[False, True], ignore_index=True)
    counts.attrs = {"words": len(kept), "articles": kept.family.nunique()}
    return counts


def ngrams(tokens: pd.DataFrame, size: int = 2, unit: str = "form", function: bool = False) -> pd.DataFrame:
    """How often words follow one another; no n-gram crosses a sentence, a punctuation mark or a number.

    Parameters
    ----------
    tokens, unit : see `running`.
    size : words in an n-gram, 2 or more.
    function : False leaves out the n-grams that begin or end with a function word ("centre de données" stays).

    Returns
    -------
    DataFrame, one row per n-gram that stands at least twice: `term`, `count`, `articles`.
    """
    kept = running(tokens, unit)
    cut = (tokens.kind != "word").cumsum().loc[kept.index]
    found = Counter()
    for (family, *_), run in kept.groupby([kept.family, kept.article, kept.sentence, cut], sort=False):
        if len(run) >= size:
            grams = nltk_ngrams(zip(run.term, run.function, strict=True), size)
            found.update((family, gram) for gram in grams if function or not (gram[0][1] or gram[-1][1]))
    joined = [(family, " ".join(word for word, _ in gram), count) for (family, gram), count in found.items()]
    rows = pd.DataFrame(joined, columns=["family", "term", "count"])
    rows["term"] = rows.term.str.replace("' ", "'")
    table = rows.groupby("term").agg(count=("count", "sum"), articles=("family", "nunique")).reset_index()
    return table[table["count"] > 1].sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def positions(tokens: pd.DataFrame, terms: list[str], unit: str = "lemma") -> pd.DataFrame:
    """Where some terms stand.

    Returns
    -------
    DataFrame, one row per occurrence: `term`, `article`, `sentence`, `start`, `end`, `place` (0 the first running word
    of its article, 1 the last).
    """
    kept = running(tokens, unit)
    group = kept.groupby("article").term
    kept["place"] = group.cumcount() / (group.transform("size") - 1).clip(lower=1)
    placed = kept.set_index("term", drop=False).loc[[term for term in terms if term in set(kept.term)]]
    return placed.reset_index(drop=True)[["term", "article", "sentence", "start", "end", "place"]]


def summary(frequency: pd.DataFrame, matches: pd.DataFrame, theme: str) -> floors.Said:
    """What the counts say, in sentences: how much was read, the first terms and names, how often the theme stands.

    Parameters
    ----------
    frequency : see `frequency`.
    matches : a row per place of the theme, see `passages.matches`.
    theme : its name in the sentence.
    """
    counted = plural(frequency.attrs["words"], "running word"), plural(frequency.attrs["articles"], "article")
    said = [f"{counted[0]} in {counted[1]} were counted."]
    for kind, chosen in (("content words", frequency[~frequency.name]), ("names", frequency[frequency.name])):
        first = chosen[chosen["rank"].notna()].head(5)
        listed = ", ".join(first.term.map("*{}*".format) + " (" + first["count"].astype(str) + ")")
        said.append(f"The most frequent {kind}: {listed}." if listed else f"Of the {kind}, none stands twice.")
    places = plural(len(matches), "time"), plural(matches.article.nunique(), "article")
    said.append(f"The theme **{theme}** stands {places[0]}, in {places[1]}.")
    return floors.Said(" ".join(said))


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "article"), plural(2000, "article")
    ('1 article', '2,000 articles')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"
