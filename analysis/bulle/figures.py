"""Table -> one figure with its alternative text: as wide as a phone, colour-blind safe, the same bytes on every run."""

import base64
import io
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from textwrap import fill

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from bulle import floors

WIDTH = 390  # CSS pixels: a phone held upright
SHARPNESS = 2  # pixels of the image per CSS pixel
ROW = 20  # CSS pixels of a row with its label
CAPTION = 66  # letters of a line of eight points across a phone
# Colours that the colour-blind tell apart (Okabe & Ito 2008, as in seaborn).
BLUE, GREY = (sns.color_palette("colorblind")[i] for i in (0, 7))
STYLE = {
    **sns.axes_style("whitegrid"),
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine
    "font.size": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 9,
    "axes.edgecolor": "0.6",
    "grid.color": "0.9",
    "text.parse_math": False,  # a dollar sign is money
}


@dataclass(frozen=True)
class Picture:
    """A figure as a notebook shows and keeps it: PNG bytes, and the alternative text in the output's metadata."""

    png: bytes = field(repr=False)
    alt: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        image = base64.b64encode(self.png).decode("ascii")
        return {"image/png": image, "text/plain": self.alt}, {"image/png": {"alt": self.alt, "width": WIDTH}}


def pictured(drawing: Callable[..., tuple[Figure, str]]) -> Callable[..., Picture | floors.Said]:
    """A drawing in the style of the house, as a picture; a table without rows gives the reasons it has none."""

    @wraps(drawing)
    def picture(table: pd.DataFrame, *more: object) -> Picture | floors.Said:
        if table.empty:
            return floors.shown(table)
        with matplotlib.rc_context(STYLE), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # a box stands for it; the alternative text has it
            figure, alt = drawing(table, *more)
            held = io.BytesIO()
            figure.savefig(held, format="png", dpi=100 * SHARPNESS, facecolor="white", metadata={"Software": None})
        return Picture(held.getvalue(), alt)

    return picture


def captioned(figure: Figure, told: str) -> str:
    """Write below a figure what its marks are; what is written, for the alternative text."""
    figure.supxlabel(fill(told, CAPTION), fontsize=8, color="0.35", x=0.02, ha="left")
    return told


def canvas(rows: int, margin: int = 60) -> tuple[Figure, Axes]:
    """An empty figure as wide as a phone, with room for some rows of text and a margin in CSS pixels, and its axes."""
    figure = Figure(figsize=(WIDTH / 100, (margin + ROW * rows) / 100), layout="constrained")
    axes = figure.add_subplot()
    sns.despine(ax=axes, left=True)
    return figure, axes


@pictured
def frequencies(frequency: pd.DataFrame) -> tuple[Figure, str]:
    """Terms by how often they stand, most frequent on top; a line is the interval if the table has `low` and `high`.

    Parameters
    ----------
    frequency : `term`, `label`, `count`, `per_10k`, and `low`, `high` (per 10 000 words) if known; a row a term.
    """
    figure, axes = canvas(len(frequency), 90)
    places = np.arange(len(frequency))
    if "low" in frequency:
        axes.hlines(places, frequency.low, frequency.high, color=GREY, linewidth=2)
    axes.plot(frequency.per_10k, places, "o", color=BLUE, markersize=5)
    axes.set(ylim=(len(frequency) - 0.5, -0.5), xlabel="per 10 000 words")
    axes.set_xlim(0, 1.05 * axes.get_xlim()[1])
    axes.set_yticks(places, frequency.label.map(short) + "  " + frequency["count"].astype(str))
    axes.grid(axis="y", visible=False)
    told = listed(frequency.label + " " + frequency["count"].astype(str))
    marks = (
        ["A term is counted in the forms that the dictionary joins."] if frequency.attrs.get("unit") == "lemma" else []
    )
    marks += [f"Lines: 95 % intervals ({frequency.attrs['interval']})."] if "low" in frequency else []
    caption = captioned(figure, " ".join(marks))
    return figure, f"Terms by frequency, most frequent first, with occurrences: {told}. {caption}".strip()


