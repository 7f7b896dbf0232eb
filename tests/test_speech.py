import csv
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import bulle
from bulle import PACKAGE, corpus, marks, passages, speakers, speech, words
from bulle.__main__ import main

CASES = []
for code in ("fr", "en"):
    lines = (Path(__file__).parent / "cases" / f"speech_{code}.csv").read_text("utf-8").splitlines(keepends=True)
    CASES += [row | {"language": code} for row in csv.DictReader(line for line in lines if not line.startswith("#"))]


def rows(text, language="fr"):
    """What is found in a text: kind, what is said, the speaker as it stands, its name, its voice."""
    columns = ["kind", "text", "speaker", "name", "voice"]
    return [tuple(row) for row in speech.quotes(text, language)[columns].itertuples(index=False)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}: {case['why']}")
def test_a_quotation_has_its_speaker(case):
    found = [row for row in rows(case["text"], case["language"]) if row[1] == case["said"] or not case["kind"]]
    expected = tuple(case[column] for column in ("kind", "said", "speaker", "name", "voice"))
    assert found == ([expected] if case["kind"] else [])


@pytest.mark.parametrize(
    "text",
    [
        "Marie Roux détaille les mesures que la banque a prises.",
        "Pour les banques, que faut-il faire maintenant ?",
        "L'essor de la bulle inquiète fort Marie Roux.",
        "Il est prévu que la banque ferme en mars.",
        "En espérant un accord rapide, la banque attend.",
        "Selon les cas, la banque ferme ou reste ouverte.",
        "Le président n'a trouvé pour toute solution que de se cacher derrière la bulle.",
        "L'acte XII des clients avance, en réclamant la fin de la bulle.",
    ],
)
def test_what_is_no_speech_has_no_row(text):
    assert rows(text) == []


def test_the_seed_has_its_three_quotations_two_terms_and_its_indirect_speech():
    found = speech.quotes(bulle.read("seeds"))
    by_kind = {kind: list(zip(own.speaker, own.voice, strict=True)) for kind, own in found.groupby("kind")}
    assert by_kind["direct"] == [("Sam Altman", "named"), ("OpenAI", "organisation"), ("il", "named")]
    assert found[found.kind == "term"].text.tolist() == ["Stargate", "solutions robotiques intelligentes"]
    assert by_kind["indirect"][1:] == [
        ("certaines estimations", "unnamed"),
        ("Steven Tseng", "named"),
        ("Tseng", "named"),
    ]
    assert found.name[found.speaker.isin(["il", "Tseng"])].tolist() == ["Steven Tseng", "Steven Tseng"]
    study = bulle.study("seeds")
    assert study.voices.voice.tolist() == ["reporter"] and study.voices["quote"].isna().all()


def heard(text: str) -> pd.DataFrame:
    """The voices of the bubble in a text."""
    articles = corpus.given(text)
    return speech.voices(
        passages.matches(articles, "bulle"), speech.quotes(articles), articles, words.sentences(articles)
    )


def test_what_is_held_without_words_is_of_the_subject_of_the_verb_that_tells_the_stance(tmp_path):
    told = {
        "Paul Roux, patron de Verdal, rejette l'idée d'une bulle.": "Paul Roux",
        "Les économistes s'inquiètent d'un risque de bulle.": "",
        "Paul Roux avait vendu Verdal avant la bulle.": "",
        "« Je crains une bulle », a dit Jeanne Petit.": "Jeanne Petit",
        "« La bulle », comme dit Jeanne Petit, n'est plus à craindre.": "",
        "Paul Roux conteste ces chiffres, et une bulle enfle.": "",
    }
    (tmp_path / "a.txt").write_text("\n\n".join(told), encoding="utf-8")
    study = bulle.study(tmp_path, theme="bulle")
    assert study.places.holder.tolist() == [*told.values()] == study.stances.holder.tolist()
    assert study.places.voice[0] == "reporter"  # whose words these are


