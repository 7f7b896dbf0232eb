"""A run made again, from what it recorded of itself, in a passing folder: whether it is what its texts give."""

import ast
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from bulle import ROOT, InputError, cluster, store
from bulle.app import check, pdf, run
from bulle.readers import files, remote
from bulle.runs import RECORDED, listed

RECORD, PRINTED = "parameters.json", "narrative.pdf"
RUN = r"\.(ipynb|html)$|^(parameters|findings)\.json$"  # a folder without any such file is no run, however damaged
ABSENT = "not given"  # stands for a parameter that was left at its default


def checked(folder: Path, path: str = "") -> tuple[list[str], list[str]]:
    """What is wrong with a run, one line a file (none when it is true), and lines that say what was checked.

    Nothing is written into the folder of the run.

    Parameters
    ----------
    folder : a run, as `bulle run` leaves it.
    path : where the texts are now, when it is not where the run found them.

    Raises
    ------
    InputError : the folder holds no run, or its texts are not found or cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"{check.shown(folder)}: no folder; give the folder of a run")
    if not any(re.search(RUN, name) for name in os.listdir(folder)):
        raise InputError(f"{check.shown(folder)}: holds no run; give the folder that bulle run wrote")
    try:
        record = check.loaded(folder / RECORD, RECORDED)
        choice, given = recorded(record)
    except FileNotFoundError:
        return [f"{RECORD}: missing, and without it the run cannot be made again"], []
    except (OSError, ValueError) as error:
        return [f"{RECORD}: {check.shown(error, 200)}; the run cannot be made again"], []
    if found := disagreement(folder, record):
        return [found], []
    printer, notes = _printer(folder, choice)
    with TemporaryDirectory(prefix="bulle-check-", ignore_cleanup_errors=True) as spare, moved(given, path):
        made = Path(spare, "run")
        try:
            run.run(choice, given, made, also=printer, day=_day(record))
        except RuntimeError as error:
            return [f"the run cannot be made again: {check.shown(error, 200)}"], []
        found, end = verdict(folder, made, record)
        return found, end + notes


def recorded(record: object) -> tuple[str, dict[str, str]]:
    """The choice of notebooks and the parameters, as texts, that a run records; `InputError` where they cannot be."""
    choice, given = (record.get(name) if isinstance(record, dict) else None for name in ("notebooks", "given"))
    if not isinstance(choice, str) or not isinstance(given, dict):
        raise InputError("holds no notebooks and parameters of a run")
    texts = {name: value if isinstance(value, str) else repr(value) for name, value in given.items()}
    every = {name: one for own in declared(choice).values() for name, one in own.items()}
    for name in texts.keys() & every.keys() & set(run.READING):
        every[name].value(texts[name])
    others = {name: one for name, one in every.items() if name not in run.READING}  # these need no texts
    run.checked(others, {name: text for name, text in texts.items() if name not in every.keys() & set(run.READING)})
    return choice, texts


def _day(record: dict) -> str:
    """The date that a run bears; that of its making anew where what is recorded is none."""
    with suppress(TypeError, ValueError, KeyError):
        return date.fromisoformat(record["date"]).isoformat()
    return ""


@cache
def declared(choice: str) -> dict[str, dict[str, run.Parameter]]:
    """The parameters that each chosen notebook declares, by the name of its file."""
    return {path.name: run.parameters(nbformat.read(path, as_version=4)) for path in run.notebooks(choice)}


def disagreement(folder: Path, record: dict) -> str:
    """How the recorded parameters contradict all the notebooks of the run, which carry theirs; "" when they do not."""
    given, carried = record["given"], {}
    for name, own in declared(record["notebooks"]).items():
        if (injected := _injected(folder / name)) is not None:
            carried[name] = {one: injected.get(one, ABSENT) for one in own}
    for name in dict.fromkeys(name for own in carried.values() for name in own):
        values = {file: own[name] for file, own in carried.items() if name in own}
        value = given.get(name, ABSENT)
        if all(other != value for other in values.values()):
            there = check.shown(repr(next(iter(values.values()))))
            return f"{RECORD}: {name} is {check.shown(repr(value))}, in {', '.join(values)} it is {there}"
    return ""


def _injected(path: Path) -> dict[str, object] | None:
    """The parameters that stand in an executed notebook; None where it cannot be read."""
    try:
        cells = check.loaded(path)["cells"]
        sources = [
            "".join(cell["source"]) for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])
        ]
        lines = ast.parse("\n".join(sources)).body
        return {line.targets[0].id: ast.literal_eval(line.value) for line in lines}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, SyntaxError, RecursionError, MemoryError):
        return None


@contextmanager
def moved(given: dict[str, str], path: str) -> Iterator[None]:
    """The texts of a run found, where they are now; what a run says of their place is what it said."""
    place = path or given.get("corpus", "seeds")
    try:
        files.located(place)
    except InputError as error:
        raise InputError(f"the texts of the run: {_unfound(place, bool(path), error)}") from None
    before = {name: os.environ.get(name) for name in (store.OFF, remote.MOVED, cluster.SCHEDULER)}
    os.environ.pop(cluster.SCHEDULER, None)
    os.environ[store.OFF] = "1"
    if path:
        remote.moved(given.get("corpus", "seeds"), path)
    try:
        yield
    finally:
        for name in before:
            os.environ.pop(name, None)
        os.environ |= {name: value for name, value in before.items() if value is not None}


def _unfound(place: str, named: bool, error: Exception) -> str:
    if named:
        return check.shown(error, 200)
    looked = "" if os.path.isabs(place) else f", which was looked for from {os.getcwd()} and from {ROOT}"
    return f"no {check.shown(place)!r}{looked}; say where they are now with --corpus PATH"


def verdict(folder: Path, made: Path, record: dict) -> tuple[list[str], list[str]]:
    """What is wrong with a run that was made again, and what was checked (see `checked`)."""
    found = check.problems(folder, made)
    here = check.loaded(made / RECORD)["versions"]
    if others := _others(folder, record.get("versions"), here) if found else []:
        return _by_account(folder, made, f"made with {', '.join(others)}: {_counted(found)}")
    if found:
        return found, []
    texts = len(check.recorded(made)["texts"]) if (made / "findings.json").is_file() else 0
    source = {0: "its texts", 1: "one text"}.get(texts, f"{texts:,} texts")
    versions = f"bulle {here['bulle']} and Python {here['python']}"
    files = len(check.files(made))
    return [], [f"true: {files} files, each the same byte for byte, made again from {source} with {versions}"]


def _counted(found: list[str]) -> str:
    return f"{len(found)} files differ, which may be why, and were not read" if len(found) > 1 else found[0]


def _printer(folder: Path, choice: str) -> tuple[Callable[[Path], None] | None, list[str]]:
    """What prints the account of a run made again, when the run has it printed, and the lines that it adds: where there
    is no browser, it leaves the PDF of the run, whose digest stands in the manifest, and says that it was not checked.
    """
    notes, own = [], folder / PRINTED

    def printer(page: Path) -> None:
        try:
            pdf.printed(page, pdf.browser())
        except (InputError, RuntimeError) as error:
            notes.append(f"{PRINTED} was not made again: {check.shown(error, 200)}")
            if own.is_file() and own.stat().st_size <= check.LARGE:
                shutil.copyfile(own, page.with_name(PRINTED))

    has = own.is_file() or PRINTED in (listed(folder) or ())
    return (printer if has and check.ACCOUNT in declared(choice) else None), notes


def _others(folder: Path, versions: object, here: dict[str, str]) -> list[str]:
    """Versions that a run was made with, and that are others here; none where its files contradict each other."""
    if not isinstance(versions, dict):
        return []
    with suppress(InputError):
        ledger = check.recorded(folder).get("versions")
        if not isinstance(ledger, dict) or any(versions.get(name, one) != one for name, one in ledger.items()):
            return []
    differing = {name: versions.get(name, "unknown") for name in here if versions.get(name) != here[name]}
    code = ["another state of the code of Bulle"] if differing.pop("code", "") else []
    return code + [f"{name} {check.shown(one)} (here {here[name]})" for name, one in differing.items()]


def _by_account(folder: Path, made: Path, why: str) -> tuple[list[str], list[str]]:
    """What can still be said of a run that other versions made."""
    if not (made / "findings.json").is_file():
        return [why, *check.strays(folder, made)], ["it holds no account: of its files, only the names were checked"]
    found = check.account(folder, made)
    told = "the sentences of the account stand on the ledger, and the ledger on the texts"
    where = f"in index.html, findings.json and {check.ACCOUNT}"
    return [why, *check.strays(folder, made), *found], [] if found else [
        f"{told} ({where}); nothing else of the run was checked"
    ]
