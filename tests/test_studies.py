import os

import pandas as pd
import pytest

from bulle import InputError, passages, sentiment, studies, words

TEXTS = ["La bulle inquiète les marchés. Il pleut.", "Le succès de la bulle continue.", "Il fait beau à Paris."]


@pytest.fixture
def folder(tmp_path):
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_its_tables_are_those_of_the_functions_that_make_them(folder):
    made = studies.study(folder)
    pd.testing.assert_frame_equal(made.matches, passages.matches(made.holding, "bulle"))
    pd.testing.assert_frame_equal(
        made.tokens[["article", "start", "end", "word"]], words.tokens(made.sample)[["article", "start", "end", "word"]]
    )
    evidence, scores = sentiment.scored(made.hits, made.holding, "", made.matches)
    pd.testing.assert_frame_equal(made.scored, evidence)
    pd.testing.assert_frame_equal(made.scores, scores)
    assert list(made.hits.text) == [TEXTS[0][:30], TEXTS[1]] and list(made.rest.text) == ["Il pleut."]
    assert made.many and made.told().startswith("3 articles")


def test_it_is_kept_while_its_files_are_the_same(folder):
    made = studies.study(folder)
    assert studies.study(folder).matches is made.matches
    (folder / "2.txt").write_text("La bulle est à Paris.", encoding="utf-8")
    assert len(studies.study(folder).matches) == 3
    os.remove(folder / "2.txt")
    assert len(studies.study(folder).articles) == 2


def test_another_lexicon_or_period_makes_again_only_what_it_touches(folder, tmp_path):
    own = tmp_path / "own.lexicon"
    own.write_text("entry,weight\npluie,-1\nsuccès,-3\n", encoding="utf-8")
    made = studies.study(folder)
    assert list(made.evidence[made.evidence.word == "succès"].value) != [-3.0]
    matches, tokens = made.matches, made.tokens
    other = studies.study(folder, lexicon=str(own))
    assert list(other.evidence[other.evidence.word == "succès"].value) == [-3.0]
    assert studies.study(folder, lexicon=str(own), period="year").matches is matches
    assert studies.study(folder, lexicon=str(own), period="year").tokens is not tokens
    assert list(studies.study(folder).evidence.value) == list(made.evidence.value)


def test_an_edited_lexicon_or_manifest_is_read_again(folder, tmp_path):
    own = tmp_path / "own.lexicon"
    for weight in (-3, 3, -2):
        own.write_text(f"entry,weight\nsuccès,{weight:.1f}\n", encoding="utf-8")
        os.utime(own, ns=(weight, weight))
        evidence = studies.study(folder, lexicon=str(own)).evidence
        assert list(evidence[evidence.word == "succès"].value) == [weight]
    for source in ("Le Soir", "Le Matin"):
        (folder / "manifest.csv").write_text(f"file,source\n0.txt,{source}\n", encoding="utf-8")
        assert list(studies.study(folder / "0.txt").articles.source) == [source]


def test_another_theme_is_another_study(folder):
    assert len(studies.study(folder, "Paris").matches) == 1 and len(studies.study(folder, "bulle").matches) == 2


@pytest.mark.parametrize("wrong", [{"language": "de"}, {"theme": 12}, {"sample": "many"}, {"theme": ""}])
def test_a_wrong_parameter_is_told(folder, wrong):
    with pytest.raises(InputError):
        studies.study(folder, **wrong)


def test_a_corpus_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        studies.study(tmp_path / "nowhere")
