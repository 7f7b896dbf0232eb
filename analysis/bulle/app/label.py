"""The page on which a reader labels the sentences of a sheet, one a screen, served to this machine alone."""

import base64
import hashlib
import hmac
import os
import secrets
import socketserver
import sys
import threading
import webbrowser
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from bulle import LANGUAGES, PACKAGE, InputError, labels, phrases, telling
from bulle.app.desk import Desk

TEMPLATES = PACKAGE / "templates"
HOME = "127.0.0.1"
LONGEST = 1000  # bytes of an answer
POLL = 0.1  # seconds between two looks at whether to stop
END = "end"  # the page after the last sentence
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with no-referrer, a form would say that it comes from nowhere
    "X-Content-Type-Options": "nosniff",
}


class Page(ThreadingHTTPServer):
    """The server of one sheet; its address holds a secret, and whatever does not come with it gets nothing.

    In a notebook it serves from a thread of its own until the kernel ends, and shows its address as a link; it is not
    shown inside the notebook, which may run on another machine than the browser, and holds pages of others.
    """

    daemon_threads = True

    def __init__(self, desk: Desk, language: str = ""):
        super().__init__((HOME, 0), Answer)
        self.desk, self.language, self.secret = desk, language, secrets.token_urlsafe(24)
        self.origin = f"http://{HOME}:{self.server_address[1]}"
        self.address = f"{self.origin}/{self.secret}/"

    def server_bind(self) -> None:
        """As any server: that of `http.server` would ask for the name of the machine, which may take long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOME, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a browser that goes away is no trouble."""

    def serve(self) -> None:
        """Answer until the reader stops, and let the sheet go."""
        try:
            self.serve_forever(POLL)
        finally:
            self.server_close()
            self.desk.close()

    def _repr_html_(self) -> str:
        return Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(self.address)

    def __repr__(self) -> str:
        return self.address


