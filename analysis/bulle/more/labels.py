"""The check by hand: a sheet of theme sentences, the labels of one or two coders, and what they say of the verdicts."""

import math
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from bulle import InputError, floors
from bulle.readers import tables
from bulle.readers.text import contents
from bulle.sentiment import DRAWS, KEYS, SEED, judged

LABELS = {"positif": "positive", "négatif": "negative", "neutre": "neutral", "mixte": "mixed"}


FORMULA = r"[=+\-@\t\r]"  # how what a spreadsheet runs begins


CODES = ("positive", "negative", "neutral", "mixed")


@dataclass(frozen=True)
class Check:
    """The verdicts against human labels: Krippendorff's alpha of the coders, macro-F1 and its 95 % interval.

    `sentences` of the `labelled` ones are compared: those of this run on which the coders agree.
    `classes`, one row per label: `gold`, `said`, `right` (sentences), `precision`, `recall` with their bounds, `f1`.
    """

    sentences: int
    labelled: int
    coders: int
    alpha: float
    macro_f1: float
    low: float
    high: float
    classes: pd.DataFrame
    refusals: tuple[floors.Refusal, ...] = ()


def sheet(sentences: pd.DataFrame, size: int = 0, seed: int = SEED) -> pd.DataFrame:
    """Sheet to label by hand: the theme sentences, all or a random sample of `size`, and two empty columns for coders.

    Texts and names of articles that a spreadsheet would run as a formula begin with an apostrophe.
    """
    held = judged(sentences)
    if 0 < size < len(held):
        held = held.sample(size, random_state=seed).sort_index()
    keys = [name for name in KEYS if name in held]
    safe = {
        name: held[name].str.replace(f"^(?='*{FORMULA})", "'", regex=True)
        for name in ("article", "text")
        if name in held
    }
    columns = [*keys, "start", "end", "text"]
    return held.assign(**safe)[columns].assign(coder_1="", coder_2="").reset_index(drop=True)


def labels(path: str) -> pd.DataFrame:
    """A labelled sheet (CSV or XLSX): its keys, `coder_1`, `coder_2` as positive, negative, neutral, mixed or "".

    Raises
    ------
    InputError : no such file, a column is missing, a sentence has no number or stands there twice, or a label is none
    of the four; the file and the row are named.
    """
    try:
        found = _labelled(Path(path))
    except (OSError, ValueError) as error:
        raise InputError(f"sheet {path}: cannot be read ({' '.join(str(error).split())})") from None
    if missing := {"article", "sentence", "coder_1"} - set(found):
        raise InputError(f"sheet {path}: no column {min(missing)!r}; there are: {', '.join(found)}")
    number = pd.to_numeric(found.sentence, errors="coerce")
    twice = found.assign(sentence=number).duplicated(["article", "sentence"])
    for row in found.index[(number % 1 != 0) | twice]:
        told = "stands there twice" if twice[row] else "is no number of a sentence"
        raise InputError(f"sheet {path}, row {row + 2}: sentence {found.sentence[row]!r} {told}")
    names = found.article.str.replace(f"^'(?='*{FORMULA})", "", regex=True)
    found = found.assign(article=names, coder_2=found.get("coder_2", ""), sentence=number.astype(int))
    for coder in ("coder_1", "coder_2"):
        found[coder] = found[coder].str.strip().str.lower().replace(LABELS)
        for row in found.index[~found[coder].isin([*CODES, ""])]:
            raise InputError(
                f"sheet {path}, row {row + 2}: {coder} is {found[coder][row]!r}; expected {', '.join(CODES)}"
            )
    return found


def _labelled(path: Path) -> pd.DataFrame:
    """A sheet as it stands: a workbook, or a table with commas, semicolons or tabs as spreadsheets save it."""
    if path.suffix.lower() == ".xlsx":
        sheets = tables.sheets(path)
        _, (names, *rows) = next(sheets)
        return pd.DataFrame(rows, columns=names, dtype=str).fillna("")
    text = contents(path, {}).removeprefix("\ufeff")
    sign = tables.delimiter(text.partition("\n")[0])
    return pd.read_csv(StringIO(text), sep=sign, dtype=str, keep_default_na=False)


