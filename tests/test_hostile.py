"""Texts, names and parameters that are markup, code, formulas or controls elsewhere are text here."""

import json
import shlex
import subprocess

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import CASES, THEME, WORD

from bulle import InputError
from bulle.__main__ import main
from bulle.app import articles, index, pdf, run, site


@pytest.fixture(scope="session")
def hostile(hostile_corpus, tmp_path_factory):
    """The whole run on the hostile texts with a hostile theme."""
    out = tmp_path_factory.mktemp("runs") / "<b>run $1$ [a](javascript:b)"
    assert main(["run", "--corpus", str(hostile_corpus), "-p", "theme", THEME, "-o", str(out)]) == 0
    return out


FOREIGN = """() => [...document.querySelectorAll(
    'iframe, svg:not(figure > svg), object, embed, base, main script, main img:not([src^="data:"]), main b, ' +
    'main del, main form, ' +
    'main [onerror], main [onload], a[href^="javascript" i], a[href*="://"], link, meta[http-equiv=refresh]'
)].map(one => one.outerHTML.slice(0, 200))"""


ARTICLE = "articles/2-img-src-x-onerror-window-hacked-1-aler"
PAGES = ["index", "1-words", "2-terms", "3-sentiment", "ledger", "concordance", "articles/index", ARTICLE]


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_text_is_shown_as_text(name, hostile, watched):
    view = watched((hostile / f"{name}.html").as_uri())
    assert view.evaluate(FOREIGN) == []
    scripts = 2 if "/" in name or name == "concordance" else 3
    assert view.evaluate("[document.scripts.length, typeof window.hacked]") == [scripts, "undefined"]
    assert "<img src=x onerror=window.hacked=1>" in view.evaluate("document.querySelector('main').textContent")
    for width in (1440, 390):
        view.set_viewport_size({"width": width, "height": 900})
        assert view.evaluate("document.documentElement.scrollWidth") <= width


def test_a_passage_shows_each_sign_as_it_stands(hostile):
    soup = BeautifulSoup((hostile / "3-sentiment.html").read_text(encoding="utf-8"), "html.parser")
    shown = " ".join(" ".join(passage.get_text() for passage in soup.select(".passage")).split())
    assert [text for text in [*CASES, WORD] if " ".join(text.split()) not in shown] == []


@pytest.mark.browser
def test_search_and_panel_show_hostile_texts_as_text(hostile, watched):
    view = watched((hostile / "ledger.html").as_uri())
    view.locator("#q").fill("<script>window")
    assert "<script>window.hacked=1" in view.locator("#hits").inner_text()
    view = watched((hostile / "index.html").as_uri())
    view.locator(".account a[href='#f-theme.name']").first.click()
    assert "<b>$x$</b>" in view.locator("#panel").inner_text()
    assert view.evaluate(FOREIGN) == [] and view.evaluate("typeof window.hacked") == "undefined"


def test_an_article_holds_each_sign_of_a_hostile_text_and_controls_as_pictures_of_them(hostile):
    pages = [path.read_bytes().decode() for path in (hostile / "articles").iterdir()]
    assert not any(set(page) & {"\0", "\x07", "\x1b"} for page in pages)
    whole = "\n".join(BeautifulSoup(page, "html.parser").select_one("main").get_text() for page in pages)
    for text in [*CASES, WORD]:
        for line in text.translate(articles.PICTURES).splitlines():
            assert line in whole, line


def test_an_account_of_hostile_texts_stands_on_its_ledger(hostile, capsys):
    assert main(["check", str(hostile)]) == 0, capsys.readouterr().out


def test_no_part_of_an_executed_notebook_is_markup_that_came_with_a_text(hostile):
    for path in hostile.glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                assert output.output_type != "stream", (path.name, output.text[:200])
                assert "text/markdown" not in output.data and "text/latex" not in output.data
                soup = BeautifulSoup(output.data.get("text/html", ""), "html.parser")
                assert not soup.select("script, img, iframe, svg, b, del, [onerror], [onload], a:not([href^='#'])")


def test_a_printed_page_keeps_neither_scripts_nor_addresses(hostile):
    soup = BeautifulSoup(pdf.alone((hostile / "index.html").read_text(encoding="utf-8")), "html.parser")
    assert not soup.select("script, nav, a[href]:not([href^='#'])")


@pytest.mark.browser
def test_the_index_of_hostile_runs_shows_them_as_text(hostile, watched):
    view = watched(index.index(hostile.parent).as_uri())
    for width in (1440, 768, 390):
        view.set_viewport_size({"width": width, "height": 900})
        assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert THEME in view.locator("main").inner_text()
    view.locator("tbody a").click()
    assert view.url == (hostile / "index.html").as_uri()


VALUES = [
    "l'or; touch hacked",
    "$(touch hacked)",
    "`touch hacked`",
    "a\nb",
    "\x1b[31m\x07\r",
    "\u202eab",
    "é\\' \"",
    "-5",
]


@pytest.mark.parametrize("value", VALUES)
def test_the_command_gives_a_shell_the_very_value_and_a_terminal_nothing_to_obey(value, tmp_path):
    command = site.command({"given": {"theme": value}})
    assert command.isprintable()
    script = command.replace("bulle run -p theme", "printf %s", 1)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert done.stdout.decode() == value and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "value", ['"); import os; os.abort() #', "'''\nimport os\nos.abort()\n'''", "{__import__('os')}", "\\", "é\x00"]
)
def test_a_value_cannot_become_code_in_a_notebook(value, tmp_path):
    [path] = run.notebooks("5")
    cell = nbformat.read(path, as_version=4).cells[1]
    cell.source = 'theme: str = "bulle"  # a theme'
    kept = nbformat.v4.new_code_cell("theme")
    notebook = nbformat.v4.new_notebook(cells=[cell, kept])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "1-value.ipynb")
    executed = run.execute(tmp_path / "1-value.ipynb", {"theme": value})
    assert executed.cells[-1].outputs[0].data["text/plain"] == repr(value)


@pytest.mark.parametrize("name", ["x=1;print(1);y", "__import__", "corpus; import os"])
def test_a_name_that_is_not_declared_is_refused(name):
    with pytest.raises(InputError, match="unknown parameter"):
        run.checked({}, {name: "1"})


def test_every_word_of_the_command_is_one_word(hostile):
    record = json.loads((hostile / "parameters.json").read_text(encoding="utf-8"))
    words = shlex.split(site.command(record))
    assert words[:2] == ["bulle", "run"] and THEME in words
