"""Table -> one figure with its alternative text: SVG drawn for a page and for a phone, the same bytes on every run."""

import io
import json
import math
import re
import unicodedata
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from bulle import floors, phrases, telling, wording
from bulle.narrative import UNSEEN, WHITE
from bulle.tables import FIGURE as MIME
from bulle.timeline import dated, opening

WIDTHS = {"wide": 640, "narrow": 358}  # CSS pixels: a column of the page, and a phone held upright without its margins
LETTERS, SMALL, HEAD = 13, 12.5, 16  # CSS pixels
LINE = 17  # CSS pixels from one line of text to the next
ROLES = {  # what a colour is for: on a page a variable, alone that of a light ground
    "bg": "#fffefa",
    "ink": "#1c1b19",
    "muted": "#5d5951",
    "rule": "#d9d4c7",
    "band": "#ecebe7",
    "s1": "#1c5c99",
    "s2": "#a33f14",
    "s3": "#2a6a47",
}
STYLE = {
    **sns.axes_style("whitegrid"),
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "bulle",
    "font.family": "DejaVu Sans",  # comes with matplotlib, and is wider than what browsers have: what fits fits there
    "font.size": LETTERS,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "text.color": ROLES["ink"],
    "xtick.color": ROLES["muted"],
    "ytick.color": ROLES["muted"],
    "axes.edgecolor": ROLES["rule"],
    "grid.color": ROLES["rule"],
    "grid.linewidth": 1,
    "text.parse_math": False,  # a dollar sign is money
}
SVG = "{http://www.w3.org/2000/svg}"
KEPT = {"x", "y", "d", "viewBox"}  # attributes of matplotlib's that say something
DRAWN = {"fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor"}
DEFAULT = {("stroke-linecap", "butt"), ("text-anchor", "start"), ("font-weight", "400")}
DECIMALS = re.compile(r"-?\d+\.\d+")
NONSENSE = re.compile(f"{UNSEEN.pattern}|[\ufffe\uffff\u2028\u2029]")  # no letters, or none that XML has
HEIGHT = re.compile(r'viewBox="0 0 \S+ (\S+)"')
OUTSIDE = re.compile(r' class="wide"| role="img"| aria-label="[^"]*"')  # what only a page needs
CLOSING = re.compile("\u00a0?[»”]?$")  # of a quotation that is cut
PERIOD = re.compile(r"\d{4}(-\d\d){0,2}(/\d{4}-\d\d-\d\d)?|\d{4}Q[1-4]")
MANY = 60  # points of a line that are drawn as such
FIVE = 5  # marks of a scale at most
TICKS = 12  # days on a scale of time at most

Drawing = Callable[[int], Figure]


@dataclass(frozen=True)
class Picture:
    """A figure as a notebook shows and keeps it: two drawings in SVG with its words and its data.

    `title`, `unit` and `caption` are plain text, or markup where they hold links; `alt` is plain. `wide` and `narrow`
    take the colours and the letters of the page that they stand in; alone, `svg` has its own. `data` are columns.
    """

    name: str
    title: str
    unit: str
    caption: str
    alt: str
    data: dict[str, list]
    wide: str = field(repr=False)
    narrow: str = field(repr=False)
    lead: bool = False

    @property
    def svg(self) -> str:
        """The wide drawing between its words, on a ground of its own."""
        width = WIDTHS["wide"]
        head = [(line, HEAD, "ink") for line in _broken(plain(self.title), width, HEAD, "bold")]
        head += [(line, SMALL, "muted") for line in _broken(plain(self.unit), width, SMALL)]
        foot = [(line, SMALL, "muted") for line in _broken(plain(self.caption), width, SMALL)]
        high, top = float(HEIGHT.search(self.wide)[1]), 12 + (LINE + 3) * len(head)
        drawing = OUTSIDE.sub("", self.wide).replace(
            "<svg", f'<svg x="16" y="{top}" width="{width}" height="{high:g}"', 1
        )
        for role, colour in ROLES.items():
            drawing = drawing.replace(f"var(--{role})", colour)
        words = [_words(line, 20 + (LINE + 3) * place) for place, line in enumerate(head)]
        words += [_words(line, top + high + 16 + LINE * place) for place, line in enumerate(foot)]
        size = f"{width + 32} {top + high + 20 + LINE * len(foot):g}"
        across, down = size.split()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{across}" height="{down}" role="img" '
            f'font-family="system-ui, DejaVu Sans, sans-serif"><title>{escape(self.alt)}</title>'
            f'<rect width="100%" height="100%" fill="{ROLES["bg"]}"/>{"".join(words)}{drawing}</svg>'
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        told = {name: str(escape(getattr(self, name))) for name in ("title", "unit", "caption")}
        held = {"name": self.name, **told, "alt": self.alt, "lead": self.lead, "data": self.data}
        held |= {"wide": self.wide, "narrow": self.narrow}
        return {"image/svg+xml": self.svg, "text/plain": self.alt, MIME: json.loads(json.dumps(held))}


