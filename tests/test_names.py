import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bulle
from bulle import names, naming, passages, shares, studies, terms
from bulle.__main__ import main
from bulle.app import places

CASES, ENGLISH = (
    json.loads((Path(__file__).parent / "cases" / f"names_{code}.json").read_text(encoding="utf-8"))
    for code in ("fr", "en")
)
SEED = """
ORG Foxconn; ORG OpenAI; ORG Foxconn; ORG Open AI = OpenAI; PROD ChatGPT; PER Young Liu; ORG Foxconn
LOC Taiwan = Taïwan; ORG AFP; PER I-HWA CHENG; ORG Foxconn; PROD iPhone; PER Sam Altman; ORG OpenAI; ORG Foxconn
LOC Taipei; ORG OpenAI; ORG OpenAI; ORG OpenAI; ORG Oracle; LOC Abilene; LOC Texas; PROD Stargate
ORG Softbank = SoftBank; ORG Oracle; ORG Microsoft; ORG Nvidia; ORG Foxconn; ORG Intrinsic; ORG Google; ORG Alphabet
ORG Foxconn; LOC États-Unis; PER Steven Tseng; ORG Bloomberg Intelligence; LOC États-Unis; ORG OpenAI; ORG Foxconn
ORG AFP; LOC Taïwan; LOC Chine; LOC États-Unis; PER Tseng = Steven Tseng
"""


def told(table):
    """Mentions as their type and text, with the actor where it is written otherwise."""
    rows = zip(table.type, table.text, table.actor, strict=True)
    return [f"{kind} {text}" + (f" = {actor}" if actor != text else "") for kind, text, actor in rows]


def corpus_of(texts, **columns):
    made = pd.DataFrame({"article": [f"a{n}" for n in range(len(texts))], "text": texts, "language": "fr"})
    return made.assign(**columns)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_names_are_read_as_a_reader_reads_them(case):
    assert told(names.mentions(case["text"])) == case["expected"]


@pytest.mark.parametrize("case", ENGLISH, ids=[case["why"] for case in ENGLISH])
def test_english_names_are_read_as_a_reader_reads_them(case):
    assert told(names.mentions(case["text"], "en")) == case["expected"]


def test_each_language_shows_an_actor_under_its_own_name():
    articles = corpus_of(["Hier, la Fed et Ann Verne ont parlé.", "The Fed met Ann Verne."], language=["fr", "en"])
    assert told(names.mentions(articles)) == [
        "ORG Fed = Réserve fédérale",
        "PER Ann Verne",
        "ORG Fed = Federal Reserve",
        "PER Ann Verne",
    ]


def test_the_seed_names_its_43_actors():
    seed = bulle.read("seeds")
    found = names.mentions(seed)
    assert told(found) == [name.strip() for line in SEED.strip().splitlines() for name in line.split(";")]
    assert (
        len(found) == 43
        and (found.text == [seed.text[0][a:b] for a, b in zip(found.start, found.end, strict=True)]).all()
    )
    openai = names.actors(seed, "bulle").set_index("actor").loc["OpenAI"]
    assert openai[["type", "forms", "mentions", "articles", "theme"]].tolist() == ["ORG", "OpenAI; Open AI", 7, 1, 0]


def test_an_article_may_tell_what_another_leaves_open():
    texts = ["Hier, la plateforme Zorglub ferme."] * 3 + ["On parle de Zorglub."]
    assert names.mentions(texts[-1]).sure.tolist() == [0]
    found = names.mentions(corpus_of(texts))
    assert told(found)[-1] == "ORG Zorglub" and found.sure.tolist() == [2, 2, 2, 2]


def test_a_surname_alone_is_the_person_of_the_other_articles_but_a_first_name_is_anybody():
    texts = ["Hier, Paul Verne et Jeanne Philippe ont parlé."] * 3 + ["On parle de Verne et de Philippe."]
    assert told(names.mentions(corpus_of(texts)))[-2:] == ["PER Verne = Paul Verne", "PER Philippe"]
    assert told(names.mentions(corpus_of(texts[1:])))[-2:] == ["ORG Verne", "PER Philippe"], "two uses are too few"
    both = [*texts[:3], "Hier, Marc Verne a parlé.", texts[3]]
    assert "ORG Verne" in told(names.mentions(corpus_of(both))), "three of four uses are not nine in ten"
    titled = ["Hier, Paul Verne a parlé. M. Verne se tait."] * 3 + ["On parle de M. Verne et de Mme Verne."]
    assert told(names.mentions(corpus_of(titled)))[-2:] == ["PER Verne = Paul Verne", "PER Verne"]


