"""Articles that are nearly the same text, told by their signatures (MinHash; Broder et al. 1997)."""

import numpy as np
import pandas as pd
import polars as pl

from bulle import bodies

SHINGLE, SLOTS, BAND = 5, 128, 3  # words in a shingle, hashes of a signature, hashes of a band
MIXER = np.uint64(0x9E3779B97F4A7C15)  # makes one hash of those of several words in their order
SLICE = 10_000  # pairs of signatures compared at once, 10 MB
ALIKE = 0.5  # Broder et al. (1997) call texts that share half of their shingles roughly the same


def families(articles: pd.DataFrame) -> pd.DataFrame:
    """The same articles with `family`: the name of the first of the near-identical articles that each belongs to.

    Two bodies are near-identical when they share half of their five-word shingles (Broder et al. 1997), as MinHash
    estimates it to about 0.04. Time and memory grow with the number of articles, not with its square.
    """
    first = kin(signatures(bodies.body(articles))) if len(articles) > 1 else slice(None)
    return articles.assign(family=articles["article"].to_numpy()[first])


def signatures(articles: pd.DataFrame) -> np.ndarray:
    """MinHash of the text of each row, 512 bytes a row; stack those of batches to find families across them.

    Its shingles are every run of five words, in lower case; the whole of a shorter text; of one without a word, the
    name of its article. They are hashed as Polars does, which is the same in all runs of one version of it.
    """
    from rensa import RMinHash

    names = dict.fromkeys(("article", "text"), pl.String)
    frame = pl.DataFrame({name: articles[name].tolist() for name in names}, names, strict=False)
    words = pl.col("text").str.to_lowercase().str.extract_all(r"\w+")
    words = frame.select(pl.when(words.list.len() > 0).then(words).otherwise(pl.concat_list("article"))).to_series()
    count = words.list.len().to_numpy().astype(np.int64)
    row, first = np.repeat(np.arange(len(count)), count), np.repeat(count.cumsum() - count, count)
    hashes = words.explode().hash(1).to_numpy()
    runs = hashes.copy()
    for step in range(1, SHINGLE):
        same = np.flatnonzero(row[step:] == row[:-step])
        runs[same] = runs[same] * MIXER + hashes[same + step]
    runs = runs[np.arange(len(row)) - first <= np.maximum(count - SHINGLE, 0)[row]]
    edges = np.concatenate([[0], np.maximum(count - SHINGLE + 1, 1).cumsum()]).astype(np.uint64)
    made = RMinHash.digest_matrix_from_flat_token_hashes(runs, edges, SLOTS, 1)
    return np.array(made.to_rows(), dtype=np.uint32).reshape(-1, SLOTS)


def kin(signatures: np.ndarray) -> np.ndarray:
    """Row number of the first relative of each row: rows that share a band are compared with the first that has it."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(signatures)
    pairs = [np.zeros((2, 0), dtype=int)]
    for start in range(0, SLOTS - BAND + 1, BAND):
        band = signatures[:, start : start + BAND].astype(np.uint64)
        bucket = pd.factorize((band * np.array([1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)).sum(axis=1))[0]
        leader = first_of(bucket)[bucket]
        later = np.flatnonzero(leader != np.arange(count))
        for some in np.split(later, range(SLICE, len(later), SLICE)):
            alike = (signatures[some] == signatures[leader[some]]).mean(axis=1) >= ALIKE
            pairs.append(np.array([some[alike], leader[some[alike]]]))
    rows, leaders = np.concatenate(pairs, axis=1)
    links = coo_array((np.ones(len(rows)), (rows, leaders)), shape=(count, count))
    family = connected_components(links, directed=False)[1]
    return first_of(family)[family]


def first_of(groups: np.ndarray) -> np.ndarray:
    """Row number of the first member of each group, groups numbered from 0."""
    first = np.zeros(groups.max(initial=-1) + 1, dtype=int)
    first[groups[::-1]] = np.arange(len(groups))[::-1]
    return first
