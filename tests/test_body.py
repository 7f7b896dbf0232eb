import json
import time
from itertools import pairwise

import pandas as pd
import pytest

from bulle import (
    LANGUAGES,
    ROOT,
    InputError,
    bodies,
    corpus,
    findings,
    furniture,
    hearing,
    markup,
    narrative,
    passages,
    survey,
    words,
)
from bulle.__main__ import main

CASES = json.loads((ROOT / "tests" / "cases" / "markup.json").read_text(encoding="utf-8"))
ENGLISH = "The bubble grows and the markets fear that it will burst before the end of the year, as it did in the past. "
FRENCH = "La bulle enfle et les marchés ont peur de la voir éclater avant la fin de l'année, comme par le passé. "
ITALIAN = "La bolla cresce e i mercati temono che scoppi prima della fine di questo anno, come in passato. "


def written(folder, rows):
    file = folder / "a.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return file


def left(articles):
    return [" ".join(line.split()) for text in bodies.body(articles).text for line in text.splitlines() if line.strip()]


def table(text, language="fr"):
    return pd.DataFrame([{"article": "a", "title": "", "language": language, "text": text}])


# Markup


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_markup_is_no_sentence_and_prose_stays(case):
    assert left(table(case["text"])) == case["expected"]


def test_links_to_the_whole_article_are_no_sentences():
    links = "Read full article →\n[Read full article →](https://a.com/b)\nClick here to read more\nContinue reading →"
    assert left(table(links + "\nRead the full list of demands, she said.", "en")) == [
        "Read the full list of demands, she said."
    ]


def test_stretches_are_in_order_apart_and_within_lines():
    for case in CASES:
        found = markup.stretches(case["text"])
        assert all(start < stop for start, stop, _ in found)
        assert all(first[1] <= second[0] for first, second in pairwise(found))


