import csv
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

import bulle
from bulle import ROOT, passages, shares, stance, studies, themes
from bulle.__main__ import main

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "stance.csv").read_text(encoding="utf-8").splitlines()))


def articles(*texts, language="fr", date=None):
    names = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame(
        {"article": names, "date": pd.to_datetime([date] * len(texts)), "language": language, "text": texts}
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_a_stance_is_told_by_the_words_around_its_theme(case):
    made = bulle.stances(case["text"], "bulle", case["language"])
    assert " ".join(made.stance) == case["stances"], (case["why"], made.rule.tolist())
    assert made.image.iloc[0] == case["image"]


def test_the_bubble_of_the_seed_is_a_worry_with_its_word():
    made = studies.study(ROOT / "seeds")
    rows = made.stances.to_dict("records")
    assert [(row["stance"], row["rule"], row["image"]) for row in rows] == [("worries", "feared", "")]
    text = made.about.text[rows[0]["article"]]
    assert [text[start:end] for start, end in rows[0]["cues"]] == ["craintes"]
    assert text[rows[0]["start"] : rows[0]["end"]] == "bulle"


def test_cues_are_the_words_that_decided():
    text = (
        "Il répète : « Pas de bulle ». Il rejette l'idée d'une bulle. Une bulle ? Contrairement à la bulle de 2000..."
    )
    made = bulle.stances(text, "bulle")
    told = [[text[start:end] for start, end in cues] for cues in made.cues]
    assert told == [["Pas"], ["rejette"], ["?"], ["Contrairement à"]]
    assert bulle.stances("La bulle va éclater.", "bulle").image_cue.tolist() == [(12, 19)]


def test_each_place_of_a_claim_has_one_row_in_reading_order():
    texts = ["Une bulle ? Des bulles !", "Rien.", "La mini-bulle et la bulle. Une bulle.\nBulle"]
    made, found = stance.stances(articles(*texts), "bulle"), passages.matches(articles(*texts), "bulle")
    assert made[["article", "start", "end"]].values.tolist() == found[["article", "start", "end"]].values.tolist()
    assert made.columns.tolist() == stance.COLUMNS and made.sentence.tolist() == [0, 1, 0, 0, 1, 2]


def test_an_event_and_words_of_ones_own_have_no_stance(tmp_path):
    empty = pd.DataFrame(columns=stance.COLUMNS)
    for theme in ("violence", "bulle, krach", "re:bulles?", "@bulle, crise"):
        made = bulle.stances("La violence ? Une crise, un krach, une bulle ?", theme)
        assert made.columns.tolist() == empty.columns.tolist() and made.empty
    assert bulle.stances("Une bulle ?", '@bulle -"bulle de savon"').stance.tolist() == ["asks"]
    path = tmp_path / "mien.txt"
    path.write_text('crise\nstance: claim\nother: crise de nerfs\nother: "crise de foie"\n', encoding="utf-8")
    told = bulle.stances("Une crise de nerfs. Une crise de foie. Il n'y a pas de crise.", f"@{path}")
    assert told.stance.tolist() == ["other", "other", "denies"] and stance.shares(f"@{path}", "fr") == ()


def test_a_theme_file_that_says_another_stance_is_refused(tmp_path):
    path = tmp_path / "mien.txt"
    path.write_text("crise\nstance: event\n", encoding="utf-8")
    with pytest.raises(bulle.InputError, match="says stance: event; there is: stance: claim"):
        bulle.stances("Une crise.", f"@{path}")


def test_shares_are_told_where_they_were_measured():
    assert stance.shares("bulle", "fr") == ("worries", "denies", "asks", "past", "other")
    assert stance.shares("bulle", "en") == ("worries", "past", "other")
    assert stance.shares("violence", "fr") == stance.shares("bulle, krach", "fr") == ()
    read = pd.DataFrame({"voice": "", "stance": ["worries", "names", "asks"]})
    expected = {
        "en": "3 mentions of “bulle”, read as: a fear of it 1, none of these 2.",
        "fr": "3 mentions de «\u00a0bulle\u00a0», lues comme\u00a0: une crainte 1, rien de tout cela 2.",
        "es": "3 menciones de «bulle», leídas como: un temor 1, nada de eso 2.",
    }
    for language, text in expected.items():
        bulle.tell(language)
        assert shares.summary(read, "bulle", ("worries", "past")) == text
    places = read.assign(article="a", name="", start=0, end=5, cues="")
    texts = pd.DataFrame({"article": ["a"], "text": ["bulle"]})
    assert shares.told(places, texts, ("worries", "past")).stance.tolist() == ["worries", "", ""]


def test_every_rule_and_every_section_is_used_and_known():
    """Each section that a rule names stands in the list of each language, and no list has another."""
    rules = list(stance._rules())
    cells = [cell for rule in rules for cell in (rule.cues, rule.between, rule.barred, rule.before)]
    named = {name for cell in cells for name in cell.split(" + ") if name} | {"stop"}
    told = {rule.stance for rule in rules if rule.stance}
    assert told == {"worries", "denies", "asks", "past", "other", "asserts", "names"}
    assert [rule.rule for rule in rules if not rule.stance] == [rule.rule for rule in rules[-6:]]
    assert {rule.rule for rule in rules[-6:]} == {"inflates", "bursts", "deflates"}

    for language in ("fr", "en"):
        heads = [re.fullmatch(r"\[(.+)\]", line) for line in bulle.entries(language, "stance")]
        assert {head[1] for head in heads if head} == named
        assert all(set(stance.shares(name, language)) <= told for name in themes.names(language))


def test_a_year_is_past_by_the_date_of_the_article():
    text = "La bulle de 2018 inquiète peu."
    assert stance.stances(articles(text, date="2025-11-21"), "bulle").stance.tolist() == ["past"]
    assert stance.stances(articles(text), "bulle").stance.tolist() == ["past"]
    assert stance.stances(articles(text, date="2019-02-01"), "bulle").stance.tolist() == ["worries"]


def test_a_row_does_not_depend_on_what_else_is_read():
    texts = [case["text"] for case in CASES if case["language"] == "fr"]
    whole = stance.stances(articles(*texts), "bulle").drop(columns="article").to_dict("records")
    alone = [row for text in texts for row in bulle.stances(text, "bulle").drop(columns="article").to_dict("records")]
    assert whole == alone
    mixed = pd.concat([articles("AI is not a bubble.", language="en"), articles("Une bulle ?").assign(article="b")])
    assert stance.stances(mixed, "bulle").stance.tolist() == ["denies", "asks"]


def test_small_letters_keep_their_places():
    every = "".join(map(chr, range(1, 0x3000)))
    assert len(every.translate(stance.BLANK).lower()) == len(every)
    text = "İİİ : l’IA n’est\xadpas, dit-on, non, n’est pas une *bulle*."
    row = bulle.stances(text, "bulle").to_dict("records")[0]
    assert row["stance"] == "denies" and [text[a:b] for a, b in row["cues"]] == ["n’est pas"]


@pytest.mark.parametrize(
    "sign", ["bulle ", "« bulle » ", "pas de bulle, ", "contrairement à la bulle de 2000 ", "bulle de filtre ", "ne "]
)
def test_what_is_looked_at_grows_with_the_text_and_not_faster(sign, monkeypatch):
    """Characters given to expressions, of a text and of one four times as long in one sentence."""

    class Counting:
        def __init__(self, inner):
            self.inner = inner

        def finditer(self, text, low=0, high=sys.maxsize):
            counts[-1] += min(high, len(text)) - low
            return self.inner.finditer(text, low, high)

        def search(self, text, low=0, high=sys.maxsize):
            counts[-1] += min(high, len(text)) - low
            return self.inner.search(text, low, high)

    words, counts = stance._words, []
    monkeypatch.setattr(stance, "_words", lambda *asked: Counting(words(*asked)))
    for times in (100, 400):
        counts.append(0)
        bulle.stances(sign * times + "bulle.", "bulle")
    assert 0 < counts[1] < 5 * counts[0] + 20_000


def test_the_command_gives_the_table(tmp_path, capsys):
    (tmp_path / "un.txt").write_text("L'IA n'est pas une bulle.", encoding="utf-8")
    assert main(["stances", str(tmp_path), "bulle"]) == 0
    lines = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(line["stance"], line["cues"]) for line in lines] == [("denies", "[(5, 14)]")]
    assert main(["stances", str(tmp_path), "crise"]) == 0 and capsys.readouterr().out.count("\n") == 1


def test_copies_are_no_further_places_of_a_share():
    rows = [(f"a{k}", f"a{k % 4}", ("worries", "denies")[k % 2]) for k in range(60)]
    places = pd.DataFrame(rows, columns=["article", "family", "stance"])
    made = shares.shares(places, "stance", ("worries", "denies"), "stances")
    assert [one.found for one in made.attrs["refusals"]] == [4, 4] and made.empty
    apart = shares.shares(places.assign(family=places.article), "stance", ("worries", "denies"), "stances")
    assert apart["count"].tolist() == [30, 30] and "refusals" not in apart.attrs
