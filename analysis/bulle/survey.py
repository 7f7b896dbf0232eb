"""One reading of a corpus of any size for a theme: every article is counted, and the texts to be analysed are held."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from sys import intern

import numpy as np
import pandas as pd
import polars as pl

from bulle import bodies, corpus, families, parts, passages, progress, store, typed, words
from bulle.draw import MOST, Draw
from bulle.floors import Said
from bulle.wording import said


@dataclass(frozen=True)
class Survey:
    """What one reading of a corpus leaves behind.

    `articles` : one row per article read, without its text: `article`, `source`, `date`, `language`, `family` (see
    `families.families`), `places` (times that the theme stands in its body), `sentences` (that hold it).
    `holding` : the articles that hold the theme, and `sample` : articles of any kind, both as `corpus.read` gives them,
    with `family`; drawn at random where they are more than memory should hold (see `Draw`). `corpus.report(sample)`
    tells of the whole reading.
    `words`, `sentences` : how many the bodies of all articles hold.
    `listened`, `foreign` : articles of a sample whose language was heard, and those that sound like another than the
    one given (see `corpus.listened`).
    """

    articles: pd.DataFrame
    holding: pd.DataFrame
    sample: pd.DataFrame
    words: int
    sentences: int
    listened: int = 0
    foreign: int = 0

    @property
    def found(self) -> int:
        """Number of articles that hold the theme."""
        return int((self.articles.places > 0).sum())

    def told(self, theme: str) -> Said:
        """How much was read, and what of it was analysed, in sentences; `theme` is its name there."""
        read = {"articles": len(self.articles), "words": self.words, "found": self.found, "theme": theme}
        key = "survey.one" if len(self.articles) == 1 else "survey.many"
        ends = {"survey.one": {0: ".none"}, "survey.many": {0: ".none", 1: ".one"}}[key]
        parts = [said(key + ends.get(self.found, ""), **read)]
        for held, whole, use in ((self.sample, len(self.articles), "terms"), (self.holding, self.found, "tone")):
            if len(held) < whole:
                parts.append(said(f"survey.drawn.{use}", held=len(held), whole=whole))
        sample = bodies.body(self.sample)
        bare = int((sample.text.str.strip() == "").sum())
        if bare and 1 < len(self.articles) == len(sample):
            parts.append(said("survey.bare", bare=bare))
        if not self.found or theme != theme.lower():  # else there is nothing to hint at
            parts.append(passages.hint(sample, theme))
        return Said(" ".join(parts).strip())


def survey(articles: pd.DataFrame | Iterable[pd.DataFrame], theme: str, most: int = MOST) -> Survey:
    """One reading of a corpus for a theme.

    Parameters
    ----------
    articles : as `corpus.read` gives them or, for a corpus beyond memory, in batches as `corpus.batches` does.
    theme : see `passages.pattern`.
    most : characters of text held, once for the articles that hold the theme and once for those of any kind.
    """
    typed(int, sample=most)
    batches = [articles] if isinstance(articles, pd.DataFrame) else articles
    return merged(((number, *pair) for number, pair in enumerate(parts.mapped(surveyed, batches, theme))), most)


def merged(done: Iterable[tuple[int, pd.DataFrame, "Part"]], most: int = MOST) -> Survey:
    """The survey of a corpus from that of its parts: the place of each in the order of reading, its articles, what was
    counted in them; the same in whatever order they come."""
    sample, holding, counts, told = Draw(most), Draw(most), {}, {}
    for number, batch, part in done:
        sample.add(batch, number)
        holding.add(batch[batch.article.isin(part.articles.article[part.articles.places > 0])], number)
        shared = {name: part.articles[name].map(intern) for name in ("source", "language")}  # equal ones as one string
        counts[number] = replace(part, articles=part.articles.assign(**shared))
        told |= batch.attrs  # of the whole reading, with its last batch
    ordered = [counts[number] for number in sorted(counts)]
    about = pd.concat([part.articles for part in ordered], ignore_index=True)
    signatures = bytearray().join(part.signatures for part in ordered)
    first = families.kin(np.frombuffer(signatures, np.uint32).reshape(-1, families.SLOTS))
    about["family"] = about.article.to_numpy()[first]
    family = about.set_index("article").family
    held = [draw.articles.assign(family=draw.articles.article.map(family)) for draw in (holding, sample)]
    held[1].attrs = told
    total, cut = sum(part.words for part in ordered), sum(part.sentences for part in ordered)
    return Survey(about, *held, total, cut, **told.get("heard", {}))


@dataclass(frozen=True)
class Part:
    """What is counted in some articles: their rows without text, and the sums over them."""

    articles: pd.DataFrame
    signatures: bytes
    words: int
    sentences: int


def surveyed(articles: pd.DataFrame, theme: str) -> Part:
    """Some articles, counted; `theme` as for `survey`."""
    body = bodies.body(articles)
    places = passages.matches(body, theme)
    length, cuts, signatures = measured(body)
    starts = dict(zip(body.article, cuts, strict=True))
    return Part(counted(articles, places, starts), signatures, length, sum(map(len, cuts)))


def measured(body: pd.DataFrame) -> tuple[int, list[list[int]], bytes]:
    """What no theme changes: the words of some bodies, where the sentences of each begin, and their signatures (see
    `families.signatures`); those of a large part of a corpus are kept in the store."""
    rows = body[["article", "language", "text"]]
    key = store.key(rows.to_numpy().tolist()) if corpus.large(body) else ""
    if kept := store.read(key, "measures"):
        made = pl.read_parquet(kept)
        return made["words"][0], made["starts"].to_list(), b"".join(made["signature"])
    told = progress.over(zip(body.text, body.language, strict=True), len(body), "sentences")
    spans = (words.sentence_spans(text, language) for text, language in told)
    starts = [[start for start, _ in own] for own in spans]
    signatures = families.signatures(body)
    length = words.total(body)
    if key:
        told = {"starts": starts, "signature": [row.tobytes() for row in signatures]}
        store.write(key, "measures", store.parquet(pl.DataFrame(told).with_columns(words=pl.lit(length))))
    return length, starts, signatures.tobytes()


def counted(articles: pd.DataFrame, places: pd.DataFrame, starts: dict[str, list[int]]) -> pd.DataFrame:
    """Articles without their texts, with the places of the theme and the sentences (`starts`) that hold it in each."""
    cuts = [(article, start) for article in places.article.unique() for start in starts[article]]
    held = places.assign(row=passages.rows(places, pd.DataFrame(cuts, columns=["article", "start"])))
    found = held.groupby("article").row.agg(places="size", sentences="nunique")
    about = articles[["article", "source", "date", "language"]].reset_index(drop=True).copy()  # its texts may go
    return about.assign(**found.reindex(about.article, fill_value=0).reset_index(drop=True))
