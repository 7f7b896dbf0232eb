"""A folder that is written whole or not at all, whatever ends the process that writes it."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from analysis import InputError

try:
    import fcntl
except ImportError:  # not POSIX: no locks, so nothing is ever swept
    fcntl = None

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}  # what a write meets on a full or failing disk
UNABLE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}  # a file system that cannot exchange two folders


@contextmanager
def replaced(output: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the place of `output` in one step when the block ends well.

    It stands beside the output and is locked while its process lives; what dead processes left there is removed.
    Of two runs at once, each writes its own, and the last to end stands. Where the system cannot exchange two folders
    (not Linux or macOS, some network file systems) it takes two steps, and the next run mends what stopped in between.

    Raises
    ------
    InputError : the folder cannot be written, or the disk is full.
    """
    output = output.resolve()
    with _said(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        new, lock = _begun(output)
    try:
        with _said(output, FULL):
            yield new
        with _said(output):
            _exchange(new, output)
    finally:
        shutil.rmtree(new, ignore_errors=True)  # what is half-done, or the run that was replaced
        _release(lock)


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


def _begun(output: Path) -> tuple[Path, int | None]:
    """A new locked folder beside the output, once what dead processes left is gone."""
    prefix = f".{output.name}.unfinished-"
    alone = _lock(output.parent, wait=True)
    try:
        for stray in [path for path in output.parent.iterdir() if path.name.startswith(prefix)]:
            _sweep(stray, output)
        new = Path(mkdtemp(prefix=prefix, dir=output.parent))
        new.chmod(0o755)
        return new, _lock(new, wait=True)
    finally:
        _release(alone)


def _sweep(stray: Path, output: Path) -> None:
    """Remove a folder that nobody holds; one that was the output when an exchange stopped half-way goes back there."""
    lock = _lock(stray, wait=False)
    if lock is None:
        return
    if stray.suffix == ".old" and not output.exists():
        stray.rename(output)
    else:
        shutil.rmtree(stray, ignore_errors=True)
    _release(lock)


def _exchange(new: Path, output: Path) -> None:
    """Put the new folder in the place of the output, which then stands where the new one was, or is gone."""
    try:
        new.rename(output)  # nothing stands there, or an empty folder
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        if not _swapped(new, output):
            old = output.rename(new.with_name(new.name + ".old"))
            new.rename(output)
            shutil.rmtree(old, ignore_errors=True)


def _swapped(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system or the file system cannot."""
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
    held = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(held)
        return None
    return held


def _release(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
