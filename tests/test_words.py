"""Words and sentences: written cases, laws on any text, counts equal to the plain path."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
import simplemma
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulle import LANGUAGES, InputError, entries, words
from bulle.more import tokenizers

slow_start = settings(deadline=None)  # the first example compiles the pattern
HERE = Path(__file__).parent
CASES = [
    pytest.param(language, case["text"], case["expected"], id=f"{language}: {case['why']}")
    for language in LANGUAGES
    for case in json.loads((HERE / "cases" / f"words_{language}.json").read_text(encoding="utf-8"))
]
SEED = next((HERE.parent / "seeds").glob("*.txt")).read_text(encoding="utf-8")
# Pieces of writing that meet in the press and on which a rule may trip, glued in any order.
PIECES = re.findall(
    r"\S+",
    """
M. Mme. etc. p. art. cf. av. J.-C. c.-à-d. i.e. U.S.A. A. C. St. sept. Le Il Qu' C' l' d’ aujourd'hui l'on -t-il -il -je
-là -en est dit-il fin.Le Jong-il rendez-vous 50 000 000.5x 000_x 000km 1.000 3,5 % 14h30 2e XXe M€ n° °C km/h (s) (es)
« » " “ ” ' ’ ʼ ` ... … . , ; : ? ! ?! -- - – — • · @ # #a www.a.fr www.a.Fr https://x.y a@b.fr é e\u0301 \u0301 \u00ad
\u200b \ufeff \u200d 👨 🏽 🇫 🇷 ﬁ œ ² İ ß 中 & _ \\ / ( ) [ ] [...] (...) [12] (a) a Z été É
""",
)
GAPS = ["", " ", "\n", "\u00a0", "\u202f", "\t", "  ", "\r\n", "\x1c", "\u2028"]
writing = st.lists(st.sampled_from(PIECES) | st.sampled_from(GAPS), max_size=30).map("".join) | st.text(max_size=60)
languages = st.sampled_from(LANGUAGES)


def table(*texts, language="fr"):
    """Articles table of the texts."""
    return pd.DataFrame({"article": [f"a{i}" for i in range(len(texts))], "text": texts, "language": language})


def plain(articles):
    """Counts the plain way: from the table of tokens, article by article."""
    tokens = words.tokens(articles).query("kind == 'word'")
    forms = tokens.assign(word=tokens.word.map(words.fold))
    spread = forms.drop_duplicates(["article", "word"]).groupby("word").size()
    return {word: (n, spread[word]) for word, n in Counter(forms.word).items()}


def counted(found):
    """The same as a dictionary from the table of counts."""
    return dict(zip(found["word"], zip(found["count"], found["articles"], strict=True), strict=True))


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_written_cases_are_cut_as_their_reason_says(language, text, expected):
    assert [" | ".join(text[a:b] for a, b in sentence) for sentence in words.spans(text, language)] == expected


def test_hours_are_parted_for_who_asks():
    text = "à 14h30 et 20h"
    assert [text[a:b] for a, b in words.spans(text, split_hours=True)[0]] == ["à", "14", "h", "30", "et", "20", "h"]


@slow_start
@given(writing, languages, st.booleans())
def test_no_character_is_lost_and_no_two_tokens_overlap(text, language, hours):
    spans = [span for sentence in words.spans(text, language, hours) for span in sentence]
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a < b for a, b in spans) and all(b <= c for (_, b), (c, _) in pairwise(spans))


@slow_start
@given(writing, languages)
def test_sentences_hold_their_tokens_from_first_to_last_character(text, language):
    tokens = [(sentence[0][0], sentence[-1][1]) for sentence in words.spans(text, language)]
    assert tokens == words.sentence_spans(text, language)


@slow_start
@given(writing, st.sampled_from("’ʼ`＇"))
def test_every_apostrophe_cuts_alike(text, sign):
    text = re.sub("['’ʼ`´＇]", "'", text)
    assert words.spans(text.replace("'", sign)) == words.spans(text) or "''" in text


@slow_start
@given(writing, languages)
def test_blanking_a_line_leaves_the_offsets_of_the_others(text, language):
    blank = " " * 7 + "\n"
    moved = [[(a + 8, b + 8) for a, b in sentence] for sentence in words.spans(text, language)]
    assert words.spans(blank + text, language) == moved


@slow_start
@given(st.lists(writing, max_size=4), languages)
@example(["M. Li, etc. Le p. 12", "l' 50 000.5x\n000_x c.-à-d. (oui)"], "fr")
@example(
    ["Les marchés suivent de près l'intelli-\ngence artificielle qui attire les porte-\nparole et les mi-\nlliards."],
    "fr",
)
def test_counting_by_distinct_chunks_equals_the_plain_path(texts, language):
    articles = table(*texts, language=language)
    assert counted(words.counts(articles)) == plain(articles)


def test_counts_of_the_seed_equal_the_plain_path():
    articles = pd.concat([table(SEED, SEED[500:1500]), table(SEED, language="en")], ignore_index=True)
    articles["article"] = articles.index.astype(str)
    found = words.counts(articles)
    assert counted(found) == plain(articles)
    assert found["count"].is_monotonic_decreasing


@pytest.mark.parametrize("size", [1, 100, 10**9])
def test_counts_do_not_depend_on_the_batches(monkeypatch, size):
    monkeypatch.setattr(words, "BATCH", size)
    articles = table(*SEED.split("\n\n"))
    frame = pl.DataFrame({"language": "fr", "text": articles.text.tolist()})
    for given_as in (articles, iter([articles[:3], articles[3:]]), [frame[:2], frame[2:]], frame.lazy()):
        assert counted(words.counts(given_as)) == plain(articles)


def test_white_space_of_the_chunks_is_that_of_the_pattern():
    every = [chr(sign) for sign in range(0x110000) if not 0xD800 <= sign < 0xE000]
    white = pl.Series(every).filter(pl.Series(every).str.contains(words.WHITE)).to_list()
    assert [" ", *white] == sorted(re.findall(r"\s", "".join(every)), key=" ".__ne__)


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        ("en", "ai", "ai"),  # the dictionary has the "ai" of "ain't", a form of "be"
        ("en", "ai's", "ai"),
        ("en", "nvidia's", "nvidia"),  # no dictionary has all owners
        ("en", "it's", "its"),  # a function word, whatever its lemma
        ("fr", "cars", "cars"),
        ("fr", "soit", "être"),
        ("en", "1990s", "1990s"),  # the dictionary has nineteen-nineties, which stands in no text
    ],
)
def test_a_word_is_not_lost_in_a_function_word_nor_an_owner_in_its_possessive(language, word, expected):
    assert words.lemma(word, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_set_apart_are_words_that_the_dictionary_would_lose(language):
    function = set(entries(language, "function_words"))
    for word in entries(language, "apart"):
        assert word in function or simplemma.lemmatize(word, lang=language).lower() != word, word


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(case["language"], case["text"], case["expected"], id=case["why"])
        for case in json.loads((HERE / "cases" / "paragraphs.json").read_text(encoding="utf-8"))
    ],
)
def test_lines_of_a_hard_wrapped_paragraph_are_one(language, text, expected):
    assert len(words.sentence_spans(text, language)) == expected


def test_sentences_of_speech_written_in_small_letters_end_at_their_stops():
    text = "je crois que oui. on verra demain. m. dupont viendra, et puis voilà"
    assert [text[a:b] for a, b in words.sentence_spans(text)] == [
        "je crois que oui.",
        "on verra demain.",
        "m. dupont viendra, et puis voilà",
    ]


def test_tokens_carry_lemma_kind_and_function():
    found = words.tokens(table("Les 50 000 bulles ont éclaté.", "The bubble burst.")[:1])
    assert found.word.tolist() == ["Les", "50 000", "bulles", "ont", "éclaté", "."]
    assert found.lemma.tolist()[2:4] == ["bulle", "avoir"]
    assert found.kind.tolist() == ["word", "number", "word", "word", "word", "punctuation"]
    assert found.function.tolist() == [True, False, False, True, False, False]
    assert [found.start.tolist(), found.end.tolist()] == [[0, 4, 11, 18, 22, 28], [3, 10, 17, 21, 28, 29]]


def test_a_word_counts_as_one_however_its_accents_hyphens_and_apostrophes_are_written():
    ways = table(
        "L’économie, aux États-Unis.",
        "L‘e\u0301conomie, aux E\u0301tats\u2011Unis.",
        "L'éco\u00adnomie, aux États-Unis.",
        "L'éco\u2063nomie, aux\u200e Éta\u202ats-Unis.",
    )
    assert counted(words.counts(ways)) == dict.fromkeys(["l'", "économie", "aux", "états-unis"], (4, 4))
    assert set(words.tokens(ways).lemma) == {"le", ",", "économie", "aux", "états-unis", "."}


def test_a_function_word_is_a_noun_and_a_capital_has_its_accent_where_the_text_says_so():
    found = words.tokens(
        table("Il fait un pas, n'est-ce pas ? Le son d'un pass, moins devant son ami, aux Etats-Unis ; les États-Unis.")
    )
    content = found[(found.kind == "word") & ~found.function]
    assert content.lemma.tolist() == ["faire", "pas", "son", "pass", "ami", "états-unis", "états-unis"]


def test_no_article_gives_empty_tables_with_their_columns():
    nothing = table()
    assert words.tokens(nothing).columns.tolist() == [
        "article", "sentence", "start", "end", "word", "lemma", "kind", "function",
    ]  # fmt: skip
    assert words.sentences(nothing).columns.tolist() == ["article", "sentence", "start", "end", "text"]
    assert words.counts(nothing).columns.tolist() == ["word", "count", "articles"]
    assert words.spans("") == words.spans(" \n\u00a0\n") == []


def test_an_unknown_language_is_refused_with_the_choices():
    with pytest.raises(InputError, match="unknown language 'xx'; there are: en, "):
        words.spans("Oui.", "xx")


@slow_start
@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(word):
    assert words.fold(words.fold(word)) == words.fold(word)


def test_disagreements_tell_what_each_peer_cuts_otherwise():
    found = words.disagreements(table("L'homme vient, viendra-t-il ? Oui."))
    rows = found[["peer", "kind", "count", "ours", "theirs"]].values.tolist()
    assert rows == [
        ["white space", "punctuation", 2, "Oui | .", "Oui."],
        ["white space", "clitic", 1, "viendra | -t-il", "viendra-t-il"],
        ["white space", "elision", 1, "L' | homme", "L'homme"],
        ["NLTK", "clitic", 1, "viendra | -t-il", "viendra-t-il"],
        ["NLTK", "elision", 1, "L' | homme", "L'homme"],
    ]
    assert words.disagreements(table("Le marché monte")).empty
    cut = words.disagreements(table("Un **gras** mot"))  # two asterisks are one sign here, two there
    assert cut["kind"].tolist() == ["punctuation", "punctuation"]


def test_disagreements_look_at_a_few_articles_of_many_and_say_how_many():
    many = pd.DataFrame({"article": map(str, range(40)), "text": "L'homme vient.", "language": "fr"})
    found = words.disagreements(many, 100)  # fourteen characters each
    assert found.attrs == {"articles": 40, "compared": 7}
    assert set(found["count"]) == {7}
    assert words.disagreements(many, 1).attrs["compared"] == 1
    assert words.disagreements(many).attrs["compared"] == 40
    assert words.disagreements(many[:0]).empty


def test_nltk_interface_agrees_with_the_spans():
    tokenizer, splitter = tokenizers.FrenchTokenizer(), tokenizers.FrenchSentenceTokenizer()
    spans = [span for sentence in words.spans(SEED) for span in sentence]
    assert list(tokenizer.span_tokenize(SEED)) == spans
    assert tokenizer.tokenize_sents(splitter.tokenize(SEED)) == [
        [SEED[a:b] for a, b in sentence] for sentence in words.spans(SEED)
    ]


def test_the_end_of_a_sentence_that_a_line_break_parts_from_it_is_no_sentence():
    text = "Il l'a dit\n. Elle part\n!»\n«\nIl reste\n»."
    assert [text[start:end] for start, end in words.sentence_spans(text)][:2] == ["Il l'a dit\n.", "Elle part\n!»"]


def test_words_that_are_read_by_chunks_are_cut_alike():
    text = "Le 1er, 50 000,5 € et 12 % : M. Roux, art. IV, J.-P. Sartre (p. 3), éco-\nnomie, dit-il… « fin.Le » 3.5 km"
    for end in range(len(text)):
        read = words.read(text[:end], "fr", str.lower)
        assert [[token[:2] for token in sentence] for sentence in read] == words.spans(text[:end])
