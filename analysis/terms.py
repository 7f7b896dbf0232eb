"""Tokens -> the terms of a corpus: how frequent, how spread, how typical, in what company, since when."""

from functools import cache
from importlib.metadata import version

import numpy as np
import pandas as pd
import wordfreq
from markupsafe import Markup, escape
from nltk.metrics import BigramAssocMeasures
from scipy import stats

from analysis import InputError, floors, timeline, words

UNITS = {"lemma": "lemma", "form": "word"}  # what a term is -> the column of `tokens` it comes from
RAREST = 1e-8  # the least rate that wordfreq lists
BILLION = 10**9  # words that wordfreq's rates are per, in its own documentation
DRAWS = 2000  # of a bootstrap: enough for the percentiles of a 95 % interval (Efron & Tibshirani 1993)
PLACEMENTS = 999  # random placements of a term: p values down to 0.001
RANKED = 500  # terms whose rates are ranked at once, 50 MB with two thousand articles
SEED = 1927  # of everything drawn at random


def running(tokens: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """Running words of some tokens, each with the `term` it counts as; punctuation and numbers are left out.

    Parameters
    ----------
    tokens : see `words.tokens`; an optional `family` names the group of near-identical articles an article belongs to.
    unit : "lemma" (singular and plural together) or "form" (as written, in lower case).

    Returns
    -------
    DataFrame, one row per running word: the columns of `tokens`, `term`, `family` (the article if not given),
    and `function` (most of the places of the term are function words). Running words come back as they are.

    Raises
    ------
    InputError : the unit is neither.
    """
    if unit not in UNITS:
        raise InputError(f"parameter 'unit' is {unit!r}; there are: {', '.join(UNITS)}")
    if tokens.attrs.get("unit") == unit:
        return tokens
    kept = tokens[tokens.kind == "word"]
    codes, distinct = pd.factorize(kept[UNITS[unit]])
    terms, family = pd.Series(map(words.fold, distinct), dtype=str), kept.family if "family" in kept else kept.article
    kept = kept.assign(term=terms.to_numpy()[codes], family=family)
    kept = kept.assign(function=kept.function.groupby(kept.term).transform("mean") > 0.5)
    kept.attrs = {"unit": unit}
    return kept


def names(tokens: pd.DataFrame, unit: str = "lemma") -> pd.Series:
    """Terms that are proper names or acronyms, indexed by term: the form that each is mostly written in.

    A name has a capital in most of its places that do not open a sentence. A term that only opens sentences is
    undecided and counts as no name.
    """
    kept = running(tokens, unit)
    inside = kept.loc[kept.duplicated(["article", "sentence"]), ["term", "word"]]
    capital = inside.word.str[:1].str.isupper().groupby(inside.term).mean()
    kept = kept.loc[kept.term.isin(capital.index[capital > 0.5]), ["term", "word"]]
    written = kept.groupby(["term", "word"]).size().rename("times").reset_index()
    return written.sort_values(["times", "word"]).groupby("term").word.last()


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
    `names`), `label` (a name as it is mostly written, else the term). `attrs["words"]` and `attrs["articles"]` hold
    the bases.
    """
    kept = running(tokens, unit)
    shown = kept[["article", "sentence", "family", "term"]][function | ~kept.function]
    held = shown[["article", "sentence", "term"]].drop_duplicates().term.value_counts()
    articles = shown[["family", "term"]].drop_duplicates().term.value_counts()
    counts = shown.term.value_counts().rename("count").rename_axis("term").to_frame()
    counts = counts.assign(articles=articles, sentences=held, per_10k=1e4 * counts["count"] / max(len(kept), 1))
    counts["rank"] = counts["count"].rank(ascending=False, method="min").where(counts["count"] > 1)
    named = names(kept, unit).reindex(counts.index)
    counts = counts.assign(name=named.notna(), label=named.fillna(counts.index.to_series()))
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
    runs = kept.groupby(["article", "sentence", cut], sort=False).ngroup().to_numpy()
    codes, terms = pd.factorize(kept.term)
    inner = np.zeros(len(kept), bool) if function else kept.function.to_numpy()
    first = np.arange(max(0, len(kept) - size + 1))
    last = first + size - 1
    first = first[(runs[first] == runs[last]) & ~inner[first] & ~inner[last]]
    grams = pd.DataFrame({place: codes[first + place] for place in range(size)})
    number = grams.groupby([*grams], sort=False).ngroup()
    held = pd.DataFrame({"gram": number, "family": pd.factorize(kept.family)[0][first]})
    table = pd.DataFrame({"count": number.value_counts(), "articles": held.drop_duplicates().gram.value_counts()})
    table = table[table["count"] > 1]
    again = grams[~number.duplicated()].set_axis(number.unique()).loc[table.index]
    table["term"] = [" ".join(terms[list(gram)]).replace("' ", "'") for gram in again.itertuples(index=False)]
    table = table[["term", "count", "articles"]]
    return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def positions(tokens: pd.DataFrame, terms: list[str], unit: str = "lemma") -> pd.DataFrame:
    """Where some terms stand.

    Returns
    -------
    DataFrame, one row per occurrence: `term`, `label` (see `frequency`), `article`, `sentence`, `start`, `end`,
    `place` (0 the first running word of its article, 1 the last).
    """
    kept = running(tokens, unit)
    group = kept.groupby("article").term
    kept = kept.assign(place=group.cumcount() / (group.transform("size") - 1).clip(lower=1))
    order = {term: number for number, term in enumerate(terms)}
    placed = kept[kept.term.isin(terms)].sort_values("term", key=lambda term: term.map(order), kind="stable")
    named = names(kept, unit)
    placed["label"] = [named.get(term, term) for term in placed.term]
    return placed.reset_index(drop=True)[["term", "label", "article", "sentence", "start", "end", "place"]]


def per_article(kept: pd.DataFrame, terms: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Occurrences of some terms (columns) in each family of articles (rows), and the running words of each family."""
    sizes = kept.groupby("family").size()
    counts = kept[kept.term.isin(terms)].groupby(["family", "term"]).size().unstack(fill_value=0)
    return counts.reindex(index=sizes.index, columns=terms, fill_value=0), sizes


