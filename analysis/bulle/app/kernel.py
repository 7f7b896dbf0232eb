"""One stock Jupyter kernel for all notebooks of a run: they run one after another, each in an empty namespace.

Papermill's own client runs the cells; what the notebooks share is the kernel, which imports the package once, and what
the package keeps of a reading. The first half of this module is of the process that runs, the second of its kernel.
"""

import atexit
import gc
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib import import_module

from jupyter_client import AsyncKernelManager
from jupyter_core.utils import run_sync

from bulle import PACKAGE, parts, progress, tell

STARTING = 120  # seconds to wait for the kernel, which may still be importing
# The libraries start no threads: parts of a corpus are spread over processes instead. Without its thread, the allocator
# of polars would keep what is freed: it gives it back at once.
ALLOCATOR = "background_thread:false,dirty_decay_ms:0,muzzy_decay_ms:0"
SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "_RJEM_MALLOC_CONF": ALLOCATOR} | parts.LEAN
SAFE = {"PYTHONSAFEPATH": "1"}  # no module of the folder where a Python starts, which may be a corpus
OPTIONS = ["--log-level=ERROR", "--HistoryManager.enabled=False"]
START = (  # without its debugger, which takes longer to import than all else of a kernel: nobody steps through a run
    "import gc, sys; gc.disable(); sys.modules['debugpy'] = None; "
    "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
)


class Kernel:
    """A kernel that starts at once and is waited for when it is first needed: `manager` is for Papermill."""

    def __init__(self):
        self.spare = tempfile.mkdtemp(prefix="bulle-kernel-")  # nothing is written into, nor run from, the user's home
        self.manager = AsyncKernelManager(
            kernel_name="python3", connection_file=os.path.join(self.spare, "kernel.json")
        )
        self.manager.kernel_spec.argv[:] = [sys.executable, "-c", START, "-f", "{connection_file}"]
        self.pipe, self.begun = (os.pipe() if os.name == "posix" else ()), b""  # how far the notebooks are
        for end in self.pipe:
            os.set_blocking(end, False)
        sent = list(self.pipe[1:])
        # it starts in the folder of the package: nothing of the folder of the run is read before that is asked for
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "pass_fds": sent}
        own = self.environment() | SINGLE
        run_sync(self.manager.start_kernel)(cwd=PACKAGE, env=own, extra_arguments=OPTIONS, **silent)
        self.client = self.manager.client()
        self.client.start_channels(stdin=False)  # nobody answers a cell that asks
        self.ready = False
        path = [str(PACKAGE.parent), *sys.path]  # the first for `bulle` alone, no other module that is there
        first = f"import sys; sys.path[:] = {path}; import bulle; sys.path.pop(0)"
        self.client.execute(f"{first}; from bulle.app import kernel; kernel.warmed({sent})", silent=True)

    def environment(self) -> dict[str, str]:
        """Our environment as the notebooks see it; compiled modules are kept."""
        own = os.environ | SAFE | {"IPYTHONDIR": self.spare}
        own.pop("PYTHONDONTWRITEBYTECODE", None)  # it doubles the time of every start
        return own

    def cleared(self) -> None:
        """Empty the namespace for a notebook, in the folder and the environment of the run."""
        where = f"{os.getcwd()!r}, {self.environment()!r}"
        try:
            run_sync(self._executed)(f"from bulle.app import kernel; kernel.emptied({where})")
        except (RuntimeError, TimeoutError) as error:
            raise RuntimeError(f"the kernel that runs the notebooks did not start: {error}") from None

    def answer(self, function: str, *given: object) -> object:
        """What a function of the package ("app.places.held") gives there, where the study is kept; all is JSON."""
        asked, told = (os.path.join(self.spare, f"{name}.json") for name in ("asked", "told"))
        with open(asked, "w", encoding="utf-8") as file:
            json.dump(given, file)
        run_sync(self._executed)(f"from bulle.app import kernel; kernel.answered({function!r}, {asked!r}, {told!r})")
        with open(told, encoding="utf-8") as file:
            return json.load(file)

    def heard(self) -> list[list]:
        """What the notebooks have told of long work since this was last asked (see `progress`)."""
        with suppress(OSError):  # there is no more
            for end in self.pipe[:1]:
                while part := os.read(end, 1 << 16):
                    self.begun += part
        *lines, self.begun = self.begun.split(b"\n")
        return [*map(json.loads, lines)]

    async def _executed(self, source: str) -> None:
        if not self.ready:
            await self.client.wait_for_ready(STARTING)
            self.ready = True
        reply = (await self.client.execute(source, silent=True, reply=True, timeout=STARTING))["content"]
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply.get('ename')}: {reply.get('evalue')}")

    def stop(self) -> None:
        """End the kernel and all that it started, at once."""
        self.client.stop_channels()
        run_sync(self.manager.shutdown_kernel)(now=True)
        for end in self.pipe:
            os.close(end)
        shutil.rmtree(self.spare, ignore_errors=True)


