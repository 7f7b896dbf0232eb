"""Tables -> findings: named numbers, each with its unit, base, method and the characters that it rests on."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from importlib.metadata import version
from itertools import chain
from string import Formatter

import pandas as pd
import scipy
from jinja2 import Environment, PackageLoader

from bulle import (
    PACKAGE,
    WRITTEN,
    agreement,
    floors,
    groups,
    markup,
    passages,
    phrases,
    quotations,
    sentiment,
    shares,
    sources,
    survey,
    telling,
    terms,
    timeline,
    wording,
    words,
)
from bulle.draw import MOST
from bulle.floors import Refusal
from bulle.studies import Study
from bulle.wording import agreed, filled

SCHEMA = 3  # of findings.json; raised when a field changes its meaning
BOUND = 50  # spans kept with one finding; `spans_total` says how many there are
TERMS = 10  # words that a sum of scored words is shown by; the others stand together
NAMED = 5  # words, and sources, that the narrative names as the most frequent
AROUND = 60  # characters shown on each side of a span
KEYS = ["article", "sentence"]
WORDS = ("unit", "base", "formula", "method")  # what is told of a finding in the language of the page
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
    of `spans_total`. Of a sum of scored words, `terms` are its greatest parts, in all of it: `word` (as the lexicon has
    it; "" for all others together), `count`, `value`.
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
    told: dict[str, object] = field(default_factory=dict)
    terms: tuple[dict, ...] = ()

    def worded(self, language: str) -> dict[str, str]:
        """The `unit` as it is said after the value (1 "article", 2 "articles"), the `value`, `base`, `formula`,
        `method` and `about`, in a language."""
        said = {part: getattr(self, part) for part in WORDS}
        kind = {} if language == WRITTEN else catalogue(language).get(_kind(self.name), {})
        told = _named(self.told, language)
        said |= {part: filled(kind[part], told, language) for part in WORDS if kind and said[part]}
        unit = "" if self.unit == "share" else agreed(self.value, said["unit"], language)  # the sign of percent says it
        period, *rest = self.about.split(", ", 1) if self.name.startswith("peak.") else ("", self.about)
        about = ", ".join([timeline.called(period, language), *rest]) if period else self.about
        return said | {"unit": unit, "value": self._said(language), "about": about}

    def _said(self, language: str) -> str:
        """The value, or what stands in its place, in a language; what the texts say stays as it is."""
        if isinstance(self.value, str):
            if self.unit == "date":
                return wording.day(self.value, language)
            if self.unit == "period":
                return timeline.called(self.value, language)
            ours = self.unit in ("label", "reason", "rule")
            return wording.value_told(self.value, language, "finding") if ours else self.value
        if self.value is None:
            return wording.value_told(self.outcome, language, "finding")
        if self.terms:  # to the last decimal, as its terms, which add up to it
            return wording.written(f"{round(self.value, 6):,.10g}", language)
        return wording.measured(self.unit, language, self.value)[0]

    def between(self, language: str) -> list[str]:
        """The two bounds of the interval as a language writes them."""
        return wording.measured(self.unit, language, *self.interval)

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

    def kinds(self, what: str) -> list[str]:
        """Kinds of voices, or of stances, that some places of the theme have."""
        return [kind for kind in (*shares.VOICES, *shares.STANCES) if f"{what}.{kind}" in self]

    def checked(self) -> list[str]:
        """Tasks of which labels by hand say how often the rules are right in these texts."""
        return [task for task in agreement.REST if f"check.{task}" in self and self[f"check.{task}"].outcome == "value"]

    @cached_property
    def _known(self) -> dict[str, dict]:
        return {text["article"]: text for text in self.texts}

    def text(self, article: str) -> dict:
        """What is known of a text; nothing of one that is not among `texts`."""
        return self._known.get(article, {})

    def refused(self) -> list[str]:
        """Names of the steps that this amount of text cannot carry."""
        return [name for name, finding in self.findings.items() if finding.outcome == "refused"]

    @property
    def table(self) -> pd.DataFrame:
        """One row per finding: the fields of a `Finding` without its places, `low` and `high` of its interval, and what
        was missed; what is said of it in words is in the language of the page."""
        rows, said = [], [part for part in WORDS if part != "unit"]
        for finding in self.findings.values():
            low, high = finding.interval or (float("nan"), float("nan"))
            row = {name: value for name, value in vars(finding).items() if name not in ("spans", "interval")}
            row |= {part: text for part, text in finding.worded(telling()).items() if part in said}
            row |= {part: json.dumps(row[part], ensure_ascii=False) for part in ("told", "terms")}
            rows.append(row | {"low": low, "high": high, "refusals": wording.pieces(map(str, finding.refusals))})
        return pd.DataFrame(rows)

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
        environment.filters |= {"written": wording.written, "rounded": wording.rounded}
        told = {"language": telling(), "say": phrases(telling(), "page"), "around": AROUND}
        return environment.get_template("ledger.html.j2").render(ledger=self, anchor=anchor, **told)

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


@cache
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
        found[row["name"]] = Finding(
            **row | {"spans": spans, "refusals": refusals, "interval": interval, "terms": tuple(row["terms"])}
        )
    return Ledger(found, tuple(content["texts"]), content["parameters"], content["versions"])


def ledger(articles: Study | pd.DataFrame | Iterable[pd.DataFrame], parameters: dict[str, object]) -> Ledger:
    """Every finding about some articles and a theme.

    Parameters
    ----------
    articles : their study, or the articles as `corpus.read` gives them, or in batches as `corpus.batches` does.
    parameters : `theme`, `lexicon` (path of a CSV of one's own), `sample` (characters of text to hold, see
        `survey.survey`), `period` (to count by, see `timeline.periods`), `sheet` (labels by hand, see
        `agreement.checks`), and whatever else should stand on record.
    """
    study = articles
    if not isinstance(articles, Study):
        read = survey.survey(articles, parameters["theme"], parameters.get("sample", MOST))
        study = Study(read, parameters["theme"], parameters.get("lexicon", ""), parameters.get("period", ""))
    steps = (_read, _terms, _theme, _groups, _voices, _stances, _amounts, _actors, _trend, _tone, _sources, _rest)
    made: dict[str, Finding] = {}
    checked = _checked(study, parameters.get("sheet", ""))
    for finding in chain(checked, *(step(study) for step in steps)):
        if finding.name in made:
            raise ValueError(f"two findings are called {finding.name!r}")
        made[finding.name] = replace(finding, about=finding.about or _about(finding, made))
    return Ledger(made, tuple(_texts(study.texts)), parameters)


def _checked(study: Study, sheet: str) -> Iterator[Finding]:
    """How often the rules are right on sentences of this corpus that were labelled by hand, and how far their readers
    agree, by task."""
    for made in agreement.checks(sheet, study) if sheet else ():
        name, told = f"check.{made.task}", {"read": len(made.compared), "right": int(made.compared.right.sum())}
        told |= {"double": made.double}
        yield _finding(study, f"{name}.read", told["read"], told, made.compared)
        yield _finding(study, f"{name}.readers", made.readers, told)
        if made.refusals:
            yield _finding(study, name, None, told, outcome="refused", refusals=made.refusals)
            continue
        if made.readers > 1:
            yield _finding(study, f"{name}.double", made.double, told)
            yield _finding(study, f"{name}.alpha", made.alpha, told, interval=made.sure)
        own = made.compared[made.compared.right]
        yield _finding(study, f"{name}.right", told["right"], told, own)
        yield _finding(study, name, made.share, told, own, interval=(made.low, made.high))


def _about(finding: Finding, made: dict[str, Finding]) -> str:
    """What a finding is about that does not say so: `source.1.net` what `source.1` is, one of several its own value."""
    parts = finding.name.split(".")
    longer = (made.get(".".join(parts[:end])) for end in range(len(parts) - 1, 0, -1))
    whole = next((one.about for one in longer if one), "")
    own = finding.value if parts[-1].isdigit() and isinstance(finding.value, str) else ""
    return ", ".join(filter(None, (whole, own)))


@cache
def catalogue(language: str = WRITTEN) -> dict[str, dict[str, str]]:
    """What a finding is, by its name with # for a number: its `unit`, `base`, `formula` and the `method` of its
    interval, and its `function`; see `data/findings.csv`, and `data/<language>/findings.csv` for other languages."""
    folder = PACKAGE / "data" / ("" if language == WRITTEN else language)
    return pd.read_csv(folder / "findings.csv", keep_default_na=False).set_index("name").to_dict("index")


def _kind(name: str) -> str:
    """The name of a finding as the catalogue has it."""
    return ".".join("#" if part.isdigit() else part for part in name.split("."))


def _kept(texts: Iterable[str], told: dict[str, object]) -> dict[str, object]:
    """Of the values that fill in a finding's texts those that these use, as JSON has them."""
    names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    return {name: told[name].item() if hasattr(told[name], "item") else told[name] for name in sorted(names)}


