import re

from bulle import ROOT, corpus, findings, narrative
from bulle.app import run

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_sentences_on_the_seed_are_those_that_the_account_writes_today():
    parameters = {name: one.default for name, one in _declared().items()}
    account = narrative.account(findings.ledger(corpus.read("seeds"), parameters), "en")
    quoted = re.findall(r"^> (.+)$", README, re.M)
    assert len(quoted) == 4
    assert set(quoted) <= set(account.text.splitlines())


def test_every_parameter_of_the_account_is_explained_with_its_default():
    table = dict(re.findall(r"^\| `(\w+)` \|(?: `([\w.]+)`)? \|", README, re.M))
    assert table == {name: str(one.default) for name, one in _declared().items()}


def _declared():
    import nbformat

    return run.parameters(nbformat.read(run.notebooks("5")[0], as_version=4))
