"""A sweep: the choices that a finding rests on, all made in every way, and what the answer owes to each of them.

All estimates side by side are a specification curve (Simonsohn, Simmons & Nelson 2020); how far they lie apart is the
vibration of effects (Patel, Burford & Ioannidis 2015), the ways together a multiverse (Steegen et al. 2016). The
decisions form a tree: what lies above a decision is made once for all that lies below it.
"""

import hashlib
import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bulle import (
    LANGUAGES,
    InputError,
    bodies,
    corpus,
    floors,
    progress,
    runs,
    sentiment,
    store,
    tables,
    telling,
    terms,
    themes,
    timeline,
    typed,
    wording,
    words,
)
from bulle.draw import MOST, drawn
from bulle.readers import files
from bulle.readers.safe import opened

SCORING = ("theme", "lexicon", "weights", "negation", "backoff", "themed")
OUTCOMES = {  # what is estimated -> the decisions that it rests on
    "contrast": SCORING,
    "tone": SCORING,
    "trend": ("theme", "period"),
    "term": ("reference", "unit", "function"),
}
VALUES = {  # a decision -> its usual values, the default first; a study has a theme, a lexicon and a period of its own
    "theme": ("",),
    "lexicon": ("",),
    "weights": ("graded", "signs"),
    "negation": (True, False),  # negation, degree and doubt count
    "backoff": (True, False),  # words of the second list count
    "themed": (False, True),  # words of the theme itself count
    "reference": ("",),
    "unit": tuple(terms.UNITS),
    "function": (False, True),
    "period": ("", *timeline.PERIODS),
}
LEDGERS = {  # what specifications rest on -> the decisions that make it another
    "evidence": ("theme", "lexicon"),
    "sentences": ("theme", "lexicon"),
    "periods": ("theme", "period"),
    "places": ("unit",),
}
HELD = {"tone": ("evidence",), "contrast": ("evidence", "sentences"), "trend": ("periods",), "term": ("places",)}
MONTH = {"day": 30.436875, "week": 4.348125, "month": 1.0, "quarter": 1 / 3, "year": 1 / 12}  # periods in a month
LIMIT = 5000  # specifications
Study = Any  # of `studies`, which imports this module
FAULTS = (ArithmeticError, LookupError, ValueError)  # what is wrong with one specification and not with the others


def decisions(given: Mapping[str, object] | str | Path, every: bool = True) -> dict[str, list]:
    """The values of each decision, the default first: those given, as values or as a TOML file, else (`every`) the
    usual ones, or only the default.

    Raises
    ------
    InputError : a decision or a value that there is not, or more specifications than 5 000.

    >>> decisions({"weights": ["signs"]}, every=False)["weights"], decisions({})["backoff"]
    (['signs'], [True, False])
    """
    if isinstance(given, str | Path):
        given = read(given) if given else {}
    if unknown := given.keys() - VALUES.keys():
        raise InputError(f"unknown decision {min(unknown)!r}; there are: {', '.join(VALUES)}")
    found = {}
    for name, usual in VALUES.items():
        own = given.get(name, usual if every else usual[:1])
        own = own if isinstance(own, list | tuple) else [own]
        if not own:
            raise InputError(f"decision {name!r} has no value; leave it out for its default")
        for value in own:
            _checked(name, value, usual)
        found[name] = list(dict.fromkeys(own))
    if (count := len(specifications(found))) > LIMIT:
        raise InputError(f"{count:,} specifications; give fewer values: at most {LIMIT:,} are made")
    return found


def read(path: str | Path) -> dict[str, object]:
    """The values of decisions in a TOML file."""
    try:
        with opened(Path(path)) as file:
            return tomllib.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"decisions {str(path)!r}: no TOML table can be read there ({error})") from None


def _checked(name: str, value: object, usual: tuple) -> None:
    """`InputError` for a value that a decision cannot have."""
    typed(type(usual[0]), **{name: value})
    if name == "period" and value:
        timeline.pandas_period(value)
    elif name in ("weights", "unit") and value not in usual:
        raise InputError(f"decision {name!r} is {value!r}; there are: {', '.join(usual)}")
    elif name == "lexicon" and value:
        sentiment.read(LANGUAGES[0], value)
    elif name == "reference" and value:
        files.located(value)


