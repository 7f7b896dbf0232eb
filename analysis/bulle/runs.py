"""What Bulle wrote itself: a run is a folder whose manifest gives the sha256 of each file; a page ends in its own."""

import errno
import hashlib
import json
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

MANIFEST = "manifest.json"
RUN = {MANIFEST: b'{\n "bulle": "', "parameters.json": b'{\n "parameters": {'}  # how files that only runs hold begin
PARTS = ("articles", "figures", "tables")  # the folders that a run may hold, with files in them and no more folders
SWEEP, RECORDED = "sweep", 1_000_000  # under which the record of a sweep has its decisions; bytes of one at most
UNFINISHED = re.compile(r"\.(.+)\.unfinished-[a-z0-9_]{8}(\.old)?", re.DOTALL)  # folder of a run that has not ended
SEAL = b"\n<!-- bulle sha256 %s -->\n"  # the end of a page that stands alone
INSIDE = re.compile(rf"(({'|'.join(PARTS)})/)?(?!\.\.?$)[^/\\:\0]+")  # the name of a file of a run, from its folder on


def foreign(folder: Path) -> list[str]:
    """What in a folder no run wrote, or was changed since, in words; an empty list for a run as it was written.

    A file of the run that is gone is no trouble: nobody loses it.
    """
    own, found = listed(folder), []
    parts = {name.partition("/")[0] + "/" for name in own or () if "/" in name}
    for name in entries(folder):
        if own is None or name not in (MANIFEST, *own, *parts):
            found.append(f"{name!r}, which no run wrote")
        elif name in own and digest(folder / name) != own[name]:
            found.append(f"{name!r}, which was changed since the run")
    return found


def entries(folder: Path) -> list[str]:
    """Names of all that stands in the folder of a run and in the folders that it may hold, of these with their own
    (`tables/a.csv`); of an empty one `tables/`. No link is followed.
    """
    found = []
    for entry in os.scandir(folder):
        if entry.name in PARTS and entry.is_dir(follow_symlinks=False):
            found += [f"{entry.name}/{name}" for name in os.listdir(entry.path) or [""]]
        else:
            found.append(entry.name)
    return sorted(found)


def listed(folder: Path) -> dict[str, str] | None:
    """The sha256 of each file of a run, by name, from its manifest; None where no manifest of ours stands unchanged."""
    stands = content(folder / MANIFEST)
    try:
        told = json.loads(stands or b"")
        own = told["files"]
        ours = isinstance(own, dict) and stands == manifest(told["bulle"], own)
    except (LookupError, RecursionError, TypeError, ValueError):
        return None
    return own if ours and all(map(INSIDE.fullmatch, own)) and all(own.values()) else None


def holds_run(folder: Path) -> bool:
    """Whether a folder is that of a run: whole, damaged, unfinished, or of a version that left no manifest; or one of
    the folders in it.
    """
    place = Path(os.path.abspath(folder))
    return _holds_run(place) or (place.name in PARTS and _holds_run(place.parent))


def _holds_run(folder: Path) -> bool:
    if UNFINISHED.fullmatch(folder.name):
        return True
    signed, recorded = (content(folder / name, len(head)) == head for name, head in RUN.items())
    return signed or (recorded and os.path.lexists(folder / "index.html"))


def holds_sweep(folder: Path) -> bool:
    """Whether the record in a folder is that of a sweep."""
    try:
        return SWEEP in json.loads(content(folder / "parameters.json", RECORDED) or b"")
    except (RecursionError, TypeError, ValueError):
        return False


def finished(name: str) -> str:
    """The name that the folder of an unfinished run will have.

    >>> finished("out/.crise.unfinished-abcd1234"), finished("out/crise")
    ('out/crise', 'out/crise')
    """
    parent, slash, last = name.rpartition("/")
    return parent + slash + UNFINISHED.sub(r"\1", last)


def sealed(page: str) -> bytes:
    """A page with its own sha256 in a comment at its end."""
    content = page.encode("utf-8", "replace")
    return content + SEAL % hashlib.sha256(content).hexdigest().encode()


def intact(path: Path) -> bool:
    """Whether a file is a page that Bulle wrote and nobody has changed."""
    size = len(SEAL % bytes(64))
    with suppress(OSError, ValueError), open(_opened(path), "rb") as stream:
        stream.seek(-size, os.SEEK_END)
        if stream.read().startswith(SEAL[:14]):
            stream.seek(0)
            content = stream.read()
            return content[-size:] == SEAL % hashlib.sha256(content[:-size]).hexdigest().encode()
    return False


def content(path: Path, size: int = -1) -> bytes | None:
    """The (first) bytes of a regular file; None for anything else: what is no file might never end."""
    with suppress(OSError, ValueError), open(_opened(path), "rb") as stream:
        return stream.read(size)
    return None


def digest(path: Path) -> str:
    """The sha256 of a regular file; "" for anything else."""
    with suppress(OSError), open(_opened(path), "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
    return ""


def _opened(path: Path) -> int:
    """A regular file opened to be read, without waiting and without following a link; `OSError` for anything else."""
    held = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(held).st_mode):
        os.close(held)
        raise OSError(errno.EINVAL, "no regular file", str(path))
    return held


def manifest(bulle: object, own: dict[str, str]) -> bytes:
    return json.dumps({"bulle": bulle, "files": own}, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
