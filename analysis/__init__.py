"""Bulle: words, terms, tone and a narrative from press articles, every number with the characters it rests on."""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
ROOT = next(
    (p for p in (PACKAGE, PACKAGE.parent) if (p / "notebooks").is_dir()), PACKAGE
)  # a wheel carries the notebooks inside
LANGUAGES = tuple(sorted(p.name for p in (PACKAGE / "data").iterdir() if p.is_dir()))


class InputError(ValueError):
    """The user's text, file or parameter is wrong; the message says what, where, what was expected and the remedy."""


@cache
def entries(language: str, name: str) -> tuple[str, ...]:
    """Lines of the word list `data/<language>/<name>.txt`, without comments and blank lines.

    >>> "bulle" in entries("fr", "themes/bulle")
    True
    """
    if language not in LANGUAGES:
        raise InputError(f"unknown language {language!r}; there are: {', '.join(LANGUAGES)}")
    lines = (PACKAGE / "data" / language / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(entry for line in lines if (entry := line.partition("#")[0].strip()))


@cache
def phrases(language: str, name: str) -> dict[str, str]:
    """Entries of a list whose lines are `key = text`, by key.

    >>> phrases("fr", "page")["copy"]
    'Copier'
    """
    return dict(line.split(" = ", 1) for line in entries(language, name))
