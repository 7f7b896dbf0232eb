"""Sources -> how often each speaks of the theme, and the words that stand beside the theme there."""

import re

import numpy as np
import pandas as pd
import scipy

from bulle import floors, passages, words
from bulle.timeline import holm, wilson

DRAWS = 1999  # random assignments: p values down to 0.0005
SEED = 1935  # of everything drawn at random
LEVEL = 0.015  # two questions, shares and words: together they err in at most 3 of 100 corpora that do not differ
NAMED = 2  # phrases that an account names for one source
LARGEST = 50  # sources whose phrases are looked for, those with most mentions
REACH = 3  # function words that may stand between the theme and the word beside it: "crise de la dette"
QUOTES = '«»“”„"‘'  # one source writes them around a word, another does not: no difference between phrases
SPACE = re.compile(rf"[^\S\r\n]{{0,3}}(?:[{QUOTES}][^\S\r\n]{{0,3}}){{0,2}}")  # what may stand between two words
QUOTED = re.compile(r'[«“„‘]\s*|\s*[»”]|"')
SIDES = ("before", "after")


def shares(articles: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Share of the articles of each source that hold the theme; near-identical articles of a source are one article.

    Parameters
    ----------
    articles : `article`, `source`, and `family` if it is known.
    matches : `article`, those that hold the theme.

    Returns
    -------
    DataFrame, one row per source with enough articles, most articles first: `source`, `articles`, `holding`, `share`,
    `low`, `high` (95 % interval; Wilson 1927), `others` (the share in all other sources together), `p` (Fisher's exact
    test against them, 1935, two-sided; corrected over the rows, Holm 1979). `attrs`: `p` (of one test over all
    sources, those with too few articles as one: chi-square, Pearson 1900, where 5 articles are expected in every
    cell, else random assignments), `test` (its name), `thin` and `thin_articles` (sources with too few, and how many
    articles they have).
    """
    known = _families(articles.assign(holding=articles.article.isin(matches.article)))
    counts = known.groupby("source").holding.agg(["size", "sum"]).set_axis(["articles", "holding"], axis=1).astype(int)
    table = floors.passing("source", counts.reset_index())
    table = table.sort_values(["articles", "source"], ascending=[False, True], ignore_index=True)
    table["share"] = table.holding / table.articles
    table["low"], table["high"] = wilson(table.holding, table.articles)
    rest = counts.sum() - table[["articles", "holding"]]
    table["others"] = rest.holding / rest.articles.where(rest.articles > 0)
    cells = [table.holding, table.articles - table.holding, rest.holding, rest.articles - rest.holding]
    table["p"] = holm([scipy.stats.fisher_exact([row[:2], row[2:]]).pvalue for row in zip(*cells, strict=True)])
    thin = counts[~counts.index.isin(table.source)]
    groups = [table[["articles", "holding"]], thin.sum().to_frame().T] if len(thin) else [table]
    p, test = _over_all(pd.concat(groups, ignore_index=True))
    table.attrs = {"p": p, "test": test, "thin": len(thin), "thin_articles": int(thin.articles.sum())}
    return floors.refused(table, floors.refusals("sources", **{"sources with enough articles": len(table)}))


def _families(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with a source, of each family the first in each source; `holding` if one of the family holds it."""
    known = articles[articles.source.notna() & (articles.source != "")]
    family = known.family if "family" in known else known.article
    known = known.assign(family=family)
    known["holding"] = known.groupby(["source", "family"]).holding.transform("max")
    return known.drop_duplicates(["source", "family"])


def _over_all(table: pd.DataFrame) -> tuple[float, str]:
    """P value of one test of equal shares over all rows, and its name."""
    cells = np.array([table.holding, table.articles - table.holding])
    if len(table) < 2 or not cells.sum(axis=1).all():
        return 1.0, "none: all articles are alike"
    expected = scipy.stats.contingency.expected_freq(cells)
    if (expected >= 5).all():
        return float(scipy.stats.chi2_contingency(cells, correction=False).pvalue), "chi-square"
    generator = np.random.default_rng(SEED)
    drawn = generator.multivariate_hypergeometric(table.articles, cells[0].sum(), 5 * DRAWS, method="marginals")
    distance = ((np.vstack([cells[0], drawn]) - expected[0]) ** 2 / expected[0]).sum(axis=1)
    return float((1 + (distance[1:] >= distance[0] - 1e-9).sum()) / (1 + 5 * DRAWS)), "random assignment"


def mentions(articles: pd.DataFrame, matches: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """The theme with the content word before it and with that after it, wherever it stands.

    A phrase reaches from the theme to the next content word, over three function words at most ("crise de la dette"),
    and no number, line break or sign of punctuation but a quotation mark stands in it.

    Parameters
    ----------
    articles, matches : articles, and where the theme stands in them, see `passages.matches`.
    sentences : those that hold it, in reading order: `article`, `start`, `text`.

    Returns
    -------
    DataFrame, one row per place of the theme: `article`, `source`, `family`, `start`, `end`, and for each side
    `before_start`, `after_end` (of the phrase), `before`, `after` (the phrase as written, but for quotation marks, ""
    where there is none).
    """
    cut, about = sentences.reset_index(drop=True), articles.set_index("article")
    tokens = _tokens(cut, about.language)
    texts, found = about.text.to_dict(), []
    rows = passages.rows(matches, cut)
    for row, article, start, end in zip(rows, matches.article, matches.start, matches.end, strict=True):
        near, text = tokens[row], texts[article]
        first = _edge(text, start, [token for token in reversed(near) if token[1] <= start], back=True)
        last = _edge(text, end, [token for token in near if token[0] >= end], back=False)
        found.append((article, start, end, first, last, _written(text[first:end]), _written(text[start:last])))
    names = ["article", "start", "end", "before_start", "after_end", *SIDES]
    table = pd.DataFrame(found, columns=names)
    table["before"] = table.before.where(table.before_start < table.start, "")
    table["after"] = table.after.where(table.after_end > table.end, "")
    family = about.family if "family" in about else about.index.to_series()
    return table.assign(source=table.article.map(about.source), family=table.article.map(family))


def _tokens(sentences: pd.DataFrame, languages: pd.Series) -> dict[int, list[tuple[int, int, str, bool]]]:
    """Start and end in the article, kind, and whether it is a function word, of the tokens of each sentence by row."""
    names = sentences.index.astype(str)
    texts = pd.DataFrame({"article": names, "language": sentences.article.map(languages), "text": sentences.text})
    table = words.tokens(texts)
    table = table[~table.word.isin(list(QUOTES))]
    shift = table.article.map(dict(zip(names, sentences.start, strict=True)))
    columns = table.article.astype(int), table.start + shift, table.end + shift, table.kind, table.function
    near = {number: [] for number in sentences.index}
    for number, *token in zip(*columns, strict=True):
        near[number].append(tuple(token))
    return near


def _edge(text: str, place: int, tokens: list[tuple[int, int, str, bool]], back: bool) -> int:
    """Where a phrase ends that goes from a place on to the next content word; the place itself if there is none."""
    edge = place
    for passed, (start, end, kind, function) in enumerate(tokens):
        gap = text[end:edge] if back else text[edge:start]
        if kind != "word" or passed > REACH or not SPACE.fullmatch(gap):
            return place
        edge = start if back else end
        if not function:
            return edge
    return place


def _written(text: str) -> str:
    return " ".join(QUOTED.sub("", text).split())


def phrases(mentions: pd.DataFrame) -> pd.DataFrame:
    """Phrases that are surely a larger share of the mentions of the theme in one source than in the others.

    Articles are the unit, those near-identical within a source being one: they are assigned to the sources at random
    1 999 times, and a phrase counts as sure where its excess is beyond the largest that any phrase has in any source
    then (the max-T of Westfall & Young 1993), so that an article that repeats a phrase proves little.

    Parameters
    ----------
    mentions : see `mentions`.

    Returns
    -------
    DataFrame, one row per source and phrase, most frequent source first, surest first: `source`, `side` (of the theme
    that the content word stands on), `phrase` (in its commonest form, counted whatever its capitals and quotation
    marks), `count`, `articles` (that hold it there), `mentions` (of the theme there), `share`, `other_count`,
    `other_mentions`, `others` (in the other sources), `p` (at most 0.015). Phrases under the floors are left out, and
    those of all but the fifty sources with most mentions.
    """
    known = once(mentions)
    sizes = known.source.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    large = floors.passing("source mentions", sizes.rename("mentions").reset_index()).source.head(LARGEST).tolist()
    missed = floors.refusals("phrases", **{"sources with enough places": len(large)})
    columns = "source side phrase count articles mentions share other_count other_mentions others p".split()
    known = known.assign(source=known.source.where(known.source.isin(large), ""))
    pieces = [known[["article", "source"]].assign(side=side, phrase=known[side]) for side in SIDES]
    written = pd.concat(pieces)[lambda rows: rows.phrase != ""]
    written["key"] = written.side + " " + written.phrase.map(words.fold)
    held = written.groupby("key").agg(places=("article", "size"), articles=("article", "nunique"))
    keys = floors.passing("phrase", held).index
    if missed or not len(keys):
        return floors.refused(pd.DataFrame(columns=columns), missed)
    table = _shared(known, written[written.key.isin(keys)], sizes)
    enough = floors.passing("phrase", table)
    sure = enough[(enough.p <= LEVEL) & (enough.share > enough.others)]
    sure = sure.sort_values(["p", "share", "phrase"], ascending=[True, False, True])
    sure = sure.sort_values(["mentions", "source"], ascending=[False, True], kind="stable", ignore_index=True)
    sure = sure.rename(columns={"places": "count"})[columns]
    sure.attrs = {}
    return sure


def _shared(known: pd.DataFrame, written: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """Each phrase in each source: how often there and elsewhere, of how many mentions, and `p` (see `_surprise`)."""
    table = written.groupby(["source", "key"]).agg(places=("article", "size"), articles=("article", "nunique"))
    table["p"] = _surprise(known, written).reindex(table.index)
    table = table.reset_index().query("source != ''")
    table["mentions"] = table.source.map(sizes)
    table["other_count"] = table.key.map(written.groupby("key").size()) - table.places
    table["other_mentions"] = len(known) - table.mentions
    table["share"], table["others"] = table.places / table.mentions, table.other_count / table.other_mentions
    table["phrase"] = table.key.map(
        written.groupby("key").phrase.agg(lambda forms: forms.value_counts().sort_index().idxmax())
    )
    table["side"] = table.key.str.partition(" ")[0]
    return table


def _surprise(known: pd.DataFrame, written: pd.DataFrame) -> pd.Series:
    """P value of each source and phrase (`source`, `key`): how often chance makes some excess as large somewhere."""
    articles = pd.Index(known.article.unique())
    of = known.drop_duplicates("article").source.astype("category")
    size = known.article.value_counts().reindex(articles).to_numpy(float)
    keys = written.key.astype("category")
    places = articles.get_indexer(written.article), keys.cat.codes
    held = scipy.sparse.csr_array((np.ones(len(written)), places), shape=(len(articles), len(keys.cat.categories)))
    rate = held.sum(axis=0) / size.sum()
    spread = held.power(2).sum(axis=0) - 2 * rate * (held.T @ size) + rate**2 * (size**2).sum()
    groups = of.cat.codes.to_numpy()
    counts, total = np.bincount(groups), len(articles)
    deviation = np.sqrt(np.outer(counts * (total - counts) / (total * (total - 1)), spread))
    deviation[deviation <= 1e-12] = np.inf  # a phrase that is the same share of every article says nothing
    filled, width = held.tocoo(), held.shape[1]

    def excess(groups: np.ndarray) -> np.ndarray:
        cells = groups.astype(np.intp)[filled.row] * width + filled.col
        found = np.bincount(cells, filled.data, len(counts) * width).reshape(-1, width)
        return (found - np.outer(np.bincount(groups, size, len(counts)), rate)) / deviation

    generator, seen = np.random.default_rng(SEED), excess(groups)
    largest = np.sort([excess(generator.permutation(groups)).max() for _ in range(DRAWS)])
    beyond = DRAWS - np.searchsorted(largest, seen - 1e-9)
    table = pd.DataFrame((1 + beyond) / (1 + DRAWS), of.cat.categories, keys.cat.categories)
    return table.stack()


def once(mentions: pd.DataFrame) -> pd.DataFrame:
    """The mentions in articles with a source, of near-identical articles of a source only those in the first."""
    known = mentions[mentions.source.notna() & (mentions.source != "")]
    first = known.groupby(["source", "family"]).article.transform("first")
    return known[known.article == first]