def picture(drawing: Drawing, data: pd.DataFrame, **words: object) -> Picture:
    """A drawing of both widths in the style of the house, with its words."""
    drawn = {}
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the letters are those of the browser
        for kind, width in WIDTHS.items():
            drawn[kind] = _svg(drawing(width), kind, str(words["alt"]))
    return Picture(data=columns(data), **drawn, **words)


def columns(data: pd.DataFrame) -> dict[str, list]:
    """The columns of a table as lists of plain values, None for what is missing."""
    held = data.astype(object).where(data.notna(), None)
    return {str(name): [one.item() if isinstance(one, np.generic) else one for one in held[name]] for name in held}


def frequencies(frequency: pd.DataFrame) -> Picture | floors.Said:
    """Terms by how often they stand, most frequent on top; a line is the interval if the table has `low` and `high`.

    Parameters
    ----------
    frequency : `term`, `label`, `count`, `per_10k`, and `low`, `high` (per 10 000 words) if known; a row a term.
    """
    if frequency.empty:
        return floors.shown(frequency)
    say, rows = phrases(telling(), "figures"), frequency.assign(value=frequency.per_10k, shown="")
    counted_as = list(zip(rows.label, map(wording.number, rows["count"]), strict=True))
    told = listed(f"{seen(label)} {count}" for label, count in counted_as)
    rows["label"] = [f"{short(one)}  {count}" for one, count in counted_as]
    most = float((rows.high if "high" in rows else rows.per_10k).max())
    caption = [say["frequencies.lemma"]] if frequency.attrs.get("unit") == "lemma" else []
    if "low" in rows:
        caption.append(say["frequencies.interval"].format(how=say[f"how:{frequency.attrs['interval']}"]))
    return picture(
        partial(dots, rows, scale(0, most, wording.number)),
        frequency[["label", "count", "per_10k", *(["low", "high"] if "low" in rows else [])]],
        name="frequencies",
        title=say["frequencies"],
        unit=say["frequencies.unit"],
        caption=" ".join(caption),
        alt=say["frequencies.alt"].format(told=told),
    )


def trend(trend: pd.DataFrame) -> Picture | floors.Said:
    """Share of the articles that hold the theme, with its 95 % interval; periods with too few articles are hollow.

    Parameters
    ----------
    trend : `period`, `since`, `articles`, `share`, `low`, `high`, `enough`, see `timeline.trend`; a row a period.
    """
    if trend.empty:
        return floors.shown(trend)
    say, read = phrases(telling(), "figures"), trend[trend.articles > 0]
    few, none = int((~read.enough).sum()), len(trend) - len(read)
    caption = [counted("trend.articles", int(read.articles.sum()))]
    caption += [counted("trend.hollow", few)] if few else []
    caption += [counted("trend.none", none)] if none else []
    return picture(
        partial(line, trend, []),
        read[["period", "articles", "share", "low", "high"]],
        name="trend",
        title=say["trend"],
        unit=say[f"trend.unit:{opening(trend.period.iloc[0])[0]}"],
        caption=" ".join(caption),
        alt=say["trend.alt"].format(told=periods(read)),
    )


