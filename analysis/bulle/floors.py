"""How much evidence each statistic needs, and what is said when there is less: one table, one mechanism."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from bulle import PACKAGE, tables, telling, wording
from bulle.wording import counted, number, probability

pd.set_option("display.html.use_mathjax", False)  # a dollar sign in a table is money
pd.set_option("display.max_colwidth", 160)  # a list of counts by kind is shown whole

PROBABILITIES = ("p", "q")  # columns of probabilities
SHARES = {  # measures of floors.csv that are shares
    "coverage",
    "largest share of one sentence",
    "share of articles",
    "clear sentences",
    "opposed",
    "placed",
    "largest share of one article",
}
PERCENTS, BOUNDS = ("share", "others"), ("low", "high")  # columns of shares; and where they stand, of their bounds
NAMED = 3  # sources or periods that a refusal names when the same floor was missed by many
PLACES = ("sentence", "start", "end")  # columns of numbers that count nothing
DAYS = ("date", "first", "last")  # columns of days


@dataclass(frozen=True)
class Refusal:
    """A floor that was missed: the typed outcome that stands where a number would have been.

    `step` is the statistic, `measure` what was counted, `found` how much there was, `bound` how much is needed
    (`least`) or allowed (`most`), `source` the publication or the convention behind the bound. `about` is the source,
    the period or the term whose statistic is refused, "" where it is that of all the texts.
    """

    step: str
    measure: str
    found: float
    side: str
    bound: float
    source: str
    about: str = ""

    def __str__(self) -> str:
        return wording.said("refusal", what=self.what, amount=self.amount, need=self.need)

    @property
    def what(self) -> str:
        """The step, and what it was about: `rank-sum, Le Figaro`."""
        return ", ".join(filter(None, (self.called["name"], " ".join(self.about.split()))))

    @property
    def amount(self) -> str:
        """What there was, with its noun: `1 article`, `2.0% of the words in the lexicon`, `mass 3.2`."""
        nouns, none = self.called["nouns"], self.called["none"]
        if math.isnan(self.found) or (none and not self.found):
            return none or wording.said("refusal.none", nouns=nouns)
        if self.measure in SHARES:
            found = wording.apart("share", telling(), self.found, self.bound)[0]
            return wording.said("refusal.share", nouns=nouns, found=found)
        many = "|" in nouns or wording.NOUNS.search(nouns)
        return counted(self.found, nouns) if many else wording.said("refusal.measure", nouns=nouns, found=self.found)

    @property
    def need(self) -> str:
        """What is needed or allowed, and who says so."""
        bound = wording.rounded(self.bound, "level", telling()) if self.measure in SHARES else self.bound
        return wording.said(f"refusal.{self.side}", bound=bound, source=self.called["source"])

    @property
    def called(self) -> dict[str, str]:
        """The step, the measure and the source as the language calls them."""
        own = _names(telling()).get((self.step, self.measure), {})
        return {"name": self.step, "nouns": self.measure, "source": self.source, "none": ""} | own


@cache
def _names(language: str) -> dict[tuple[str, str], dict[str, str]]:
    """What a language calls a step and a measure of `table` otherwise: `name`, `nouns`, `source`, and `none` where
    there is nothing of it; see `data/<language>/floors.csv`."""
    told = pd.read_csv(PACKAGE / "data" / language / "floors.csv", comment="#", keep_default_na=False)
    told = told.set_index(["step", "measure"])
    return {key: {part: text for part, text in row.items() if text} for key, row in told.to_dict("index").items()}


_asked: dict[tuple[str, str], list[Refusal]] = {}  # each step asked for, what it was about, and the floors it missed


@cache
def table() -> pd.DataFrame:
    """All floors, one row per step and measure: `step`, `measure`, `side` (least, most), `bound`, `source`."""
    return pd.read_csv(PACKAGE / "data" / "floors.csv", comment="#")


@cache
def _rows() -> dict[str, dict[str, tuple]]:
    """The rows of `table` by their step and measure: looked up here, where a table would be searched each time."""
    found = defaultdict(dict)
    for row in table().itertuples(index=False, name="Floor"):
        found[row.step][row.measure] = row
    return dict(found)


def bound(step: str, measure: str) -> int | float:
    """The bound of one floor.

    >>> bound("trend period", "articles")
    20
    """
    found = float(_rows()[step][measure].bound)
    return int(found) if found.is_integer() else found


def passing(step: str, measured: pd.DataFrame, about: str = "") -> pd.DataFrame:
    """Rows that reach every floor of a step whose measures are columns of a table.

    `attrs["floored"]` counts the rows left out; when that is all of them, `attrs["refusals"]` says which floors even
    the best row misses. `about` is as in `refusals`.
    """
    sides = [(name, row.bound, 1 if row.side == "least" else -1) for name, row in _rows()[step].items()]
    reached = np.logical_and.reduce([measured[name] * sign >= bound * sign for name, bound, sign in sides])
    best = {name: (measured[name] * sign).max() * sign if len(measured) else 0 for name, _, sign in sides}
    rows = measured[reached].copy()
    _asked[step, about] = missed = [] if reached.any() else refusals(step, about, **best)
    rows.attrs = {**measured.attrs, "floored": int((~reached).sum()), "refusals": missed}
    return rows


def refused(made: pd.DataFrame, missed: list[Refusal]) -> pd.DataFrame:
    """The table as it is when nothing was missed, else without its rows and with the refusals in `attrs`."""
    if missed:
        made = made[:0]
        made.attrs = {**made.attrs, "refusals": missed}
    return made


class Said(str):
    """Words that a notebook shows as paragraphs and lists, an empty line between two, and not between quotes.

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
        blocks = []
        for block in self.html.split("\n\n"):
            items = re.sub(r"^- (.*)$", r"<li>\1</li>", block, flags=re.M)
            blocks.append(f"<p>{items}</p>" if items == block else f"<ul>{items}</ul>")
        return f'<div class="said mathjax_ignore">{"".join(blocks)}</div>'


