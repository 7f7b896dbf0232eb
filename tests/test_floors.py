import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bulle import floors, phrases


def test_every_floor_says_which_step_it_guards_on_which_side_and_why():
    table = floors.table()
    assert not table.isna().any().any()
    assert set(table.side) == {"least", "most"}
    assert not table.duplicated(["step", "measure"]).any()


def test_a_missed_floor_is_a_refusal_with_what_was_found_and_needed():
    (missed,) = floors.refusals("contrast", groups=1)
    assert (missed.measure, missed.found, missed.side, missed.bound) == ("groups", 1, "least", 2)
    assert str(missed).startswith("contrast: 1 group, at least 2 needed (Kilgarriff 2005")


@pytest.mark.parametrize(
    ("step", "measure", "found", "told"),
    [
        ("tone", "sentences with hits", 1, "verdict on the tone: 1 sentence with a scored word, at least 5 needed"),
        ("tone", "sentences with hits", 0, "verdict on the tone: 0 sentences with a scored word, at least 5 needed"),
        ("tone", "coverage", 0.02, "verdict on the tone: 2.0% of the words in the lexicon, at least 5% needed"),
        (
            "tone",
            "largest share of one sentence",
            0.8131,
            "verdict on the tone: 81.3% of the score in one sentence, at most 50% allowed",
        ),
        ("tone", "half-width", float("nan"), "verdict on the tone: no half-width, at most 0.5 allowed"),
        ("rank-sum", "reference articles", 9, "rank-sum: 9 reference articles, at least 10 needed"),
        ("keyness", "count", 1, "keyness: 1 occurrence, at least 3 needed"),
        ("tone check", "sentences", 12, "tone check: 12 sentences, at least 300 needed"),
    ],
)
def test_a_refusal_counts_as_people_do(step, measure, found, told):
    enough = floors.table().query("step == @step").set_index("measure").bound.to_dict()
    (missed,) = floors.refusals(step, **enough | {measure: found})
    assert str(missed).startswith(told + " (")


def test_a_refusal_names_what_it_is_about_and_many_are_joined():
    groups = ["Le Figaro", "<b>", "x\ny", "z", "w"]
    missed = [
        one
        for number, group in enumerate(groups, 1)
        for one in floors.refusals("rank-sum", group, **{"articles": number, "reference articles": 30})
    ]
    assert str(missed[0]).startswith("rank-sum, Le Figaro: 1 article, at least 10 needed (convention")
    told = floors.said(missed)
    named = "Le Figaro (1 article), <b> (2 articles), x y (3 articles), and 2 more"
    assert told.startswith(f"- Not shown. rank-sum, {named}: at least 10 needed (")
    assert told.count("\n") == 0 and "&lt;b&gt;" in told._repr_html_()


def test_nothing_measured_misses_every_floor():
    assert floors.refusals("contrast", groups=float("nan"))


def test_a_measure_that_the_table_does_not_know_is_a_bug():
    with pytest.raises(KeyError, match="contrast"):
        floors.refusals("contrast", words=3)


def test_rows_that_reach_every_floor_pass_and_the_others_are_counted():
    table = pd.DataFrame({"term": ["a", "b", "c"], "count": [5, 3, 2], "sentences": [1, 2, 2]})
    passing = floors.passing("keyness", table)
    assert passing.term.tolist() == ["b"]
    assert passing.attrs == {"floored": 2, "refusals": []}


def test_when_no_row_passes_the_best_one_says_what_was_missed():
    table = pd.DataFrame({"term": ["a"], "count": [2], "sentences": [2]})
    assert [str(missed)[:43] for missed in floors.passing("keyness", table).attrs["refusals"]] == [
        "keyness: 2 occurrences, at least 3 needed ("
    ]
    assert floors.passing("keyness", table[:0]).attrs["refusals"]


def test_a_refused_table_is_shown_as_its_reason_and_never_empty():
    refused = floors.refused(pd.DataFrame({"a": [1.0]}), floors.refusals("contrast", groups=1))
    assert refused.empty
    assert floors.shown(refused).startswith("- Not shown. contrast: 1 group,")
    assert floors.shown(pd.DataFrame({"a": []})) == "There is no row to show."


