"""Who and what is named: mentions of persons, organisations, places and products, each tied to one actor.

The gazetteer tells the type of a name (see `naming`), or words in and around it, or its other mentions.
"""

import re
from collections import Counter, defaultdict

import pandas as pd
import simplemma

from bulle import corpus, entries, floors, passages, progress, terms, words
from bulle.naming import ARTICLE, SURE, Cues, gazetteer, key, listed
from bulle.view import even

COLUMNS = ["article", "start", "end", "text", "type", "actor", "sure"]
ROW = ["actor", "type", "forms", "mentions", "articles", "sentences", "theme", "log_ratio", "low", "high"]
LABEL = re.compile(r"(?m)^[^\w\n]*[A-ZÀ-Þ][A-ZÀ-Þ'’/ ]{2,39}\.? ?[-–—]\s")  # FIGAROVOX/TRIBUNE - Verne raconte ...


def _calm(actor: str) -> str:
    """A name without the capitals of its surname, as interviews and bylines have them: Paul VERNE is Paul Verne."""
    first, _, last = actor.rpartition(" ")
    shouted = last.isupper() and first != first.upper() and re.fullmatch(r"(?![IVXLC]+$)[^\W\d]{4,}(-[^\W\d]+)*", last)
    return f"{first} {last.title()}" if shouted else actor


def _surname(form: str) -> str:
    """A surname in small letters with its accents, for Coupe is not Coupé, and without the al- of al-Sissi."""
    return re.sub(r"^[ae]l-", "", " ".join(even(form).lower().split()))


def _owners(names: list[dict], least: int) -> dict[str, Counter]:
    """Whose a surname, an acronym and, in one article, the first word of a name is: keys of actors, and how often."""
    owners: dict[str, Counter] = defaultdict(Counter)
    for name in names:
        parts, person = name["actor"].split(), name["type"] == "PER"
        if name["sure"] < SURE or len(parts) < 2:
            continue
        places = range(1, len(parts)) if person else ()
        forms = [" ".join(parts[k:]) for k in places if not ARTICLE.match(parts[k - 1] + " ")]  # Le Pen, not Pen
        if least == 1 and (person or (name["why"] == "head" and parts[1].islower())):
            forms.append(parts[0])
        if name["type"] == "ORG" and name["text"].isupper() and not name["known"]:
            forms.append(name["text"])
        for form in forms:
            owners[_surname(form)][key(name["actor"])] += 1
    return owners


def _typed(names: list[dict], least: int) -> None:
    """Give names that are unsure the type of nine in ten of the sure ones of their form."""
    kinds: dict[str, Counter] = defaultdict(Counter)
    for name in names:
        kinds[name["key"]][name["type"]] += name["sure"] >= SURE
    for name in [name for name in names if name["sure"] < SURE]:
        types = kinds[name["key"]]
        kind = max(sorted(types), key=types.get)
        if types[kind] >= max(min(least, 2) if kind == "PER" else least, 0.9 * types.total()):
            name |= {"type": kind, "sure": SURE}


