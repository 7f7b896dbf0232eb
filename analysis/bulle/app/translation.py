"""The prose of the notebooks in other languages: `data/<language>/notebooks/`, by the ids of the cells."""

import copy
import re

import nbformat

from bulle import PACKAGE, WRITTEN, phrases


def told(name: str, notebook: nbformat.NotebookNode, language: str) -> nbformat.NotebookNode:
    """A notebook with its prose in a language; as it is where there is none, which is so for the one it is kept in."""
    path = PACKAGE / "data" / language / "notebooks" / f"{name}.md"
    if not path.is_file():
        return notebook
    blocks = re.split(r"^%% (.+)\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    prose = dict(zip(blocks[::2], map(str.strip, blocks[1::2]), strict=True))
    made = copy.deepcopy(notebook)
    made.metadata["prose"] = language
    for cell in made.cells:
        cell.source = prose.get(cell.id, cell.source) if cell.cell_type == "markdown" else cell.source
    return made


def meaning(parameter: str, written: str, language: str) -> str:
    """What a parameter sets, in a language; `written` says it in the one that the notebooks are kept in."""
    return written if language == WRITTEN else phrases(language, "parameters").get(parameter, written)
