import hashlib
import json

import pytest
import yaml

from bulle import ROOT
from bulle.app import crate
from bulle.runs import listed


def test_a_run_is_a_crate_that_another_library_reads_with_each_file_and_what_it_was_made_from(built):
    library = pytest.importorskip("rocrate.rocrate", reason="needs rocrate, of the extra test")
    read, record = library.ROCrate(built), json.loads((built / "parameters.json").read_text(encoding="utf-8"))
    own = listed(built)
    assert read.version == "1.2" and str(read.root_dataset["datePublished"]) == record["date"]
    parts = {one["name"]: one["sha256"] for one in read.root_dataset["hasPart"]}
    assert parts == {name: digest for name, digest in own.items() if name != crate.NAME} and crate.NAME in own
    assert all((built / one.id).is_file() for one in read.data_entities)
    action = read.get("#run")
    given = {one["name"]: one.get("value", one.get("sha256")) for one in action["object"]}
    (text,) = (ROOT / "seeds").glob("*.txt")
    assert given[text.name] == hashlib.sha256(text.read_bytes()).hexdigest()
    assert {name: given[name] for name in record["parameters"]} == record["parameters"]
    needed = dict(one.split("==") for one in action["instrument"]["softwareRequirements"])
    told = needed | {"bulle": action["instrument"]["version"], "code": action["instrument"]["identifier"][5:]}
    assert told == record["versions"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["authors"]
    assert [one["name"] for one in action["instrument"]["author"]] == [one["name"] for one in cited]


def test_no_place_on_a_machine_stands_in_a_crate_and_authors_may_be_people(tmp_path, monkeypatch):
    (tmp_path / "press").mkdir()
    (tmp_path / "press" / "à lire.txt").write_text("La bulle enfle.", encoding="utf-8")
    (tmp_path / "press" / "photo.png").write_bytes(b"x")
    (tmp_path / "own.csv").write_text("entry,weight\n", encoding="utf-8")
    person = (
        'authors:\n  - family-names: Curie\n    given-names: Marie\n    orcid: "https://orcid.org/0000-1"\nversion: 1\n'
    )
    (tmp_path / "CITATION.cff").write_text(person, encoding="utf-8")
    monkeypatch.setattr(crate, "ROOT", tmp_path)
    asked = {"corpus": str(tmp_path / "press"), "lexicon": str(tmp_path / "own.csv"), "theme": "bulle"}
    record = {"parameters": asked, "versions": {"bulle": "1", "code": "0"}, "date": "2025-01-01", "notebooks": ""}
    (tmp_path / "run").mkdir()
    made = crate.crate(tmp_path / "run", record)
    graph = {one["@id"]: one for one in json.loads(made)["@graph"]}
    assert str(tmp_path) not in made and graph["#parameter-corpus"]["value"] == "press"
    assert {"#corpus/%C3%A0%20lire.txt", "#lexicon/own.csv"} < graph.keys() and "#corpus/photo.png" not in graph
    assert graph["https://orcid.org/0000-1"]["name"] == "Marie Curie"
