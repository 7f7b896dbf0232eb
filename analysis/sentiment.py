"""Tone of sentences and of a corpus: evidence with offsets, masses, and a verdict that the floors allow."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from analysis import floors, lexicon
from analysis import entries as word_list

KEYS = ["article", "sentence"]
SEED = 20251121  # the date of the seed article


@dataclass(frozen=True)
class Verdict:
    """Tone of a corpus: the label that the floors allow, both masses, the net tone and its 95 % interval."""

    label: str
    leaning: str
    positive: float
    negative: float
    net: float
    ambivalence: float
    low: float
    high: float
    hits: int
    sentences: int
    sentences_with_hits: int
    coverage: float
    unit: str = "sentence"
    refusals: list[floors.Refusal] = field(default_factory=list)


def tones(texts: Iterable[str], language: str = "fr", voice: str = "lexicon") -> list[float]:
    """Tone of each text from -1 to 1, NaN without evidence.

    >>> tones(["Le chômage recule.", "La réunion aura lieu le 12 mars."])
    [0.6, nan]
    """
    found = lexicon.lexicon(language)
    return [net(*masses(found.hits(text))) for text in texts]


def masses(hits: list) -> tuple[float, float]:
    """Positive and negative mass: sums of the sizes of the values of each sign."""
    values = [hit.value for hit in hits]
    return sum(v for v in values if v > 0), -sum(v for v in values if v < 0)


def net(positive: float, negative: float) -> float:
    """Balance of the masses, (P - N) / (P + N + 1); NaN when both are 0 (Lowe et al. 2011)."""
    return (positive - negative) / (positive + negative + 1) if positive + negative else math.nan


def evidence(sentences: pd.DataFrame, language: str = "fr", own: str = "") -> pd.DataFrame:
    """Scored words of a table of sentences or passages.

    Returns
    -------
    DataFrame, one row per scored word: `passage` when given, `article`, `sentence`, `start`, `end` (characters in the article's
    text), `word` (as written), `entry` (of the lexicon), `weight` (-3 to 3), `factor`, `value` (weight x factor), `why`.
    """
    words_of_tone = lexicon.lexicon(language, own)
    keys = [name for name in ("passage", *KEYS) if name in sentences]
    found = []
    for *key, offset, text in sentences[[*keys, "start", "text"]].itertuples(index=False):
        for hit in words_of_tone.hits(text):
            word, start, end, _ = hit.unit
            span = (*key, offset + start, offset + end, word)
            found.append((*span, hit.entry, hit.weight, hit.factor, hit.value, "; ".join(hit.why)))
    names = [*keys, "start", "end", "word", "entry", "weight", "factor", "value", "why"]
    return pd.DataFrame(found, columns=names).astype({"weight": float, "factor": float, "value": float})


def scores(sentences: pd.DataFrame, evidence: pd.DataFrame, language: str = "fr") -> pd.DataFrame:
    """Masses, tone and verdict of each sentence, or of each passage (its theme sentences only).

    Returns
    -------
    DataFrame, one row per sentence or passage: its keys (`family` kept when given), `words` (content words), `positive`, `negative` (masses), `hits`,
    `tone` (-1 to 1, NaN without hit), `ambivalence` (0 to 1, NaN without hit), `leaning`, `verdict`: positive, negative,
    mixed, undetermined, no evidence.
    """
    if "match" in sentences:
        sentences = sentences[sentences.match != ""]
    keys = [name for name in ("passage", *KEYS) if name in sentences]
    found = sentences[[*keys, *(["family"] if "family" in sentences else [])]].copy()
    thin = frozenset(word_list(language, "function_words"))
    found["words"] = [sum(w[0].isalpha() and w.lower() not in thin for w, _, _ in lexicon.cut(t, language)) for t in sentences.text]
    value = evidence.value
    sums = evidence.assign(positive=value.clip(lower=0), negative=-value.clip(upper=0), hits=1).groupby(keys)
    found = found.merge(sums[["positive", "negative", "hits"]].sum().reset_index(), on=keys, how="left")
    found = found.fillna({"positive": 0.0, "negative": 0.0, "hits": 0}).astype({"positive": float, "negative": float, "hits": int}).drop_duplicates(keys)
    mass, gap = found.positive + found.negative, found.positive - found.negative
    found["tone"] = (gap / (mass + 1)).where(mass > 0)
    found["ambivalence"] = (1 - gap.abs() / mass).where(mass > 0)
    found["leaning"] = np.select([gap > 0, gap < 0], ["positive", "negative"], "")
    found["verdict"] = _labels(found, mass)
    return found.reset_index(drop=True)


def _labels(found: pd.DataFrame, mass: pd.Series) -> np.ndarray:
    bound = floors.table().set_index(["step", "measure"]).bound
    mixed = (found.ambivalence >= bound["mixed", "ambivalence"]) & (mass >= bound["mixed", "mass"])
    clear = (found.tone.abs() >= bound["label", "net size"]) & (mass >= bound["label", "mass"])
    return np.select([mass == 0, mixed, clear], ["no evidence", "mixed", found.leaning], "undetermined")


def verdict(scores: pd.DataFrame) -> Verdict:
    """Tone of a corpus from the scores of its sentences: a label only where every floor is met."""
    positive, negative = float(scores.positive.sum()), float(scores.negative.sum())
    mass, size = positive + negative, scores.positive + scores.negative
    low, high = interval(scores.positive, size)
    touched = int((scores.hits > 0).sum())
    measured = {"hits": int(scores.hits.sum()), "sentences": len(scores), "sentences with hits": touched,
                "coverage": scores.hits.sum() / max(1, scores.words.sum()),
                "largest share of one sentence": size.max() / mass if mass else math.nan, "half-width": (high - low) / 2}
    missed = floors.refusals("tone", **measured)
    tone, ambivalence = net(positive, negative), 1 - abs(positive - negative) / mass if mass else math.nan
    label = "insufficient evidence" if missed else _label(ambivalence, mass, low, high)
    leaning = "" if low <= 0 <= high else "positive" if low > 0 else "negative"
    return Verdict(label, leaning, positive, negative, tone, ambivalence, low, high, measured["hits"], len(scores), touched,
                   measured["coverage"], refusals=missed)


def _label(ambivalence: float, mass: float, low: float, high: float) -> str:
    bound = floors.table().set_index(["step", "measure"]).bound
    if max(-low, high) <= bound["neutral", "interval bound"]:
        return "neutral"
    if ambivalence >= bound["mixed", "ambivalence"] and mass >= bound["mixed", "mass"]:
        return "mixed"
    return "undetermined" if low <= 0 <= high else "positive" if low > 0 else "negative"


def interval(positive: pd.Series, mass: pd.Series) -> tuple[float, float]:
    """95 % interval of the net tone of one article: clustered by sentence, linearised, add-one shrinkage, Student's t."""
    k, total, touched = len(mass), mass.sum(), int((mass > 0).sum())
    if touched < 2:
        return -1.0, 1.0
    share = (positive.sum() + 1) / (total + 2)
    error = math.sqrt(k / (k - 1) * ((positive - share * mass) ** 2).sum()) / total
    reach = stats.t.ppf(0.975, touched - 1) * max(error, 0.5 / (total + 2))
    return max(-1.0, 2 * (share - reach) - 1), min(1.0, 2 * (share + reach) - 1)