def test_a_shown_table_has_numbers_as_people_write_them_and_leaves_its_source_alone():
    part = floors.shown(pd.DataFrame({"share": [0.3508, 1, 0.00004], "low": [0.3, 0, 0]}))
    assert part.iloc[:, 0].tolist() == ["35.1%", "100%", "0.004%"] and part.iloc[:, 1].tolist() == ["30.0%", "0%", "0%"]
    made = {"a": [1912.4, 0.00012345, -0.0, np.nan], "q": [1e-30, 0.0371, 1, np.nan], "b": ["x", None, "y", pd.NaT]}
    table = pd.DataFrame(made, index=[7, 9, 11, 12])
    shown = floors.shown(table)
    assert shown.a.tolist() == ["1,912", "0.000123", "0", ""]
    assert shown.q.tolist() == ["< 0.001", "0.037", "1", ""]
    assert shown.b.tolist() == ["x", "", "y", ""]
    assert shown.index.tolist() == [0, 1, 2, 3] and floors.shown(table, 1).b.tolist() == ["x"]
    assert table.a[7] == 1912.4 and len(table.columns) == 3


@given(st.floats(width=64) | st.floats(-1e4, 1e4))
def test_no_number_is_scientific_nan_or_minus_nought_and_none_is_far_off(value):
    written = floors.number(value)
    assert not re.search(r"[eE]|nan|^[-−]0(\.0*)?$", written)
    if math.isfinite(value):
        assert float(written.replace(",", "").replace("−", "-")) == pytest.approx(value, rel=0.0051, abs=1e-6)


def refused_once():
    return floors.refused(pd.DataFrame(), floors.refusals("contrast", groups=1))


def refused_said():
    return floors.said(refused_once().attrs["refusals"])


def test_refusals_register_themselves_and_the_same_step_is_said_once():
    floors.forget()
    assert floors.unsaid() == "No step was refused."
    assert floors.said([]) == "No floor was missed."  # of one table: other steps may have been refused
    for language in ("en", "fr", "es"):
        words = phrases(language, "said")
        assert words["floors.none"] != words["floors.unsaid"], language
    table = refused_once()
    assert floors.unsaid() == floors.said(table.attrs["refusals"])
    refused_once()  # the cell is run again
    assert floors.unsaid() == floors.said(table.attrs["refusals"])
    floors.passing("source mentions", pd.DataFrame({"mentions": [1]}))
    assert "source with most mentions: 1 mention" in floors.unsaid()  # what even the best row has


def test_a_step_that_is_no_longer_refused_is_no_longer_said():
    floors.forget()
    refused_once()
    floors.refusals("contrast", groups=9)
    for counts in ([1], [29]):
        floors.passing("source mentions", pd.DataFrame({"mentions": counts}))
    assert floors.unsaid() == "No step was refused."


def test_another_notebook_of_the_same_process_begins_anew_and_a_question_refuses_nothing():
    refused_once()
    floors.forget()
    assert not floors.reached("contrast", groups=1) and floors.reached("contrast", groups=2)
    assert floors.unsaid() == "No step was refused."


def test_a_text_in_what_is_said_is_no_markup():
    said = floors.Said("- <b> & $x$\n- [a](javascript:b)")
    assert repr(said) == "- <b> & $x$\n- [a](javascript:b)"
    items = "<ul><li>&lt;b&gt; &amp; $x$</li>\n<li>[a](javascript:b)</li></ul>"
    assert said._repr_html_() == f'<div class="said mathjax_ignore">{items}</div>'
    assert repr(floors.Said(Markup("<em>a</em> &lt; b"))) == "a < b"


def test_several_words_are_shown_as_paragraphs_and_lists_of_their_own():
    whole = floors.paragraphs(floors.Said(Markup("<em>a</em> &lt;")), floors.said([]), refused_said())
    assert repr(whole).split("\n\n") == ["a <", "No floor was missed.", repr(refused_said())]
    shown = whole._repr_html_()
    assert "<p><em>a</em> &lt;</p><p>No floor was missed.</p><ul><li>Not shown. contrast: 1 group" in shown


def test_stacked_tables_keep_their_rows_and_the_reasons_of_those_without():
    full, empty = pd.DataFrame({"a": [1]}), refused_once()
    assert floors.stacked(empty, full).a.tolist() == [1]
    assert floors.stacked(empty, full).attrs["refusals"] == empty.attrs["refusals"]
    assert floors.shown(floors.stacked(empty, empty)) == refused_said()


def test_a_column_without_a_value_is_not_shown():
    made = pd.DataFrame({"a": [1, 2], "b": ["", ""], "c": [float("nan"), 0.5], "d": [None, None]})
    assert list(floors.shown(made)) == ["a", "c"] and list(floors.shown(made, 1)) == ["a"]
