import re
from itertools import pairwise

import nbformat
import pytest

from bulle import LANGUAGES, PACKAGE, ROOT, WRITTEN, corpus, phrases
from bulle.app import run

OTHERS = [language for language in LANGUAGES if language != WRITTEN]
every_language = pytest.mark.parametrize("language", OTHERS)
every_notebook = pytest.mark.parametrize("path", run.notebooks(every=True), ids=lambda path: path.stem)


def english(path):
    cells = nbformat.read(path, as_version=4).cells
    return [(cell.id, cell.source) for cell in cells if cell.cell_type == "markdown"]


def translated(path, language):
    text = (PACKAGE / "data" / language / "notebooks" / f"{path.stem}.md").read_text(encoding="utf-8")
    before, *blocks = re.split(r"^%% ", text, flags=re.MULTILINE)
    assert not before
    return [(name.strip(), text.strip()) for name, _, text in (block.partition("\n") for block in blocks)]


def headings(text):
    return [len(signs) for signs in re.findall(r"^(#+) \S", text, flags=re.MULTILINE)]


def code_spans(text):
    return sorted(re.findall(r"`[^`]+`", text))


@every_language
def test_a_notebook_has_its_prose_and_no_prose_lacks_a_notebook(language):
    kept = (PACKAGE / "data" / language / "notebooks").iterdir()
    assert {path.stem for path in kept} == {path.stem for path in run.notebooks(every=True)}


@every_language
@every_notebook
def test_every_cell_of_prose_has_its_counterpart_in_the_same_order_and_no_other(path, language):
    assert [name for name, _ in translated(path, language)] == [name for name, _ in english(path)]
    assert all(text for _, text in translated(path, language))


@every_language
@every_notebook
def test_prose_has_the_headings_paragraphs_and_code_spans_of_the_english(path, language):
    for (name, ours), (_, theirs) in zip(translated(path, language), english(path), strict=True):
        assert headings(ours) == headings(theirs), name
        assert ours.count("\n") == theirs.strip().count("\n"), name
        assert code_spans(ours) == code_spans(theirs), name


@every_language
@every_notebook
def test_no_digit_stands_in_the_prose_and_french_signs_keep_their_no_break_space(path, language):
    for name, text in translated(path, language):
        assert not re.search(r"\d", text), name
        assert language != "fr" or not re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]", text), name


@pytest.mark.parametrize("name", ["figures", "page", "said", "labels", "codebook", "parameters", "sweep", "progress"])
def test_french_signs_keep_their_no_break_space_in_what_the_pages_say(name):
    said = phrases("fr", name).items()
    assert [key for key, text in said if re.search(r" [:;?!»%]|« ", text)] == []


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
