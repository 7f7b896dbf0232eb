"""Amounts: written cases, the seed's four, how they are said, laws on any text, hostile texts."""

import csv
import json
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bulle
from bulle import PACKAGE, ROOT, quantities
from bulle.__main__ import main

HERE = Path(__file__).parent
CASES = [
    pytest.param(language, case["text"], case["expected"], id=f"{language}-{case['why']}")
    for language in ("fr", "en")
    for case in json.loads((HERE / "cases" / f"amounts_{language}.json").read_text(encoding="utf-8"))
]
PIECES = [
    "1",
    "000",
    " ",
    "\u00a0",
    ".",
    ",",
    "%",
    "€",
    "$",
    "-",
    "à",
    "et",
    "de ",
    "d'",
    "deux",
    "cent",
    "mille",
    "million",
]
PIECES += ["milliards", "dizaines ", "euros", "points", "plus de ", "Paris", "gens", "\n", "«", "»", "x", "(", "+"]


def written(row):
    """An amount in one line: its text, kind, value (or range, or order of magnitude) and unit."""
    ends = [f"{end:.15g}" for end in (row.low, row.high)]
    value = f"~{row.order:.15g}" if not math.isnan(row.order) else ends[0] if ends[0] == ends[1] else "..".join(ends)
    return f"{row.text} | {row.kind} {value} {row.unit}"


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_written_cases_are_read_as_their_reason_says(language, text, expected):
    assert [written(row) for row in bulle.amounts(text, language).itertuples()] == expected


def test_the_four_amounts_of_the_seed_are_exact():
    found = bulle.study("seeds").amounts
    assert [written(row) for row in found.itertuples()] == [
        "centaines de milliards de dollars | money ~100000000000 USD",
        "1.000 milliards de dollars | money 1000000000000 USD",
        "300 milliards de dollars | money 300000000000 USD",
        "500 milliards de dollars | money 500000000000 USD",
    ]
    assert list(found.approx) == ["des", "environ", "", ""] and list(found.of) == ["", "contrats", "contrat", ""]
    assert list(found.cue) == ["", "signé", "", ""] and (found.move == "").all()
    text = bulle.read("seeds").text[0]
    assert all(text[row.start : row.end] == row.text for row in found.itertuples())
    assert text[found.cue_start[1] :].startswith("signé environ 1.000")


@pytest.mark.parametrize(
    ("text", "approx", "move", "of"),
    [
        ("Le titre gagne plus de 3 %.", "plus de", "+", ""),
        ("Une baisse de chiffre d'affaires de 15 %.", "", "-", ""),
        ("Le chômage recule à 8,5 %.", "", "", ""),  # a level, no change
        ("Il a reculé de 2 points, à 40 % des voix.", "", "-", ""),
        ("Le PIB progresse (+1,2 %).", "", "+", ""),
        ("Une croissance nulle, contre -0,3 % en mai.", "", "-", ""),
        ("C'est 3 % de moins qu'hier.", "", "-", ""),
        ("Il a perdu entre 20 % et 30 % de sa valeur.", "entre", "", ""),
        ("Un prêt de près de 2 milliards d'euros.", "près de", "", "prêt"),
        ("Il a versé 300 euros au moins.", "au moins", "", ""),
        ("Il a tué cinq personnes près du marché.", "", "", ""),
        ("Quelques milliards d'euros de dettes.", "quelques", "", "dettes"),
    ],
)
def test_an_amount_is_told_as_it_is_said(text, approx, move, of):
    row = bulle.amounts(text).iloc[0]
    assert (row.approx, row.move, row.of) == (approx, move, of)


def test_every_row_of_the_lists_is_whole():
    for path in sorted((PACKAGE / "data").rglob("amounts.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            assert {len(row) for row in csv.reader(file)} == {5}, path
    for language in ("fr", "en"):
        units = quantities._facts(language).forms["unit"].values()
        assert {row["kind"] for row in units} == {"money", "percent", "points", "multiple", "duration", "measure"}


def test_a_corpus_gives_the_amounts_of_each_article_whatever_stands_beside_it():
    articles = bulle.read("seeds")
    other = pd.DataFrame(
        {"article": ["b", "c"], "text": ["It costs $2bn.", "Cuesta 2 euros."], "language": ["en", "es"]}
    )
    both = bulle.amounts(pd.concat([articles, other], ignore_index=True))
    alone = [bulle.amounts(articles), bulle.amounts(other)]
    pd.testing.assert_frame_equal(both, pd.concat(alone, ignore_index=True), check_like=True)
    assert both.attrs["languages"] == ["en", "fr"] and list(alone[1].article) == ["b"]


def test_a_language_without_a_list_has_no_amounts_and_the_same_columns():
    found = bulle.amounts(pd.DataFrame({"article": ["c"], "text": ["Cuesta 2 euros."], "language": ["es"]}))
    assert found.empty and list(found) == list(quantities.COLUMNS) and found.attrs["languages"] == []
    pd.testing.assert_series_equal(found.dtypes, bulle.amounts("Il coûte 2 euros.").dtypes)


def test_the_command_prints_the_table_of_a_corpus(capsys, tmp_path):
    assert main(["amounts", str(ROOT / "seeds")]) == 0
    (tmp_path / "amounts.csv").write_text(capsys.readouterr().out, encoding="utf-8")
    printed = pd.read_csv(tmp_path / "amounts.csv")
    assert list(printed) == list(quantities.COLUMNS) and list(printed.text) == list(bulle.study("seeds").amounts.text)
    assert [main(["amounts", path]) for path in (str(tmp_path / "none"), "a\0b", "x" * 5000)] == [2, 2, 2]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_amounts_stand_in_their_text_in_order_and_say_what_they_are(text):
    found = quantities._amounts(text, quantities._facts("fr"))
    places = [place for row in found for place in (row["start"], row["end"])]
    assert places == sorted(places) and all(row["text"] == text[row["start"] : row["end"]] for row in found)
    assert all(row["unit"] and row["kind"] and (row["low"] <= row["high"] or row["order"] > 0) for row in found)


HOSTILE = [
    "1 000",
    "9",
    "1.",
    "deux ",
    "deux-",
    "million ",
    "12 et ",
    "1 à ",
    "€",
    "$1",
    "entre ",
    "plus de ",
    "A ",
    "«",
    "@a",
    "a.",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_with_the_length_of_a_hostile_text(piece):
    """Twice the text takes at most some three times the time, or next to nothing."""
    import time

    spent = []
    for length in (10_000, 40_000):
        text = (piece * length)[:length]
        begun = time.process_time()
        quantities._amounts(text, quantities._facts("fr"))
        spent.append(time.process_time() - begun)
    assert spent[1] < 0.5 or spent[1] < 12 * spent[0], spent
