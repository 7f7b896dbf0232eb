"""Forks of one preloaded process, seen from the run that asks for them: each runs the cells of one notebook.

This module imports next to nothing, so that the preloaded process can start before anything else (see `kernel`).
"""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from analysis import PACKAGE

STARTING = 60  # seconds to wait for a fork: the preloaded process may still be importing
# A fork is safe where no other thread can hold a lock. These keep the libraries from starting threads when imported,
# all but one of polars that sleeps until polars writes to disk for want of memory; its pool starts in the fork.
# Without its thread, the allocator of polars would keep what is freed: it gives it back at once.
ALLOCATOR = "background_thread:false,dirty_decay_ms:0,muzzy_decay_ms:0"
SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "_RJEM_MALLOC_CONF": ALLOCATOR}
SINGLE |= {"POLARS_ALLOW_FORKING_THREAD": "1"}  # else it warns at each fork
SAFE = {"PYTHONSAFEPATH": "1"}  # no module of the folder where a Python starts, which may be a corpus
INLINE = "module://matplotlib_inline.backend_inline"  # the backend that a Jupyter kernel chooses

_lock = threading.Lock()
_preloaded: "Preloaded | None" = None


class Preloaded:
    """The preloaded process, seen from the process that started it."""

    def __init__(self):
        self.control, theirs = socket.socketpair()
        self.trouble = tempfile.TemporaryFile()  # noqa: SIM115
        with theirs:
            path = [*sys.path, str(PACKAGE.parent)]  # the last for `analysis` alone, no other module that stands there
            code = f"import sys; sys.path[:] = {path}; import analysis; sys.path.pop(); from analysis import kernel"
            self.process = subprocess.Popen(
                [sys.executable, "-c", f"{code}; kernel.serve({theirs.fileno()})"],
                cwd=PACKAGE,  # nor does matplotlib read a file of the folder where the run starts
                pass_fds=[theirs.fileno()],
                env=environment() | SINGLE,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.trouble,
                start_new_session=True,  # Ctrl-C in a terminal reaches us only, and we decide
            )
        self.workers: set[Worker] = set()

    def stop(self) -> None:
        """End the process and its forks, at once."""
        for worker in list(self.workers):
            worker.stop()
        self.process.kill()
        self.process.wait()
        self.close()

    def close(self) -> None:
        """Let go of its socket and of its last words."""
        self.control.close()
        self.trouble.close()

    def last_words(self) -> str:
        """The last line that it wrote to standard error."""
        self.trouble.seek(0)
        return (self.trouble.read().decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]


class Worker:
    """One fork of the preloaded process, which runs cells one after another in one namespace."""

    def __init__(self):
        self.home = start()
        self.socket, theirs = socket.socketpair()
        self.lines, self.pid = self.socket.makefile("rb"), 0
        self.home.workers.add(self)
        with theirs, suppress(OSError):  # a preloaded process that is gone is found out by the silence below
            socket.send_fds(self.home.control, [b"f"], [theirs.fileno()])
        with suppress(OSError):
            self.socket.sendall(_line({"environment": environment(), "folder": os.getcwd()}))
        try:
            self.pid = self._message(time.monotonic() + STARTING)["content"]["pid"]
        except (EOFError, TimeoutError):
            self.close()
            raise RuntimeError(f"the process that runs the notebooks did not start: {self.home.last_words()}") from None
        except BaseException:
            self.close()
            raise

    def messages(self, source: str, seconds: float | None = None) -> Iterator[dict]:
        """What the cell makes, as Jupyter messages; the last is an `execute_reply`, and `progress` says how far it is.

        Raises
        ------
        TimeoutError : the cell took longer than the seconds it was given, with no sign of progress.
        EOFError : the process ended in the cell.
        """
        deadline = time.monotonic() + seconds if seconds else None
        with suppress(BrokenPipeError):
            self.socket.sendall(_line({"source": source}))
        while True:
            message = self._message(deadline)
            if message["msg_type"] == "progress":
                deadline = time.monotonic() + seconds if seconds else None
            yield message

    def _message(self, deadline: float | None) -> dict:
        self.socket.settimeout(deadline and max(0.001, deadline - time.monotonic()))
        try:
            line = self.lines.readline()
        except ConnectionResetError:
            line = b""
        if not line:
            raise EOFError("the process of the notebook ended")
        return json.loads(line)

    def stop(self) -> None:
        """End the fork and all that it started; who waits for its messages sees their end."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop, and let go of the socket."""
        self.stop()
        self.lines.close()
        self.socket.close()
        self.home.workers.discard(self)


def start() -> Preloaded:
    """The preloaded process, started unless it runs: the sooner, the less a run waits for it."""
    global _preloaded
    with _lock:
        if _preloaded is not None and _preloaded.process.poll() is not None:
            _preloaded.close()
            _preloaded = None
        if _preloaded is None:
            _preloaded = Preloaded()
        return _preloaded


@atexit.register
def stop() -> None:
    """End the preloaded process and its forks, if any."""
    global _preloaded
    with _lock:
        if _preloaded is not None:
            _preloaded.stop()
        _preloaded = None


def housed() -> None:
    """Give this process, and all it starts, a passing home where its own cannot be written: Jupyter writes there."""
    try:
        tempfile.TemporaryFile(dir=os.path.expanduser("~")).close()
    except OSError:
        os.environ["HOME"] = tempfile.mkdtemp(prefix="bulle-")
        atexit.register(shutil.rmtree, os.environ["HOME"], ignore_errors=True)


def environment() -> dict[str, str]:
    """Our environment as the notebooks see it: with a kernel's choice of figures, and compiled modules kept."""
    own = {"MPLBACKEND": INLINE} | os.environ | SAFE
    own.pop("PYTHONDONTWRITEBYTECODE", None)  # it doubles the time of every start
    return own


def _line(content: dict) -> bytes:
    return json.dumps(content).encode() + b"\n"
