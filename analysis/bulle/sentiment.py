"""Tone of texts, of sentences and of a corpus, by the lexicon: evidence, masses, intervals, verdicts that the floors
allow. Another voice gives the same table of scores (see `more.voices`), but no evidence."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import scipy

from bulle import LANGUAGES, PACKAGE, InputError, floors, progress, telling, wording, words
from bulle.lexicon import read
from bulle.wording import said, value_told

KEYS = ("passage", "article", "sentence")
SEED, DRAWS = 20251121, 2000  # the date of the seed article; Efron 1987: B >= 2000 for a 95 % interval
AT_ONCE = 10  # draws at a time: their arrays stay in the caches
STRATUM = 5  # sentences of an article that are compared with one another, of about as many content words
SHRINK = 2  # add one to each mass: no interval of width 0 from a few sentences that agree
MANY = 30  # articles from which BCa holds its level (methods: under 30 bootstrap-t)


@dataclass(frozen=True)
class Verdict:
    """Tone of a corpus: the label that the floors allow, both masses, the net tone (-1 to 1) and its 95 % interval.

    `label`: positive, negative, mixed, neutral, undetermined, voices disagree, insufficient evidence; `leaning` names a
    direction only when the interval excludes 0; `unit` is what the interval takes as independent. `opposed` is the
    share of the specifications of `sweep` that do not share the direction, NaN without a sweep; `why` is what withholds
    a direction that the interval alone would allow: "sweep", "voices", or "" for nothing.
    """

    label: str
    leaning: str
    positive: float
    negative: float
    net: float
    ambivalence: float
    low: float
    high: float
    unit: str
    articles: int
    sentences: int
    sentences_with_hits: int
    hits: int
    coverage: float
    opposed: float = math.nan
    why: str = ""
    refusals: tuple[floors.Refusal, ...] = ()


@dataclass(frozen=True)
class Contrast:
    """Tone of the sentences on the theme minus that of the others of the same articles, mean over `articles`.

    `low` and `high` are the 95 % interval of the `difference`, whichever way of scoring is taken (see `contrast`).
    """

    articles: int
    difference: float
    low: float
    high: float
    refusals: tuple[floors.Refusal, ...] = ()


def evidence(
    sentences: pd.DataFrame, language: str = "fr", lexicon: str = "", places: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Scored words of sentences or passages; `lexicon` is the path of a CSV of one's own (`entry`, `weight`).

    `places` are those of the theme (`article`, `start`, `end`, see `passages.matches`). A scored word or expression
    that touches one is shown and counts for no score, and so does a movement whose noun touches one (« flambée des
    violences »): a theme is not dark because its name is.

    Returns
    -------
    DataFrame, one row per scored word: `passage` when given, `article`, `sentence`, `start`, `end` (characters of the
    article's text), `word` (as written), `entry` (of the lexicon), `source` (lexicon, back-off, or rule for movements
    and lone negations), `theme` (whether the word, or the noun that it moves, touches a place of the theme), `weight`
    (-3 to 3), `factor`, `value` (their product), `why` (a reason for each factor and for what does not count, "" when
    there is none).
    """
    return _evidence(sentences, language, lexicon, places)[0]


