"""Contexts of a theme -> groups that share words, told only where another half of the articles gives the same groups.

Presence of content lemmas, tf-idf, truncated SVD (Deerwester et al. 1990), spherical k-means (Dhillon and Modha 2001);
stability by halves of the articles (after Tibshirani and Walther 2005), membership by consensus (Monti et al. 2003).
What is grouped is vocabulary: a group is no sense of a word. How far to trust it: benchmarks/contexts.py.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from bulle import collocations, entries, floors, quotations, shares, sources
from bulle.floors import Refusal

REACH = 1  # sentences on each side of the one that holds the theme: without them merged words part less well
LEAST = {0: 3, 300: 5}  # contexts that a word stands in, from so many contexts up
AXES, KS, SEED = 10, range(2, 7), 1927  # of 10, 20 and 50 axes the best; a reader keeps six apart
HALVES, MORE, NEAR = 20, 60, 0.05  # draws of halves; so many where the stability is so near its floor
STARTS, STEPS = {"half": 3, "whole": 10}, 50  # of k-means
FITTED = 5000  # contexts that groups are learnt from; the others are assigned
SURE = 0.9  # share of the fits that put a context into its group, else it is in none
DRAWS = 999  # random assignments of articles to sources
RARE = 0.05  # share of the contexts under which a language does not count
NONE = "none"  # the group of a context that is in none
STEPWISE = {  # floors that groups have to reach, in their order
    "groups: stability": ["stability"],
    "groups: placed": ["placed"],
    "group": ["contexts", "articles", "largest share of one article"],
}
COLUMNS = "name words contexts articles share low high article sentence start end text".split()
WORDS, NAMING, SPREAD, G2 = 10, 3, 3, 3.84  # words of a group, of its name; least articles of one, chi-square at .05


@dataclass(frozen=True)
class Contexts:
    """Theme sentences with those around them: `rows` (a row each, see `contexts`), `found` (a row per content word
    there: `row`, `lemma`, `article`, `sentence`, `start`, `end`, `word`), `lemmas` (of the columns), whether each
    context `held` one, and the theme sentence `alone`."""

    rows: pd.DataFrame
    found: pd.DataFrame
    lemmas: np.ndarray
    held: "scipy.sparse.csr_matrix"
    alone: "scipy.sparse.csr_matrix"


@dataclass(frozen=True)
class Grouping:
    """`label`: the group of each context, -1 in none (empty if refused); its `margin` to the next group; the
    `stability` of the groups over `halves` draws; `tried`: what each number of groups came to; `refusals`."""

    label: np.ndarray
    margin: np.ndarray
    stability: float
    halves: int
    tried: pd.DataFrame
    refusals: list[Refusal]


def contexts(hits: pd.DataFrame, tokens: pd.DataFrame, matches: pd.DataFrame) -> Contexts:
    """The contexts of a theme, in the order of the names of their articles, whatever the order of reading.

    Parameters
    ----------
    hits : sentences that hold the theme: `article`, `sentence`, `start`, `end`, `text`, and `family` (of copies).
    tokens : of these articles, see `words.tokens`.
    matches : places of the theme; the lemmas that stand in them are left out everywhere.
    """
    rows = hits.sort_values(["article", "sentence"]).reset_index(drop=True)
    tokens = tokens[tokens.article.isin(rows.article)]
    own = tokens.lemma[collocations.within(tokens, matches)].unique()
    kept = tokens[(tokens.kind == "word") & ~tokens.function & (tokens.word.str.len() > 2) & ~tokens.lemma.isin(own)]
    steps = range(-REACH, REACH + 1)
    keys = rows[["article", "sentence"]].assign(row=rows.index)
    near = pd.concat([keys.assign(sentence=keys.sentence + step, own=step == 0) for step in steps])
    found = near.merge(kept[["article", "sentence", "start", "end", "word", "lemma"]], on=["article", "sentence"])
    found = found.sort_values(["row", "start"], ignore_index=True)
    lemmas = np.sort(found.lemma.unique())
    held, alone = (_presence(part, lemmas, len(rows)) for part in (found, found[found.own]))
    return Contexts(rows, found, lemmas, held, alone)


def _presence(found: pd.DataFrame, lemmas: np.ndarray, size: int) -> "scipy.sparse.csr_matrix":
    once = found.drop_duplicates(["row", "lemma"])
    codes = np.searchsorted(lemmas, once.lemma)
    return scipy.sparse.csr_matrix((np.ones(len(once)), (once.row, codes)), (size, len(lemmas)))


def weighted(held: "scipy.sparse.csr_matrix") -> "scipy.sparse.csr_matrix":
    """tf-idf of the words that stand in enough contexts, rows of length one."""
    count = np.asarray(held.sum(0)).ravel()
    least = [bound for size, bound in LEAST.items() if held.shape[0] >= size][-1]
    held, count = held[:, count >= least], count[count >= least]
    rows = held @ scipy.sparse.diags(np.log((1 + held.shape[0]) / (1 + count)) + 1)
    length = np.maximum(scipy.sparse.linalg.norm(rows, axis=1), 1e-12)
    return scipy.sparse.csr_matrix(scipy.sparse.diags(1 / length) @ rows)


def placed(rows: "scipy.sparse.csr_matrix", part: np.ndarray) -> np.ndarray:
    """Place of each row on the first axes of some rows (the first `part` decides the axes), the greatest first."""
    fitted = rows[part]
    size = min(AXES, min(fitted.shape) - 1)
    _, values, axes = scipy.sparse.linalg.svds(fitted, k=size, v0=np.cos(np.arange(min(fitted.shape)) + 1.0))
    return np.asarray(rows @ axes[np.argsort(-values)].T)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def centres(points: np.ndarray, k: int, starts: int) -> np.ndarray:
    """Centres of the best of some spherical k-means, begun as k-means++ does (Arthur and Vassilvitskii 2007)."""
    at, generator, most, best = _unit(points), np.random.default_rng(SEED), -np.inf, None
    for _ in range(starts):
        centre = at[[generator.integers(len(at))]]
        while len(centre) < k:
            far = np.clip(1 - (at @ centre.T).max(1), 0, None)
            drawn = generator.choice(len(at), p=far / far.sum()) if far.sum() else 0
            centre = np.vstack([centre, at[[drawn]]])
        label = None
        for _ in range(STEPS):
            before, label = label, (at @ centre.T).argmax(1)
            if before is not None and (label == before).all():
                break
            centre = _unit(np.eye(k)[label].T @ at)
        value = (at @ centre.T).max(1).sum()
        if value > most + 1e-9:
            most, best = value, centre
    return best


def rand(one: np.ndarray, two: np.ndarray) -> float:
    """Adjusted Rand index of two groupings (Hubert and Arabie 1985): 0 by chance, 1 where they are the same.

    >>> rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = np.zeros((one.max() + 1, two.max() + 1))
    np.add.at(table, (one, two), 1)
    both, first, second = ((n * (n - 1) / 2).sum() for n in (table, table.sum(1), table.sum(0)))
    chance, most = first * second / (len(one) * (len(one) - 1) / 2), (first + second) / 2
    return float((both - chance) / (most - chance)) if most > chance else 0.0


