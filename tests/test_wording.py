import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest

import bulle
from bulle import LANGUAGES, PACKAGE, WRITTEN, findings, floors, markup, phrases, wording

COLUMNS = json.loads((Path(__file__).parent / "cases" / "tables.json").read_text(encoding="utf-8"))
LISTS = "said clauses labels codebook page figures measures progress ledgers".split()


def rows(language, name):
    with open(PACKAGE / "data" / language / f"{name}.csv", encoding="utf-8", newline="") as file:
        return [*csv.DictReader(line for line in file if not line.startswith("#"))]


def fields(text):
    return {name.partition(":")[0].partition("!")[0] for name in re.findall(r"{([^}]*)}", text)}


OTHERS = [language for language in LANGUAGES if language != WRITTEN]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", LISTS)
def test_the_languages_have_the_same_sentences_with_the_same_values(name, language):
    ours, theirs = phrases(WRITTEN, name), phrases(language, name)
    assert ours.keys() == theirs.keys()
    assert {key: fields(text) for key, text in ours.items()} == {key: fields(text) for key, text in theirs.items()}


def test_prose_has_one_apostrophe():
    names = "narrative.txt said.txt ledgers.txt figures.txt page.txt parameters.txt labels.txt clauses.txt"
    names += " codebook.txt measures.txt sweep.txt progress.txt tables.csv labels.csv findings.csv floors.csv lab.md"
    names += " notebooks/*.md"
    folders = [PACKAGE / "data", *(PACKAGE / "data" / language for language in ("en", "fr"))]
    for path in [path for name in names.split() for folder in folders for path in folder.glob(name)]:
        prose = re.sub("`[^`]*`", "", path.read_text(encoding="utf-8"))
        assert re.findall(r"[^\W\d_]'[^\W\d_{]", prose) == [], path


def test_what_a_french_table_says_binds_its_high_signs():
    for name in ("findings", "floors", "labels", "tables"):
        told = [value for row in rows("fr", name) for value in row.values()]
        assert [text for text in told if re.search(r"\S [:;?!»](?!\S)|« ", text or "")] == [], name


@pytest.mark.parametrize("other", OTHERS)
def test_the_languages_have_heads_and_values_for_the_same_columns_and_every_column_shown_has_one(other):
    ours, theirs = (
        {(row["column"], row["value"]) for row in rows(language, "tables")} for language in (WRITTEN, other)
    )
    shown = {head for cells in COLUMNS.values() for what in cells.values() if isinstance(what, list) for head in what}
    assert {("part", kind) for kind in (*markup.KINDS.values(), "front matter")} <= ours
    assert ours == theirs and not shown - {column for column, value in ours if not value}


@pytest.mark.parametrize("language", OTHERS)
def test_every_floor_has_its_words_in_another_language(language):
    told = {(row["step"], row["measure"]) for row in rows(language, "floors") if row["name"] and row["nouns"]}
    assert told == set(floors.table()[["step", "measure"]].itertuples(index=False, name=None))


def test_a_table_and_a_refusal_are_told_in_the_language_asked_for():
    bulle.tell("fr")
    made = {"verdict": ["mixed", "no evidence"], "source": ["rule", "Le Monde"], "per_10k": [1912.4, 0.27]}
    shown = floors.shown(pd.DataFrame(made | {"theme": [True, False], "why": ['negated by "pas" ×-0.5', ""]}))
    assert shown.columns.tolist() == ["verdict", "source", "pour 10\u202f000 mots", "thème", "pourquoi"]
    assert shown.iloc[0].tolist() == ["partagé", "rule", "1\u202f912", "oui", "nié par «\xa0pas\xa0» ×−0,5"]
    assert shown.iloc[1].tolist() == ["aucun mot chargé", "Le Monde", "0,27", "non", ""]
    told = "évolution (1 article daté)\xa0; il en faut au moins 30 (Wilson 1927)"
    assert str(floors.refusals("trend", articles=1, periods=3)[0]) == told
    tone = {"hits": 0, "sentences": 1, "sentences with hits": 0, "coverage": 0.02, "half-width": 0.1}
    missed = floors.refusals("tone", **tone, **{"largest share of one sentence": 1})
    told = ["aucun mot chargé", "1 phrase", "aucune phrase avec un mot chargé", "2,0\xa0% de mots chargés"]
    assert [one.amount for one in missed] == [*told, "100\xa0% du score dans une seule phrase"]
    assert floors.shown(pd.DataFrame()) == "Il n’y a aucune ligne à montrer."


def test_what_the_texts_say_is_filled_in_and_not_read():
    assert wording.filled("{a} {b:mot|mots}", {"a": "{b!r} {c}", "b": 0}, "fr") == "{b!r} {c} 0 mot"


def test_a_finding_has_its_words_in_both_languages_with_the_same_values():
    ours, theirs = findings.catalogue(), findings.catalogue("fr")
    assert ours.keys() == theirs.keys()
    for name, kind in ours.items():
        for part in findings.WORDS:
            assert fields(kind[part]) == fields(theirs[name][part]), (name, part)


@pytest.mark.parametrize(("language", "left"), [("en", "left"), ("fr", "laissée"), ("es", "dejada")])
def test_a_source_whose_name_is_not_found_is_not_said_to_have_none(language, left):
    told = phrases(language, "page")["voice:unnamed"], phrases(language, "figures")["lead.voice:unnamed"]
    assert all(left in one for one in told)
