"""The preloaded process: it imports once, then forks for each notebook, and the fork answers as a Jupyter kernel does.

The process stays single-threaded, so that its forks are safe. It is led by a socket: when the run that started it ends,
however it ends, the socket closes, and the process ends its forks and itself. See `worker` for the other end.
"""

import gc
import io
import json
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Never

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session, json_packer
from traitlets.config import Config

PRELOADED = ("IPython.core.pylabtools", "matplotlib_inline.backend_inline", "pandas.io.formats.style")
PRELOADED += ("analysis.corpus", "analysis.figures", "analysis.narrative")  # and all that these import


class Wire(Session):
    """A Jupyter session whose messages leave as lines of JSON over a socket."""

    def __init__(self, connection: socket.socket):
        super().__init__()
        self.connection, self.lock = connection, threading.Lock()

    def send(self, _, message: dict | str, content: dict | None = None, *rest, **more) -> None:
        """Send a message, or one made of its type and content."""
        whole = message if isinstance(message, dict) else self.msg(message, content)
        with self.lock:
            self.connection.sendall(json_packer(whole) + b"\n")


class Progress(logging.Handler):
    """What the package logs of long work, sent as messages of the type `progress`; they stay out of the notebook."""

    def __init__(self, wire: Wire):
        super().__init__()
        self.wire = wire

    def emit(self, record: logging.LogRecord) -> None:
        """Send one line."""
        self.wire.send(None, "progress", {"text": record.getMessage()})


class Stream(io.TextIOBase):
    """Standard output or error of the cells: what Python writes, and what others write to the file descriptor."""

    encoding, errors = "UTF-8", "strict"

    def __init__(self, name: str, descriptor: int, wire: Wire):
        self.name, self.descriptor, self.wire = name, descriptor, wire
        self.pending, self.taken = [], 0
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), descriptor)

    def fileno(self) -> int:
        """The file descriptor, for those who write past Python."""
        return self.descriptor

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str) -> int:
        """Keep the text until the next flush."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._take()
        self.pending.append(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written since the last flush."""
        self._take()
        pending, self.pending = self.pending, []
        if pending:
            self.wire.send(None, "stream", {"name": self.name, "text": "".join(pending)})

    def _take(self) -> None:
        """Keep what others wrote to the file descriptor."""
        if size := os.fstat(self.descriptor).st_size - self.taken:
            self.pending.append(os.pread(self.descriptor, size, self.taken).decode(errors="replace"))
            self.taken += size


def serve(descriptor: int) -> None:
    """Preload, then fork once for each socket received; end with the forks when the sender is gone."""
    control = socket.socket(fileno=descriptor)
    shell = _preloaded()
    forks = set()
    try:
        while True:
            _, received, *_ = socket.recv_fds(control, 1, 1)
            forks -= {pid for pid in forks if os.waitpid(pid, os.WNOHANG)[0]}
            if not received:
                return
            if (pid := os.fork()) == 0:
                control.close()
                _run(shell, socket.socket(fileno=received[0]))
            _group(pid)
            forks.add(pid)
            os.close(received[0])
    finally:
        for pid in forks:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _preloaded() -> ZMQInteractiveShell:
    """The shell of a Jupyter kernel, once all is imported and what is loaded on first use is loaded.

    The shell comes first: pandas and matplotlib look for it when they are imported.
    """
    config = Config({"HistoryManager": {"enabled": False}})
    shell = ZMQInteractiveShell.instance(config=config, compiler_class=XCachingCompiler)
    with shell.builtin_trap:  # as in a cell
        for name in PRELOADED:
            with suppress(Exception):  # a module that is broken says so in the cell that imports it
                import_module(name)
    for practice in (_drawn, _cut):
        with suppress(Exception):
            practice()
    gc.collect()
    gc.freeze()
    return shell


def _group(pid: int) -> None:
    """Give a fork a group of its own, so that it ends with all it starts; both sides do, whichever comes first."""
    with suppress(OSError):
        os.setpgid(pid, 0)


def _drawn() -> None:
    """Draw a figure of lines and words, for the fonts that matplotlib looks up on its first."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    axes = FigureCanvasAgg(Figure()).figure.add_subplot()
    axes.plot([1, 2], label="a")
    axes.legend()
    axes.figure.savefig(io.BytesIO(), bbox_inches="tight")


def _cut() -> None:
    """Cut and score a sentence, for the dictionaries and the lexicon that are read on the first; polars stays idle."""
    import pandas as pd

    from analysis import passages, sentiment, words

    row = {"article": "a", "language": "fr", "text": "La bulle inquiète les marchés.", "title": "", "source": ""}
    articles = pd.DataFrame([row | {"date": pd.NaT}])
    passages.pattern("bulle", "fr")
    words.tokens(articles)
    sentiment.evidence(words.sentences(articles), "fr")


def _run(shell: ZMQInteractiveShell, connection: socket.socket) -> Never:
    """Run the cells that arrive, one by one."""
    _group(0)
    try:
        with os.fdopen(os.dup(2), "w") as trouble:
            try:
                _answer(shell, connection)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the run is gone
            except Exception:
                traceback.print_exc(file=trouble)
    finally:
        os._exit(0)


def _answer(shell: ZMQInteractiveShell, connection: socket.socket) -> None:
    lines, wire = connection.makefile("rb"), Wire(connection)
    _settle(shell, wire, json.loads(lines.readline()))
    wire.send(None, "hello", {"pid": os.getpid()})
    for line in lines:
        _cell(shell, wire, json.loads(line)["source"])


def _settle(shell: ZMQInteractiveShell, wire: Wire, given: dict) -> None:
    """Put the shell in the folder and environment of the run, and on the wire."""
    import numpy as np

    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(given["folder"])
    os.environ.clear()
    os.environ.update(given["environment"])
    shell.init_environment()
    random.seed()
    np.random.seed()  # else all forks draw the same numbers
    sys.stdout, sys.stderr = Stream("stdout", 1, wire), Stream("stderr", 2, wire)
    logging.getLogger("analysis").addHandler(Progress(wire))
    logging.getLogger("analysis").setLevel(logging.INFO)
    shell.displayhook.session = shell.display_pub.session = wire
    shell.displayhook.topic = b"execute_result"


def _cell(shell: ZMQInteractiveShell, wire: Wire, source: str) -> None:
    """Run one cell, as ipykernel does."""
    wire.send(None, "execute_input", {"code": source, "execution_count": shell.execution_count})
    result = shell.run_cell(source, store_history=True)
    sys.stdout.flush()
    sys.stderr.flush()
    whole = result.success and not shell._last_traceback_during_displayhook
    wire.send(None, "execute_reply", {"status": "ok" if whole else "error"})
