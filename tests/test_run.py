import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from bulle import ROOT, InputError
from bulle.__main__ import main
from bulle.app import lab, run


def texts(notebook):
    """Outputs of a notebook without its pictures."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            content = {kind: value for kind, value in output.get("data", {}).items() if not kind.startswith("image/")}
            yield cell.id, content or output.get("text") or output


@pytest.mark.parametrize("path", run.notebooks(), ids=lambda path: path.stem)
def test_a_notebook_gives_again_what_is_committed(path, built):
    committed, given = (nbformat.read(folder / path.name, as_version=4) for folder in (path.parent, built))
    assert list(texts(given)) == list(texts(committed))


@pytest.mark.parametrize("path", run.notebooks(), ids=lambda path: path.stem)
def test_a_notebook_in_french_shows_what_the_english_one_shows(path, tmp_path):
    nbformat.write(lab.notebook(path, "fr"), tmp_path / path.name)
    shown = [kinds(notebook) for notebook in (run.execute(tmp_path / path.name, {}), nbformat.read(path, 4))]
    assert shown[0] == shown[1]


def kinds(notebook):
    """The kinds of data that each code cell shows."""
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code" and cell.source]
    return [[sorted(output.get("data", {})) for output in every] for every in outputs]


@pytest.fixture(scope="module")
def partnership(tmp_path_factory):
    """A whole run with other parameters, through the command line, from an unrelated folder, by someone homeless."""
    folder = tmp_path_factory.mktemp("elsewhere")
    own = {"cwd": folder, "env": os.environ | {"HOME": "/dev/null/x"}}
    command = [sys.executable, "-m", "bulle", "run", "--corpus", "seeds", "-p", "theme", "partenariat"]
    done = subprocess.run(
        [*command, "-p", "narrate", "fr", "-o", "out/partenariat"], **own, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_run_leaves_notebooks_page_findings_and_parameters(partnership):
    folder, done = partnership
    out = folder / "out" / "partenariat"
    assert done.stdout.strip() == str(out / "index.html")
    pages = {"index.html", "1-words.html", "2-terms.html", "3-sentiment.html"}
    assert pages | {path.name for path in run.notebooks()} <= {path.name for path in out.iterdir()}
    assert json.loads((out / "parameters.json").read_text())["parameters"]["theme"] == "partenariat"
    assert json.loads((out / "findings.json").read_text())["parameters"]["theme"] == "partenariat"
    assert [path.name for path in (folder / "out").iterdir()] == ["partenariat"], "something half-done is left"


def test_a_run_tells_each_notebook_with_its_seconds_and_no_more(partnership):
    lines = [line.split() for line in partnership[1].stderr.splitlines() if not line.startswith("notebook")]
    assert [line[:2] for line in lines] == [[path.stem, "done"] for path in run.notebooks()]


def test_the_account_speaks_french_of_the_theme_given(partnership):
    page = (partnership[0] / "out" / "partenariat" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page and "Le partenariat avec OpenAI" in page and "Ce qui a été lu" in page
    assert "dans un article (AFP), 21 novembre 2025 – Bulle</title>" in page


def test_no_hit_is_a_result_without_a_bound_where_all_was_read(tmp_path):
    assert main(["run", "5", "-p", "theme", "ornithorynque", "-o", str(tmp_path / "out")]) == 0
    assert "No sentence</a> of the" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    findings = json.loads((tmp_path / "out" / "findings.json").read_text())["findings"]
    assert [f["value"] for f in findings if f["name"].startswith("theme.")] == ["ornithorynque", 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-p", "wnidow", "3"], "unknown parameter 'wnidow'; there are: columns, context,"),
        (["-p", "context", "deux"], "parameter 'context' takes int, not 'deux' (its default is 1)"),
        (["-p", "context", "-1"], "parameter 'context' is -1"),
        (["-p", "top", "0"], "parameter 'top' is 0"),
        (["-p", "narrate", "de"], "parameter 'narrate' is 'de'; there are: en, "),
        (["-p", "language", "xx"], "language"),
        (["-p", "theme", "re:bulle("], "not a valid regular expression"),
        (["-p", "x=1;print(1);y", "1"], "unknown parameter 'x=1;print(1);y'"),
        (["--corpus", "nowhere"], "nowhere"),
        (["--corpus", "binary.txt"], "binary.txt"),
        (["--corpus", "empty.txt"], "empty.txt"),
        (["-o", "mine"], "mine' is kept: it holds 'thesis.txt', which no run wrote"),
        (["-o", "empty.txt"], "empty.txt' is a file"),
        (["9"], "no notebook '9'; there are: 1-words,"),
    ],
)
def test_wrong_input_is_one_line_and_nothing_is_written(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    assert main(["run", *arguments]) == 2
    told = capsys.readouterr().err
    assert message in told and told.count("\n") == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["binary.txt", "empty.txt", "mine", "thesis.txt"]


@pytest.fixture
def broken(tmp_path):
    """A notebook made from given cells, after a parameters cell."""

    def made(*sources):
        head = nbformat.v4.new_code_cell("top: int = 1  # rows", metadata={"tags": ["parameters"]})
        cells = [head, *map(nbformat.v4.new_code_cell, sources)]
        spec = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=spec), tmp_path / "5-broken.ipynb")
        return tmp_path / "5-broken.ipynb"

    return made


def test_a_failing_cell_is_named_with_its_error(broken):
    with pytest.raises(RuntimeError, match=r"5-broken, cell 1: ZeroDivisionError: division by zero\n    1 / 0"):
        run.execute(broken("1 / 0", "2"), {})


def test_wrong_input_met_in_a_cell_is_wrong_input(broken):
    with pytest.raises(InputError, match=r"^no such thing$"):
        run.execute(broken("from bulle import InputError; raise InputError('no such thing')"), {})


def test_a_failed_run_leaves_the_run_before_it(built, tmp_path, broken, monkeypatch, capsys):
    out = shutil.copytree(built, tmp_path / "out")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    path = broken("1 / 0")
    monkeypatch.setattr(run, "notebooks", lambda choice="": [path])
    monkeypatch.setattr(run, "checked", lambda declared, given: {})
    assert main(["run", "-o", str(out)]) == 1
    assert "5-broken, cell" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["5-broken.ipynb", "out"]


def test_stock_papermill_runs_a_notebook_from_anywhere_and_imports_no_module_beside_it(tmp_path):
    (tmp_path / "pandas.py").write_text("open('MARK', 'w')")
    notebook, out = os.path.relpath(ROOT / "notebooks" / "3-sentiment.ipynb", tmp_path), tmp_path / "out.ipynb"
    command = [Path(sys.executable).with_name("papermill"), notebook, out, "-p", "theme", "risque", "--no-progress-bar"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Le risque d'une éventuelle invasion" in out.read_text(encoding="utf-8")
    assert not (tmp_path / "MARK").exists()


def test_jupyter_execute_runs_a_notebook(tmp_path):
    command = [Path(sys.executable).with_name("jupyter"), "execute", ROOT / "notebooks" / "3-sentiment.ipynb"]
    done = subprocess.run(
        [*command, f"--output={tmp_path / 'out.ipynb'}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "craintes d'une bulle" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_params_lists_names_types_defaults_and_help(capsys):
    assert main(["params"]) == 0
    told = capsys.readouterr().out
    assert "theme" in told and "'bulle'" in told and "int" in told and "sentences shown before and after" in told