def periods(read: pd.DataFrame) -> str:
    """Some rows of a trend as words."""
    say = phrases(telling(), "figures")["of"]
    told = [
        {
            "name": period_name(row.period),
            "share": floors.percent(row.share),
            "of": row.articles,
        }
        for row in read.itertuples()
    ]
    return listed(wording.filled(say, one) for one in told)


def tones(groups: pd.DataFrame) -> Picture | floors.Said:
    """Net tone of groups of articles with its 95 % interval; groups that miss a floor are hollow.

    Parameters
    ----------
    groups : `group`, `net`, `low`, `high`, `missed`, see `sentiment.by`; a row a group. `attrs["refusals"]`: why other
        groups are not there.
    """
    scored = groups[groups.net.notna()].reset_index(drop=True)
    if scored.empty:
        return floors.shown(scored)
    say = phrases(telling(), "figures")
    thin, nets = scored.missed != "", scored.net.map(signed)
    named = [period_name(group) if PERIOD.fullmatch(group) else seen(group) for group in scored.group]
    notes = [say["tones.thin"] if few else "" for few in thin]
    told = listed(map("{} {}{}".format, named, nets, notes))
    caption = [counted("tones.hollow", int(thin.sum()))] if thin.any() else []
    caption += [counted("tones.none", len(groups) - len(scored))] if len(groups) > len(scored) else []
    refused = floors.said(groups.attrs["refusals"]).lstrip("- ") if groups.attrs.get("refusals") else ""
    rows = scored.assign(label=[short(name) for name in named], shown=nets, value=scored.net, hollow=thin)
    return picture(
        partial(dots, rows, scale(-1, 1, signed)),
        scored[["group", "net", "low", "high", "missed"]],
        name="tones",
        title=say["tones"],
        unit=say["tones.unit"],
        caption=" ".join([*caption, " ".join(refused.split())]).strip(),
        alt=say["tones.alt"].format(told=told),
    )


def groups(split: pd.DataFrame) -> Picture | None:
    """How the sentences of each source part into groups of contexts, as a stacked bar; None where groups are refused.

    Parameters
    ----------
    split : `group` (the source, "" for all), `kind` (the group; "none" last), `count`, `share`; see `groups.split`.
    """
    if split.empty:
        return None
    say = phrases(telling(), "figures")
    names = [wording.value_told(kind, telling(), "kind") for kind in split.kind]
    sources = split.group.map(seen).where(split.group != "", say["groups.all"])
    rows = split.assign(name=[seen(name) for name in names], source=sources)
    told = [
        say["groups.row"].format(
            name=source,
            told=", ".join(f"{name} {floors.percent(part)}" for name, part in zip(own.name, own.share, strict=True)),
        )
        for source, own in rows.groupby("source", sort=False)
    ]
    whole, drawn = (int(split["count"][part].sum()) for part in (split.group == "", split.group != ""))
    return picture(
        partial(bars, rows),
        split,
        name="groups",
        title=say["groups"],
        unit=say["groups.unit"],
        caption=counted("groups.sentences", whole) + (f" {say['groups.few']}" if drawn < whole else ""),
        alt=say["groups.alt"].format(told=listed(told)),
    )


