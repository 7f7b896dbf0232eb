"""How far long work is: modules tell what is done of all, and who listens shows it once it has taken some seconds.

Nobody listens to a script. The command line shows a `Line`, to which the kernel of a run sends what it hears; a
notebook with somebody in front of it shows a `Cell`. Nothing of it enters a table, a page or a file of a run.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from shutil import get_terminal_size
from typing import TextIO, TypeVar

from bulle import WRITTEN, phrases, telling

Row = TypeVar("Row")
Listener = Callable[[str, float, float], None]  # hears what is done, how much of it, of how much; of nought: it ended

AFTER = 3.0  # seconds in which nothing is shown
OFTEN = 5.0  # seconds between two lines, where none can be written over
TICK = 0.25  # seconds between two looks
MINUTE = 90  # seconds from which minutes are told
BYTES = "reading"  # what is counted in bytes
NOTEBOOK, CELL = "notebook", "cell"  # steps that hold others: which of all is begun

_listeners: list[Listener] = []
_begun: list[str] = []  # the step that is told; what is done inside it is not


def listen(listener: Listener | None = None) -> None:
    """Let this one hear what is told from now on, and no other; nobody, if none is given."""
    _listeners[:] = [] if listener is None else [listener]
    _begun.clear()


def tell(what: str, done: float, whole: float) -> None:
    """Tell how much of something is done; of a whole of nought, that it is over."""
    for listener in _listeners or [Cell.told]:
        listener(what, done, whole)


def over(
    rows: Iterable[Row], whole: float, what: str, done: Callable[[int, Row], float] | None = None
) -> Iterator[Row]:
    """The same rows, one after another, telling on the way how many of the whole are done, or how much (`done`).

    >>> list(over("abc", 3, "words"))
    ['a', 'b', 'c']
    """
    if _begun:
        yield from rows
        return
    _begun.append(what)
    told = 0.0
    try:
        for number, row in enumerate(rows):
            if time.monotonic() - told > TICK:
                tell(what, done(number, row) if done else number, whole)
                told = time.monotonic()
            yield row
    finally:
        _begun[:] = []
        tell(what, 0, 0)


@dataclass
class Step:
    """What is done of a whole, and since when."""

    what: str
    done: float
    whole: float
    began: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds that the rest may take, if it goes on like this; nought where it is too early to say."""
        taken = time.monotonic() - self.began
        return taken * (self.whole - self.done) / self.done if self.done > 0 and taken > 1 else 0.0

    def told(self, language: str) -> str:
        """The step in words of a language."""
        from babel.numbers import format_decimal  # slow to import, and nothing is told of quick work

        unit = 1e6 if self.what == BYTES else 1
        done, whole = (format_decimal(number / unit, "#,##0", language) for number in (self.done, self.whole))
        return phrases(language, "progress")[self.what].format(done=done, whole=whole)


def remaining(seconds: float, language: str = WRITTEN) -> str:
    """Seconds that are left, as people say them.

    >>> [remaining(seconds) for seconds in (0.4, 4, 42, 400)]
    ['', ', about 4 s left', ', about 40 s left', ', about 7 min left']
    """
    if seconds < 1:
        return ""
    if seconds > MINUTE:
        return phrases(language, "progress")["minutes"].format(time=round(seconds / 60))
    return phrases(language, "progress")["seconds"].format(
        time=round(seconds / 10) * 10 if seconds > 10 else round(seconds)
    )


