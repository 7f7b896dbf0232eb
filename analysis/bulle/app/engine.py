"""The Papermill engine `kernel`: Papermill's own client, with a kernel that is already there."""

from collections.abc import Callable

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from bulle import progress
from bulle.app.kernel import Kernel

NAME = "kernel"


def _begun(whole: int) -> Callable:
    """What is called when a cell begins: it tells which of all."""

    def told(cell_index: int, **_: object) -> None:
        progress.tell(progress.CELL, cell_index + 1, whole)

    return told


class OneKernel(NBClientEngine):
    """Runs notebooks one after another in one kernel, as Papermill runs each in its own."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, running: Kernel, **options: object
    ) -> None:
        """Run every cell until one fails, in the namespace that `running` has emptied."""
        options = {"record_timing": False, "log": logger, "on_cell_start": _begun(len(nb_man.nb.cells))}
        client = PapermillNotebookClient(nb_man, km=running.manager, **options)
        client.kc = running.client
        client.execute()


papermill_engines.register(NAME, OneKernel)
