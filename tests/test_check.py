import json
import os
import re
import shutil

import nbformat
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_safety import BROWSER

from bulle import ROOT, corpus, findings, narrative
from bulle.__main__ import main
from bulle.app import again, check, pdf, run


@pytest.fixture
def forged(built, tmp_path):
    """A copy of the run on the seed, free to be falsified."""
    return shutil.copytree(built, tmp_path / "run")


def replaced(name, pattern, new, count=1):
    """A forgery that writes something else for what a pattern finds in a file."""

    def falsify(folder):
        text = (folder / name).read_text(encoding="utf-8")
        other, found = re.subn(pattern, new, text, count=count, flags=re.S)
        assert found and other != text
        (folder / name).write_text(other, encoding="utf-8")

    return falsify


def edited(name, edit):
    """A forgery of what a JSON file holds, written as a run writes it."""

    def falsify(folder):
        told = json.loads((folder / name).read_text(encoding="utf-8"))
        edit(told)
        indent = 1
        (folder / name).write_text(json.dumps(told, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")

    return falsify


def finding(told, number=3):
    """A finding with a value that is a number, and places."""
    return [one for one in told["findings"] if isinstance(one["value"], int | float) and one["spans"]][number]


def shifted(told):
    finding(told)["spans"][0]["start"] += 1


def output(told):
    """The first table of a notebook, as HTML."""
    return next(
        out["data"]["text/html"]
        for cell in told["cells"]
        for out in cell.get("outputs", [])
        if "text/html" in out.get("data", {})
    )


def swapped(one, other):
    def falsify(folder):
        (folder / one).rename(folder / "passing")
        (folder / other).rename(folder / one)
        (folder / "passing").rename(folder / other)

    return falsify


def beside(name, content="mine"):
    return lambda folder: (folder / name).write_text(content)


NUMBER = r'(<a class="n" href="#f-[^"]*">)([^<]*\d[^<]*)</a>'
SENTENCE = r'(<div class="account.*?<span class="s">)'
FORGERIES = {
    # what the account says
    "a number": ("index.html", replaced("index.html", NUMBER, r"\g<1>9\2</a>"), "“9"),
    "a word of a sentence": ("index.html", replaced("index.html", SENTENCE, r"\1Certainly, "), "sentence “Certainly, "),
    "a quotation": ("index.html", replaced("index.html", r'(class="q"[^>]*>.)', r"\1Tout va bien. "), "Tout va bien."),
    "a sentence put in": (
        "index.html",
        replaced("index.html", SENTENCE, r'\1Three analysts expect a crash.</span> <span class="s">'),
        "“Three analysts expect a crash.”",
    ),
    "words between sentences": (
        "index.html",
        replaced("index.html", "</h2>\n<p>", "</h2>\nIt will burst.<p>"),
        "It will burst.",
    ),
    "a sentence left out": (
        "index.html",
        replaced("index.html", r'<span class="s">(?:(?!</span>).)*</span>', ""),
        "sentence “",
    ),
    "a link to another finding": (
        "index.html",
        replaced("index.html", NUMBER, r'<a class="n" href="#f-mine">\2</a>'),
        "leads to #f-mine, should lead to #f-",
    ),
    # how it is shown
    "a sentence struck out": (
        "index.html",
        replaced("index.html", SENTENCE + "(.*?)</span>", r"\1<s>\2</s></span>"),
        "other markup",
    ),
    "a sentence hidden": ("index.html", replaced("index.html", SENTENCE, r"\1<span hidden>"), "sentence “"),
    "a style in the account": (
        "index.html",
        replaced("index.html", '<div class="account', '<div style="color:#fff" class="account'),
        "line ",
    ),
    "a style of the page": (
        "index.html",
        replaced("index.html", "<style>", "<style>.account{display:none}"),
        "display:none",
    ),
    "a script of the page": ("index.html", replaced("index.html", "(<script>.*?)showModal", r"\1show"), "line "),
    "the policy of a page": (
        "2-terms.html",
        replaced("2-terms.html", "script-src ", "script-src file: "),
        "should read “",
    ),
    # what stands around it
    "the title": ("index.html", replaced("index.html", "<title>", "<title>Alarming: "), "Alarming"),
    "a parameter shown": ("index.html", replaced("index.html", "<code>bulle</code>", "<code>krach</code>"), "krach"),
    "the command that runs it again": (
        "1-words.html",
        replaced("1-words.html", ">bulle run<", ">bulle run -p top 5<"),
        "-p top 5",
    ),
    "the evidence of a number": ("index.html", replaced("index.html", "<mark>", "<mark>very "), "<mark>very"),
    "a link between pages": (
        "3-sentiment.html",
        replaced("3-sentiment.html", 'href="ledger.html"', 'href="http://a.example"'),
        "a.example",
    ),
    "a cell of a table": ("2-terms.html", replaced("2-terms.html", r"<td>(\d)", r"<td>9\1"), "line "),
    "a row of a table": (
        "3-sentiment.html",
        replaced("3-sentiment.html", r"<tbody>\s*<tr>.*?</tr>", "<tbody>"),
        "line ",
    ),
    "a figure": ("2-terms.html", replaced("2-terms.html", r"(<circle cx=\")\d", r"\g<1>9"), "line "),
    "the prose of a notebook": (
        "1-words.html",
        replaced("1-words.html", "<h1", "<p>Checked by experts.</p><h1"),
        "Checked by",
    ),
    "the page of the ledger": ("ledger.html", replaced("ledger.html", "<mark>", "<mark>not "), "not "),
    "what the search finds": ("1-words.html", replaced("1-words.html", '("index": )', "\\1 "), "line "),
    # whole tables
    "a digit of a whole table": (
        "tables/2-terms-keyness.csv",
        replaced("tables/2-terms-keyness.csv", r"(,\d+\.)\d", r"\g<1>x"),
        "should read “",
    ),
    "a byte of a whole table": (
        "tables/quotes.parquet",
        lambda folder: byte(
            folder / "tables" / "quotes.parquet", lambda old: old[:99] + bytes([old[99] ^ 1]) + old[100:]
        ),
        "differs from byte 99 on",
    ),
    # notebooks
    "an output": (
        "3-sentiment.ipynb",
        edited("3-sentiment.ipynb", lambda told: output(told).insert(0, "<p>Proven.</p>")),
        "Proven.",
    ),
    "code": ("1-words.ipynb", edited("1-words.ipynb", lambda told: told["cells"][2]["source"].append("\n1")), "source"),
    "prose": ("2-terms.ipynb", edited("2-terms.ipynb", lambda told: told["cells"].pop(0)), "is missing"),
    "the account of the notebook": (
        "5-narrative.ipynb",
        replaced("5-narrative.ipynb", NUMBER.replace('"', r'\\"'), r"\g<1>9\2</a>"),
        "“9",
    ),
    "the ledger that it carries": (
        "5-narrative.ipynb",
        replaced("5-narrative.ipynb", r'("value": )(\d)', r"\g<1>9\2"),
        "/ value is 9",
    ),
    # the ledger
    "a value": (
        "findings.json",
        edited("findings.json", lambda told: finding(told).update(value=0.123)),
        "/ value is 0.123, should be ",
    ),
    "a unit": (
        "findings.json",
        edited("findings.json", lambda told: finding(told).update(unit="pages")),
        "/ unit is “pages”",
    ),
    "a place": ("findings.json", edited("findings.json", shifted), "/ spans / "),
    "an interval": (
        "findings.json",
        edited("findings.json", lambda told: finding(told).update(interval=[0.1, 0.2])),
        "/ interval",
    ),
    "a finding taken out": (
        "findings.json",
        edited("findings.json", lambda told: told["findings"].remove(finding(told))),
        "is missing",
    ),
    "a finding put in": (
        "findings.json",
        edited("findings.json", lambda told: told["findings"].append(finding(told) | {"name": "mine"})),
        "findings / mine should not be there",
    ),
    "the date of a text": (
        "findings.json",
        edited("findings.json", lambda told: told["texts"][0].update(date="2001-01-01")),
        "date is “2001-01-01”",
    ),
    "the source of a text": (
        "findings.json",
        edited("findings.json", lambda told: told["texts"][0].update(source="Reuters")),
        "source is “Reuters”",
    ),
    "the digest of a text": (
        "findings.json",
        edited("findings.json", lambda told: told["texts"][0].update(sha256="0" * 64)),
        "sha256 is “000",
    ),
    "a key twice": (
        "findings.json",
        replaced("findings.json", '"value": ', '"value": 99, "value": '),
        "the key “value” stands twice",
    ),
    "a key too many": (
        "findings.json",
        edited("findings.json", lambda told: told.update(approved=True)),
        "approved should not be there",
    ),
    "other spaces": ("findings.json", replaced("findings.json", "\n ", "\n  "), "spaces or line ends differ"),
    "a version": (
        "findings.json",
        edited("findings.json", lambda told: told["versions"].update(pandas="0.1")),
        "pandas is “0.1”",
    ),
    # the record
    "a parameter recorded": (
        "parameters.json",
        edited("parameters.json", lambda told: told["parameters"].update(theme="krach")),
        "theme is “krach”, should be “bulle”",
    ),
    "a recorded version": (
        "parameters.json",
        edited("parameters.json", lambda told: told["versions"].update(seaborn="0.1")),
        "seaborn is “0.1”",
    ),
    "a recorded help": ("parameters.json", replaced("parameters.json", '"help": "', '"help": "not '), "help is “not"),
    # the folder
    "two files swapped": (["1-words.html", "2-terms.html"], swapped("1-words.html", "2-terms.html"), "holds what "),
    "a page for another": (
        "index.html",
        lambda folder: shutil.copy(folder / "ledger.html", folder / "index.html"),
        "holds what ledger.html should hold",
    ),
    "a file more": ("notes.txt", beside("notes.txt"), "a file that this run does not make"),
    "a folder more": ("notes", lambda folder: (folder / "notes").mkdir(), "a folder that this run does not make"),
    "a hidden file": (".htaccess", beside(".htaccess"), "a file that this run does not make"),
    "a file that is called otherwise": (
        ["Ledger.html", "ledger.html"],
        lambda folder: (folder / "ledger.html").rename(folder / "Ledger.html"),
        "",
    ),
    "a name that a terminal obeys": ("\\x1b[31m.txt", beside("\x1b[31m.txt"), "a file that this run"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forgery_is_told_in_one_line_with_its_file_and_what_is_forged(case, built, forged):
    names, falsify, message = FORGERIES[case]
    falsify(forged)
    found = check.problems(forged, built)
    assert [line.split(": ")[0] for line in found] == ([names] if isinstance(names, str) else names)
    assert all(message in line and line.isprintable() and len(line) < 500 for line in found)


def linked(path):
    path.rename(path.with_name("aside"))
    path.symlink_to("aside")


def enormous(path):
    with path.open("r+b") as file:
        file.truncate(20_000_000_000)


def turned(path, make):
    path.unlink()
    make(path)


def byte(path, change):
    content = path.read_bytes()
    path.write_bytes(change(content))


DAMAGES = {
    "one byte other": (lambda path: byte(path, lambda old: old[:500] + bytes([old[500] ^ 1]) + old[501:]), ""),
    "one digit other": (
        lambda path: byte(path, lambda old: re.sub(rb"[0-8]", lambda n: b"%d" % (int(n[0]) + 1), old, count=1)),
        "",
    ),
    "the last byte gone": (lambda path: byte(path, lambda old: old[:-1]), "ends after "),
    "one byte more": (lambda path: byte(path, lambda old: old + b"\n"), ""),
    "cut off": (lambda path: byte(path, lambda old: old[: len(old) // 2]), "ends after "),
    "not UTF-8": (lambda path: byte(path, lambda old: old[:900] + b"\xff" + old[900:]), "not UTF-8 from byte 900 on"),
    "nested deep": (lambda path: path.write_text("[" * 9000), ""),
    "markup nested deep": (lambda path: path.write_text("<div class='account'>" * 300 + "<![" * 9), ""),
    "comments without end": (lambda path: path.write_text("<!--" * (path.stat().st_size // 2)), ""),
    "nothing": (lambda path: path.write_text(""), "empty"),
    "20 GB": (enormous, "20,000,000,000 bytes long, should be "),
    "deleted": (lambda path: path.unlink(), "missing"),
    "a folder": (lambda path: turned(path, lambda made: made.mkdir()), "a folder, not a file"),
    "a pipe": (lambda path: turned(path, os.mkfifo), "a device, pipe or socket, not a file"),
    "a broken link": (lambda path: turned(path, lambda made: made.symlink_to("nowhere")), "a link, not a file"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_file_that_is_damaged_is_told_in_one_line(damage, built, forged):
    harm, message = DAMAGES[damage]
    every = check.files(built)
    for path in [one for one in every if one.parent.name != "tables" or one.stem == "2-terms-keyness"]:
        name = path.relative_to(built).as_posix()
        own = forged / name
        harm(own)
        [line] = check.problems(forged, built)
        told = "differs from byte" if "UTF-8" in message and path.suffix == ".parquet" else message
        assert line.startswith(f"{name}: ") and told in line and line.isprintable() and len(line) < 500
        shutil.rmtree(own) if own.is_dir() else own.unlink(missing_ok=True)
        shutil.copy(path, own)
    assert check.problems(forged, built) == []


def test_a_link_to_the_same_content_is_no_file_of_a_run(built, forged):
    linked(forged / "index.html")
    assert check.problems(forged, built) == [
        "aside: a file that this run does not make",
        "index.html: a link, not a file",
    ]


PARTS = {
    "a file gone": (lambda place: (place / "a.csv").unlink(), "tables/a.csv: missing"),
    "a file more": (lambda place: (place / "b.csv").write_text(""), "tables/b.csv: a file that this run does not make"),
    "a link in it": (lambda place: linked(place / "a.csv"), "tables/a.csv: a link, not a file"),
    "a digit": (
        lambda place: (place / "a.csv").write_text("n\n21\n"),
        "tables/a.csv: line 2: “n 21” should read “n 12”",
    ),
    "the folder gone": (shutil.rmtree, "tables: missing"),
    "a link to it": (linked, "tables: a link, not a folder"),
    "a file in its place": (lambda place: taken(place), "tables: a file, not a folder"),
}


def taken(place):
    shutil.rmtree(place)
    place.write_text("")


@pytest.mark.parametrize("case", PARTS)
def test_the_folders_in_a_run_are_compared_as_it_is(case, tmp_path):
    harm, message = PARTS[case]
    for name in ("here", "there"):
        (tmp_path / name / "tables").mkdir(parents=True)
        (tmp_path / name / "tables" / "a.csv").write_text("n\n12\n")
    harm(tmp_path / "here" / "tables")
    lines = check._compared(tmp_path / "here", tmp_path / "there", check.Due(tmp_path / "there", "en"))
    assert any(line.startswith(message) for line in lines)


RECORDS = {
    "missing": (lambda path: path.unlink(), "parameters.json: missing"),
    "a folder": (lambda path: turned(path, lambda made: made.mkdir()), "a folder, not a file"),
    "a pipe": (lambda path: turned(path, os.mkfifo), "a device, pipe or socket, not a file"),
    "20 GB": (enormous, "20,000,000,000 bytes long"),
    "empty": (lambda path: path.write_text(""), "not readable as JSON"),
    "not UTF-8": (lambda path: path.write_bytes(b"\xff\xfe{}"), "not UTF-8 from byte 0 on"),
    "no object": (lambda path: path.write_text("[]"), "holds no notebooks and parameters"),
    "nothing in it": (lambda path: path.write_text("{}"), "holds no notebooks and parameters"),
    "nested deep": (lambda path: path.write_text("[" * 100_000), "nested too deep"),
    "a key twice": (lambda path: path.write_text('{"given": {}, "given": {}}'), "the key “given” stands twice"),
    "a digit too many": (
        lambda path: path.write_text('{"notebooks": "", "given": {"top": 1%s}}' % ("0" * 5000)),
        "digit",
    ),
    "no such notebook": (lambda path: path.write_text('{"notebooks": "9", "given": {}}'), "no notebook '9'"),
    "no such parameter": (
        lambda path: path.write_text('{"notebooks": "", "given": {"tpo": 1}}'),
        "unknown parameter 'tpo'",
    ),
    "another type": (
        lambda path: path.write_text('{"notebooks": "", "given": {"top": [1]}}'),
        "'top' takes int, not '[1]'",
    ),
    "another type of a reading": (
        lambda path: path.write_text('{"notebooks": "", "given": {"unreadable": "x"}}'),
        "'unreadable' takes float",
    ),
    "not a number": (
        lambda path: path.write_text('{"notebooks": "", "given": {"unreadable": NaN}}'),
        "'unreadable' takes float",
    ),
    "no such choice": (
        lambda path: path.write_text('{"notebooks": "", "given": {"narrate": "de"}}'),
        "'narrate' is 'de'",
    ),
    "too little": (lambda path: path.write_text('{"notebooks": "", "given": {"top": 0}}'), "'top' is 0"),
    "another theme": (
        lambda path: path.write_text('{"notebooks": "", "given": {"theme": "krach"}}'),
        "theme is 'krach', in ",
    ),
    "a default that is given": (
        lambda path: path.write_text('{"notebooks": "", "given": {"theme": "bulle"}}'),
        "theme is 'bulle', in ",
    ),
}


@pytest.mark.parametrize("case", RECORDS)
def test_a_record_from_which_nothing_can_be_made_again_is_told_in_one_line(case, forged, capsys):
    harm, message = RECORDS[case]
    harm(forged / "parameters.json")
    assert main(["check", str(forged)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("parameters.json: ") and message in told and told.count("\n") == 1 and len(told) < 400


@pytest.mark.parametrize("place", ["absent", "a file", "empty", "holiday"])
def test_what_is_no_run_is_wrong_input(place, tmp_path, capsys):
    (tmp_path / "a file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.png").write_text("")
    assert main(["check", str(tmp_path / place)]) == 2
    assert re.search("no folder|holds no run", capsys.readouterr().err)


def state(folder):
    return {
        path: (path.read_bytes() if path.is_file() else None, path.stat().st_mtime_ns) for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """A run whose notebooks had their texts under a relative path, and the texts, which are elsewhere now."""
    folder = tmp_path_factory.mktemp("moved")
    here = os.getcwd()
    (folder / "work").mkdir()
    shutil.copytree(ROOT / "seeds", folder / "work" / "press")
    os.chdir(folder / "work")
    try:
        assert main(["run", "5", "--corpus", "press", "-p", "narrate", "fr", "-o", str(folder / "run")]) == 0
    finally:
        os.chdir(here)
    (folder / "work" / "press").rename(folder / "l'écho, 1")
    return folder


def test_a_true_run_is_said_to_be_true_with_what_was_compared_and_nothing_in_it_is_touched(built, capsys):
    before = state(built)
    assert main(["check", str(built)]) == 0
    told = capsys.readouterr()
    assert re.fullmatch(
        r"true: \d+ files, each the same byte for byte, made again from one text with bulle \S+ and Python \S+\n",
        told.out,
    )
    assert int(told.out.split()[1]) == len(check.files(built)) and "1-words " in told.err
    assert state(built) == before


def test_a_run_is_true_wherever_its_texts_are_now(moved, capsys):
    before = dict(os.environ)
    assert main(["check", str(moved / "run"), "--corpus", str(moved / "l'écho, 1")]) == 0
    assert capsys.readouterr().out.startswith("true: ") and dict(os.environ) == before


def test_texts_that_are_not_found_are_asked_for(moved, capsys):
    assert main(["check", str(moved / "run")]) == 2
    told = capsys.readouterr().err
    assert "no 'press', which was looked for from" in told and "say where they are now with --corpus PATH" in told
    assert main(["check", str(moved / "run"), "--corpus", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_text_that_changed_since_is_named_and_the_rest_is_counted(moved, tmp_path, capsys):
    shutil.copytree(moved / "l'écho, 1", tmp_path / "press")
    (tmp_path / "press" / "manifest.csv").unlink()
    path = next((tmp_path / "press").glob("*.txt"))
    path.write_text(path.read_text(encoding="utf-8").replace("vertigineux", "raisonnables"), encoding="utf-8")
    (tmp_path / "press" / "new.txt").write_text("Une autre bulle inquiète.")
    assert main(["check", str(moved / "run"), "--corpus", str(tmp_path / "press")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert re.match(r"text \S+: changed since the run \(.*its words", lines[0])
    assert lines[1] == "text new: not in the corpus when it was run" and len(lines) == 3
    assert re.fullmatch(r"\d+ files differ from what the texts give now; they were not read", lines[2])


def older(name):
    return replaced(name, r'"pandas": "[^"]*"', '"pandas": "0.1"')


def test_where_versions_differ_the_account_alone_is_held_and_no_more_is_said(built, forged):
    for name in ("parameters.json", "findings.json", "5-narrative.ipynb"):
        older(name)(forged)
    replaced("2-terms.html", r"<td>(\d)", r"<td>9\1")(forged)
    record = check.loaded(forged / "parameters.json")
    found, end = again.verdict(forged, built, record)
    assert re.fullmatch(
        r"made with pandas 0.1 \(here \S+\): \d files differ, which may be why, and were not read", found[0]
    )
    assert len(found) == 1 and re.match("the sentences of the account stand on the ledger, .* nothing else", end[0])
    replaced("index.html", NUMBER, r"\g<1>9\2</a>")(forged)
    edited("findings.json", lambda told: finding(told).update(value=0.123))(forged)
    (forged / "1-words.html").unlink()
    found, end = again.verdict(forged, built, record)
    assert found[1] == "1-words.html: missing" and end == []
    assert [line.split(": ")[0] for line in found[2:]] == ["findings.json", "index.html"]


def test_a_version_that_one_file_alone_bears_excuses_nothing(built, forged):
    older("parameters.json")(forged)
    replaced("2-terms.html", r"<td>(\d)", r"<td>9\1")(forged)
    found, end = again.verdict(forged, built, check.loaded(forged / "parameters.json"))
    assert [line.split(": ")[0] for line in found] == ["2-terms.html", "parameters.json"] and end == []


def test_an_account_that_is_printed_is_printed_again(tmp_path, monkeypatch, capsys):
    """By a browser that prints at once; by Chromium: test_page."""
    out, browser = tmp_path / "run", tmp_path / "browser"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    monkeypatch.setattr(pdf, "BROWSERS", (str(browser),))
    assert main(["run", "5", "--pdf", "-o", str(out)]) == 0
    whole = shutil.copytree(out, tmp_path / "whole")
    assert main(["check", str(out)]) == 0
    assert "not made again" not in capsys.readouterr().out
    monkeypatch.setattr(pdf, "BROWSERS", ())
    (out / "narrative.pdf").write_bytes((out / "narrative.pdf").read_bytes().replace(b"P", b"Q", 1))
    assert main(["check", str(out)]) == 1
    told = capsys.readouterr().out
    assert "narrative.pdf was not made again: " in told and "manifest.json: files / narrative.pdf is " in told
    (out / "narrative.pdf").unlink()
    assert check.problems(out, whole) == ["narrative.pdf: missing"]


def test_a_printed_account_by_another_browser_is_not_compared(tmp_path):
    due = check.Due(tmp_path, "en")
    one, other = (b"%%PDF-1.4 /Producer (Skia/PDF m%d) x" % number for number in (141, 142))
    assert check._difference(".pdf", one, other, due) == "printed by Skia/PDF m141, here by Skia/PDF m142: not compared"
    assert check._difference(".pdf", one, one + b"y", due).startswith("ends after")
    assert check._difference(".pdf", one + b"z", one + b"y", due) == "is not what the account prints"


def test_papermills_own_engine_writes_the_same_bytes(tmp_path):
    for engine in run.ENGINES:
        assert main(["run", "5", "--engine", engine, "-o", str(tmp_path / engine)]) == 0
    assert check.problems(*(tmp_path / engine for engine in run.ENGINES)) == []


def test_the_committed_account_stands_on_the_seed():
    """The ledger and the account in the committed notebook are those that the seed gives today."""
    notebook = nbformat.read(run.notebooks("5")[0], as_version=4)
    outputs = [out.data for cell in notebook.cells for out in cell.get("outputs", []) if "data" in out]
    carried = next(data for data in outputs if narrative.MIME in data)
    told = carried[narrative.MIME]
    made = findings.ledger(corpus.read(ROOT / "seeds"), told["parameters"])
    assert told == json.loads(made.json())
    assert list(check.differences(carried["text/html"], narrative.account(made).html, "en")) == []


WORDS = (
    "bulle bulles risque crise hausse baisse succès échec marché 2025 3,5 % Nvidia « oui » ne pas très . ! ? \n".split(
        " "
    )
)
BODY = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
DATES = st.sampled_from([pd.NaT, pd.Timestamp("2025-01-31"), pd.Timestamp("2025-11-21")])
ARTICLES = st.lists(
    st.tuples(st.sampled_from(["", "AFP", "Le Monde"]), DATES, st.sampled_from(["", "3 <b>"]), BODY), max_size=30
)


@settings(max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    rows=ARTICLES,
    theme=st.sampled_from(["bulle", "risque, crise", r"re:h\w+", "absent", "3"]),
    spoken=st.sampled_from(["en", "fr"]),
)
def test_every_account_is_whole_and_backed(rows, theme, spoken):
    table = pd.DataFrame(rows, columns=["source", "date", "title", "text"]).astype({"date": "datetime64[s]"})
    table = table.assign(article=[f"a{number}" for number in range(len(rows))], language="fr")
    made = findings.ledger(table, {"theme": theme, "context": 1, "top": 20})
    account = narrative.account(findings.loaded(json.loads(made.json())), spoken)
    assert [found for part in check.sentences(account.html) if (found := check._unbacked(part, spoken))] == []
    assert re.findall(r"\b(?:nan|None|NaT)\b|[{}]|  | \.|\(\)", _prose(account)) == []


def _prose(account):
    """The account without its quotations, which are the texts' own."""
    import bs4

    soup = bs4.BeautifulSoup(account.html, "html.parser")
    for quotation in soup.select("a.q, a[href='#f-theme.name']"):
        quotation.replace_with("quoted")
    return soup.get_text()
