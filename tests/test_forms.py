import pytest

from bulle import forms


@pytest.mark.parametrize(
    ("language", "word", "others"),
    [
        ("fr", "crise", ["crises"]),
        ("fr", "cheval", ["chevaux", "chevals", "chevall"]),  # what no one writes does no harm
        ("fr", "taxes", ["taxe"]),
        ("fr", "marchés", ["marché", "marchée", "marchées"]),
        ("fr", "président", ["présidents", "présidente", "présidentes"]),
        ("fr", "ouvrière", ["ouvrières"]),
        ("fr", "startup", ["startups"]),
        ("fr", "cours", []),
        ("fr", "cour", []),  # cours is another noun
        ("fr", "bal", ["bals"]),  # not baux
        ("fr", "être", ["êtres"]),
        ("fr", "Macron", ["Macrons"]),
        ("fr", "Paris", []),
        ("fr", "IA", ["IAs"]),
        ("fr", "États", ["État"]),
        ("en", "AI", ["AIs", "A.I.", "A.I.s"]),
        ("en", "bubble", ["bubbles", "bubbled", "bubbling"]),
        ("en", "crisis", ["crisises", "crises"]),
        ("en", "news", ["newses"]),
    ],
)
def test_a_word_has_the_forms_of_its_number_and_gender(language, word, others):
    assert forms.forms([word], language) == {word: [word, *others]}


def test_an_infinitive_has_the_forms_of_its_verb():
    assert {"taxent", "taxaient", "taxera"} <= set(forms.forms(["taxer"], "fr")["taxer"])
    assert "peut" not in forms.forms(["pouvoir"], "fr")["pouvoir"]


def test_forms_do_not_depend_on_the_words_asked_together():
    words = ["bulle", "été", "taxes", "pouvoir", "Etat", "cours", "élus"]
    assert forms.forms(words, "fr") == {word: forms.forms([word], "fr")[word] for word in words}


def test_compounds_of_the_dictionary_are_words_of_their_own():
    held = forms.compounds("fr")
    assert {"etats-unis", "main-d'oeuvre", "etat-major"} <= held and not {"mini-bulle", "anti-bulle"} & held
