"""Passages with their theme and scored words marked in two colours and two line styles, with weight and reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from bulle import telling
from bulle.wording import day, said, value_told

STYLE = {  # on the element: a notebook has no style sheet; the page sets the first variable, JupyterLab the second
    "pos": "text-decoration:underline solid 2px",
    "neg": "text-decoration:underline wavy 1.5px",
    "theme": "font-weight:bold",
    "context": "color:var(--muted,var(--jp-content-font-color2,#595959))",
}
GAP = 10  # characters between two sentences, at most, where nothing was set aside: line breaks, spaces


@dataclass(frozen=True)
class Passages:
    """Passages as a notebook shows them: HTML, or the plain text."""

    html: str = field(repr=False)
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def passages(held: pd.DataFrame, evidence: pd.DataFrame, top: int = 20) -> Passages:
    """The first passages in full; sentences of context are grey and bear no marks.

    Parameters
    ----------
    held : passages (see `passages.passages`), with `title`, `source`, `date` if known (see `tables.titled`).
    evidence : their scored words (see `sentiment.evidence`).
    top : passages shown; the others are counted in a last line.
    """
    if not len(held):
        none = said("show.none")
        return Passages(f"<p>{escape(none)}</p>", none)
    groups = list(held.groupby("passage", sort=False))
    shown = [_passage(rows, evidence) for _, rows in groups[:top]]
    rest = len(groups) - top
    left = said("show.left", rest=rest) if rest > 0 else ""
    texts = ["".join(_apart(rows, rows.text)) for _, rows in groups[:top]]
    return Passages("\n".join([*shown, f"<p>{left}</p>" if left else ""]), "\n\n".join([*texts, left]).strip())


def _passage(rows: pd.DataFrame, evidence: pd.DataFrame) -> str:
    ends = {"start": str(rows.start.iloc[0]), "end": str(rows.end.iloc[-1])}
    about = rows.iloc[0]
    known = [about.title, about.source] if "title" in rows else [about.article]
    if "date" in rows and isinstance(about.date, str):
        known.append(day(about.date, telling()))
    where = said("show.where", article=", ".join(filter(None, known)), **ends)
    shown = [
        sentence(row, evidence[(evidence.article == row.article) & (evidence.start.between(row.start, row.end))])
        if row.match
        else Markup('<span class="context" style="{}">{}</span>').format(STYLE["context"], row.text)
        for row in rows.itertuples()
    ]
    block = '<div class="passage mathjax_ignore"><p class="where">{}</p><p>{}</p></div>'  # a dollar sign is money
    return Markup(block).format(where, Markup("").join(_apart(rows, shown)))


def _apart(rows: pd.DataFrame, said: Iterable[str]) -> list[str]:
    """Each sentence of a passage behind a space, or behind an ellipsis where something before it was set aside."""
    signs = np.where(rows.start - rows.end.shift() > GAP, " […] ", " ")
    return [sign + one if number else one for number, (sign, one) in enumerate(zip(signs, said, strict=True))]


def sentence(row: pd.Series, evidence: pd.DataFrame, places: Iterable[tuple[int, int]] = ()) -> Markup:
    """One sentence with its scored words marked, and places of the theme if they are given; a mark's title gives the
    weight, the factor and the reason."""
    marks = [
        (word.start - row.start, word.end - row.start, "pos" if word.value > 0 else "neg", _reason(word))
        for word in evidence.itertuples()
        if word.value
    ]
    marks += [(start - row.start, end - row.start, "theme", "") for start, end in places]
    return text(row.text, marks)


def _reason(word: pd.Series) -> str:
    told = {"entry": word.entry, "weight": word.weight, "factor": word.factor, "value": word.value}
    if word.why:
        return said("show.counts.why", why=value_told(word.why, telling(), "why"), **told)
    return said("show.counts", **told)


def text(whole: str, marks: Iterable[tuple[int, int, str, str]]) -> Markup:
    """A text with stretches marked, each (start, end, class, title); one that overlaps an earlier one is left out."""
    parts, place = [], 0
    for start, end, kind, title in sorted(marks):
        if start < place:
            continue
        reason = Markup(' title="{}"').format(title) if title else ""
        mark = Markup('<em class="{}" style="{}"{}>{}</em>').format(kind, STYLE[kind], reason, whole[start:end])
        parts += [escape(whole[place:start]), mark]
        place = end
    return Markup("").join([*parts, escape(whole[place:])])
