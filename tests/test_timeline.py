import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bulle import InputError, figures, findings, floors, narrative, timeline


def articles(days, holding=(), **columns):
    """Articles of some days, and the matches of those that hold the theme."""
    names = [f"a{number}" for number in range(len(days))]
    dates = pd.Series(np.array(days, "datetime64[s]")) if len(days) else pd.Series([], dtype="datetime64[s]")
    made = pd.DataFrame({"article": names, "date": dates}).assign(**columns)
    return made, made[np.array([*holding, *[False] * (len(days) - len(holding))], bool)]


def dated(shares, size, frequency="M", start="2024-01"):
    """Articles of successive periods, so many of each with the theme."""
    days = pd.period_range(start, periods=len(shares), freq=frequency).repeat(size).to_timestamp()
    return articles(days.to_numpy(), [place < share for share in shares for place in range(size)])


def test_a_trend_has_the_wilson_intervals_of_newcombe():
    # Newcombe 1998, table I, 81 of 263, Wilson: .2553 to .3662
    table = timeline.trend(*dated([81, 0, 9], 263))
    assert table.loc[0, ["share", "low", "high"]].tolist() == pytest.approx([81 / 263, 0.2553, 0.3662], abs=5e-5)
    assert table.period.tolist() == ["2024-01", "2024-02", "2024-03"]


def test_the_slope_of_a_trend_is_that_of_pymannkendall_and_its_p_that_of_the_exact_table():
    # pymannkendall 1.4.3 on the same shares: tau .7142857, slope .0212142857; S = 20 of 8: p = 2 x .0071 (Kendall 1975)
    made = timeline.slope(timeline.trend(*dated([70, 80, 170, 190, 180, 175, 230, 220], 1000)))
    assert made[["periods", "tau", "slope"]].iloc[0].tolist() == pytest.approx([8, 0.7142857, 0.0212142857])
    assert made.p[0] == pytest.approx(2 * 0.0071, abs=2e-4)
    assert made.direction[0] == 1


def test_a_trend_of_few_articles_or_of_few_periods_is_refused():
    assert timeline.trend(*dated([1], 1)).attrs["refusals"] == floors.refusals("trend", articles=1, periods=0)
    assert timeline.trend(*articles([])).empty and timeline.peaks(timeline.trend(*articles([]))).empty
    made = timeline.slope(timeline.trend(*dated([1, 2, 3], 20)))
    assert made.attrs["refusals"] == floors.refusals("trend test", periods=3)
    assert str(made.attrs["refusals"][0]).startswith("trend test: 3 periods with enough articles, at least 5 needed")


def test_periods_with_too_few_articles_are_marked_and_empty_ones_kept():
    made, held = dated([5, 6, 0, 7], 30)
    made = made[(made.date.dt.month != 3) & ~((made.date.dt.month == 4) & (made.index % 2 == 0))]
    later, _ = dated([25], 25, start="2024-05")
    table = timeline.trend(pd.concat([made, later.assign(article="b" + later.article)]), held, "month")
    assert table.articles.tolist() == [30, 30, 0, 15, 25]
    assert table.enough.tolist() == [True, True, False, False, True]
    assert "1 period with too few articles" in figures.trend(table).caption  # the empty one is not drawn
    with pytest.raises(InputError, match="day, week, month"):
        timeline.trend(made, held, "minute")


@pytest.mark.parametrize(
    ("days", "each", "expected"),
    [
        (pd.date_range("2024-01-01", periods=10), 20, "day"),
        (pd.date_range("2024-01-01", periods=70), 3, "week"),
        (pd.date_range("2024-01-01", periods=150), 1, "month"),
        (pd.date_range("2018-01-01", "2019-12-31", freq="10D"), 3, "quarter"),
        (pd.date_range("2010-01-01", "2019-12-31", freq="30D"), 2, "year"),
        (pd.date_range("2010-01-01", periods=900), 20, "week"),  # 900 days make no table to read
        (pd.date_range("2024-01-01", periods=60), 2, "month"),  # of 14 articles a week, two months of 60 remain
        (pd.date_range("2024-01-04", periods=8, freq="7D"), 25, "week"),  # a weekly, though each issue has its day
        (pd.date_range("2024-01-01", periods=8, freq="MS"), 25, "month"),  # dates known to the month
    ],
)
def test_the_period_is_the_finest_that_enough_articles_fill(days, each, expected):
    assert timeline.chosen(articles(days.repeat(each).to_numpy())[0]) == expected


def test_a_few_crowded_days_do_not_make_the_day_the_period():
    days = pd.date_range("2018-11-17", periods=93)
    crowded = np.concatenate([days.repeat(8), days[:6].repeat(15)])
    assert timeline.chosen(articles(crowded)[0]) == "week"
    assert timeline.periods(articles(crowded)[0]).iloc[0] == "2018-11-12/2018-11-18"
    assert timeline.periods(articles(crowded)[0], "year").unique().tolist() == ["2018", "2019"]


