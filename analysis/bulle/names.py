"""Who and what is named: mentions of persons, organisations, places and products, each tied to one actor.

A name is a run of words with capitals. The gazetteer tells its type, or words in and around it, or its other mentions.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pandas as pd
import simplemma

from bulle import LANGUAGES, PACKAGE, corpus, entries, floors, passages, progress, speakers, terms, words
from bulle.view import even

COLUMNS = ["article", "start", "end", "text", "type", "actor", "sure"]
ROW = ["actor", "type", "forms", "mentions", "articles", "sentences", "theme", "log_ratio", "low", "high"]
ARTICLE, SPACE = re.compile(r"^(?i:l'|la |les? |the )"), re.compile(r"\\[ -]")
LED = re.compile(r"(?i:\b(?:l'|la |les? |the ))$")  # la Coupe, of which Coupé is no other spelling
LABEL = re.compile(r"(?m)^[^\w\n]*[A-ZÀ-Þ][A-ZÀ-Þ'’/ ]{2,39}\.? ?[-–—]\s")  # FIGAROVOX/TRIBUNE - Verne raconte ...
INITIAL = re.compile(r" [A-HJ-UWYZ]\.")  # Maria B., but not Philippe V.
LONG = re.compile(r"(?<![\w'])[^\W\d_]{4,}")  # words that have a small letter in a sentence and a capital in a headline
REACH = 40  # characters before and after a name that are looked at
SURE = 2  # of mentions drawn, 119 of 120 were right from here up (English 95 of 100), some 12 of 30 below


@cache
def key(form: str) -> str:
    """One key for the spellings of one name: that of "Open AI" is "openai", that of "l'État" is "etat"."""
    return re.sub(r"[\W_]", "", ARTICLE.sub("", words.unaccented(even(form)).lower())) or form


@cache
def gazetteer(language: str = "") -> tuple[re.Pattern, dict[str, tuple[str, str]]]:
    """An expression of all forms that are known, the longest first, and the type and the actor of each by its key.

    What a `language` has of its own comes before what all have; a form without a type is no name in it.
    """
    files = dict.fromkeys(PACKAGE / "data" / folder / "gazetteer.csv" for folder in (language, ""))
    tables = [pd.read_csv(path, comment="#", na_filter=False) for path in files if path.is_file()]
    rows = pd.concat(tables).to_dict("records")
    forms = {form for row in rows for form in (row["form"], row["form"].upper(), ARTICLE.sub("", row["form"]))}
    forms -= {form for row in rows if not row["type"] for form in (row["form"], row["form"].upper())}
    either = SPACE.sub("[ -]", words.either(forms))
    return re.compile(rf"(?:{either})(?![\w-])"), {key(row["form"]): (row["type"], row["actor"]) for row in rows[::-1]}


def _listed() -> list[str]:
    """The languages that have a list of cues."""
    return [code for code in LANGUAGES if (PACKAGE / "data" / code / "actors.csv").is_file()]


class Cues:
    """What tells a name in one language (`actors.csv`): lists of words and their places, expressions with {lists}."""

    def __init__(self, language: str):
        rows = pd.read_csv(PACKAGE / f"data/{language}/actors.csv", na_filter=False, dtype=str).to_dict("records")
        self.language, self.lists = language, {row["list"]: frozenset(row["words"].split(";")) for row in rows}
        self.lists |= {name: frozenset(entries(language, name)) for name in ("first_names", "function_words")}
        self.table = [(row["list"], place, row["type"], row["sure"]) for row in rows for place in row["place"].split()]
        self.sounds = [pair.split("=") for row in rows if row["list"] == "sound" for pair in row["words"].split(";")]
        written, places = {row["list"]: row["words"].replace(";", "|") for row in rows}, ("", "shape", "inside")
        for name, own in written.items():
            written[name] = re.sub(r"\{([a-z]+)\}", lambda one: written[one[1]], own)
        self.shapes = {row["list"]: re.compile(written[row["list"]]) for row in rows if row["place"] in places}

    def heard(self, actor: str) -> str:
        """One key for a person whose first name is written as it sounds: Frank and Franck, Priscilla and Priscillia."""
        first, _, last = actor.partition(" ")
        sound = key(first)
        for letters, other in self.sounds:
            sound = re.sub(letters, other, sound)
        return f"{sound} {key(last)}" if last else key(actor)

    def common(self, word: str) -> bool:
        """Whether the dictionary has the word without its capital."""
        return word.lower() in self.lists["function_words"] or simplemma.is_known(word.lower(), self.language)

    def typed(self, text: str, name: dict) -> dict:
        """A name with the type that the words in and around it tell; an institution with all its words."""
        start, end = name["start"], name["end"]
        form, (first, *more) = text[start:end], text[start:end].split()
        around = {"shape": form, "alone": "" if more else form, "inside": "" if name["initial"] else form}
        around |= {"first": first, "given": first.partition("-")[0], "last": more[-1]} if more else {}
        before = self.shapes["before"].search(text, max(0, start - REACH), start)
        around |= before.groupdict("")
        around |= self.shapes["after"].match(text, end, end + REACH).groupdict("")
        around["within"] = gazetteer(self.language)[1].get(key(around["within"]), ("",))[0]
        for kind, place, told, sure in self.table:
            word = around.get(place, "")
            if self.shapes[kind].fullmatch(word) if kind in self.shapes else {word, word.lower()} & self.lists[kind]:
                title = text[before.start(place) : start] if kind == "title" else ""
                found = name | {"type": told, "sure": int(sure), "why": kind, "title": title}
                return self.whole(text, found) if kind == "head" and not more else found
        return name

    def listed(self, text: str, start: int) -> re.Match | None:
        """The form of the gazetteer that begins there; behind a title it is of a person: not Mrs Washington."""
        form, known = gazetteer(self.language)
        found = form.match(text, start)
        before = found and self.shapes["before"].search(text, max(0, start - REACH), start)["before"]
        return found if before not in self.lists["title"] or known[key(found[0])][0] == "PER" else None

    def whole(self, text: str, name: dict) -> dict:
        """An institution from its first word: with its words in small letters; alone it is named only by some words."""
        start, end = name["start"], name["end"]
        longer = self.shapes["longer"].match(text, start, start + 2 * REACH)
        if longer and longer.end() > end:
            return name | {"end": longer.end()}
        sure = 1 if text[start:end] in self.lists["bare"] else name["sure"]
        return name | {"sure": sure, "why": "bare" if longer else ""}

    def cut(self, text: str, places: list[words.Span]) -> Iterator[dict]:
        """The names in a run of words with capitals: what is none comes off its front, and lists say where one ends."""
        lists, (form, known), front = self.lists, gazetteer(self.language), ""
        while places:
            (start, end), last = places[0], places[-1][1]
            given = [text[slice(*place)].partition("-")[0] in self.lists["first_names"] for place in places]
            name = dict.fromkeys(("type", "known", "why", "title"), "")
            name |= {"start": start, "end": last, "sure": 0, "given": given[0], "front": front}
            front = ""
            name["initial"] = bool(self.shapes["opens"].search(text, max(0, start - 6), start))
            listed = self.listed(text, start)
            rest = [place for place in places if listed and place[0] >= listed.end()]
            short = rest and listed[0].isupper() and (len(rest) > 1 or text[listed.end() : rest[0][0]] != " ")
            legal = rest and {text[slice(*place)] for place in rest} <= lists.get("legal", set())  # Nvidia Corp
            if listed and (not rest or form.match(text, rest[0][0]) or any(given[-len(rest) :]) or short or legal):
                places, (kind, actor) = [] if legal else rest, known[key(listed[0])]
                why = "head" if listed[0].split()[0] in lists["head"] else ""
                end = last if legal else listed.end()
                yield name | {"end": end, "type": kind, "sure": 4, "known": actor, "why": why}
            elif self.apart(text[start:last].split(), name["initial"]):
                places = places[1:]
                front = text[start : places[0][0]] if places and text[start:end] in lists["article"] else ""
            else:
                cut = self.ends(text, places, given)
                start, end = places[cut - 1]
                end += bool(cut > 1 and INITIAL.fullmatch(text, start - 1, end + 1))
                yield self.typed(text, name | {"end": end})
                places = places[cut:]

    def ends(self, text: str, places: list[words.Span], given: list[bool]) -> int:
        """How many words of a run its first name has: l'AFP | Larry Fink | de IG, but Philippe V d'Espagne."""
        lists, (form, _) = self.lists, gazetteer(self.language)
        if any(given[1:-1]) and not given[0] and text[slice(*places[0])] not in lists["bearer"]:
            return given.index(True)
        written = [text[start:end] for start, end in places]
        if written[0] in lists.get("words", ()) and places[1:] and form.match(text, places[1][0]):
            return 1  # M5 Max | MacBook
        for n, word in list(enumerate(written))[2:]:
            gap = text[places[n - 1][1] : places[n][0]]
            none = word.lower() in lists["function_words"] or word in lists["none"]
            linked = gap == " du " or (len(gap) > 1 and written[n - 1].strip("IVX") and form.match(text, places[n][0]))
            other = word == written[0] or (
                len(gap) > 1 and any(given[n:-1])
            )  # Anne Verne | Anne Verne, | de Jean Petit
            if (none or self.common(word)) if gap == ". " else given[0] and (none or linked or other):
                return n
        return len(places)

    def apart(self, form: list[str], initial: bool) -> bool:
        """Whether the first of several words with capitals is none of their name: a title, or what opens a sentence."""
        first, lists = form[0], self.lists
        function = first.lower() in lists["role"] or first.lower() in lists["function_words"]
        if function or first in lists["none"] or first in lists["title"]:
            return initial or len(form) == 1 or first not in lists["article"]
        if all(map(self.common, form)):
            return "".join(form).isupper() and len("".join(form)) > 4  # LIRE AUSSI, but not Banques Alimentaires
        return initial and self.common(first) and first not in lists["first_names"] and first not in lists["head"]

    def headlines(self, text: str) -> Iterator[words.Span]:
        """Where nearly all long words have a capital, in a language whose headlines may be so; some lines hold several,
        each before its outlet."""
        if "headline" not in self.shapes:
            return
        outlets = facts.outlets if (facts := speakers.facts(self.language)) else speakers.NOWHERE
        lines = text.split("\n")
        for n, line in enumerate(lines):
            if len(outlets.findall(line)) > 1:
                lines[n] = outlets.sub(lambda one: "|" * len(one[0]), line).replace("| ", "||")
        for whole in dict.fromkeys([text, "\n".join(lines)]):
            for line in self.shapes["headline"].finditer(whole):
                long = [word for word in LONG.findall(line[0]) if word.lower() not in self.lists["function_words"]]
                plain = [word for word in long if self.common(word)]
                if len(plain) > 1 and sum(map(str.islower, long)) <= len(long) / 8:
                    yield line.span()

    def parted(self, text: str, places: list[words.Span]) -> list[list[words.Span]]:
        """The words with capitals of a headline between those of the dictionary, which are of no name there."""
        form, end, runs = gazetteer(self.language)[0], 0, [[]]
        for place in places:
            known = form.match(text, place[0])
            end = max(end, known.end() if known else 0)
            given = {text[slice(*one)] for one in (*runs[-1][-1:], place)} & self.lists["first_names"]
            if place[1] <= end or given or not self.common(text[slice(*place)]):
                runs[-1].append(place)
            else:
                runs.append([])
        return runs

    def names(self, text: str) -> Iterator[dict]:
        """The names of one text in order, each with what the words in and around it tell."""
        flat, last, short = even(text), {"end": 0, "type": ""}, {}
        listed, heads = gazetteer(self.language)[0], list(self.headlines(flat))
        for run in self.shapes["run"].finditer(flat):
            if run[0].lower() in self.lists["function_words"] and not listed.match(flat, run.start()):
                continue  # most capitals: Le, Il
            places = [word.span() for word in self.shapes["capital"].finditer(flat, *run.span())]
            plain = any(start < run.end() and run.start() < end for start, end in heads)
            runs = self.parted(flat, places) if plain else [places]
            for name in chain.from_iterable(self.cut(flat, places) for places in runs):
                form, written = (one[name["start"] : name["end"]] for one in (flat, text))
                if name["start"] < last["end"]:
                    continue
                first, *more = form.split()
                if plain and name["sure"] == 3 and first in self.lists["words"] and all(map(self.common, more)):
                    name["sure"] = 1  # Chip Shortage
                acts = name["known"] and self.shapes["acts"].match(flat, name["end"])  # Oracle a levé
                if name["initial"] and " " not in form and not acts and name["sure"] < (5 if self.common(form) else 2):
                    name["sure"] = -1  # the first word of a sentence
                if flat[last["end"] : name["start"]] == " (" and last["type"] == "ORG" and name["type"] in ("ORG", ""):
                    letters = "".join(word[0] for word in last["text"].split() if len(word) > 3).upper()
                    if last["why"] != "bare" and letters.startswith(form if name["known"] else form[0]):
                        short[form] = last["actor"]
                        name |= {"type": "ORG", "sure": max(name["sure"], SURE)}
                name["led"] = bool(LED.search(flat, max(0, name["start"] - 5), name["start"]))
                name["front"] = text[name["start"] - len(name["front"]) : name["start"]]
                actor = short.get(form) or name["known"] or " ".join(written.split())
                last = name | {"text": written, "key": key(form), "actor": actor}
                yield last


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
    told = {code: Cues(code) for code in _listed()}
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
    people = table[(table.type == "PER") & (table.sure >= SURE)].groupby("actor").code.agg(["size", "first"])
    people = people.sort_values("size", kind="stable")["first"]
    sounds, shown = {actor: told[code].heard(actor) for actor, code in people.items()}, {}
    heard = {sound: key(actor) for actor, sound in sounds.items()}  # the commonest of those that sound alike
    alike = {key(actor): heard[sound] for actor, sound in sounds.items()}
    forms = table.actor.map(key).map(lambda form: alike.get(form, form))
    forms = pd.Series(zip(table.pop("code"), forms, strict=True), index=table.index, dtype=object)
    counts = Counter(zip(forms.tolist(), table.actor.tolist(), strict=True))
    for (form, actor), _ in sorted(counts.items(), key=lambda one: (one[1], one[0][1])):  # the commonest comes last
        shown[form] = gazetteer(form[0])[1].get(key(actor), ("", _calm(actor) if actor in people else actor))[1]
    return table.assign(type=table.type.replace("", "ORG"), actor=[shown[form] for form in forms])


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
    given = {name for code in _listed() for name in entries(code, "first_names")}
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
    heads = {key(word) for code in _listed() for word in Cues(code).lists["head"]}
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