def check(labels: pd.DataFrame, scores: pd.DataFrame) -> Check:
    """Verdicts against the labels on which the coders agree: positive, negative, and all the rest as `other`."""
    both = labels[(labels.coder_1 != "") & (labels.coder_2 != "")]
    sure = labels[(labels.coder_1 != "") & ((labels.coder_2 == "") | (labels.coder_1 == labels.coder_2))]
    keys = ["article", "sentence"]
    pairs = sure.merge(scores[[*keys, "verdict"]].drop_duplicates(keys), on=keys)
    gold, said = (np.where(pairs[name].isin(CODES[:2]), pairs[name], "other") for name in ("coder_1", "verdict"))
    classes = pd.DataFrame([_class(gold, said, label) for label in ("positive", "negative", "other")])
    draws = np.random.default_rng(SEED).integers(0, max(1, len(gold)), (DRAWS, len(gold)))
    low, high = (
        np.nanquantile([_macro(gold[i], said[i]) for i in draws], [0.025, 0.975]) if len(gold) else (math.nan,) * 2
    )
    coders, agreed = 1 + bool(len(both)), alpha(both[["coder_1", "coder_2"]].to_numpy().T)
    missed = floors.refusals("tone check", sentences=len(pairs), coders=coders)
    return Check(
        len(pairs),
        int((labels.coder_1 != "").sum()),
        coders,
        agreed,
        _macro(gold, said),
        float(low),
        float(high),
        classes,
        tuple(missed),
    )


def checked(sheet: str, scores: pd.DataFrame) -> floors.Said:
    """What a labelled sheet (its path, "" for none) says of the verdicts, in sentences; see `Check`."""
    if not sheet:
        return floors.Said("No labelled sheet was given, so the verdicts are unchecked here.")
    made = check(labels(sheet), scores)
    if not made.sentences:
        return floors.Said(f"{sheet}: no sentence of this run on which the coders agree; the verdicts are unchecked.")
    coders = "one coder" if made.coders == 1 else f"{made.coders} coders, Krippendorff's alpha {made.alpha:.2f}"
    compared = f"{made.sentences} of {made.labelled} labelled sentences, those of this run on which the coders agree"
    compared = compared if made.sentences < made.labelled else f"{made.sentences} labelled sentences"
    score = f"macro-F1 {made.macro_f1:.2f} (95 % interval {made.low:.2f} to {made.high:.2f})"
    classes = [
        f"{row.label}: precision {row.precision:.2f}, recall {row.recall:.2f}" for row in made.classes.itertuples()
    ]
    floor = [f"Read it with care: {missed}." for missed in made.refusals]
    return floors.Said(" ".join([f"{compared} ({coders}): {score}; {'; '.join(classes)}.", *floor]))


def _class(gold: np.ndarray, said: np.ndarray, label: str) -> dict[str, object]:
    right = int(((gold == label) & (said == label)).sum())
    row = {"label": label, "gold": int((gold == label).sum()), "said": int((said == label).sum()), "right": right}
    for name, base in (("precision", row["said"]), ("recall", row["gold"])):
        bounds = stats.binomtest(right, base).proportion_ci(method="wilson") if base else (math.nan, math.nan)
        row |= {name: right / base if base else math.nan, f"{name}_low": bounds[0], f"{name}_high": bounds[1]}
    return row | {"f1": 2 * right / max(1, row["said"] + row["gold"])}


def _macro(gold: np.ndarray, said: np.ndarray) -> float:
    """Mean F1 over the labels that occur."""
    found = {*gold, *said}
    f1 = [2 * ((gold == c) & (said == c)).sum() / ((gold == c).sum() + (said == c).sum()) for c in found]
    return float(np.mean(f1)) if f1 else math.nan


def alpha(codes: np.ndarray) -> float:
    """Krippendorff's alpha (2004) of nominal labels: one row per coder, one column per unit, "" for none."""
    together: Counter = Counter()
    for unit in np.asarray(codes, dtype=object).T:
        given = [code for code in unit if code != ""]
        for i, one in enumerate(given):
            for other in given[:i] + given[i + 1 :]:
                together[one, other] += 1 / (len(given) - 1)
    total, each = sum(together.values()), Counter()
    for (one, _), share in together.items():
        each[one] += share
    chance = total**2 - sum(share**2 for share in each.values())
    apart = sum(share for (one, other), share in together.items() if one != other)
    return 1 - (total - 1) * apart / chance if chance else math.nan
