"""Tokens -> how a text is written: how varied its words are, how hard it is to read."""

import re
from collections.abc import Hashable, Iterable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from bulle import floors
from bulle.terms import running

MTLD = 0.72  # share of different words that ends a stretch (McCarthy & Jarvis 2010)
VOWELS = "aeiouyàâéèêëîïôöùûüœæ"
HIATUS = re.compile(  # two syllables meet between vowels that stand side by side
    rf"""(?<=[aeou])y(?=[{VOWELS}])                  # essayer, voyage
    | (?<=é)(?=[{VOWELS}])(?!es?$) | (?<=[ao])(?=[éè])  # réalité, européen, aérien
    | (?<=[{VOWELS}])(?=[ïëü]) | (?<=o)(?=o)            # taïwanais, coopérer
    | (?<=[bcdfgptv][lr]i)(?=[{VOWELS}]) | (?<=[bcdfgptv][lr]u)(?=[aeé])  # client, cruel""",
    re.VERBOSE,
)
MUTE = re.compile(rf"(?<=[^{VOWELS}])es?$")  # entreprise
MUTE_PLURAL = re.compile(rf"(?<=[^{VOWELS}])ent$")  # of a verb: préfèrent


def diversity(tokens: pd.DataFrame) -> pd.DataFrame:
    """How varied the vocabulary of each article is, in written forms, whatever its length.

    Returns
    -------
    DataFrame, one row per article that reaches the floor: `article`, `words`, `forms`, `mtld` (words that a stretch
    lasts before its share of different forms falls to 0.72; McCarthy & Jarvis 2010), `mattr_50`, `mattr_100` (mean
    share of different forms in 50 and 100 words that move on; Covington & McFall 2010).
    """
    kept = running(tokens, "form")
    held = pd.Series(pd.factorize(kept.term)[0], kept.index).groupby(kept.article, sort=False).agg(list)
    sizes = pd.DataFrame({"words": held.map(len), "forms": held.map(lambda run: len(set(run)))})
    table = floors.passing("diversity", sizes)
    held = held[table.index]
    table["mtld"] = held.map(mtld)
    table["mattr_50"], table["mattr_100"] = (held.map(partial(mattr, window=size)) for size in (50, 100))
    return table.reset_index()


def distribution(measured: pd.DataFrame, most: int = 10) -> pd.DataFrame:
    """Measures of articles as they are when there are a few, else their quartiles over the articles."""
    if len(measured) <= most:
        return measured
    return measured.set_index("article").quantile([0.25, 0.5, 0.75]).rename_axis("quantile").reset_index()


def mtld(held: Sequence[Hashable]) -> float:
    """Measure of textual lexical diversity: mean of reading forwards and backwards (McCarthy & Jarvis 2010).

    A text that never repeats a word is one stretch.
    """

    def factors(order: Iterable[str]) -> float:
        count, seen, length = 0.0, set(), 0
        for word in order:
            seen.add(word)
            length += 1
            if len(seen) / length <= MTLD:
                count, seen, length = count + 1, set(), 0
        return count + ((1 - len(seen) / length) / (1 - MTLD) if length else 0)

    return float(np.mean([len(held) / (factors(order) or 1) for order in (held, held[::-1])]))


def mattr(held: Sequence[Hashable], window: int) -> float:
    """Moving-average share of different words (Covington & McFall 2010); NaN when the text is shorter than the window.

    >>> mattr(["a", "b", "a", "c"], 2), mattr(["a", "a", "b"], 2)
    (1.0, 0.75)
    """
    if len(held) < window:
        return float("nan")
    places, last, previous = np.arange(len(held)), {}, []
    for place, word in enumerate(held):
        previous.append(last.get(word, -1))
        last[word] = place
    first = np.maximum(np.maximum(previous, places - window) + 1, 0)  # window in which the word is the first such word
    windows = np.minimum(places, len(held) - window) - first + 1
    return float(windows.clip(0).sum() / (len(held) - window + 1) / window)


def readability(tokens: pd.DataFrame, language: str | pd.Series = "fr") -> pd.DataFrame:
    """How hard each article is to read, by the length of its words and sentences; both formulas see nothing else.

    An elided word or a clitic (`l'`, `-il`) belongs to the word it is written with, as in the formulas' own counts.

    Parameters
    ----------
    language : of all the articles, or of each, indexed by `article`.

    Returns
    -------
    DataFrame, one row per article that reaches the floor: `article`, `words`, `sentences`, `asl` (words a sentence),
    `lix` (under 30 easy, over 60 very hard; Björnsson 1968) and, where one is in French, `asw` (syllables a word) and
    `kandel_moles` (100 easy to 0 hard; Kandel & Moles 1958), which are missing for articles in other languages.
    """
    kept = running(tokens, "form")
    lone = ~kept.term.str.endswith("'") & ~kept.term.str.startswith("-")
    number = kept.groupby(["term", "lemma"], sort=False).ngroup()
    pairs = kept[["term", "lemma"]][~number.duplicated()].itertuples(index=False)
    sounds = np.array([syllables(*pair) for pair in pairs], dtype=int)[number]
    long = lone & (kept.term.str.len() > 6)
    sums = pd.DataFrame({"article": kept.article, "words": lone, "syllables": sounds, "long": long})
    table = sums.groupby("article", sort=False).sum().assign(sentences=kept.groupby("article").sentence.nunique())
    table = table.assign(asl=table.words / table.sentences, asw=table.syllables / table.words)
    table["kandel_moles"] = 207 - 1.015 * table.asl - 73.6 * table.asw
    table["lix"] = table.asl + 100 * table.long / table.words
    french = (pd.Series(language, table.index) if isinstance(language, str) else language.reindex(table.index)) == "fr"
    table[["asw", "kandel_moles"]] = table[["asw", "kandel_moles"]].where(french)
    shown = ["words", "sentences", "asl", *(["asw", "kandel_moles"] if french.any() else []), "lix"]
    return floors.passing("readability", table)[shown].reset_index()


def syllables(form: str, lemma: str = "") -> int:
    """Syllables of a French word as it is said in prose, the mute e at its end left out; 0 for an elided word.

    >>> [syllables(form) for form in ("entreprise", "géant", "l'", "milliards", "réalité", "essayer")]
    [3, 2, 0, 2, 4, 3]
    """
    spelt = HIATUS.sub("|", re.sub(r"(?<=q)u|(?<=g)u(?=[eiéèê])", "", form.lower()))
    said = MUTE.sub("", MUTE_PLURAL.sub("", spelt) if lemma.endswith(("r", "re")) else spelt)
    return len(re.findall(f"[{VOWELS}]+", said)) or int(bool(re.search(f"[{VOWELS}]", spelt)))
