"""Articles drawn at random, in one reading of a corpus of any size."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bulle import typed

MOST = 6_000_000  # characters held: some 2 000 articles, and 400 MB while their words are counted and compared
SEED = 1977  # of the lots that articles draw (Cochran 1977, simple random sampling)


class Draw:
    """Articles drawn at random from all that are added, so many that their texts come to at most `most` characters.

    Each article draws a lot and the lowest lots are kept: one reading suffices, and memory stays small. When all of the
    texts fit, all are kept; when not even the first does, it alone is.
    """

    def __init__(self, most: int = MOST):
        self.most, self.rows = most, None
        self.generator = np.random.default_rng(SEED)

    def add(self, articles: pd.DataFrame) -> None:
        """Let more articles take part."""
        rows = articles.assign(lot=self.generator.random(len(articles)))
        rows = rows if self.rows is None else pd.concat([self.rows, rows], ignore_index=True)
        order = rows.lot.to_numpy().argsort()
        size = np.array([len(text) for text in rows.text], dtype=int)[order].cumsum()
        kept = order[(size <= self.most) | (np.arange(len(rows)) == 0)]
        self.rows = rows.iloc[np.sort(kept)].reset_index(drop=True)

    @property
    def articles(self) -> pd.DataFrame:
        """The articles drawn, in the order of reading."""
        return self.rows.drop(columns="lot")


def drawn(batches: Iterable[pd.DataFrame], most: int = MOST) -> pd.DataFrame:
    """All articles of some batches, or a random draw of them; `corpus.report` still tells of the whole reading."""
    typed(int, sample=most)
    draw = Draw(most)
    for batch in batches:
        draw.add(batch)
    articles = draw.articles
    articles.attrs = batch.attrs
    return articles
