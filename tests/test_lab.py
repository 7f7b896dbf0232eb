"""What a person does: open a notebook in JupyterLab, run all cells, save. All of it real."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from conftest import THEME

from bulle.app import run

SETTINGS = {"notebook-extension/tracker": {"windowingMode": "none"}}  # every cell in the page, not only those in view
FOREIGN = """() => [...document.querySelectorAll(
    '.jp-OutputArea-output :is(script, iframe, svg, object, embed, b, del, mjx-container, [onerror], [onload]), ' +
    '.jp-OutputArea-output img:not([src^="data:"]), .jp-OutputArea-output a:not([href*="#"])'
)].map(one => one.outerHTML.slice(0, 200))"""
pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab as `bulle lab` opens it, with settings and state of its own: its address and its root."""
    root, state = tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("state")
    for name, setting in SETTINGS.items():
        place = state / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(setting))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    places = "_CONFIG_DIR _RUNTIME_DIR _DATA_DIR LAB_SETTINGS_DIR LAB_WORKSPACES_DIR".split()
    own = {f"JUPYTER{name}": str(state / name.split("_")[1].lower()) for name in places}
    options = ["--no-browser", "--allow-root", f"--port={address.rpartition(':')[2]}", "--ServerApp.port_retries=0"]
    options += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    command = [sys.executable, "-m", "bulle", "lab", "--narrate", "fr", "--", *options]
    with open(state / "log", "w") as log:
        server = subprocess.Popen(command, cwd=root, env=os.environ | own, stdout=log, stderr=log)
    try:
        _answers(server, f"{address}/api", state / "log")
        yield address, root
    finally:
        server.terminate()
        server.wait(20)


def _answers(server, address, log):
    for _ in range(900):
        try:
            return urllib.request.urlopen(address, timeout=1)
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError("JupyterLab did not start: " + log.read_text())


@pytest.fixture
def view(browser, lab):
    """A page of a browser that is watched: no dialog of its own, no request to another host."""
    context, trouble = browser.new_context(viewport={"width": 1280, "height": 1000}), []
    page = context.new_page()
    page.on(
        "request",
        lambda request: request.url.startswith((lab[0], "data:", "blob:", "ws:")) or trouble.append(request.url),
    )
    page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    yield page
    context.close()
    assert trouble == []


def run_all(view, address, path, seconds=90):
    """Open a notebook, choose Run All Cells, and save until each cell of the file has run; the code cells."""
    view.goto(f"{address}/lab/tree/lab/{path.parent.name}/{path.name}?reset")
    view.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    view.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=60_000)  # else it asks for a kernel
    before = path.stat().st_mtime_ns
    view.get_by_role("menuitem", name="Run", exact=True).click()
    view.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    for _ in range(2 * seconds):
        view.wait_for_timeout(500)
        view.keyboard.press("Control+s")
        view.wait_for_timeout(200)
        code = saved(path)
        failed = [out["evalue"] for cell in code for out in cell["outputs"] if out["output_type"] == "error"]
        assert not failed, failed
        if code and path.stat().st_mtime_ns > before and all(cell["execution_count"] for cell in code):
            return code
    raise AssertionError(f"{path.name} had not ended after {seconds} s")


def saved(path):
    """Code cells of a notebook file; none while it is being written."""
    try:
        return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    except ValueError:
        return []


def copied(path, name, changed=None):
    """A copy of a notebook that has never run, with some values in its parameters cell."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        if "parameters" in cell["metadata"].get("tags", []):
            lines = "".join(cell["source"]).splitlines()
            value = {line.partition(":")[0]: line for line in lines}
            value |= {one: f"{one}: str = {to!r}" for one, to in (changed or {}).items() if one in value}
            cell["source"] = "\n".join(value.values())
    path.with_name(name).write_text(json.dumps(notebook))
    return path.with_name(name)


def test_run_all_works_in_a_notebook_in_french(lab, view):
    """The others in French: test_run; another in JupyterLab, in English: below."""
    address, root = lab
    [path] = run.notebooks("3")
    code = run_all(view, address, root / "lab" / "fr" / path.name)
    shown = [[out.get("data", {}) for out in cell["outputs"]] for cell in code]
    kinds = [[sorted(data) for data in cell if "".join(data.get("text/plain", "-"))] for cell in shown]  # not progress
    committed = json.loads(path.read_text())["cells"]
    assert kinds == [
        [sorted(out.get("data", {})) for out in cell["outputs"]] for cell in committed if cell["cell_type"] == "code"
    ]


def test_the_index_opens_first_and_leads_to_the_notebooks_of_both_languages(lab, view):
    view.goto(f"{lab[0]}/")
    view.get_by_role("heading", name="Bulle dans JupyterLab").wait_for(timeout=60_000)
    view.get_by_role("link", name="The same notebooks in English").click()
    view.get_by_role("link", name="What do these texts say about the theme?").click()
    view.get_by_role("heading", name="The answer").wait_for()


def test_hostile_texts_are_text_in_jupyterlab(lab, view, hostile_corpus):
    """The outputs of the other notebooks: test_hostile."""
    address, root = lab
    given = {"corpus": str(hostile_corpus), "theme": THEME}
    path = copied(root / "lab" / "en" / "5-narrative.ipynb", "hostile.ipynb", given)
    run_all(view, address, path)
    assert view.evaluate(FOREIGN) == []
    assert view.evaluate("typeof window.hacked") == "undefined"
    shown = view.evaluate("[...document.querySelectorAll('.jp-OutputArea')].map(one => one.textContent).join()")
    assert "<script>window.hacked=1" in shown or "<img src=x onerror=" in shown
