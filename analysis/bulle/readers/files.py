"""Where the files of a corpus are: of a folder, a pattern, an archive; each with its reason if it is not read."""

import errno
import lzma
import os
import re
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path

from bulle import ROOT, InputError
from bulle.readers import READERS, remote
from bulle.readers.safe import COMPRESSED, SPECIAL, WHOLES, bounded, compressed, kind, opened
from bulle.runs import content, finished, holds_run, intact

HEAD, CODERS = 300, b"start,end,text,coder_1,coder_2"  # what the first line of a sheet of `labels` holds
FOREIGN = f"hidden, or of none of the formats that are read: {', '.join(READERS)}, .zip, .gz, .zst"
LINK = "a link to another folder, not followed"
RUN, PAGE = "the folder of a run, passed over", "a page that Bulle wrote, passed over"
SHEET = "a sheet of sentences to be labelled, passed over"
IGNORED = (FOREIGN, LINK, RUN, PAGE, SHEET, *SPECIAL.values())


def located(path: str | Path) -> tuple[Path, list[Path]]:
    """The folder that names are relative to, and the files: of a folder, of a glob pattern, or the one file."""
    path = remote.now(path)
    try:
        return _located(path)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{path!s:.80}: no path ({error})") from error


def _located(path: str | Path) -> tuple[Path, list[Path]]:
    spelt = dict.fromkeys([str(path), *(unicodedata.normalize(form, str(path)) for form in ("NFC", "NFD"))])
    for found in [base / name for name in spelt for base in (Path(), ROOT)] if str(path).strip() else ():
        if found.is_dir():
            if holds_run(found):
                raise InputError(f"{path}: the folder of a run, which is no corpus; name the folder of the texts")
            return found, walked(found)
        if found.exists() or found.is_symlink():
            if holds_run(found.parent):
                raise InputError(f"{path}: a file of a run, which is no corpus; name the file of the texts")
            return found.parent, [found]
        if matches := matching(found):
            runs = {parent for parent in {match.parent for match in matches} if holds_run(parent)}
            matches = [match.parent if match.parent in runs else match for match in matches]
            base = Path(os.path.commonpath([match.parent for match in matches]))
            found = [file for match in matches for file in tree(match)]
            return base, list(dict.fromkeys(found))
    raise InputError(f"{path}: no such file or folder")


def matching(pattern: Path) -> list[Path]:
    """The files and folders that a pattern finds; `**` does not follow links to folders, which may run in a circle."""
    found = [Path(pattern.anchor)]
    for part in pattern.parts[bool(pattern.anchor) :]:
        if part == "**":
            found = [below for folder in found if os.path.isdir(folder) for below in parted(folder)[0]]
        elif has_magic(part):
            own = [file for folder in found for file in listed(folder) if fnmatchcase(file.name, part)]
            found = [file for file in own if part.startswith(".") or not file.name.startswith(".")]
        else:
            found = [folder / part for folder in found if os.path.lexists(folder / part)]
        found = list(dict.fromkeys(found))
    return found


def listed(folder: Path) -> list[Path]:
    """What stands in a folder; nothing when it is none, or cannot be opened."""
    with suppress(OSError), os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries]
    return []


def tree(match: Path) -> list[Path]:
    """A file that a pattern found, or what is in the folder that it found; a link or a run stands for itself."""
    entered = os.path.isdir(match) and not os.path.islink(match) and not holds_run(match)
    return walked(match) if entered else [match]


def walked(folder: Path) -> list[Path]:
    """Every file under a folder; a folder that is a link, holds a run, or cannot be opened, stands for its files."""
    return parted(folder)[1]


