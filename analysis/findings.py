"""Tables -> findings: named numbers, each with its unit, base, method and the characters that it rests on."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

import pandas as pd
from jinja2 import Environment, PackageLoader
from scipy.stats import binomtest

from analysis import LANGUAGES, corpus, floors, passages, sentiment, terms, words
from analysis.floors import Refusal

SCHEMA = 1  # of findings.json; raised when a field changes its meaning
BOUND = 50  # spans kept with one finding; `spans_total` says how many there are
SHOWN = 5  # theme sentences that the narrative quotes
NAMED = 5  # words that the narrative names as the most frequent
AROUND = 60  # characters shown on each side of a span
PACKAGES = ("bulle", "nltk", "pandas", "polars", "scipy", "simplemma")  # a number may change with these


@dataclass(frozen=True)
class Span:
    """Characters of an article: half-open offsets into its text as read, the text found there, and what
    stands around it."""

    article: str
    start: int
    end: int
    text: str
    before: str
    after: str


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
    versions: dict[str, str] = field(default_factory=lambda: versions())

    def __getitem__(self, name: str) -> Finding:
        return self.findings[name]

    def __contains__(self, name: str) -> bool:
        return name in self.findings

    def group(self, unit: str) -> list[str]:
        """Names of the findings of one kind, which is their unit: one per term, one per quoted passage."""
        return [name for name, finding in self.findings.items() if finding.unit == unit]

    def refused(self) -> list[str]:
        """Names of the findings in whose place a refusal stands."""
        return [name for name, finding in self.findings.items() if finding.refusals]

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

    def _repr_html_(self) -> str:
        environment = Environment(loader=PackageLoader("analysis"), autoescape=True)
        return environment.get_template("ledger.html.j2").render(ledger=self, anchor=anchor)

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {f.outcome if f.value is None else f.value}" for name, f in self.findings.items())


def anchor(name: str) -> str:
    """Name of a finding as the id of its place on the page; different names have different ids.

    >>> anchor("tone.net"), anchor("passage.le monde/1.3")
    ('f-tone.net', 'f-passage.le~20~monde~2f~1.3')
    """
    return "f-" + re.sub(r"[^\w.-]", lambda sign: f"~{ord(sign[0]):x}~", name)


def versions() -> dict[str, str]:
    """Versions of the packages that a number may depend on."""
    return {name: version(name) for name in PACKAGES}


def loaded(content: dict) -> Ledger:
    """The ledger that a `findings.json` holds."""
    found = {}
    for row in content["findings"]:
        spans = tuple(Span(**span) for span in row["spans"])
        refusals = tuple(Refusal(**refusal) for refusal in row["refusals"])
        found[row["name"]] = Finding(**row | {"spans": spans, "refusals": refusals})
    return Ledger(found, tuple(content["texts"]), content["parameters"], content["versions"])


def ledger(articles: pd.DataFrame, parameters: dict[str, object]) -> Ledger:
    """Every finding about some articles and a theme.

    Parameters
    ----------
    articles : as `corpus.read` gives them.
    parameters : `theme`, `context`, `top`, and whatever else should stand on record.
    """
    study = Study(articles, parameters["theme"])
    made = [*_read(study), *_terms(study), *_theme(study), *_tone(study), *_refused(study)]
    return Ledger({finding.name: finding for finding in made}, tuple(_texts(articles)), parameters)


class Study:
    """The tables that the findings are read off: sentences, those that hold the theme, scored words, scores."""

    def __init__(self, articles: pd.DataFrame, theme: str):
        self.articles, self.theme = articles, theme
        self.body = corpus.body(articles)
        self.text = dict(zip(articles.article, articles.text, strict=True))
        self.sentences = words.sentences(self.body)
        self.matches = passages.matches(self.body, theme)
        held = passages.passages(self.body, theme, context=0)
        self.hits = held.drop(columns="passage").reset_index(drop=True)
        self.rest = passages.others(self.sentences, self.hits)
        self.evidence, self.scores = self.scored(self.hits)

    def scored(self, sentences: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Scored words and scores of some sentences, each in the language of its article."""
        spoken = sentences.article.map(dict(zip(self.articles.article, self.articles.language, strict=True)))
        parts = [(language, rows) for language, rows in sentences.groupby(spoken, sort=False)]
        parts = parts or [(LANGUAGES[0], sentences)]  # no sentence: empty tables with their columns
        evidence = [sentiment.evidence(rows, language) for language, rows in parts]
        scores = [
            sentiment.scores(rows, found, language) for (language, rows), found in zip(parts, evidence, strict=True)
        ]
        return pd.concat(evidence, ignore_index=True), pd.concat(scores, ignore_index=True)

    def spans(self, places: pd.DataFrame) -> dict[str, object]:
        """The first of some places (`article`, `start`, `end`) as the spans of a finding, and how many there are."""
        kept = places.head(BOUND)[["article", "start", "end"]].itertuples(index=False)
        return {"spans": tuple(self.span(*place) for place in kept), "spans_total": len(places)}

    def span(self, article: str, start: int, end: int) -> Span:
        """One place with its text and what stands around it."""
        text, start, end = self.text[article], int(start), int(end)
        return Span(
            article, start, end, text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND]
        )


