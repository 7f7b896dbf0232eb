import hashlib
import importlib
import json
import re
from dataclasses import replace
from types import SimpleNamespace

import jsonschema
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy import stats

from bulle import PACKAGE, ROOT, bodies, corpus, findings, narrative, passages, words

PARAMETERS = {"theme": "bulle", "context": 1, "top": 20}


def articles(*texts, **columns):
    names = [f"a{number}" for number in range(len(texts))]
    table = pd.DataFrame({"article": names, "source": "", "date": pd.NaT, "title": "", "language": "fr", "text": texts})
    return table.astype({"date": "datetime64[s]"}).assign(**columns)


@pytest.fixture(scope="module")
def seed():
    return corpus.read(ROOT / "seeds"), findings.ledger(corpus.read(ROOT / "seeds"), PARAMETERS)


def test_every_span_is_the_text_at_its_place(seed):
    text = seed[0].text.iloc[0]
    spans = [span for finding in seed[1].findings.values() for span in finding.spans]
    assert len(spans) > 50
    for span in spans:
        assert span.text == text[span.start : span.end]
        assert span.before + span.text + span.after in text
    headed = findings.ledger(articles("---\ntitle: T\n---\nLa bulle enfle."), PARAMETERS)
    assert headed["theme.sentences"].spans[0].before == "La "


def test_the_masses_of_the_bubble_sentence_rest_on_their_words(seed):
    positive, negative = seed[1]["passage.1.positive"], seed[1]["passage.1.negative"]
    assert positive.about == negative.about == "000_e929f5620eca117b, 5"
    assert (positive.value, [span.text for span in positive.spans]) == (6, ["optimisme", "propulsé", "sommets"])
    words = ["vertigineux", "craintes", "volatilité"]  # "bulle" is the theme itself
    assert (negative.value, [span.text for span in negative.spans]) == (5, words)
    assert seed[1]["tone.net"].value == pytest.approx((6 - 5) / (6 + 5 + 1)) and seed[1]["tone.net"].interval is None


def test_a_quoted_sentence_has_the_number_that_it_has_in_the_tables(seed):
    body = bodies.body(seed[0])
    table = passages.passages(body, PARAMETERS["theme"], 0)
    quoted = [one for one in seed[1].findings.values() if one.unit == "match"]
    assert [one.about for one in quoted] == [f"{row.article}, {row.sentence}" for row in table.itertuples()]
    sentences = words.sentences(body).set_index(["article", "sentence"]).text
    assert [one.spans[0].text for one in quoted] == [sentences[row.article, row.sentence] for row in table.itertuples()]


def test_one_sentence_is_insufficient_evidence_and_names_its_floors(seed):
    verdict = seed[1]["tone.verdict"]
    assert (verdict.outcome, verdict.value) == ("insufficient evidence", None)
    missed = ["sentences", "sentences with hits", "largest share of one sentence", "half-width"]
    assert [refusal.measure for refusal in verdict.refusals] == missed


def test_curly_apostrophes_change_no_finding(seed):
    curly = seed[0].assign(text=seed[0].text.str.replace("'", "’"))
    values = {name: finding.value for name, finding in findings.ledger(curly, PARAMETERS).findings.items()}
    assert values == {name: finding.value for name, finding in seed[1].findings.items()}


def test_the_ledger_names_every_text_by_its_digest(seed):
    text = seed[0].text.iloc[0]
    assert [row["sha256"] for row in seed[1].texts] == [hashlib.sha256(text.encode()).hexdigest()]


def test_a_ledger_comes_back_from_its_json(seed):
    assert findings.loaded(json.loads(seed[1].json())).findings == seed[1].findings


