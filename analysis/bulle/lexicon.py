"""Words of tone: every scored word of a text with its offsets, its weight, and the reason of each factor.

The word lists are tables under `data/<language>/`: `lexicon.csv` (entry, weight), `backoff.csv` (asked when the first
is silent), `shifters.csv` (entry, kind, factor), `movement.csv` (entry, kind). The rules that join them are here, in
the order in which they are applied: expressions, movements, negation and degree, verbs that turn, lone negations.
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
REACH = 3  # words over which a shifter or a movement reaches; function words and quotation marks do not count,
FAR = 20  # but more places than this are too far
HELD = 1 << 17  # pieces of writing remembered
TURNED = {"calm": -1, "stop": 0, "spoil": 1}  # the sign that a turning verb acts on; 0: both
STOPS, QUOTES = frozenset(".,;:!?…()—–"), frozenset("\"'«»“”‘’")
CHUNK = re.compile(r"\S+")
PAST = re.compile(r"ée?s?$")
PARTICIPLE = re.compile(r"(é|ée|és|ées|ed)$")


class Form(NamedTuple):
    """What the word lists say of one written word or fixed expression."""

    word: str  # folded
    lemma: str
    content: bool = False  # neither a function word nor a mark nor a number
    thin: bool = False  # a function word or a quotation mark
    entry: str = ""
    weight: float = 0
    source: str = ""  # lexicon, back-off
    shift: str = ""  # negation, closer, particle, only, end, lack, link, self, and, break, quiet
    factor: float = 1  # of negation, closer, only, end, lack
    intensity: float = 1
    hedge: float = 1
    turn: str = ""  # calm, stop, spoil
    turning: float = 1
    move: int = 0  # 1 up, -1 down
    moved: int = 0  # 1 good when it rises, -1 bad
    opens: bool = False  # a fixed expression may begin with it

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


def conditional(infinitive: str) -> tuple[str, ...]:
    """Third persons of the conditional of a regular French verb: "reculerait", "perdraient"."""
    stem = infinitive.removesuffix("e") if infinitive.endswith(("er", "ir", "re")) else "?"
    return stem + "ait", stem + "aient"


class Lexicon:
    """The word lists of one language, and the hits that they give on a text."""

    def __init__(self, language: str, own: dict[str, float]):
        folder = PACKAGE / "data" / language
        self.language = language
        self.weights, self.left_out = weights(folder / "lexicon.csv") | own, {name for name in own if not own[name]}
        self.backoff = weights(folder / "backoff.csv")
        self.shifters, self.movements = kinds(language, "shifters"), kinds(language, "movement")
        self.listed = {*self.weights, *self.backoff, *self.shifters, *self.movements}
        self.thin = frozenset(entries(language, "function_words")) | QUOTES
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
        if left_out := self.left_out.intersection((word, lemma)):
            return Form(word, lemma, content, thin, min(left_out))
        names = [word, lemma]
        if "é" in word or "é" in lemma:  # a participle is found under its verb
            names += [PAST.sub("er", word), PAST.sub("er", lemma)]
        if word.endswith("e"):
            names.append(word + "r")
        if word.endswith("n't"):
            names.append("n't")
        names = [name for name in names if name in self.listed]
        hedge = UNREAL if word.endswith(("ait", "aient")) and word in conditional(lemma) else 1
        lists = {"lexicon": self.weights, "back-off": self.backoff}
        source, entry = next(((one, name) for one in lists for name in names if name in lists[one]), ("", ""))
        weight = lists[source][entry] if source else 0
        shift = next((self.shifters[name] for name in names if name in self.shifters), {})
        move = next((self.movements[name] for name in names if name in self.movements), {})
        kind = next((k for k in shift if k not in ("intensity", "hedge", *TURNED)), "break" if word in STOPS else "")
        turn = next((k for k in shift if k in TURNED), "")
        factors = shift.get(kind, 1), shift.get("intensity", 1), shift.get("hedge", hedge), turn, shift.get(turn, 1)
        moves, moved = ("up" in move) - ("down" in move), ("good" in move) - ("bad" in move)
        opens = word in self.expressions or lemma in self.expressions
        return Form(word, lemma, content, thin, entry, weight, source, kind, *factors, moves, moved, opens)

    def _pieces(self, chunk: str) -> list[tuple[int, int, Form]]:
        """Start, end and form of each word and mark between two white spaces."""
        cuts = words.chunk_spans(chunk, self.language)
        return [(start, end, self.form(words.fold(chunk[start:end]))) for start, end in cuts]

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
        """Words of the longest fixed expression that begins at a place, and its entry; 1 and "" where none does."""
        branches, longest = [self.expressions], (1, "")
        for size, (_, _, form) in enumerate(found[place:], 1):
            branches = [branch[name] for name in {form.word, form.lemma} for branch in branches if name in branch]
            if not branches:
                break
            if spelled := max((branch[""] for branch in branches if "" in branch), default=""):
                longest = size, spelled
        return longest

    def hits(self, text: str) -> list[Hit]:
        """Scored words of a text in reading order."""
        forms, units = self.units(text)
        found = {i: Hit(units[i], f.entry, f.weight, f.source) for i, f in enumerate(forms) if f.weight}
        found |= moved(forms, units)
        used = set()
        for i, hit in found.items():
            if hit:
                before = reach(forms, i, -1)
                negator = negation(forms, i, before, found)
                if negator is not None:
                    within = 'within "ne … %s"' if negator > i else 'negated by "%s"'
                    hit.times(forms[negator].factor, within % units[negator].word)
                    used.add(negator)
                degree(forms, units, hit, i, before, negator)
        turned(forms, units, found)
        for i, form in enumerate(forms):
            if form.shift in ("negation", "closer") and form.factor <= FULL and i not in used and negates(forms, i):
                found[i] = Hit(units[i], form.word, LONE, why=["denies a word without tone"])
        return [found[i] for i in sorted(found) if found[i]]

    def size(self, text: str) -> int:
        """How many content words a text has; a fixed expression is one."""
        return sum(form.content for form in self.units(text)[0])

    def unknown(self, text: str) -> list[str]:
        """Words of a text, folded, on which every list is silent, function words left out."""
        return [form.word for form in self.units(text)[0] if not form.thin and not form.listed]


# Scored words by place; None when they count no more.
Found = dict[int, Hit | None]


def reach(forms: list[Form], place: int, step: int, most: int = REACH) -> list[int]:
    """Places that a word reaches to its right (step 1) or left (-1), nearest first, within its clause."""
    found = []
    for j in range(place + step, place + step * (FAR + 1), step):
        if not 0 <= j < len(forms) or forms[j].shift == "break":
            break
        found.append(j)
        if not forms[j].thin:
            most -= 1
        if most == 0:
            break
    return found


def moved(forms: list[Form], units: list[Unit]) -> Found:
    """Movements whose noun is known, the noun not scored again: "le chômage recule" is good, "les ventes reculent" bad.

    The noun is the nearest one: right of the word of movement and up to "et", else left of it. Movements of one noun
    multiply: "le ralentissement de la hausse des prix" is good.
    """
    movers = defaultdict(list)
    for i in [i for i, form in enumerate(forms) if form.move]:
        right = takewhile(lambda j: forms[j].shift != "and", reach(forms, i, 1))
        noun = next((j for j in chain(right, reach(forms, i, -1)) if forms[j].moved), None)
        if noun is not None:
            movers[noun].append(i)
    found: Found = {}
    for noun, places in movers.items():
        sign = forms[noun].moved * math.prod(forms[i].move for i in places)
        size = max(MOVED, *(abs(forms[i].weight) for i in places))
        moving = [units[i].word for i in places]
        news = f'"{units[noun].word}" {" ".join(moving)}: {"good" if sign > 0 else "bad"} news'
        entry = " × ".join([*moving, units[noun].word])
        found |= dict.fromkeys((noun, *places))
        found[places[0]] = Hit(units[places[0]], entry, size * sign, why=[news], noun=units[noun])
    return found


def negation(forms: list[Form], i: int, before: list[int], found: Found) -> int | None:
    """Place of the negation of a scored word: left of it, or around it ("ne PROGRESSE pas").

    It does not pass over another scored word, unless that one is next to this one or holds it by "de".
    """
    particle, passed = False, False
    for j in before:
        shift = forms[j].shift
        lacking = shift == "end" or (shift == "lack" and forms[i].weight > 0)
        if negates(forms, j) or (lacking and not passed):
            return j
        particle = particle or shift == "particle"
        if found.get(j):
            if j != i - 1 and forms[j + 1].shift != "link":
                break
            passed = True
    after = reach(forms, i, 1, 2) if particle else ()
    return next((j for j in after if forms[j].shift in ("negation", "closer", "only")), None)


def negates(forms: list[Form], place: int) -> bool:
    """Whether a word is a negator here: "plus", "guère", "rien" only after "ne"."""
    if forms[place].shift == "closer":
        return any(form.shift == "particle" for form in forms[max(0, place - 4) : place])
    return forms[place].shift == "negation"


def degree(forms: list[Form], units: list[Unit], hit: Hit, i: int, before: list[int], negator: int | None) -> None:
    """Multiply a word by the nearest word of degree (two to the left, one to the right) and by the doubt before it."""
    for j in (*before[:2], *reach(forms, i, 1, 1)[:1]):
        if j != negator and forms[j].intensity != 1:
            hit.times(forms[j].intensity, f'degree "{units[j].word}"')
            break
    for j in (i, *before):
        if forms[j].hedge != 1:
            hit.times(forms[j].hedge, f'only possible: "{units[j].word}"')
            break


def turned(forms: list[Form], units: list[Unit], found: Found) -> None:
    """Verbs that turn what they act on: "dissipe les craintes", "les craintes s'apaisent", "menace la reprise".

    They act on the scored words to their right; if there are none, to their left when reflexive or a participle.
    A verb that turned bad news is not scored itself.
    """
    for i in [i for i, form in enumerate(forms) if form.turn]:
        met = [j for j in reach(forms, i, 1, REACH + 1) if found.get(j)]
        reflexive = "self" in (form.shift for form in forms[max(0, i - 2) : i])
        if not met and (reflexive or PARTICIPLE.search(forms[i].word)):
            met = [j for j in reach(forms, i, -1) if found.get(j)]
        met = [j for j in met if found[j].value * (TURNED[forms[i].turn] or found[j].value) > 0]
        for j in met:
            found[j].times(forms[i].turning, f'turned by "{units[i].word}"')
        if any(found[j].value > 0 for j in met) and found.get(i) and found[i].noun is None:
            del found[i]


@cache
def _read(language: str, own: tuple[tuple[str, float], ...]) -> Lexicon:
    return Lexicon(language, dict(own))


def read(language: str = "fr", path: str = "") -> Lexicon:
    """Lexicon of a language; the entries of a CSV file of one's own (`entry`, `weight`) come before the package's."""
    return _read(language, tuple(weights(Path(path)).items()) if path else ())
