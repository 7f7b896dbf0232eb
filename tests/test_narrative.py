import dataclasses
import itertools
import math
import re

import pandas as pd
import pytest
from markupsafe import escape

from bulle import LANGUAGES, ROOT, bodies, corpus, findings, narrative
from bulle.floors import Refusal

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
        ("en", 4.065, "mass", "4.1"),
        ("en", -0.004, "tone", "0.00"),
        ("fr", 0.004, "tone", "0,00"),
        ("en", 0.0, "tone", "0.00"),
        ("en", 0.0004, "share", "less than 0.1%"),
        ("fr", 0.0004, "share", "moins de 0,1\u00a0%"),
        ("fr", 0.9996, "share", "plus de 99,9\u00a0%"),
        ("en", 1.0, "share", "100%"),
        ("en", 0.0, "share", "0%"),
        ("en", 0.04, "mass", "less than 0.1"),
        ("fr", 12345.6, "mass", "12\u202f346"),
    ],
)
def test_numbers_are_written_as_the_language_does(language, value, unit, expected):
    assert bare(voice(language, value, unit).n("x")) == expected


def test_an_interval_has_its_level():
    made = {"interval": (0.002, 0.385), "level": 0.95}
    assert bare(voice("en", 0.1, "share", **made).interval("x")) == "95% interval 0.2% to 38.5%"
    assert bare(voice("fr", 0.1, "share", **made).interval("x")) == "intervalle à 95\u00a0% : 0,2\u00a0% à 38,5\u00a0%"


@pytest.mark.parametrize(
    ("unit", "bounds", "expected"),
    [
        ("share", (0.0401, 0.0404), "4.01% to 4.04%"),
        ("share", (0.0004, 0.02), "0.04% to 2.00%"),
        ("share", (0.97, 0.9998), "97.00% to 99.98%"),
        ("share", (0.0, 1.0), "0% to 100%"),
        ("tone", (-0.004, 0.1), "−0.004 to +0.100"),
        ("tone", (0.0, 0.1), "0.00 to +0.10"),
        ("tone", (-0.2301, -0.2299), "−0.2301 to −0.2299"),
    ],
)
def test_the_bounds_of_an_interval_look_different_and_none_looks_like_nothing(unit, bounds, expected):
    assert bare(voice("en", 0.1, unit, interval=bounds).interval("x")) == f"95% interval {expected}"


def test_an_upper_bound_is_rounded_up():
    assert bare(voice("en", 3 / 932, "share").most("x")) == "0.4%"
    assert bare(voice("en", 3 / 12, "share").most("x")) == "25.0%"


def test_two_amounts_that_differ_do_not_look_the_same():
    for measure, found, bound, expected in (
        ("coverage", 0.0499, 0.05, "4.99% of the content words in the lexicon, where at least 5% would be needed"),
        ("half-width", 0.501, 0.5, "an interval of ±0.501, where ±0.500 at most would be allowed"),
    ):
        refused = {"refusals": (Refusal("tone", measure, found, "least", bound, "convention"),)}
        assert bare(voice("en", None, **refused).refusals("x")[0]) == expected


@pytest.mark.parametrize("text", ["iPhone", "alpha/notes", "<b>", "été", "01.net", "l'écho", "a\u00a0b", "😀", "x  y"])
def test_a_string_of_the_user_is_written_as_it_is_where_it_opens_a_sentence(text):
    made = voice("fr", text).name("x")
    html = narrative._html([f"- {made} : négatif."])
    assert f"<bdi>{escape(narrative.WHITE.sub(' ', text).strip())}</bdi>" in html


def test_what_would_act_and_not_show_is_neutral_and_what_is_too_long_is_cut():
    assert bare(voice("en", "a\u202eb\x07c\x1b[1m\ud800").name("x")) == "a\ufffdb\ufffdc\ufffd[1m\ufffd"
    assert bare(voice("en", "x" * 10_000).name("x")) == "x" * 159 + "…"
    assert bare(voice("en", " ").name("x", quoted=True)) == "“\ufffd”"
    assert bare(voice("fr", "en 2017\u00a0\u00a0! Ou\u202f\u00a0 non").name("x")) == "en 2017\u00a0! Ou\u202fnon"


