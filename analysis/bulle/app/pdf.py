"""The account of a run -> a PDF, printed by the Chromium that is installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bs4 import BeautifulSoup

from bulle import InputError
from bulle.app import folder

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
QUIET = "--headless --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
PRINT = "--disable-component-update --no-pdf-header-footer"
PATIENCE = 120  # seconds for one page


def browser() -> str:
    """Path of a browser that prints; `InputError` when there is none."""
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(place for place in places if os.path.isabs(place))  # nothing in the folder one is in is run
    found = next(filter(None, (shutil.which(name, path=path) for name in BROWSERS)), None)
    if found is None:
        raise InputError("--pdf needs Chromium or Chrome, and none was found; install it, or print the page by hand")
    return found


def printed(page: Path, browser: str) -> Path:
    """Print the first page of a run to `narrative.pdf` beside it; the same page gives the same bytes.

    Raises
    ------
    InputError : the folder cannot be written.
    RuntimeError : the browser left no PDF; its last words are in the message.
    """
    with TemporaryDirectory(prefix="bulle-", ignore_cleanup_errors=True) as spare:
        source, made = Path(spare, "narrative.html"), Path(spare, "narrative.pdf")
        source.write_text(alone(page.read_text(encoding="utf-8")), encoding="utf-8")
        rights = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # Chromium asks it of root
        options = [*QUIET.split(), *PRINT.split(), *rights, f"--user-data-dir={spare}/profile"]
        command = [browser, *options, f"--print-to-pdf={made}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{browser} took longer than {PATIENCE} s to print {page}") from None
        if not made.is_file():
            raise RuntimeError(
                f"{browser} printed nothing: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
            )
        return _kept(_timeless(made.read_bytes()), page.with_name("narrative.pdf"))


def alone(html: str) -> str:
    """A page without scripts, navigation and links to other files: what can stand on paper."""
    soup = BeautifulSoup(html, "html.parser")
    for part in soup.select("script, nav, footer, dialog, .skip, .rerun"):
        part.decompose()
    for link in soup.select("a[href]:not([href^='#'])"):
        del link["href"]
    return str(soup)


def _timeless(pdf: bytes) -> bytes:
    return re.sub(rb"(/(?:Creation|Mod)Date \(D:)\d{14}", rb"\g<1>20000101000000", pdf)


def _kept(content: bytes, path: Path) -> Path:
    """Write a file whole or not at all; the same file may stand there, and no other."""
    if not path.is_file() or path.read_bytes() != content:
        with folder.file(path) as beside:
            beside.write_bytes(content)
    return path
