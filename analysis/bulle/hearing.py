"""In which language texts are, heard in a sample of them."""

import re
from collections import Counter
from functools import cache

from bulle import LANGUAGES, InputError, entries

HEARD = 50  # articles listened to, spread evenly over the corpus; up to twice as many
LONG, WHOLE = 200, 2_000  # characters: a shorter text is not judged, and of a longer one no more is heard
DIFFERENT = 10  # words: fewer make no language, however long the text
SURE = 0.4  # of the words are function words of its language in 99 of 100 French press texts; 0.32 in a Spanish one
PRESS = (
    "ar bg ca cs da de el en es et eu fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv th tr "
)
PRESS += (
    "uk vi zh"  # languages with a large press; what sounds like a neighbour of one is heard as the likeliest of them
)


class Sample:
    """Articles spread evenly over all that are added, as many as are listened to."""

    def __init__(self) -> None:
        self.rows: list = []
        self.added, self.step = 0, 1

    def add(self, row: object) -> None:
        """Let one more take part: every second is dropped when there are too many."""
        if self.added % self.step == 0:
            self.rows.append(row)
        self.added += 1
        if len(self.rows) > 2 * HEARD:
            self.rows, self.step = self.rows[::2], 2 * self.step


def language(text: str, given: str) -> str:
    """The code of the language of a text; "" when it is too short to be heard, or holds no language.

    >>> language("La bulle enfle, et tous les marchés ont peur de la voir éclater. " * 4, "fr")
    'fr'
    >>> language("La bulle enfle.", "en")
    ''
    """
    heard = " ".join(text.split())[:WHOLE]
    words = re.findall(r"[^\W\d_]+", heard.lower())
    if len(heard) < LONG or len(set(words)) < DIFFERENT:
        return ""
    if sum(word in _function(given) for word in words) >= SURE * len(words):
        return given
    import py3langid  # takes half a second to load, and most corpora never need it

    best = next(code for code, _ in py3langid.rank(heard) if code in PRESS.split() or code == "zxx")
    return "" if best == "zxx" else best


@cache
def _function(code: str) -> frozenset[str]:
    """Function words of a language, without their apostrophes."""
    return frozenset(entry.rstrip("'") for entry in entries(code, "function_words"))


def refuse(heard: Counter, given: str, path: object) -> None:
    """Refuse a corpus most of which is in another language than the one given; `heard` counts articles by language."""
    total, foreign = heard.total(), heard.total() - heard[given]
    if 2 * foreign <= total:
        return
    from babel import Locale

    other = next(code for code, _ in heard.most_common() if code != given)
    name, expected = (f"{Locale(code).get_display_name('en')} ({code})" for code in (other, given))
    many = "the article is" if total == 1 else f"{foreign} of {total} articles listened to are not in {expected}, most"
    remedy = f"give language {other} (-p language {other}, or --language {other}), or auto to hear each article"
    if other not in LANGUAGES:
        remedy = f"only {', '.join(LANGUAGES)} are read"
    raise InputError(f"{path}: {many} in {name}{'' if total > 1 else f', not {expected}'}; {remedy}")
