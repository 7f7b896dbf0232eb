"""Tables -> findings: named numbers, each with its unit, base, method and the characters that it rests on."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

import pandas as pd
from scipy.stats import binomtest

from analysis import passages, sentiment, terms, words
from analysis.floors import Refusal

SCHEMA = 1  # of findings.json; raised when a field changes its meaning
BOUND = 50  # spans kept with one finding; `spans_total` says how many there are
SHOWN = 5  # theme sentences that the narrative quotes
PACKAGES = ("bulle", "nltk", "pandas", "polars", "scipy", "simplemma")  # a number may change with these


@dataclass(frozen=True)
class Span:
    """Characters of an article: half-open offsets into its text as read, and the text found there."""

    article: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Finding:
    """A named number or label, or the typed outcome that stands in its place.

    `outcome` is "value", "insufficient evidence" or "refused"; then `refusals` says which floors were missed. `value`
    has the `unit`, and counts within `base`. `formula` and `function` say how it was made, `interval` (at `level`, by
    `method`) how sure it is. `spans` are the characters it rests on, the first fifty of `spans_total`.
    """

    name: str
    value: float | str | None
    unit: str
    base: str
    formula: str
    function: str
    spans: tuple[Span, ...] = ()
    spans_total: int = 0
    interval: tuple[float, float] | None = None
    level: float = 0.95
    method: str = ""
    outcome: str = "value"
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """All findings of a run, with the texts, parameters and package versions they come from."""

    findings: dict[str, Finding]
    texts: tuple[dict, ...]
    parameters: dict[str, object]
    versions: dict[str, str] = field(default_factory=lambda: {name: version(name) for name in PACKAGES})

    def __getitem__(self, name: str) -> Finding:
        return self.findings[name]

    def __contains__(self, name: str) -> bool:
        return name in self.findings

    def json(self) -> str:
        """The ledger as JSON text: `schema`, `parameters`, `versions`, `texts`, `findings`."""
        rows = [asdict(finding) for finding in self.findings.values()]
        whole = {
            "schema": SCHEMA,
            "parameters": self.parameters,
            "versions": self.versions,
            "texts": self.texts,
            "findings": rows,
        }
        return json.dumps(whole, ensure_ascii=False, indent=1)


def ledger(articles: pd.DataFrame, parameters: dict[str, object]) -> Ledger:
    """Every finding about some articles and a theme.

    Parameters
    ----------
    articles : `article`, `source`, `date`, `title`, `language`, `text`; what is not body is blank (`corpus.body`).
    parameters : `theme`, `context`, `top`, and whatever else should stand on record.
    """
    held = passages.passages(articles, parameters["theme"], parameters["context"])
    cut = words.sentences(articles)
    hits = held[held.match != ""].reset_index(drop=True)
    made = [
        *_read(articles, cut),
        *_terms(articles, parameters["top"]),
        *_theme(hits, cut),
        *_tone(hits, cut, articles),
    ]
    return Ledger({finding.name: finding for finding in made}, tuple(_texts(articles)), parameters)


def _texts(articles: pd.DataFrame) -> Iterator[dict]:
    """What identifies each text: its metadata, its length in characters and the sha256 of its UTF-8 bytes."""
    for row in articles.itertuples():
        yield {
            "article": row.article,
            "source": row.source,
            "date": "" if pd.isna(row.date) else row.date.date().isoformat(),
            "title": row.title,
            "language": row.language,
            "characters": len(row.text),
            "sha256": hashlib.sha256(row.text.encode()).hexdigest(),
        }