def _evidence(
    sentences: pd.DataFrame, language: str, lexicon: str, places: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.Series]:
    """`evidence`, and the number of content words of each sentence, those of the theme left out."""
    tone, found, nouns = read(language, lexicon), [], []
    content = {name: array("q") for name in ("row", "start", "end")}  # some words of each sentence: many
    keys = [name for name in KEYS if name in sentences]
    about = zip(sentences[[*keys, "start"]].itertuples(index=False), sentences.text, strict=True)
    for row, ((*key, offset), text) in enumerate(progress.over(about, len(sentences), "tone")):
        hits, units = tone.marked(text)
        for unit in units:
            content["row"].append(row)
            content["start"].append(offset + unit.start)
            content["end"].append(offset + unit.end)
        for hit in hits:
            word, start, end = hit.unit
            told = hit.entry, hit.source, hit.weight, hit.factor, hit.value
            found.append((*key, offset + start, offset + end, word, *told, "; ".join(hit.why)))
            _, start, end = hit.noun or hit.unit
            nouns.append((offset + start, offset + end))
    numbers = dict.fromkeys(("weight", "factor", "value"), float)
    columns = [*keys, "start", "end", "word", "entry", "source", *numbers, "why"]
    table = pd.DataFrame(found, columns=columns).astype(numbers)
    moving = table[["article"]].join(pd.DataFrame(nouns, columns=["start", "end"], dtype=int))
    own, moves = touching(table, places), touching(moving, places)
    table.insert(columns.index("source") + 1, "theme", own | moves)
    reason = np.select([own, moves], ["of the theme: not counted", "moves the theme: not counted"], "")
    table["why"] = ["; ".join(filter(None, both)) for both in zip(table.why, reason, strict=True)]
    spans = pd.DataFrame({name: np.array(values, np.int64) for name, values in content.items()})
    spans["article"] = sentences.article.to_numpy()[spans.row]
    count = np.bincount(spans.row[~touching(spans, places)], minlength=len(sentences))
    return table, pd.Series(count, sentences.index)


def tone(texts: str | Iterable[str], language: str = "fr", lexicon: str = "") -> pd.DataFrame:
    """Tone of texts, each taken as one passage.

    Parameters
    ----------
    texts : one text, a list of texts, or a column of them, whose index is kept.
    language, lexicon : see `evidence`.

    Returns
    -------
    DataFrame, one row per text: `positive`, `negative` (masses), `hits` (scored words), `net` ((P - N) / (P + N + 1),
    -1 to 1, NaN without hit), `reading` (the most probable of positive, neutral and negative), `chance` (its
    probability), `label` (positive, negative, neutral, mixed, undetermined, no evidence).

    Raises
    ------
    InputError : a text that is no string, an unknown language.

    >>> print(tone(["Le chômage recule.", "La réunion aura lieu le 12 mars."]).round(2).to_string(index=False))
     positive  negative  hits  net  reading  chance       label
          1.5       0.0     1  0.6 positive    0.68    positive
          0.0       0.0     0  NaN  neutral    0.50 no evidence
    """
    texts = pd.Series([texts] if isinstance(texts, str) else texts, dtype=object)
    for place, text in texts.items():
        if not isinstance(text, str):
            raise InputError(f"text {place} is {text!r}; expected a string")
    rows = pd.DataFrame({"article": range(len(texts)), "sentence": 0, "start": 0, "text": texts.to_numpy()})
    made = scored(rows, rows.assign(language=language), lexicon)[1]
    made = made.rename(columns={"tone": "net", "verdict": "label"}).set_axis(texts.index)
    return made[["positive", "negative", "hits", "net", "reading", "chance", "label"]]


def touching(found: pd.DataFrame, places: pd.DataFrame | None) -> np.ndarray:
    """Whether each of some stretches (`article`, `start`, `end`) touches a place; places do not overlap."""
    if places is None or found.empty or places.empty:
        return np.zeros(len(found), bool)
    articles = pd.Index(places.article.unique())
    reach = 1 + max(found.end.max(), places.end.max())
    starts, ends = (articles.get_indexer(places.article) * reach + places[side].to_numpy() for side in ("start", "end"))
    order = starts.argsort()
    row = articles.get_indexer(found.article)
    before = np.searchsorted(starts[order], row * reach + found.end.to_numpy()) - 1  # the last to begin before
    return (row >= 0) & (before >= 0) & (ends[order][before] > row * reach + found.start.to_numpy())


