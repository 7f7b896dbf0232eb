"""Words of tone: every scored word of a text with its offsets, its weight, and the reason of each factor.

The word lists are tables under `data/<language>/`: `lexicon.csv` (entry, weight), `backoff.csv` (asked when the first
is silent), `shifters.csv` (entry, kind, factor), `movement.csv` (entry, kind). The rules that join them are here.

A thousand texts at a time are spelled with one sign for each word: words on which the lists are silent share a sign,
every other one has its own, in a plane of Unicode that tells what such words can do. So the words that matter are found
at once, and the rules look at these and at what stands around them only.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, reduce
from io import StringIO
from itertools import chain, islice, pairwise, takewhile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import PACKAGE, InputError, entries, words

MOVED = 1.5  # least weight of a movement whose noun is known: between "hausse" (1) and "envolée" (2)
LONE = -0.5  # weight of a negation that bears on no scored word: on development news it is a weak bad sign
FULL = -0.55  # the factor of a full negation ("pas": -0.6) is under it, that of a half one ("peu": -0.4) above
UNREAL = 0.8  # factor of a verb in the conditional, as of "pourrait"
REACH = 3  # words over which a shifter or a movement reaches; function words and quotation marks do not count,
FAR = 20  # but more places than this are too far
TURNED = {"calm": -1, "stop": 0, "spoil": 1}  # the sign that a turning verb acts on; 0: both
ENTRY = ""  # where the tree of expressions holds one: no word is empty
STOPS, QUOTES = frozenset(".,;:!?…()—–"), frozenset("\"'«»“”‘’")
DENIERS = frozenset(("negation", "particle", "end", "lack"))  # right of the first of these a negation is possible
CHUNK = re.compile(r"\S+")
PAST = re.compile(r"ée?s?$")
PARTICIPLE = re.compile(r"(é|ée|és|ées|ed)$")
ROLES = DENIES, GRADES, MOVES, TURNS = 1, 2, 4, 8  # what a word can do to the tone of those around it
KEYS, ACTS = 1, 2  # classes of signs: the key of an expression or not, with a weight or a role or not, and
CONTENT, THIN, BREAK = 0, 4, 8  # whether it counts for the reach of a shifter, does not, or ends it
SIGNS = 1 << 16  # signs of a class: a plane of Unicode, from the first supplementary one; numbers of forms in a plane
GAP = 4 * chr((1 + BREAK) * SIGNS)  # between two texts: no rule looks back over four places that end a clause
HELD = 1 << 19  # pieces of writing remembered
TOGETHER = 1000  # texts read as one row of signs


def able(first: int, last: int) -> str:
    """Pattern of any sign of some classes, the last one excluded."""
    return f"[{chr((1 + first) * SIGNS)}-{chr((1 + last) * SIGNS - 1)}]"


def coded(signs: str) -> tuple[np.ndarray, np.ndarray]:
    """The class of each sign, and the number of its form."""
    codes = np.frombuffer(signs.encode("utf-32-le"), np.uint32)
    return (codes >> 16) - 1, codes & (SIGNS - 1)


WORD, SMALL = able(CONTENT, THIN), able(THIN, BREAK)
WITHIN = [re.compile(f"(?:{SMALL}*{WORD}){{{most}}}|(?:{SMALL}|{WORD})*") for most in range(REACH + 2)]


class Form(NamedTuple):
    """What the word lists say of one written word or fixed expression."""

    word: str = ""  # folded; "" for the words on which the lists are silent, and so is the lemma
    lemma: str = ""
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
    role: int = 0  # DENIES, GRADES, MOVES, TURNS
    moving = ()  # of a hit

    @property
    def value(self) -> float:
        """What it counts as long as nothing changes it."""
        return self.weight

    @property
    def silent(self) -> bool:
        """Whether it is a word that is not a function word, and on which every list is silent."""
        return not (
            self.thin or self.entry or self.shift or self.turn or self.move or self.moved or self.intensity != 1
        )


GAPPED, SILENT = Form(shift="break"), (Form(content=True), Form(thin=True), Form())  # the last for marks and numbers


class Begun(NamedTuple):
    """The branches of the tree of expressions that some words lead to, and the expression that they spell, if any."""

    further: list[dict]
    entry: str = ""


class Unit(NamedTuple):
    """One word, mark or fixed expression of a text, with its offsets."""

    word: str
    start: int
    end: int


class Lines:
    """Some texts as one row of signs with gaps between them; a place is that of a word, mark or fixed expression there.

    `firsts` : the first place of each text.
    """

    def __init__(self, texts: list[str], signs: str, lexicon: "Lexicon"):
        self.texts, self.signs, self.known = texts, signs, lexicon.forms
        self.back = signs[::-1]
        self.classes, self.numbers = coded(signs)
        gaps = np.flatnonzero(self.numbers == 0)[len(GAP) - 1 :: len(GAP)]
        self.firsts = [0, *(gaps + 1).tolist()][:-1]
        self.spans = Remembered(lambda number: lexicon.spans(texts[number]))

    def __getitem__(self, place: int) -> Form:
        """What the lists say of a place."""
        return self.known[ord(self.signs[place]) % SIGNS]

    def unit(self, place: int) -> Unit:
        """The unit at a place, with its offsets in its text."""
        number = bisect_right(self.firsts, place) - 1
        start, end = self.spans[number][place - self.firsts[number]]
        return Unit(self.texts[number][start:end], start, end)

    def word(self, place: int) -> str:
        """The unit at a place as written."""
        return self.unit(place).word

    def right(self, place: int, most: int = REACH) -> range:
        """Places that a word reaches to its right, nearest first, within its clause."""
        return range(place + 1, WITHIN[most].match(self.signs, place + 1, place + 1 + FAR).end())

    def left(self, place: int) -> range:
        """Places that a word reaches to its left, nearest first, within its clause."""
        start = len(self.signs) - place
        return range(place - 1, len(self.signs) - 1 - WITHIN[REACH].match(self.back, start, start + FAR).end(), -1)

    def words(self) -> list[int]:
        """How many content words each text has; a fixed expression is one."""
        content = np.array([form.content for form in self.known])[self.numbers]
        return np.add.reduceat(content, self.firsts, dtype=int).tolist() if self.firsts else []

    def unknown(self) -> list[str]:
        """Words, folded, on which every list is silent, function words left out."""
        return [words.fold(self.word(place)) for place in range(len(self.signs)) if self[place].silent]


class Hit:
    """A scored word: its place in some lines, its weight, and what multiplies it.

    `factor` : the product of the factors. `reasons` : why, where from and how much, for each of them.
    `source` : the list of the entry, or rule.
    `moving` : for a movement with its noun, the places of the words of movement and of the noun.
    """

    factor: float = 1
    source: str = "rule"
    reasons: tuple[tuple[str, int, float], ...] = ()
    moving: tuple[int, ...] = ()

    def __init__(self, lines: Lines, place: int, listed: str, weight: float):
        self.lines, self.place, self.listed, self.weight = lines, place, listed, weight

    @property
    def unit(self) -> Unit:
        """The word with its offsets."""
        return self.lines.unit(self.place)

    @property
    def entry(self) -> str:
        """The entry of the lexicon, or the words of a movement."""
        return " × ".join(map(self.lines.word, self.moving)) or self.listed

    @property
    def value(self) -> float:
        """Weight times factor."""
        return self.weight * self.factor

    @property
    def why(self) -> list[str]:
        """What a movement says, and the reason of each factor with the word that it comes from."""
        *movers, noun = map(self.lines.word, self.moving or [self.place])
        news = [f'"{noun}" {" ".join(movers)}: {"good" if self.weight > 0 else "bad"} news'] if movers else []
        return news + [
            reason if place < 0 else f"{reason % self.lines.word(place)} ×{factor:g}"
            for reason, place, factor in self.reasons
        ]

    def times(self, factor: float, reason: str, place: int) -> None:
        """Multiply the factor, and note why; `%s` in the reason stands for the word at a place."""
        self.factor = round(self.factor * factor, 3)
        self.reasons += ((reason, place, factor),)


# Scored words by place: forms until something changes them, None when they count no more.
Found = dict[int, Form | Hit | None]


def hit(lines: Lines, found: Found, place: int) -> Hit:
    """The hit at a place where a scored word is found."""
    word = found[place]
    if not isinstance(word, Hit):
        found[place] = made = Hit(lines, place, word.entry, word.weight)
        made.source = word.source
    return found[place]


class Remembered(dict):
    """What a function gives for each key, looked up without a call once it is known."""

    def __init__(self, function: Callable[[str], object]):
        super().__init__()
        self.function = function

    def __missing__(self, key: str) -> object:
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
    numbers = pd.to_numeric(table.weight.str.replace(",", "."), errors="coerce").tolist()
    for row, (entry, value) in enumerate(zip(table.entry.map(words.fold), numbers, strict=True)):
        if not entry.strip() or entry in found or not -3 <= value <= 3:
            raise InputError(
                f"lexicon {path}, row {row + 2} ({entry!r}, {table.weight[row]!r}): expected a new word or expression "
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
        self.expressions: dict[str, dict] = {}  # a tree: a word leads to the words after it, ENTRY to the expression
        self.keys: dict[str, set[int]] = {}  # the longest word of an expression, and its place there
        self.longest = 0
        self.parts: set[str] = set()  # the words of expressions, and the marks that end a clause
        for entry in self.listed:
            names = [words.fold(entry[start:end]) for start, end in self._cut(entry)]
            if len(names) > 1:
                reduce(lambda branch, name: branch.setdefault(name, {}), names, self.expressions)[ENTRY] = entry
                key = max(names, key=lambda name: (name not in self.thin, len(name)))
                self.keys.setdefault(key, set()).add(names.index(key))
                self.parts.update(names)
                self.longest = max(self.longest, len(names))
        self.parts |= STOPS
        self._forget()

    def _forget(self) -> None:
        """Begin anew to learn words, pieces of writing and beginnings of expressions: each is looked up once."""
        self.forms, self.places = [GAPPED, *SILENT], [()] * 4  # by number; where a key stands in its expressions
        self.signs, self.pieces = Remembered(self._sign), Remembered(self._spelled)
        self.pieces[" "] = GAP
        self.begun = Remembered(self._begun)
        self.pairs = Remembered(lambda pair: self.begun[pair // SIGNS, pair % SIGNS])

    def _cut(self, piece: str) -> list[tuple[int, int]]:
        """Start and end of the words and marks of a piece of writing."""
        return words.chunk_spans(piece, self.language)

    def _spelled(self, piece: str) -> str:
        """The signs of a piece of writing; letters alone are one word."""
        return self.signs[piece] if piece.isalpha() else "".join(self.signs[piece[a:b]] for a, b in self._cut(piece))

    def _sign(self, word: str) -> str:
        """The sign of a written word or a fixed expression."""
        if (folded := words.fold(word)) != word:
            return self.signs[folded]
        form = self.form(word)
        kind = BREAK if form.shift == "break" else THIN if form.thin else CONTENT
        if not form.word:
            return chr((1 + kind) * SIGNS + self.forms.index(form))
        if len(self.forms) == SIGNS:
            raise InputError(
                f"lexicon: more than {SIGNS} of its words in {TOGETHER} texts; leave out what is not needed"
            )
        places = {place for name in (form.word, form.lemma) for place in self.keys.get(name, ())}
        self.forms.append(form)
        self.places.append(tuple(places))
        group = kind + KEYS * bool(places) + ACTS * bool(form.weight or form.role)
        return chr((1 + group) * SIGNS + len(self.forms) - 1)

    def form(self, word: str) -> Form:
        """Everything the lists say of a folded word: of itself first, then of its lemma, then of the verb it may be."""
        lemma, thin = words.lemma(word, self.language), word in self.thin
        content = word[:1].isalpha() and not thin
        past = (PAST.sub("er", word), PAST.sub("er", lemma)) if "é" in word or "é" in lemma else ()
        names = word, lemma, *past, word + "r" * word.endswith("e"), "n't" * word.endswith("n't")
        names = [name for name in names if name in self.listed]
        hedge = UNREAL if word.endswith(("ait", "aient")) and word in conditional(lemma) else 1
        if not names and hedge == 1 and word not in self.parts and lemma not in self.parts:
            return SILENT[0 if content else 1 if thin else 2]
        if left_out := self.left_out.intersection((word, lemma)):
            return Form(word, lemma, content, thin, min(left_out))
        lists = {"lexicon": self.weights, "back-off": self.backoff}
        source, entry = next(((one, name) for one in lists for name in names if name in lists[one]), ("", ""))
        weight = lists[source][entry] if source else 0
        shift = next((self.shifters[name] for name in names if name in self.shifters), {})
        move = next((self.movements[name] for name in names if name in self.movements), {})
        kind = next((k for k in shift if k not in ("intensity", "hedge", *TURNED)), "break" if word in STOPS else "")
        turn = next((k for k in shift if k in TURNED), "")
        degrees = shift.get("intensity", 1), shift.get("hedge", hedge)
        moves, moved = ("up" in move) - ("down" in move), ("good" in move) - ("bad" in move)
        denies = kind in DENIERS or kind == "closer"
        role = DENIES * denies | GRADES * (degrees != (1, 1)) | MOVES * bool(moves) | TURNS * bool(turn)
        factors = shift.get(kind, 1), *degrees, turn, shift.get(turn, 1)
        return Form(word, lemma, content, thin, entry, weight, source, kind, *factors, moves, moved, role)

    def lines(self, texts: Iterable[str]) -> Iterator[Lines]:
        """Words and fixed expressions of some texts at a time; where several expressions begin, the longest is one."""
        rest = iter(texts)
        while some := list(islice(rest, TOGETHER)):
            if max(len(self.pieces), len(self.begun)) > HELD or len(self.forms) > SIGNS // 2:
                self._forget()
            pieces = chain.from_iterable((*text.split(), " ") for text in some)
            signs = "".join(map(self.pieces.__getitem__, pieces))
            parts, done = [], 0
            for start, end, entry in self._joined(signs):
                parts += [signs[done:start], self.signs[entry]]
                done = end
            yield Lines(some, "".join([*parts, signs[done:]]), self)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each word, mark or fixed expression of a text."""
        pieces = ((piece.start(), self._cut(piece[0])) for piece in CHUNK.finditer(text))
        spans = [(offset + start, offset + end) for offset, cuts in pieces for start, end in cuts]
        signs = "".join(map(self.pieces.__getitem__, text.split())) + GAP
        for start, end, _ in reversed(self._joined(signs)):
            spans[start:end] = [(spans[start][0], spans[end - 1][1])]
        return spans

    def _joined(self, signs: str) -> list[tuple[int, int, str]]:
        """Fixed expressions among some signs: the place of the first, the place after the last, the entry."""
        classes, numbers = coded(signs)
        keys = np.flatnonzero(classes & KEYS)
        found = zip(keys.tolist(), numbers[keys].tolist(), strict=True)
        starts = sorted(key - place for key, number in found for place in self.places[number] if key >= place)
        first = np.array(starts, int)
        pairs = numbers[first].astype(int) * SIGNS + numbers[first + 1]
        joined, free = [], 0
        for start, pair in zip(starts, pairs.tolist(), strict=True):
            if start >= free and (begun := self.pairs[pair]):
                end, longest, spelled = start + 2, "", numbers[start : start + self.longest].tolist()
                while begun:
                    if begun.entry:
                        longest, free = begun.entry, end
                    end += 1
                    begun = begun.further and self.begun[tuple(spelled[: end - start])]
                if longest:
                    joined.append((start, free, longest))
        return joined

    def _begun(self, numbers: tuple[int, ...]) -> Begun | None:
        """What the first words of an expression, as written or as lemmas, lead to; None when they are none."""
        before, form = self.begun[numbers[:-1]] if numbers[1:] else Begun([self.expressions]), self.forms[numbers[-1]]
        names = {form.word, form.lemma} - {ENTRY} if before else ()
        reached = [branch[name] for name in names for branch in before.further if name in branch]
        if not reached:
            return None
        spelled = max((branch[ENTRY] for branch in reached if ENTRY in branch), default="")
        return Begun([branch for branch in reached if branch.keys() - {ENTRY}], spelled)

    def hits(self, text: str) -> list[Hit]:
        """Scored words of a text in reading order."""
        return next(self.each([text]))

    def each(self, texts: Iterable[str]) -> Iterator[list[Hit]]:
        """Scored words of each text in reading order."""
        return ([hit(lines, found, place) for place in places] for lines, found, places in self._scored(texts))

    def values(self, texts: Iterable[str]) -> Iterator[list[float]]:
        """What the scored words of each text count, in reading order."""
        return ([found[place].value for place in places] for _, found, places in self._scored(texts))

    def _scored(self, texts: Iterable[str]) -> Iterator[tuple[Lines, Found, list[int]]]:
        """For each text the lines that it is in, the scored words that are found there, and the places of its own."""
        for lines in self.lines(texts):
            found, roles = {}, {}
            active = np.flatnonzero(lines.classes & ACTS)
            for place, number in zip(active.tolist(), lines.numbers[active].tolist(), strict=True):
                form = lines.known[number]
                if form.weight:
                    found[place] = form
                if form.role:
                    roles[place] = form.role
            change(lines, found, roles)
            places = sorted(place for place, word in found.items() if word)
            bounds = [bisect_left(places, first) for first in lines.firsts]
            for first, last in pairwise([*bounds, len(places)]):
                yield lines, found, places[first:last]


