"""Tables -> findings: named numbers, each with its unit, base, method and the characters that it rests on."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version

import pandas as pd
from jinja2 import Environment, PackageLoader
from scipy.stats import binomtest

from bulle import floors, quotations, sentiment, sources, survey, terms, timeline, words
from bulle.draw import MOST
from bulle.floors import Refusal, agreed, counted
from bulle.studies import Study

SCHEMA = 2  # of findings.json; raised when a field changes its meaning
BOUND = 50  # spans kept with one finding; `spans_total` says how many there are
NAMED = 5  # words, and sources, that the narrative names as the most frequent
AROUND = 60  # characters shown on each side of a span
SIDES = ("positive", "negative")
KEYS = ["article", "sentence"]
LRC = "conservative log ratio: the bound of the log2 ratio nearest 0 (Evert 2022)"
NET = "(P − N) / (P + N + 1), words of the theme itself left out (Lowe et al. 2011)"
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

    `name` is words of ours and numbers, joined by dots: `term.2`. What it is about, a word or a source of the texts or
    a sentence of an article, is `about`, "" for what speaks of all texts; two runs are compared by it. `outcome` is
    "value", "insufficient evidence" or "refused"; then `refusals` says which floors were missed. `value` has the
    `unit`, and counts within `base`. `formula` and `function` say how it was made, `interval` (at `level`, by `method`)
    how sure it is: there is none where everything was counted. `spans` are the characters it rests on, the first fifty
    of `spans_total`.
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
    about: str = ""

    @property
    def noun(self) -> str:
        """The unit as it is said after the value: 1 "article", 2 "articles"."""
        return agreed(self.value, self.unit)

    @property
    def claim(self) -> tuple[str, str]:
        """What the finding claims, whatever its number in this run, and of what: ("term", "entreprise")."""
        return ".".join(part for part in self.name.split(".") if not part.isdigit()), self.about


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
        """Names of the steps that this amount of text cannot carry."""
        return [name for name, finding in self.findings.items() if finding.outcome == "refused"]

    def json(self) -> str:
        """The ledger as JSON text, by the schema of `data/findings.schema.json`; a measure that is missing is null."""
        rows = [asdict(finding) for finding in self.findings.values()]
        for refusal in (refusal for row in rows for refusal in row["refusals"]):
            refusal["found"] = None if math.isnan(refusal["found"]) else refusal["found"]
        whole = {
            "schema": SCHEMA,
            "parameters": self.parameters,
            "versions": self.versions,
            "texts": self.texts,
            "findings": rows,
        }
        return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)

    def _repr_html_(self) -> str:
        environment = Environment(loader=PackageLoader("bulle"), autoescape=True)
        environment.filters["number"] = floors.number
        return environment.get_template("ledger.html.j2").render(ledger=self, anchor=anchor)

    def __repr__(self) -> str:
        lines = []
        for name, finding in self.findings.items():
            about = f" ({finding.about})" if finding.about else ""
            lines.append(f"{name}{about}: {finding.outcome if finding.value is None else finding.value}")
        return "\n".join(lines)


def anchor(name: str) -> str:
    """Name of a finding as the id of its place on the page.

    >>> anchor("tone.net")
    'f-tone.net'
    """
    return f"f-{name}"


def versions() -> dict[str, str]:
    """Versions of the packages that a number may depend on."""
    return {name: version(name) for name in PACKAGES}


def loaded(content: dict) -> Ledger:
    """The ledger that a `findings.json` holds."""
    found = {}
    for row in content["findings"]:
        spans = tuple(Span(**span) for span in row["spans"])
        missed = [one | {"found": math.nan if one["found"] is None else one["found"]} for one in row["refusals"]]
        refusals = tuple(Refusal(**one) for one in missed)
        interval = row["interval"] and tuple(row["interval"])
        found[row["name"]] = Finding(**row | {"spans": spans, "refusals": refusals, "interval": interval})
    return Ledger(found, tuple(content["texts"]), content["parameters"], content["versions"])


def ledger(articles: Study | pd.DataFrame | Iterable[pd.DataFrame], parameters: dict[str, object]) -> Ledger:
    """Every finding about some articles and a theme.

    Parameters
    ----------
    articles : their study, or the articles as `corpus.read` gives them, or in batches as `corpus.batches` does.
    parameters : `theme`, `lexicon` (path of a CSV of one's own), `sample` (characters of text to hold, see
        `survey.survey`), `period` (to count by, see `timeline.periods`), and whatever else should stand on record.
    """
    study = articles
    if not isinstance(articles, Study):
        read = survey.survey(articles, parameters["theme"], parameters.get("sample", MOST))
        study = Study(read, parameters["theme"], parameters.get("lexicon", ""), parameters.get("period", ""))
    steps = (_read, _terms, _theme, _trend, _tone, _sources, _rest)
    made: dict[str, Finding] = {}
    for finding in (finding for step in steps for finding in step(study)):
        if finding.name in made:
            raise ValueError(f"two findings are called {finding.name!r}")
        made[finding.name] = replace(finding, about=finding.about or _about(finding, made))
    return Ledger(made, tuple(_texts(study.texts)), parameters)


def _about(finding: Finding, made: dict[str, Finding]) -> str:
    """What a finding is about that does not say so: `source.1.net` what `source.1` is, one of several its own value."""
    parts = finding.name.split(".")
    longer = (made.get(".".join(parts[:end])) for end in range(len(parts) - 1, 0, -1))
    whole = next((one.about for one in longer if one), "")
    own = finding.value if parts[-1].isdigit() and isinstance(finding.value, str) else ""
    return ", ".join(filter(None, (whole, own)))


def _base(study: Study, shown: str) -> str:
    """What the theme sentences are, "theme sentences" or "other sentences", and whether articles were drawn."""
    held, found = len(study.holding), study.read.found
    articles = f"{counted(held, 'articles')} drawn at random from the {floors.number(found)} that hold the theme"
    sentences = study.hits if shown == "theme sentences" else study.rest
    return counted(len(sentences), shown) + (f" of {articles}" if held < found else "")


def _finding(study: Study, name: str, value: object, unit: str, how: tuple[str, str, str], **more: object) -> Finding:
    """A finding; `how` is its base, formula and function, `places` (`article`, `start`, `end`) what it rests on."""
    base, formula, function = how
    places = more.pop("places", None)
    if places is not None:
        kept = places.head(BOUND)[["article", "start", "end"]].itertuples(index=False)
        more |= {"spans": tuple(_span(study, *place) for place in kept), "spans_total": len(places)}
    return Finding(name, value, unit, base, formula, f"bulle.{function}", **more)


def _span(study: Study, article: str, start: int, end: int) -> Span:
    """One place with its text and what stands around it."""
    text, start, end = study.about.text[article], int(start), int(end)
    return Span(article, start, end, text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])


def _read(study: Study) -> Iterator[Finding]:
    """What was read: articles, sources, dates, families, words, sentences."""
    articles, made = study.articles, "corpus.read"
    whole = "the corpus"
    yield _finding(study, "read.articles", len(articles), "articles", (whole, "number of texts", made))
    yield from _origins(study)
    if not study.many and (title := "".join(study.texts.title)):
        yield _finding(study, "read.title", title, "name", ("the article", "its title", made))
    if (families := articles.family.nunique()) < len(articles):
        how = (counted(len(articles), "articles"), "groups of near-identical articles (MinHash)", "families.families")
        yield _finding(study, "read.families", families, "texts", how)
    if study.read.foreign:
        base = counted(study.read.listened, "articles spread over the corpus and long enough to be heard")
        for name, value, formula in (
            ("read.foreign", study.read.foreign, "articles that sound like another language than the one given"),
            ("read.listened", study.read.listened, "articles listened to"),
        ):
            yield _finding(study, name, value, "articles", (base, formula, "hearing.language"))
    within = (
        "text outside titles, headings, captions, credits, datelines, tables, links, keywords, code and boilerplate"
    )
    yield _finding(study, "read.words", study.read.words, "words", (within, "number of words", "words.counts"))
    how = (within, "number of sentences", "words.sentence_spans")
    yield _finding(study, "read.sentences", study.read.sentences, "sentences", how)
    for name, drawn, whole in (
        ("read.sample", len(study.read.sample), len(articles)),
        ("theme.sample", len(study.holding), study.read.found),
    ):
        if drawn < whole:
            formula = "drawn at random, to the characters of parameter sample"
            how = (counted(whole, "articles"), formula, "survey.survey")
            yield _finding(study, name, drawn, "articles", how)


def _origins(study: Study) -> Iterator[Finding]:
    """Sources and days of the articles, and how many articles have none."""
    articles, made = study.articles, "corpus.read"
    base = counted(len(articles), "articles")
    sources = _counted(articles.source[articles.source != ""])
    if len(sources) == 1 and sources.iloc[0] == len(articles):
        yield _finding(study, "read.source", sources.index[0], "name", ("the corpus", "the one source named", made))
    elif len(sources):
        yield _finding(study, "read.sources", len(sources), "sources", ("the corpus", "number of sources named", made))
        least = sources.iloc[NAMED] if len(sources) > NAMED else 0  # none is named while another as frequent is not
        for number, (source, count) in enumerate(sources[sources > least].items(), 1):
            how = (base, "articles of the source", made)
            yield _finding(study, f"read.sources.{number}", int(count), "articles of a source", how, about=source)
    dates = articles.date.dropna()
    for name, day in (("first", dates.min()), ("last", dates.max()))[: dates.nunique()]:
        how = (counted(len(dates), "dated articles"), f"{name} date", made)
        yield _finding(study, f"read.{name}", day.date().isoformat(), "date", how)
    for name, what, missing in (
        ("read.unsourced", "source", (articles.source == "").sum()),
        ("read.undated", "date", articles.date.isna().sum()),
    ):
        if missing:
            how = (base, f"articles without {what}", made)
            yield _finding(study, name, int(missing), "articles", how)


def _terms(study: Study) -> Iterator[Finding]:
    """The content words that return most, and those surely more frequent than in general language, names left out."""
    sample = study.sample
    tokens, frequency = terms.running(study.tokens), terms.frequency(study.tokens)
    often = frequency[frequency["rank"].notna()].head(NAMED)
    keys = _keys(frequency, sample.language)
    places = dict(list(terms.positions(tokens, [*often.term, *keys.term]).groupby("term")))
    drawn = f" of {counted(len(sample), 'articles')} drawn at random" if len(sample) < len(study.articles) else ""
    base = counted(frequency.attrs["words"], "words") + drawn
    for number, row in enumerate(often.itertuples(), 1):
        forms = _forms(tokens[tokens.term == row.term].word)
        listed = ", ".join(f"{form} {count}" for form, count in forms.items())
        how = (base, f"occurrences of the lemma {row.term}, in these forms: {listed}", "terms.frequency")
        more = {"about": row.label, "places": places[row.term]}
        yield _finding(study, f"term.{number}", row.count, "occurrences", how, **more)
        form, count = str(forms.index[0]), int(forms.iloc[0])
        told = len(forms) > 1 or words.fold(form) != words.fold(row.label)
        if told and count == row.form_count:  # what a search does not find as often is not said
            lemma = f"{counted(row.count, 'occurrences')} of the lemma {row.term}"
            how = (lemma, "those of its commonest form", how[2])
            yield _finding(study, f"term.{number}.form", count, "occurrences of a form", how, about=form)
    if tied := int((frequency["rank"] == often["rank"].max()).sum() - (often["rank"] == often["rank"].max()).sum()):
        how = (base, "further words that stand as often as the last one named", "terms.frequency")
        yield _finding(study, "terms.tied", tied, "words", how)
    for number, row in enumerate(keys.itertuples(), 1):
        how = (f"{floors.number(row.count)} of {base}, {keys.attrs['reference']}", LRC, "terms.keyness")
        more = {"about": row.label, "places": places[row.term]}
        yield _finding(study, f"key.{number}", float(row.lrc), "log ratio", how, **more)


def _counted(values: pd.Series) -> pd.Series:
    """How often each value stands in a series, most frequent first, equal ones by their names."""
    return values.value_counts().sort_index().sort_values(ascending=False, kind="stable")


def _forms(written: pd.Series) -> pd.Series:
    """How often each form stands among the words of one term, commonest first; capitals and accents' coding aside.

    A form is spelled as it mostly is.
    """
    spelled = _counted(written)
    folded = spelled.index.map(words.fold)
    counts = spelled.groupby(folded, sort=False).sum().rename(dict(zip(folded[::-1], spelled.index[::-1], strict=True)))
    return counts.sort_values(ascending=False, kind="stable")


def _keys(frequency: pd.DataFrame, languages: pd.Series) -> pd.DataFrame:
    """Key terms against the general list of the one language of the texts; none when there are several."""
    reference = terms.background(frequency, languages.iloc[0]) if languages.nunique() == 1 else frequency
    table = terms.keyness(frequency, reference)
    return table[(table.lrc > 0) & ~table.name].head(NAMED)


def _theme(study: Study) -> Iterator[Finding]:
    """Where the theme stands, how large its share is, and the sentences to quote."""
    found, total, made = int(study.articles.sentences.sum()), study.read.sentences, "passages.passages"
    base = counted(total, "sentences")
    yield _finding(study, "theme.name", study.theme, "name", ("the parameters", "the theme as given", made))
    how = (base, "sentences that hold the theme", made)
    yield _finding(study, "theme.sentences", found, "sentences", how, places=study.matches)
    sure = {}
    if study.many:
        about = study.articles
        how = (counted(len(about), "articles"), "articles that hold the theme", made)
        yield _finding(study, "theme.articles", study.read.found, "articles", how, places=study.matches)
        found, total = study.speaking.family.nunique(), about.family.nunique()
        base = counted(total, "articles, near-identical ones counted once")
        if total < len(about):
            how = (base, "texts that hold the theme", made)
            yield _finding(study, "theme.families", found, "texts", how, places=study.matches)
    if study.many and total > 1:
        share = binomtest(found, total).proportion_ci(method="exact")
        sure = {"interval": (share.low, share.high), "method": "exact binomial (Clopper and Pearson 1934)"}
    if found:
        how = (base, f"{found} / {total}", made)
        yield _finding(study, "theme.share", found / total, "share", how, places=study.matches, **sure)
        yield from _quoted(study)
    elif study.many and total > 3:
        how = (base, f"3 / {total} (Hanley and Lippman-Hand 1983)", made)
        yield _finding(study, "theme.bound", 3 / total, "share", how)


def _quoted(study: Study) -> Iterator[Finding]:
    """The theme sentences that stand for the others, each with its source, its masses, its words and its verdict."""
    origins = study.about.loc[study.hits.article, ["family", "source", "date"]].set_index(study.hits.index)
    typical = quotations.typical(study.hits, study.matches, study.about.language)
    quoted, rule = quotations.chosen(pd.concat([study.hits, origins, typical], axis=1))
    how = (_base(study, "theme sentences"), f"chosen by the rule: {rule}", "quotations.chosen")
    yield _finding(study, "quoted.sentences", len(quoted), "sentences", how)
    yield _finding(study, "quoted.rule", rule, "rule", how)
    for name, bound in (("shortest", quotations.SHORTEST), ("longest", quotations.LONGEST)):
        how = (
            "words, as white spaces part them",
            f"the {name} sentence that may be chosen, unless none of such length holds the theme",
            "quotations.quotable",
        )
        yield _finding(study, f"quoted.{name}", bound, "words", how)
    for number, hit in enumerate(quoted.itertuples(), 1):
        yield from _passage(study, f"passage.{number}", hit)


def _passage(study: Study, name: str, hit: tuple) -> Iterator[Finding]:
    """One theme sentence that is quoted."""
    score, base = study.scores.loc[hit.Index], f"sentence {hit.sentence} of {hit.article}, counted from 0"
    how = (base, "the sentence that holds the theme", "passages.passages")
    own = study.hits.loc[[hit.Index]]
    yield _finding(study, name, hit.match, "match", how, places=own, about=f"{hit.article}, {hit.sentence}")
    how = (base, "source, or name of the article", "corpus.read")
    yield _finding(study, f"{name}.where", hit.source or hit.article, "name", how)
    if pd.notna(hit.date):
        yield _finding(study, f"{name}.day", hit.date.date().isoformat(), "date", (base, "date of the article", how[2]))
    own = study.evidence[(study.evidence.article == hit.article) & (study.evidence.sentence == hit.sentence)]
    yield from _sides(study, name, (float(score.positive), float(score.negative)), own)
    how = (base, "floors of label and mixed (data/floors.csv)", "sentiment.scores")
    yield _finding(study, f"{name}.verdict", _leaning(score.verdict, score.leaning), "label", how, places=own)


def _sides(study: Study, name: str, masses: tuple[float, float], evidence: pd.DataFrame) -> Iterator[Finding]:
    """The positive and the negative mass of some scored words, each with its words."""
    for side, mass, own in zip(
        SIDES, masses, (evidence[evidence.value > 0], evidence[evidence.value < 0]), strict=True
    ):
        how = (counted(len(own), "scored words"), "sum of weight × factor", "sentiment.scores")
        yield _finding(study, f"{name}.{side}", mass, "mass", how, places=own)


def _leaning(label: str, side: str) -> str:
    return f"{label}, leaning {side}" if label == "mixed" and side else label


def _trend(study: Study) -> Iterator[Finding]:
    """By which period articles are counted, whether the share with the theme rises or falls, and where it peaks."""
    shares = timeline.trend(study.articles, study.speaking, study.period)
    if study.speaking.empty:
        return
    unit, enough = shares.attrs["unit"], shares[shares.enough]
    dated = shares.attrs["dated"] if shares.empty else int(shares.articles.sum())
    base = f"{counted(dated, 'dated articles')} by {unit}, near-identical ones counted once"
    if not shares.empty:
        yield from _counted_by(study, shares, base)
        for name, row in (
            ("lowest", enough.loc[enough.share.idxmin()]),
            ("highest", enough.loc[enough.share.idxmax()]),
        ):
            yield from _period(study, f"trend.{name}", row, f"{unit} with the {name} share, the first of them")
    slope = timeline.slope(shares)
    how = (base, f"Theil-Sen slope of the share, in points a {unit} (Sen 1968)", "timeline.slope")
    missed = slope.attrs.get("refusals")
    if missed:
        yield _finding(study, "trend", None, "points", how, outcome="refused", refusals=tuple(missed))
    else:
        row = slope.iloc[0]
        tested = f"p = {row.p:.3g}; a direction is said where p is at most {timeline.LEVEL} and the interval excludes 0"
        sure = {
            "interval": (100 * row.low, 100 * row.high),
            "method": f"Sen 1968; {tested}",
            "level": 1 - timeline.LEVEL,
        }
        yield _finding(study, "trend", 100 * float(row.slope), "points", how, **sure)
        how = (base, f"{tested} (Mann 1945, Kendall 1975)", "timeline.slope")
        direction = {1: "rises", -1: "falls", 0: "open"}[row.direction]
        yield _finding(study, "trend.direction", direction, "label", how)
    if not shares.empty:
        yield from _peaks(study, shares)


def _counted_by(study: Study, shares: pd.DataFrame, base: str) -> Iterator[Finding]:
    """The period that articles are counted by and why, and how many periods and articles cannot be compared."""
    unit, made, enough = shares.attrs["unit"], "timeline.trend", int(shares.enough.sum())
    needed = floors.bound("trend period", "articles")
    few = floors.refusals("trend test", periods=enough)
    long = study.articles.date.nunique() > timeline.MOST
    reason = "asked" if study.period else "fullest" if few else "short" if long else "finest"
    how = (
        base,
        f"parameter period, or the finest of {', '.join(timeline.PERIODS)} with enough articles",
        "timeline.chosen",
    )
    yield _finding(study, "trend.unit", unit, "label", how)
    yield _finding(study, "trend.reason", reason, "label", how)
    yield _finding(
        study, "trend.least", needed, "articles", (base, "floor of articles (data/floors.csv)", "floors.table")
    )
    far = shares.attrs["outside"]
    listed = ", ".join(far[:NAMED]) + (f" and {len(far) - NAMED} more" if len(far) > NAMED else "")
    for name, count, kind, formula in (
        ("periods", enough, "periods", "periods with enough articles"),
        (
            "thin",
            int(((shares.articles > 0) & ~shares.enough).sum()),
            "periods",
            "periods with some articles, but too few",
        ),
        ("outside", len(far), "articles", f"articles dated far from all others: {listed}"),
    ):
        if count:
            yield _finding(study, f"trend.{name}", count, kind, (base, formula, made))


def _period(study: Study, name: str, row: pd.Series, formula: str) -> Iterator[Finding]:
    """One period, how many of its articles hold the theme, and their share."""
    base = f"{counted(row.articles, 'articles')} dated in {row.period}, near-identical ones counted once"
    made = "timeline.trend"
    yield _finding(study, name, row.period, "period", (base, formula, made))
    yield _finding(study, f"{name}.articles", int(row.articles), "articles", (base, "number of articles", made))
    yield _finding(study, f"{name}.holding", int(row.holding), "articles", (base, "those that hold the theme", made))
    sure = {"interval": (float(row.low), float(row.high)), "method": "Wilson 1927"}
    how = (base, f"{row.holding} / {row.articles}", made)
    yield _finding(study, f"{name}.share", float(row.share), "share", how, **sure)


def _peaks(study: Study, shares: pd.DataFrame) -> Iterator[Finding]:
    """The periods in which the theme surely stands more often than in the others, each with titles from it."""
    peaks, unit, made = timeline.peaks(shares), shares.attrs["unit"], "timeline.peaks"
    base = counted(int(shares.enough.sum()), "periods with enough articles")
    how = (base, f"those whose share is surely above that of all others together, {timeline.PEAKS} at most", made)
    yield _finding(study, "peaks", len(peaks), "periods", how)
    corrected = "one-sided Fisher's exact test against all other periods, corrected over the periods (Holm 1979)"
    yield _finding(study, "peaks.p", peaks.attrs["p"], "p", (base, f"least p of these periods: {corrected}", made))
    whole = len(study.holding) == study.read.found  # of articles drawn at random none can be said to lead
    titles = timeline.headlines(study.holding[: None if whole else 0], study.matches, unit)
    for number, (_, row) in enumerate(peaks.iterrows(), 1):
        name = f"peak.{number}"
        yield from _period(study, name, row, "a period whose share is surely above that of the others")
        how = ("all other periods", "articles that hold the theme / articles", made)
        yield _finding(study, f"{name}.others", float(row.others), "share", how)
        yield _finding(study, f"{name}.p", float(row.p), "p", (base, corrected, made))
        for place, title in enumerate(titles[titles.period == row.period].itertuples(), 1):
            base_of, head = f"articles of {row.period} that hold the theme", f"{name}.headline.{place}"
            how = (
                base_of,
                f"title of one with {counted(title.places, 'places of the theme')}, the most in its source",
                "timeline.headlines",
            )
            places = study.matches[study.matches.article == title.article]
            yield _finding(study, head, title.title, "name", how, places=places)
            if title.source:
                yield _finding(study, f"{head}.where", title.source, "name", (base_of, "its source", "corpus.read"))


def _tone(study: Study) -> Iterator[Finding]:
    """Masses, net tone and verdict over the theme sentences."""
    if len(study.hits):
        whole, base = sentiment.verdict(study.scores, study.scored), _base(study, "theme sentences")
        how = (base, "sentences scored", "sentiment.verdict")
        yield _finding(study, "tone.sentences", whole.sentences, "sentences", how)
        yield from _sides(study, "tone", (whole.positive, whole.negative), study.evidence)
        yield from _verdict(study, "tone", whole, (base, study.evidence))


def _verdict(study: Study, name: str, whole: sentiment.Verdict, ground: tuple[str, pd.DataFrame]) -> Iterator[Finding]:
    """The net tone with its interval, and the label or the floors in its place; `ground` is its base and evidence."""
    base, evidence = ground
    sampled = {
        "interval": (whole.low, whole.high),
        "method": f"bootstrap by {whole.unit} (Cameron, Gelbach and Miller 2008; Efron 1987)",
    }
    sure = {} if whole.unit == "sentence" else sampled  # one article was read whole: nothing was drawn
    how = (base, NET, "sentiment.verdict")
    if whole.hits:
        yield _finding(study, f"{name}.net", float(whole.net), "tone", how, places=evidence, **sure)
    how = (base, "floors of tone, mixed and neutral (data/floors.csv)", "sentiment.verdict")
    missed = {"outcome": "insufficient evidence", "refusals": whole.refusals} if whole.refusals else {}
    label = None if whole.refusals else _leaning(whole.label, whole.leaning)
    yield _finding(study, f"{name}.verdict", label, "label", how, places=evidence, **missed)
    if whole.why and not whole.refusals:
        how = (base, "what withholds a direction that the interval alone would allow", "sentiment.verdict")
        yield _finding(study, f"{name}.why", whole.why, "reason", how)


def _sources(study: Study) -> Iterator[Finding]:
    """How often each source speaks of the theme, with which words beside it, and in what tone, when there are several.

    Named are at most five sources: those that surely differ from the others, then those with most articles. Where no
    more than five are known all are named, else only those with enough articles.
    """
    written = study.articles.source[study.articles.source != ""]
    if written.nunique() < 2 or study.speaking.empty:
        return
    shares, base = sources.shares(study.articles, study.speaking), counted(written.nunique(), "sources")
    yield from _differ(study, shares, base)
    sure = shares[(shares.p <= sources.LEVEL) & (shares.attrs["p"] <= sources.LEVEL)]
    known = written.value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    named = list(dict.fromkeys([*sure.sort_values("p").source, *shares.source]))
    named = sorted(named[:NAMED], key=list(known).index) if len(known) > NAMED else list(known)
    rest = len(known) - len(named)
    if rest and named:
        yield _finding(study, "sources.others", rest, "sources", (base, "sources that are not named", "sources.shares"))
    beside = sources.once(sources.mentions(study.holding, study.matches, study.hits))
    phrases = sources.phrases(beside)
    for number, source in enumerate(named, 1):
        name, places = f"source.{number}", study.matches[study.matches.article.map(study.about.source) == source]
        yield _finding(study, name, source, "source", (base, "the source", "corpus.read"), places=places)
        for row in shares[shares.source == source].itertuples():
            yield from _share(study, name, row, places)
        for row in sure[sure.source == source].itertuples():
            yield from _side(study, name, row)
        yield from _beside(study, name, phrases[phrases.source == source].head(sources.NAMED), beside)
        part = study.scores[study.scores.article.map(study.about.source) == source]
        if len(part):
            own = study.evidence.merge(part[KEYS])
            ground = (f"{counted(len(part), 'theme sentences')} of {name}", own)
            yield from _verdict(study, name, sentiment.verdict(part, own), ground)


def _side(study: Study, name: str, row: tuple) -> Iterator[Finding]:
    """That a source surely speaks more, or less, often of the theme than the others."""
    base = f"{row.share:.4g} against {row.others:.4g} elsewhere"
    how = (base, "Fisher's exact test, Holm 1979", "sources.shares")
    yield _finding(study, f"{name}.side", "more" if row.share > row.others else "less", "label", how)
    yield _finding(study, f"{name}.p", float(row.p), "p", how)


def _differ(study: Study, shares: pd.DataFrame, base: str) -> Iterator[Finding]:
    """Whether the share of articles with the theme is the same in all sources."""
    missed = shares.attrs.get("refusals")
    how = (base, "sources with enough articles", "sources.shares")
    if missed:
        yield _finding(study, "sources", None, "sources", how, outcome="refused", refusals=tuple(missed))
    else:
        yield _finding(study, "sources", len(shares), "sources", how)
        how = (
            base,
            f"one test over all sources, those with too few articles as one: {shares.attrs['test']}",
            "sources.shares",
        )
        yield _finding(study, "sources.p", shares.attrs["p"], "p", how)
        differ = "differ" if shares.attrs["p"] <= sources.LEVEL else "open"
        how = (base, f"whether p is at most {sources.LEVEL}", "sources.shares")
        yield _finding(study, "sources.verdict", differ, "label", how)


def _share(study: Study, name: str, row: object, places: pd.DataFrame) -> Iterator[Finding]:
    """How many articles of a source there are, how many hold the theme, and their share."""
    base = f"{counted(row.articles, 'articles')} of {name}, near-identical ones counted once"
    made = "sources.shares"
    yield _finding(study, f"{name}.articles", row.articles, "articles", (base, "number of articles", made))
    how = (base, "those that hold the theme", made)
    yield _finding(study, f"{name}.holding", row.holding, "articles", how, places=places)
    sure = {"interval": (row.low, row.high), "method": "Wilson 1927"}
    how = (base, f"{row.holding} / {row.articles}", made)
    yield _finding(study, f"{name}.share", row.share, "share", how, places=places, **sure)


def _beside(study: Study, name: str, phrases: pd.DataFrame, mentions: pd.DataFrame) -> Iterator[Finding]:
    """The phrases that the theme is surely more often part of in a source than in the others."""
    for place, row in enumerate(phrases.itertuples(), 1):
        own = mentions[(mentions.source == row.source) & (mentions[row.side].map(words.fold) == words.fold(row.phrase))]
        edges = {"before": ("before_start", "end"), "after": ("start", "after_end")}[row.side]
        places = own[["article"]].assign(start=own[edges[0]], end=own[edges[1]])
        phrase, made = f"{name}.phrase.{place}", "sources.phrases"
        there = f"{counted(row.mentions, 'places')} of the theme in {name}"
        rest = f"{floors.number(row.other_mentions)} in the other sources"
        base = f"{there}, {rest}, of {counted(len(study.holding), 'articles')}"
        how = (base, "a phrase in its commonest form, counted whatever its capitals", made)
        yield _finding(study, phrase, row.phrase, "name", how, places=places)
        for part, value, unit, formula in (
            ("count", row.count, "occurrences there", "places of the phrase in the source"),
            ("mentions", row.mentions, "places", "places of the theme in the source"),
            ("share", row.share, "share", f"{row.count} / {row.mentions}"),
            ("elsewhere.count", row.other_count, "occurrences there", "places of the phrase in the other sources"),
            ("elsewhere.mentions", row.other_mentions, "places", "places of the theme in the other sources"),
            ("elsewhere.share", row.others, "share", f"{row.other_count} / {row.other_mentions}"),
            ("p", row.p, "p", "random assignment of the articles to the sources, largest of all phrases"),
        ):
            yield _finding(study, f"{phrase}.{part}", value, unit, (base, formula, made))


def _rest(study: Study) -> Iterator[Finding]:
    """Masses and net of the other sentences of the articles with the theme, and how the theme differs from them."""
    evidence, scores = study.background
    if len(evidence):
        whole = sentiment.verdict(scores)
        yield from _sides(study, "rest", (whole.positive, whole.negative), evidence)
        how = (_base(study, "other sentences"), NET, "sentiment.verdict")
        yield _finding(study, "rest.net", float(whole.net), "tone", how, places=evidence)
    if len(study.hits):
        both = pd.concat([study.scored, evidence], ignore_index=True)
        paired = sentiment.contrast(study.scores, scores, both)
        formula = "mean tone of theme sentences minus that of others of the article as long, article by article"
        base = f"{counted(paired.articles, 'articles')}, near-identical ones counted once"
        how = (base, formula, "sentiment.contrast")
        if paired.refusals:
            yield _finding(study, "contrast", None, "tone", how, outcome="refused", refusals=paired.refusals)
        else:
            sure = {"interval": (paired.low, paired.high), "method": "Student's t by article, in every way of scoring"}
            yield _finding(study, "contrast", paired.difference, "tone", how, **sure)


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
            "sha256": hashlib.sha256(row.text.encode(errors="surrogatepass")).hexdigest(),
        }