def test_an_acronym_is_the_institution_that_one_article_tells_it_is_unless_two_have_it():
    texts = ["Hier, la Ligue zorglub du Nord (LZN) a voté.", "On voit la LZN.", "On voit la Ligue zorglub du Nord."]
    assert set(names.mentions(corpus_of(texts)).actor) == {"Ligue zorglub du Nord"}
    two = [*texts, "Hier, la Ligue des zouaves de Nice (LZN) a voté."]
    assert "ORG LZN" in told(names.mentions(corpus_of(two)))
    known = ["Hier, la Confédération des petites et moyennes entreprises (CPME) a voté.", "On voit la CPME."]
    assert set(names.mentions(corpus_of(known)).actor) == {"CPME"}, "the gazetteer knows it by its acronym"


def test_speakers_and_holders_have_the_name_of_the_actor_whatever_they_are_called_by(tmp_path):
    texts = ['"The bubble will burst," the BoE said.', "The Bank of England fears a bubble.", "The Fed fears a bubble."]
    texts += [
        "The Zorglub Northern League (ZNL) fears a bubble.",
        '"No bubble," the ZNL said.',
        "The ZNL fears a bubble.",
    ]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    study = studies.study(tmp_path, "bubble", language="en")
    told = {"Bank of England", "Zorglub Northern League"}
    assert set(study.voices.name) - {""} == told
    assert set(study.stances.holder) - {""} == {*told, "Federal Reserve"}


def test_a_surname_without_its_accent_is_the_one_person_who_is_written_with_it():
    texts = ["Hier, Luc Zorgué est venu. Puis Zorgue est parti.", "Hier, Luc Coupé est venu. Puis Coupe est parti."]
    assert told(names.mentions(corpus_of(texts)))[1::2] == ["PER Zorgue = Luc Zorgué", "ORG Coupe"], "a cup"
    both = "Hier, Luc Zorgué et Jean Zorguè sont venus, dit Zorgue."
    assert told(names.mentions(both))[-1] == "PER Zorgue", "it may be either"


def test_who_has_a_title_is_no_organisation_of_that_name():
    text = "Mr. Goldman met Mrs Tesla at Goldman Sachs and at Tesla."
    assert told(names.mentions(text, "en")) == [
        "PER Goldman = Mr. Goldman",
        "PER Tesla = Mrs Tesla",
        "ORG Goldman Sachs",
        "ORG Tesla",
    ]


def test_the_capitals_of_a_headline_name_nobody_even_where_several_stand_in_a_row():
    row = "> The bank sees no end of it Reuters Rival Buys Big Dam Maker Bloomberg Jensen Huang Sells Shares CNBC"
    found = names.mentions(f"{row} Why some banks wait The Guardian", "en")
    assert told(found) == ["ORG Reuters", "ORG Bloomberg", "PER Jensen Huang", "ORG CNBC", "ORG The Guardian"]
    chips = names.mentions("Memory Chip Shortage Hits Makers Of Phones", "en")
    assert (chips.sure < names.SURE).all(), "a first name that is a word, before a word"
    gates = "Bill Gates met her.\n\nWhy Bill Gates Sells Shares Again"
    assert names.mentions(gates, "en").sure.tolist() == [3, 2], "but a person of the text stays one"


def test_a_first_name_that_sounds_alike_is_one_and_the_same_person():
    texts = ["Hier, Franck Verne et Renée Philippe ont parlé."] * 2 + ["Hier, Frank Verne et René Philippe ont parlé."]
    assert told(names.mentions(corpus_of(texts)))[-2:] == ["PER Frank Verne = Franck Verne", "PER René Philippe"]


def test_the_order_of_articles_changes_no_mention():
    articles = corpus_of([case["text"] for case in CASES])
    made = names.mentions(articles).sort_values(["article", "start"], ignore_index=True)
    turned = names.mentions(articles[::-1]).sort_values(["article", "start"], ignore_index=True)
    pd.testing.assert_frame_equal(made, turned)


def test_spaces_and_apostrophes_of_any_kind_leave_the_places_as_they_are():
    text = "C’est\xa0l’AFP et Sam\xa0Altman\u202f!"
    found = names.mentions(text)
    assert told(found) == ["ORG AFP", "PER Sam\xa0Altman = Sam Altman"]
    assert [text[a:b] for a, b in zip(found.start, found.end, strict=True)] == found.text.tolist()