def change(lines: Lines, found: Found, roles: dict[int, int]) -> None:
    """Let the words with a role, by their places, do it: movements, negations, degrees, turns."""
    denying, grading, moving, turning = ([i for i, role in roles.items() if role & one] for one in ROLES)
    found |= moved(lines, moving)
    scored, used = {i for i, word in found.items() if word}, set()
    denied, graded = ({j for i in some for j in range(i - 1, lines.right(i).stop + 1)} for some in (denying, grading))
    for i in scored & (denied | graded):
        before = lines.left(i)
        negator = negation(lines, i, before, roles, scored) if i in denied else None
        if negator:
            hit(lines, found, i).times(negator[1], negator[2], negator[0])
            used.add(negator[0])
        if i in graded:
            degree(lines, found, i, before, roles, negator[0] if negator else i)
    turned(lines, turning, found)
    for i in denying:
        form = lines[i]
        if form.factor <= FULL and i not in used and negates(lines, i):
            found[i] = Hit(lines, i, form.word, LONE)
            found[i].reasons = (("denies a word without tone", -1, 1),)


def moved(lines: Lines, places: list[int]) -> Found:
    """Movements whose noun is known, the noun not scored again: "le chômage recule" is good, "les ventes reculent" bad.

    The noun is the nearest one: right of the word of movement and up to "et", else left of it. Movements of one noun
    multiply: "le ralentissement de la hausse des prix" is good.
    """
    movers = defaultdict(list)
    for i in places:
        right = takewhile(lambda j: lines[j].shift != "and", lines.right(i))
        noun = next((j for j in chain(right, lines.left(i)) if lines[j].moved), None)
        if noun is not None:
            movers[noun].append(i)
    found: Found = {}
    for noun, places in movers.items():
        sign = lines[noun].moved * math.prod(lines[i].move for i in places)
        size = max(MOVED, *(abs(lines[i].weight) for i in places))
        found |= dict.fromkeys((noun, *places))
        found[places[0]] = Hit(lines, places[0], "", size * sign)
        found[places[0]].moving = (*places, noun)
    return found


