import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bulle import InputError, floors, terms, words

NOUNS = ["chat", "chien", "lune", "pain", "rose", "table"]


def articles(*texts, **columns):
    columns = {"source": "", "date": pd.NaT, "language": "fr"} | columns
    names = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame({"article": names, "text": texts} | columns).astype({"date": "datetime64[s]"})


def tokens(*texts, **columns):
    made = articles(*texts, **columns)
    return terms.attributed(words.tokens(made), made)


def repeated(**counts):
    return " ".join(word for word, count in counts.items() for _ in range(count))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(case["language"], case["text"], case["expected"], id=f"{case['language']}: {case['why']}")
        for case in json.loads((Path(__file__).parent / "cases" / "terms.json").read_text(encoding="utf-8"))
    ],
)
def test_every_written_case_is_counted_as_a_reader_counts_it(language, text, expected):
    table = terms.frequency(tokens(text, language=language))
    counts = dict(zip(table.term, table["count"], strict=True))
    assert {label: counts.get(label, 0) for label in expected} == expected


def test_a_frequency_table_counts_occurrences_articles_and_sentences():
    table = terms.frequency(tokens("Le chat voit la lune. Le chat dort.", "Deux lunes."))
    assert table[["term", "count", "articles", "sentences"]].to_numpy().tolist() == [
        ["chat", 2, 1, 2],
        ["lune", 2, 2, 2],
        ["dormir", 1, 1, 1],
        ["voir", 1, 1, 1],
    ]
    assert table["rank"].tolist()[:2] == [1, 1] and table["rank"].isna().sum() == 2
    assert table.attrs == {"words": 10, "articles": 2, "families": 2, "unit": "lemma", "aside": 0}
    assert table.per_10k[0] == 2000


def test_forms_keep_singular_and_plural_apart_and_function_words_come_on_demand():
    table = terms.frequency(tokens("La lune. Les lunes."), "form", function=True)
    assert sorted(table.term) == ["la", "les", "lune", "lunes"]


@pytest.mark.parametrize("beside", ["is", "was", "model"])
def test_a_word_is_counted_as_often_as_a_search_finds_it_whatever_stands_beside_it(beside):
    text = (
        f"The AI {beside} new, and AI {beside} good. {f'It {beside} so. ' * 9}Nvidia fell. Nvidia's AI fell. AI's end."
    )
    found = terms.frequency(tokens(text, language="en")).set_index("term")["count"]
    assert found[["ai", "nvidia"]].tolist() == [len(re.findall(r"\bAI\b", text)), len(re.findall("Nvidia", text))]


def test_an_unknown_unit_names_the_choices():
    with pytest.raises(InputError, match="'lemme'; there are: lemma, form"):
        terms.frequency(tokens("La lune."), "lemme")


def test_a_family_of_near_identical_articles_is_one_article_and_the_texts_are_still_two():
    table = terms.frequency(tokens("La lune.", "La lune.", family=["x", "x"]))
    assert table.articles.tolist() == [1]
    assert (table.attrs["articles"], table.attrs["families"]) == (2, 1)


CASE = {True: re.NOFLAG, False: re.IGNORECASE}  # a name is looked for with its capitals
WRITTEN = [
    "Les entreprises d'Oracle, l'entreprise du rendez-vous. L'auto-entreprise, ENTREPRISES ! Entreprises #entreprise",
    "Voir www.oracle.com/entreprises, oracle.com. Oracle paie 160km et 5 km, Oracle‑ci, l’oracle. Aujourd’hui ORACLE.",
    "Un rendez-vous, des rendez-vous ; après-rendez-vous-manqué. États-Unis, etc. Les États parlent aux états-majors.",
]


def test_a_form_stands_as_often_as_a_search_for_the_whole_word_finds_it():
    text, table = "\n".join(WRITTEN), terms.frequency(tokens(*WRITTEN))
    for row in table.itertuples():
        assert row.form_count == len(re.findall(rf"\b{re.escape(row.form)}\b", text, CASE[row.name])), row
    shown = table.set_index("term")[["count", "form", "form_count"]]
    assert shown.loc["entreprise"].tolist() == [4, "entreprises", 4]
    assert shown.form["Oracle"] == "Oracle" and shown.form["km"] == "km" and shown.form_count["km"] == 1
    tied = terms.frequency(tokens("Il faut la mobiliser, elle est mobilisée."))
    assert tied.set_index("term").form["mobiliser"] == "mobilisée"  # the first by the alphabet, that has no accents


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("aAéE'’-. 1_/\n", min_size=1, max_size=40), min_size=1, max_size=4))
def test_no_form_is_refuted_by_a_search(texts):
    table, whole = terms.frequency(tokens(*texts)), "\n".join(texts)
    for row in table.itertuples():
        if row.form[-1].isalnum() and row.form[0].isalnum():
            found = re.findall(rf"(?=\b{re.escape(row.form)}\b)", whole, CASE[row.name])
            assert row.form_count == len(found), (row, whole)


