"""What the pages of a run show of its texts: the articles that hold the theme, what was read in them, and its places.

It is asked of the study that the notebooks left in their kernel, and handed over as plain values.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from bulle import collocations, tables
from bulle.draw import lot
from bulle.findings import Finding
from bulle.studies import Study, study

PAGES = 500  # articles that have a page
ROWS = 5_000  # places of the theme in the concordance
LONGEST = 50_000  # characters of an article on its page: some 8 000 words
WIDTH = 50  # characters on each side of a place in the concordance
SLUG = re.compile(r"[^a-z0-9]+")
LINE = re.compile(r"[^\r\n]+")
RESERVED = [*"con prn aux nul".split(), *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))]  # of Windows
READING = ("corpus", "theme", "language", "columns", "unreadable", "sample", "lexicon", "period")  # as `study` has them


@dataclass(frozen=True)
class Held:
    """What the pages show.

    `theme` : as it was asked for. `found` : articles that hold it; `studied` : those of them whose places are known
    here. `total` : its places in these. `places` : them, in text order, drawn at random above `ROWS`.
    `articles` : those that have a page, in text order: `name` (of the page), `article`, `source`, `date` ("" if
    unknown), `title`, `link` (on the web, ""), `language`, `length` (characters) and `places` of the whole,
    `start` (of what is shown, `text`, at most `LONGEST` characters), `aside` (lines that were not analysed: start,
    end), `marks` (start, end, kind, what is known of it).
    """

    theme: str = ""
    found: int = 0
    studied: int = 0
    total: int = 0
    places: list[dict] = field(default_factory=list)
    articles: list[dict] = field(default_factory=list)

    @cached_property
    def _marked(self) -> dict[str, tuple[str, list[int]]]:
        return {one["article"]: (one["name"], sorted({mark[0] for mark in one["marks"]})) for one in self.articles}

    @cached_property
    def _rows(self) -> dict[tuple[str, int], dict]:
        whole = len(self.places) == self.total
        return {(row["article"], row["start"]): row for row in self.places} if whole else {}

    @cached_property
    def _counts(self) -> Counter:
        return Counter((kind, row[kind]) for row in self._rows.values() for kind in ("source", "voice"))

    def listed(self, name: str, finding: Finding) -> str | None:
        """The concordance, filtered by a voice or a source where that lists the very places that a finding rests on;
        None where it does not list them, or others too."""
        rows = [self._rows.get((span.article, span.start)) for span in finding.spans]
        if not rows or None in rows:
            return None
        kind, wanted = ("voice", name.split(".")[1]) if name.startswith("voice.") else ("source", finding.about)
        own = wanted and all(row[kind] == wanted for row in rows)
        if own and self._counts[kind, wanted] == finding.spans_total:
            return f"concordance.html#{kind}={quote(wanted, safe='')}"
        return "concordance.html" if len(self._rows) == finding.spans_total else None

    def address(self, article: str, start: int, end: int | None = None) -> str | None:
        """Where a place of an article is shown, from the folder of the run on; None for an article without a page.

        That is the first mark that begins in it or, where none does, the page.

        >>> known = Held(articles=[{"article": "a:1", "name": "a-1", "marks": [(7, 12, "theme", {})]}])
        >>> known.address("a:1", 0, 20), known.address("a:1", 9), known.address("b", 0)
        ('articles/a-1.html#m7', 'articles/a-1.html', None)
        """
        if article not in self._marked:
            return None
        name, starts = self._marked[article]
        at = bisect_left(starts, start)
        there = at < len(starts) and starts[at] < (start + 1 if end is None else end)
        return f"articles/{name}.html#m{starts[at]}" if there else f"articles/{name}.html"


def held(parameters: dict, cited: list[str], folder: str) -> dict:
    """The fields of a `Held`, from the study that was kept; `cited` are articles that shall have a page before others.

    The `parameters` are those of the notebook of the account. In the `folder` of the run the tables are left that these
    pages show a part of: `concordance`, every place, and `articles`, every article that holds one.
    """
    given = {("path" if name == "corpus" else name): parameters[name] for name in READING}
    own = study(**given)
    rows = places(own)
    shown = told(own, cited, rows)
    if shown["total"]:
        tables.write(rows, Path(folder, "tables", "concordance"))
        tables.write(_listed(own, shown["articles"]), Path(folder, "tables", "articles"))
    return shown


def _listed(study: Study, paged: list[dict]) -> pd.DataFrame:
    """A row for each article with a place of the theme: `article`, `source`, `date`, `title`, `language`, `link`,
    `places`, and `page`, the address of its page ("" without one)."""
    made = study.holding[study.holding.article.isin(study.matches.article)][["article"]].reset_index(drop=True)
    about = study.read.holding.set_index("article").loc[made.article].reset_index(drop=True)
    for name in ("source", "date", "title", "language", "link"):
        made[name] = about[name]
    named = {one["article"]: f"articles/{one['name']}.html" for one in paged}
    counts = study.matches.article.value_counts()
    return made.assign(
        date=made.date.map(_day), places=made.article.map(counts), page=made.article.map(named).fillna("")
    )


def told(study: Study, cited: list[str], rows: pd.DataFrame) -> dict:
    """The same of a study, and of its places."""
    chosen = _chosen(study, cited)
    marks = dict(_marks(study, set(chosen)))
    named = names(chosen)
    counts = study.matches.article.value_counts()
    return {
        "theme": study.theme,
        "found": study.read.found,
        "studied": len(counts),
        "total": len(study.matches),
        "places": _drawn(rows, ROWS).to_dict("records"),
        "articles": [
            {"name": named[row.article], "places": int(counts[row.article])} | _article(row, body, marks[row.article])
            for row, body in zip(study.read.holding.itertuples(), study.holding.text, strict=True)
            if row.article in named
        ],
    }


def _chosen(study: Study, cited: list[str]) -> list[str]:
    """Names of the articles that have a page, in text order: those that are cited, then others drawn by lot."""
    held = study.read.holding
    own = held[held.article.isin(study.matches.article)]
    first = {article: number for number, article in enumerate(cited)}
    lots = {row.article: (first.get(row.article, len(first)), lot(row.article, row.text)) for row in own.itertuples()}
    kept = set(sorted(lots, key=lots.get)[:PAGES])
    return [article for article in own.article if article in kept]


def names(articles: list[str]) -> dict[str, str]:
    """A name for the page of each article: plain letters, digits and hyphens, which any system takes, each once.

    >>> names(["Le Monde:1", "le-monde/1", "../../index", "<b>"])
    {'Le Monde:1': 'le-monde-1', 'le-monde/1': 'le-monde-1-2', '../../index': 'index-2', '<b>': 'b'}
    """
    taken, found = {"index": 1} | dict.fromkeys(RESERVED, 1), {}
    for article in articles:
        plain = SLUG.sub("-", article.lower()).strip("-")[:40].strip("-") or "article"
        name = plain
        while name in taken:
            taken[plain] = taken.get(plain, 1) + 1
            name = f"{plain}-{taken[plain]}"
        taken[name], found[article] = 1, name
    return found


def _article(row: pd.Series, body: str, marks: list[tuple]) -> dict:
    """What a page shows of an article, cut around its first place of the theme where it is too long."""
    first = min(start for start, _, kind, _ in marks if kind == "theme")
    start = max(0, min(first - LONGEST // 2, len(row.text) - LONGEST))
    if start and (line := row.text.find("\n", start, first)) >= 0:
        start = line + 1
    end = start + LONGEST
    return {
        "article": row.article,
        "source": row.source,
        "date": _day(row.date),
        "title": " ".join(row.title.split()),
        "link": row.link,
        "language": row.language,
        "length": len(row.text),
        "start": start,
        "text": row.text[start:end],
        "aside": [(a, b) for a, b in _lines(row.text, start, end) if row.text[a:b].strip() and not body[a:b].strip()],
        "marks": [mark for mark in marks if start <= mark[0] and mark[1] <= end],
    }


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in LINE.finditer(text, start, end):
        yield line.span()


def _day(date: pd.Timestamp) -> str:
    return "" if pd.isna(date) else f"{date:%Y-%m-%d}"


def _marks(study: Study, chosen: set[str]) -> Iterator[tuple[str, list[tuple]]]:
    """The marks of each of some articles, in order."""
    found = {article: [] for article in chosen}
    for row in _rows(study.matches, chosen):
        found[row.article].append((row.start, row.end, "theme", {}))
    for row in _rows(study.evidence, chosen):
        if row.value:
            about = {"entry": row.entry, "weight": row.weight, "factor": row.factor, "value": row.value, "why": row.why}
            found[row.article].append((row.start, row.end, "positive" if row.value > 0 else "negative", about))
    for row in _rows(study.quotes, chosen):
        if row.kind != "term":  # words held at a distance; nobody is quoted
            found[row.article].append((row.start, row.end, "quote", {"voice": row.voice, "name": row.name}))
    for row in _rows(study.amounts, chosen):
        found[row.article].append((row.start, row.end, "amount", {"kind": row.kind}))
    for row in _rows(study.mentions, chosen):
        found[row.article].append((row.start, row.end, "actor", {"type": row.type, "name": row.actor}))
    for article, marks in found.items():
        yield article, sorted(marks, key=lambda mark: (mark[0], -mark[1]))


def _rows(table: pd.DataFrame, chosen: set[str]) -> Iterator[tuple]:
    return table[table.article.isin(chosen)].itertuples()


def _drawn(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Rows in their order, drawn at random where they are too many."""
    return rows.sample(most, random_state=1).sort_index() if len(rows) > most else rows


def places(study: Study) -> pd.DataFrame:
    """The places of the theme between the words around them, as many as a file holds."""
    table = collocations.concordance(study.holding, _drawn(study.matches, tables.MOST), width=WIDTH)
    voices = study.voices[["article", "start", "voice", "name"]]
    table = table.merge(voices, "left", on=["article", "start"]).fillna({"voice": "", "name": ""})
    about = study.about.loc[table.article, ["source", "date", "title", "language"]].reset_index(drop=True)
    rows = pd.concat([table, about], axis=1)
    texts = study.holding.set_index("article").text
    rows["left"] = [f"{row.left}{_gap(texts[row.article], row.start - 1)}" for row in rows.itertuples()]
    rows["right"] = [f"{_gap(texts[row.article], row.end)}{row.right}" for row in rows.itertuples()]
    rows["date"], rows["title"] = rows.date.map(_day), [" ".join(title.split()) for title in rows.title]
    return rows


def _gap(text: str, place: int) -> str:
    """The space that stands between a mention and the word beside it, if one does."""
    return " " if text[max(0, place) : place + 1].isspace() else ""
