"""Dates -> periods: how often the theme stands in each, in which direction that goes, and where it peaks."""

from datetime import date

import numpy as np
import pandas as pd
import scipy

from bulle import InputError, floors, phrases, wording

PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}  # from fine to coarse -> pandas' names
MOST = 400  # periods that are chosen to count by; of a table with more rows those without an article are left out
PEAKS = 3  # periods named at most
HEADLINES = 3  # titles named with a peak at most
LEVEL = 0.025  # two questions are put to the dates, direction and peaks: together they err in at most 5 of 100 corpora


def pandas_period(period: str) -> str:
    """The name that pandas has for a period; InputError for another word."""
    if period not in PERIODS:
        known = ", ".join(PERIODS)
        raise InputError(f"parameter 'period' is {period!r}; there are: {known}; leave it empty for one that fits")
    return PERIODS[period]


def families(articles: pd.DataFrame, matches: pd.DataFrame | None = None) -> pd.DataFrame:
    """The dated articles, a family of near-identical ones being one article: `date` (the first of the family) and
    `holding` (whether one of them is among the matches), indexed by family."""
    known = articles[articles.date.notna()]
    holding = known.article.isin([] if matches is None else matches.article)
    own = known.family if "family" in known else known.article
    table = pd.DataFrame({"date": known.date, "holding": holding})
    return table.groupby(own.rename("family")).agg({"date": "min", "holding": "max"})


def chosen(articles: pd.DataFrame) -> str:
    """The period to count by: the finest in which enough periods hold enough articles, and most of the articles, and no
    more than 400 hold any.

    Where no period does, that with most such periods, the finest first, or else the month. Of periods that cut the
    articles into the same groups the coarsest is taken: a weekly is counted by week, though each issue has its day.
    """
    dates = families(articles).date
    cut = {period: dates.dt.to_period(name).value_counts() for period, name in PERIODS.items()}
    best, most = "month", 0
    for period, counts in cut.items():
        enough = counts[counts >= floors.bound("trend period", "articles")]
        share = enough.sum() / max(len(dates), 1)
        if most < len(enough) and len(counts) <= MOST and floors.reached("period", **{"share of articles": share}):
            best, most = period, len(enough)
            if floors.reached("trend test", periods=most):
                break
    alike = [period for period, counts in cut.items() if len(counts) == len(cut[best])]
    return alike[-1] if most else best


def periods(articles: pd.DataFrame, period: str = "") -> pd.Series:
    """The period of each article, as text, indexed by `article`; missing where there is no date, or one far from all
    others (see `trend`).

    Parameters
    ----------
    period : day, week, month, quarter or year; "" for what `chosen` says.
    """
    when = articles.date.dt.to_period(pandas_period(period or chosen(articles)))
    counts = when.value_counts().sort_index()
    enough = counts.index[counts >= floors.bound("trend period", "articles")]
    kept = _together(counts.index, enough) if len(enough) else counts.index
    return when.astype(str).where(when.isin(kept)).set_axis(articles.article)


def opening(period: str) -> tuple[str, date]:
    """What a period of `periods` is, and its first day.

    >>> opening("2018-12-03/2018-12-09"), opening("2025Q4")
    (('week', datetime.date(2018, 12, 3)), ('quarter', datetime.date(2025, 10, 1)))
    """
    first = period.partition("/")[0]
    year, month, day = first[:4], first[5:7], first[8:10]
    if "Q" in first:
        return "quarter", date(int(year), 3 * int(month) - 2, 1)
    unit = "week" if "/" in period else "day" if day else "month" if month else "year"
    return unit, date(int(year), int(month or 1), int(day or 1))


def dated(period: str, language: str, name: str) -> tuple[str, str]:
    """The unit of a period, and its first day as the list `name` of a language writes it for that unit.

    >>> dated("2018-12-03/2018-12-09", "en", "figures"), dated("2025Q4", "fr", "figures")
    (('week', 'Dec 3, 2018'), ('quarter', 'T4 2025'))
    """
    unit, first = opening(period)
    return unit, wording.day(first.isoformat(), language, phrases(language, name)[f"date:{unit}"])


def called(period: str, language: str) -> str:
    """A period as a language names it.

    >>> called("2018-12-03/2018-12-09", "en"), called("2025-01", "fr"), called("2025Q4", "es")
    ('week of December 3, 2018', 'janvier 2025', '4.º trimestre de 2025')
    """
    unit, written = dated(period, language, "measures")
    return phrases(language, "measures")["week"].format(date=written) if unit == "week" else written


