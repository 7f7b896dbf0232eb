"""A run: the notebooks executed with the parameters that were given; a whole run is left behind, or none."""

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import nbformat

from bulle import LANGUAGES, WRITTEN, InputError, corpus, narrative, passages, progress, tables, terms
from bulle.app import articles, check, concordance, crate, folder, kernel, places, site
from bulle.app.execution import Parameter, execute, notebooks, parameters

CHOICES = {"narrate": LANGUAGES, "unit": tuple(terms.UNITS), "contrast": ("source", "period")}
CHOICES |= {"sort": ("text", "left", "right")}
READING = ("corpus", "language", "columns", "unreadable")  # the parameters of corpus.read, in its order
LEAST = {"top": 1, "context": 0, "sample": 1}
ENGINES = ("kernel", "papermill")  # one kernel for all notebooks (see `kernel`), or Papermill's way, one for each


def checked(declared: dict[str, Parameter], given: dict[str, str]) -> dict[str, object]:
    """Values of the given texts, read by the types the notebooks declare; `InputError` for another name or type."""
    for name in given:
        if name not in declared:
            raise InputError(f"unknown parameter {name!r}; there are: {', '.join(sorted(declared))}")
    for name, text in given.items():
        if "\0" in text or text != text.encode("utf-8", "ignore").decode("utf-8"):
            raise InputError(f"parameter {name!r} is no text in UTF-8: {text!r}; write it, or name the file, in UTF-8")
    values = {name: declared[name].value(text) for name, text in given.items()}
    whole = {name: values.get(name, parameter.default) for name, parameter in declared.items()}
    for name in whole.keys() & CHOICES.keys():
        if whole[name] not in CHOICES[name]:
            raise InputError(f"parameter {name!r} is {whole[name]!r}; there are: {', '.join(CHOICES[name])}")
    for name in whole.keys() & LEAST.keys():
        if whole[name] < LEAST[name]:
            raise InputError(f"parameter {name!r} is {whole[name]}; it must be {LEAST[name]} or more")
    reading = [whole[name] for name in READING if name in whole]
    if "theme" in whole:
        language = whole.get("language")
        passages.pattern(whole["theme"], language if language in LANGUAGES else LANGUAGES[0])
    if reading and sum(corpus.sizes(reading[0])) <= corpus.BATCH:  # what is larger is read once less
        next(corpus.batches(*reading))
    return values


def run(
    choice: str,
    given: dict[str, str],
    output: Path,
    engine: str = "kernel",
    also: Callable[[Path], object] | None = None,
    day: str = "",
) -> Path:
    """Run the chosen notebooks with the given parameters into a folder; returns the path of its first page.

    The folder receives notebooks, `parameters.json`, `findings.json` (with the account), the site and the crate; it
    takes the place of a run when whole (see `folder`). `also` is given the first page before; `day`: today's if "".

    Raises
    ------
    InputError : a parameter, the corpus or the output folder is wrong; nothing is run or written.
    RuntimeError : a notebook failed, its cell and error are in the message; or `also` did, when the run stands.
    """
    paths = notebooks(choice)
    declared = {path.stem: parameters(nbformat.read(path, as_version=4)) for path in paths}
    every = {name: parameter for own in declared.values() for name, parameter in own.items()}
    values = checked(every, given)
    trouble = None
    with folder.replaced(output) as beside:
        executed = _executed(paths, values, engine, beside / "tables")
        for path, notebook in executed.items():
            nbformat.write(notebook, beside / path.name)
        progress.tell("page", 1, 1)
        record = _record(choice, declared, every, values, day)
        _write_json(beside / "parameters.json", record)
        _write_pages({path.stem: notebook for path, notebook in executed.items()}, record, engine, beside)
        if also is not None:
            try:
                also(beside / "index.html")
            except RuntimeError as error:  # it costs what it would have made, not the run
                trouble = error
        (beside / crate.NAME).write_text(crate.crate(beside, record), encoding="utf-8")
    if trouble:
        raise trouble
    return output / "index.html"


def _record(
    choice: str, declared: dict[str, dict], every: dict[str, Parameter], values: dict[str, object], day: str
) -> dict:
    """What a run was made with: all parameters, those given, those of each notebook, versions, the day."""
    return {
        "parameters": {name: values.get(name, parameter.default) for name, parameter in every.items()},
        "given": values,
        "notebooks": choice,
        "declared": {
            name: [{"name": one.name, "help": one.help} for one in own.values()] for name, own in declared.items()
        },
        "versions": check.versions(),
        "date": day or date.today().isoformat(),
    }


def _write_pages(executed: dict[str, nbformat.NotebookNode], record: dict, engine: str, folder: Path) -> None:
    """Write the ledger and the pages of a run; those of the articles and the concordance with the account only."""
    cited: list[str] = []
    for shown in filter(None, map(narrative.carried, executed.values())):
        told = shown[narrative.MIME]
        _write_json(folder / "findings.json", told)
        cited += [span["article"] for finding in told["findings"] for span in finding["spans"][: site.SPANS]]
    held = places.Held()
    if site.FIRST in executed:
        asked = record["parameters"], list(dict.fromkeys(cited)), str(folder)
        own = places.held(*asked) if engine == "papermill" else kernel.started().answer("app.places.held", *asked)
        held = places.Held(**own)
    bar = site.site(executed, record, folder, held)
    articles.pages(held, record["parameters"], folder, bar)
    concordance.page(held, record["parameters"], folder, bar)
    tables.codebook(folder / "tables", record["parameters"].get("narrate", WRITTEN))


def _executed(
    paths: list[Path], values: dict[str, object], engine: str, folder: Path
) -> dict[Path, nbformat.NotebookNode]:
    """Executed notebooks, each with a line of progress when it is done: name, state, seconds.

    The tables that they show are kept in a folder.
    """
    site.exporter()  # the kernel still starts
    executed = {}
    for number, path in enumerate(paths, 1):
        start = time.perf_counter()
        progress.tell(progress.NOTEBOOK, number, len(paths))
        with tables.keeping(folder / path.stem):
            executed[path] = execute(path, values, engine)
        tables.named(executed[path], folder / path.stem)
        progress.tell(progress.CELL, 0, 0)
        progress.say(f"{path.stem:<14}done  {time.perf_counter() - start:5.1f} s")
    progress.tell(progress.NOTEBOOK, 0, 0)
    return executed


def _write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
