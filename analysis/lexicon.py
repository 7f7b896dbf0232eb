"""Words of tone: every scored word of a text with its offsets, its weight, and the reason of each factor.

The word lists are tables under `data/<language>/`: `lexicon.csv` (entry, weight), `backoff.csv` (asked when the first
is silent), `shifters.csv` (entry, kind, factor), `movement.csv` (entry, kind). The rules that join them are here.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache, cached_property, reduce
from io import StringIO
from itertools import chain, compress, islice
from operator import attrgetter, or_
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import PACKAGE, InputError, entries, words

MOVED = 1.5  # least weight of a movement whose noun is known: between "hausse" (1) and "envolée" (2)
LONE = -0.5  # weight of a negation that bears on no scored word: on development news it is a weak bad sign
FULL = -0.55  # the factor of a full negation ("pas": -0.6) is under it, that of a half one ("peu": -0.4) above
UNREAL = 0.8  # factor of a verb in the conditional, as of "pourrait"
REACH = 3  # words over which a shifter or a movement reaches; function words and quotation marks do not count
TURNS = {"calm": -1, "stop": 0, "spoil": 1}  # the sign that a turning verb acts on; 0: both
NEGATES, GRADES, DOUBTS = 1, 2, 4  # roles; a sentence without a role is spared the rules of that role
ENTRY = ""  # where the tree of expressions holds one: no word is empty
NONE: dict = {}  # one for all words that begin no expression: what is not touched need not be fetched
HELD = 1 << 19  # pieces of writing remembered
STOPS, QUOTES = frozenset(".,;:!?…()—–"), frozenset("\"'«»“”‘’")
NEGATORS = frozenset(("negation", "closer", "only", "end", "lack"))  # the shifts that a negation may come from
ROLE, ACTIVE, OPENS = attrgetter("role"), attrgetter("active"), attrgetter("expressions")
CHUNK = re.compile(r"\S+")
PARTICIPLE = re.compile(r"(é|ée|és|ées|ed)$")


class Form(NamedTuple):
    """What the word lists say of one written word or fixed expression."""

    word: str  # folded
    lemma: str
    expressions: dict[str, list[dict]]  # that begin with it, by their second word: the branches of a tree of words
    entry: str = ""
    weight: float = 0
    shift: str = ""  # negation, closer, particle, only, end, lack, link, self, and, break, quiet
    factor: float = 1  # of negation, closer, only, end, lack
    intensity: float = 1
    hedge: float = 1
    turn: str = ""  # calm, stop, spoil
    turning: float = 1
    move: int = 0  # 1 up, -1 down
    moved: int = 0  # 1 good when it rises, -1 bad
    thin: bool = False
    active: bool = False  # it can give a hit, or turn one
    role: int = 0  # NEGATES, GRADES, DOUBTS: what it can do to the hits around it

    @property
    def silent(self) -> bool:
        """Whether it is a content word on which every list is silent."""
        return not (
            self.thin or self.entry or self.shift or self.turn or self.move or self.moved or self.intensity != 1
        )


class Unit(NamedTuple):
    """One word, mark or fixed expression of a text, with its offsets."""

    word: str
    start: int
    end: int


class Line:
    """A text as forms, one for each word, mark or fixed expression; their offsets are found when they are asked for."""

    def __init__(self, text: str, forms: list[Form], cuts: dict[str, tuple]):
        self.text, self.forms, self.cuts = text, forms, cuts
        self.joined: list[tuple[int, int]] = []  # expressions: place of the first word and after the last, as words

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of each form."""
        pieces = ((piece.start(), self.cuts[piece[0]]) for piece in CHUNK.finditer(self.text))
        spans = [(offset + start, offset + end) for offset, forms in pieces for _, start, end in forms]
        for i, end in reversed(self.joined):
            spans[i:end] = [(spans[i][0], spans[end - 1][1])]
        return spans

    def unit(self, i: int) -> Unit:
        """The i-th unit."""
        return Unit(self.word(i), *self.spans[i])

    def word(self, i: int) -> str:
        """The i-th unit as written."""
        return self.text[slice(*self.spans[i])]


