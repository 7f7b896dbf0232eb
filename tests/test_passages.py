import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulle import InputError, bodies, corpus, passages, show
from bulle.view import plain

TEXT = "Une bulle gonfle. Rien ne bouge. Les bulles éclatent. Tout va. Fin. Un bulletin paraît. La mini-bulle aussi."


def articles(*texts, language="fr"):
    names = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame({"article": names, "language": language, "text": texts})


def test_a_word_stands_for_its_forms_and_compounds_and_not_for_words_that_contain_it():
    assert passages.matches(articles(TEXT), "bulle").match.tolist() == ["bulle", "bulles", "mini-bulle"]


def test_a_compound_is_found_in_the_plural_and_a_lone_hyphen_does_no_harm():
    text = "Des mini-bulles - ou -bulle ? - partout."
    assert passages.matches(articles(text), "bulle").match.tolist()[0] == "mini-bulles"


def test_offsets_point_at_the_match():
    table = passages.matches(articles(TEXT), "bulle")
    assert [TEXT[row.start : row.end] for row in table.itertuples()] == table.match.tolist()


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        ("centre de données", ["centres de données"]),  # every word of a phrase in any of its forms
        ("l'offre", ["l’offre"]),  # any apostrophe
        ("prix, offre", ["offre", "prix"]),  # several themes
        ("prix; offre\nmanquer | centre", ["centres", "manquent", "offre", "prix"]),  # one a line, too
        (r"re:\bcent\w+", ["centres"]),  # a regular expression
    ],
)
def test_a_theme_is_words_phrases_or_an_expression(theme, expected):
    text = "Les centres de données manquent, l’offre aussi. Le prix monte."
    assert passages.matches(articles(text), theme).match.tolist() == expected


FOUND = [  # theme, language, text, what is found there
    ("bulle", "fr", "bulles Bulle BULLES « bulle » bulletin", ["bulles", "Bulle", "BULLES", "bulle"]),
    ("bulle", "fr", "anti-bulles, mini-bulle-papier, cette bulle-là", ["anti-bulles", "mini-bulle-papier", "bulle"]),
    ("bulles", "fr", "Une bulle.", ["bulle"]),  # a plural counts its singular, found or not in the text
    ("bulle", "fr", "#bulle #bulles", ["bulle", "bulles"]),  # a hashtag is its word
    ("bulle", "fr", "https://x.fr/bulle-ia www.x.fr/bulle x.fr/une/bulle la.bulle@x.fr @bulle", []),  # no words
    ("bulle", "fr", "[bulle](https://x.fr/bulle)", ["bulle"]),
    ("bulle", "fr", "La bulle¹ et la bulle².", ["bulle", "bulle"]),  # notes
    ("violence, crise, cheval", "fr", "violences, crises, chevaux, violent", ["violences", "crises", "chevaux"]),
    ("taxe", "fr", "Les taxes ; il est taxé, ils taxent.", ["taxes"]),  # no form of the verb
    ("taxer", "fr", "Ils taxent.", ["taxent"]),  # which an infinitive stands for
    ("pouvoir", "fr", "Les pouvoirs peuvent.", ["pouvoirs"]),
    ("été", "fr", "Ils sont partis cet été.", ["été"]),
    ("découverte", "fr", "Il découvrira des découvertes.", ["découvertes"]),
    ("financière", "fr", "Le centre financier.", ["financier"]),
    ("pari", "fr", "Paris fait des paris.", ["paris"]),
    ("cour", "fr", "La cour, le cours.", ["cour"]),
    ("startups", "fr", "Une startup.", ["startup"]),  # a word that no dictionary has
    (
        "gilet jaune",
        "fr",
        "gilets jaunes, gilets-jaunes, Gilets\njaunes",
        ["gilets jaunes", "gilets-jaunes", "Gilets\njaunes"],
    ),
    ("gilet jaune", "fr", "Des gilets.\n\nJaunes. Un gilet\n\njaune", []),
    ("Gilets jaunes", "fr", "les gilets jaunes", ["gilets jaunes"]),
    ("start-up", "fr", "des start-ups", ["start-ups"]),
    ("État", "fr", "l’État, l'Etat, L'ÉTAT, un état", ["État", "Etat", "ÉTAT"]),
    ("État", "fr", "États-Unis, Etats-Unis, état-major, État-providence", ["État-providence"]),
    ("l'État", "fr", "L’Etat et l'état", ["L’Etat"]),
    ("œuvre", "fr", "oeuvres, la main-d'œuvre", ["oeuvres"]),
    ("États-Unis", "fr", "ETATS-UNIS, États‑Unis, États\u00a0Unis", ["ETATS-UNIS", "États‑Unis", "États\u00a0Unis"]),
    ("centre d’appels", "fr", "Un centre d'appels", ["centre d'appels"]),
    ("Est", "fr", "L'Est est loin.", ["Est"]),
    ("AI", "en", "There is AI; they are bad.", ["AI"]),
    ("US", "en", "They told us. The US grew.", ["US"]),
    ("IT", "en", "It is an IT firm.", ["IT"]),
    ("company", "en", "Companies and a company's men", ["Companies", "company"]),
    ("C++", "fr", "Le C, le C++ et le C++.", ["C++", "C++"]),
    ("S&P 500 (CAC 40)", "fr", "Le S&P 500 (CAC 40) et le S&P 500", ["S&P 500 (CAC 40)"]),
    ("S&P 500", "fr", "Le S&P\u00a0500, le S&P 5000.", ["S&P\u00a0500"]),
    ("crise, (bulle)", "fr", "La crise (bulle).", ["crise", "(bulle)"]),
    ("#bulle", "fr", "#bulle, bulle", ["#bulle"]),
    (".NET", "fr", "Le .NET, le NET", [".NET"]),
    ("500 €", "fr", "500\u202f€, 500€, 1 500 €, 2500 €", ["500\u202f€", "500€"]),
    ("50%", "fr", "50 %, 50%, 150 %", ["50 %", "50%"]),
    ("licencier", "fr", "Il licencie les salariés licenciés.", ["licencie", "licenciés"]),
    ("policier", "fr", "Un policier, une policière police.", ["policier", "policière"]),
    ("$NVDA, Canal+, Yahoo!", "fr", "$NVDA NVDA Canal+ canal Yahoo! yahoo", ["$NVDA", "Canal+", "Yahoo!"]),
    ("1,5 million", "fr", "1,5 million, 11,5 millions", ["1,5 million"]),
    ("économie", "fr", "l'e\u0301conomie", ["e\u0301conomie"]),
    ("économie", "fr", "l'éco\u00adnomie, l'é\u200bconomie\u200b", ["éco\u00adnomie", "é\u200bconomie"]),
    ("économie", "fr", "l'éco-\nnomie, l'éco\u00ad\r\nnomie", ["éco-\nnomie", "éco\u00ad\r\nnomie"]),
    ("économie", "fr", "L'ECONOMIE, Economie", ["ECONOMIE", "Economie"]),
    ("inflation", "fr", "l'in\ufb02ation", ["in\ufb02ation"]),
    ("bulle", "fr", "une mini-\nbulle", ["mini-\nbulle"]),
    ("RE: krachs?", "fr", "Krach, krachs", ["Krach", "krachs"]),
    ("re:l['’]offre", "fr", "l’offre l'offre", ["l’offre", "l'offre"]),
]