def paragraphs(*parts: Said) -> Said:
    """Several words as one, a paragraph or a list each.

    >>> paragraphs(Said("a < b"), Said("- c"))._repr_html_()
    '<div class="said mathjax_ignore"><p>a &lt; b</p><ul><li>c</li></ul></div>'
    """
    return Said(Markup("\n\n").join(Markup(part.html) for part in parts))


def stacked(*tables: pd.DataFrame) -> pd.DataFrame:
    """Tables of the same columns as one, with the refusals of those that are empty."""
    full = [table for table in tables if len(table)] or [tables[0]]
    whole = pd.concat(full, ignore_index=True)
    whole.attrs = {"refusals": [one for table in tables for one in table.attrs.get("refusals", [])]}
    return whole


def said(missed: Iterable[Refusal], none: str = "floors.none") -> Said:
    """The refusals of some steps as a list, a line for each floor; the sentence `none` when there are none.

    >>> said(refusals("trend", articles=1, periods=3))
    - Not shown. trend: 1 dated article, at least 30 needed (Wilson 1927)
    >>> said(refusals("contrast", "A", groups=0) + refusals("contrast", "B", groups=1))
    - Not shown. contrast, A (0 groups), B (1 group): at least 2 needed (Kilgarriff 2005)
    """
    alike: dict[tuple, list[Refusal]] = {}
    for refusal in dict.fromkeys(missed):
        alike.setdefault((refusal.step, refusal.measure, bool(refusal.about)), []).append(refusal)
    lines = [wording.said("refusal.line", told=_joined(group)) for group in alike.values()]
    return Said("\n".join(lines) or wording.said(none))


def _joined(alike: list[Refusal]) -> str:
    """Refusals of one step by one floor as one line: the first are named, the others counted."""
    first = alike[0]
    if len(alike) == 1:
        return str(first)
    named = [f"{' '.join(one.about.split())} ({one.amount})" for one in alike[:NAMED]]
    listed = ", ".join([first.called["name"], *named])
    if len(alike) > NAMED:
        listed = wording.said("more", listed=listed, more=len(alike) - NAMED)
    return wording.said("refusal.many", what=listed, need=first.need)