def test_who_speaks_is_the_person_in_a_name_and_not_a_longer_name_at_its_place():
    texts = ["Paul Verne est là.\nPaul Verne Je dors.", "Un Insoumis Paul Verne dort."]
    found = names.mentions(corpus_of(texts))
    spoken = [("a0", "Paul Verne", 19, 29), ("a1", "Insoumis Paul Verne", 3, 22)]
    named = pd.DataFrame(spoken, columns=["article", "name", "start", "end"])
    assert names.resolved(named, found).name.tolist() == ["Paul Verne", "Paul Verne"]


def test_a_surname_in_capitals_is_shown_in_small_letters():
    texts = ["Paul VERNE. - Il pleut. Paul VERNE. - Il neige. Louis XVIII dort à la CGT."]
    assert set(names.mentions(corpus_of(texts)).actor) == {"Paul Verne", "Louis XVIII", "CGT"}


def test_an_actor_is_counted_by_sentences_in_and_outside_the_theme():
    texts = [
        "La bulle de Nvidia enfle, dit Nvidia. Nvidia monte. Apple dort. Il pleut.",
        "La bulle enfle. On voit Zorg.",
    ]
    table = names.actors(corpus_of(texts), "bulle")
    counted = table[["actor", "mentions", "articles", "sentences", "theme"]].to_numpy().tolist()
    assert counted == [["Nvidia", 3, 1, 2, 1], ["Apple", 1, 1, 1, 0]]
    assert table.attrs["unsure"] == 1, "Zorg stands without a cue"
    assert table[["log_ratio", "low", "high"]].isna().all(axis=None), "one sentence of one article gives no ratio"
    first = names.actors(corpus_of(["Paul Verne dort, dit Zoé.", "Il est tard, dit Zoé.", "On dit Zoé."]))
    assert first.actor.tolist() == ["Paul Verne"], "one Zoé here, another there"
    kinds = names.actors(corpus_of(["On va rue de Morvil.", "Un Morvil de la vie chère."]))
    assert kinds[["actor", "type", "mentions"]].to_numpy().tolist() == [["Morvil", "LOC", 1]], "its type is a sure one"
    labels = "LE FIGARO/ENTRETIEN - Nvidia et la bulle.\nLE FIGARO. - Pourquoi ?"
    assert names.actors(corpus_of([labels]), "bulle").actor.tolist() == ["Nvidia"], "a label before a dash names nobody"


def test_an_actor_of_the_theme_has_a_log_ratio_from_five_sentences_in_three_articles():
    text = "La bulle de Nvidia enfle. Apple dort. Il pleut. Nvidia dort."
    made = names.actors(corpus_of([text] * 5), "bulle").set_index("actor")
    assert made.log_ratio["Nvidia"] == pytest.approx(np.log2((5 / 5) / (5 / 15)))
    assert np.isnan(made.log_ratio["Apple"])
    assert names.actors(corpus_of([text] * 4), "bulle").log_ratio.isna().all()
    copies = corpus_of([text] * 5, family=["a0", "a0", "a0", "a3", "a3"])
    assert names.actors(copies, "bulle").log_ratio.isna().all(), "copies of two articles are two"


def test_the_interval_of_articles_that_agree_is_that_of_independent_sentences():
    counts, sizes = (pd.DataFrame({0: [here] * 4, 1: [there] * 4}) for here, there in ((2, 1), (9, 30)))
    ratio, low, high = terms.clustered(counts, sizes)
    known = stats.contingency.relative_risk(8, 36, 4, 120)
    bounds = np.log([known.confidence_interval().low, known.confidence_interval().high])
    error = (bounds[1] - bounds[0]) / 2 / stats.norm.isf(0.025)
    assert ratio == pytest.approx(np.log2(known.relative_risk))
    assert [ratio - low, high - ratio] == pytest.approx([stats.t.isf(0.025, 3) * error / np.log(2)] * 2)


def test_the_interval_of_articles_that_differ_is_that_of_the_jackknife():
    draws = np.random.default_rng(3)
    about = np.repeat([6.0, 0.05], [20, 40])
    sizes = pd.DataFrame(np.c_[4 + draws.poisson(4, 60), 20 + draws.poisson(9, 60)])
    counts = pd.DataFrame(draws.binomial(sizes, np.outer(about, [0.12, 0.02]) * draws.uniform(0, 1, (60, 2))))
    _, low, high = terms.clustered(counts, sizes)
    left = [terms.clustered(counts.drop(n), sizes.drop(n))[0] for n in range(60)]
    error = np.sqrt(59 / 60 * ((np.array(left) - np.mean(left)) ** 2).sum())
    named = (counts.sum(axis=1) > 0).sum()
    assert (high - low) / 2 == pytest.approx(stats.t.isf(0.025, named - 1) * error, rel=0.1)


