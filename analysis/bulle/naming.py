"""The names of one text: runs of words with capitals, and the type of each by a list or by words in and around it."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pandas as pd
import simplemma

from bulle import LANGUAGES, PACKAGE, entries, speakers, words
from bulle.view import even

ARTICLE, SPACE = re.compile(r"^(?i:l'|la |les? |the )"), re.compile(r"\\[ -]")
LED = re.compile(r"(?i:\b(?:l'|la |les? |the ))$")  # la Coupe, of which Coupé is no other spelling
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


def listed() -> list[str]:
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
            # Anne Verne | Anne Verne, | de Jean Petit
            other = word == written[0] or (len(gap) > 1 and any(given[n:-1]))
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
