"""The Papermill engine `fork`: a notebook runs in a fork of one preloaded process, and no kernel is started.

What comes out is what Papermill's own engine writes, because both ends are those of Jupyter: ipykernel's shell makes
the messages (see `worker`) and nbclient turns them into outputs.
"""

import os
import sys
from collections.abc import Callable

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from analysis.worker import Worker

NAME = "fork"
LANGUAGE = {
    "name": "python",
    "version": sys.version.split()[0],
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": f"ipython{sys.version_info[0]}",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}


class ForkEngine(NBClientEngine):
    """Runs Python notebooks in forks; any other notebook, and any off POSIX, as Papermill's own engine does."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, execution_timeout: float | None = None, **options
    ) -> None:
        """Run every cell until one fails.

        Raises
        ------
        CellTimeoutError : a cell gave no sign of progress for `execution_timeout` seconds (none: no limit).
        DeadKernelError : a cell ended its process.
        """
        if os.name != "posix" or kernel_name != "python3":
            options["execution_timeout"] = execution_timeout
            options.pop("heard", None)
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        kept = {name: options[name] for name in ("log_output", "stdout_file", "stderr_file") if name in options}
        client = PapermillNotebookClient(nb_man, record_timing=False, log=logger, **kept)
        nb_man.nb.metadata["language_info"] = NotebookNode(LANGUAGE)
        heard = options.get("heard") or (nb_man.pbar.set_postfix_str if nb_man.pbar else str)
        worker = Worker()
        try:
            for number, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, number)
                whole = _run(client, worker, number, execution_timeout, heard)
                if not whole:
                    nb_man.cell_exception(cell, number)
                nb_man.cell_complete(cell, number)
                if not whole:
                    break
        finally:
            worker.close()


def _run(
    client: PapermillNotebookClient,
    worker: Worker,
    number: int,
    seconds: float | None,
    heard: Callable[[str], object],
) -> bool:
    """Run one cell and keep its outputs in the notebook; whether the next may run. `heard` is told of progress."""
    cell = client.nb.cells[number]
    tags = cell.metadata.get("tags", [])
    if cell.cell_type != "code" or not cell.source.strip() or client.skip_cells_with_tag in tags:
        return True
    client.clear_before_next_output = False
    try:
        for message in worker.messages(cell.source, seconds):
            if message["msg_type"] == "execute_reply":
                return message["content"]["status"] == "ok" or "raises-exception" in tags
            if message["msg_type"] == "progress":
                heard(message["content"]["text"])
            else:
                client.process_message(message, cell, number)
    except TimeoutError:
        client.nb_man.cell_exception(cell, number)
        raise CellTimeoutError(f"cell {number} took longer than {seconds:g} s") from None
    except EOFError:
        client.nb_man.cell_exception(cell, number)
        raise DeadKernelError(f"cell {number} ended its process") from None


papermill_engines.register(NAME, ForkEngine)
