import pandas as pd
import pytest
from markupsafe import Markup

from analysis import floors


def test_every_floor_says_which_step_it_guards_on_which_side_and_why():
    table = floors.table()
    assert not table.isna().any().any()
    assert set(table.side) == {"least", "most"}
    assert not table.duplicated(["step", "measure"]).any()


def test_a_missed_floor_is_a_refusal_with_what_was_found_and_needed():
    (missed,) = floors.refusals("tf-idf", articles=1)
    assert (missed.measure, missed.found, missed.side, missed.bound) == ("articles", 1, "least", 2)
    assert str(missed).startswith("tf-idf: articles 1, at least 2 needed (Spärck Jones 1972")


def test_nothing_measured_misses_every_floor():
    assert floors.refusals("tf-idf", articles=float("nan"))


def test_a_measure_that_the_table_does_not_know_is_a_bug():
    with pytest.raises(KeyError, match="tf-idf"):
        floors.refusals("tf-idf", words=3)


def test_rows_that_reach_every_floor_pass_and_the_others_are_counted():
    table = pd.DataFrame({"term": ["a", "b", "c"], "count": [5, 3, 2], "sentences": [1, 2, 2]})
    passing = floors.passing("keyness", table)
    assert passing.term.tolist() == ["b"]
    assert passing.attrs == {"floored": 2, "refusals": []}


def test_when_no_row_passes_the_best_one_says_what_was_missed():
    table = pd.DataFrame({"term": ["a"], "count": [2], "sentences": [2]})
    assert [str(missed)[:43] for missed in floors.passing("keyness", table).attrs["refusals"]] == [
        "keyness: count 2, at least 3 needed (conven"
    ]
    assert floors.passing("keyness", table[:0]).attrs["refusals"]


def test_a_refused_table_is_shown_as_its_reason_and_never_empty():
    refused = floors.refused(pd.DataFrame({"a": [1.0]}), floors.refusals("tf-idf", articles=1))
    assert refused.empty
    assert floors.shown(refused).startswith("- Not shown. tf-idf: articles 1")
    assert floors.shown(pd.DataFrame({"a": []})) == "There is no row to show."


def test_a_shown_table_keeps_three_significant_digits_and_leaves_its_source_alone():
    table = pd.DataFrame({"a": [1234.5, 0.00012345], "b": ["x", "y"]})
    assert floors.shown(table).a.tolist() == [1230.0, 0.000123]
    assert floors.shown(table, 1).b.tolist() == ["x"]
    assert table.a[0] == 1234.5


def test_the_same_refusal_of_two_tables_is_said_once():
    refused = floors.refused(pd.DataFrame(), floors.refusals("tf-idf", articles=1))
    assert floors.unsaid(refused, refused) == floors.said(refused.attrs["refusals"])
    assert floors.unsaid() == "No step was refused."


def test_a_text_in_what_is_said_is_no_markup():
    said = floors.Said("- <b> & $x$\n- [a](javascript:b)")
    assert repr(said) == "- <b> & $x$\n- [a](javascript:b)"
    items = "<ul><li>&lt;b&gt; &amp; $x$</li>\n<li>[a](javascript:b)</li></ul>"
    assert said._repr_html_() == f'<div class="said mathjax_ignore">{items}</div>'
    assert repr(floors.Said(Markup("<em>a</em> &lt; b"))) == "a < b"
