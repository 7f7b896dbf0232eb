"""Nothing of the user's is lost, nothing of theirs is run, and what goes wrong is one line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from bulle import InputError, corpus
from bulle.__main__ import main
from bulle.app import folder, pdf, run
from bulle.runs import sealed

BULLE = Path(sys.executable).with_name("bulle")
TEXT = "La bulle inquiète les marchés. Une bulle gonfle. Les prix montent encore."
OLD = {  # a run of the version that left no manifest
    "parameters.json": '{\n "parameters": {\n  "corpus": "seeds"\n }\n}\n',
    "index.html": "<p>La bulle des vieux jours.</p>",
    "site.js": "",
}
NEW = OLD | {"tables/1-words.csv": "word\nbulle\n", "articles/a.html": "<p>La bulle.</p>"}


def written(place, files):
    """A folder that holds these files, by name."""
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


HTML = f"<html><body><article><h1>Titre</h1><p>{TEXT * 9}</p><p>{TEXT * 8}</p></article></body></html>"


def made(place):
    """A small run as it was written."""
    with folder.replaced(place) as new:
        written(new, NEW)
    return place


def tree(place):
    """Everything in a folder: its kind, and the bytes of the files."""
    return {
        str(path.relative_to(place)): path.read_bytes() if path.is_file() else (path.is_dir(), path.is_symlink())
        for path in sorted(place.rglob("*"))
    }


def refused(arguments, capsys):
    """The one line with which a command refuses."""
    capsys.readouterr()
    status, told = main([str(word) for word in arguments]), capsys.readouterr()
    assert status == 2 and told.err.count("\n") == 1 and told.out == "", told
    return told.err


# An output


def test_a_run_as_it_was_written_makes_way(tmp_path):
    out = made(tmp_path / "out")
    for name in ("site.js", "tables/1-words.csv"):  # what is gone is nobody's loss
        (out / name).unlink()
    with folder.replaced(out) as new:
        (new / "page").write_text("new")
    assert sorted(tree(out)) == [folder.MANIFEST, "page"] and os.listdir(tmp_path) == ["out"]


def test_a_manifest_gives_the_sha256_of_every_other_file_and_the_same_run_the_same_manifest(tmp_path):
    out, other = made(tmp_path / "out"), made(tmp_path / "other")
    assert json.loads((out / folder.MANIFEST).read_text())["files"].keys() == NEW.keys()
    assert tree(out) == tree(other)


def thesis(out):
    (out / "thesis.txt").write_text("mine")


def hidden(out):
    (out / ".notes").write_text("mine")


def page(out):
    (out / "index.html").write_text(OLD["index.html"] + " ")


def below(out):
    (out / "texts").mkdir()


def inner(out):
    made(out / "inner")


def part(out):
    (out / "figures").mkdir()


def deep(out):
    (out / "tables" / "thesis.txt").write_text("mine")


def deeper(out):
    (out / "tables" / "tables").mkdir()


def cell(out):
    (out / "tables" / "1-words.csv").write_text("word\nkrach\n")


def deep_link(out):
    (out / "tables" / "thesis").symlink_to(out.parent / "texts")


def deep_pipe(out):
    os.mkfifo(out / "tables" / "pipe")


def linked(out):
    (out / "tables").rename(out.parent / "texts" / ".tables")
    (out / "tables").symlink_to(out.parent / "texts" / ".tables")


def link(out):
    (out / "thesis").symlink_to(out.parent / "texts")


def instead(out):
    (out / "site.js").unlink()
    (out / "site.js").symlink_to(out.parent / "texts" / "a.txt")


def directory(out):
    (out / "site.js").unlink()
    (out / "site.js").mkdir()


def pipe(out):
    (out / "site.js").unlink()
    os.mkfifo(out / "site.js")


def note(out):
    with (out / folder.MANIFEST).open("a") as manifest:
        manifest.write(" ")


def older(out):
    (out / folder.MANIFEST).unlink()


def only_parameters(out):
    shutil.rmtree(out)
    written(out, {"parameters.json": "{}", "thesis.txt": "mine"})


CHANGES = [thesis, hidden, page, below, inner, link, instead, directory, pipe, note, older, only_parameters]
CHANGES += [part, deep, deeper, cell, deep_link, deep_pipe, linked]
NAMES = {page: "'index.html', which was changed", pipe: "'site.js'", note: "manifest.json is missing or changed"}
NAMES |= {part: "'figures/', which no run wrote", deep: "'tables/thesis.txt', which no run wrote"}
NAMES |= {deeper: "'tables/tables'", cell: "'tables/1-words.csv', which was changed", deep_link: "'tables/thesis'"}
NAMES |= {deep_pipe: "'tables/pipe'", linked: "'tables', which no run wrote"}
NAMES |= {older: "a run of an older version", inner: "'inner', which no run wrote", hidden: "'.notes'"}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_folder_that_holds_anything_else_is_refused_and_nothing_is_changed(change, tmp_path, capsys):
    texts, out = written(tmp_path / "texts", {"a.txt": TEXT}), made(tmp_path / "out")
    change(out)
    before = tree(tmp_path)
    told = refused(["run", "1", "--corpus", texts, "-o", out], capsys)
    assert NAMES.get(change, "is kept") in told and "-o" in told
    assert tree(tmp_path) == before


@pytest.mark.parametrize("change", [change for change in CHANGES if change != pipe], ids=lambda one: one.__name__)
def test_what_comes_while_the_run_lasts_is_kept(change, tmp_path):
    written(tmp_path / "texts", {"a.txt": TEXT})
    out = made(tmp_path / "out")
    with pytest.raises(InputError, match="is kept"), folder.replaced(out):
        change(out)
        before = tree(out)
    assert tree(out) == before and sorted(os.listdir(tmp_path)) == ["out", "texts"]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_comes_between_the_last_check_and_the_exchange_is_put_back(at_once, tmp_path, monkeypatch):
    out = made(tmp_path / "out")
    check = folder._free

    def late(output):
        check(output)
        if unfinished:
            thesis(out)

    unfinished = []
    monkeypatch.setattr(folder, "_free", late)
    if not at_once:
        monkeypatch.setattr(folder, "_swapped", lambda one, other: False)
    before = tree(out)
    with pytest.raises(InputError, match=r"thesis\.txt"), folder.replaced(out) as new:
        unfinished.append(new)
    assert tree(out) == before | {"thesis.txt": b"mine"} and os.listdir(tmp_path) == ["out"]


def test_what_dead_runs_left_is_removed_and_what_only_looks_like_it_is_kept(tmp_path):
    dead = written(tmp_path / ".out.unfinished-abcd1234", {folder.MANIFEST: folder.MARK.decode(), "1.html": "half"})
    old = made(tmp_path / "old").rename(tmp_path / ".out.unfinished-abcd1235")
    mine = written(tmp_path / ".out.unfinished-abcd1236", {"thesis.txt": "mine"})
    changed = made(tmp_path / "changed").rename(tmp_path / ".out.unfinished-abcd1237")
    page(changed)
    named = written(tmp_path / ".out.unfinished-notes", {"thesis.txt": "mine"})
    made(tmp_path / "out")
    assert [place.exists() for place in (dead, old, mine, changed, named)] == [False, False, True, True, True]
    assert (mine / "thesis.txt").read_text() == "mine" and (changed / "index.html").exists()


def test_of_a_dead_run_what_is_no_file_is_kept_and_links_in_it_are_not_followed(tmp_path):
    mark = {folder.MANIFEST: folder.MARK.decode()}
    mine = written(tmp_path / "mine", {"a.txt": TEXT, "tables/b.csv": "mine"})
    deep = written(tmp_path / ".out.unfinished-abcd1234", mark | {"tables/notes/thesis.txt": "mine"})
    links = written(tmp_path / ".out.unfinished-abcd1235", mark | {"figures/a.svg": "half"})
    (links / "tables").symlink_to(mine / "tables")
    (links / "figures" / "mine").symlink_to(mine)
    before = tree(mine)
    made(tmp_path / "out")
    assert (deep / "tables" / "notes" / "thesis.txt").exists() and not links.exists() and tree(mine) == before


@pytest.mark.parametrize("make", [link, deep_link, pipe], ids=lambda one: one.__name__)
def test_a_manifest_that_gives_no_digest_frees_nothing(make, tmp_path):
    texts, out = written(tmp_path / "texts", {"a.txt": TEXT}), made(tmp_path / "out")
    make(out)
    own = {name: folder.digest(out / name) for name in folder.entries(out) if name != folder.MANIFEST}
    (out / folder.MANIFEST).write_bytes(signed({"bulle": "0.1.0", "files": own}))
    before = tree(tmp_path)
    with pytest.raises(InputError, match="is kept"), folder.replaced(out):
        pass
    assert tree(tmp_path) == before and texts.exists()


def signed(told):
    """A manifest as a run writes it, whatever it says."""
    return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass") + b"\n"


@pytest.mark.parametrize("name", ["../mine", "{}/mine", "there/mine", "..", ".", "", "a\0b",
                                  "tables/../mine", "tables/..", "tables/", "tables//mine", "tables/there/mine",
                                  "/tables/mine", "tables\\mine", "Tables/mine"])  # fmt: skip
@pytest.mark.parametrize("place", ["out", ".out.unfinished-abcd1234"])
def test_a_manifest_that_names_what_is_not_in_its_folder_frees_nothing(place, name, tmp_path, capsys):
    texts = written(tmp_path, {"mine": "mine", "texts/a.txt": TEXT}) / "texts"
    (made(tmp_path / "old") / "there").symlink_to("..")
    (tmp_path / "old").rename(tmp_path / place)
    own = folder.listed(tmp_path / place) | {name.format(tmp_path): folder.digest(tmp_path / "mine")}
    (tmp_path / place / folder.MANIFEST).write_bytes(signed({"bulle": "0.1.0", "files": own}))
    before = tree(tmp_path)
    if place == "out":
        told = refused(["run", "1", "--corpus", texts, "-o", tmp_path / place], capsys)
        assert "manifest.json is missing or changed" in told
    else:
        with folder.replaced(tmp_path / "out"):
            pass
        shutil.rmtree(tmp_path / "out")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("told", [{"bulle": "\ud83d", "files": {}}, {"bulle": float("nan"), "files": {}},
                                  {"bulle": "", "files": ["mine"]}, {"files": {}}, [], "files"])  # fmt: skip
def test_what_only_looks_like_the_manifest_of_an_unfinished_run_frees_nothing(told, tmp_path):
    stray = written(tmp_path / ".out.unfinished-abcd1234", {"mine": "mine"})
    (stray / folder.MANIFEST).write_bytes(signed(told))
    made(tmp_path / "out")
    assert (stray / "mine").exists()


@pytest.mark.parametrize(
    "output", [".", "..", "../..", "/", "~", "there/..", "loop", "file", "a\0b", "x" * 300, "empty/../."]
)
def test_a_folder_that_must_stay_where_it_is_is_no_output(output, tmp_path, monkeypatch, capsys):
    home = tmp_path / "a" / "home"
    here = written(home / "here", {"a.txt": TEXT, "file": "mine", "there/b.txt": "mine"})
    (here / "empty").mkdir()
    (here / "loop").symlink_to(here / "loop")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    before = tree(tmp_path)
    told = refused(["run", "1", "--corpus", "a.txt", "-o", os.path.expanduser(output)], capsys)
    assert "-o" in told and tree(tmp_path) == before


def test_an_empty_folder_where_one_stands_is_no_output(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(written(tmp_path / "here", {}))
    assert "the folder you are in" in refused(["run", "1", "-o", "."], capsys)


def test_folders_made_for_a_run_that_fails_go_with_it(tmp_path):
    with pytest.raises(ZeroDivisionError), folder.replaced(tmp_path / "a" / "b" / "out"):
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


BROWSER = """#!/bin/sh
for word; do case $word in --print-to-pdf=*) echo %PDF > "${word#*=}" ;; esac; done
"""


@pytest.mark.parametrize("prints", [True, False])
def test_a_printed_account_is_a_file_of_the_run_and_a_browser_that_fails_costs_no_run(prints, tmp_path, monkeypatch):
    browser = written(tmp_path, {"a.txt": TEXT, "browser": BROWSER if prints else "#!/bin/sh\n"}) / "browser"
    browser.chmod(0o755)
    monkeypatch.setattr(pdf, "BROWSERS", (str(browser),))
    for _ in range(2):
        words = ["run", "5", "--corpus", str(tmp_path / "a.txt"), "--pdf", "-o", str(tmp_path / "out")]
        assert main(words) == (0 if prints else 1)
        assert ("narrative.pdf" in folder.listed(tmp_path / "out")) == prints
        assert folder.foreign(tmp_path / "out") == []


def test_no_browser_of_the_folder_one_is_in_is_run(tmp_path, monkeypatch):
    (written(tmp_path, {"chromium": BROWSER}) / "chromium").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path / "absent")]))
    monkeypatch.setattr(pdf, "BROWSERS", ("chromium",))
    with pytest.raises(InputError, match="none was found"):
        pdf.browser()


# A file


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder with two accounts in it."""
    place = tmp_path_factory.mktemp("runs")
    texts = written(place / "texts", {"a.txt": TEXT})
    for theme in ("bulle", "prix"):
        assert main(["run", "5", "--corpus", str(texts), "-p", "theme", theme, "-o", str(place / theme)]) == 0
    return place