def intervals(frequency: pd.DataFrame, tokens: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """A frequency table with the 95 % interval of each rate.

    From thirty articles up the articles are drawn again with replacement (2 000 times, percentiles; Lijffijt et al.
    2016): words of one article hang together. Below that the interval is exact for independent words (Clopper &
    Pearson 1934), speaks of these texts only, and `attrs["refusals"]` says so.

    Parameters
    ----------
    frequency : the rows of interest of `frequency`, of the same tokens and unit.

    Returns
    -------
    DataFrame, as `frequency`, with `low` and `high` (per 10 000 running words); `attrs["interval"]` names the method.
    """
    counts, sizes = per_article(running(tokens, unit), frequency.term)
    missed = floors.refusals("frequency bootstrap", articles=len(sizes))
    if missed:
        exact = [stats.binomtest(count, int(sizes.sum())).proportion_ci() for count in frequency["count"]]
        low, high = np.array(exact).reshape(-1, 2).T
    else:
        generator = np.random.default_rng(SEED)
        drawn = (generator.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes))) for _ in range(DRAWS))
        rates = [(weights @ counts.to_numpy()) / (weights @ sizes.to_numpy()) for weights in drawn]
        low, high = np.quantile(rates, [0.025, 0.975], axis=0)
    table = frequency.assign(low=1e4 * low, high=1e4 * high)
    table.attrs |= {"interval": "exact, these texts only" if missed else "bootstrap of articles", "refusals": missed}
    return table


