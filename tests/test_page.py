import csv
import io
import json
import os
import re
import shutil
import socket
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bulle import phrases
from bulle.__main__ import main
from bulle.app import index, pdf, site

PAGES = ["index", "1-words", "2-terms", "3-sentiment", "ledger"]


@pytest.fixture
def opened(watched, built):
    """Opens a page of the run and watches it."""
    return lambda name, width=1440, scheme="light": watched((built / f"{name}.html").as_uri(), width, scheme)


def soup(path):
    """A page to look at, not to change: it is parsed once, until it is written again."""
    return parsed(path, path.stat().st_mtime_ns)


@cache
def parsed(path, _written):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_asks_nobody_for_anything_and_has_no_serious_barrier(name, opened):
    view = opened(name)
    for width in (1440, 768, 390):
        view.set_viewport_size({"width": width, "height": 900})
        assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert all(view.evaluate("[...document.images].map(image => image.alt.length > 20)"))
    assert barriers(view) == []
    view.emulate_media(color_scheme="dark")
    assert barriers(view, runOnly=["color-contrast"]) == []


def barriers(view, **options):
    """What axe finds in a page that is a serious or a critical barrier, with the elements."""
    found = Axe().run(view, options={"resultTypes": ["violations"], **options}).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in serious]


def test_the_first_page_is_the_account_with_the_passage_and_the_verdict(built):
    text = soup(built / "index.html").select_one(".account").get_text()
    assert "craintes d'une bulle" in text and "lexicon: mixed" in text and "one sentence with the theme, where" in text


@pytest.mark.browser
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_number_opens_what_it_rests_on_and_gives_the_place_back(by, opened):
    view = opened("index")
    link = view.locator(".account a[href='#f-read.words']")
    if by == "mouse":
        link.click()
    else:
        link.focus()
        view.keyboard.press("Enter")
    panel = view.locator("#panel")
    assert panel.is_visible() and "bulle.words.total" in panel.inner_text()
    assert Axe().run(view, context="#panel").violations_count == 0
    view.keyboard.press("Escape")
    assert not panel.is_visible()
    assert view.evaluate("document.activeElement.getAttribute('href')") == "#f-read.words"


def test_every_link_of_the_account_has_its_finding_on_the_page_and_in_the_ledger(built):
    links = {link["href"] for link in soup(built / "index.html").select(".account a:not([download], .place)")}
    names = json.loads((built / "findings.json").read_text(encoding="utf-8"))["findings"]
    for name in ("index", "ledger"):
        places = {"#" + element["id"] for element in soup(built / f"{name}.html").select(".finding")}
        assert links and links <= places and len(places) == len(names)


def test_the_ledger_stands_last_and_each_row_leads_to_its_finding(built):
    ledger = soup(built / "ledger.html")
    assert ledger.select("nav .pages > li > a")[-1]["href"] == "ledger.html"
    assert all(ledger.find(id=link["href"][1:]) for link in ledger.select("tbody th a"))


@pytest.mark.browser
def test_a_link_from_another_page_opens_the_finding_it_names(watched, built):
    view = watched((built / "index.html").as_uri() + "#f-tone.verdict")
    assert "insufficient evidence" in view.locator("[id='f-tone.verdict'] dl").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("wanted", ["apostrophe", "APÓSTROPHE"])
def test_the_search_finds_a_word_and_leads_to_it(wanted, opened):
    view = opened("2-terms")
    view.locator("#q").fill(wanted)
    first = view.locator("#hits a").first
    assert first.get_attribute("href").startswith("1-words.html")
    first.click()
    assert "1-words.html" in view.url


@pytest.mark.browser
def test_code_is_folded_and_one_button_unfolds_it(opened):
    view = opened("2-terms")
    code = view.locator("details.in")
    assert not any(code.nth(place).get_attribute("open") is not None for place in range(code.count()))
    view.locator("#fold").click()
    assert all(code.nth(place).get_attribute("open") is not None for place in range(code.count()))


@pytest.mark.browser
def test_the_button_turns_light_to_dark(opened):
    view = opened("index")
    before = view.evaluate("getComputedStyle(document.body).backgroundColor")
    view.locator("#theme").click()
    assert view.evaluate("getComputedStyle(document.body).backgroundColor") != before


