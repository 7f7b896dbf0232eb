"""A corpus that lies elsewhere (`s3://`, `gs://`, `hdfs://`): its files, copied here while the process lives."""

import atexit
import json
import logging
import os
import posixpath
import shutil
import tempfile
from glob import has_magic
from pathlib import Path, PurePosixPath

from bulle import InputError

SCHEMES = {"gs": "gcsfs", "hdfs": "pyarrow", "memory": "", "s3": "s3fs"}  # the package that each needs beside fsspec
ABSENT = "no such bucket, folder or file, or nothing in it"  # of which a store of objects tells no two apart
MOVED = "BULLE_CORPUS_NOW"  # paths of corpora, as they are given, and where they are now, for processes that we start
_held: dict[str, tuple[object, Path]] = {}  # what was listed, and its copy


def now(path: str | Path) -> str | Path:
    """Where a corpus is: there, if not moved (see `moved`); of one that lies elsewhere, its copy."""
    scheme, mark, _ = str(path).partition("://")
    there = json.loads(os.environ.get(MOVED) or "{}")
    if str(path) in there and str(path) not in _held:
        path = there[str(path)]
        scheme, mark, _ = str(path).partition("://")
    if not mark:
        return path
    if scheme not in SCHEMES:
        raise InputError(f"{path}: unknown scheme; there are: {', '.join(f'{one}://' for one in SCHEMES)}")
    return _fetched(str(path))


def moved(path: str, here: str) -> None:
    """Say where a corpus is now: for this process, and for those that it starts."""
    os.environ[MOVED] = json.dumps(json.loads(os.environ.get(MOVED) or "{}") | {path: here})


def _fetched(url: str) -> Path:
    """The copy of a corpus, made again when its files are others than before."""
    try:
        import fsspec

        logging.getLogger("gcsfs").setLevel(logging.CRITICAL)  # what matters is raised
        system, root = fsspec.core.url_to_fs(url)
        base, found = _found(system, root)
        listed = repr(sorted((name, str(about)) for name, about in found.items()))
        if url not in _held or _held[url][0] != listed:
            _held[url] = listed, _copied(system, base, {name: about["size"] for name, about in found.items()})
    except ImportError as error:
        more = f"pip install 'bulle[cluster]' {SCHEMES[url.partition('://')[0]]}".strip()
        raise InputError(f"{url}: needs more packages ({error!s:.150}); {more}") from error
    except InputError:
        raise
    except Exception as error:  # each kind of storage has errors of its own
        told = ABSENT if isinstance(error, FileNotFoundError) else " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{url}: cannot be read ({told:.150})") from error
    here = _held[url][1] / PurePosixPath(root).name if root in found else _held[url][1]
    moved(url, str(here))
    return here


def _found(system: object, root: str) -> tuple[PurePosixPath, dict[str, dict]]:
    """The folder that names are relative to, and what is known of each file: of the one file, of a folder, or of what a
    pattern finds, as `files.located` has them; an empty object that stands for a folder is no file."""
    base = PurePosixPath(root)
    if has_magic(root) and not system.exists(root):
        found = system.glob(root, detail=True)
        base = PurePosixPath(posixpath.commonpath([PurePosixPath(name).parent for name in found] or [base]))
        for name in [name for name, about in found.items() if about["type"] == "directory"]:
            found |= system.find(name, detail=True)
    else:
        found = system.find(root, detail=True)
        base = base.parent if root in found else base
    found = {name: about for name, about in found.items() if about["type"] == "file" and not name.endswith("/")}
    if not found:
        raise FileNotFoundError(root)
    return base, found


def _copied(system: object, base: PurePosixPath, sizes: dict[str, int]) -> Path:
    """A copy of these files, in a folder."""
    folder = Path(tempfile.mkdtemp(prefix="bulle-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if sum(sizes.values()) > shutil.disk_usage(folder).free:
        raise OSError(f"{sum(sizes.values()):,} bytes, more than is free in {tempfile.gettempdir()}")
    for name in sizes:
        own = PurePosixPath(name).relative_to(base)
        if ".." in own.parts:
            raise OSError(f"its file {name!r} would be written outside the folder")
        place = folder / own
        place.parent.mkdir(parents=True, exist_ok=True)
        system.get_file(name, str(place))
    return folder