def _joined(names: list[dict], least: int) -> None:
    """Give unsure names the type of their form elsewhere, and a surname the person of nine in ten of its full names.

    So is an acronym the institution that it stands behind in brackets; in one article the first word of a name, too.
    `least`: how often that must be.
    """
    owners, full = _owners(names, least), {}
    for name in names:
        if name["sure"] >= SURE and " " in name["actor"] and (name["type"] == "PER" or key(name["actor"]) not in full):
            full[key(name["actor"])] = name
    titles = Counter((key(name["actor"]), name["title"]) for name in names if name["title"])
    _typed(names, least)
    written, accented = {*owners, *(_surname(name["text"]) for name in names)}, defaultdict(list)
    for form in owners:
        accented[words.unaccented(form)].append(form)
    for name in names:
        front = name["front"] if _surname(name["front"] + name["text"]) in written else ""
        form = _surname(front + name["text"])
        if not name["led"] and len(accented[form]) == 1 and not simplemma.is_known(form, name["code"]):
            form = accented[form][0]  # Melenchon, but not Coupe
        people = owners.get(form, Counter())
        owner = max(sorted(people), key=people.get, default="")
        whole = full.get(owner, name)
        alone = " " not in ARTICLE.sub("", name["text"]) and key(name["actor"]) == name["key"] and not name["known"]
        alone = alone and (whole["type"] == "PER" or name["why"] == "bare" or name["text"].isupper())
        other = name["given"] or (name["sure"] == 4 and titles[owner, name["title"]] < least)  # not Mme Verne
        if alone and (least == 1 or not other) and people[owner] >= max(least, 0.9 * people.total()):
            name |= {"type": whole["type"], "actor": whole["actor"], "sure": max(name["sure"], SURE)}
            name |= {"text": front + name["text"], "start": name["start"] - len(front)}  # Le Pen opens a sentence


def _abbreviated(names: list[dict]) -> None:
    """Give one actor to an institution and to its acronym, of which the names tell that it is its own alone.

    Of those that the gazetteer knows as they are, it is the acronym (SNCF), of others the whole name.
    """
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        short, full = name["key"], key(name["actor"])
        itself = len(short) > 2 and key(name["known"] or short) == short != full
        if name["type"] == "ORG" and itself and _shortened(name["actor"], short):
            told[short][full] = max(told[short].get(full, ""), name["known"] or name["actor"])
    own = [(short, actors) for short, actors in told.items() if len(actors) == 1]
    whole = {form: actor for short, actors in own for full, actor in actors.items() for form in (short, full)}
    for name in names:
        if name["type"] in ("ORG", "") and (actor := whole.get(key(name["actor"]))):
            name |= {"type": "ORG", "actor": actor, "sure": max(name["sure"], SURE)}


def _shortened(actor: str, short: str) -> bool:
    """Whether the letters of an acronym are, in their order, first letters of the words of a name, the first of all."""
    initials = re.findall(r"\b\w", words.unaccented(even(actor)).lower())
    left = iter(initials)
    return initials[:1] == [short[0]] and all(letter in left for letter in short)


def mentions(articles: pd.DataFrame | str, language: str = "fr") -> pd.DataFrame:
    """Persons, organisations, places and products that articles name, or one text in a `language`, in reading order.

    Returns
    -------
    DataFrame: `article`, `start`, `end` (characters), `text` (as written), `type` (PER, ORG, LOC, PROD), `actor` (one
    name for all forms of one), `sure` (4 gazetteer or title, 3 first name or word of an institution, 2 a word beside it
    or another mention, 1 its shape, 0 nothing). No row in a language without a list of cues (`actors.csv`).
    """
    articles = corpus.given(articles, language) if isinstance(articles, str) else articles
    told = {code: Cues(code) for code in listed()}
    rows: list[dict] = []
    texts = articles[["article", "text", "language"]].itertuples(index=False)
    for article, text, code in progress.over(texts, len(articles), "names"):
        found = [name | {"article": article, "code": code} for name in told[code].names(text)] if code in told else []
        _joined(found, 1)
        rows += [name for name in found if name["sure"] >= 0]
    _joined(rows, 3)
    _abbreviated(rows)
    for name in rows:  # Mr. Goldman is not Goldman Sachs
        if name["title"] and key(name["actor"]) in gazetteer(name["code"])[1]:
            name["actor"] = name["title"] + name["actor"]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "code"])
    table = table.astype({"article": str, "start": int, "end": int, "sure": int})
    return table.assign(type=table.type.replace("", "ORG"), actor=_shown(table, told)).drop(columns="code")


