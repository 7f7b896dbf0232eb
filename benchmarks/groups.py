"""Is what the account says of sources and dates true? Its numbers counted again, and placebos.

    python benchmarks/groups.py CORPUS EXPRESSION [--theme violence] [--language fr] [--draws 100]

EXPRESSION finds the theme as a reader would, such as "violences?". Of the package the second count uses the reading of
the corpus, its families of copies and what it sets aside; the rest is regular expressions and plain pandas. Placebos
assign the articles to three sources at random, and the dates to the articles: of a hundred at most seven may claim.
"""

import argparse
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from bulle import bodies, corpus, families, findings, passages, sources, survey, timeline
from bulle.findings import Ledger

ALLOWED = 7  # of a hundred placebos: more than that would be met in one run of eight by honest tests


def random_sources(articles: pd.DataFrame, mentions: pd.DataFrame, generator: np.random.Generator) -> bool:
    """Whether something sets three sources apart to which articles are assigned at random.

    Parameters
    ----------
    articles : see `survey.Survey`, with `places`.
    mentions : see `sources.mentions`.
    """
    drawn = pd.Series(generator.choice(["a", "b", "c"], len(articles)), articles.article)
    made = articles.assign(source=drawn.to_numpy())
    differ = sources.shares(made, made[made.places > 0]).attrs["p"] <= sources.LEVEL
    return differ or len(sources.phrases(mentions.assign(source=mentions.article.map(drawn)))) > 0


def random_dates(articles: pd.DataFrame, generator: np.random.Generator) -> bool:
    """Whether the theme seems to rise, fall or peak where the dates are those of other articles."""
    made = articles.assign(date=generator.permutation(articles.date))
    shares = timeline.trend(made, made[made.places > 0])
    slope = timeline.slope(shares)
    return bool(len(slope) and slope.direction[0]) or len(timeline.peaks(shares)) > 0


def again(ledger: Ledger, articles: pd.DataFrame, expression: str) -> Iterator[tuple[str, float, float]]:
    """Each count of sources and periods in a ledger, as it stands there and as it is counted again.

    Parameters
    ----------
    articles : bodies, as `bodies.body(families.families(...))` gives them.
    expression : finds the theme, in words of its own.
    """
    theme = re.compile(rf"\b(?:{expression})\b", re.I)
    known = articles.assign(holds=[bool(theme.search(text)) for text in articles.text])
    for name in ledger.group("source"):
        own = known[known.source == ledger[name].value]
        rest = known[(known.source != ledger[name].value) & (known.source != "")]
        kin = own.groupby("family").holds.max()
        for part, count in (("articles", len(kin)), ("holding", kin.sum()), ("share", kin.mean())):
            if f"{name}.{part}" in ledger:
                yield f"{name}.{part}", ledger[f"{name}.{part}"].value, count
        for phrase in (one for one in (f"{name}.phrase.1", f"{name}.phrase.2") if one in ledger):
            words = r"\s+".join(map(re.escape, ledger[phrase].value.split())).replace("'", "['’ʼ]")
            for part, side in ((phrase, own), (f"{phrase}.elsewhere", rest)):
                texts = side.groupby(["source", "family"]).text.first()
                whole = sum(len(theme.findall(text)) for text in texts)
                found = sum(len(re.findall(rf"\b{words}\b", text, re.I)) for text in texts)
                yield f"{part}.count", ledger[f"{part}.count"].value, found
                yield f"{part}.mentions", ledger[f"{part}.mentions"].value, whole
    dated = known[known.date.notna()].groupby("family").agg({"date": "min", "holds": "max"})
    for name, finding in ledger.findings.items():
        if finding.unit == "period":
            unit, first = timeline.opening(finding.value)
            last = pd.Timestamp(first) + pd.tseries.frequencies.to_offset(
                {"day": "1D", "week": "7D", "month": "1MS", "quarter": "3MS", "year": "12MS"}[unit]
            )
            own = dated[(dated.date >= pd.Timestamp(first)) & (dated.date < last)]
            for part, count in (("articles", len(own)), ("holding", own.holds.sum()), ("share", own.holds.mean())):
                yield f"{name}.{part}", ledger[f"{name}.{part}"].value, count


def main() -> None:
    """Count again and draw the placebos for one corpus and theme."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("expression")
    parser.add_argument("--theme", default="violence")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--draws", type=int, default=100)
    given = parser.parse_args()
    read = corpus.read(given.corpus, given.language)
    ledger = findings.ledger(read, {"theme": given.theme})
    own, wrong = bodies.body(families.families(read)), 0
    counts = list(again(ledger, own, given.expression))
    for name, value, count in counts:
        if abs(value - count) > 1e-9:
            wrong += 1
            print(f"{name}: {value} in the ledger, {count} counted again")
    print(f"{given.theme}: {len(counts) - wrong} of {len(counts)} numbers on sources and periods stand")
    about = survey.survey(read, given.theme)
    holding = bodies.body(about.holding)
    places = passages.matches(holding, given.theme)
    mentions = sources.mentions(holding, places, passages.around(holding, places, 0))
    generator = np.random.default_rng(29)
    for kind, claim in (
        ("random sources", lambda: random_sources(about.articles, mentions, generator)),
        ("random dates", lambda: random_dates(about.articles, generator)),
    ):
        claims = sum(claim() for _ in range(given.draws))
        print(f"{given.theme}: {kind}, {claims} of {given.draws} make a claim; {ALLOWED} of 100 are allowed")


if __name__ == "__main__":
    main()