def test_a_place_of_a_theme_has_the_voice_of_the_shortest_quotation_around_it():
    text = (
        "Paul Roux estime que la bulle enfle. La bulle est là. Le groupe aurait quitté la bulle. "
        "S'il avait plu, la bulle aurait éclaté. « La bulle ? Elle tient », assure la banque.\n\n« Quelle bulle ! »"
    )
    found = heard(text)
    assert found.voice.tolist() == ["named", "reporter", "reporter", "reporter", "organisation", "unknown"]
    assert found.name.tolist()[:2] == ["Paul Roux", ""]
    assert found["quote"].isna().tolist() == [False, True, True, True, False, False]
    assert found.hearsay.tolist() == [False, False, True, False, False, False]
    assert found.sentence.tolist() == [0, 1, 2, 3, 4, 6]


def test_what_is_found_in_an_article_depends_on_no_other():
    texts = [case["text"] for case in CASES]
    table = pd.DataFrame({"article": range(len(texts)), "text": texts, "language": "fr"})
    whole, back = speech.quotes(table), speech.quotes(table[::-1])
    pd.testing.assert_frame_equal(whole, back.sort_values("article", kind="stable", ignore_index=True))
    first = speech.quotes(table[:1])
    pd.testing.assert_frame_equal(first, whole[whole.article == 0].reset_index(drop=True))


def test_places_are_those_of_the_text():
    for case in CASES:
        for row in speech.quotes(case["text"]).itertuples():
            assert case["text"][row.start : row.end] == row.text and row.reach_start <= row.start < row.end
            assert row.speaker_start < 0 or case["text"][row.speaker_start : row.speaker_end] == row.speaker


def test_a_string_in_marks_of_eight_articles_is_a_name_of_the_corpus():
    text = "Paul Roux a évoqué le « grand saut »."
    one = pd.DataFrame({"article": [0], "text": [text], "language": "fr"})
    eight = pd.DataFrame({"article": range(8), "text": [text] * 8, "language": "fr"})
    assert speech.quotes(one).kind.tolist() == ["direct"]
    assert set(speech.quotes(eight).kind) == {"term"}
    assert set(speech.quotes(eight.assign(family=0)).kind) == {"direct"}, "copies of one text do not make a name"


def test_a_language_without_its_lists_has_no_rows_and_says_so():
    found = speech.quotes("«Es una burbuja», dijo Juana Ruiz.", "es")
    assert found.empty and list(found) == speech.COLUMNS and found.attrs["unread"] == ["es"]
    assert speech.quotes("« Oui », dit Paul Roux.").attrs["unread"] == []


@pytest.mark.parametrize(
    "text",
    ["« " * 5000, '"' * 5001, "» “" * 3000, "« a » " * 3000, "Selon " * 4000, "dit Paul " * 3000, "Le A " * 4000,
     "une, " * 5000, "Paul de " * 4000, "le ministre de la " * 2000, "«" + "x, " * 3000 + "»", "a" * 20000,
     "A" * 20000],
)  # fmt: skip
def test_hostile_texts_are_read(text):
    found = speech.quotes("Un mot. " + text)
    assert (found.start < found.end).all()


@pytest.mark.parametrize("sign", ["« ", '" ', "dit Paul, ", "selon Marie, ", "Le ministre de l'A, "])
def test_the_work_grows_as_the_text_does(sign, monkeypatch):
    """Words whose sign is looked for, marks and names: counted, not timed."""
    seen = []
    monkeypatch.setattr(speech.Sentence, "_sign", counting(speech.Sentence._sign, seen))
    counts = []
    for size in (2000, 8000):
        seen.clear()
        speech.quotes("Un mot. " + sign * size)
        counts.append(len(seen))
    assert counts[1] <= 5 * counts[0]


def counting(function, seen):
    def counted(*arguments):
        seen.append(1)
        return function(*arguments)

    return counted


def test_the_command_prints_the_table(capsys):
    assert main(["quotes", "seeds"]) == 0
    made = pd.read_csv(StringIO(capsys.readouterr().out))
    assert list(made) == speech.COLUMNS and (made.kind == "direct").sum() == 3


