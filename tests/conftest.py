import csv
import fcntl
import gc
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import bulle
from bulle import parts, progress
from bulle.__main__ import main
from bulle.app import kernel

progress.OFTEN = 3600  # where a machine is slow, no line of progress stands among those that are counted
parts.OTHERS = 0  # small corpora are studied in this process, but where a test is about the others (test_store)
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"

CASES = [case["text"] for case in json.loads((Path(__file__).parent / "cases" / "hostile.json").read_text("utf-8"))]
WORD = "x" * 10_000
THEME = "bulle|<img src=x onerror=window.hacked=1>|[t](javascript:y)|{{z}}|<b>$x$</b>|`l'or`"
NAME = "<img src=x onerror=alert(1)> $a$ [b](javascript:c) {{d}} ;=1.txt"


# Files of tests that take long, so that what is begun last is short and no process waits for another: first two with a
# browser, before which a kernel would have to end (see `browser`), then the longest.
LONG = "lab page check safety hostile run kill tables survey findings engine narrative store speech corpus".split()


def pytest_collection_modifyitems(items):
    """Begin with the long files; the tests of each stay together, in their order."""
    place = {f"test_{name}": number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONG)))


def pytest_collection_finish():
    """What is imported and collected stays: no collection of garbage looks at it again, nor after every 700 objects."""
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session", autouse=True)
def no_kernel_is_left():
    """The kernel of the runs that tests make in this process ends with them."""
    yield
    kernel.stop()


@pytest.fixture(autouse=True)
def english():
    """What a test tells in another language ends with it."""
    yield
    bulle.tell()


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The whole run on the seed with the default parameters: one for all processes that test, and none writes there."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "built" / "build"
    folder.parent.mkdir(exist_ok=True)
    with open(folder.parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first makes it, the others wait
        assert folder.exists() or main(["run", "-o", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def hostile_corpus(tmp_path_factory):
    """A table whose names, titles, sources and texts are hostile, and a file whose name is."""
    folder = tmp_path_factory.mktemp("hostile")
    with open(folder / "table.csv", "w", newline="", encoding="utf-8") as table:
        rows = csv.writer(table)
        rows.writerow(["id", "title", "source", "date", "text"])
        for number, text in enumerate([*CASES, WORD], 1):
            body = f"La bulle inquiète {text} et la crise fait peur. Une bulle {text} de croissance {text} brille."
            rows.writerow([f"{number} {text[:99]}", text, text, f"2025-01-{number:02}", f"{body}\n\nLe {text} plaît."])
    (folder / NAME).write_text("La bulle inquiète encore. " + " ".join([*CASES, WORD]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def chromium():
    """Path of a Chromium: the one on this machine, or one that apt-get installs; without it the test says so."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if not any(map(shutil.which, names)) and shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run(["apt-get", *command], capture_output=True, check=False)
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium here, and none could be installed; install the package chromium to run this test")
    return path


@pytest.fixture(scope="session")
def browser(chromium):
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    kernel.stop()  # Playwright has a loop of its own, and a kernel's sockets stay with the loop that they began in
    with sync_playwright() as playwright:
        flags = [*FLAGS.split(), "--disable-component-update"]
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()
        kernel.stop()


@pytest.fixture
def watched(browser):
    """Opens an address and watches the page: no dialog, no request elsewhere, nothing on its console."""
    contexts, trouble = [], []

    def opened(address, width=1440, scheme="light", own=r"(file|data|blob):"):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        view = contexts[-1].new_page()
        view.on("request", lambda request: re.match(own, request.url) or trouble.append(request.url))
        view.on("console", lambda message: message.type in ("error", "warning") and trouble.append(message.text))
        view.on("pageerror", lambda error: trouble.append(str(error)))
        view.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
        view.goto(address)
        return view

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []
