"""The study of a corpus for a theme: its tables, each made once, when it is first asked for."""

from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from bulle import (
    LANGUAGES,
    InputError,
    bodies,
    corpus,
    floors,
    groups,
    meant,
    names,
    parts,
    passages,
    quantities,
    sentiment,
    shares,
    speech,
    stance,
    store,
    survey,
    sweeps,
    terms,
    themes,
    typed,
    words,
)
from bulle.draw import MOST, drawn
from bulle.floors import Said
from bulle.readers import files
from bulle.survey import Survey
from bulle.wording import said

Made = TypeVar("Made")

LARGE = 500_000  # characters of the articles that hold a theme: their tables take longer than starting a process
NEXT = (
    "study.matches",
    "study.hits",
    "study.scores",
    "study.quotes",
    "study.voices",
    "study.stances",
    "study.amounts",
    "study.actors",
    "study.groups",
    "study.evidence",
    "study.frequency()",
    "collocations.concordance(study.holding, study.matches)",
    "narrative.account(findings.ledger(study, {}))",
)  # what one may ask of a study next
LEDGERS = ("matches", "scores", "evidence", "quotes", "voices", "stances", "amounts", "actors", "contexts", "groups")
MODULES = "collocations, findings, narrative, terms"


class Study:
    """Tables that the notebooks and the account read; `start` and `end` are always characters of `articles.text`.

    Parameters
    ----------
    read : what one reading of the corpus left behind, see `survey.survey`.
    theme : see `passages.pattern`.
    lexicon : path of a CSV of one's own, see `lexicon.read`.
    period : to count by, see `timeline.periods`.
    reader : reads the corpus for another theme; `source`: path, language, columns, unreadable and sample of the corpus.
    """

    def __init__(
        self,
        read: Survey,
        theme: str,
        lexicon: str = "",
        period: str = "",
        reader: Callable[[str], Survey] | None = None,
        source: tuple = (),
    ):
        self.read, self.theme, self.lexicon, self.period = read, theme, lexicon, period
        self.reader, self.source = reader, source
        self.own = _own(lexicon)
        self.begun: dict[str, parts.Ahead] = {}  # what other processes make, see `ahead`

    def varied(self, lexicon: str, period: str) -> "Study":
        """The same study with another lexicon and period: the tables that they do not touch are kept."""
        own = _own(lexicon)
        if (own, period) == (self.own, self.period):
            return self
        made = copy(self)
        made.lexicon, made.own, made.period = lexicon, own, period
        if own != self.own:
            made.__dict__.pop("tone", None)
            made.__dict__.pop("background", None)
            made.begun = {name: begun for name, begun in self.begun.items() if name != "background"}
        if period != self.period:
            made.__dict__.pop("tokens", None)
        return made

    def ahead(self) -> "Study":
        """The study itself: of a large one that is wanted whole, what takes long is begun in other processes."""
        if whole and parts.OTHERS and sum(map(len, self.holding.text)) > LARGE:
            calls = {  # in the order in which they are asked for
                "grouped": (_grouped, self._theirs, self.holding, self.matches),
                "background": (sentiment.scored, self.rest, self.holding, self.lexicon),
                "quotes": (speech.said, self.holding),
                "mentions": (names.mentions, self.holding),
                "amounts": (quantities.amounts, self.holding),
            }
            if self._cut:
                del calls["grouped"]
            self.begun = dict.fromkeys(calls, parts.Ahead(calls))
        return self

    def _made(self, name: str, function: Callable[..., Made], *given: object) -> Made:
        """What a function gives, which may have been begun."""
        return self.begun.pop(name).settled(name) if name in self.begun else function(*given)

    def again(self, theme: str) -> "Study":
        """The study of the same corpus for another theme."""
        return Study(self.reader(theme), theme, self.lexicon, self.period, self.reader, self.source)

    def sweep(self, decisions: Mapping[str, object] | str | Path = "", term: str = "") -> pd.DataFrame:
        """One row per specification: the choices behind the tone, the trend and a key term, made in every way.

        Parameters
        ----------
        decisions : values of some decisions by name, or a TOML file of them; of the others, the usual ones are taken
            (see `sweeps.VALUES`).
        term : see `sweeps.swept`, which names the columns.
        """
        return sweeps.swept(self, sweeps.decisions(decisions), term)[0]

    @property
    def many(self) -> bool:
        """Whether more than one article was read."""
        return len(self.articles) > 1

    @property
    def articles(self) -> pd.DataFrame:
        """One row per article read, without its text; see `survey.Survey`."""
        return self.read.articles

    @cached_property
    def speaking(self) -> pd.DataFrame:
        """Those of them that hold the theme."""
        return self.articles[self.articles.places > 0]

    @cached_property
    def sample(self) -> pd.DataFrame:
        """Articles of any kind, with the text outside their bodies blanked; drawn at random of a large corpus."""
        return bodies.body(self.read.sample)

    @cached_property
    def holding(self) -> pd.DataFrame:
        """Articles that hold the theme, in the same way."""
        return bodies.body(self.read.holding)

    @cached_property
    def texts(self) -> pd.DataFrame:
        """The articles of `sample` and `holding` as they were read, each once."""
        return pd.concat([self.read.sample, self.read.holding]).drop_duplicates("article")

    @cached_property
    def about(self) -> pd.DataFrame:
        """The same, by their names."""
        return self.texts.set_index("article")

    @cached_property
    def tokens(self) -> pd.DataFrame:
        """One row per token of `sample`, with the source, the family and the period of its article."""
        rows = terms.attributed(self.sample[["article", "language", "text"]], self.articles, self.period)
        key = store.key("tokens", rows.to_numpy().tolist()) if corpus.large(rows) else ""
        made = store.table(key, lambda: terms.attributed(words.tokens(self.sample), self.articles, self.period))
        parts.spared()
        return made

    def frequency(self, unit: str = "lemma", function: bool = False) -> pd.DataFrame:
        """One row per term of `tokens`; see `terms.frequency`."""
        if (unit, function) not in self._counted:
            self._counted[unit, function] = terms.frequency(self.tokens, unit, function)
        return self._counted[unit, function]

    @cached_property
    def _counted(self) -> dict[tuple[str, bool], pd.DataFrame]:
        return {}

    @cached_property
    def matches(self) -> pd.DataFrame:
        """One row per place of the theme in `holding`; see `passages.matches`."""
        return self._sought[0]

    @cached_property
    def _sought(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The places of the theme in `holding`, and those that it leaves out."""
        return passages.sought(self.holding, self.theme)

    @cached_property
    def beside(self) -> pd.DataFrame:
        """One row per place of the theme in `sample`."""
        return passages.matches(self.sample, self.theme)

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """One row per sentence of `holding`; see `words.sentences`."""
        return words.sentences(self.holding)

    @cached_property
    def hits(self) -> pd.DataFrame:
        """The sentences of `holding` that hold the theme: `article`, `sentence`, `start`, `end`, `match`, `text`."""
        return passages.among(self.sentences, self.matches, 0).drop(columns="passage").reset_index(drop=True)

    @cached_property
    def rest(self) -> pd.DataFrame:
        """All other sentences of `holding`."""
        return passages.others(self.sentences, self.hits)

    @cached_property
    def tone(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """`evidence` and `scores` of the theme sentences; see `sentiment.scored`."""
        return sentiment.scored(self.hits, self.holding, self.lexicon, self.matches)

    @property
    def scored(self) -> pd.DataFrame:
        """One row per scored word of the theme sentences, those of the theme itself (`theme`) among them."""
        return self.tone[0]

    @property
    def evidence(self) -> pd.DataFrame:
        """One row per scored word of the theme sentences that counts."""
        return self.scored[~self.scored.theme]

    @property
    def scores(self) -> pd.DataFrame:
        """One row per theme sentence: its masses, its tone, its verdict."""
        return self.tone[1]

    @cached_property
    def amounts(self) -> pd.DataFrame:
        """One row per amount that `holding` names; see `quantities.amounts`; `theme`: in a sentence of the theme."""
        found = self._made("amounts", quantities.amounts, self.holding).reset_index(drop=True)
        return found.assign(theme=passages.within(found, self.hits))

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """One row per name in `holding`; see `names.mentions`."""
        return self._made("mentions", names.mentions, self.holding)

    @cached_property
    def actors(self) -> pd.DataFrame:
        """One row per actor that `holding` names; see `names.actors`."""
        return names.against(self.mentions, self.holding, self.hits, self.rest)

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row per place of the theme: its voice (see `speech.voices`; "" in a language without its lists), its
        stance and who holds it ("" where it has none), the `source`, the `family`, the `date` and the `language` of its
        article."""
        keys, about = ["article", "sentence", "start", "end"], ["source", "family", "date", "language"]
        held = self.stances[["article", "start", "stance", "mode", "holder", "cues", "image"]]
        numbers = self.sentences.sentence.to_numpy()[passages.rows(self.matches, self.sentences)]
        found = self.matches.assign(sentence=numbers)[keys]
        table = found.merge(self.voices, "left", on=keys).merge(held, "left", on=["article", "start"])
        empty = dict.fromkeys(["voice", "name", "stance", "holder"], "") | {"hearsay": False}
        table = table.fillna(empty).astype({"hearsay": bool})
        return table.assign(**self.about.loc[table.article, about].set_index(table.index))

    @cached_property
    def stances(self) -> pd.DataFrame:
        """One row per place of the theme in `holding`: what is held of it there (see `stance.stances`), and the name of
        its `holder` ("" if it is not certain; see `speech.holders`)."""
        table = stance.held(self.holding, self.theme, self.hits, self.matches)
        places = table.merge(self.voices[["article", "start", "voice", "quote"]], "left", on=["article", "start"])
        held = speech.holders(places, *self._said)
        known = names.resolved(held[held.name != ""], self.mentions)
        return table.assign(holder=known.name[known.type != "LOC"].reindex(table.index, fill_value=""))

    @cached_property
    def grouped(self) -> groups.Groups:
        """In what company of words the theme is spoken of, with all that it is told by; see `groups.groups`."""
        if self._cut:
            return groups.groups(self._theirs, self.tokens, self.matches)
        return self._made("grouped", _grouped, self._theirs, self.holding, self.matches)

    @property
    def _cut(self) -> bool:
        """Whether all articles that hold the theme are among those of any kind, whose tokens are made."""
        return self.holding.article.isin(self.sample.article).all()

    @property
    def _theirs(self) -> pd.DataFrame:
        """The theme sentences with what is known of their articles."""
        about = self.about.loc[self.hits.article, ["family", "source", "date", "language"]]
        return pd.concat([self.hits, about.set_index(self.hits.index)], axis=1)

    @property
    def groups(self) -> pd.DataFrame:
        """One row per group of contexts; its `attrs` say how stable they are, or which floor was missed."""
        floors.noted(self.grouped.table.attrs["refusals"])
        return self.grouped.table

    @property
    def contexts(self) -> pd.DataFrame:
        """One row per theme sentence: the `group` of contexts that it is in, `source`, `family`, `date`."""
        return self.grouped.contexts

    @property
    def kinds(self) -> tuple[str, ...]:
        """Stances that are told well enough for shares in every language of the places that have one."""
        languages = self.places.language[self.places.stance != ""].unique()
        told = [stance.shares(self.theme, language) for language in languages]
        return tuple(kind for kind in shares.STANCES if told and all(kind in own for own in told))

    @cached_property
    def background(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """`evidence` and `scores` of the rest."""
        return self._made("background", sentiment.scored, self.rest, self.holding, self.lexicon)

    @cached_property
    def _said(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What is said in `holding`, and what is held there without words; see `speech.said`."""
        return self._made("quotes", speech.said, self.holding)

    @cached_property
    def quotes(self) -> pd.DataFrame:
        """One row per quotation of `holding`, with its speaker under the name of the actor; see `speech.quotes`."""
        return names.spoken(self._said[0], self.mentions)

    @cached_property
    def voices(self) -> pd.DataFrame:
        """One row per place of the theme: who says it; see `speech.voices`."""
        return speech.voices(self.matches, self.quotes, self.holding, self.sentences)

    @property
    def ledgers(self) -> dict[str, pd.DataFrame]:
        """Its tables of places, by their names, for whoever counts on from here."""
        return {name: getattr(self, name) for name in LEDGERS}

    def told(self) -> Said:
        """How much was read, what of it was analysed, and what was taken for the theme, in sentences."""
        taken = meant.line(*self._sought)
        return Said(" ".join(filter(None, [self.read.told(self.theme), taken])))

    @property
    def counts(self) -> pd.DataFrame:
        """One row: the `theme`, the `articles`, `words`, `sentences` and `sources` read and their `first` and `last`
        day, and the articles (`holding`), `places` and sentences (`hits`) where the theme stands."""
        days = self.articles.date.dropna().dt.date
        row = {
            "theme": self.theme,
            "articles": len(self.articles),
            "words": self.read.words,
            "sentences": self.read.sentences,
            "sources": self.articles.source[self.articles.source != ""].nunique(),
            "first": days.min() if len(days) else "",
            "last": days.max() if len(days) else "",
            "holding": self.read.found,
            "places": self.articles.places.sum(),
            "hits": self.articles.sentences.sum(),
        }
        return pd.DataFrame([row])

    def __repr__(self) -> str:
        asked = "\n".join(f"  {ask:<55} {said(f'next {ask}')}" for ask in NEXT)
        return f"{self.told()}\n{said('study.next', modules=MODULES)}\n{asked}"

    def _repr_html_(self) -> str:
        asked = "".join(f"<li><code>{ask}</code> {said(f'next {ask}')}</li>" for ask in NEXT)
        counts = floors.shown(self.counts).to_html(index=False, border=0)
        heading = Said(said("study.next", modules=MODULES))._repr_html_()
        return "\n".join([self.told()._repr_html_(), counts, heading, f"<ul>{asked}</ul>"])


def _grouped(hits: pd.DataFrame, articles: pd.DataFrame, matches: pd.DataFrame) -> groups.Groups:
    """The groups of contexts of a theme in articles that are not yet cut."""
    return groups.groups(hits, words.tokens(articles), matches)


def _meant(theme: str, language: str) -> themes.Theme:
    """What a theme means now: its file may have been written over."""
    return themes.theme(theme, language if language in LANGUAGES else LANGUAGES[0])


def _own(lexicon: str) -> list[tuple[str, int, int]]:
    """What tells one state of a lexicon of one's own from another."""
    return files.stamped([Path(lexicon)]) if lexicon else []


_kept: dict[tuple, Study] = {}  # the last one: notebooks that run one after another ask for the same
whole = False  # whether all of a study is wanted, as in a run


def study(
    path: str | Path | pd.DataFrame = "",
    theme: str = "bulle",
    language: str = "fr",
    columns: str = "",
    unreadable: float = corpus.UNREADABLE,
    sample: int = MOST,
    lexicon: str = "",
    period: str = "",
    text: str | None = None,
) -> Study:
    """The study of a corpus for a theme; the last one is kept, and given again while the files are the same.

    >>> study(text="La bulle enfle. Il pleut.").hits.text.tolist()
    ['La bulle enfle.']

    Parameters
    ----------
    path, language, columns, unreadable : see `corpus.read`; or articles as it gives them, whose study is not kept.
    sample : characters of text held at once, see `survey.survey`.
    theme, lexicon, period : see `Study`.
    text : one text to study, in the place of a path.
    """
    typed(int, sample=sample)
    typed(str, theme=theme, lexicon=lexicon, period=period)
    if (text is None) == (isinstance(path, str) and not path):
        raise InputError("study takes one of these: the path of a corpus, articles (see bulle.read), or text=")
    path = path if text is None else corpus.given(text, language)
    if isinstance(path, pd.DataFrame):
        reader = partial(survey.survey, path, most=sample)
        return Study(reader(theme), theme, lexicon, period, reader)
    corpus.settled(path, language, columns, unreadable)
    key = (str(path), theme, _meant(theme, language), language, columns, unreadable, sample, *files.stamps(path))
    if key not in _kept:
        _kept.clear()  # before another takes its room
        source = (str(path), language, columns, unreadable, sample)
        reader = partial(_surveyed, *source)
        _kept[key] = Study(reader(theme), theme, lexicon, period, reader, source).ahead()
    _kept[key] = _kept[key].varied(lexicon, period)
    return _kept[key]


def _surveyed(path: str, language: str, columns: str, unreadable: float, sample: int, theme: str) -> Survey:
    made = survey.survey(corpus.batches(path, language, columns, unreadable), theme, sample)
    parts.spared()
    return made


def tokens(path: str | Path, language: str = "fr", sample: int = MOST) -> pd.DataFrame:
    """Tokens of the bodies of another corpus, to compare with."""
    return words.tokens(bodies.body(drawn(corpus.batches(path, language), sample)))
