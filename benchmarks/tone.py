"""Tone beside the peers on labelled sentences: AUC, macro-F1, coverage, their differences from ours, speed.

    python benchmarks/tone.py GOLD.csv [GOLD.csv ...] [--language fr] [--voice lexicon] [--boot 1000]

A gold file is a CSV table with `text` and `label` (positive, negative, neutral; other labels are left out) and perhaps
`cluster` (the unit of the bootstrap, for example the article). The peers come with the extra `bench`; one that is not
installed is named and left out. A sentence without evidence counts as 0.
"""

import argparse
import importlib
import sys
import time

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis import sentiment

SIGNS = {"negative": -1, "neutral": 0, "positive": 1}
NEUTRAL = 0.05  # a score within this is neutral: the bound that VADER's authors give (Hutto & Gilbert 2014)


def peers(language: str) -> dict:
    """Functions text -> score from -1 to 1, by the name of the package."""
    makers = (
        {"vaderSentiment": _vader}
        if language == "en"
        else {"vaderSentiment-fr": _vader_fr, "textblob-fr": _textblob_fr}
    )
    found = {}
    for name, make in (makers | {"vaderSentiment": _vader}).items():
        try:
            found[name] = make()
        except ImportError as error:
            print(f"{name}: not installed ({error}); left out", file=sys.stderr)
    return found


def _vader():
    tool = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return lambda text: tool.polarity_scores(text)["compound"]


def _vader_fr():
    tool = importlib.import_module("vaderSentiment_fr.vaderSentiment").SentimentIntensityAnalyzer()
    return lambda text: tool.polarity_scores(text)["compound"]


def _textblob_fr():
    tagger, tool = (
        importlib.import_module("textblob_fr").PatternTagger(),
        importlib.import_module("textblob_fr").PatternAnalyzer(),
    )
    blob = importlib.import_module("textblob").TextBlob
    return lambda text: blob(text, pos_tagger=tagger, analyzer=tool).sentiment[0]


def auc(score: np.ndarray, gold: np.ndarray) -> float:
    """Chance that a positive sentence scores above a negative one (Mann-Whitney, ties one half)."""
    kept = gold != 0
    ranks, good = rankdata(score[kept]), gold[kept] == 1
    n, m = good.sum(), (~good).sum()
    return (ranks[good].sum() - n * (n + 1) / 2) / (n * m) if n and m else np.nan


def macro_f1(score: np.ndarray, gold: np.ndarray) -> float:
    """Mean F1 of the labels that the gold holds."""
    said = np.where(score > NEUTRAL, 1, np.where(score < -NEUTRAL, -1, 0))
    hit = [(((gold == c) & (said == c)).sum(), (gold == c).sum() + (said == c).sum()) for c in np.unique(gold)]
    return float(np.mean([2 * right / both for right, both in hit]))


def resamples(gold: pd.DataFrame, boot: int) -> list[np.ndarray]:
    """Row numbers of each bootstrap sample, drawn by cluster when the gold has clusters."""
    draws = np.random.default_rng(sentiment.SEED)
    cluster = gold.cluster if "cluster" in gold else pd.Series(range(len(gold)))
    rows = list(pd.Series(range(len(gold))).groupby(cluster.to_numpy()).agg(list))
    return [np.concatenate([rows[k] for k in draws.integers(0, len(rows), len(rows))]) for _ in range(boot)]


def table(gold: pd.DataFrame, methods: dict, boot: int) -> pd.DataFrame:
    """One row per method: `auc`, `macro_f1`, `coverage`, `per_second`, and the interval of `auc` ours minus theirs."""
    signs, picks, rows, first = gold.label.map(SIGNS).to_numpy(), resamples(gold, boot), [], None
    for name, scored in methods.items():
        begun = time.perf_counter()
        raw = np.asarray(scored(list(gold.text)), dtype=float)
        speed = len(gold) / (time.perf_counter() - begun)
        score = np.nan_to_num(raw)
        drawn = np.array([auc(score[i], signs[i]) for i in picks])
        first = drawn if first is None else first
        low, high = np.nanquantile(first - drawn, [0.025, 0.975])
        figures = auc(score, signs), macro_f1(score, signs), float((score != 0).mean())
        rows.append((name, *figures, speed, low, high))
    return pd.DataFrame(rows, columns=["method", "auc", "macro_f1", "coverage", "per_second", "gain_low", "gain_high"])


def main() -> None:
    """Print one table per gold file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--voice", default="lexicon", choices=["lexicon", "axis", "both"])
    parser.add_argument("--boot", type=int, default=1000)
    given = parser.parse_args()
    sentiment.tones(["Une phrase."], given.language, given.voice)  # the lists are read before the clock starts
    methods = {f"bulle {given.voice}": lambda texts: sentiment.tones(texts, given.language, given.voice)}
    for name, one in peers(given.language).items():
        methods[name] = lambda texts, one=one: [one(text) for text in texts]
    for path in given.gold:
        gold = pd.read_csv(path)
        gold = gold[gold.label.isin(SIGNS)].reset_index(drop=True)
        print(f"{path}: {len(gold)} sentences")
        print(table(gold, methods, given.boot).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