def test_a_p_value_is_told_from_nought_and_from_the_level_that_it_misses():
    for language, value, expected in (("en", 3e-9, "p < 0.001"), ("fr", 0.05, "p = 0,050"), ("en", 1.0, "p = 1")):
        shown = bare(voice(language, value, "p").p("x"))
        assert shown.replace("&lt;", "<").replace("\u00a0", " ") == expected
    for language, value, expected in (
        ("en", 0.02504, "p = 0.02504, where at most 0.02500 would be needed"),
        ("fr", 0.0299, "p = 0,030, il faudrait au plus 0,025"),
    ):
        shown = bare(voice(language, value, "p", told={"level": 0.025}).above("x", "x"))
        assert shown.replace("\u00a0", " ") == expected


def test_a_quotation_that_has_quotation_marks_keeps_them():
    for language, text, expected in (
        ("fr", "les «gilets»", "«\u00a0les «gilets»\u00a0»"),
        ("fr", "les “gilets”", "«\u00a0les “gilets”\u00a0»"),
        ("en", "a “bubble”", "‘a “bubble”’"),
    ):
        assert bare(voice(language, text).name("x", quoted=True)) == expected


def test_a_refusal_says_what_was_found_and_what_is_needed():
    missed = (Refusal("tone", "sentences", 1, "least", 5, "convention"),)
    english = "one sentence with the theme, where at least five would be needed"
    refused = {"outcome": "insufficient evidence", "refusals": missed}
    assert bare(voice("en", None, **refused).refusals("x")[0]) == english
    assert (
        bare(voice("fr", None, **refused).refusals("x")[0]) == "une phrase sur le thème, il en faudrait au moins cinq"
    )


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
    assert low > 0 and said == "mixed, leaning positive"  # the weight of "bulle" itself does not count


def test_many_articles_are_told_by_source():
    text = narrative.account(findings.ledger(many("inquiète et fait craindre une crise sur"), PARAMETERS), "fr").text
    assert "40 articles ont été lus (deux sources), du 1er janvier 2025 au 9 février 2025" in text
    assert "Par source\u00a0: Le Monde (20 articles), Les Échos (20)." in text
    for source in ("Le Monde", "Les Échos"):
        assert re.search(rf"^Dans {source}, 20 articles sur 20 portent le thème, .*\ston\s: négatif, net −", text, re.M)
    each = many("inquiète").head(9).assign(source=list("ABCDEFGHI"))  # none is named before the others
    assert narrative.account(findings.ledger(each, PARAMETERS), "fr").text.startswith("Plusieurs sources, du 1er")


def test_words_that_qualify_a_sum_are_quoted_in_another_language_only():
    texts = ["The bubble cost roughly $650 billion, or hundreds of billions of dollars.", "Nobody saw this bubble."]
    made = findings.ledger(many("").head(2).assign(language="en", text=texts), PARAMETERS | {"theme": "bubble"})
    told = "these sentences the largest sum in figures, in the currency met there most often, is, as written: roughly"
    assert f"{told} “$650 billion”." in narrative.account(made, "en").text
    told = "The largest order of magnitude in these sentences without a figure: “hundreds of billions of dollars”."
    assert told in narrative.account(made, "en").text
    assert "« roughly » « $650 billion »" in re.sub(r"\s", " ", narrative.account(made, "fr").text)
    tied = many("").head(2).assign(language="en", text=["The bubble cost $650 billion or €5.", texts[1]])
    assert "amount.1" not in findings.ledger(tied, PARAMETERS | {"theme": "bubble"}), "neither is met most often"


@pytest.mark.parametrize("language", LANGUAGES)
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


COUNTS = [0, 1, 2, 9, 10, 11, 1000]
OTHERS = [-1.0, -0.3, -0.004, 0.0, 0.0004, 0.04, 0.5, 0.9996, 1.0, 1234.5]
INTERVALS = [(-0.004, 0.0), (0.00001, 0.00002), (-0.5, -0.4), (0.4, 0.5), (-1.0, 1.0)]
NUMBERS = {
    "en": ("one|1", "zero|0|two|three|four|five|six|seven|eight|nine|1[01]|1,000|1\u202f000"),
    "fr": ("zéro|0|une?|1", "deux|trois|quatre|cinq|six|sept|huit|neuf|1[01]|1\u202f000"),
}
NOUNS = {
    "en": "article sentence word source month text".split(),
    "fr": "article phrase mot source texte".split(),
}
SCARS = r"nan\b|None|[{}]|[-−]0(?![,.]?\d)|[-−]0[,.]0+(?!\d)|  |[“‘]\W?[”’]|«\s*»| [.,]|\(\)|\(\s|::|\.\.|--"