class Hit:
    """A scored word: its place in a line, the entry and its weight, the product of the factors and their reasons."""

    __slots__ = ("entry", "factor", "line", "place", "reasons", "weight")

    def __init__(self, line: Line, place: int, entry: str, weight: float, *reasons: str):
        self.line, self.place, self.entry, self.weight, self.factor = line, place, entry, weight, 1
        self.reasons: list[tuple[str, int, float]] = [(reason, -1, 1) for reason in reasons]

    @property
    def unit(self) -> Unit:
        """The word with its offsets."""
        return self.line.unit(self.place)

    @property
    def value(self) -> float:
        """Weight times factor."""
        return self.weight * self.factor

    @property
    def why(self) -> list[str]:
        """The reason of each factor, with the word that it comes from."""
        return [
            reason if place < 0 else f"{reason % self.line.word(place)} ×{factor:g}"
            for reason, place, factor in self.reasons
        ]

    def times(self, factor: float, reason: str, place: int) -> None:
        """Multiply the factor, and note why; `%s` in the reason stands for the word at a place."""
        self.factor = round(self.factor * factor, 3)
        self.reasons.append((reason, place, factor))


class Remembered(dict):
    """What a function gives for each key, looked up without a call once it is known."""

    def __init__(self, function: Callable[[str], object]):
        super().__init__()
        self.function = function

    def __missing__(self, key: str) -> object:
        if len(self) >= HELD:
            self.clear()
        self[key] = made = self.function(key)
        return made


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
    for row, (entry, weight) in enumerate(zip(table.entry.map(words.fold), table.weight, strict=True), 2):
        value = pd.to_numeric(weight.replace(",", "."), errors="coerce")
        if not entry.strip() or entry in found or not -3 <= value <= 3:
            raise InputError(
                f"lexicon {path}, row {row} ({entry!r}, {weight!r}): expected a new word or expression "
                "and a weight from -3 to 3; 0 leaves the word out"
            )
        found[entry.strip()] = float(value)
    return found


def conditional(infinitive: str) -> tuple[str, ...]:
    """Third persons of the conditional of a regular French verb: "reculerait", "perdraient"."""
    stem = infinitive.removesuffix("e") if infinitive.endswith(("er", "ir", "re")) else "?"
    return stem + "ait", stem + "aient"


def kinds(language: str, name: str) -> dict[str, dict[str, float]]:
    """Factors of each entry of a table with `entry`, `kind` and perhaps `factor`, by kind."""
    table = pd.read_csv(PACKAGE / "data" / language / f"{name}.csv", comment="#")
    found = defaultdict(dict)
    for entry, kind, factor in zip(table.entry, table.kind, table.get("factor", table.kind), strict=True):
        found[entry][kind] = factor
    return dict(found)


def cut(text: str, language: str) -> list[tuple[str, int, int]]:
    """Words and marks of a text with their offsets."""
    return [(text[start:end], start, end) for sentence in words.spans(text, language) for start, end in sentence]


