"""Parts of a corpus worked on by the workers of a Dask cluster (extra `cluster`), and given in order.

What is sent to workers and what comes back is pickled by Dask: the network between them is one that its user trusts.
"""

import logging
import multiprocessing
import os
import platform
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import TYPE_CHECKING

from bulle import InputError, store

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

SCHEDULER = "BULLE_SCHEDULER"  # its address, for this process and those that it starts
PATIENCE, ANSWER = 60, 10  # seconds to wait for a worker where there is none, and for the scheduler
GONE = "the scheduler does not answer any more"
LOST = object()  # what comes of a file that ended its process, and then another
SETTINGS = {
    "logging": dict.fromkeys(("distributed", "distributed.client", "tornado"), "critical"),  # what matters is raised
    "distributed.admin.large-graph-warning-threshold": "1 GB",  # a part goes with its task, and so outlives a worker
    "distributed.scheduler.allowed-failures": 0,  # of a cluster of ours: a part that ends its process is told at once
}
_clients: dict[str, "Client"] = {}
_sent: "set[Future]" = set()  # what is worked on


@contextmanager
def at(address: str) -> Iterator[None]:
    """A scheduler to send parts to while the block lasts: one that runs, `local` for one of our own, "" for none."""
    if not address:
        yield
        return
    distributed, cluster = _library(), None
    try:
        if address == "local":
            cluster = _local(distributed)
            print(f"dashboard at {cluster.dashboard_link}", file=sys.stderr)
            address = cluster.scheduler_address
        os.environ[SCHEDULER] = address
        _client()
        yield
    finally:
        os.environ.pop(SCHEDULER, None)
        _sent.clear()
        for client in (_clients.pop(address, None), cluster):
            if client is not None:
                client.close()


def _local(distributed: ModuleType) -> "LocalCluster":
    """A cluster of this machine alone: a process for each core."""
    import dask

    if "forkserver" in multiprocessing.get_all_start_methods():  # one process imports for all workers
        dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
        distributed.utils.get_mp_context().set_forkserver_preload(["distributed", "bulle.survey"])
    return distributed.LocalCluster(
        n_workers=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=logging.CRITICAL,
    )


def asked() -> bool:
    """Whether parts are to be sent to a cluster."""
    return bool(os.environ.get(SCHEDULER))


def mapped(function: Callable, parts: Iterable, *more: object) -> Iterator[tuple]:
    """Each part with what a function makes of it, in their order; see `parts.mapped`.

    A worker that was killed changes nothing. A part that was worked on by one that was is worked on once more, when
    nothing else is. If its process ends again, the part is to blame: of a list, of which the function makes another,
    that one member is `LOST`.

    Raises
    ------
    RuntimeError : a part that is no list ended two processes, or no worker is there.
    """
    client, waiting = _client(), deque()
    room = 2 * max(1, sum(client.ncores().values()))
    for part in parts:
        waiting.append((part, _submitted(client, function, part, *more)))
        while waiting and (waiting[0][1].done() or len(waiting) > room):
            part, sent = waiting.popleft()
            yield part, _settled(client, sent, function, part, *more)
    for part, sent in waiting:
        yield part, _settled(client, sent, function, part, *more)


def _submitted(client: "Client", function: Callable, *given: object) -> "Future":
    sent = client.submit(_made, _state(), function, *given, pure=False)
    _sent.add(sent)
    return sent


def _made(state: list[str], function: Callable, *given: object) -> object:
    """What a worker makes, if it is what we are."""
    if _state() != state:
        raise InputError("a worker has another Bulle, Python or library than this machine; install the same on all")
    return function(*given)


def _state() -> list[str]:
    return [*store.makers(), platform.python_version()]


def _settled(client: "Client", sent: "Future", function: Callable, part: object, *more: object) -> object:
    """What came of a part that was sent; see `mapped`."""
    from distributed import KilledWorker

    with suppress(KilledWorker):
        return _result(client, sent)
    made = []
    for piece in [[one] for one in part] if isinstance(part, list) else [part]:
        for other in list(_sent):  # alone, for then it is to blame
            with suppress(Exception):  # it is told in its turn
                _awaited(client, other)
        try:
            made.append(_result(client, _submitted(client, function, piece, *more)))
        except KilledWorker:
            if not isinstance(part, list):
                raise RuntimeError("a part of the corpus ended the process that worked on it, twice") from None
            made.append([LOST])
    return [one for some in made for one in some] if isinstance(part, list) else made[0]


def _result(client: "Client", sent: "Future") -> object:
    try:
        _awaited(client, sent)
        return sent.result()
    except CancelledError:
        raise RuntimeError(GONE) from None
    except ModuleNotFoundError as error:
        raise InputError(f"a worker has no module {error.name!r}; install the same Bulle on all") from None
    finally:
        _sent.discard(sent)


def _awaited(client: "Client", sent: "Future") -> None:
    """Wait for what was sent, as long as there are workers."""
    alone = time.monotonic()
    while not sent.done():
        with suppress(TimeoutError):
            sent.exception(timeout=1)
        if client.status != "running":
            raise RuntimeError(GONE)
        if sent.done() or client.ncores():
            alone = time.monotonic()
        elif time.monotonic() - alone > PATIENCE:
            raise RuntimeError("the scheduler has no worker; start one with: dask worker ADDRESS")


def _client() -> "Client":
    """The connection of this process to the scheduler."""
    address = os.environ[SCHEDULER]
    if address not in _clients:
        try:
            _clients[address] = _library().Client(address, set_as_default=False, timeout=ANSWER)
        except (OSError, ValueError) as error:
            told = f"--scheduler {address}: no scheduler answers there; start one with: dask scheduler, or give local"
            raise InputError(told) from error
    return _clients[address]


def _library() -> ModuleType:
    """dask.distributed, or the sentence that says how to install it."""
    try:
        import dask

        dask.config.set(SETTINGS)
        import distributed
    except ImportError as error:
        raise InputError("--scheduler needs dask.distributed; pip install 'bulle[cluster]'") from error
    return distributed
