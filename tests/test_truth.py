"""The small form of benchmarks/truth.py: on the seed and on a made corpus every claim survives a naive count."""

import importlib.util

import pytest
import test_tables

from bulle import ROOT, bodies, corpus

SPEC = importlib.util.spec_from_file_location("truth", ROOT / "benchmarks" / "truth.py")
truth = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(truth)


def test_every_number_of_the_account_of_the_seed_is_counted_again():
    claims = truth.recount(corpus.read("seeds"), "bulle")
    assert claims[~claims.true].values.tolist() == [] and len(claims) >= 10


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Articles of several sources and months."""
    return corpus.read(test_tables.corpus(tmp_path_factory.mktemp("truth") / "fr.jsonl", 8, 0))


def test_every_number_of_the_account_of_many_articles_is_counted_again(made):
    claims = truth.recount(made, "bulle")
    assert claims[~claims.true].values.tolist() == []
    kinds = {claim.split(".")[0].split(" ")[0] for claim in claims.claim}
    assert {"read", "term", "theme", "passage", "tone", "rest", "source", "trend"} <= kinds


def test_a_false_number_is_seen(made):
    claims = truth.recount(made, "bulle").set_index("claim")
    told, counted = claims.loc["theme.articles", ["told", "counted"]]
    assert truth._same(told, counted) and not truth._same(told + 1, counted)


def test_few_placebos_seem_to_differ(made):
    found = truth.placebos(bodies.body(made), "bulle", 12)
    assert found.draws.tolist() == [12] * 3 and found.excluded.max() <= 3  # of a nominal 0.6