class Lexicon:
    """The word lists of one language, and the hits that they give on a text."""

    def __init__(self, language: str, own: dict[str, float]):
        folder = PACKAGE / "data" / language
        self.language = language
        self.weights = weights(folder / "lexicon.csv") | own
        self.backoff = weights(folder / "backoff.csv")
        self.shifters, self.movements = kinds(language, "shifters"), kinds(language, "movement")
        self.thin = frozenset(entries(language, "function_words")) | QUOTES
        self.expressions: dict[str, dict] = {}  # a tree: a word leads to the words after it, ENTRY to the expression
        for entry in {*self.weights, *self.backoff, *self.shifters, *self.movements}:
            names = [words.fold(word) for word, *_ in cut(entry, language)]
            if len(names) > 1:
                reduce(lambda branch, name: branch.setdefault(name, {}), names, self.expressions)[ENTRY] = entry
        self.known = Remembered(self._form)  # a word, and a piece of writing, is looked up once
        self.cuts = Remembered(self._cut)
        self.pieces = Remembered(lambda piece: tuple(form for form, _, _ in self.cuts[piece]))

    def _form(self, word: str) -> Form:
        """Everything the lists say of a word: of itself first, then of its lemma, then of the verb it may be."""
        word = words.fold(word)
        lemma = words.lemmas([word], self.language)[word]
        verbs = re.sub(r"ée?s?$", "er", word), re.sub(r"é$", "er", lemma), re.sub(r"e$", "er", word)
        names = (word, lemma, *verbs, "n't" * word.endswith("n't"))
        source, entry = next(((s, n) for s in (self.weights, self.backoff) for n in names if n in s), ({"": 0}, ""))
        shift = next((self.shifters[name] for name in names if name in self.shifters), {})
        move = next((self.movements[name] for name in names if name in self.movements), {})
        kind = next((k for k in shift if k not in ("intensity", "hedge", *TURNS)), "break" if word in STOPS else "")
        turn = next((k for k in shift if k in TURNS), "")
        hedge = shift.get("hedge", UNREAL if word in conditional(lemma) else 1)
        factors = shift.get(kind, 1), shift.get("intensity", 1), hedge, turn, shift.get(turn, 1)
        signs = ("up" in move) - ("down" in move), ("good" in move) - ("bad" in move)
        branches = [self.expressions[name] for name in dict.fromkeys((word, lemma)) if name in self.expressions]
        begun = {name: [branch[name] for branch in branches if name in branch] for name in chain(*branches)} or NONE
        active = bool(source[entry] or signs[0] or turn or kind in ("negation", "closer"))
        role = NEGATES * (kind in NEGATORS) | GRADES * (factors[1] != 1) | DOUBTS * (hedge != 1)
        return Form(word, lemma, begun, entry, source[entry], kind, *factors, *signs, word in self.thin, active, role)

    def _cut(self, piece: str) -> tuple[tuple[Form, int, int], ...]:
        """Forms and offsets within a piece of writing between white space; letters alone are one word."""
        if piece.isalpha():
            return ((self.known[piece], 0, len(piece)),)
        return tuple((self.known[word], start, end) for word, start, end in cut(piece, self.language))

    def line(self, text: str) -> Line:
        """Words and fixed expressions of a text; where several expressions begin, the longest is meant."""
        line = Line(text, list(chain.from_iterable(map(self.pieces.__getitem__, text.split()))), self.cuts)
        forms, free = line.forms, 0
        for i in list(compress(range(len(forms) - 1), map(OPENS, forms))):
            begun, second = forms[i].expressions, forms[i + 1]
            if i >= free and (second.word in begun or second.lemma in begun):
                size, entry = _expression(forms, i)
                if size:
                    line.joined.append((i, i + size))
                    free = i + size
                    forms[i] = self.known[entry]
        for i, end in reversed(line.joined):
            del forms[i + 1 : end]
        return line

    def hits(self, text: str) -> list[Hit]:
        """Scored words of a text in reading order."""
        line = self.line(text)
        forms = line.forms
        active = list(compress(range(len(forms)), map(ACTIVE, forms)))
        found = {i: Hit(line, i, forms[i].entry, forms[i].weight) for i in active if forms[i].weight}
        if movers := [i for i in active if forms[i].move]:
            found |= moved(line, movers)
        scored, used, roles = {i for i, hit in found.items() if hit}, set(), reduce(or_, map(ROLE, forms), 0)
        for i in scored if roles else ():
            negator = negation(line, i, scored) if roles & NEGATES else None
            if negator:
                found[i].times(negator[1], negator[2], negator[0])
                used.add(negator[0])
            if roles & (GRADES | DOUBTS):
                degree(line, found[i], i, negator[0] if negator else i)
        if turners := [i for i in active if forms[i].turn]:
            turned(line, turners, found)
        for i in active if roles & NEGATES else ():
            if negates(forms, i) and forms[i].factor <= FULL and i not in used:
                found[i] = Hit(line, i, forms[i].word, LONE, "denies a word without tone")
        return [hit for _, hit in sorted(found.items()) if hit]


def _expression(forms: list[Form], i: int) -> tuple[int, str]:
    """Size and entry of the longest expression that begins at a place; each word as written or as a lemma."""
    branches, longest = [forms[i].expressions], (0, "")
    for size, form in enumerate(islice(forms, i + 1, None), 2):
        word, lemma = form.word, form.lemma
        further = [branch[word] for branch in branches if word in branch]
        if lemma != word:
            further += [branch[lemma] for branch in branches if lemma in branch]
        branches = further if size > 2 else [branch for some in further for branch in some]
        if not branches:
            return longest
        longest = max([(size, branch[ENTRY]) for branch in branches if ENTRY in branch], default=longest)
    return longest


def reach(forms: list[Form], i: int, step: int, most: int = REACH) -> list[int]:
    """Places that a word reaches to its left (step -1) or right (1), nearest first, within its clause."""
    found, j = [], i + step
    while 0 <= j < len(forms) and most and forms[j].shift != "break":
        found.append(j)
        most -= not forms[j].thin
        j += step
    return found


