"""A sentence -> who is named in it, and the cues that report speech: a verb or a preposition, with its subject.

Each word has a sign for what it is, so that a rule is an expression over the signs of a sentence, as `words.TOKEN` is
one over letters.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from types import SimpleNamespace

from bulle import PACKAGE, rows

QUOTE = "Q"  # the sign of a quotation; N is that of a name, I of a body, t of a title, S of a source, h goes on with it
SIGNS = {  # kind of a word in `voices.csv` -> its sign; of two kinds the last one wins
    "some": "U", "clitic": "c", "determiner": "d", "determiners": "D", "adverb": "b", "preposition": "p", "of": "f",
    "of the": "F", "to the": "A", "document": "m", "unnamed": "u", "body": "o", "group": "o", "person": "r",
    "that": "q", "who": "k", "clause": "z", "and": "&", "rank": "l", "auxiliary": "a", "pronoun": "s",
    "inverted": "j", "particle": "n", "passive": "x", "finite": "e",
}  # fmt: skip
PHRASES = {
    "phrase": "y", "source": "S", "adverb phrase": "b", "latter": "s", "clause phrase": "z", "heading": ".",
    "institution": "I", "person phrase": "r",
}  # fmt: skip
VERBS = {"verb": "v", "participle": "w", "both": "y", "gerund": "g"}
MARKS = {"/": "p"} | dict.fromkeys(".!?…", ".") | dict.fromkeys("–—-#*•>→", "-") | {sign: sign for sign in ",;:()%"}
MARKED = '«"“„‹»”›'
BOLD = re.compile(r"\*\*+|__+")  # marks of Markdown that stand for no word
SINGLE = re.compile("['‘].*['’]|>.+", re.S)  # ‘a word’, or lines in a block
MENTIONED = re.compile("[suUromtNI]|0(?=%)|D(?=Q)|[dDFA](?=[l0]{0,3}[roumU])")  # the first word of a mention
HEADING = re.compile("[NI](?:[NI]{0,2},[NIl]{1,3})?-")  # REPORTAGE - Des femmes; TURIN, Italy - Prices
NOUNS = ("starter", "person", "body", "document")  # words that are no names where they are all in capitals (les ONG)
NUMERAL = re.compile("(?=..)X{0,3}(?:I[XV]|V?I{0,3})")
LONGEST = 4  # words of the name of a person, where headlines have capitals
NOWHERE = re.compile("(?!)")
SHARE = re.compile("0%(?:[DFf].)?")
COMPLETED = re.compile("[fF]p?.|")
ANYONE = re.compile("[bz]*(?P<who>(?:d(?!0)|D)[lN0][^,.;:()Qqkpav-]{0,5})")
RELATED = ("person", "role", "organisation")  # whom « pour qui » may have say what follows
LED = "pfFAnxS"  # before a noun that is no subject
SMALL = re.compile(r"(?<![\w/-])[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_]{2,}(?![\w/-])")  # but no letters of an address
MIDDLE = re.compile(r"(?<=[a-zà-ÿœ,;'’] )[A-ZÀ-ÝŒ][\w-]+|(?<=['’])[A-ZÀ-ÝŒ][\w-]+")  # a capital inside a sentence
MIXED = re.compile("[a-zà-ÿ][A-Z]")
CAMEL = re.compile("(?<!^M(?=c))(?<!^D(?=[ei]))[a-zà-ÿ][A-Z]")  # OpenAI, but not McConnell, DeSantis
PREFIX = re.compile("(?:al|el|ben|bin|ibn|ould|aït)-[A-ZÀ-Ý]")  # Bachar al-Assad
NAME = re.compile("(?:N|I(?=[NIn]))(?:[NI]|n(?=[NIn]))*|I")
NOUN = re.compile(  # what stands before a noun that speaks, the noun, and what completes it
    r"(?P<before>(?:[dDFA]U?)?[l0]{0,3}?)(?P<head>r+|[oum]|U(?![lrouN]))"
    r"(?P<rest>w?(?:[lromu0NIb]|[fFAn][dD]?(?=[lromu0NI])|\([NIlr]\)|&(?=r|[fFA][dD]?[l0IN])|&D(?=[NI])|x[dD]?(?=[oI])){0,15})"
)
OUTLET = r"""(?m:(?<=[\w%?!.’'”")] )(?:{})(?=$| [A-Z\d‘“'"(]))"""  # between two headlines
# What stands between a verb and its subject, see `Sentence._behind`.
WORD = "(?:[^.;:,()QqkdDMavwygz]|z(?!q)|[pfFAxS][dD]?|d(?=0?b))"
CALLED = "lk(?:[^,Q]{1,12},|a[bz]?)"  # celui qui dirige la banque, | Marie Roux
BEHIND = re.compile(f"(?:{WORD}{{0,8}}(?:,[^,Q]{{1,7}},{WORD}{{0,8}})?|{WORD}{{1,8}},|{CALLED})[dD]?(?=M)")
# Between a role and its name: l'avocat, Me Roux; le maire M. Roux; le porte-parole, le capitaine Jean Roux.
APART = re.compile("(?P<title>,?t(?=[NI])|(?<!N),dl?r(?=NN))|,")
# 37 ans, | analyste chez X; now | a member of X, between two commas
ROLE = re.compile(
    r"(?P<ahead>(?:0l)?,?b?(?:[dD]?[NIlo]{0,2}(?=d))?)[dD]?[l0]{0,2}(?P<of>[NI]{1,3}[lr]?(?=r))?r[^,Qa]{0,18}(?=[,(:])"
)
CLOSED = re.compile(r",[dD]?[l0]{0,2}r[^,;:Qavwygqk]{0,12}$")  # the same at the end of a sentence
# Pour X, 37 ans, favorable à la loi, qui a dit non, ...
DESCRIBED = re.compile(r"(?:,(?:0l|[lwb]{1,2}[pAfF][^,Qavwy]{0,18}|k[^,Q]{1,25})(?=,)){1,3}")
# le secrétaire d'État aux relations | avec le Parlement, Marie Roux
FURTHER = re.compile("(?:[pS][dD]?(?:[lo0I]{1,3}|N(?=,)))?")
# The analyst | who covers Verdal says; les élus | avec lesquels Roux a parlé disent
RELATIVE = re.compile("[qk][^dDsNIra,][^,]*$|p?[qk][dDNI][^,]*[avy][^,]*$")
ADDRESSED = re.compile("A[dl0]*r")
VERBAL = re.compile("[avyqj]")
MAINLESS = re.compile("[dD][^,avyQ]*,k[^,Q]*,")  # Les dépenses, qui doublent, | soutiennent les marchés
SPLIT = re.compile(",b*[ae]")
AHEAD = re.compile("[^pfFASnxd][dD][^,()a]")  # another noun between a subject and its verb


@cache
def facts(language: str) -> SimpleNamespace | None:
    """The words by which speech is found, see `data/<language>/voices.csv` and `reporting.csv`; None without them.

    `kinds` (kind -> word -> flags), `signs` and `forms` (word -> sign, of verbs apart), `phrases` (first word -> the
    words of each phrase, its sign and flags), `adverb` (endings of adverbs), `constructions` (see its file), `based`
    (an adjective made of a name), `stacked` (whether nouns stand bare, one before another: Verdal government minister),
    `word` (a word without soft hyphens, in small letters, and its sign where that is the same whatever stands around
    it, as that of most words is).
    """
    if not (PACKAGE / "data" / language / "voices.csv").is_file():
        return None
    kinds: dict[str, dict[str, str]] = defaultdict(dict)
    for row in [*rows(language, "voices"), *rows(language, "reporting")]:
        kinds[row["kind"]] |= dict.fromkeys(row["entry"].split("|"), row["flags"])
    phrases = defaultdict(list)
    for kind, sign in PHRASES.items():
        for phrase, flags in kinds[kind].items():
            pieces = re.findall(r"\w+'|[\w-]+", phrase)
            phrases[pieces[0]].append((pieces, sign, flags))
    for own in phrases.values():  # the longest comes first: per cent, per
        own.sort(key=lambda one: -len(one[0]))
    signs, forms = ({word: sign for kind, sign in table.items() for word in kinds[kind]} for table in (SIGNS, VERBS))
    flags = {form: given for kind in (*VERBS, "bare") for form, given in kinds[kind].items()}
    for noun in [word for word, sign in signs.items() if sign in ("r", "o")]:
        signs.setdefault(f"{noun}s", signs[noun])
    known = SimpleNamespace(kinds=kinds, signs=signs, forms=forms, flags=flags, phrases=phrases)
    known.outlets, known.based = headlines(kinds["outlet"]), _based(kinds)
    known.adverb, known.owner = tuple(kinds["adverb ending"]), tuple(kinds["owner"])
    patterns = {row["name"]: re.compile(row["signs"]) for row in rows(language, "constructions")}
    known.constructions, known.stacked = Constructions(patterns), "modifier" in patterns
    known.word = _reader(known)
    return known


def headlines(names: Collection[str]) -> re.Pattern:
    """Where one of the outlets stands between two headlines; their names are expressions, the longest first."""
    return re.compile(OUTLET.format("|".join(names))) if names else NOWHERE


def _based(kinds: dict[str, dict[str, str]]) -> re.Pattern:
    """An adjective made of a name (London-based, New York-listed), or a name of two (Anne-Marie) where hyphens part."""
    first = "|".join(kinds["opening"]).title()
    name = rf"\b[A-ZÀ-Þ][a-zß-ÿ]+-(?:[A-ZÀ-Þ][a-zß-ÿ]+|{'|'.join(kinds['name tail'])})\b"
    made = rf"\b(?:(?:{first}) )?[A-Z][\w.]*-(?:{'|'.join(kinds['tail'])})\b|(?P<name>{name})"
    return re.compile(made) if kinds["tail"] else NOWHERE


class Constructions(dict[str, re.Pattern]):
    """The constructions of a language (`data/<language>/constructions.csv`): one that it has not is found nowhere."""

    def __missing__(self, name: str) -> re.Pattern:
        return NOWHERE


def _reader(known: SimpleNamespace) -> Callable[[str], tuple[str, str, str]]:
    """What reads a word: see `facts.word`."""
    kinds, signs, endings = known.kinds, known.signs, known.adverb + known.owner
    bent = {word for kind in ("some", "of", "of the", "bare", "finite") for word in kinds[kind]}.union(known.forms)
    bent |= {word for word in kinds["clitic"] if signs.get(word) == "s"} | kinds["rank"].keys() & kinds["person"].keys()

    @lru_cache(2**16)
    def word(written: str) -> tuple[str, str, str]:
        bare = written.replace("\xad", "") or "-"
        low = bare.lower().replace("’", "'")
        if bare[0] in MARKED or SINGLE.fullmatch(bare):
            return bare, low, QUOTE if len(bare) > 1 else ","
        if bare in MARKS or bare[0].isdigit():
            return bare, low, MARKS.get(bare, "0")
        sign = signs.get(low.removeprefix("ex-"), "l")
        bound = low in bent or PREFIX.match(bare) or (sign == "l" and low.endswith(endings))  # by its neighbours
        return bare, low, sign if bare[0].islower() and not bound else ""

    return word


@lru_cache(2**12)
def _stands(text: str, word: str, shape: re.Pattern) -> bool:
    """Whether a word stands in a text in a shape."""
    at, size = text.find(word), len(word)
    while at >= 0 and ((found := shape.match(text, at)) is None or found.end() != at + size):
        at = text.find(word, at + 1)
    return at >= 0


@dataclass
class Mention:
    """Someone who may speak. `kind` is person, organisation, unnamed, role or pronoun; `start`, `end` say where it
    stands as the speaker, `begin` where its phrase begins, `first`, `last` its words; `led`: behind a preposition;
    `pair`: one of two people, between whose ends it stands; `of`: the other names of its phrase."""

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
    pair: bool = False
    of: frozenset[str] = frozenset()


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
    """The words of one sentence (start, end, and what `facts.word` says) with their signs, who is named in it, and its
    cues."""

    def __init__(self, text: str, tokens: list[tuple], facts: SimpleNamespace) -> None:
        if tokens and "**" in text[tokens[0][0] : tokens[-1][1]]:
            tokens = [one for one in tokens if not BOLD.fullmatch(text, *one[:2])]
        for one in facts.based.finditer(text, tokens[0][0], tokens[-1][1]) if tokens else ():
            (start, end), made = one.span(), (one[0], one[0].lower(), "" if one["name"] else "l")
            inside = [k for k, token in enumerate(tokens) if start <= token[0] < end]
            if inside:  # not in a quotation
                tokens[inside[0] : inside[-1] + 1] = [(start, end, made)]
        self.text, self.tokens, self.facts = text, tokens, facts
        self.kinds, self.has = facts.kinds, facts.constructions
        self.words, self.low, told = ([about[place] for _, _, about in tokens] for place in range(3))
        self.signs, self.flags = "", {}  # flags: of the verb that begins at a word
        for k in [k for k, sign in enumerate(told) if not sign or self.low[k] in facts.phrases]:
            self.signs += "".join(told[len(self.signs) : k])
            self.signs += self._signs(k, told[k]) if len(self.signs) == k else ""
        self.signs += "".join(told[len(self.signs) :])
        self.signs = self.has["modifier"].sub("l", self.signs)
        owning = [k for k, sign in enumerate(self.signs) if sign == "d" and self.low[k].endswith(facts.owner)]
        self.owners = [self._owner(len(self.signs[:k].rstrip("N")), k) for k in owning]
        self.mentions = self._mentions()
        self.cues: list[Cue] = []
        for found in self.has["cue"].finditer(self.signs):
            cue = self._source(*found.span()) if found["source"] else self._spoken(found)
            self.cues += [cue] if cue else []
        for k in [k for k, word in enumerate(self.low) if word in self.kinds["saying"]]:
            self.cues += self._owned(k) if self.has["that t"].match(self.signs, k + 1) else []
        self.cues.sort(key=lambda cue: cue.first)

    def _mentions(self) -> list[Mention]:
        """Who is mentioned; two mentions that are a compound are one."""
        mentions, k = [], 0
        while found := MENTIONED.search(self.signs, k):
            k = found.start()
            one = self._mention(k)
            if one:
                ahead = one.kind == "person" and self.facts.stacked  # Union Minister Mary Rowe
                first = len(self.signs[: one.first].rstrip("NI")) if ahead else one.first
                apart = [j for j in range(first, one.last) if not one.start <= self.tokens[j][0] < one.end]
                one.of = frozenset(self.low[j] for j in apart if self.signs[j] in "NI")  # le leader | du MoDem
                mentions.append(one)
            k = one.last if one else k + 1
        for one, after in pairwise(mentions):  # the mandates of Roux and Petit
            he = self.facts.stacked and after.kind == "pronoun"  # he spoke to Roux and | he said
            joined = self.signs[one.last : after.first]
            after.led = after.led or (one.led and joined == "&" and not he)
            kinds = {one.kind, after.kind}
            free = not one.led or self.signs[one.first - 1] in "Sh"  # selon Roux et Petit
            if joined in ("&", "&d") and (kinds == {"person"} or (free and kinds <= {"person", "organisation"})):
                one.end, after.start, one.pair, after.pair = after.end, one.start, True, True
        for one, after in pairwise([*mentions]):
            ranks = self.kinds["rank"].keys() >= set(self.low[one.last : after.first])
            if ranks and self.has["compound"].fullmatch(self.signs, one.last, after.first):
                mentions.remove(one)
                after.first, after.led = one.first, one.led
        return mentions

    def _signs(self, k: int, told: str) -> str:
        """The sign of the word, or those of the phrase, that stands next; `told`: that of the word, where it is."""
        for pieces, sign, flags in self.facts.phrases.get(self.low[k], []):
            if self.low[k : k + len(pieces)] == pieces:
                self.flags[k] = flags
                return sign + (sign if sign in "b.Ir" else "h") * (len(pieces) - 1)
        self.flags[k] = self.facts.flags.get(self.low[k], "i")
        return told or self._sign(k)

    def _sign(self, k: int) -> str:
        """The sign of one word, after those before it."""
        word, low, known, before = self.words[k], self.low[k], self.facts, self.signs[-1:] or "."
        form, sign = known.forms.get(low), known.signs.get(word) or known.signs.get(low.removeprefix("ex-"))
        upper = k + 1 < len(self.words) and self.words[k + 1][0].isupper()
        if sign is None and low.endswith(known.owner) and word not in self.kinds["name"]:
            return "d"  # Verdal's chief executive
        close = self._sign_after(k) in tuple("avy,.") or (upper and self.signs[-1:] == "o")
        if sign == "l" and close and low in self.kinds["person"]:
            return "r"  # the finance chief said; Schools chief Mary Rowe
        if not word[0].islower() and (raised := self._raised(k, upper, sign)):
            return raised
        body = before == "I" and self.low[k - 1] in self.kinds["opening"]
        if sign in ("f", "F") and (before in "Nt" or body) and upper:
            return "n"  # Jean de Roux, M. de Roux, Banque de France
        if before == "N" and PREFIX.match(word):
            return "N"
        alone = {"d": "fF", "D": "avfF,.y"}.get(sign, "")
        if low in self.kinds["some"] and self._sign_after(k) in tuple(alone):
            return "U"
        if self.kinds["of the"].get(low) == "plural" and before in "vwyjhzq&pab,;.-(:Q":
            return "D"
        if sign == "s" and low in self.kinds["clitic"] and before not in "Sh":
            return "c"
        object_ = self.low[k - 1] in self.kinds["clitic"] and self.signs[-2:-1] in tuple("s,Qzk")  # il l'affirme
        noun = before in "dDfFAnp" and not object_
        one = self.signs[-2:] == "dl" and f"{self.low[k - 2]} " in self.kinds["indefinite"]
        noun = noun or (known.stacked and form == "v" and one and "c" not in known.flags[low])  # an open debate
        if self.facts.stacked and sign in ("m", "u", "o", "r"):  # the report says; a mixed jobs report for May
            after = self._sign_after(k)
            noun = noun or after in tuple("avy") or (after in tuple(",.pfx") and self.has["phrase"].search(self.signs))
        if form and (not noun or (form == "g" and before == "p")):
            return form
        ahead = self.has["modal"].search(self.signs) if low in self.kinds["bare"] else None
        if ahead and self.low[ahead.end("modal") - 1] in self.kinds["modal"]:
            return "v"
        return ("l" if sign == "e" and noun else sign) or ("b" if low.endswith(known.adverb) and not noun else "l")

    def _raised(self, k: int, upper: bool, sign: str | None) -> str:
        """The sign of a word with a capital where it is a title or a name; `upper`: the next has one, too."""
        word = self.words[k]
        of = self.low[k + 1 : k + 2] == ["de"] and "".join(self.words[k + 2 : k + 3])[:1].isupper()  # M. de Rugy
        if (upper or of) and word.rstrip(".") in self.kinds["title"]:
            return "t"
        if upper and sign in ("d", "D") and self.words[k + 1] in self.kinds["name"]:
            return sign
        if not self._capital(k, upper):
            return ""
        letters = word.isupper() and len(word.rstrip(".") if upper else word) > 1
        letters = letters and not (upper and word.title() in self.kinds["first name"])  # MARY Rowe
        return "I" if letters or word in self.kinds["name"] or CAMEL.search(word) else "N"

    def _sign_after(self, k: int) -> str:
        low = self.low[k + 1] if k + 1 < len(self.low) else ""
        return self.facts.signs.get(low) or self.facts.forms.get(low) or MARKS.get(low, low and "l")

    def _capital(self, k: int, upper: bool) -> bool:
        """Whether a word has a capital for what it is, not for where it stands; `upper`: so has the next word."""
        word, low = self.words[k], self.low[k]
        shouted = word.isupper() and any({low, word} & self.kinds[kind].keys() for kind in NOUNS)
        shouted = shouted or (bool(NUMERAL.fullmatch(word)) and self.signs[-1:] != "N")  # l'acte IX, but Louis XVI
        role = low in self.kinds["person"] and self.signs[-1:] in tuple("dDfF")
        shouted = shouted or (not upper and (role or word in self.kinds["title"]))  # la Commissaire, the CEO of Verdal
        known = word in self.kinds["first name"] or word in self.kinds["name"]  # Emily, Italy
        if self.facts.stacked and not known:  # Personally, CEOs
            last = k > 0 and self.words[k - 1] in self.kinds["first name"]  # Joe Donnelly
            adverb = low.endswith(self.facts.adverb) and not last
            shouted = shouted or adverb or bool(re.fullmatch("[A-Z]{2,}s", word))
            shouted = shouted or (self.signs[-1:] == "," and "i" in self.facts.flags.get(low, ""))  # Buy, Says Roux
            shouted = shouted or (upper and low in self.kinds["auxiliary"] and low not in self.kinds["rank"])  # Is
        rank = low in self.kinds["rank"] and not (upper and low in self.kinds["opening"])  # the European Central Bank
        rank = rank and not (low in self.kinds["auxiliary"] and self.signs[-1:] == "N")  # Theresa May
        if not word[0].isupper() or len(word) == 1 or rank or shouted or (low in self.kinds["clause"] and not upper):
            return False
        first = not self.signs.strip("Q.,:()-")
        if self.signs[-1:] == "N" and self.facts.signs.get(low) == "s":
            return False  # of an interview: Marie Roux Il enfle
        if word in self.kinds["name"] or not (first or self.signs[-1] in ".:;-(Q"):
            return True
        if low in self.kinds["starter"] or low in self.kinds["adverb"] or _stands(self.text, low, SMALL):
            return False
        within = not first and self.signs[-1] in ".("  # Dr. Roux; but, behind a colon: Direct quote
        within = within or (k > 0 and self.words[k - 1][-2:-1] == ",")  # "Buy," Roux said
        within = within or (not self.facts.stacked and bool(self._gender(word)))
        if within or word.isupper() or MIXED.search(word) or upper or _stands(self.text, word, MIDDLE):
            return True
        aged = self.low[k + 1 : k + 2] == [","] and "".join(self.low[k + 2 : k + 3])[:1].isdigit()
        after = "".join(map(self._sign_after, range(k, k + 4)))
        return aged or bool(self.has["capital"].match(after))

    def _mention(self, k: int) -> Mention | None:
        """Who is mentioned by the words that begin at a word, if someone is."""
        signs, before = self.signs, self.signs[k - 1] if k else ","
        sign, after = signs[k], signs[k + 1 : k + 2]
        if sign == "s":  # of the last one named (ce dernier) the gender is not told: it is left open
            last = k + 1 + (after == "h")
            return self._made("pronoun", k, k, last, gender=self.kinds["pronoun"].get(self.low[k], "last"))
        if sign == "D" and after == QUOTE:  # les « gilets jaunes »
            return self._made("unnamed", k, k, k + 2)
        adjective = self.has["adjective"].search(signs[max(0, k - 4) : k])
        if sign in "dDFAuU" or (sign in "rom" and (before in ",(QpShz" or adjective)):
            one = self._noun(k)
            if one:
                return self._explained(one)
        if sign == "0":  # 77 % des Français
            return self._made("unnamed", k, k, SHARE.match(signs, k).end())
        if sign == "t" and (called := NAME.match(signs, k + 1 + (after == "n"))):
            end, told = called.end(), self.kinds["title"][self.words[k].rstrip(".")]
            known = {"roles": tuple(told.split())} if len(told) > 2 else {"roles": self._post(k), "gender": told}
            return self._explained(self._person(k, k + 1, end, **known))
        name = NAME.match(signs, k)
        heading = HEADING.match(signs)
        return self._named(k, name.end()) if name and not (heading and k < heading.end()) else None

    def _made(self, kind: str, begin: int, first: int, last: int, **known) -> Mention:
        """A mention whose phrase begins at a word, and which stands between two."""
        start, end = self.tokens[first][0], self.tokens[last - 1][1]
        k = len(self.signs[:begin].rstrip("In")) if self.facts.stacked else begin  # by Verdal CEO Marie Roux
        k = len(self.signs[:k].rstrip("dD"))  # by the Post's Marie Roux
        k -= self.signs[:k].endswith("p0") and len(self.low[k - 1]) < 4  # à 20 Minutes, but not en 2019
        part = k > 0 and (self.signs[k - 1] in "U%)" or self.low[k - 1] in self.kinds["part"])  # la moitié des élus
        own = self.signs[begin] == "A" or (self.signs[begin] == "F" and not part)
        own = own or self.kinds["of the"].get(self.low[begin]) == "m"
        bearing = k > 0 and self.low[k - 1] in self.kinds["bearing"] and self.signs[k - 2 : k] != "bb"  # en effet
        led = own or bearing or (k > 0 and self.signs[k - 1] in LED)
        led = led or self.low[first] in self.kinds["object"]
        led = led and self.kinds["some"].get(self.low[first]) != "free"  # d'autres
        return Mention(kind, start, end, self.tokens[begin][0], begin, last, led=led, **known)

    def _person(self, begin: int, first: int, last: int, roles=(), gender="") -> Mention:
        """The mention of capitalised words: a person, a body or a group."""
        before, words, signs = self.signs[first - 1 : first] if first else "", self.words[first:last], self.signs
        of = signs.find("n", first + 2, last)  # Jean Petit | de Verdal Bank
        given, stacked = self._gender(words[0]), self.facts.stacked
        # Marie Roux | of CMC Markets, Marie Roux | de Jean Petit
        whose = given and (stacked or self._given(of + 1, last))
        if of > 0 and set(signs[first:of]) == {"N"} and (whose or self._bodily(of, last)):
            one = self._person(begin, first, of, roles, gender)
            one.last = last
            return one
        body = signs[first] == "I" or self._bodily(first, last) or self.facts.signs.get(words[0].lower()) == "D"
        whose = first > 0 and self.low[first - 1].endswith(self.facts.owner) and self.words[first - 1][0].isupper()
        whole = given and not stacked and first + 1 < last  # un Jean Petit
        common = before in tuple("dDFA") and not whose and not whole  # the Treasury; Verdal's Roux
        group = before == "D" or self.kinds["of the"].get(self.low[first - 1]) == "plural"
        group = group or (first + 1 == last and self.low[first - 1] in self.kinds["some"])  # un Américain
        kind = "unnamed" if group and not body else "organisation"
        if roles or not (body or common or words[0].lower() in self.kinds["opening"]):
            kind = "person"
        the = stacked and before == "d" and words[0] in self.kinds["ending"]  # The Times
        if the and self.words[first - 1][0].isupper():
            first -= 1
        name = " ".join(self.text[self.tokens[first][0] : self.tokens[last - 1][1]].split())
        gender = gender or given
        # a majority of young Americans; sept Français sur dix
        many = {words[-1], words[-1].lower()} & self.kinds["unnamed"].keys()
        if kind == "person" and (many or len(words) > LONGEST):  # Headlines With Capitals Everywhere
            return self._made("unnamed", begin, first, last)
        return self._made(kind, begin, first, last, name=name, roles=roles, gender=gender)

    def _gender(self, word: str) -> str:
        """Whose first name a word is, or begins with (Jean-Luc): a man's (m), a woman's (f), nobody's ("")."""
        word = word.partition("-")[0]
        return self.kinds["first name"].get(word.title() if word.isupper() else word, "")

    def _given(self, first: int, last: int) -> int:
        """Where a first name before another name stands; 0 without, and where nouns stand bare."""
        return next((j for j in range(first, last - 1) if self._gender(self.words[j]) and not self.facts.stacked), 0)

    def _bodily(self, first: int, last: int) -> bool:
        """Whether capitalised words are the name of a body."""
        words = self.words[first:last]
        return words[-1] in self.kinds["ending"] or not self.kinds["name"].keys().isdisjoint(words)

    def _named(self, k: int, last: int) -> Mention:
        """Someone who is mentioned by name."""
        first, signs = k, self.signs
        bodies = self.kinds["ending"]  # sur France Inter Marie Roux
        led, end = signs[k - 1 : k] in tuple("dDfFAn"), 0 if self.words[last - 1] in bodies else last - 2
        while first < end and (signs[first] == "I" or self.words[first] in bodies or (first == k and led)):
            first += 1  # what the role before the name is of: ministre de l'Intérieur Christophe Castaner
        given = self._given(k + 2, last)
        if given and not self._gender(self.words[k]):
            first = given  # confie à La Tribune Xavier Niel, à l'Agence France-Presse Jean Roux
        elif signs[first] == "n" or self.low[k] in self.kinds["body"].keys() | self.kinds["opening"].keys():
            first = k  # le Conseil d'État
        return self._explained(self._person(first, first, last, ("",) if first > k else ()))

    def _explained(self, one: Mention) -> Mention:
        """A mention with the role that stands behind it: Sam Altman, le PDG d'OpenAI."""
        signs, last = self.signs, one.last
        role = ROLE.match(signs, last + 1) if one.kind == "person" and signs[last : last + 1] == "," else None
        noun = self._noun(role.end("of" if role["of"] else "ahead"), True) if role else None
        if noun and noun.kind == "role":
            return replace(one, roles=one.roles + noun.roles, gender=one.gender or noun.gender, last=role.end())
        return one

    def _phrase(self, k: int) -> re.Match | None:
        """A noun phrase, without who is told something behind it: a répondu le député | au ministre Jean Roux."""
        found = NOUN.match(self.signs, k)
        told = found and found["head"][-1] == "r" and ADDRESSED.search(found["rest"])
        if told and self.low[found.end("head") - 1] not in self.kinds["deputy"]:
            return NOUN.match(self.signs, k, found.start("rest") + told.start())
        return found

    def _roles(self, found: re.Match) -> tuple[str, ...]:
        """The roles that a noun phrase names: ancien premier ministre; philosophe et académicien; directeur (CEO)."""
        first, last = found.span("head")
        ranks = [word for word in self.low[found.start() : first] if word in self.kinds["rank"]]
        beside = [self.low[k] for k in range(last + 1, found.end()) if self.signs[k - 1 : k + 2] == "(r)"]
        own = [" ".join([*ranks, self.low[last - 1]])] if ranks else self.low[first:last]
        return (*own, *beside, *filter(None, self._post(last - 1)))

    def _noun(self, k: int, apart: bool = False) -> Mention | None:
        """A noun phrase whose noun is a role, a body or an unnamed source, or the name in it; `apart`: it has one."""
        found = self._phrase(k)
        if not found:
            return None
        signs, h, last, sign = self.signs, found.end("head") - 1, found.end(), found["head"][-1]
        low, several = self.low[h], signs[k] == "D" or (signs[k] in "AF" and self.low[h].endswith("s"))
        roles = self._roles(found)
        kind = "organisation" if sign == "o" or (sign == "m" and re.search("x.?[oI]", found["rest"])) else "unnamed"
        kind = "role" if sign == "r" and not several else kind
        told = self.kinds["person"].get(low, "")[-1:].strip("e")
        gender = told.strip("?") if told else self.kinds["determiner"].get(self.low[k], "")
        further = FURTHER.match(signs, last)  # la tête de liste | pour les élections européennes | Marie Roux
        at = APART.match(signs, further.end()) or (further if further[0] else None)
        name = NAME.match(signs, at.end()) if at and kind == "role" and not apart else None
        if name and (signs[k] == "r" or self._apposed(at, name)):  # le ministre, Christophe Castaner; Patronne, Marie,
            return self._person(k, at.end(), name.end(), roles, gender)
        for name in () if apart else NAME.finditer(signs, h + 1, last):
            first, led = name.start(), signs[name.start() - 1] in "dDfFAn0"  # Mouvement 5 Étoiles | Luigi Di Maio
            led = led and not (low in self.kinds["voiced"] and first == h + 2)  # nos confrères de Verdal TV
            article = self.low[first] in self.kinds["determiner"] or "of" in self.low[first : name.end()]
            # ministre de l'Intérieur | Christophe Castaner; La Poste, University of London; de Paris LaREM | Marie Roux
            ahead = first + 1 + article + 2 * signs.startswith("n", first + 1)
            ahead = re.compile("I*").match(signs, ahead, max(ahead, name.end() - 1)).end()
            if name.end() > ahead + 1 and (led or signs[first] == "I"):
                first, led = ahead, False
            single = kind == "role" or (low in self.kinds["group"] and signs[k] == "d")  # l'insoumis François Ruffin
            single = single or (sign == "u" and self._gender(self.words[first]))  # les élus Jean Roux et Marie Petit
            able = signs[first] == "N" or (first == h + 1 and self.kinds["person"].get(low, "")[:1] == "s")  # rappeur
            if single and not led and able and (name.end() - first > 1 or first == h + 1):
                return self._person(k, first, name.end(), roles, gender)
            led = led or self.low[first - 1] in self.kinds["bearing"]  # l'institution de la rue Cambon
            if (kind == "organisation" or sign in "mu") and not led and first <= h + (1 if self.facts.stacked else 4):
                given = self._given(first + 1, name.end())  # la chaîne Verdal | Marie Roux
                one = self._made("organisation", k, k, given or name.end())
                return replace(one, name=self.text[self.tokens[first][0] : one.end], last=given or last)
        end = COMPLETED.match(signs, h + 1).end() if sign == "U" else h + 1
        return replace(self._made(kind, k, k, end, roles=roles, gender=gender), last=last)

    def _post(self, k: int) -> tuple[str, ...]:
        """The role at a word with the noun before it, where nouns stand bare: Housing Minister; empty without."""
        bare = self.facts.stacked and self.signs[:k][-1:] in tuple("NIl")
        return (f"{self.low[k - 1]} {self.low[k]}" if bare else "",)

    def _apposed(self, at: re.Match, name: re.Match) -> bool:
        """Whether a name goes with the role before it: l'avocat, Me Roux; but: par le ministre, M. Roux a dit."""
        if not at.groupdict().get("title"):
            return name.end() > at.end() + 1
        return at[0] == "t" or self.signs[name.end() : name.end() + 1] not in tuple("cavwygj")

    def _source(self, k: int, n: int) -> Cue | None:
        """The cue of a preposition that names a source: selon X, d'après X, pour X."""
        signs, verb = self.signs, self.text[self.tokens[k][0] : self.tokens[n - 1][1]]
        if signs[n : n + 1] == "k":  # Marie Roux, pour qui les prix baissent
            ends = self.has["beside"].search(signs, 0, k).start()
            ahead = [m for m in self.mentions if m.last == ends and m.kind in RELATED]
            told = [m for m in ahead if m.last == k or not m.led]  # Jean, croisé à Lens, pour qui: not Lens
            return Cue("source", told[0], verb, "inq", k, n + 1, self.tokens[k][0]) if told else None
        one = next((m for m in self.mentions if n - 1 <= m.first <= n + 2 and "," not in signs[n : m.first]), None)
        told = one and (one.kind, one.first) == ("pronoun", n)  # selon ce dernier, but: selon les derniers chiffres
        if one is None or (not told and any(word in self.kinds["false source"] for word in self.low[n : n + 3])):
            return None
        told = signs[one.last - 1] == "m"  # selon le récit à l'AFP de Marie Roux
        owners = [m for m in self.mentions if m.kind == "person" and m.first > one.last and signs[m.first - 1] == "f"]
        if told and owners and not re.search("[,SQavwy]", signs[one.last : owners[0].first]):
            one = owners[0]
        elif told and self.low[one.first] in self.kinds["possessive"]:  # selon ses calculs
            one = replace(one, kind="pronoun", gender=self.kinds["possessive"][self.low[one.first]])
        begin = signs.rfind("-", 0, k) + 1  # ANALYSE - Selon X
        begin = begin if "".join(self.words[:begin]).isupper() else max(signs.rfind(mark, 0, k) for mark in ":;") + 1
        starting = all(not low[0].isalpha() or low in self.kinds["starter"] for low in self.low[begin:k])
        if self.flags.get(k) == "loose":  # pour says for whom far more often
            apart = starting or (one.kind == "person" and signs[k - 1] in ",(")
            ends = signs[one.last : one.last + 1] in tuple(",Q(:")
            ends = ends and not re.match("[dD]?(?:l+[fF]|Q+[fFD])", signs[n:])  # Pour la défense du président, ...
            if not apart or not ends or signs[n : n + 2] == "U," or self.words[-1] == "?":
                return None
        if self.flags.get(k) == "apart" and not starting and signs[k - 1] != ",":  # légitime aux yeux de la loi
            return None
        last = one.last if one.kind == "pronoun" else re.compile("[^,Q:]*").match(signs, one.last).end()
        closes = one.kind == "person" and signs[k - 1 : k] in (",", "Q") and (QUOTE in signs[:k] or not starting)
        apart = CLOSED if closes else DESCRIBED if starting else None
        role = apart.match(signs, last) if apart else None
        last = role.end() if role else last
        return Cue("source", one, verb, "inq", k, last, self.tokens[k][0], starting or k < 2)

    def _spoken(self, found: re.Match) -> Cue | None:
        """The cue of a reporting verb, if it has a subject."""
        first, last, signs = found.start(), found.end(), self.signs
        main = max(k for k in range(first, last) if signs[k] not in "hj")
        flags, gerund = self.flags.get(main, "i"), signs[main] == "g"
        if self.low[first] in self.kinds["bare"]:
            first = self.has["modal"].search(signs, 0, first).start()
        p = first - 1
        while p >= 0 and self.low[p] in self.kinds["clitic"]:
            p -= 1
        passive = "e" in self.kinds["auxiliary"].get(self.low[first], "") or "s" in flags
        if "x" in flags if self.low[first - 1] in self.kinds["reflexive"] else passive:
            return None  # il est dit; what inquiète is not who s'inquiète; il se lance dans
        left, how, one = signs[p] if p >= 0 else ",", "inverted", None
        if left == "z" and "q" in flags and self.kinds["clause"].get(self.low[p]) == "behind":
            cue = self._source(p, last)  # Comme l'explique Marie Roux, les prix baissent
            return cue if cue and cue.opening and QUOTE not in signs[:p] else None
        if "j" in signs[first:last]:
            k = signs.index("j", first)
            one = self._made("pronoun", k, k, k + 1, gender=self.kinds["inverted"][self.low[k]])
            one.start, one.led = one.start + self.low[k].rfind("-") + 1, False
            if one.gender == "on":  # peut-on lire sur une affiche
                one = next((m for m in self.mentions if last <= m.first <= last + 4), one)
        elif left in ",Q-)." and not gerund:
            one = self._turned(first, p, last, flags)
        written = " ".join(self.text[self.tokens[first][0] : self.tokens[last - 1][1]].split())
        if one is None:
            how, one = "after", self._ahead(first, p, gerund and not signs[:first].rstrip("b").endswith("a"))
            told = "incised" in self.has and set("iq") & set(flags) and (left == "z" or not gerund)
            if one and told and self._incised(one, p, last, flags):  # told: he was quoted as saying
                how, first = "inverted", len(re.sub("(?:r&|d+)$", "", signs[: one.first]))
        asked = "j" in signs[first:last] and QUOTE in signs[max(0, first - 2) : first]  # « ... », a-t-il voulu rappeler
        if one is None or (how == "inverted" and "i" not in flags and not asked):
            return None
        end = max(last, one.last) if how == "inverted" else last
        return Cue(how, one, written, flags, first, end, self.tokens[first][0])

    def _turned(self, first: int, p: int, last: int, flags: str) -> Mention | None:
        """The subject of a verb that stands behind it; `p`: the last word before the verb and its pronouns."""
        signs = self.signs
        free = [m for m in self.mentions if m.last <= first and not m.led and m.kind != "pronoun"]
        if "o" in flags and free:  # il | accuse X; Marie Roux, née ici, | accuse X
            taken = self.has["taken"].fullmatch(signs, free[-1].last, max(p, free[-1].last))
            whole = re.search(r"\WQ,?$", signs[: p + 1])  # X, né ici, a parlé : « ... », | défend Y
            if taken or ((free[0].first, signs[free[0].last]) == (0, ",") and not whole):
                return None
        marked = QUOTE in signs[max(0, p - 1) : p + 1]
        one = self._behind(last, quoted=marked and "i" in flags)
        if one and one.kind == "unnamed":  # X, soutien de Q, a condamné cette action
            one = None if any(signs[m.last] == "," and not VERBAL.search(signs, m.last, p) for m in free) else one
        if one is None or marked:
            return one
        if MAINLESS.fullmatch(signs, 0, p + 1) and not VERBAL.search(signs, one.last):
            return None
        whom = "o" in flags and "q" not in flags and self.low[first - 1] not in self.kinds["reflexive"]
        return None if whom or not self.has["behind"].match(signs, one.last) else one  # la hausse | interpelle X

    def _owner(self, first: int, last: int) -> Mention:
        """Whose something is: Marie Roux's."""
        start, end = self.tokens[first][0], self.tokens[last][1] - 2
        name = " ".join(self.text[start:end].split())
        body, named = self.low[last][:-2] in self.kinds["body"], name[:1].isupper()
        body = body or name.split(" ")[-1] in self.kinds["name"]
        kind = "organisation" if body else "person" if named else "unnamed"
        return Mention(kind, start, end, start, first, last + 1, name=name if named else "")

    def _owned(self, k: int) -> list[Cue]:
        """The cue of a noun behind whose it is: Keynes's observation that prices fall, her message to clients:"""
        at, told = self.signs.rfind("d", max(0, k - 3), k), "q" not in self.signs[k + 1 : k + 3].partition("a")[0]
        gender = self.kinds["possessive"].get(self.low[at])
        own = [self._made("pronoun", at, at, at + 1, gender=gender)] if gender and at >= 0 else self.owners
        # Her claim that prices fell | is wrong
        own = [one for one in own if one.last == at + 1 and (told or self.signs[: one.first].strip("d"))]
        return [Cue("after", one, self.low[k], "tq", k, k + 1, self.tokens[k][0]) for one in own]

    def _incised(self, one: Mention, p: int, last: int, flags: str) -> bool:
        """Whether a subject and its verb stand behind what they report: "Prices fell," Roux said."""
        before = re.split("(?:d[lIN]{1,4}|r&)?[bd]*$", self.signs[: one.first], maxsplit=1)[0]
        opened = re.match("[wgyz]", before) or self.low[0].endswith(tuple(self.kinds["participle ending"]))
        if opened and re.match(",?Q", self.signs[last:]):
            return False  # Asked whether prices fell, Roux said, "..."
        if before.endswith((QUOTE, QUOTE + ",")):
            return True
        ends = self.has["incised"].match(self.signs, last) and self.low[last : last + 1] != ["to"]
        if ends and before.endswith(QUOTE + "z"):  # "...," as Roux wrote
            return True
        ends = ends and "q" in flags and ("o" in flags or self.signs[last : last + 1] not in tuple("lsudDm"))
        clause = set("avye") & set(before)
        ends = ends and (clause or not SPLIT.match(self.signs, last))  # The end, she said, would come
        long = len(before) > 4 or clause  # Prices fell, | but: However,
        return bool(ends and before.endswith(",") and long and p < one.last + 5)

    def _behind(self, k: int, quoted: bool) -> Mention | None:
        """The subject behind a verb: a déclaré vendredi Sam Altman; behind a quotation it may be anyone."""
        free = list(self.signs)  # where a mention begins with M, or m when it cannot speak behind a verb
        for one in self.mentions:
            latter = one.gender == "last"  # s'indigne cette dernière
            free[one.first] = "M" if not one.led and (one.kind != "pronoun" or latter) else "m"
        found = BEHIND.match("".join(free), k)
        hit = next((m for m in self.mentions if found and m.first == found.end()), None)
        anyone = ANYONE.match(self.signs, k) if quoted and not hit else None
        if anyone is None:
            return hit
        first, last = anyone.span("who")
        return self._made("unnamed", first, first, last)

    def _ahead(self, first: int, p: int, gerund: bool) -> Mention | None:
        """The subject before a verb, of which the word `p` is the last before it and its pronouns."""
        signs, left = self.signs, self.signs[p] if p >= 0 else ""
        who = len(signs[:first].rstrip("b")) - 1
        if who > 0 and self.low[who] == "who" and signs[who - 1] == "l":  # fanatics who at first insisted that
            return self._made("unnamed", who - 1, who - 1, who)
        able = [m for m in self.mentions if not m.led or (left == "k" and m.last >= p - 1)]
        free = [m for m in able if m.last <= first and (signs[m.first - 1 : m.first] != "(" or m.first == 1)]
        free = [m for m in free if m is free[0] or signs[m.first - 1 : m.first + 1] != ",r"]  # Roux, patron de X, dit
        if gerund:
            return self._joined(first, p, free)
        if not free:
            return None
        told = self.kinds["clause"].get(self.low[p]) != "behind"  # comme en témoigne X
        if told and left and left in "&z" and (len(free) > 1 or self.has["joined"].search(signs, max(p - 1, 0), p + 1)):
            return self._shared(free, first)
        if left and left in (",)-" if self.facts.stacked else ",)"):
            free = [m for m in free if not re.search(",k[^,]*$", signs[: m.first])] or free
            own = [m for m in free if signs[m.last] in ",(-"]
            opens = self.facts.stacked and free[0].kind != "pronoun" and not signs[: free[0].first].strip("-")
            if opens and all(m.last == p and m is not free[0] for m in own):
                return free[0]  # Roux met Petit, says
            if own and own[0].name and own[-1].kind == "organisation" and (own[0].kind == "person" or not own[-1].name):
                return own[0]  # Roux, also a Jesuit, said; Verdal, the publisher, said
            return (own or free)[-1]  # Marie Roux, qui dirige Verdal, affirme
        one = free[-1]
        if self.has["apart"].fullmatch(signs, one.last, first) and self.low[p][0].isalpha():
            return None  # Verdal upgrade promises
        head = next((m for m in free if RELATIVE.match(signs, m.last, first)), None)
        apart = left == "k" and one.last < p - 1 and signs[one.last] not in ",("
        apart = apart or AHEAD.search(signs, max(one.last - 1, 0), first)
        return head or (None if apart else one)  # The analyst who covers Verdal says

    def _joined(self, first: int, p: int, free: list[Mention]) -> Mention | None:
        """The subject of a gerund, behind the word `p`; `free`: those who may be its subject."""
        signs = self.signs
        near = [m for m in self.mentions if m.last == first and (m.led or m.kind != "unnamed")]
        if "adjoined" in self.has and (near or self.has["adjoined"].fullmatch(signs, p, first)):
            return next(iter(near), None)
        near = [m for m in self.mentions if m.last in (first, len(signs[:first].rstrip("b"))) and m.led]
        near = [m for m in near if "m" not in signs[m.first : m.last]]
        if near and self.low[len(signs[: near[0].first].rstrip("dDNIl")) - 1] in self.kinds["joint"]:
            return near[0]  # with analysts warning that prices fell
        near = [m for m in free if m.last == p and m.kind == "person" and VERBAL.search(signs, 0, m.first)]
        if near and self.low[p] in self.kinds["charged"]:
            return near[0]  # Roux blamed Petit for saying that prices fell
        behind = [m for m in self.mentions if m.first > first and not m.led and signs[m.first - 1] == ","]
        behind.sort(key=lambda m: not re.match("[cb]*[avy]", signs[m.last :]))  # En citant X, Roux, Petit a dit
        return next(iter([cue.subject for cue in self.cues][-1:] + free[:1] + behind[:1]), None)

    def _shared(self, free: list[Mention], first: int) -> Mention:
        """The subject that a verb behind and, but or while has with the one before it."""
        signs = self.signs
        opened = [found.end() - 1 for found in self.has["relative"].finditer(signs, 0, first)]
        where = max(opened, default=-1)
        ahead = [m for m in free if m.first > where]
        told = [m for m in ahead if self.facts.stacked and any(m is cue.subject for cue in self.cues)]
        one = next(iter([*told, *ahead]), free[0])  # Verdal boss Roux told Petit that prices fell but warned
        after = next((m for m in free if signs.find(",", one.last) == m.first - 1 and signs[m.last] == ","), one)
        return after if (one.kind, after.kind) == ("unnamed", "person") else one  # One of them, Roux, rose and said
