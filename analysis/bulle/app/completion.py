"""What completes `bulle` in a shell: a script that holds every command, option, parameter and choice, with its help.

It is written once and asks nothing of Python at a key press: `bulle completion bash`, `zsh`, `fish`.
"""

import argparse
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

from bulle import LANGUAGES, PACKAGE, timeline
from bulle.app import run, sweep
from bulle.sweeps import VALUES

SHELLS = ("bash", "zsh", "fish")
FILE, TEXT = "<file>", "<text>"  # stand for a word that is a path, or one's own
PATHS = ("corpus", "path", "lexicon", "reference", "sheet")  # options and parameters that name a file
CHOICES = {"language": (*LANGUAGES, "auto"), "period": tuple(timeline.PERIODS)} | run.CHOICES
CHOICES["notebooks"] = tuple(path.stem for path in run.notebooks(every=True))
SHORT = 70  # characters of help


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The script of a shell for the commands of a parser."""
    rows = "\n".join("\t".join(row) for row in rows_of(parser))
    quoted = shlex.quote(rows)
    if shell == "fish":
        quoted = "'" + rows.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return (PACKAGE / "templates" / f"completion.{shell}").read_text(encoding="utf-8").replace("@ROWS@", quoted)


def rows_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, str]]:
    """A place on the command line, such as `bulle run -p`; a word that may stand there; its help."""
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    yield from (("bulle", one.dest, one.help) for one in commands._choices_actions)
    yield "bulle", "--help", "every command"
    for name, command in commands.choices.items():
        for action in sorted(command._actions, key=lambda action: len(action.option_strings)):  # words before options
            yield from _words(f"bulle {name}", action)
        if "--parameter" in command._option_string_actions:
            wanted = {"theme": ("language", "columns"), "sweep": (*sweep.READING, *sweep.OWN, *VALUES)}
            yield from _parameters(f"bulle {name} -p", wanted.get(name))


def _words(place: str, action: argparse.Action) -> Iterator[tuple[str, str, str]]:
    """What may stand for an option, and behind it; or for a word without one."""
    options = [option for option in action.option_strings if option != "-h"]
    yield from ((place, option, _short(action.help or "")) for option in options)
    if action.nargs != 0 and action.dest != "parameter":
        for one in [f"{place} {option}" for option in options] or [place]:
            yield from _values(one, action.dest, action.choices, action.type)


def _values(place: str, name: str, choices: Iterable | None, kind: object) -> Iterator[tuple[str, str, str]]:
    """What may stand for a value of this name and type."""
    known = choices or (("True", "False") if kind is bool else CHOICES.get(name, ()))
    yield from ((place, str(word), "") for word in known)
    if not known:
        yield place, FILE if kind is Path or name in PATHS else TEXT, ""


def _parameters(place: str, wanted: tuple[str, ...] | None) -> Iterator[tuple[str, str, str]]:
    """The parameters of all notebooks with their help, and the values of each."""
    declared = {}
    for path in run.notebooks(every=True):
        declared |= run.parameters(nbformat.read(path, as_version=4))
    for name, one in declared.items():
        if wanted is None or name in wanted:
            yield place, name, _short(one.help)
            yield from _values(f"{place} {name}", name, (), one.type)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHORT else plain[: SHORT - 1] + "…"
