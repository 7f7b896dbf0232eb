import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from analysis import page

PAGES = ["index", "1-words", "2-terms", "3-sentiment"]
pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser, built):
    """Opens a page of the run and watches it: no request may leave it, nothing may go wrong on its console."""
    contexts, trouble = [], []

    def open_page(name, width=1440, scheme="light"):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        view = contexts[-1].new_page()
        view.on("request", lambda request: re.match("file:|data:", request.url) or trouble.append(request.url))
        view.on("console", lambda message: trouble.append(message.text))
        view.on("pageerror", lambda error: trouble.append(str(error)))
        view.goto((built / f"{name}.html").as_uri())
        return view

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_asks_nobody_for_anything(name, width, opened):
    view = opened(name, width)
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert all(view.evaluate("[...document.images].map(image => image.alt.length > 20)"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_serious_barrier(name, scheme, opened):
    found = Axe().run(opened(name, scheme=scheme)).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert not serious, [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in serious]


def test_the_first_page_is_the_account_with_the_passage_and_the_verdict(built):
    account = BeautifulSoup((built / "index.html").read_text(encoding="utf-8"), "html.parser").select_one(".account")
    text = account.get_text()
    assert "craintes d'une bulle" in text and "mixed, leaning negative" in text and "insufficient evidence" in text


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_number_opens_what_it_rests_on(by, opened):
    view = opened("index")
    link = view.locator(".account a[href='#f-read.words']")
    if by == "mouse":
        link.click()
    else:
        link.focus()
        view.keyboard.press("Enter")
    panel = view.locator("#panel")
    assert panel.is_visible() and "analysis.words.counts" in panel.inner_text()
    view.keyboard.press("Escape")
    assert not panel.is_visible()


def test_every_link_of_the_account_has_its_finding(built):
    soup = BeautifulSoup((built / "index.html").read_text(encoding="utf-8"), "html.parser")
    places = {element["id"] for element in soup.select(".finding")}
    links = {link["href"].removeprefix("#") for link in soup.select(".account a")}
    assert links and links <= places
    names = [
        finding["name"] for finding in json.loads((built / "findings.json").read_text(encoding="utf-8"))["findings"]
    ]
    assert len(places) == len(names)


def test_the_search_finds_a_word_and_leads_to_it(opened):
    view = opened("index")
    view.locator("#q").fill("apostrophe")
    first = view.locator("#hits a").first
    assert first.get_attribute("href").startswith("1-words.html")
    first.click()
    assert "1-words.html" in view.url


def test_code_is_folded_and_one_button_unfolds_it(opened):
    view = opened("2-terms")
    code = view.locator("details.in")
    assert not any(code.nth(place).get_attribute("open") is not None for place in range(code.count()))
    view.locator("#fold").click()
    assert all(code.nth(place).get_attribute("open") is not None for place in range(code.count()))


def test_the_button_turns_light_to_dark(opened):
    view = opened("index")
    before = view.evaluate("getComputedStyle(document.body).backgroundColor")
    view.locator("#theme").click()
    assert view.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_text_in_a_script_cannot_close_it():
    assert page._script(["</script><script>alert(1)</script>"]).count("<") == 0
