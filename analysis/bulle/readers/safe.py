"""A file opened so that nothing in it can make a reader wait, never end, or be run; what is refused, and why."""

import gzip
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import BinaryIO
from weakref import ref

from bulle import InputError

UNPACKED, RATIO = 64 << 20, 100  # an archive unpacks to 64 MB, or to 100 times its size; prose shrinks 3 to 10 times
WHOLE = 1 << 30  # bytes of a file that is held in memory as a whole; rows are read one by one
COMPRESSED = (".gz", ".zst")  # endings of a file that is unpacked as it is read
WHOLES = (".docx", ".parquet", ".tar", ".xlsx", ".zip")  # what is not read from its first byte to its last
HOLES = 100  # a file that says to be so many times larger than what it holds on the disk is made of holes
SPECIAL = {stat.S_IFIFO: "a named pipe, not a file of text", stat.S_IFSOCK: "a socket, not a file of text",
           stat.S_IFCHR: "a device, not a file of text", stat.S_IFBLK: "a device, not a file of text"}  # fmt: skip
EXTRA = {"trafilatura": ".html", "lxml": ".xml, .docx, .xlsx and Europresse pages",
         "backports.zstd": ".zst"}  # fmt: skip
_last: list[ref] = []  # the file that was opened last, while it is there


def extra(module: str) -> ModuleType:
    """A heavy reader, or the sentence that says how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(f"reading {EXTRA[module]} needs {module}; pip install 'bulle[formats]'") from error


def kind(file: Path) -> str:
    """The ending that says how a file is read: of a compressed one, that of what it holds.

    >>> kind(Path("a.csv.gz")), kind(Path("a.TXT"))
    ('.csv', '.txt')
    """
    return Path(file.stem).suffix.lower() if compressed(file) else file.suffix.lower()


def compressed(file: Path) -> bool:
    """Whether a file is unpacked as it is read."""
    return file.suffix.lower() in COMPRESSED


def opened(file: Path, packed: bool = False) -> BinaryIO:
    """The bytes of a regular file, unpacked unless they are wanted as they are; what could make a reader wait, or never
    end, is refused before it is opened."""
    refuse(os.stat(file))
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        refuse(os.fstat(descriptor))  # it may have become another since
    except InputError:
        os.close(descriptor)
        raise
    stream = os.fdopen(descriptor, "rb")
    _last[:] = [ref(stream)]
    if packed or not compressed(file):
        return stream
    try:
        return io.BufferedReader(Unpacked(stream, file.suffix.lower()), 1 << 16)
    except InputError:
        stream.close()
        raise


class Unpacked(io.RawIOBase):
    """The content of a compressed file: as much of it as a zip archive of this size might hold, and then no more."""

    def __init__(self, stream: BinaryIO, ending: str):
        self.stream, self.ending = stream, ending
        self.most = max(UNPACKED, RATIO * os.fstat(stream.fileno()).st_size)
        library = zstd() if ending == ".zst" else gzip
        self.content = library.open(stream)
        self.faults = (EOFError, OSError, zlib.error, getattr(library, "ZstdError", zlib.error))

    def readinto(self, room: memoryview) -> int:
        """Fill the room that is given, with what there is."""
        try:
            part = self.content.read(len(room))
        except self.faults as error:
            raise InputError(f"truncated, or not a {self.ending} file ({error})") from error
        if self.content.tell() > self.most:
            raise InputError(f"unpacks to more than {self.most:,} bytes and {RATIO} times its size; refused as a bomb")
        room[: len(part)] = part
        return len(part)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place in the content."""
        return self.content.seek(place, whence)

    def close(self) -> None:
        """Close the file, too."""
        self.stream.close()
        super().close()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True


def zstd() -> ModuleType:
    """The library of .zst files: Python's own, from 3.14 on."""
    try:
        return import_module("compression.zstd")
    except ImportError:
        return extra("backports.zstd")


def position() -> int:
    """How many bytes have been read of the file that was opened last; none once it is closed."""
    stream = _last[0]() if _last else None
    return 0 if stream is None or stream.closed else stream.raw.tell()


def refuse(about: os.stat_result) -> None:
    """Refuse what is no regular file, or holds nothing, or only holes."""
    if not stat.S_ISREG(about.st_mode):
        raise InputError(SPECIAL.get(stat.S_IFMT(about.st_mode), "a folder, not a file of text"))
    if not about.st_size:  # endless files of the system say so, too
        raise InputError("empty; expected the text of an article")
    if 0 < 512 * getattr(about, "st_blocks", 0) < about.st_size // HOLES:
        raise InputError(f"a file of holes: {about.st_size:,} bytes, of which the disk holds {512 * about.st_blocks:,}")


def fragile(what: str) -> Callable:
    """A reader that leans on a library for damaged files: whatever fails in it, a panic of Rust too, costs the file."""

    def sure(reader: Callable[..., Iterator]) -> Callable[..., Iterator]:
        @wraps(reader)
        def read(*given: object) -> Iterator:
            records = reader(*given)
            while True:
                try:
                    record = next(records)
                except StopIteration:
                    return
                except (InputError, OSError, MemoryError):
                    raise
                except BaseException as error:
                    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                        raise
                    why = " ".join(str(error.args[0] if error.args else error).split()) or type(error).__name__
                    raise InputError(f"not {what}, or damaged ({why:.200})") from error
                yield record

        return read

    return sure


def bounded(file: Path) -> list[zipfile.ZipInfo]:
    """The entries of a zip archive that is whole, stays in its folder and unpacks to a sane size."""
    try:
        with opened(file) as stream, zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, struct.error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"truncated, or not a zip archive ({error})") from error
    for entry in entries:
        inside = PurePosixPath(entry.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or re.match("[A-Za-z]:", entry.filename):
            raise InputError(f"its entry {entry.filename!r} would be written outside the folder; refused")
        if entry.flag_bits & 1:
            raise InputError("protected by a password; unpack it first")
    if twice := [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]:
        raise InputError(f"two entries are named {twice[0]!r}")
    size = sum(entry.file_size for entry in entries)
    if size > max(UNPACKED, RATIO * file.stat().st_size):
        raise InputError(f"would unpack to {size:,} bytes, more than {RATIO} times its size; refused as a zip bomb")
    return entries
