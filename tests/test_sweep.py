import json

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from test_tables import corpus

import bulle
from bulle import InputError, curves, runs, sentiment, sweeps
from bulle.__main__ import main
from bulle.app import sweep


def factorial(estimates):
    """Rows of an outcome whose decisions are a reference, a unit and function words, by their estimates."""
    rows = [
        dict(zip(sweeps.OUTCOMES["term"], key, strict=True)) | {"estimate": made} for key, made in estimates.items()
    ]
    shown = {"outcome": "term", "state": "shown", "reason": "", "low": -1.0, "high": 1.0}
    return pd.DataFrame([shown | row for row in rows])


def test_the_shares_of_the_variance_are_shapley_values_by_hand():
    """Sum of squares 29; by the unit alone 16, by function words alone 9: (16 + 29 - 9) / 2 = 18 and 11."""
    cells = {("lemma", False): 0.0, ("lemma", True): 1.0, ("form", False): 2.0, ("form", True): 7.0}
    rows = factorial({(reference, *key): made for reference in ("", "x") for key, made in cells.items()})
    found = sweeps.shares(rows).set_index("decision")
    assert found.share.round(9).to_dict() == {"unit": round(18 / 29, 9), "function": round(11 / 29, 9), "reference": 0}
    assert found.inert.to_dict() == {"unit": False, "function": False, "reference": True}


def test_a_sweep_says_the_sign_and_where_the_default_stands():
    rows = factorial(
        {("", "lemma", False): 0.5, ("", "lemma", True): -0.5, ("", "form", False): 2.0, ("", "form", True): 3.0}
    )
    found = sweeps.summary(rows.assign(low=[0.1, -1, 1, -1], n=7))
    told = {name: found[name] for name in ("all", "shown", "side", "kept", "sure", "below", "above", "least", "most")}
    assert told == {
        "all": 4,
        "shown": 4,
        "side": 1,
        "kept": 3,
        "sure": 2,
        "below": 1,
        "above": 2,
        "least": -0.5,
        "most": 3,
    }
    first = rows.assign(low=[0.1, -1, 1, -1], n=7, default=[True, False, False, False])
    assert curves.curve(first[:2], "term").title == "1 of 2 specifications is above nought"
    nothing = rows.assign(state="refused", estimate=float("nan"), low=float("nan"), high=float("nan"), n=0)
    assert curves.told(nothing)[0].startswith("None of the 4 specifications")
    assert sweeps.shares(nothing).inert.isna().all()