def _shown(table: pd.DataFrame, told: dict[str, Cues]) -> list[str]:
    """The one name of the actor of each mention: that of the gazetteer, or the commonest of its spellings."""
    people = table[(table.type == "PER") & (table.sure >= SURE)].groupby("actor").code.agg(["size", "first"])
    people = people.sort_values("size", kind="stable")["first"]
    sounds, shown = {actor: told[code].heard(actor) for actor, code in people.items()}, {}
    heard = {sound: key(actor) for actor, sound in sounds.items()}  # the commonest of those that sound alike
    alike = {key(actor): heard[sound] for actor, sound in sounds.items()}
    forms = table.actor.map(key).map(lambda form: alike.get(form, form))
    forms = pd.Series(zip(table.code, forms, strict=True), index=table.index, dtype=object)
    counts = Counter(zip(forms.tolist(), table.actor.tolist(), strict=True))
    for (form, actor), _ in sorted(counts.items(), key=lambda one: (one[1], one[0][1])):  # the commonest comes last
        shown[form] = gazetteer(form[0])[1].get(key(actor), ("", _calm(actor) if actor in people else actor))[1]
    return [shown[form] for form in forms]


def actors(articles: pd.DataFrame | str, theme: str = "", language: str = "fr") -> pd.DataFrame:
    """Actors that one mention names surely (2 or more), most mentions first, in sentences on a theme against others.

    What a label in capitals names, as of a desk or of who asks, before the dash that opens a line, is no actor there.

    Returns
    -------
    DataFrame: `actor`, `type`, `forms` (as written, the commonest first), `mentions`, `articles`, `sentences` (naming
    it), `theme` (those that hold the theme), `log_ratio` (of its shares of these and of the others; Hardie 2014),
    `low`, `high` (see `terms.clustered`), missing below the floors. `attrs["unsure"]`: mentions left out.
    """
    articles = corpus.given(articles, language) if isinstance(articles, str) else articles
    held = passages.passages(articles, theme, 0) if theme else words.sentences(articles[:0])
    return against(mentions(articles), articles, held, passages.others(words.sentences(articles), held))