_running: Kernel | None = None


def started() -> Kernel:
    """The kernel of this process, started unless it runs: the sooner, the less a run waits for it."""
    global _running
    if _running is not None and not run_sync(_running.manager.is_alive)():
        stop()
    if _running is None:
        try:
            _running = Kernel()
        except OSError as error:  # Jupyter writes a file for it
            raise RuntimeError(f"the kernel that runs the notebooks cannot start: {error.strerror or error}") from None
    return _running


def heard() -> list[list]:
    """What the notebooks have told of long work, where a kernel runs them."""
    return [] if _running is None else _running.heard()


@atexit.register
def stop() -> None:
    """End the kernel, if there is one."""
    global _running
    if _running is not None:
        _running.stop()
    _running = None


def housed() -> None:
    """Give this process, and all it starts, a passing home where its own cannot be written: Jupyter writes there."""
    try:
        tempfile.TemporaryFile(dir=os.path.expanduser("~")).close()
    except OSError:
        os.environ["HOME"] = tempfile.mkdtemp(prefix="bulle-")
        atexit.register(shutil.rmtree, os.environ["HOME"], ignore_errors=True)


# --- in the kernel ----------------------------------------------------------------------------------------------------


_sending: list[int] = []  # where what is told of long work is sent: what a kernel writes goes into the notebook


def _sent(what: str, done: float, whole: float) -> None:
    """Send how far a step is to the run that waits for it."""
    for descriptor in _sending:
        with suppress(OSError):  # nobody reads it now, or nobody is there
            os.write(descriptor, f"{json.dumps([what, done, whole])}\n".encode())


def warmed(descriptors: list[int]) -> None:
    """Import what the notebooks import, and draw a figure for the fonts that matplotlib looks up on its first.

    All of that stays: no collection of garbage looks at it, nor again at what a notebook leaves to the next, for which
    IPython asks before each notebook.
    """
    import wordfreq  # noqa: F401  before the others: it looks at every module that is there

    _sending[:] = descriptors
    import matplotlib_inline.backend_inline  # noqa: F401
    import nltk.metrics  # noqa: F401
    from matplotlib.figure import Figure

    import bulle.agreement
    import bulle.collocations
    import bulle.figures
    import bulle.more.voices
    import bulle.narrative
    import bulle.show
    import bulle.studies

    bulle.studies.whole = True
    Figure().savefig(io.BytesIO(), format="svg")
    gc.freeze()
    gc.enable()
    progress.listen(_sent)


def answered(function: str, asked: str, told: str) -> None:
    """Write what a function of the package gives into a file; what it is given stands in another."""
    module, _, name = function.rpartition(".")
    with open(asked, encoding="utf-8") as file:
        given = json.load(file)
    with open(told, "w", encoding="utf-8") as file:
        json.dump(getattr(import_module(f"bulle.{module}"), name)(*given), file)


def emptied(folder: str, environment: dict[str, str]) -> None:
    """Forget all that an earlier notebook left in the namespace, and the language that it told in, and go to the folder
    and environment of the run."""
    from IPython import get_ipython

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    get_ipython().init_environment()
    progress.listen(_sent)
    tell()
    get_ipython().reset(new_session=True)
    gc.freeze()
