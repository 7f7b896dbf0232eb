import re

import pandas as pd
import pytest

from analysis import ROOT, corpus, findings, narrative
from analysis.floors import Refusal

PARAMETERS = {"theme": "bulle", "context": 1, "top": 20}
HOW = ("base", "formula", "function")


def ledger(*made):
    return findings.Ledger({one.name: one for one in made}, (), {}, {})


def voice(language, value, unit="", **more):
    return narrative.Voice(ledger(findings.Finding("x", value, unit, *HOW, **more)), language)


def bare(markup):
    return re.sub(r"<[^>]+>", "", str(markup))


@pytest.mark.parametrize(
    ("language", "value", "nouns", "gender", "expected"),
    [
        ("en", 1, "sentence|sentences", "m", "one sentence"),
        ("en", 9, "sentence|sentences", "m", "nine sentences"),
        ("en", 10, "sentence|sentences", "m", "10 sentences"),
        ("en", 12345, "word|words", "m", "12,345 words"),
        ("fr", 1, "phrase|phrases", "f", "une phrase"),
        ("fr", 1, "article|articles", "m", "un article"),
        ("fr", 2, "phrase|phrases", "f", "deux phrases"),
        ("fr", 12345, "mot|mots", "m", "12\u202f345 mots"),
    ],
)
def test_a_count_agrees_with_its_noun(language, value, nouns, gender, expected):
    assert bare(voice(language, value).count("x", nouns, gender)) == expected


@pytest.mark.parametrize(
    ("language", "value", "unit", "expected"),
    [
        ("en", -0.0714, "tone", "−0.07"),
        ("fr", -0.0714, "tone", "−0,07"),
        ("fr", 0.5, "tone", "+0,50"),
        ("en", 0.083, "share", "8.3%"),
        ("fr", 0.083, "share", "8,3\u00a0%"),
        ("fr", 0.4, "points a month", "+0,4"),
        ("en", 4.065, "mass", "4.1"),
    ],
)
def test_numbers_are_written_as_the_language_does(language, value, unit, expected):
    assert bare(voice(language, value, unit).n("x")) == expected


def test_an_interval_has_its_level():
    made = {"interval": (0.002, 0.385), "level": 0.95}
    assert bare(voice("en", 0.1, "share", **made).interval("x")) == "95% interval 0.2% to 38.5%"
    assert bare(voice("fr", 0.1, "share", **made).interval("x")) == "intervalle à 95\u00a0% : 0,2\u00a0% à 38,5\u00a0%"


def test_a_refusal_says_what_was_found_and_what_is_needed():
    missed = (Refusal("tone", "sentences", 1, "least", 5, "convention"),)
    refused = {"outcome": "insufficient evidence", "refusals": missed}
    assert bare(voice("en", None, **refused).refusals("x")[0]) == "one sentence with the theme, where five are needed"
    assert bare(voice("fr", None, **refused).refusals("x")[0]) == "une phrase sur le thème, il en faut cinq"


def many(tone):
    """Forty dated articles of two sources that speak of a bubble in one tone, each in its own words."""
    days = pd.date_range("2025-01-01", periods=40, freq="D")
    texts = [
        f"La bulle numéro {number} {tone} le marché {number * 7}. Le reste suit en {number * 3}."
        for number in range(40)
    ]
    table = pd.DataFrame({"article": [f"a{n}" for n in range(40)], "title": "", "language": "fr", "text": texts})
    return table.assign(source=["Le Monde", "Les Échos"] * 20, date=days.astype("datetime64[s]"))


def test_a_direction_is_named_only_when_the_interval_excludes_zero():
    made = findings.ledger(many("inquiète et fait craindre une crise sur"), PARAMETERS)
    text = narrative.account(made, "en").text
    low, high = made["tone.net"].interval
    assert high < 0 and "the tone is negative" in text
    mixed = many("réjouit ou inquiète").assign(
        text=lambda t: t.text.where(t.index % 2 == 0, t.text.str.replace("inquiète", "rassure"))
    )
    made = findings.ledger(mixed, PARAMETERS)
    low, high = made["tone.net"].interval
    said = made["tone.verdict"].value or ""
    assert (low > 0) >= ("positive" in said) and (high < 0) >= ("negative" in said)
    assert high < 0 and said == "mixed"  # without the weight of "bulle" itself the sign is another


def test_many_articles_are_told_by_source():
    text = narrative.account(findings.ledger(many("inquiète et fait craindre une crise sur"), PARAMETERS), "fr").text
    assert "40 articles ont été lus, de deux sources, du 1er janvier 2025 au 9 février 2025" in text
    for source in ("Le Monde", "Les Échos"):
        assert re.search(rf"^Dans {source}, 20 articles sur 20 portent le thème, .*\ston\s: négatif, net −", text, re.M)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_text_of_an_article_never_becomes_markup(language):
    hostile = '<script>alert(1)</script> La bulle {{ 7*7 }} & <img src=x onerror="alert(2)"> gonfle.'
    columns = {
        "article": ["<b>a</b>"],
        "source": ["<i>s</i>"],
        "title": ["<u>{{ t }}</u>"],
        "language": "fr",
        "text": [hostile],
    }
    table = pd.DataFrame(columns).assign(date=pd.Series([pd.NaT], dtype="datetime64[s]"))
    made = findings.ledger(table, PARAMETERS | {"theme": "bulle"})
    for html in (narrative.account(made, language).html, made._repr_html_()):
        assert not re.search(r"<(script|img|b|i|u)\b", html)
    assert "{{ 7*7 }}" in narrative.account(made, language).text


def test_the_account_of_the_seed_carries_its_ledger():
    made = findings.ledger(corpus.read(ROOT / "seeds"), PARAMETERS)
    bundle = narrative.account(made)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", narrative.MIME}
    assert [one["name"] for one in bundle[narrative.MIME]["findings"]] == list(made.findings)
