"""Places of a theme of several kinds (whose voice, what stance) -> the share of each kind, with its interval."""

import numpy as np
import pandas as pd
import scipy

from bulle import PACKAGE, floors, markup, sentiment, telling
from bulle.timeline import wilson
from bulle.wording import said, value_told

STANCES = ("worries", "denies", "asks", "past", "other")  # that can be told; asserts and names are the rest
VOICES = ("named", "unnamed", "organisation", "unknown")  # of others; the reporter's is the rest
AROUND = 60  # characters on each side of a place that is shown
FEW = 2  # articles: of fewer no interval can be drawn from articles


def shares(places: pd.DataFrame, column: str, kinds: tuple[str, ...], step: str, about: str = "") -> pd.DataFrame:
    """How large a share of the places of a theme that have a kind each kind is; of the floors, copies count once.

    Parameters
    ----------
    places : one row per place of the theme: `article`, `family` (of near-identical articles), and the kind in `column`.
    kinds : the kinds to tell, in their order.
    step : of `floors.csv`; `about`: a source, a period, "" for all.

    Returns
    -------
    DataFrame, one row per kind that stands somewhere: `kind`, `count` (places), `articles`, `share` (of all places),
    `low`, `high` (95 % interval over articles, near-identical ones together, see `interval`).
    """
    places = places[places[column] != ""]
    total, alone = len(places), sentiment.once(places)
    rows = []
    for kind in kinds:
        own = places[places[column] == kind]
        if len(own):
            low, high = interval(places.family, places[column] == kind)
            rows.append((kind, len(own), own.article.nunique(), len(own) / total, low, high))
    table = pd.DataFrame(rows, columns=["kind", "count", "articles", "share", "low", "high"])
    held = {"places": len(alone), "articles": alone.article.nunique()}
    return floors.refused(table, floors.refusals(step, about, **held) if total else [])


def interval(units: pd.Series, held: pd.Series) -> tuple[float, float]:
    """95 % interval of the share of some places that are held, over the units (articles) that they stand in: linearised
    (Woodruff 1971), on the logit, Student's t; never narrower than that of independent places."""
    counts = pd.DataFrame({"held": held.astype(float), "all": 1.0}).groupby(units.to_numpy()).sum()
    share, places, number = float(held.mean()), len(held), len(counts)
    if number < FEW or share in (0.0, 1.0):
        low, high = wilson(pd.Series([int(held.sum())]), pd.Series([places]))
        return float(low.iloc[0]), float(high.iloc[0])
    apart = ((counts.held - share * counts["all"]) ** 2).sum() * number / (number - 1)
    error = max(apart**0.5 / places, (share * (1 - share) / places) ** 0.5)
    reach, odds = scipy.stats.t.ppf(0.975, number - 1) * error / (share * (1 - share)), np.log(share / (1 - share))
    return float(scipy.special.expit(odds - reach)), float(scipy.special.expit(odds + reach))


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
    missed = [refusal for one in made for refusal in one.attrs.get("refusals", [])]
    whole.attrs = {"refusals": [] if len(whole) else missed}
    return whole


def checked() -> pd.DataFrame:
    """How many mentions were read by hand, and for how many the voice, or the stance, was right: `measure`, `language`,
    `right`, `read`; see `data/measured.csv` and, for what was read, `clauses.txt`."""
    return pd.read_csv(PACKAGE / "data" / "measured.csv", comment="#")


def people(places: pd.DataFrame) -> pd.DataFrame:
    """Those whose words hold the theme most often: `name`, `voice`, `places`, `articles` (near-identical ones are one);
    see floors of `speaker`, which a language without voices does not ask."""
    named = places[places.name != ""]
    counts = named.groupby(["name", "voice"]).agg(places=("article", "size"), articles=("family", "nunique"))
    table = counts.reset_index().sort_values(["places", "name"], ascending=[False, True], ignore_index=True)
    return floors.passing("speaker", table) if places.voice.any() else table


def summary(places: pd.DataFrame, theme: str, stances: tuple[str, ...]) -> floors.Said:
    """How many places of a theme are in whose words, and how many are read as which of some stances, or as none of
    them, in sentences."""
    told = []
    for column, kinds in (("voice", ("reporter", *VOICES)), ("stance", stances)):
        own = places[places[column] != ""]
        counts = {kind: int((own[column] == kind).sum()) for kind in kinds}
        rest = len(own) - sum(counts.values())
        parts = [said(f"shares.kind.{kind}", count=count) for kind, count in counts.items() if count]
        if parts and rest:
            parts.append(said("shares.kind.rest", count=rest))
        if parts:
            told.append(said(f"shares.{column}", places=len(own), theme=theme, kinds=", ".join(parts)))
    return floors.Said("\n\n".join(told) or said("shares.none", theme=theme))


def toned(places: pd.DataFrame, scores: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """The tone of the theme sentences in the reporters' words and in those of others, see `sentiment.table`; a sentence
    with places of both is in neither, and a side with too few places has no row."""
    keys, places = ["article", "sentence"], places[places.voice != ""]
    reporters = places.voice.eq("reporter").groupby([places.article, places.sentence]).agg(["all", "any"])
    sides = {"reporters": reporters[reporters["all"]], "others": reporters[~reporters["any"]]}
    made, missed = {}, []
    for side, held in sides.items() if len(places) else []:
        own = [rows.merge(held.reset_index()[keys], on=keys) for rows in (scores, evidence)]
        named, alone = value_told(side, telling(), "what"), sentiment.once(own[0])
        missed += (short := floors.refusals("tone of a voice", named, sentences=len(alone)))
        if not short:
            made[side] = sentiment.verdict(*own)
    table = sentiment.table(**made) if made else pd.DataFrame()
    table.attrs = {"refusals": missed}
    return table


def told(places: pd.DataFrame, articles: pd.DataFrame, kinds: tuple[str, ...] = STANCES) -> pd.DataFrame:
    """Each place of a theme between the words around it: `voice`, `name`, `stance` (one of those `kinds`, or ""),
    `text`, `cue` (the words that decided the stance), `article`."""
    texts = articles.set_index("article").text
    rows = []
    for row in places.itertuples():
        text, read = texts[row.article], row.stance if row.stance in kinds else ""
        cue = ", ".join(text[start:end] for start, end in row.cues) if read else ""
        opened = markup.front(text)
        start, end = max(opened, row.start - AROUND), row.end + AROUND
        around = ("…" if start > opened else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
        rows.append((row.voice, row.name, read, around, cue, row.article))
    return pd.DataFrame(rows, columns=["voice", "name", "stance", "text", "cue", "article"])