def dispersion(frequency: pd.DataFrame, tokens: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """How evenly terms are spread: over the quarters of one article, or over the articles of several.

    Parameters
    ----------
    frequency : the rows of interest of `frequency`, of the same tokens and unit.

    Returns
    -------
    DataFrame, one row per term that reaches the floor: `term`, `count`, `range` (parts that hold it), `parts`, `dp`
    (deviation of proportions, 0 even to 1 in one part; Gries 2008), `dp_norm` (Lijffijt & Gries 2012), `chance_low`,
    `chance_high` (95 % of the `dp` when the same occurrences fall at random), `p` (share of random placements at least
    as uneven). `attrs["floored"]` counts the terms left out.
    """
    kept = running(tokens, unit)
    quarters = np.arange(len(kept)) * 4 // max(len(kept), 1)
    kept = kept if kept.family.nunique() > 1 else kept.assign(family=quarters)
    enough = floors.passing("dispersion", frequency)
    counts, sizes = per_article(kept, enough.term)
    rows = [(term, *spread(counts[term].to_numpy(), sizes.to_numpy())) for term in enough.term]
    named = ["term", "count", "range", "parts", "dp", "dp_norm", "chance_low", "chance_high", "p"]
    table = pd.DataFrame(rows, columns=named)
    table.attrs = enough.attrs
    return table


def spread(counts: np.ndarray, sizes: np.ndarray) -> tuple[float, ...]:
    """Count, range, parts, DP, DPnorm, its 95 % under chance and p, from the occurrences and the words of each part."""
    count, expected = counts.sum(), sizes / sizes.sum()
    dp = 0.5 * np.abs(counts / count - expected).sum()
    generator, part = np.random.default_rng(SEED), np.repeat(np.arange(len(sizes)), sizes)
    placed = (generator.choice(part, count, replace=False, shuffle=False) for _ in range(PLACEMENTS))
    chance = np.array([0.5 * np.abs(np.bincount(at, minlength=len(sizes)) / count - expected).sum() for at in placed])
    low, high = np.quantile(chance, [0.025, 0.975])
    p = (1 + (chance >= dp - 1e-12).sum()) / (1 + PLACEMENTS)
    return count, (counts > 0).sum(), len(sizes), dp, dp / (1 - expected.min()), low, high, p


def tfidf(tokens: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """Terms that tell one article from the others (Spärck Jones 1972; smoothed idf, articles of length 1).

    Returns
    -------
    DataFrame, one row per article and term that is no function word, highest first in each article: `article` (or its
    family), `term`, `count`, `tfidf` (0 to 1). Empty for one article, with `attrs["refusals"]`.
    """
    kept = running(tokens, unit)
    kept = kept[~kept.function]
    table = kept.groupby(["family", "term"]).size().rename("count").reset_index()
    articles = table.family.nunique()
    idf = np.log((1 + articles) / (1 + table.groupby("term").family.transform("size"))) + 1
    length = ((table["count"] * idf) ** 2).groupby(table.family).transform("sum") ** 0.5
    table["tfidf"] = table["count"] * idf / length
    table = table.rename(columns={"family": "article"}).sort_values(["article", "tfidf"], ascending=[True, False])
    return floors.refused(table.reset_index(drop=True), floors.refusals("tf-idf", articles=articles))


def background(frequency: pd.DataFrame, language: str, unit: str = "lemma") -> pd.DataFrame:
    """The same terms in a general list: wordfreq's, of books, news, subtitles and the web, frozen in 2021 (Speer 2022).

    Returns
    -------
    DataFrame, one row per term of `frequency`: `term`, `count` (in 10**9 words), `listed` (a term that the list lacks
    counts as often as the rarest of the list). `attrs["words"]` is 10**9, `attrs["name"]` says what the list is.
    """
    rates = listed_rates(language, unit)
    found = frequency.term.map(lambda term: rates.get(term) or wordfreq.word_frequency(term, language)) * BILLION
    counts = found.clip(lower=BILLION * RAREST).round().astype(int)
    table = pd.DataFrame({"term": frequency.term, "count": counts, "listed": found > 0})
    table.attrs = {"words": BILLION, "name": f"the general list of wordfreq {version('wordfreq')}"}
    return table


@cache
def listed_rates(language: str, unit: str) -> dict[str, float]:
    """Rate of each term in the general list; forms of a lemma are added up, those under one in a million left out.

    (Some 30 000 forms hold 97 % of the words of French; to lemmatise all 300 000 would take seconds at each start.)
    """
    rates = wordfreq.get_frequency_dict(language, "best" if unit == "form" else "small")
    if unit == "form":
        return rates
    lemmas = words.lemmas(rates, language)
    return pd.Series(rates).groupby([lemmas[form] for form in rates]).sum().to_dict()


def keyness(frequency: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Rank the terms that are unusually frequent here, against a reference.

    Parameters
    ----------
    frequency, reference : tables with `term`, `count` and `attrs["words"]`, see `frequency` and `background`.

    Returns
    -------
    DataFrame, one row per term that reaches the floors, highest `lrc` first: the columns of `frequency`,
    `reference_count`, `log_ratio` (log2 of the relative frequencies; Hardie 2014), `lrc` (conservative log ratio: the
    bound of its 95 % interval nearest 0, Bonferroni over the terms, 0 when the interval holds 0; Evert 2022), `g2`
    (log-likelihood; Dunning 1993), `q` (p of `g2` after Benjamini & Hochberg 1995). `attrs["floored"]` counts the terms
    left out.
    """
    table = floors.passing("keyness", frequency)
    other = table.term.map(reference.set_index("term")["count"]).fillna(0).astype(int)
    sizes = frequency.attrs["words"], reference.attrs["words"]
    pairs = zip(table["count"], other, strict=True)
    table["reference_count"] = other
    table["log_ratio"] = log_ratio(table["count"], sizes[0], other, sizes[1])
    table["lrc"] = lrc(table["count"], sizes[0], other, sizes[1])
    table["g2"] = [BigramAssocMeasures.likelihood_ratio(k, (k + m, sizes[0]), sum(sizes)) for k, m in pairs]
    table["q"] = adjusted(stats.chi2.sf(table.g2, 1))
    table.attrs["reference"] = reference.attrs.get("name", "the reference")
    return table.sort_values(["lrc", "log_ratio", "term"], ascending=[False, False, True], ignore_index=True)


def log_ratio(here: pd.Series, size: float, there: pd.Series, other_size: float) -> np.ndarray:
    """Log2 of two relative frequencies; half an occurrence stands for none (Hardie 2014).

    >>> log_ratio(np.array([20, 3]), 1000, np.array([10, 0]), 1000).round(2).tolist()
    [1.0, 2.58]
    """
    return np.log2((np.asarray(here) / size) / (np.maximum(there, 0.5) / other_size))


def lrc(here: pd.Series, size: float, there: pd.Series, other_size: float) -> np.ndarray:
    """Conservative log ratio: bound of the exact 95 % interval nearest 0, Bonferroni over the rows (Evert 2022)."""
    here, there = np.asarray(here), np.asarray(there)
    tail = 0.025 / max(len(here), 1)
    low, high = stats.beta.ppf(tail, here, there + 1), stats.beta.isf(tail, here + 1, there)
    odds = np.where(here * other_size >= there * size, low / (1 - low), high / (1 - np.minimum(high, 1 - 1e-16)))
    ratio = np.log2(np.maximum(odds * other_size / size, 1e-300))
    return np.where(here * other_size >= there * size, np.maximum(ratio, 0), np.minimum(ratio, 0))


def adjusted(p: np.ndarray) -> np.ndarray:
    """P values with the false discovery rate of all of them controlled (Benjamini & Hochberg 1995)."""
    return stats.false_discovery_control(p) if len(p) else np.asarray(p)


def contrast(tokens: pd.DataFrame, reference: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """Terms of some articles against those of others, by article where there are enough of them on both sides.

    Returns
    -------
    DataFrame, as `keyness`, with `reference_articles`. With ten articles on both sides, `lrc` compares the articles
    that hold the term and not its occurrences, `g2` gives way to `cliffs_delta` (how much likelier an article here has
    the higher rate, -1 to 1; Cliff 1993) and `q` comes from the rank-sum test of the rates (Wilcoxon 1945). Else
    `attrs["refusals"]` says what was missing.
    """
    sides = [running(side, unit) for side in (tokens, reference)]
    other = frequency(sides[1], unit, function=True)
    table = keyness(frequency(sides[0], unit), other)
    table["reference_articles"] = table.term.map(other.set_index("term").articles).fillna(0).astype(int)
    sizes = [side.family.nunique() for side in sides]
    missed = floors.refusals("rank-sum", **dict(zip(("articles", "reference articles"), sizes, strict=True)))
    table.attrs["refusals"] = [*table.attrs["refusals"], *missed]
    if missed or table.empty:
        return table
    rates = [counts.div(held, axis=0) for counts, held in (per_article(side, table.term) for side in sides)]
    pieces = ([side.iloc[:, at : at + RANKED] for side in rates] for at in range(0, len(table), RANKED))
    tests = [stats.mannwhitneyu(*piece, axis=0, method="asymptotic") for piece in pieces]
    statistic, p = (np.concatenate([getattr(test, name) for test in tests]) for name in ("statistic", "pvalue"))
    table["cliffs_delta"] = 2 * statistic / (sizes[0] * sizes[1]) - 1
    table["lrc"] = lrc(table.articles, sizes[0], table.reference_articles, sizes[1])
    table["q"] = adjusted(p)
    table = table.drop(columns="g2")
    return table.sort_values(["lrc", "cliffs_delta", "term"], ascending=[False, False, True], ignore_index=True)


def contrasts(tokens: pd.DataFrame, by: str, unit: str = "lemma") -> pd.DataFrame:
    """Each source, or period, against all others: rows as `contrast`, with `group`; what has no group is left out.

    Parameters
    ----------
    by : the column that holds the groups, see `attributed`.
    """
    if by not in tokens:
        raise InputError(f"parameter 'contrast' is {by!r}; there are: source, period")
    known = running(tokens[tokens[by].notna() & (tokens[by] != "")], unit)
    known = known[list(dict.fromkeys(["article", "sentence", "word", "term", "family", "function", by]))]
    groups = sorted(known[by].unique())
    missed = floors.refusals("contrast", groups=len(groups))
    found = [] if missed else [contrast(known[known[by] == group], known[known[by] != group], unit) for group in groups]
    missed += [refusal for table in found for refusal in table.attrs["refusals"]]
    rows = [table.assign(group=group) for table, group in zip(found, groups, strict=False)]
    for table in rows:
        table.attrs = {}
    whole = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["group", "term", "label", "lrc"])
    whole.attrs = {"refusals": list(dict.fromkeys(missed))}
    return whole


def attributed(tokens: pd.DataFrame, articles: pd.DataFrame, period: str = "") -> pd.DataFrame:
    """Tokens with the `source`, the `family` (itself if not given) and the `period` of their article, if dated."""
    known = articles.set_index("article")
    known["period"] = timeline.periods(articles, period)
    known["family"] = known.family if "family" in known else known.index
    return tokens.assign(**{name: tokens.article.map(known[name]) for name in ("source", "family", "period")})


def summary(frequency: pd.DataFrame, keyness: pd.DataFrame, matches: pd.DataFrame, theme: str) -> floors.Said:
    """What the counts say, in sentences: how much was read, the first terms and names, how often the theme stands.

    Parameters
    ----------
    frequency, keyness : see `frequency`, `keyness`.
    matches : a row per place of the theme, see `passages.matches`.
    theme : its name in the sentence.
    """
    counted = plural(frequency.attrs["words"], "running word"), plural(frequency.attrs["articles"], "article")
    said = [f"{counted[0]} in {counted[1]} were counted."]
    again, surely = frequency[frequency["rank"].notna()], keyness[keyness.lrc > 0]
    for kind, name in (("words", False), ("names", True)):
        first = again[again.name == name].head(5)
        listed = ", ".join(
            f"<em>{escape(label)}</em> ({count})" for label, count in zip(first.label, first["count"], strict=True)
        )
        said.append(f"The most frequent {kind}: {listed}." if listed else f"Of the {kind}, none stands twice.")
        keys = ", ".join(f"<em>{escape(label)}</em>" for label in surely[surely.name == name].head(5).label)
        said.append(f"Surely more frequent here than in {escape(keyness.attrs['reference'])}: {keys}." if keys else "")
    places = plural(len(matches), "time"), plural(matches.article.nunique(), "article")
    said.append(f"The theme <strong>{escape(theme)}</strong> stands {places[0]}, in {places[1]}.")
    return floors.Said(Markup(" ".join(filter(None, said))))


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "article"), plural(2000, "article")
    ('1 article', '2,000 articles')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"
