"""How long the notebooks take by our engine and by other ways: `python benchmarks/run.py [REPEATS]` (default 5).

Every way is measured in turn, REPEATS times, and the medians are set against each other: a machine that is slow for a
while is slow for all. All write executed notebooks of the same five on the seed; the scripts do the same work without a
notebook, one `python script.py` after the other: the code of the cells, and each shown value rendered to HTML or PNG.
"""

import ast
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from bulle.app import run

SHOWN = '''
import matplotlib
matplotlib.use("agg")
def shown(value):
    """Render a value as a notebook does."""
    repr(value)
    for name in ("_repr_mimebundle_", "_repr_html_"):
        if hasattr(value, name):
            getattr(value, name)()
'''
ENGINE = """
from bulle.app import kernel
kernel.started()
import sys
from pathlib import Path
import nbformat
from bulle.app import execution
for path in execution.notebooks():
    nbformat.write(execution.execute(path, {}), Path(sys.argv[1]) / path.name)
"""
SWEEP = """
from bulle.app import kernel
kernel.started()
import sys
from pathlib import Path
import nbformat
from bulle.app import execution
path = execution.notebooks("2")[0]
for top in range(11, 21):
    nbformat.write(execution.execute(path, {"top": top}), Path(sys.argv[1]) / f"{top}.ipynb")
"""
LIMITS = (  # way, the way it is set against, the ratio that is promised
    ("our engine", "python script.py x 5", 0.6),
    ("bulle run, with the site", "python script.py x 5", 0.6),
    ("our engine", "papermill x 5", 1 / 4),
    ("bulle run, with the site", "papermill x 5", 1 / 4),
    ("our sweep of ten values", "papermill x 10", 1 / 8),
)


def script(path: Path) -> str:
    """The code cells of a notebook as a script that renders what the notebook shows."""
    parts = [SHOWN]
    for cell in nbformat.read(path, as_version=4).cells:
        tree = ast.parse(cell.source if cell.cell_type == "code" else "")
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            tree.body[-1].value = ast.Call(ast.Name("shown"), [tree.body[-1].value], [])
        parts.append(ast.unparse(ast.fix_missing_locations(tree)))
    return "\n".join(parts)


def ways(folder: Path) -> dict[str, Callable[[], None]]:
    """What is measured, by name; all that is written goes into the folder."""
    paths = run.notebooks()
    scripts = [folder / f"{path.stem}.py" for path in paths]
    for path, written in zip(paths, scripts, strict=True):
        written.write_text(script(path), encoding="utf-8")
    copies = [str(shutil.copy(path, folder)) for path in paths]

    def calls(*commands: list) -> Callable[[], None]:
        return lambda: [python(*command, folder=folder) for command in commands]

    return {
        "python script.py x 5": calls(*([path] for path in scripts)),
        "our engine": calls(["-c", ENGINE, folder]),
        "bulle run, with the site": calls(["-m", "bulle", "run", "-o", folder / "out"]),
        "bulle run --engine papermill": calls(["-m", "bulle", "run", "--engine", "papermill", "-o", folder / "out"]),
        "papermill x 5": calls(*(["-m", "papermill", path, folder / "done.ipynb"] for path in paths)),
        "jupyter execute, one call": calls(["-m", "jupyter", "execute", "--inplace", *copies]),
        "nbconvert --execute, one call": calls(
            ["-m", "nbconvert", "--execute", "--to", "notebook", "--output-dir", folder / "converted", *copies]
        ),
        "our sweep of ten values": calls(["-c", SWEEP, folder]),
        "papermill x 10": calls(
            *(["-m", "papermill", "-p", "top", top, paths[1], folder / "done.ipynb"] for top in range(11, 21))
        ),
    }


def python(*words: object, folder: Path) -> None:
    """Run Python with these words in the folder, with compiled modules kept for all alike."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[:4]} failed:\n{done.stderr}")


def seconds(way: Callable[[], None]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def main(repeats: int) -> None:
    """Measure all ways in turn and print medians, ratios and limits."""
    with TemporaryDirectory() as place:
        measured = ways(Path(place))
        measured["our engine"]()  # what is compiled or cached once is compiled and cached for all
        taken = {name: [] for name in measured}
        for _ in range(repeats):
            for name, way in measured.items():
                taken[name].append(seconds(way))
                print(f"{name}: {taken[name][-1]:.2f} s", file=sys.stderr)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = medians["python script.py x 5"]
    print(f"{'median of ' + str(repeats) + ', in turn':<32}{'s':>7}{'to scripts':>12}{'range, s':>16}")
    for name, median in medians.items():
        print(f"{name:<32}{median:7.2f}{median / base:12.2f}{min(taken[name]):9.2f}-{max(taken[name]):.2f}")
    for way, other, limit in LIMITS:
        ratio = medians[way] / medians[other]
        kept = "kept" if ratio <= limit else "NOT KEPT"
        print(f"{way} / {other}: {ratio:.3f} ({1 / ratio:.1f} times faster), at most {limit:.3f}: {kept}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