def _named(told: dict[str, object], language: str) -> dict[str, object]:
    """The values that fill in a finding's texts, a period among them as a language names it."""
    return told | {"period": timeline.called(told["period"], language)} if "period" in told else told


def _finding(
    study: Study, name: str, value: object, told: dict[str, object], places: pd.DataFrame | None = None, **more: object
) -> Finding:
    """A finding as the catalogue has it; `told` fills in its texts, `places` (`article`, `start`, `end`) bear it."""
    kind = catalogue()[_kind(name)]
    if "interval" not in more:
        kind = kind | {"method": ""}
    made = {part: filled(text, _named(told, WRITTEN), WRITTEN) for part, text in kind.items()}
    made["told"] = _kept(kind.values(), told)
    if places is not None:
        kept = places.head(BOUND)[["article", "start", "end"]].itertuples(index=False, name=None)
        more |= {"spans": tuple(_span(study, *place) for place in kept), "spans_total": len(places)}
    return Finding(name, value, **made | more)


def _span(study: Study, article: str, start: int, end: int) -> Span:
    """One place with its text and what stands around it, front matter left out."""
    text, start, end = study.about.text[article], int(start), int(end)
    before = text[max(markup.front(text), start - AROUND) : start]
    return Span(article, start, end, text[start:end], before, text[end : end + AROUND])


