"""Tokens -> the terms of a corpus: how frequent, how typical, of which source or period, and which stand in a row."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

import numpy as np
import pandas as pd
import scipy
from markupsafe import Markup

from bulle import InputError, floors, store, timeline, words
from bulle.wording import said

UNITS = {"lemma": "lemma", "form": "word"}  # what a term is -> the column of `tokens` it comes from
RAREST = 1e-8  # the least rate that wordfreq lists
BILLION = 10**9  # words that wordfreq's rates are per, in its own documentation
DRAWS = 2000  # of a bootstrap: enough for the percentiles of a 95 % interval (Efron & Tibshirani 1993)
RANKED = 500  # terms whose rates are ranked at once, 50 MB with two thousand articles
SEED = 1927  # of everything drawn at random
SHAPE = re.compile(  # of a word, folded; a dot, an underscore or a digit inside makes it an address, a file or a script
    r"""-?[^\W\d_]++(?:['&·‧⋅•-]++[^\W\d_]++)*+'?(?:\((?:e?s?)\)s?)?  # porte-parole, d', -il, r&d, chargé(e)s
    | [^\W\d_](?:\.-?[^\W\d_])+                                    # u.s.a, j.-c""",
    re.VERBOSE,
)
NUMBERED = re.compile(r"[^\W\d_]++(?:-[^\W\d_]++)*+-?\d{1,4}")  # Covid-19, G20: words where they have a capital
RUN = re.compile(r"\w+")
TWO = re.compile(r"[^\W\d_]{2}")
PARTS = 4  # words that a form may hold, as va-t-en-guerre does


def running(tokens: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """Running words of some tokens, each with the `term` it counts as; punctuation and numbers are left out.

    Parameters
    ----------
    tokens : see `words.tokens`; an optional `family` names the group of near-identical articles an article belongs to.
    unit : "lemma" (singular and plural together) or "form" (as written, in lower case).

    Returns
    -------
    DataFrame, one row per running word: the columns of `tokens`, `term`, `family` (the article if not given),
    `function` (most of the places of the term are function words), and `content` (it is none, and is written as words
    are: neither `3px` nor `site.baseurl`). Running words come back as they are.

    Raises
    ------
    InputError : the unit is neither.
    """
    if unit not in UNITS:
        raise InputError(f"parameter 'unit' is {unit!r}; there are: {', '.join(UNITS)}")
    if tokens.attrs.get("unit") == unit:
        return tokens
    kept = tokens[tokens.kind == "word"]
    codes, terms = pd.factorize(kept[UNITS[unit]])
    if unit == "form":
        folded, terms = pd.factorize(pd.Series(map(words.fold, terms), dtype=str))
        codes = folded[codes]
    codes, terms = _apart(codes, terms, kept)
    function = 2 * np.bincount(codes, kept.function) > np.bincount(codes)
    shaped = np.array([bool(SHAPE.fullmatch(term)) for term in terms], dtype=bool)
    content = (shaped | _numbered(terms, codes, kept.word)) & ~function
    family = kept.family if "family" in kept else kept.article
    kept = kept.assign(term=terms[codes], family=family, function=function[codes], content=content[codes])
    kept.attrs = {"unit": unit}
    return kept


def _apart(codes: np.ndarray, terms: pd.Index, kept: pd.DataFrame) -> tuple[np.ndarray, pd.Index]:
    """Terms of function words that are spelled as a name or a noun ("us", "or"), with that said after them."""
    written, distinct = pd.factorize(kept.word)
    written = pd.factorize(pd.Series([word.lower() for word in distinct], dtype=str))[0][written]
    function, times = np.bincount(written, kept.function), np.bincount(written)
    place = kept.function.to_numpy(bool) & (function < times)[written]
    told, again = pd.factorize(codes[place])
    codes = codes.copy()
    codes[place] = len(terms) + told
    return codes, terms.append(pd.Index([f"{terms[code]} (function word)" for code in again], dtype=terms.dtype))


def _numbered(terms: pd.Index, codes: np.ndarray, written: pd.Series) -> np.ndarray:
    """Whether each term is a name that ends in a number, mostly written with a capital; `codes` number the places."""
    ended = np.array([bool(NUMBERED.fullmatch(term)) for term in terms], dtype=bool)
    capital = written[ended[codes]].str[:1].str.isupper().groupby(codes[ended[codes]]).mean()
    return np.isin(np.arange(len(terms)), capital.index[capital > 0.5])


def names(tokens: pd.DataFrame, unit: str = "lemma") -> pd.Series:
    """Terms that are proper names or acronyms, indexed by term: the form that each is mostly written in.

    A name has a capital in most of its places that do not open a sentence, a lemma in all of its places: the others are
    a word of their own (see `words.tokens`), but those of a name such as `OpenAI`. A term that only opens sentences is
    one where each of its letters has a capital in most places (`FIGAROVOX`), and else undecided: it counts as no name.
    """
    kept = running(tokens, unit)
    codes, written = pd.factorize(kept.word)
    mixed = np.array([bool(words.MIXED.search(word)) for word in written], dtype=bool)[codes]
    raised = mixed | np.array([word[:1].isupper() for word in written], dtype=bool)[codes]
    shouted = np.array([word.isupper() and bool(TWO.search(word)) for word in written], dtype=bool)[codes]
    inside, (terms, listed) = kept.duplicated(["article", "sentence"]).to_numpy(), pd.factorize(kept.term)
    within, high, alone, low, odd = (
        np.bincount(terms, where, len(listed)) for where in (inside, inside & raised, shouted, ~raised, mixed)
    )
    named = np.where(within > 0, 2 * high > within, 2 * alone > np.bincount(terms, minlength=len(listed)))
    if unit == "lemma":
        named &= (low == 0) | (odd > 0)
    written = kept[named[terms]].groupby(["term", "word"], sort=False).size().rename("times").reset_index()
    written["word"] = written.word.map(words.plain_name)
    written = written.groupby(["term", "word"], sort=False).times.sum().reset_index()
    named = written.sort_values(["times", "word"]).groupby("term").word.last()
    return named.set_axis(named.index.astype(str))  # no categories: pandas cannot look for many in an index of none


@store.kept
def frequency(tokens: pd.DataFrame, unit: str = "lemma", function: bool = False) -> pd.DataFrame:
    """How often each term stands in the texts.

    Parameters
    ----------
    tokens, unit : see `running`; `form_count` sees only the tokens given, so give those of every kind.
    function : True keeps function words (articles, prepositions, pronouns...); they are always in the base of the rate.

    Returns
    -------
    DataFrame, one row per term, most frequent first: `term`, `count` (occurrences, of a lemma in all its forms), `form`
    (its commonest form, as names are written, else in lower case), `form_count` (times that a search for the whole word
    finds this form, in compounds and addresses too), `articles` and `sentences` (that hold the term; a family of
    near-identical articles is one article), `per_10k` (`count` per 10 000 running words), `rank` (ties share their best
    rank; missing for a term that stands once: among those the order says nothing), `name` (see `names`), `label` (a
    name as it is mostly written, else the term).

    `attrs` holds the bases: `words`, `articles` (texts), `families` (near-identical articles counted once), `unit`,
    `aside` (occurrences of what is not written as a word is: they are in the base and have no row).
    """
    kept = running(tokens, unit)
    table = rated(kept, unit, function)
    found = forms(kept[kept.term.isin(table.term)], tokens, table.term[table.name], exact=unit == "lemma")
    made = table.join(found, on="term")[["term", "count", "form", "form_count", *table.columns[2:]]]
    made.attrs = table.attrs
    return made


def rated(kept: pd.DataFrame, unit: str, function: bool = False) -> pd.DataFrame:
    """The `frequency` of some running words without their forms."""
    shown = kept[kept.content | kept.function if function else kept.content]
    counts = tallied(shown, articles=["family"], sentences=["article", "sentence"])
    counts["per_10k"] = 1e4 * counts["count"] / max(len(kept), 1)
    counts["rank"] = counts["count"].rank(ascending=False, method="min").where(counts["count"] > 1)
    named = names(kept, unit).reindex(counts.index)
    counts = counts.assign(name=named.notna(), label=named.fillna(counts.index.to_series()))
    counts = counts.reset_index().sort_values(["count", "term"], ascending=[False, True], ignore_index=True)
    bases = {"words": len(kept), "articles": kept.article.nunique(), "families": kept.family.nunique(), "unit": unit}
    counts.attrs = bases | {"aside": int((~kept.content & ~kept.function).sum())}
    return counts


def tallied(kept: pd.DataFrame, **held: list[str]) -> pd.DataFrame:
    """Occurrences (`count`) of the terms of some running words, indexed by `term`, and by their names how many of what
    columns tell apart hold each: `articles=["family"]`."""
    codes, listed = pd.factorize(kept.term, sort=True)
    counts = {"count": np.bincount(codes)}
    for name, columns in held.items():
        places = pd.DataFrame({column: pd.factorize(kept[column])[0] for column in columns}).assign(term=codes)
        counts[name] = np.bincount(places.drop_duplicates().term)
    return pd.DataFrame(counts, index=pd.Index(listed, name="term"))


def forms(kept: pd.DataFrame, tokens: pd.DataFrame, named: pd.Series, exact: bool = True) -> pd.DataFrame:
    """The commonest form of each term of some running words, and how often a search for it finds it in the tokens.

    Parameters
    ----------
    named : the terms that are names, whose capitals are kept; `exact`: and looked for with these capitals.

    Returns
    -------
    DataFrame, indexed by term: `form`, `form_count`, see `frequency`.
    """
    pairs = kept.groupby(["term", "word"], sort=False).size().rename("times").reset_index()
    pairs["form"] = pd.Series([word.lower().rstrip(".") or word for word in pairs.word], dtype=str)
    pairs["whole"] = pairs.groupby(["term", "form"]).times.transform("sum")
    pairs["letters"] = pairs.form.map(words.unaccented)
    order = {"whole": False, "letters": True, "form": True, "times": False, "word": True}  # of equal ones, the first
    pairs = pairs.sort_values([*order], ascending=[*order.values()]).drop_duplicates("term").set_index("term")
    found = standing(tokens)
    whole = pairs.form.str.fullmatch(r"\w.*\w|\w")  # l' has a boundary on one side only
    written = pairs.word.str.rstrip(".").where(pairs.index.isin(named), pairs.form)
    sought = written if exact else pairs.form
    counts = [found[form] if word else times for form, word, times in zip(sought, whole, pairs.whole, strict=True)]
    return pd.DataFrame({"form": written, "form_count": counts})


def standing(tokens: pd.DataFrame) -> Counter:
    """How often each stretch of characters stands between two word boundaries, whatever its capitals (under small
    letters) and as written: of the tokens and of what they join, so that `gilets` stands in `gilets-jaunes`, too."""
    codes, distinct = pd.factorize(tokens.word)
    distinct = distinct.tolist()
    parts = [[part.span() for part in RUN.finditer(word)] for word in distinct]
    opens = np.array([bool(spans) and spans[0][0] == 0 for spans in parts], bool)[codes]
    closes = [bool(spans) and spans[-1][1] == len(word) for word, spans in zip(distinct, parts, strict=True)]
    meets = (tokens.start.to_numpy()[1:] == tokens.end.to_numpy()[:-1]) & opens[1:] & np.array(closes, bool)[codes[:-1]]
    meets &= tokens.article.to_numpy()[1:] == tokens.article.to_numpy()[:-1]  # 160 | km: no boundary between the two
    left, right = np.insert(meets, 0, False)[: len(codes)], np.append(meets, False)[: len(codes)]
    times = np.bincount(4 * codes + 2 * left + right)
    found: Counter = Counter()
    for key in np.flatnonzero(times).tolist():
        word, spans = distinct[key // 4], parts[key // 4]
        spans = spans[key // 2 % 2 : len(spans) - key % 2]
        for number, (start, _) in enumerate(spans):
            for _, end in spans[number : number + PARTS]:
                for form in {word[start:end], word[start:end].lower()}:
                    found[form] += int(times[key])
    return found


@store.kept
def ngrams(tokens: pd.DataFrame, size: int = 2, unit: str = "form", function: bool = False) -> pd.DataFrame:
    """How often words follow one another; no n-gram crosses a sentence, a punctuation mark or a number.

    Parameters
    ----------
    tokens, unit : see `running`; the rows of the tokens are numbered in reading order, as `words.tokens` does.
    size : words in an n-gram, 2 or more; all of them are written as words are.
    function : False leaves out the n-grams that begin or end with a function word ("centre de données" stays).

    Returns
    -------
    DataFrame, one row per n-gram that stands at least twice: `term`, `count`, `articles`.
    """
    kept = running(tokens, unit)
    cut = np.cumsum(np.diff(kept.index, prepend=0) != 1)  # a row left out between two words parts them
    runs = kept.groupby(["article", "sentence", cut], sort=False).ngroup().to_numpy()
    codes, terms = pd.factorize(kept.term)
    content, word = kept.content.to_numpy(), (kept.content | kept.function).to_numpy()
    first = np.arange(max(0, len(kept) - size + 1))
    last = first + size - 1
    whole = (runs[first] == runs[last]) & np.logical_and.reduce([word[first + place] for place in range(size)])
    first = first[whole & (function | (content[first] & content[last]))]
    grams = pd.DataFrame({place: codes[first + place] for place in range(size)})
    number = grams.groupby([*grams], sort=False).ngroup()
    held = pd.DataFrame({"gram": number, "family": pd.factorize(kept.family)[0][first]})
    table = pd.DataFrame({"count": number.value_counts(), "articles": held.drop_duplicates().gram.value_counts()})
    table = table[table["count"] > 1]
    again = grams[~number.duplicated()].set_axis(number.unique()).loc[table.index]
    terms = list(terms)
    table["term"] = [
        " ".join(terms[code] for code in gram).replace("' ", "'") for gram in again.itertuples(index=False)
    ]
    table = table[["term", "count", "articles"]]
    return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def positions(tokens: pd.DataFrame, terms: list[str], unit: str = "lemma") -> pd.DataFrame:
    """Where some terms stand.

    Returns
    -------
    DataFrame, one row per occurrence, by term in the order given: `term`, `article`, `sentence`, `start`, `end`.
    """
    kept = running(tokens, unit)
    order = {term: number for number, term in enumerate(terms)}
    placed = kept[kept.term.isin(terms)].sort_values("term", key=lambda term: term.map(order), kind="stable")
    return placed.reset_index(drop=True)[["term", "article", "sentence", "start", "end"]]


def per_article(kept: pd.DataFrame, terms: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Occurrences of some terms (columns) in each family of articles (rows), and the running words of each family."""
    rows, families = pd.factorize(kept.family, sort=True)
    columns = pd.Index(terms).get_indexer(kept.term)
    cells = (rows * len(terms) + columns)[columns >= 0]
    counts = np.bincount(cells, minlength=len(families) * len(terms)).reshape(len(families), len(terms))
    return pd.DataFrame(counts, families, terms), pd.Series(np.bincount(rows), families)


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
        found, others = frequency["count"].to_numpy(), sizes.sum() - frequency["count"].to_numpy()
        low = scipy.special.betaincinv(found, others + 1, 0.025)
        high = np.where(others, scipy.special.betaincinv(found + 1, np.maximum(others, 1), 0.975), 1)
    else:
        generator = np.random.default_rng(SEED)
        drawn = (generator.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes))) for _ in range(DRAWS))
        rates = [(weights @ counts.to_numpy()) / (weights @ sizes.to_numpy()) for weights in drawn]
        low, high = np.quantile(rates, [0.025, 0.975], axis=0)
    table = frequency.assign(low=1e4 * low, high=1e4 * high)
    table.attrs |= {"interval": "exact, these texts only" if missed else "bootstrap of articles", "refusals": missed}
    return table


def tfidf(tokens: pd.DataFrame, unit: str = "lemma") -> pd.DataFrame:
    """Terms that tell one article from the others (Spärck Jones 1972; smoothed idf, articles of length 1).

    Returns
    -------
    DataFrame, one row per article and term that is no function word, highest first in each article: `article` (or its
    family), `term`, `count`, `tfidf` (0 to 1).
    """
    kept = running(tokens, unit)
    table = kept[kept.content].groupby(["family", "term"]).size().rename("count").reset_index()
    articles = table.family.nunique()
    idf = np.log((1 + articles) / (1 + table.groupby("term").family.transform("size"))) + 1
    length = ((table["count"] * idf) ** 2).groupby(table.family).transform("sum") ** 0.5
    table["tfidf"] = table["count"] * idf / length
    table = table.rename(columns={"family": "article"})[["article", "term", "count", "tfidf"]]
    return table.sort_values(["article", "tfidf"], ascending=[True, False], ignore_index=True)


@store.kept
def background(frequency: pd.DataFrame, language: str | Mapping[str, float], unit: str = "lemma") -> pd.DataFrame:
    """The same terms in a general list: wordfreq's, of books, news, subtitles and the web, frozen in 2021 (Speer 2022).

    Parameters
    ----------
    language : of the texts; of texts in several, the share of each, see `languages`, which weighs their lists.

    Returns
    -------
    DataFrame, one row per term of `frequency`: `term`, `count` (in 10**9 words), `listed` (a term that the list lacks
    counts as often as the rarest of the list). `attrs["words"]` is 10**9, `attrs["name"]` says what the list is.
    """
    shares = {language: 1.0} if isinstance(language, str) else language
    found, folded = np.zeros(len(frequency)), frequency.term.str.lower()
    for code, share in shares.items():
        rates = listed_rates(code, unit)
        found += [share * (rates.get(term) or words.rate(term, code)) * BILLION for term in folded]
    counts = np.maximum(found, BILLION * RAREST).round().astype(int)
    table = pd.DataFrame({"term": frequency.term, "count": counts, "listed": found > 0})
    table.attrs = {"words": BILLION, "name": f"wordfreq {version('wordfreq')}"}
    return table


def languages(articles: pd.DataFrame) -> dict[str, float]:
    """The share of each language in the characters of some articles."""
    sizes = articles.text.str.len().groupby(articles.language).sum()
    return (sizes / max(sizes.sum(), 1)).to_dict()


@cache
def listed_rates(language: str, unit: str) -> dict[str, float]:
    """Rate of each term in the general list; forms of a lemma are added up, those under one in a million left out.

    (Some 30 000 forms hold 97 % of the words of French; to lemmatise all 300 000 would take seconds at each start.)
    """
    import wordfreq  # slow to import, and needed here only

    rates = wordfreq.get_frequency_dict(language, "best" if unit == "form" else "small")
    if unit == "form":
        return rates
    lemmas = words.lemmas(rates, language)
    return pd.Series(rates).groupby([lemmas[form] for form in rates]).sum().to_dict()


def keyness(frequency: pd.DataFrame, reference: pd.DataFrame, about: str = "", others: int = 0) -> pd.DataFrame:
    """Rank the terms that are unusually frequent here, against a reference.

    Parameters
    ----------
    frequency, reference : tables with `term`, `count` and `attrs["words"]`, see `frequency` and `background`.
    about, others : see `candidates`.

    Returns
    -------
    DataFrame, one row per term that reaches the floors, highest `lrc` first: the columns of `frequency`,
    `reference_count`, `log_ratio` (log2 of the relative frequencies; Hardie 2014), `lrc` (conservative log ratio: the
    bound of its 95 % interval nearest 0, Bonferroni over the terms, 0 when the interval holds 0; Evert 2022), `g2`
    (log-likelihood; Dunning 1993), `q` (p of `g2` after Benjamini & Hochberg 1995). `attrs["floored"]` counts the terms
    left out.
    """
    table = candidates(frequency, about, others)
    other = reference.set_index("term")["count"].reindex(table.term).fillna(0).astype(int).to_numpy()
    sizes = frequency.attrs["words"], reference.attrs["words"]
    pairs = zip(table["count"], other, strict=True)
    table["reference_count"] = other
    table["log_ratio"] = log_ratio(table["count"], sizes[0], other, sizes[1])
    table["lrc"] = lrc(table["count"], sizes[0], other, sizes[1])
    from nltk.metrics import BigramAssocMeasures  # slow to import, and needed here only

    table["g2"] = [BigramAssocMeasures.likelihood_ratio(k, (k + m, sizes[0]), sum(sizes)) for k, m in pairs]
    table["q"] = adjusted(scipy.stats.chi2.sf(table.g2.astype(float), 1))
    table.attrs["reference"] = reference.attrs.get("name", "")
    return table.sort_values(["lrc", "log_ratio", "term"], ascending=[False, False, True], ignore_index=True)


def candidates(frequency: pd.DataFrame, about: str = "", others: int = 0) -> pd.DataFrame:
    """Terms that stand often enough to be key terms: where several articles are read in more than one of them, and of
    many in some, so that the words of one article are not taken for those of all.

    Parameters
    ----------
    frequency : see `frequency`; `attrs["families"]` says how many articles it counts.
    about, others : of which source or period the articles are, and how many more there are that they are set against.
    """
    families = frequency.attrs.get("families", 1)
    if not floors.reached("several articles", articles=families + others):
        return floors.passing("keyness", frequency, about)
    size = "many" if floors.reached("many articles", articles=families) else "several"
    shares = frequency.assign(**{"share of articles": frequency.articles / families})
    return floors.passing(f"keyness of {size} articles", shares, about).drop(columns="share of articles")


def log_ratio(here: pd.Series, size: float, there: pd.Series, other_size: float) -> np.ndarray:
    """Log2 of two relative frequencies; half an occurrence stands for none (Hardie 2014).

    >>> log_ratio(np.array([20, 3]), 1000, np.array([10, 0]), 1000).round(2).tolist()
    [1.0, 2.58]
    """
    return np.log2((np.asarray(here) / size) / (np.maximum(there, 0.5) / other_size))


def clustered(counts: pd.DataFrame, sizes: pd.DataFrame) -> tuple[float, float, float]:
    """Log ratio of two rates whose occurrences hang together by article, and its 95 % interval: linearised over the
    articles (Woodruff 1971), Student's t. From 8 articles up it covers .95 to .98, the percentile bootstrap .84 to
    .94 (benchmarks/coverage.py).

    Parameters
    ----------
    counts, sizes : occurrences, and what they are among, in each article (rows), here and there (columns).
    """
    ratio = log_ratio(counts.iloc[:, 0].sum(), sizes.iloc[:, 0].sum(), counts.iloc[:, 1].sum(), sizes.iloc[:, 1].sum())
    pull = (counts / counts.sum().clip(lower=0.5) - sizes / sizes.sum()).to_numpy()
    apart = len(sizes) / (len(sizes) - 1) * ((pull[:, 0] - pull[:, 1]) ** 2).sum()
    alone = (1 / counts.sum().clip(lower=0.5) - 1 / sizes.sum()).sum()  # articles that agree say no more than they hold
    reach = scipy.stats.t.ppf(0.975, (counts.sum(axis=1) > 0).sum() - 1) * math.sqrt(max(apart, alone)) / math.log(2)
    return float(ratio), float(ratio - reach), float(ratio + reach)


def lrc(here: pd.Series, size: float, there: pd.Series, other_size: float) -> np.ndarray:
    """Conservative log ratio: bound of the exact 95 % interval nearest 0, Bonferroni over the rows (Evert 2022)."""
    here, there = np.asarray(here), np.asarray(there)
    tail = 0.025 / max(len(here), 1)
    low, high = scipy.stats.beta.ppf(tail, here, there + 1), scipy.stats.beta.isf(tail, here + 1, there)
    odds = np.where(here * other_size >= there * size, low / (1 - low), high / (1 - np.minimum(high, 1 - 1e-16)))
    ratio = np.log2(np.maximum(odds * other_size / size, 1e-300))
    return np.where(here * other_size >= there * size, np.maximum(ratio, 0), np.minimum(ratio, 0))


def adjusted(p: np.ndarray) -> np.ndarray:
    """P values with the false discovery rate of all of them controlled (Benjamini & Hochberg 1995)."""
    return scipy.stats.false_discovery_control(p) if len(p) else np.asarray(p)


def contrast(tokens: pd.DataFrame, reference: pd.DataFrame, unit: str = "lemma", about: str = "") -> pd.DataFrame:
    """Terms of some articles against those of others, by article where there are enough of them on both sides.

    Parameters
    ----------
    about : the source or the period that the articles are of, for a refusal to name.

    Returns
    -------
    DataFrame, as `keyness`, with `reference_articles`. With ten articles on both sides, `lrc` compares the articles
    that hold the term and not its occurrences, `g2` gives way to `cliffs_delta` (how much likelier an article here has
    the higher rate, -1 to 1; Cliff 1993) and `q` comes from the rank-sum test of the rates (Wilcoxon 1945). Else
    `attrs["refusals"]` says what was missing.
    """
    sides = [running(side, unit) for side in (tokens, reference)]
    sizes = [side.family.nunique() for side in sides]
    counts = rated(sides[0], unit)
    worth = sides[1][sides[1].term.isin(candidates(counts, about, sizes[1]).term)]
    other = tallied(worth, articles=["family"]).reset_index()
    other.attrs = {"words": len(sides[1])}
    table = keyness(counts, other, about, sizes[1])
    table["reference_articles"] = other.set_index("term").articles.reindex(table.term).fillna(0).astype(int).to_numpy()
    missed = floors.refusals("rank-sum", about, **{"articles": sizes[0], "reference articles": sizes[1]})
    table.attrs["refusals"] = [*table.attrs["refusals"], *missed]
    return table if missed or table.empty else _by_article(table, sides, sizes)


def _by_article(table: pd.DataFrame, sides: list[pd.DataFrame], sizes: list[int]) -> pd.DataFrame:
    """A `contrast` by words as one by articles: the rank-sum test of the rates, and the articles that hold a term."""
    parts = [per_article(side, table.term) for side in sides]
    rates = [counts.to_numpy() / held.to_numpy()[:, None] for counts, held in parts]
    pieces = ([side[:, at : at + RANKED] for side in rates] for at in range(0, len(table), RANKED))
    tests = [scipy.stats.mannwhitneyu(*piece, axis=0, method="asymptotic") for piece in pieces]
    statistic, p = (np.concatenate([getattr(test, name) for test in tests]) for name in ("statistic", "pvalue"))
    table["cliffs_delta"] = 2 * statistic / (sizes[0] * sizes[1]) - 1
    table["lrc"] = lrc(table.articles, sizes[0], table.reference_articles, sizes[1])
    table["q"] = adjusted(p)
    table = table.drop(columns="g2")
    return table.sort_values(["lrc", "cliffs_delta", "term"], ascending=[False, False, True], ignore_index=True)


@store.kept
def contrasts(tokens: pd.DataFrame, by: str, unit: str = "lemma") -> pd.DataFrame:
    """Each source, or period, against all others: rows as `contrast`, with `group`; what has no group is left out.

    Parameters
    ----------
    by : the column that holds the groups, see `attributed`.
    """
    if by not in ("source", "period"):
        raise InputError(f"parameter 'contrast' is {by!r}; there are: source, period")
    known = running(tokens[tokens[by].notna() & (tokens[by] != "")], unit)
    known = known[list(dict.fromkeys(["article", "sentence", "word", "term", "family", "function", "content", by]))]
    known = known.astype(dict.fromkeys(["article", "term", "family", by], "category"))  # numbers are counted faster
    groups = sorted(known[by].unique())
    missed = floors.refusals("contrast", groups=len(groups))
    rows = [] if missed else [_against(known, by, group, unit) for group in groups]
    missed += [refusal for table in rows for refusal in table.attrs["refusals"]]
    for table in rows:
        table.attrs = {}
    whole = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["group", "term", "label", "lrc"])
    whole = whole.astype({"term": str})
    whole.attrs = {"refusals": list(dict.fromkeys(missed))}
    return whole


def _against(known: pd.DataFrame, by: str, group: str, unit: str) -> pd.DataFrame:
    here = known[by] == group
    return contrast(known[here], known.loc[~here, ["family", "term"]], unit, group).assign(group=group)


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
    told = [_read(frequency.attrs)]
    again, surely = frequency[frequency["rank"].notna()], keyness[keyness.lrc > 0]
    how = said(f"terms.how.{frequency.attrs['unit']}")
    reference = keyness.attrs.get("reference", "")
    key = "terms.surely.list" if reference else "terms.surely"
    for kind, name in (("words", False), ("names", True)):
        first = again[again.name == name].head(5)
        pairs = zip(map(_emphasised, first.label), first["count"], strict=True)
        listed = Markup(", ").join(said("terms.times", label=label, count=count) for label, count in pairs)
        told.append(said(f"terms.most.{kind}", how=how, listed=listed) if listed else said(f"terms.none.{kind}"))
        keys = Markup(", ").join(map(_emphasised, surely[surely.name == name].head(5).label))
        told.append(said(key, reference=reference, keys=keys) if keys else "")
    named = Markup("<strong>{}</strong>").format(theme)
    places = {"places": len(matches), "articles": matches.article.nunique()}
    told.append(said("terms.stands" if len(matches) else "terms.nowhere", theme=named, **places))
    return floors.Said(Markup(" ").join(filter(None, told)))


def _emphasised(word: str) -> Markup:
    return Markup("<em>{}</em>").format(word)


def _read(bases: Mapping[str, int]) -> str:
    """How many words and articles a frequency table counts, from its `attrs`."""
    told = said("terms.read", words=bases["words"], articles=bases["articles"])
    if bases["families"] < bases["articles"]:
        told = said("further", told=told, more=said("terms.families", families=bases["families"]))
    if bases["aside"]:
        told = said("further", told=told, more=said("terms.aside", aside=bases["aside"]))
    return f"{told}."