def bars(rows: pd.DataFrame, width: int) -> Figure:
    """A bar for each source, of pieces for the groups, under the names of these; what is in none is grey, and last."""
    names, sources = rows.drop_duplicates("kind"), list(rows.groupby("source", sort=False))
    colours = [ROLES[f"s{1 + number % 3}"] for number in range(len(names))]
    colours = {**dict(zip(names.kind, colours, strict=True)), "none": ROLES["rule"]}
    top, high = LINE * len(names) + 10, 50
    figure, axes = canvas(width, top + high * len(sources), (2, 2, 0, 0))
    axes.set(xlim=(0, width - 4), ylim=(top + high * len(sources), 0))
    axes.axis("off")
    for place, (kind, name) in enumerate(zip(names.kind, names.name, strict=True)):
        down = LINE * place + 12
        axes.hlines(down - 4.5, 0, 12, color=colours[kind], linewidth=12)
        axes.text(18, down, fitted(name, width - 26))
    for place, (source, own) in enumerate(sources):
        down, left = top + high * place, 0.0
        axes.text(0, down + 14, fitted(source, width - 8), weight="bold")
        for row in own.itertuples():
            size = row.share * (width - 4)
            axes.hlines(down + 32, left, max(left + size - 2, left), color=colours[row.kind], linewidth=22)
            if measured(floors.percent(row.share), SMALL) + 6 < size:
                ground = ROLES["ink"] if row.kind == "none" else ROLES["bg"]
                axes.text(
                    left + size / 2, down + 36.5, floors.percent(row.share), ha="center", size=SMALL, color=ground
                )
            left += size
    return figure