def faults(html, language):
    """What is wrong with the sentences of an account, the strings of texts left out."""
    prose = narrative.Account(language, re.sub(r"<bdi>.*?</bdi>", "X", html), ledger()).text
    one, several = NUMBERS[language]
    names = "|".join(NOUNS[language])
    found = re.findall(SCARS, prose)
    before = r"(?<![\w,.\u202f])"
    found += re.findall(rf"{before}(?:{one}) (?:\w+ )?(?:{names})s\b", prose, re.IGNORECASE)
    found += re.findall(rf"{before}(?:{several}) (?:{names})\b", prose, re.IGNORECASE)
    verbs = {
        "en": r"\b(?:One|1) articles? (?:were|name |bear )",
        "fr": r"\b(?:Un|1|0) articles? (?:ont|ne nomment|ne portent)",
    }
    found += re.findall(verbs[language], prose)
    plural = {
        "en": r"\b(?:0|Two|10|1,000) articles? (?:was|names|bears)",
        "fr": r"\b(?:Deux|10|000) articles? (?:a |ne nomme |ne porte )",
    }
    found += re.findall(plural[language], prose)
    if language == "fr":
        found += re.findall(r"[^\u00a0\u202f][:;?!»%]|«[^\u00a0]|\b(?:de|le|la|du) une?\b|\bde les?\b", prose)
    return found


def slots():
    """Ledgers with, in each slot, each kind of value, interval and refusal that could come to stand there.

    Every eighth finding is changed at once: what stands so far apart is in no sentence together.
    """
    whole = many("inquiète et fait craindre une crise sur").iloc[:12]
    copies = pd.concat([whole, whole.iloc[:2].assign(article=["b0", "b1"], source="", date=pd.NaT)])
    one = whole.iloc[:1].assign(title="Titre")
    for table, theme in ((copies, "bulle"), (one, "bulle"), (whole, "absent"), (one, "absent"), (whole.iloc[:0], "x")):
        made = findings.ledger(table, PARAMETERS | {"theme": theme})
        yield made
        for first in range(8):
            ways = [variants(finding) for finding in [*made.findings.values()][first::8]]
            for changed in itertools.zip_longest(*ways):
                yield dataclasses.replace(made, findings=made.findings | {one.name: one for one in changed if one})


def variants(finding):
    """A finding with other values, intervals and refusals."""
    values = [] if isinstance(finding.value, str) else COUNTS if isinstance(finding.value, int) else OTHERS
    if finding.name == "theme.sentences":  # where there is none, there is nothing else, either
        values = [value for value in values if bool(value) == bool(finding.value)]
    bounds = INTERVALS if finding.interval else []
    bounds = [*bounds, None, (0.0, 0.0)] if finding.name in ("tone.net", "theme.share") else bounds
    changes = [{"value": value} for value in values] + [{"interval": bound} for bound in bounds]
    for amount in (math.nan, 0, 1, 2, 0.5) if finding.refusals else ():
        missed = tuple(dataclasses.replace(refusal, found=amount) for refusal in finding.refusals)
        changes.append({"refusals": missed})
    return [dataclasses.replace(finding, **change) for change in changes]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_value_in_any_slot_leaves_a_scar_or_a_false_agreement(language):
    seen = 0
    for made in slots():
        html = narrative.account(made, language).html
        assert not (found := faults(html, language)), (found, narrative.account(made, language).text)
        seen += 1
    assert seen > 300


def test_a_half_goes_up_in_points_as_elsewhere():
    assert narrative.Voice(None, "fr")._points([0.25, -2.25], 1) == ["0,3", "2,3"]


def test_the_faults_looked_for_are_found():
    for sentence in ("1 words", "One article were read", "−0.00", "-0 points", "nan", "a  b", "two article", "“”"):
        assert faults(f'<span class="s">{sentence}.</span>', "en"), sentence
    for sentence in ("zéro phrases", "0 mots", "1 articles", "deux phrase", "un : deux", "95 %", "de un", "−0,00"):
        assert faults(f'<span class="s">{sentence}.</span>', "fr"), sentence


