"""Bulle: words, terms, tone and a narrative from press articles, every number with the characters it rests on.

>>> import bulle
>>> bulle.study("seeds", "partenariat").matches.match.tolist()
['partenariat']
"""

import os
import sys


def _foreign() -> set[str]:
    """Entries of `sys.path` that are the folder where a command or a kernel starts: it may be a corpus, or anything.

    A kernel has it as "". Only our own command may say that no other entry is meant for the modules of its user.
    """
    found, begun = {"", os.curdir}, "".join(sys.argv[:1])
    if begun == "-m" or os.path.basename(begun) == "bulle":
        try:
            here = os.getcwd()
        except OSError:  # it is gone
            return found
        found |= {place for place in sys.path if os.path.realpath(place) == here and not place.endswith("-packages")}
    return found


for place in _foreign() & set(sys.path):  # before anything else is imported
    sys.path[:] = [other for other in sys.path if other != place]

import csv  # noqa: E402
from functools import cache  # noqa: E402
from importlib import import_module  # noqa: E402
from numbers import Integral, Real  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

if TYPE_CHECKING:
    from bulle.corpus import read, report
    from bulle.names import actors
    from bulle.passages import matches
    from bulle.quantities import amounts
    from bulle.sentiment import tone
    from bulle.speech import quotes
    from bulle.stance import stances
    from bulle.studies import study
    from bulle.words import spans

PACKAGE = Path(__file__).parent
ROOT = next(
    (p for p in (PACKAGE, PACKAGE.parents[1]) if (p / "notebooks").is_dir()), PACKAGE
)  # a wheel carries the notebooks inside
LANGUAGES = tuple(sorted(p.name for p in (PACKAGE / "data").iterdir() if p.is_dir()))
HOMES = {
    "read": "corpus",
    "report": "corpus",
    "study": "studies",
    "matches": "passages",
    "actors": "names",
    "amounts": "quantities",
    "quotes": "speech",
    "spans": "words",
    "tone": "sentiment",
    "stances": "stance",
}  # what the package offers -> the module that holds it, imported when it is first asked for
__all__ = ["InputError", "__version__", "actors", "amounts", "matches", "quotes", "read", "report", "spans"]
__all__ += ["stances", "study", "tone"]
WRITTEN = "en"  # language of the notebooks as they are kept, and of what is told unless another is asked for
KINDS = {str: str, bool: bool, int: Integral, float: Real}  # kind of a parameter -> what may stand for it


class InputError(ValueError):
    """The user's text, file or parameter is wrong; the message says what, where, what was expected and the remedy."""


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("bulle")  # it takes as long to import as all the rest
    if name in HOMES:
        return getattr(import_module(f"bulle.{HOMES[name]}"), name)
    raise AttributeError(f"module 'bulle' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def typed(kind: type, **parameters: object) -> None:
    """`InputError` for a parameter whose value is of another kind than it takes.

    >>> typed(int, context="2")
    Traceback (most recent call last):
    bulle.InputError: parameter 'context' takes int, not '2'
    """
    for name, value in parameters.items():
        if not isinstance(value, KINDS[kind]) or isinstance(value, bool) != (kind is bool):
            raise InputError(f"parameter {name!r} takes {kind.__name__}, not {value!r}")


def declared() -> None:
    """Hold the parameters of the notebook that runs, if one does, against the types that its own cell declares.

    Papermill writes any value into a notebook; here it is met before it fails somewhere deep.
    """
    notebook = sys.modules["__main__"]
    if hasattr(notebook, "get_ipython"):
        for name, kind in getattr(notebook, "__annotations__", {}).items():
            if kind in KINDS and hasattr(notebook, name):
                typed(kind, **{name: getattr(notebook, name)})


_telling = [WRITTEN]


def tell(language: str = WRITTEN) -> None:
    """Say in which language what follows is told: sentences, tables, figures, numbers.

    >>> tell("xx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    bulle.InputError: unknown language 'xx'; there are: en, ...
    """
    if language not in LANGUAGES:
        raise InputError(f"unknown language {language!r}; there are: {', '.join(LANGUAGES)}")
    _telling[0] = language


def telling() -> str:
    """The language that is told in (see `tell`).

    >>> telling()
    'en'
    """
    return _telling[0]


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


def rows(language: str, name: str) -> list[dict[str, str]]:
    """Rows of the table `data/<language>/<name>.csv`, without comments.

    >>> rows("fr", "homographs")[0].keys() >= {"form", "before"}
    True
    """
    with (PACKAGE / "data" / language / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def phrases(language: str, name: str) -> dict[str, str]:
    """Entries of a list whose lines are `key = text`, by key.

    >>> phrases("fr", "page")["copy"]
    'Copier'
    """
    return dict(line.split(" = ", 1) for line in entries(language, name))
