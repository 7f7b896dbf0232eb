import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bulle import bodies, findings, floors, narrative, passages, sources


def counted(**groups):
    """Articles of some sources, so many of each, and the matches of those that hold the theme: name=(holding, all)."""
    rows = [(source, place < holding) for source, (holding, size) in groups.items() for place in range(size)]
    made = pd.DataFrame(rows, columns=["source", "holding"])
    made.insert(0, "article", [f"a{number}" for number in range(len(made))])
    return made, made[made.holding]


def written(texts, written_by):
    """A corpus of texts and their sources."""
    table = pd.DataFrame({"article": [f"a{n}" for n in range(len(texts))], "source": written_by, "text": texts})
    return table.assign(title="", language="fr", date=pd.Series(pd.NaT, table.index, dtype="datetime64[s]"))


def beside(texts, written_by, theme="violence"):
    made = written(texts, written_by)
    matches = passages.matches(made, theme)
    return sources.mentions(made, matches, passages.around(made, matches, 0))


def test_the_shares_of_sources_have_wilson_intervals_and_tests_of_scipy():
    table = sources.shares(*counted(x=(81, 263), y=(120, 250), z=(70, 240)))
    assert table.source.tolist() == ["x", "y", "z"]
    assert table.loc[0, ["share", "low", "high"]].tolist() == pytest.approx([81 / 263, 0.2553, 0.3662], abs=5e-5)
    assert table.others[0] == 190 / 490
    cells = [[81, 120, 70], [182, 130, 170]]
    assert table.attrs["p"] == pytest.approx(stats.chi2_contingency(cells, correction=False).pvalue)
    p = [stats.fisher_exact([[k, n - k], [271 - k, 482 - n + k]]).pvalue for k, n in ((81, 263), (120, 250), (70, 240))]
    assert table.p.tolist() == pytest.approx([min(1, max(2 * p[0], p[2])) if p[0] < p[2] else p[0], 3 * p[1], 2 * p[2]])


def test_where_few_articles_hold_the_theme_the_test_is_by_random_assignment():
    table = sources.shares(*counted(x=(6, 40), y=(0, 40), z=(1, 40)))
    assert table.attrs["test"] == "random assignment"
    exact = stats.fisher_exact([[6, 0, 1], [34, 40, 39]]).pvalue
    assert table.attrs["p"] == pytest.approx(exact, abs=0.01)


def test_sources_with_few_articles_are_counted_among_the_others_and_one_source_is_compared_with_none():
    table = sources.shares(*counted(x=(30, 60), y=(10, 60), u=(3, 5), v=(4, 5)))
    assert table.source.tolist() == ["x", "y"]
    assert (table.attrs["thin"], table.attrs["thin_articles"], table.others[0]) == (2, 10, 17 / 70)
    refused = sources.shares(*counted(x=(30, 60), y=(3, 5)))
    assert refused.attrs["refusals"] == floors.refusals("sources", **{"sources with enough articles": 1})
    assert sources.shares(*counted(x=(60, 60), y=(60, 60))).attrs["p"] == 1


def test_copies_in_one_source_are_one_article_and_a_copy_in_another_source_is_its_own():
    made, held = counted(x=(30, 60), y=(10, 60))
    made["family"] = made.article.where(made.index >= 30, "a0")
    table = sources.shares(made, held)
    assert table[["articles", "holding"]].to_numpy().tolist() == [[60, 10], [31, 1]]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Les violences policières durent.", "", "violences policières"),
        ("Des actes de violence.", "actes de violence", ""),
        ("C'est la violence de la foule.", "", "violence de la foule"),
        ("La violence, policière ou non.", "", ""),
        ("La violence\npolicière", "", ""),
        ("Les violences 2018 et pire", "", ""),
        ("Des « violences » policières", "", "violences policières"),
        ("La crise d'« une \"violence» éclate.", "crise d'une violence", "violence éclate"),
        ("La violence d'État monte.", "", "violence d'État"),
    ],
)
def test_a_phrase_reaches_to_the_next_content_word_and_crosses_no_sign_but_quotation_marks(text, before, after):
    row = beside([text], "x").iloc[0]
    assert (row.before, row.after) == (before, after)
    assert sources._written(text[row.start : row.after_end]) == (after or text[row.start : row.end])


def corpus_of(rate, size=60):
    """Articles of three sources whose mentions are more or less often of one phrase."""
    texts, names = [], []
    for source, share in rate.items():
        for n in range(size):
            kind = "policières" if n < share * size else f"genre{n % 7}"
            texts.append(f"Le mot{n} de {source}{n} parle. Les violences {kind} durent{n}. Rien{n} d'autre{n}.")
            names.append(source)
    return texts, names


