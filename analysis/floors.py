"""How much evidence each statistic needs, and what is said when there is less: one table, one mechanism."""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis import PACKAGE


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


def refusals(step: str, **measured: float) -> list[Refusal]:
    """Floors of a step that the measured amounts miss; an empty list when the step may speak.

    >>> print(*refusals("trend", articles=1, periods=1), sep="; ")
    trend: articles 1, at least 30 needed (Wilson 1927); trend: periods 1, at least 3 needed (Mann 1945)
    """
    rows = table().query("step == @step").set_index("measure")
    if missing := set(rows.index) ^ set(measured):
        raise KeyError(f"{step}: measures differ from floors.csv: {sorted(missing)}")
    return [
        Refusal(step, name, found, row.side, row.bound, row.source)
        for name, found in measured.items()
        for row in [rows.loc[name]]
        if not (found >= row.bound if row.side == "least" else found <= row.bound)  # NaN misses every floor
    ]
