import json
import os

import pandas as pd
import pytest

from bulle import corpus, parts, store, studies, survey, terms, words
from bulle.__main__ import main

SENTENCE = "La bulle numéro {} inquiète le marché, dit la source {}. Le reste suit à Paris, sans elle. "


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A corpus of several parts, in a home of its own; parts are small here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(corpus, "BATCH", 4000)
    monkeypatch.setattr(parts, "OTHERS", 0)
    rows = [{"text": SENTENCE.format(n, n % 7) * (1 + n % 5), "source": "AFP", "date": "2025-01-02"} for n in range(60)]
    rows[3] |= {"date": "", "source": "", "title": "Un titre", "text": f"Un titre\n\n{rows[3]['text']}"}
    path = tmp_path / "large.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def read(path, theme="bulle"):
    """All that one reading leaves behind, as text."""
    made = survey.survey(corpus.batches(path), theme, 9000)
    tables = (made.articles, made.sample, made.holding)
    return [*(one.to_csv() for one in tables), *(str(one.dtypes) for one in tables), made.words, made.sentences]


def kept(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("others", [1, 3])
def test_the_number_of_processes_changes_nothing(large, others, monkeypatch):
    monkeypatch.setenv(store.OFF, "1")
    alone = read(large)
    monkeypatch.setattr(parts, "OTHERS", others)
    assert read(large) == alone


def test_a_full_store_an_empty_one_and_none_give_the_same(large, tmp_path, monkeypatch):
    made = read(large)
    assert len(kept(tmp_path / "cache")) > 5
    monkeypatch.setattr(corpus, "placed", None)  # nothing is read again
    assert read(large) == made and read(large, "Rome") != made
    monkeypatch.undo()
    monkeypatch.setattr(corpus, "BATCH", 4000)
    monkeypatch.setenv(store.OFF, "1")
    assert read(large) == made


@pytest.mark.parametrize("damage", [b"", b"PAR1", b'{"a": 1}'])
def test_a_damaged_store_is_made_again(large, tmp_path, damage):
    made = read(large)
    for path in kept(tmp_path / "cache"):
        path.write_bytes(damage)
    assert read(large) == made and read(large) == made


def test_a_store_that_cannot_be_written_costs_nothing_but_time(large, tmp_path, monkeypatch):
    made = read(large)
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert read(large) == made and (tmp_path / "file").read_text() == "no folder"


def test_a_file_that_changed_is_read_again(large):
    made = read(large)
    large.write_text(large.read_text(encoding="utf-8").replace("Paris", "Lyon"), encoding="utf-8")
    assert read(large) != made


def test_a_small_corpus_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    studies.study("seeds")
    assert not (tmp_path / "cache").exists()


def test_what_was_used_longest_ago_goes_first_and_clean_removes_all(large, tmp_path, capsys):
    read(large)
    for number, path in enumerate(sorted(store.place().iterdir())):
        os.utime(path, (number, number))
    last = sorted(store.place().iterdir())[-1]
    store.bounded(sum(path.stat().st_size for path in last.iterdir()))
    assert [*store.place().iterdir()] == [last]
    assert main(["clean"]) == 0 and "MB removed from" in capsys.readouterr().out
    assert kept(tmp_path / "cache") == []


def test_half_a_character_is_read_though_it_cannot_be_kept(large):
    lines = large.read_text(encoding="utf-8").split("\n")
    large.write_text("\n".join([*lines, json.dumps({"text": "La bulle \ud83d gonfle. " * 9})]), encoding="utf-8")
    assert read(large) == read(large)


def test_a_process_that_is_killed_changes_nothing(monkeypatch):
    monkeypatch.setattr(parts, "OTHERS", 1)
    found = list(parts.mapped(_fragile, range(9), os.getpid()))
    assert found == [(number, 2 * number) for number in range(9)]
    begun = parts.Ahead({name: (_fragile, 3, os.getpid()) for name in "abc"})
    assert [begun.settled(name) for name in "abc"] == [6, 6, 6]


def _fragile(number, home):
    """Twice the number; any process but the first dies of it."""
    if os.getpid() != home:
        os._exit(9)
    return 2 * number


def test_what_fails_in_a_part_is_told(monkeypatch):
    monkeypatch.setattr(parts, "OTHERS", 1)
    with pytest.raises(ValueError, match="invalid literal"):
        list(parts.mapped(int, ["1", "2", "x", "4"]))


def test_a_table_is_the_same_after_it_was_kept(large):
    read_anew = list(corpus.batches(large))
    for one, other in zip(read_anew, corpus.batches(large), strict=True):
        pd.testing.assert_frame_equal(one, other)
        assert one.attrs == other.attrs


def counted(path):
    """Tables of a study that a store may give, and their attributes."""
    studies._kept.clear()
    made = studies.study(path, sample=9000)
    parted = terms.contrasts(made.tokens, "source"), terms.contrasts(made.tokens[5:], "source")
    tables = made.tokens, made.frequency(), terms.ngrams(made.tokens), *parted
    return [(one.to_csv(), str(one.dtypes), str(one.attrs)) for one in tables]


def test_tables_of_terms_are_the_same_after_they_were_kept_and_damaged(large, tmp_path, monkeypatch):
    made = counted(large)
    tables = [path for path in kept(tmp_path / "cache") if path.stem == "table"]
    assert len(tables) == 3  # contrasts of one source are refused, which no file tells, and others are of a part
    with monkeypatch.context() as none_is_made_again:
        none_is_made_again.setattr(words, "tokens", None)
        assert counted(large) == made
    for path in tables:
        path.write_bytes(b"PAR1")
    assert counted(large) == made
    tokens = studies.study(large, sample=9000).tokens
    tokens["lemma"] = "bulle"  # it is no longer what is kept
    assert terms.frequency(tokens, "lemma", False).term.tolist() == ["bulle"]


def test_what_is_removed_while_it_is_read_is_told(large):
    read(large)
    batches = corpus.batches(large)
    next(batches)
    store.clean()
    with pytest.raises(RuntimeError, match="run again"):
        list(batches)


def test_a_film_beside_the_texts_is_not_hashed(large):
    film = large.with_name("film.mp4")
    film.write_bytes(b"1" * 5000)
    assert (
        dict(store.corpus(large.parent))[str(film)] == "5000"
        and len(dict(store.corpus(large.parent))[str(large)]) == 64
    )
