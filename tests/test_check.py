import json
import shutil

import nbformat
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis import ROOT, check, corpus, findings, narrative, run
from analysis.__main__ import main


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A true run on a copy of the seed, and the copy."""
    folder = tmp_path_factory.mktemp("checked")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "seeds" / "manifest.csv").unlink()
    assert main(["run", "4", "--corpus", str(folder / "seeds"), "-o", str(folder / "run")]) == 0
    assert check.problems(folder / "run") == []
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    """The run and its text, free to be falsified."""
    return shutil.copytree(whole, tmp_path / "copy")


def page(old, new):
    def falsify(folder):
        path = folder / "run" / "index.html"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return falsify


def ledger(edit):
    """An edit of the ledger that is made everywhere it is kept, as a careful forger would."""

    def falsify(folder):
        path = folder / "run" / "findings.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        edit(told, {finding["name"]: finding for finding in told["findings"]})
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    return falsify


def text(folder):
    path = next((folder / "seeds").glob("*.txt"))
    path.write_text(path.read_text(encoding="utf-8").replace("vertigineux", "raisonnables"), encoding="utf-8")


def parameter(folder):
    path = folder / "run" / "parameters.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"theme": "bulle"', '"theme": "risque"'), encoding="utf-8")


def removed(told, named):
    told["findings"].remove(named["theme.share"])


def shifted(told, named):
    named["tone.negative"]["spans"][0]["start"] += 1


def quotation(told, named):
    named["passage.1"]["spans"][0]["text"] = "Tout va bien."


INJECTED = '<span class="s">Three analysts expect a crash.</span> <span class="s">How'
FALSE = {
    "a digit changed": (page('">440</a> words', '">540</a> words'), "“540” should read “440” (#f-read.words)"),
    "a number word changed": (page('">one</a> sentence', '">two</a> sentence'), "“two” should read “one”"),
    "a quotation altered": (page("sommets vertigineux", "sommets raisonnables"), "should read ““L'optimisme"),
    "a direction flipped": (page("7.6 on the negative side", "7.6 on the positive side"), "“7.6 on the negative side”"),
    "a verdict flipped": (page("mixed, leaning negative", "mixed, leaning positive"), "should read “mixed, leaning"),
    "a span shifted": (ledger(shifted), "tone.negative: a span is"),
    "a quotation forged in the ledger": (ledger(quotation), "passage.1: a span is"),
    "a text edited": (text, "text 000_e929f5620eca117b: changed since the run"),
    "a finding removed": (ledger(removed), "theme.share is missing"),
    "a unit changed": (
        ledger(lambda _, named: named["read.words"].update(unit="pages")),
        "read.words: unit is 'pages'",
    ),
    "an interval invented": (
        ledger(lambda _, named: named["theme.share"].update(interval=[0.05, 0.1])),
        "theme.share: interval is [0.05, 0.1]",
    ),
    "a value changed": (ledger(lambda _, named: named["tone.net"].update(value=0.9)), "tone.net: value is 0.9"),
    "a floor lowered": (
        ledger(lambda _, named: named["tone.verdict"].update(outcome="value", value="negative", refusals=[])),
        "tone.verdict: value is 'negative'",
    ),
    "a parameter edited": (parameter, "parameters.json: theme is 'risque', the findings were made with 'bulle'"),
    "a sentence injected": (
        page(
            '<span class="s">On the tone',
            '<span class="s">Three analysts expect a crash.</span> <span class="s">On the tone',
        ),
        "“Three analysts expect a crash.” is not of the account: “Three” rests on no finding",
    ),
    "words slipped between sentences": (page("</p>\n<h3>", " It will burst.</p>\n<h3>"), "It will burst."),
    "a sentence left out": (page("Anything about the press at large", ""), "should read"),
    "a stale version": (ledger(lambda told, _: told["versions"].update(pandas="0.1")), "stale: made with pandas 0.1"),
}


@pytest.mark.parametrize("case", FALSE)
def test_a_falsified_run_is_caught_by_name(case, copy):
    falsify, message = FALSE[case]
    falsify(copy)
    found = check.problems(copy / "run", str(copy / "seeds"))
    assert any(message in problem for problem in found), found


def test_the_committed_account_stands_on_the_seed():
    """The ledger and the account in the committed notebook are those that the seed gives today."""
    notebook = nbformat.read(run.notebooks("4")[0], as_version=4)
    outputs = [out.data for cell in notebook.cells for out in cell.get("outputs", []) if "data" in out]
    carried = next(data for data in outputs if narrative.MIME in data)
    told = carried[narrative.MIME]
    made = findings.ledger(corpus.read(ROOT / "seeds"), told["parameters"])
    assert told == json.loads(made.json())
    assert list(check.differences(carried["text/html"], narrative.account(made).html, "en")) == []


def test_the_command_says_what_is_false_and_fails(copy, capsys):
    page('">440</a> words', '">540</a> words')(copy)
    assert main(["check", str(copy / "run")]) == 1
    assert "“540” should read “440”" in capsys.readouterr().out
    assert main(["check", str(copy / "nowhere")]) == 2
    assert "findings.json: not found" in capsys.readouterr().err


WORDS = (
    "bulle bulles risque crise hausse baisse succès échec marché 2025 3,5 % Nvidia « oui » ne pas très . ! ? \n".split(
        " "
    )
)
BODY = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
DATES = st.sampled_from([pd.NaT, pd.Timestamp("2025-01-31"), pd.Timestamp("2025-11-21")])
ARTICLES = st.lists(
    st.tuples(st.sampled_from(["", "AFP", "Le Monde"]), DATES, st.sampled_from(["", "3 <b>"]), BODY), max_size=50
)


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    rows=ARTICLES,
    theme=st.sampled_from(["bulle", "risque, crise", r"h\w+", "absent", "3"]),
    spoken=st.sampled_from(["en", "fr"]),
)
def test_every_account_is_whole_and_backed(rows, theme, spoken):
    table = pd.DataFrame(rows, columns=["source", "date", "title", "text"]).astype({"date": "datetime64[s]"})
    table = table.assign(article=[f"a{number}" for number in range(len(rows))], language="fr")
    made = findings.ledger(table, {"theme": theme, "context": 1, "top": 20})
    account = narrative.account(findings.loaded(json.loads(made.json())), spoken)
    assert check.unbacked(account.html, spoken) == []
    assert not [scar for scar in ("nan", "None", "{", "}", "  ", " .", "()") if scar in _prose(account)]


def _prose(account):
    """The account without its quotations, which are the texts' own."""
    import bs4

    soup = bs4.BeautifulSoup(account.html, "html.parser")
    for quotation in soup.select("a.q, a[href='#f-theme.name']"):
        quotation.replace_with("quoted")
    return soup.get_text()