def test_the_command_names_a_speaker_as_the_actor(tmp_path, capsys):
    for name, bank in (("a", "BoE"), ("b", "Bank of England")):
        (tmp_path / f"{name}.txt").write_text(f'"It will burst very soon," the {bank} said.')
    assert main(["quotes", str(tmp_path), "--language", "en"]) == 0
    assert pd.read_csv(StringIO(capsys.readouterr().out)).name.tolist() == ["Bank of England"] * 2


def test_the_command_says_what_it_does_not_read(tmp_path, capsys):
    (tmp_path / "a.txt").write_text('"Es una burbuja", dijo Juana Ruiz, del banco.')
    assert main(["quotes", str(tmp_path), "--language", "es"]) == 0
    told = capsys.readouterr()
    assert told.out == ",".join(speech.COLUMNS) + "\n" and told.err.endswith("articles of: es\n")


def test_marks_that_are_not_closed_are_no_marks():
    assert marks.quoted("« a » « b") == [(1, 4)]
    assert marks.quoted('dit "a\nb" et "c"') == [(14, 15)]
    assert marks.quoted("« a « b » c »") == [(1, 12)]
    assert marks.quoted("« a\n« b »") == [(1, 8)]
    assert marks.quoted("“a“, dit-il : “b”") == [(1, 2), (15, 16)]
    assert marks.quoted('dit " une radio de paix ", puis "b"') == [(5, 24), (33, 34)]
    assert marks.quoted("« " + "a" * 4000 + " » « b »") == [(4006, 4009)]


def test_turns_of_an_interview_are_those_of_who_is_named():
    text = (
        "LE FIGARO.- Que faut-il faire ?\n\nMarie ROUX.- Vendre, et vite. La bulle enfle.\n\nEt après ?\n\n"
        "Marie ROUX.- Attendre, dit-on : « patience ».\n"
    )
    found = speech.quotes(text)
    turns = found[found.how == "interview"]
    assert turns.text.tolist() == ["Vendre, et vite. La bulle enfle.", "Attendre, dit-on : « patience »."]
    assert set(turns.name) == {"Marie ROUX"} and set(turns.voice) == {"named"}
    assert heard(text).name.tolist() == ["Marie ROUX"]


def test_answers_without_labels_are_nobody_s_who_is_named():
    """Where they speak of themselves: an explainer that asks and answers is the reporter's."""
    asked = "Que penser de cette bulle ?\n{}\nFaut-il vendre ces actions ?\n{}\nQui paiera la note ensuite ?\n{}\n"
    said = ["Je la crains, cette bulle.", "Non, la bulle tiendra.", "Nous tous, ou moi."]
    found = speech.quotes(asked.format(*said))
    assert found.text.tolist() == said and set(found.voice) == {"unknown"}
    told = ["Elle enfle, « je le crains », dit-on.", "Non, la bulle tiendra.", "Tous les porteurs."]
    assert not len(marks.turns(asked.format(*told), own=frozenset({"je", "moi", "nous"})))


def test_a_label_inside_a_line_has_its_answer():
    text = "FIGAROVOX.- La bulle enfle-t-elle ? Marie ROUX.- Oui. Le marché a peur. Que faire ? Marie ROUX.- Vendre."
    found = speech.quotes(text)
    assert [(row.text, row.name) for row in found.itertuples(index=False)] == [
        ("Oui. Le marché a peur.", "Marie ROUX"),
        ("Vendre.", "Marie ROUX"),
    ]


