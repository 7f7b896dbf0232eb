"""Labels by hand: the sheet, what spreadsheets make of it, agreement of its readers, the rules against them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bulle
from bulle import LANGUAGES, InputError, agreement, findings, labels, narrative
from bulle.__main__ import main

TEXT = "La bulle inquiète.\nUne bulle, une autre bulle rassure."


def table(*texts, article="a"):
    """Sentences of one article."""
    return pd.DataFrame({"article": article, "sentence": range(len(texts)), "start": 0, "end": 9, "text": texts})


def said(*kinds):
    """What the rules say of the sentences of one article each."""
    names = [str(number) for number in range(len(kinds))]
    return pd.DataFrame({"article": names, "sentence": 0, "start": 0, "end": 9, "family": names, "said": kinds})


def given(*readers):
    """Labels of some readers of the same sentences."""
    made = pd.DataFrame({"article": [str(number) for number in range(len(readers[0]))], "sentence": 0})
    return made.assign(**{f"tone:{number}": list(one) for number, one in enumerate(readers)})


def test_the_sheet_is_a_seeded_sample_and_runs_no_formula():
    sentences = table('=HYPERLINK("x")', "+1 %", "- bien", "@moi", "texte").assign(match="x")
    whole = labels.sheet(sentences)
    assert whole.text.tolist() == ['\'=HYPERLINK("x")', "'+1 %", "'- bien", "'@moi", "texte"]
    assert labels.sheet(sentences, 2).equals(labels.sheet(sentences, 2)) and len(labels.sheet(sentences, 2)) == 2
    assert set(whole.coder_1) == {""}


def test_a_sheet_shows_each_sentence_with_its_theme_and_what_stands_around_it(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    rows = labels.around(bulle.read(tmp_path / "a.txt"), "bulle")
    assert rows[["before", "after", "theme"]].to_numpy().tolist() == [
        ["", "Une bulle, une autre bulle rassure.", "3 to 8"],
        ["La bulle inquiète.", "", "4 to 9, 21 to 26"],
    ]
    assert [rows.text[1][start:end] for start, end in labels.places(rows.loc[1])] == ["bulle", "bulle"]


def test_a_sheet_runs_no_name_of_an_article_and_gives_it_back(tmp_path):
    names = ["=HYPERLINK(1)", "@a", "-1", "'=a", "''@a", "'a", "a"]
    sheet = labels.sheet(table(*["La bulle."] * len(names)).assign(article=names, match="x"))
    assert sheet.article.tolist() == ["'=HYPERLINK(1)", "'@a", "'-1", "''=a", "'''@a", "'a", "a"]
    sheet.to_csv(tmp_path / "sheet.csv", index=False)
    assert labels.labels(str(tmp_path / "sheet.csv")).article.tolist() == names


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("article,sentence,coder_1\na,0,bof\n", "row 2: coder_1 is 'bof'"),
        ("a,b\n1,2\n", "no column 'article'"),
        ("", "cannot be read"),
        ("article,sentence,coder_1\na,x,\n", "row 2: sentence 'x' is no number"),
        ("article,sentence,coder_1\na,1,\nb,1,\na,1,\n", "row 4: sentence '1' stands there twice"),
        ("article,sentence,tone:A,tone:A\na,1,,\n", "two columns 'tone:A'"),
        ("article,sentence\na,1,2,3\n", "cannot be read"),
    ],
)
def test_a_wrong_sheet_is_refused_with_its_row(tmp_path, content, told):
    (tmp_path / "sheet.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        labels.labels(str(tmp_path / "sheet.csv"))
    assert told in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize(("sign", "codec"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_a_sheet_is_read_as_spreadsheets_save_it(tmp_path, sign, codec):
    filled = labels.sheet(table("Un succès, enfin ; là.")).assign(coder_1="négatif")
    filled.to_csv(tmp_path / "sheet.csv", sep=sign, encoding=codec, index=False)
    found = labels.labels(str(tmp_path / "sheet.csv"))
    assert found[["article", "sentence", "text", "coder_1"]].values.tolist() == [["a", 0, filled.text[0], "negative"]]


def test_a_workbook_of_labels_is_written_and_read_back(tmp_path, capfd):
    (tmp_path / "a.txt").write_text("La bulle inquiète. La bulle rassure.", encoding="utf-8")
    assert main(["sheet", str(tmp_path / "a.txt"), "bulle", "-o", str(tmp_path / "s.xlsx")]) == 0
    found = labels.labels(str(tmp_path / "s.xlsx"))
    assert list(found.sentence) == [0, 1] and list(found.text) == ["La bulle inquiète.", "La bulle rassure."]
    capfd.readouterr()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["bulle", "-o", "nowhere/s.csv"], "in a folder that exists"),
        (["bulle", "-o", "s.ods"], "expected a .csv or .xlsx file"),
        (["bulle", "--size", "-5"], "--size 0 or more"),
        (["chaise"], "no sentence of"),
    ],
)
def test_a_sheet_that_cannot_be_written_is_refused_in_one_line(tmp_path, monkeypatch, capfd, options, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("La bulle inquiète.", encoding="utf-8")
    assert main(["sheet", "a.txt", *options]) == 2
    error = capfd.readouterr().err
    assert told in error and error.count("\n") == 1 and [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_languages_ask_the_same_and_no_two_labels_of_a_task_have_one_key():
    asked = [labels.tasks(language) for language in LANGUAGES]
    kinds = [{task: set(one.label) for task, (_, one) in tasks.items()} for tasks in asked]
    assert all(one == kinds[0] for one in kinds)
    for _, one in [pair for tasks in asked for pair in tasks.values()]:
        assert one.key.is_unique and one.name.is_unique and not set(one.key) & {"c", "u", ""}


def test_alpha_is_that_of_krippendorff_s_worked_examples():
    """Computing Krippendorff's Alpha-Reliability (2011): two coders .095, four coders with missing codes .743."""
    two = np.array([list("0100000010"), list("1110010000")])
    four = np.array([list("123321412   "), list("1233224125 3"), list(" 3332342251 "), list("12332441251 ")])
    assert agreement.alpha(two) == pytest.approx(0.095, abs=0.001)
    assert agreement.alpha(np.where(four == " ", "", four)) == pytest.approx(0.743, abs=0.001)


