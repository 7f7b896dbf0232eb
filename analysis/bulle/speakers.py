"""A sentence -> who is named in it, and the cues that report speech: a verb or a preposition, with its subject."""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from bulle import PACKAGE
from bulle.words import Span

QUOTE = "Q"  # the sign of a quotation among those of the words
SIGNS = {  # kind of a word in `voices.csv` -> its sign, by which the rules below read a sentence; the last one wins
    "some": "U", "clitic": "c", "determiner": "d", "determiners": "D", "adverb": "b", "preposition": "p", "of": "f",
    "of the": "F", "to the": "A", "document": "m", "unnamed": "u", "body": "o", "group": "o", "person": "r",
    "auxiliary": "a", "that": "q", "who": "k", "clause": "z", "and": "&", "pronoun": "s", "inverted": "j",
    "rank": "l", "particle": "n",
}  # fmt: skip
MARKS = dict.fromkeys(".!?…", ".") | dict.fromkeys("–—-", "-") | {sign: sign for sign in ",;:()%"}
NOUNS, LEADING, NAMES = "roumU", "dDfFAp", "NI"
STOPS = ".;:?!()-Q"
CAMEL = re.compile("[a-zà-ÿ][A-Z]")
SMALL = re.compile(r"\b[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_]{2,}")
MIDDLE = re.compile(r"(?<=[a-zà-ÿœ,;'’] )[A-ZÀ-ÝŒ][\w-]+|(?<=['’])[A-ZÀ-ÝŒ][\w-]+")
CLITICS = re.compile("-(?:t-)?(?:ils?|elles?|on)$")


@dataclass
class Facts:
    """Words of a language by what they are; see `data/<language>/voices.csv` and `reporting.csv`."""

    kinds: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))  # kind -> word -> its flags
    signs: dict[str, str] = field(default_factory=dict)
    verbs: dict[str, str] = field(default_factory=dict)  # form -> flags
    forms: dict[str, str] = field(default_factory=dict)  # form -> v finite, w participle, y both, g present participle
    phrases: dict[str, list[tuple[list[str], str, str]]] = field(default_factory=lambda: defaultdict(list))


@cache
def facts(language: str) -> Facts | None:
    """The words of a language by which speech is found; None for a language that has no such lists."""
    folder, known = PACKAGE / "data" / language, Facts()
    if not (folder / "voices.csv").is_file():
        return None
    for row in _rows(folder / "voices.csv"):
        known.kinds[row["kind"]][row["entry"]] = row["flags"]
        if row["kind"] in ("phrase", "source"):
            pieces = re.findall(r"\w+'|\w+", row["entry"])
            known.phrases[pieces[0]].append((pieces, row["kind"], row["flags"]))
    for kind, sign in SIGNS.items():
        known.signs |= dict.fromkeys(known.kinds[kind], sign)
    endings: dict[str, str] = {}
    for row in _rows(folder / "reporting.csv"):
        if not row["flags"]:
            endings[row["verb"]] = row["forms"]
            continue
        held = [row["forms"]] if "|" in row["forms"] else [row["forms"] + "||"]
        if "|" not in row["forms"]:
            ending = max((one for one in endings if row["verb"].endswith(one)), key=len)
            stem = row["verb"].removesuffix(ending)
            held.append("|".join(" ".join(stem + one for one in part.split()) for part in endings[ending].split("|")))
        for part in held:
            for sign, written in zip("vwg", part.split("|"), strict=True):
                for form in written.split():
                    known.verbs[form] = row["flags"]
                    known.forms[form] = "y" if {sign, known.forms.get(form, sign)} == {"v", "w"} else sign
    return known