def clipped(articles: pd.DataFrame, trend: pd.DataFrame) -> list[str]:
    """Which of the "first" and the "last" period of a `trend` were read in part: the dates of the articles begin later
    in it, or end earlier, than in any other."""
    days = articles.date.dropna()
    when = days.dt.to_period(pandas_period(opening(trend.period.iloc[0])[0]))
    gaps = pd.DataFrame({"first": days - when.dt.start_time, "last": when.dt.end_time - days})
    gaps = gaps.groupby(when.astype(str)).min().reindex(trend.period)
    ends = {"first": gaps["first"], "last": gaps["last"][::-1]}
    return [name for name, gap in ends.items() if gap.iloc[0] > gap.iloc[1:].max()]


def trend(articles: pd.DataFrame, matches: pd.DataFrame, period: str = "") -> pd.DataFrame:
    """Share of the articles that hold the theme, period by period; a family of near-identical articles is one article.

    The rows begin and end with periods that hold enough articles, or with those that follow one another up to them.
    What is dated before or after is far from all other articles, most often by mistake: it is named and left out.

    Parameters
    ----------
    articles : `article`, `date`, and `family` if it is known.
    matches : `article`, those that hold the theme.
    period : see `periods`.

    Returns
    -------
    DataFrame, one row per period: `period`, `since` (periods since the first), `articles`, `holding`, `share`, `low`,
    `high` (95 % interval; Wilson 1927), `enough` (reaches the floor of articles). Periods without an article are rows
    of noughts, but are left out where there would be more than 400 rows. `attrs`: `unit` (the period), `dated` (number
    of articles with a date), `enough` (periods that hold enough), `outside` (articles dated far from all others, with
    their days).
    """
    dated, unit = families(articles, matches), period or chosen(articles)
    when = dated.date.dt.to_period(pandas_period(unit))
    table = pd.DataFrame({"articles": when.value_counts(), "holding": when[dated.holding].value_counts()})
    table = table.fillna(0).astype(int).sort_index()
    enough = floors.passing("trend period", table).index
    kept = _together(table.index, enough)
    outside = dated.date[~when.isin(kept)].sort_values()
    table = table.reindex(kept).fillna(0).astype(int)
    table["share"] = table.holding / table.articles
    table["low"], table["high"] = wilson(table.holding, table.articles)
    table["enough"] = table.index.isin(enough)
    table.insert(0, "since", _numbers(table.index) - min(_numbers(table.index), default=0))
    table = table.rename_axis("period").reset_index().astype({"period": str})
    far = [f"{name} ({day:%Y-%m-%d})" for name, day in outside.items()]
    table.attrs = {"unit": unit, "dated": len(dated), "enough": len(enough), "outside": far}
    return floors.refused(table, floors.refusals("trend", articles=len(dated), periods=len(enough)))


def _numbers(index: pd.Index) -> np.ndarray:
    """Periods as whole numbers, that follow one another where the periods do."""
    return pd.PeriodIndex(index).asi8 if len(index) else np.zeros(0, int)


def _together(held: pd.Index, enough: pd.Index) -> pd.Index:
    """Of the periods that hold articles those from the first to the last with enough, and their neighbours on either
    side up to the first gap; with the empty ones between them where the table stays short."""
    if not len(enough):
        return held[:0]
    numbers = _numbers(held)
    first, last = held.get_loc(enough[0]), held.get_loc(enough[-1])
    while first and numbers[first - 1] == numbers[first] - 1:
        first -= 1
    while last + 1 < len(held) and numbers[last + 1] == numbers[last] + 1:
        last += 1
    whole = numbers[last] - numbers[first] < MOST
    return pd.period_range(held[first], held[last]) if whole else held[first : last + 1]


