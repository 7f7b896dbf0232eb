"""Who says it: the quotations of articles with their speakers, and the voice of each place of a theme.

Rules and word lists, no model; a name that is not certain is left open.
"""

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bulle import PACKAGE, bodies, corpus, marks, speakers, words
from bulle.speakers import QUOTE, Cue, Mention, Sentence

COLUMNS = """
article kind partial start end text speaker speaker_start speaker_end verb name voice how reach_start reach_end
""".split()
NAMED = 8  # articles that have a string in marks: it is a name of the corpus (12 strings in 932 articles, all names)
LABEL, SHORT = 80, 6  # characters and words of such a string at most
FAR, NEAR, CLOSE = 900, 500, 400  # characters behind which a name, a role, a pronoun no longer stands for who was named
FEW = 8  # people who bear one name, names that stand near: the work stays linear
AROUND = " \n\r\t\xa0\u2009\u202f\u200a,;:–—-"  # what is left out at both ends of a quotation
SMALL = re.compile(r"\b[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_]{2,}")
MIDDLE = re.compile(r"(?<=[a-zà-ÿœ,;'’] )[A-ZÀ-ÝŒ][\w-]+|(?<=['’])[A-ZÀ-ÝŒ][\w-]+")
PIECE = re.compile(r"[^\W\d_]+'|\w+(?:-\w+)*")
UNDER = re.compile(
    r"[»”\"]?[.\s]*\n([^\n]{3,59}[^\n.?!])\s*\n"
)  # a line under a quotation that is drawn out of the text


@dataclass(eq=False)
class Person:
    """Someone whom an article names."""

    name: str
    gender: str
    roles: frozenset[str] = frozenset()


@dataclass(eq=False)
class Speech:
    """One quotation; see `quotes`."""

    kind: str
    start: int
    end: int
    speaker: Mention | None = None
    cue: Cue | None = None
    name: str = ""
    voice: str = "reporter"
    how: str = "none"
    partial: bool = False
    reach: tuple[int, int] = (0, 0)


