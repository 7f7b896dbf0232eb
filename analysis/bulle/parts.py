"""Parts of a corpus that is larger than memory, studied side by side on the cores there are, and given in order."""

import ctypes
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from typing import TypeVar

from bulle import PACKAGE, cluster

Part, Made = TypeVar("Part"), TypeVar("Made")

OTHERS = len(os.sched_getaffinity(0)) - 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) - 1

# What is freed is given back at once, by the allocator of Arrow and by that of the C library (glibc), which would keep
# it: a quarter of the memory of a large study, at no cost in time.
LEAN = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_MMAP_THRESHOLD_": "1000000"}


def mapped(function: Callable[..., Made], parts: Iterable[Part], *more: object) -> Iterator[tuple[Part, Made]]:
    """Each part with what a function makes of it, in their order, made on a cluster where one is asked for (see
    `cluster`), else `beside`; the same whatever the number of processes."""
    yield from (cluster.mapped if cluster.asked() else beside)(function, parts, *more)


def beside(function: Callable[..., Made], parts: Iterable[Part], *more: object) -> Iterator[tuple[Part, Made]]:
    """The same, made on this machine.

    The first part is done here: a corpus of one starts no process. With a second, one process is started for each core
    but one (loky, which runs nothing of the program that called); where all are busy, the part is done here, too. A
    process that was killed changes nothing: what it should have done is done here.
    """
    waiting: deque[tuple[Part, Made | Future]] = deque()
    pool = None
    try:
        for number, part in enumerate(parts):
            pool = _pool(OTHERS) if number == 1 and OTHERS else pool
            busy = sum(not _ready(made) for _, made in waiting)
            sent = pool is not None and busy <= OTHERS  # one waits beside those that are worked on
            waiting.append((part, _sent(pool, function, part, *more) if sent else function(part, *more)))
            while waiting and (_ready(waiting[0][1]) or len(waiting) > 2 * OTHERS + 1):
                part, made = waiting.popleft()
                yield part, settled(made, function, part, *more)
        while waiting:
            part, made = waiting.popleft()
            yield part, settled(made, function, part, *more)
    finally:
        if pool is not None:
            pool.shutdown(wait=False, kill_workers=True)


class Ahead:
    """Calls, by name a function and what it is given, that other processes work on in their order while this one goes
    on; rather than wait, it makes the last of them itself. The processes end with the last of them."""

    def __init__(self, calls: dict[str, tuple]):
        self.calls = {name: partial(*call) for name, call in calls.items()}
        self.waiting, self.made = deque(calls), {name: Future() for name in calls}
        for _ in range(OTHERS):
            threading.Thread(target=self._spread, daemon=True).start()

    def _spread(self) -> None:
        """Let a process work on what waits, one call after another."""
        pool = _pool(1)
        with suppress(IndexError):  # none waits
            while name := self.waiting.popleft():
                self._make(name, lambda call: _submitted(pool, call).result())
        pool.shutdown(wait=False)

    def _make(self, name: str, how: Callable) -> None:
        try:
            self.made[name].set_result(how(self.calls[name]))
        except Exception as error:
            self.made[name].set_exception(error)

    def settled(self, name: str) -> object:
        """What came of a call; it is made here where the process that worked on it was killed."""
        while self.waiting and not self.made[name].done():
            with suppress(IndexError):  # the other process was quicker
                self._make(self.waiting.pop(), lambda call: call())
        try:
            return self.made[name].result()
        except (BrokenProcessPool, OSError):
            return self.calls[name]()


def _pool(size: int) -> Executor:
    """Processes that wait for parts; none of them outlives this one."""
    from loky import ProcessPoolExecutor

    return ProcessPoolExecutor(size, initializer=_bound, initargs=(os.getpid(),), env=LEAN)


def _sent(pool: Executor, function: Callable[..., Made], *given: object) -> Made | Future:
    """What will come of a call that another process works on; or what came of it here, where there is none."""
    try:
        return _submitted(pool, function, *given)
    except (BrokenProcessPool, OSError):
        return function(*given)


def _submitted(pool: Executor, function: Callable[..., Made], *given: object) -> Future:
    sys.path.insert(0, str(PACKAGE.parent))  # a process takes this path over: it is to import the very same package
    try:
        return pool.submit(function, *given)
    finally:
        sys.path.pop(0)


def spared() -> None:
    """Give back what is free between what is held, too: a third of the memory of a study that was read in parts."""
    with suppress(OSError, AttributeError, TypeError):  # another C library than that of GNU
        ctypes.CDLL(None).malloc_trim(0)


def _ready(made: Made | Future) -> bool:
    return not isinstance(made, Future) or made.done()


def settled(made: Made | Future, function: Callable[..., Made], *given: object) -> Made:
    """What came of a call; it is made here where the process that worked on it was killed."""
    if not isinstance(made, Future):
        return made
    try:
        return made.result()
    except BrokenProcessPool:
        return function(*given)


def _bound(parent: int) -> None:
    """End this process soon after the one that started it, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
