"""One notebook: its parameters, and its execution through Papermill. What is asked of a run stands in `run`."""

import ast
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from bulle import ROOT, InputError
from bulle.app import kernel

if TYPE_CHECKING:
    import papermill

ASIDE = ("6-sweep",)  # notebooks that a run executes only where they are named
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
    for cell in notebook.cells:  # what it showed when it was committed is not handed on from one to the next
        if cell.cell_type == "code":
            cell.outputs = []
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