class Answer(BaseHTTPRequestHandler):
    """What a browser gets: the page of a sentence, or after an answer the way to the next one."""

    timeout = 30  # seconds that a browser may take to say what it wants
    server_version, sys_version = "bulle", ""
    server: Page

    def do_GET(self) -> None:
        """The page of a sentence, by its number; without a number the way to the first that has no label."""
        if (place := self._place()) is None:
            return
        desk = self.server.desk
        if not desk.column:
            self._show("name")
        elif place == END:
            self._show("end")
        elif place.isdecimal() and 0 < int(place) <= len(desk.rows):
            self._show("sentence", number=int(place))
        elif place:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._lead(desk.next())

    def do_POST(self) -> None:
        """A name, a label, or the end."""
        given = self._form() if (place := self._place()) is not None else None
        if given is None:
            return
        desk = self.server.desk
        try:
            if not desk.column:
                desk.seat(given.get("name", ""))
                self._lead(desk.next())
            elif place == END:
                self._show("ended")
                threading.Thread(target=self.server.shutdown).start()
            elif place.isdecimal() and 0 < int(place) <= len(desk.rows) and self._known(given.get("label", "-")):
                desk.put(int(place) - 1, given["label"])
                self._lead(desk.next(int(place) - 1) if given["label"] else int(place) - 1)
            else:
                self._refuse(HTTPStatus.NOT_FOUND)
        except InputError as error:
            number = int(place) if desk.column and place.isdecimal() else 0
            self._show("sentence" if number else "name", HTTPStatus.CONFLICT, number=number, trouble=str(error))

    def _known(self, label: str) -> bool:
        return label in ("", *labels.tasks("en")[self.server.desk.task][1].label)

    def _place(self) -> str | None:
        """What is asked for, after the secret; None when it was refused."""
        _, secret, *rest = self.path.split("/")
        known = hmac.compare_digest(secret.encode("utf-8", "replace"), self.server.secret.encode())
        if not known or len(rest) != 1 or self.headers.get_all("Host") != [self.server.origin.removeprefix("http://")]:
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        return rest[0]

    def _form(self) -> dict[str, str] | None:
        """The fields of a form of ours; None when it was refused."""
        length = self.headers.get("Content-Length", "")
        whole = length.isdecimal() and int(length) <= LONGEST
        if self.headers.get_all("Origin") != [self.server.origin] or not whole:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        return {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}

    def _show(self, kind: str, status: HTTPStatus = HTTPStatus.OK, **told: object) -> None:
        language = self.server.language or spoken(self.headers.get("Accept-Language", ""))
        body, policy = page(self.server.desk, kind, language, **told)
        self._send(status, {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}, body)

    def _lead(self, row: int | None) -> None:
        place = END if row is None else str(row + 1)
        self._send(HTTPStatus.SEE_OTHER, {"Location": f"/{self.server.secret}/{place}"})

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(status, {"Content-Type": "text/plain"}, status.phrase)

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: str = "") -> None:
        content = body.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in (headers | HEADERS | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the address is a secret."""


def spoken(accepted: str) -> str:
    """The language of ours that a browser asks for first; English without one.

    >>> spoken("de, fr-CA;q=0.8, en;q=0.7"), spoken("")
    ('fr', 'en')
    """
    asked = [part.strip()[:2].lower() for part in accepted.split(",")]
    return next((one for one in asked if one in LANGUAGES), "en")


def page(desk: Desk, kind: str, language: str, number: int = 0, trouble: str = "") -> tuple[str, str]:
    """A page (name, sentence, end, ended) and what the browser may do for it."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    css, script = ((TEMPLATES / f"label.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    question, asked = labels.tasks(language)[desk.task]
    told = {"question": question, "labels": asked.to_dict("records"), "number": number, "trouble": trouble}
    told |= {"all": len(desk.rows), "done": desk.done, "name": desk.name, "sheet": desk.path.name, "kind": kind}
    if number:
        row = {name: labels.own(desk.rows[name].iloc[[number - 1]]).iloc[0] for name in desk.rows}
        told |= {"given": desk.given(number - 1), "article": row["article"], "parts": parts(row, desk.task)}
        told |= {side: row.get(side, "") for side in ("before", "after")}
    shared = {"css": Markup(css), "script": Markup(script), "language": language, "say": phrases(language, "labels")}
    return environment.get_template("label.html.j2").render(told | shared), _policy(css, script)


def _policy(css: str, script: str) -> str:
    """What the browser may do for the page: run this script, draw with this style, send answers here, load nothing."""
    ran, drawn = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (script, css))
    return (
        f"default-src 'none'; script-src 'sha256-{ran}'; style-src 'sha256-{drawn}'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    )


def parts(row: dict[str, str], task: str) -> list[tuple[str, bool]]:
    """The sentence of a row in pieces, and whether each is the theme: of voice and stance, in its first place alone."""
    text, places = row["text"], labels.places(row)
    cut, found = 0, []
    for start, end in places if task == "tone" else places[:1]:
        found += [(text[cut:start], False), (text[start:end], True)]
        cut = end
    return [*found, (text[cut:], False)]


_served: dict[Path, tuple[Page, threading.Thread]] = {}


def served(sheet: str | Path, task: str = "tone", name: str = "", language: str = "") -> Page:
    """The page of a sheet in a notebook: a link, which lives as long as the kernel or until it is asked for again.

    Parameters
    ----------
    sheet : made by `bulle sheet`.
    task : what is asked: tone, voice or stance.
    name : of the one who reads; the page asks for it when it is left out.
    language : of the page; that of `bulle.tell` when it is left out.
    """
    if task not in labels.tasks("en"):
        raise InputError(f"unknown task {task!r}; there are: {', '.join(labels.tasks('en'))}")
    place = Path(sheet).absolute()
    if place in _served:
        page, thread = _served.pop(place)
        page.shutdown()
        thread.join()
    made = Page(Desk(place, task, name), language or telling())
    _served[place] = made, threading.Thread(target=made.serve, daemon=True)
    _served[place][1].start()
    return made


def opened(made: Page) -> None:
    """Show the address in the browser of this machine, where it has a screen."""
    if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        threading.Thread(target=webbrowser.open, args=[made.address], daemon=True).start()
