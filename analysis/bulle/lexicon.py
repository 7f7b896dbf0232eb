"""Words of tone: every scored word of a text with its offsets, its weight, and the reason of each factor.

The word lists are tables under `data/<language>/`: `lexicon.csv` (entry, weight), `backoff.csv` (asked when the first
is silent), `shifters.csv` (entry, kind, factor), `movement.csv` (entry, kind), `endings.csv`. The rules that join them
are here, in the order in which they are applied: expressions, movements, negation and degree, verbs that turn, lone
negations.
"""

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import StringIO
from itertools import chain, takewhile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from bulle import PACKAGE, InputError, entries, words

MOVED = 1.5  # least weight of a movement whose noun is known: between "hausse" (1) and "envolée" (2)
LONE = -0.5  # weight of a negation that bears on no scored word: on development news it is a weak bad sign
FULL = -0.55  # the factor of a full negation ("pas": -0.6) is under it, that of a half one ("peu": -0.4) above
UNREAL = 0.8  # factor of a verb in the conditional, as of "pourrait"
ACTS = -0.4  # factor of a verb that turns; that of a purpose ("pour éviter": -0.2) is above
REACH = 3  # words over which a shifter or a movement reaches; function words and quotation marks do not count,
LONG = 6  # or over which a passive or reflexive verb reaches back to its subject,
FAR = 20  # but more places than this are too far
INSERTED = 6  # places of an insertion between two commas that a reach passes over
HELD = 1 << 17  # pieces of writing remembered
# The sign that a word of each kind turns; 0: both.
TURNED = dict.fromkeys(("stop", "against", "denied", "ends", "ended"), 0)
TURNED |= {"calm": -1, "frees": -1, "rescues": -1, "spoil": 1}
HELD_BY = {"frees": "link", "rescues": "from"}  # the kind of preposition behind which such a verb acts
# Kinds of words of an insertion.
PLAIN = frozenset(("", "link", "self", "article", "determiner", "place", "amid", "says", "namesake", "from"))
DETERMINERS = frozenset(("article", "determiner"))
HOLDS = DETERMINERS | {"link", "and"}  # kinds of words between nouns of one preposition
CLAUSE = frozenset(("break", "relative", "concede", "but"))  # kinds of words that end a reach
STOPS, QUOTES = frozenset(".,;:!?…()—–→"), frozenset("\"'«»“”‘’")
OPENING = QUOTES | frozenset(".:!?…()—–-|#@")  # marks after which a capital makes no name
TITLE = 4  # content words that a title has at least
CHUNK = re.compile(r"\S+")


class Form(NamedTuple):
    """What the word lists say of one written word or fixed expression."""

    word: str  # folded
    lemma: str
    content: bool = False  # neither a function word nor a mark nor a number
    thin: bool = False  # a function word, a quotation mark or the hyphen of a compound
    entry: str = ""
    weight: float = 0
    source: str = ""  # lexicon, back-off
    # negation, closer, nobody, particle, only, end, lack, link, self, and, article, determiner, place, governs, ought,
    # quiet, says, asks, unreal, amid, from, namesake, or of CLAUSE
    shift: str = ""
    factor: float = 1  # of negation, closer, nobody, only, end, lack, unreal, asks, concede, but
    intensity: float = 1
    hedge: float = 1
    turn: str = ""  # calm, frees, rescues, stop, spoil, against, denied, ends, ended
    turning: float = 1
    move: int = 0  # 1 up, -1 down
    moved: int = 0  # 1 good when it rises, -1 bad
    names: frozenset[str] = frozenset()  # by which fixed expressions know it
    opens: tuple[dict, ...] = ()  # the branches of the tree of fixed expressions that begin with it
    level: bool = False  # where a movement comes to: "fell to a record low"
    event: bool = False  # it happens to what stands beside it: "la crise éclate"
    verb: bool = False  # it ends as an infinitive,
    endings: frozenset[str] = frozenset()  # or as an adverb, a participle, what is none

    @property
    def listed(self) -> bool:
        """Whether a list has something to say of it."""
        return bool(self.entry or self.shift or self.turn or self.move or self.moved or self.intensity != 1)


class Unit(NamedTuple):
    """One word, mark or fixed expression of a text, with its offsets."""

    word: str
    start: int
    end: int


