import hashlib
import shutil

import pandas as pd
import pytest

from analysis import ROOT, InputError, corpus

SEED = "000_e929f5620eca117b"


def test_the_seed_reads_with_its_manifest():
    row = corpus.read("seeds").iloc[0]
    assert (row.article, row.source, row.date, row.language) == (SEED, "AFP", pd.Timestamp("2025-11-21"), "fr")
    assert row.title == "Le taïwanais Foxconn poursuit sa quête d'IA en s'alliant avec OpenAI"
    assert row.text == (ROOT / "seeds" / f"{SEED}.txt").read_bytes().decode()


def test_the_seed_is_found_from_any_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(corpus.read(f"seeds/{SEED}.txt")) == 1


def test_header_title_and_caption_of_the_seed_are_marked():
    articles = corpus.read("seeds")
    marks = corpus.marks(articles)
    text = articles["text"][0]
    assert [(row.part, text[row.start : row.end]) for row in marks.itertuples()] == [
        ("header", " date 2025-11-21 "),
        ("title", "Le taïwanais Foxconn poursuit sa quête d'IA en s'alliant avec OpenAI"),
        ("caption", "Young Liu, PDG de Foxconn, en 2023, à Taiwan ( AFP / I-HWA CHENG )"),
    ]


def test_body_keeps_every_offset():
    articles = corpus.read("seeds")
    text, body = articles["text"][0], corpus.body(articles)["text"][0]
    assert len(body) == len(text)
    assert body.split()[:3] == ["Le", "géant", "taïwanais"]
    assert all(a == b or b == " " for a, b in zip(text, body, strict=True))


def test_a_seed_that_differs_from_its_manifest_is_refused(tmp_path):
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    file = tmp_path / "seeds" / f"{SEED}.txt"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b".")
    assert hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(InputError, match="differs from manifest"):
        corpus.read(tmp_path / "seeds")