def specifications(values: Mapping[str, list]) -> list[dict]:
    """Every outcome for which a decision has several values (all outcomes where none has), under every combination of
    the decisions that it rests on; of each, the default first."""
    made = []
    varied = {name for name, own in values.items() if len(own) > 1}
    for outcome, names in OUTCOMES.items():
        if varied and varied.isdisjoint(names):
            continue
        for own in product(*(values[name] for name in names)):
            made.append({"outcome": outcome, **dict(zip(names, own, strict=True))})
    return made


def swept(study: Study, values: Mapping[str, list], term: str = "") -> tuple[pd.DataFrame, dict[str, bytes]]:
    """The table of specifications of a study, and the ledgers that they rest on, by name (Parquet).

    Parameters
    ----------
    values : see `decisions`; where a theme, a lexicon or a period is "", that of the study stands.
    term : whose log ratio is estimated; "" for the first key term by lemma against the general list.

    Returns
    -------
    DataFrame, one row per specification, of each outcome the default first: `outcome` (tone: net tone of the sentences
    on the theme, -1 to 1; contrast: its difference to other sentences of the same articles; trend: change of the share
    of articles with the theme in a month; term: log2 of the rate of a term over that of the reference), the decisions
    (missing where the outcome does not rest on them), `default`, `estimate`, `low`, `high` (95 % interval; of a trend
    97.5 %), `n` (sentences, articles, periods, occurrences), `state` (shown, refused, failed), `reason` (the floors
    missed, or the failure), `ledger` (names of what it rests on; how a row of evidence counts says
    `sentiment.rescored`). `attrs["term"]` is the term as it is written, `attrs["asked"]` whether it was.
    """
    values = settled(study, values)
    specs, branches = specifications(values), Branches(study, values, term)

    def place(number: int) -> list[int]:
        own = ((name, specs[number].get(name, values[name][0])) for name in ("theme", "lexicon"))
        return [values[name].index(value) for name, value in own]

    order, rows = sorted(range(len(specs)), key=place), {}
    for number in progress.over(order, len(order), "sweep"):
        rows[number] = branches.row(specs[number])
    table = pd.DataFrame([rows[number] for number in range(len(specs))])
    table.insert(1 + len(VALUES), "default", ~table.outcome.duplicated())
    kinds = {name: "boolean" for name, usual in VALUES.items() if isinstance(usual[0], bool)}
    table = table.astype(kinds | dict.fromkeys(("estimate", "low", "high"), float))
    looked = branches.looked[1] if "term" in set(table.outcome) else term
    table.attrs = {"term": looked, "asked": bool(term)}
    return table, dict(sorted(branches.ledgers.items()))


def settled(study: Study, values: Mapping[str, list]) -> dict[str, list]:
    """The values with those of the study in the place of "", each once."""
    own = {"theme": study.theme, "lexicon": study.lexicon, "period": study.period or timeline.chosen(study.articles)}
    found = {name: list(dict.fromkeys(value or own[name] for value in values[name])) for name in own}
    for theme, language in product(found["theme"], study.articles.language.unique()):
        themes.theme(theme, language)
    return {**values, **found}