@pytest.mark.browser
def test_a_header_sorts_its_column_up_down_and_back(opened):
    view = opened("ledger")
    table = view.locator("table.dataframe").first
    head, column = table.locator("thead th").last, table.locator("tbody tr td:last-child")
    before = [int(text) for text in column.all_inner_texts()]
    seen = []
    for _ in range(3):
        head.locator("button").press("Enter")
        seen.append((head.get_attribute("aria-sort"), [int(text) for text in column.all_inner_texts()]))
    assert len(set(before)) > 2
    upwards = sorted(before)
    assert seen == [("ascending", upwards), ("descending", upwards[::-1]), (None, before)]


TABLE = """<table class="dataframe"><thead><tr><th>a</th></tr></thead><tbody>%s</tbody></table>"""
CELLS = {  # as it stands -> as a spreadsheet may read it
    "=1+1": "'=1+1",
    "+33 a": "'+33 a",
    "-2+3": "'-2+3",
    "@SUM(1)": "'@SUM(1)",
    "\t=1": "'=1",
    "-0.07": "-0.07",
    "+3": "+3",
    "-1.5e-05": "-1.5e-05",
    "−0.5 %": "-0.5 %",
    'dit "oui"; puis': 'dit "oui"; puis',
    "a;=1": "a;'=1",
    "l'or, « bleu »": "l'or, « bleu »",
}


@pytest.mark.browser
def test_a_table_is_saved_as_csv_in_which_no_cell_is_a_formula(watched, tmp_path):
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in CELLS)
    mended = site._mended(f"<main><h1>T</h1>{TABLE % rows}</main>", {"table": "Table", "colon": ":"})
    script = (site.TEMPLATES / "tables.js").read_text(encoding="utf-8")
    (tmp_path / "t.html").write_text(f"<meta charset=utf-8>{mended}<script>{script}</script>", encoding="utf-8")
    view = watched((tmp_path / "t.html").as_uri())
    with view.expect_download() as saved:
        view.locator("button.csv").click()
    assert saved.value.suggested_filename == "t-1.csv"
    text = saved.value.path().read_bytes().decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["a", *CELLS.values()]


@pytest.mark.browser
def test_what_is_missing_stays_last_whichever_way_a_column_is_sorted(watched, tmp_path):
    cells = ["10", "NaN", "9", "-1", ""]
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
    mended = site._mended(f"<main><h1>T</h1>{TABLE % rows}</main>", {"table": "Table", "colon": ":"})
    script = (site.TEMPLATES / "tables.js").read_text(encoding="utf-8")
    (tmp_path / "t.html").write_text(f"{mended}<script>{script}</script>", encoding="utf-8")
    view = watched((tmp_path / "t.html").as_uri())
    for expected in (["-1", "9", "10", "NaN", ""], ["10", "9", "-1", "NaN", ""], cells):
        view.locator("button.sort").click()
        assert view.locator("td").all_inner_texts() == expected


@pytest.mark.browser
def test_a_saved_table_of_a_page_has_its_rows(watched, french):
    view = watched(index.index(french.parent).as_uri())
    with view.expect_download() as saved:
        view.locator("button.csv").first.click()
    rows = list(csv.reader(io.StringIO(saved.value.path().read_bytes().decode("utf-8-sig"))))
    assert len(rows) > 1 and len({len(row) for row in rows}) == 1


def test_headers_have_their_scope_in_one_row_and_rows_no_number_of_pandas(built):
    for name in PAGES:
        for table in soup(built / f"{name}.html").select("table.dataframe"):
            assert len(table.select("thead tr")) == 1
            assert all(cell.get("scope") in ("col", "row") for cell in table.select("th"))
            assert not all(re.fullmatch(r"\d+", cell.get_text()) for cell in table.select("tbody th") or [table])


@pytest.fixture(scope="session")
def french(tmp_path_factory):
    """A French run of two notebooks."""
    folder = tmp_path_factory.mktemp("runs") / "l'écho"
    given = ["-p", "narrate", "fr", "-p", "theme", "bulle|l'or", "-p", "top", "5"]
    assert main(["run", "5", "3", *given, "-o", str(folder)]) == 0
    return folder


def test_the_page_speaks_the_language_of_the_account_and_says_which_part_is_written_in_which(french):
    first, ledger = soup(french / "index.html"), soup(french / "ledger.html")
    assert first.html["lang"] == "fr" and first.main["lang"] == "fr"
    assert first.select_one(".account").parent["lang"] == "fr" and ledger.main["lang"] == "fr"
    assert first.select_one("dt").get_text() == "Valeur" and "Le registre" in ledger.h1.get_text()