def test_one_misdated_article_makes_no_row_and_is_named():
    days = [*pd.date_range("2018-11-17", periods=93).repeat(8).to_numpy(), np.datetime64("1918-11-17", "s")]
    for period in ("", *timeline.PERIODS):
        table = timeline.trend(*articles(days), period)
        assert len(table) <= timeline.MOST
        assert period == "day" or table.attrs["outside"] == ["a744 (1918-11-17)"]


def test_years_from_the_first_to_the_last_that_dates_can_have_make_no_long_table():
    far = np.array(["0001-01-01", "9999-12-31"], "datetime64[s]").repeat(25)
    days = np.concatenate([far, pd.date_range("2018-11-17", periods=93).repeat(8).to_numpy().astype("datetime64[s]")])
    for period in ("", *timeline.PERIODS):
        table = timeline.trend(*articles(days), period)
        assert len(table) <= timeline.MOST
        assert table.empty or (table.since.iloc[0], table.since.is_monotonic_increasing) == (0, True)
        assert figures.trend(table)
        assert timeline.slope(table) is not None and timeline.peaks(table).empty


def test_a_weekly_share_that_jumps_has_peaks_where_it_has_no_trend():
    shares = [7, 7, 7, 7, 19, 7, 8, 7, 19, 7]
    table = timeline.trend(*dated(shares, 40, "W", "2018-11-12"))
    assert timeline.slope(table).direction[0] == 0
    found = timeline.peaks(table)
    assert found.period.tolist() == ["2018-12-10/2018-12-16", "2019-01-07/2019-01-13"]
    assert found.others[0] == (sum(shares) - 19) / 360
    one = stats.fisher_exact([[19, 21], [76, 284]], alternative="greater").pvalue
    assert found.p[0] == pytest.approx(one * 10)  # Holm: the least of ten


def test_copies_of_one_article_are_one_article_of_its_first_day():
    days = pd.date_range("2024-01-01", periods=60).repeat(2).to_numpy()
    made, held = articles(days, [True] * 40, family=["a0"] * 40 + [f"a{number}" for number in range(40, 120)])
    table = timeline.trend(made, held, "month")
    assert (table.articles.tolist(), table.holding.tolist()) == ([23, 58], [1, 0])


def test_titles_of_a_peak_come_from_each_source_first():
    columns = {"source": ["x", "x", "y", "y"], "title": ["A", "B", "C", ""], "family": ["a0", "a1", "a2", "a3"]}
    made, held = articles(np.array(["2024-01-01"] * 4, "datetime64[s]"), [True] * 4, **columns)
    matches = held.loc[[0, 0, 0, 1, 1, 2, 3, 3]]
    found = timeline.headlines(made, matches, "month")
    assert found[["title", "places"]].to_numpy().tolist() == [["A", 3], ["C", 1], ["B", 2]]


def test_random_dates_make_a_claim_in_few_of_a_hundred_corpora():
    days = pd.date_range("2018-11-19", periods=84).repeat(7).to_numpy()
    generator, claims = np.random.default_rng(11), 0
    for _ in range(40):
        table = timeline.trend(*articles(days, generator.random(len(days)) < 0.3), "week")
        claims += bool(timeline.slope(table).direction[0] or len(timeline.peaks(table)))
    assert claims <= 5  # at most 5 of 100 are promised; 6 of 40 would come in one of 100 such tests


def account(language, texts, days, **parameters):
    """The account of some texts, each of its day, without the spaces that French sets before its signs."""
    table = pd.DataFrame({"article": [f"a{n}" for n in range(len(texts))], "source": "", "language": "fr"})
    table = table.assign(title=[f"Titre {n}" for n in range(len(texts))], text=texts, date=days)
    table = table.astype({"date": "datetime64[s]"})
    text = narrative.account(findings.ledger(table, {"theme": "bulle", **parameters}), language).text
    return re.sub("[\u00a0\u202f]", " ", text)


def months(shares, size):
    """Texts of successive months, each in its own words, so many of each with the theme, and their days."""
    days = pd.period_range("2025-01", periods=len(shares), freq="M").repeat(size).to_timestamp()
    holding = [place < share for share in shares for place in range(size)]
    texts = [
        f"Le mot{n} du sujet{n * 7} vient{n}." + (f" Une bulle fait{n} peur{n * 3}." if held else "")
        for n, held in enumerate(holding)
    ]
    return texts, days