class Article:
    """One article as it is read from its start to its end: its people, who spoke last, and its quotations."""

    def __init__(self, text: str, language: str, labels: frozenset[str]):
        self.text, self.language, self.labels, self.facts = text, language, labels, speakers.facts(language)
        self.kinds, self.spans = self.facts.kinds, marks.quoted(text)
        self.repeated = Counter(_plain(text[start:end]) for start, end in self.spans)
        self.people: dict[str, list[Person]] = defaultdict(list)  # name, surname, first name -> who bears it
        self.roles: dict[str, Person] = {}
        self.near: dict[str, list[Person]] = defaultdict(list)  # party or firm -> whose role is of it
        self.recent: list[tuple[int, Person]] = []  # where a name stood, and whose it is
        self.spoke: Speech | None = None  # who spoke last, as far as the text says
        self.marked: Speech | None = None  # the last quotation in marks
        self.told: tuple[int, Mention] | None = None  # the one whom the sentence before is about, and where it ended
        self.rows: list[Speech] = []
        self.known = frozenset(SMALL.findall(text)), frozenset(MIDDLE.findall(text))
        cut = marks.sentences(text, self.spans, language)
        sentences = [Sentence(text, tokens, self.facts, *self.known) for tokens in cut if tokens]
        for sentence in sentences:
            self._meet(sentence)
        self.recent = []
        for self.sentence in sentences:
            self._meet(self.sentence)
            self._hear()
        self._take_turns()

    def _meet(self, sentence: Sentence) -> None:
        """Learn the people of a sentence, and their roles."""
        speaking = [cue.subject for cue in sentence.cues]
        for one in sentence.mentions:
            if one.kind != "person":
                continue
            known = self._match(one.name, one.gender)
            if known is None and (" " in one.name or one in speaking or one.roles):
                known = Person(one.name, one.gender)
                parts = one.name.split(" ")
                for key in {parts[0], *(" ".join(parts[k:]) for k in range(len(parts[:FEW])))}:
                    self.people[_plain(key)] = [*self.people[_plain(key)][1 - FEW :], known]
            if known:
                known.gender = known.gender or one.gender
                known.roles |= {role for role in one.roles if role}
                self.roles |= dict.fromkeys(known.roles & set(one.roles), known)
                for word in one.near if self.kinds["head"].keys() & one.roles else ():
                    if known not in self.near[word][:2]:
                        self.near[word].append(known)
                if not one.led:
                    self.recent.append((one.start, known))

    def _match(self, name: str, gender: str = "") -> Person | None:
        """The person of the article for whom a name, a surname or a first name stands."""
        return next((one for one in reversed(self.people.get(_plain(name), [])) if _fits(one.gender, gender)), None)

    def _hear(self) -> None:
        """The quotations of one sentence, marked and unmarked."""
        sentence, self.found = self.sentence, []
        self.quotes = [k for k, sign in enumerate(sentence.signs) if sign == QUOTE]
        self.outside = [
            low for low, sign in zip(sentence.low, sentence.signs, strict=True) if sign.isalpha() and sign != QUOTE
        ]
        for k in self.quotes:
            self.found.append(self._quotation(k, sentence.tokens[k][0] + 1, sentence.tokens[k][1] - 1))
            if self.found[-1].kind == "direct":
                self.marked = self.found[-1]
        self._indirect()
        self.rows += self.found
        able = [cue.subject for cue in sentence.cues if cue.how != "source"] or [
            m for m in sentence.mentions if not m.led
        ]
        able = [m for m in able if m.kind in ("person", "pronoun", "role")]
        self.told = (sentence.tokens[-1][1], able[0]) if able and not self.found else None

    def _resolved(self, one: Mention | None, at: int) -> tuple[str, str]:
        """The name and the voice of a mention; the name is empty where it is not certain."""
        if one is None:
            return "", "unknown"
        if one.kind == "person":
            known = self._match(one.name, one.gender)
            return (known.name if known else one.name), "named"
        if one.kind in ("organisation", "unnamed"):
            return one.name, one.kind
        if one.gender in ("mp", "fp", "on"):
            return "", "unnamed"
        near = [(start, who) for start, who in self.recent[-FEW:] if at - FAR < start < one.start]
        spoke, since = self.spoke, at - self.spoke.end if self.spoke else FAR
        newer = bool(near) and at - near[-1][0] < since
        same = one.kind == "pronoun" or set(one.roles) & self.kinds["same"].keys()
        if (
            spoke
            and spoke.voice != "named"
            and not newer
            and since < NEAR
            and same
            and not self._several(spoke.speaker)
        ):
            return "", spoke.voice
        fitting = [(start, who) for start, who in near if _fits(who.gender, one.gender)]
        last = self._match(spoke.name, one.gender) if spoke and spoke.voice == "named" else None
        who = (self._role if one.kind == "role" else self._pronoun)(one, fitting, last, newer, since)
        return (who.name, "named") if who else ("", "unnamed" if one.kind == "role" else "unknown")

    def _several(self, one: Mention | None) -> bool:
        return one is not None and one.kind == "unnamed" and self.text[one.start : one.end].endswith("s")

    def _role(self, one: Mention, fitting: list, last: Person | None, newer: bool, since: int) -> Person | None:
        """Who a role stands for; none where it may be anybody's."""
        phrase = _plain(self.text[one.begin : one.end + 28].split(",")[0])
        if phrase.startswith(tuple(self.kinds["indefinite"])):
            return None
        for known in [self.roles[role] for role in one.roles if role in self.roles and role not in self.kinds["vague"]]:
            if _fits(known.gender, one.gender):
                return known
        for office, flags in self.kinds["office"].items():
            if _plain(office) in phrase:
                return self._match(flags.rsplit(" ", 2)[0])
        near = one.near if self.kinds["head"].keys() & one.roles else ()
        beside = {who.name: who for word in near for who in self.near[word] if _fits(who.gender, one.gender)}
        if len(beside) == 1:
            return next(iter(beside.values()))
        if one.near or set(phrase.split(" ")[1:]) & self.kinds["of"].keys() | self.kinds["of the"].keys() & set(
            phrase.split(" ")[2:]
        ):
            return None
        who = fitting[-1][1] if len({who.name for _, who in fitting}) == 1 else None
        if last:
            who = last if since < NEAR and not (newer and fitting and fitting[-1][1] is not last) else None
        return who if who and (not who.roles or self.kinds["same"].keys() & one.roles) else None

    def _pronoun(self, one: Mention, fitting: list, last: Person | None, newer: bool, since: int) -> Person | None:
        """Who a pronoun stands for: the subject of its sentence, else who spoke last, else who was named last."""
        before = [m for m in self.sentence.mentions if m.end <= one.start and not m.led and _fits(m.gender, one.gender)]
        people = [m for m in before if m.kind == "person"]
        if people:
            spoke = [m for m in people if any(m is cue.subject for cue in self.sentence.cues)]
            return self._match((spoke or people)[0].name) or Person((spoke or people)[0].name, "")
        roles = [m for m in before if m.kind == "role"]
        named = self._match(self._resolved(roles[-1], one.start)[0]) if roles else None
        if named:
            return named
        if last and (not fitting or fitting[-1][1] is last or (since < CLOSE and not newer)):
            return last
        return fitting[-1][1] if fitting else last

    def _row(self, kind: str, start: int, end: int, cue: Cue | None) -> Speech:
        """One quotation, with who speaks."""
        stop = ".»”" if kind == "indirect" else ""
        own = self.text[start:end]
        start += len(own) - len(own.lstrip(AROUND + stop))
        end = max(start, end - len(own) + len(own.rstrip(AROUND + stop[:1])))
        row = Speech(kind, start, end, cue.subject if cue else None, cue, reach=(start, end))
        if kind != "term":
            row.name, row.voice = self._resolved(row.speaker, start)
            row.how = cue.how if cue else "none"
            if row.name or (row.speaker and row.speaker.kind != "pronoun" and row.voice != "unknown"):
                self.spoke = row
        return row

    def _quotation(self, k: int, start: int, end: int) -> Speech:
        """The row of a quotation in marks: speech or a term."""
        own, signs = _plain(self.text[start:end]), self.sentence.signs
        pieces = PIECE.findall(own)
        size, bare = len(pieces), not self.outside
        if size <= SHORT and (own in self.labels or self.repeated[own] > 2):
            return self._row("term", start, end, None)
        said = not self.kinds["speech"].keys().isdisjoint(pieces)
        attached = k > 0 and signs[k - 1].isalpha()
        long = size >= (15 if attached and not bare else 8) or (said and size > 3) or (bare and size > 2)
        long = long or (own[-1:] in ("!", "?") and size > 1)
        reach = 26 if size > 3 else 13 if self.repeated[own] < 2 else 4
        cue = (
            self._governing(k, size, attached, reach)
            or self._again(start, size)
            or self._other(k, start, end, size, long)
        )
        if cue is None and not long:
            return self._row("term", start, end, None)
        row, before = self._row("direct", start, end, cue), self.marked
        row.partial = attached and not bare
        follows = bare or re.fullmatch("[&z]?,?|[&p][fa].{0,5}", signs[:k])
        if (
            cue is None
            and follows
            and before
            and start - before.end < CLOSE
            and "\n\n" not in self.text[before.end : start]
        ):
            row.speaker, row.name, row.voice, row.how = before.speaker, before.name, before.voice, "continued"
        return row

    def _governing(self, k: int, size: int, attached: bool, reach: int) -> Cue | None:
        """The cue of its sentence that governs a quotation."""
        signs = self.sentence.signs
        cues = [cue for cue in self.sentence.cues if cue.how != "after" or cue.subject.gender != "on"]
        after = next((cue for cue in cues if cue.how == "inverted" and cue.first > k), None)
        if after and sum(sign != QUOTE for sign in signs[k + 1 : after.first]) <= 3:
            return after
        if (
            after
            and size <= 3
            and attached
            and any(len(self.sentence.words[q].split()) > 7 for q in self.quotes if k < q < after.first)
        ):
            after = None  # it is that of a longer quotation
        verbs = [cue for cue in cues if cue.how == "after" and cue.last <= k]
        for cue in reversed(verbs[-2:]):
            between = signs[cue.last : k].replace(QUOTE, "")
            that = "q" in between[:9]
            near = len(between) <= (reach if that or size > 3 else min(reach, 9)) and not set(";:") & set(between[:-2])
            if near and ("n" in cue.flags or len(between) <= 4 or that) and (not after or len(between) <= 4):
                return cue
        sources = [cue for cue in cues if cue.how == "source" and (size > 3 or abs(cue.first - k) < 7 or cue.opening)]
        opened = [cue for cue in sources if cue.first < k and (cue.opening or k - cue.first < 16)]
        back = [cue for cue in cues if cue.how == "inverted" and cue.first < k and not (size <= 5 and attached)]
        beyond = [cue for cue in cues if cue.how == "after" and cue.first > k and size > 2]
        choices = [after, *opened[-1:], *back[-1:], *sources[:1], *(verbs[-1:] if size > 6 else []), *beyond[:1]]
        return next(filter(None, choices), None)

    def _again(self, start: int, size: int) -> Cue | None:
        """The cue of the quotation before, when this one goes on with it: il dénonce une « farce » et un « mépris »."""
        before = self.found[-1] if self.found else None
        if before is None or before.kind != "direct" or before.how != "after" or start - before.end > 110:
            return None
        between = re.findall(r"\w+|[;:.]", self.text[before.end : start])
        joined = len(between) < 2 and set(between) <= self.kinds["and"].keys()
        return before.cue if (size >= 3 or joined) and not set(between) & set(";:.") else None

    def _other(self, k: int, start: int, end: int, size: int, long: bool) -> Cue | None:
        """What else says whose a quotation is: a colon, a verb inside it, a line under it, the sentence before."""
        sentence = self.sentence
        if sentence.signs[:k].endswith(":") and (size > 3 or long):
            able = [m for m in sentence.mentions if m.end <= start and not m.led]
            people = [m for m in able if m.kind in ("person", "role")]
            for one in [m for m in people if m.last == k - 1] or people[:1] or able[-1:]:
                return Cue("colon", one, "", "i", 0, 0, start)
        cue = self._inside(start, end)
        if cue or self.outside or not long:
            return cue
        under = UNDER.match(self.text, end, end + 72)
        for one in self._read(*under.span(1)).mentions[:1] if under else []:
            return Cue("pull", one, "", "i", 0, 0, start)
        if self.told and start - self.told[0] < 5 and "\n" not in self.text[self.told[0] : start]:
            return Cue("told", self.told[1], "", "i", 0, 0, start)
        return None

    def _read(self, start: int, end: int) -> Sentence:
        """What stands from a place to the next mark as a sentence of its own."""
        cut = words.spans(self.text[start:end], self.language)
        tokens = [(start + a, start + b) for sentence in cut[:1] for a, b in sentence]
        stop = next((k for k, (a, b) in enumerate(tokens) if self.text[a:b] in tuple(",.!?»")), len(tokens))
        return Sentence(self.text, tokens[:stop], self.facts, *self.known)

    def _inside(self, start: int, end: int) -> Cue | None:
        """A verb with its subject inside the marks: « ..., juge-t-il. ... »."""
        for comma in re.finditer(r",\s", self.text[start:end]):
            part = self._read(start + comma.end(), min(end, start + comma.end() + 90))
            cue = next((cue for cue in part.cues if cue.how == "inverted" and cue.first <= 2), None)
            if cue and cue.subject.kind != "unnamed":
                return Cue("inside", cue.subject, cue.verb, cue.flags, 0, 0, cue.start)
        return None

    def _indirect(self) -> None:
        """A row for each reported clause, of which less than half stands in marks."""
        rows, sentence, reached = [], self.sentence, len(self.sentence.tokens)
        for number, cue in enumerate(sentence.cues):
            first, last = self._content(cue, self._stop(number)) or (0, 0)
            if first >= last or first >= reached:
                continue
            start, end = sentence.tokens[first][0], sentence.tokens[last - 1][1]
            inside = sum(b - a for a, b in (sentence.tokens[k] for k in self.quotes if first <= k < last))
            if 2 * inside > end - start:
                for row in self.found:
                    row.reach = (start, end) if row.cue is cue else row.reach
            elif end - start >= 12 and not any(start < row.end and row.start < end for row in rows):
                if not self._behind_quotation(cue):
                    rows.append(self._row("indirect", start, end, cue))
        self.found += rows

    def _behind_quotation(self, cue: Cue) -> bool:
        """Whether a cue stands right behind a quotation, which is all that it reports."""
        signs, k = self.sentence.signs, len(self.sentence.signs[: cue.first].rstrip(",c")) - 1
        if cue.how != "inverted" or signs[k : k + 1] != QUOTE:
            return False
        return len(self.sentence.words[k].split()) > 6 or not (k and signs[k - 1].isalpha())

    def _stop(self, number: int) -> int:
        """The word where the clause that a cue reports must end: that of the next cue behind a comma."""
        cues, signs = self.sentence.cues, self.sentence.signs
        for cue in cues[number + 1 :]:
            joint = signs[cue.first - 1]
            if (
                cue.how != "source"
                and cue.first > cues[number].last
                and (joint in ",Q" or (joint == "&" and signs[cue.first] == "g"))
            ):
                return cue.first
        return len(signs)

    def _content(self, cue: Cue, stop: int) -> tuple[int, int] | None:
        """The words of what a cue reports without marks."""
        signs, low, last = self.sentence.signs, self.sentence.low, cue.last
        if cue.how == "source":
            return self._sourced(cue, stop)
        end = re.compile(";|,(?=[zg])").search(signs, last + 3, stop)
        stop = end.start() if end else stop
        if "q" in cue.flags:
            that = re.compile("[^.;:Q,]{0,8}?q" if cue.how == "inverted" else "[^.;:Q]{0,8}?q").match(signs, last)
            if that:
                return that.end(), stop
        if cue.how == "inverted":
            return (0, cue.first) if cue.first > 3 and signs[cue.first - 1] == "," else None
        k = re.compile("[bc]*").match(signs, last).end()
        if "f" not in cue.flags or k >= len(signs):
            return None
        if low[k].endswith(tuple(self.kinds["infinitive"])) and signs[k] in "la" and len(low[k]) > 3:
            return (k if signs[last] == "b" else last), stop
        oneself = low[last - 1] in self.kinds["oneself"] and {"s'", "se"} & set(low[max(0, cue.first - 2) : last])
        return (k, stop) if oneself and signs[k] in "lr" else None

    def _sourced(self, cue: Cue, stop: int) -> tuple[int, int]:
        """The words of what a source says: what follows it when it opens the sentence, else the clause before it."""
        signs, first, last = self.sentence.signs, cue.first, cue.last
        if cue.opening:
            return last, len(signs)
        if signs[last : last + 2] == ":Q":
            return 0, 0
        cuts = [found.end() for found in re.compile("[;:-]|,(?=z|&q)").finditer(signs, 0, max(0, first - 1))]
        apart = first > 1 and signs[first - 1] == "," and signs[last : last + 1] == ","
        if apart and signs[first - 2] == "a":
            return last, stop
        after = len(signs) if apart and (first < 9 or signs[last + 1 : last + 2] not in ("&", "z")) else first
        return (cuts[-1] if cuts else 0), after

    def _take_turns(self) -> None:
        """Add what is said without marks in interviews and signed messages; what is quoted there is theirs."""
        for start, end, first, last, how in marks.turns(self.text):
            one = Mention("person", first, last, first, 0, 0, name=" ".join(self.text[first:last].split()))
            body = any(word in self.kinds["name"] for word in one.name.split())
            if body and how == "interview":  # the newspaper asks
                continue
            one.kind = "organisation" if body else "person"
            inside = [row for row in self.rows if start <= row.start < end and row.voice == "unknown"]
            self.rows = [row for row in self.rows if row not in inside]
            self.rows.append(
                Speech("direct", start, end, one, None, *self._resolved(one, start), how, reach=(start, end))
            )

    def table(self) -> Iterator[tuple]:
        """The quotations, as rows of `quotes`."""
        for row in sorted(self.rows, key=lambda row: (row.start, -row.end)):
            one = row.speaker
            said = (self.text[one.start : one.end], one.start, one.end) if one else ("", -1, -1)
            verb = row.cue.verb if row.cue else ""
            own = row.kind, row.partial, row.start, row.end, self.text[row.start : row.end]
            yield (*own, *said, verb, row.name, row.voice, row.how, *row.reach)