def _read(study: Study) -> Iterator[Finding]:
    """What was read: articles, sources, dates, words, sentences."""
    articles, made = study.articles, "analysis.corpus.read"
    yield Finding("read.articles", len(articles), "articles", "the corpus", "number of texts", made)
    sources = sorted(set(articles.source) - {""})
    if len(sources) == 1:
        yield Finding("read.source", sources[0], "name", "the corpus", "the one source named", made)
    elif sources:
        yield Finding("read.sources", len(sources), "sources", "the corpus", "number of different sources named", made)
    dates = articles.date.dropna()
    if len(dates):
        yield Finding(
            "read.first", dates.min().date().isoformat(), "date", f"{len(dates)} dated articles", "earliest date", made
        )
    if len(dates) and dates.min() < dates.max():
        yield Finding(
            "read.last", dates.max().date().isoformat(), "date", f"{len(dates)} dated articles", "latest date", made
        )
    if len(articles) == 1 and articles.title.iloc[0]:
        yield Finding("read.title", articles.title.iloc[0], "name", "the article", "its title", made)
    total = int(words.counts(study.body)["count"].sum())
    yield Finding(
        "read.words", total, "words", "text outside titles and captions", "number of words", "analysis.words.counts"
    )
    made = "analysis.words.sentences"
    yield Finding(
        "read.sentences",
        len(study.sentences),
        "sentences",
        "text outside titles and captions",
        "number of sentences",
        made,
    )


def _terms(study: Study) -> Iterator[Finding]:
    """The content words that return most."""
    tokens = words.tokens(study.body)
    table = terms.frequency(tokens).query("count > 1").head(NAMED)
    for row in table.itertuples():
        places = terms.positions(tokens, [row.term])
        base, made = f"{table.attrs['words']} words", "analysis.terms.frequency"
        yield Finding(
            f"term.{row.term}",
            row.count,
            "occurrences",
            base,
            f"occurrences of the lemma {row.term!r}",
            made,
            **study.spans(places),
        )


def _theme(study: Study) -> Iterator[Finding]:
    """Where the theme stands, how large its share is, and the sentences to quote."""
    hits, sentences, many = study.hits, study.sentences, len(study.articles) > 1
    made, base = "analysis.passages.passages", f"{len(sentences)} sentences"
    yield Finding("theme.name", study.theme, "name", "the parameters", "the theme as given", made)
    yield Finding(
        "theme.sentences",
        len(hits),
        "sentences",
        base,
        "sentences that hold the theme",
        made,
        **study.spans(study.matches),
    )
    found, total = len(hits), len(sentences)
    if many:
        found, total, base = hits.article.nunique(), len(study.articles), f"{len(study.articles)} articles"
        yield Finding(
            "theme.articles",
            found,
            "articles",
            base,
            "articles that hold the theme",
            made,
            **study.spans(study.matches),
        )
    if not found:
        yield Finding(
            "theme.bound", min(1.0, 3 / max(total, 1)), "share", base, "3 / n (Hanley and Lippman-Hand 1983)", made
        )
        return
    exact = binomtest(found, total).proportion_ci(method="exact")
    share = {"interval": (float(exact.low), float(exact.high)), "method": "exact binomial (Clopper and Pearson 1934)"}
    yield Finding(
        "theme.share", found / total, "share", base, f"{found} / {total}", made, **study.spans(study.matches), **share
    )
    weight = study.scores.positive + study.scores.negative
    quoted = weight.sort_values(ascending=False, kind="stable").head(SHOWN).sort_index().index
    yield Finding("theme.quoted", len(quoted), "sentences", base, "theme sentences with the largest masses", made)
    for row in quoted:
        yield from _passage(study, hits.loc[row], study.scores.loc[row])


