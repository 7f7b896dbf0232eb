"""Table -> one figure with its alternative text: as wide as a phone, colour-blind safe, the same bytes on every run."""

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

WIDTH = 390  # CSS pixels: a phone held upright
SHARPNESS = 2  # pixels of the image per CSS pixel
SLICES = 40  # of a text in a dispersion plot: seven CSS pixels each
# Colours that the colour-blind tell apart (Okabe & Ito 2008, as in seaborn).
BLUE, ORANGE, GREEN, GREY = (sns.color_palette("colorblind")[i] for i in (0, 3, 2, 7))
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
        about = {"alt": self.alt, "width": WIDTH}
        return {"image/png": image, "text/plain": self.alt}, {"image/png": about}


def picture(drawn: Figure, alt: str) -> Picture:
    """The bytes of a drawn figure, without date or version, and what it shows in words."""
    held = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        drawn.savefig(held, format="png", dpi=100 * SHARPNESS, facecolor="white", metadata={"Software": None})
    return Picture(held.getvalue(), alt)


def canvas(height: float) -> tuple[Figure, matplotlib.axes.Axes]:
    """An empty figure of the width of a phone and a height in CSS pixels, and its axes."""
    figure = Figure(figsize=(WIDTH / 100, height / 100), layout="constrained")
    axes = figure.add_subplot()
    sns.despine(ax=axes, left=True)
    return figure, axes


@matplotlib.rc_context(STYLE)
def frequencies(frequency: pd.DataFrame) -> Picture:
    """Terms by how often they stand, most frequent on top; whiskers are the interval if the table has `low` and `high`.

    Parameters
    ----------
    frequency : `term`, `count`, `per_10k`, and `low`, `high` (per 10 000 words) if known; a row a bar.
    """
    figure, axes = canvas(60 + 20 * len(frequency))
    places = np.arange(len(frequency))
    if "low" in frequency:
        axes.hlines(places, frequency.low, frequency.high, color=GREY, linewidth=1.5)
    axes.plot(frequency.per_10k, places, "o", color=BLUE, markersize=5)
    axes.set(ylim=(len(frequency) - 0.5, -0.5), xlabel="per 10 000 words")
    axes.set_xlim(0, 1.08 * axes.get_xlim()[1])
    axes.set_yticks(places, frequency.term.map(short) + "  " + frequency["count"].astype(str))
    axes.grid(axis="y", visible=False)
    told = listed(frequency.term + " " + frequency["count"].astype(str))
    return picture(figure, f"Terms by frequency, most frequent first (occurrences): {told}.")


@matplotlib.rc_context(STYLE)
def dispersion(positions: pd.DataFrame) -> Picture:
    """Where terms stand between the first and the last word of their articles; the darker, the more often there.

    Parameters
    ----------
    positions : `term`, `place` (0 to 1), see `terms.positions`; a row a term, in the order they come.
    """
    places = {term: group.place for term, group in positions.groupby("term", sort=False)}
    figure, axes = canvas(60 + 20 * len(places))
    counts = np.array([np.histogram(place, SLICES, (0, 1))[0] for place in places.values()])
    shade = sns.light_palette(BLUE, as_cmap=True)
    sns.heatmap(counts / counts.max(axis=1, keepdims=True), ax=axes, cmap=shade, cbar=False, vmin=0)
    axes.hlines(range(1, len(places)), 0, SLICES, color="white", linewidth=4)
    axes.set_xticks([0, SLICES], ["first word", "last word"], rotation=0)
    for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
        label.set_horizontalalignment(side)
    axes.set_yticks(np.arange(len(places)) + 0.5, [short(term) for term in places], rotation=0)
    thirds = {term: np.histogram(place, 3, (0, 1))[0] for term, place in places.items()}
    told = listed(f"{term} {a}, {b}, {c}" for term, (a, b, c) in thirds.items())
    return picture(figure, f"Places of terms in the texts; occurrences in the first, middle and last third: {told}.")


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
