import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis import engine, run, worker

KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
CELLS = (Path(__file__).parent / "cases" / "cells.txt").read_text(encoding="utf-8")
EVERYTHING = [source.strip("\n") for source in CELLS.split("# %%\n")[1:]]


def notebook(*sources):
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    return new_notebook(cells=cells, metadata=KERNEL)


def executed(sources, name=engine.NAME, **options):
    return papermill.execute_notebook(
        notebook(*sources), None, engine_name=name, progress_bar=False, shutdown_kernel="immediate", **options
    )


def printed(*sources, **options):
    """What the last of these cells printed."""
    return executed(sources, **options).cells[-1].outputs[0].text.strip()


def timeless(path):
    whole = nbformat.read(path, as_version=4)
    whole.metadata.pop("papermill")
    for number, cell in enumerate(whole.cells):
        cell.id = str(number)  # Papermill adds cells with random ones where it tells an error
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return nbformat.writes(whole)


def joined(outputs):
    """Outputs with the pieces of a stream in one: a kernel cuts it five times a second, wherever that falls."""
    whole = []
    for output in outputs:
        if whole and output.output_type == whole[-1].output_type == "stream" and output.name == whole[-1].name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


@pytest.mark.parametrize("path", run.notebooks(), ids=lambda path: path.stem)
def test_a_notebook_of_ours_is_the_same_bytes_from_both_engines(path):
    ours, theirs = (nbformat.writes(run.execute(path, {}, engine=name)) for name in run.ENGINES)
    assert ours == theirs


def test_streams_displays_updates_figures_and_errors_are_the_same_bytes_from_both_engines(tmp_path):
    whole = notebook(*EVERYTHING)
    whole.cells[EVERYTHING.index('raise KeyError("allowed")')].metadata.tags = ["raises-exception"]
    whole.cells.insert(2, new_markdown_cell("words", id="words"))
    for name in (engine.NAME, "nbclient"):
        with pytest.raises(papermill.PapermillExecutionError, match="no\nway — é"):
            papermill.execute_notebook(whole, tmp_path / f"{name}.ipynb", engine_name=name, progress_bar=False)
    assert timeless(tmp_path / f"{engine.NAME}.ipynb") == timeless(tmp_path / "nbclient.ipynb")


def test_what_others_write_past_python_stands_in_its_order():
    cell = executed(["import os\nprint(1)\nos.system('echo 2')\nprint(3)\n_ = os.write(2, b'4')"]).cells[0]
    assert [(output.name, output.text) for output in cell.outputs] == [("stdout", "1\n2\n3\n"), ("stderr", "4")]


def test_the_papermill_command_still_starts():
    done = subprocess.run([sys.executable, "-m", "papermill", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip()


@pytest.fixture
def written(tmp_path):
    def write(*sources):
        whole = notebook("top: int = 1  # rows", *sources)
        whole.cells[0].metadata.tags = ["parameters"]
        nbformat.write(whole, tmp_path / "1-made.ipynb")
        return tmp_path / "1-made.ipynb"

    return write


@pytest.mark.parametrize("name", run.ENGINES)
@pytest.mark.parametrize("last", ["", "print('never')"])
def test_a_notebook_that_exits_did_not_run(written, name, last):
    with pytest.raises(RuntimeError, match=r"1-made: cell 1 ended the notebook\n    import sys\n    sys.exit\(0\)"):
        run.execute(written("import sys\nsys.exit(0)", last), {}, engine=name)


@pytest.mark.parametrize("name", run.ENGINES)
def test_a_kernel_that_is_killed_is_told(written, name):
    with pytest.raises(RuntimeError, match=r"1-made: "):
        run.execute(
            written("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "print('never')"), {}, engine=name
        )


def test_a_process_that_ends_fails_its_cell_and_no_other_notebook():
    with pytest.raises(DeadKernelError, match="cell 1 ended its process"):
        executed(["1", "import os\nos._exit(0)", "2"])
    assert printed("print('well')") == "well"


def test_a_cell_that_takes_too_long_is_ended_even_where_python_does_not_listen(tmp_path):
    start = time.monotonic()
    with pytest.raises(CellTimeoutError, match=r"cell 1 took longer than 0\.5 s"):
        papermill.execute_notebook(
            notebook("print('fine')", "sum(range(10**12))", "2"),
            tmp_path / "late.ipynb",
            engine_name=engine.NAME,
            execution_timeout=0.5,
            progress_bar=False,
        )
    assert time.monotonic() - start < 20
    cells = nbformat.read(tmp_path / "late.ipynb", as_version=4).cells
    assert [cell.metadata.papermill.status for cell in cells] == ["completed", "failed", "pending"]


def test_a_cell_that_shows_progress_may_take_longer_and_its_progress_is_told():
    told = []
    cell = """
import logging, time
for part in range(4):
    time.sleep(0.5)
    logging.getLogger("analysis.corpus").info("part %d", part)
part"""
    made = executed([cell], execution_timeout=1.5, heard=told.append)
    assert told == ["part 0", "part 1", "part 2", "part 3"]
    assert [output.data["text/plain"] for output in made.cells[-1].outputs] == ["3"]


def test_what_a_notebook_started_ends_with_it():
    child = int(printed("import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)"))
    deadline = time.monotonic() + 10
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not running(child)


def running(pid):
    """Whether the process is alive: a dead one may wait for its parent to notice."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout.strip() not in ("", "Z")


def test_nobody_answers_a_cell_that_asks():
    with pytest.raises(papermill.PapermillExecutionError, match="EOFError"):
        executed(["input('name?')"])


def test_forks_draw_different_numbers():
    draw = "import random\nimport numpy as np\nprint(random.random(), np.random.random())"
    one, other = printed(draw).split(), printed(draw).split()
    assert one[0] != other[0] and one[1] != other[1]


def test_cells_see_the_folder_and_environment_of_the_run(monkeypatch, tmp_path):
    monkeypatch.setenv("BULLE_SEEN", "été")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    shown = "os.getcwd(), os.environ['BULLE_SEEN'], 'PYTHONDONTWRITEBYTECODE' in os.environ, '' in sys.path"
    seen = printed(f"import os, sys\nprint({shown})", cwd=tmp_path)
    assert seen == f"{tmp_path} été False False"


def test_notebooks_at_once_do_not_mix():
    def last(number):
        return printed(f"for _ in range(200):\n    print({number})\nprint({number} * 2, 'end')").split("\n")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(last, range(8))) == [[str(n)] * 200 + [f"{n * 2} end"] for n in range(8)]


def test_polars_and_linear_algebra_work_in_forks():
    source = "import numpy as np\nimport polars as pl\nones = np.ones((400, 400))\nprint("
    source += "pl.DataFrame({'a': range(99999)}).group_by(pl.col('a') % 7).len().height, int((ones @ ones).sum()))"
    assert [printed(source) for _ in range(4)] == ["7 64000000"] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_no_thread_runs_in_the_preloaded_process():
    fork = worker.Worker()
    tasks = Path(f"/proc/{fork.home.process.pid}/task")
    names = sorted((task / "comm").read_text().strip() for task in tasks.iterdir())
    fork.close()
    assert set(names[:-1]) <= {"polars-ooc-clea"} and len(names) <= 2, "a fork beside a running thread may never end"


def test_a_preloaded_process_that_died_is_started_again():
    assert printed("print(1)") == "1"
    os.kill(worker._preloaded.process.pid, 9)
    worker._preloaded.process.wait()
    assert printed("print(2)") == "2"
