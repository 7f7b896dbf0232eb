"""Who says it: the quotations of articles with their speakers, and the voice of each place of a theme.

Rules and word lists, no model; a name that is not certain is left open.
"""

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, takewhile

import numpy as np
import pandas as pd

from bulle import bodies, corpus, entries, marks, passages, progress, speakers, words
from bulle.speakers import QUOTE, Cue, Mention, Sentence

COLUMNS = """
article kind partial start end text speaker speaker_start speaker_end verb name voice how reach_start reach_end
""".split()
NAMED = 8  # articles that have a string in marks: it is a name of the corpus (12 strings in 932 articles, all names)
LABEL, SHORT = 80, 6  # characters and words of such a string at most
FAR, NEAR, CLOSE = 900, 500, 400  # characters over which a name, the last speaker, a quotation in marks is remembered
LONG = 2500  # and over which lines in a block are, which a text comes back to
WIDE = 150  # characters before a quotation that may call it a charge or a title, and after a role that may name it
NEXT_TO = 9  # words between a verb that is denied and the quotation that nobody says
FEW = 8  # people of one name, and names looked back to, at most: the work stays linear
AROUND = " \n\r\t\xa0\u2009\u202f\u200a,;:–—-"  # what is left out at both ends of a quotation
PIECE = re.compile(r"[^\W\d_]+'|\w+(?:-\w+)*")
TOLD = re.compile(",?c*(?:a[^,Qq]{0,4}[wy]|[vy])|,c*l[^,Q]*[NIomrus]")  # a verb behind a quotation, known or not
OPENS = ("", *",&qzbQ.:-")  # signs before a name that may be the subject of its sentence
HUMP = re.compile("(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|_")
GAP = re.compile(r"[\w\n]")  # what stands between two quotations that are not in a row
SPLIT = re.compile("[bdlINroumfp]+,[|],b*[ae]")  # a clause in which a verb stands with its subject
OBJECT = re.compile("[^aevwygkqzjs;:.,()-]*")  # of a verb: rejette | l'idée d'une bulle
FIGURE = re.compile("(?:^|[,;:&-])(?P<own>[bdDpfFlU]{0,3}0[luroNQ]{0,4}),(?:Sh*[^,]*,)?$")
INNER = re.compile("(?<=[^d]k)(?P<own>[^,:;Qk]+),?$")  # Le défilé, qui a réuni cent personnes selon X, a pris fin
ASIDE = re.compile("[pAa][dD]?[NInl]{1,4},k[^,Q]*,(?=[^,]{3})")  # A Lens, où ..., cent personnes ont défilé, selon X
JOINED = re.compile(r"\w-\w")  # day-to-day
INITIAL = re.compile(r"[ '’][A-ZÀ-Ý]")  # of a name in marks: « l'acte III »
HOLDER = re.compile(r"([^;\d\s][^;\d]+) ([\d-]+) ([\d-]+)")  # of an office: name, first day, first day of the next
BELOW = re.compile(r"[^\n]*(?:\n\s*>[^\n]*)*")  # up to a quotation of the same line, or of the block below
HEADED = re.compile(  # ## Prices fell - The Verge    Prices fell The Verge Why they fell
    r"(?m)^[^\w\n]{0,5}(?:\d{1,3}\. )?(?P<title>[^\n]{15,200}) - (?P<outlet>[^\n]{2,40})$"
    r"(?:\n.*){1,6}?\n[^\w\n]{0,5}(?P<again>(?P=title) (?P=outlet)\b)"
)
SIGNED = re.compile(  # "..." — Marie Roux
    r"[»”\"’']? ?(?:[—–]|--?) ?((?:[A-ZÀ-Þ][\w.'’-]*(?: (?:[a-z]{2,3} ){0,2}(?=[A-ZÀ-Þ]))?){1,4})(?=\s*(?:[\n(,]|$))"
)
ASKED = re.compile(r"[?!][”\"] \Z")  # "Will it fall?" | Roux asked
MAIN = re.compile(",(?=[cb]*[avy])")  # the verb of a sentence behind a relative clause
NEXT = re.compile(rf"{BELOW.pattern}|[^\n]{{0,90}}\n\s*[“\"«]")  # or up to one that is a paragraph of its own
UNDER = re.compile(r"[»”\"]?[.\s]*\n([^\n:]{3,59}[^\n.?!:])\s*\n")  # a line under a quotation drawn out of the text


@dataclass(eq=False)
class Speech:
    """One quotation; see `quotes`."""

    kind: str
    start: int
    end: int
    speaker: Mention | None
    cue: Cue | None
    name: str
    voice: str
    how: str
    partial: bool = False
    reach: tuple[int, int] = (0, 0)


