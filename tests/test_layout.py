import ast
import re
import subprocess
import tomllib

import nbformat
import pytest
import yaml

from analysis import ROOT, run

ORDER = "floors readers corpus words timeline terms style company passages sources survey lexicon sentiment marked"
ORDER = [*ORDER.split(), *"findings narrative check compare figures kernel worker".split()]
ORDER += "engine folder page paper runs run __main__".split()
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")[:-1]
NOTEBOOKS = run.notebooks()


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "analysis":
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
            yield node.module.split(".")[1]


def test_a_module_imports_only_modules_above_it():
    modules = {path.stem: path for path in (ROOT / "analysis").glob("*.py") if path.stem != "__init__"}
    assert set(modules) <= set(ORDER)
    for name, path in modules.items():
        below = [other for other in imports(path) if other in ORDER and ORDER.index(other) >= ORDER.index(name)]
        assert not below, f"{name} imports {below}"


def test_conda_lists_the_same_packages_as_pip():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    listed = [name for name in conda[-1]["pip"] if not name.startswith("--")]
    assert sorted(listed) == sorted(project["dependencies"])


def test_every_dependency_is_pinned_once_and_no_registry_is_named():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line.split("==")[0].lower() for line in lines if line and not line.startswith("#")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[\[<>=!~; ]", one)[0].lower() for one in wanted if not one.startswith("bulle")}
    assert names <= set(pins) and len(pins) == len(set(pins))
    assert not re.search(r"://|--index|--find", "\n".join(lines))


@pytest.mark.skipif(not TRACKED, reason="not a git checkout")
def test_no_machine_path_or_registry_stands_in_the_repository():
    unwanted = re.compile(r"/(?:root|work|home/\w+|opt/\w+)/|pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian")
    for name in TRACKED:
        path = ROOT / name
        if path.suffix in {".png", ".lock"} or name == "tests/test_layout.py" or not path.is_file():
            continue
        found = unwanted.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{name}: {found}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_the_rules_of_the_house(path):
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert cells[0].source.startswith("# ") and cells[1].metadata.tags == ["parameters"]
    assert all(re.fullmatch(r"\w+: (str|int|float|bool) = [^#=]+  # [^#]+", line) for line in code[0].splitlines())
    assert "## The answer" in "\n".join(prose[:2]) and prose[-1].startswith("## Limits")
    assert not re.search(r"^\s*(def|class|%|!)|\bprint\(|sys\.path", "\n".join(code), re.M)
    assert all(len(source.splitlines()) <= 7 for source in code[2:])
    lines = sum(len(source.splitlines()) for source in code)
    assert len(" ".join(prose).split()) >= 8 * lines
    assert not re.search(r"\d", " ".join(prose)), "a result number is typed in prose"
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code"), "not executed"
