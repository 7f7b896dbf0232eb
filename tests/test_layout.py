import ast
import re
import subprocess
import tomllib

import nbformat
import pytest
import yaml

from bulle import PACKAGE, ROOT
from bulle.app import run

ORDER = """
progress runs readers store cluster tables wording floors parts draw furniture hearing markup bodies families days
view records corpus words timeline forms themes terms collocations passages meant marks speakers speech stance
quantities naming names sources survey lexicon sentiment shares show quotations groups labels sweeps studies agreement
findings narrative figures curves leads more app __main__
""".split()  # the core, and the rooms as one
ROOMS = {
    "readers": "safe remote text office tables several documents __init__ files",
    "more": "__init__ voices tokenizers",
    "app": "__init__ check crate folder compare kernel engine execution translation places site articles concordance "
    "desk label pdf index run again sweep lab completion",
}
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")[:-1]
NOTEBOOKS = run.notebooks(every=True)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "bulle":
            yield from (f"{node.module}.{name.name}".split(".")[1:] for name in node.names)


def test_a_module_imports_only_modules_above_it():
    """In the core, and among the rooms; inside a room, the same."""
    for path in PACKAGE.rglob("*.py"):
        room, name = ("" if path.parent == PACKAGE else path.parent.name), path.stem
        if path == PACKAGE / "__init__.py":
            continue
        own, order = room or name, ROOMS[room].split() if room else []
        assert own in ORDER and (not room or name == "__init__" or name in order), f"{path} stands in no order"
        for first, *rest in imports(path):
            inside = [second for second in rest if first == room and second in order]
            below = [second for second in inside if order.index(second) >= order.index(name)]
            if first in ORDER and first != room and ORDER.index(first) >= ORDER.index(own):
                below.append(first)
            assert not below, f"{room} {name} imports {below}"


def test_the_core_imports_what_is_slow_to_import_only_where_it_is_needed():
    slow = re.compile(r"^(from|import) (nltk|scipy\.stats)|^from scipy import .*\bstats", re.M)
    assert not [path.name for path in PACKAGE.glob("*.py") if slow.search(path.read_text(encoding="utf-8"))]


def test_a_function_can_be_read_at_once():
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 40, f"{path.name}: {node.name}"


def test_no_import_of_an_older_name_is_left():
    older = re.compile(r"(from|import) analysis\b|analysis\.bulle")
    code = [name for name in TRACKED if name.endswith((".py", ".ipynb")) and name != "tests/test_layout.py"]
    assert not [name for name in code if older.search((ROOT / name).read_text(encoding="utf-8"))]


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M)


def named(requirements):
    """Names of packages without extras and versions."""
    return {re.split(r"[\[<>=!~; ]", one)[0].lower() for one in requirements}


def test_conda_lists_the_same_packages_as_pip_at_the_pinned_versions():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    listed = [name for name in conda[-1]["pip"] if not name.startswith("--")]
    versions = dict(PINS)
    assert sorted(listed) == sorted(f"{one}=={versions[one]}" for one in named(PROJECT["project"]["dependencies"]))


def test_every_dependency_is_pinned_once_with_its_digest_and_no_registry_is_named():
    whole = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    wanted = named([*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["test"]])
    pins = [name for name, _ in PINS]
    assert wanted - {"bulle"} <= set(pins) and len(pins) == len(set(pins))
    blocks = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", whole, flags=re.M).strip())
    assert len(blocks) == len(pins) and all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert not re.search(r"://|--index|--find", whole)


def test_what_builds_and_tests_the_package_is_pinned():
    assert all(re.fullmatch(r"\w+==[\d.]+", one) for one in PROJECT["build-system"]["requires"])
    flow = (ROOT / ".github" / "workflows" / "test.yml").read_text()
    assert yaml.safe_load(flow)["permissions"] == {"contents": "read"}
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in re.findall(r"uses: (\S+)", flow))
    assert all(">=" in one for one in PROJECT["project"]["dependencies"])  # what the oldest job installs


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
    assert len(cells) <= 22
    assert cells[0].source.startswith("# ") and cells[1].metadata.tags == ["parameters"]
    assert all(re.fullmatch(r"\w+: (str|int|float|bool) = [^#=]+  # [^#]+", line) for line in code[0].splitlines())
    assert "## The answer" in "\n".join(prose[:2]) and prose[-1].startswith("## Limits")
    assert not re.search(r"^\s*(def|class|%|!)|\bprint\(|sys\.path", "\n".join(code), re.M)
    assert all(len(source.splitlines()) <= 7 for source in code[2:])
    lines = sum(len(source.splitlines()) for source in code)
    assert len(" ".join(prose).split()) >= 8 * lines
    assert not re.search(r"\d", " ".join(prose)), "a result number is typed in prose"
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code"), "not executed"