def _base(study: Study, shown: str) -> dict[str, object]:
    """How many the "theme sentences" or "other sentences" are, and whether articles were drawn; see `clauses.txt`."""
    held, found = len(study.holding), study.read.found
    sentences = study.hits if shown == "theme sentences" else study.rest
    drawn = f"{shown} drawn" if held < found else shown
    return {"clause": drawn, "sentences": len(sentences), "articles": held, "found": found}


def _read(study: Study) -> Iterator[Finding]:
    """What was read: articles, sources, dates, families, words, sentences."""
    read, articles = study.read, len(study.articles)
    told = {"articles": articles, "found": read.found, "listened": read.listened}
    yield _finding(study, "read.articles", articles, told)
    yield from _origins(study)
    if not study.many and (title := "".join(study.texts.title)):
        yield _finding(study, "read.title", title, told)
    families, sample, holding = study.articles.family.nunique(), len(read.sample), len(study.holding)
    for name, value, worth in (
        ("read.families", families, families < articles),
        ("read.foreign", read.foreign, read.foreign > 0),
        ("read.listened", read.listened, read.foreign > 0),
        ("read.words", read.words, True),
        ("read.sentences", read.sentences, True),
        ("read.sample", sample, sample < articles),
        ("theme.sample", holding, holding < read.found),
    ):
        if worth:
            yield _finding(study, name, value, told)


def _origins(study: Study) -> Iterator[Finding]:
    """Sources and days of the articles, and how many articles have none."""
    articles = study.articles
    sources, dates = _counted(articles.source[articles.source != ""]), articles.date.dropna()
    told = {"articles": len(articles), "dated": len(dates)}
    if len(sources) == 1 and sources.iloc[0] == len(articles):
        yield _finding(study, "read.source", sources.index[0], told)
    elif len(sources):
        yield _finding(study, "read.sources", len(sources), told)
        least = sources.iloc[NAMED] if len(sources) > NAMED else 0  # none is named while another as frequent is not
        for number, (source, count) in enumerate(sources[sources > least].items(), 1):
            yield _finding(study, f"read.sources.{number}", int(count), told, about=source)
    for name, day in (("read.first", dates.min()), ("read.last", dates.max()))[: dates.nunique()]:
        yield _finding(study, name, day.date().isoformat(), told)
    missing = {"read.unsourced": articles.source == "", "read.undated": articles.date.isna()}
    for name, without in missing.items():
        if without.any():
            yield _finding(study, name, int(without.sum()), told)


def _terms(study: Study) -> Iterator[Finding]:
    """The content words that return most, and those surely more frequent than in general language, names left out."""
    sample = study.sample
    tokens, frequency = terms.running(study.tokens), study.frequency()
    often = frequency[frequency["rank"].notna()].head(NAMED)
    keys = _keys(frequency, sample.language)
    places = dict(list(terms.positions(tokens, [*often.term, *keys.term]).groupby("term")))
    drawn = "words drawn" if len(sample) < len(study.articles) else "words"
    told = {"base": {"clause": drawn, "words": int(frequency.attrs["words"]), "articles": len(sample)}}
    pairs, known = tokens[["term", "word"]].drop_duplicates(), set(tokens.term)
    spread = pairs.groupby(pairs.word.str.lower()).term.nunique()
    for number, row in enumerate(often.itertuples(), 1):
        forms = _forms(tokens.word[tokens.term == row.term])
        named = row.term[:1].upper() + row.term[1:] in known  # where the same letters are another word, too
        apart = "form capital" if row.name else "form small" if named else "form noun"
        forms.index = [form if row.name else form.lower() for form in forms.index]
        listed = [
            {"clause": apart if spread.get(form.lower(), 0) > 1 else "form", "form": form, "count": int(n)}
            for form, n in forms.items()
        ]
        own = told | {"term": row.label, "forms": listed, "count": row.count}
        yield _finding(study, f"term.{number}", row.count, own, places[row.term], about=row.label)
        form, count = str(forms.index[0]), int(forms.iloc[0])
        another = len(forms) > 1 or words.fold(form) != words.fold(row.label)
        if another and count == row.form_count:  # what a search does not find as often is not said
            yield _finding(study, f"term.{number}.form", count, own, about=form)
    if tied := int((frequency["rank"] == often["rank"].max()).sum() - (often["rank"] == often["rank"].max()).sum()):
        yield _finding(study, "terms.tied", tied, told)
    if len(keys) and keys.attrs["least"] > 1:
        yield _finding(study, "key.least", int(keys.attrs["least"]), told)
    for number, row in enumerate(keys.itertuples(), 1):
        own = told | {"count": row.count, "reference": {"clause": "reference", "name": keys.attrs["reference"]}}
        yield _finding(study, f"key.{number}", float(row.lrc), own, places[row.term], about=row.label)


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
    found = table[(table.lrc > 0) & ~table.name].head(NAMED)
    found.attrs["least"] = table.articles.min()
    return found


