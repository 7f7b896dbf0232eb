"""Places of a theme -> its company: the words around it, and its concordance."""

import numpy as np
import pandas as pd
import scipy

from bulle import InputError, floors, words
from bulle.terms import adjusted, log_ratio, running


def within(tokens: pd.DataFrame, spans: pd.DataFrame) -> np.ndarray:
    """Whether each token touches one of some spans of its article (`article`, `start`, `end`)."""
    articles = pd.Index(tokens.article.unique())
    reach = 1 + max(tokens.end.max(), spans.end.max()) if len(tokens) and len(spans) else 1
    first, last = (articles.get_indexer(tokens.article) * reach + tokens[side].to_numpy() for side in ("start", "end"))
    spans = spans[spans.article.isin(articles)]
    base = articles.get_indexer(spans.article) * reach
    change = np.zeros(len(tokens) + 1, dtype=int)
    np.add.at(change, np.searchsorted(last, base + spans.start.to_numpy(), side="right"), 1)
    np.add.at(change, np.searchsorted(first, base + spans.end.to_numpy(), side="left"), -1)
    return change.cumsum()[:-1] > 0


def beside(tokens: pd.DataFrame, node: np.ndarray, window: int) -> np.ndarray:
    """Whether each token stands at most `window` tokens from a node, in the same sentence, and is none."""
    near = np.zeros(len(tokens), dtype=bool)
    place = tokens.groupby(["article", "sentence"], sort=False).ngroup().to_numpy()
    for step in range(1, window + 1):
        same = place[step:] == place[:-step]
        near[step:] |= node[:-step] & same
        near[:-step] |= node[step:] & same
    return near & ~node


def neighbours(tokens: pd.DataFrame, matches: pd.DataFrame, unit: str = "lemma", window: int = 5) -> pd.DataFrame:
    """Terms that stand near the theme; no window crosses a sentence.

    Parameters
    ----------
    tokens : of all the texts, or only of the articles that hold the theme, which is much faster for a large corpus.
    matches : places of the theme: `article`, `start`, `end` (see `passages.matches`).
    window : running words looked at on each side.

    Returns
    -------
    DataFrame, one row per term (`content`, see `terms.running`): `term`, `joint` (occurrences in a window), `articles`
    (that hold it there), `own` (occurrences inside the theme). `attrs`: `theme` (its occurrences), `near` (words in
    windows), `inside` (words of the theme itself).
    """
    kept = running(tokens, unit)
    node = within(kept, matches)
    near = beside(kept, node, window)
    chosen = kept[near & kept.content]
    table = pd.DataFrame({"joint": chosen.term.value_counts(), "articles": chosen.groupby("term").family.nunique()})
    table["own"] = kept[node].term.value_counts().reindex(table.index).fillna(0).astype(int)
    table.attrs = {"theme": len(matches), "near": int(near.sum()), "inside": int(node.sum())}
    return table.rename_axis("term").reset_index()


def collocates(neighbours: pd.DataFrame, frequency: pd.DataFrame) -> pd.DataFrame:
    """Terms that stand near the theme more than their share of all the words.

    Parameters
    ----------
    neighbours : see `neighbours`.
    frequency : `term`, `label`, `form`, `count` of all texts in the same unit, with `attrs` `words` and `families`, see
        `terms.frequency`.

    Returns
    -------
    DataFrame, one row per term that reaches the floors, highest `log_dice` first: `term`, `label`, `form`,
    `joint`, `articles`, `count` (in all texts, outside the theme's words), `log_dice` (at most about 14; Rychlý
    2008), `log_ratio` (rate in the windows to rate elsewhere, above 0; Hardie 2014), `g2` (Dunning 1993), `q` (Fisher's
    exact test, one-sided, after Benjamini & Hochberg 1995).
    """
    theme, near, inside = (neighbours.attrs[name] for name in ("theme", "near", "inside"))
    table = neighbours.merge(frequency[["term", "label", "form", "count"]], on="term")
    table["count"] -= table.pop("own")
    table = table[["term", "label", "form", "joint", "articles", "count"]]
    if missed := floors.refusals("collocations", **{"theme occurrences": theme}):
        return floors.refused(associations(table[:0], theme, near, 1), missed)
    many = floors.reached("frequency bootstrap", articles=frequency.attrs["families"])
    table = floors.passing(f"collocations of {'many' if many else 'few'} articles", table)
    made = associations(table, theme, near, frequency.attrs["words"] - inside)
    return made[made.log_ratio > 0].reset_index(drop=True)


def associations(table: pd.DataFrame, theme: int, near: int, base: int) -> pd.DataFrame:
    """The measures of `collocations`, from `joint`, `count`, the theme's count, the words near it and all words."""
    from nltk.metrics import BigramAssocMeasures  # slow to import, and needed here only

    cells = [(joint, (near, count), base) for joint, count in zip(table.joint, table["count"], strict=True)]
    table = table.assign(
        log_dice=14 + np.log2(BigramAssocMeasures.dice(table.joint, (theme, table["count"]), base)),
        log_ratio=log_ratio(table.joint, near, table["count"] - table.joint, max(base - near, 1)),
        g2=[BigramAssocMeasures.likelihood_ratio(*cell) for cell in cells],
        q=adjusted(scipy.stats.hypergeom.sf(table.joint - 1, base, table["count"], near)),
    )
    return table.sort_values(["log_dice", "term"], ascending=[False, True], ignore_index=True)


def concordance(articles: pd.DataFrame, matches: pd.DataFrame, sort: str = "text", width: int = 40) -> pd.DataFrame:
    """Each match between what stands left and right of it in its line of text (a KWIC concordance).

    Parameters
    ----------
    matches : `article`, `start`, `end` of any word or pattern, see `passages.matches`.
    sort : "text" (reading order), "left" (by the words before, the nearest first) or "right" (by the words after).
    width : characters of context on each side.

    Returns
    -------
    DataFrame, one row per match: `article`, `start`, `end`, `left`, `match`, `right`.
    """
    if sort not in ("text", "left", "right"):
        raise InputError(f"parameter 'sort' is {sort!r}; there are: text, left, right")
    texts = articles.set_index("article").text
    rows = []
    for article, start, end in zip(matches.article, matches.start, matches.end, strict=True):
        text, beyond = texts[article], width + 1  # the sign behind the context, which may cut a word
        before = text[max(0, start - beyond) : start].rpartition("\n")[2]
        after = text[end : end + beyond].partition("\n")[0]
        left, right = whole_words(before[::-1], width)[::-1], whole_words(after, width)
        rows.append((article, start, end, left.strip(), text[start:end], right.strip()))
    table = pd.DataFrame(rows, columns=["article", "start", "end", "left", "match", "right"])
    keys = {
        "text": lambda side: side,
        "left": lambda side: side.map(lambda text: [words.fold(word) for word in reversed(text.split())]),
        "right": lambda side: side.map(lambda text: [words.fold(word) for word in text.split()]),
    }
    return table if sort == "text" else table.sort_values(sort, key=keys[sort], kind="stable", ignore_index=True)


def whole_words(line: str, width: int) -> str:
    """The beginning of a line, as many whole words as fit.

    >>> whole_words("une bulle gonfle", 12)
    'une bulle'
    """
    cut = line[:width]
    return cut if len(line) <= width or line[width].isspace() else cut.rpartition(" ")[0]