def test_what_is_never_closed_is_looked_for_in_linear_time():
    signs = [
        "<a ",
        "<!--",
        "<script",
        "{{",
        "{\n",
        "[[a",
        "![",
        "](a(",
        "a.b(",
        "http://",
        "| ",
        "a, ",
        "~~~\n",
        "a: b;\n",
    ]
    for sign in signs:
        times = []
        for length in (30_000, 120_000):
            text, begun = sign * (length // len(sign)), time.process_time()
            markup.stretches(text)
            times.append(time.process_time() - begun)
        assert times[1] < 12 * times[0] + 0.2, sign  # four times the text; a square would take sixteen times as long


def test_the_report_counts_what_is_set_aside_by_kind(tmp_path):
    text = "## La bulle\n| a | b |\n| c | d |\nElle enfle (https://a.fr/b).\nvar x = 1;"
    read = corpus.read(written(tmp_path, [{"text": text}, {"text": "# Le krach\nIl vient."}]))
    assert corpus.report(read).aside.tolist() == ["code 1, heading 2, link 1, table 2"]
    assert "set aside   heading 2, table 2" in corpus.preview(tmp_path)


# Furniture


def site(count, line, **more):
    """Articles of one source that differ but for one line."""
    texts = [
        f"Le sujet n° {n} est lancé ce matin par le maire.\n{line}\nLa suite n° {n} viendra." for n in range(count)
    ]
    return [{"source": "Le Soir", "text": text, **more} for text in texts]


@pytest.mark.parametrize(
    ("count", "line", "expected", "why"),
    [
        (20, "Partager l'émotion", True, "in twenty articles"),
        (19, "Partager l'émotion", False, "in all of nineteen articles: too few to tell"),
        (20, "Écrivez à la rédaction.", True, "a short sentence, in twenty of twenty"),
        (40, "Un porte-parole du gouvernement a dit hier à la presse que rien ne change.", False, "a long sentence"),
        (40, "—", False, "no word"),
    ],
)
def test_a_line_that_returns_in_many_articles_of_a_source_is_furniture(tmp_path, count, line, expected, why):
    read = corpus.read(written(tmp_path, site(count, line)))
    assert [row.part for row in bodies.marks(read).itertuples()] == ["furniture"] * (count if expected else 0), why
    assert bodies.repeated(read).values.tolist() == ([["Le Soir", line, count]] if expected else [])


@pytest.mark.parametrize(
    ("lines", "expected", "why"),
    [
        (["- Effet : le krach n° {n}", "La suite n° {n} viendra."], ["- Effet :"], "an item of a list has a label"),
        (["RÉCIT - Le fait n° {n}", "La suite n° {n} viendra."], ["RÉCIT -"], "a rubric, in capitals, in front"),
        (["Le fait n° {n}.", "RÉCIT - La suite n° {n}"], [], "further on who speaks may be in capitals"),
        (["LE SOIR. - Que dites-vous du fait n° {n} ?"], [], "a full stop and a dash are of an interview"),
        (["Bulle : le fait n° {n} du jour."], [], "a word before a colon is no label"),
        (["- **Avis**", "Le fait n° {n}"], ["- **Avis**"], "a line in bold, half the time as a heading"),
    ],
)
def test_a_label_that_opens_lines_in_many_articles_of_a_source_is_furniture(tmp_path, lines, expected, why):
    texts = ["\n".join(lines).format(n=n) for n in range(20)]
    texts = [text.replace("- **Avis**", "# Avis") if n % 2 else text for n, text in enumerate(texts)]
    read = corpus.read(written(tmp_path, [{"source": "Le Soir", "text": text} for text in texts]))
    rows = bodies.marks(read).query("part == 'furniture'").merge(read, "left")
    assert {row.text[row.start : row.end] for row in rows.itertuples()} == {*expected}, why


def test_two_in_a_hundred_make_furniture_of_a_line_that_is_no_sentence(tmp_path):
    others = [{"source": "Le Soir", "text": f"Le fait n° {n} du jour."} for n in range(95)]
    for line, found in (("La lettre du soir", 5), ("C'est fini.", 0)):
        read = corpus.read(written(tmp_path, site(5, line) + others))
        assert list(bodies.marks(read).part) == ["furniture"] * found
    read = corpus.read(written(tmp_path, site(4, "La lettre du soir") + others))
    assert bodies.marks(read).empty  # four times may be chance
    away = [row | {"source": "Le Matin"} for row in site(1, "La lettre du soir")]
    read = corpus.read(written(tmp_path, site(5, "La lettre du soir") + others + away))
    assert len(bodies.marks(read)) == 5  # the furniture of one source is not that of another


def test_copies_of_an_article_make_no_furniture_of_it(tmp_path):
    story = "Le maire a parlé hier de la bulle devant le conseil réuni.\nC'est fini\nLe préfet a répondu aussitôt."
    read = corpus.read(written(tmp_path, [{"source": "Le Soir", "text": f"{story}\nÉdition {n}"} for n in range(40)]))
    assert bodies.marks(read).empty


def test_bodies_are_the_same_whatever_the_batches_and_the_draw(tmp_path, monkeypatch):
    file = written(tmp_path, site(60, "Partager l'émotion"))
    whole = bodies.body(corpus.read(file)).set_index("article").text
    monkeypatch.setattr(corpus, "BATCH", 500)
    parts = list(corpus.batches(file))
    assert len(parts) > 5
    for part in parts:
        assert bodies.body(part).set_index("article").text.equals(whole[part.article])
    assert corpus.report(parts[-1]).aside[0] == "furniture 60"
    assert bodies.repeated(parts[-1]).articles.tolist() == [60]
    read = survey.survey(corpus.batches(file), "émotion", 1500)
    assert read.found == 0
    assert bodies.body(read.sample).set_index("article").text.equals(whole[read.sample.article])


def test_the_table_of_lines_is_bounded(monkeypatch):
    monkeypatch.setattr(furniture, "KEPT", 100)
    lines = furniture.Lines()
    for number in range(200):
        lines.add("Le Soir", f"Partager\nUn fait {number} de plus\nUn autre fait {number} encore")
        assert len(lines.counts) <= 103
    assert set(lines.furniture("Le Soir", "Partager\nUn fait")) == {"Partager"}


# Languages


def refusal(file, language):
    with pytest.raises(InputError) as caught:
        corpus.read(file, language)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{file}: ")


def test_a_corpus_in_another_language_is_refused_with_the_way_on(tmp_path):
    file = written(tmp_path, [{"text": ENGLISH * 3}] * 3 + [{"text": FRENCH * 3}])
    assert refusal(file, "fr") == (
        "3 of 4 articles listened to are not in French (fr), most in English (en); "
        "give language en (-p language en, or --language en), or auto to hear each article"
    )
    assert refusal(written(tmp_path, [{"text": FRENCH * 3}]), "en").startswith("the article is in French (fr), not Eng")
    assert refusal(written(tmp_path, [{"text": ITALIAN * 3}]), "fr") == (
        f"the article is in Italian (it), not French (fr); only {', '.join(LANGUAGES)} are read"
    )
    assert list(corpus.read(written(tmp_path, [{"text": ENGLISH * 3}]), "auto").language) == ["en"]


def test_what_is_too_short_to_hear_and_what_says_its_language_are_read(tmp_path):
    assert len(corpus.read(written(tmp_path, [{"text": "The bubble grows."}] * 3))) == 3
    read = corpus.read(written(tmp_path, [{"text": ENGLISH * 3, "language": "en"}] * 3))
    assert list(read.language) == ["en"] * 3
    assert read.attrs["heard"] == {"listened": 0, "foreign": 0}
    assert hearing.language("ÿ " * 400, "fr") == hearing.language("x1 " * 400, "fr") == ""


def test_markup_is_not_listened_to(tmp_path):
    text = FRENCH * 3 + "\n" + "\n".join(f"| the value of the market is {n} | and it was less |" for n in range(90))
    assert len(corpus.read(written(tmp_path, [{"text": text}]))) == 1


def test_a_minority_in_another_language_is_told(tmp_path):
    rows = [{"text": f"{FRENCH * 3} Fait {n}."} for n in range(9)] + [{"text": ENGLISH * 3}]
    read = corpus.read(written(tmp_path, rows))
    assert corpus.report(read).notes.tolist() == ["1 x article that sounds like 'en', of 10 listened to"]
    made = findings.ledger(read, {"theme": "bulle", "lexicon": ""})
    assert (made["read.foreign"].value, made["read.listened"].value) == (1, 10)
    assert "Of 10 listened to, one article seems to be in another language" in narrative.account(made, "en").text
    assert "Function words of the language given, as listed, aside" in narrative.account(made, "en").text
    assert "Sur 10 écoutés, un article semble être écrit dans une autre langue" in narrative.account(made, "fr").text
    whole = findings.ledger(corpus.read(written(tmp_path, rows[:9])), {"theme": "bulle", "lexicon": ""})
    assert "read.foreign" not in whole and "listened" not in narrative.account(whole, "en").text


def test_articles_are_listened_to_all_over_a_corpus():
    sample = hearing.Sample()
    for number in range(10_000):
        sample.add(number)
    assert hearing.HEARD <= len(sample.rows) <= 2 * hearing.HEARD
    steps = {second - first for first, second in pairwise(sample.rows)}
    assert len(steps) == 1 and sample.rows[-1] > 9_800


@pytest.mark.parametrize("command", ["corpus", "sheet", "run"])
def test_every_command_refuses_a_corpus_in_another_language_in_one_line(tmp_path, capfd, command):
    file = str(written(tmp_path, [{"text": ENGLISH * 3}]))
    given = {"corpus": [file], "sheet": [file, "bubble", "-o", str(tmp_path / "s.csv")], "run": ["--corpus", file]}
    output = ["-o", str(tmp_path / "out")] if command == "run" else []
    assert main([command, *given[command], *output]) == 2
    told = capfd.readouterr().err.strip().splitlines()
    assert len(told) == 1 and "-p language en" in told[0]


# Sentences


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["La bulle enfle."], "1 article of 3 words was read; “bulle” stands in it."),
        (["Il pleut."], "1 article of 2 words was read; “bulle” stands nowhere in its body."),
        (
            ["La bulle enfle.", "Il pleut."],
            "2 articles of 5 words in all were read; “bulle” stands in the body of one of them.",
        ),
        (
            ["Il vient.", "Il pleut."],
            "2 articles of 4 words in all were read; “bulle” stands in the body of none of them.",
        ),
        (
            ["La bulle enfle.", "# Bulle", "# La bulle"],
            "3 articles of 3 words in all were read; “bulle” stands in the body of one of them. "
            "2 articles hold no word but in headlines, links and the like.",
        ),
    ],
)
def test_what_was_read_is_told_in_number(tmp_path, texts, expected):
    read = survey.survey(corpus.read(written(tmp_path, [{"text": text} for text in texts])), "bulle")
    assert read.told("bulle") == expected


