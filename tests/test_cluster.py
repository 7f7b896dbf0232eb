import hashlib
import json
import os
import signal
import sys

import pytest

from bulle import InputError, cluster, corpus, survey
from bulle.__main__ import main

pytest.importorskip("distributed", reason="needs dask.distributed, of the extra cluster")
SENTENCES = ["La bulle inquiète les marchés.", "Il pleut sur la ville.", "Une bulle se forme, dit-on à Paris."]


@pytest.fixture(scope="module")
def running():
    """A cluster of two processes on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
        with cluster.at("local"):
            yield cluster._client()


@pytest.fixture
def press(tmp_path, monkeypatch):
    """A folder of three tables, each larger than what is held at once."""
    monkeypatch.setattr(corpus, "BATCH", 3000)
    for name in "abc":
        rows = [{"text": f"{SENTENCES[n % 3]} Le numéro {n} de {name} paraît à midi."} for n in range(90)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def digest(read):
    """A digest of all that a survey holds, with the report of its reading."""
    tables = [table.to_json(date_format="iso") for table in (read.articles, read.holding, read.sample)]
    return hashlib.sha256(repr([*tables, read.words, read.sentences, read.listened]).encode()).hexdigest()


def surveyed(press, batches=lambda given: given):
    return survey.survey(batches(corpus.batches(press)), "bulle", 4000)


@pytest.fixture
def expected(press, monkeypatch):
    with monkeypatch.context() as patch:
        patch.delenv(cluster.SCHEDULER, raising=False)
        return digest(surveyed(press)), corpus.report(list(corpus.batches(press))[-1])


def test_a_cluster_gives_what_one_process_gives_in_any_order_and_whoever_is_killed(running, press, expected):
    def killing(batches):
        for number, batch in enumerate(batches):
            if number == 4:
                os.kill(min(running.run(os.getpid).values()), signal.SIGKILL)
            yield batch

    assert digest(surveyed(press, killing)) == expected[0]
    parts = [*enumerate(cluster.mapped(survey.surveyed, corpus.batches(press), "bulle"))]
    assert len(parts) > 4
    assert digest(survey.merged(((number, *pair) for number, pair in reversed(parts)), 4000)) == expected[0]
    assert corpus.report(parts[-1][1][0]).equals(expected[1])


def poisoned(dask_worker):
    """Let a worker end at the first page in Markdown that it reads."""
    from bulle.readers import READERS

    READERS[".md"] = lambda *_: os._exit(1)


def test_a_file_that_ends_the_process_that_reads_it_twice_is_a_line_of_the_report(running, press):
    import cloudpickle
    from distributed.diagnostics.plugin import WorkerPlugin

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    plugin = type("Poison", (WorkerPlugin,), {"setup": lambda self, worker: poisoned(worker)})()
    for number in range(9):
        (press / f"d{number}.txt").write_text(f"La bulle numéro {number} enfle.", encoding="utf-8")
    (press / "poison.md").write_text("Une bulle.", encoding="utf-8")
    running.register_plugin(plugin, name="poison")
    try:
        read = corpus.read(press)
    finally:
        running.unregister_worker_plugin("poison")
    told = corpus.report(read).set_index("file")
    assert list(told.index[told.status != "read"]) == ["poison.md"]
    assert told.reason["poison.md"] == "ended the process that read it, twice" and len(read) == 279


def test_what_fails_on_a_worker_is_told_as_it_is_here(running, press):
    (press / "a.jsonl").write_text('{"x": 1}', encoding="utf-8")
    with pytest.raises(InputError, match=r"1 of 3 files cannot be read, .* first a\.jsonl: no text column among 'x'"):
        corpus.read(press)


def test_a_scheduler_that_is_not_there_is_told_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "ANSWER", 0.2)
    order = ["run", "1", "-o", str(tmp_path / "out"), "--engine", "papermill", "--scheduler"]
    for address in ("tcp://127.0.0.1:1", "nowhere"):
        assert main([*order, address]) == 2
        assert capsys.readouterr().err.startswith(
            f"bulle: --scheduler {address}: no scheduler answers there; start one"
        )
    monkeypatch.setitem(sys.modules, "dask", None)
    assert main([*order, "local"]) == 2
    assert capsys.readouterr().err == "bulle: --scheduler needs dask.distributed; pip install 'bulle[cluster]'\n"
    assert not (tmp_path / "out").exists() and cluster.SCHEDULER not in os.environ