def slope(trend: pd.DataFrame) -> pd.DataFrame:
    """Whether the shares of `trend` rise or fall over the periods with enough articles.

    Returns
    -------
    DataFrame, one row: `periods`, `tau` and `p` (Mann 1945, Kendall 1975), `slope` (change of the share from one period
    to the next), `low`, `high` (its 97.5 % interval; Sen 1968), `direction` (1 up, -1 down, 0 when either the test or
    the interval leaves it open). Empty when refused.
    """
    enough = trend[trend.enough]
    missed = [one for one in trend.attrs.get("refusals", ()) if one.measure != "periods"]
    missed += floors.refusals("trend test", periods=trend.attrs["enough"])
    if missed:
        columns = ["periods", "tau", "p", "slope", "low", "high", "direction"]
        return floors.refused(pd.DataFrame(columns=columns), missed)
    rise, _, low, high = scipy.stats.theilslopes(enough.share, enough.since, 1 - LEVEL)
    tau, p = scipy.stats.kendalltau(enough.since, enough.share)
    direction = int(np.sign(rise)) if p <= LEVEL and low * high > 0 else 0
    named = {"periods": len(enough), "tau": tau, "p": p, "slope": rise, "low": low, "high": high}
    return pd.DataFrame([named | {"direction": direction}])


def peaks(trend: pd.DataFrame) -> pd.DataFrame:
    """The periods in which the theme is surely more frequent than in all others together.

    Each period with enough articles is put to Fisher's exact test against the others (1935, one-sided), corrected over
    the periods (Holm 1979).

    Returns
    -------
    DataFrame, the columns of `trend` for at most three periods, highest share first, with `others` (the share in all
    other periods) and `p` (corrected, at most 0.025). `attrs["p"]` is the least `p` of all periods, named or not.
    """
    enough = trend[trend.enough]
    articles, holding = trend.articles.sum(), trend.holding.sum()
    p = holm(scipy.stats.hypergeom.sf(enough.holding - 1, articles, holding, enough.articles))
    others = (holding - enough.holding) / np.maximum(articles - enough.articles, 1)
    table = enough.assign(others=others, p=p).drop(columns=["since", "enough"])
    sure = table[(table.p <= LEVEL) & (table.articles < articles)]
    sure = sure.sort_values(["share", "period"], ascending=[False, True], ignore_index=True).head(PEAKS)
    missed = trend.attrs.get("refusals", [])
    sure.attrs = {"p": float(min(p, default=1)), "refusals": missed}
    return sure


def wilson(held: pd.Series, of: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The 95 % intervals of shares (Wilson 1927); missing where there is nothing to share.

    >>> [round(float(bound[0]), 4) for bound in wilson(pd.Series([81]), pd.Series([263]))]
    [0.2553, 0.3662]
    """
    squared = scipy.stats.norm.isf(0.025) ** 2
    of = of.where(of > 0)
    share = held / of
    centre = (share + squared / of / 2) / (1 + squared / of)
    half = np.sqrt(squared * share * (1 - share) / of + squared**2 / of**2 / 4) / (1 + squared / of)
    return (centre - half).clip(lower=0), (centre + half).clip(upper=1)


def holm(p: np.ndarray) -> np.ndarray:
    """P values with the chance of any error in all of them controlled (Holm 1979).

    >>> holm([0.03, 0.01, 0.04]).round(2).tolist()
    [0.06, 0.03, 0.06]
    """
    p = np.asarray(p, float)
    order = p.argsort(kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    made = np.empty_like(p)
    made[order] = np.minimum(stepped, 1)
    return made


def headlines(articles: pd.DataFrame, matches: pd.DataFrame, period: str) -> pd.DataFrame:
    """The titles of the articles that name the theme most often, in each period, a title of each source first.

    Parameters
    ----------
    articles : `article`, `source`, `date`, `title`, and `family` if it is known.
    matches : a row per place of the theme, see `passages.matches`.
    period : day, week, month, quarter or year.

    Returns
    -------
    DataFrame, at most three rows per period: `period`, `article`, `source`, `date`, `title`, `places`. First comes the
    article with most places of the theme in each source, the highest first, then the second of each. Near-identical
    articles and equal titles stand once; what has no title is left out.
    """
    made = articles.assign(places=articles.article.map(matches.article.value_counts()).fillna(0).astype(int))
    made = made.assign(period=periods(articles, period).to_numpy())
    made = made[(made.places > 0) & made.period.notna() & (made.title.str.strip() != "")]
    made = made.sort_values(["period", "places", "date", "article"], ascending=[True, False, True, True])
    for kin in ("family", "title"):
        made = made.drop_duplicates(["period", kin]) if kin in made else made
    made = made.assign(turn=made.groupby(["period", "source"]).cumcount())
    made = made.sort_values(["period", "turn"], kind="stable")
    columns = ["period", "article", "source", "date", "title", "places"]
    return made.groupby("period").head(HEADLINES)[columns].reset_index(drop=True)