def canvas(width: int, height: float, room: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    """An empty figure in CSS pixels and its axes, with room for words at its left, right, top and bottom."""
    left, right, top, bottom = room
    figure = Figure(figsize=(width / 72, height / 72))
    axes = figure.add_axes(
        (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height), facecolor="none"
    )
    sns.despine(ax=axes, left=True)
    return figure, axes


def scale(low: float, high: float, written: Callable[[float], str]) -> dict[float, str]:
    """Places of a scale, as they are written; it begins and ends with one."""
    locator = MaxNLocator(FIVE - 1, steps=[1, 2, 2.5, 5, 10], integer=written is wording.number)
    places = locator.tick_values(low, high)
    return {float(place): written(place) for place in places}


def dots(rows: pd.DataFrame, marks: dict[float, str], width: int) -> Figure:
    """A row for each value: a dot on its interval with the number above, a bar with the number behind if there is none.

    Parameters
    ----------
    rows : `label`, `value`, `shown` (the value as it is written), and `low`, `high`, `hollow` if known.
    marks : see `scale`.
    """
    sure, told = "low" in rows, (rows.shown != "").any()
    widest = max(map(measured, rows.label))
    beside = widest <= (0.42 if width < WIDTHS["wide"] else 0.46) * width
    high = (34 if sure and told else 24) + (0 if beside else 18)
    left, right = (widest + 36 if beside else 14), (30 if sure else 56)
    figure, axes = canvas(width, high * len(rows) + 34, (left, right, 4, 30))
    axes.set(xlim=(min(marks), max(marks)), ylim=(high * len(rows), 0), xlabel="", ylabel="")
    axes.set_xticks(list(marks), list(marks.values()))
    axes.set_yticks([])
    axes.grid(axis="y", visible=False)
    pixel = (max(marks) - min(marks)) / (width - left - right)
    places = high * np.arange(1, len(rows) + 1) - 11
    _marked(axes, rows, places)
    for row, place in zip(rows.itertuples(), places, strict=True):
        if beside:
            axes.text(min(marks) - 28 * pixel, place + 4.5, row.label, ha="right")
        else:
            above = place - (26 if sure and told else 14)
            axes.text(min(marks), above, fitted(row.label, width - left - 4))
        if sure and told:
            axes.text(row.value, place - 8, row.shown, ha="center", weight="bold", size=SMALL)
        elif told:
            axes.text(row.value + 6 * pixel, place + 4.5, row.shown, weight="bold", size=SMALL)
    return figure


def _marked(axes: Axes, rows: pd.DataFrame, places: np.ndarray) -> None:
    """The dots on their intervals, or the bars."""
    if "low" not in rows:
        axes.hlines(places, 0, rows.value, color=ROLES["s1"], linewidth=12)
        return
    axes.hlines(places, rows.low, rows.high, color=ROLES["s1"], linewidth=2.5)
    hollow = rows.hollow.to_numpy() if "hollow" in rows else np.zeros(len(rows), bool)
    own = {"edgecolor": ROLES["s1"], "linewidth": 1.5, "s": 64, "clip_on": False, "legend": False, "zorder": 3}
    for full, ground in ((~hollow, ROLES["s1"]), (hollow, ROLES["bg"])):
        if full.any():
            sns.scatterplot(x=rows.value[full], y=places[full], color=ground, ax=axes, **own)
    axes.set(xlabel="", ylabel="")


def line(shares: pd.DataFrame, named: list[tuple[int, str, str]], width: int) -> Figure:
    """Shares by period as a line with a band; what is named has a head and a line of words over its point.

    Parameters
    ----------
    shares : see `timeline.trend`.
    named : row of a period, its head, and more words; at most two.
    """
    notes, lines = _notes(shares, sorted(named), width)
    top = 12 + LINE * lines
    high = float(shares.high.max())
    marks = {place: text for place, text in scale(0, high, share).items() if place <= high}
    left = 12 + max(map(measured, marks.values()))
    right = 14
    figure, axes = canvas(width, 250 + top, (left, right, top, 30))
    margin = max(0.5, shares.since.max() / 40)
    axes.set(xlim=(-margin, shares.since.max() + margin), ylim=(0, high))
    axes.set_yticks(list(marks), list(marks.values()))
    axes.grid(axis="x", visible=False)
    _shares(axes, shares)
    across = axes.get_xlim()
    inside = width - left - right
    pixel = (across[1] - across[0]) / inside
    _days(axes, shares, inside, pixel)
    down = high / (250 - 30)  # of a pixel
    for row, x, head, words in notes:
        since, value = shares.since[row], shares.share[row]
        at, foot = across[0] + (x - left) * pixel, high + 12 * down
        axes.text(at, foot + LINE * len(words) * down, head, weight="bold")
        for number, one in enumerate(words, 1):
            axes.text(at, foot + LINE * (len(words) - number) * down, one, color=ROLES["muted"])
        axes.plot([since, since], [value, foot - 6 * down], color=ROLES["muted"], linewidth=1, clip_on=False)
        sns.scatterplot(x=[since], y=[value], s=64, color=ROLES["ink"], linewidth=0, ax=axes, legend=False, zorder=4)
    axes.set(xlabel="", ylabel="")
    return figure


def _shares(axes: Axes, shares: pd.DataFrame) -> None:
    """The line of the periods with enough articles, in pieces where one is missing, and the hollow points of others."""
    enough = shares[shares.enough]
    pieces = (enough.since.diff() != 1).cumsum()
    for _, piece in enough.groupby(pieces.to_numpy()):
        if len(piece) > 1:
            edge = [*piece.low, *piece.high[::-1]]
            axes.fill([*piece.since, *piece.since[::-1]], edge, color=ROLES["band"], linewidth=0)
            sns.lineplot(x=piece.since, y=piece.share, color=ROLES["ink"], linewidth=2, ax=axes, errorbar=None)
        else:
            axes.vlines(piece.since, piece.low, piece.high, color=ROLES["band"], linewidth=6)
    thin = shares[(shares.articles > 0) & ~shares.enough]
    axes.vlines(thin.since, thin.low, thin.high, color=ROLES["rule"], linewidth=1.5)
    own = {"edgecolor": ROLES["ink"], "linewidth": 1.5, "clip_on": False, "legend": False, "ax": axes, "zorder": 3}
    small = 25 if len(shares) <= MANY else 6
    shown = enough if len(shares) <= MANY else enough[pieces.map(pieces.value_counts()) == 1]
    sns.scatterplot(x=shown.since, y=shown.share, color=ROLES["ink"], s=small, **own)
    sns.scatterplot(x=thin.since, y=thin.share, color=ROLES["bg"], s=small, **own)


def _days(axes: Axes, shares: pd.DataFrame, inside: float, pixel: float) -> None:
    """The scale of time: months under days and weeks, else the periods; as many as do not meet."""
    unit = opening(shares.period.iloc[0])[0]
    days = [opening(period)[1] for period in shares.period]
    places = dict(zip(days, shares.since, strict=True))
    if unit in ("day", "week") and (days[-1] - days[0]).days > 62:
        months = pd.date_range(days[0], days[-1], freq=f"{1 + (days[-1] - days[0]).days // 12000}MS")
        length = {"day": 1, "week": 7}[unit]
        places = {month.date(): (month.date() - days[0]).days / length for month in months}
        unit = "month"
    for most in range(TICKS, 0, -1):
        shown = list(places)[:: math.ceil(len(places) / most)]
        texts = [_dated(day, shown[number - 1] if number else None, unit) for number, day in enumerate(shown)]
        sizes = [measured(text, SMALL) / 2 for text in texts]
        centres = [(places[day] - axes.get_xlim()[0]) / pixel for day in shown]
        edges = [(min(max(at, size), inside - size), size) for at, size in zip(centres, sizes, strict=True)]
        if all(b[0] - b[1] - a[0] - a[1] > 14 for a, b in pairwise(edges)):
            break
    axes.set_xticks([at * pixel + axes.get_xlim()[0] for at, _ in edges], texts)


def _dated(day: object, before: object, unit: str) -> str:
    """The first day of a period on a scale; its year where it is not that of the one before."""
    say = phrases(telling(), "figures")
    form = say[f"tick:{unit}:{'same' if before and before.year == day.year else 'new'}"]
    return wording.day(day.isoformat(), telling(), form)


def _notes(shares: pd.DataFrame, named: list[tuple[int, str, str]], width: int) -> tuple[list, int]:
    """Where the words over a line stand so that none meet: row, left edge, head, lines; and how many lines all have."""
    if not named:
        return [], 0
    gap, edges, left = 20, (8, width - 8), 60
    room = min(260, (edges[1] - edges[0] - gap) / max(len(named), 1) if len(named) > 1 else 260)
    most = 2 if width == WIDTHS["wide"] else 3
    made, taken = [], edges[0]
    for number, (row, head, words) in enumerate(named):
        point = left + (width - left) * (shares.since[row] + 0.5) / (shares.since.max() + 1)
        rest = (len(named) - number) * (room + gap) - gap
        at = min(max(point - room / 2, taken), edges[1] - rest)
        taken = at + room + gap
        made.append((row, at, *_lines(head, words, room, most)))
    return made, max(1 + len(words) for *_, words in made)


def _lines(head: str, words: str, room: float, most: int) -> tuple[str, list[str]]:
    """A head and at most so many lines of words, cut to their room."""
    broken = _broken(words, room)
    kept = [fitted(line, room) for line in broken[:most]]
    if len(broken) > most:
        closing = CLOSING.search(words)[0]
        while " " in kept[-1] and measured(f"{kept[-1]}…{closing}") > room:  # no word is cut where one can go
            kept[-1] = kept[-1].rpartition(" ")[0]
        kept[-1] = fitted(kept[-1] + "…", room - measured(closing)) + closing
    return fitted(head, room, LETTERS, "bold"), kept


def _broken(words: str, room: float, size: float = LETTERS, weight: str = "normal") -> list[str]:
    """Words as lines no wider than their room, where they have spaces."""
    lines = [""]
    for word in WHITE.split(words.strip()):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measured(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line for line in lines if line]


def fitted(text: str, room: float, size: float = LETTERS, weight: str = "normal") -> str:
    """A text, cut where it is wider than its room."""
    body = text[: max(0, int(room))]  # no letter that is seen is narrower than a pixel
    if body == text and measured(text, size, weight) <= room:
        return text
    body = body.rstrip("…")
    ends = range(len(body) + 1)
    fit = bisect_right(ends, room, key=lambda end: measured(body[:end].rstrip() + "…", size, weight))
    return body[: max(0, fit - 1)].rstrip() + "…"


@lru_cache(1 << 12)  # labels are measured for both widths, those of a value again for the next
def measured(text: str, size: float = LETTERS, weight: str = "normal") -> float:
    """How wide a text is in CSS pixels, in the widest of the letters that a browser may have."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        face = FontProperties(family="DejaVu Sans", size=size, weight=weight)
        own, _, _ = text_to_path.get_text_width_height_descent(text, face, ismath=False)
    full = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return own + 0.4 * size * full


def _svg(figure: Figure, kind: str, alt: str) -> str:
    """The figure as SVG for a page: colours are variables, no style, no name of another element, two decimals."""
    held = io.StringIO()
    figure.savefig(held, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    root = ElementTree.fromstring(held.getvalue())
    size = {path.get("id"): path.get("d").split()[2] for path in root.iter(f"{SVG}path") if path.get("id")}
    whole = ElementTree.Element("svg", {"class": kind, "viewBox": root.get("viewBox"), "role": "img"})
    whole.set("aria-label", alt)
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        if name == "use":
            radius = size[element.get("{http://www.w3.org/1999/xlink}href")[1:]]
            about = {"cx": element.get("x"), "cy": element.get("y"), "r": radius}
            ElementTree.SubElement(whole, "circle", _attributes(element, about))
        elif name == "text" or (name == "path" and not element.get("id") and element.get("style") != "fill: none"):
            about = {key: " ".join(value.split()) for key, value in element.items() if key in KEPT}
            ElementTree.SubElement(whole, name, _attributes(element, about)).text = element.text
    return ElementTree.tostring(whole, encoding="unicode")


def _attributes(element: ElementTree.Element, about: dict[str, str]) -> dict[str, str]:
    """What an element of matplotlib's says, as attributes; its style, too: a page allows no style on an element."""
    style = dict(one.strip().split(": ", 1) for one in element.get("style", "").split(";") if ": " in one)
    named = {colour: f"var(--{role})" for role, colour in ROLES.items()}
    drawn = {key: named.get(value, value).removesuffix("px") for key, value in style.items() if key in DRAWN}
    about = {key: DECIMALS.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), about[key]) for key in about}
    return about | {key: value for key, value in drawn.items() if (key, value) not in DEFAULT}


