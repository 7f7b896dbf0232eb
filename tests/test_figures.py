import struct

import numpy as np
import pandas as pd
import pytest

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
DRAWN = [
    (figures.frequencies, FREQUENCY),
    (figures.trend, TREND),
]


@pytest.mark.parametrize(("figure", "table"), DRAWN)
def test_a_figure_is_as_wide_as_a_phone_says_what_it_shows_and_is_the_same_twice(figure, table):
    picture = figure(table)
    images, about = picture._repr_mimebundle_()
    assert struct.unpack(">I", picture.png[16:20])[0] == figures.WIDTH * figures.SHARPNESS
    assert images["text/plain"] == picture.alt == about["image/png"]["alt"]
    assert about["image/png"]["width"] == figures.WIDTH
    assert len(picture.alt) > 60 and "nan" not in picture.alt
    assert picture.png == figure(table).png
    assert b"Software" not in picture.png and b"tEXt" not in picture.png


@pytest.mark.parametrize(("figure", "table"), DRAWN)
def test_an_empty_table_makes_no_empty_figure_but_its_reason(figure, table):
    refused = floors.refused(table, floors.refusals("trend", articles=1, periods=1))
    assert figure(refused).startswith("- Not shown. trend: 1 article")


@pytest.mark.parametrize(("figure", "table"), DRAWN)
def test_one_row_is_enough_for_a_figure(figure, table):
    assert figure(table.head(1)).png


def test_a_term_with_a_dollar_is_money_and_no_formula():
    assert figures.frequencies(FREQUENCY.assign(label="500 $ et 300 $")).png


def test_an_alternative_text_tells_the_numbers():
    assert figures.frequencies(FREQUENCY.head(2)).alt.endswith("with occurrences: terme 0 30; terme 1 29.")
    assert "2024-12 50% of 4" in figures.trend(TREND).alt and "1 period with too few" in figures.trend(TREND).alt


def test_terms_that_are_lemmas_are_said_to_be_counted_in_all_their_forms():
    table = FREQUENCY.assign(low=1, high=99).head(2)
    table.attrs = {"unit": "lemma", "interval": "exact, these texts only"}
    told = "A term is counted in the forms that the dictionary joins. Lines: 95 % intervals (exact, these texts only)."
    assert figures.frequencies(table).alt.endswith(told)


def test_a_period_without_an_article_is_not_drawn_and_not_called_hollow():
    empty = pd.DataFrame({"period": ["2025-01"], "articles": [0], "enough": [False]})
    told = figures.trend(pd.concat([TREND, empty], ignore_index=True)).alt
    assert "Hollow: 1 period with too few articles. Not drawn: 1 period without an article." in told


def test_a_group_without_a_tone_is_not_drawn_and_counted():
    groups = pd.DataFrame({"group": ["x", "y", "z"], "net": [-0.2, 0.001, np.nan], "missed": ["", "tone", "tone"]})
    groups = groups.assign(low=groups.net - 0.1, high=groups.net + 0.1)
    told = figures.tones(groups).alt
    assert "x -0.20; y 0.00 (thin)" in told
    assert "Hollow: 1 of 2, on thin evidence. Not drawn: 1 without a scored word." in told
    told = figures.tones(floors.stacked(floors.refused(groups, floors.refusals("contrast", groups=1)), groups[:1])).alt
    assert "x -0.20" in told and "Not shown. contrast: 1 group, at least 2 needed" in told
    assert "by group: none." in figures.tones(groups.assign(net=np.nan, low=np.nan, high=np.nan)).alt