def moved(line: Line, places: list[int]) -> dict[int, Hit | None]:
    """Movements whose noun is known, the noun not scored again: "le chômage recule" is good, "les ventes reculent" bad.

    The noun is the nearest one: right of the word of movement and up to "et", else left of it. Movements of one noun
    multiply: "le ralentissement de la hausse des prix" is good.
    """
    forms, movers = line.forms, defaultdict(list)
    for i in places:
        right = reach(forms, i, 1)
        stop = next((n for n, j in enumerate(right) if forms[j].shift == "and"), None)
        noun = next((j for j in right[:stop] + reach(forms, i, -1) if forms[j].moved), None)
        if noun is not None:
            movers[noun].append(i)
    found = {}
    for noun, places in movers.items():
        sign = forms[noun].moved * math.prod(forms[i].move for i in places)
        names = [line.word(i) for i in (*places, noun)]
        size = max(MOVED, *(abs(forms[i].weight) for i in places))
        news = f'"{names[-1]}" {" ".join(names[:-1])}: {"good" if sign > 0 else "bad"} news'
        found |= dict.fromkeys((noun, *places)) | {
            places[0]: Hit(line, places[0], " × ".join(names), size * sign, news)
        }
    return found


def negation(line: Line, i: int, scored: set[int]) -> tuple[int, float, str] | None:
    """Place, factor and reason of the negation of a scored word: left of it, or around it ("ne PROGRESSE pas").

    It does not pass over another scored word, unless that one is next to this one or holds it by "de".
    """
    forms, particle, passed = line.forms, False, False
    for j in reach(forms, i, -1):
        form = forms[j]
        lacking = form.shift == "end" or (form.shift == "lack" and forms[i].weight > 0)
        if negates(forms, j) or (lacking and not passed):
            return j, form.factor, 'negated by "%s"'
        if j in scored and j != i - 1 and forms[j + 1].shift != "link":
            break
        particle, passed = particle or form.shift == "particle", passed or j in scored
    for j in reach(forms, i, 1, 2) if particle else ():
        if forms[j].shift in ("negation", "closer", "only"):
            return j, forms[j].factor, 'within "ne … %s"'
    return None


def negates(forms: list[Form], j: int) -> bool:
    """Whether a word is a negator here: "plus", "guère", "rien" only after "ne"."""
    shift = forms[j].shift
    if shift == "closer":
        return any(forms[k].shift == "particle" for k in range(max(0, j - 4), j))
    return shift == "negation"


def degree(line: Line, hit: Hit, i: int, negator: int) -> None:
    """Multiply a hit by the nearest word of degree (two to the left, one to the right) and by the doubt before it."""
    forms, left = line.forms, reach(line.forms, i, -1)
    for j in (*left[:2], *reach(forms, i, 1, 1)[:1]):
        if j != negator and forms[j].intensity != 1:
            hit.times(forms[j].intensity, 'degree "%s"', j)
            break
    for j in (i, *left):
        if forms[j].hedge != 1:
            hit.times(forms[j].hedge, 'only possible: "%s"', j)
            break


def turned(line: Line, places: list[int], found: dict[int, Hit | None]) -> None:
    """Verbs that turn what they act on: "dissipe les craintes", "les craintes s'apaisent", "menace la reprise".

    They act on the scored words to their right; if there are none, to their left when reflexive or a participle.
    A verb that turned bad news is not scored itself.
    """
    forms = line.forms
    for i in places:
        form = forms[i]
        sides = [reach(forms, i, 1, REACH + 1)]
        if PARTICIPLE.search(line.word(i)) or any(forms[j].shift == "self" for j in range(max(0, i - 2), i)):
            sides.append(reach(forms, i, -1))
        met = next((some for side in sides if (some := [j for j in side if found.get(j)])), [])
        met = [j for j in met if found[j].value * (TURNS[form.turn] or found[j].value) > 0]
        for j in met:
            found[j].times(form.turning, 'turned by "%s"', i)
        if any(found[j].value > 0 for j in met) and found.get(i) and found[i].entry == form.entry:
            del found[i]


@cache
def _read(language: str, own: tuple[tuple[str, float], ...]) -> Lexicon:
    return Lexicon(language, dict(own))


def read(language: str = "fr", path: str = "") -> Lexicon:
    """Lexicon of a language; the entries of a CSV file of one's own (`entry`, `weight`) come before the package's."""
    return _read(language, tuple(weights(Path(path)).items()) if path else ())
