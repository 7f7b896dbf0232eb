"""Labels by hand -> how far their readers agree with each other, and how often the rules agree with them."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import scipy

from bulle import InputError, floors, labels, phrases, shares, telling
from bulle.sentiment import DRAWS, SEED
from bulle.studies import Study
from bulle.wording import filled

REST = {"tone": "neutral", "voice": "unknown", "stance": "rest"}  # the label of what the rules call otherwise
KEYS = ["article", "sentence"]
LETTERS = re.compile("[^A-Za-z0-9]+")  # all others may be written otherwise by a spreadsheet


@dataclass(frozen=True)
class Check:
    """What the rules say of a task against the labels of its readers.

    `labelled` sentences of the sheet have a label, `unsure` were left by somebody who could not tell, `double` of this
    corpus have two labels or more; `alpha` (Krippendorff 2004) is that of these, with its 95 % interval `sure`.
    `compared`, a row per sentence of this corpus with labels that do not differ: `article`, `sentence`, `start`, `end`,
    `gold`, `said`, `right`; `share` of them are right, with its 95 % interval `low`, `high` over articles.
    `classes`, one row per label: `gold`, `said`, `right` (sentences), `precision`, `recall` with their bounds, `f1`.
    `refusals`: floors under which the share tells nothing.
    """

    task: str
    labelled: int
    unsure: int
    readers: int
    double: int
    alpha: float
    sure: tuple[float, float]
    compared: pd.DataFrame
    share: float
    low: float
    high: float
    macro_f1: float
    f1: tuple[float, float]
    classes: pd.DataFrame
    refusals: tuple[floors.Refusal, ...] = ()


def checks(sheet: str, study: Study, scores: pd.DataFrame | None = None) -> list[Check]:
    """A check for each task that a sheet has labels of; `scores`: verdicts of tone in the place of the study's.

    Raises
    ------
    InputError : as `labels.labels`, or a sentence of the sheet is another one in this corpus.
    """
    found = labels.table(Path(sheet))
    made = []
    for task in labels.tasks(telling()):
        given = labels.labels(sheet, task)
        names = [name for name in labels.readers(found, task) if (given[name] != "").any()]
        if names:
            _same(sheet, given, study)
            made.append(check(task, given[KEYS + names], said(task, study, scores)))
    return made


def _same(sheet: str, given: pd.DataFrame, study: Study) -> None:
    """`InputError` where a sentence has other letters than in the corpus; a sheet may leave out its texts."""
    both = given.reset_index().merge(study.hits[[*KEYS, "text"]], on=KEYS, suffixes=("", "_here"))
    for row in both[both.text != ""].itertuples():
        if LETTERS.sub("", row.text) != LETTERS.sub("", row.text_here):
            raise InputError(
                f"sheet {sheet}, row {row.index + 2}: sentence {row.sentence} of {row.article!r} is another one here; "
                "it was changed, or the sheet was made of other texts"
            )


def said(task: str, study: Study, scores: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the rules say of each theme sentence (of its first place, for voice and stance): `article`, `sentence`,
    `start`, `end`, `family`, `said`."""
    if task == "tone":
        table, column = study.scores if scores is None else scores, "verdict"
    else:
        table, column = study.places[study.places[task] != ""], task
    held = table.drop_duplicates(KEYS)[[*KEYS, column]].set_axis([*KEYS, "said"], axis=1)
    held = study.hits[[*KEYS, "start", "end"]].merge(held, on=KEYS)
    return held.assign(family=study.about.family[held.article].to_numpy())


def check(task: str, given: pd.DataFrame, said: pd.DataFrame) -> Check:
    """What the rules `said` against what readers have `given`: `article`, `sentence`, and the labels of each."""
    names = [name for name in given if name not in KEYS]
    known = given.set_index(KEYS)[names].replace(labels.UNSURE, "")
    here = said.merge(known.reset_index(), on=KEYS)
    own, each = here[names], (here[names] != "").sum(axis=1)
    alone = own.nunique(axis=1) - own.eq("").any(axis=1) == 1
    kinds = [kind for kind in labels.tasks("en")[task][1].label if kind != labels.UNSURE]
    pairs = here[alone].assign(gold=own[alone].max(axis=1))  # "" comes before every word
    for column in ("gold", "said"):
        pairs[column] = pairs[column].where(pairs[column].isin(kinds), REST[task])
    pairs = pairs.assign(right=pairs.gold == pairs.said).reset_index(drop=True)
    gold, told, share = pairs.gold.to_numpy(), pairs.said.to_numpy(), float(pairs.right.mean())
    low, high = shares.interval(pairs.family, pairs.right) if len(pairs) else (math.nan, math.nan)
    reached, double = alpha(own.to_numpy().T), int((each > 1).sum())
    readers = int((known != "").any().sum())
    return Check(
        task=task,
        labelled=int((known != "").any(axis=1).sum()),
        unsure=int((given[names] == labels.UNSURE).any(axis=1).sum()),
        readers=readers,
        double=double,
        alpha=reached,
        sure=alpha_interval(own.to_numpy().T),
        compared=pairs[[*KEYS, "start", "end", "gold", "said", "right"]],
        share=share,
        low=low,
        high=high,
        macro_f1=_macro(gold, told),
        f1=_drawn(gold, told),
        classes=pd.DataFrame([_class(gold, told, kind) for kind in kinds]),
        refusals=_missed(readers, len(pairs), double, reached),
    )


def _missed(readers: int, compared: int, double: int, reached: float) -> tuple[floors.Refusal, ...]:
    """The floors that a check misses: of its sentences, and where several read of their agreement."""
    missed = floors.refusals("check", sentences=compared)
    if readers > 1:
        missed = missed + floors.refusals("agreement", sentences=double, alpha=reached)
    return tuple(missed)


