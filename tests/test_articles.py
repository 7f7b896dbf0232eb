"""The pages of the articles, the concordance, and the links that lead to their places."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from bulle import findings, phrases, studies
from bulle.app import articles, concordance, places, site

NARRATE = {"narrate": "en"}


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def held(study, cited=()):
    return places.Held(**places.told(study, cited, places.places(study)))


def written(study, folder):
    """The pages of a study, by their addresses."""
    own = held(study)
    articles.pages(own, NARRATE, folder, [])
    concordance.page(own, NARRATE, folder, [])
    return {path.relative_to(folder).as_posix(): soup(path) for path in folder.rglob("*.html")}


def corpus(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_every_place_and_every_link_of_a_run_leads_to_a_mark_in_an_article(built):
    links = [
        link["href"] for name in ("ledger", "concordance") for link in soup(built / f"{name}.html").select("a[href]")
    ]
    pages = {link.partition("#") for link in links if link.startswith("articles/")}
    assert any(mark for _, _, mark in pages)
    for page, _, mark in pages:
        assert (built / page).is_file() and (not mark or soup(built / page).find(id=mark)), (page, mark)


def test_an_article_is_shown_as_it_was_read_whatever_is_marked_in_it(built):
    [page] = [soup(path) for path in (built / "articles").glob("*.html") if path.stem != "index"]
    [text] = studies.study("seeds").texts.text
    lines = [line.get_text() for line in page.select(".text > p:not(.note)")]
    assert lines == [line for line in text.splitlines() if line.strip()]


def test_marks_that_overlap_are_cut_where_one_begins_or_ends_and_each_has_its_place():
    marks = [
        (0, 9, "quote", {"voice": "named", "name": "A"}),
        (3, 6, "theme", {}),
        (5, 11, "amount", {"kind": "money"}),
    ]
    about = {"text": "abcdefghijkl", "start": 0, "marks": marks, "aside": []}
    [line] = articles.lines(about, "en")
    made = BeautifulSoup(line["html"], "html.parser")
    pieces = [(one.get_text(), " ".join(one["class"]), one.get("id")) for one in made.find_all(True)]
    assert pieces == [
        ("abc", "quote", "m0"),
        ("de", "quote theme", "m3"),
        ("f", "quote theme amount", "m5"),
        ("ghi", "quote amount", None),
        ("jk", "amount", None),
    ]
    assert [one.get("data-voice") for one in made.find_all(True)] == [None, None, None, "A", None]
    assert made.get_text() == about["text"]


def test_the_kinds_are_switched_without_a_script(built):
    page = soup(next(path for path in (built / "articles").glob("*.html") if path.stem != "index"))
    switches = {one["id"]: one.has_attr("checked") for one in page.select("input[type=checkbox]")}
    assert switches == {"k-theme": True, "k-tone": True, "k-quote": False, "k-amount": False, "k-actor": False}
    assert all(f":has(#{name}:checked)" in page.style.string for name in switches)
    assert page.select("script")[-1].get_text() == site.code("theme.js")


def test_of_many_articles_the_cited_and_some_others_have_a_page_and_what_was_drawn_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "PAGES", 3)
    monkeypatch.setattr(places, "ROWS", 5)
    texts = {f"a{number}": f"La bulle enfle encore {number} fois." for number in range(9)}
    (tmp_path / "in").mkdir()
    study = studies.study(corpus(tmp_path / "in", **texts))
    own = held(study, ["a7", "a8"])
    named = {one["article"] for one in own.articles}
    assert len(named) == 3 and {"a7", "a8"} <= named and len(own.places) == 5 and own.total == own.found == 9
    pages = written(study, tmp_path)
    assert "3 of these 9 articles" in pages["articles/index.html"].main.get_text()
    told = pages["concordance.html"].main.get_text()
    assert "5 of the 9 mentions, drawn at random" in told and "Those underlined lead" in told


def test_a_long_text_is_cut_around_its_first_place_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "LONGEST", 1000)
    body = "Rien ne bouge ici.\n" * 1000
    (tmp_path / "in").mkdir()
    pages = written(studies.study(corpus(tmp_path / "in", long=f"{body}La bulle enfle.\n{body}")), tmp_path)
    [page] = [page for name, page in pages.items() if name not in ("articles/index.html", "concordance.html")]
    assert len(page.select_one(".text").get_text()) < 1500
    assert "characters 18,507 to 19,506 of 38,016" in page.main.get_text()
    assert (
        page.select_one(pages["concordance.html"].select_one("tbody a")["href"].partition(".html")[2]).get_text()
        == "bulle"
    )


def test_a_theme_that_stands_nowhere_has_no_pages(tmp_path):
    assert written(studies.study(text="Il pleut."), tmp_path) == {} and not list(tmp_path.iterdir())


def test_a_place_in_an_article_without_a_page_bears_its_title_its_source_and_its_date():
    span = findings.Span("a:1", 0, 3, "mot", "", "")
    found = findings.Finding("read.words", 1, "words", "", "", "f", spans=(span,), spans_total=1)
    text = {"article": "a:1", "title": "Titre", "source": "Le Journal", "date": "2025-01-02"}
    told = {"ledger": findings.Ledger({"read.words": found}, (text,), {}, {}), "held": places.Held(), "language": "fr"}
    told |= {"say": phrases("fr", "page"), "anchor": findings.anchor, "around": findings.AROUND}
    shown = site.environment().get_template("ledger.html.j2").render(told)
    assert "Titre, Le Journal, 2 janvier 2025, caractères 0 à 3" in BeautifulSoup(shown, "html.parser").get_text()


def test_a_finding_leads_to_the_concordance_where_that_lists_its_very_places():
    rows = [("X & Y", "named"), ("X & Y", "reporter"), ("Z", "reporter")]
    told = [{"article": "a", "start": n, "source": one, "voice": kind} for n, (one, kind) in enumerate(rows)]
    held = places.Held(total=3, places=told)

    def listed(name, *starts, about="", of=held):
        spans = tuple(findings.Span("a", start, start + 1, "b", "", "") for start in starts)
        made = findings.Finding(name, 1, "", "", "", "", spans, len(spans), about=about)
        return of.listed(name, made)

    assert listed("theme.share", 0, 1, 2) == "concordance.html"
    assert listed("source.1.share", 0, 1, about="X & Y") == "concordance.html#source=X%20%26%20Y"
    assert listed("voice.reporter.share", 1, 2) == "concordance.html#voice=reporter"
    assert [listed("source.1.share", 0, about="X & Y"), listed("voice.named", 1), listed("tone", 9)] == [None] * 3
    assert listed("theme.share", 0, 1, 2, of=places.Held(total=4, places=told)) is None  # they were drawn


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"2018-12-01", "2018-12-03"}, [("2018-12-01", "December 1, 2018"), ("2018-12-03", "December 3, 2018")]),
        ({f"2018-{month:02}-0{day}" for month in range(1, 13) for day in range(1, 4)}, ("2018-01", "January 2018")),
        ({f"{year}-{month:02}-01" for year in range(2000, 2010) for month in range(1, 13)}, ("2000", "2000")),
    ],
)
def test_periods_are_the_finest_that_can_be_chosen_from(days, expected):
    found = concordance.periods(days, "en")
    assert found == expected if isinstance(expected, list) else found[0] == expected


@pytest.mark.browser
def test_the_concordance_is_sorted_and_filtered_and_its_address_says_how(tmp_path, watched):
    texts = {"a": "Une bulle zen. Cette bulle éclate.", "b": "La bulle aime l’été."}
    (tmp_path / "in").mkdir()
    written(studies.study(corpus(tmp_path / "in", **texts)), tmp_path)
    view = watched((tmp_path / "concordance.html").as_uri())
    shown = "[...document.querySelectorAll('tbody tr:not([hidden])')].map(row => row.cells[2].textContent.trim())"
    assert view.evaluate(shown) == ["zen. Cette bulle éclate.", "éclate.", "aime l’été."]
    view.locator("[data-filter=order]").select_option("right")
    assert view.evaluate(shown) == ["aime l’été.", "éclate.", "zen. Cette bulle éclate."]
    view.locator("[data-filter=word]").fill("ECLATE")
    assert view.evaluate(shown) == ["éclate.", "zen. Cette bulle éclate."]
    view.reload()
    assert view.evaluate(shown) == ["éclate.", "zen. Cette bulle éclate."] and "word=ECLATE" in view.url


@pytest.mark.browser
@pytest.mark.parametrize("name", ["concordance.html", "articles/index.html", "articles/ARTICLE.html"])
def test_axe_finds_no_barrier_and_a_phone_scrolls_down_only(name, built, watched):
    [article] = [path.stem for path in (built / "articles").glob("*.html") if path.stem != "index"]
    view = watched((built / name.replace("ARTICLE", article)).as_uri(), 390)
    for box in view.locator("input[type=checkbox]").all():
        box.check()
    assert view.evaluate("document.documentElement.scrollWidth") <= 390
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        view.emulate_media(color_scheme=scheme)
        found = Axe().run(view, options={"resultTypes": ["violations"], **rules}).response["violations"]
        assert not found, [(scheme, one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


def test_what_a_word_weighs_is_written_as_the_account_writes_a_tone():
    told = articles.figures({"weight": -0.5, "value": 0.625, "factor": 1.25, "entry": "x", "why": ""}, "fr")
    assert (told["weight"], told["value"], told["factor"]) == ("−0,5", "+0,63", "1,25")