def commands(runs, place):
    """The commands that write one file, with that file."""
    copied = shutil.copytree(runs, place / "runs")
    return {
        "compare": (["compare", copied / "bulle", copied / "prix", "-o", place / "page.html"], place / "page.html"),
        "index": (["index", copied], copied / "index.html"),
        "sheet": (["sheet", copied / "texts", "bulle", "-o", place / "sheet.csv"], place / "sheet.csv"),
    }


@pytest.mark.parametrize("name", ["compare", "index", "sheet"])
def test_a_file_of_the_user_is_kept(name, runs, tmp_path, capsys):
    command, place = commands(runs, tmp_path)[name]
    for make in (
        lambda: place.write_text('<meta name="generator" content="bulle index">mine'),
        lambda: place.symlink_to(tmp_path / "elsewhere"),
        lambda: place.mkdir(),
    ):
        make()
        before = tree(tmp_path)
        capsys.readouterr()
        assert main([str(word) for word in command]) == 2
        assert capsys.readouterr().err.count("\n") == 1 and tree(tmp_path) == before
        place.rmdir() if place.is_dir() else place.unlink()


@pytest.mark.parametrize("name", ["compare", "index"])
def test_a_page_of_ours_is_made_again_until_it_is_changed(name, runs, tmp_path, capsys):
    command, place = commands(runs, tmp_path)[name]
    for _ in range(2):
        assert main([str(word) for word in command]) == 0
    place.write_bytes(place.read_bytes().replace(b"</h1>", b" mine</h1>"))
    before = tree(tmp_path)
    capsys.readouterr()
    assert main([str(word) for word in command]) == 2
    assert "it was changed since" in capsys.readouterr().err and tree(tmp_path) == before