def scored(
    sentences: pd.DataFrame, articles: pd.DataFrame, lexicon: str = "", places: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`evidence` and `scores` of sentences, each in the language of its article, with its `family` when given.

    The scores keep the order of the sentences, whatever their languages, and leave out what touches a place of the
    theme.
    """
    about = articles.set_index("article")
    if "family" in about:
        sentences = sentences.assign(family=sentences.article.map(about.family))
    parts = list(sentences.groupby(sentences.article.map(about.language), sort=False)) or [(LANGUAGES[0], sentences)]
    found, made = [], []
    for language, rows in parts:
        own, length = _evidence(rows, language, lexicon, places)
        found.append(own)
        made.append(_scores(rows.assign(words=length), own[~own.theme], language))
    keys = [name for name in KEYS if name in sentences]
    ordered = sentences[keys].drop_duplicates().merge(pd.concat(made, ignore_index=True), on=keys)
    return pd.concat(found, ignore_index=True), ordered


def scores(sentences: pd.DataFrame, evidence: pd.DataFrame, language: str = "fr", lexicon: str = "") -> pd.DataFrame:
    """Masses, tone and verdict of each sentence; of passages, the sentences that hold the theme only.

    Returns
    -------
    DataFrame, one row per sentence: its keys (and `family` when given), `words` (content words), `positive`, `negative`
    (masses), `hits`, `tone` ((P - N) / (P + N + 1), -1 to 1, NaN without hit; Lowe et al. 2011), `ambivalence`
    (2 min(P, N) / (P + N), 0 to 1, NaN without hit), `reading` (the most probable of positive, neutral and negative),
    `chance` (its probability; see `readings`), `leaning` (the reading where it is a side and its chance reaches the
    floor), `verdict` (positive, negative, neutral, mixed, undetermined, no evidence).
    """
    tone = read(language, lexicon)
    return _scores(sentences.assign(words=[len(tone.marked(text)[1]) for text in sentences.text]), evidence, language)


def _scores(sentences: pd.DataFrame, evidence: pd.DataFrame, language: str) -> pd.DataFrame:
    """`scores` of sentences whose content words are counted (`words`)."""
    found, keys = judged(sentences), [name for name in KEYS if name in sentences]
    found = found[[*keys, *{"family"}.intersection(found), "words"]]
    value = evidence.value
    sums = evidence.assign(positive=value.clip(lower=0), negative=(-value).clip(lower=0), hits=1).groupby(keys)
    numbers = {"positive": float, "negative": float, "hits": int}
    found = found.merge(sums[[*numbers]].sum().reset_index(), on=keys, how="left")
    return _judged(found.fillna(dict.fromkeys(numbers, 0)).astype(numbers), language)


def judged(sentences: pd.DataFrame) -> pd.DataFrame:
    """Sentences to judge: without the sentences of context, each once."""
    held = sentences[sentences.match != ""] if "match" in sentences else sentences
    return held.drop_duplicates([name for name in KEYS if name in held])


def _judged(found: pd.DataFrame, language: str) -> pd.DataFrame:
    """Scores with `tone`, `ambivalence`, `reading`, `chance`, `leaning` and `verdict` from their masses."""
    mass, gap, bound = found.positive + found.negative, found.positive - found.negative, _bounds()
    tone, ambivalence = (gap / (mass + 1)).where(mass > 0), (1 - gap.abs() / mass).where(mass > 0)
    share = readings(found, language)
    reading, chance = share.columns.to_numpy()[share.to_numpy().argmax(axis=1)], share.max(axis=1)
    reading, sure = np.where(chance.notna(), reading, ""), chance >= bound["label", "chance"]
    mixed = (ambivalence >= bound["mixed", "ambivalence"]) & (mass >= bound["mixed", "mass"])
    verdict = np.select([mass == 0, mixed, sure], ["no evidence", "mixed", reading], "undetermined")
    leaning = np.where(sure & (reading != "neutral"), reading, "")
    about = {"reading": reading, "chance": chance, "leaning": leaning, "verdict": verdict}
    return found.assign(tone=tone, ambivalence=ambivalence, **about)


def readings(scores: pd.DataFrame, language: str = "fr") -> pd.DataFrame:
    """Chance of each class of a sentence (columns negative, neutral, positive) from its masses and its length.

    A multinomial logistic model of ln(1 + x) of both masses and of the content words, in which every class is as
    likely beforehand; its coefficients (`data/<language>/classes.csv`) are fitted by `benchmarks/classes.py`. They
    stand open in a language without labelled sentences: every chance is missing then.
    """
    known = _classes(language)
    names = ["positive", "negative", "words"]
    share = np.exp(np.log1p(scores[names].to_numpy(float)) @ known[names].to_numpy().T + known.intercept.to_numpy())
    return pd.DataFrame(share / share.sum(axis=1, keepdims=True), columns=known.index, index=scores.index)


@cache
def _classes(language: str) -> pd.DataFrame:
    return pd.read_csv(PACKAGE / "data" / language / "classes.csv", comment="#", index_col="class")


@cache
def _bounds() -> pd.Series:
    return floors.table().set_index(["step", "measure"]).bound


def unknown(sentences: pd.DataFrame, language: str = "fr", lexicon: str = "") -> pd.DataFrame:
    """Content words on which every list is silent, the most frequent first: `word` (lemma), `count` (occurrences).

    Those of the theme (`match`) are left out: no weight that they are given would count.
    """
    tone = read(language, lexicon)
    own = {match: {form.word for form in tone.units(match)[0]} for match in sentences.match.unique()}
    silent = []
    for row in sentences.itertuples():
        silent += [word for word in tone.unknown(row.text) if word.isalpha() and word not in own[row.match]]
    lemma = words.lemmas(silent, language)
    counts = Counter(lemma[word] for word in silent)
    return pd.DataFrame(counts.most_common(), columns=["word", "count"])


def ways() -> Iterable[dict[str, object]]:
    """The ways of scoring that a careful reader might have chosen, ours first (Steegen et al. 2016)."""
    for weights, context, backoff in product(("graded", "signs"), (True, False), (True, False)):
        yield {"weights": weights, "context": context, "backoff": backoff}


def valued(evidence: pd.DataFrame, weights: str, context: bool, backoff: bool) -> pd.Series:
    """What each scored word counts in one of the `ways`; 0 where the way leaves it out."""
    value = evidence.value if context else evidence.weight
    value = value if weights == "graded" else np.sign(value)
    return value if backoff else value.where(evidence.source != "back-off", 0.0)


def sweep(evidence: pd.DataFrame) -> pd.DataFrame:
    """The net tone in each of the `ways` of scoring, without the words of the theme itself and with them.

    Returns
    -------
    DataFrame, one row per specification, ours first: `weights` (graded, or signs only), `context` (whether negation,
    degree and doubt count), `backoff` (whether words of the second list count), `theme` (whether scored words of the
    theme itself count: a variant, for comparison), `hits`, `net` (-1 to 1, NaN without hits).
    """
    rows = []
    for theme, way in product((False, True), list(ways())):
        value = valued(evidence if theme else evidence[~evidence.theme], **way)
        hits = int((value != 0).sum())
        rows.append({**way, "theme": theme, "hits": hits, "net": balance(value[value != 0])})
    return pd.DataFrame(rows)


def rescored(scores: pd.DataFrame, evidence: pd.DataFrame, theme: bool = False, **way: object) -> pd.DataFrame:
    """Scores of sentences with the masses and hits that one of the `ways` gives them; `theme`: words of the theme
    count as well. Their tone and verdict stay what they were."""
    counted = evidence if theme else evidence[~evidence.theme]
    if not way.get("backoff", True):
        counted = counted[counted.source != "back-off"]
    value = valued(counted, **way)
    sides = {"positive": value.clip(lower=0), "negative": -value.clip(upper=0), "hits": value * 0 + 1}
    masses = {name: _sums(scores, counted, side).to_numpy() for name, side in sides.items()}
    return scores.assign(**masses).astype({"hits": int})


def balance(values: pd.Series) -> float:
    """The net tone of some values: their sum over the sum of their sizes and a constant, NaN where there are none."""
    return values.sum() / (values.abs().sum() + 1) if len(values) else math.nan


def opposed(evidence: pd.DataFrame) -> float:
    """Share of the `ways` of scoring whose net tone has another sign than ours, or less than half its size."""
    own = evidence[~evidence.theme]
    values = [valued(own, **way) for way in ways()]
    net = np.nan_to_num([balance(value[value != 0]) for value in values])
    return float((net * np.sign(net[0]) < abs(net[0]) / 2).mean())


def verdict(scores: pd.DataFrame, evidence: pd.DataFrame | None = None) -> Verdict:
    """Tone of a corpus from the scores of its sentences: a label only where no floor is missed.

    The interval takes the sentence as its unit within one article, else the article, or the `family` when given. With
    the evidence of these sentences, no direction is named that too many specifications of `sweep` do not share.
    """
    positive, negative = float(scores.positive.sum()), float(scores.negative.sum())
    mass = positive + negative
    low, high = interval(*_by(scores, unit := _unit(scores)), unit == "sentence")
    measured = _measured(scores, (high - low) / 2)
    missed = _few(scores) + floors.refusals("tone", **measured)
    net = (positive - negative) / (mass + 1) if mass else math.nan
    ambivalence = 1 - abs(positive - negative) / mass if mass else math.nan
    apart = opposed(evidence) if evidence is not None and mass > 0 else math.nan
    side = "positive" if low > 0 else "negative" if high < 0 else ""
    leaning = "" if apart > _bounds()["sweep", "opposed"] else side
    clear = float(scores.verdict.isin(("positive", "negative", "mixed")).mean())
    second = scores.second.mean() if "second" in scores else math.nan
    label = _label((net, ambivalence, second, clear), (low, high), leaning)
    why = "voices" if label == "voices disagree" else "sweep" if side and not leaning else ""
    return Verdict(
        label="insufficient evidence" if missed else label,
        leaning=leaning,
        positive=positive,
        negative=negative,
        net=net,
        ambivalence=ambivalence,
        low=low,
        high=high,
        unit=unit,
        articles=scores.article.nunique(),
        sentences=measured["sentences"],
        sentences_with_hits=measured["sentences with hits"],
        hits=measured["hits"],
        coverage=measured["coverage"],
        opposed=apart,
        why=why,
        refusals=tuple(missed),
    )


def _unit(scores: pd.DataFrame) -> str:
    """What the interval takes as independent."""
    unit = "family" if "family" in scores else "article"
    return unit if scores[unit].nunique() > 1 else "sentence"


def once(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without copies: of each `family`, when given, those of the article that has most of them."""
    if "family" not in rows or rows.empty:
        return rows
    sizes = rows.groupby(["family", "article"]).size()
    return rows[rows.article.isin([article for _, article in sizes.groupby("family").idxmax()])]


def _few(scores: pd.DataFrame) -> list[floors.Refusal]:
    """The floors that sentences miss once their copies are taken away; none where there are no copies."""
    alone = once(scores)
    held = {"sentences": len(alone), "sentences with hits": int((alone.hits > 0).sum())}
    return floors.refusals("tone without copies", **held) if len(alone) < len(scores) else []


def _measured(scores: pd.DataFrame, reach: float) -> dict[str, float]:
    """What the floors of the tone are held against; `reach` is half the length of its interval."""
    size, hits = scores.positive + scores.negative, int(scores.hits.sum())
    return {
        "hits": hits,
        "sentences": len(scores),
        "sentences with hits": int((scores.hits > 0).sum()),
        "coverage": float(hits / max(1, scores.words.sum())),
        "largest share of one sentence": float(size.max() / size.sum()) if size.sum() else math.nan,
        "half-width": reach,
    }


def summary(verdict: Verdict, theme: str) -> floors.Said:
    """The verdict in sentences: the label, both masses, the net tone with its interval, and what it rests on."""
    side = f", leaning {verdict.leaning}" if verdict.label == "mixed" and verdict.leaning else ""
    told = {"theme": theme, "label": value_told(verdict.label + side, telling(), "finding")}
    one = ".one" if verdict.sentences == 1 else ""
    if not verdict.hits:
        silent = said(f"sentiment.silent{one}", sentences=verdict.sentences)
        return floors.Said(said("sentiment", ground=silent if verdict.sentences else said("sentiment.none"), **told))
    counts = {"hits": verdict.hits, "held": verdict.sentences_with_hits, "sentences": verdict.sentences}
    positive, negative = (wording.measured("mass", telling(), mass)[0] for mass in (verdict.positive, verdict.negative))
    read = {"positive": positive, "negative": negative, "net": _balance(verdict)}
    parts = [said("sentiment.read", ground=said(f"sentiment.ground{one}", **counts), **read)]
    number = len(list(ways()))
    if apart := round(verdict.opposed * number) if verdict.opposed >= 0 else 0:
        parts.append(said("sentiment.opposed", apart=apart, ways=number))
    return floors.Said(said("sentiment", ground=" ".join(parts), **told))


def _balance(verdict: Verdict) -> str:
    """The net tone, with its interval unless one article was read whole: then nothing was drawn."""
    if verdict.unit == "sentence":
        return said("sentiment.net", net=wording.rounded(verdict.net, "tone", telling()))
    ends = (verdict.net, verdict.low, verdict.high)
    net, low, high = (wording.rounded(end, "tone", telling()) for end in ends)
    return said("sentiment.net.sure", net=net, low=low, high=high)


def _label(tone: tuple[float, float, float, float], interval: tuple[float, float], leaning: str) -> str:
    """The label of a net tone, from its ambivalence, the second voice, the share of clear sentences, the sure side."""
    bound, (net, ambivalence, second, clear) = _bounds(), tone
    within = max(-interval[0], interval[1]) <= bound["neutral", "interval bound"]
    if within and clear <= bound["neutral", "clear sentences"]:  # sentences that cancel out are not neutral
        return "neutral"
    if second * net < 0:
        return "voices disagree"
    if ambivalence >= bound["mixed", "ambivalence"]:
        return "mixed"
    return leaning or "undetermined"


def table(**verdicts: Verdict) -> pd.DataFrame:
    """Verdicts side by side, one row each by name: sentences, hits, share of content words scored, masses, net tone."""
    shown = ["sentences", "hits", "coverage", "positive", "negative", "net", "low", "high"]
    return pd.DataFrame(map(vars, verdicts.values()), index=pd.Index(list(verdicts), name="what"))[shown]


def by(scores: pd.DataFrame, groups: pd.Series, evidence: pd.DataFrame | None = None) -> pd.DataFrame:
    """Verdict of each group of articles; `groups` gives the source or the period of an article, indexed by `article`.

    Returns
    -------
    DataFrame, one row per group: `group`, the fields of `Verdict`, `missed` (the floors, "" when there is none). Empty,
    with the refusal, when there is one group only.
    """
    rows = [
        {"group": group, **vars(found), "missed": wording.pieces(map(str, found.refusals))}
        for group, part in scores.groupby(scores.article.map(groups).to_numpy(), sort=True)
        for found in [verdict(part, _of(evidence, part))]
    ]
    table = pd.DataFrame(rows, columns=["group", *Verdict.__dataclass_fields__, "missed"]).drop(columns="refusals")
    return floors.refused(table, floors.refusals("contrast", groups=len(table)))


def _of(evidence: pd.DataFrame | None, scores: pd.DataFrame) -> pd.DataFrame | None:
    """The evidence of some sentences only."""
    return evidence if evidence is None else evidence.merge(scores[["article", "sentence"]].drop_duplicates())


def contrast(theme: pd.DataFrame, rest: pd.DataFrame, evidence: pd.DataFrame | None = None) -> Contrast:
    """Tone of the sentences on the theme against that of other sentences of the same articles, as long as they.

    In each article, sentences stand in strata of about five with about as many content words. A sentence on the theme
    is set against the mean of the others in its stratum, so that, were the theme put on other sentences of the stratum
    at random, the difference would be nought on average: the permutation null, without drawing. The tone of a sentence
    without scored words counts 0. The interval is Student's t over articles (or families, when given), and with the
    `evidence` of both tables it holds for each of the `ways` of scoring: from the lowest bound to the highest.
    """
    unit = "family" if "family" in theme and "family" in rest else "article"
    both = pd.concat([theme.assign(about=True), rest.assign(about=False)], ignore_index=True)
    touched = both[both.hits > 0].groupby(unit).about.nunique()
    missed = floors.refusals("tone contrast", articles=int((touched == 2).sum()))
    if missed:
        return Contrast(int((touched == 2).sum()), math.nan, math.nan, math.nan, tuple(missed))
    stratum = strata(both)
    found = [both.positive - both.negative], [both.positive + both.negative]
    for way in ways() if evidence is not None else ():
        value = valued(evidence, **way).mask(evidence.theme, 0.0)
        sums = [_sums(both, evidence, side) for side in (value, value.abs())]
        for kept, one in zip(found, sums, strict=True):
            kept.append(one)
    gaps = [_differences(gap / (mass + 1), both, stratum, unit) for gap, mass in zip(*found, strict=True)]
    bounds = np.array([_t(gap) for gap in gaps])
    return Contrast(len(gaps[0]), float(gaps[0].mean()), float(bounds[:, 0].min()), float(bounds[:, 1].max()))


def strata(scores: pd.DataFrame) -> np.ndarray:
    """Number of the stratum of each sentence: some five of one article that hold about as many content words."""
    order = scores.sort_values(["article", "words", "sentence"]).article
    rank, size = order.groupby(order).cumcount(), order.groupby(order).transform("size")
    step = rank * np.maximum(size // STRATUM, 1) // size
    place = pd.MultiIndex.from_arrays([scores.article, step.reindex(scores.index)])
    return pd.factorize(place)[0]


def _sums(scores: pd.DataFrame, evidence: pd.DataFrame, value: pd.Series) -> pd.Series:
    """Sum of the values of the scored words of each sentence of `scores`."""
    sums = value.groupby([evidence.article, evidence.sentence]).sum()
    return pd.Series(sums.reindex(pd.MultiIndex.from_frame(scores[["article", "sentence"]])).fillna(0).to_numpy())


def _differences(tone: pd.Series, both: pd.DataFrame, stratum: np.ndarray, unit: str) -> np.ndarray:
    """Of each unit, the mean difference between a sentence on the theme and the mean of the others of its stratum."""
    other = tone.where(~both.about).groupby(stratum).transform("mean")  # missing where there is no other
    return (tone - other)[both.about].groupby(both[unit]).mean().dropna().to_numpy()


def _t(gaps: np.ndarray) -> tuple[float, float]:
    """95 % interval of a mean (Student 1908); a unit one point away is added, for units that all agree know no more."""
    count = len(gaps)
    error = math.sqrt((((gaps - gaps.mean()) ** 2).sum() + 1) / (count - 1) / count)
    reach = scipy.stats.t.ppf(0.975, count - 1) * error
    return float(gaps.mean() - reach), float(gaps.mean() + reach)


def paired(theme: pd.DataFrame, rest: pd.DataFrame, evidence: pd.DataFrame | None = None) -> pd.DataFrame:
    """The fields of `contrast` as a table of one row; empty, with the floor, when it is refused."""
    made = dict(vars(contrast(theme, rest, evidence)))
    missed = list(made.pop("refusals"))
    return floors.refused(pd.DataFrame([made]), missed)


def _by(scores: pd.DataFrame, unit: str) -> tuple[pd.Series, pd.Series]:
    """P - N and P + N of each unit, in all as much as without copies; of each sentence that is none for "sentence"."""
    alone = once(scores)
    gap, mass = alone.positive - alone.negative, alone.positive + alone.negative
    if unit == "sentence":
        return gap, mass
    units = scores.groupby(unit)[["positive", "negative"]].sum()
    weight = mass.sum() / (units.to_numpy().sum() or 1)
    return (units.positive - units.negative) * weight, (units.positive + units.negative) * weight


def interval(gap: pd.Series, mass: pd.Series, one_article: bool = False) -> tuple[float, float]:
    """95 % interval of the net tone from the P - N and the P + N of independent units, within -1 and 1.

    Units that are the sentences of one article: linearised ratio, Student's t with as many degrees of freedom as units
    with hits, less one. Articles: bootstrap-t under 30, BCa from 30 (Cameron, Gelbach & Miller 2008; Efron 1987).
    """
    a, b = gap.to_numpy(float), mass.to_numpy(float)
    touched = int((b > 0).sum())
    if touched < 2:
        return -1.0, 1.0
    if one_article:
        net, error = _ratio(a, b, SHRINK)
        reach = scipy.stats.t.ppf(0.975, touched - 1) * error
        low, high = net - reach, net + reach
    else:
        low, high = _bootstrap(a, b, SHRINK)
        net = a.sum() / (b.sum() + SHRINK)
        least = scipy.stats.t.ppf(0.975, touched - 1) * SHRINK / 2 / (b.sum() + SHRINK)
        low, high = min(low, net - least), max(high, net + least)  # articles that agree say no more than they hold
    return max(-1.0, float(low)), min(1.0, float(high))


def _ratio(a: np.ndarray, b: np.ndarray, shrink: float) -> tuple[np.ndarray, np.ndarray]:
    """Sum of a over sum of b (plus the shrinkage), and its linearised standard error, along the last axis."""
    total, k = b.sum(-1), b.shape[-1]
    net = a.sum(-1) / (total + shrink)
    spread = ((a - net[..., None] * b) ** 2).sum(-1)
    error = np.sqrt(k / (k - 1) * spread) / np.maximum(total, 1e-12)
    return net, np.maximum(error, shrink / 2 / (total + shrink))


def _bootstrap(a: np.ndarray, b: np.ndarray, shrink: float) -> tuple[float, float]:
    """95 % interval of a ratio of sums over independent units: bootstrap-t under 30 units, else BCa; seeded."""
    draws = np.random.default_rng(SEED)
    net, error = _ratio(a, b, shrink)
    places = (draws.integers(0, len(a), (AT_ONCE, len(a))) for _ in range(DRAWS // AT_ONCE))
    drawn, errors = np.hstack([_ratio(a[i], b[i], shrink) for i in places])
    if len(a) < MANY:
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.nan_to_num((drawn - net) / errors)
        high, low = np.quantile(t, [0.025, 0.975])
        return float(net - low * error), float(net - high * error)
    left = (a.sum() - a) / (b.sum() - b + shrink)  # jackknife
    pull = left.mean() - left
    skew = (pull**3).sum() / max(1e-300, 6 * (pull**2).sum() ** 1.5)
    below = ((drawn < net).mean() + (drawn <= net).mean()) / 2
    bias = scipy.stats.norm.ppf(np.clip(below, 1 / DRAWS, 1 - 1 / DRAWS))
    z = bias + scipy.stats.norm.ppf([0.025, 0.975])
    low, high = np.quantile(drawn, scipy.stats.norm.cdf(bias + z / (1 - skew * z)))
    return float(low), float(high)
