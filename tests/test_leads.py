import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import bulle
from bulle import figures, findings, leads, studies

FEAR, PLAIN = "On craint une bulle. La bulle est là.", "Il pleut sur Paris. Le marché monte."
HOSTILE = '"><script>x()</script> $1 {n} \u202e'


@pytest.fixture(autouse=True)
def told():
    bulle.tell("fr")
    yield
    bulle.tell()


def articles(texts, months=("2025-01",), sources=("Le Figaro",), title="Titre"):
    number = range(len(texts))
    days = [pd.Timestamp(f"{months[n * len(months) // len(texts)]}-05") for n in number]
    names = [f"a{n}" for n in number]
    held = [f"{text} Voici le numéro {n} de {n * 7} pages, et {n * 13} mots." for n, text in enumerate(texts)]
    made = {"article": names, "source": [sources[n % len(sources)] for n in number], "date": days}
    return pd.DataFrame(made | {"title": title, "language": "fr", "text": held})


def led(texts, **more):
    study = studies.study(articles(texts, **more), "bulle")
    ledger = findings.ledger(study, {})
    return ledger, leads.lead(ledger, study)


MONTHS = tuple(f"2024-{month:02}" for month in range(1, 6))
SHARES = [FEAR] * 2 + [PLAIN] * 18
CASES = {
    "one article": ([FEAR], {}, "Dans la phrase, "),
    "one of some": ([PLAIN, FEAR, PLAIN], {}, "Dans la phrase, "),
    "few": ([FEAR, FEAR, PLAIN], {}, "« bulle » figure dans deux des trois articles"),
    "all of a few": ([FEAR, FEAR], {}, "« bulle » figure dans chacun des deux articles"),
    "a peak": (SHARES * 4 + [FEAR] * 20, {"months": MONTHS}, "100 % des articles en mai 2024, contre 10,0 % le reste"),
    "no peak": (SHARES * 5, {"months": MONTHS}, "La même part partout : 10,0 % des articles"),
    "sources": ([FEAR, PLAIN] * 20, {"sources": ("A", "B")}, "Les sources diffèrent : de 0 % des articles dans B à"),
    "alike": ([FEAR, PLAIN, PLAIN] * 20, {"sources": ("A", "B")}, "La même part partout"),
    "chosen": ([FEAR] * 30, {"sources": ("A", "B")}, "Une crainte dans 50,0 % des mentions"),
}


def test_what_is_not_read_in_spanish_is_not_counted_as_none_and_a_word_is_feminine():
    bulle.tell("es")
    text = "La burbuja cuesta 2 euros y trae pérdidas, deuda y beneficios."
    study = studies.study(articles([""]).assign(language="es", text=text), "burbuja")
    ledger = findings.ledger(study, {})
    title = figures.plain(leads.lead(ledger, study).title)
    assert title == "En la frase, una palabra tira hacia arriba, dos hacia abajo"
    assert not {"amounts", "amounts.near", "voice.places"} & ledger.findings.keys()


@pytest.mark.parametrize("case", CASES)
def test_the_lead_is_made_for_the_case_and_every_number_of_its_title_is_a_link_to_a_finding(case):
    texts, more, title = CASES[case]
    ledger, lead = led(texts, **more)
    shown = lead._repr_mimebundle_()[figures.MIME]
    assert figures.plain(lead.title).replace("\u00a0", " ").startswith(title) and shown["lead"] is True
    assert all(name in ledger for name in re.findall(r'href="#f-([^"]+)"', shown["title"]))
    assert len({len(column) for column in shown["data"].values()}) == 1
    bare = re.sub(r"<a .*?</a>", "", shown["title"])
    assert not re.search(r"\d", bare) and "{" not in shown["title"] + shown["unit"] + shown["caption"]
    assert shown["html"].count("<em ") > 2 if case.startswith("one") else shown["wide"].count("<text") > 3


def test_what_stands_nowhere_has_no_lead():
    assert led([PLAIN, PLAIN])[1] is None


def test_titles_sources_and_texts_in_a_lead_are_shown_and_never_obeyed():
    text = f"La bulle {HOSTILE} enfle et inquiète."
    for texts in ([text], [text, text + " Encore.", PLAIN]):
        _, lead = led(texts, title=HOSTILE, sources=(HOSTILE,))
        shown = lead._repr_mimebundle_()
        told = {
            name: shown[figures.MIME].get(name, "") for name in ("title", "unit", "caption", "html", "wide", "narrow")
        }
        for markup in (*told.values(), shown.get("text/html", ""), shown.get("image/svg+xml", "")):
            assert not BeautifulSoup(markup, "html.parser").find("script")
