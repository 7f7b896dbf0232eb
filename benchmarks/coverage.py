"""How often the 95 % intervals of the net tone hold the true tone, by the number of sentences of one article; and those
of the log ratio of an actor the true one, by the number of articles.

    python benchmarks/coverage.py [--runs 600]

Masses are drawn as one hit a sentence on average (Poisson), with a common tone inside each sentence (beta-binomial,
correlation 0.3). Articles hold two sentences on the theme and 25 others on average, and name the actor more or less
(gamma of shape 0.3), in 30 % and 10 % of them on average; runs below the floors are left out. The percentile bootstrap
stands beside the clustered t to show why it is not used.
"""

import argparse

import numpy as np
import pandas as pd

from bulle import floors, sentiment, terms

RATES = 0.3, 0.1  # of the sentences on the theme that name the actor, and of the others
SHARE, WITHIN = 0.35, 0.3  # positive share of the hits, and their correlation within a sentence


def covered(sentences: int, runs: int, draws: np.random.Generator) -> tuple[float, float]:
    """Share of runs in which the clustered t, and the percentile bootstrap, hold the truth."""
    a, b = SHARE * (1 - WITHIN) / WITHIN, (1 - SHARE) * (1 - WITHIN) / WITHIN
    true, held = 2 * SHARE - 1, []
    while len(held) < runs:
        mass = draws.poisson(1.0, sentences)
        if not mass.sum():
            continue
        gap = 2 * draws.binomial(mass, draws.beta(a, b, sentences)) - mass
        low, high = sentiment.interval(pd.Series(gap), pd.Series(mass), one_article=True)
        places = draws.integers(0, sentences, (600, sentences))
        total = mass[places].sum(1)
        drawn = np.quantile(gap[places].sum(1)[total > 0] / total[total > 0], [0.025, 0.975])
        held.append((low <= true <= high, drawn[0] <= true <= drawn[1]))
    return tuple(np.mean(held, axis=0))


def ratios(articles: int, runs: int, draws: np.random.Generator) -> tuple[float, float]:
    """The same of the log ratio of an actor in and outside the sentences on a theme."""
    about = draws.gamma(0.3, 1 / 0.3, 400_000)
    true, held = np.log2(np.minimum(RATES[0] * about, 1).mean() / np.minimum(RATES[1] * about, 1).mean()), []
    while len(held) < runs:
        sizes = np.c_[1 + draws.poisson(1, articles), 5 + draws.poisson(20, articles)]
        about = draws.gamma(0.3, 1 / 0.3, articles)
        counts = draws.binomial(sizes, np.minimum(np.outer(about, RATES), 1))
        measured = {"theme sentences": counts[:, 0].sum(), "articles": (counts[:, 0] > 0).sum()}
        if not floors.reached("actor", **measured):
            continue
        _, low, high = terms.clustered(pd.DataFrame(counts), pd.DataFrame(sizes))
        weights = draws.multinomial(articles, np.full(articles, 1 / articles), 600)
        here, there = (terms.log_ratio(np.maximum((weights @ counts).T[n], 0.5), 1, 1, 1) for n in (0, 1))
        drawn = here - there - np.log2((weights @ sizes).T[0] / (weights @ sizes).T[1])
        bounds = np.quantile(drawn, [0.025, 0.975])
        held.append((low <= true <= high, bounds[0] <= true <= bounds[1]))
    return tuple(np.mean(held, axis=0))


def main() -> None:
    """Print one row per number of sentences."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=600)
    given = parser.parse_args()
    draws = np.random.default_rng(sentiment.SEED)
    tables = ("sentences", covered, (3, 5, 8, 10, 15, 20, 30, 60)), ("articles", ratios, (8, 15, 30, 60, 150))
    for unit, function, sizes in tables:
        rows = [(size, *function(size, given.runs, draws)) for size in sizes]
        table = pd.DataFrame(rows, columns=[unit, "clustered t", "percentile bootstrap"])
        print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