class Line:
    """One line on a terminal that is written over; elsewhere plain lines, now and then. Silent when the work is quick.

    `heard` gives what was told elsewhere since it was last asked.
    """

    current: "Line | None" = None

    def __init__(self, stream: TextIO, heard: Callable[[], Iterable[Iterable]] = tuple):
        self.stream, self.heard, self.text = stream, heard, ""
        self.live = stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.began = self.last = time.monotonic()
        self.steps: dict[str, Step] = {}
        self.lock, self.ended = threading.RLock(), threading.Event()

    def told(self, what: str, done: float, whole: float) -> None:
        """Hear how far a step is."""
        with self.lock:
            if whole:
                self.steps.setdefault(what, Step(what, done, whole)).done = done
            else:
                self.steps.pop(what, None)

    def watch(self) -> None:
        """Show the line again and again, until it is closed."""
        while not self.ended.wait(TICK):
            with self.lock:
                for told in self.heard():
                    self.told(*told)
                if time.monotonic() - self.began > AFTER and self.steps and not self.ended.is_set():
                    self.show()

    def show(self) -> None:
        """Write the line over what it was; or anew, where that cannot be done and it is time."""
        inside = self.steps.keys() - {NOTEBOOK, CELL}  # which cell it is says less
        told = [step.told(WRITTEN) for what, step in self.steps.items() if what != CELL or not inside]
        text = "; ".join(told) + remaining(self.left())
        if self.live and (text := text[: get_terminal_size().columns - 1]) != self.text:
            self.write(text if "NO_COLOR" in os.environ else f"\x1b[2m{text}\x1b[22m", text)
        elif not self.live and text != self.text and time.monotonic() - self.last > OFTEN:
            self.write(f"{text}\n", text)

    def left(self) -> float:
        """Seconds that the longest step may still take: of cells that are unlike each other nobody can tell."""
        return max((step.left() for what, step in self.steps.items() if what not in (NOTEBOOK, CELL)), default=0)

    def write(self, written: str, text: str = "") -> None:
        """Write over the line what stands there next: `text`, if it may be written over in its turn."""
        over = "\r\x1b[K" if self.live and self.text else ""
        with self.lock, suppress(OSError, ValueError):  # nobody may be there to read it
            self.stream.write(over + written)
            self.stream.flush()
        self.text, self.last = text, time.monotonic()


@contextmanager
def line(heard: Callable[[], Iterable[Iterable]] = tuple) -> Iterator[None]:
    """Show on standard error how far the work inside is (see `Line`), and leave nothing of it."""
    Line.current = shown = Line(sys.stderr, heard)
    listen(shown.told)
    threading.Thread(target=shown.watch, daemon=True).start()
    try:
        yield
    finally:
        Line.current = None
        listen()
        shown.ended.set()
        shown.write("")


def say(text: str) -> None:
    """Write a line on standard error that stays."""
    if Line.current is None:
        print(text, file=sys.stderr)
    else:
        Line.current.write(f"{text}\n")


class Cell:
    """How far a step is, beneath a cell of a notebook with somebody in front of it, from some seconds on; the line is
    empty again when the step is done. Where no cell can be answered, as in Papermill, nobody looks on.
    """

    number, began, step, shown = 0, 0.0, None, None  # of the cell, since when, and its line once there is one

    @classmethod
    def told(cls, what: str, done: float, whole: float) -> None:
        """Hear how far a step is, and show it."""
        shell = getattr(sys.modules["__main__"], "get_ipython", lambda: None)()
        if not getattr(getattr(shell, "kernel", None), "_allow_stdin", False):
            return
        from IPython.display import display

        if cls.number != shell.execution_count:
            cls.number, cls.began, cls.shown = shell.execution_count, time.monotonic(), None
        if cls.step is None or cls.step.what != what:
            cls.step = Step(what, done, whole)
        cls.step.done = done
        line = cls.step.told(telling()) + remaining(cls.step.left(), telling()) if whole else ""
        cls.step = cls.step if whole else None
        if cls.shown is not None:
            cls.shown.update(_html(line), raw=True)
        elif line and time.monotonic() - cls.began > AFTER:
            cls.shown = display(_html(line), raw=True, display_id=True)


def _html(line: str) -> dict[str, str]:
    """A line of ours as a notebook shows it."""
    style = "color:var(--jp-content-font-color2,#595959)"
    return {"text/plain": line, "text/html": f'<p style="{style}">{line}</p>' if line else ""}
