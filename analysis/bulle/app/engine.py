"""The Papermill engine `kernel`: Papermill's own client, with a kernel that is already there."""

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from bulle.app.kernel import Kernel

NAME = "kernel"


class OneKernel(NBClientEngine):
    """Runs notebooks one after another in one kernel, as Papermill runs each in its own."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, running: Kernel, **options: object
    ) -> None:
        """Run every cell until one fails, in the namespace that `running` has emptied."""
        client = PapermillNotebookClient(nb_man, km=running.manager, record_timing=False, log=logger)
        client.kc = running.client
        client.execute()


papermill_engines.register(NAME, OneKernel)
