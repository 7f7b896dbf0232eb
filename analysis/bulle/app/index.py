"""Folders of runs -> one page that leads to each, with its parameters, its corpus and its verdict."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bulle import InputError
from bulle.app import site
from bulle.app.folder import file
from bulle.runs import sealed

MARKER = '<meta name="generator" content="bulle index">'
NAMED = ("theme", "corpus")  # the parameters that have a column


def index(folder: Path) -> Path:
    """Write `index.html` over the runs below a folder; returns its path.

    Raises
    ------
    InputError : there is no run below the folder, or its `index.html` is no index of runs as it was written.
    """
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is no folder; give one that holds folders of runs")
    rows = [_row(run, folder) for run in found(folder)]
    if not rows:
        raise InputError(f"no run below {str(folder)!r}; make one with bulle run -o {str(folder / 'NAME')!r}")
    with file(folder / "index.html") as beside:
        beside.write_bytes(sealed(site.runs(rows, MARKER)))
    return folder / "index.html"


def found(folder: Path) -> Iterator[Path]:
    """Folders of runs below a folder, by name; hidden folders and links to folders are left out."""
    for here, below, files in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        if {"parameters.json", "index.html"} <= set(files):
            below.clear()
            yield Path(here)


def _row(run: Path, folder: Path) -> dict[str, str]:
    """What the index says of one run; what cannot be read is said to be so."""
    place = run.relative_to(folder)
    parameters = _object(run / "parameters.json").get("parameters")
    told = _object(run / "findings.json")
    parameters = parameters if isinstance(parameters, dict) else {"theme": "parameters.json is not readable"}
    others = [f"{name} = {value}" for name, value in parameters.items() if name not in NAMED and value != ""]
    return {
        "run": os.fsencode(place).decode("utf-8", "replace"),
        "href": "./" + quote(os.fsencode(place)) + "/index.html",
        "theme": str(parameters.get("theme", "")),
        "corpus": str(parameters.get("corpus", "")),
        "texts": str(_value(told, "read.articles")),
        "sentences": str(_value(told, "theme.sentences")),
        "verdict": str(_value(told, "tone.verdict")),
        "others": ", ".join(others),
    }


def _object(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _value(told: dict, name: str) -> object:
    """The value of a finding, or the outcome that stands in its place; "" without that finding."""
    rows = told.get("findings") if isinstance(told.get("findings"), list) else []
    row = next((row for row in rows if isinstance(row, dict) and row.get("name") == name), {})
    return row.get("outcome", "") if row.get("value") is None else row["value"]