class Branches:
    """What the specifications of one sweep share, each made when it is first asked for; and the rows and ledgers that
    an earlier sweep has left in the store, by what they were made of."""

    def __init__(self, study: Study, values: Mapping[str, list], term: str):
        self.study, self.values, self.last, self.asked = study, values, study, term
        self.ledgers: dict[str, bytes] = {}
        self.content, self.running = cache(self._content), cache(self._running)
        self.rated, self.against = cache(self._rated), cache(self._against)
        contents = store.corpus(study.source[0]) if study.source else []
        self.key = store.key("sweep", contents, study.source[1:], term, telling()) if contents else ""

    def row(self, spec: dict) -> dict:
        """A specification with its estimate, or with the reason why there is none."""
        named, kinds = {"outcome": spec["outcome"], **dict.fromkeys(VALUES), **spec}, HELD[spec["outcome"]]
        try:
            held = ", ".join(self.hold(kind, spec) for kind in kinds)
            name = self.named(*spec.items())
            if kept := store.read(self.key, name):
                return {**named, **json.loads(kept), "ledger": held}
            made = getattr(self, spec["outcome"])(spec)
        except FAULTS as error:
            return {**named, **_made((), state="failed", reason=_told(error)), "ledger": ""}
        store.write(self.key, name, json.dumps(made).encode())
        return {**named, **made, "ledger": held}

    def hold(self, kind: str, spec: dict) -> str:
        """The name of a ledger that a specification rests on, which is made if need be."""
        own = [(name, spec[name]) for name in LEDGERS[kind]]
        every = list(product(*(self.values[name] for name, _ in own)))
        name = f"{kind}-{1 + every.index(tuple(value for _, value in own))}"
        if name not in self.ledgers:
            key = self.named(("ledger", kind), *own)
            kept = store.read(self.key, key)
            if kept is None:
                kept = store.parquet(tables.frame(getattr(self, kind)(spec)))
                store.write(self.key, key, kept)
            self.ledgers[name] = kept
        return name

    def named(self, *own: tuple[str, object]) -> str:
        """The name by which the store knows what is made of these decisions."""
        told = json.dumps([(name, self.content(name, value)) for name, value in own])
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def _content(self, name: str, value: object) -> object:
        """A value of a decision, or what the file holds that it names."""
        if name == "theme":
            return [repr(themes.theme(value, language)) for language in self.study.articles.language.unique()]
        if name == "reference" and value:
            return store.corpus(value)
        return runs.digest(Path(value)) if name == "lexicon" and value else value

    def at(self, spec: dict) -> Study:
        """The study of the theme and the lexicon of a specification; the last one is held."""
        if self.last.theme != spec["theme"]:
            own = spec["theme"] == self.study.theme
            self.last = self.study if own else self.study.again(spec["theme"])
        if "lexicon" in spec and self.last.lexicon != spec["lexicon"]:
            self.last = self.last.varied(spec["lexicon"], self.last.period)
        return self.last

    def evidence(self, spec: dict) -> pd.DataFrame:
        """One row per scored word of the articles with the theme; `about`: it stands in a sentence on the theme."""
        study = self.at(spec)
        both = [study.scored.assign(about=True), study.background[0].assign(about=False)]
        return pd.concat(both, ignore_index=True)

    def sentences(self, spec: dict) -> pd.DataFrame:
        """One row per sentence of these articles, with its content words (`words`) and its family."""
        study = self.at(spec)
        both = pd.concat([study.scores.assign(about=True), study.background[1].assign(about=False)], ignore_index=True)
        return both[["article", "sentence", "family", "words", "about"]]

    def periods(self, spec: dict) -> pd.DataFrame:
        """One row per period; see `timeline.trend`."""
        study = self.at(spec)
        return timeline.trend(study.articles, study.speaking, spec["period"])

    def places(self, spec: dict) -> pd.DataFrame:
        """One row per place of the term; see `terms.positions`."""
        return terms.positions(self.running(spec["unit"]), [self.form(spec["unit"])], spec["unit"])

    def tone(self, spec: dict) -> dict:
        """Net tone of the sentences on the theme."""
        study = self.at(spec)
        found = sentiment.verdict(_scores(study.scores, study.scored, spec))
        return _made(found.refusals, estimate=found.net, low=found.low, high=found.high, n=found.sentences)

    def contrast(self, spec: dict) -> dict:
        """Its mean difference, by article, to other sentences that are about as long."""
        study = self.at(spec)
        evidence, scores = study.background
        pair = _scores(study.scores, study.scored, spec), _scores(scores, evidence, spec)
        found = sentiment.contrast(*pair)
        return _made(found.refusals, estimate=found.difference, low=found.low, high=found.high, n=found.articles)

    def trend(self, spec: dict) -> dict:
        """Change of the share of articles with the theme, in a month."""
        found, length = timeline.slope(self.periods(spec)), MONTH[spec["period"]]
        missed = found.attrs.get("refusals", ())
        if missed:
            return _made(missed)
        row = found.iloc[0]
        numbers = {"estimate": row.slope * length, "low": row.low * length, "high": row.high * length}
        return _made((), n=row.periods, **numbers)

    def term(self, spec: dict) -> dict:
        """Log ratio of the rate of the term over that of the reference, with an interval over articles."""
        unit, counts = spec["unit"], self.rated(spec["unit"], spec["function"])
        found = terms.candidates(counts[counts.term == self.form(unit)])
        if found.empty:
            return _made(found.attrs["refusals"])
        count = int(found["count"].iloc[0])
        if spec["reference"]:
            sides = [
                terms.per_article(side, found.term)
                for side in (self.running(unit), self.against(spec["reference"], unit))
            ]
            missed = floors.refusals(
                "rank-sum", **{"articles": len(sides[0][1]), "reference articles": len(sides[1][1])}
            )
            estimate, low, high = terms.clustered(*_beside(sides))
        else:
            general = terms.background(found, terms.languages(self.study.sample), unit)["count"].to_numpy()
            sure = terms.intervals(found, self.running(unit), unit)
            missed, rates = sure.attrs["refusals"], sure[["per_10k", "low", "high"]].iloc[0].astype(float)
            estimate, low, high = np.log2(rates * terms.BILLION / 1e4 / general[0])
        return _made(missed, estimate=estimate, low=low, high=high, n=count)

    @cached_property
    def looked(self) -> tuple[str, str]:
        """The term that is looked at, by lemma, and how it is written; "" where nothing is asked for and no term is
        surely typical."""
        if self.asked:
            return self.asked, self.asked
        kept = store.read(self.key, "looked")
        if kept is None:
            counts = self.rated("lemma", False)
            found = terms.keyness(counts, terms.background(counts, terms.languages(self.study.sample)))
            first = found[found.lrc > 0].head(1)
            kept = "\n".join([*first.term, *first.label]).encode()
            store.write(self.key, "looked", kept)
        term, _, label = kept.decode().partition("\n")
        return term, label

    def form(self, unit: str) -> str:
        """The term in a unit: of the forms of a lemma, the commonest."""
        term, _ = self.looked
        if unit == "lemma":
            return term
        kept = self.running("lemma")
        forms = kept.word[kept.term == term].map(words.fold).value_counts()
        return min(forms.index[forms == forms.max()], default=words.fold(term))

    def _running(self, unit: str) -> pd.DataFrame:
        return terms.running(self.study.tokens, unit)

    def _rated(self, unit: str, function: bool) -> pd.DataFrame:
        return terms.rated(self.running(unit), unit, function)

    def _against(self, reference: str, unit: str) -> pd.DataFrame:
        """The running words of a reference."""
        own = self.study.source
        language, sample = (own[1], own[4]) if own else (self.study.articles.language.mode()[0], MOST)
        read = drawn(corpus.batches(reference, language), sample)
        return terms.running(words.tokens(bodies.body(read)), unit)


