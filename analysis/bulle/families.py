"""Articles that are nearly the same text, told by their signatures (MinHash; Broder et al. 1997)."""

import re

import numpy as np
import pandas as pd

from bulle import bodies

SHINGLE, SLOTS, BAND = 5, 128, 3  # words in a shingle, hashes of a signature, hashes of a band


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
    """MinHash of the text of each row, 512 bytes a row; stack those of batches to find families across them."""
    from rensa import RMinHash

    names, texts = articles["article"].tolist(), articles["text"].tolist()
    pieces = [slice(start, start + 100) for start in range(0, len(texts), 100)]  # shingles are ten times their text
    shingles = ([shingled(t) or [n] for n, t in zip(names[some], texts[some], strict=True)] for some in pieces)
    rows = (RMinHash.digests_from_token_sets(some, SLOTS, 1) for some in shingles)
    return np.array([row for some in rows for row in some], dtype=np.uint32).reshape(-1, SLOTS)


def shingled(text: str) -> list[str]:
    """Every run of five words, lower case; the whole of a shorter text."""
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))] if words else []


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