def test_a_study_names_the_actors_of_the_articles_that_hold_the_theme(tmp_path):
    (tmp_path / "a.txt").write_text("La bulle enfle, selon Sam Altman. Apple dort.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Oracle dort à Paris.", encoding="utf-8")
    study = studies.study(tmp_path, "bulle")
    assert told(study.mentions) == ["PER Sam Altman", "ORG Apple"]
    assert study.actors[["actor", "theme"]].to_numpy().tolist() == [["Apple", 0], ["Sam Altman", 1]]
    assert study.actors.equals(names.actors(study.holding, "bulle"))


def test_places_of_a_theme_bear_the_names_of_the_actors(tmp_path):
    texts = [
        "« La bulle enfle », dit Laurent Nuñez. Laurent Nuñez sort.",
        "« La bulle enfle », dit Laurent Nunez.",
        "« La bulle enfle », dit la Fédération Française de l'Assurance.",
        "« La bulle enfle », dit la Fédération.",
        "« La bulle enfle », dit la MAIF.",
    ]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(f"---\ntitle: T\n---\n{text}", encoding="utf-8")
    study = studies.study(tmp_path, "bulle")
    assert study.places.name.tolist() == ["Laurent Nuñez"] * 2 + ["Fédération Française de l'Assurance", "", "MAIF"]
    assert study.voices.name.tolist() == study.places.name.tolist() == places.places(study).name.tolist()
    assert set(study.places.name) - {""} <= set(study.actors.actor)
    assert shares.told(study.places, study.texts).text.iloc[0] == texts[0]  # front matter is nothing around it
    people = shares.people(pd.concat([study.places.assign(family="a"), study.places.assign(family="b")]))
    assert people.to_numpy().tolist() == [["Laurent Nuñez", "named", 4, 2]]
    unread = study.places.assign(voice="", name="")  # of a language whose voices are not read nothing is missed
    assert [*shares.people(unread).attrs, *shares.toned(unread, study.scores, study.scored).attrs["refusals"]] == []


def test_a_speaker_of_a_language_without_cues_is_named_as_written():
    named = pd.DataFrame({"article": ["a"], "name": ["Federal Reserve"], "start": [4], "end": [19]})
    assert names.resolved(named, names.mentions("Llueve.", "es")).values.tolist() == [["Federal Reserve", "ORG"]]


def test_a_language_without_cues_and_a_text_without_names_give_empty_tables():
    for found in (
        names.mentions("Habló Sam Altman.", "es"),
        names.mentions("It rains.", "en"),
        names.mentions("Il pleut."),
    ):
        assert found.empty and list(found) == names.COLUMNS
    assert list(names.actors("Il pleut.", "bulle")) == names.ROW
    assert len(passages.matches(corpus_of(["Il pleut."]), "bulle")) == 0


@pytest.mark.parametrize(
    "unit", ["A", "Ab ", "A-", "A'", "d'A ", "A\n", "Ab (", "A 1 ", "M.", "« ", "Union x ", "A & de "]
)
def test_hostile_texts_are_read_in_one_pass(unit):
    """Two hundred thousand characters; a step that looked back over them all would not end within the hour."""
    found = names.mentions(unit * (200_000 // len(unit)))
    assert (found.end - found.start < 200_001).all()
    found = names.mentions(unit * (20_000 // len(unit)), "en")
    assert (found.end - found.start < 20_001).all()


def test_the_gazetteer_and_the_lists_hold_what_they_should():
    rows = pd.read_csv(bulle.PACKAGE / "data" / "gazetteer.csv", comment="#")
    assert set(rows.type) == {"ORG", "LOC", "PROD"} and not rows.isna().any(axis=None)
    assert not rows.duplicated("form").any()
    apart = rows.assign(key=rows.form.map(naming.key)).groupby("key")[["type", "actor"]].nunique().max()
    assert apart.tolist() == [1, 1], "one key, two actors"
    english = pd.read_csv(bulle.PACKAGE / "data" / "en" / "gazetteer.csv", comment="#", na_filter=False)
    assert set(english.type) == {"ORG", "LOC", "PROD", ""} and not english.duplicated("form").any()
    known = english[english.type != ""]
    apart = known.assign(key=known.form.map(naming.key)).groupby("key")[["type", "actor"]].nunique().max()
    assert apart.tolist() == [1, 1], "one key, two actors"
    first = bulle.entries("fr", "first_names")
    assert len(first) == len(set(first)) and "Zélie" in first


def test_the_command_writes_the_actors_as_csv(capsys):
    assert main(["actors", "seeds", "--theme", "bulle"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ",".join(names.ROW) and "OpenAI,ORG,OpenAI; Open AI,6,1,5,0,,," in lines
    assert main(["actors", "nowhere"]) == 2