def test_the_interval_of_alpha_is_that_of_scipy_s_bootstrap():
    draw = np.random.default_rng(1)
    one = draw.choice(["a", "b", "c"], 80)
    codes = np.array([one, np.where(draw.random(80) < 0.7, one, "a")])
    number = np.unique(codes, return_inverse=True)[1].reshape(codes.shape)

    def statistic(one, other, axis=-1):
        return agreement.alpha(np.array([one, other]).astype(str))

    drawn = stats.bootstrap(
        tuple(number), statistic, paired=True, vectorized=False, n_resamples=999, method="percentile", rng=draw
    ).confidence_interval
    assert agreement.alpha_interval(codes) == pytest.approx(tuple(drawn), abs=0.02)


def test_the_rules_are_checked_on_the_sentences_on_which_nobody_differs():
    rules = said("positive", "negative", "undetermined", "mixed", "positive", "negative")
    first = ["positive", "negative", "neutral", "positive", "unsure", "negative"]
    other = ["positive", "negative", "mixed", "positive", "negative", "positive"]
    made = agreement.check("tone", given(first, other), rules)
    assert (made.labelled, made.unsure, made.readers, made.double) == (6, 1, 2, 5)
    assert made.compared[["gold", "said"]].to_numpy().tolist() == [
        ["positive", "positive"],
        ["negative", "negative"],
        ["positive", "neutral"],
        ["negative", "positive"],
    ]
    assert made.share == 0.5 and made.low < 0.5 < made.high
    assert made.classes[["label", "gold", "said", "right"]].to_numpy().tolist() == [
        ["positive", 2, 2, 1],
        ["negative", 2, 1, 1],
        ["neutral", 0, 1, 0],
    ]
    assert [(missed.step, missed.measure) for missed in made.refusals] == [
        ("check", "sentences"),
        ("agreement", "sentences"),
        ("agreement", "alpha"),
    ]
    assert len(agreement.check("tone", given(first, other), rules[:0]).compared) == 0  # of other texts
    alone = agreement.check("tone", given(first), rules)
    assert alone.readers == 1 and np.isnan(alone.alpha) and [one.step for one in alone.refusals] == ["check"]