def test_what_is_not_written_as_words_are_is_no_term_and_is_counted():
    odd = "googletag.cmd.push site.baseurl 3px déclaré_article lemonde.fr image.jpg a3f9b2 4x4"
    good = "porte-parole aujourd'hui rendez-vous U.S.A. R&D étudiant·e·s Covid-19 G20 GLI-F4"
    read = tokens(f"Voici {odd} et {good}.")
    table = terms.frequency(read)
    assert set(table.label) == {*good.split(), "voici"}
    assert table.attrs["aside"] == 8 and table.attrs["words"] == 8 + 9 + 2
    assert not set(terms.frequency(read, function=True).term) & set(odd.split())
    assert terms.ngrams(tokens(f"chat {odd} chat {odd}"), 2).empty
    assert set(terms.tfidf(tokens(f"chat {odd}", "lune")).term) == {"chat", "lune"}


def test_names_are_capitals_where_no_sentence_begins():
    table = terms.frequency(tokens("Selon Oracle, une IA aide. Selon une IA, Oracle aide."))
    assert table[table.name].label.tolist() == ["IA", "Oracle"]
    assert "selon" not in table[table.name].term.tolist()
    table = terms.frequency(tokens("Selon xAI, une IA aide. On lit xai. Selon une IA, xAI aide."))
    assert table[table.name].label.tolist() == ["xAI", "IA"]


def test_a_term_that_only_opens_sentences_is_a_name_where_it_is_written_in_capitals():
    table = terms.frequency(tokens("FIGAROVOX. Oui. Selon eux. VIDÉO. Une vidéo.", "FIGAROVOX/TRIBUNE. Selon lui."))
    assert table[table.name].label.tolist() == ["FIGAROVOX", "TRIBUNE"]


def test_ngrams_cross_neither_punctuation_nor_sentences():
    read = tokens("Chat noir, lune rousse. Chat noir. Lune rousse chat noir.")
    table = terms.ngrams(read)
    assert terms.ngrams(terms.running(read, "form")).equals(table)
    assert table[["term", "count"]].to_numpy().tolist() == [["chat noir", 3], ["lune rousse", 2]]


def test_ngrams_may_hold_a_function_word_but_not_begin_or_end_with_one():
    read = tokens("Centre de données. Centre de données.")
    assert terms.ngrams(read, 2).empty
    assert terms.ngrams(read, 3).term.tolist() == ["centre de données"]
    assert terms.ngrams(read, 2, function=True).term.tolist() == ["centre de", "de données"]


def test_positions_come_in_the_order_asked():
    table = terms.positions(tokens("chat pain lune", "lune rose chat"), ["lune", "chat"])
    assert table[["term", "article", "start"]].to_numpy().tolist() == [
        ["lune", "a0", 10],
        ["lune", "a1", 0],
        ["chat", "a0", 0],
        ["chat", "a1", 10],
    ]


def test_one_article_has_the_exact_interval_of_newcombe():
    # Newcombe 1998, table I, 81 of 263, Clopper-Pearson: .2527 to .3676
    read = tokens(repeated(lune=81, chat=182))
    table = terms.intervals(terms.frequency(read), read).set_index("term")
    assert table.loc["lune", ["low", "high"]].tolist() == pytest.approx([2527, 3676], abs=0.5)
    assert table.attrs["refusals"][0].step == "frequency bootstrap"


def test_many_articles_have_the_bootstrap_interval_of_scipy():
    generator = np.random.default_rng(1)
    counts = generator.integers(0, 9, 40), generator.integers(5, 30, 40)
    read = tokens(*(repeated(lune=a, chat=b) for a, b in zip(*counts, strict=True)))
    table = terms.intervals(terms.frequency(read), read).set_index("term")
    peer = stats.bootstrap(
        counts, lambda a, b, axis: a.sum(axis) / (a + b).sum(axis), paired=True, method="percentile", rng=2
    ).confidence_interval
    assert table.loc["lune", ["low", "high"]].tolist() == pytest.approx([1e4 * peer.low, 1e4 * peer.high], rel=0.02)
    assert table.attrs["refusals"] == []