def _scores(scores: pd.DataFrame, evidence: pd.DataFrame, spec: dict) -> pd.DataFrame:
    way = {"weights": spec["weights"], "context": spec["negation"], "backoff": spec["backoff"]}
    return sentiment.rescored(scores, evidence, spec["themed"], **way)


def _beside(sides: list[tuple[pd.DataFrame, pd.Series]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Occurrences and words of each article here and there, as `terms.clustered` takes them."""
    made = []
    for parts in ([counts.iloc[:, 0] for counts, _ in sides], [sizes for _, sizes in sides]):
        own = [part.set_axis([(side, name) for name in part.index]).rename(side) for side, part in enumerate(parts)]
        made.append(pd.concat(own, axis=1).fillna(0))
    return made[0], made[1]


def _made(missed: Iterable[floors.Refusal], state: str = "shown", reason: str = "", **numbers: float) -> dict:
    """What is said of a specification: numbers, or why there are none."""
    told = dict.fromkeys(("estimate", "low", "high"), math.nan) | {"n": 0}
    if missed:
        return told | {"state": "refused", "reason": wording.pieces(map(str, missed))}
    if not np.isfinite([float(value) for value in numbers.values()]).all():
        return told | {"state": "failed", "reason": "no finite estimate and interval"}
    return told | {name: float(value) for name, value in numbers.items()} | {"state": state, "reason": reason}


def _told(error: Exception) -> str:
    return " ".join(str(error if isinstance(error, InputError) else f"{type(error).__name__}: {error}").split())


def summary(rows: pd.DataFrame) -> dict[str, object]:
    """What the specifications of one outcome say together.

    Returns
    -------
    `all`, `shown`, `refused`, `failed` (specifications); `estimate`, `low`, `high`, `n` of the default (missing where
    it is not shown); `least`, `most` (estimates); `kept` (shown ones with the sign of the default, or of most where the
    default is not shown), `sure` (whose interval lies on that side, too), `side` (1, -1, 0), `below`, `above` (shown
    ones under and over the default).
    """
    shown, first = rows[rows.state == "shown"], rows.iloc[0]
    signs = np.sign(shown.estimate)
    side = np.sign(first.estimate) if first.state == "shown" else np.sign(signs.sum())
    found = {state: int((rows.state == state).sum()) for state in ("shown", "refused", "failed")}
    found |= {"all": len(rows), "side": int(side), "kept": int((signs == side).sum())}
    found["sure"] = int(((shown.low * side > 0) & (shown.high * side > 0)).sum())
    found |= {"least": shown.estimate.min(), "most": shown.estimate.max()}
    found |= {
        "below": int((shown.estimate < first.estimate).sum()),
        "above": int((shown.estimate > first.estimate).sum()),
    }
    return found | {name: first[name] for name in ("estimate", "low", "high", "n")}


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """What the estimates of one outcome owe to each decision that has several values.

    The share is the Shapley value (Shapley 1953) of the variance between the estimates, explained by the values of a
    set of decisions and all that they do together: exact, and the shares sum to 1, where all are shown.

    Returns
    -------
    DataFrame, one row per decision, the largest share first: `outcome`, `decision`, `values` (how many), `share` (0 to
    1; missing where fewer than two estimates are shown, or all are equal), `inert` (whether no other value of it, all
    else equal, changes an estimate, an interval or a refusal; missing where no estimate is shown).
    """
    outcome = rows.outcome.iloc[0]
    names = [name for name in OUTCOMES[outcome] if rows[name].nunique(dropna=False) > 1]
    shown = rows[rows.state == "shown"]
    total = float(((shown.estimate - shown.estimate.mean()) ** 2).sum())

    @cache
    def explained(held: frozenset[str]) -> float:
        means = shown.groupby(sorted(held), dropna=False).estimate.transform("mean") if held else shown.estimate.mean()
        return float(((means - shown.estimate.mean()) ** 2).sum()) / total

    made = []
    told = len(shown) > 1 and np.ptp(shown.estimate) > 1e-12
    for name in names:
        others, share = [other for other in names if other != name], math.nan
        if told:
            parts = [
                (explained(frozenset((*held, name))) - explained(frozenset(held)))
                / (len(names) * math.comb(len(others), size))
                for size in range(len(names))
                for held in combinations(others, size)
            ]
            share = abs(round(math.fsum(parts), 12))
        made.append({"outcome": outcome, "decision": name, "values": rows[name].nunique(dropna=False), "share": share})
        made[-1]["inert"] = _inert(rows, others) if len(shown) else None
    table = pd.DataFrame(made, columns=["outcome", "decision", "values", "share", "inert"]).astype({"inert": "boolean"})
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _inert(rows: pd.DataFrame, others: list[str]) -> bool:
    """Whether all rows that differ in one decision only say the same."""
    told = rows[["state", "reason", "estimate", "low", "high"]].round(12).astype(str).sum(axis=1)
    groups = told.groupby([rows[name] for name in others], dropna=False) if others else told.groupby(lambda _: 0)
    return bool((groups.nunique() == 1).all())