def test_the_languages_say_the_same_things_and_the_notebook_says_them_as_the_english_page(built, french):
    said = phrases("en", "page")
    notebook = json.loads((built / "5-narrative.ipynb").read_text(encoding="utf-8"))
    outputs = [out for cell in notebook["cells"] for out in cell.get("outputs", [])]
    [shown] = [html for out in outputs if 'class="ledger' in (html := "".join(out["data"].get("text/html", "")))]
    labels = {one.get_text() for one in BeautifulSoup(shown, "html.parser").select("dt")}
    assert labels and labels <= set(said.values())


def test_the_parameters_that_are_set_are_parted_by_commas_and_none_follows_the_last(built):
    for path in sorted(built.glob("*.html")):
        for said in soup(path).select("details.params > summary"):
            assert re.search(r"\w, \w", said.text) and not re.search(r",\s*(?:,|$)", said.text), path


def test_the_command_on_the_page_is_that_of_the_run(french, built):
    assert soup(french / "index.html").select_one("#command").get_text() == (
        "bulle run 5 3 -p narrate fr -p theme 'bulle|l'\"'\"'or' -p top 5"
    )
    assert soup(built / "1-words.html").select_one("#command").get_text() == "bulle run"


def test_an_index_leads_to_each_run_and_is_made_again(french, tmp_path):
    folder = french.parent
    for _ in range(2):
        assert main(["index", str(folder)]) == 0
    [row] = soup(folder / "index.html").select("tbody tr")
    cells = [cell.get_text() for cell in row.find_all(["th", "td"])]
    assert cells[:6] == ["l'écho", "bulle|l'or", "seeds", "1", "1", "insufficient evidence"]
    assert row.a["href"] == "./l%27%C3%A9cho/index.html" and "narrate = fr" in cells[6]


@pytest.mark.browser
def test_an_index_has_no_serious_barrier(french, watched):
    view = watched(index.index(french.parent).as_uri(), 390)
    assert barriers(view) == []
    view.emulate_media(color_scheme="dark")
    assert barriers(view, runOnly=["color-contrast"]) == []


