"""A run held against its texts: every number, quotation and direction word of the account must stand in the ledger."""

import difflib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup, Tag

from analysis import InputError, corpus, entries, findings, narrative

ACCOUNT = "4-narrative.ipynb"


def problems(folder: Path, path: str = "") -> list[str]:
    """What is wrong with a run, one line each; an empty list when its account is true.

    The texts are read and every finding is made again; the ledger, the notebook and the page must say the same.

    Parameters
    ----------
    folder : a run, as `bulle run` leaves it.
    path : where the texts are now, when it is not where the run found them.

    Raises
    ------
    InputError : the folder holds no run with an account, or its texts cannot be read.
    """
    told = recorded(folder)
    own = told["parameters"]
    articles = corpus.batches(path or own["corpus"], own["language"], own["columns"], own["unreadable"])
    made = json.loads(findings.ledger(articles, own).json())
    return [
        *_versions(told["versions"]),
        *_parameters(folder, told["parameters"]),
        *_texts(told["texts"], made["texts"]),
        *_findings(told["findings"], made["findings"]),
        *_accounts(folder, told, findings.loaded(made)),
    ]


def recorded(folder: Path) -> dict:
    """The content of the `findings.json` of a run; `InputError` when there is none that this version can read."""
    told = _json(folder / "findings.json")
    if not isinstance(told, dict) or told.get("schema") != findings.SCHEMA:
        raise InputError(f"{folder / 'findings.json'}: not of schema {findings.SCHEMA}; run again with this version")
    return told


def _json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"{path}: not found; give the folder of a run that holds notebook 4") from None
    except ValueError as error:
        raise InputError(f"{path}: not readable as JSON ({error}); run again") from None


def _versions(versions: dict) -> Iterator[str]:
    for name, here in findings.versions().items():
        if (there := versions.get(name)) != here:
            yield f"findings.json: stale: made with {name} {there}, {here} is installed; run again"


def _parameters(folder: Path, parameters: dict) -> Iterator[str]:
    record = _json(folder / "parameters.json")["parameters"]
    for name, value in parameters.items():
        if record.get(name) != value:
            yield f"parameters.json: {name} is {record.get(name)!r}, the findings were made with {value!r}"


def _texts(recorded: list[dict], made: list[dict]) -> Iterator[str]:
    now = {text["article"]: text for text in made}
    for text in recorded:
        here = now.pop(text["article"], None)
        if here is None:
            yield f"text {text['article']}: no longer in the corpus"
        elif here["sha256"] != text["sha256"]:
            yield f"text {text['article']}: changed since the run (sha256 is {here['sha256'][:12]})"
    yield from (f"text {name}: not in the corpus when it was run" for name in now)


def _findings(recorded: list[dict], made: list[dict]) -> Iterator[str]:
    told = {finding["name"]: finding for finding in recorded}
    for finding in made:
        name, own = finding["name"], told.pop(finding["name"], None)
        if own is None:
            yield f"findings.json: {name} is missing"
            continue
        for key, value in finding.items():
            if own.get(key) != value:
                yield f"findings.json: {name}: {_difference(key, own.get(key), value)}"
    yield from (f"findings.json: {name} is not to be found in the texts" for name in told)


def _difference(key: str, told: object, value: object) -> str:
    if key != "spans":
        return f"{key} is {told!r}, the texts give {value!r}"
    pairs = zip(told or [], value, strict=False)
    place = next((pair for pair in pairs if pair[0] != pair[1]), (None, None))
    shown = ["no span" if one is None else f"{one['start']}–{one['end']} “{one['text']}”" for one in place]
    return f"a span is {shown[0]}, the texts give {shown[1]}"


def _accounts(folder: Path, told: dict, made: findings.Ledger) -> Iterator[str]:
    """Problems of the account in the notebook and on the page, against the one that the texts give."""
    notebook = nbformat.read(folder / ACCOUNT, as_version=4)
    carried = narrative.carried(notebook)
    if carried is None:
        yield f"{ACCOUNT}: holds no account; run again"
        return
    if carried[narrative.MIME] != told:
        yield f"{ACCOUNT}: the ledger it carries is not that of findings.json"
    language = _json(folder / "parameters.json")["parameters"]["narrate"]
    due = narrative.account(made, language).html
    page = (folder / "index.html").read_text(encoding="utf-8")
    for name, html in ((ACCOUNT, carried["text/html"]), ("index.html", page)):
        yield from (f"{name}: {problem}" for problem in differences(html, due, language))


def differences(html: str, due: str, language: str) -> Iterator[str]:
    """What an account says otherwise than the one that is due, sentence by sentence."""
    said, meant = sentences(html), sentences(due)
    texts = [[_text(one) for one in account] for account in (said, meant)]
    for kind, a, b, c, d in difflib.SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for here, there in zip(said[a:b], meant[c:d], strict=False):
            yield f"sentence “{_short(here)}”: {_altered(here, there, language)}"
        for extra in said[a + (d - c) : b]:
            found = _unbacked(extra, language) or "it rests on no finding"
            yield f"sentence “{_short(extra)}” is not of the account: {found}"
        yield from (f"sentence “{_short(missing)}” is missing" for missing in meant[c + (b - a) : d])


def sentences(html: str) -> list[Tag]:
    """Headings and sentences of the account in a page or an output, and last whatever stands outside them."""
    account = BeautifulSoup(html, "html.parser").select_one("div.account")
    if account is None:
        return []
    parts = [part.extract() for part in account.select("h3, span.s")]
    return [*parts, account] if account.get_text().strip() else parts


def unbacked(html: str, language: str) -> list[str]:
    """Numerals, quotations and direction words that stand in an account without a link to a finding."""
    return [found for part in sentences(html) if (found := _unbacked(part, language))]


def _altered(here: Tag, there: Tag, language: str) -> str:
    """How a sentence differs from the one that is due, by the first link or word that does."""
    for one, other in zip(here.select("a"), there.select("a"), strict=False):
        if (one.get_text(), one.get("href")) != (other.get_text(), other.get("href")):
            return f"“{one.get_text()}” should read “{other.get_text()}” ({other['href']})"
    return _unbacked(here, language) or f"should read “{_short(there)}”"


@cache
def _watched(language: str) -> re.Pattern:
    words = "|".join(map(re.escape, entries(language, "watched")))
    return re.compile(rf"\d[\d.,\s]*|\b(?:{words})\b|[«“][^»”]*[»”]", re.IGNORECASE)


def _unbacked(part: Tag, language: str) -> str:
    """The first numeral, quotation or direction word of a sentence that is outside its links."""
    copy = BeautifulSoup(str(part), "html.parser")
    for link in copy.select("a[href^='#f-']"):
        link.decompose()
    found = _watched(language).search(copy.get_text())
    return f"“{found[0].strip()}” rests on no finding" if found else ""


def _text(part: Tag) -> str:
    return " ".join(str(part).split())


def _short(part: Tag) -> str:
    words = " ".join(part.get_text().split())
    return words if len(words) <= 70 else words[:69] + "…"