@pytest.mark.parametrize(
    ("language", "shares", "expected"),
    [
        ("en", [20, 17, 14, 11, 8, 5, 2], "Over these months it falls by 15.0 points a month (97.5% interval 15.0 to"),
        (
            "fr",
            [20, 17, 14, 11, 8, 5, 2],
            "Sur ces mois, elle diminue de 15,0 points par mois (intervalle à 97,5 % :",
        ),
        ("en", [2, 5, 8, 11, 14, 17, 20], "Over these months it rises by 15.0 points a month (97.5% interval 15.0 to"),
        (
            "en",
            [5, 5, 5, 5, 5],
            "Over these months it shows no direction that can be told from chance (97.5% interval 0.0",
        ),
        ("fr", [1, 2, 1, 2, 1, 9], "En juin 2025, 9 articles sur 20, soit 45,0 % ("),
        ("en", [1, 2, 1, 2, 1, 9], "In June 2025, 9 of 20 articles, 45.0% ("),
        (
            "en",
            [1, 2, 1, 2, 1, 2],
            "No month with enough articles is above all others together, beyond chance (p = 1).",
        ),
        (
            "en",
            [1, 2, 1],
            "A direction over time: three periods with enough articles, where at least five would be needed.",
        ),
        (
            "fr",
            [1, 2, 1],
            "elle est comprise entre 5,0 % en janvier 2025 (le premier de deux) et 10,0 % en février 2025.",
        ),
        (
            "en",
            [3, 3, 3, 3, 9],
            "above all others together, beyond chance (p = 0.030, where at most 0.025 would be needed).",
        ),
    ],
)
def test_the_account_tells_time_in_signs_numbers_and_words_that_agree(language, shares, expected):
    text = account(language, *months(shares, 20))
    assert expected in text
    assert not re.search(r"(by|de) [−-]|[−+-]0[.,]0\b|\bnan\b|None|\{", text)


@pytest.mark.parametrize(
    ("period", "language", "expected"),
    [
        ("2018-12-03/2018-12-09", "fr", "dans la semaine du 3 décembre 2018"),
        ("2018-10-01/2018-10-07", "fr", "dans la semaine du 1er octobre 2018"),
        ("2018-12-03/2018-12-09", "en", "in the week of December 3, 2018"),
        ("2025-11", "en", "in November 2025"),
        ("2025-11", "fr", "en novembre 2025"),
        ("2025-11-01", "fr", "le 1er novembre 2025"),
        ("2025-11-01", "en", "on November 1, 2025"),
        ("2025Q4", "en", "in the 4th quarter of 2025"),
        ("2025Q4", "fr", "au 4e trimestre 2025"),
        ("2025", "en", "in 2025"),
        ("2025", "fr", "en 2025"),
    ],
)
def test_a_period_is_written_as_people_write_it(period, language, expected):
    one = findings.Finding("x", period, "period", "base", "formula", "function")
    voice = narrative.Voice(findings.Ledger({"x": one}, (), {}, {}), language)
    assert re.sub(r"<[^>]+>", "", voice.when("x")) == expected


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("en", -8, "8.0 points a week"),
        ("fr", -1.94, "1,9 point par semaine"),
        ("fr", -2, "2,0 points par semaine"),
        ("en", 0.0123, "0.012 points a week"),
        ("en", -1234.5, "1,234.5 points a week"),
        ("fr", 0, "0,0 point par semaine"),
    ],
)
def test_points_have_no_sign_and_agree_with_what_is_shown(language, value, expected):
    one = findings.Finding("x", value, "points", "base", "formula", "function")
    voice = narrative.Voice(findings.Ledger({"x": one}, (), {}, {}), language)
    assert re.sub(r"<[^>]+>", "", voice.points("x", "week")) == expected


def test_the_period_asked_for_is_taken_and_said_to_be_asked():
    text = account("en", *months([1, 2, 1, 2, 1, 2], 20), period="quarter")
    assert "counted by quarter, as asked: two quarters hold 20 articles or more." in text


def test_articles_dated_far_from_all_others_are_told():
    texts, days = months([1, 2, 1, 2, 1, 2], 20)
    text = account("en", [*texts, "Une seule bulle."], [*days, pd.Timestamp("1925-01-01")])
    assert "Left out is one article dated far from all others." in text


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (pd.date_range("2018-11-17", "2018-12-16"), ["first"]),
        (pd.date_range("2018-11-12", "2018-12-11"), ["last"]),
        (pd.date_range("2018-11-15", "2018-12-13", freq="7D"), []),  # a weekly
    ],
)
def test_a_period_is_read_in_part_where_the_articles_begin_or_end_in_it_and_not_in_others(days, expected):
    articles = pd.DataFrame({"article": [f"a{n}" for n in range(20 * len(days))], "date": days.repeat(20)})
    assert timeline.clipped(articles, timeline.trend(articles, articles[:3], "week")) == expected


def test_a_refused_direction_says_how_many_periods_there_were():
    days = pd.to_datetime(["2024-01-05"] * 25 + ["2024-08-05"] * 3)
    articles = pd.DataFrame({"article": [f"a{n}" for n in range(len(days))], "date": days})
    found = timeline.slope(timeline.trend(articles, articles[:9], "month"))
    assert ["1 period" in floors.said([one]) for one in found.attrs["refusals"] if one.measure == "periods"] == [True]
