"""What is written whole or not at all, and only in the place of what Bulle wrote itself and nobody has changed since.

A run is a folder with a manifest that gives the sha256 of each of its files; a page that stands alone ends in its own.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp

from bulle import InputError
from bulle.runs import MANIFEST, PARTS, content, digest, entries, finished, foreign, holds_run, intact, listed, manifest

try:
    import fcntl
except ImportError:  # not POSIX: no locks, so nothing is ever swept
    fcntl = None

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}  # what a write meets on a full or failing disk
UNABLE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}  # a file system that cannot exchange two folders
NAMED = 3  # of the things that stand in the way, so many are named
MARK = b'{\n "bulle": "",\n "files": {}\n}\n'  # the manifest of an unfinished run


# A folder


@contextmanager
def replaced(output: Path) -> Iterator[Path]:
    """A new folder to write files into, which takes the place of `output` in one step when the block ends well.

    It stands beside the output and is locked while its process lives; what dead processes left there is removed.
    Of two runs at once, each writes its own, and the last to end stands. Where the system cannot exchange two folders
    (not Linux or macOS, some network file systems) it takes two steps, and the next run mends what stopped in between.

    Raises
    ------
    InputError : the output is no folder of a run as it was written (before or after the block), it cannot be written,
        or the disk is full. What stood there stands there still.
    """
    with _said(output):
        place = _place(output)
        made = [parent for parent in place.parents if not parent.exists()]
        place.parent.mkdir(parents=True, exist_ok=True)
        new, lock = _begun(place)
    try:
        with _said(output, FULL):
            yield new
            _sign(new)
        with _said(output), _alone(place.parent):
            _exchange(new, place)
    finally:
        _removed(new)  # what is half-done
        _release(lock)
        with suppress(OSError):  # of the folders made for it, those that are left empty
            for parent in made:
                parent.rmdir()


def _place(output: Path) -> Path:
    """The folder that is meant, with links followed; `InputError` for one that must not be exchanged for another."""
    try:
        place = output.resolve()
    except (RuntimeError, ValueError) as error:  # a link to itself, a NUL
        raise InputError(f"output folder {str(output)!r} is no path ({error}); name another with -o") from None
    if place.is_symlink():  # from Python 3.13 on, a link to itself is no error
        raise InputError(f"output folder {str(output)!r} is a link to itself; name another with -o")
    with suppress(RuntimeError):  # nobody's home
        if Path.home().resolve().is_relative_to(place):
            raise InputError(f"output folder {str(output)!r} is, or holds, your home; name another with -o")
    if Path.cwd().is_relative_to(place):
        raise InputError(f"output folder {str(output)!r} is, or holds, the folder you are in; name another with -o")
    return place


def _free(output: Path) -> None:
    """`InputError` unless an output is absent, empty, or a run as it was written."""
    if output.exists() and not output.is_dir():
        raise InputError(f"output {str(output)!r} is a file; name a folder with -o")
    if output.exists() and (found := foreign(output)):
        raise InputError(_refused(output, found, output))


def _refused(output: Path, found: list[str], stands: Path) -> str:
    """Why an output is kept, in one line; `stands` is where its files are."""
    if listed(stands) is None and holds_run(stands):
        why = f"{MANIFEST} is missing or changed, as in a run of an older version: move it away or remove it yourself"
        return f"output folder {str(output)!r} is kept: {why}, or name another with -o"
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"output folder {str(output)!r} is kept: it holds {', '.join(found[:NAMED])}{more}; name another with -o"


def _sign(folder: Path) -> None:
    """Write the manifest of a folder."""
    own = {name: digest(folder / name) for name in entries(folder) if name != MANIFEST}
    beside = folder / f"{MANIFEST}.new"
    beside.write_bytes(manifest(version("bulle"), own))
    beside.replace(folder / MANIFEST)


@contextmanager
def _said(output: Path, told: set[int] | None = None) -> Iterator[None]:
    """Errors of the system (of these numbers) as an `InputError` that names the folder."""
    try:
        yield
    except OSError as error:
        if told is not None and error.errno not in told:
            raise
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            f"cannot write the output folder {str(output)!r}: {reason}; mend that or name another with -o"
        ) from None


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """No other run sweeps or exchanges folders here meanwhile."""
    lock = _lock(parent, wait=True)
    try:
        yield
    finally:
        _release(lock)


def _begun(output: Path) -> tuple[Path, int | None]:
    """A new locked folder beside an output that is free, once what dead processes left is gone."""
    with _alone(output.parent):
        for stray in [path for path in output.parent.iterdir() if finished(path.name) == output.name != path.name]:
            _sweep(stray, output)
        _free(output)
        new = Path(mkdtemp(prefix=f".{output.name}.unfinished-", dir=output.parent))
        try:
            new.chmod(0o755)
            (new / MANIFEST).write_bytes(MARK)  # from now on it is ours to remove
            return new, _lock(new, wait=True)
        except BaseException:
            _removed(new)
            raise


def _sweep(stray: Path, output: Path) -> None:
    """Remove a folder that nobody holds; one that was the output when an exchange stopped half-way goes back there."""
    if stray.is_symlink() or not stray.is_dir():
        return
    lock = _lock(stray, wait=False)
    if lock is None:
        return
    if stray.suffix == ".old" and not os.path.lexists(output):
        stray.rename(output)
    else:
        _removed(stray)
    _release(lock)


def _removed(folder: Path) -> None:
    """Remove a folder of ours that is no output: an unfinished one, or a run as it was written.

    Only files that we know are removed, one by one; whatever else stands there keeps the folder.
    """
    with suppress(OSError):
        own, stands = listed(folder), content(folder / MANIFEST) or b""
        begun = MARK.startswith(stands)
        whole = own is not None and not foreign(folder)
        names = entries(folder) if whole or stands == MARK else []  # that of an unfinished run
        for place in [folder / name for name in names if name != MANIFEST]:
            if place.is_symlink() or not place.is_dir():
                place.unlink(missing_ok=True)
        for part in PARTS:
            with suppress(OSError):  # none is there, or it holds something
                (folder / part).rmdir()
        if os.listdir(folder) == [MANIFEST] and (own is not None or begun):
            (folder / MANIFEST).unlink()
        folder.rmdir()


def _exchange(new: Path, output: Path) -> None:
    """Put the new folder in the place of the output, and remove what stood there: the very run that was checked."""
    _free(output)
    try:
        new.rename(output)  # nothing stands there, or an empty folder
        return
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    old = new
    if not _swapped(new, output):
        old = output.rename(new.with_name(new.name + ".old"))
        new.rename(output)
    if found := foreign(old):  # it came after the check
        told = _refused(output, found, old)
        if not _swapped(old, output):
            output.rename(new)
            old.rename(output)
        raise InputError(told)
    _removed(old)


def _swapped(one: Path, other: Path) -> bool:
    """Exchange two folders or files in one step; False where the system or the file system cannot."""
    name, here = ("renameatx_np", -2) if sys.platform == "darwin" else ("renameat2", -100)  # AT_FDCWD of each
    try:
        exchange = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (AttributeError, TypeError):
        return False
    if exchange(here, os.fsencode(one), here, os.fsencode(other), 2) == 0:  # RENAME_EXCHANGE, RENAME_SWAP
        return True
    number = ctypes.get_errno()
    if number in UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _lock(path: Path, wait: bool) -> int | None:
    """A lock that ends with this process; None where there is none to have, or another holds it."""
    if fcntl is None:
        return None
    try:
        held = os.open(path, os.O_RDONLY)
    except OSError:
        if wait:
            raise
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(held)
        return None
    return held


def _release(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


# A file that stands alone


@contextmanager
def file(path: Path) -> Iterator[Path]:
    """A new file to write, which takes its place at `path` in one step when the block ends well.

    Raises
    ------
    InputError : something stands there that is not a page of ours as it was written, or the file cannot be written.
    """
    try:
        if os.path.lexists(path) and not intact(path):
            raise InputError(_kept(path))
        new = path.with_name(f".{path.stem}.unfinished-{token_hex(4)}{path.suffix}")
        try:
            yield new
            _settled(new, path)
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"cannot write {str(path)!r}: {(getattr(error, 'strerror', '') or str(error)).lower()}"
        ) from None


def _kept(path: Path) -> str:
    return f"{str(path)!r} is kept: Bulle did not write it, or it was changed since; move it away or name another"


def _settled(new: Path, path: Path) -> None:
    """Put a new file where nothing stands, or a page of ours."""
    try:
        os.link(new, path)  # unlike a rename, it takes the place of nothing
        return
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not os.path.lexists(path):
            new.rename(path)
            return
    if not _swapped(new, path):
        if not intact(path):
            raise InputError(_kept(path))
        new.replace(path)
    elif not intact(new):  # it came after the check
        _swapped(new, path)
        raise InputError(_kept(path))
