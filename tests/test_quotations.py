import pandas as pd
import pytest

from bulle import bodies, passages, quotations


def hits(texts, **columns):
    """The theme sentences of some articles, as the findings hand them to `chosen`."""
    names = [f"a{number}" for number in range(len(texts))]
    table = pd.DataFrame({"article": names, "title": "", "source": "", "language": "fr", "text": texts})
    table = table.assign(family=names, date=pd.Series([pd.NaT] * len(texts), dtype="datetime64[s]")).assign(**columns)
    body = bodies.body(table)
    found = passages.matches(body, "bulle")
    held = passages.around(body, found, 0).drop(columns="passage").reset_index(drop=True)
    about = table.set_index("article")
    origins = about.loc[held.article, ["family", "source", "date"]].set_index(held.index)
    return pd.concat([held, origins, quotations.typical(held, found, about.language)], axis=1)


WHOLE = "Selon {}, la bulle du {} inquiète désormais les {} de {}, qui craignent {} au cours de {}."
PARTS = [
    "banquiers crédit marchés Paris chute printemps".split(),
    "notaires logement ménages Rome ruine hiver".split(),
    "tisserands coton usines Madrid fermeture été".split(),
    "mineurs métal syndicats Berne grève automne".split(),
    "confiseurs sucre importateurs Vienne pénurie décennie".split(),
    "meuniers blé boulangers Oslo famine siècle".split(),
    "torréfacteurs café bars Londres panique mandat".split(),
    "planteurs cacao chocolatiers Dublin sécheresse mousson".split(),
    "géologues pétrole raffineries Prague explosion chantier".split(),
    "plombiers cuivre artisans Athènes vol nuit".split(),
]
TEXTS = [WHOLE.format(*parts) for parts in PARTS]
MORE = "Pour {}, une bulle de {} finirait par coûter aux {} de {} bien plus que {} et toute cette {}."
OTHERS = [MORE.format(*reversed(parts)) for parts in PARTS]


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        (TEXTS[0], True, "a whole sentence"),
        (TEXTS[0].replace("la bulle", "la « bulle »"), True, "a word in quotation marks"),
        (f"« {TEXTS[0]} »", True, "a quotation, whole"),
        ("La bulle de crédit inquiète les marchés.", False, "short"),
        (TEXTS[0][:-1] + ", et qui craignent" * 15 + ".", False, "long"),
        (TEXTS[0][:-1], False, "a heading without a full stop"),
        ("bulle, crédit, marchés, chute, banque, Paris, krach, bourse, dette, taux, risque, peur", False, "keywords"),
        (f"LIRE AUSSI {TEXTS[0]}", False, "a link line"),
        (f"VIDÉO - {TEXTS[0]}", False, "a link line"),
        (f"00:30{TEXTS[0]}", False, "a time code"),
        (f"{TEXTS[0][:-1]} (voir https://site.fr).", False, "an address"),
        (f"| {TEXTS[0]} | oui.", False, "a row of a table"),
        (TEXTS[0][:-1] + "», a-t-il dit.", False, "the end of a quotation"),
        (TEXTS[0].lower(), False, "the end of a sentence"),
        (TEXTS[0][:-1] + ",.", False, "a broken end"),
    ],
)
def test_a_sentence_is_quotable_that_stands_alone(text, expected, why):
    assert quotations.quotable(text) is expected, why


def test_all_are_quoted_where_there_are_no_more_than_five_whatever_their_length():
    quoted, rule = quotations.chosen(hits(["Bulle.", "Une bulle.", TEXTS[0], TEXTS[0]]))
    assert (quoted.text.tolist(), rule) == (["Bulle.", "Une bulle.", TEXTS[0]], "all")


def test_the_most_typical_is_closest_to_what_all_say_and_the_theme_does_not_count():
    odd = "Un enfant souffle une bulle, une bulle, une bulle de savon dans le jardin de sa tante."
    near = hits([*TEXTS, odd]).typical
    assert near.idxmin() == len(TEXTS) and near.max() <= 1
    assert hits([*TEXTS, odd]).terms.map(lambda terms: "bulle" in terms).sum() == 0


def test_quotations_come_from_different_articles_sources_and_times():
    texts = [" ".join(pair) for pair in zip(TEXTS, OTHERS[3:] + OTHERS[:3], strict=True)]
    days = pd.date_range("2025-01-01", periods=10, freq="30D").astype("datetime64[s]")
    quoted, rule = quotations.chosen(hits(texts, source=list("AAAAAAABCD"), date=days))
    assert rule == "typical" and quoted.family.nunique() == 5
    assert set(quoted.source) == set("ABCD") and quoted.date.is_monotonic_increasing


def test_near_copies_are_quoted_once():
    copies = [TEXTS[0].replace("désormais", word) for word in "hier demain parfois".split()]
    quoted, _ = quotations.chosen(hits([*copies, *TEXTS]))
    assert sum("crédit" in text for text in quoted.text) == 1


def test_any_length_is_quoted_only_where_no_sentence_stands_alone():
    texts = [f"La bulle de {parts[1]} enfle." for parts in PARTS]
    quoted, rule = quotations.chosen(hits(texts))
    assert (len(quoted), rule) == (5, "any")
    quoted, rule = quotations.chosen(hits([*texts, TEXTS[0], TEXTS[1]]))
    assert (set(quoted.text), rule) == ({TEXTS[0], TEXTS[1]}, "typical")


def test_the_choice_depends_on_the_sentences_only():
    held = hits(TEXTS, source=list("AABBCCDDEE"))
    assert quotations.chosen(held)[0].equals(quotations.chosen(held.copy())[0])


def test_the_theme_is_blank_in_a_sentence_and_only_there():
    text = "La bulle dort. Une bulle et une bulle. Rien."
    starts, ends = [3, 19, 32], [8, 24, 37]
    assert quotations._without(text[0:14], 0, starts, ends) == "La       dort."
    assert quotations._without(text[15:38], 15, starts, ends) == "Une       et une      ."
    assert quotations._without(text[39:44], 39, starts, ends) == "Rien."
    assert quotations._without("lle dort.", 5, starts, ends) == "    dort."
