"""A sentence -> who is named in it, and the cues that report speech: a verb or a preposition, with its subject.

Each word has a sign for what it is, so that a rule is an expression over the signs of a sentence, as `words.TOKEN` is
one over letters.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from bulle import PACKAGE
from bulle.words import Span

QUOTE = "Q"  # the sign of a quotation; N is that of a name, I of a body, t of a title, S of a source, h goes on with it
SIGNS = {  # kind of a word in `voices.csv` -> its sign; of two kinds the last one wins
    "some": "U", "clitic": "c", "determiner": "d", "determiners": "D", "adverb": "b", "preposition": "p", "of": "f",
    "of the": "F", "to the": "A", "document": "m", "unnamed": "u", "body": "o", "group": "o", "person": "r",
    "auxiliary": "a", "that": "q", "who": "k", "clause": "z", "and": "&", "pronoun": "s", "inverted": "j",
    "rank": "l", "particle": "n", "passive": "x",
}  # fmt: skip
MARKS = {"/": "p"} | dict.fromkeys(".!?…", ".") | dict.fromkeys("–—-", "-") | {sign: sign for sign in ",;:()%"}
LED = "pfFAnxS"  # before a noun that is no subject
CAMEL = re.compile("[a-zà-ÿ][A-Z]")
NAME = re.compile("(?:N|I(?=N))(?:[NI]|n(?=[Nn]))*|I")
NOUN = re.compile(  # what stands before a noun that speaks, the noun, and what completes it
    r"(?P<before>[dDFA]?[l0]{0,3}?)(?P<head>r+|[oum]|U(?![lrouN]))"
    r"(?P<rest>w?(?:[lrou0NIb]|[fFAn][dD]?(?=[lrou0NI])|\([NIl]\)|&(?=r)|x[dD]?(?=[oI])){0,15})"
)
VERB = re.compile("a[^.;:Qaxv]{0,8}?[wy]h*|[vyg]h*j?|(?:(?<=Q)|(?<=Q,)|(?<=Qc)|(?<=Q,c))(?:lj|ajl)")
BEHIND = re.compile(
    "(?:,[^,Q]{1,7},)?(?:[^.;:,()QqkdDM]|[pfFAxS][dD]?|d(?=b)){0,8}[dD]?(?=M)"
)  # between a verb and its subject
ROLE = re.compile(r"(?:0l)?,?[dD]?[l0]{0,2}r[^,Qa]{0,18}(?=,)")  # analyste chez X, between two commas
AHEAD = re.compile("[^pfFAnx][dD][^,()a]")  # another noun between a subject and its verb


@dataclass
class Facts:
    """Words of a language by what they are; see `data/<language>/voices.csv` and `reporting.csv`."""

    kinds: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))  # kind -> word -> its flags
    signs: dict[str, str] = field(default_factory=dict)
    verbs: dict[str, str] = field(default_factory=dict)  # form -> flags
    forms: dict[str, str] = field(default_factory=dict)  # form -> v finite, w participle, y both, g present participle
    phrases: dict[str, list[tuple[list[str], str]]] = field(default_factory=lambda: defaultdict(list))


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
            known.phrases[pieces[0]].append((pieces, row["flags"]))
    for kind, sign in SIGNS.items():
        known.signs |= dict.fromkeys(known.kinds[kind], sign)
    endings: dict[str, list[str]] = {}
    for row in _rows(folder / "reporting.csv"):
        if not row["flags"]:
            endings[row["verb"]] = row["forms"].split("|")
            continue
        own = row["forms"].split("|")
        if len(own) == 1:
            ending = max((one for one in endings if row["verb"].endswith(one)), key=len)
            stem = row["verb"].removesuffix(ending)
            own = [" ".join(stem + one for one in part.split()) for part in endings[ending]]
            own[0] += " " + row["forms"]
        for sign, form in [(sign, form) for sign, part in zip("vwg", own, strict=True) for form in part.split()]:
            known.forms[form] = "y" if {sign, known.forms.get(form)} == {"v", "w"} else sign
            known.verbs[form] = row["flags"]
    return known


def _rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@dataclass
class Mention:
    """Someone who may speak. `kind` is person, organisation, unnamed, role or pronoun; `start`, `end` say where it
    stands as the speaker, `begin` where its phrase begins, `first`, `last` its words; `led`: behind a preposition;
    `near`: names in its phrase that are not its own: ministre LR."""

    kind: str
    start: int
    end: int
    begin: int
    first: int
    last: int
    name: str = ""
    roles: tuple[str, ...] = ()
    gender: str = ""
    led: bool = False
    near: frozenset[str] = frozenset()


@dataclass
class Cue:
    """What reports: `how` (inverted, after, source, ...), its subject, its words, what may follow them (`flags`)."""

    how: str
    subject: Mention
    verb: str
    flags: str
    first: int
    last: int
    start: int
    opening: bool = False


class Sentence:
    """The words of one sentence with their signs, who is named in it, and its cues.

    `small`, `middle` : words that stand in the text in small letters, and with a capital inside a sentence.
    """

    def __init__(self, text: str, tokens: list[Span], facts: Facts, small: frozenset[str], middle: frozenset[str]):
        self.text, self.tokens, self.kinds, self.facts = text, tokens, facts.kinds, facts
        self.small, self.middle = small, middle
        self.words = [text[start:end].replace("\xad", "") or "-" for start, end in tokens]
        self.low = [word.lower().replace("’", "'") for word in self.words]
        self.signs, self.flags = "", {}  # flags: of the verb that begins at a word
        while len(self.signs) < len(tokens):
            self._sign_next(len(self.signs))
        self.mentions: list[Mention] = []
        k = 0
        while k < len(tokens):
            one = self._mention(k)
            if one:
                self.mentions.append(one)
            k = one.last if one else k + 1
        free = list(self.signs)
        for one in self.mentions:
            free[one.first] = "M" if not one.led and one.kind != "pronoun" else "m"
        self.free = "".join(free)  # the signs, where a mention begins with M, or m when it cannot speak behind a verb
        self.cues: list[Cue] = []
        self._cues()

    def _sign_next(self, k: int) -> None:
        for pieces, flags in self.facts.phrases.get(self.low[k], []):
            if self.low[k : k + len(pieces)] == pieces:
                self.flags[k] = flags
                self.signs += ("y" if flags else "S") + "h" * (len(pieces) - 1)
                return
        self.signs += self._sign(k)
        self.flags[k] = self.facts.verbs.get(self.low[k], "i")

    def _sign(self, k: int) -> str:
        """The sign of one word, after those before it."""
        word, low, known, before = self.words[k], self.low[k], self.facts, self.signs[-1:] or "."
        if word[0] in '«"“„‹»”›':
            return QUOTE if len(word) > 1 else ","
        if word in MARKS or word[0].isdigit():
            return MARKS.get(word, "0")
        upper = self.words[k + 1 : k + 2] and self.words[k + 1][0].isupper()
        if word.rstrip(".") in self.kinds["title"] and upper:
            return "t"
        if upper and low in ("le", "la", "les") and self.words[k + 1] in self.kinds["name"]:
            return known.signs[low]
        if self._capital(k, bool(upper)):
            body = word in self.kinds["name"] or (word.isupper() and len(word) > 1) or CAMEL.search(word)
            return "I" if body else "N"
        form, sign = known.forms.get(low), known.signs.get(low.removeprefix("ex-"))
        if low in ("de", "d'", "du") and before == "N" and upper:
            return "n"
        if sign is None and low.endswith("s") and known.signs.get(low[:-1]) in ("r", "o"):
            sign = known.signs[low[:-1]]
        alone = {"d": "fF", "D": "avfF,."}.get(sign, "")
        if low in self.kinds["some"] and self._sign_after(k) in tuple(alone):
            return "U"
        if low == "des" and before in "vwyjhzq&pab,.-(:Q":
            return "D"
        if sign == "s" and low in self.kinds["clitic"] and before not in "Sh":
            return "c"
        noun = before in "dDfFAnp" and not (
            self.low[k - 1] in self.kinds["clitic"] and self.signs[-2:-1] in tuple("s,Qzk")
        )
        if form and (not noun or (form == "g" and self.low[k - 1] == "en")):
            return form
        return sign or ("b" if low.endswith("ment") and not noun else "l")

    def _sign_after(self, k: int) -> str:
        low = self.low[k + 1] if k + 1 < len(self.low) else ""
        return self.facts.signs.get(low) or self.facts.forms.get(low) or MARKS.get(low, low and "l")

    def _capital(self, k: int, upper: bool) -> bool:
        """Whether a word has a capital for what it is, not for where it stands; `upper`: so has the next word."""
        word, low = self.words[k], self.low[k]
        if (
            not word[0].isupper()
            or len(word) == 1
            or low in self.kinds["rank"]
            or (word.isupper() and (low in self.kinds["starter"] or low in self.kinds["person"]))
        ):
            return False
        first = not re.search("[^Q.,:()-]", self.signs)
        if word in self.kinds["name"] or not (first or self.signs[-1] in ":-(Q"):
            return True
        if low in self.kinds["starter"] or low in self.kinds["adverb"] or low in self.small or low.endswith("ment"):
            return False
        if not first or word.isupper() or CAMEL.search(word) or word in self.middle or upper:
            return True
        return (self.low[k + 2 : k + 3][0:1] > ["0"] and self.low[k + 2][0].isdigit()) or self._sign_after(k) in (
            "a",
            "v",
            "y",
        )

    def _mention(self, k: int) -> Mention | None:
        """Who is mentioned by the words that begin at a word, if someone is."""
        signs, (start, end), before = self.signs, self.tokens[k], self.signs[k - 1] if k else ","
        sign, after = signs[k], signs[k + 1 : k + 2]
        if sign == "s":
            return self._made("pronoun", k, k, k + 1, gender=self.kinds["pronoun"][self.low[k]])
        if sign == "D" and after == QUOTE:  # les « gilets jaunes »
            return self._made("unnamed", k, k, k + 2)
        if sign in "dDFAuU" or (sign in "rom" and before in ",(QpSh"):
            one = self._noun(k)
            if one:
                return one
        if sign == "0" and after == "%":
            return self._made(
                "unnamed", k, k, min(k + 4, len(signs)) if signs[k + 2 : k + 3] in tuple("DFf") else k + 2
            )
        if sign == "t" and after in ("N", "I"):
            end = NAME.match(signs, k + 1).end()
            return self._person(k, k + 1, end, ("",), self.kinds["title"][self.words[k].rstrip(".")])
        name = NAME.match(signs, k)
        return self._named(k, name.end()) if name else None

    def _made(self, kind: str, begin: int, first: int, last: int, **known) -> Mention:
        """A mention whose phrase begins at a word, and which stands between two."""
        start, end = self.tokens[first][0], self.tokens[last - 1][1]
        k = begin - (begin > 0 and self.signs[begin - 1] in "dD")
        led = (k > 0 and self.signs[k - 1] in LED) or self.signs[begin] == "A" or self.low[begin] == "du"
        return Mention(
            kind, start, end, self.tokens[begin][0], begin, last, led=led and self.low[first] != "autres", **known
        )

    def _person(self, begin: int, first: int, last: int, roles=(), gender="", near=frozenset()) -> Mention:
        """The mention of capitalised words: a person, a body or a group."""
        before, words, signs = self.signs[first - 1 : first] if first else "", self.words[first:last], self.signs
        body = (
            signs[first] == "I"
            or any(word in self.kinds["name"] for word in words)
            or words[-1] in self.kinds["ending"]
        )
        kind = "organisation"
        if roles or not (body or before in tuple("dDFA") or words[0].lower() in self.kinds["opening"]):
            kind = "person"
        elif not body and (before == "D" or self.low[first - 1] == "des"):
            kind = "unnamed"
        name = " ".join(self.text[self.tokens[first][0] : self.tokens[last - 1][1]].split())
        return self._made(kind, begin, first, last, name=name, roles=roles, gender=gender, near=near)

    def _named(self, k: int, last: int) -> Mention:
        """Someone who is mentioned by name, with the role that stands behind it: Sam Altman, le PDG d'OpenAI."""
        first, signs = k, self.signs
        while last - first > 2 and (signs[first] == "I" or (first == k and k and signs[k - 1] in "dDfFAn")):
            first += 1  # what the role before the name is of: ministre de l'Intérieur Christophe Castaner
        one = self._person(first, first, last, ("",) if first > k else ())
        if one.kind == "person" and signs[last : last + 3] == ",0l":
            one.roles = ("",)  # her age
        role = ROLE.match(signs, last + 1) if one.kind == "person" and signs[last : last + 1] == "," else None
        if role:
            noun = self._noun(last + 1 + (3 if signs[last + 1] == "0" else 0), True)
            if noun and noun.kind == "role":
                one.roles, one.gender, one.near = noun.roles, noun.gender, noun.near
                one.last = role.end()
        return one

    def _noun(self, k: int, apart: bool = False) -> Mention | None:
        """A noun phrase whose noun is a role, a body or an unnamed source, or the name in it; `apart`: it has its own."""
        found = NOUN.match(self.signs, k)
        if not found or any(word[0].isupper() for word in self.words[found.start("rest") - 1 : found.start("head")]):
            return None
        signs, h, last, sign = self.signs, found.end("head") - 1, found.end(), found["head"][-1]
        near = frozenset(self.words[n] for n in range(h + 1, last) if signs[n] in "NI")
        low, several = self.low[h], signs[k] in "DFA" and self.low[k] != "du"
        roles = tuple(self.low[found.start("head") : h + 1])
        if h > k and self.low[h - 1] in self.kinds["rank"]:
            roles = (f"{self.low[h - 1]} {low}",)
        kind = "organisation" if sign == "o" or (sign == "m" and re.search("x.?[oI]", found["rest"])) else "unnamed"
        if sign == "r" and not (several and (low.endswith("s") or low in self.kinds["unnamed"])):
            kind = "role"
        gender = self.kinds["determiner"].get(self.low[k], "")
        if (
            kind == "role" and signs[last : last + 1] == "," and not apart
        ):  # le ministre de l'Intérieur, Christophe Castaner
            name = NAME.match(signs, last + 1)
            if name and name.end() > last + 2:
                return self._person(k, last + 1, name.end(), roles, gender, near)
        for name in () if apart else NAME.finditer(signs, h + 1, last):
            first, led = name.start(), signs[name.start() - 1] in "dDfFAn"
            if name.end() - first > 2 and (led or signs[first] == "I"):
                first, led = first + 1, False
            if kind == "role" and not led and signs[first] == "N" and (name.end() - first > 1 or first == h + 1):
                return self._person(k, first, name.end(), roles, gender, near)
            if (kind == "organisation" or sign in "mu") and not led and first <= h + 4:
                one = self._made("organisation", k, k, name.end())
                one.name, one.last = self.text[self.tokens[first][0] : one.end], last
                return one
        end = re.compile("[fF]p?.|").match(signs, h + 1).end() if sign == "U" else h + 1
        one = self._made(kind, k, k, end, roles=roles, gender=gender, near=near)
        one.last = max(last - len(re.search("b*$", signs[h + 1 : last])[0]), h + 1)
        return one

    def _cues(self) -> None:
        """Find the cues, in their order."""
        for found in re.finditer(f"(?P<source>Sh*)|{VERB.pattern}", self.signs):
            cue = self._source(*found.span()) if found["source"] else self._spoken(found)
            if cue:
                self.cues.append(cue)

    def _source(self, k: int, n: int) -> Cue | None:
        """The cue of a preposition that names a source: selon X, d'après X, pour X."""
        signs = self.signs
        one = next((m for m in self.mentions if n - 1 <= m.first <= n + 2 and "," not in signs[n : m.first]), None)
        if one is None or any(word in self.kinds["false source"] for word in self.low[n : n + 3]):
            return None
        before = self.words[:k]
        opening = (k < 2 and self.low[k] != "pour") or all(
            not word[0].isalpha() or word.lower() in self.kinds["starter"] for word in before
        )
        if self.low[k] == "pour":  # it says for whom far more often
            apart = opening or (one.kind == "person" and signs[k - 1] in ",(")
            if (
                not apart
                or signs[n : n + 2] in ("U", "U,")
                or one.first > n + 2
                or signs[one.last : one.last + 1] not in tuple(",Q(")
            ):
                return None
        last = re.compile("[^,Q:]*").match(signs, one.last).end()
        role = ROLE.match(signs, last + 1)
        last = role.end() if role and not one.roles else last
        verb = self.text[self.tokens[k][0] : self.tokens[n - 1][1]]
        return Cue("source", one, verb, "inq", k, last, self.tokens[k][0], opening)

    def _spoken(self, found: re.Match) -> Cue | None:
        """The cue of a reporting verb, if it has a subject."""
        first, last, signs = found.start(), found.end(), self.signs
        main = max(k for k in range(first, last) if signs[k] not in "hj" or k == first)
        flags, p = self.flags[main], first - 1
        gerund = signs[main] == "g"
        while p >= 0 and self.low[p] in self.kinds["clitic"]:
            p -= 1
        if "e" in self.kinds["auxiliary"].get(self.low[first], "") and self.low[first - 1] not in ("s'", "se"):
            return None  # passive: il est dit
        left, how, one = signs[p] if p >= 0 else ",", "inverted", None
        free = [m for m in self.mentions if m.last <= first and not m.led and m.kind != "pronoun"]
        person = "o" in flags and free and (free[-1].last == p or QUOTE not in signs[:first])  # il accuse X: X is none
        turned = "j" in signs[first:last]
        if turned:
            k = signs.index("j", first)
            one = self._made("pronoun", k, k, k + 1, gender=self.kinds["inverted"][self.low[k]])
            one.start += 1 + 2 * self.low[k].startswith("-t-")
            one.led = False
            if one.gender == "on":  # peut-on lire sur une affiche
                one = next((m for m in self.mentions if last <= m.first <= last + 4), one)
        elif left in ",Q-)." and not person and not any(m.last == p + 1 for m in self.mentions if left == QUOTE):
            one = self._behind(last, quoted=QUOTE in signs[max(0, p - 1) : p + 1] and "i" in flags)
        if one is None:
            how, one = "after", self._ahead(first, p, gerund)
        if one is None or (how == "inverted" and "i" not in flags) or (gerund and flags == "i"):
            return None
        written = " ".join(self.text[self.tokens[first][0] : self.tokens[last - 1][1]].split())
        return Cue(
            how, one, written, flags, first, max(last, one.last if how == "inverted" else 0), self.tokens[first][0]
        )

    def _behind(self, k: int, quoted: bool) -> Mention | None:
        """The subject behind a verb: a déclaré vendredi Sam Altman; behind a quotation it may be anyone."""
        found = BEHIND.match(self.free, k)
        hit = next((m for m in self.mentions if found and m.first == found.end()), None)
        anyone = re.compile("[dD][lN0][^,.;:()Qqkpav-]{0,5}").match(self.signs, k) if quoted and not hit else None
        if not anyone:
            return hit
        kind = "unnamed" if self.signs[k] == "D" else "role"
        gender = self.kinds["determiner"].get(self.low[k], "")
        return self._made(kind, k, k, anyone.end(), roles=(self.low[k + 1],), gender=gender, near=frozenset("?"))

    def _ahead(self, first: int, p: int, gerund: bool) -> Mention | None:
        """The subject before a verb, of which the word `p` is the last before it and its pronouns."""
        signs, left = self.signs, self.signs[p] if p >= 0 else ""
        shut = max((cue.last for cue in self.cues if cue.opening), default=0)
        free = [m for m in self.mentions if shut <= m.first and m.last <= first and signs[m.first - 1 : m.first] != "("]
        free = [m for m in free if not m.led or (left == "k" and m.last >= p - 1)]
        if gerund:
            return next(iter([cue.subject for cue in self.cues][-1:] + free[:1]), None)
        if not free:
            return None
        if left and left in "&z" and len(free) > 1:
            return free[0]
        if left and left in ",)":
            return next((m for m in reversed(free) if signs[m.last] in ",("), free[-1])
        one = free[-1]
        apart = left == "k" and one.last < p - 1 and signs[one.last] not in ",("
        return None if apart or AHEAD.search(signs, max(one.last - 1, 0), first) else one