@pictured
def trend(trend: pd.DataFrame) -> tuple[Figure, str]:
    """Share of the articles that hold the theme, with its 95 % interval; periods with too few articles are hollow.

    Parameters
    ----------
    trend : `period`, `since`, `articles`, `share`, `low`, `high`, `enough`, see `timeline.trend`; a row a period.
    """
    figure, axes = canvas(11, 90)
    read = trend[trend.articles > 0]
    for enough, colour in ((True, BLUE), (False, GREY)):
        rows = read[read.enough == enough]
        axes.vlines(rows.since, rows.low, rows.high, color=colour, linewidth=2, alpha=0.5)
        axes.plot(rows.since, rows.share, "o", color=colour, mfc=colour if enough else "white", clip_on=False)
    shown = np.unique(np.linspace(0, len(trend) - 1, 4).round().astype(int))
    axes.set_xticks(trend.since.iloc[shown], trend.period.iloc[shown].str.partition("/")[0])
    axes.set(ylim=(0, None), ylabel="articles with the theme")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(axis="x", visible=False)
    rows = zip(read.period, read.share, read.articles, strict=True)
    told = listed(f"{period} {share:.0%} of {articles}" for period, share, articles in rows)
    few, none = int((~read.enough).sum()), len(trend) - len(read)
    marks = [f"Hollow: {floors.counted(few, 'periods')} with too few articles."] if few else []
    marks += [f"Not drawn: {floors.counted(none, 'periods')} without an article."] if none else []
    caption = " ".join(["Lines: 95 % intervals.", *marks])
    return figure, f"Share of the articles that hold the theme: {told}. {captioned(figure, caption)}"


@pictured
def tones(groups: pd.DataFrame) -> tuple[Figure, str]:
    """Net tone of groups of articles with its 95 % interval; groups that miss a floor are hollow.

    Parameters
    ----------
    groups : `group`, `net`, `low`, `high`, `missed`, see `sentiment.by`; a row a group. `attrs["refusals"]`: why other
        groups are not there.
    """
    scored = groups[groups.net.notna()].reset_index(drop=True)
    height = max(len(scored), 1)
    figure, axes = canvas(height, 100)
    axes.axvline(0, color="0.5", linewidth=1)
    for thin, colour in ((False, BLUE), (True, GREY)):
        rows = scored[(scored.missed != "") == thin]
        axes.hlines(rows.index, rows.low, rows.high, color=colour, linewidth=2, alpha=0.6)
        axes.plot(rows.net, rows.index, "o", color=colour, mfc="white" if thin else colour, markersize=5)
    axes.set(xlim=(-1.05, 1.05), ylim=(height - 0.5, -0.5), xlabel="net tone: negative to positive")
    axes.set_xticks([-1, -0.5, 0, 0.5, 1])
    axes.set_yticks(scored.index, scored.group.map(short))
    axes.grid(axis="y", visible=False)
    drawn = zip(scored.group, scored.net, scored.missed, strict=True)
    told = listed(f"{group} {signed(net)}{' (thin)' if missed else ''}" for group, net, missed in drawn)
    hollow, none = int((scored.missed != "").sum()), len(groups) - len(scored)
    marks = [f"Hollow: {hollow} of {len(scored)}, on thin evidence."] if hollow else []
    marks += [f"Not drawn: {none} without a scored word."] if none else []
    marks += [f"Not shown. {refusal}." for refusal in groups.attrs.get("refusals", [])]
    caption = " ".join(["Lines: 95 % intervals.", *marks])
    return figure, f"Net tone of the theme by group: {told or 'none'}. {captioned(figure, caption)}"


def signed(value: float) -> str:
    """A tone with its sign; nought has none.

    >>> signed(0.104), signed(-0.5), signed(-0.001)
    ('+0.10', '-0.50', '0.00')
    """
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"


def short(term: str, size: int = 22) -> str:
    """A term, cut where it would take too much of a phone's width.

    >>> short("anticonstitutionnellement", 10)
    'anticonst…'
    """
    return term if len(term) <= size else term[: size - 1] + "…"


def listed(items: Iterable[str], most: int = 12) -> str:
    """Items in a row for an alternative text; the rest is counted.

    >>> listed("abc", 2)
    'a; b; and 1 more'
    """
    held = list(items)
    return "; ".join(held[:most] + ([f"and {len(held) - most} more"] if len(held) > most else []))
