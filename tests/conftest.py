import os
import shutil
import subprocess

import pytest

from analysis.__main__ import main

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The whole run on the seed with the default parameters."""
    folder = tmp_path_factory.mktemp("built") / "build"
    assert main(["run", "-o", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium: the one on this machine, or one that apt-get installs; without it the test says so."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if not any(map(shutil.which, names)) and shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run(["apt-get", *command], capture_output=True, check=False)
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium here, and none could be installed; install the package chromium to run this test")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*FLAGS.split(), "--disable-sync"])
        yield opened
        opened.close()