@pytest.mark.parametrize(("theme", "language", "text", "expected"), FOUND)
def test_a_theme_finds_its_forms_and_nothing_else(theme, language, text, expected):
    assert passages.matches(articles(text, language=language), theme).match.tolist() == expected


WRITTEN = [
    "économie",
    "Économies",
    "ECONOMIE",
    "macro-économie",
    "gilets jaunes",
    "économe",
    "l’État",
    "état",
    "C++",
    "œuvres",
]
WRITTEN += [
    "https://x.fr/économie",
    "#économie",
    "@économie",
    "États-Unis",
    "-",
    "\n",
    "(",
    "500",
    "1 500",
    "e\u0301",
    "\u00ad",
    "ﬁ",
]
texts = st.lists(st.sampled_from(WRITTEN) | st.text(max_size=3), max_size=12).map(" ".join)
themes = st.sampled_from(["économie", "État", "gilet jaune", "C++, 500", "œuvre; l'État", "re:[ée]\\w+"])


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=4), themes)
def test_matches_lie_in_their_article_and_are_the_same_whatever_else_is_read(batch, theme):
    made = articles(*batch)
    found = passages.matches(made, theme)
    alone = [passages.matches(made[made.article == name], theme) for name in made.article]
    assert found.values.tolist() == [row for table in alone for row in table.values.tolist()]
    whole = made.set_index("article").text
    assert all(whole[row.article][row.start : row.end] == row.match != "" for row in found.itertuples())
    stems = ["economi", "etat", "gilet", "jaune", "c++", "500", "uvre", "e"]
    assert all(any(stem in folded(match) for stem in stems) for match in found.match)


def folded(text):
    """Letters of a text without case and accents."""
    apart = unicodedata.normalize("NFD", plain(text).lower())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("-\n", "")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["économie", "Économies", "l’État", "gilets jaunes", "œuvre", "bulle"]), max_size=6),
    st.sampled_from(["NFD", "\u00ad", "\u200b", "-\n", "\u00ad\n", "\u00a0"]),
    st.sampled_from(["économie", "gilet jaune", "l'État, bulle", "œuvre"]),
)
def test_hidden_signs_and_apart_accents_change_no_count(held, sign, theme):
    if sign == "NFD":
        other = [unicodedata.normalize("NFD", word) for word in held]
    elif sign == "\u00a0":
        other = [word.replace(" ", sign) for word in held]
    else:
        other = [word[:4] + sign + word[4:] if " " not in word and "’" not in word else word for word in held]
    counts = [len(passages.matches(articles(" ; ".join(words)), theme)) for words in (held, other)]
    assert counts[0] == counts[1]


