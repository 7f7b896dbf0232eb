"""Articles drawn at random, in one reading of a corpus of any size."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import pandas as pd

from bulle import InputError, typed

MOST = 6_000_000  # characters held: some 2 000 articles, and 400 MB while their words are counted and compared


class Draw:
    """Articles drawn at random from all that are added, so many that their texts come to at most `most` characters.

    Each article draws a lot, a hash of its name and text, and the lowest lots are kept: a simple random sample (Cochran
    1977), the same in whatever order the parts of a corpus are added. One reading suffices, and memory stays small.
    When all of the texts fit, all are kept; when not even the first does, it alone is.
    """

    def __init__(self, most: int = MOST):
        if most < 1:
            raise InputError(f"parameter 'sample' is {most}; it must be 1 or more")
        self.most, self.rows, self.last = most, None, 1.0  # lots from `last` on are not kept

    def add(self, articles: pd.DataFrame, part: int = 0) -> None:
        """Let more articles take part; `part` is their place in the order of reading."""
        rows = articles.assign(lot=[*map(lot, articles.article, articles.text)], part=part)
        rows = rows if self.rows is None else pd.concat([self.rows, rows], ignore_index=True)
        rows = rows[rows.lot.astype(float) < self.last].reset_index(drop=True)
        order = rows.lot.to_numpy().argsort(kind="stable")
        size = np.array([len(text) for text in rows.text], dtype=int)[order].cumsum()
        fits = (size <= self.most) | (np.arange(len(rows)) == 0)
        self.last = min([self.last, *rows.lot.to_numpy()[order[~fits]]])
        self.rows = rows.iloc[np.sort(order[fits])].reset_index(drop=True)

    @property
    def articles(self) -> pd.DataFrame:
        """The articles drawn, in the order of reading."""
        return self.rows.sort_values("part", kind="stable", ignore_index=True).drop(columns=["lot", "part"])


def lot(article: str, text: str) -> float:
    """The lot that an article draws, from 0 to 1."""
    return int.from_bytes(blake2b(f"{article}\n{text}".encode("utf-8", "replace"), digest_size=6).digest()) / 2**48


def drawn(batches: Iterable[pd.DataFrame], most: int = MOST) -> pd.DataFrame:
    """All articles of some batches, or a random draw of them; `corpus.report` still tells of the whole reading."""
    typed(int, sample=most)
    draw = Draw(most)
    for batch in batches:
        draw.add(batch)
    articles = draw.articles
    articles.attrs = batch.attrs
    return articles
