"""Words of tone: every scored word of a text with its offsets, its weight, and the reason of each factor."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import simplemma

from analysis import PACKAGE, InputError, entries

APOSTROPHES = str.maketrans("’ʼ`´\u00a0\u202f", "''''  ")
WORD = re.compile(r"aujourd'hui|[ldjmtnscç]'|(?:qu|jusqu|lorsqu|puisqu|quoiqu)'|[^\W_]+(?:-[^\W_]+)*|[.,;:!?…()«»\"“”]|[—–]", re.I)
MOVED = 1.5  # weight of a movement whose noun is known: between the +-1 of "hausse" and the +-2 of "envolée"
REACH = 3  # words that a negation or a movement reaches over, function words not counted
QUOTES, STOPS = frozenset("\"«»“”'"), frozenset(".,;:!?…()—–")


class Form(NamedTuple):
    """What the word lists say of one written word or fixed expression."""

    lemma: str
    entry: str = ""
    weight: float = 0
    shift: str = ""  # negation, closer, particle, only, lack, break, quiet
    intensity: float = 1
    hedge: float = 1
    turn: str = ""  # calm, spoil
    factor: float = 1  # of shift or turn
    move: int = 0  # +1 up, -1 down
    moved: int = 0  # +1 good when it rises, -1 bad
    thin: bool = False  # function words and quotation marks do not count as distance


class Unit(NamedTuple):
    """One word, mark or fixed expression of a text."""

    word: str
    start: int
    end: int
    form: Form


@dataclass
class Hit:
    """One scored word of a text: the place of its unit, the weight of its entry, the factors and their reasons."""

    unit: int
    entry: str
    weight: float
    factor: float = 1
    why: list[str] = field(default_factory=list)
    nouns: tuple[int, ...] = ()

    @property
    def value(self) -> float:
        return self.weight * self.factor

    def times(self, factor: float, reason: str) -> None:
        self.factor *= factor
        self.why.append(f"{reason} ×{factor:g}")


def rows(path: Path, columns: tuple[str, ...] = ("entry", "weight")) -> pd.DataFrame:
    """Rows of a word table (`#` comments allowed): `entry` and its columns, as text."""
    try:
        found = pd.read_csv(path, comment="#", dtype=str, keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path}: not a readable CSV table of UTF-8 text ({error})") from None
    if missing := [name for name in columns if name not in found]:
        raise InputError(f"{path}: no column {missing[0]!r}; expected {', '.join(columns)}, found {', '.join(found)}")
    return found


def weights(path: Path) -> dict[str, float]:
    """Weight of each entry of a lexicon table; the weights are checked (-3 to 3) and a wrong row is named."""
    found = {}
    for number, (entry, weight) in enumerate(rows(path)[["entry", "weight"]].itertuples(index=False), 1):
        value = pd.to_numeric(weight, errors="coerce")
        if not entry.strip() or not -3 <= value <= 3:
            raise InputError(f"{path}, row {number}: {entry!r}, {weight!r}: expected a word and a weight from -3 to 3")
        found[entry.strip()] = float(value)
    return found


def cut(text: str) -> list[tuple[str, int, int]]:
    """Words and marks of a text in lower case, elisions written out, with their offsets."""
    found = WORD.finditer(text.translate(APOSTROPHES).lower())
    return [(m[0][:-1] + "e" if m[0].endswith("'") else m[0], *m.span()) for m in found]


class Lexicon:
    """The word lists of one language, read once, with the rules that join them."""

    def __init__(self, language: str, own: tuple[tuple[str, float], ...] = ()):
        folder = PACKAGE / "data" / language
        self.language = language
        self.weights = weights(folder / "lexicon.csv") | dict(own)
        self.backoff = weights(folder / "backoff.csv")
        self.shifters = defaultdict(dict)
        for row in pd.read_csv(folder / "shifters.csv", comment="#").itertuples():
            self.shifters[row.entry][row.kind] = row.factor
        self.moves = defaultdict(dict)
        for row in pd.read_csv(folder / "movement.csv", comment="#").itertuples():
            self.moves[row.entry][row.kind] = 1
        self.thin = frozenset(word.replace("'", "e") for word in entries(language, "function_words")) | QUOTES
        self.starts = defaultdict(list)
        for entry in {*self.weights, *self.backoff, *self.shifters, *self.moves}:
            words = tuple(word for word, _, _ in cut(entry))
            if len(words) > 1:
                self.starts[words[0]].append((words, entry))
        for found in self.starts.values():
            found.sort(key=lambda pair: -len(pair[0]))
        self.form = cache(self._form)

    def lemma(self, word: str) -> str:
        return simplemma.lemmatize(word, lang=self.language).lower() if len(word) > 2 else word

    def _form(self, word: str) -> Form:
        lemma = self.lemma(word)
        names = list(dict.fromkeys((word, lemma, re.sub(r"ée?s?$", "er", word), re.sub(r"és?$", "er", lemma))))
        entry = next((n for source in (self.weights, self.backoff) for n in names if n in source), "")
        shift = next((self.shifters[n] for n in names if n in self.shifters), {})
        move = next((self.moves[n] for n in names if n in self.moves), {})
        kind = next((k for k in shift if k not in ("intensity", "hedge", "calm", "spoil")), "")
        turn = next((k for k in shift if k in ("calm", "spoil")), "")
        return Form(
            lemma, entry, self.weights.get(entry, self.backoff.get(entry, 0)), kind or ("break" if word in STOPS else ""),
            shift.get("intensity", 1), shift.get("hedge", 1), turn, shift.get(kind or turn, 1),
            ("up" in move) - ("down" in move), ("good" in move) - ("bad" in move),
            word in self.thin,
        )

    def units(self, text: str) -> list[Unit]:
        """Words and fixed expressions of a text, the longest expression first."""
        words, found, i = cut(text), [], 0
        forms = [self.form(word) for word, _, _ in words]
        while i < len(words):
            word, start, end = words[i]
            size, entry = self._expression(words, forms, i)
            if size > 1:
                form = self.form(entry)
                found.append(Unit(" ".join(w for w, _, _ in words[i : i + size]), start, words[i + size - 1][2], form))
            else:
                found.append(Unit(word, start, end, forms[i]))
            i += size
        return found

    def _expression(self, words, forms, i) -> tuple[int, str]:
        for key in (words[i][0], forms[i].lemma):
            for wanted, entry in self.starts.get(key, ()):
                if len(words) - i >= len(wanted) and all(
                    w == words[i + k][0] or w == forms[i + k].lemma for k, w in enumerate(wanted)
                ):
                    return len(wanted), entry
        return 1, ""

    def hits(self, text: str) -> tuple[list[Unit], list[Hit]]:
        """Scored words of a text in reading order, and the units they refer to."""
        units = self.units(text)
        found = moved(units)
        for i, unit in enumerate(units):
            if unit.form.weight and i not in found:
                found[i] = Hit(i, unit.form.entry, unit.form.weight)
        found = {i: hit for i, hit in sorted(found.items()) if hit}
        for i in found:
            shifted(units, found, i)
        turned(units, found)
        return units, [hit for hit in found.values() if hit]


def reach(units: list[Unit], i: int, step: int, most: int = REACH) -> list[int]:
    """Places met going left (-1) or right (+1) from a unit, to the end of its clause; thin words do not count."""
    found, j = [], i + step
    while 0 <= j < len(units) and most and units[j].form.shift != "break":
        found.append(j)
        most -= not units[j].form.thin
        j += step
    return found


def moved(units: list[Unit]) -> dict[int, Hit | None]:
    """Movements whose noun is known: the sign is the movement's times the noun's; the words used up are None."""
    found = {}
    for i, unit in enumerate(units):
        if not unit.form.move or i in found:
            continue
        sign, used = unit.form.move, []
        for j in reach(units, i, 1) + [None, *reach(units, i, -1)]:
            if j is None:
                sign, used = unit.form.move, []
                continue
            form = units[j].form
            if form.move and j not in found:
                sign, used = sign * form.move, [*used, j]
            elif form.moved:
                before = [k for k, hit in found.items() if hit and j in hit.nouns]
                for k in before:
                    sign *= units[k].form.move
                    found[k] = None
                sign *= form.moved
                hit = Hit(i, f"{unit.word} × {units[j].word}", MOVED * sign, nouns=(j,))
                news = "good" if sign > 0 else "bad"
                hit.why.append(f'"{unit.word}" of "{units[j].word}": {news} news')
                found.update({k: None for k in (*used, j)})
                found[i] = hit
                break
    return found


def shifted(units: list[Unit], found: dict, i: int) -> None:
    """Multiply a hit by the negation, the degree and the doubt around it."""
    hit = found[i]
    left = reach(units, i, -1)
    negator = negation(units, found, i, left)
    if negator:
        hit.times(*negator)
    near = [*left[:2], *[j for j in reach(units, i, 1, 1)[:1]]]
    for j in near:
        form = units[j].form
        if form.intensity != 1 and not (negator and units[j].word in negator[1]) and not form.move:
            hit.times(form.intensity, f'degree "{units[j].word}"')
            break
    for j in left:
        if units[j].form.hedge != 1:
            hit.times(units[j].form.hedge, f'possible: "{units[j].word}"')
            break


def negation(units: list[Unit], found: dict, i: int, left: list[int]) -> tuple[float, str] | None:
    """Factor and reason when a negator reaches the unit from the left, or closes around it (ne PROGRESSE pas)."""
    particle = False
    for j in left:
        form = units[j].form
        if j in found and found[j] and j != i - 1 and units[j + 1].form.lemma not in ("de", "du", "des", "of"):
            break
        if form.shift == "lack" and (found[i].weight > 0 or "fin" in units[j].word or "absence" in units[j].word):
            return form.factor, f'"{units[j].word}"'
        if form.shift == "negation":
            return form.factor, f'"{units[j].word}"'
        if form.shift == "closer" and any(units[k].form.shift == "particle" for k in range(max(0, j - 4), j)):
            return form.factor, f'"ne … {units[j].word}"'
        particle = particle or form.shift == "particle"
    for j in reach(units, i, 1, 1) if particle else ():
        if units[j].form.shift in ("negation", "closer", "only"):
            return units[j].form.factor, f'"ne … {units[j].word}"'
    return None


def turned(units: list[Unit], found: dict) -> None:
    """Verbs that turn their object, or their subject when reflexive or past: "dissipe les craintes", "menace la reprise"."""
    for i, unit in enumerate(units):
        sign = {"calm": -1, "spoil": 1}.get(unit.form.turn)
        if not sign:
            continue
        places = [j for j in reach(units, i, 1, 4) if found.get(j)]
        if not places and (unit.word.endswith(("é", "ée", "és", "ées")) or i and units[i - 1].word in ("se",)):
            places = [j for j in reach(units, i, -1, 4) if found.get(j)]
        places = [j for j in places if found[j].value * sign > 0 and j != i]
        for j in places:
            found[j].times(unit.form.factor, f'turned by "{unit.word}"')
        if places and sign < 0 and i in found:
            found[i] = None


@cache
def _compiled(language: str, own: tuple[tuple[str, float], ...]) -> Lexicon:
    return Lexicon(language, own)


def reader(language: str, own: str = "") -> Lexicon:
    """Lexicon of a language, with the entries of the user's own CSV file (`entry`, `weight`) on top."""
    return _compiled(language, tuple(weights(Path(own)).items()) if own else ())
