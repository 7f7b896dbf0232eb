"""A text as it is searched: one sign for all that is written alike, with the way back to the characters as read."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

# Soft hyphen, zero-width marks, signs of direction, variation selectors.
HIDDEN = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff"
ACCENT = r"\u0300-\u036f"  # combining accents
LIGATURE = r"\ufb00-\ufb06"  # ﬁ ﬂ ﬀ, which a typesetter makes of two letters
ODD = re.compile(f"[{HIDDEN}{ACCENT}{LIGATURE}]")
BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][^\S\n]*\n[^\S\n]*(?=[a-zà-öø-ÿœ])")  # éco-⏎nomie
END = re.compile(r"[-\u2010\u00ad][^\S\n]*\n")  # of a line; much faster to look for
CHANGED = re.compile(rf"(?P<broken>{BROKEN.pattern})|\w(?:[{HIDDEN}]*+[{ACCENT}])++|[{HIDDEN}]+|[{LIGATURE}]")
SPOT = re.compile(rf"{ODD.pattern}|{END.pattern}")
HIDE = re.compile(f"[{HIDDEN}]+")
ALIKE = {
    **dict.fromkeys("’‘ʼ＇`´", "'"),
    **dict.fromkeys("\u2010\u2011\ufe63\uff0d", "-"),  # hyphens, one of which does not break
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f\u205f\u3000", " "),
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),  # CO₂
    **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "·"),  # the number of a footnote is no letter of the word before it
}


@dataclass(frozen=True)
class View:
    """A text to search, and where its changed stretches begin and end, here (`own`) and in the text as read (`read`).

    Both start with 0; then follow the start and the end of each change.
    """

    text: str
    own: tuple[int, ...] = (0,)
    read: tuple[int, ...] = (0,)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the view stands in the text as read; a change is taken whole."""
        if len(self.own) == 1:
            return start, end
        first, last = bisect_right(self.own, start) - 1, bisect_left(self.own, end) - 1
        begin = self.read[first] if first % 2 else self.read[first] + start - self.own[first]
        return begin, self.read[last + 1] if last % 2 else self.read[last] + end - self.own[last]


def even(text: str) -> str:
    """The text, as long as it was, with one sign for all apostrophes, one for hyphens and one for spaces in a line."""
    for sign, plain in ALIKE.items():
        text = text.replace(sign, plain)
    return text


def plain(text: str) -> str:
    """A theme or an expression as it is searched in a view.

    >>> plain("l’e\\u0301conomie")
    "l'économie"
    """
    return even(unicodedata.normalize("NFC", HIDE.sub("", text)))


def views(text: str) -> list[View]:
    """The views of a text: one or, where words are broken at the end of a line, one that joins them (éco-nomie) and one
    that keeps their hyphen (mini-bulle).

    >>> [view.text for view in views("l’e\\u0301co-\\nnomie")]
    ["l'économie", "l'éco-nomie"]
    """
    broken = "\n" in text and END.search(text) and BROKEN.search(text)
    if not broken and (text.isascii() or not ODD.search(text)):
        return [View(even(text))]
    return [_view(text, hyphen) for hyphen in (("", "-") if broken else ("",))]


def _view(text: str, hyphen: str) -> View:
    """The view of a text that has this in the place of a hyphen at the end of a line."""
    parts, own, read, place, size = [], [0], [0], 0, 0
    for found in _changes(text):
        start, end = found.span()
        new = hyphen if found["broken"] else unicodedata.normalize("NFKC", HIDE.sub("", found[0]))
        parts += [text[place:start], new]
        size += start - place
        own += [size, size + len(new)]
        read += [start, end]
        place, size = end, size + len(new)
    return View(even("".join([*parts, text[place:]])), tuple(own), tuple(read))


def _changes(text: str) -> Iterator[re.Match]:
    """The stretches of a text that are changed, looked for where one can begin: they are few, and letters many."""
    place = 0
    while odd := SPOT.search(text, place):
        found = CHANGED.search(text, max(place, odd.start() - 1))  # a letter is changed with its accent
        if not found:
            return
        yield found
        place = found.end()
