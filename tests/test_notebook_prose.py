import re
from itertools import pairwise

import nbformat
import pytest

from bulle import ROOT, corpus
from bulle.app import run

FRENCH = ROOT / "analysis" / "bulle" / "data" / "fr" / "notebooks"
every_notebook = pytest.mark.parametrize("path", run.notebooks(every=True), ids=lambda path: path.stem)


def english(path):
    cells = nbformat.read(path, as_version=4).cells
    return [(cell.id, cell.source) for cell in cells if cell.cell_type == "markdown"]


def french(path):
    before, *blocks = re.split(r"^%% ", (FRENCH / f"{path.stem}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not before
    return [(name.strip(), text.strip()) for name, _, text in (block.partition("\n") for block in blocks)]


def headings(text):
    return [len(signs) for signs in re.findall(r"^(#+) \S", text, flags=re.MULTILINE)]


def code_spans(text):
    return sorted(re.findall(r"`[^`]+`", text))


def test_a_notebook_has_french_prose_and_no_french_prose_lacks_a_notebook():
    assert {path.stem for path in FRENCH.iterdir()} == {path.stem for path in run.notebooks(every=True)}


@every_notebook
def test_every_cell_of_prose_has_its_french_counterpart_in_the_same_order_and_no_other(path):
    assert [name for name, _ in french(path)] == [name for name, _ in english(path)]
    assert all(text for _, text in french(path))


@every_notebook
def test_the_french_prose_has_the_headings_paragraphs_and_code_spans_of_the_english(path):
    for (name, ours), (_, theirs) in zip(french(path), english(path), strict=True):
        assert headings(ours) == headings(theirs), name
        assert ours.count("\n") == theirs.strip().count("\n"), name
        assert code_spans(ours) == code_spans(theirs), name


@every_notebook
def test_no_digit_stands_in_the_french_prose_and_its_signs_keep_their_no_break_space(path):
    for name, text in french(path):
        assert not re.search(r"\d", text), name
        assert not re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]", text), name


@every_notebook
def test_prose_says_where_not_all_is_shown(path):
    cells = nbformat.read(path, as_version=4).cells
    for prose, code in pairwise(cells):
        if prose.cell_type == "markdown" and re.search(r"\btop\)", code.source):
            whole = re.search(r"\b(?:every|all|each) (?:file|passage|occurrence)s?\b", prose.source, re.IGNORECASE)
            assert not whole or "`top`" in prose.source, prose.source


def test_the_first_table_counts_what_its_prose_names():
    cells = nbformat.read(ROOT / "notebooks" / "1-words.ipynb", as_version=4).cells
    answer = next(place for place, cell in enumerate(cells) if cell.source.startswith("## The answer"))
    kinds = re.findall(r"^([a-z]+) ", cells[answer + 1].outputs[0].data["text/plain"], flags=re.MULTILINE)
    assert "word" in kinds and "sentence" not in kinds and "sentences" not in cells[answer].source


def test_a_count_of_copies_says_which_copies_it_counts():
    cells = nbformat.read(ROOT / "notebooks" / "1-words.ipynb", as_version=4).cells
    [told] = [cell.source for cell in cells if "*duplicates*" in cell.source]
    assert "the same to the letter" in told and "duplicates" in corpus.REPORT
