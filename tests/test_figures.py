import re
from functools import partial
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import bulle
from bulle import figures, floors

TERMS = [f"terme {number}" for number in range(30)]
FREQUENCY = pd.DataFrame({"term": TERMS, "label": TERMS, "count": range(30, 0, -1), "per_10k": np.linspace(90, 3, 30)})
TREND = pd.DataFrame(
    {
        "period": [f"2024-{month:02}" for month in range(1, 13)],
        "since": range(12),
        "articles": [40] * 11 + [4],
        "share": np.linspace(0, 0.5, 12),
        "low": np.linspace(0, 0.4, 12),
        "high": np.linspace(0.1, 0.6, 12),
        "enough": [True] * 11 + [False],
    }
)
GROUPS = pd.DataFrame({"group": ["x", "y", "z"], "net": [-0.2, 0.001, np.nan], "missed": ["", "tone", "tone"]})
GROUPS = GROUPS.assign(low=GROUPS.net - 0.1, high=GROUPS.net + 0.1)
SAFE = {"svg", "path", "text", "circle", "rect", "title"}
DRAWN = [
    (figures.frequencies, FREQUENCY),
    (figures.trend, TREND),
    (figures.tones, GROUPS),
]


@pytest.fixture(autouse=True)
def told():
    yield
    bulle.tell()


@pytest.mark.parametrize(("figure", "table"), DRAWN)
def test_a_figure_is_drawn_for_a_page_and_a_phone_says_what_it_shows_and_is_the_same_twice(figure, table):
    picture = figure(table)
    shown = picture._repr_mimebundle_()
    held = shown[figures.MIME]
    for kind, width in figures.WIDTHS.items():
        assert f'class="{kind}" viewBox="0 0 {width} ' in held[kind]
        texts = ElementTree.fromstring(held[kind]).iter("text")
        assert all(text.text and float(text.get("font-size")) >= 12.5 for text in texts)
    assert shown["text/plain"] == picture.alt == held["alt"] and len(picture.alt) > 50 and "nan" not in picture.alt
    assert figure(table)._repr_mimebundle_() == shown
    assert len(shown["image/svg+xml"]) < 20_000


@pytest.mark.parametrize(("figure", "table"), DRAWN)
def test_a_drawing_on_a_page_has_its_colours_from_the_page_and_needs_no_style_and_no_other_element(figure, table):
    for drawing in (figure(table).wide, figure(table).narrow):
        elements = list(ElementTree.fromstring(drawing).iter())
        colours = {element.get(name) for element in elements for name in ("fill", "stroke")}
        assert colours <= {None, "none", *(f"var(--{role})" for role in figures.ROLES)}
        assert not {"style", "id", "href"} & {name for element in elements for name in element.attrib}
        assert {element.tag for element in elements} <= {"svg", "path", "text", "circle"}
    alone = figure(table).svg
    assert "var(" not in alone and ElementTree.fromstring(alone).tag == figures.SVG + "svg"


def test_the_words_and_the_numbers_of_a_figure_are_those_of_the_language_told():
    bulle.tell("fr")
    told = figures.trend(TREND)
    assert "décembre 2024 50,0\u00a0% sur 4" in told.alt and "mars" in told.wide and "Share" not in told.svg
    assert "−0,20" in figures.tones(GROUPS).wide and "\u00a0; " in figures.tones(GROUPS).alt


def test_texts_of_others_are_shown_and_never_obeyed():
    label = "<script>x</script> & \x00\u202e\ufffe]]>"  # a lone surrogate ends in the reader
    for picture in (figures.frequencies(FREQUENCY.assign(label=label)), figures.tones(GROUPS.assign(group=label))):
        for drawing in (picture.wide, picture.narrow, picture.svg):
            assert {one.tag.removeprefix(figures.SVG) for one in ElementTree.fromstring(drawing).iter()} <= SAFE
            assert not set("\x00\u202e\ufffe") & set(drawing)


@pytest.mark.parametrize(("figure", "table"), DRAWN)
def test_an_empty_table_makes_no_empty_figure_but_its_reason(figure, table):
    refused = floors.refused(table, floors.refusals("trend", articles=1, periods=1))
    assert figure(refused).startswith("- Not shown. trend: 1 dated article")


@pytest.mark.parametrize(("figure", "table"), DRAWN)
def test_one_row_is_enough_for_a_figure(figure, table):
    assert figure(table.head(1)).wide


def test_a_term_with_a_dollar_is_money_and_no_formula():
    assert "500 $ et 300 $  30<" in figures.frequencies(FREQUENCY.assign(label="500 $ et 300 $")).wide