def _rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@dataclass
class Mention:
    """Someone who may speak: who, where it stands, and what is known of it.

    `kind` is person, organisation, unnamed, role or pronoun; `begin` where its noun phrase begins; `first`, `last` its
    words in the sentence; `led` whether a preposition stands before it; `near` the names in it (« ministre LR »).
    """

    kind: str
    start: int
    end: int
    begin: int
    first: int
    last: int
    name: str = ""
    heads: tuple[str, ...] = ()
    gender: str = ""
    led: bool = False
    near: frozenset[str] = frozenset()
    vague: bool = False
    phrase: str = ""


@dataclass
class Cue:
    """What reports speech: `how` (inverted, after, source), its subject, its words, what may follow (`flags`)."""

    how: str
    subject: Mention
    verb: str
    flags: str
    first: int
    last: int
    start: int
    end: int
    opening: bool = False


class Sentence:
    """The words of one sentence with their signs, who is named in it, and its cues."""

    def __init__(self, text: str, tokens: list[Span], facts: Facts, known: tuple[frozenset[str], frozenset[str]]):
        self.text, self.tokens, self.facts = text, tokens, facts
        self.small, self.middle = known
        self.words = [text[start:end].replace("\xad", "") or "-" for start, end in tokens]
        self.low = [word.lower().replace("’", "'") for word in self.words]
        self.flags: dict[int, tuple[str, int, str]] = {}  # place of a phrase -> its kind, words and flags
        self.signs = ""
        self._signed()
        self.mentions = self._mentions()
        self.cues = self._cues()

    def _sign(self, k: int) -> str:
        """The sign of one word, after those before it."""
        word, low, known, before = self.words[k], self.low[k], self.facts, self.signs[-1:]
        if word[0] in '«"“„‹»”›':
            return QUOTE if len(word) > 1 else ","
        if word in MARKS:
            return MARKS[word]
        if word[0].isdigit():
            return "0"
        if word.rstrip(".") in known.kinds["title"] and self._upper(k + 1):
            return "t"
        if self._capital(k):
            body = word in known.kinds["name"] or (word.isupper() and len(word) > 1) or CAMEL.search(word)
            return "I" if body else "N"
        sign = known.signs.get(low) or known.signs.get(low.removeprefix("ex-"))
        if sign is None and low.endswith("s") and known.signs.get(low[:-1]) in ("r", "o"):
            sign = known.signs[low[:-1]]
        if low in known.kinds["some"] and low in known.kinds["determiner"] | known.kinds["determiners"]:
            following = self.low[k + 1 : k + 2]
            alone = following and (following[0] in known.forms or following[0] in "d' de des entre , » ont".split())
            sign = "U" if alone else sign
        if sign == "s" and low in known.kinds["clitic"] and before not in ("S", "h"):
            return "c"
        if low == "des" and before in (*tuple("vwyjhzq&p,-(:Q"), ""):
            sign = "D"
        en = known.forms.get(low) == "g" and self.low[k - 1 : k] == ["en"]
        if low in known.forms and (en or not (before and before in LEADING and not self._clitic(k - 1))):
            return known.forms[low] if sign is None or sign not in "abdDfFApz" else sign
        if sign is None and low.endswith("ment") and before not in tuple("dDFA"):
            return "b"
        return sign or "l"

    def _clitic(self, k: int) -> bool:
        """Whether what looks like an article is the object of the verb after it: il l'affirme."""
        return self.low[k] in self.facts.kinds["clitic"] and self.signs[k - 1 : k] in tuple("s,Qzk")

    def _upper(self, k: int) -> bool:
        return k < len(self.words) and self.words[k][0].isupper()

    def _capital(self, k: int) -> bool:
        """Whether a word is written with a capital for what it is, not for where it stands."""
        word, low, kinds = self.words[k], self.low[k], self.facts.kinds
        if not word[0].isupper() or low in kinds["rank"] or (word.isupper() and low in kinds["starter"]):
            return False
        first = not any(sign.isalpha() and sign != QUOTE for sign in self.signs)
        fresh = first or self.signs[-1] in ":-(Q"
        listed = word in kinds["name"]
        if fresh and not listed and (low in kinds["starter"] or low in self.small or low.endswith("ment")):
            return False
        if not first or listed or word.isupper() or CAMEL.search(word) or word in self.middle or self._upper(k + 1):
            return True
        following = [*self.low[k + 1 : k + 3], "", ""]
        aged = following[0] == "," and following[1][:1].isdigit()
        return aged or following[0] in kinds["auxiliary"] or following[0] in self.facts.forms

    def _signed(self) -> None:
        """Give each word its sign; that of a known phrase stands at its first word (S: a source), then h."""
        while len(self.signs) < len(self.words):
            k = len(self.signs)
            for pieces, kind, flags in self.facts.phrases.get(self.low[k], []):
                if self.low[k : k + len(pieces)] == pieces:
                    self.flags[k] = kind, len(pieces), flags
                    self.signs += ("S" if kind == "source" else "y") + "h" * (len(pieces) - 1)
                    break
            else:
                self.signs += self._sign(k)

    def _name(self, k: int) -> int:
        """Where the capitalised words that begin at a word end."""
        signs, j = self.signs, k + 1
        if self.words[k].isupper() and len(self.words[k]) > 1 and signs[j : j + 1] != "N":
            return j
        while signs[j : j + 1] in ("N", "I") or (self._joins(j) and signs[j + 1 : j + 2] in ("N", "n")):
            j += 1
        return j

    def _joins(self, k: int) -> bool:
        return self.signs[k : k + 1] in ("f", "n") or self.low[k : k + 1] == ["du"]

    def _led(self, k: int) -> bool:
        """Whether a preposition stands before a word and its article."""
        while k > 0 and self.signs[k - 1] in "dD":
            k -= 1
        return k > 0 and self.signs[k - 1] in "pfFAS"

    def _person(self, k: int, j: int, heads: tuple[str, ...] = (), gender: str = "", begin: int = -1) -> Mention:
        """The mention of the capitalised words from k to j: a person, an organisation or a group."""
        begin, kinds, before = k if begin < 0 else begin, self.facts.kinds, self.signs[k - 1 : k] if k else ""
        written = self.words[k:j]
        body = any(word in kinds["name"] or CAMEL.search(word) for word in written) or written[-1] in kinds["ending"]
        body = body or (written[0].isupper() and len(written[0]) > 1) or written[0].lower() in kinds["opening"]
        kind = "organisation"
        if heads or not (before in tuple("dDFA") or body or (k and self.words[k - 1] in ("La", "Les", "Le"))):
            kind = "person"
        elif before in ("D", "F") and not body and self.low[k - 1] != "du":
            kind = "unnamed"
        start, end = self.tokens[k][0], self.tokens[j - 1][1]
        return Mention(kind, start, end, self.tokens[begin][0], begin, j, name=" ".join(self.text[start:end].split()),
                       heads=heads, gender=gender, led=self._led(begin))  # fmt: skip

    def _mentions(self) -> list[Mention]:
        found, k = [], 0
        while k < len(self.words):
            one = self._mention(k)
            if one:
                found.append(one)
            k = max(one.last, k + 1) if one else k + 1
        return found

    def _mention(self, k: int) -> Mention | None:
        """Who is mentioned by the words that begin at a word, if someone is."""
        signs, sign, before = self.signs, self.signs[k], self.signs[k - 1 : k] if k else ","
        start, end = self.tokens[k]
        if sign == "s":
            gender = self.facts.kinds["pronoun"][self.low[k]]
            return Mention("pronoun", start, end, start, k, k + 1, gender=gender, led=before in tuple("pfFA"))
        if sign in "dD" and signs[k + 1 : k + 2] == QUOTE:
            return Mention("unnamed", start, self.tokens[k + 1][1], start, k, k + 2, led=self._led(k))
        if sign in "dDFA" or sign in "uU" or (sign in "rom" and (before in ",(Q" or before in "pfS" or not k)):
            one = self._noun(k)
            if one:
                return one
        if sign == "%" and k:
            last = k + 2 if signs[k + 1 : k + 2] in ("D", "F", "f") and k + 2 < len(signs) else k
            begin = self.tokens[k - 1][0]
            return Mention("unnamed", begin, self.tokens[last][1], begin, k - 1, last + 1, led=self._led(k - 1))
        if sign == "t" and signs[k + 1 : k + 2] in ("N", "I"):
            gender = self.facts.kinds["title"][self.words[k].rstrip(".")]
            return self._person(k + 1, self._name(k + 1), ("",), gender, k)
        if sign in NAMES:
            return self._named(k)
        return None

    def _named(self, k: int) -> Mention:
        """Someone who is mentioned by name, with the role that stands after it: Sam Altman, le PDG d'OpenAI."""
        signs, j, first = self.signs, self._name(k), k
        while j - first > 2 and (signs[first] == "I" or (first == k and k and signs[k - 1] in "dDfFA")):
            first += 1  # the name of what the role before it is of: ministre de l'Intérieur Christophe Castaner
        one = self._person(first, j, ("",) if first > k else ())
        one.led = one.led and first == k
        if one.kind == "person" and signs[j : j + 1] == ",":
            aged = signs[j + 1 : j + 2] == "0"
            role = self._noun(j + 1, True) or (self._noun(j + 4, True) if aged and j + 4 < len(signs) else None)
            if role and role.kind == "role":
                one.heads, one.gender, one.last, one.near = role.heads, role.gender, role.last, role.near
        return one

    def _head(self, k: int) -> int | None:
        """Place of the noun that speaks in the phrase that begins at a word."""
        for j in range(k, min(k + 4, len(self.signs))):
            if self.signs[j] == "U" and self.signs[j + 1 : j + 2] in ("l", "r", "o", "u", "N"):
                continue
            if self.signs[j] in NOUNS:
                while self.signs[j + 1 : j + 2] == "r" and self.words[j + 1][0].islower():
                    j += 1
                return j
            if j > k and self.signs[j] not in "l0" and self.low[j - 1] not in ("tous", "toutes"):
                return None
        return None

    def _noun(self, k: int, apposition: bool = False) -> Mention | None:
        """A noun phrase whose head is a role, a body or an unnamed source, or the name that stands in it."""
        h = self._head(k)
        if h is None:
            return None
        sign, low, kinds = self.signs[h], self.low[h], self.facts.kinds
        several = self.signs[k] in "DFA" and (low.endswith("s") or low in kinds["unnamed"]) and self.low[k] != "du"
        kind = "organisation" if sign == "o" else "role" if sign == "r" and not several else "unnamed"
        head = f"{self.low[h - 1]} {low}" if h > k and self.low[h - 1] in kinds["rank"] else low
        begin, end = self.tokens[k][0], self.tokens[h][1]
        if sign == "U" and self.signs[h + 1 : h + 2] in ("f", "F") and h + 2 < len(self.words):
            end = self.tokens[h + 2][1]
        led = (self._led(k) or self.signs[k] in "A" or self.low[k] == "du") and low != "autres"
        gender = kinds["determiner"].get(self.low[k], "")
        one = Mention(kind, begin, end, begin, k, h + 1, heads=(head,), gender=gender, led=led)
        one.vague = self.low[k] in ("un", "une")
        return self._completed(one, h, apposition)

    def _completed(self, one: Mention, h: int, apposition: bool) -> Mention:
        """A noun phrase with what stands after its noun, up to a name that says who it is."""
        signs, kinds, j = self.signs, self.facts.kinds, h + 1
        document = self.low[h] in kinds["document"]
        while j < min(h + 16, len(signs)) and not self._breaks(one, h, j, document):
            sign = signs[j]
            if sign == "(" and signs[j + 2 : j + 3] == ")":
                one.near |= {self.words[j + 1]}
                j += 3
            elif sign == ",":
                if one.kind == "role" and not apposition and self._upper(j + 1) and self._name(j + 1) - j > 2:
                    return self._person(j + 1, self._name(j + 1), one.heads, one.gender, one.first)
                break
            elif sign == "I" and signs[j + 1 : j + 2] == "N" and one.kind == "role":
                one.near |= {self.words[j]}
                j += 1
            elif sign in NAMES:
                end = self._name(j)
                found = self._within(one, h, j, end, apposition)
                if found:
                    return found
                one.last = j = end
            else:
                if document and sign == "o":
                    one.kind = "organisation"
                j += 1
                one.last = one.last if sign == "b" else j
        return one

    def _breaks(self, one: Mention, h: int, j: int, document: bool) -> bool:
        """Whether a noun phrase ends before a word."""
        sign, before = self.signs[j], self.signs[j - 1]
        if sign == "(":
            return self.signs[j + 2 : j + 3] != ")"
        if sign == "p":
            return not (document and self.low[j] == "par")
        if sign in "dD":
            return before not in "pfFA"
        if sign == "&":
            after = self.signs[j + 1 : j + 2]
            return after != "r" and not (after in ("N", "I") and before in NAMES and one.kind != "role")
        if sign in "vwyg":
            return (j > h + 1 or sign != "w") and "i" in self.facts.verbs.get(self.low[j], "i")
        return sign in STOPS + "tqkajsz" or sign == "S"

    def _within(self, one: Mention, h: int, j: int, end: int, apposition: bool) -> Mention | None:
        """The person whom a name in the phrase of a role names; else the phrase takes the name that fits it."""
        signs, written = self.signs, self.words[j:end]
        one.near |= set(written)
        led, capitals = signs[j - 1] in LEADING, self.words[j].isupper() and len(self.words[j]) > 1
        first = j + 1 if (led or capitals) and end - j > 2 else j
        body = first == j and (signs[j - 1] == "o" or signs[j] == "I")
        able = one.kind == "role" and not apposition and not body and self.words[j] not in ("La", "Le", "Les")
        if able and (first > j or not (led or capitals)) and (end - first > 1 or j == h + 1):
            roles = tuple(self.low[i] for i in range(one.first, first) if signs[i] == "r")
            found = self._person(first, end, roles or one.heads, one.gender, one.first)
            found.near, found.led = one.near, one.led
            return found
        short = j <= h + 4 if signs[h] == "m" else signs[h] == "u" and j == h + 1
        if (one.kind == "organisation" and not led and j <= h + 5) or (short and not (signs[h] == "u" and led)):
            one.kind, one.end, one.name = "organisation", self.tokens[end - 1][1], " ".join(written)
        return None

    def _verb(self, k: int) -> "Verb | None":
        """The reporting verb whose main word stands at a place, with its auxiliary and the pronoun behind it."""
        signs, sign = self.signs, self.signs[k]
        size, flags = self.flags[k][1:] if k in self.flags else (1, self.facts.verbs.get(self.low[k], ""))
        last = k + size
        if sign in "wy":
            for a in range(k - 1, max(-1, k - 9), -1):
                if signs[a] in ".;:Q" or self.low[a] in ("été", "par"):
                    break
                if signs[a] == "a":
                    if sign == "y" and k - a > 5:
                        break
                    return Verb(a, k, last, self._turned(a + 1), flags, False)
            if sign == "w":
                return None
        turned = self._turned(last)
        if sign in "vyg":
            return Verb(k, k, last + bool(turned), turned, flags, sign == "g")
        quoted = signs[:k].endswith((QUOTE, QUOTE + ",")) or signs[:k].endswith(("Qc", "Q,c"))
        if sign == "l" and turned and turned != "on" and quoted:
            return Verb(k, k, last + 1, turned, "i", False)
        return None

    def _turned(self, k: int) -> str:
        """Gender of the pronoun that stands behind a verb: dit-il."""
        return self.facts.kinds["inverted"].get(self.low[k], "") if self.signs[k : k + 1] == "j" else ""

    def _cues(self) -> list[Cue]:
        found, k = [], 0
        while k < len(self.words):
            verb = None
            if self.signs[k] == "S":
                cue = self._source(k)
            else:
                verb = self._verb(k)
                cue = self._spoken(verb, found) if verb else None
            if cue:
                found.append(cue)
            k = max(verb.last, k + 1) if verb else k + 1
        return found

    def _source(self, k: int) -> Cue | None:
        """The cue of a preposition that names a source: selon X, d'après X, pour X."""
        n, signs, low = k + self.flags[k][1], self.signs, self.low
        near = [word for word, sign in zip(low[n : n + 3], signs[n : n + 3], strict=True) if sign not in ",Q"]
        loose = low[k] == "pour"
        if n >= len(signs) or any(word in self.facts.kinds["false source"] for word in near):
            return None
        one = next((m for m in self.mentions if n - 1 <= m.first <= n + 2 and "," not in signs[n : m.first]), None)
        before = signs[k - 1 : k] if k else ","
        if one is None:
            j = n
            while j < min(n + 6, len(signs)) and signs[j] not in ",.;:()Q":
                j += 1
            if loose or j == n or (before not in ",Q-(" and low[k] != "de"):
                return None
            one = Mention("unnamed", self.tokens[n][0], self.tokens[j - 1][1], self.tokens[n][0], n, j)
        opening = all(not word[0].isalpha() or word.lower() in self.facts.kinds["starter"] for word in self.words[:k])
        if loose:
            led = one.last < len(signs) and signs[one.last] in ",Q(" and one.first <= n + 1
            if not led or signs[n] == "U" or not (opening or (one.kind == "person" and before in ",(")):
                return None
        j = one.last
        while j < len(signs) and signs[j] not in ",Q:":
            j += 1
        for _ in range(2):  # an apposition after the name: , analyste chez X,
            after = next((i for i in range(j + 1, min(j + 20, len(signs))) if signs[i] in ",Q"), None)
            inner = signs[j + 1 : after] if after else ""
            role = inner[:1] in ("r", "0") or (inner[:1] in ("d", "D") and len(inner) < 11 and "r" in inner[:3])
            if after and signs[after] == "," and role and "a" not in inner:
                j = after
        start, end = self.tokens[k][0], self.tokens[min(j, len(signs) - 1)][0]
        return Cue("source", one, self.text[start : self.tokens[n - 1][1]], "inq", k, j, start, end, opening)

    def _parenthesis(self, j: int) -> int:
        """Where what stands between a verb and its subject ends: lance, de la salle, le porteur."""
        if self.signs[j : j + 1] != ",":
            return j
        close = self.signs.find(",", j + 1, j + 9)
        return close + 1 if close > 0 else j

    def _spoken(self, verb: "Verb", before: list[Cue]) -> Cue | None:
        """The cue of a reporting verb, if it has a subject."""
        p = verb.first - 1
        while p >= 0 and self.low[p] in self.facts.kinds["clitic"]:
            p -= 1
        left, how, one = self.signs[p] if p >= 0 else ",", "after", None
        object_ = "o" in verb.flags
        ahead = [m for m in self.mentions if m.last <= verb.first and not m.led and m.kind != "pronoun"]
        if object_ and left == "," and ahead and ahead[-1].last == p:
            one = ahead[-1]
        elif verb.gender:
            place = self.tokens[verb.last - 1 if self.signs[verb.last - 1] == "j" else verb.first + 1]
            start = place[0] + self.text[place[0] : place[1]].rfind("-") + 1
            one = Mention("pronoun", start, place[1], start, verb.first, verb.last, gender=verb.gender)
            how = "inverted"
        elif not (object_ and ahead and QUOTE not in self.signs[: verb.first]) and left in ",Q-).(":
            one = (
                None
                if self.signs[p : p + 1] == QUOTE and any(m.last == p + 1 for m in self.mentions)
                else self._behind(verb, p)
            )
            how = "inverted" if one else how
        if one is None:
            one = self._ahead(verb, p, before)
        if one is None or (how == "inverted" and "i" not in verb.flags) or (verb.gerund and verb.flags == "i"):
            return None
        last = max(verb.last, one.last) if how == "inverted" else verb.last
        start, end = self.tokens[verb.first][0], self.tokens[verb.last - 1][1]
        return Cue(how, one, " ".join(self.text[start:end].split()), verb.flags, verb.first, last, start, end)

    def _behind(self, verb: "Verb", p: int) -> Mention | None:
        """The subject behind a verb: a déclaré vendredi Sam Altman."""
        signs, begin = self.signs, self._parenthesis(verb.last)
        for q in range(begin, min(begin + 10, len(signs))):
            if signs[q] in ".;:,()Qqk":
                break
            hit = next((m for m in self.mentions if m.first == q), None)
            known = hit and (hit.kind != "unnamed" or "i" in verb.flags or self.low[q] not in ("des", "un", "une"))
            if known and hit.kind != "pronoun" and not hit.led:
                return hit
            following = any(m.first == q + 1 for m in self.mentions)
            if hit is None and not following and signs[q] in "dD" and signs[q - 1] not in "pfFA":
                break
        quoted = signs[: p + 1].endswith((QUOTE, QUOTE + ","))
        article = signs[begin : begin + 1] in ("d", "D") and signs[begin + 1 : begin + 2].isalpha()
        if not (quoted and "i" in verb.flags and article) or self._upper(begin + 1):
            return None
        j = begin + 1  # anyone may speak behind a quotation: « ... », s'amuse le trentenaire
        while j < min(begin + 7, len(signs)) and signs[j] not in STOPS + ",qkp":
            j += 1
        kind, start = "unnamed" if signs[begin] == "D" else "role", self.tokens[begin][0]
        gender = self.facts.kinds["determiner"].get(self.low[begin], "")
        return Mention(kind, start, self.tokens[j - 1][1], start, begin, j, heads=(self.low[begin + 1],), gender=gender,
                       near=frozenset("?"))  # fmt: skip

    def _ahead(self, verb: "Verb", p: int, before: list[Cue]) -> Mention | None:
        """The subject before a verb."""
        signs, left = self.signs, self.signs[p] if p >= 0 else ""
        shut = max((cue.last for cue in before if cue.how == "source" and cue.opening), default=-1)
        free = [
            m for m in self.mentions if shut <= m.first and m.last <= verb.first and signs[m.first - 1 : m.first] != "("
        ]
        free = [m for m in free if not m.led or (left == "k" and m.last >= p - 1)]
        if verb.gerund:
            done = [cue.subject for cue in before if cue.how != "source"]
            return next(iter(done[-1:] + free[:1] + [cue.subject for cue in before[:1]]), None)
        if not free:
            return None
        if left and left in "&z" and len(free) > 1:
            return free[0]
        if left and left in ",)":
            return next((m for m in reversed(free) if signs[m.last] in ",("), free[-1])
        one = free[-1]
        if left == "k" and one.last < p - 1 and signs[one.last] not in ",(":
            return None
        for k in range(one.last, verb.first - 1):  # another noun stands between them
            if signs[k] in "dD" and signs[k - 1] not in "pfFA" and signs[k + 1].isalpha() and left not in tuple(",)"):
                return None
        return one


class Verb(NamedTuple):
    """A verb that reports: its words from `first` to `last`, the `main` one, the gender of the pronoun behind it."""

    first: int
    main: int
    last: int
    gender: str
    flags: str
    gerund: bool