def test_a_line_with_a_colon_makes_no_interview():
    assert marks.turns("Novembre : la hausse.\n\nDécembre : la chute.\n\nMéthode : un sondage.\n") == []
    twice = "Le Journal : et alors ?\n\nMarie Roux : rien.\n\n" * 2
    assert [twice[first:last] for *_, first, last, _ in marks.turns(twice)] == ["Le Journal", "Marie Roux"] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # Guillaume is named in passing: nothing says that he speaks
            "La fête est organisée par le ministre, Paul Guillaume, et dure. « C'est très bien », lance-t-il.",
            ("", "unknown"),
        ),
        (
            "C'est le constat fait par Marie Roux, la patronne de Verdal. « La bulle va enfler encore », dit-elle.",
            ("Marie Roux", "named"),
        ),
        ("- **Marc Roux** : pas de bulle en vue\n- **Mode furtif** : rien\n", ("Marc Roux", "named")),
        ("Question : une bulle ?\n\nMarc Roux : non, la demande est là.\n", ("Marc Roux", "named")),
        ("\n".join(f"00:{second}La bulle enfle" for second in range(10, 20)), ("", "unknown")),
    ],
)
def test_whose_words_they_are_is_left_open_rather_than_guessed(text, expected):
    found = speech.quotes(text)
    assert {(row.name, row.voice) for row in found.itertuples(index=False)} == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "Il a été mis en examen, dit Marie Roux, pour « violences volontaires en réunion contre des agents ».",
        "Il est jugé pour « port d'arme », après une fouille hier, et pour « violences contre des agents ».",
        "Il a été placé en garde à vue pour « port d'arme », un bâton, et « violences contre des agents publics ».",
        "Une loi de mai « renforçant la lutte contre les violences de groupes » a été votée ce mardi.",
        "Marie Roux lit son dernier ouvrage, « La bulle ne fait que commencer, hélas ! ».",
    ],
)
def test_charges_and_titles_are_nobodys_words(text):
    assert {row[0] for row in rows(text)} - {"indirect"} == {"term"}


def test_a_signed_message_and_a_line_of_a_thread_are_those_of_who_writes():
    found = speech.quotes(
        "Elle a réagi.\n\nLa bulle va éclater, il faut vendre tout. — Marie Roux (@mroux) 3 mai 2024\n"
    )
    assert found[["kind", "text", "name", "how"]].to_numpy().tolist() == [
        ["direct", "La bulle va éclater, il faut vendre tout.", "Marie Roux", "tweet"]
    ]
    thread = speech.quotes("**mroux**: La bulle va éclater, il faut vendre.\n" * 10)
    assert set(thread.how) == {"thread"}


def test_who_held_an_office_depends_on_the_day():
    text = "Jean Castex et Édouard Philippe dînaient. « Nous verrons bien », a dit le premier ministre."
    days = ["2019-05-01", "2021-05-01", "2025-12-01", None]
    table = pd.DataFrame({"article": range(4), "text": [text] * 4, "language": "fr", "date": pd.to_datetime(days)})
    found = speech.quotes(table)
    assert found.name.tolist() == ["Édouard Philippe", "Jean Castex", "", ""]


def test_the_forms_of_verbs_are_written_once():
    """A form of a verb has one kind, and the flags that its docstring tells."""
    for path in (PACKAGE / "data").glob("*/reporting.csv"):
        rows = pd.read_csv(path, comment="#", keep_default_na=False)
        assert rows.entry.is_unique and set(rows.kind) - {"bare"} == set(speakers.VERBS)
        assert set("".join(rows["flags"])) <= set("fiqnoscvedxhu")


def test_constructions_are_those_that_the_code_looks_for():
    """What differs by language is data: no name of the tables is unknown to the code."""
    code = "".join((PACKAGE / f"{name}.py").read_text("utf-8") for name in ("speech", "speakers"))
    for language in ("fr", "en"):
        names = {name.split(" ")[0] for name in speakers.facts(language).constructions}
        assert "that" in names and not [name for name in names if f'"{name}"' not in code]
    assert not speakers.facts("fr").constructions["bare"].search("Nv")


def test_what_is_reported_holds_every_quotation_of_its_verb():
    text = "Marie Roux dit qu'« il ne faut pas vendre », mais « sans peur ni haine »."
    found = speech.quotes(text)
    assert (found.reach_start <= found.start).all() and (found.end <= found.reach_end).all() and len(found) == 2
