"""The notebooks in JupyterLab: copies to change and run, in each language, behind a page that says what they answer.

What is committed has its outputs, so nothing that strips them could leave it as it was: it is copies that are run.
They lie in a folder that git does not follow, and the server does not write over the notebooks they come from.
"""

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote

import nbformat

from bulle import LANGUAGES, PACKAGE, WRITTEN, InputError
from bulle.app import run, translation

INDEX = "index.md"
MARK = "bulle"  # in the metadata of a copy: the digest of its cells as they were copied
SETTINGS = (
    f"--LabApp.app_settings_dir={PACKAGE / 'templates' / 'lab'}",  # Markdown is shown as a page; no news is asked for
    "--FileContentsManager.pre_save_hook=bulle.app.lab.guarded",
)


def opened(folder: Path, language: str, options: list[str]) -> None:
    """Open JupyterLab on the index of the copies in a folder; this process becomes its server."""
    for place in [place for each in LANGUAGES for place in copied(folder / each, each)]:
        told = "changed by you and made from another version; kept, remove it to have a new one"
        print(f"{place}: {told}", file=sys.stderr)
    place, root = folder.resolve(), Path.cwd()
    root = root if place.is_relative_to(root) else place
    index = (place / language / INDEX).relative_to(root).as_posix()
    settings = [*SETTINGS, f"--ServerApp.root_dir={root}"]
    settings.append(f"--LabApp.default_url=/lab/tree/{quote(index)}")
    os.execv(sys.executable, [sys.executable, "-P", "-m", "jupyterlab", *settings, *options])


def copied(folder: Path, language: str) -> list[Path]:
    """Copy the notebooks and their index into a folder, with the prose and the answers in a language.

    A copy that was not changed makes way for one of this version; one that was is left, and given back.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        titles, kept = [], []
        for path in run.notebooks(every=True):
            made, place = notebook(path, language), folder / path.name
            mark, now = _marks(place) if os.path.lexists(place) else ("", "")
            if mark == now != made.metadata[MARK]:
                nbformat.write(made, place)
            elif mark != made.metadata[MARK]:
                kept.append(place)
            titles.append(f"- [{re.search('^# (.+)', made.cells[0].source)[1]}]({path.name})")
        text = (PACKAGE / "data" / language / "lab.md").read_text(encoding="utf-8")
        (folder / INDEX).write_text(text.replace("{notebooks}", "\n".join(titles)), encoding="utf-8")
        return kept
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot write the folder {str(folder)!r}: {reason}; name another") from None


def notebook(path: Path, language: str) -> nbformat.NotebookNode:
    """A notebook with its prose and its answers in a language; in another than it is kept in, it has not run."""
    made = translation.told(path.stem, nbformat.read(path, as_version=4), language)
    kept, wanted = (f'narrate: str = "{one}"' for one in (WRITTEN, language))
    for cell in made.cells if language != WRITTEN else ():
        if cell.cell_type == "code":
            cell |= {"outputs": [], "execution_count": None}
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(kept, wanted)
    made.metadata[MARK] = _digest(made)
    return made


def _marks(place: Path) -> tuple[str | None, str | None]:
    """The digest that a copy was made with and that of its cells now; two that differ where it cannot be read."""
    try:
        found = nbformat.reads(place.read_text(encoding="utf-8"), as_version=4)
        return found.metadata.get(MARK), _digest(found)
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError):
        return None, ""


def _digest(notebook: nbformat.NotebookNode) -> str:
    cells = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:12]


def guarded(path: str, model: dict, contents_manager: object, **more: object) -> None:
    """Refuse to write over a notebook that copies are made from; JupyterLab calls this before it saves a file."""
    from tornado.web import HTTPError

    if (Path(contents_manager.root_dir) / path.strip("/")).resolve() in run.notebooks(every=True):
        told = "is kept as it came with Bulle; run its copy in the folder lab, or save it under another name"
        raise HTTPError(403, f"{Path(path).name} {told}")