def test_a_page_changed_between_the_check_and_the_exchange_is_put_back(tmp_path):
    (tmp_path / "page").write_bytes(sealed("ours"))
    with pytest.raises(InputError, match="changed since"), folder.file(tmp_path / "page") as new:
        new.write_text("new")
        (tmp_path / "page").write_text("mine")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"page": "mine"}


@pytest.mark.parametrize("name", ["compare", "sheet"])
@pytest.mark.parametrize(
    "output", ["absent/page.csv", "file/page.csv", "x" * 300 + ".csv", "a\0b.csv", "/dev/full/a.csv"]
)
def test_a_file_that_cannot_be_written_is_one_line(name, output, runs, tmp_path, capsys):
    command = commands(runs, tmp_path)[name][0]
    (tmp_path / "file").write_text("mine")
    before = tree(tmp_path)
    capsys.readouterr()
    assert main([*map(str, command[:-1]), str(tmp_path / output)]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and tree(tmp_path) == before


# A corpus


def test_a_corpus_read_twice_with_the_run_in_it_is_the_same_corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(written(tmp_path, {"a.txt": TEXT, "b/c.txt": TEXT}))
    made(tmp_path / "b" / "other")
    made(tmp_path / "b" / "dead").rename(tmp_path / "b" / ".dead.unfinished-abcd1234")
    runs = []
    for _ in range(2):
        assert main(["run", "1", "--corpus", ".", "-o", "build"]) == 0
        runs.append(tree(tmp_path / "build"))
    assert runs[0] == runs[1]
    read = corpus.read(".")
    assert read.article.tolist() == ["a", "b/c"]
    passed = corpus.report(read).set_index("file").loc[["b/dead", "b/other", "build"], ["status", "reason"]]
    assert passed.to_numpy().tolist() == [["ignored", "the folder of a run, passed over"]] * 3


@pytest.mark.parametrize("damage", ["whole", "old", "no parameters", "cut manifest"])
def test_a_damaged_or_an_old_run_is_a_run(damage, tmp_path):
    out = made(written(tmp_path, {"a.txt": TEXT}) / "out")
    if damage in ("old", "cut manifest"):
        (out / folder.MANIFEST).unlink()
    if damage == "cut manifest":
        (out / folder.MANIFEST).write_text('{\n "bulle": "0')
    if damage == "no parameters":
        (out / "parameters.json").unlink()
    assert corpus.read(tmp_path).article.tolist() == ["a"]


def test_folders_that_only_share_a_name_with_a_run_are_read(tmp_path):
    written(tmp_path / "a", {"parameters.json": "{}", "index.html": HTML, "manifest.json": "{}"})
    written(tmp_path / "b", {"manifest.json": '{"name": "app", "files": {}}', "b.txt": TEXT})
    assert corpus.read(tmp_path, unreadable=1).article.tolist() == ["a/index", "b/b"]


@pytest.mark.parametrize("path", ["out", "out/index.html", "out/*.html", "*/*.html", "**", "out/tables",
                                  "out/tables/1-words.csv", "out/*/*.csv", "*/tables", "out/tables/*"])  # fmt: skip
def test_a_run_that_is_named_is_no_corpus(path, tmp_path, monkeypatch):
    made(tmp_path / "out")
    with pytest.raises(InputError):
        corpus.read(str(tmp_path / path))
    monkeypatch.chdir(tmp_path / "out" / "tables")
    with pytest.raises(InputError):
        corpus.read(".")


def test_a_page_of_ours_in_a_corpus_is_no_article(tmp_path):
    written(tmp_path, {"a.txt": TEXT, "mine.html": HTML})
    (tmp_path / "index.html").write_bytes(sealed(HTML))
    assert corpus.read(tmp_path).article.tolist() == ["a", "mine"]


# Code


@pytest.mark.parametrize(("command", "engine"), [("module", "kernel"), ("bulle", "papermill")])
def test_no_module_of_the_folder_one_is_in_is_imported(command, engine, tmp_path):
    names = (
        "pandas json numpy ipykernel readline argparse matplotlib papermill nbformat pyarrow orjson secrets traitlets"
    )
    written(tmp_path, {f"{name}.py": f"open('MARK-{name}', 'w')" for name in names.split()} | {"a.txt": TEXT})
    if command != "module":  # there Python itself looks for `bulle`
        written(tmp_path, {f"{name}.py": f"open('MARK-{name}', 'w')" for name in ("bulle", "functools", "pathlib")})
    words = [sys.executable, "-m", "bulle"] if command == "module" else [BULLE]
    command = [*words, "run", "1", "--corpus", ".", "-o", "out", "--engine", engine]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.glob("MARK-*"))