def _passage(study: Study, hit: pd.Series, score: pd.Series) -> Iterator[Finding]:
    """One quoted sentence: its text, where it stands, its masses with their words, and its verdict."""
    name = f"passage.{hit.article}.{hit.sentence + 1}"
    here, made = pd.DataFrame([hit]), "analysis.sentiment.scores"
    base = f"sentence {hit.sentence + 1} of article {hit.article}"
    yield Finding(
        name,
        hit.match,
        "match",
        base,
        "the sentence that holds the theme",
        "analysis.passages.passages",
        **study.spans(here),
    )
    article = study.articles.set_index("article").loc[hit.article]
    day = "" if pd.isna(article.date) else article.date.date().isoformat()
    where = ", ".join(filter(None, [article.source, day])) or hit.article
    yield Finding(f"{name}.where", where, "name", base, "source and date of the article", "analysis.corpus.read")
    own = study.evidence[(study.evidence.article == hit.article) & (study.evidence.sentence == hit.sentence)]
    for side, words_of in (("positive", own[own.value > 0]), ("negative", own[own.value < 0])):
        formula = "sum of weight × factor: " + (" + ".join(f"{abs(v):.3g}" for v in words_of.value) or "no word")
        yield Finding(f"{name}.{side}", float(score[side]), "mass", base, formula, made, **study.spans(words_of))
    label = score.verdict + (f", leaning {score.leaning}" if score.verdict == "mixed" and score.leaning else "")
    yield Finding(
        f"{name}.verdict",
        label,
        "label",
        base,
        "floors of `label` and `mixed` (data/floors.csv)",
        made,
        **study.spans(own),
    )


def _tone(study: Study) -> Iterator[Finding]:
    """Masses, net tone and verdict over the theme sentences; masses and net of the other sentences as background."""
    base, made = f"{len(study.hits)} theme sentences", "analysis.sentiment.verdict"
    if len(study.hits):
        whole = sentiment.verdict(study.scores)
        yield Finding("tone.sentences", whole.sentences, "sentences", base, "sentences scored", made)
        yield from _masses("tone", study, study.evidence, whole, base)
        outcome = "insufficient evidence" if whole.refusals else "value"
        label = (
            None
            if whole.refusals
            else whole.label + (f", leaning {whole.leaning}" if whole.label == "mixed" and whole.leaning else "")
        )
        yield Finding(
            "tone.verdict",
            label,
            "label",
            base,
            "floors of `tone` (data/floors.csv)",
            made,
            outcome=outcome,
            refusals=tuple(whole.refusals),
            **study.spans(study.evidence),
        )
    evidence, scores = study.scored(study.rest)
    if len(evidence):
        yield from _masses("rest", study, evidence, sentiment.verdict(scores), f"{len(study.rest)} other sentences")


def _masses(name: str, study: Study, evidence: pd.DataFrame, whole: sentiment.Verdict, base: str) -> Iterator[Finding]:
    made = "analysis.sentiment.verdict"
    for side, own in (("positive", evidence[evidence.value > 0]), ("negative", evidence[evidence.value < 0])):
        mass = float(getattr(whole, side))
        yield Finding(f"{name}.{side}", mass, "mass", base, "sum of weight × factor", made, **study.spans(own))
    known = {"interval": (whole.low, whole.high), "method": "t over sentences, linearised, add-one shrinkage"}
    formula = "(P − N) / (P + N + 1) (Lowe et al. 2011)"
    value = None if pd.isna(whole.net) else float(whole.net)
    yield Finding(f"{name}.net", value, "tone", base, formula, made, **study.spans(evidence), **known)


def _refused(study: Study) -> Iterator[Finding]:
    """Steps that this amount of text cannot carry."""
    periods = study.articles.date.dropna().dt.to_period("M").nunique()
    missed = floors.refusals("trend", articles=len(study.articles), periods=periods)
    if missed:
        yield Finding(
            "trend",
            None,
            "share by period",
            "the corpus",
            "",
            "analysis.terms.trend",
            outcome="refused",
            refusals=tuple(missed),
        )


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