@dataclass
class Hit:
    """A scored word: its place, its entry and weight, the product of its factors, and why there are factors.

    `source` is the list of the entry, or rule. `noun` is what moves, of a movement.
    """

    unit: Unit
    entry: str
    weight: float
    source: str = "rule"
    factor: float = 1
    why: list[str] = field(default_factory=list)
    noun: Unit | None = None

    @property
    def value(self) -> float:
        """Weight times factor."""
        return self.weight * self.factor

    def times(self, factor: float, reason: str) -> None:
        """Multiply the factor, and note why."""
        self.factor = round(self.factor * factor, 3)
        self.why.append(f"{reason} ×{factor:g}")


def weights(path: Path) -> dict[str, float]:
    """Weight of each entry of a lexicon table (CSV in UTF-8, columns `entry` and `weight`, `#` comments).

    Raises
    ------
    InputError : no such file, no such column, an empty or double entry, a weight that is no number from -3 to 3.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            lines = [line for line in file if line.strip() and not line.startswith("#")]
        table = pd.read_csv(StringIO("".join(lines)), dtype=str, keep_default_na=False, sep=",;"[";" in lines[0]])
    except (OSError, UnicodeDecodeError, IndexError, pd.errors.ParserError) as error:
        raise InputError(f"lexicon {path}: no CSV table in UTF-8 can be read there ({error})") from None
    if missing := {"entry", "weight"} - set(table):
        raise InputError(f"lexicon {path}: no column {min(missing)!r}; there are: {', '.join(table)}")
    found = {}
    numbers = pd.to_numeric(table.weight.str.replace(",", "."), errors="coerce").tolist()
    for row, (entry, value) in enumerate(zip(table.entry.map(words.fold), numbers, strict=True)):
        if not entry.strip() or entry in found or not -3 <= value <= 3:
            raise InputError(
                f"lexicon {path}, row {row + 2} ({entry!r}, {table.weight[row]!r}): expected a new word or expression "
                "and a weight from -3 to 3; 0 leaves the word out"
            )
        found[entry.strip()] = float(value)
    return found


def kinds(language: str, name: str) -> dict[str, dict[str, float]]:
    """Factors of each entry of a table with `entry`, `kind` and perhaps `factor`, by kind."""
    table = pd.read_csv(PACKAGE / "data" / language / f"{name}.csv", comment="#")
    found = defaultdict(dict)
    for entry, kind, factor in zip(table.entry, table.kind, table.get("factor", table.kind), strict=True):
        found[entry][kind] = factor
    return dict(found)


def contractions(language: str) -> dict[str, str]:
    """The preposition that a contracted word holds ("aux": "à"), so that an expression knows both."""
    path = PACKAGE / "data" / language / "contractions.csv"
    return dict(pd.read_csv(path, comment="#").itertuples(index=False)) if path.is_file() else {}


def endings(language: str) -> dict[str, list[tuple[re.Pattern, str]]]:
    """Endings by what they tell of a word, each with what stands in its place in the infinitive."""
    found = defaultdict(list)
    table = pd.read_csv(PACKAGE / "data" / language / "endings.csv", comment="#", na_filter=False)
    for kind, ending, infinitive in table[["kind", "ending", "infinitive"]].itertuples(index=False):
        found[kind].append((re.compile(f"{ending}$"), infinitive))
    return dict(found)


class Lexicon:
    """The word lists of one language, and the hits that they give on a text."""

    def __init__(self, language: str, own: dict[str, float]):
        folder = PACKAGE / "data" / language
        self.language = language
        self.weights, self.left_out = weights(folder / "lexicon.csv") | own, {name for name in own if not own[name]}
        self.backoff = weights(folder / "backoff.csv")
        self.shifters, self.movements = kinds(language, "shifters"), kinds(language, "movement")
        self.listed = {*self.weights, *self.backoff, *self.shifters, *self.movements}
        self.contractions = contractions(language)
        self.bare = {words.unaccented(name): name for name in self.listed if words.unaccented(name) != name}
        self.infinitives, self.endings = entries(language, "infinitives"), endings(language)
        self.thin = frozenset(entries(language, "function_words")) | QUOTES | {"-"}
        self.form = lru_cache(HELD)(self._form)
        self.pieces = lru_cache(HELD)(self._pieces)
        self.expressions: dict[str, dict] = {}  # a tree: a word leads to the words after it, "" to the expression
        for entry in self.listed:
            names = [words.fold(entry[start:end]) for start, end in words.chunk_spans(entry, language)]
            branch = self.expressions
            for name in names if len(names) > 1 else ():
                branch = branch.setdefault(name, {})
            if len(names) > 1:
                branch[""] = entry

    def _form(self, word: str) -> Form:
        """Everything the lists say of a folded word: of itself first, then of its lemma, then of the verb it may be."""
        lemma, thin = words.lemma(word, self.language), word in self.thin
        content = word[:1].isalpha() and not thin
        past = [verb for form in (word, lemma) for verb in self._verbs(form, "past")]
        ends = frozenset(kind for kind, rows in self.endings.items() if any(form.search(word) for form, _ in rows))
        known = frozenset((word, lemma, self.contractions.get(word, word), *past))
        opens = tuple(self.expressions[name] for name in known if name in self.expressions)
        if left_out := self.left_out.intersection((word, lemma)):
            return Form(word, lemma, content, thin, min(left_out), names=known, opens=opens, endings=ends)
        names = [word, word[-3:] if word.endswith("n't") else word, lemma, *past]  # a participle: under its verb
        names += self._verbs(word, "present")
        names = [name for name in names if name in self.listed]
        hedge = UNREAL if lemma in self._verbs(word, "conditional") else 1
        lists = {"lexicon": self.weights, "back-off": self.backoff}
        source, entry = next(((one, name) for one in lists for name in names if name in lists[one]), ("", ""))
        weight = lists[source][entry] if source else 0
        shift = next((self.shifters[name] for name in names if name in self.shifters), {})
        move = next((self.movements[name] for name in names if name in self.movements), {})
        kind = next((k for k in shift if k not in ("intensity", "hedge", *TURNED)), "break" if word in STOPS else "")
        turn = next((k for k in shift if k in TURNED), "")
        factors = shift.get(kind, 1), shift.get("intensity", 1), shift.get("hedge", hedge), turn, shift.get(turn, 1)
        moves, moved = ("up" in move) - ("down" in move), ("good" in move) - ("bad" in move)
        told = entry, weight, source, kind, *factors, moves, moved, known, opens
        return Form(
            word,
            lemma,
            content,
            thin,
            *told,
            "level" in move,
            "event" in move,
            content and word.endswith(self.infinitives),
            ends,
        )

    def _verbs(self, word: str, kind: str) -> list[str]:
        """Regular verbs of which a word may be the past, the present or the conditional: "menace", "règle"."""
        return [form.sub(infinitive, word) for form, infinitive in self.endings.get(kind, ()) if form.search(word)]

    def _pieces(self, chunk: str) -> list[tuple[int, int, Form]]:
        """Start, end and form of each word and mark between two white spaces."""
        cuts = words.chunk_spans(chunk, self.language)
        return [(start, end, self.form(self._folded(chunk[start:end]))) for start, end in cuts]

    def _folded(self, word: str) -> str:
        """A word as the lists have it; capitals may lack their accents ("PENURIE")."""
        folded = words.fold(word)
        return self.bare.get(folded, folded) if word.isupper() and folded not in self.listed else folded

    def units(self, text: str) -> tuple[list[Form], list[Unit]]:
        """Words, marks and fixed expressions of a text; where several expressions begin, the longest is one."""
        found = [
            (chunk.start() + start, chunk.start() + end, form)
            for chunk in CHUNK.finditer(text)
            for start, end, form in self.pieces(chunk[0])
        ]
        forms, units, place = [], [], 0
        while place < len(found):
            start, end, form = found[place]
            size, entry = self._expression(found, place) if form.opens else (1, "")
            if entry:
                end, form = found[place + size - 1][1], self.form(words.fold(entry))
            forms.append(form)
            units.append(Unit(text[start:end], start, end))
            place += size
        return forms, units

    def _expression(self, found: list[tuple[int, int, Form]], place: int) -> tuple[int, str]:
        """Words of the longest fixed expression that begins at a place, and its entry; 1 and "" where none does.

        One adverb may stand within it: "marque nettement le pas", "prend enfin fin".
        """
        branches, longest, size, passed = found[place][2].opens, (1, ""), 1, False
        while branches and place + size < len(found):
            form, size = found[place + size][2], size + 1
            further = [branch[name] for branch in branches for name in form.names if name in branch]
            if not further and not passed and adverb(form):
                passed = True
                continue
            branches = further
            if spelled := [branch[""] for branch in branches if "" in branch]:
                longest = size, max(spelled)
        return longest

    def marked(self, text: str) -> tuple[list[Hit], list[Unit]]:
        """Scored words of a text in reading order, and its content words; a fixed expression is one."""
        forms, units = self.units(text)
        toned = [i for i, form in enumerate(forms) if form.weight]
        found: Found = {i: Hit(units[i], forms[i].entry, forms[i].weight, forms[i].source) for i in toned}
        for i in named(forms, units) | compared(forms) | said(forms):
            found.pop(i, None)
        found |= moved(forms, units)
        denied: dict[int, int | None] = {}  # a scored word, and the place of its negation
        turning, spent = turners(forms, found), set()
        for i, hit in found.items():
            if hit and turning.get(i) is not None and hit.weight < 0 and forms[i].turn in ("calm", "stop"):
                found[i] = None  # "n'exclut pas" is no good news
            elif hit:
                before = reach(forms, i, -1)
                negator = negation(forms, i, before, found)
                if negator is not None and not any(j < i and turning[j] == negator for j in turning):
                    within = 'within "ne … %s"' if negator > i else 'negated by "%s"'
                    hit.times(forms[negator].factor, within % units[negator].word)
                    denied[i] = negator
                spent.update((negator, degree(forms, units, hit, i, before, negator)))
        for i in spent.intersection(found):
            if found[i] and (forms[i].shift == "negation" or found[i].value > 0):
                del found[i]
        turned(forms, units, found, denied, turning)
        for i, form in enumerate(forms):
            if form.factor <= FULL and i not in (*denied.values(), *turning.values()) and negates(forms, i):
                found[i] = Hit(units[i], form.word, LONE, why=["denies a word without tone"])
        conceded(forms, units, found)
        asked(forms, units, found)
        happening(forms, units, found)
        content = [unit for form, unit in zip(forms, units, strict=True) if form.content]
        return [found[i] for i in sorted(found) if found[i]], content

    def unknown(self, text: str) -> list[str]:
        """Words of a text, folded, on which every list is silent, function words and names left out."""
        forms, units = self.units(text)
        names = named(forms, units)  # they are never scored
        if not text.isupper():  # one all in capitals is a name, too, as in a table of terms: AI
            names |= {i for i, unit in enumerate(units) if unit.word.isupper() and len(unit.word) > 1}
        return [form.word for i, form in enumerate(forms) if not form.thin and not form.listed and i not in names]


def adverb(form: Form) -> bool:
    """Whether a word may stand within a fixed expression, and denies nothing."""
    return form.shift == "amid" or (not form.shift and not form.turn and "adverb" in form.endings)


# Scored words by place; None when they count no more.
Found = dict[int, Hit | None]


def named(forms: list[Form], units: list[Unit]) -> set[int]:
    """Places of words that are names, for a capital begins them within a sentence ("Air Liquide"), or for such a name
    holds them by "de": "Arc de triomphe".

    Where more than three content words of four have a capital, as in a title, only those in brackets and after an
    article are.
    """
    content = [i for i, form in enumerate(forms) if form.content]
    capital = {i for i in content if units[i].word[:1].isupper() and not units[i].word.isupper()}
    names = {i for i in capital if i and not opened(forms, i, capital)}
    names |= {i - 1 for i in names if i - 1 in capital and forms[i].shift == "namesake"}  # "Hope Street"
    names |= {i + 2 for i in names if i + 2 in content and forms[i + 1].shift == "link"}
    if len(content) >= TITLE and 4 * len(capital) > 3 * len(content):
        return {
            i
            for i in names
            if units[i - 1].word == "(" or (forms[i - 1].shift == "article" and units[i - 1].word.islower())
        }
    return names


def compared(forms: list[Form]) -> set[int]:
    """Places of "contre" before a number, where it compares: "345 voix contre 200"."""
    against = [i for i, form in enumerate(forms[:-1]) if form.turn == "against"]
    return {i for i in against if forms[i + 1].word[:1].isdigit()}


def said(forms: list[Form]) -> set[int]:
    """Places of verbs of saying, with "que" next or behind a place or an insertion: "soutient sur LCI que"."""
    found = set()
    for i in [i for i, form in enumerate(forms[:-1]) if form.shift == "says"]:
        apart = forms[i + 1].shift == "place" or forms[i + 1].word == ","
        ahead = forms[i + 1 : i + (INSERTED * 2 if apart else 2)]
        if any(form.shift == "only" for form in ahead):
            found.add(i)
    return found


def opened(forms: list[Form], place: int, capital: set[int]) -> bool:
    """Whether the mark before a word explains its capital, as a full stop or an opening quotation mark does.

    Within a sentence it does not in brackets, in quotation marks before another capital, nor in a list: "(Creuse)",
    "« Crédit Suisse »", "trois départements : Creuse, Gironde et Tarn".
    """
    mark, after = forms[place - 1].word, forms[place + 1].word if place + 1 < len(forms) else ""
    named = mark == "(" or (mark in QUOTES and place + 1 in capital) or (mark == ":" and after == ",")
    return mark in OPENING and not (named and any(form.content for form in forms[:place]))


def reach(forms: list[Form], place: int, step: int, most: int = REACH) -> list[int]:
    """Places that a word reaches to its right (step 1) or left (-1), nearest first, within its clause."""
    found, j = [], place + step
    while 0 <= j < len(forms) and abs(j - place) <= FAR and most:
        if forms[j].shift in CLAUSE:
            j = inserted(forms, j, step)
            if j < 0:
                break
        else:
            found.append(j)
            if not forms[j].thin:
                most -= 1
        j += step
    return found


def inserted(forms: list[Form], place: int, step: int) -> int:
    """The comma that closes an insertion, -1 where there is none.

    An insertion bears no tone ("rien, dans ces comptes, n'est") or is a relative clause ("la faillite, que beaucoup
    redoutaient, est évitée").
    """
    if forms[place].word != ",":
        return -1
    for j in range(place + step, place + step * INSERTED, step):
        if not 0 <= j < len(forms):
            return -1
        if forms[j].word == ",":
            inside = forms[min(j, place) + 1 : max(j, place)]
            plain = all(not form.weight and not form.turn and form.shift in PLAIN for form in inside)
            return j if inside and (plain or inside[0].shift in ("only", "relative")) else -1
    return -1


def moved(forms: list[Form], units: list[Unit]) -> Found:
    """Movements whose noun is known, the noun not scored again: "le chômage recule" is good, "les ventes reculent" bad.

    The noun is the nearest one: right of the word of movement and up to "et" or to a preposition of place, else left of
    it, else behind that preposition. Movements of one noun multiply: "le ralentissement de la hausse des prix" is good.
    """
    movers = defaultdict(list)
    for i in [i for i, form in enumerate(forms) if form.move]:
        right, left = reach(forms, i, 1), subject(forms, i)
        own = [*takewhile(lambda j: forms[j].shift not in ("and", "place"), right)]
        right = [*takewhile(lambda j: forms[j].shift != "and", right)]
        sides = [reach(forms, i, -1, LONG), right] if suffered(forms, i) else [own, left, right]
        noun = next((j for j in chain(*sides) if forms[j].moved and not verbal(forms, j)), None)
        if noun is not None:
            movers[headed(forms, noun)].append(i)
    found: Found = {}
    for noun, places in movers.items():
        acting = [i for i in places if not forms[i].level] or places
        sign = forms[noun].moved * math.prod(forms[i].move for i in acting)
        size = max(MOVED, *(abs(forms[i].weight) for i in places))
        moving = [units[i].word for i in places]
        news = f'"{units[noun].word}" {" ".join(moving)}: {"good" if sign > 0 else "bad"} news'
        entry = " × ".join([*moving, units[noun].word])
        turning = any(forms[i].turn for i in places)  # which turns what the noun holds
        found |= dict.fromkeys((noun, *places, *(() if turning else held(forms, noun))))
        found[places[0]] = Hit(units[places[0]], entry, size * sign, why=[news], noun=units[noun])
    return found


def headed(forms: list[Form], noun: int) -> int:
    """The noun of movement that holds another by "de" is what moves: "les délais de livraison"."""
    before = noun - 1 - (forms[noun - 1].shift == "article")
    head = before > 0 and forms[before].shift == "link" and forms[before - 1].moved
    return before - 1 if head else noun


def subject(forms: list[Form], place: int) -> list[int]:
    """Places left of a verb, and left of the relative that opens its clause: "les violences qui ont baissé"."""
    left = reach(forms, place, -1)
    opening = min(left, default=place) - 1
    related = opening > 0 and forms[opening].shift == "relative"
    return left + (reach(forms, opening, -1, 1) if related else [])


def verbal(forms: list[Form], place: int) -> bool:
    """Whether a noun of movement is a verb here, with a determiner behind and none before: "elle note une hausse"."""
    before, after, next_to = ([form.shift for form in forms[k : k + 1]] for k in (place - 1, place + 1, place + 2))
    superlative = next_to in (["closer"], ["negation"])
    return not set(before) & HOLDS and bool(set(after) & DETERMINERS) and not superlative


def held(forms: list[Form], noun: int) -> list[int]:
    """The word of the same sign that a noun of movement holds by "de": "prévision de croissance"."""
    after = reach(forms, noun, 1, 1)
    if not after or forms[noun + 1].shift != "link":
        return []
    sign = forms[after[-1]].moved or forms[after[-1]].weight
    return after[-1:] if forms[noun].moved * sign > 0 else []


def suffered(forms: list[Form], place: int) -> bool:
    """Whether a verb is reflexive or passive, so that it acts on its subject: "se", "est" or "a été" before it; before
    an infinitive at once: not "est fermée pour éviter"."""
    return "self" in (form.shift for form in forms[max(0, place - (1 if forms[place].verb else 3)) : place])


def negation(forms: list[Form], i: int, before: list[int], found: Found) -> int | None:
    """Place of the negation of a scored word: left of it, or around it ("ne PROGRESSE pas").

    It does not pass over another scored word, unless that one is next to this one, holds it by "de" or has it as its
    object, both good: "failed to honour his pledge".
    """
    particle, passed = False, False
    for j in before:
        shift = forms[j].shift
        lacking = shift == "end" or (shift == "lack" and forms[i].weight > 0)
        if negates(forms, j) or (lacking and not passed):
            return j
        if shift == "particle":
            particle = True
            subject = next((k for k in reach(forms, j, -1, LONG) if forms[k].shift in ("negation", "nobody")), None)
            if subject is not None:
                return subject
        if found.get(j):
            near = all(form.thin or form.shift == "link" for form in forms[j + 1 : i])
            object_of = near and min(found[j].weight, forms[i].weight) > 0
            if j != i - 1 and not object_of and forms[j + 1].shift != "link" and forms[j - 1].shift != "particle":
                break
            passed = True
    after = reach(forms, i, 1, 2) if particle else ()
    return next((j for j in after if forms[j].shift in ("negation", "closer", "nobody", "only")), None)


def negates(forms: list[Form], place: int) -> bool:
    """Whether a word is a negator here: "plus", "guère", "rien" only after "ne", "could have" before a participle."""
    if forms[place].shift == "unreal":
        after = next((form for form in forms[place + 1 :] if "adverb" not in form.endings), Form("", ""))
        return after.word != after.lemma and "no participle" not in after.endings
    if forms[place].shift in ("closer", "nobody"):
        return any(form.shift == "particle" for form in forms[max(0, place - 4) : place])
    return forms[place].shift == "negation"


def degree(forms: list[Form], units: list[Unit], hit: Hit, i: int, before: list[int], negator: int | None) -> int:
    """Multiply a word by the nearest word of degree (two to the left, one to the right) and by the doubt before it.

    The place of a word of degree that makes bad news worse, and so is no good news itself ("un échec extraordinaire");
    else -1.
    """
    spent = -1
    for j in (*before[:2], *reach(forms, i, 1, 1)[:1]):
        if j != negator and forms[j].intensity != 1:
            hit.times(forms[j].intensity, f'degree "{units[j].word}"')
            spent = j if hit.weight < 0 else -1
            break
    for j in (i, *before):
        if forms[j].hedge != 1:
            hit.times(forms[j].hedge, f'only possible: "{units[j].word}"')
            break
    return spent


def turners(forms: list[Form], found: Found) -> dict[int, int | None]:
    """Places of the words that turn, and of the negation that keeps each from it: "n'a pas évité la faillite".

    A purpose is not negated with its clause: "n'a pas répondu pour éviter la crise". A word that may be a
    noun is one behind an article: "dans le calme".
    """
    places: dict[int, int | None] = {}
    for i in [i for i, form in enumerate(forms) if form.turn and not nominal(forms, i)]:
        acts = forms[i].turn != "denied" and forms[i].turning <= ACTS
        negator = negation(forms, i, reach(forms, i, -1), found) if acts else None
        places[i] = negator if negator is not None and forms[negator].factor < 0 else None
    return places


def nominal(forms: list[Form], place: int) -> bool:
    """Whether a word that is its own lemma and no expression stands behind an article."""
    before = next((form.shift for form in reversed(forms[:place]) if form.word not in QUOTES), "")
    return before == "article" and forms[place].word == forms[place].lemma and " " not in forms[place].word


def turned(
    forms: list[Form], units: list[Unit], found: Found, denied: dict[int, int | None], turning: dict[int, int | None]
) -> None:
    """Verbs that turn what they act on: "dissipe les craintes", "les craintes s'apaisent", "menace la reprise".

    What ought to be turned has not been ("l'escalade doit être endiguée"): bad news counts less, and stays bad.
    What a relative clause says of a noun turns with it: "lève les obstacles qui freinent". A verb that turned bad news
    is not scored itself. `denied` : the place of the negation of each scored word; what is turned here joins it.
    `turning` : see `turners`.
    """
    for i in [i for i, negator in turning.items() if negator is None]:
        sides, negator = acted(forms, i)
        turn = forms[i].turn
        if turn == "against" and not governed(forms, i):
            turn = "spoil"  # "alerte contre la crise": the crisis stays bad, "parie contre la reprise" is bad
        met: list[int] = []
        for side in sides:
            met = met or [j for j in side if turns(turn, found.get(j)) and denied.get(j, -1) != negator]
        met = [j for j in met if not (found[j].noun and units[i].word in found[j].entry.split(" × "))]
        if turn == "against":
            met = governs(forms, met)
        if turn in HELD_BY:
            met = [j for j in met if any(forms[k].shift == HELD_BY[turn] for k in range(i + 1, j))]
        for j in list(met):
            if j + 1 < len(forms) and forms[j + 1].shift == "relative":
                met += [k for k in reach(forms, j + 1, 1) if found.get(k) and found[k].value * found[j].value > 0]
        before = reach(forms, i, -1) if met else ()
        ought = next((k for k in before if forms[k].shift == "ought"), None)
        for j in met:
            if ought is not None and found[j].value < 0:
                found[j].times(forms[ought].factor, f'to be turned by "{units[i].word}"')
            else:
                found[j].times(forms[i].turning, f'turned by "{units[i].word}"')
            denied.setdefault(j, negator)
        eased = forms[i].turn == "denied" or ought is not None or any(found[j].value > 0 for j in met)
        unfeared = negator is not None and found.get(i) and found[i].weight < 0  # "moins de pertes que redouté"
        if (met or unfeared) and eased and found.get(i) and found[i].noun is None:
            del found[i]


def acted(forms: list[Form], i: int) -> tuple[list[list[int]], int | None]:
    """Where a turning verb acts, the side that comes first, and the negation that it needs.

    On what stands to its right; when it is reflexive or passive, on its subject first. Words of kind `ends` act on
    their subject, and so do those of kind `denied` when negated ("le krach n'a pas eu lieu") and of kind `ended` when
    reflexive, passive or the last of their clause: "la crise est finie", not "la crise finit par éclater".
    """
    right, left = beyond(forms, i), reach(forms, i, -1, LONG)
    if forms[i].turn == "denied":
        negator = next((j for j in left if negates(forms, j) or forms[j].shift == "end"), None)
        return ([] if negator is None else [left]), negator
    last = i + 1 == len(forms) or forms[i + 1].shift in CLAUSE
    if forms[i].turn == "ends" or (forms[i].turn == "ended" and (suffered(forms, i) or last)):
        return [left], None
    if forms[i].turn == "ended":
        return [], None
    if suffered(forms, i):
        return [left, right], None
    return ([right, left] if "participle" in forms[i].endings else [right]), None


def beyond(forms: list[Form], i: int) -> list[int]:
    """Where a turning verb acts to its right: not on what is joined to itself ("brûlées ou attaquées"), nor on a verb
    that is joined to it ("casser des vitrines et tuer", "et à tuer"), nor on that of its object ("ont été")."""
    right = reach(forms, i, 1, REACH + 1)
    end = next((j for j in right if joined(forms, i, j)), None)
    return right if end is None else right[: right.index(end)]


def joined(forms: list[Form], i: int, j: int) -> bool:
    """Whether a place is a verb's behind the object of a turning one, or joins to this one itself or another verb."""
    if forms[j].shift == "self":
        return any(form.weight for form in forms[i + 1 : j])
    after = next((form for form in forms[j + 1 : j + 3] if not form.thin or form.shift in DETERMINERS), None)
    return forms[j].shift == "and" and (j == i + 1 or (after is not None and after.verb))


def governed(forms: list[Form], place: int) -> bool:
    """Whether "contre" opens a clause or stands behind a word of kind `governs`: "lutte contre", but no "alerte"."""
    opens = place == 0 or forms[place - 1].shift in CLAUSE
    return opens or any(forms[j].shift == "governs" for j in reach(forms, place, -1))


def governs(forms: list[Form], met: list[int]) -> list[int]:
    """Of the scored words behind a preposition those that it holds, not a verb behind them: "la lutte contre la fraude
    et la corruption menace son siège"."""
    kept = met[:1]
    for j in met[1:]:
        if forms[j].turn or any(forms[k].shift not in HOLDS for k in range(kept[-1] + 1, j)):
            break
        kept.append(j)
    return kept


def turns(turn: str, hit: Hit | None) -> bool:
    """Whether a turning verb acts on a scored word: one that calms on bad news, one that spoils on good news."""
    return hit is not None and hit.value * (TURNED[turn] or hit.value) > 0


def conceded(forms: list[Form], units: list[Unit], found: Found) -> None:
    """What a concession grants counts less: after "malgré" up to the end of its clause, before "mais"."""
    for i in [i for i, form in enumerate(forms) if form.shift in ("concede", "but") and form.factor != 1]:
        for j in reach(forms, i, 1, FAR) if forms[i].shift == "concede" else range(i):
            if found.get(j):
                found[j].times(forms[i].factor, f'conceded by "{units[i].word}"')


def asked(forms: list[Form], units: list[Unit], found: Found) -> None:
    """A rhetorical question doubts the good news in it: "(mais) qui peut croire à la reprise ?"."""
    first = [i for i in range(len(forms)) if i == 0 or forms[i - 1].word in OPENING]
    first += [i + 1 for i in first if forms[i].shift in ("and", "but")]
    for i in [i for i in first if i < len(forms) and forms[i].shift == "asks"]:
        end = next((j for j in range(i, len(forms)) if forms[j].word in ("?", ".", "!")), None)
        for j in range(i + 1, end if end and forms[end].word == "?" else 0):
            if found.get(j) and found[j].value > 0:
                found[j].times(forms[i].factor, f'doubted by "{units[i].word}"')


def happening(forms: list[Form], units: list[Unit], found: Found) -> None:
    """Give each event the bad news that it tells, nearest on the left, or on the right behind "de": "la crise éclate",
    "l'éclatement de la crise"."""
    for i in [i for i, hit in found.items() if hit and forms[i].event]:
        left, right = reach(forms, i, -1, LONG), reach(forms, i, 1)
        sides = [right, left] if right and forms[right[0]].shift == "link" else [left, right]
        noun = next((j for j in chain(*sides) if forms[j].weight < 0), None)
        found[i].noun = None if noun is None else units[noun]


@cache
def _read(language: str, own: tuple[tuple[str, float], ...]) -> Lexicon:
    return Lexicon(language, dict(own))


def read(language: str = "fr", path: str = "") -> Lexicon:
    """Lexicon of a language; the entries of a CSV file of one's own (`entry`, `weight`) come before the package's."""
    return _read(language, tuple(weights(Path(path)).items()) if path else ())
