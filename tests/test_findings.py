import hashlib
import json

import jsonschema
import pandas as pd
import pytest

from analysis import PACKAGE, ROOT, corpus, findings

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


def test_the_masses_of_the_bubble_sentence_rest_on_their_words(seed):
    name = "passage.000_e929f5620eca117b.6"
    positive, negative = seed[1][f"{name}.positive"], seed[1][f"{name}.negative"]
    assert (positive.value, [span.text for span in positive.spans]) == (6, ["optimisme", "propulsé", "sommets"])
    words = ["vertigineux", "craintes", "bulle", "volatilité"]
    assert (negative.value, [span.text for span in negative.spans]) == (7, words)
    assert seed[1]["tone.net"].value == pytest.approx((6 - 7) / (6 + 7 + 1))


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


def test_spans_are_bounded_and_their_number_told():
    table = articles(*["Une bulle se forme. " * 4] * 20, title=[str(number) for number in range(20)])
    made = findings.ledger(table, PARAMETERS)["theme.sentences"]
    assert (made.value, len(made.spans), made.spans_total) == (80, findings.BOUND, 80)


def test_copies_of_one_article_count_once_where_articles_are_compared():
    text = "La bourse de Paris a terminé la séance en hausse après la publication de bons résultats. Une bulle menace."
    made = findings.ledger(articles(text, text, "Le temps sera doux demain sur la moitié nord du pays."), PARAMETERS)
    assert (made["read.articles"].value, made["read.families"].value, made["theme.articles"].value) == (3, 2, 1)


def test_the_tone_of_a_source_rests_on_its_own_words():
    table = articles("La bulle inquiète.", "La bulle menace de faillite.", source=["Le Monde", "Les Échos"])
    made = findings.ledger(table, PARAMETERS)
    for number, source, article in ((1, "Le Monde", "a0"), (2, "Les Échos", "a1")):
        assert made[f"source.{number}"].value == source
        assert {span.article for span in made[f"source.{number}.net"].spans} == {article}


def test_a_quotation_keeps_its_own_words_in_a_corpus_of_two_languages():
    texts = ["Une bulle menace.", "A bubble brings great success.", "Une bulle inquiète, c'est la faillite."]
    made = findings.ledger(articles(*texts, language=["fr", "en", "fr"]), PARAMETERS)
    for number in range(3):
        for side in ("positive", "negative"):
            mass = made[f"passage.a{number}.1.{side}"]
            assert (mass.value > 0) == bool(mass.spans)
            assert {span.article for span in mass.spans} <= {f"a{number}"}
    assert made["passage.a1.1.positive"].value > made["passage.a1.1.negative"].value


def test_no_hit_bounds_the_share_by_the_rule_of_three():
    made = findings.ledger(articles("Rien. Rien du tout. Toujours rien. Encore rien."), PARAMETERS)
    assert made["theme.bound"].value == 3 / 4
    assert "theme.share" not in made and "tone.verdict" not in made
