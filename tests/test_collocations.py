import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.collocations import BigramCollocationFinder
from nltk.text import ConcordanceIndex

from bulle import InputError, collocations, floors, passages, terms, words

THEME = "Une bulle immense."


def articles(*texts):
    names = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame({"article": names, "text": texts, "language": "fr"})


def collocates(*texts):
    made = articles(*texts)
    tokens = words.tokens(made)
    return collocations.collocates(
        collocations.neighbours(tokens, passages.matches(made, "bulle")), terms.frequency(tokens)
    )


def test_a_token_is_within_a_span_that_it_touches():
    tokens = words.tokens(articles("un chat noir", "un chat"))
    spans = pd.DataFrame({"article": ["a1", "a0", "lost"], "start": [0, 4, 0], "end": [2, 9, 9]})
    assert tokens.word[collocations.within(tokens, spans)].tolist() == ["chat", "noir", "un"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["bulle", "chat", "lune", "pain", "rose"]), min_size=1, max_size=30), st.integers(1, 4))
def test_a_window_holds_what_nltk_finds_around_a_lone_theme(sequence, window):
    cut = [word for place, word in enumerate(sequence) if word != "bulle" or place == sequence.index("bulle")]
    finder = BigramCollocationFinder.from_words(cut, window_size=window + 1)
    others = set(cut) - {"bulle"}
    expected = {word: finder.ngram_fd["bulle", word] + finder.ngram_fd[word, "bulle"] for word in others}
    tokens = words.tokens(made := articles(" ".join(cut)))
    near = collocations.beside(tokens, collocations.within(tokens, passages.matches(made, "bulle")), window)
    assert tokens.word[near].value_counts().to_dict() == {word: count for word, count in expected.items() if count}


def test_no_window_crosses_a_sentence():
    table = collocates(*["Un chat. Une bulle immense. Un chat."] * 5)
    assert table.term.tolist() == ["immense"]


def test_the_evidence_of_a_collocation_is_the_exact_test_of_fisher():
    # Fisher 1935, the lady tasting tea: 3 of 4 among 8 give a one-sided p of 17/70
    table = collocations.associations(pd.DataFrame({"term": ["x"], "joint": [3], "count": [4]}), 4, 4, 8)
    assert table.q[0] == pytest.approx(17 / 70)
    assert table.log_ratio[0] == pytest.approx(math.log2(3))  # Hardie 2014: 3 of 4 near to 1 of 4 elsewhere


def test_log_dice_is_fourteen_for_terms_that_are_always_together():
    # Rychlý 2008: at most 14; one less is half as close; 14 + log2(2 x 20 / (60 + 100)) = 12
    joined = pd.DataFrame({"term": ["x", "y"], "joint": [60, 20], "count": [60, 100]})
    assert collocations.associations(joined, 60, 300, 9000).log_dice.tolist() == pytest.approx([14, 12])


def test_the_articles_of_the_theme_are_enough_to_read_its_neighbours():
    made = articles(*[THEME] * 5, "Une lune immense. Un chat.")
    found, tokens = passages.matches(made, "bulle"), words.tokens(made)
    some = tokens[tokens.article.isin(found.article)]
    sides = [
        collocations.collocates(collocations.neighbours(read, found), terms.frequency(tokens))
        for read in (tokens, some)
    ]
    pd.testing.assert_frame_equal(*sides)
    assert sides[0][["term", "joint", "count"]].to_numpy().tolist() == [["immense", 5, 6]]


def test_a_rare_theme_has_no_collocations_and_says_why():
    table = collocates("Une bulle gonfle. Une bulle gonfle.")
    assert table.empty
    assert table.attrs["refusals"] == floors.refusals("collocations", **{"theme occurrences": 2})


def test_in_many_articles_a_collocation_must_stand_in_several():
    alone = "Une bulle fragile. Un chat dort sous la lune. " * 6
    assert collocates(*[THEME] * 30, alone).term.tolist() == ["immense"]
    assert set(collocates(*[THEME] * 5, alone).term) == {"immense", "fragile"}


def test_names_are_written_as_names():
    assert "Oracle" in collocates(*["Cette bulle inquiète le groupe Oracle. Un chat dort."] * 5).label.tolist()


def test_a_term_that_keeps_away_from_the_theme_is_no_company():
    made = ["Une bulle immense et jaune."] * 5 + ["Un chat jaune. " * 40]
    assert collocates(*made).term.tolist() == ["immense"]


def test_tables_of_no_word_are_empty_and_no_error():
    assert collocates("…").empty and collocates(*["Bulle."] * 5).empty


def test_a_concordance_keeps_whole_words_of_the_line_and_the_place_of_the_match():
    made = articles("Titre\nUne très longue phrase où la bulle gonfle anormalement.\nFin")
    table = collocations.concordance(made, passages.matches(made, "bulle"), width=14)
    assert table.iloc[0].tolist() == ["a0", 35, 40, "phrase où la", "bulle", "gonfle"]


def test_a_concordance_is_sorted_by_the_words_on_either_side():
    made = articles("un chat rose. le chat noir. un chat noir.")
    found = passages.matches(made, "chat")
    sides = {sort: collocations.concordance(made, found, sort, 6) for sort in ("text", "left", "right")}
    assert sides["text"].right.tolist() == ["rose.", "noir.", "noir."]
    assert sides["left"].left.tolist() == ["le", "un", "un"]
    assert sides["right"].right.tolist() == ["noir.", "noir.", "rose."]
    with pytest.raises(InputError, match="there are: text, left, right"):
        collocations.concordance(made, found, "both")


def test_a_concordance_finds_the_lines_that_nltk_finds():
    text = "le chat dort et le chien regarde le chat qui dort sur le lit du chien"
    made = articles(text)
    lines = ConcordanceIndex(text.split()).find_concordance("chat", width=200)
    table = collocations.concordance(made, passages.matches(made, "chat"), width=200)
    sides = [[line.left_print.strip(), line.right_print] for line in lines]
    assert table[["left", "right"]].to_numpy().tolist() == sides