class Article:
    """One article as it is read from its start to its end: its people, who spoke last, and its quotations."""

    def __init__(self, text: str, spans: list[words.Span], language: str, labels: frozenset[str], day: str):
        self.text, self.language, self.labels, self.day = text, language, labels, day
        self.facts = speakers.facts(language)
        self.kinds, self.has = self.facts.kinds, self.facts.constructions
        self.repeated = Counter(_lowered(text[start:end]) for start, end in spans)
        self.people: dict[str, list[Mention]] = defaultdict(list)  # name, surname, first name -> who bears it
        self.bodies: set[str] = set()  # short names that stand in brackets behind the name of a body
        self.aged: set[str] = set()  # first names of those whose age is told, and no surname before
        self.roles: dict[str, tuple[Mention, frozenset[str]]] = {}  # who bears a role, and of what
        self.recent: list[tuple[int, Mention]] = []  # where a name stood, and whose it is
        self.spoke: Speech | None = None  # who spoke last, as far as the text says
        self.marked: Speech | None = None  # the last quotation in marks
        self.block: Speech | None = None  # the last lines in a block, without marks
        self.told: tuple[int, Mention, bool] | None = None  # where the last sentence ended, of whom, by a cue
        self.rows: list[Speech] = []
        self.held: list[Speech] = []  # verbs with their objects: what is held without words
        self.read: set[str] = set()  # the words of the sentences before
        cut, edges = marks.sentences(text, spans, language, self.facts.word), self._headlines()
        if edges:
            parts = [(k, [*part]) for own in cut for k, part in groupby(own, lambda one: bisect(edges, one[0]))]
            cut = [part for k, part in parts if k % 2 == 0]
        sentences: list[Sentence] = []
        for tokens in filter(None, cut):
            one = Sentence(text, tokens, self.facts)
            asked = self.has["asked"].match(one.signs) and ASKED.search(text, max(0, tokens[0][0] - 3), tokens[0][0])
            if asked and sentences:
                one = Sentence(text, sentences.pop().tokens + tokens, self.facts)
            sentences.append(one)
        for sentence in sentences:
            self._meet(sentence)
        self.recent = []
        for self.sentence in sentences:
            self._meet(self.sentence)
            self._hear(self.sentence)
            self.read.update(self.sentence.low)
        self._take_turns()

    def _headlines(self) -> list[int]:
        """Where the outlets stand in lines of headlines: Roux says prices fell Reuters Why they fell The Verge."""
        headed = [*HEADED.finditer(self.text)]
        own = sorted({re.escape(one["outlet"]) for one in headed}, key=len, reverse=True)
        outlets = speakers.headlines([*own, *self.kinds["outlet"]]) if own else self.facts.outlets
        again, edges = {self.text.rindex("\n", 0, one.start("again")) + 1 for one in headed}, []
        for line in re.finditer(".+", self.text):
            found = [*outlets.finditer(self.text, *line.span())]
            edges += [edge for one in found for edge in one.span()] if len(found) > 1 or line.start() in again else []
        return edges

    def _meet(self, sentence: Sentence) -> None:
        """Learn the people of a sentence, and their roles."""
        people = [one for one in sentence.mentions if one.kind == "person"]
        bodies = [one for one in sentence.mentions if one.kind == "organisation"]
        self.bodies |= {sentence.words[one.last + 1] for one in bodies if sentence.signs.startswith("(N)", one.last)}
        if not (people or sentence.owners):
            return
        speaking = [cue.subject for cue in sentence.cues]
        for owner in sentence.owners:  # Roux's opinions ... he
            first, _, last = owner.name.partition(" ")
            known = self._match(owner.name) or self._match(last)
            if known is None and last and first in self.kinds["first name"]:
                known = replace(owner, kind="person", gender=self.kinds["first name"][first])
                self._named(known)
            self.recent += [(owner.start, known)] if known else []
        free = [one for one in sentence.mentions if one.kind in ("person", "pronoun", "role") and not one.led]
        free = free or sentence.owners
        for one in people:
            parts = one.name.split(" ")
            aged = sentence.signs.startswith(",0l", one.last)  # Magdalena, 32 ans
            known = self._match(one.name, one.gender) or self._match(" ".join(parts[1:] if len(parts) > 2 else []))
            given = one.name in self.kinds["first name"]
            if aged and given and known and known.name.split(" ")[0] != one.name:  # Philippe, 32 ans: not Jean Philippe
                known = None
            whole = aged or given or " " in one.name
            if known is None and (whole or one in speaking or one.roles):
                known = one
                self._named(known)
                self.aged |= {one.name} if aged and given else set()
            if known:
                known.gender = known.gender or one.gender
                self.roles |= {role: (known, one.of) for role in one.roles if role}
                before = self.has["before"].sub("", sentence.signs[: one.first])[-1:]
                closing = self.has["closed"].match(sentence.signs, one.last)
                agent = before == "x" and closing  # ... est lancée par X, le patron de Verdal.
                work = known is one and self.facts.signs.get(parts[0].lower(), "") in tuple("dD")  # Le Grand Retour
                if agent or (aged and known is one) or (not one.led and before in OPENS and not work):
                    self.recent.append((one.start, known))
                elif before == "x" or not one.led or (whole and not free):  # in passing: a pronoun may mean it
                    self.recent.append((one.start, replace(known, name="")))

    def _named(self, one: Mention) -> None:
        """Learn by which names, surnames and first name a person may be called."""
        parts = one.name.split(" ")
        for key in {parts[0], *(" ".join(parts[k:]) for k in range(len(parts[:FEW])))}:
            self.people[_plain(key)] = [*self.people[_plain(key)][1 - FEW :], one]

    def _match(self, name: str, gender: str = "") -> Mention | None:
        """The person of the article for whom a name, a surname or a first name stands."""
        key = _plain(name)
        people = [one for one in reversed(self.people.get(key, [])) if _fits(one.gender, gender)]
        people = [one for one in people if one.name == name and name in self.aged] or people
        return min(people, key=lambda one: not _plain(one.name).endswith(f" {key}"), default=None)  # no Roux Interview

    def _hear(self, sentence: Sentence) -> None:
        """The quotations of one sentence, marked and unmarked."""
        self.found: list[Speech] = []
        self.quotes = [k for k, sign in enumerate(sentence.signs) if sign == QUOTE]
        self.bare = not any(sign.isalpha() and sign != QUOTE for sign in sentence.signs)
        for k in self.quotes:
            self.found.append(self._quotation(k, sentence.tokens[k][0] + 1, sentence.tokens[k][1] - 1))
        self._indirect()
        self.rows += self.found
        opens = sentence.signs.endswith(":")
        subjects = [cue.subject for cue in sentence.cues if opens or cue.how != "source"]
        able = self._able(subjects) or (self._able(sentence.mentions) if opens or not subjects else [])
        if opens and [one.gender for one in sentence.mentions[:1]] == ["last"]:  # it opens with this: another text
            self.block = None
        silent = opens or all(row.kind == "term" for row in self.found)
        named = [one for one in sentence.mentions if one.kind == "person"]
        named = [one for one in named if one not in able[:1] and sentence.signs[one.first - 1] not in "fFn"]
        # Roux has met Petit: either may go on, and nobody else
        if silent and not opens and able and able[0].kind != "pronoun" and named:
            able, self.marked = [], None
        self.told = (sentence.tokens[-1][1], able[0], bool(subjects)) if able and silent else self._reported()

    def _reported(self) -> tuple[int, Mention, bool] | None:
        """Who goes on behind a sentence that reports him: Roux dit que les prix baissent. « ... »"""
        row = next((row for row in reversed(self.found) if row.kind == "indirect"), None)
        if row is None or any(one.kind == "direct" and not one.partial for one in self.found):
            return None
        end = self.sentence.tokens[-1][1]
        apart = "\n" in self.text[end : end + 3]  # a paragraph of its own: where no line is drawn out of the text
        if (apart and not (self.facts.stacked and row.name)) or row.speaker.gender in ("mp", "fp", "on", "last"):
            return None
        other = self.marked and end - self.marked.end < CLOSE  # he may go on
        return (end, row.speaker, True) if row.voice == "named" or (row.voice == "unnamed" and not other) else None

    def _able(self, found: list[Mention]) -> list[Mention]:
        """Those who may say what follows a sentence; if it ends with a colon, people before others."""
        able = [one for one in found if not one.led and one.gender not in ("last", "own")]
        able = [one for one in able if one.kind in ("person", "pronoun", "role")]
        return sorted(able, key=lambda one: self.sentence.signs.endswith(":") and one.kind != "person")

    def _resolved(self, one: Mention | None, at: int) -> tuple[str, str]:
        """The name and the voice of a mention; the name is empty where it is not certain."""
        if one is None or one.gender == "own":
            return "", "reporter" if one else "unknown"
        near = set(PIECE.findall(_lowered(self.text[one.begin : one.end + len(" de l'AFP")])))
        if self.kinds["own"].keys() & near and self.kinds["own role"].keys() & near:
            return "", "reporter"  # notre correspondante Marie Roux, une journaliste de l'AFP
        if one.kind in ("organisation", "unnamed"):
            part = _lowered(one.name) in self.kinds["body"].keys() | self.kinds["opening"].keys()  # le Conseil national
            return one.name if one.kind == "organisation" and not (part or one.pair) else "", one.kind
        if one.kind == "role":
            who = self._role(one)
            name = who.name if who else self._alone(one, at)
            if name and not who and self.spoke and self.spoke.name == name:  # X juge ... dit l'élue ... dit l'élue
                self.roles = {role: (self._match(name), frozenset()) for role in one.roles} | self.roles
            return name, "named" if name else "unnamed"
        if one.kind == "pronoun":
            return self._pronoun(one, at)
        if one.name in self.bodies:
            return one.name, "organisation"
        known = self._match(one.name, one.gender)
        return "" if one.pair else known.name if known else one.name, "named"

    def _role(self, one: Mention) -> Mention | None:
        """Who bears a role, where the article or a dated list of offices says so."""
        phrase = _plain(self.text[one.begin : one.end + 28].split(",")[0])
        if phrase.startswith(tuple(self.kinds["indefinite"])):
            return None
        for office, holders in [each for each in self.kinds["office"].items() if each[0] in phrase][:1]:
            if self.kinds["foreign"].keys() & set(PIECE.findall(phrase.partition(office)[2])[:1]):
                return None
            held = [name for name, first, last in HOLDER.findall(holders) if first <= (self.day or first) < last]
            people = list(filter(None, map(self._match, held)))
            if people:  # without a day, the only one whom the article names
                return people[0] if len(people) == 1 else None
        for role in [role for role in one.roles if role in self.roles and role not in self.kinds["vague"]]:
            known, of = self.roles[role]
            met = known and (known.start < one.start + WIDE or not self.recent)  # not someone met only later
            if met and _fits(known.gender, one.gender) and (not one.of or one.of & of):
                return known
        return None

    def _alone(self, one: Mention, at: int) -> str:
        """The name of who is called by a role alone: the one named last, if he may hold it by the list of offices, or,
        where the role is met for the first time, the one for whom a pronoun would stand: a ajouté l'élue."""
        phrase = _lowered(self.text[one.start : one.end])
        head = next((phrase.removeprefix(word) for word in self.kinds["definite"] if phrase.startswith(word)), " ")
        if " " in head or [end for _, end, _ in self.sentence.tokens[one.last - 1 : one.last]] != [one.end]:
            return ""  # le député de la Somme is described anew
        held = [holders for office, holders in self.kinds["office"].items() if office.startswith(f"{_plain(head)} ")]
        if held:
            named = [who.name for start, who in self.recent[-FEW:] if start < one.start and who.name][-1:]
            return "".join(name for name in named if name in " ".join(held))
        known = head in self.read or head in self.sentence.low[: one.first]
        name, posts = "" if known else self._pronoun(one, at)[0], self.kinds["post"].keys()
        held = {role for role, (who, _) in self.roles.items() if who and who.name == name} & posts
        return "" if head in posts - held and held else name  # the minister is not the mayor

    def _pronoun(self, one: Mention, at: int) -> tuple[str, str]:
        """Who a pronoun stands for: the subject of its sentence, else who spoke last, else who was named last."""
        spoke, stacked = self.spoke, self.facts.stacked
        body = spoke and spoke.voice == "organisation"
        if one.gender == "last" and one.first < 2 and stacked and body and at - spoke.end < NEAR:  # it
            return spoke.name, spoke.voice
        if one.gender in ("mp", "fp", "on", "last"):
            return "", "unknown" if one.gender == "last" else "unnamed"
        signs, speaking = self.sentence.signs, [cue.subject for cue in self.sentence.cues]
        pour = [m for m in speaking if self.text[one.start - 1] == "-" and m.kind == "person"]  # Pour X, dit-il
        quoted = [m for m in self.sentence.mentions if signs[m.last : m.last + 1] == QUOTE and not m.led]
        other = [m for m in self.sentence.mentions if m.start > one.end] + quoted  # X « se trompe », a-t-il jugé
        for local in self.sentence.mentions if one.kind == "pronoun" else ():
            ahead = signs[: local.first]  # le défi lancé par X lorsqu'il a dit | Interrogée par X, elle
            led = local in other or (local.led and local not in pour)
            led = led and not (ahead.endswith("x") and set("dDNIs") & set(ahead))
            able = local.kind == "person" or (local.kind == "role" and local in speaking)
            if able and not led and local.end <= one.start and _fits(local.gender, one.gender):
                return self._resolved(local, at)
        spoke = None if body and stacked else spoke  # he is none
        recent = [(start, who) for start, who in self.recent[-FEW:] if at - FAR < start < one.start]
        own = spoke.speaker.start if stacked and spoke else -1
        later = [who for start, who in recent if spoke and own != start > spoke.end]
        newer = any(stacked or (who.name and _fits(who.gender, one.gender)) for who in later)
        behind = [self._match(m.name) for m in other if m.kind == "person"]  # il a jugé X: not X
        near = [who for _, who in recent if _fits(who.gender, one.gender) and who not in behind]
        if spoke and not newer and at - spoke.end < NEAR:
            last = self._match(spoke.name, one.gender)
            if last or (spoke.voice != "named" and _fits(spoke.speaker.gender, one.gender)):
                return (last.name if last else ""), spoke.voice
            near = [who for who in near if who.gender]
        return (near[-1].name, "named") if near and near[-1].name else ("", "unknown")

    def _row(self, kind: str, start: int, end: int, cue: Cue | None) -> Speech:
        """One quotation, with who speaks."""
        own, stop = self.text[start:end], ".»”" if kind == "indirect" else ""
        start += len(own) - len(own.lstrip(AROUND + stop))
        end = max(start, end - len(own) + len(own.rstrip(AROUND + stop[:1])))
        one, how = (cue.subject, cue.how) if cue else (None, "none")
        name, voice = self._resolved(one, start) if kind != "term" else ("", "reporter")
        row = Speech(kind, start, end, one, cue, name, voice, how, reach=(start, end))
        if name or (one and one.kind != "pronoun" and (voice, one.kind) != ("reporter", "unnamed")):
            self.spoke = row  # nos informations are not she who says what comes next
        return row

    def _quotation(self, k: int, start: int, end: int) -> Speech:
        """The row of a quotation in marks: speech or a term."""
        own, signs, before = _lowered(self.text[start:end]), self.sentence.signs, self.marked
        pieces, times = PIECE.findall(own), self.repeated[own]
        size, attached = len(pieces), k > 0 and signs[k - 1].isalpha() and not self.bare
        said = not self.kinds["speech"].keys().isdisjoint(pieces) and not (attached and "epithet" in self.has)
        heads = not signs[:k].strip("-") and signs[k + 1 : k + 2] in (":", "-")  # “Big fall”: why
        whole = size >= (11 if attached else 8) or (said and size > 3) or (self.bare and size > 2)  # it can stand alone
        whole = whole or (size > 1 and (heads or own[-1:] in ("!", "?")))
        word = size <= SHORT and (own in self.labels or times > 2 or (size < 3 and self._epithet(k)))
        cue = None
        if not word:
            cue = self._governing(k, size, attached, 26 if size > 3 else 13 if times < 2 else 4)
            unsaid = cue and self._unsaid(cue)
            if unsaid and k - cue.last < NEXT_TO:
                return self._row("term", start, end, None)
            cue = (None if unsaid else cue) or self._again(start) or self._other(k, start, end, size, whole)
            spoken = cue and cue.how in ("inverted", "pull") and not 0 < cue.first < k  # « vol », détaille le parquet
            around = max(0, start - WIDE), end - len(self.text[start:end].lstrip()) + 1
            if (cue or whole) and not spoken and bodies.patterns(self.language, "charges").search(self.text, *around):
                cue, whole = None, False
        if word or (cue is None and not whole):
            return self._row("term", start, end, None)
        self.marked = row = self._row("direct", start, end, cue)
        row.partial = attached
        # Et de conclure : « ... »
        follows = self.bare or re.fullmatch("[&z]?,?|[&p][fa].{0,5}|k[avy][^,Q]{0,8}[:q]", signs[:k])
        below = NEXT if self.bare and self.facts.stacked else BELOW  # where no line is drawn out of the text
        close = before and start - before.end < CLOSE and below.fullmatch(self.text, before.end, start)
        signed = self.text[end + 1 : end + 3] in (" —", " –")  # "..." — an analyst
        if cue is None and follows and close and not signed and not TOLD.match(signs, k + 1):
            row.speaker, row.name, row.voice, row.how = before.speaker, before.name, before.voice, "continued"
        if self.text[start - 1] == ">":  # a block that nobody opens goes on with the one before
            block, marked = self.block, own.lstrip()[:1] in '"“‘'
            if block and row.voice == "unknown" and start - block.end < LONG:
                row.speaker, row.name, row.voice, row.how = block.speaker, block.name, block.voice, "continued"
            self.block = block if marked else row
        if k == 0 and cue and cue.how == "inverted":
            self._in_a_row(row, start)
        return row

    def _in_a_row(self, row: Speech, at: int) -> None:
        """The quotations right before one have its speaker: “Prices fell.” “They will rise,” Roux said."""
        for one in reversed(self.rows[-FEW:]):
            if one.kind != "direct" or one.voice != "unknown" or GAP.search(self.text[one.end : at]):
                break
            one.speaker, one.name, one.voice, one.how, at = row.speaker, row.name, row.voice, "continued", one.start

    def _epithet(self, k: int) -> re.Match | None:
        """Whether words in marks go with the noun behind them: a “big” rise; but: he called it a “big” rise."""
        signs = self.sentence.signs
        near = [cue for cue in self.sentence.cues if cue.last <= k < cue.last + 9 and {"n", "o"} <= set(cue.flags)]
        called = any("(" not in signs[cue.subject.last : k] for cue in near)
        return None if called else self.has["epithet"].match(signs, k + 1)

    def _governing(self, k: int, size: int, attached: bool, reach: int) -> Cue | None:
        """The cue of its sentence that governs a quotation."""
        signs = self.sentence.signs
        if signs[k + 1 : k + 2] == "x" and signs[:k].endswith(("w", "wf")):  # une loi jugée « injuste » par X
            agents = (m for m in self.sentence.mentions if m.first in (k + 2, k + 3))
            verb = self.sentence.words[signs.rindex("w", 0, k)]
            return next((Cue("source", one, verb, "i", k, k, 0) for one in agents), None)
        cues = [cue for cue in self.sentence.cues if cue.how != "after" or cue.subject.gender != "on"]
        after = next((cue for cue in cues if cue.how == "inverted" and cue.first > k), None)
        if after and after.first - k - signs[k + 1 : after.first].count(QUOTE) <= 4:
            return after
        verbs = [cue for cue in cues if cue.how == "after" and cue.last <= k]
        for cue in reversed(verbs[-2:]):
            between = signs[cue.last : k].replace(QUOTE, "")
            that = "q" in between[:9]
            near = len(between) <= (reach if that or size > 3 else min(reach, 9)) and not set(";:") & set(between[:-2])
            if near and ("n" in cue.flags or len(between) <= 4 or that):
                return cue
        sources = [cue for cue in cues if cue.how == "source" and (size > 3 or abs(cue.first - k) < 7 or cue.opening)]
        opened = [cue for cue in sources if cue.first < k]
        back = [cue for cue in cues if cue.how == "inverted" and cue.first < k and not (size <= 5 and attached)]
        found = next(filter(None, [after, *opened[-1:], *back[-1:], *sources[:1]]), None)
        if found or size > 6:
            return found or next(reversed(verbs), None)
        name = signs[k - 1] in "dDfFA" or INITIAL.search(self.sentence.words[k])  # l'« acte III »
        if size < 2 or (name and "bare" not in self.has):
            return None
        held = [cue for cue in verbs[-2:] if k in range(*self._content(cue))]  # in a reported clause
        held += [cue for cue in cues if cue.how == "source" and k in range(*self._sourced(cue))]
        return next(reversed(held), None)

    def _again(self, start: int) -> Cue | None:
        """The cue of the quotation before, when this one goes on with it: il dénonce une « farce » et un « mépris »."""
        before = self.found[-1] if self.found else None
        near = before and before.how == "after" and re.fullmatch("[^;:.]{0,110}", self.text[before.end : start])
        return before.cue if near else None

    def _other(self, k: int, start: int, end: int, size: int, whole: bool) -> Cue | None:
        """What else says whose a quotation is: a colon, a verb inside it, a line under it, the sentence before."""
        sentence, how, found = self.sentence, "colon", []
        if sentence.signs[:k].endswith(":") and (size > 3 or whole):
            able = [one for one in sentence.mentions if one.last < k and not one.led and one.gender != "on"]
            able = [one for one in able if one.kind != "pronoun" or "-" not in sentence.signs[one.last : k]]
            last = [one for one in sentence.mentions if one.last == k - 1 and one.first]
            by, of = ([one for one in last if sentence.signs[one.first - 1] == sign] for sign in "xf")
            known = self.kinds["first name"].keys()  # écrit par X : « », commentaire de Marie Roux : « »
            of = [one for one in of if one.kind == "person" and (" " in one.name or one.name in known)]
            found = by or [one for one in able if one.kind in ("person", "role")][:1] or able[-1:] or of
        inside = self._inside(start, end) if not found or found[0].kind != "person" else None
        if inside and (not found or inside.subject.kind == "person"):
            return inside
        signed = SIGNED.match(self.text, end, end + 72) if not found and whole else None
        if signed and self.kinds["preposition"].keys().isdisjoint(signed[1].split()):  # - Regarder sur Verdal
            body = self.kinds["name"].keys() & signed[1].split()
            kind, (first, last) = "organisation" if body else "person", signed.span(1)
            how, found = "pull", [Mention(kind, first, last, first, 0, 0, name=signed[1])]
        elif not found and whole and size > 3 and sentence.signs[k + 1 : k + 2] == ":":
            how, found = "pull", [m for m in sentence.mentions if m.first == k + 2 and not m.led]
        if not found and self.bare and whole:
            under = UNDER.match(self.text, end, end + 72)
            how, found = "pull", [m for m in self._read(*under.span(1)).mentions if not m.led] if under else []
            if not found and self.told:
                last, who, cued = self.told
                near = cued or self.text[last - 1] == ":" or "\n" not in self.text[last:start]
                how, found = "told", [who] if near else []
        return Cue(how, found[0], "", "i", 0, 0, start) if found else None

    def _read(self, start: int, end: int) -> Sentence:
        """What stands from a place to the next mark as a sentence of its own."""
        cut = words.read(self.text[start:end], self.language, self.facts.word)
        tokens = [(start + a, start + b, about) for a, b, about in next(cut, [])]
        stop = next((k for k, (a, b, _) in enumerate(tokens) if self.text[a:b] in tuple(",.!?»")), len(tokens))
        return Sentence(self.text, tokens[:stop], self.facts)

    def _inside(self, start: int, end: int) -> Cue | None:
        """A verb with its subject inside the marks: « ..., juge-t-il. ... »."""
        for comma in re.finditer(r"[,?!]\s", self.text[start:end]):
            part = self._read(start + comma.end(), min(end, start + comma.end() + 90))
            for cue in part.cues[:1]:
                if cue.how == "inverted" and cue.first <= 2 and cue.subject.kind != "unnamed":
                    return Cue("inside", cue.subject, cue.verb, cue.flags, 0, 0, cue.start)
        return None

    def _indirect(self) -> None:
        """A row for each reported clause, of which less than half stands in marks."""
        rows, tokens = [], self.sentence.tokens
        for cue in [cue for cue in self.sentence.cues if cue.subject.gender != "own"]:  # I think that
            first, last = self._sourced(cue) if cue.how == "source" else self._content(cue)
            if first >= last:
                self._hold(cue)
                continue
            start, end = tokens[first][0], tokens[last - 1][1]
            inside = sum(tokens[k][1] - tokens[k][0] for k in self.quotes if first <= k < last)
            if 2 * inside > end - start:
                for row in self.found:
                    row.reach = (min(start, row.start), max(end, row.end)) if row.cue is cue else row.reach
            elif end - start >= 12 and not any(start < row.end and row.start < end for row in rows):
                row = self._row("indirect", start, end, cue)
                if self._only(cue) or self._unsaid(cue) or (row.voice == "reporter" and cue.subject.kind != "unnamed"):
                    row.kind = ""  # no words, but the next pronoun may be its subject
                rows.append(row)
        self.found += rows

    def _hold(self, cue: Cue) -> None:
        """What a verb without a clause is said of: Roux rejette l'idée | d'une bulle."""
        if cue.how == "after" and set("nqs") & set(cue.flags) and not self._unsaid(cue):
            end = self.sentence.tokens[OBJECT.match(self.sentence.signs, cue.last).end() - 1][1]
            who = self._resolved(cue.subject, cue.start)
            self.held.append(Speech("held", cue.start, end, cue.subject, cue, *who, cue.how, reach=(cue.start, end)))

    def _stop(self, last: int) -> int:
        """Where what is reported behind a word ends, as far as the words behind it tell."""
        signs, cues = self.sentence.signs, self.sentence.cues
        stop = self.has["stop"].search(signs, last + 2).start()
        told = [one.first - 1 for one in cues if one.how == "inverted" and one.first > last + 2]
        ends = [k for k in told if signs[k] == ","][-1:]  # Verdal veut que les prix baissent, | note Roux
        if signs[0] == "g":  # Noting that prices fell, | Roux said
            own = [one.subject.first - 1 for one in cues if one.how == "after" and one.first > last]
            ends += [k for k in own if k > last + 1 and signs[k] == ","][:1]
        return min([stop, *ends])

    def _content(self, cue: Cue) -> tuple[int, int]:
        """The words of what a verb reports without marks: between two of them, none where they are the same."""
        signs, low, last = self.sentence.signs, self.sentence.low, cue.last
        stop = self._stop(last)
        if signs[last : last + 1] == "," and low[: cue.subject.first] == ["as"]:
            return last + 1, stop  # As Roux notes, | prices fell
        main = self.kinds["clause"].get(low[0]) == "main"  # But Roux said; But when Roux said
        if self.has["subordinate"].search(signs[main : cue.first].lstrip(",")):
            stop = last + len(signs[last:stop].partition(",")[0])
        # le rapport qui affirme (dont X affirme) que les prix baissent | , a fait trembler
        if "k" in signs[cue.first - 1 : cue.first] + signs[cue.subject.first - 1 : cue.subject.first]:
            end = MAIN.search(signs, last, stop)
            stop = end.start() if end else stop
        told = [f"that {kind}" for kind in ("inverted", *"teo") if kind == cue.how or kind in cue.flags]
        that = self.has[next((name for name in told if name in self.has), "that")].match(signs, last)
        if that and that.end() <= stop and "q" in cue.flags:
            resumed = self.has["resumed"].match(signs, that.end(), stop) if signs[cue.first] == "a" else None
            return that.end(), resumed.end() if resumed else stop
        if cue.how == "after" and "i" in cue.flags and SPLIT.match(signs[: cue.subject.first] + "|" + signs[last:]):
            return 0, stop  # Prices, Roux said, would fall
        bare = self._bare(cue, stop)
        if bare:
            return bare, stop
        if cue.how == "inverted":
            k = len(signs[: cue.first].rstrip(",c")) - 1
            ahead = [one for one in self.sentence.cues if one.how == "after" and one.last <= k]
            told = any(set("fnq") & set(one.flags) for one in ahead)
            long = len(self.sentence.words[k].split()) > 6 and (told or not signs[k - 1 : k].isalpha())
            alone = signs[k : k + 1] == QUOTE and (long or signs[k - 1 : k] in ("", ".", ":"))
            alone = alone or FIGURE.search(signs, 0, cue.first)
            # a quotation right before the verb is all that it reports, unless it goes on with the sentence
            return (0, cue.first) if cue.first > 3 and signs[cue.first - 1] == "," and not alone else (0, 0)
        k = re.compile("b*f?[cb]*").match(signs, last).end()
        if "q" in cue.flags and signs[k : k + 1] in ("l", "w") and low[cue.first - 1] in self.kinds["reflexive"]:
            return last, stop  # se dit favorable à la hausse
        infinitive = signs[k : k + 1] in ("l", "a") and low[k].endswith(tuple(self.kinds["infinitive"]))
        return ((k if signs[last] == "b" else last), stop) if infinitive and "f" in cue.flags else (0, 0)

    def _bare(self, cue: Cue, stop: int) -> int:
        """Where a reported clause begins without that: he said prices fell, she explained how they did; 0 without."""
        low, signs, flags = self.sentence.low, self.sentence.signs, cue.flags
        bare = self.has["bare"].match(signs, cue.last)
        how = bare and cue.subject.gender != "last" and low[bare.end()] in self.kinds["asking"]
        how = how and low[bare.end() + 1 : bare.end() + 2] != ["to"]
        found = self.has["bare o"].match(signs, cue.last) if "o" in flags and not how else bare
        if cue.how != "after" or not found or self.kinds["negation"].get(low[found.end()]) == "if":
            return 0
        how = how or "c" in flags
        clause = how or any(self.has[f"bare {kind}"].match(signs, found.end(), stop) for kind in "uv" if kind in flags)
        return found.end() if clause else 0

    def _only(self, cue: Cue) -> bool:
        """Whether « que » behind a verb says only, not what: il n'a trouvé que de vieux chiffres."""
        low, that = self.sentence.low, self.sentence.signs.find("q", cue.last)
        return self._ne(cue) and that > 0 and not self.kinds["negation"].keys() & set(low[:that])

    def _ne(self, cue: Cue) -> bool:
        """Whether the half of a negation that stands before a verb does: il | n'a dit."""
        clitics = takewhile(self.kinds["clitic"].__contains__, reversed(self.sentence.low[: cue.first]))
        return not self.kinds["only"].keys().isdisjoint(clitics)

    def _unsaid(self, cue: Cue) -> bool:
        """Whether nothing is said: he did not say that prices fell, she was asked if he thought that they fell."""
        low, signs, words, one = self.sentence.low, self.sentence.signs, self.kinds["negation"], cue.subject
        between = signs[one.last : cue.first]
        # Roux, who asked not to be named, | said
        begin = cue.first - len(re.split(r",[^,]*,|\([^)]*\)|&", between)[-1])
        behind = cue.last + 2 * self._ne(cue)  # il ne dit pas
        told = {low[one.first], *low[begin:behind]}  # personne n'a dit
        denied = (self._ne(cue) or not self.kinds["only"]) and not words.keys().isdisjoint(told)
        if "h" in cue.flags:
            return not denied
        if denied and "d" in cue.flags and "j" not in signs[cue.first : cue.last]:
            return self.kinds["still"].keys().isdisjoint({*told, *low[behind : behind + 2]})
        return one.first > 0 and words.get(low[one.first - 1]) == "if"

    def _sourced(self, cue: Cue) -> tuple[int, int]:
        """The words of what a source says: what follows it when it opens the sentence, else the clause before it."""
        signs, first, last = self.sentence.signs, cue.first, cue.last
        if signs[last - 1] == "k":
            return last, self.has["whom"].search(signs, last).start()
        apart = first > 1 and signs[first - 1] == "," and signs[last : last + 1] == ","
        figure = FIGURE.search(signs, 0, first) if apart else None
        if figure:
            return figure.start("own"), first - 1
        if cue.opening or signs[last : last + 2] == ":Q" or signs[last : last + 1] == QUOTE:
            return (last, re.compile(":(?=Q)|$").search(signs, last + 1).start()) if cue.opening else (0, 0)
        if apart and signs[first - 2] == "a":
            return last, len(signs)
        close = signs[first - 1 : first] != "," or signs[last + 1 : last + 2] in tuple("&av")
        inner = INNER.search(signs, 0, first) if close and signs[last : last + 1] == "," else None
        if inner:
            return inner.start("own"), inner.end("own")
        cuts = [found.end() for found in re.compile("[;:-]|,(?=z|&q)").finditer(signs, 0, max(0, first - 1))]
        cuts = [k for k in cuts if not JOINED.match(self.text, self.sentence.tokens[k - 1][0] - 1)]
        opened = signs.rfind("(", 0, max(0, first - 1)) + 1
        opened = 0 if ")" in signs[opened:first] else opened  # cent personnes (| mille selon X) ont défilé
        cut = max([opened, *cuts])
        aside = ASIDE.match(signs, cut, first)
        cut = aside.end() if aside else cut
        if cue.subject.kind == "pronoun" and signs[last : last + 1] not in (*",.;:-()", ""):
            own = first - 1 if signs[first - 1] == QUOTE else signs.rfind("k", 0, first)  # qui doit selon eux vendre
            return max(own, cut), self.has["stop"].search(signs, last).start()
        ends = signs.find(")", first) if opened else len(signs)
        return cut, ends if apart else first

    def _take_turns(self) -> None:
        """Add what is said without marks in interviews and signed messages; what is quoted there is theirs."""
        turns = []
        self.rows.sort(key=lambda row: row.start)
        lists = (self.kinds["asks"], entries(self.language, "first_names"), self.kinds["first person"])
        found = marks.turns(self.text, *map(frozenset, lists))
        asking, times = Counter(), Counter(self.text[first:last] for _, _, first, last, _ in found)
        for start, end, first, last, _ in found:
            asking[self.text[first:last]] += self.text[start:end].rstrip(AROUND + "»").endswith("?")
        for start, end, first, last, how in found:
            name = " ".join(self.text[first:last].split())
            asks = name.lower() in self.kinds["asks"]
            body = asks or any({word, word.capitalize()} & self.kinds["name"].keys() for word in name.split())
            asked = 2 * asking[self.text[first:last]] >= times[self.text[first:last]]
            if how == "interview" and (body or asked):  # who asks
                continue
            one = Mention("organisation" if body else "person", first, last, first, 0, 0, name=name)
            first, last = (bisect(self.rows, place, key=lambda row: row.start) for place in (start, end))
            for row in self.rows[first:last]:
                whole = row.end - row.start > end - start - 6
                if whole or row.voice == "unknown":
                    row.kind = ""  # it is the turn, or part of it
                if whole:
                    start, end = row.start, row.end
            who = self._resolved(one, start) if len(name) > 1 else ("", "unknown")  # R: a reply
            if how in ("thread", "tweet") and not body and " " not in name:  # a handle
                known = self._match(HUMP.sub(" ", name))
                who = (known.name, "named") if known else ("", "unnamed")
            turns.append(Speech("direct", start, end, one if name else None, None, *who, how, reach=(start, end)))
        self.rows = [row for row in self.rows if row.kind] + turns

    def table(self, found: list[Speech]) -> Iterator[tuple]:
        """Quotations, as rows of `quotes`."""
        for row in sorted(found, key=lambda row: (row.start, -row.end)):
            one = row.speaker
            said = (self.text[one.start : one.end], one.start, one.end) if one else ("", -1, -1)
            own = row.kind, row.partial, row.start, row.end, self.text[row.start : row.end]
            yield (*own, *said, row.cue.verb if row.cue else "", row.name, row.voice, row.how, *row.reach)


