import gzip
import hashlib
import json
import os
import sys

import pandas as pd
import pytest
from test_corpus import refusal

from bulle import InputError, corpus, store
from bulle.readers import remote, safe

TEXTS = {
    "a.jsonl": '{"text": "La bulle inquiète."}\n{"text": "Il pleut."}\n',
    "b.csv": "date,text\n2025-01-02,La crise fait peur.\n",
    "c.txt": "L'été à Paris.",
    "d.json": '[{"text": "Une bulle."}]',
}


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_compressed_file_is_read_as_what_it_holds_under_the_same_names(ending, tmp_path):
    own = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    packer = gzip if ending == ".gz" else pytest.importorskip(own, reason="needs backports.zstd, of the extra formats")
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    packed.mkdir()
    for name, text in TEXTS.items():
        (plain / name).write_bytes(text.encode("windows-1252" if name == "c.txt" else "utf-8"))
        (packed / f"{name}{ending}").write_bytes(packer.compress((plain / name).read_bytes()))
    pd.testing.assert_frame_equal(corpus.read(packed), corpus.read(plain))
    told = corpus.report(corpus.read(packed))
    assert list(told.file) == [name + ending for name in TEXTS] and told.encoding[2] == "windows-1252"
    assert list(told["bytes"]) == [(packed / name).stat().st_size for name in told.file]
    pd.testing.assert_frame_equal(corpus.read(packed / f"b.csv{ending}"), corpus.read(plain / "b.csv"))


def test_a_compressed_file_is_held_against_the_digest_of_its_own_bytes(tmp_path):
    content = gzip.compress(b"La bulle enfle.")
    held = hashlib.sha256(content).hexdigest()
    (tmp_path / "a.txt.gz").write_bytes(content)
    (tmp_path / "manifest.csv").write_text(f"file,outlet,sha256\na.txt.gz,Le Soir,{held}\n")
    assert list(corpus.read(tmp_path)["source"]) == ["Le Soir"]
    assert store.corpus(tmp_path / "a.txt.gz")[0][1] == held


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.txt.gz",
            gzip.compress(b"La bulle enfle. " * 99, mtime=0)[:-20],
            "a.txt.gz: truncated, or not a .gz file (",
        ),
        ("a.csv.gz", b"text\nLa bulle\n", "a.csv.gz: truncated, or not a .gz file ("),
        (
            "a.jsonl.gz",
            gzip.compress(b"\n" * 3000, mtime=0),
            "a.jsonl.gz: unpacks to more than 2,000 bytes and 10 times its",
        ),
        (
            "a.json.gz",
            gzip.compress(b" " * 3000, mtime=0),
            "a.json.gz: unpacks to more than 2,000 bytes and 10 times its",
        ),
        (
            "a.parquet.gz",
            gzip.compress(b"PAR1", mtime=0),
            "a.parquet.gz: a .parquet file inside a .gz file; unpack it first",
        ),
        ("a.tar.gz", gzip.compress(b"x", mtime=0), "a.tar.gz: a .tar file inside a .gz file; unpack it first"),
    ],
    ids=["cut", "no gzip", "bomb", "bomb read whole", "table", "archive"],
)
def test_what_is_wrong_with_a_compressed_file_is_told_in_one_line(name, content, message, tmp_path, monkeypatch):
    monkeypatch.setattr(safe, "UNPACKED", 2000)
    monkeypatch.setattr(safe, "RATIO", 10)
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name).startswith(message)


def test_a_corpus_that_lies_elsewhere_is_read_as_if_it_lay_here_and_again_once_it_has_changed(tmp_path, monkeypatch):
    fsspec = pytest.importorskip("fsspec", reason="needs fsspec, of the extra cluster")
    monkeypatch.setenv(remote.MOVED, "{}")
    monkeypatch.setattr(remote, "_held", {})
    system = fsspec.filesystem("memory")
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        system.pipe_file(f"/press/below/{name}.gz", gzip.compress(text.encode()))
    plain = corpus.read(tmp_path)
    system.pipe_file("/bulle [1]/sous/a*.txt", b"La bulle enfle.")
    system.store["/bulle [1]/sous/"] = system.store["/bulle [1]/sous/a*.txt"]  # an object that stands for a folder
    for path, name in (("bulle [1]", "sous/a*"), ("bulle [1]/sous/a*.txt", "a*"), ("press/be*", "below/a:1")):
        assert corpus.read(f"memory://{path}").article[0] == name
    for path in ("memory://press/below", "memory://press/below/*.gz"):
        pd.testing.assert_frame_equal(corpus.read(path), plain)
    assert list(corpus.read("memory://press/below/b.csv.gz").article) == ["b:1"]
    assert list(corpus.read("memory://press").article) == list("below/" + plain.article)
    (before,) = corpus.read("memory://press/below/c.txt.gz").text
    system.pipe_file("/press/below/c.txt.gz", gzip.compress(b"Paris, en hiver et sans bulle."))
    assert [before, *corpus.read("memory://press/below/c.txt.gz").text] == [
        TEXTS["c.txt"],
        "Paris, en hiver et sans bulle.",
    ]
    here = json.loads(os.environ[remote.MOVED])["memory://press"]  # for the processes that we start
    assert list(corpus.read(f"{here}/below").article) == list(plain.article) and store.corpus("memory://press") == []
    assert refusal("memory://nowhere") == f"memory://nowhere: cannot be read ({remote.ABSENT})"
    system.pipe_file("/bad/../../x.txt", b"x")
    assert "would be written outside" in refusal("memory://bad")
    assert refusal("https://a.fr/x.txt").startswith("https://a.fr/x.txt: unknown scheme; there are: gs://, hdfs://, ")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(InputError, match=r"memory://press: needs more packages \(.*\); pip install 'bulle\[cluster\]'"):
        corpus.read("memory://press")
