"""Coefficients of the three classes of a sentence, fitted on labelled sentences, and how right the chance told is.

    python benchmarks/classes.py GOLD.csv [GOLD.csv ...] [--language fr] > analysis/bulle/data/fr/classes.csv

A gold file is a CSV table with `text` and `label` (positive, neutral, negative; other labels are left out). The model
is a multinomial logistic regression with a ridge penalty of 1 (sklearn) on ln(1 + positive mass), ln(1 + negative mass)
and ln(1 + content words). Every file weighs as much as another, and in it every class as much as another: the classes
know no prior. Standard error tells, of each file, the macro-F1 of the reading by cross-validation in five parts, and
with the coefficients of the other files alone; the calibration error, which is how far the chance told and the share of
right readings are apart in the mean (Naeini et al. 2015), by four parts of this file, by four parts of all files, as
the coefficients are fitted, and by those kept today; and how many readings are right by the chance told of all files.
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


def parts(labels: np.ndarray) -> np.ndarray:
    """The part of five that each sentence of a file is in."""
    return np.random.default_rng(0).integers(0, 5, len(labels))


def told(x: np.ndarray, labels: np.ndarray, others: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The chance of each class of each sentence of a file, from the four other parts of it and of other files."""
    share = np.zeros((len(labels), len(LABELS)))
    for n in range(5):
        kept = [(own[parts(given) != n], given[parts(given) != n]) for own, given in [(x, labels), *others]]
        share[parts(labels) == n] = fitted(kept).predict_proba(x[parts(labels) == n])
    return share


def reading(share: np.ndarray) -> np.ndarray:
    """The most probable class of each sentence."""
    return np.array(LABELS)[share.argmax(axis=1)]


def calibration(files: list[tuple[np.ndarray, np.ndarray]]) -> tuple[float, str]:
    """The calibration error of the chances of the classes in some files, and the readings that are right by the chance
    told: every file alike, and in it every class."""
    columns = ["chance", "right", "weight"]
    told_of = [(own.max(axis=1), reading(own) == labels, balanced(labels) / len(files)) for own, labels in files]
    rows = pd.DataFrame({name: np.concatenate(values) for name, *values in zip(columns, *told_of, strict=True)})
    error, lines = 0.0, []
    for step, some in rows.groupby(pd.cut(rows.chance, STEPS), observed=True):
        chance, right = (np.average(some[name], weights=some.weight) for name in ("chance", "right"))
        error += some.weight.sum() * abs(chance - right)
        lines.append(f"  {step}: {len(some)} told {chance:.2f}, right {right:.2f}")
    return error, "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--language", default="fr")
    given = parser.parse_args()
    sets, files = {}, []
    for path in given.gold:
        gold = pd.read_csv(path).query("label in @LABELS")
        sets[path] = measures(list(gold.text), given.language), gold.label.to_numpy(str)
    for path, (x, labels) in sets.items():
        others = [own for name, own in sets.items() if name != path]
        own, pooled = told(x, labels, []), told(x, labels, others)
        line = f"{path}: macro-F1 {f1_score(labels, reading(own), average='macro'):.3f} by cross-validation"
        if others:
            line += f", {f1_score(labels, fitted(others).predict(x), average='macro'):.3f} from the other files"
        masses = pd.DataFrame(np.expm1(x), columns=["positive", "negative", "words"])
        kept = sentiment.readings(masses, given.language)[LABELS].to_numpy()
        errors = [f"{calibration([(share, labels)])[0]:.3f}" for share in (own, pooled, kept)]
        line += f"; calibration error {', '.join(errors)}"
        print(line, calibration([(pooled, labels)])[1], sep="\n", file=sys.stderr)
        files.append((pooled, labels))
    print("all files: calibration error {:.3f}\n{}".format(*calibration(files)), file=sys.stderr)
    model = fitted(list(sets.values()))
    table = pd.DataFrame(model.coef_, columns=["positive", "negative", "words"], index=pd.Index(LABELS, name="class"))
    table.insert(0, "intercept", model.intercept_)
    print((table - table.mean()).round(3).to_csv(), end="")


if __name__ == "__main__":
    main()
