"""Quotation marks: what stands between them, and the sentences of a text with it masked."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable

from bulle import words
from bulle.words import Span

MARK = re.compile(r"[«»“”„‹›\"\n]|['‘](?<![\w.,!?…].)(?=[^\W\d_])|['’](?<=[\w.,!?…)%].)(?!\w)")
# A closing mark -> those that it closes.
CLOSED = {"»": "«", "«": "«", "”": "“„", "“": "“„", "›": "‹", '"': '"“', "’": "‘", "'": "'"}
LATER = re.compile(r"['’] [a-z][^'‘\n]{0,999}[.,!?…][’'](?!\w)")  # ‘the workers’ rights,’
BLOCK = re.compile(r":[ \t]*\n\s{1,99}(?P<said>>.*(?:\s{1,99}>.*)*)")  # lines in a block behind a colon
LINES = re.compile(r">(?P<said>(?![ \t]*[*>])[^\n]*(?:\n>[^\n]*)*)")
# " un mot ", whose marks stand apart; an opening mark that closes: “un mot“, dit-il
SPACED = re.compile(r'(?<![^\s(:])"(?P<said>[ \xa0][^"\s][^"\n]{12,}[ \xa0])"(?!\w)')
TURNED = re.compile(r"[“«](?<=[\w.!?…%)].)(?=\s{0,2}[.,;:!?)]|(?<=“)\s)")
OPENING = " \n\r\t\xa0\u202f('’«“[—–-:"  # what stands before a straight mark that opens
LONGEST = 3000  # characters: no quotation of the press is longer, a mark that was forgotten makes them
NEXT = re.compile(r'(?<=[.!?…])\n\s*"(?=\S)')  # a quotation over paragraphs, each of which opens it again
DEEPEST = 40  # marks open at once
LETTERS = re.compile(r"\w")
LETTERED = re.compile(r"[^\W\d_]+")
SENTENCE = 500  # tokens of the longest sentence that is read as one


def quoted(text: str) -> list[Span]:
    """What stands between quotation marks, as (start, end) without them; a quotation inside another is left out.

    A mark that is not closed is no mark; a straight one closes in its line, or in the next if that begins with one. An
    opening mark at the start of a line goes on with the quotation that is open, and one that ends a word closes it.
    Straight ones may stand apart in their line.

    >>> quoted('Une « bulle », dit-il : "la «fin» est proche".')
    [(5, 12), (25, 44)]
    """
    held: list[tuple[str, int]] = []
    found = [one.span("said") for one in SPACED.finditer(text)]
    apart = {edge for start, end in found for edge in (start - 1, end)}
    for mark in MARK.finditer(text):
        sign, place = mark[0], mark.start()
        if place in apart:
            continue
        if sign == "\n":
            kept = '"' if NEXT.match(text, place) else ""
            held = [one for one in held if one[0] not in "\"'" or (one[0] == kept and _starts(text, one[1], place))]
        elif _opens(text, sign, place) and not (TURNED.match(text, place) and {*CLOSED[sign]} & {*dict(held)}):
            again = any(one[0] == sign for one in held) and text[max(0, place - 3) : place].rstrip(" ").endswith("\n")
            if not again:
                held = [*held[1 - DEEPEST :], (sign, place)]
        elif not (text[place - 1] == "s" and LATER.match(text, place)):
            at = max((number for number, one in enumerate(held) if one[0] in CLOSED[sign]), default=None)
            if at is not None:
                found.append((held[at][1] + 1, place))
                held = held[:at]
    outer: list[Span] = []
    blocks = [part for block in BLOCK.finditer(text) for part in LINES.finditer(text, *block.span("said"))]
    found += [part.span("said") for part in blocks if _bare(part["said"], len(part["said"].splitlines()) > 1)]
    for start, end in sorted(found):
        whole = end - start <= LONGEST and LETTERS.search(text, start, end)
        if whole and (not outer or start > outer[-1][1]):
            outer.append((start, end))
    return outer


def _starts(text: str, place: int, end: int) -> bool:
    """Whether a mark begins its line, or stands behind a colon or a comma, and no other follows up to a place."""
    starts = text[max(0, place - 2) : place].rstrip(" ")[-1:] in ("", "\n", ":", ",")
    return starts and text[place] not in text[place + 1 : end]


def _bare(said: str, several: bool) -> bool:
    """Whether lines in a block are a quotation as such: without marks, or in straight ones that no line closes."""
    return said.lstrip()[:1] not in "\"“‘«'" or (several and said.count('"') == 2 and said.rstrip()[-1:] == '"')


def _opens(text: str, sign: str, place: int) -> bool:
    if sign not in "\"'":
        return sign in "«“„‹‘"
    return (place == 0 or text[place - 1] in OPENING) and bool(text[place + 1 : place + 2].strip())


def masked(text: str, spans: list[Span]) -> str:
    """The text, as long as it was, with what is quoted as one word with a capital, but for its last mark and spaces.

    >>> masked("« Il part ! » Puis elle.", [(1, 11)])
    '«X________! » Puis elle.'
    """
    parts, last = [], 0
    for start, end in spans:
        body = text[start:end].rstrip()
        bare = body.rstrip(".!?…")
        stop = body[-1:] if len(bare) < len(body) else ""
        parts += [text[last:start], "X" + "_" * (len(body) - len(stop) - 1), stop]
        last = start + len(body)
    return "".join([*parts, text[last:]])


def sentences(text: str, spans: list[Span], language: str, word: Callable[[str], object]) -> list[list[tuple]]:
    """Sentences of a text, as `words.read`, where a quotation with its marks is one token and ends none inside it."""
    found, number = [], 0
    ahead = [*spans, (len(text) + 2, len(text) + 2)]
    for tokens in words.read(masked(text, spans), language, word):
        sentence = tokens
        if tokens and tokens[-1][1] > ahead[number][0] - 1:
            sentence = []
            for start, end, about in tokens:
                while ahead[number][1] < start:
                    number += 1
                first, last = ahead[number]
                if start < first - 1:
                    sentence.append((start, end, about))
                elif not (sentence and sentence[-1][0] == first - 1) and (start <= first):
                    sentence.append((first - 1, last + 1, word(text[first - 1 : last + 1])))
        found += [sentence[at : at + SENTENCE] for at in range(0, len(sentence), SENTENCE)]
    return found


LABEL = re.compile(  # Marie ROUX.-   Marie Roux :   - **Marie Roux** :   ... Vraiment ? Marie ROUX.- Oui
    r"(?:^[ \t]*|(?<=[.?!»][ \xa0])(?=[^\n:.]{2,60}[^\W\d_a-zß-ÿ]{2}\.[ \xa0]?[-–—]))"
    r"(?P<item>[-*•][ \t]+)?(?P<bold>\*\*)?"
    r"(?P<name>[^\W\d_a-zß-ÿ][\w.'’-]*(?:[ \xa0][^\W\d_a-zß-ÿ][\w.'’-]*){0,4}[ \xa0]?)"
    r"(?:\*\*)?(?:\.[ \xa0]?[-–—]|[ \xa0]?:(?:\*\*)?(?=[ \xa0]))\s*(?=\S)",
    re.M,
)
SIGNED = re.compile(r"^(?P<said>.{20,700}?)\s*[—–]\s*(?P<name>[^\n(@—–]{2,40}?) \(@\w{1,20}\)", re.M)  # a message
TIMED = re.compile(r"^(?P<name>)(?:\d\d:)?\d\d:\d\d\s?(?P<said>[^\d\s:].*)", re.M)  # a line of a transcript
TIMES = 10  # such lines at least
# Marie Roux Nous vendons, behind a question: a name, and the first word of an answer
ANSWER = re.compile(r"\?[\s»”*]*\n\s*((?:(?:[^\W\d_a-zß-ÿ][\w'’.-]*|d[eu])[ \xa0]+){2,5}[^\W\d_a-zß-ÿ])")
ASKED = re.compile(r"^[^\n]{15,400}\?[ \xa0»”\"*]{0,5}$\s*", re.M)  # a line that asks
ANSWERED = re.compile(r"(?s:.*\S(?=\s*\n)|.*[.!?…»](?=[ \xa0])|.*)")  # all but the last line, or the last sentence
QUESTIONS, APART = 3, 5  # such lines of an interview at least, and lines of the text to one of them at most
COMMENT = re.compile(r"^[> \t]*\*\*(?P<name>[\w.-]{2,30})\*\*: (?P<said>.+)", re.M)  # a line of a thread


def turns(
    text: str,
    asks: frozenset[str] = frozenset(),
    known: frozenset[str] = frozenset(),
    own: frozenset[str] = frozenset(),
) -> list[tuple[int, int, int, int, str]]:
    """What is said without marks: start, end, where its speaker stands (start, end), and how.

    Turns of an interview: lines that begin with a name and a dash, or a colon where two names come again and again or
    one of them is a word of those that ask (`asks`), or, behind a question, with nothing but a name that comes again.
    In bold in a list a full name, whose first is `known`, has its line. Messages that are signed: — Name (@name).
    Lines of a transcript that begin with their time: of nobody named. Lines of a thread, of a name in bold. Answers of
    an interview without labels, where half of them speak of themselves (with words of `own`): of nobody named.

    >>> turns("LE JOURNAL.- Que faire ?\\n\\nMarie ROUX.- Vendre, et vite.")
    [(13, 24, 0, 10, 'interview'), (39, 55, 26, 36, 'interview')]
    """
    found = _labelled(text, asks, known)
    timed = list(TIMED.finditer(text))
    found += [(*one.span("said"), *one.span("name"), "transcript") for one in timed if len(timed) >= TIMES]
    found = found or _unlabelled(text, own)
    thread = list(COMMENT.finditer(text))
    found += [(*one.span("said"), *one.span("name"), "thread") for one in thread if len(thread) >= TIMES]
    signed = SIGNED.finditer(text) if " (@" in text else ()
    found += [(*one.span("said"), *one.span("name"), "tweet") for one in signed]
    return [turn for turn in found if turn[0] < turn[1]]


def _labelled(text: str, asks: frozenset[str], known: frozenset[str]) -> list[tuple[int, int, int, int, str]]:
    """The turns of an interview that begin with a label."""
    found, labels = [], list(LABEL.finditer(text))
    noted = [label for label in labels if label["item"] and label["bold"] and " " in label["name"].strip(" \xa0")]
    for label in [label for label in noted if label["name"].split()[0] in known]:
        stop = text.find("\n", label.end())
        found.append((label.end(), stop if stop > 0 else len(text), *_name(label), "interview"))
    labels = [label for label in labels if not label["item"]]
    dashed = [label for label in labels if label[0].rstrip("* \xa0\n\t")[-1] != ":"]
    bare = _answers(text, known)
    labels = dashed or bare or labels
    times = Counter(label["name"].strip() for label in labels)
    asked = any(name.lower() in asks for name in times)
    if bare or (len(times) > 1 and (dashed or asked or sum(number > 1 for number in times.values()) > 1)):
        for label, after in zip(labels, [*labels[1:], None], strict=True):
            said = text[label.end() : after.start() if after else len(text)].rstrip()
            if after and said.rstrip(" \xa0»”").endswith("?"):
                said = said[: ANSWERED.match(said).end()]  # a question without a label
            found.append((label.end(), label.end() + len(said), *_name(label), "interview"))
    return found


def _unlabelled(text: str, own: frozenset[str]) -> list[tuple[int, int, int, int, str]]:
    """The answers of an interview without labels, as `turns`: what stands behind each line that asks."""
    asked = list(ASKED.finditer(text))
    if len(asked) < QUESTIONS or APART * len(asked) < sum(not line.isspace() for line in text.split("\n") if line):
        return []
    plain = masked(text, quoted(text)).lower()
    answers = [
        (one.end(), end) for one, end in zip(asked, [*(one.start() for one in asked[1:]), len(text)], strict=True)
    ]
    personal = sum(not own.isdisjoint(LETTERED.findall(plain, *span)) for span in answers)
    if 2 * personal < len(answers):
        return []
    return [(start, start + len(text[start:end].rstrip()), start, start, "transcript") for start, end in answers]


def _answers(text: str, known: frozenset[str]) -> list[re.Match]:
    """The answers of an interview that begin, behind a question, with a name alone, where one comes again."""
    begun = defaultdict(list)
    for begin in map(str.split, ANSWER.findall(text)):
        begun[tuple(begin[: 3 if begin[1] in ("de", "du") else 2])].append(begin)
    if all(len(own) < 2 for own in begun.values()):
        return []
    names = [" ".join(name) for name, own in begun.items() if len(own) > 1 or name[0] in known]
    either = "|".join(re.escape(name) for name in names)
    return list(re.finditer(rf"(?<=\n)(?P<item>)(?P<bold>)(?P<name>{either})[ \xa0]+(?=[^\s_a-zß-ÿ])", text))


def _name(label: re.Match) -> tuple[int, int]:
    """Where the name of a label stands."""
    return label.start("name"), label.start("name") + len(label["name"].rstrip())