def test_tfidf_is_the_worked_example_of_scikit_learn():
    # scikit-learn's user guide, section on tf-idf term weighting, smooth_idf=True
    rows = [(3, 0, 1), (2, 0, 0), (3, 0, 0), (4, 0, 0), (3, 2, 0), (3, 0, 2)]
    table = terms.tfidf(tokens(*(repeated(chat=a, pain=b, lune=c) for a, b, c in rows)))
    made = table.pivot(index="article", columns="term", values="tfidf").fillna(0)[["chat", "pain", "lune"]]
    assert made.to_numpy()[[0, 4, 5]] == pytest.approx(
        np.array([[0.85151335, 0, 0.52433293], [0.55422893, 0.83236428, 0], [0.63035731, 0, 0.77630514]]), abs=1e-8
    )


def test_the_conservative_log_ratio_is_that_of_an_independent_implementation():
    # association-measures 0.3, conservative_log_ratio(alpha=.05, boundary="poisson", vocab=6)
    made = terms.lrc(np.array([20, 5, 3, 0, 100, 7]), 1000, np.array([10, 0, 300, 40, 90, 7000]), 10000)
    peer = [2.8031854515780386, 2.3273080123562955, -1.3992865469630744, 0, 2.906297511267872, -5.32705851494794]
    assert made == pytest.approx(peer)


def test_keyness_has_the_log_likelihood_of_dunning():
    # Dunning 1993, table 1, "the swiss": 110, 2442, 111, 29114 give 270.72
    here = pd.DataFrame({"term": ["the"], "count": [110], "sentences": [110], "name": [False]})
    there = pd.DataFrame({"term": ["the"], "count": [2442]})
    here.attrs, there.attrs = {"words": 221}, {"words": 31556}
    assert terms.keyness(here, there).g2[0] == pytest.approx(270.72, abs=0.005)


