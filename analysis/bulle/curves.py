"""The table of a sweep -> what is said of it, and the specification curve over the matrix of choices."""

import math
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bulle import floors, phrases, sweeps, telling, wording
from bulle.figures import LETTERS, ROLES, WIDTHS, Picture, canvas, fitted, measured, picture, scale, seen

HIGH = {"wide": 190, "narrow": 170}  # CSS pixels of the curve
ROW, GAP = 17, 7  # CSS pixels of a line of the matrix, and between two decisions
SCALES = {"trend": 100.0}  # outcomes that are written in percentage points


def written(value: float, outcome: str) -> str:
    """An estimate as people write it, with its sign, and none on nought.

    >>> written(-0.0512, "tone"), written(0.0512, "trend"), written(0.0001, "tone")
    ('−0.051', '+5.12', '0')
    """
    if math.isnan(value):
        return ""
    shown = f"{value * SCALES.get(outcome, 1):+.{2 if outcome in ('trend', 'term') else 3}f}"
    return wording.written(shown) if float(shown) else "0"


def choice(name: str, value: object = None) -> str:
    """What a decision is called, or one of its values."""
    say = phrases(telling(), "sweep")
    if value is None:
        return say[f"choice:{name}"]
    told = say.get(f"value:{name}:{value}") or say[f"value:{name}"]
    shown = Path(value).name if name in ("lexicon", "reference") else value
    return told.format(value=seen(str(shown)))


def heading(outcome: str, table: pd.DataFrame) -> str:
    """What is asked of an outcome."""
    term, say = table.attrs.get("term", ""), phrases(telling(), "sweep")
    return say["outcome:term.none" if outcome == "term" and not term else f"outcome:{outcome}"].format(term=seen(term))


def told(rows: pd.DataFrame) -> list[str]:
    """What the specifications of one outcome say together, in sentences."""
    say, outcome, found = phrases(telling(), "sweep"), rows.outcome.iloc[0], sweeps.summary(rows)
    numbers = ("estimate", "low", "high", "least", "most")
    found |= {name: written(float(found[name]), outcome) for name in numbers}
    shown = rows[rows.state == "shown"]
    if shown.empty:
        keys = ["none"]
    else:
        same = found["shown"] > 1 and shown.estimate.max() - shown.estimate.min() < 1e-12
        keys = [f"default.{outcome}" if rows.state.iloc[0] == "shown" else "default.none"]
        keys += ["range.same" if same else "range", f"sign.{found['side']}"]
        keys += ["place"] if found["estimate"] and not same and found["shown"] > 1 else []
        keys += ["term.first"] if outcome == "term" and not rows.attrs.get("asked") else []
        keys += [name for name in ("refused", "failed") if found[name]]
    lines = [wording.filled(say[key], found) for key in keys]
    owed = sweeps.shares(rows)
    if len(owed) and owed.share.iloc[0] > 0:
        most = {"decision": choice(owed.decision[0]), "share": floors.percent(owed.share[0])}
        lines.append(say["owes"].format(**most))
    inert = [choice(name) for name in owed.decision[owed.inert.fillna(False)]]
    return [*lines, say["inert"].format(names=", ".join(inert))] if inert else lines


def answer(table: pd.DataFrame) -> floors.Said:
    """What a sweep says, a paragraph on each outcome under what is asked of it."""
    parts = []
    for name, rows in table.groupby("outcome", sort=False):
        parts += [Markup("<strong>{}</strong>").format(heading(name, table)), escape(" ".join(told(rows)))]
    return floors.Said(Markup("\n\n").join(parts))


def reasons(rows: pd.DataFrame) -> list[str]:
    """Why specifications are not shown, each reason once, with how many it keeps back."""
    held, say = Counter(rows.reason[rows.state != "shown"]), phrases(telling(), "sweep")
    return [wording.filled(say["times"], {"n": n, "reason": reason}) for reason, n in held.items()]


def variance(table: pd.DataFrame) -> pd.DataFrame:
    """The `shares` of all outcomes, one under the other."""
    parts = [sweeps.shares(rows) for _, rows in table.groupby("outcome", sort=False)]
    return pd.concat(parts, ignore_index=True)


