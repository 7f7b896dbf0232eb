import importlib
import os

import pandas as pd
import pytest

from bulle import InputError, parts, passages, sentiment, studies, words

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


@pytest.mark.parametrize("sample", [studies.MOST, 55])
def test_what_other_processes_make_of_a_study_that_is_wanted_whole_is_the_same(folder, monkeypatch, sample):
    for name, text in {"1": "Il vente.", "2": "La bulle enfle, dit Marie Roux : « Gare à la bulle. »"}.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    alone = studies.study(folder, sample=sample)
    monkeypatch.setattr(studies, "whole", True)
    monkeypatch.setattr(studies, "LARGE", 0)
    monkeypatch.setattr(parts, "OTHERS", 1)
    os.utime(folder / "0.txt", (1, 1))
    made = studies.study(folder, sample=sample)
    apart = ["grouped"] if sample == 55 else []  # theme articles that were not drawn among those of any kind
    assert list(made.begun) == [*apart, "background", "quotes", "mentions", "amounts"]
    for name in ("scores", "quotes", "voices", "amounts", "actors"):
        pd.testing.assert_frame_equal(getattr(made, name), getattr(alone, name))
        assert getattr(made, name).attrs == getattr(alone, name).attrs
    for one, other in zip(made.background, alone.background, strict=True):
        pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(made.contexts, alone.contexts)
    assert not made.begun


def test_a_speaker_has_one_name_in_what_is_said_and_where_the_theme_stands():
    texts = ["« La bulle enfle », dit Édouard Philippe.", "« Il pleut sur la bulle », dit Edouard Philippe."]
    made = studies.study(text=" ".join(texts))
    assert set(made.quotes.name) == set(made.voices.name) == {"Édouard Philippe"}


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


def test_a_text_given_as_such_is_studied_as_a_file_of_it_is(folder):
    for number, text in enumerate(TEXTS):
        by_text, by_file = studies.study(text=text), studies.study(folder / f"{number}.txt")
        pd.testing.assert_frame_equal(by_text.matches.drop(columns="article"), by_file.matches.drop(columns="article"))
        assert by_text.scores.verdict.tolist() == by_file.scores.verdict.tolist()
        assert by_text.told() == by_file.told()


def test_a_text_of_a_wire_has_its_title_and_day_and_its_language_may_be_heard():
    made = studies.study(text="date 2025-11-21 Une bulle\n\nLa bulle enfle.")
    assert (made.texts.title[0], str(made.counts["first"][0]), made.counts["hits"][0]) == ("Une bulle", "2025-11-21", 1)
    english = studies.study(text="The bubble is growing and nobody knows why it does.", theme="bubble", language="auto")
    assert english.articles.language.tolist() == ["en"] and english.counts.places.tolist() == [1]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "study takes one of these: the path"),
        ({"text": ""}, "text: nothing in it"),
        ({"text": " \n"}, "text: nothing in it"),
        ({"text": 12}, "parameter 'text' takes str"),
        ({"text": "La bulle.", "path": "seeds"}, "study takes one of these"),
        ({"text": "La bulle.", "language": "de"}, "unknown language 'de'"),
        ({"text": "Die Blase wächst, und niemand weiß warum.", "language": "auto"}, "text: in 'de'; expected one of"),
    ],
)
def test_what_is_no_text_is_told(wrong, told):
    with pytest.raises(InputError, match=told):
        studies.study(**wrong)


def test_a_study_shows_what_was_read_and_each_thing_to_ask_next_can_be_asked(folder):
    study = studies.study(folder)
    shown = study._repr_html_()
    counts = {"theme": "bulle", "articles": 3, "words": 18, "sentences": 4, "sources": 0, "first": "", "last": ""}
    assert study.counts.iloc[0].to_dict() == counts | {"holding": 2, "places": 2, "hits": 2}
    assert "3 articles of" in shown and "first" not in shown  # a column without a value is not shown
    modules = {name: importlib.import_module(f"bulle.{name}") for name in studies.MODULES.split(", ")}
    for ask in studies.NEXT:
        assert ask in repr(study) and ask.partition("(")[0] in shown
        made = eval(ask, modules | {"study": study})
        empty = ask in ("study.quotes", "study.amounts", "study.actors", "study.groups")  # nobody is quoted there
        assert empty or len(made.text if hasattr(made, "ledger") else made), ask
    hostile = studies.study(text="<b>La bulle</b> enfle.", theme="<b>")
    assert "<b>" not in hostile._repr_html_()


def test_a_corpus_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        studies.study(tmp_path / "nowhere")