def _theme(study: Study) -> Iterator[Finding]:
    """Where the theme stands, how large its share is, and the sentences to quote."""
    about, places = study.articles, study.matches
    found, total, noun, sure = int(about.sentences.sum()), study.read.sentences, "all sentences", {}
    told = {"sentences": total, "articles": len(about), "families": about.family.nunique()}
    yield _finding(study, "theme.name", study.theme, told)
    yield _finding(study, "theme.sentences", found, told, places)
    if study.many:
        yield _finding(study, "theme.articles", study.read.found, told, places)
        found, total = study.speaking.family.nunique(), told["families"]
        noun = "articles once"
        if total < len(about):
            yield _finding(study, "theme.families", found, told, places)
        if total > 1:
            share = scipy.stats.binomtest(found, total).proportion_ci(method="exact")
            sure = {"interval": (share.low, share.high)}
    told = {"base": {"clause": noun, "count": int(total)}, "found": found, "total": total}
    if found:
        yield _finding(study, "theme.share", found / total, told, places, **sure)
        yield from _written(study)
        yield from _quoted(study)
    elif study.many and total > 3:
        yield _finding(study, "theme.bound", 3 / total, told)


def _written(study: Study) -> Iterator[Finding]:
    """The forms in which the theme is found, the commonest first."""
    forms, folded = _forms(study.matches.match), study.matches.match.map(words.fold)
    told = {"places": len(study.matches), "forms": len(forms), "articles": len(study.holding)}
    for number, (form, count) in enumerate(forms.head(NAMED).items(), 1):
        own = study.matches[folded == words.fold(form)]
        yield _finding(study, f"theme.form.{number}", int(count), told, own, about=form)
    if len(forms) > NAMED:
        yield _finding(study, "theme.forms", len(forms) - NAMED, told)


def _quoted(study: Study) -> Iterator[Finding]:
    """The theme sentences that stand for the others, each with its source, its masses, its words and its verdict."""
    origins = study.about.loc[study.hits.article, ["family", "source", "date"]].set_index(study.hits.index)
    typical = quotations.typical(study.hits, study.matches, study.about.language)
    pool = pd.concat([study.hits, origins, typical], axis=1)
    other = passages.others(study.stances, study.stances[study.stances.stance != "other"])  # filter bubbles
    quoted, rule = quotations.chosen(pool if len(other) == len(study.stances) else passages.others(pool, other))
    told = {"base": _base(study, "theme sentences"), "rule": rule}
    for name, value in (
        ("quoted.sentences", len(quoted)),
        ("quoted.rule", rule),
        ("quoted.shortest", quotations.SHORTEST),
        ("quoted.longest", quotations.LONGEST),
    ):
        yield _finding(study, name, value, told)
    for number, hit in enumerate(quoted.itertuples(), 1):
        yield from _passage(study, f"passage.{number}", hit)


def _passage(study: Study, name: str, hit: tuple) -> Iterator[Finding]:
    """One theme sentence that is quoted."""
    score, told = study.scores.loc[hit.Index], {"article": hit.article, "sentence": hit.sentence}
    about = f"{hit.article}, {hit.sentence}"
    yield _finding(study, name, hit.match, told, study.hits.loc[[hit.Index]], about=about)
    yield _finding(study, f"{name}.where", hit.source or hit.article, told)
    if title := " ".join(study.about.title[hit.article].split()):
        yield _finding(study, f"{name}.title", title, told)
    if pd.notna(hit.date):
        yield _finding(study, f"{name}.day", hit.date.date().isoformat(), told)
    own = study.evidence[(study.evidence.article == hit.article) & (study.evidence.sentence == hit.sentence)]
    yield from _sides(study, name, (float(score.positive), float(score.negative)), own)
    yield _finding(study, f"{name}.verdict", _leaning(score.verdict, score.leaning), told, own)


def _sides(study: Study, name: str, masses: tuple[float, float], evidence: pd.DataFrame) -> Iterator[Finding]:
    """The positive and the negative mass of some scored words, each with its words."""
    sides = {"positive": evidence[evidence.value > 0], "negative": evidence[evidence.value < 0]}
    for (side, own), mass in zip(sides.items(), masses, strict=True):
        yield _finding(study, f"{name}.{side}", mass, {"words": len(own)}, own, terms=_summands(own))


def _summands(evidence: pd.DataFrame) -> tuple[dict, ...]:
    """What each word adds to the sum of some scored words: the greatest, and the others together."""
    weighed = evidence.assign(value=evidence.value.abs()).groupby("entry").value.agg(["size", "sum"])
    weighed = weighed.sort_values("sum", ascending=False, kind="stable")
    rows = [(word, row["size"], row["sum"]) for word, row in weighed.head(TERMS).iterrows()]
    if len(rest := weighed[TERMS:]):
        rows.append(("", rest["size"].sum(), rest["sum"].sum()))
    return tuple({"word": word, "count": int(count), "value": round(float(value), 6)} for word, count, value in rows)


def _leaning(label: str, side: str) -> str:
    return f"{label}, leaning {side}" if label == "mixed" and side else label


