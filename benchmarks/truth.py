"""Is the account true? Its numbers are counted again by a naive path, and its comparisons are put to placebos.

    python benchmarks/truth.py CORPUS [--theme violence --theme crise] [--language fr] [--draws 100]

Of the package the naive path uses the reading of the corpus and what it sets aside, and nothing else: the rest is
regular expressions and plain pandas. Placebos put the theme where it cannot mean anything: on sentences drawn at
random, on sentences drawn with a chance in proportion to their length, and as a word without meaning written into
sentences at random places. Of a hundred, some five may seem to differ.
"""

import argparse

import numpy as np
import pandas as pd

from analysis import corpus, passages, sentiment, words

WORD = "xyloquance"  # no word of any language, nor of any list
ALLOWED = 7  # of a hundred placebos: more than that would be met in one run of eight by honest intervals


class Sentences:
    """All sentences of the articles that hold a theme, scored once, and how many of each article hold it."""

    def __init__(self, articles: pd.DataFrame, theme: str):
        places = passages.matches(articles, theme)
        self.articles = articles[articles.article.isin(places.article)].reset_index(drop=True)
        self.rows = words.sentences(self.articles)
        self.evidence, self.scores = sentiment.scored(self.rows, self.articles)
        held = passages.around(self.articles, places, 0)
        self.held = held.groupby("article").size()
        self.own = {article: rows.to_numpy() for article, rows in self.rows.groupby("article").groups.items()}

    def drawn(self, generator: np.random.Generator, longer: bool) -> np.ndarray:
        """Numbers of sentences drawn in each article, as many as hold the theme there."""
        chosen = []
        for article, count in self.held.items():
            rows = self.own[article]
            weight = self.scores.words.to_numpy()[rows] + 1.0 if longer else np.ones(len(rows))
            chosen.append(generator.choice(rows, count, replace=False, p=weight / weight.sum()))
        return np.concatenate(chosen)


def excluded(found: sentiment.Contrast) -> bool:
    """Whether the interval of a contrast excludes 0, so that the account would name a direction."""
    return not found.refusals and not found.low <= 0 <= found.high


def random_sentences(held: Sentences, generator: np.random.Generator, longer: bool) -> bool:
    """Whether sentences drawn at random seem to differ in tone from the others."""
    theme = np.zeros(len(held.rows), bool)
    theme[held.drawn(generator, longer)] = True
    return excluded(sentiment.contrast(held.scores[theme], held.scores[~theme], held.evidence))


def written_word(held: Sentences, generator: np.random.Generator) -> bool:
    """Whether sentences into which a word without meaning was written seem to differ from the others.

    The word stands after a word drawn from all words of an article, so that long sentences hold it more often.
    """
    theme = np.unique(held.drawn(generator, longer=True))
    rows = held.rows.loc[theme].copy()
    for number, text in zip(theme, rows.text, strict=True):
        gaps = [place for place, sign in enumerate(text) if sign == " "] or [len(text)]
        place = generator.choice(gaps)
        rows.loc[number, "text"] = f"{text[:place]} {WORD}{text[place:]}"
        rows.loc[number, ["start", "end"]] = 0, len(text) + len(WORD) + 1
    evidence, scores = _alone(rows, held.articles)
    kept = np.ones(len(held.rows), bool)
    kept[theme] = False
    both = pd.concat([evidence, _outside(held.evidence, rows)], ignore_index=True)
    return excluded(sentiment.contrast(scores, held.scores[kept], both))


def _alone(rows: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Evidence and scores of sentences with the word, each as if it were a text of its own."""
    names = rows.article + " " + rows.sentence.astype(str)
    language = rows.article.map(articles.set_index("article").language)
    own = pd.DataFrame({"article": names, "language": language})
    texts = rows.assign(article=names)
    starts = [text.index(WORD) for text in rows.text]
    places = pd.DataFrame({"article": names, "start": starts, "end": [start + len(WORD) for start in starts]})
    found = sentiment.scored(texts, own, "", places)
    back = dict(zip(names, rows.article, strict=True))
    return tuple(table.assign(article=table.article.map(back)) for table in found)


def _outside(evidence: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["article", "sentence"]
    return evidence[~evidence.set_index(keys).index.isin(rows.set_index(keys).index)]


def placebos(articles: pd.DataFrame, theme: str, draws: int, seed: int = 2026) -> pd.DataFrame:
    """How many placebos of each kind have an interval that excludes 0: `theme`, `placebo`, `draws`, `excluded`."""
    held, generator = Sentences(articles, theme), np.random.default_rng(seed)
    kinds = {
        "random sentences": lambda: random_sentences(held, generator, longer=False),
        "random sentences, longer ones more often": lambda: random_sentences(held, generator, longer=True),
        "a word without meaning, written at random": lambda: written_word(held, generator),
    }
    rows = [(theme, kind, draws, sum(one() for _ in range(draws))) for kind, one in kinds.items()]
    return pd.DataFrame(rows, columns=["theme", "placebo", "draws", "excluded"])


def main() -> None:
    """Print the placebos of each theme."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus")
    parser.add_argument("--theme", action="append")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--draws", type=int, default=100)
    given = parser.parse_args()
    articles = corpus.body(corpus.read(given.corpus, given.language))
    for theme in given.theme or ["violence", "crise", "taxe"]:
        print(placebos(articles, theme, given.draws).to_string(index=False))


if __name__ == "__main__":
    main()
