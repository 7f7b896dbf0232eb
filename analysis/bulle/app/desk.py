"""A sheet that one reader labels: held by one process, and written anew, whole or not at all, after each answer."""

import os
import threading
import unicodedata
from contextlib import suppress
from glob import escape
from pathlib import Path
from secrets import token_hex

import pandas as pd

from bulle import InputError, labels

try:
    import fcntl
except ImportError:  # not POSIX: no locks
    fcntl = None


def named(name: str) -> str:
    """The name of the one who reads, as it is written in a sheet."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not labels.NAME.fullmatch(name):
        raise InputError(f"name {name[:60]!r}: expected up to 40 letters, digits, spaces, points, hyphens")
    return name


class Desk:
    """A sheet, the task that is asked of its sentences, and the column of the one who reads.

    No other reader's labels leave it, nor does what the rules say. `close` lets the sheet go.

    Raises
    ------
    InputError : the sheet cannot be read (see `labels.table`) or written, or another process holds it.
    """

    def __init__(self, sheet: Path, task: str, name: str = ""):
        try:
            self.path = sheet.resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise InputError(f"sheet {str(sheet)!r}: cannot be read ({error})") from None
        if self.path.suffix.lower() != ".csv" or not self.path.is_file():
            raise InputError(
                f"sheet {sheet}: no .csv file, in which labels are saved; of a corpus, name the theme, too"
            )
        self.task, self.column, self.name = task, "", ""
        self._answering = threading.Lock()
        self._lock = _locked(self.path)
        try:
            self._stamp = _stamp(self.path)
            self.rows, self._written = labels.table(self.path), _dialect(self.path)
            _complete(sheet, self.rows)
            for stray in self.path.parent.glob(f".{escape(self.path.name)}.unfinished-*"):  # of a process killed
                stray.unlink(missing_ok=True)
            if name:
                self.seat(name)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process have the sheet."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def seat(self, name: str) -> None:
        """Give the one who reads a column, or the one that already has the name."""
        name = named(name)
        columns = [column for column in labels.readers(self.rows, self.task) if column != f"{self.task}:"]
        known = {column.removeprefix(f"{self.task}:").casefold(): column for column in columns}
        column = known.get(name.casefold(), f"{self.task}:{name}")
        labels.labels(str(self.path), self.task)  # what stands there must be labels
        if column not in self.rows:
            self._save(self.rows.assign(**{column: ""}))
        self.column, self.name = column, column.removeprefix(f"{self.task}:")

    def given(self, row: int) -> str:
        """The label that the one who reads has given to a row, or ""."""
        return labels.meant(self.task, self.rows[self.column].iloc[row]) if self.column else ""

    def put(self, row: int, label: str) -> None:
        """Give a row its label, and save the sheet; "" takes it away."""
        with self._answering:
            rows = self.rows.copy()
            rows.loc[row, self.column] = label
            self._save(rows)

    @property
    def done(self) -> int:
        """How many rows have a label of the one who reads."""
        return int((self.rows[self.column].str.strip() != "").sum()) if self.column else 0

    def next(self, after: int = -1) -> int | None:
        """The first row without a label after a row, or else of all; None when there is none."""
        bare = self.rows.index[self.rows[self.column].str.strip() == ""].tolist()
        return next((row for row in bare if row > after), bare[0] if bare else None)

    def _save(self, rows: pd.DataFrame) -> None:
        """Write the sheet anew beside itself, and put it in its place when it is on the disk and ours."""
        if _stamp(self.path) != self._stamp:
            raise InputError(f"{self.path.name} was changed by another program, so nothing was written; start anew")
        new = self.path.with_name(f".{self.path.name}.unfinished-{token_hex(4)}")
        sign, codec = self._written
        text = rows.to_csv(sep=sign, index=False, lineterminator="\r\n")
        try:
            new.touch(self.path.stat().st_mode & 0o777, exist_ok=False)
            with open(new, "wb") as stream:
                stream.write(text.encode(codec, "surrogatepass"))
                stream.flush()
                os.fsync(stream.fileno())
            lock = _locked(new)
            os.replace(new, self.path)  # the lock goes with the file
        except OSError as error:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise InputError(f"{self.path.name} cannot be written: {(error.strerror or str(error)).lower()}") from None
        self.close()
        self._lock = lock
        self.rows, self._stamp = rows, _stamp(self.path)


def _complete(sheet: Path, rows: pd.DataFrame) -> None:
    """`InputError` for a sheet without sentences, or one whose theme stands outside its sentence."""
    if "text" not in rows or rows.empty:
        raise InputError(f"sheet {sheet}: no sentences in it; make one with bulle sheet")
    for number, (text, row) in enumerate(zip(labels.own(rows.text), rows.to_dict("records"), strict=True)):
        if not text.strip() or any(not start < end <= len(text) for start, end in labels.places(row)):
            raise InputError(f"sheet {sheet}, row {number + 2}: the text was changed; make the sheet anew")


def _locked(path: Path) -> int | None:
    """A lock on the file that now stands at a path, which ends with this process; None where there are none."""
    if fcntl is None:
        return None
    for _ in range(100):
        held = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            raise InputError(f"sheet {path.name}: another process labels it; end that one first") from None
        except OSError:  # a file system without locks
            return held
        if os.path.samestat(os.fstat(held), path.stat()):  # or it was replaced before we had the lock
            return held
        os.close(held)
    raise InputError(f"sheet {path.name}: another process labels it; end that one first")


def _stamp(path: Path) -> tuple[int, ...]:
    """What tells one state of a file from another."""
    told = path.stat()
    return told.st_ino, told.st_size, told.st_mtime_ns


def _dialect(path: Path) -> tuple[str, str]:
    """The sign between the columns of a sheet, and the encoding to write it in: UTF-8, with a mark where it has one or
    was written otherwise, because a spreadsheet would not know it."""
    raw = path.read_bytes()
    try:
        raw.decode("utf-8")
        codec = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"
    except UnicodeDecodeError:
        codec = "utf-8-sig"
    return labels.sign(path), codec
