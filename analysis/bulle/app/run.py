"""Execute the notebooks through Papermill: a whole run is left behind, or none."""

import ast
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from bulle import LANGUAGES, ROOT, WRITTEN, InputError, corpus, narrative, passages, progress, tables, terms
from bulle.app import articles, check, concordance, crate, folder, kernel, places, site

if TYPE_CHECKING:
    import papermill

CHOICES = {"narrate": LANGUAGES, "unit": tuple(terms.UNITS), "contrast": ("source", "period")}
CHOICES |= {"sort": ("text", "left", "right")}
READING = ("corpus", "language", "columns", "unreadable")  # the parameters of corpus.read, in its order
LEAST = {"top": 1, "context": 0, "sample": 1}
ASIDE = ("6-sweep",)  # notebooks that a run executes only where they are named
ENGINES = ("kernel", "papermill")  # one kernel for all notebooks (see `kernel`), or Papermill's way, one for each
MEMORY = "not enough memory; give a smaller sample or a smaller corpus"


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: its name, its type (that of the default), the default and the help."""

    name: str
    type: type
    default: object
    help: str

    def value(self, text: str) -> object:
        """The text read as this parameter's type; `InputError` when it is none."""
        if self.type is str:
            return text
        try:
            given = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            given = text
        if type(given) is not self.type:
            raise InputError(
                f"parameter {self.name!r} takes {self.type.__name__}, not {text!r} (its default is {self.default!r})"
            )
        return given


def notebooks(choice: str = "", every: bool = False) -> list[Path]:
    """Paths of the notebooks: those of a run, or named by number or name ("3", "2,5-narrative"), or `every` one."""
    paths = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    wanted = [word for word in choice.replace(",", " ").split() if word]
    for word in wanted:
        if not any(word in (path.stem, path.stem.partition("-")[0]) for path in paths):
            raise InputError(f"no notebook {word!r}; there are: {', '.join(path.stem for path in paths)}")
    if not wanted:
        return [path for path in paths if every or path.stem not in ASIDE]
    return [path for path in paths if {path.stem, path.stem.partition("-")[0]} & set(wanted)]


def parameters(notebook: nbformat.NotebookNode) -> dict[str, Parameter]:
    """Parameters that a notebook declares in its cell tagged `parameters`, by name."""
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    lines = cell.source.splitlines()
    found = {}
    for node in ast.parse(cell.source).body:
        default = ast.literal_eval(node.value)
        comment = lines[node.end_lineno - 1][node.end_col_offset :].partition("#")[2].strip()
        found[node.target.id] = Parameter(node.target.id, type(default), default, comment)
    return found


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


def execute(path: Path, values: dict[str, object], engine: str = "kernel") -> nbformat.NotebookNode:
    """The notebook executed with these values, without times in its metadata: the same run gives the same bytes.

    Raises
    ------
    InputError : raised in a cell, it is the user's input that is wrong.
    RuntimeError : a cell failed or did not run; names the notebook, the cell and the error.
    """
    import papermill  # slow to import, and needed here only
    from nbclient.exceptions import DeadKernelError

    from bulle.app.engine import NAME

    os.environ |= kernel.SAFE  # for the kernels that Papermill starts
    logging.getLogger("papermill").setLevel(logging.ERROR)
    notebook = nbformat.read(path, as_version=4)
    own = {name: value for name, value in values.items() if name in parameters(notebook)}
    options = {"shutdown_kernel": "immediate"}
    if engine == NAME:
        running = kernel.started()
        running.cleared()
        options = {"engine_name": NAME, "running": running}
    try:
        options |= {"kernel_name": "python3", "progress_bar": False}
        executed = papermill.execute_notebook(notebook, None, own, **options)
    except DeadKernelError:
        raise RuntimeError(f"{path.stem}: its kernel ended; perhaps for want of memory") from None
    except papermill.PapermillExecutionError as error:
        raise _failed(path.stem, error) from None
    for number, cell in enumerate(executed.cells):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):  # Papermill lets sys.exit(0) pass
            raise RuntimeError(f"{path.stem}: cell {number} ended the notebook\n{_indented(cell.source)}")
    return _timeless(executed)


def _failed(name: str, error: "papermill.PapermillExecutionError") -> Exception:
    """What a cell raised, as what it means for a run: wrong input, too little memory, or a failure."""
    if error.ename == "InputError":
        return InputError(error.evalue)
    where = f"{name}, cell {error.cell_index}"
    if "MemoryError" in error.ename:  # numpy has one of its own
        return RuntimeError(f"{where}: {MEMORY}")
    return RuntimeError(f"{where}: {error.ename}: {error.evalue}\n{_indented(error.source)}")


def _indented(source: str) -> str:
    return "\n".join("    " + line for line in source.splitlines()[:5])


def _timeless(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without the times, paths and versions of Python that differ between two equal runs."""
    kept = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    notebook.metadata = nbformat.from_dict(kept)
    for cell in notebook.cells:
        for key in ("papermill", "execution", "exception"):
            cell.metadata.pop(key, None)
        if cell.metadata.get("tags") == ["injected-parameters"]:
            cell.id = "injected-parameters"  # Papermill draws one
        if cell.metadata.get("tags") == []:
            del cell.metadata["tags"]
    return notebook


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