def _groups(study: Study) -> Iterator[Finding]:
    """In what company of words the theme stands: its groups of contexts, how stable they are, their words."""
    if not study.many or study.hits.empty:
        return
    table, rows = study.groups, study.contexts
    told = {"base": _base(study, "theme sentences"), "sentences": len(rows), "halves": table.attrs["halves"]}
    if missed := table.attrs["refusals"]:
        yield _finding(study, "groups", None, told, outcome="refused", refusals=tuple(missed))
        return
    rest = rows[rows.group == groups.NONE]
    told["count"] = len(rest)
    yield _finding(study, "groups", len(table), told)
    yield _finding(study, "groups.stability", table.attrs["stability"], told)
    yield _finding(study, "groups.halves", table.attrs["halves"], told)
    yield _finding(study, "groups.rest", len(rest), told, rest)
    yield _finding(study, "groups.rest.share", len(rest) / len(rows), told, rest)
    leaning = groups.leaning(rows, table.name)
    for number, row in enumerate(table.to_dict("records"), 1):
        yield from _group(study, f"group.{number}", row, told)
        for place, one in enumerate(leaning[leaning.group == row["name"]].to_dict("records"), 1):
            name, own = (
                f"group.{number}.source.{place}",
                rows[(rows.group == row["name"]) & (rows.source == one["source"])],
            )
            yield _finding(study, name, one["source"], one, own)
            yield _finding(study, f"{name}.share", one["count"] / one["size"], one, own)
            yield _finding(study, f"{name}.others", one["elsewhere"] / one["rest"], one)
            yield _finding(study, f"{name}.p", one["p"], one)


def _group(study: Study, name: str, row: dict[str, object], told: dict[str, object]) -> Iterator[Finding]:
    """One group of contexts: how large it is, its first words, a sentence."""
    made, size, sure = study.grouped, row["contexts"], {"interval": (row["low"], row["high"])}
    own, told = made.contexts[made.contexts.group == row["name"]], told | {"count": size, "size": size}
    yield _finding(study, name, row["name"], told, own)
    yield _finding(study, f"{name}.contexts", size, told, own)
    yield _finding(study, f"{name}.articles", row["articles"], told, own)
    yield _finding(study, f"{name}.share", row["share"], told, own, **sure)
    for number, word in enumerate(made.words[made.words.group == row["name"]].head(NAMED).to_dict("records"), 1):
        held = made.places[(made.places.group == row["name"]) & (made.places.lemma == word["lemma"])]
        held = held.drop_duplicates(["article", "start"])  # a sentence may stand beside two
        parts = told | word | {"others": told["sentences"] - size, "forms": ", ".join(word["forms"])}
        yield _finding(study, f"{name}.word.{number}", word["word"], parts, held)
        for part in ("count", "share", "elsewhere", "others"):
            places = held if part in ("count", "share") else None
            yield _finding(study, f"{name}.word.{number}.{part}", word[part], parts, places)
    example = own[(own.article == row["article"]) & (own.sentence == row["sentence"])]
    where = {"article": row["article"], "sentence": row["sentence"]}
    yield _finding(study, f"{name}.example", example.match.iloc[0], where, example)
    yield _finding(study, f"{name}.example.where", study.about.source[row["article"]] or row["article"], where)


def _voices(study: Study) -> Iterator[Finding]:
    """Who says it: how many places of the theme are in whose words, and the people whose words hold it most."""
    places = study.places[study.places.voice != ""]
    if places.empty:
        return
    told = {"places": len(places), "articles": places.article.nunique()}
    yield _finding(study, "voice.places", len(places), told, places)
    for kind, own in places.groupby("voice"):
        yield _finding(study, f"voice.{kind}", len(own), told, own)
    others = places[places.voice != "reporter"]
    yield _finding(study, "voice.others", len(others), told, others)
    told_kinds = shares.shares(places, "voice", shares.VOICES, "voices")
    if missed := told_kinds.attrs.get("refusals"):
        yield _finding(study, "voices", None, told, outcome="refused", refusals=tuple(missed))
    else:
        sure = {"interval": shares.interval(places.family, places.voice != "reporter")}
        yield _finding(study, "voice.others.share", len(others) / len(places), told, others, **sure)
        for row in told_kinds.itertuples():
            own, sure = places[places.voice == row.kind], {"interval": (row.low, row.high)}
            yield _finding(study, f"voice.{row.kind}.share", row.share, told, own, **sure)
    people = shares.people(places)
    for number, row in enumerate(people.head(NAMED).itertuples(), 1):
        own = places[(places.name == row.name) & (places.voice == row.voice)]
        yield _finding(study, f"heard.{number}", row.name, told, own)
        yield _finding(study, f"heard.{number}.places", row.places, told, own)
    if tied := int((people.places[NAMED:] == people.places.head(NAMED).min()).sum()):
        yield _finding(study, "heard.tied", tied, told)
    yield from _measured(study, "voice", places)
    yield from _speakers(study)


def _measured(study: Study, what: str, places: pd.DataFrame) -> Iterator[Finding]:
    """How often the rules were right on places drawn at random and read by hand, in the language of these."""
    for row in shares.checked().query("measure == @what").itertuples():
        if set(places.language) == {row.language}:
            told = {"of": {"clause": f"measured {what} {row.language}"}}
            yield _finding(study, f"{what}.checked", row.read, told)
            yield _finding(study, f"{what}.right", row.right, told)


def _speakers(study: Study) -> Iterator[Finding]:
    """Those who are quoted in one article, whatever they speak of."""
    said = study.quotes[(study.quotes.kind != "term") & (study.quotes.name != "")]
    if study.many or said.empty:
        return
    counts = _counted(said.name)
    yield _finding(study, "speakers", len(counts), {"quotations": len(said)}, said)
    for number, (name, count) in enumerate(counts.head(NAMED).items(), 1):
        own = said[said.name == name]
        yield _finding(study, f"speaker.{number}", name, {"quotations": len(said)}, own)
        yield _finding(study, f"speaker.{number}.quotations", int(count), {"quotations": len(said)}, own)