def test_a_theme_in_markup_stands_in_no_sentence():
    text = "# Bulle\n| bulle | bulle |\n[bulle](bulle.html)\nLa bulle enfle.\nvar bulle = 'bulle';"
    assert list(passages.passages(bodies.body(table(text)), "bulle", 0).text) == ["La bulle enfle."]


def test_marks_follow_a_text_that_is_changed(tmp_path):
    read = corpus.read(written(tmp_path, site(20, "Partager l'émotion")))
    changed = read.assign(text="# Titre\n" + read.text)
    assert left(changed) == left(read)
    assert list(bodies.marks(changed).part) == ["heading", "furniture"] * 20


def test_what_an_article_says_again_word_for_word_counts_once():
    said = "La bulle inquiète les marchés, et les banques cherchent comment en sortir sans perdre leur mise."
    text = f"{said} Le reste suit.\nBien plus loin.\n{said.replace(' et', '  et')}\nPersonne ne sait."
    found = bodies.repeats(text)
    assert [text[start:end].split() for start, end, _ in found] == [said.split()]
    assert bodies.marked(text, "", "fr") == found and found[0][2] == "repeat"
    assert bodies.repeats("Il pleut. Il pleut. " * 9) == []
    message = "La bulle enfle et les banques dorment pic.twitter.com/a1"
    found = bodies.marked(f"{message} — Marie Roux (@roux) 8 mai 2019\n{message}", "", "fr")
    assert [part for _, _, part in found] == ["link", "repeat", "link"]  # a message and its copy without a signature


def test_a_quotation_in_a_line_of_its_own_that_a_sentence_holds_too_is_set_aside_there():
    said = "La digue cédera avant la fin de cet hiver"
    text = f"« {said}. »\nMarie Roux\n« {said} », a dit Marie Roux. « Et nul ne le croit, ni ici ni ailleurs. »"
    assert [text[start:end] for start, end, _ in bodies.repeats(text)] == [f"« {said}. »"]
    assert bodies.repeats(f"« {said}. »\nMarie Roux se tait.") == []
    assert bodies.repeats("«" + " " * 100_000) == [], "a mark that nothing closes, in time that grows with the text"


@pytest.mark.parametrize(("title", "expected"), [("", 1), ("Les Bourses plongent.", 1), ("Un autre titre", 2)])
def test_what_follows_the_date_of_a_header_is_text_where_it_is_not_the_title(title, expected):
    text = "date 2025-11-21 Les Bourses plongent.\nLa bulle enfle."
    found = words.sentences(bodies.body(corpus.given(text).assign(title=title)))
    assert len(found) == expected and found.text.iloc[-1] == "La bulle enfle."