def _plain(text: str) -> str:
    return words.unaccented(" ".join(text.lower().split()).replace("’", "'"))


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
    `name` (that of a person or an organisation, empty where it is not certain), `voice` (named, organisation, unnamed,
    unknown, and reporter for a term), `how` (the speaker was found: inverted, after, source, colon, inside, told,
    continued, pull, interview, tweet, none), `reach_start`, `reach_end` (of the whole that is reported).
    A string that stands in marks in eight of the articles or more is a name of the corpus, so a term.
    A language without word lists of speech (`data/<language>/voices.csv`) has no rows; `attrs["unread"]` names it.
    """
    if isinstance(articles, str):
        articles = corpus.given(articles, language)
    spans = {row.article: marks.quoted(row.text) for row in articles.itertuples()}
    held = Counter()
    for article, text in zip(articles.article, articles.text, strict=True):
        held.update({_plain(text[start:end]) for start, end in spans[article] if end - start <= LABEL})
    labels = frozenset(label for label, count in held.items() if count >= NAMED)
    rows = []
    for article, text, code in zip(articles.article, articles.text, articles.language, strict=True):
        if speakers.facts(code):
            rows += [(article, *row) for row in Article(text, code, labels).table()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.attrs["unread"] = sorted(code for code in set(articles.language) if not speakers.facts(code))
    return table


def voices(matches: pd.DataFrame, quotes: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Who says it: the voice of each place of a theme, which is that of the shortest quotation around it.

    Parameters
    ----------
    matches : see `passages.matches`.
    quotes : of the same articles, see `quotes`.
    articles : the articles themselves.

    Returns
    -------
    DataFrame, one row per match: `article`, `sentence` (from 0 in its article), `start`, `end`, `voice` (reporter where
    nobody is quoted, named, organisation, unnamed, unknown), `name`, `quote` (row of `quotes`, or empty), `hearsay`
    (the reporter's sentence is in the conditional of what is only told: il aurait signé).
    """
    texts = articles.set_index("article")[["text", "language"]]
    said = dict(list(quotes[quotes.kind != "term"].groupby("article")))
    rows = []
    for article, places in matches.groupby("article", sort=False):
        text, code = texts.loc[article]
        owner = np.full(len(text) + 1, -1)  # row of the quotation that holds each character
        own = said.get(article, quotes[:0])
        for start, end in (("reach_start", "reach_end"), ("start", "end")):
            longest = own.assign(size=own[end] - own[start]).sort_values("size", ascending=False, kind="stable")
            for row, first, last in zip(longest.index, longest[start], longest[end], strict=True):
                owner[first:last] = row
        cut = words.sentence_spans(text, code)
        begins = [start for start, _ in cut]
        for start, end in zip(places.start, places.end, strict=True):
            number, row = max(bisect(begins, start) - 1, 0), owner[(start + end) // 2]
            voice, name = ("reporter", "") if row < 0 else (quotes.voice[row], quotes.name[row])
            told = row < 0 and _hearsay(text[slice(*cut[number])], code)
            rows.append((article, number, start, end, voice, name, row if row >= 0 else pd.NA, told))
    table = pd.DataFrame(rows, columns="article sentence start end voice name quote hearsay".split())
    return table.astype({"quote": "Int64", "hearsay": bool})


def _hearsay(sentence: str, language: str) -> bool:
    known = (PACKAGE / "data" / language / "hearsay.txt").is_file()
    return known and bool(bodies.patterns(language, "hearsay").match(sentence))
