import json
from pathlib import Path

import pandas as pd
import pytest

from bulle import floors, words
from bulle.more import prose

CASES = json.loads((Path(__file__).parent / "cases" / "syllables_fr.json").read_text(encoding="utf-8"))
# The words that lexicalrichness measures in its own documentation; the values are those it gives.
README = """
measure of textual lexical diversity computed as the mean length of sequential words in a text that maintains a
minimum threshold ttr score iterates over words until ttr scores falls below a threshold then increase factor
counter by and start over mccarthy and jarvis pg recommends a factor threshold in the range of mccarthy mccarthy
and jarvis"""


def tokens(*texts, language="fr"):
    names = [f"a{number}" for number in range(len(texts))]
    return words.tokens(pd.DataFrame({"article": names, "text": texts, "language": language}))


def test_diversity_is_that_of_lexicalrichness():
    held = README.split()
    assert (len(held), len(set(held))) == (57, 39)
    assert prose.mtld(held) == pytest.approx(46.79226361031519)
    assert prose.mattr(held, 25) == pytest.approx(0.8351515151515151)


def test_a_text_that_repeats_nothing_is_one_stretch_and_all_variety():
    held = [str(number) for number in range(120)]
    assert prose.mtld(held) == 120
    assert prose.mattr(held, 50) == 1


def test_diversity_leaves_short_articles_out_and_counts_them():
    table = prose.diversity(tokens("lune chat " * 50, "lune"))
    assert table.article.tolist() == ["a0"] and table.attrs["floored"] == 1
    assert prose.diversity(tokens("lune")).attrs["refusals"] == floors.refusals("diversity", words=1)


def test_readability_is_the_formula_of_kandel_and_moles_and_the_lix():
    # Five sentences of 20 words, 26 syllables and 3 words of more than six letters each; 207, 1.015 and 73.6 are also
    # the French constants of textstat 0.7.
    sentence = "Le chat noir dort sur un lit de bois et le chien garde la maison du gentil fermier président Laurent."
    table = prose.readability(tokens(" ".join([sentence] * 5)))
    row = table.iloc[0]
    assert row[["words", "sentences", "asl"]].tolist() == [100, 5, 20]
    assert row.asw == pytest.approx(26 / 20)
    assert row.kandel_moles == pytest.approx(207 - 1.015 * 20 - 73.6 * 26 / 20)
    assert row.lix == pytest.approx(20 + 100 * 3 / 20)


def test_an_elided_word_and_a_clitic_are_no_words_of_their_own():
    table = prose.readability(tokens("L'homme vient-il ? " * 60))
    assert table.words.tolist() == [120]


def test_readability_of_a_short_article_or_of_one_long_sentence_is_refused():
    refused = prose.readability(tokens("lune " * 120)).attrs["refusals"]
    assert [missed.measure for missed in refused] == ["sentences"]


def test_english_has_no_score_of_kandel_and_moles():
    assert "kandel_moles" not in prose.readability(tokens("The cat sleeps here. " * 40, language="en"), "en")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_syllables_are_those_that_are_said(case):
    assert prose.syllables(case["text"], case["lemma"]) == case["expected"], case["why"]


def test_a_few_articles_are_shown_as_they_are_and_many_by_their_quartiles():
    few = pd.DataFrame({"article": ["a", "b"], "lix": [40.0, 50.0]})
    many = pd.DataFrame({"article": [*map(str, range(11))], "lix": [*map(float, range(11))]})
    assert prose.distribution(few) is few
    assert prose.distribution(many).to_numpy().tolist() == [[0.25, 2.5], [0.5, 5.0], [0.75, 7.5]]
