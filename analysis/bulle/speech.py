"""Who says it: the quotations of articles with their speakers, and the voice of each place of a theme.

Rules and word lists, no model: a name that is not certain is left open. Measures and gold: see `benchmarks/`.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bulle import PACKAGE, bodies, corpus, marks, speakers, words
from bulle.speakers import QUOTE, Cue, Mention, Sentence

COLUMNS = """
article kind partial start end text speaker speaker_start speaker_end verb name voice how reach_start reach_end
""".split()
NAMED = 8  # articles that have a string in marks: it is a name of the corpus (12 strings in 932 articles, all names)
LABEL, SHORT = 80, 6  # characters and words of such a string at most
AROUND = " \n\r\t\xa0\u2009\u202f\u200a,;:–—-"  # what is left out at both ends of a quotation
FAR = 900  # characters behind which a name is no longer what a pronoun or a role stands for


@dataclass(eq=False)
class Person:
    """Someone whom an article names, with the capitalised words that stood beside the name (a party, a firm)."""

    name: str
    gender: str
    near: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Speech:
    """One quotation; see `quotes`. `reach`: all that its cue reports, where the marks hold only a part of it."""

    kind: str
    start: int
    end: int
    speaker: Mention | None = None
    cue: Cue | None = None
    verb: str = ""
    name: str = ""
    voice: str = "unknown"
    how: str = "none"
    partial: bool = False
    said: str = ""
    reach: tuple[int, int] = (0, 0)


class Article:
    """One article as it is read from its start to its end: its people, who spoke last, and its quotations."""

    def __init__(self, text: str, language: str, labels: frozenset[str]):
        self.text, self.language, self.labels = text, language, labels
        self.facts = speakers.facts(language)
        self.spans = marks.quoted(text)
        self.mask = marks.masked(text, self.spans)
        self.repeated = Counter(_plain(text[start:end]) for start, end in self.spans)
        self.people: list[Person] = []
        self.roles: dict[str, Person] = {}
        self.recent: list[tuple[int, Person, int]] = []  # where a name stood, whose it is, where its sentence begins
        self.last: Person | None = None  # who spoke last, if it has a name
        self.said, self.voice, self.several, self.at = "", "", False, 0  # else as it stands; and where it ended
        self.bare: Speech | None = None
        self.told: tuple[int, Mention] | None = None
        self.rows: list[Speech] = []
        known = frozenset(speakers.SMALL.findall(text)), frozenset(speakers.MIDDLE.findall(text))
        cut = marks.sentences(text, self.spans, language)
        self.sentences = [Sentence(text, tokens, self.facts, known) for tokens in cut if tokens]
        for sentence in self.sentences:
            self._meet(sentence)
        self.recent = []
        for sentence in self.sentences:
            self._meet(sentence)
            self._hear(sentence)

    def _meet(self, sentence: Sentence) -> None:
        """Learn the people of a sentence, and their roles."""
        speaking = [cue.subject for cue in sentence.cues]
        for one in sentence.mentions:
            if one.kind != "person":
                continue
            known = self._match(one.name, one.gender)
            if known is None and (" " in one.name or one in speaking or one.heads):
                known = Person(one.name, one.gender)
                self.people.append(known)
            if known:
                known.near |= one.near
                known.gender = known.gender or one.gender
                self.roles |= {head: known for head in one.heads if head}
                if not one.led:
                    self.recent.append((one.start, known, sentence.tokens[0][0]))

    def _match(self, name: str, gender: str = "") -> Person | None:
        """The person of the article for whom a name, a surname or a first name stands."""
        for one in reversed(self.people):
            if _fits(one.gender, gender) and (
                one.name == name or one.name.endswith(" " + name) or (" " not in name and one.name.split()[0] == name)
            ):
                return one
        return None

    def _hear(self, sentence: Sentence) -> None:
        """The quotations of one sentence, marked and unmarked."""
        found = _Heard(self, sentence)
        found.direct()
        found.indirect()
        self.rows += found.rows
        able = [cue.subject for cue in sentence.cues if cue.how != "source"] or [
            m for m in sentence.mentions if not m.led
        ]
        able = [m for m in able if m.kind in ("person", "pronoun", "role")]
        end = sentence.tokens[-1][1]
        alone = able and not found.quotes and (not found.rows or found.rows[-1].end <= sentence.tokens[0][0])
        self.told = (end, able[0]) if alone else None

    def resolved(self, one: Mention | None, sentence: Sentence, at: int) -> tuple[str, str]:
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
        near = [(start, who, begin) for start, who, begin in self.recent if at - start < FAR and start < one.start]
        newer = bool(near) and near[-1][0] > self.at
        same = one.kind == "pronoun" or set(one.heads) & set(self.facts.kinds["same"])
        if self.said and not self.several and not newer and at - self.at < 500 and same:
            return "", self.voice
        fitting = [who for _, who, _ in near if _fits(who.gender, one.gender)]
        last = self.last if self.last and _fits(self.last.gender, one.gender) else None
        if one.kind == "role":
            return self._role(one, fitting, last, newer, at)
        return self._pronoun(one, sentence, near, fitting, last, newer, at)

    def _role(self, one, fitting, last, newer, at) -> tuple[str, str]:
        known = next((self.roles[head] for head in one.heads if head in self.roles), None)
        if known and _fits(known.gender, one.gender) and not one.vague:
            return known.name, "named"
        phrase = _plain(" ".join(self.text[one.begin : max(one.end, one.begin) + 28].split(",")[0].split()))
        for office, flags in self.facts.kinds["office"].items():
            holder = self._match(flags.rsplit(" ", 2)[0]) if _plain(office) in phrase else None
            if holder:
                return holder.name, "named"
        marked = [who for who in self.people if _fits(who.gender, one.gender) and who.near & one.near]
        if len(marked) == 1 and not one.vague:
            return marked[0].name, "named"
        if one.vague or one.near or re.search(r" (?:du|de|des|d')\b", phrase):
            return "", "unnamed"
        if last and at - self.at < 700 and not (newer and fitting and fitting[-1] is not last):
            return last.name, "named"
        if fitting and not last and len(set(map(id, fitting))) == 1:
            return fitting[-1].name, "named"
        return "", "unnamed"

    def _pronoun(self, one, sentence, near, fitting, last, newer, at) -> tuple[str, str]:
        local = [m for m in sentence.mentions if m.end <= one.start and not m.led and _fits(m.gender, one.gender)]
        local = [m for m in local if m.kind in ("person", "role")]
        if local and all(m.kind == "role" for m in local):
            name, voice = self.resolved(local[-1], sentence, at)
            if name:
                return name, voice
        begin = sentence.tokens[0][0]
        here = [who for start, who, begun in near if begun == begin and _fits(who.gender, one.gender)]
        if here:
            spoke = [
                cue.subject for cue in sentence.cues if cue.subject.kind == "person" and cue.subject.end < one.start
            ]
            return ([self._match(m.name, m.gender) for m in spoke if self._match(m.name, m.gender)] + here)[
                0
            ].name, "named"
        if last and (not fitting or fitting[-1] is last or (at - self.at < 400 and not newer)):
            return last.name, "named"
        if fitting:
            return fitting[-1].name, "named"
        return (last.name, "named") if last else ("", "unknown")

    def table(self) -> Iterator[tuple]:
        """The quotations, as rows of `quotes`."""
        for row in sorted(self.rows, key=lambda row: (row.start, -row.end)):
            one, (begin, stop) = row.speaker, row.reach
            as_it_stands = (self.text[one.start : one.end], one.start, one.end) if one else ("", -1, -1)
            yield (row.kind, row.partial, row.start, row.end, self.text[row.start : row.end], *as_it_stands, row.verb,
                   row.name, row.voice, row.how, begin or row.start, stop or row.end)  # fmt: skip

    def remember(self, row: Speech) -> None:
        """Who spoke last, for the pronouns that follow."""
        one = row.speaker
        if row.voice == "named" and row.name:
            self.last, self.at, self.said = self._match(row.name) or Person(row.name, ""), row.end, ""
        elif one is not None and row.voice in ("unnamed", "organisation") and one.kind != "pronoun":
            self.last, self.at, self.voice = None, row.end, row.voice
            self.said = row.said or self.text[one.begin : one.end]
            self.several = one.kind == "unnamed" and self.said.rstrip().endswith("s")


def _plain(text: str) -> str:
    return words.unaccented(" ".join(text.lower().split()).replace("’", "'"))


def _fits(one: str, other: str) -> bool:
    return not one or not other or one == other


class _Heard:
    """What is heard in one sentence of an article."""

    def __init__(self, article: Article, sentence: Sentence):
        self.article, self.sentence, self.text = article, sentence, article.text
        self.rows: list[Speech] = []
        self.quotes = [k for k, sign in enumerate(sentence.signs) if sign == QUOTE]
        outside = [k for k, sign in enumerate(sentence.signs) if sign.isalpha() and sign != QUOTE]
        self.outside = [sentence.low[k] for k in outside]
        self.text[sentence.tokens[0][0] : sentence.tokens[0][0] + 30].lstrip("»«>-–— \xa0\u202f").lower()
        self.pulled = False

    def row(self, kind: str, start: int, end: int, cue: Cue | None, one: Mention | None = None) -> Speech:
        """One quotation, with who speaks."""
        stop = "." if kind == "indirect" else ""
        own = self.text[start:end]
        start += len(own) - len(own.lstrip(AROUND + stop + "»”"[: len(stop) * 2]))
        end -= len(own) - len(own.rstrip(AROUND + stop))
        row = Speech(kind, start, max(start, end), one or (cue.subject if cue else None), cue)
        if kind == "term":
            row.voice = "reporter"
            return row
        row.name, row.voice = self.article.resolved(row.speaker, self.sentence, start)
        row.verb, row.how = (cue.verb, cue.how) if cue else ("", "none")
        if row.speaker and row.speaker.kind in ("pronoun", "role") and row.voice in ("unnamed", "organisation"):
            row.said = self.article.said if self.article.last is None else ""
        self.article.remember(row)
        return row

    def direct(self) -> None:
        """A row for each quotation in marks: speech or a term."""
        for k in self.quotes:
            start, end = self.sentence.tokens[k][0] + 1, self.sentence.tokens[k][1] - 1
            self.rows.append(self._quotation(k, start, end))
            if self.rows[-1].kind == "direct":
                self.article.bare = self.rows[-1]

    def _quotation(self, k: int, start: int, end: int) -> Speech:
        own = [
            word.replace("’", "'") for word in re.findall(r"[^\W\d_]+['’]|\w+(?:-\w+)*", self.text[start:end].lower())
        ]
        size, label = len(own), self._label(start, end)
        if label or not size:
            return self.row("term", start, end, None)
        bare, speech = not self.outside, any(word in self.article.facts.kinds["speech"] for word in own)
        attached = k > 0 and self.sentence.signs[k - 1].isalpha()
        asked = self.text[start:end].rstrip()[-1:] in ("!", "?") and size > 1
        long = size >= (15 if attached and not bare else 8) or asked or (size >= 4 and speech) or (bare and size >= 3)
        cue, one = None, None
        if not self.pulled:
            cue = self._governing(k, start, end, size, attached)
            if cue and cue.how == "inverted" and attached and size <= 3 and not speech and self._farther(k, cue):
                cue = None
            cue = cue or self._again(start, size)
            if cue is None:
                cue, one = self._other(k, start, end, size, long)
        if cue is None and not long:
            return self.row("term", start, end, None)
        row = self.row("direct", start, end, cue, one)
        row.partial = not bare and attached
        before = self.article.bare
        follows = bare or (len(self.outside) < 4 and set(self.outside) <= self.article.facts.kinds["starter"].keys())
        close = before and 0 <= start - before.end < 400 and "\n\n" not in self.text[before.end : start]
        if cue is None and follows and close:
            row.speaker, row.name, row.voice, row.how = before.speaker, before.name, before.voice, "continued"
        return row

    def _label(self, start: int, end: int) -> bool:
        """Whether what stands in marks is a name: of the corpus, or said again and again in the article."""
        own = _plain(self.text[start:end])
        if len(own.split()) > SHORT:
            return False
        return own in self.article.labels or self.article.repeated[own] > (2 if self.article.labels else 1)

    def _farther(self, k: int, cue: Cue) -> bool:
        """Whether a longer quotation stands between a quotation and its cue: the cue is that one's."""
        between = [self.sentence.words[q] for q in self.quotes if k < q < cue.first]
        return any(len(words.split()) > 7 for words in between)

    def _governing(self, k: int, start: int, end: int, size: int, attached: bool) -> Cue | None:
        """The cue of its sentence that governs a quotation."""
        signs = self.sentence.signs
        cues = [c for c in self.sentence.cues if not (c.how == "after" and c.subject.gender == "on")]
        after = next((c for c in cues if c.how == "inverted" and c.first > k), None)
        if after and sum(sign != QUOTE for sign in signs[k + 1 : after.first]) <= 3:
            return after
        verbs = [c for c in cues if c.how == "after" and c.last <= k]
        for cue in reversed(verbs[-2:]):
            between = signs[cue.last : k].replace(QUOTE, "")
            that = "q" in between[:9]
            near = len(between) <= (26 if size > 3 else 13 if that else 7) and not set(";:") & set(between[:-2])
            if near and ("n" in cue.flags or len(between) <= 4 or that) and (not after or len(between) <= 4):
                return cue
        sources = [c for c in cues if c.how == "source" and (c.first > k or c.first < k)]
        opened = [c for c in sources if c.first < k and (c.opening or k - c.first < 16)]
        back = [c for c in cues if c.how == "inverted" and c.first < k and not (size <= 5 and attached)]
        beyond = [c for c in cues if c.how == "after" and c.first > k and size > 2]
        choices = [after, *opened[-1:], *back[-1:], *sources[:1], *(verbs[-1:] if size > 6 else []), *beyond[:1]]
        return next(filter(None, choices), None)

    def _again(self, start: int, size: int) -> Cue | None:
        """The cue of the quotation before, when this one goes on with it: il dénonce une « farce » et un « mépris »."""
        before = self.rows[-1] if self.rows else None
        if before is None or before.kind != "direct" or before.how != "after" or start - before.end > 110:
            return None
        between = self.article.mask[before.end + 1 : start]
        joined = re.fullmatch(r"\W*(?:et|ou|mais|puis|and|or|but)?\W*", between)
        return before.cue if (size >= 3 or joined) and not re.search(r"[;:.]", between) else None

    def _other(self, k: int, start: int, end: int, size: int, long: bool) -> tuple[Cue | None, Mention | None]:
        """What else says whose a quotation is: a colon, a verb inside it, a line under it, the sentence before."""
        sentence, article = self.sentence, self.article
        if sentence.signs[:k].endswith(":") and (size >= 4 or long):
            able = [m for m in sentence.mentions if m.end <= start and not m.led]
            such = [m for m in sentence.mentions if m.first and m.first < k and sentence.low[m.first - 1] == "comme"]
            people = [m for m in able if m.kind in ("person", "role")]
            one = next(iter([m for m in such if m.kind == "person"][-1:] + people[:1] + able[-1:]), None)
            if one:
                return self._made("colon", one, start), one
        cue = self._inside(start, end)
        if cue or self.outside or not long:
            return cue, None
        under = re.match(r"[»”\"]?[.\s]*\n([^\n]{4,60})\n", self.text[end : end + 70])
        if under and not under[1].rstrip().endswith((".", "?", "!")):
            one = next(iter(self._read(end + under.start(1), end + under.end(1)).mentions), None)
            if one:
                return self._made("pull", one, start), one
        if article.told and start - article.told[0] < 5 and "\n" not in self.text[article.told[0] : start]:
            return self._made("told", article.told[1], start), article.told[1]
        return None, None

    def _made(self, how: str, one: Mention, at: int) -> Cue:
        return Cue(how, one, "", "i", 0, 0, at, at)

    def _read(self, start: int, end: int) -> Sentence:
        """What stands from a place to the next mark as a sentence of its own."""
        cut = words.spans(self.text[start:end], self.article.language)
        tokens = [(start + a, start + b) for sentence in cut[:1] for a, b in sentence]
        stop = next((k for k, (a, b) in enumerate(tokens) if self.text[a:b] in tuple(",.!?»")), len(tokens))
        return Sentence(self.text, tokens[:stop], self.article.facts, (self.sentence.small, self.sentence.middle))

    def _inside(self, start: int, end: int) -> Cue | None:
        """A verb with its subject inside the marks: « ..., juge-t-il. ... »."""
        for comma in re.finditer(r",\s", self.text[start:end]):
            part = self._read(start + comma.end(), min(end, start + comma.end() + 90))
            cue = next((c for c in part.cues if c.how == "inverted" and c.first <= 2), None)
            if cue and cue.subject.kind != "unnamed" and not re.search(r"\b(?:je |j')", self.text[cue.start : cue.end]):
                return Cue("inside", cue.subject, cue.verb, cue.flags, 0, 0, cue.start, cue.end)
        return None

    def indirect(self) -> None:
        """A row for each reported clause, of which less than half stands in marks."""
        found, sentence = [], self.sentence
        for number, cue in enumerate(sentence.cues):
            span = None if self.pulled else self._content(cue, self._next(number))
            if not span or span[1] - span[0] < 12:
                continue
            start, end = span
            quotes = [sentence.tokens[k] for k in self.quotes]
            inside = sum(max(0, min(end, b) - max(start, a)) for a, b in quotes)
            if 2 * inside > end - start:
                for row in self.rows:
                    row.reach = span if row.cue is cue else row.reach
                continue
            if self._covered(cue, quotes) or any(min(end, r.end) > max(start, r.start) for r in found):
                continue
            found.append(self.row("indirect", start, end, cue))
        self.rows += found

    def _covered(self, cue: Cue, quotes: list) -> bool:
        """Whether the cue stands right behind a quotation that it reports."""
        if cue.how != "inverted":
            return False
        for k, (start, end) in zip(self.quotes, quotes, strict=True):
            attached = k > 0 and self.sentence.signs[k - 1].isalpha()
            if end <= cue.start < end + 6 and (len(self.text[start:end].split()) > 6 or not attached):
                return True
        return False

    def _next(self, number: int) -> int:
        """Where the next cue that ends the clause of a cue begins."""
        cues, signs = self.sentence.cues, self.sentence.signs
        for cue in cues[number + 1 :]:
            joint = signs[cue.first - 1]
            if cue.how != "source" and cue.first > cues[number].last and joint in ",Q&":
                if joint == "&" and signs[cue.first] != "g":
                    continue
                return cue.start
        return self.sentence.tokens[-1][1]

    def _content(self, cue: Cue, stop: int) -> tuple[int, int] | None:
        """The place of what a cue reports without marks."""
        tokens, signs, low = self.sentence.tokens, self.sentence.signs, self.sentence.low
        begin, end = tokens[0][0], tokens[-1][1]
        if cue.how == "source":
            return self._sourced(cue, begin, end, stop)
        for k in range(cue.last + 3, len(signs) - 1):
            if tokens[k][0] >= stop:
                break
            if signs[k] == ";" or (signs[k] == "," and (signs[k + 1] in "zg" or low[k + 1] == "comme")):
                stop = tokens[k][0]
                break
        before = (begin, cue.start) if cue.how == "inverted" and cue.first > 3 and signs[cue.first - 1] == "," else None
        if "q" not in cue.flags:
            return before
        for k in range(cue.last, min(cue.last + 9, len(signs))):
            if signs[k] == "q" or (k == cue.last and low[k] in ("comment", "pourquoi")):
                return tokens[k][1], stop
            if signs[k] in ".;:Q" or (signs[k] == "," and (k - cue.last > 5 or cue.how == "inverted")):
                break
        if cue.how == "inverted":
            return before
        return self._infinitive(cue, stop) if "f" in cue.flags else None

    def _infinitive(self, cue: Cue, stop: int) -> tuple[int, int] | None:
        """The place of what is reported without que: il affirme vouloir partir, il se dit prêt."""
        tokens, signs, low = self.sentence.tokens, self.sentence.signs, self.sentence.low
        k = cue.last
        while k < len(signs) and (signs[k] in "bc" or low[k] in ("ne", "n'", "pas", "s'", "se", "l'")):
            k += 1
        if k >= len(signs):
            return None
        if low[k].endswith(("er", "ir", "re")) and signs[k] in "la" and len(low[k]) > 3:
            return tokens[k if signs[cue.last] == "b" else cue.last][0], stop
        turned = {"s'", "se"} & set(low[max(0, cue.first - 2) : cue.last])
        if turned and re.search("(?:dit|dite|dits|dites|déclar[^ ]+)$", cue.verb) and signs[k] in "lr":
            return tokens[k][0], stop
        return None

    def _sourced(self, cue: Cue, begin: int, end: int, stop: int) -> tuple[int, int]:
        """The place of what a source is said to say: what follows it, or the clause before."""
        tokens, signs = self.sentence.tokens, self.sentence.signs
        if cue.opening:
            return (tokens[cue.last][0] if cue.last < len(tokens) else end), end
        cut = max([tokens[k][1] for k in range(cue.first) if signs[k] in ";:-"], default=begin)
        for k in range(cue.first - 5, 1, -1):
            if signs[k] == "," and (signs[k + 1] == "z" or signs[k + 1 : k + 3] == "&q"):
                cut = max(cut, tokens[k][1])
                break
        set_apart = cue.first > 1 and signs[cue.first - 1] == "," and signs[cue.last : cue.last + 1] == ","
        if set_apart and signs[cue.first - 2] == "a":
            return tokens[cue.last][0], stop
        if set_apart and (cue.first < 9 or signs[cue.last + 1 : cue.last + 2] not in ("&", "z")):
            return cut, end
        return cut, cue.start


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