def against(found: pd.DataFrame, articles: pd.DataFrame, held: pd.DataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    """The same of `mentions` in articles (`family` if it is known), their sentences on a theme and the others."""
    cut = pd.concat([held.assign(side=0), rest.assign(side=1)]).astype({"article": str, "start": int, "side": int})
    unit = articles["family" if "family" in articles else "article"].set_axis(articles.article.astype(str))
    cut = cut.assign(unit=cut.article.map(unit)).sort_values("start", kind="stable").drop(columns=["end", "text"])
    found = found[~_labelled(found, articles)]
    given = {name for code in listed() for name in entries(code, "first_names")}
    lone = (found.type == "PER") & found.actor.isin(given)
    several = found.article.map(unit).groupby(found.actor).transform("nunique") > 1
    found = found.assign(sure=found.sure.mask(lone & several, 0))  # one Marie here, another there
    known = found[found.sure >= SURE]
    kinds = _commonest(known, known.type).groupby("actor").type.first()
    sure = found[(found.sure >= SURE) | (found.type == found.actor.map(kinds))].sort_values("start", kind="stable")
    named = pd.merge_asof(sure, cut, on="start", by="article")
    once = named.drop_duplicates(["actor", "article", "sentence"])
    by = named.groupby("actor")
    table = pd.DataFrame({"type": kinds})
    forms = _commonest(named, named.text.map(even).str.split().str.join(" "))
    table["forms"] = forms.groupby("actor").text.agg("; ".join)
    table = table.assign(mentions=by.size(), articles=by.article.nunique(), sentences=once.groupby("actor").size())
    table["theme"] = (once.side == 0).groupby(once.actor).sum()
    table[ROW[-3:]] = float("nan")
    sizes = cut.groupby(["unit", "side"]).size().unstack(fill_value=0)
    near = once[once.side == 0].groupby("actor").unit.nunique().reindex(table.index).fillna(0)
    enough = (table.theme >= floors.bound("actor", "theme sentences")) & (near >= floors.bound("actor", "articles"))
    for actor in table.index[enough] if len(sizes.columns) == 2 else ():
        own = once[once.actor == actor]
        counts = own.groupby(["unit", "side"]).size().unstack().reindex_like(sizes).fillna(0)
        table.loc[actor, ROW[-3:]] = terms.clustered(counts, sizes)
    table = table.reset_index().sort_values("mentions", ascending=False, kind="stable", ignore_index=True)[ROW]
    table.attrs["unsure"] = len(found) - len(sure)
    return table


def _labelled(found: pd.DataFrame, articles: pd.DataFrame) -> pd.Series:
    """Whether each of `mentions` stands in a label, see `LABEL`."""
    texts = zip(articles.article.astype(str), articles.text, strict=True)
    spans = [(name, *label.span()) for name, text in texts for label in LABEL.finditer(text)]
    return passages.within(found, pd.DataFrame(spans, columns=["article", "start", "end"]))


def _commonest(named: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Each actor with each of its values (their name is a column), the commonest first, equal ones by the alphabet."""
    counts = named.groupby(["actor", values]).size().rename("count").reset_index()
    return counts.sort_values(["count", values.name], ascending=[False, True])


def resolved(named: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The actors for whom names stand: of several words that of its key, else of the mention at its place.

    Parameters
    ----------
    named : one row per name: `article`, `name`, `start`, `end` (characters where it stands, -1 where it does not).
    found : of the same articles, see `mentions`.

    Returns
    -------
    DataFrame with the same index: `name` (that of the actor; of the person in it, as in Insoumis Paul Verne; the name
    itself where no mention has it; "" for the first word of an institution alone, as Syndicat), `type` (see `mentions`,
    "" where none is sure).
    """
    sure = found[found.sure >= SURE]
    kinds = sure.groupby(["actor", "type"]).size().reset_index(name="times")
    kinds = kinds.sort_values(["times", "type"], ascending=[False, True]).drop_duplicates("actor")
    kinds = kinds.set_index("actor").type
    forms = {key(actor): actor for actor in found.actor.unique()}
    heads = {key(word) for code in listed() for word in Cues(code).lists["head"]}
    rows = named.reset_index(names="row").astype({"article": str})
    near = rows.merge(found[[*COLUMNS]], on="article", suffixes=("", "_of"))
    near = near[(near.start < near.end_of) & (near.start_of < near.end) & (near.name != "")]
    here = {}
    for row in near.itertuples():
        part = row.type == "PER" and row.sure >= SURE and " " in row.actor and key(row.text) in key(row.name)
        if key(row.name) in key(row.text) or key(row.name) == key(row.actor) or part:
            here[row.row] = row.actor
    made = []
    for row, name in named.name.items():
        own = forms.get(key(name), name)
        whole = " " in ARTICLE.sub("", name) and key(name) in forms  # Paul Verne, where an answer begins: Paul Verne Je
        actor = own if whole else here.get(row, own)
        known = kinds.get(actor) or gazetteer()[1].get(key(actor), ("",))[0]
        made.append(("", "") if key(actor) in heads else (actor, known))
    return pd.DataFrame(made, columns=["name", "type"], index=named.index)


def spoken(quotes: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The quotations of articles (see `speech.quotes`), each speaker under the name of the actor of `mentions`."""
    table = quotes.copy()
    named = table[["article", "name"]].assign(start=table.speaker_start, end=table.speaker_end)
    known = resolved(named[table.name != ""], found)
    table.loc[known.index, "name"] = known.name
    kinds = known.type.reindex(table.index, fill_value="")
    table.loc[(table.voice == "organisation") & (kinds == "PER"), "voice"] = "named"
    table.loc[(table.voice == "named") & (kinds == "LOC"), ["voice", "name"]] = "unknown", ""  # a place is nobody
    return table
