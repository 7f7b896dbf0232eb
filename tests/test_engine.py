import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bulle.app import engine, kernel, run

KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
CELLS = (Path(__file__).parent / "cases" / "cells.txt").read_text(encoding="utf-8")
EVERYTHING = [source.strip("\n") for source in CELLS.split("# %%\n")[1:]]


def notebook(*sources):
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    return new_notebook(cells=cells, metadata=KERNEL)


def executed(sources):
    """Cells executed in the kernel of our runs, which an earlier notebook may have used."""
    running = kernel.started()
    running.cleared()
    return papermill.execute_notebook(
        notebook(*sources), None, engine_name=engine.NAME, running=running, progress_bar=False
    )


def printed(*sources):
    """What the last of these cells printed."""
    return executed(sources).cells[-1].outputs[0].text.strip()


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


def test_streams_displays_updates_figures_and_errors_are_the_same_bytes_from_both_engines(tmp_path):
    whole = notebook(*EVERYTHING)
    whole.cells[EVERYTHING.index('raise KeyError("allowed")')].metadata.tags = ["raises-exception"]
    whole.cells.insert(2, new_markdown_cell("words", id="words"))
    running = kernel.started()
    running.cleared()
    for name, options in ((engine.NAME, {"running": running}), ("nbclient", {})):
        with pytest.raises(papermill.PapermillExecutionError, match="no\nway — é"):
            papermill.execute_notebook(
                whole, tmp_path / f"{name}.ipynb", engine_name=name, progress_bar=False, **options
            )
    assert timeless(tmp_path / f"{engine.NAME}.ipynb") == timeless(tmp_path / "nbclient.ipynb")


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
def test_a_kernel_that_is_killed_is_told_and_fails_no_later_notebook(written, name):
    with pytest.raises(RuntimeError, match=r"1-made: "):
        run.execute(
            written("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "print('never')"), {}, engine=name
        )
    assert printed("print('well')") == "well"


def test_a_notebook_sees_nothing_of_the_one_before_it():
    assert printed("seen = 1\nvalue: int = 2\nprint(_oh)") == "{}"
    found = executed(["1 + 1", "print(sorted({'seen', 'value', '__annotations__'} & {*globals()}), Out)"]).cells
    assert found[1].outputs[0].text == "[] {1: 2}\n" and [cell.execution_count for cell in found] == [1, 2]


def test_how_far_a_cell_is_comes_to_the_run_and_not_into_the_notebook(written):
    cell = "from bulle import progress\nprogress.AFTER = 0\nfor _ in progress.over(range(2), 2, 'tone'): pass"
    for name in run.ENGINES:
        assert run.execute(written(cell), {}, engine=name).cells[1].outputs == []
    assert kernel.heard() == [["tone", 0, 2], ["tone", 0, 0]] and kernel.heard() == []


def test_nobody_answers_a_cell_that_asks():
    with pytest.raises(papermill.PapermillExecutionError, match="StdinNotImplementedError"):
        executed(["input('name?')"])


def test_what_a_notebook_started_ends_with_the_run():
    child = int(printed("import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)"))
    kernel.stop()
    deadline = time.monotonic() + 10
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not running(child)


def running(pid):
    """Whether the process is alive: a dead one may wait for its parent to notice."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout.strip() not in ("", "Z")


def test_cells_see_the_folder_and_environment_of_the_run(monkeypatch, tmp_path):
    kernel.stop()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULLE_SEEN", "été")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    shown = "os.getcwd(), os.environ['BULLE_SEEN'], 'PYTHONDONTWRITEBYTECODE' in os.environ, '' in sys.path"
    seen = printed(f"import os, sys\nprint({shown})")
    assert seen == f"{tmp_path} été False False"


def test_a_kernel_that_died_is_started_again():
    assert printed("print(1)") == "1"
    process = kernel.started().manager.provisioner.process
    process.kill()
    process.wait()
    assert printed("print(2)") == "2"


def test_a_notebook_does_not_tell_in_the_language_of_the_one_before():
    executed(["import bulle; bulle.tell('fr')"])
    assert printed("import bulle; print(bulle.telling())") == "en"
