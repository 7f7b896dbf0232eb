import os
import re
import shutil
import subprocess

import pytest

from analysis.__main__ import main

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The whole run on the seed with the default parameters."""
    folder = tmp_path_factory.mktemp("built") / "build"
    assert main(["run", "-o", str(folder)]) == 0
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

    with sync_playwright() as playwright:
        flags = [*FLAGS.split(), "--disable-component-update"]
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


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