def curve(table: pd.DataFrame, outcome: str) -> Picture | floors.Said:
    """The estimates of an outcome, the lowest first, with their intervals, over the choices that each makes.

    Parameters
    ----------
    table : see `sweeps.swept`.
    """
    rows, say = table[table.outcome == outcome], phrases(telling(), "sweep")
    shown = rows[rows.state == "shown"].sort_values("estimate", kind="stable")
    if shown.empty:
        return floors.Said("\n\n".join([*told(rows), "\n".join(f"- {reason}" for reason in reasons(rows))]))
    rows = pd.concat([shown, rows[rows.state != "shown"]])
    found = sweeps.summary(table[table.outcome == outcome])
    ends = {name: written(float(found[name]), outcome) for name in ("least", "most")}
    claim = wording.filled(say[f"claim.{found['side']}"], found)
    names = [name for name in sweeps.OUTCOMES[outcome] if rows[name].nunique(dropna=False) > 1]
    data = rows[["estimate", "low", "high", "n", "state", *names]].assign(specification=rows.index + 1)
    return picture(
        partial(_drawn, rows, names, outcome),
        data,
        name=outcome,
        title=claim,
        unit=say[f"unit:{outcome}"],
        caption=" ".join([say["caption"], *([say["caption.refused"]] if len(rows) > len(shown) else [])]),
        alt=say["alt"].format(claim=claim, **ends),
    )


def _drawn(rows: pd.DataFrame, names: list[str], outcome: str, width: int) -> Figure:
    """The curve, and the matrix of choices beneath."""
    values = [(name, value) for name in names for value in rows.sort_index()[name].drop_duplicates()]
    labels = [choice(*pair) for pair in values]
    left = min(max(map(measured, [*labels, "−0,000"])), 0.38 * width) + 10
    high = HIGH["wide" if width == WIDTHS["wide"] else "narrow"]
    jumps = [GAP * names.index(name) for name, _ in values]
    places = [high + 34 + ROW * row + jump for row, jump in enumerate(jumps)]
    down = (places[-1] if places else high) + 12
    figure, axes = canvas(width, down, (left, 8, 0, 0))
    axes.set_axis_off()
    shown = rows.state == "shown"
    at = np.arange(len(rows)) + np.where(shown, 0.5, 2.5)
    axes.set(xlim=(0, max(at[-1] + 0.5, 8)), ylim=(down, 0))
    default = at[rows.default.to_numpy()][0]
    axes.fill([default - 0.5, default + 0.5, default + 0.5, default - 0.5], [0, 0, down, down], color=ROLES["band"])
    _estimates(axes, rows[shown], outcome, high)
    pixel = axes.get_xlim()[1] / (width - left - 8)
    for (name, value), label, place in zip(values, labels, places, strict=True):
        axes.text(-8 * pixel, place + 4.5, fitted(label, left - 10), ha="right", size=LETTERS)
        axes.plot(axes.get_xlim(), [place, place], color=ROLES["rule"], linewidth=1)
        made = (rows[name] == value).to_numpy()
        for held, colour in ((made & shown, "ink"), (made & ~shown, "muted")):
            _upright(axes, at[held], np.full(held.sum(), place - 5), np.full(held.sum(), place + 5), colour, 4, pixel)
    return figure


def _estimates(axes: Axes, rows: pd.DataFrame, outcome: str, high: float) -> None:
    """The estimates on their intervals, over a scale that holds nought."""
    marks = scale(
        min(rows.low.min(), 0),
        max(rows.high.max(), 0),
        lambda mark: wording.written(f"{mark * SCALES.get(outcome, 1):+g}") if mark else "0",
    )
    low, top = min(marks), max(marks)

    def place(values: pd.Series | float) -> np.ndarray | float:
        return 10 + (top - values) / (top - low) * (high - 16)

    pixel = axes.get_xlim()[1] / (axes.get_position().width * axes.figure.get_figwidth() * 72)
    for mark, text in marks.items():
        colour = "muted" if text == "0" else "rule"
        axes.plot(axes.get_xlim(), [place(mark)] * 2, color=ROLES[colour], linewidth=1)
        axes.text(-8 * pixel, place(mark) + 4.5, text, ha="right", size=12.5, color=ROLES["muted"])
    at, sure = np.arange(len(rows)) + 0.5, (rows.low * rows.high > 0).to_numpy()
    for held, colour in ((~sure, "muted"), (sure, "s1")):
        _upright(axes, at[held], place(rows.low[held]), place(rows.high[held]), colour, 2.5, pixel)
        middle = place(rows.estimate[held])
        _upright(axes, at[held], middle - 3, middle + 3, colour, 6, pixel)


def _upright(
    axes: Axes, at: np.ndarray, low: np.ndarray, high: np.ndarray, role: str, wide: float, pixel: float
) -> None:
    """Upright lines of one colour as one path, no wider than the room of a column."""
    if len(at):
        none = np.full(len(at), np.nan)
        across, down = np.column_stack([at, at, none]).ravel(), np.column_stack([low, high, none]).ravel()
        axes.plot(across, down, color=ROLES[role], linewidth=min(wide, 0.7 / pixel), solid_capstyle="butt")