def _lowered(text: str) -> str:
    return " ".join(text.lower().split()).replace("’", "'")


@lru_cache(2**14)
def _plain(text: str) -> str:
    return words.unaccented(_lowered(text))


def _fits(one: str, other: str) -> bool:
    return not one or not other or one == other


def quotes(articles: pd.DataFrame | str, language: str = "fr") -> pd.DataFrame:
    """Quotations of articles with their speakers, in reading order.

    >>> quotes("« La bulle enfle », a prévenu hier Marie Roux.")[["kind", "speaker", "voice"]].to_numpy().tolist()
    [['direct', 'Marie Roux', 'named']]

    Parameters
    ----------
    articles : see `corpus.read`; or one text, then in `language`.

    Returns
    -------
    DataFrame, one row per quotation: `article`, `kind` (direct: reported between marks; indirect: a reported clause, of
    which less than half stands between marks; term: a name, a title or a word that is kept at a distance), `partial` (a
    direct one that is a part of a sentence of the article), `start`, `end` (characters, marks left out), `text`,
    `speaker`, `speaker_start`, `speaker_end` (as it stands: -1 without one), `verb` (or preposition, as it stands),
    `name` (of a person or an organisation, empty where it is not certain or two speak), `voice` (named, organisation,
    unnamed, unknown, and reporter for a term), `how` (the speaker was found: inverted, after, source, colon, inside,
    told, continued, pull, interview, transcript, thread, tweet, none), `reach_start`, `reach_end` (all that is told).
    A string that stands in marks in eight of the articles or more, copies once, is a name of the corpus, so a term.
    A language without word lists of speech (`data/<language>/voices.csv`) has no rows; `attrs["unread"]` names it.
    """
    return said(corpus.given(articles, language) if isinstance(articles, str) else articles)[0]


