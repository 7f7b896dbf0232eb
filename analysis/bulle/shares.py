"""Places of a theme of several kinds (whose voice, what stance) -> the share of each kind, with its interval."""

import pandas as pd

from bulle import floors, sentiment
from bulle.timeline import wilson

STANCES = ("worries", "denies", "asks", "past", "other")  # that can be told; asserts and names are the rest
VOICES = ("named", "unnamed", "organisation", "unknown")  # of others; the reporter's is the rest
FEW = 2  # articles that hold a kind: of fewer no interval can be drawn from articles


def shares(places: pd.DataFrame, column: str, kinds: tuple[str, ...], step: str, about: str = "") -> pd.DataFrame:
    """How large a share of the places of a theme each kind is; floors by places and by articles.

    Parameters
    ----------
    places : one row per place of the theme: `article`, `family` (of near-identical articles), and the kind in `column`.
    kinds : the kinds to tell, in their order.
    step : of `floors.csv`; `about`: a source, a period, "" for all.

    Returns
    -------
    DataFrame, one row per kind that stands somewhere: `kind`, `count` (places), `articles`, `share` (of all places),
    `low`, `high` (95 % interval over articles, near-identical ones together: of a ratio of sums, see
    `sentiment.interval`; where fewer than two hold the kind that of Wilson 1927 over articles). `attrs["places"]` is
    the number of places, `attrs["articles"]` that of the articles.
    """
    total, articles = len(places), places.article.nunique()
    rows = []
    for kind in kinds:
        own = places[places[column] == kind]
        if len(own):
            low, high = interval(places.family, places[column] == kind)
            rows.append((kind, len(own), own.article.nunique(), len(own) / total, low, high))
    table = pd.DataFrame(rows, columns=["kind", "count", "articles", "share", "low", "high"])
    table.attrs = {"places": total, "articles": articles}
    return floors.refused(table, floors.refusals(step, about, places=total, articles=articles))


def interval(units: pd.Series, held: pd.Series) -> tuple[float, float]:
    """95 % interval of the share of some places that are held, over the units (articles) that they stand in."""
    counts = pd.DataFrame({"held": held.astype(float), "all": 1.0}).groupby(units.to_numpy()).sum()
    if (counts.held > 0).sum() < FEW or (counts.held < counts["all"]).sum() < FEW:
        reached = pd.Series([round(held.mean() * len(counts))])
        low, high = wilson(reached, pd.Series([len(counts)]))
        return min(float(low.iloc[0]), held.mean()), max(float(high.iloc[0]), held.mean())
    low, high = sentiment.ratio(counts.held.to_numpy(), counts["all"].to_numpy())
    return max(0.0, low), min(1.0, high)


def by(places: pd.DataFrame, column: str, kinds: tuple[str, ...], step: str, groups: pd.Series) -> pd.DataFrame:
    """The `shares` of each group of places (`group`: a source, a period), largest groups first; only groups that reach
    the floors have rows."""
    made = []
    for group, count in groups[groups.notna() & (groups != "")].value_counts(sort=False).sort_index().items():
        own = shares(places[groups == group], column, kinds, step, str(group))
        made.append(own.assign(group=group, size=count))
    columns = ["group", "kind", "count", "articles", "share", "low", "high"]
    whole = pd.concat([one for one in made if len(one)] or [pd.DataFrame(columns=[*columns, "size"])])
    whole = whole.sort_values("size", ascending=False, kind="stable", ignore_index=True)[columns]
    whole.attrs = {"refusals": [] if len(whole) else [missed for one in made for missed in one.attrs["refusals"]]}
    return whole


def people(places: pd.DataFrame) -> pd.DataFrame:
    """Those whose words hold the theme most often: `name`, `voice`, `places`, `articles`; see floors of `speaker`."""
    named = places[places.name != ""]
    counts = named.groupby(["name", "voice"]).agg(places=("article", "size"), articles=("article", "nunique"))
    table = counts.reset_index().sort_values(["places", "name"], ascending=[False, True], ignore_index=True)
    return floors.passing("speaker", table)