def test_false_discoveries_are_controlled_as_in_benjamini_and_hochberg():
    # Benjamini & Hochberg 1995, section 3.2: four of fifteen are rejected at .05
    small = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    large = [0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
    assert (terms.adjusted(np.array(small + large)) <= 0.05).sum() == 4
    assert terms.adjusted(np.array([])).tolist() == []


def test_one_occurrence_makes_no_key_term():
    read = tokens("OpenAI parle. La lune brille. La lune dort. La lune parle. OpenAI dort.")
    frequency = terms.frequency(read)
    table = terms.keyness(frequency, terms.background(frequency, "fr"))
    assert table.term.tolist() == ["lune"]
    assert table.attrs["floored"] == len(frequency) - 1


def test_the_general_list_adds_up_the_forms_of_a_lemma_and_knows_what_it_lacks():
    frequency = terms.frequency(tokens("Une entreprise zzyzxq ouvre un rendez-vous."))
    table = terms.background(frequency, "fr").set_index("term")
    forms = terms.background(terms.frequency(tokens("Une entreprise."), "form"), "fr", "form").set_index("term")
    assert table["count"]["entreprise"] > forms["count"]["entreprise"] > 10**5
    assert not table.listed["zzyzxq"] and table["count"]["zzyzxq"] == 10
    assert table.listed["rendez-vous"]


def test_a_contrast_of_few_articles_counts_words_and_says_so():
    table = terms.contrast(tokens("Lune. Lune. Lune. Chat."), tokens("Chat. Chat. Pain."))
    assert "g2" in table and {missed.step for missed in table.attrs["refusals"]} == {"rank-sum"}


def test_a_contrast_of_many_articles_ranks_articles_as_scipy_does():
    here = [repeated(lune=2 + n % 4, chat=5) for n in range(12)]
    there = [repeated(lune=n % 3, chat=5) for n in range(10)]
    table = terms.contrast(tokens(*here), tokens(*there)).set_index("term")
    rates = [[text.split().count("lune") / len(text.split()) for text in side] for side in (here, there)]
    wins = np.mean([np.sign(a - b) for a in rates[0] for b in rates[1]])  # Cliff 1993, by its definition
    assert table.cliffs_delta["lune"] == pytest.approx(wins)
    p = [stats.mannwhitneyu(*side, method="asymptotic").pvalue for side in (rates, [[1 - r for r in s] for s in rates])]
    assert table.q["lune"] == pytest.approx(stats.false_discovery_control(p)[0])


def test_sources_are_compared_with_one_another_and_one_source_with_none():
    read = tokens("Lune. Lune. Lune.", "Chat. Chat. Chat.", "Rose.", source=["x", "y", ""])
    table = terms.contrasts(read, "source")
    made = table[["group", "term", "count", "reference_count"]].to_numpy().tolist()
    assert made == [["x", "lune", 3, 0], ["y", "chat", 3, 0]]
    assert terms.contrasts(tokens("Lune."), "source").attrs["refusals"][0].step == "contrast"
    with pytest.raises(InputError, match="there are: source, period"):
        terms.contrasts(read, "outlet")


def test_sources_of_many_words_and_no_name_are_compared():
    letters = "bcdfghjklmnpqrstvz"
    many = " ".join(f"le {first}a{last}eau" for first in letters for last in letters)  # more than 128 terms
    read = tokens(*[f"Il voit {many}. " * 3] * 4, source=["x", "x", "y", "y"])
    assert set(terms.contrasts(read, "source").group) == {"x", "y"}


texts = st.lists(st.lists(st.sampled_from(NOUNS), min_size=1, max_size=12), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None)
@given(texts, st.permutations(NOUNS))
def test_renaming_words_permutes_rows_and_changes_no_number(sentences, renamed):
    renaming = dict(zip(NOUNS, renamed, strict=True))
    before = tokens(*(" ".join(sentence) for sentence in sentences))
    after = tokens(*(" ".join(map(renaming.get, sentence)) for sentence in sentences))
    for table in (terms.frequency, terms.tfidf):
        left, right = table(before), table(after)
        left["term"] = left.term.map(renaming)
        keys = [name for name in ("article", "term") if name in left]
        written = ["label", "form"]
        left, right = (side.drop(columns=written, errors="ignore").sort_values(keys) for side in (left, right))
        pd.testing.assert_frame_equal(left, right.reset_index(drop=True).set_axis(left.index), check_dtype=False)


@settings(max_examples=15, deadline=None)
@given(texts, st.integers(0, 6))
def test_splitting_an_article_in_two_changes_no_count(sentences, cut):
    lines = [" ".join(sentence).capitalize() + "." for sentence in sentences]
    whole, parts = tokens("\n".join(lines)), tokens("\n".join(lines[:cut]), "\n".join(lines[cut:]))
    for count in (terms.frequency, lambda read: terms.ngrams(read, 2)):
        one, two = count(whole), count(parts)
        columns = [name for name in ("term", "count", "sentences") if name in one]
        assert one[columns].to_numpy().tolist() == two[columns].to_numpy().tolist()


def test_the_summary_speaks_of_what_was_counted():
    read = tokens("La lune brille. La lune dort. Une lune parle à Oracle, et Oracle parle.")
    frequency = terms.frequency(read)
    keyness = terms.keyness(frequency, terms.background(frequency, "fr"))
    said = terms.summary(frequency, keyness, pd.DataFrame({"article": ["a0"]}), "lune")
    assert said.startswith("14 running words in 1 article were counted.")
    counted = (
        "each counted in the forms that the dictionary joins, whatever the capitals but for names, compounds apart"
    )
    assert f"words, {counted}: lune (3 times), parler (2 times)." in said
    assert said.endswith("The theme lune stands 1 time, in 1 article.")
    states = terms.frequency(tokens("Selon l'État, rien. Oui, l'État agit, en l'état."))
    told = terms.summary(states, states.assign(lrc=0.0), pd.DataFrame({"article": []}), "lune")
    assert f"names, {counted}: État (2 times)." in told
    forms = terms.frequency(read, "form")
    said = terms.summary(forms, terms.keyness(forms, terms.background(forms, "fr", "form")), read, "lune")
    assert "each counted as written, whatever the capitals and apostrophes, compounds apart: lune (3 times)" in said


def test_the_summary_says_of_which_articles_it_speaks_and_what_it_left_out():
    one, two = tokens("Lune."), tokens("La lune 3px.", "La lune 3px.", "Un chat.", family=["x", "x", "y"])
    none = pd.DataFrame({"article": []})
    said = [
        terms.summary(counted, terms.keyness(counted, counted), none, "lune")
        for counted in map(terms.frequency, (one, two))
    ]
    assert said[0].startswith("1 running word in 1 article was counted. Of the words")
    assert said[1].startswith(
        "8 running words in 3 articles were counted; where a table counts articles, near-identical ones are one, "
        "which leaves 2; 2 of these words are not written as words are, and stand in no table of terms."
    )


def test_one_word_that_is_none_is_spoken_of_in_the_singular():
    counted = terms.frequency(tokens("La lune 3px."))
    said = terms.summary(counted, terms.keyness(counted, counted), pd.DataFrame({"article": []}), "lune")
    assert "1 of these words is not written as words are, and stands in no table of terms." in said


def test_every_number_beside_a_word_in_the_summary_is_found_again_by_a_search():
    forms = "entreprise entreprises marché marchés gonfle gonflent gonflait paie payait craint craignent"
    forms += " Oracle Oracle ORACLE"
    others = ["porte-marché", "La", "de", "oracle.com", "l'entreprise", "#marché"]
    generator = np.random.default_rng(4)
    written = [" ".join(["Selon", *generator.choice([*forms.split(), *others], 30)]) + "." for _ in range(120)]
    made = {}
    for form in forms.split():
        made.setdefault(form if form[0] == "O" else words.lemma(form.lower()), set()).add(form)
    made["Oracle"] = made.pop("Oracle") | made.pop("ORACLE", set())
    frequency = terms.frequency(tokens(*written))
    keyness = terms.keyness(frequency, terms.background(frequency, "fr"))
    said = terms.summary(frequency, keyness, pd.DataFrame({"article": []}), "lune")
    pairs = re.findall(r"([\w-]+) \(([\d,]+) times?\)", said)
    assert len(pairs) == 6 and {term for term, _ in pairs} <= set(made)
    for term, number in pairs:
        either = "|".join(made[term])
        found = re.findall(rf"(?<![\w#-])(?:{either})(?![\w-]|\.com)", "\n".join(written), re.IGNORECASE)
        assert int(number.replace(",", "")) == len(found), term


def test_the_words_of_one_article_are_no_key_terms_of_several():
    alone = "Une anaphore. Une anaphore. Une anaphore. "
    texts = [f"La lune brille. {alone if not number else ''}" for number in range(120)]
    for articles_read, kept in ((texts[:4], {"lune", "anaphore"}), (texts[:5], {"lune"}), (texts, {"lune"})):
        frequency = terms.frequency(tokens(*articles_read))
        assert {"lune", "anaphore"} & set(terms.keyness(frequency, frequency).term) == kept


@pytest.mark.parametrize(("articles", "least"), [(5, 2), (40, 2), (60, 3), (99, 5), (100, 5), (500, 5), (932, 10)])
def test_the_floor_of_articles_grows_without_a_jump(articles, least):
    held = pd.DataFrame({"term": [*map(str, range(1, 12))], "articles": range(1, 12), "count": 50, "sentences": 50})
    held.attrs = {"families": articles}
    assert terms.candidates(held).articles.min() == least


def test_a_text_in_two_languages_is_set_against_the_lists_of_both():
    frequency = terms.frequency(tokens("Le chat."))
    lists = [terms.background(frequency, language) for language in ("fr", "en", {"fr": 0.75, "en": 0.25})]
    french, english, both = (table["count"][0] for table in lists)
    assert both == pytest.approx(0.75 * french + 0.25 * english, abs=1)
    read = articles("abc", "d", language=["fr", "en"])
    assert terms.languages(read) == {"en": 0.25, "fr": 0.75}


def test_a_refused_contrast_names_its_source():
    table = terms.contrasts(tokens("Lune. Lune. Lune.", "Chat. Chat. Chat.", source=["x", "y"]), "source")
    assert {refusal.about for refusal in table.attrs["refusals"]} == {"x", "y"}
    assert str(table.attrs["refusals"][0]).startswith("rank-sum, x: 1 article, at least 10 needed")


def test_a_source_of_one_article_among_several_has_no_words_of_its_own():
    read = tokens(*["Lune. Lune. Lune."] * 4, "Chat. Chat. Chat.", source=["x"] * 4 + ["y"])
    table = terms.contrasts(read, "source")
    assert table.group.tolist() == ["x"]
    told = floors.said(table.attrs["refusals"])
    assert "keyness of several articles, y: 1 article, at least 2 needed" in told
    assert "rank-sum, x (4 articles), y (1 article): at least 10 needed" in told


def test_tables_of_no_word_are_empty_and_no_error():
    read = tokens("…")
    frequency = terms.frequency(read)
    empty = [frequency, terms.intervals(frequency, read), terms.tfidf(read)]
    empty += [
        terms.ngrams(read),
        terms.positions(read, []),
        terms.contrasts(read, "source"),
        terms.contrast(read, read),
    ]
    empty += [terms.keyness(frequency, terms.background(frequency, "fr")), terms.frequency(read[:0])]
    assert all(table.empty for table in empty)
