"""Counting, keyness and collocations side by side with scikit-learn, NLTK and textacy, as ratios of speed.

    python benchmarks/terms.py 100        megabytes for the fast ones; the slow ones get a tenth, timed per megabyte

Each pair of tool and task runs in a process of its own, warmed up on a little text, and reads the same made-up press:
words drawn by their frequency in French, in articles of 400 words, a theme in one of twenty. The peers come with the
extra `bench`.
What each is asked: `counting`, the count of every word and of the articles that hold it; `keyness`, a log-likelihood or
chi-squared of every word between the two halves of the corpus, counts included; `collocations`, the words within five
of the theme with an association measure, text to table. textacy has no keyness; scikit-learn has no window, so it joins
whole sentences.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections import Counter
from itertools import chain

import numpy as np
import pandas as pd
import wordfreq

SLOW = {"nltk", "textacy"}
THEME = "bulle"


def press(megabytes: float) -> pd.DataFrame:
    """Made-up articles of some megabytes: `article`, `language`, `text`."""
    generator = np.random.default_rng(7)
    rates = {word: rate for word, rate in wordfreq.get_frequency_dict("fr").items() if word.isalpha()}
    vocabulary, chances = np.array(list(rates)), np.cumsum(list(rates.values()))
    texts, size = [], 0
    while size < megabytes * 1e6:
        drawn = vocabulary[np.searchsorted(chances, generator.random(400) * chances[-1])]
        if generator.random() < 0.05:
            drawn[generator.integers(0, 400, 3)] = THEME
        sentences = (" ".join(drawn[place : place + 20]) for place in range(0, 400, 20))
        texts.append(" ".join(sentence[0].upper() + sentence[1:] + "." for sentence in sentences))
        size += len(texts[-1].encode())
    return pd.DataFrame({"article": [f"a{n}" for n in range(len(texts))], "language": "fr", "text": texts})


def bulle(articles: pd.DataFrame, task: str) -> object:
    from bulle import collocations, passages, terms, words

    if task == "counting":
        return words.counts(articles)
    if task == "keyness":
        halves = [words.counts(articles[side::2]).rename(columns={"word": "term"}) for side in (0, 1)]
        for half in halves:
            half.attrs = {"words": half["count"].sum()}
        return terms.keyness(halves[0].assign(sentences=halves[0].articles), halves[1])
    found, counts = passages.matches(articles, THEME), words.counts(articles).rename(columns={"word": "term"})
    counts = counts.assign(label=counts.term, form=counts.term)
    counts.attrs = {"words": counts["count"].sum(), "families": len(articles)}
    holding = words.tokens(articles[articles.article.isin(found.article)])
    return collocations.collocates(collocations.neighbours(holding, found, "form"), counts)


def sklearn(articles: pd.DataFrame, task: str) -> object:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.feature_selection import chi2

    if task == "collocations":
        sentences = [sentence for text in articles.text for sentence in text.split(".")]
        vectorizer = CountVectorizer(binary=True)
        held = vectorizer.fit_transform(sentences)
        joint = np.asarray(held[held[:, vectorizer.vocabulary_[THEME]].nonzero()[0]].sum(axis=0)).ravel()
        alone = np.asarray(held.sum(axis=0)).ravel()
        return 2 * joint / (alone + alone[vectorizer.vocabulary_[THEME]])
    held = CountVectorizer().fit_transform(articles.text)
    if task == "counting":
        return held.sum(axis=0), (held > 0).sum(axis=0)
    return chi2(held, np.arange(len(articles)) % 2)


def nltk(articles: pd.DataFrame, task: str) -> object:
    from nltk import FreqDist, wordpunct_tokenize
    from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

    read = [[word for word in wordpunct_tokenize(text.lower()) if word.isalpha()] for text in articles.text]
    if task == "counting":
        return FreqDist(chain.from_iterable(read)), Counter(chain.from_iterable(map(set, read)))
    if task == "keyness":
        here, there = (FreqDist(chain.from_iterable(read[side::2])) for side in (0, 1))
        sizes = here.N(), here.N() + there.N()
        measure = BigramAssocMeasures.likelihood_ratio
        return {word: measure(count, (count + there[word], sizes[0]), sizes[1]) for word, count in here.items()}
    finder = BigramCollocationFinder.from_words(chain.from_iterable(read), window_size=6)
    finder.apply_ngram_filter(lambda *pair: THEME not in pair)
    return finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)


def textacy(articles: pd.DataFrame, task: str) -> object:
    import spacy
    from textacy.representations import Vectorizer, build_cooccurrence_network

    read = spacy.blank("fr").pipe(articles.text, batch_size=200)
    texts = ([token.lower_ for token in document if token.is_alpha] for document in read)
    if task == "counting":
        held = Vectorizer(tf_type="linear").fit_transform(texts)
        return held.sum(axis=0), (held > 0).sum(axis=0)
    return build_cooccurrence_network(list(texts), window_size=6)[THEME]


TOOLS = {tool.__name__: tool for tool in (bulle, sklearn, nltk, textacy)}
TASKS = ("counting", "keyness", "collocations")


def measured(tool: str, task: str, megabytes: float) -> tuple[float, float]:
    """Megabytes a second and peak gigabytes of one tool at one task, in a process of its own."""
    command = [sys.executable, __file__, str(megabytes), "--alone", tool, task]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds, peak = map(float, told.split())
    return megabytes / seconds, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("megabytes", type=float, nargs="?", default=100)
    parser.add_argument("--alone", nargs=2, metavar=("TOOL", "TASK"))
    given = parser.parse_args()
    if given.alone:
        tool, task = TOOLS[given.alone[0]], given.alone[1]
        tool(press(0.1), task)
        articles, start = press(given.megabytes), time.perf_counter()
        tool(articles, task)
        print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
        return
    for task in TASKS:
        speeds = {}
        for tool in TOOLS:
            if (tool, task) == ("textacy", "keyness"):
                continue
            size = given.megabytes / 10 if tool in SLOW else given.megabytes
            speeds[tool], peak = measured(tool, task, size)
            ratio = speeds["bulle"] / speeds[tool]
            line = f"{task:13} {tool:8} {size:6g} MB {speeds[tool]:8.2f} MB/s {peak:5.1f} GB   bulle / it {ratio:6.2f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
