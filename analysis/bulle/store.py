"""What was read and counted of a large corpus, kept for the next run, under the hash of all that it depends on.

It lies in the user's cache folder, as Parquet and JSON: nothing in it is run. A folder that cannot be written, or a
file that is not what its name says, only means that all is made again. `bulle check` never reads it.
"""

import hashlib
import io
import json
import os
import shutil
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import pandas as pd

from bulle import PACKAGE, InputError
from bulle.readers import READERS, files
from bulle.readers.safe import kind, opened

if TYPE_CHECKING:
    import polars as pl

LIBRARIES = (  # what is kept is made by these
    "simplemma ftfy regex rensa pandas polars py3langid numpy scipy nltk wordfreq".split()
)
MOST = 4 << 30  # bytes; what was used longest ago goes first
OFF = "BULLE_STORE_OFF"  # set while a run is checked: it is made from its texts and nothing else


def place() -> Path:
    """The folder of the store (the XDG base directory specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "bulle"


@cache
def code() -> str:
    """A digest of this package's own files."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.*")):
        if path.is_file() and not {"__pycache__", "notebooks", "seeds", "CITATION.cff"} & {
            *path.relative_to(PACKAGE).parts
        }:
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def makers() -> list[str]:
    """The state of this package and the versions of the libraries, on which all depends that is kept or sent."""
    return [code(), *(version(name) for name in LIBRARIES)]


def key(*contents: object) -> str:
    """The name under which something made of these contents is kept: a hash of them and of what makes it; "" where
    nothing is kept."""
    if os.environ.get(OFF):
        return ""
    return hashlib.sha256(json.dumps([makers(), contents]).encode()).hexdigest()[:32]


def corpus(path: str | Path) -> list[tuple[str, str]]:
    """Name and hash of each file that a corpus is read from, name and size of what stands beside and is only reported;
    empty where a file cannot, or must not, be read, or is only a copy."""
    found = []
    if "://" in str(path):
        return found
    try:
        for name, size, _ in files.stamps(path):
            if kind(Path(name)) not in (*READERS, ".zip"):
                found.append((name, str(size)))
                continue
            with opened(Path(name), packed=True) as stream:
                found.append((name, hashlib.file_digest(stream, "sha256").hexdigest()))
    except (OSError, InputError):
        return []
    return found


def read(key: str, name: str) -> bytes | None:
    """What is kept under a name, if it is there and whole."""
    with suppress(OSError):
        for path in (place() / key).glob(f"{name}.*") if key else ():
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == path.suffix[1:]:
                os.utime(path.parent)
                return content
    return None


def write(key: str, name: str, content: bytes) -> None:
    """Keep this under a name, if it can be."""
    if not key:
        return
    folder = place() / key
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=folder, delete=False) as new:
            try:
                new.write(content)
                new.flush()
                os.replace(new.name, folder / f"{name}.{hashlib.sha256(content).hexdigest()}")
            except OSError:  # a full disk keeps no half of it
                os.unlink(new.name)


def parquet(made: "pl.DataFrame", **about: str) -> bytes:
    """A table, and what is told about it, as the bytes of a Parquet file."""
    held = io.BytesIO()
    made.write_parquet(held, metadata=about)
    return held.getvalue()


_known: dict[int, tuple[weakref.ref, list, str]] = {}  # tables that are what is kept under a name, by their identity


def table(key: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A table as it was kept under a name, or made now and kept: of rows that are numbered from 0, of texts (or none),
    numbers and truth values; with its `attrs`, which are JSON. Any other is made each time."""
    content = read(key, "table")
    made = _restored(content) if content else make()
    if key and not content and (content := _content(made)):
        write(key, "table", content)
        bounded()
    if content:
        _known[id(made)] = weakref.ref(made), _places(made), key
    return made


def kept(make: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """The same function of a table; what it makes of one that is kept, as it is, is kept as well."""

    @wraps(make)
    def found(*given: object, **more: object) -> pd.DataFrame:
        held, places, own = _known.get(id(given[0]), (None, [], "")) if given else (None, [], "")
        if held is None or held() is not given[0] or _places(given[0]) != places:
            return make(*given, **more)
        return table(key(own, make.__qualname__, given[1:], more), lambda: make(*given, **more))

    return found


def _places(made: pd.DataFrame) -> list[tuple[str, int]]:
    """Where the columns of a table lie: one that was put in the place of another lies elsewhere."""
    texts = set(made.select_dtypes("str"))
    rows = [made[name] for name in made]
    return [(row.name, id(row.array) if row.name in texts else row.to_numpy().ctypes.data) for row in rows]


def _content(made: pd.DataFrame) -> bytes | None:
    """A table as the bytes of a file; None of one that a file would not give back as it is."""
    import polars as pl

    plain = {str(kind) for kind in made.dtypes} <= {"str", "int64", "float64", "bool"}
    with suppress(TypeError, UnicodeError):  # what is no JSON; half a character
        about = json.dumps(made.attrs)
        if plain and json.loads(about) == made.attrs and made.index.equals(pd.RangeIndex(len(made))):
            texts = made.select_dtypes("str").astype(object)
            columns = made.assign(**texts.where(texts.notna(), None))
            return parquet(pl.DataFrame({name: columns[name].to_numpy() for name in made}), attrs=about)
    return None


def _restored(content: bytes) -> pd.DataFrame:
    """The table of a file, read column by column: it is as large as it was, equal texts being one."""
    import polars as pl

    made = {}
    for name, sort in pl.read_parquet_schema(io.BytesIO(content)).items():
        column = pl.read_parquet(content, columns=[name])[name]
        if sort == pl.String:
            texts = column.unique()
            codes = column.replace_strict(texts, range(len(texts)), return_dtype=int)
            made[name] = pd.array(texts.to_list(), dtype=str).take(codes.to_numpy())
        else:
            made[name] = column.to_numpy()
    table = pd.DataFrame(made)
    table.attrs = json.loads(pl.read_parquet_metadata(io.BytesIO(content))["attrs"])
    return table


def bounded(most: int = MOST) -> None:
    """Remove what was used longest ago, until so many bytes are left."""
    with suppress(OSError):
        kept, total = sorted(place().iterdir(), key=lambda folder: -folder.stat().st_mtime), 0
        for folder in kept:
            total += sum(path.stat().st_size for path in folder.iterdir())
            if total > most:
                shutil.rmtree(folder, ignore_errors=True)


def clean() -> int:
    """Remove all that is kept; how many bytes that was."""
    total = sum(path.stat().st_size for path in place().glob("*/*"))
    for folder in place().glob("*"):
        shutil.rmtree(folder, ignore_errors=True)
    return total
