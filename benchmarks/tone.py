"""Tone beside the peers on labelled sentences: speed, AUC, macro-F1, coverage, their differences from ours.

    python benchmarks/tone.py GOLD.csv [GOLD.csv ...] [--language fr] [--voice lexicon] [--boot 1000] [--speed 100000]

A gold file is a CSV table with `text` and `label` (positive, negative, neutral; other labels are left out) and perhaps
`cluster` (the unit of the bootstrap, for example the article). The peers come with the extra `bench`; one that is not
installed is named and left out. A sentence without evidence counts as 0. Speed is measured in one process and before
all else: the sentences of all files once, when every word is new, then over and over up to the number given.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import rankdata

import bulle
from bulle import sentiment
from bulle.more import voices

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


def labelled(gold: pd.DataFrame, language: str) -> str:
    """The macro-F1 of our reading, how often our label names a side, and how often it is that of the gold, if any."""
    tone = bulle.tone(gold.text, language)
    sided = tone.label.isin(("positive", "negative"))
    sure = sided & (gold.label != "neutral")
    right = (tone.label == gold.label)[sure].mean()
    f1 = macro_f1(tone.reading.map(SIGNS).to_numpy(), gold.label.map(SIGNS).to_numpy())
    told = f"label: a side in {sided.mean():.3f}, right in {right:.3f} of the {sure.sum()} whose gold has one"
    return f"reading: macro-F1 {f1:.3f} (in sample where the classes were fitted on it: see classes.py)\n{told}"


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
        score = np.nan_to_num(np.asarray(scored(list(gold.text)), dtype=float))
        drawn = np.array([auc(score[i], signs[i]) for i in picks])
        first = drawn if first is None else first
        low, high = np.nanquantile(first - drawn, [0.025, 0.975])
        figures = auc(score, signs), macro_f1(score, signs), float((score != 0).mean())
        rows.append((name, *figures, low, high))
    return pd.DataFrame(rows, columns=["method", "auc", "macro_f1", "coverage", "gain_low", "gain_high"])


def speeds(texts: list[str], methods: dict, size: int) -> pd.DataFrame:
    """One row per method: seconds for `size` sentences, the first sight of each included, and how many times ours.

    `first` and `again` are microseconds a sentence: all different and new, and met before. A method that would take
    more than a minute is timed on a tenth of the sentences and its seconds are ten times that.
    """
    rows = []
    for name, scored in methods.items():
        first = _seconds(scored, texts)
        rest = np.resize(np.array(texts, dtype=object), size - len(texts)).tolist()
        part = 1 if first * size < 60 * len(texts) else 10
        again = _seconds(scored, rest[::part]) * part
        rows.append((name, first + again, 1e6 * first / len(texts), 1e6 * again / len(rest)))
    found = pd.DataFrame(rows, columns=["method", "seconds", "first", "again"])
    return found.assign(times_ours=found.seconds / found.seconds[0])


def heard(texts: list[str], language: str, voice: str) -> list[float]:
    """Tone of each text from -1 to 1, by the lexicon or on the axis."""
    return list(bulle.tone(texts, language).net if voice == "lexicon" else voices.axis(texts))


def _seconds(scored: Callable, texts: list[str]) -> float:
    """Processor time of scoring some texts."""
    begun = time.process_time()
    scored(texts)
    return time.process_time() - begun


def main() -> None:
    """Print one table per gold file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--voice", default="lexicon", choices=["lexicon", "axis"])
    parser.add_argument("--boot", type=int, default=1000)
    parser.add_argument("--speed", type=int, default=100_000, help="sentences of the measure of speed; 0 for none")
    given = parser.parse_args()
    heard(["Une phrase."], given.language, given.voice)  # the lists are read before the clock starts
    tables = {path: pd.read_csv(path) for path in given.gold}
    golds = {path: gold[gold.label.isin(SIGNS)].reset_index(drop=True) for path, gold in tables.items()}
    methods = {f"bulle {given.voice}": lambda texts: heard(texts, given.language, given.voice)}
    for name, one in peers(given.language).items():
        methods[name] = lambda texts, one=one: [one(text) for text in texts]
    texts = list(dict.fromkeys(text for gold in golds.values() for text in gold.text))
    if given.speed > len(texts):
        print(f"speed: {given.speed} sentences, {len(texts)} of them different")
        print(speeds(texts, methods, given.speed).round(2).to_string(index=False))
    for path, gold in golds.items():
        print(f"{path}: {len(gold)} sentences")
        print(labelled(gold, given.language))
        print(table(gold, methods, given.boot).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
