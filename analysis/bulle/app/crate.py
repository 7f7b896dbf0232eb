"""A run described for those who cite it: `ro-crate-metadata.json` (RO-Crate 1.2, www.researchobject.org/ro-crate)."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bulle import ROOT, InputError
from bulle.readers import files
from bulle.readers.safe import opened
from bulle.runs import MANIFEST, digest, entries

NAME = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.2"
FORMATS = {
    ".html": ("text/html", "page"),
    ".json": ("application/json", "record"),
    ".ipynb": ("application/x-ipynb+json", "executed notebook"),
    ".csv": ("text/csv", "table"),
    ".parquet": ("application/vnd.apache.parquet", "table"),
    ".svg": ("image/svg+xml", "figure"),
    ".pdf": ("application/pdf", "account, printed"),
}  # kind of a file of a run -> media type, what it is
CORPORA, SINGLE = ("corpus", "reference"), ("lexicon", "sheet")  # parameters that name what is read
RIGHTS = "The texts that are quoted belong to their holders. Who made the run decides under which licence it is shared."


def crate(folder: Path, record: dict) -> str:
    """The description of a run: its files, what it was made from and with, each with its sha256, and on which day.

    It depends on nothing but them: made again, it is the same byte for byte. A path that names a place on a machine is
    cut to its last part.

    Parameters
    ----------
    folder : of the run, whole but for this file and the manifest.
    record : what `parameters.json` holds.
    """
    made = [_file(folder, name) for name in entries(folder) if name not in (NAME, MANIFEST)]
    given = [
        one for name in (*CORPORA, *SINGLE) if (path := record["parameters"].get(name)) for one in _read(name, path)
    ]
    settings = [_setting(name, value) for name, value in record["parameters"].items()]
    versions = dict(record["versions"])
    code, own = versions.pop("code"), versions.pop("bulle")
    authors = _authors()
    theme = record["parameters"].get("theme", "")
    root = {"@id": "./", "@type": "Dataset", "name": f"Bulle: {theme}" if theme else "Bulle",
            "description": "A run of Bulle: notebooks, pages and tables on how press articles speak of a theme.",
            "datePublished": record["date"], "license": {"@id": "#rights"}, "hasPart": _links(made),
            "mentions": {"@id": "#run"}, "mainEntity": {"@id": "#run"}}  # fmt: skip
    program = {"@id": "#bulle", "@type": "CreativeWork", "name": "bulle", "version": own,
               "additionalType": "https://schema.org/SoftwareApplication",
               "identifier": f"code {code}", "author": _links(authors),
               "softwareRequirements": [f"{name}=={version}" for name, version in versions.items()]}  # fmt: skip
    action = {"@id": "#run", "@type": "CreateAction", "name": f"bulle run {record['notebooks']}".strip(),
              "endTime": record["date"], "instrument": {"@id": program["@id"]},
              "object": _links([*given, *settings]), "result": _links(made)}  # fmt: skip
    about = {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": VERSION}, "about": {"@id": "./"}}
    rights = {"@id": "#rights", "@type": "CreativeWork", "name": "Rights", "description": RIGHTS}
    graph = [about, root, action, program, *authors, rights, *given, *settings, *made]
    return json.dumps({"@context": f"{VERSION}/context", "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _links(described: list[dict]) -> list[dict]:
    return [{"@id": one["@id"]} for one in described]


def _file(folder: Path, name: str) -> dict:
    kind, told = FORMATS.get(Path(name).suffix, ("application/octet-stream", "file"))
    size = str((folder / name).stat().st_size)
    about = {"@id": quote(name), "@type": "File", "name": name, "description": told, "encodingFormat": kind}
    return about | {"contentSize": size, "sha256": digest(folder / name)}


def _read(parameter: str, path: str) -> Iterator[dict]:
    """The files that a parameter names, as they were read; they stay where they are."""
    if parameter in SINGLE:
        yield from _input(parameter, Path(path).name, Path(path))
        return
    with files.files(path) as found:
        for name, file, trouble in found:
            if not trouble:
                yield from _input(parameter, name, file)


def _input(parameter: str, name: str, file: Path) -> Iterator[dict]:
    try:
        with opened(file, packed=True) as stream:
            held = hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, InputError):  # it could not be read, which the report of the reading says
        return
    about = {"@id": f"#{parameter}/{quote(name)}", "@type": "CreativeWork", "name": name, "sha256": held}
    yield about | {"contentSize": str(file.stat().st_size), "description": f"read as the parameter {parameter}"}


def _setting(name: str, value: object) -> dict:
    named = name in (*CORPORA, *SINGLE) and Path(str(value)).is_absolute()
    about = {"@id": f"#parameter-{name}", "@type": "PropertyValue", "name": name}
    return about | {"value": Path(str(value)).name if named else value}


def _authors() -> list[dict]:
    """Who made Bulle, as `CITATION.cff` names them: an entity or a person, a line each."""
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").partition("authors:")[2].partition("\nversion:")[0]
    made = []
    for one in re.split(r"^  - ", lines, flags=re.M)[1:]:
        told = dict(re.findall(r"^ *([\w-]+): *[\"']?(.+?)[\"']? *$", one, re.M))
        name = told.get("name") or f"{told['given-names']} {told['family-names']}"
        kind = "Organization" if "name" in told else "Person"
        made.append({"@id": told.get("orcid", f"#author-{len(made) + 1}"), "@type": kind, "name": name})
    return made