def negation(
    lines: Lines, i: int, before: range, roles: dict[int, int], scored: set[int]
) -> tuple[int, float, str] | None:
    """Place, factor and reason of the negation of a scored word: left of it, or around it ("ne PROGRESSE pas").

    It does not pass over another scored word, unless that one is next to this one or holds it by "de".
    """
    particle, passed = False, False
    for j in before:
        if roles.get(j, 0) & DENIES:
            form = lines[j]
            lacking = form.shift == "end" or (form.shift == "lack" and lines[i].weight > 0)
            if negates(lines, j) or (lacking and not passed):
                return j, form.factor, 'negated by "%s"'
            particle = particle or form.shift == "particle"
        if j in scored:
            if j != i - 1 and lines[j + 1].shift != "link":
                break
            passed = True
    for j in lines.right(i, 2) if particle else ():
        if lines[j].shift in ("negation", "closer", "only"):
            return j, lines[j].factor, 'within "ne … %s"'
    return None


def negates(lines: Lines, place: int) -> bool:
    """Whether a word is a negator here: "plus", "guère", "rien" only after "ne"."""
    shift = lines[place].shift
    if shift == "closer":
        return any(lines[i].shift == "particle" for i in range(max(0, place - 4), place))
    return shift == "negation"


def degree(lines: Lines, found: Found, i: int, before: range, roles: dict[int, int], negator: int) -> None:
    """Multiply a word by the nearest word of degree (two to the left, one to the right) and by the doubt before it."""
    grading = [j for j in (i, *before, *lines.right(i, 1)[:1]) if roles.get(j, 0) & GRADES]
    for j in grading:
        if j != negator and lines[j].intensity != 1 and (j > i or j in before[:2]):
            hit(lines, found, i).times(lines[j].intensity, 'degree "%s"', j)
            break
    for j in grading:
        if lines[j].hedge != 1 and j <= i:
            hit(lines, found, i).times(lines[j].hedge, 'only possible: "%s"', j)
            break


