"""Groups of contexts on a made corpus of two vocabularies, and on the same words dealt at random."""

import random

import pandas as pd
import pytest
import test_truth

import bulle
from bulle import figures, findings, floors, groups, narrative, studies

SEA = "navire marin pilote voile tempête houle quai ancre rame mouette filet cargo"
FIELD = "tracteur moisson fermier récolte grange labour semence verger troupeau berger étable foin"
VERBS = "regarde cherche traverse appelle attend écoute"
CHANCE = ("vélo", "pont", "musée", "jardin", "piano", "maire", "école", "hiver", "livre", "train")


def articles(vocabularies, count=40, each=4):
    """Articles of two sources, each with sentences on the bubble in the words of one vocabulary."""
    draw, rows = random.Random(7), []
    for number in range(count):
        own = vocabularies[number % len(vocabularies)].split()
        parts = []
        for _ in range(each):
            nouns, odd = draw.sample(own, 3), draw.choice(CHANCE)
            verb = draw.choice(VERBS.split())
            parts.append(f"La bulle {verb} le {nouns[0]} et le {nouns[1]} près du {nouns[2]}, {odd}.")
            parts += ["Il pleut ici."] * 2
        rows.append(
            {
                "article": f"a{number:02}",
                "source": ["La Gazette", "Le Courrier"][number % 4 > 1],
                "date": pd.Timestamp("2024-01-01") + pd.Timedelta(days=number),
                "title": f"Titre {number}",
                "language": "fr",
                "text": " ".join(parts),
            }
        )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def study():
    return studies.study(articles([SEA, FIELD]), "bulle")


def test_two_vocabularies_are_two_groups_and_no_word_of_the_theme_names_one(study):
    table, rows = study.groups, study.contexts
    assert len(table) == 2 and table.attrs["refusals"] == [] and table.attrs["stability"] > 0.5
    for name, words in zip(table.name, table.words, strict=True):
        sides = [len(set(words.split(", ")) & set(one.split())) for one in (SEA, FIELD)]
        assert max(sides) >= 8 and min(sides) == 0 and words.startswith(name.replace(" · ", ", "))
    truth = rows.article.str[1:].astype(int) % 2
    placed = rows.group != groups.NONE
    assert groups.rand(pd.factorize(rows.group[placed])[0], truth[placed].to_numpy()) > 0.9
    assert table.contexts.sum() + (~placed).sum() == len(study.hits) == 160


def test_the_order_of_the_articles_changes_nothing(study):
    other = studies.study(articles([SEA, FIELD])[::-1], "bulle")
    pd.testing.assert_frame_equal(other.groups, study.groups)


def test_words_dealt_at_random_are_refused_in_one_line():
    made = studies.study(articles([f"{SEA} {FIELD}"]), "bulle").groups
    assert made.empty and made.attrs["stability"] < 0.1
    told = floors.shown(made)
    assert told.startswith("- Not shown. groups of contexts: ") and "at least 0.55 needed" in told and "\n" not in told


def test_few_articles_are_refused_in_one_line_and_one_says_nothing():
    for count in (1, 12):
        made = studies.study(articles([SEA, FIELD], count), "bulle")
        told = f"- Not shown. groups of contexts: {4 * count} theme sentences, at least 120"
        assert floors.shown(made.groups).startswith(told)
        assert figures.groups(groups.split(made.contexts, made.groups)) is None
        assert [one.outcome for one in findings._groups(made)] == ["refused"] * (count > 1)


@pytest.fixture(scope="module")
def ledger(study):
    return findings.ledger(study, {"theme": "bulle"})


def test_the_account_tells_the_groups_and_the_figure_parts_the_sources(study, ledger):
    for language, claim in (("fr", "se dit dans deux groupes"), ("en", "stands in two groups")):
        bulle.tell(language)
        assert claim in narrative.account(ledger, language).text
        picture = figures.groups(groups.split(study.contexts, study.groups))
        assert "La Gazette" in picture.wide and study.groups.name[0] in picture.alt
        assert set(picture.data["group"]) == {"", "La Gazette", "Le Courrier"}
        assert sum(picture.data["share"]) == pytest.approx(3)
        assert all(floors.percent(share) in picture.alt for share in picture.data["share"])
    assert picture.caption == "160 sentences."
    rows = study.contexts.assign(source=study.contexts.source.where(study.contexts.index > 0, ""))
    parts = groups.split(rows.assign(family=rows.article.replace("a02", "a00")), study.groups)
    assert figures.groups(parts).caption == "160 sentences. Sources with too few are not drawn."
    assert parts.articles[0] == picture.data["articles"][0] - 1, "copies are one article"


def test_every_table_of_the_theme_splits_by_group(study):
    near = study.contexts[["article", "sentence", "group"]]
    for table in (study.scores, study.evidence, study.stances, study.voices):
        split = table.merge(near)
        assert len(split) == len(table) and set(split.group) <= {*study.groups.name, groups.NONE}


def test_each_number_of_the_groups_is_counted_again(study, ledger):
    claims = [claim for claim in test_truth.truth._groups(ledger, study.texts, study) if claim[0].startswith("group")]
    assert len(claims) > 30 and [claim for claim in claims if not test_truth.truth._same(*claim[1:])] == []


def test_a_source_that_leans_to_a_group_is_named_and_no_other(study):
    rows = study.contexts.assign(source="La Gazette")
    rows.loc[rows.group == study.groups.name[0], "source"] = "Le Courrier"
    leaning = groups.leaning(rows, study.groups.name)
    assert leaning.source.tolist() == ["La Gazette", "Le Courrier"] and (leaning.p < 0.01).all()
    assert groups.leaning(study.contexts, study.groups.name).empty