def test_a_phrase_that_one_source_writes_more_often_is_found_with_counts_that_an_expression_gives():
    texts, names = corpus_of({"x": 0.5, "y": 0.1, "z": 0.1})
    found = sources.phrases(beside(texts, names))
    assert found[["source", "phrase"]].to_numpy().tolist() == [["x", "violences policières"]]
    row = found.iloc[0]
    own = "\n".join(text for text, name in zip(texts, names, strict=True) if name == "x")
    rest = "\n".join(text for text, name in zip(texts, names, strict=True) if name != "x")
    for part, count, whole in ((own, row["count"], row.mentions), (rest, row.other_count, row.other_mentions)):
        assert len(re.findall(r"\bviolences policières\b", part, re.I)) == count
        assert len(re.findall(r"\bviolences?\b", part, re.I)) == whole


def test_an_article_that_repeats_a_phrase_proves_nothing():
    texts, names = corpus_of({"x": 0.1, "y": 0.1, "z": 0.1})
    texts[0] += " Les violences policières durent." * 60
    assert sources.phrases(beside(texts, names)).empty


def test_random_sources_make_a_claim_in_few_of_a_hundred_corpora(monkeypatch):
    monkeypatch.setattr(sources, "DRAWS", 99)
    texts, names = corpus_of({"x": 0.3, "y": 0.3, "z": 0.3}, 30)
    mentions = beside(texts, names)
    generator, claims = np.random.default_rng(12), 0
    held = generator.random(300) < 0.3
    for _ in range(40):
        made, _ = counted(x=(0, 100), y=(0, 100), z=(0, 100))
        made["source"] = generator.permutation(made.source)
        names = pd.Series(generator.permutation(names), mentions.article.unique())
        differ = sources.shares(made, made[held]).attrs["p"] <= sources.LEVEL
        claims += differ or len(sources.phrases(mentions.assign(source=mentions.article.map(names)))) > 0
    assert claims <= 4  # at most 3 of 100 are promised; 5 of 40 would come in one of 100 such tests


@pytest.fixture(scope="module")
def differing():
    texts, names = corpus_of({"alpha/notes": 0.5, "01": 0.1, "01.net": 0.1})
    quiet = [f"Rien{n} ne dit{n * 3} cela{n}." for n in range(60)]
    return written([*texts, *quiet], [*names, *["01"] * 60])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "The share of articles with the theme is not the same from one source to the next (p < 0.001)",
                "In alpha/notes, 60 of 60 articles hold the theme, 100% (95% interval",
                "In 01, 60 of 120 articles hold the theme, 50.0% (95% interval 41.2% to 58.8%), less often than",
                "Capitals and quotation marks aside, “violences policières” is 50.0% of the mentions in alpha/notes "
                "(30 of 60) and 10.0%",
            ],
        ),
        (
            "fr",
            [
                "n’est pas la même d’une source à l’autre (p < 0,001)",
                "Dans 01, 60 articles sur 120 portent le thème, soit 50,0 % (intervalle à 95 % :",
                "« violences policières » fait 50,0 % des mentions dans alpha/notes (30 sur 60)",
            ],
        ),
    ],
)
def test_the_account_tells_what_sets_the_sources_apart(differing, language, expected):
    text = narrative.account(findings.ledger(differing, {"theme": "violence"}), language).text
    text = re.sub("[\u00a0\u202f]", " ", text)
    for sentence in expected:
        assert sentence in text


def test_every_number_of_the_sources_is_a_finding_with_its_base_and_places(differing):
    ledger = findings.ledger(differing, {"theme": "violence"})
    values = {ledger[f"source.{number}"].value for number in (1, 2, 3)}
    assert values == {"alpha/notes", "01", "01.net"}
    number = next(n for n in (1, 2, 3) if ledger[f"source.{n}"].value == "alpha/notes")
    phrase = ledger[f"source.{number}.phrase.1"]
    assert {span.text for span in phrase.spans} == {"violences policières"} and phrase.spans_total == 30
    assert phrase.base.endswith("of 180 articles, near-identical ones counted once"), phrase.base
    assert ledger[f"source.{number}.phrase.1.share"].value == 30 / 60
    assert {span.article for span in ledger[f"source.{number}"].spans} <= set(differing.article[:60])


def test_of_many_sources_only_those_with_enough_articles_are_named():
    texts = [f"Le mot{n} de{n * 3} vient{n}. Une violence{'' if n % 2 else 's'} dure{n}." for n in range(90)]
    made = written(texts, [*["grand"] * 25, *["gros"] * 25, *[f"petit {n}" for n in range(40)]])
    ledger = findings.ledger(made, {"theme": "violence"})
    assert [ledger[name].value for name in ledger.group("source")] == ["grand", "gros"]
    assert "Not listed here are 40 other sources." in narrative.account(ledger, "en").text
    none = findings.ledger(made[50:], {"theme": "violence"})
    assert not none.group("source") and none["sources"].outcome == "refused"


@pytest.mark.parametrize("source", ["", "x"])
def test_a_corpus_without_sources_or_with_one_says_nothing_of_them(source):
    ledger = findings.ledger(written(["Une violence.", "Deux violences là."], source), {"theme": "violence"})
    assert not [name for name in ledger.findings if name.startswith("source")]


def test_a_mention_knows_the_body_only():
    made = bodies.body(written(["La violence policière monte."], "x"))
    assert passages.matches(made, "violence").start.tolist() == [3]