def parted(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folder and all under it, however deep; and the files in them, as `walked` gives them."""
    folders, found = [folder], []
    for inside in folders:  # it grows on the way
        try:
            with os.scandir(inside) as entries:
                for entry in entries:
                    entered = entry.is_dir(follow_symlinks=False) and not holds_run(Path(entry.path))
                    (folders if entered else found).append(Path(entry.path))
        except OSError:
            found.append(inside)
    return folders, found


@contextmanager
def files(path: str | Path) -> Iterator[list[tuple[str, Path, str]]]:
    """Name, place and trouble ("" for none) of every file, by name; archives are unpacked into a passing folder."""
    path = remote.now(path)
    base, members = located(path)
    found: list[tuple[str, Path, str]] = []
    with tempfile.TemporaryDirectory(prefix="bulle-", ignore_cleanup_errors=True) as spare:
        for number, file in enumerate(members):
            name, inside = shown(file, base), Path(spare, str(number))
            trouble = doubly(file) if file in (Path(path), ROOT / path) else troubled(name, file)
            if file.suffix.lower() != ".zip" or trouble:
                found.append((name, file, trouble))
                continue
            prefix = "" if len(members) == 1 else f"{name}/"
            try:
                found += [(prefix + own, inner, why) for own, inner, why in unpacked(file, inside)]
            except InputError as error:
                found.append((name, file, str(error)))
        passed = {finished(name) for name, _, trouble in found if trouble == RUN}  # a run and one that will replace it
        found = [one for one in found if one[2] != RUN] + [(name, base / name, RUN) for name in passed]
        yield sorted(found)


def stamps(path: str | Path) -> list[tuple[str, int, int]]:
    """Name, bytes and time of change of every file that a corpus is read from: while they are the same, it is."""
    members = located(path)[1]
    manifests = [folder / "manifest.csv" for folder in dict.fromkeys(file.parent for file in members)]
    return stamped(dict.fromkeys([*members, *manifests]))


def stamped(places: Iterable[Path]) -> list[tuple[str, int, int]]:
    """Name, bytes and time of change of each file; what is no file has none, which is told on reading."""
    found = []
    for file in places:
        with suppress(OSError):
            told = file.stat()
            found.append((str(file.absolute()), told.st_size, told.st_mtime_ns))
    return found


def troubled(name: str, file: Path, nested: bool = False) -> str:
    """Why a file found in a folder is not read: hidden, of another format, no file; "" when it is."""
    try:
        mode = stat.S_IFMT(file.stat().st_mode)
    except OSError as error:  # a link that leads nowhere is told on reading
        if error.errno == errno.ENAMETOOLONG:
            return "a path too long for the system; move it up"
        mode = 0
    if mode == stat.S_IFDIR:
        if not os.path.islink(file) and holds_run(file):
            return RUN
        return LINK if os.path.islink(file) else "a folder that cannot be opened"
    if mode in SPECIAL:
        return SPECIAL[mode]
    if re.search(r"(^|/)(\.|__MACOSX/)", name) or kind(file) not in (*READERS, ".zip"):
        return FOREIGN
    if file.suffix.lower() in (".html", ".htm") and intact(file):
        return PAGE
    if file.suffix.lower() == ".csv":
        first = (content(file, HEAD) or b"").partition(b"\n")[0]
        if CODERS in re.sub(b"[;\t]", b",", first):
            return SHEET
    archive = nested and file.suffix.lower() in (".zip", *COMPRESSED)
    return "an archive inside an archive; unpack it first" if archive else doubly(file)


def doubly(file: Path) -> str:
    """Why a compressed file is not read: it holds what is packed once more; "" when it is."""
    held = kind(file)
    return f"a {held} file inside a {file.suffix} file; unpack it first" if compressed(file) and held in WHOLES else ""


def shown(file: Path, base: Path) -> str:
    """A file's name under its folder, with `/`, readable whatever its bytes."""
    return os.fsencode(file.relative_to(base).as_posix()).decode("utf-8", "replace")


def unpacked(file: Path, folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Name, place and trouble of every member of a zip archive, written into a folder; a damaged one costs itself."""
    entries = bounded(file)
    with opened(file) as stream, zipfile.ZipFile(stream) as archive:
        for entry in entries:
            mode = stat.S_IFMT(entry.external_attr >> 16)
            if mode and mode != stat.S_IFREG:
                yield entry.filename, folder / entry.filename, SPECIAL.get(mode, LINK)
                continue
            try:
                inner = Path(archive.extract(entry, folder))
            except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, OSError,
                    RuntimeError) as error:  # fmt: skip
                yield entry.filename, folder / "nowhere", f"cannot be unpacked ({error})"
                continue
            name = shown(inner, folder)
            yield name, inner, troubled(name, inner, nested=True)