def _words(line: tuple[str, float, str], down: float) -> str:
    """A line of words of a drawing that stands alone."""
    words, size, role = line
    weight = ' font-weight="700"' if size == HEAD else ""
    return f'<text x="16" y="{down:g}" font-size="{size:g}"{weight} fill="{ROLES[role]}">{escape(words)}</text>'


def plain(words: str) -> str:
    """Words without their markup."""
    return Markup(re.sub(r"<[^>]*>", "", words)).unescape() if isinstance(words, Markup) else words


def counted(name: str, count: int) -> str:
    """A sentence on a count, in the form that agrees with it."""
    return wording.agreed(count, phrases(telling(), "figures")[name]).format(n=wording.number(count))


def share(value: float) -> str:
    """A share on a scale, in percent.

    >>> share(0.25), share(0.0)
    ('25%', '0%')
    """
    return wording.rounded(value, "level", telling())


def signed(value: float) -> str:
    """A tone with its sign; nought has none.

    >>> signed(0.104), signed(-0.5), signed(-0.001)
    ('+0.10', '−0.50', '0.00')
    """
    return wording.rounded(value, "tone", telling())


def period_name(period: str) -> str:
    """A period as the language writes it.

    >>> period_name("2018-12-03/2018-12-09"), period_name("2025Q4")
    ('Dec 3, 2018', 'Q4 2025')
    """
    return dated(period, telling(), "figures")[1]


def seen(text: str) -> str:
    """A text of others' as it can stand in a drawing: in one line, without what would act or is no letter.

    >>> seen("a\\n b\\u202e")
    'a b\\ufffd'
    """
    return NONSENSE.sub("\ufffd", WHITE.sub(" ", text).strip()) or "\ufffd"


def short(term: str, size: int = 26) -> str:
    """A term, cut where it would take too much of a phone's width.

    >>> short("anticonstitutionnellement", 10)
    'anticonst…'
    """
    term = seen(term)
    return term if len(term) <= size else term[: size - 1] + "…"


def listed(items: Iterable[str], most: int = 12) -> str:
    """Items in a row for an alternative text; the rest is counted.

    >>> listed("abc", 2)
    'a; b; and 1 more'
    """
    held = list(items)
    return wording.pieces(held[:most] + ([counted("more", len(held) - most)] if len(held) > most else []))