class Halves:
    """Pairs of halves of the articles, each with the places of all contexts on its own axes; drawn as they are asked
    for, and the same for every number of groups."""

    def __init__(self, rows: "scipy.sparse.csr_matrix", families: np.ndarray):
        self.rows, self.families, self.names = rows, families, np.unique(families)
        self.generator, self.drawn = np.random.default_rng(SEED), []

    def pairs(self, count: int) -> list[list[tuple[np.ndarray, np.ndarray]]]:
        """The first so many pairs: of each half which contexts it has, and where all contexts lie."""
        while len(self.drawn) < count:
            chosen = self.generator.permutation(self.names)[: len(self.names) // 2]
            first = np.isin(self.families, chosen)
            self.drawn.append([(part, placed(self.rows, part)) for part in (first, ~first)])
        return self.drawn[:count]

    def labels(self, k: int, count: int, known: list[np.ndarray]) -> list[np.ndarray]:
        """Groups of all contexts by each half, two a pair, behind those that are known."""
        halves = [half for pair in self.pairs(count) for half in pair][len(known) :]
        starts = STARTS["half"]
        return known + [(points @ centres(points[part], k, starts).T).argmax(1) for part, points in halves]


def stability(labels: list[np.ndarray]) -> float:
    """Mean adjusted Rand index of what the two halves of each pair make of all contexts."""
    return float(np.mean([rand(*pair) for pair in zip(labels[::2], labels[1::2], strict=True)]))


def grouped(held: "scipy.sparse.csr_matrix", families: np.ndarray, languages: int = 1) -> Grouping:
    """The largest number of groups that passes every floor, or the first floor that the stablest misses.

    Parameters
    ----------
    held : whether each context (row) holds each word (column).
    families : the article of each context, or the family of its copies.
    languages : how many the contexts are in; the words of two would only part these.
    """
    rows, none = weighted(held), np.array([], int)
    counts = {"contexts": len(families), "languages": languages, "articles": len(np.unique(families))}
    counts["words"] = rows.shape[1]
    for measure, found in counts.items():
        if missed := floors.refusals(f"groups: {measure}", **{measure: found}):
            return Grouping(none, none, np.nan, 0, pd.DataFrame(), missed)
    some = np.sort(np.random.default_rng(SEED).permutation(len(families))[:FITTED])
    halves, points = Halves(rows[some], families[some]), placed(rows, some)
    bound, made = floors.bound("groups: stability", "stability"), {}
    for k in KS:
        if len(made) > 1 and max(made[k - 1]["stability"], made[k - 2]["stability"]) < bound:
            break  # two numbers of groups running were unstable
        label, margin, own = _tried(halves, points, some, k)
        made[k] = own | _measured(label, families, k) | {"label": label, "margin": margin}
    whole = [k for k, one in made.items() if all(floors.reached(step, **_of(step, one)) for step in STEPWISE)]
    chosen = made[max(whole)] if whole else max(made.values(), key=lambda one: one["stability"])
    missed = next(filter(None, (floors.refusals(step, **_of(step, chosen)) for step in STEPWISE)), [])
    tried = pd.DataFrame(made).T.rename_axis("groups").reset_index().drop(columns=["label", "margin"])
    label, margin = (none, none) if missed else (chosen["label"], chosen["margin"])
    return Grouping(label, margin, chosen["stability"], chosen["halves"], tried, missed)


def _of(step: str, made: dict[str, object]) -> dict[str, object]:
    return {measure: made[measure] for measure in STEPWISE[step]}


def _tried(halves: Halves, points: np.ndarray, some: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, dict]:
    """So many groups: the group of each context (-1: none) and its margin; `stability`, over how many `halves`."""
    labels = halves.labels(k, HALVES, [])
    if abs(stability(labels) - floors.bound("groups: stability", "stability")) < NEAR:
        labels = halves.labels(k, MORE, labels)
    scores = points @ centres(points[some], k, STARTS["whole"]).T
    label, margin = scores.argmax(1), np.diff(np.sort(scores, axis=1)[:, -2:], axis=1).ravel()
    agreed = np.mean([_matched(one, label[some], k) == label[some] for one in labels], axis=0)
    sure = np.full(len(label), np.nan)
    sure[some] = agreed
    if len(some) < len(label):  # the others: as sure as the hundred fitted contexts of the nearest margin
        order = np.argsort(margin[some], kind="stable")
        smooth = np.convolve(np.pad(agreed[order], 50, mode="edge"), np.ones(101) / 101, "valid")
        sure = np.where(np.isnan(sure), np.interp(margin, margin[some][order], smooth), sure)
    sure[~points.any(axis=1)] = 0  # a context without words is in no group
    told = {"stability": stability(labels), "halves": len(labels) // 2}
    return np.where(sure >= SURE, label, -1), margin, told


def _matched(label: np.ndarray, reference: np.ndarray, k: int) -> np.ndarray:
    """Labels renamed to agree most with a reference."""
    table = np.zeros((k, k))
    np.add.at(table, (label, reference), 1)
    return scipy.optimize.linear_sum_assignment(-table)[1][label]


def _measured(label: np.ndarray, families: np.ndarray, k: int) -> dict[str, float]:
    """What the floors ask of some groups: the share placed, and of the poorest group its contexts, its articles and
    the largest share of it in one."""
    sizes = [np.unique(families[label == one], return_counts=True)[1] for one in range(k)]
    return {
        "placed": float((label >= 0).mean()),
        "contexts": min(int(size.sum()) for size in sizes),
        "articles": min(len(size) for size in sizes),
        "largest share of one article": max(size.max() / size.sum() if len(size) else 1.0 for size in sizes),
    }


def typical(near: Contexts, hit: np.ndarray, light: list[str]) -> np.ndarray:
    """Columns of the words that a group's contexts hold more often than the others, in some articles at least, first
    those of the greatest G2 of presence (Dunning 1993); `light` lemmas, which say nothing of it, are left out."""
    inside, both, part = np.asarray(near.held[hit].sum(0)).ravel(), np.asarray(near.held.sum(0)).ravel(), hit.mean()
    outside = both - inside
    here, there = inside / (both * part), outside / (both * (1 - part))
    g2 = 2 * (scipy.special.xlogy(inside, here) + scipy.special.xlogy(outside, there))
    order = np.argsort(-g2, kind="stable")
    kept = (inside > both * part) & (g2 > G2) & ~np.isin(near.lemmas, light)
    order = order[kept[order]][: 3 * WORDS]
    families, columns = near.rows.family.to_numpy()[hit], near.held[hit].tocsc()
    return np.array([one for one in order if len(set(families[columns[:, one].indices])) >= SPREAD], int)[:WORDS]


@dataclass(frozen=True)
class Groups:
    """`contexts`: a row per theme sentence with its `group`, by name ("none", and "" where groups are refused);
    `table`: a row per group, see `groups`; `words`: a row per word of a group; `places`: a row per place of one there
    (`group`, `word`, `article`, `start`, `end`)."""

    contexts: pd.DataFrame
    table: pd.DataFrame
    words: pd.DataFrame
    places: pd.DataFrame


def groups(hits: pd.DataFrame, tokens: pd.DataFrame, matches: pd.DataFrame) -> Groups:
    """In what company of words a theme is spoken of; see `contexts` for what is given.

    Returns
    -------
    Groups, whose `table` has one row per group, largest first: `name` (its first words), `words` (ten, as they are
    mostly written), `contexts` (theme sentences), `articles` (copies are one), `share` of all theme sentences with its
    interval `low`, `high` (see `shares.interval`; the groups held fixed), and a typical sentence: `article`,
    `sentence`, `start`, `end`, `text`. `attrs`: `stability`, over how many `halves`, `placed`, `tried`, `refusals`.
    """
    near = contexts(hits, tokens, matches)
    often = near.rows.language.value_counts(normalize=True) >= RARE
    found = grouped(near.held, near.rows.family.to_numpy(), int(often.sum()))
    written = near.found.groupby(["lemma", "word"]).size().rename("count").reset_index()
    written = written.sort_values(["count", "word"], ascending=[False, True])
    forms = written.drop_duplicates("lemma").set_index("lemma").word
    light = [one for language in near.rows.language.unique() for one in entries(language, "light")]
    named, rows, words, places = pd.Series(NONE if len(found.label) else "", near.rows.index), [], [], []
    for one in pd.Series(found.label[found.label >= 0], dtype=int).value_counts(sort=False).sort_index().index:
        hit = found.label == one
        own = typical(near, hit, light)
        lemmas = near.lemmas[own]
        name = " · ".join(forms[lemmas][:NAMING])
        named[hit] = name
        rows.append({"name": name, "words": ", ".join(forms[lemmas])} | _told(near, hit, own, found.margin))
        words.append(_words(near, hit, own, written).assign(group=name, word=forms[lemmas].to_numpy()))
        here = near.found[hit[near.found.row] & near.found.lemma.isin(lemmas)]
        places.append(here.assign(group=name, word=here.lemma.map(forms)))
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.sort_values("contexts", ascending=False, kind="stable", ignore_index=True)
    table.attrs = {name: getattr(found, name) for name in ("stability", "halves", "tried", "refusals")}
    empty = pd.DataFrame(columns=["group", "word", "lemma", "article", "start", "end"])
    whole = [pd.concat(part, ignore_index=True) if part else empty for part in (words, places)]
    return Groups(near.rows.assign(group=named), table, *whole)


def _told(near: Contexts, hit: np.ndarray, own: np.ndarray, margin: np.ndarray) -> dict[str, object]:
    """How large a group is, and the sentence that stands for it: of middle length, with most of its words, and far from
    the other groups (the margin alone chose sentences that say nothing)."""
    families = near.rows.family[hit]
    low, high = shares.interval(near.rows.family, pd.Series(hit))
    fits = hit & near.rows.text.str.count(r"\w+").between(quotations.SHORTEST, quotations.LONGEST).to_numpy()
    score = np.asarray(near.alone[:, own].sum(1)).ravel() + margin
    best = near.rows.iloc[np.where(fits if fits.any() else hit, score, -1).argmax()]
    size = {"contexts": int(hit.sum()), "articles": families.nunique(), "share": hit.mean(), "low": low, "high": high}
    return size | best[["article", "sentence", "start", "end", "text"]].to_dict()


def _words(near: Contexts, hit: np.ndarray, own: np.ndarray, written: pd.DataFrame) -> pd.DataFrame:
    """The words of a group: `lemma`, `count` (its contexts that hold it), `share` of them, `elsewhere` and `others`:
    the same of all other contexts; `forms` in which it stands."""
    inside, both = (np.asarray(part[:, own].sum(0)).ravel().astype(int) for part in (near.held[hit], near.held))
    forms = written.groupby("lemma").word.agg(list)
    table = pd.DataFrame({"lemma": near.lemmas[own], "count": inside, "elsewhere": both - inside})
    table["share"], table["others"] = table["count"] / hit.sum(), table.elsewhere / (~hit).sum()
    return table.assign(forms=[forms[lemma] for lemma in table.lemma])


def split(contexts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """How the sentences of all sources, and of each with enough of them, part into groups.

    Parameters
    ----------
    contexts, table : see `Groups`.

    Returns
    -------
    DataFrame, one row per source (`group`; "" for all together, first) and group of contexts (`kind`; "none" last), as
    `shares.by` gives them; copies are one article. Empty where groups are refused.
    """
    kinds, contexts = (*table.name, NONE), contexts.assign(article=contexts.family)
    whole = shares.shares(contexts, "group", kinds, "group shares").assign(group="")
    own = shares.by(contexts, "group", kinds, "group shares", contexts.source)
    made = pd.concat([whole, own], ignore_index=True)[own.columns]
    made.attrs = {"refusals": table.attrs["refusals"]}
    return made


def leaning(contexts: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Where the sentences of a source are more often in a group than those of the other sources, beyond chance.

    Parameters
    ----------
    contexts : see `Groups`; sentences without a source are left out.
    names : of the groups.

    Returns
    -------
    DataFrame, one row per source (with enough sentences) and group: `source`, `group`, `count` and `size` (sentences
    of the source there, and all of them), `elsewhere` and `rest` (the same of the others), `p` (random assignment of
    the articles, copies together, to the sources; the largest of all such differences).
    """
    known = contexts[contexts.source != ""]
    wanted = shares.by(known, "group", (*names, NONE), "group shares", known.source).group.unique()
    held = pd.get_dummies(known.group).reindex(columns=names, fill_value=False).astype(float)
    held = held.groupby(known.family.to_numpy()).sum().assign(size=known.groupby("family").size())
    origin, generator = known.groupby("family").source.first().loc[held.index].to_numpy(), np.random.default_rng(SEED)
    counts = held.to_numpy()
    true, cells = _apart(counts, origin, wanted)
    most = [_apart(counts, generator.permutation(origin), wanted)[0].max(initial=0) for _ in range(DRAWS)]
    rows = [(source, name) for source in wanted for name in names]
    table = pd.DataFrame(rows, columns=["source", "group"])
    table[["count", "size", "elsewhere", "rest"]] = cells.astype(int)
    table["p"] = [(1 + np.sum(np.array(most) >= one - 1e-9)) / (1 + DRAWS) for one in true]
    return table[(true > 0) & (table.p <= sources.LEVEL)].reset_index(drop=True)


def _apart(counts: np.ndarray, origin: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far the share of each group in each source is above that in the others, in deviations; and its counts."""
    apart, cells, whole = [], [], counts.sum(0)
    for source in wanted:
        own = counts[origin == source].sum(0)
        size, rest = own[-1], whole[-1] - own[-1]
        pooled = whole[:-1] / whole[-1]
        error = np.sqrt(np.maximum(pooled * (1 - pooled) * (1 / max(size, 1) + 1 / max(rest, 1)), 1e-12))
        apart.append((own[:-1] / max(size, 1) - (whole - own)[:-1] / max(rest, 1)) / error)
        cells += [(one, size, other, rest) for one, other in zip(own[:-1], (whole - own)[:-1], strict=True)]
    return np.array(apart).ravel(), np.array(cells).reshape(-1, 4)
