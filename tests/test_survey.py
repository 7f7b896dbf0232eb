import itertools
import json
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from bulle import corpus, findings, narrative, parts, progress, survey, words
from bulle.__main__ import main

TEXTS = ["La bulle inquiète les marchés.", "Il pleut sur la ville.", "Les bulles éclatent. Une bulle se forme."]


def made(count: int) -> pd.DataFrame:
    """Articles of two sources, a third of them on the theme."""
    numbers = np.arange(count)
    return pd.DataFrame(
        {
            "article": [f"a{n}" for n in numbers],
            "source": np.where(numbers % 2, "Le Soir", "Le Matin"),
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(numbers % 90, "D"),
            "title": "",
            "language": "fr",
            "text": [f"{TEXTS[n % 3]} Le numéro n{n} paraît à midi." for n in numbers],
        }
    )


def batches(articles: pd.DataFrame, size: int):
    return (articles[start : start + size] for start in range(0, len(articles), size))


def test_what_fits_is_held_whole():
    articles = made(9)
    read = survey.survey(articles, "bulle")
    pd.testing.assert_frame_equal(read.sample.drop(columns="family"), articles)
    assert list(read.holding.article) == ["a0", "a2", "a3", "a5", "a6", "a8"]
    assert list(read.articles.places) == [1, 0, 2] * 3
    assert list(read.articles.sentences) == [1, 0, 2] * 3
    assert (read.found, read.words, read.sentences) == (6, int(words.counts(articles)["count"].sum()), 21)
    assert read.told("bulle").count("drawn") == 0


def test_batches_of_any_size_give_the_same_survey():
    articles = made(60)
    whole = survey.survey(articles, "bulle", 900)
    assert 0 < len(whole.sample) < 60
    for size in (1, 7, 30):
        found = survey.survey(batches(articles, size), "bulle", 900)
        for name in ("articles", "holding", "sample"):
            pd.testing.assert_frame_equal(getattr(found, name), getattr(whole, name))
        assert (found.words, found.sentences) == (whole.words, whole.sentences)


def test_the_texts_of_a_batch_are_let_go_once_it_is_surveyed(monkeypatch):
    monkeypatch.setattr(parts, "OTHERS", 1)  # then at most three batches wait for it, and as many are on their way
    rows, held = made(60).to_dict("records"), []
    survey.survey(corpus.table(rows[:5]), "bulle", 1)  # what is read once for all is read before

    def tables():
        for start in range(0, len(rows), 5):
            held.append(tracemalloc.get_traced_memory()[0])
            yield corpus.table([row | {"text": row["text"] + "\n" * 30_000} for row in rows[start : start + 5]])

    tracemalloc.start()
    survey.survey(tables(), "bulle", 1)
    tracemalloc.stop()
    assert held[-1] - held[2] < len(rows) * 30_000 / 2


def test_families_reach_across_batches():
    articles = made(6).assign(text=["Un texte assez long pour que deux copies se reconnaissent entre elles."] * 6)
    assert set(survey.survey(batches(articles, 2), "copies").articles.family) == {"a0"}


def test_every_article_has_the_same_chance_to_be_drawn():
    drawn, once = np.zeros(40), made(40).assign(text="x" * 40)
    for corpora in range(200):
        draw = survey.Draw(400)
        for part in batches(once.assign(article=f"{corpora}-" + once.article), 9):
            draw.add(part)
        drawn[[int(name.split("a")[1]) for name in draw.articles.article]] += 1
    assert drawn.sum() == 2000  # ten of forty articles fit
    assert abs(drawn - 50).max() < 4.5 * np.sqrt(200 * 0.25 * 0.75)  # standard errors of a binomial count


def test_parts_in_any_order_give_the_same_survey():
    pieces = list(batches(made(60), 7))
    done = [(number, one, survey.surveyed(one, "bulle")) for number, one in enumerate(pieces)]
    whole = survey.survey(pieces, "bulle", 900)
    for order in itertools.islice(itertools.permutations(done), 0, None, 39_916):
        again = survey.merged(order, 900)
        for name in ("articles", "holding", "sample"):
            pd.testing.assert_frame_equal(getattr(again, name), getattr(whole, name))
        assert (again.words, again.sentences) == (whole.words, whole.sentences)


def test_an_article_longer_than_all_that_may_be_held_is_held_alone():
    read = survey.survey(made(1), "bulle", 5)
    assert (len(read.sample), len(read.holding)) == (1, 1)


def test_counts_of_a_drawn_corpus_are_those_of_the_whole_and_the_draw_is_told():
    articles = made(300)
    parameters = {"theme": "bulle", "lexicon": ""}
    whole = findings.ledger(articles, parameters)
    part = findings.ledger(batches(articles, 50), parameters | {"sample": 2000})
    for name in ("read.articles", "read.words", "read.sentences", "theme.sentences", "theme.articles", "theme.share"):
        assert part[name].value == whole[name].value
    assert part["read.sample"].value == len(part.texts) - len(
        {text["article"] for text in part.texts} - set(survey.survey(articles, "bulle", 2000).sample.article)
    )
    assert "drawn at random" in part["tone.net"].base
    for language, words_said in (("en", "drawn at random"), ("fr", "tirés au hasard")):
        assert narrative.account(part, language).text.count(words_said) == 2
    assert "read.sample" not in whole


def test_a_large_reading_tells_the_bytes_and_then_the_articles(tmp_path, monkeypatch):
    file, heard = tmp_path / "a.jsonl", []
    file.write_text("\n".join(json.dumps({"text": "Un texte court."}) for _ in range(100)), encoding="utf-8")
    monkeypatch.setattr(corpus, "BATCH", 500)
    monkeypatch.setattr(progress, "TICK", 0)
    progress.listen(lambda *told: heard.append(told))
    try:
        assert len(list(corpus.batches(file))) == 4
    finally:
        progress.listen()
    steps = dict.fromkeys((what, whole) for what, _, whole in heard if whole)
    assert [*steps] == [("reading", file.stat().st_size), ("articles", 100)]
    assert [done for what, done, whole in heard if what == "articles" and whole] == [*range(100)]


def test_a_run_on_a_drawn_corpus_says_so_and_is_true(tmp_path, capfd):
    file = tmp_path / "a.jsonl"
    rows = made(200).assign(date=lambda table: table.date.astype(str))[["text", "date", "source"]]
    file.write_text(rows.to_json(orient="records", lines=True, force_ascii=False), encoding="utf-8")
    assert main(["run", "2", "5", "--corpus", str(file), "-p", "sample", "3000", "-o", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "drawn at random" in page
    assert main(["check", str(tmp_path / "out")]) == 0
    notebook = (tmp_path / "out" / "2-terms.ipynb").read_text(encoding="utf-8")
    assert "Terms are counted in" in notebook
    capfd.readouterr()


def test_a_survey_counts_the_words_that_it_looked_through():
    articles = made(3)
    assert survey.survey(articles, "bulle").words == int(words.counts(articles)["count"].sum())


@pytest.mark.parametrize("most", [0, -1])
def test_a_sample_of_nothing_is_refused(most, capfd):
    assert main(["run", "-p", "sample", str(most)]) == 2
    assert "it must be 1 or more" in capfd.readouterr().err


def test_a_theme_that_stands_nowhere_is_told_with_the_words_near_it():
    read = survey.survey(made(6), "bulbe")
    near = "Words near it in these texts: bulle (4), bulles (2)."
    assert read.told("bulbe").endswith(f"“bulbe” stands in the body of none of them. {near}")