def test_a_word_of_another_article_changes_nothing():
    lone, other = "Une #bulle, un bulletin, https://x.fr/bulle.", "Des mini-bulles bullaires."
    both = passages.matches(articles(lone, other), "bulle")
    assert both[both.article == "a0"].match.tolist() == passages.matches(articles(lone), "bulle").match.tolist()


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        ("financier marché", "Words near it in these texts: marché (2), financier (1)."),  # they stand apart
        ("marché -marché financier -le marché", "All its places (2) are among those that the theme leaves out."),
        ("bulbe", "Words near it in these texts: bulle (1)."),
        ("MARCHÉS", "In other capitals it stands 2 more times in these texts, not counted; 'marchés' counts all."),
        ("marché financié", "Words near it in these texts: financier (1)."),
        ("re:krach", ""),
        ("zinc", ""),
    ],
)
def test_a_theme_that_finds_nothing_gets_a_hint(theme, expected):
    made = articles("La bulle du marché financier. Le marché.")
    assert passages.hint(made, theme) == expected
    assert passages.matches(made, theme).empty


def test_a_theme_with_a_capital_is_told_what_its_capital_leaves_out():
    made = articles("Crise à Rouen. La crise dure, les crises aussi.")
    assert passages.hint(made, "Crise") == (
        "In other capitals it stands 2 more times in these texts, not counted; 'crise' counts all."
    )
    assert passages.hint(made, "crise") == passages.hint(made, "Rouen") == ""


def test_a_theme_file_is_read_in_the_language_of_the_article():
    both = pd.concat([articles("Une bulle."), articles("A bubble.", language="en").assign(article="b")])
    assert passages.matches(both, "bulle").match.tolist() == ["bulle", "bubble"]


@pytest.mark.parametrize(
    ("top", "expected"), [(3, []), (2, ["1 more passage is not shown."]), (1, ["2 more passages are not shown."])]
)
def test_what_is_not_shown_is_told_in_number(top, expected):
    texts = articles(*["Une bulle gonfle."] * 3)
    held = passages.around(texts, passages.matches(texts, "bulle"), 0)
    evidence = pd.DataFrame(columns=["article", "start", "end", "value"])
    shown = show.passages(held, evidence, top).text.split("\n\n")
    assert shown == ["Une bulle gonfle."] * top + expected


def test_passages_take_their_context_and_join_when_they_touch():
    table = passages.passages(articles(TEXT), "bulle", 1)
    assert table[["passage", "sentence", "match"]].values.tolist() == [
        [0, 0, "bulle"],
        [0, 1, ""],
        [0, 2, "bulles"],
        [0, 3, ""],
        [1, 5, ""],
        [1, 6, "mini-bulle"],
    ]


def test_no_hit_is_an_empty_table_with_its_columns():
    table = passages.passages(articles(TEXT), "krach", 1)
    assert table.columns.tolist() == ["passage", "article", "sentence", "start", "end", "match", "text"]
    assert len(table) == 0


def test_others_are_the_sentences_that_are_not_held():
    cut = pd.DataFrame({"article": ["a", "a", "b"], "sentence": [0, 1, 0]})
    assert passages.others(cut, cut.iloc[[1]]).index.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("theme", "message"),
    [
        ("", "parameter 'theme' is empty"),
        (" , ;", "parameter 'theme' is empty"),
        ("re: ", "parameter 'theme' is empty"),
        ("re:bulle(", "theme 're:bulle(' is not a valid regular expression: missing )"),
        ("re:(a|aa)+$", "takes more than"),
    ],
)
def test_a_theme_that_cannot_be_searched_is_refused(theme, message, monkeypatch):
    monkeypatch.setattr(passages, "SECONDS", 0.05)
    with pytest.raises(InputError, match=re.escape(message)):
        passages.passages(articles("a" * 40 + "b"), theme, 1)


def test_an_unknown_language_is_refused_with_the_choices():
    with pytest.raises(InputError, match="unknown language 'xx'; there are: en, "):
        passages.matches(articles("Oui.", language="xx"), "oui")


def test_context_counts_sentences():
    with pytest.raises(InputError, match="parameter 'context' is -1"):
        passages.passages(articles(TEXT), "bulle", -1)


@pytest.mark.parametrize(
    ("top", "told"),
    [(1, "2 more passages are not shown."), (2, "1 more passage is not shown."), (3, "éclatent.")],
)
def test_what_is_not_shown_is_counted_in_the_singular_and_the_plural(top, told):
    held = passages.passages(articles("Une bulle.", "Deux bulles.", "Les bulles éclatent."), "bulle", 0)
    words = pd.DataFrame(columns=["article", "start", "end", "value"])
    assert show.passages(held, words, top).text.endswith(told)


def test_a_passage_shows_where_something_between_its_sentences_was_set_aside():
    again = "Une phrase dite deux fois mot pour mot dans un article."
    table = corpus.given(f"{again} La bulle enfle. {again} Il pleut. Il neige.")
    held = passages.passages(bodies.body(table), "bulle", 1)
    assert show.passages(held, held[:0].assign(value=[])).text == f"{again} La bulle enfle. […] Il pleut."
