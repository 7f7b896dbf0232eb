"""How often the 95 % intervals of the net tone hold the true tone, by the number of sentences of one article.

    python benchmarks/coverage.py [--runs 600]

Masses are drawn as one hit a sentence on average (Poisson), with a common tone inside each sentence (beta-binomial,
correlation 0.3). The percentile bootstrap stands beside the clustered t to show why it is not used.
"""

import argparse

import numpy as np
import pandas as pd

from bulle import sentiment

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


def main() -> None:
    """Print one row per number of sentences."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=600)
    given = parser.parse_args()
    draws = np.random.default_rng(sentiment.SEED)
    rows = [(n, *covered(n, given.runs, draws)) for n in (3, 5, 8, 10, 15, 20, 30, 60)]
    print(
        pd.DataFrame(rows, columns=["sentences", "clustered t", "percentile bootstrap"]).round(3).to_string(index=False)
    )


if __name__ == "__main__":
    main()
