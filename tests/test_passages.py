import re

import pandas as pd
import pytest

from analysis import InputError, passages

TEXT = "Une bulle gonfle. Rien ne bouge. Les bulles éclatent. Tout va. Fin. Un bulletin paraît. La mini-bulle aussi."


def articles(*texts, language="fr"):
    names = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame({"article": names, "language": language, "text": texts})


def test_a_word_stands_for_its_forms_and_compounds_and_not_for_words_that_contain_it():
    assert passages.matches(articles(TEXT), "bulle").match.tolist() == ["bulle", "bulles", "mini-bulle"]


def test_a_compound_is_found_in_the_plural_and_a_lone_hyphen_does_no_harm():
    text = "Des mini-bulles - ou -bulle ? - partout."
    assert passages.matches(articles(text), "bulle").match.tolist()[0] == "mini-bulles"


def test_offsets_point_at_the_match():
    table = passages.matches(articles(TEXT), "bulle")
    assert [TEXT[row.start : row.end] for row in table.itertuples()] == table.match.tolist()


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        ("centre de données", ["centres de données"]),  # every word of a phrase in any of its forms
        ("l'offre", ["l’offre"]),  # any apostrophe
        ("prix, offre", ["offre", "prix"]),  # several themes
        (r"\bcent\w+", ["centres"]),  # a regular expression
        ("OFFRE", ["offre"]),
    ],
)
def test_a_theme_is_words_phrases_or_an_expression(theme, expected):
    text = "Les centres de données manquent, l’offre aussi. Le prix monte."
    assert passages.matches(articles(text), theme).match.tolist() == expected


def test_a_theme_file_is_read_in_the_language_of_the_article():
    both = pd.concat([articles("Une bulle."), articles("A bubble.", language="en").assign(article="b")])
    assert passages.matches(both, "bulle").match.tolist() == ["bulle", "bubble"]


def test_passages_take_their_context_and_join_when_they_touch():
    table = passages.passages(articles(TEXT), "bulle", 1)
    assert table[["passage", "sentence", "match"]].values.tolist() == [
        [0, 0, "bulle"],
        [0, 1, ""],
        [0, 2, "bulles"],
        [0, 3, ""],
        [1, 5, ""],
        [1, 6, "mini-bulle"],
    ]


def test_no_hit_is_an_empty_table_with_its_columns():
    table = passages.passages(articles(TEXT), "krach", 1)
    assert table.columns.tolist() == ["passage", "article", "sentence", "start", "end", "match", "text"]
    assert len(table) == 0


def test_others_are_the_sentences_that_are_not_held():
    cut = pd.DataFrame({"article": ["a", "a", "b"], "sentence": [0, 1, 0]})
    assert passages.others(cut, cut.iloc[[1]]).index.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("theme", "message"),
    [
        ("", "parameter 'theme' is empty"),
        ("bulle(", "not a valid regular expression: 'bulle('"),
        ("(a|aa)+$", "takes more than"),
    ],
)
def test_a_theme_that_cannot_be_searched_is_refused(theme, message, monkeypatch):
    monkeypatch.setattr(passages, "SECONDS", 0.05)
    with pytest.raises(InputError, match=re.escape(message)):
        passages.passages(articles("a" * 40 + "b"), theme, 1)


def test_context_counts_sentences():
    with pytest.raises(InputError, match="parameter 'context' is -1"):
        passages.passages(articles(TEXT), "bulle", -1)