def said(articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The `quotes` of articles, and what someone is said to hold without words: Roux | rejette l'idée d'une bulle.

    Of that, one row a verb with its object, of the `kind` held, with the columns of `quotes`.
    """
    quoted = [marks.quoted(text) for text in articles.text]
    once = articles.get("family", articles.article)  # copies of one text do not make a name
    rows = zip(once, articles.text, quoted, strict=True)
    short = {(one, _lowered(text[a:b])) for one, text, spans in rows for a, b in spans if b - a <= LABEL}
    times = Counter(label for _, label in short)
    labels = frozenset(label for label, count in times.items() if count >= NAMED)
    rows, held = [], []
    days = ["" if pd.isna(day) else str(day)[:10] for day in articles.get("date", [""] * len(articles))]
    columns = articles.article, articles.text, quoted, articles.language, days
    for article, text, spans, code, day in progress.over(zip(*columns, strict=True), len(articles), "quotations"):
        if speakers.facts(code):
            read = Article(text, spans, code, labels, day)
            rows += [(article, *row) for row in read.table(read.rows)]
            held += [(article, *row) for row in read.table(read.held)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.attrs["unread"] = sorted(code for code in set(articles.language) if not speakers.facts(code))
    return table, pd.DataFrame(held, columns=COLUMNS)


def _owners(size: int, own: list[tuple[int, ...]]) -> np.ndarray:
    """Row of the shortest quotation that holds each character of a text of a size; -1 where none does. Of each is given
    its row, the start and the end of the whole that is reported, and its own."""
    owner = np.full(size + 1, -1)
    for part in (slice(1, 3), slice(3, 5)):
        for row, start, end in sorted([(one[0], *one[part]) for one in own], key=lambda one: one[1] - one[2]):
            owner[start:end] = row
    return owner


def voices(
    matches: pd.DataFrame, quotes: pd.DataFrame, articles: pd.DataFrame, sentences: pd.DataFrame
) -> pd.DataFrame:
    """Who says it: the voice of each place of a theme, which is that of the shortest quotation around it.

    Parameters
    ----------
    matches : see `passages.matches`.
    quotes : of the same articles, see `quotes`.
    articles : the articles themselves.
    sentences : of these articles, see `words.sentences`.

    Returns
    -------
    DataFrame, one row per match in a language that has lists of speech: `article`, `sentence` (from 0 in its article),
    `start`, `end`, `voice` (reporter where nobody is quoted, named, organisation, unnamed, unknown), `name`, `quote`
    (row of `quotes`, or empty), `hearsay` (the reporter's sentence is in the conditional of what is only told: il
    aurait signé).
    """
    texts = articles.set_index("article")[["text", "language"]]
    said, held = defaultdict(list), sentences.iloc[passages.rows(matches, sentences)]
    matches = matches.assign(sentence=held.sentence.to_numpy(), held=held.text.to_numpy())
    spans = quotes.loc[quotes.kind != "term", ["article", "reach_start", "reach_end", "start", "end"]]
    for row, article, *own in spans.itertuples():
        said[article].append((row, *own))
    rows = []
    for article, places in matches.groupby("article", sort=False):
        text, code = texts.loc[article]
        if not speakers.facts(code):
            continue
        conditional, owner = bodies.patterns(code, "hearsay"), _owners(len(text), said[article])
        for number, sentence, start, end in places[["sentence", "held", "start", "end"]].itertuples(index=False):
            row = owner[(start + end) // 2]
            voice, name = ("reporter", "") if row < 0 else (quotes.voice[row], quotes.name[row])
            told = row < 0 and bool(conditional.match(sentence))
            rows.append((article, number, start, end, voice, name, row if row >= 0 else pd.NA, told))
    table = pd.DataFrame(rows, columns="article sentence start end voice name quote hearsay".split())
    return table.astype({"sentence": int, "start": int, "end": int, "quote": "Int64", "hearsay": bool})


def holders(places: pd.DataFrame, quotes: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Who is said to hold what is held of a theme: who says it, or does what the verb says: Huang réfute | une bulle.

    Parameters
    ----------
    places : places of a theme with `article`, `start`, `voice`, `quote` (see `voices`) and `cues` (see
        `stance.stances`).
    quotes, held : of the same articles, see `said`.

    Returns
    -------
    DataFrame, one row per place whose cues stand in what someone says or holds, under its index: `article`, `name`,
    and `start`, `end` of the speaker.
    """
    places, rows = places[places.cues.map(len) > 0], {}
    spoken = {row.Index: row for row in quotes.loc[places["quote"].dropna().unique()].itertuples()}
    near = held[held.article.isin(places.article)]
    objects = {article: (own.start, list(own.itertuples())) for article, own in near.groupby("article", sort=False)}
    for place in places.itertuples():
        told = spoken[place.quote] if pd.notna(place.quote) else None
        if place.voice == "reporter" and place.article in objects:
            starts, own = objects[place.article]
            told = own[max(0, starts.searchsorted(place.start) - 1)]
            told = told if place.start < told.end else None
        if told and all(told.start <= cue < told.end for cue, _ in place.cues):
            rows[place.Index] = place.article, told.name, told.speaker_start, told.speaker_end
    return pd.DataFrame.from_dict(rows, "index", columns=["article", "name", "start", "end"])