def test_the_ledger_keeps_its_schema(seed):
    schema = json.loads((PACKAGE / "data" / "findings.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(seed[1].json()), schema)
    assert schema["properties"]["schema"]["const"] == findings.SCHEMA


@pytest.mark.parametrize("texts", [["Une bulle inquiète."], ["Une bulle menace. Il pleut."] * 2, ["Bulle. "] * 1000])
def test_bases_and_units_agree_with_their_numbers(texts):
    table = articles(*texts, source=["Le Monde", *["Les Échos"] * (len(texts) - 1)])
    for one in findings.ledger(table, PARAMETERS).findings.values():
        for said in (one.base, f"{one.value} {one.worded('en')['unit']}"):
            assert not re.search(r"(?<![\w.,])1 (\w+ )?\w+(?<!s)s\b", said), (one.name, said)
        assert not re.match(r"\d{4}", one.base), (one.name, one.base)


def test_the_catalogue_names_functions_that_exist_and_no_finding_twice():
    rows = findings.catalogue()
    table = pd.read_csv(PACKAGE / "data" / "findings.csv")
    assert list(rows) == table.name.tolist() and not table[["unit", "base", "formula", "function"]].isna().any().any()
    for name, row in rows.items():
        package, module, function = row["function"].split(".")
        assert callable(getattr(importlib.import_module(f"{package}.{module}"), function)), name


def test_what_a_text_or_a_user_wrote_is_no_field_of_the_catalogue():
    table = articles("Une bulle {total:sentences}.", "Rien.", source=["{0}", "{x!r}"], article=["{a}", "{b"])
    made = findings.ledger(table, PARAMETERS | {"theme": "bulle {total:sentences}"})
    assert made["theme.name"].value == "bulle {total:sentences}" and made["passage.1"].base.startswith(
        "sentence 0 of {a},"
    )


def test_a_finding_that_was_kept_is_told_in_another_language_with_the_same_numbers(seed):
    kept = findings.loaded(json.loads(seed[1].json()))
    english = re.compile(r"\b(of|the|and|that|with|in|words|sentences|places)\b")
    for one in kept.findings.values():
        said = one.worded("fr")
        assert {part: one.worded("en")[part] for part in ("base", "formula")} == {
            "base": one.base,
            "formula": one.formula,
        }
        ours = [said[part] for part in findings.WORDS] + [said["value"]] * (one.unit in ("label", "reason", "rule"))
        assert not [text for text in ours if english.search(text)], one.name
    assert kept["read.words"].worded("fr")["value"] == f"{kept['read.words'].value:,}".replace(",", "\u202f")


def test_a_unit_agrees_with_its_value():
    units = {"articles of a source": "article of a source", "mass": "mass", "points a week": "point a week"}
    for unit, expected in units.items():
        one = findings.Finding("x", 1, unit, "base", "formula", "function")
        assert [replace(one, value=value).worded("en")["unit"] for value in (1, 2)] == [expected, unit]
    mass = findings.Finding("tone.positive", 11.2, "mass", "base", "formula", "function", told={"words": 11})
    told = [mass.worded(language)["unit"] for language in ("fr", "es")]
    assert told == ["unités de poids", "unidades de peso"]  # no sum of so many weights, no sum of money


def test_spans_are_bounded_and_their_number_told():
    table = articles(*["Une bulle se forme. " * 4] * 20, title=[str(number) for number in range(20)])
    made = findings.ledger(table, PARAMETERS)["theme.sentences"]
    assert (made.value, len(made.spans), made.spans_total) == (80, findings.BOUND, 80)


def test_copies_of_one_article_count_once_where_articles_are_compared():
    text = "La bourse de Paris a terminé la séance en hausse après la publication de bons résultats. Une bulle menace."
    made = findings.ledger(articles(text, text, "Le temps sera doux demain sur la moitié nord du pays."), PARAMETERS)
    values = [made[name].value for name in ("read.articles", "theme.articles", "read.families", "theme.families")]
    assert values == [3, 2, 2, 1] and made["theme.share"].value == 1 / 2


def test_the_tone_of_a_source_rests_on_its_own_words():
    table = articles("La bulle inquiète.", "La bulle menace de faillite.", source=["Le Monde", "Les Échos"])
    made = findings.ledger(table, PARAMETERS)
    for number, source, article in ((1, "Le Monde", "a0"), (2, "Les Échos", "a1")):
        assert made[f"source.{number}"].value == source
        assert {span.article for span in made[f"source.{number}.net"].spans} == {article}


def test_a_quotation_keeps_its_own_words_in_a_corpus_of_two_languages():
    texts = ["Une bulle menace.", "A bubble brings great success.", "Une bulle inquiète, c'est la faillite."]
    made = findings.ledger(articles(*texts, language=["fr", "en", "fr"]), PARAMETERS)
    claims = {one.claim: one for one in made.findings.values()}
    for number in range(3):
        for side in ("positive", "negative"):
            mass = claims[f"passage.{side}", f"a{number}, 0"]
            assert (mass.value > 0) == bool(mass.spans)
            assert {span.article for span in mass.spans} <= {f"a{number}"}
    assert claims["passage.positive", "a1, 0"].value > claims["passage.negative", "a1, 0"].value


def test_what_is_not_read_in_a_language_is_said_to_be_so():
    text = 'Many fear a bubble. "It is not a bubble," Jane Doe said. The dot-com bubble burst.'
    made = findings.ledger(articles(text, language="en"), {"theme": "bubble"})
    counts = {name: made[f"stance.{name}"].value for name in ("places", "worries", "past")}
    assert counts == {"places": 3, "worries": 1, "past": 1} and "stance.denies" not in made  # not told well enough
    assert [made[name].value for name in ("voice.places", "voice.others", "voice.checked")] == [3, 1, 60]
    said = narrative.account(made, "en").text
    assert "Of three mentions, one is in the words of others" in said
    assert made["actor.1"].value == "Jane Doe"  # who is named is read as in French
    made = findings.ledger(articles("«Es una burbuja», dijo Juana Ruiz.", language="es"), {"theme": "burbuja"})
    assert "voice.places" not in made and "stance.places" not in made
    said = narrative.account(made, "en").text
    assert (
        "In whose words it stands, what is held of it, which amounts are given and who is named: none of that" in said
    )


def test_no_hit_bounds_the_share_by_the_rule_of_three():
    texts = [
        "Il pleut sur la ville.",
        "Le vent tourne au nord.",
        "La mer monte.",
        "Un train part.",
        "La nuit tombe tôt.",
    ]
    made = findings.ledger(articles(*texts), PARAMETERS)
    assert made["theme.bound"].value == 3 / 5
    assert "theme.share" not in made and "tone.verdict" not in made


def test_what_was_counted_whole_has_no_interval_and_no_bound(seed):
    assert (seed[1]["theme.share"].value, seed[1]["theme.share"].interval) == (1 / 12, None)
    assert "theme.bound" not in findings.ledger(articles("Rien. Rien du tout. Encore rien. Toujours rien."), PARAMETERS)
    copies = findings.ledger(articles(*["La bulle menace la bourse de Paris, qui baisse."] * 3), PARAMETERS)
    assert (copies["theme.share"].value, copies["theme.share"].interval) == (1, None)
    assert findings.ledger(articles("La bulle enfle.", "Il pleut."), PARAMETERS)["theme.share"].interval is not None


HOSTILE = [
    "01",
    "01.net",
    "a.b",
    "",
    "trend",
    "1",
    "term.1",
    "source.1.net",
    "x" * 10_000,
    "<b>",
    "..",
    " ",
    "é",
    "E\u0301",
]


def test_names_are_ours_whatever_sources_words_and_articles_are_called():
    texts = [f"La bulle {word} inquiète trend. Une bulle 01 {word} menace trend 01.net." for word in HOSTILE]
    names = [f"{name}#{number}" for number, name in enumerate(HOSTILE)]
    told = [HOSTILE[number % 5] for number in range(len(HOSTILE))]  # so few that each is named
    made = findings.ledger(articles(*texts, source=told, article=names), PARAMETERS)
    schema = json.loads((PACKAGE / "data" / "findings.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(made.json()), schema)
    assert len({one.claim for one in made.findings.values()}) == len(made.findings)
    assert len({findings.anchor(name) for name in made.findings}) == len(made.findings)
    sources = [one for one in made.findings.values() if one.unit == "source"]
    assert len(sources) == 4 and all(one.value in HOSTILE and one.about == one.value for one in sources)
    assert all(one.about for one in made.findings.values() if any(part.isdigit() for part in one.name.split(".")))


def test_two_findings_of_one_name_are_a_bug_and_not_one_finding(monkeypatch):
    twice = lambda study: [findings.Finding("a", 1, "", "", "", "")] * 2  # noqa: E731
    monkeypatch.setattr(findings, "_trend", twice)
    with pytest.raises(ValueError, match="two findings are called 'a'"):
        findings.ledger(articles("Rien."), PARAMETERS)


def test_a_ledger_counts_in_the_singular_and_the_plural():
    days = pd.date_range("2025-01-01", periods=3).astype("datetime64[s]")
    three = articles("Une bulle de crise.", "Rien ne bouge.", "Les bulles éclatent.", source=["A", "B", "B"], date=days)
    for table in (three.head(1), three):
        made = findings.ledger(table, PARAMETERS)
        text = re.sub(r"<[^>]+>", " ", made._repr_html_())
        counts = r"articles|sentences|words|sources|places|texts|periods|occurrences"
        assert not re.findall(rf"(?<![\d.,])1 (?:[a-z]+ )?(?:{counts})\b", text)
        assert not re.findall(rf"(?<![\d.,])(?:0|[2-9]) (?:{re.sub('s(?=[|]|$)', '', counts)})\b", text)


def test_a_refused_trend_is_based_on_the_articles_that_have_a_date():
    days = pd.to_datetime(["2025-01-01", "2025-01-02", None]).astype("datetime64[s]")
    trend = findings.ledger(articles("Une bulle.", "Rien.", "Deux bulles.", date=days), PARAMETERS)["trend"]
    assert trend.refusals[0].found == 2 and trend.base.startswith("2 dated articles by ")


def test_a_reader_can_make_the_p_of_a_peak_again_from_its_formula():
    days = pd.date_range("2025-01-06", periods=5, freq="W-MON").repeat(22).astype("datetime64[s]")
    texts = [f"{'Une bulle' if number < 16 or number % 6 == 0 else 'Rien'} {number}." for number in range(110)]
    made = findings.ledger(articles(*texts, date=days), PARAMETERS)
    held, rest = made["peak.1.holding"].value, sum("bulle" in text for text in texts)
    table = [[held, 22 - held], [rest - held, 88 - rest + held]]
    assert made["peak.1.p"].formula.startswith("one-sided Fisher’s exact test")
    told, week = made["peak.1.share"].worded("fr"), "semaine du 6 janvier 2025"
    assert (told["about"], made["peak.1"].worded("fr")["value"]) == (week, week)
    assert told["base"].startswith(f"22 articles datés ({week}), ")
    assert made["peak.1.share"].base.startswith("22 dated articles (week of January 6, 2025), ")
    assert made["peak.1.p"].value == pytest.approx(5 * stats.fisher_exact(table, alternative="greater").pvalue)


def test_articles_without_source_or_date_are_counted():
    days = pd.to_datetime(["2025-01-01", None, None]).astype("datetime64[s]")
    made = findings.ledger(articles("Un.", "Deux.", "Trois.", source=["A", "A", ""], date=days), PARAMETERS)
    assert (made["read.undated"].value, made["read.unsourced"].value, made["read.sources"].value) == (2, 1, 1)
    assert (made["read.sources.1"].value, made["read.sources.1"].about) == (2, "A")
    assert "read.source" not in made and "read.undated" not in findings.ledger(corpus.read(ROOT / "seeds"), PARAMETERS)


WORDS = (
    "bulle bulles Bulle entreprise Entreprises cheval chevaux peut peuvent a-t-il sous-marin l'or dort et . ,".split()
)
BODIES = st.lists(st.lists(st.sampled_from([*WORDS, "\n"]), min_size=1, max_size=40), min_size=1, max_size=20)
TOLD = {
    "fr": r"«\u00a0(.+?)\u00a0» \((\S+?)(?: fois)?(?:, (?:toujours|dont (\S+)) «\u00a0(.+?)\u00a0»)?\)",
    "en": r"“(.+?)” \((\S+?)(?: times)?(?:, (?:always|(\S+) of them) as “(.+?)”)?\)",
}


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(BODIES)
def test_every_word_and_its_number_in_an_account_is_counted_again_by_an_expression(written):
    table = articles(*[" ".join(own) for own in written])
    made = findings.ledger(table, PARAMETERS)
    text = "\n".join(bodies.body(table).text)
    for language, pair in TOLD.items():
        parts = re.split("What (?:it talks|they talk) about|De quoi ", narrative.account(made, language).text)
        told = re.findall(pair, re.split("What cannot be said|Ce qui ne peut", parts[1])[0])
        assert len(told) == len(made.group("occurrences"))
        for number, (word, count, part, form) in enumerate(told, 1):
            told = made[f"term.{number}"].formula.partition("forms: ")[2]
            forms = re.findall(r"(\S+) (\d+)( with a capital| in small letters)?", told)
            found = sum(stands(one, text, apart) for one, _, apart in forms)
            assert int(count) == sum(int(own) for _, own, _ in forms) == found
            if form or forms[0][2] != " in small letters":  # else a search finds the name with a capital, too
                assert stands(form or word, text, forms[0][2]) == int(part or count)


def test_a_form_is_named_where_a_search_finds_it_as_often():
    text = "Que peut-il faire ? Il peut. Elle peut. Que peut-on dire ? Ils peuvent. Ils peuvent. Oui, peut-être."
    one, form = _term(text, "pouvoir")
    assert (one.value, one.formula.partition("forms: ")[2]) == (6, "peut 4, peuvent 2")
    assert form is None  # a search for "peut" finds "peut-être", too
    one, form = _term("La bourse monte. La bourse baisse. Les bourses dorment (bourse-info).", "bourse")
    assert (one.value, form) == (3, None)
    one, form = _term("La bourse monte. Les bourses dorment. Bourses : tout baisse.", "bourse")
    assert (one.value, form.value, form.about.lower()) == (3, 2, "bourses")


def _term(text, about):
    made = findings.ledger(articles(text), PARAMETERS)
    one = next(one for one in made.findings.values() if one.about == about and one.unit == "occurrences")
    return one, made.findings.get(f"{one.name}.form")


def stands(word, text, apart=""):
    """How often a word stands, whatever its capitals, or where its first letter has or has not one."""
    first = {" with a capital": word[0].upper(), " in small letters": word[0].lower()}.get(apart, f"(?i:{word[0]})")
    whole = rf"(?<!\w)(?<!\w-){first}(?i:{re.escape(word[1:])})(?!\w)(?!-(?!t?-?(?:il|on)\b)\w)"
    return len(re.findall(whole, text))


def test_of_names_in_as_many_sentences_as_one_that_is_left_out_none_is_given():
    text = "Apple craint une bulle. Apple mise sur Paris. Google, Microsoft, Oracle et Nvidia attendent."
    ledger = findings.ledger(articles(text), PARAMETERS)
    assert ledger["actors"].value == 6 and [ledger["actor.1"].value, "actor.2" in ledger] == ["Apple", False]
    assert ledger["actors"].base == "1 theme sentence and 2 other sentences in 1 article"


def test_the_largest_sums_are_of_the_sentences_that_their_base_names():
    texts = articles("La bulle a coûté 5 milliards d’euros. Le reste 90 milliards d’euros.", "La bulle. Le reste.")
    ledger = findings.ledger(texts, PARAMETERS)
    assert ledger["amount.1"].value == "5 milliards d’euros" and ledger["amounts"].value == 2
    assert ledger["amount.1"].base == "1 amount in theme sentences"
    alone = findings.ledger(articles("La bulle. Le reste a coûté 90 milliards d’euros."), PARAMETERS)
    assert alone["amount.1"].base == alone["amounts"].base == "1 amount in 1 article with the theme"


def test_those_who_are_heard_as_often_as_the_last_one_named_are_counted():
    names = [f"{first} Roy" for first in ("Anne", "Claire", "Jeanne", "Louise", "Marc", "Paul", "Remi")]
    rows = [(f"a{n}", name, n) for n in range(3) for name in [*names, "Zoé Roy"] if n or name != "Zoé Roy"]
    places = pd.DataFrame(rows, columns=["article", "name", "sentence"])
    places = places.assign(family=places.article, voice="named", language="fr", start=0, end=5, stance="")
    texts = pd.DataFrame({"text": "bulle"}, index=pd.unique(places.article))
    quotes = pd.DataFrame(columns=["kind", "name"])
    study = SimpleNamespace(places=places, about=texts, quotes=quotes, many=True)
    made = {one.name: one.value for one in findings._voices(study)}
    assert [made[f"heard.{number}"] for number in range(1, 6)] == names[:5] and made["heard.tied"] == 2


def test_counts_of_one_list_are_in_figures_and_their_noun_is_said_once():
    places = ["à Paris", "à Lyon", "au nord", "à la radio"]
    texts = [f"« La bulle enfle {place} », a dit hier Anne Roy. Un train part {place}." for place in places]
    texts = [f"{text} « La bulle ne dure pas », a dit Marc Dupin." for text in texts[:3]] + texts[3:]
    made = findings.ledger(articles(*texts), PARAMETERS)
    text = narrative.account(made, "fr").text.replace("\xa0", " ")
    assert "les plus entendus sur le thème : Anne Roy (4 mentions), Marc Dupin (3)." in text