def _stances(study: Study) -> Iterator[Finding]:
    """What is held of the theme: of stances that are told well enough the places, the articles, the share."""
    places = study.places[study.places.stance != ""]
    kinds = study.kinds
    if places.empty or not kinds:
        return
    told = {"places": len(places), "articles": places.article.nunique()}
    yield _finding(study, "stance.places", len(places), told, places)
    yield _finding(study, "stance.articles", told["articles"], told, places)
    told_kinds = shares.shares(places, "stance", kinds, "stances").set_index("kind")
    if missed := told_kinds.attrs.get("refusals"):
        yield _finding(study, "stances", None, told, outcome="refused", refusals=tuple(missed))
    for kind in kinds:
        own = places[places.stance == kind]
        if len(own):
            yield _finding(study, f"stance.{kind}", len(own), told, own)
            yield _finding(study, f"stance.{kind}.articles", own.article.nunique(), told, own)
            if not missed:
                row = told_kinds.loc[kind]
                sure = {"interval": (float(row.low), float(row.high))}
                yield _finding(study, f"stance.{kind}.share", float(row.share), told, own, **sure)
            for number, (name, count) in enumerate(_counted(own.holder[own.holder != ""]).head(3).items(), 1):
                holder, held = f"stance.{kind}.holder.{number}", own[own.holder == name]
                yield _finding(study, holder, name, told, held)
                yield _finding(study, f"{holder}.places", int(count), told, held)
    yield from _measured(study, "stance", places)
    if not missed:
        rest = places[~places.stance.isin(kinds)]
        yield _finding(study, "stance.rest.share", len(rest) / len(places), told, rest)
    if not {"worries", "denies"} <= set(kinds):
        return
    both = set(places.article[places.stance == "worries"]) & set(places.article[places.stance == "denies"])
    yield _finding(study, "stance.both", len(both), told, places[places.article.isin(both)])


def _amounts(study: Study) -> Iterator[Finding]:
    """How many amounts stand in the sentences of the theme, and the largest amounts of money there; in one article
    without any, those of the article."""
    found = study.amounts
    if not len(study.hits) or not found.attrs["languages"]:  # where amounts are not read, none is counted
        return
    near = found[found.theme]
    told = {"amounts": len(found), "articles": len(study.holding)}
    yield _finding(study, "amounts", len(found), told, found)
    yield _finding(study, "amounts.near", len(near), told, near)
    among = near if len(near) or study.many else found
    money = among.query("kind == 'money'")
    if money.empty:
        return
    told = {"base": told | {"clause": "theme amounts" if among is near else "amounts", "amounts": len(among)}}
    units = money.unit[money.unit != ""].mode()  # of two currencies met as often, none is met most often
    own = money[money.unit.isin(units) & money.value.notna() & (len(units) == 1)]
    own = own.sort_values("value", ascending=False, kind="stable").drop_duplicates("value").head(NAMED - 2)
    for number, row in enumerate(own.itertuples(), 1):
        yield _finding(study, f"amount.{number}", row.text, told, own.loc[[row.Index]])
        if row.approx:
            yield _finding(study, f"amount.{number}.approx", row.approx, told)
    orders = money[money.order.notna()].sort_values("order", ascending=False, kind="stable").head(1)
    if len(orders):
        yield _finding(study, "amounts.order", orders.text.iloc[0], told, orders)


def _actors(study: Study) -> Iterator[Finding]:
    """Who is surely named more often in the sentences of the theme than in others; in one article who is named most."""
    actors = study.actors
    if not len(study.hits) or actors.empty:
        return
    which = {"clause": "which theme" if study.many else "which"}
    told = {"sentences": len(study.hits), "others": len(study.rest), "articles": len(study.holding), "which": which}
    itself = actors.forms.map(
        lambda forms: any(words.fold(form) == words.fold(study.theme) for form in forms.split("; "))
    )
    ranked = actors[(actors.low > 0) & ~itself].sort_values(["low", "actor"], ascending=[False, True])
    if not study.many:
        ranked = actors.sort_values(["sentences", "actor"], ascending=[False, True])
        ranked = ranked[ranked.sentences > max([0, *ranked.sentences[NAMED:]])]  # no tie is cut
    yield _finding(study, "actors", len(actors), told)
    mentions = dict(list(study.mentions.groupby("actor")))
    for number, row in enumerate(ranked.head(NAMED).itertuples(), 1):
        own = mentions[row.actor]
        near = own[passages.within(own, study.hits)] if study.many else own
        yield _finding(study, f"actor.{number}", row.actor, told, near)
        yield _finding(study, f"actor.{number}.sentences", int(row.theme if study.many else row.sentences), told, near)
        if study.many:
            sure = {"interval": (2**row.low, 2**row.high)}
            yield _finding(study, f"actor.{number}.times", 2**row.log_ratio, told, near, **sure)


