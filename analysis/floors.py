"""How much evidence each statistic needs, and what is said when there is less: one table, one mechanism."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from analysis import PACKAGE

pd.set_option("display.html.use_mathjax", False)  # a dollar sign in a table is money


@dataclass(frozen=True)
class Refusal:
    """A floor that was missed: the typed outcome that stands where a number would have been.

    `step` is the statistic, `measure` what was counted, `found` how much there was, `bound` how much is needed
    (`least`) or allowed (`most`), `source` the publication or the convention behind the bound.
    """

    step: str
    measure: str
    found: float
    side: str
    bound: float
    source: str

    def __str__(self) -> str:
        return f"{self.step}: {self.measure} {self.found:.4g}, at {self.side} {self.bound:.4g} needed ({self.source})"


@cache
def table() -> pd.DataFrame:
    """All floors, one row per step and measure: `step`, `measure`, `side` (least, most), `bound`, `source`."""
    return pd.read_csv(PACKAGE / "data" / "floors.csv", comment="#")


def bound(step: str, measure: str) -> int | float:
    """The bound of one floor.

    >>> bound("trend period", "articles")
    20
    """
    found = float(table().set_index(["step", "measure"]).bound[step, measure])
    return int(found) if found.is_integer() else found


def passing(step: str, measured: pd.DataFrame) -> pd.DataFrame:
    """Rows that reach every floor of a step whose measures are columns of a table.

    `attrs["floored"]` counts the rows left out; when that is all of them, `attrs["refusals"]` says which floors even
    the best row misses.
    """
    needed = table().query("step == @step")
    sides = [(row.measure, row.bound, 1 if row.side == "least" else -1) for row in needed.itertuples()]
    reached = np.logical_and.reduce([measured[name] * sign >= bound * sign for name, bound, sign in sides])
    best = {name: (measured[name] * sign).max() * sign if len(measured) else 0 for name, _, sign in sides}
    rows = measured[reached].copy()
    missed = [] if reached.any() else refusals(step, **best)
    rows.attrs = {**measured.attrs, "floored": int((~reached).sum()), "refusals": missed}
    return rows


def refused(made: pd.DataFrame, missed: list[Refusal]) -> pd.DataFrame:
    """The table as it is when nothing was missed, else without its rows and with the refusals in `attrs`."""
    if missed:
        made = made[:0]
        made.attrs = {**made.attrs, "refusals": missed}
    return made


class Said(str):
    """Words that a notebook shows as a paragraph, or a list, and not between quotes.

    They are text, in which no sign is markup, unless they are given as `Markup`, for emphasis.
    """

    def __new__(cls, words: str) -> "Said":
        marked = isinstance(words, Markup)
        made = super().__new__(cls, Markup(re.sub(r"<[^>]*>", "", str(words))).unescape() if marked else words)
        made.html = str(escape(words))
        return made

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        items = re.sub(r"^- (.*)$", r"<li>\1</li>", self.html, flags=re.M)
        whole = f"<p>{items}</p>" if items == self.html else f"<ul>{items}</ul>"
        return f'<div class="said mathjax_ignore">{whole}</div>'


def said(missed: Iterable[Refusal]) -> Said:
    """The refusals of some steps as a list, a line each; a plain sentence when there are none.

    >>> said(refusals("trend", articles=1, periods=3))
    - Not shown. trend: articles 1, at least 30 needed (Wilson 1927)
    """
    return Said("\n".join(f"- Not shown. {refusal}" for refusal in missed) or "No step was refused.")


def shown(made: pd.DataFrame, rows: int | None = None) -> pd.DataFrame | Said:
    """A table as a notebook shows it, its first rows at three significant digits; or why there are none."""
    if made.empty:
        return said(made.attrs["refusals"]) if made.attrs.get("refusals") else Said("There is no row to show.")
    shown = made.head(len(made) if rows is None else rows).copy()
    for name in shown.select_dtypes("float"):
        shown[name] = [float(f"{value:.3g}") for value in shown[name]]
    return shown


def unsaid(*made: pd.DataFrame) -> Said:
    """What several tables were refused for, a line each."""
    return said(dict.fromkeys(refusal for one in made for refusal in one.attrs.get("refusals", [])))


def refusals(step: str, **measured: float) -> list[Refusal]:
    """Floors of a step that the measured amounts miss; an empty list when the step may speak.

    >>> print(*refusals("trend", articles=1, periods=9))
    trend: articles 1, at least 30 needed (Wilson 1927)
    """
    rows = table().query("step == @step").set_index("measure")
    if missing := set(rows.index) ^ set(measured):
        raise KeyError(f"{step}: measures differ from floors.csv: {sorted(missing)}")
    return [
        Refusal(step, name, float(found), row.side, float(row.bound), row.source)
        for name, found in measured.items()
        for row in [rows.loc[name]]
        if not (found >= row.bound if row.side == "least" else found <= row.bound)  # NaN misses every floor
    ]
