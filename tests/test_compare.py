import dataclasses

import pandas as pd
import pytest

from bulle import ROOT, corpus, findings
from bulle.__main__ import main
from bulle.app import compare

PARAMETERS = {"theme": "bulle", "context": 1, "top": 20}


@pytest.fixture(scope="module")
def seed():
    return findings.ledger(corpus.read(ROOT / "seeds"), PARAMETERS)


def changed(ledger, **finding):
    """The ledger with one finding replaced."""
    name = finding.pop("name")
    return dataclasses.replace(ledger, findings=ledger.findings | {name: dataclasses.replace(ledger[name], **finding)})


def test_a_run_is_like_itself(seed):
    assert len(compare.claims(seed, seed)) == len(compare.causes(seed, seed)) == 0


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ({"name": "read.words", "value": 500}, ["read.words", "moved", 500]),
        ({"name": "rest.net", "value": -0.5}, ["rest.net", "changed sign", -0.5]),
        ({"name": "theme.name", "value": "krach"}, ["theme.name", "reworded", "krach"]),
    ],
)
def test_a_claim_moves_or_turns_or_is_reworded(finding, expected, seed):
    row = compare.claims(seed, changed(seed, **finding)).iloc[0]
    assert [row.claim, row.change, row.after] == expected
    numeric = finding["name"] != "theme.name"
    assert row.by == pytest.approx(row.after - seed[finding["name"]].value) if numeric else row.by != row.by


def test_a_claim_loses_its_ground_and_finds_it_again(seed):
    named = changed(seed, name="tone.verdict", value="negative", outcome="value", refusals=())
    assert compare.claims(named, seed).change.tolist() == ["lost its ground"]
    assert compare.claims(seed, named).change.tolist() == ["found its ground"]


def test_another_theme_or_an_edited_text_is_named_as_the_cause(seed):
    articles = corpus.read(ROOT / "seeds")
    other = findings.ledger(articles, PARAMETERS | {"theme": "risque"})
    assert compare.causes(seed, other).values.tolist() == [["parameter", "theme", "bulle", "risque"]]
    claims = compare.claims(seed, other).set_index(["claim", "about"]).change
    assert claims["passage", "000_e929f5620eca117b, 5"] == "vanished"
    assert claims["passage", "000_e929f5620eca117b, 11"] == "appeared"
    edited = articles.assign(text=articles.text.str.replace("vertigineux", "raisonnables"))
    causes = compare.causes(seed, findings.ledger(edited, PARAMETERS))
    assert causes[["what", "name"]].values.tolist() == [["text", "000_e929f5620eca117b"]]


def test_a_word_is_compared_with_itself_wherever_it_stands_in_the_list():
    texts = ["Le krach vient. Le krach dure. Une bourse ferme, une bourse ouvre, une bourse dort."]
    other = ["Le krach vient. Le krach dure. Le krach passe. Le krach lasse. Une bourse ferme, une bourse ouvre."]
    ledgers = [findings.ledger(corpus_of(own), {"theme": "bulle"}) for own in (texts, other)]
    assert [ledger["term.1"].about for ledger in ledgers] == ["bourse", "krach"]
    claims = compare.claims(*ledgers).set_index(["claim", "about"])
    assert claims.loc[("term", "krach"), ["before", "after"]].tolist() == [2, 4]
    assert claims.loc[("term", "bourse"), ["before", "after"]].tolist() == [3, 2]
    assert not {"term.1", "term.2"} & set(claims.index.get_level_values("claim"))


def corpus_of(texts):
    names = [f"a{number}" for number in range(len(texts))]
    table = pd.DataFrame({"article": names, "source": "", "date": pd.NaT, "title": "", "language": "fr", "text": texts})
    return table.astype({"date": "datetime64[s]"})


def test_the_command_prints_the_tables_and_writes_the_page(built, tmp_path, capsys):
    assert main(["run", "5", "-p", "theme", "risque", "-o", str(tmp_path / "risque")]) == 0
    capsys.readouterr()
    page = tmp_path / "compared.html"
    assert main(["compare", str(built), str(tmp_path / "risque"), "-o", str(page)]) == 0
    told = capsys.readouterr().out
    assert "parameter theme  bulle risque" in told and "vanished" in told and str(page) in told
    assert "vanished" in page.read_text(encoding="utf-8")