def _trend(study: Study) -> Iterator[Finding]:
    """By which period articles are counted, whether the share with the theme rises or falls, and where it peaks."""
    shares = timeline.trend(study.articles, study.speaking, study.period)
    if study.speaking.empty:
        return
    enough, far = shares[shares.enough], shares.attrs["outside"]
    told = {
        "unit": shares.attrs["unit"],
        "dated": shares.attrs["dated"] if shares.empty else int(shares.articles.sum()),
        "level": timeline.LEVEL,
        "outside": [*far[:NAMED], *([{"clause": "more", "more": len(far) - NAMED}] if len(far) > NAMED else [])],
    }
    if not shares.empty:
        yield from _counted_by(study, shares, told)
        for name, row in (("lowest", enough.share.idxmin()), ("highest", enough.share.idxmax())):
            yield from _period(study, f"trend.{name}", enough.loc[row], told)
            if (alike := int((enough.share == enough.share[row]).sum())) > 1:
                yield _finding(study, f"trend.{name}.alike", alike, told | {"period": enough.period[row]})
    slope = timeline.slope(shares)
    if missed := slope.attrs.get("refusals"):
        yield _finding(study, "trend", None, told, outcome="refused", refusals=tuple(missed))
    else:
        row = slope.iloc[0]
        sure = {"interval": (100 * row.low, 100 * row.high), "level": 1 - timeline.LEVEL}
        yield _finding(study, "trend", 100 * float(row.slope), told | {"p": row.p}, **sure)
        direction = {1: "rises", -1: "falls", 0: "open"}[row.direction]
        yield _finding(study, "trend.direction", direction, told | {"p": row.p})
    if not shares.empty:
        yield from _peaks(study, shares)


def _counted_by(study: Study, shares: pd.DataFrame, told: dict[str, object]) -> Iterator[Finding]:
    """The period that articles are counted by and why, and how many periods and articles cannot be compared."""
    enough = int(shares.enough.sum())
    few = floors.refusals("trend test", periods=enough)
    long = study.articles.date.nunique() > timeline.MOST
    yield _finding(study, "trend.unit", told["unit"], told)
    reason = "asked" if study.period else "fullest" if few else "short" if long else "finest"
    yield _finding(study, "trend.reason", reason, told)
    yield _finding(study, "trend.least", floors.bound("trend period", "articles"), told)
    thin = int(((shares.articles > 0) & ~shares.enough).sum())
    counts = {"trend.periods": enough, "trend.thin": thin, "trend.outside": len(shares.attrs["outside"])}
    for name, count in counts.items():
        if count:
            yield _finding(study, name, count, told)


def _period(study: Study, name: str, row: pd.Series, told: dict[str, object]) -> Iterator[Finding]:
    """One period, how many of its articles hold the theme, and their share."""
    told = told | {"period": row.period, "articles": row.articles, "holding": row.holding}
    yield _finding(study, name, row.period, told)
    yield _finding(study, f"{name}.articles", int(row.articles), told)
    yield _finding(study, f"{name}.holding", int(row.holding), told)
    yield _finding(study, f"{name}.share", float(row.share), told, interval=(float(row.low), float(row.high)))


def _peaks(study: Study, shares: pd.DataFrame) -> Iterator[Finding]:
    """The periods in which the theme surely stands more often than in the others, each with titles from it."""
    peaks, told = timeline.peaks(shares), {"periods": int(shares.enough.sum()), "most": timeline.PEAKS}
    told["level"] = timeline.LEVEL
    yield _finding(study, "peaks", len(peaks), told)
    yield _finding(study, "peaks.p", peaks.attrs["p"], told)
    whole = len(study.holding) == study.read.found  # of articles drawn at random none can be said to lead
    titles = timeline.headlines(study.holding[: None if whole else 0], study.matches, shares.attrs["unit"])
    for number, (_, row) in enumerate(peaks.iterrows(), 1):
        name = f"peak.{number}"
        yield from _period(study, name, row, told)
        yield _finding(study, f"{name}.others", float(row.others), told)
        yield _finding(study, f"{name}.p", float(row.p), told)
        for place, title in enumerate(titles[titles.period == row.period].itertuples(), 1):
            head, own = f"{name}.headline.{place}", {"period": row.period, "places": title.places}
            places = study.matches[study.matches.article == title.article]
            yield _finding(study, head, title.title, own, places)
            if title.source:
                yield _finding(study, f"{head}.where", title.source, own)


def _tone(study: Study) -> Iterator[Finding]:
    """Masses, net tone and verdict over the theme sentences."""
    if len(study.hits):
        whole, base = sentiment.verdict(study.scores, study.scored), _base(study, "theme sentences")
        yield _finding(study, "tone.sentences", whole.sentences, {"base": base})
        yield from _sides(study, "tone", (whole.positive, whole.negative), study.evidence)
        yield from _verdict(study, "tone", whole, (base, study.evidence))


def _verdict(study: Study, name: str, whole: sentiment.Verdict, ground: tuple[str, pd.DataFrame]) -> Iterator[Finding]:
    """The net tone with its interval, and the label or the floors in its place; `ground` is its base and evidence."""
    base, evidence = ground
    told = {"base": base, "unit": whole.unit}
    sure = {} if whole.unit == "sentence" else {"interval": (whole.low, whole.high)}  # one article was read whole
    if whole.hits:
        yield _finding(study, f"{name}.net", float(whole.net), told, evidence, **sure)
    missed = {"outcome": "insufficient evidence", "refusals": whole.refusals} if whole.refusals else {}
    label = None if whole.refusals else _leaning(whole.label, whole.leaning)
    yield _finding(study, f"{name}.verdict", label, told, evidence, **missed)
    if whole.why and not whole.refusals:
        yield _finding(study, f"{name}.why", whole.why, told)