def test_a_verdict_that_its_interval_does_not_explain_gives_its_reason():
    made = findings.ledger(many("inquiète et fait craindre une crise sur"), PARAMETERS)
    for key in ("interval", "sweep", "voices", "ambivalence"):
        why = {name: findings.Finding(name, key, "reason", *HOW) for name in ("tone.why", "source.1.why")}
        told = dataclasses.replace(made, findings=made.findings | why)
        assert "No side is named: " in narrative.account(told, "en").text
        assert "Aucun côté n’est nommé\u00a0: " in narrative.account(told, "fr").text
        assert bare(narrative.Voice(told, "fr").why("source.1")) and not narrative.Voice(told, "fr").why("source.2")
    assert "no side" not in narrative.account(made, "en").text.lower()


def test_the_background_is_that_of_the_articles_with_the_theme_and_not_of_all():
    whole = many("inquiète et gêne").assign(text=lambda table: table.text + " La crise vient.")
    for holding, english, french in (
        (1, "the article that holds the theme weigh", "de l’article qui porte le thème pèsent"),
        (2, "the articles that hold the theme weigh", "des articles qui portent le thème pèsent"),
    ):
        table = whole.assign(text=[text.replace("bulle", "mode") for text in whole.text])
        table.loc[: holding - 1, "text"] = whole.text
        made = findings.ledger(table, PARAMETERS)
        assert f"The other sentences of {english} " in narrative.account(made, "en").text
        assert f"Les autres phrases {french} " in narrative.account(made, "fr").text
        assert made["rest.negative"].spans_total == holding


def test_what_was_set_aside_is_named_and_counted_nowhere():
    lines = [
        "# Une bulle en titre",
        "La bulle menace.",
        "| bulle | 3 |",
        "|---|---|",
        "| bulle | 4 |",
        "https://exemple.fr/bulle",
        "» LIRE AUSSI - La bulle éclate",
        "La bulle le 3 mars. © Jean Bulle / AFP",
        "<script>bulle()</script>",
    ]
    table = many("inquiète").iloc[:1].assign(text="\n\n".join(lines).replace("|\n\n|", "|\n|"))
    named = {"heading": "headings", "caption": "captions", "table": "tables", "link": "links", "code": "code"}
    named |= {"boilerplate": "boilerplate"}
    assert set(bodies.marks(table).part) == set(named)
    text = narrative.account(findings.ledger(table, PARAMETERS), "en").text
    told = re.search(r"in one sentence; (.*) are counted neither here nor in what follows", text)[1]
    assert set(named.values()) <= set(re.split(", | and ", told))
    assert "stands in one sentence of one (100%)." in text


def test_what_was_read_is_told_with_what_is_unknown():
    table = many("inquiète").iloc[:5].assign(source=["A", "A", "B", "", ""])
    table.loc[3, "date"] = pd.NaT
    text = narrative.account(findings.ledger(table, PARAMETERS), "en").text
    assert "Five articles were read, from two sources, dated January 1, 2025 to January 5, 2025." in text
    assert "By source: A (2 articles), B (1).\nTwo articles name no source.\nOne article bears no date." in text
    undated = narrative.account(findings.ledger(table.assign(date=pd.NaT), PARAMETERS), "fr").text
    assert "Aucune date n’est connue." in undated
    spread = many("inquiète").iloc[:8].assign(source=[*"AABCDEFG"])
    told = narrative.account(findings.ledger(spread, PARAMETERS), "en").text
    assert "The most frequent source: A (2 articles)." in told
    told = narrative.account(findings.ledger(spread, PARAMETERS), "es").text
    assert (
        "figura en el cuerpo de ocho artículos de ocho: 100" in told and "Fuente más presente: A (2 artículos)" in told
    )


def test_a_key_word_of_one_article_is_not_said_to_stand_in_at_least_one():
    table = many("inquiète").iloc[:2]
    table = table.assign(text=[f"{table.text[0]} Une anaphore. Cette anaphore. Son anaphore.", table.text[1]])
    text = narrative.account(findings.ledger(table, PARAMETERS), "en").text
    assert "Names aside, the word" in text and "at least one" not in text


def test_copies_are_said_to_be_copies_and_articles_are_all_that_were_read():
    table = many("inquiète")
    twice = pd.concat([table, table.assign(article=table.article + "b")])
    text = narrative.account(findings.ledger(twice, PARAMETERS), "en").text
    assert "80 articles were read" in text and "in 80 articles of 80." in text
    assert "that makes 40 distinct texts" in text
    assert "stands in the body of 40 distinct texts of 40: 100%" in text