def shown(
    made: pd.DataFrame,
    rows: int | None = None,
    columns: Iterable[str] | None = None,
    whole: pd.DataFrame | None = None,
) -> pd.DataFrame | Said:
    """A table as a notebook shows it, in the language told: its first rows, of these columns those that it has, heads,
    values and numbers as people write them, no empty column; or why it is empty. A run keeps it whole, or the `whole`
    that it was chosen from."""
    whole = made if whole is None else whole
    if not whole.empty:
        tables.kept(whole)
    if made.empty:
        return said(made.attrs["refusals"]) if made.attrs.get("refusals") else Said(wording.said("shown.none"))
    shown = (made if columns is None else made.filter(columns)).head(len(made) if rows is None else rows)
    if pd.api.types.is_integer_dtype(shown.index):
        shown = shown.reset_index(drop=True)
    else:
        names = wording.values_told([*shown.index], shown.index.name or "index")
        shown = shown.set_axis(pd.Index(names, name=shown.index.name and wording.head(shown.index.name)))
    shares = {*PERCENTS, *BOUNDS} if "share" in made else set()
    cells = {name: _cells(shown[name], name in shares) for name in shown}
    full = {name: told for name, told in cells.items() if any(str(cell) != "" for cell in told)}
    heads = [wording.head(name) for name in full]
    return pd.DataFrame(dict(enumerate(full.values())), index=shown.index).set_axis(heads, axis=1)


def _cells(column: pd.Series, shares: bool = False) -> list:
    """The values of a column as people write them, shares in percent."""
    if pd.api.types.is_bool_dtype(column):
        return ["" if pd.isna(value) else wording.value_told(str(value), telling(), "*") for value in column]
    if pd.api.types.is_numeric_dtype(column) and column.name not in PLACES:
        told = percent if shares else probability if column.name in PROBABILITIES else number
        return ["" if pd.isna(value) else told(value) for value in column]
    if column.name in DAYS:
        return ["" if pd.isna(value) else wording.day(str(value)[:10], telling(), "medium") for value in column]
    return wording.values_told(["" if pd.isna(value) else value for value in column], column.name)


def percent(value: float) -> str:
    """A share in percent, as the account writes it.

    >>> percent(0.3508)
    '35.1%'
    """
    return wording.measured("share", telling(), value)[0]


def refusals(step: str, about: str = "", **measured: float) -> list[Refusal]:
    """Floors of a step that the measured amounts miss; an empty list when the step may speak.

    The answer is kept for `unsaid`, in the place of an earlier one for the same step and the same `about`: the source,
    the period or the term in question, "" for all the texts.

    >>> print(*refusals("trend", articles=1, periods=9), sep="; ")
    trend: 1 dated article, at least 30 needed (Wilson 1927)
    """
    _asked[step, about] = missed = _missed(step, about, measured)
    return missed


def noted(missed: list[Refusal]) -> None:
    """Keep the refusals of a table that was made before for `unsaid`, as when it was made."""
    for one in missed:
        _asked[one.step, one.about] = [other for other in missed if (other.step, other.about) == (one.step, one.about)]


def reached(step: str, **measured: float) -> bool:
    """Whether measured amounts reach the floors of a step; nothing is refused if they do not."""
    return not _missed(step, "", measured)


def _missed(step: str, about: str, measured: dict[str, float]) -> list[Refusal]:
    rows = _rows().get(step, {})
    if missing := rows.keys() ^ measured.keys():
        raise KeyError(f"{step}: measures differ from floors.csv: {sorted(missing)}")
    return [
        Refusal(step, name, float(found), row.side, float(row.bound), row.source, about)
        for name, found in measured.items()
        for row in [rows[name]]
        if not (found >= row.bound if row.side == "least" else found <= row.bound)  # NaN misses every floor
    ]


def forget() -> None:
    """Begin anew: what was refused so far belongs to an earlier run."""
    _asked.clear()


def unsaid() -> Said:
    """What was refused since `forget`, a line for each floor."""
    return said((refusal for missed in _asked.values() for refusal in missed), "floors.unsaid")