def _sources(study: Study) -> Iterator[Finding]:
    """How often each source speaks of the theme, with which words beside it, and in what tone, when there are several.

    Named are at most five sources: those that surely differ from the others, then those with most articles. Where no
    more than five are known all are named, else only those with enough articles.
    """
    known = _counted(study.articles.source[study.articles.source != ""]).index
    if len(known) < 2 or study.speaking.empty:
        return
    shares, told = sources.shares(study.articles, study.speaking), {"sources": len(known)}
    yield from _differ(study, shares, told)
    sure = shares[(shares.p <= sources.LEVEL) & (shares.attrs["p"] <= sources.LEVEL)]
    named = list(dict.fromkeys([*sure.sort_values("p").source, *shares.source]))
    named = sorted(named[:NAMED], key=list(known).index) if len(known) > NAMED else list(known)
    if named and len(known) > len(named):
        yield _finding(study, "sources.others", len(known) - len(named), told)
    beside = sources.once(sources.mentions(study.holding, study.matches, study.hits))
    phrases = sources.phrases(beside)
    for number, source in enumerate(named, 1):
        name, places = f"source.{number}", study.matches[study.matches.article.map(study.about.source) == source]
        yield _finding(study, name, source, told, places)
        for row in shares[shares.source == source].itertuples():
            yield from _share(study, name, row, places)
        for row in sure[sure.source == source].itertuples():
            own = {"share": row.share, "others": row.others}
            yield _finding(study, f"{name}.side", "more" if row.share > row.others else "less", own)
            yield _finding(study, f"{name}.p", float(row.p), own)
        yield from _beside(study, name, phrases[phrases.source == source].head(sources.NAMED), beside)
        part = study.scores[study.scores.article.map(study.about.source) == source]
        if len(part):
            own = study.evidence.merge(part[KEYS])
            ground = ({"clause": "theme sentences of", "sentences": len(part), "name": source}, own)
            yield from _verdict(study, name, sentiment.verdict(part, own), ground)


def _differ(study: Study, shares: pd.DataFrame, told: dict[str, object]) -> Iterator[Finding]:
    """Whether the share of articles with the theme is the same in all sources."""
    if missed := shares.attrs.get("refusals"):
        yield _finding(study, "sources", None, told, outcome="refused", refusals=tuple(missed))
    else:
        told = told | {"test": {"clause": f"test {shares.attrs['test']}"}, "level": sources.LEVEL}
        yield _finding(study, "sources", len(shares), told)
        yield _finding(study, "sources.p", shares.attrs["p"], told)
        yield _finding(study, "sources.verdict", "differ" if shares.attrs["p"] <= sources.LEVEL else "alike", told)


def _share(study: Study, name: str, row: object, places: pd.DataFrame) -> Iterator[Finding]:
    """How many articles of a source there are, how many hold the theme, and their share."""
    told = {"name": row.source, "articles": row.articles, "holding": row.holding}
    yield _finding(study, f"{name}.articles", row.articles, told)
    yield _finding(study, f"{name}.holding", row.holding, told, places)
    yield _finding(study, f"{name}.share", row.share, told, places, interval=(row.low, row.high))


def _beside(study: Study, name: str, phrases: pd.DataFrame, mentions: pd.DataFrame) -> Iterator[Finding]:
    """The phrases that the theme is surely more often part of in a source than in the others."""
    for place, row in enumerate(phrases.itertuples(), 1):
        own = mentions[(mentions.source == row.source) & (mentions[row.side].map(words.fold) == words.fold(row.phrase))]
        edges = {"before": ("before_start", "end"), "after": ("start", "after_end")}[row.side]
        places = own[["article"]].assign(start=own[edges[0]], end=own[edges[1]])
        phrase = f"{name}.phrase.{place}"
        told = row._asdict() | {"name": row.source, "articles": mentions.article.nunique()}
        yield _finding(study, phrase, row.phrase, told, places)
        for part, column in {
            "count": "count",
            "mentions": "mentions",
            "share": "share",
            "elsewhere.count": "other_count",
            "elsewhere.mentions": "other_mentions",
            "elsewhere.share": "others",
            "p": "p",
        }.items():
            yield _finding(study, f"{phrase}.{part}", told[column], told)


def _rest(study: Study) -> Iterator[Finding]:
    """Masses and net of the other sentences of the articles with the theme, and how the theme differs from them."""
    evidence, scores = study.background
    if len(evidence):
        whole, base = sentiment.verdict(scores), _base(study, "other sentences")
        yield from _sides(study, "rest", (whole.positive, whole.negative), evidence)
        yield _finding(study, "rest.net", float(whole.net), {"base": base}, evidence)
    if len(study.hits):
        both = pd.concat([study.scored, evidence], ignore_index=True)
        paired = sentiment.contrast(study.scores, scores, both)
        told = {"articles": paired.articles}
        if paired.refusals:
            yield _finding(study, "contrast", None, told, outcome="refused", refusals=paired.refusals)
        else:
            yield _finding(study, "contrast", paired.difference, told, interval=(paired.low, paired.high))


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
