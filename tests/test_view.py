"""The view of a text: written cases, and the way back to the characters as read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulle.view import CHANGED, View, _changes, views

SIGNS = [
    "e\u0301",
    "\u0301",
    "\u00ad",
    "\u200b",
    "\ufeff",
    "ﬁ",
    "-\n",
    "-",
    "\n",
    "’",
    "‘",
    "\u00a0",
    "\u2011",
    "é",
    "œ",
    "a",
    "B",
    " ",
    "²",
]
writing = st.lists(st.sampled_from(SIGNS), max_size=25).map("".join) | st.text(max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’e\u0301te\u0301", ["l'été"]),
        ("\ufeffbul\u00adle\u200b", ["bulle"]),
        ("in\ufb02ation e\ufb03cace", ["inflation efficace"]),
        ("États\u2011Unis\u00a0; bulle²", ["États-Unis ; bulle·"]),
        ("mini-\nbulle", ["minibulle", "mini-bulle"]),
        ("mini- \r\n bulle", ["minibulle", "mini-bulle"]),
        ("Liste\n- un\n-\ndeux -\ntrois", ["Liste\n- un\n-\ndeux -\ntrois"]),  # no word is broken there
        ("Mulhouse-\nParis", ["Mulhouse-\nParis"]),
        ("", [""]),
    ],
)
def test_what_is_written_alike_is_one_in_the_view(text, expected):
    assert [view.text for view in views(text)] == expected


def test_a_plain_text_is_its_own_view():
    text = "Une bulle gonfle."
    assert views(text) == [View(text)] and views(text)[0].text is text


@given(writing)
def test_every_stretch_of_a_view_leads_back_to_what_was_read(text):
    for view in views(text):
        spans = [view.span(place, place + 1) for place in range(len(view.text))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)
        letters = unicodedata.normalize("NFKD", "".join(text[slice(*span)] for span in dict.fromkeys(spans)))
        assert [one for one in letters if one.isalpha()] == [
            one for one in unicodedata.normalize("NFKD", text) if one.isalpha()
        ]


@given(st.text("aeZé1.- \u2010\u00ad\n\u0301\u0308\u200b\ufb01\ufeff"))
def test_every_change_is_found_though_it_is_looked_for_in_few_places(text):
    assert [*map(str, _changes(text))] == [*map(str, CHANGED.finditer(text))]