def test_every_language_has_the_words_of_a_sweep():
    first, *others = (bulle.phrases(language, "sweep").keys() for language in bulle.LANGUAGES)
    assert all(own == first for own in others)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A made corpus, its study, and the usual sweep, with a reference that cannot be read."""
    folder = tmp_path_factory.mktemp("swept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        (folder / "bad.jsonl").write_text('{"title": "none"}\n', encoding="utf-8")
        study = bulle.study(corpus(folder / "made.jsonl", 2, 0))
        choices = {"reference": ["", str(folder / "bad.jsonl"), study.source[0]], "period": ["month", "year"]}
        yield study, choices, study.sweep(choices)


def test_the_default_is_what_the_notebooks_say(made):
    study, _, table = made
    first = table[table.default].set_index("outcome")
    verdict, (evidence, rest) = sentiment.verdict(study.scores), study.background
    assert tuple(first.loc["tone", ["estimate", "low", "high", "n"]]) == (
        verdict.net,
        verdict.low,
        verdict.high,
        len(study.scores),
    )
    contrast = sentiment.contrast(study.scores, rest, pd.concat([study.scored, evidence]))
    assert first.estimate["contrast"] == contrast.difference
    assert contrast.low <= first.low["contrast"] < first.high["contrast"] <= contrast.high
    ways = {(*row[:4],): row.net for row in sentiment.sweep(study.scored).itertuples(index=False)}
    tones = table[table.outcome == "tone"].set_index(["weights", "negation", "backoff", "themed"]).estimate
    assert tones.to_dict() == pytest.approx(ways)


def test_refusals_and_failures_are_rows_with_their_reason(made):
    study, _, table = made
    states = table.groupby(["outcome", "state"], sort=False).size().to_dict()
    expected = {("contrast", "shown"): 16, ("tone", "shown"): 16, ("trend", "refused"): 2, ("term", "shown"): 8}
    assert states == expected | {("term", "failed"): 4}
    bare = table[table.state != "shown"]
    assert bare.estimate.isna().all() and bare.low.isna().all() and (bare.reason != "").all()
    assert "at least 5 needed" in bare.reason.iloc[0] and "bad.jsonl" in bare.reason.iloc[-1]
    against = table[table.reference == study.source[0]]  # itself
    assert list(against.estimate) == [0] * 4 and (against.low < 0).all() and (against.high > 0).all()
    drawn = curves.curve(table, "term")
    assert drawn.data["state"] == ["shown"] * 8 + ["failed"] * 4 and "refused or failed" in drawn.caption
    assert str(curves.curve(table, "trend")).startswith("None of the 2 specifications")


def test_a_decision_that_changes_nothing_is_named(made):
    rows = made[2][made[2].outcome == "term"]
    assert sweeps.shares(rows[rows.state == "shown"]).set_index("decision").inert["function"]
    assert "Nothing changes with:" in str(curves.answer(made[2])) and "function words" in str(curves.answer(made[2]))


def test_the_term_of_a_sweep_is_written_as_the_texts_write_it():
    assert sweeps.Branches(bulle.study("seeds"), {}, "").looked == ("openai", "OpenAI")


def test_a_sweep_goes_on_where_it_was_ended(made, monkeypatch):
    study, choices, table = made
    asked = []
    for name in sweeps.OUTCOMES:
        own = getattr(sweeps.Branches, name)
        monkeypatch.setattr(sweeps.Branches, name, lambda self, spec, own=own: asked.append(spec) or own(self, spec))
    few = {"weights": ["graded"], "unit": ["lemma"], "reference": [""], "period": ["month", "year", "quarter"]}
    again = study.sweep(choices | few)
    assert [spec["period"] for spec in asked] == ["quarter"]
    wanted = table.query("weights == 'graded' or outcome == 'trend' or (unit == 'lemma' and reference == '')")
    kept = again[again.period != "quarter"].drop(columns="ledger").reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, wanted.drop(columns="ledger").reset_index(drop=True))


def test_a_sweep_that_was_forged_is_caught_and_its_page_links_its_numbers(made, tmp_path, capsys):
    study, _, _ = made
    table = tmp_path / "choices.toml"
    table.write_text('weights = ["graded", "signs"]\nperiod = ["month"]\n', encoding="utf-8")
    out = tmp_path / "out"
    asked = ["sweep", "--corpus", study.source[0], "--table", str(table), "-p", "narrate", "fr", "-o", str(out)]
    assert main(asked) == 0
    soup = BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert soup.h1.text.endswith("«\u00a0bulle\u00a0»") and len(soup.select("figure svg.wide")) == 2
    assert all(soup.select_one(link["href"]) for link in soup.select("a.n")) and len(soup.select("a.n")) > 15
    rows = (out / "tables" / "specifications.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == ["contrast"] * 2 + ["tone"] * 2  # of what varies
    capsys.readouterr()
    page, record = out / "index.html", out / "parameters.json"
    page.write_text(page.read_text(encoding="utf-8").replace(soup.select_one("a.n").text, "+0,999"), encoding="utf-8")
    (out / "tables" / "evidence-1.parquet").unlink()
    assert main(["check", str(out)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told] == ["index.html", "tables/evidence-1.parquet"]
    told = json.loads(record.read_text())
    forged = {"date": "never"}, {"sweep": []}, {"sweep": None}, {"parameters": told["parameters"] | {"term": 5}}
    for one in forged:
        record.write_text(json.dumps(told | one), encoding="utf-8")
        assert main(["check", str(out)]) == 2 and "cannot be made again" in capsys.readouterr().err
    assert main(asked) == 2  # it is kept: it was changed


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"weight": ["signs"]}, "unknown decision 'weight'; there are: theme, lexicon"),
        ({"weights": ["sign"]}, "decision 'weights' is 'sign'; there are: graded, signs"),
        ({"backoff": ["no"]}, "parameter 'backoff' takes bool, not 'no'"),
        ({"period": ["century"]}, "parameter 'period' is 'century'"),
        ({"reference": ["nowhere.csv"]}, "nowhere.csv"),
        ({"unit": []}, "decision 'unit' has no value"),
        ({"theme": [f"a{n}" for n in range(200)]}, "specifications; give fewer values"),
        ("nowhere.toml", "no TOML table can be read there"),
        ("deep.toml", "no TOML table can be read there"),
    ],
)
def test_what_no_decision_can_be_is_told_before_anything_runs(given, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep.toml").write_text(f"unit = {'[' * 5000}", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        sweeps.decisions(given)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "nothing varies"),
        (["-p", "narrate", "fr", "-p", "narrate", "en"], "'narrate' is no decision"),
        (["-p", "top", "5"], "unknown parameter 'top'"),
        (["-p", "negation", "yes"], "takes bool"),
        (["--all", "-p", "theme", " -bulle"], "only leaves out"),
        (["--all", "-p", "sample", "0"], "'sample' is 0; it must be 1 or more"),
        (["--all", "-p", "unreadable", "-4.0"], "'unreadable' is -4.0; it is a share, from 0 to 1"),
    ],
)
def test_a_command_line_that_asks_for_no_sweep_is_told(words, told, capsys, tmp_path):
    assert main(["sweep", *words, "-o", str(tmp_path / "out")]) == 2
    assert told in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_sweep_that_shows_no_estimate_is_whole_and_has_no_table_without_a_share(tmp_path):
    (tmp_path / "a.txt").write_text("Il pleut. La ville dort.", encoding="utf-8")
    settings, values = sweep.asked([["corpus", str(tmp_path / "a.txt")], ["weights", "signs"], ["weights", "graded"]])
    page = sweep.made(settings, values, tmp_path / "out")
    assert runs.foreign(page.parent) == []
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert len(soup.select("section")) == 3 and not soup.select("section > div tbody")
    assert soup.select("section > p")[0].get_text().startswith("None of the 2") and not soup.select(".answer")