def _cautions(made: Check) -> list[floors.Refusal]:
    """What a careful reader would still ask of a check of tone that tells something."""
    asked = {"sentences": len(made.compared), "coders": made.readers}
    return floors.refusals("tone check", **asked) if made.task == "tone" else []


def checked(sheet: str, study: Study, scores: pd.DataFrame | None = None) -> floors.Said:
    """What a labelled sheet (its path, "" for none) says of the rules, in sentences; see `checks`."""
    if not sheet:
        return floors.Said(_say("none"))
    made = checks(sheet, study, scores)
    return floors.paragraphs(*map(_told, made)) if made else floors.Said(_say("empty", sheet=sheet))


def _say(key: str, **values: object) -> str:
    return filled(phrases(telling(), "labels")[key], values)


def _told(made: Check) -> floors.Said:
    """One check in sentences."""
    compared = len(made.compared)
    lines = [_say("compared", task=_say(made.task), compared=compared, labelled=made.labelled, unsure=made.unsure)]
    if made.readers == 1:
        lines.append(_say("alone", readers=made.readers))
    elif math.isnan(made.alpha):
        lines.append(_say("missing", readers=made.readers, double=made.double))
    else:
        sure = _interval(made.sure)
        lines.append(_say("agreed", readers=made.readers, double=made.double, alpha=made.alpha, sure=sure))
    if compared:
        told = {"share": made.share, "interval": _interval((made.low, made.high))}
        told |= {"f1": made.macro_f1, "f1_interval": _interval(made.f1)}
        lines.append(_say("right", right=int(made.compared.right.sum()), compared=compared, **told))
    names = labels.tasks(telling())[made.task][1].set_index("label").name
    for row in made.classes.itertuples():
        if row.said or row.gold:
            lines.append(_say("class", name=names[row.label], said=row.said, gold=row.gold, right=row.right))
    lines += [_say("care", refusal=str(refusal)) for refusal in made.refusals or _cautions(made)]
    return floors.Said("\n".join(f"- {line}" for line in lines))


def _interval(bounds: tuple[float, float]) -> str:
    return _say("interval", low=bounds[0], high=bounds[1])


def _class(gold: np.ndarray, said: np.ndarray, label: str) -> dict[str, object]:
    right = int(((gold == label) & (said == label)).sum())
    row = {"label": label, "gold": int((gold == label).sum()), "said": int((said == label).sum()), "right": right}
    for name, base in (("precision", row["said"]), ("recall", row["gold"])):
        bounds = scipy.stats.binomtest(right, base).proportion_ci(method="wilson") if base else (math.nan, math.nan)
        row |= {name: right / base if base else math.nan, f"{name}_low": bounds[0], f"{name}_high": bounds[1]}
    return row | {"f1": 2 * right / max(1, row["said"] + row["gold"])}


def _macro(gold: np.ndarray, said: np.ndarray) -> float:
    """Mean F1 over the labels that occur."""
    found = {*gold, *said}
    f1 = [2 * ((gold == c) & (said == c)).sum() / ((gold == c).sum() + (said == c).sum()) for c in found]
    return float(np.mean(f1)) if f1 else math.nan


def _drawn(gold: np.ndarray, said: np.ndarray) -> tuple[float, float]:
    """95 % interval of the macro-F1: sentences drawn again (Efron 1979)."""
    if not len(gold):
        return math.nan, math.nan
    draws = np.random.default_rng(SEED).integers(0, len(gold), (DRAWS, len(gold)))
    low, high = np.nanquantile([_macro(gold[i], said[i]) for i in draws], [0.025, 0.975])
    return float(low), float(high)


def alpha(codes: np.ndarray) -> float:
    """Krippendorff's alpha (2004) of nominal labels: one row per coder, one column per unit, "" for none."""
    return float(_alpha(_together(codes).sum(axis=0)))


def alpha_interval(codes: np.ndarray) -> tuple[float, float]:
    """Its 95 % interval: units drawn again (Efron 1979); missing where there is no alpha."""
    together = _together(codes)
    number, kinds = together.shape[:2]
    if not number or math.isnan(_alpha(together.sum(axis=0))):
        return math.nan, math.nan
    times = np.random.default_rng(SEED).multinomial(number, np.full(number, 1 / number), DRAWS)
    drawn = (times @ together.reshape(number, -1)).reshape(DRAWS, kinds, kinds)
    low, high = np.nanquantile(_alpha(drawn), [0.025, 0.975])
    return float(low), float(high)


def _together(codes: np.ndarray) -> np.ndarray:
    """How often two labels stand together in each unit with several: a square of labels per unit (coincidences)."""
    codes = np.asarray(codes, dtype=object)
    kinds = sorted({*codes.flat} - {""})
    counts = np.array([(codes == kind).sum(axis=0) for kind in kinds], dtype=float).T.reshape(
        codes.shape[1], len(kinds)
    )
    counts = counts[counts.sum(axis=1) > 1]
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(kinds))
    return pairs / (counts.sum(axis=1) - 1)[:, None, None]


def _alpha(together: np.ndarray) -> np.ndarray:
    """Alpha of coincidences, the last two axes of which are labels; missing where all labels are the same."""
    each = together.sum(axis=-1)
    total = each.sum(axis=-1)
    chance = total**2 - (each**2).sum(axis=-1)
    apart = total - np.trace(together, axis1=-2, axis2=-1)
    return 1 - (total - 1) * apart / np.where(chance > 0, chance, math.nan)