@pytest.fixture
def study():
    return bulle.study(text="La bulle inquiète. La bulle enfle, dit-il. Ce n'est pas une bulle.")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_sheet_tells_of_each_task_and_of_both_readers(study, tmp_path, language):
    sheet = labels.sheet(labels.around(study.holding, "bulle"))
    assert "hand" in agreement.checked("", study)
    sheet = sheet.assign(**{"tone:A": "negative", "tone:B": ["négatif", "?", "positive"], "stance:A": "rest"})
    sheet.to_csv(tmp_path / "s.csv", index=False)
    bulle.tell(language)
    try:
        told = str(agreement.checked(str(tmp_path / "s.csv"), study))
    finally:
        bulle.tell()
    assert {"en": "Tone: 2 of 3 sentences with a label are", "fr": "Ton\u00a0: 2 sur 3 phrases étiquetées sont"}[
        language
    ] in told
    assert {"en": "Stance: 3 of 3 sentences", "fr": "Position\u00a0: 3 sur 3"}[language] in told
    assert "{" not in told and "nan" not in told


def test_a_sheet_of_other_texts_is_refused(study, tmp_path):
    sheet = labels.sheet(labels.around(study.holding, "bulle")).assign(coder_1="neutral")
    sheet.assign(text=[*sheet.text[:2], "Autre chose."]).to_csv(tmp_path / "s.csv", index=False)
    with pytest.raises(InputError, match=r"row 4: sentence 2 of .* is another one here"):
        agreement.checked(str(tmp_path / "s.csv"), study)


@pytest.mark.parametrize(
    ("language", "short", "told"),
    [
        ("en", "the tone, right for 12 of 24 (50.0%).", "12 of 24 sentences read by two people who agree on them"),
        (
            "fr",
            "le ton, juste pour 12 sur 24 (50,0\u00a0%).",
            "12 de 24 phrases lues par deux personnes qui s’y accordent",
        ),
    ],
)
def test_the_account_says_how_often_the_rules_are_right_on_its_own_corpus(tmp_path, language, short, told):
    study = bulle.study(text="\n".join(f"La bulle numéro {number} est une catastrophe." for number in range(24)))
    sheet = labels.sheet(labels.around(study.holding, "bulle"))
    sheet["tone:A"] = sheet["tone:B"] = ["negative", "positive"] * 12
    sheet.to_csv(tmp_path / "s.csv", index=False)
    ledger = findings.ledger(study, {"theme": "bulle", "sheet": str(tmp_path / "s.csv")})
    right = (study.scores.verdict[::2] == "negative").sum()
    assert right == 12 and ledger["check.tone"].value == 0.5 and ledger["check.tone"].spans_total == right
    assert ledger["check.tone.alpha"].value == 1
    account = narrative.account(ledger, language).text
    assert short in account and told in account and "check.voice" not in ledger
    sheet["tone:B"] = ["negative", "negative", "positive", "positive"] * 6
    sheet.to_csv(tmp_path / "s.csv", index=False)
    ledger = findings.ledger(study, {"theme": "bulle", "sheet": str(tmp_path / "s.csv")})
    assert [missed.measure for missed in ledger["check.tone"].refusals] == ["sentences", "alpha"]
    assert "Krippendorff" in narrative.account(ledger, language).text