def turned(lines: Lines, places: list[int], found: Found) -> None:
    """Verbs that turn what they act on: "dissipe les craintes", "les craintes s'apaisent", "menace la reprise".

    They act on the scored words to their right; if there are none, to their left when reflexive or a participle.
    A verb that turned bad news is not scored itself.
    """
    for i in places:
        form = lines[i]
        met = [j for j in lines.right(i, REACH + 1) if found.get(j)]
        if not met and (PARTICIPLE.search(form.word) or "self" in (lines[j].shift for j in range(max(0, i - 2), i))):
            met = [j for j in lines.left(i) if found.get(j)]
        met = [j for j in met if found[j].value * (TURNED[form.turn] or found[j].value) > 0]
        for j in met:
            hit(lines, found, j).times(form.turning, 'turned by "%s"', i)
        if any(found[j].value > 0 for j in met) and found.get(i) and not found[i].moving:
            del found[i]


@cache
def _read(language: str, own: tuple[tuple[str, float], ...]) -> Lexicon:
    return Lexicon(language, dict(own))


def read(language: str = "fr", path: str = "") -> Lexicon:
    """Lexicon of a language; the entries of a CSV file of one's own (`entry`, `weight`) come before the package's."""
    return _read(language, tuple(weights(Path(path)).items()) if path else ())