# Trouble


LONG, NUL = "x" * 5000, "a\0b"
BAD = [["run", "1", "--corpus", LONG], ["run", "1", "--corpus", NUL], ["run", "1", "-p", "sample", NUL]]
BAD += [["run", "5", "-p", "theme", "caf\udce9"], ["run", "1", "--corpus", "caf\udce9"]]
BAD += [[name, path] for name in ("check", "corpus", "index") for path in (LONG, NUL, "caf\udce9", "/dev/null", "a\nb")]
BAD += [["compare", path, path] for path in (LONG, NUL, "caf\udce9", "/dev/null", "a\nb")]
BAD += [["sheet", path, "bulle"] for path in (LONG, NUL, "caf\udce9", "/dev/null", "a\nb")]


BAD += [["run", "--output=--"], ["run", "1", "--corpus=--"], ["compare", "--", "a", "--"], ["sheet", "a", "--", "--"]]
BAD += [["walk"], ["run", "--engine", "x"], ["run", "-p", "top"], ["sheet", "a", "b", "--size", "x"], ["check"]]


@pytest.mark.parametrize("words", BAD, ids=lambda words: ascii([word[:9] for word in words]))
def test_a_path_that_is_none_is_one_line(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    refused(words, capsys)
    assert os.listdir(tmp_path) == []


def shell(line, place, **more):
    """What a shell line leaves on standard error and as a status of its first command."""
    done = subprocess.run(
        ["bash", "-c", f"{line}; echo ${{PIPESTATUS[0]}}"],
        cwd=place, capture_output=True, text=True, errors="replace", env=os.environ | {"B": str(BULLE)} | more,
    )  # fmt: skip
    return done.stderr, done.stdout.split()[-1]


@pytest.mark.parametrize(
    "line",
    ["$B params | head -1", "$B params > /dev/full", "$B corpus . | true", "$B --help > /dev/full"],
)
def test_a_closed_pipe_and_a_full_disk_are_one_line(line, tmp_path):
    told, status = shell(line, written(tmp_path, {f"{number}.txt": TEXT for number in range(9)}))
    assert told.count("\n") <= 1 and "Traceback" not in told and "Exception ignored" not in told
    assert status in ("1", "2") or (told == "" and status == "0")


def test_a_name_in_latin_1_is_told_where_only_ascii_is_spoken(tmp_path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_text(TEXT, encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    for line in ("$B corpus $'caf\\xe9.txt'", "$B sheet . bulle"):
        told, status = shell(line, tmp_path, **plain)
        assert (told, status) == ("", "0")
    told, status = shell("$B run 1 --corpus $'caf\\xe9.txt'", tmp_path, **plain)
    assert status == "2" and told.count("\n") == 1


def test_a_run_needs_nobody_who_listens_and_no_name_of_a_home(tmp_path):
    line = "env -u HOME $B run 1 --corpus a.txt -o out 2>&- >&- <&-"
    _, status = shell(line, written(tmp_path, {"a.txt": TEXT}))
    assert status == "0" and folder.foreign(tmp_path / "out") == []


def test_little_memory_is_one_line(tmp_path):
    written(tmp_path, {"a.txt": TEXT})
    told, status = shell("ulimit -v 300000; $B run 1 --corpus a.txt -o out", tmp_path)
    assert status == "2" and told.count("\n") == 1 and "MB of memory are allowed" in told
    assert os.listdir(tmp_path) == ["a.txt"]


@pytest.fixture
def greedy(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in ("top: int = 1", "raise {}")])
    notebook.cells[0].metadata.tags = ["parameters"]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


@pytest.mark.parametrize("cell", ["raise MemoryError", "import numpy as np; np.empty(10**16)"])
def test_a_notebook_without_memory_says_so_in_one_line(cell, greedy, tmp_path):
    greedy.cells[1].source = cell
    nbformat.write(greedy, tmp_path / "1-greedy.ipynb")
    with pytest.raises(RuntimeError, match=r"^1-greedy, cell 1: not enough memory[^\n]*$"):
        run.execute(tmp_path / "1-greedy.ipynb", {})


DAMAGE = ["", "{", "[]", "null", '"x"', '{"schema": 1}', "\0\1\2", "[" * 100_000, '{"parameters": [], "findings": 3}']


@pytest.mark.parametrize("content", DAMAGE, ids=range(len(DAMAGE)))
@pytest.mark.parametrize("name", ["findings.json", "parameters.json", "index.html", "manifest.json"])
def test_a_damaged_run_is_told_in_one_line(name, content, runs, tmp_path, capsys):
    place = shutil.copytree(runs, tmp_path / "runs")
    (place / "bulle" / name).write_text(content)
    for words in (["compare", place / "bulle", place / "prix"], ["compare", place / "prix", place / "bulle"]):
        capsys.readouterr()
        status, told = main([str(word) for word in words]), capsys.readouterr()
        assert (status, told.err.count("\n")) in [(0, 0), (2, 1)] and (status == 2) == (name == "findings.json")
    assert main(["index", str(place)]) == 0


@pytest.mark.parametrize("key", ["name", "spans", "unit", "refusals"])
def test_a_run_whose_findings_lack_a_key_is_told(key, runs, tmp_path, capsys):
    place = shutil.copytree(runs, tmp_path / "runs")
    told = json.loads((place / "bulle" / "findings.json").read_text())
    told["findings"][0].pop(key)
    (place / "bulle" / "findings.json").write_text(json.dumps(told))
    assert "'findings.json', which was changed" in refused(["compare", place / "bulle", place / "prix"], capsys)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
@pytest.mark.parametrize("command", ["check", "compare", "index"])
def test_a_run_that_holds_no_files_is_not_waited_for(kind, command, runs, tmp_path, capsys):
    place = shutil.copytree(runs, tmp_path / "runs")
    for name in ("findings.json", "parameters.json"):
        (place / "bulle" / name).unlink()
        (place / "bulle" / name).mkdir() if kind == "folder" else os.mkfifo(place / "bulle" / name)
    words = {"check": [place / "bulle"], "compare": [place / "bulle", place / "prix"], "index": [place]}[command]
    capsys.readouterr()
    assert main([command, *map(str, words)]) == {"check": 1, "compare": 2, "index": 0}[command]
    told = capsys.readouterr()
    assert (told.out if command == "check" else told.err).count("\n") == (0 if command == "index" else 1)


WRONG = [("1", "sample", "many"), ("1", "top", "5"), ("2", "theme", 12), ("2", "window", 2.5), ("2", "period", 4)]
WRONG += [("2", "function", 1), ("3", "context", "2"), ("3", "theme", 12), ("5", "theme", None), ("5", "sample", True)]
WRONG += [("5", "corpus", 3), ("5", "unreadable", "all"), ("3", "lexicon", ["a"])]


@pytest.mark.parametrize(("number", "name", "value"), WRONG)
def test_a_value_of_another_type_is_named_in_words(number, name, value):
    with pytest.raises(InputError, match=rf"^parameter '{name}' takes \w+, not "):
        run.execute(run.notebooks(number)[0], {name: value})


def test_a_whole_number_is_a_number_with_decimals_too():
    run.execute(run.notebooks("1")[0], {"unreadable": 1})