@pytest.mark.parametrize("place", ["a page of mine", "a run", "empty", "absent"])
def test_an_index_overwrites_nothing_that_is_not_an_index(place, built, tmp_path, capsys):
    folder = {"a run": built, "absent": tmp_path / "absent"}.get(place, tmp_path)
    if place == "a page of mine":
        (tmp_path / "index.html").write_text("mine")
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    assert main(["index", str(folder)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


@pytest.mark.parametrize("content", ["", "[]", "{", '{"parameters": 3}', '{"findings": [1, {"name": "tone.verdict"}]}'])
def test_a_run_that_cannot_be_read_has_its_row(content, tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("parameters.json", "findings.json", "index.html"):
        (tmp_path / "a" / "b" / name).write_text(content)
    [row] = soup(index.index(tmp_path)).select("tbody tr")
    assert row.th.get_text() == "a/b" and "not readable" in row.get_text()


@pytest.mark.browser
def test_the_account_is_printed_and_the_same_page_gives_the_same_bytes_wherever_it_is(chromium, built, tmp_path):
    pages = [tmp_path / name / "index.html" for name in ("run", "bulle-check-2")]
    for page in pages:
        page.parent.mkdir()
        shutil.copy(built / "index.html", page)
    printed = [pdf.printed(page, chromium).read_bytes() for page in pages]
    assert printed[0].startswith(b"%PDF") and len(printed[0]) > 20_000 and printed[0] == printed[1]
    assert b"/URI" not in printed[0]


@pytest.mark.parametrize(("notebooks", "message"), [([], "needs Chromium"), (["3"], "prints the account")])
def test_a_pdf_that_cannot_be_printed_is_refused_before_the_run(notebooks, message, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pdf, "BROWSERS", ())
    assert main(["run", *notebooks, "--pdf", "-o", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert message in told and told.count("\n") == 1 and not (tmp_path / "out").exists()


def test_a_browser_that_prints_nothing_is_named_with_its_last_words(tmp_path, built):
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\necho no display >&2\n")
    mute.chmod(0o755)
    page = shutil.copy(built / "index.html", tmp_path)
    with pytest.raises(RuntimeError, match="mute printed nothing: no display"):
        pdf.printed(Path(page), str(mute))
    assert sorted(os.listdir(tmp_path)) == ["index.html", "mute"]


@pytest.fixture(scope="session")
def pages(built, french, tmp_path_factory):
    """Every kind of page: those of a run, the comparison of two, the index over many."""
    compared = tmp_path_factory.mktemp("compared") / "compared.html"
    assert main(["compare", str(built), str(french), "-o", str(compared)]) == 0
    return {"compared": compared, "runs": index.index(french.parent)} | {name: built / f"{name}.html" for name in PAGES}


@pytest.mark.parametrize("name", ["compared", "runs", *PAGES])
def test_a_page_may_run_its_own_scripts_draw_its_own_style_and_load_nothing(name, pages):
    whole = soup(pages[name])
    [policy] = whole.select("head > meta[http-equiv=Content-Security-Policy]")
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy["content"].split("; ")}
    scripts, styles = whole.select("script:not([type='application/json'])"), whole.select("style")
    allowed = {
        "script": [site._digest(one.string) for one in scripts],
        "style": [site._digest(one.string) for one in styles],
    }
    assert rules == {
        "default-src": ["'none'"],
        "script-src": allowed["script"] or ["'none'"],
        "style-src": allowed["style"],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
    assert not whole.select("[style], [src]:not([src^='data:']), link, base, iframe, object, embed")
    assert not [name for one in whole.find_all(True) for name in one.attrs if name.startswith("on")]


BROUGHT = """<script>window.hacked = 1</script><script src="beside.js"></script>
<img src="x" onerror="window.hacked = 3"><img src="http://localhost:PORT/seen.png">
<p id="drawn" style="position:fixed">.</p><style>#drawn{position:fixed}</style><link rel="stylesheet" href="x.css">
<a id="led" href="javascript:window.hacked = 4">.</a><iframe src="beside.js"></iframe>"""


@pytest.mark.browser
@pytest.mark.parametrize("name", ["compared", "runs", "index"])
def test_markup_that_came_into_a_page_neither_runs_nor_draws_nor_loads(name, pages, browser, tmp_path):
    (tmp_path / "beside.js").write_text("window.hacked = 2")
    with socket.create_server(("localhost", 0)) as host:
        brought = BROUGHT.replace("PORT", str(host.getsockname()[1]))
        whole = pages[name].read_text(encoding="utf-8").replace("</main>", brought + "</main>")
        (tmp_path / "page.html").write_text(whole, encoding="utf-8")
        context = browser.new_context()
        view, refused, come = context.new_page(), [], []
        view.on("console", lambda message: refused.append(message.text))
        view.on("response", lambda response: come.append(response.url))
        view.goto((tmp_path / "page.html").as_uri())
        view.evaluate("document.getElementById('led').click()")
        assert view.evaluate("typeof window.hacked") == "undefined"
        assert view.evaluate("getComputedStyle(document.getElementById('drawn')).position") == "static"
        assert not [url for url in come if not url.startswith("data:") and not url.endswith("page.html")]
        assert len(refused) >= 7 and all("Content Security Policy" in text for text in refused)
        host.setblocking(False)
        with pytest.raises(BlockingIOError):
            host.accept()  # nobody has called
    context.close()


@pytest.mark.browser
def test_the_marks_of_a_passage_are_drawn_without_styles_of_their_own(opened):
    view = opened("3-sentiment")
    lines = "[...document.querySelectorAll('.neg')].map(one => getComputedStyle(one).textDecorationStyle)"
    assert set(view.evaluate(lines)) == {"wavy"}


def test_text_in_a_script_cannot_close_it():
    assert site._script(["</script><script>alert(1)</script>"]).count("<") == 0


def test_a_part_of_a_notebook_without_a_row_to_show_is_one_line_at_its_end():
    def cell(*shown):
        return new_code_cell("", outputs=[new_output("display_data", {"text/plain": text}) for text in shown])

    none, refused = "There is no row to show.", "- Not shown. trend: 1 dated article"
    parts = {"## A\n\nWhy.": [cell(none), cell(refused)], "## B": [cell(none), cell("x")], "## C": [cell(refused)]}
    made = [one for title, cells in parts.items() for one in (new_markdown_cell(title), *cells)]
    *kept, last = site._filled(new_notebook(cells=made), "en").cells
    assert kept == made[3:] and last.source == "Without a row to show for these texts: A"
