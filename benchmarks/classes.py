"""Coefficients of the three classes of a sentence, fitted on labelled sentences, and how right the chance told is.

    python benchmarks/classes.py GOLD.csv [GOLD.csv ...] [--language fr] > analysis/bulle/data/fr/classes.csv

A gold file is a CSV table with `text` and `label` (positive, neutral, negative; other labels are left out). The model
is a multinomial logistic regression with a ridge penalty of 1 (sklearn) on ln(1 + positive mass), ln(1 + negative mass)
and ln(1 + content words). Every file weighs as much as another, and in it every class as much as another: the classes
know no prior. Standard error tells, of each file, the macro-F1 of the reading by cross-validation in five parts, and
with the coefficients of the other files alone; and for the chance told in cross-validation how many readings are right.
"""

import argparse
import sys

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from bulle import sentiment

LABELS = ["negative", "neutral", "positive"]
STEPS = [0.33, 0.5, 0.6, 0.7, 0.8, 1.0]  # of the chance told


def measures(texts: list[str], language: str) -> np.ndarray:
    """One row per text: the logarithms of the masses and of the number of content words."""
    rows = pd.DataFrame({"article": range(len(texts)), "sentence": 0, "start": 0, "text": texts, "language": language})
    scores = sentiment.scored(rows, rows)[1]
    return np.log1p(scores[["positive", "negative", "words"]].to_numpy(float))


def balanced(labels: np.ndarray) -> np.ndarray:
    """Weight of each sentence: every class of a file alike, 1 in sum."""
    return 1 / pd.Series(labels).map(pd.Series(labels).value_counts()).to_numpy() / len(LABELS)


def fitted(sets: list[tuple[np.ndarray, np.ndarray]]) -> LogisticRegression:
    """The model of some files."""
    x, labels = (np.concatenate(column) for column in zip(*sets, strict=True))
    weight = np.concatenate([balanced(own) for _, own in sets])
    return LogisticRegression(max_iter=1000).fit(x, labels, weight / weight.mean())


def told(x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The reading of each sentence and its chance, from the four other parts of its file."""
    part, share = np.random.default_rng(0).integers(0, 5, len(labels)), np.zeros((len(labels), len(LABELS)))
    for n in range(5):
        share[part == n] = fitted([(x[part != n], labels[part != n])]).predict_proba(x[part == n])
    return np.array(LABELS)[share.argmax(axis=1)], share.max(axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--language", default="fr")
    given = parser.parse_args()
    sets = {}
    for path in given.gold:
        gold = pd.read_csv(path).query("label in @LABELS")
        sets[path] = measures(list(gold.text), given.language), gold.label.to_numpy(str)
    for path, (x, labels) in sets.items():
        reading, chance = told(x, labels)
        line = f"{path}: macro-F1 {f1_score(labels, reading, average='macro'):.3f} by cross-validation"
        if others := [own for name, own in sets.items() if name != path]:
            line += f", {f1_score(labels, fitted(others).predict(x), average='macro'):.3f} from the other files"
        print(line, file=sys.stderr)
        rows = pd.DataFrame({"chance": chance, "right": reading == labels, "weight": balanced(labels)})
        for step, some in rows.groupby(pd.cut(rows.chance, STEPS), observed=True):
            share = [np.average(some[name], weights=some.weight) for name in ("chance", "right")]
            print(f"  {step}: {len(some)} told {share[0]:.2f}, right {share[1]:.2f}", file=sys.stderr)
    model = fitted(list(sets.values()))
    table = pd.DataFrame(model.coef_, columns=["positive", "negative", "words"], index=pd.Index(LABELS, name="class"))
    table.insert(0, "intercept", model.intercept_)
    print((table - table.mean()).round(3).to_csv(), end="")


if __name__ == "__main__":
    main()