def test_an_alternative_text_tells_the_numbers():
    assert figures.frequencies(FREQUENCY.head(2)).alt.endswith("with occurrences: terme 0 30; terme 1 29.")
    assert "December 2024 50.0% of 4" in figures.trend(TREND).alt
    assert "Hollow: 1 period with too few" in figures.trend(TREND).caption


def test_terms_that_are_lemmas_are_said_to_be_counted_in_all_their_forms():
    table = FREQUENCY.assign(low=1, high=99).head(2)
    table.attrs = {"unit": "lemma", "interval": "exact, these texts only"}
    told = "A term is counted in the forms that the dictionary joins. Line: 95% interval (exact, these texts only)."
    assert figures.frequencies(table).caption == told


def test_a_period_without_an_article_is_not_drawn_and_not_called_hollow():
    empty = pd.DataFrame({"period": ["2025-01"], "articles": [0], "enough": [False]})
    told = figures.trend(pd.concat([TREND, empty], ignore_index=True)).caption
    assert told.endswith("to be compared. Not drawn: 1 period without an article.")


def test_a_group_without_a_tone_is_not_drawn_and_counted():
    told = figures.tones(GROUPS)
    assert "x −0.20; y 0.00, thin." in told.alt
    assert told.caption == "Hollow: 1 on thin evidence. Not drawn: 1 without a scored word."
    told = figures.tones(floors.stacked(floors.refused(GROUPS, floors.refusals("contrast", groups=1)), GROUPS[:1]))
    assert "x −0.20" in told.alt and "Not shown. contrast: 1 group, at least 2 needed" in told.caption
    assert figures.tones(GROUPS.assign(net=np.nan, low=np.nan, high=np.nan)) == "There is no row to show."


MEET = """() => [...document.querySelectorAll("svg")].flatMap(drawing => {
  const whole = drawing.getBoundingClientRect(), texts = [...drawing.querySelectorAll("text")]
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()])
  const out = boxes.filter(([, b]) => b.left < whole.left - 1 || b.right > whole.right + 1 || b.top < whole.top - 1
    || b.bottom > whole.bottom + 1).map(([text]) => "leaves its drawing: " + text)
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom
  return out.concat(boxes.flatMap(([text, a], n) => boxes.slice(n + 1).filter(([, b]) => meet(a, b))
    .map(([other]) => text + " meets " + other)))
})"""
WORDS = "Un titre de presse très long, qui n'en finit pas, sur la « violence » et anticonstitutionnellement autre chose"
LONG = GROUPS.assign(
    group=["Un très long nom de source, trop long pour tenir à gauche d'un dessin", "B", "C"], low=-1, net=-1
)
WEEKS = pd.DataFrame(
    {"since": range(60), "period": [f"{d:%Y-%m-%d}/x" for d in pd.date_range("2018-01-01", periods=60, freq="7D")]}
)
WEEKS = WEEKS.assign(articles=30, share=0.9, low=0.7, high=1.0, enough=True)


def test_no_two_texts_of_a_drawing_meet_and_none_leaves_it(browser):
    drawn = [figure(table) for figure, table in [*DRAWN, (figures.tones, LONG), (figures.trend, WEEKS)]]
    svgs = [drawing for picture in drawn for drawing in (picture.wide, picture.narrow)]
    for rows in ((0, 1), (58, 59), (10, 50), (59,)):
        named = [(row, "3 décembre 2018 : 47,2 %", WORDS) for row in rows]
        held = figures.picture(
            partial(figures.line, WEEKS, named), WEEKS, name="x", title="", unit="", caption="", alt="x"
        )
        svgs += [held.wide, held.narrow]
    page = browser.new_page()
    page.set_content(
        "".join(svg.replace("<svg ", f'<svg width="{re.search("0 0 ([0-9]+)", svg)[1]}" ') for svg in svgs)
    )
    assert page.evaluate(MEET) == []


@pytest.mark.parametrize("text", ["x" * 10_000, "Un titre qui n'en finit pas " * 40, "漢" * 200])
def test_a_text_is_cut_at_the_last_letter_that_has_room(text):
    cut = figures.fitted(text, 300).removesuffix("…")
    assert text.startswith(cut) and figures.measured(f"{cut}…") <= 300
    assert figures.measured(f"{text[: len(cut) + 1].rstrip()}…") > 300 or text[len(cut)] == " "
    assert figures.fitted("court", 300) == "court" and figures.fitted(text, -4) == "…"
