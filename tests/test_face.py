import re
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

import bulle
from bulle.__main__ import main
from bulle.app import lab, run


def test_the_face_is_what_it_says_and_each_name_tells_what_it_returns():
    assert set(bulle.__all__) <= set(dir(bulle)) and re.match(r"\d", bulle.__version__)
    functions = [getattr(bulle, name) for name in bulle.__all__ if name not in ("InputError", "__version__")]
    assert all(function.__doc__ and function.__annotations__["return"] for function in functions)
    with pytest.raises(AttributeError, match="no attribute 'quotations_of'"):
        _ = bulle.quotations_of


def test_importing_the_package_imports_no_library():
    code = "import sys, bulle; print({'pandas', 'nltk', 'polars'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"


def test_a_study_is_made_of_a_path_or_of_articles_and_says_what_it_read():
    by_path, by_table = bulle.study("seeds"), bulle.study(bulle.read("seeds"))
    pd.testing.assert_frame_equal(by_path.matches, by_table.matches)
    pd.testing.assert_frame_equal(by_path.scores, by_table.scores)
    assert repr(by_path) == repr(by_table) and "1 article of" in repr(by_path)


def test_a_text_stands_for_a_list_of_one():
    pd.testing.assert_frame_equal(bulle.tone("La crise fait peur."), bulle.tone(["La crise fait peur."]))
    assert list(bulle.tone(pd.Series({"a": "Le succès.", "b": "Rien."})).index) == ["a", "b"]
    assert bulle.tone([]).empty
    with pytest.raises(bulle.InputError, match="text 1 is None"):
        bulle.tone(["Rien.", None])


@pytest.mark.parametrize(("text", "label"), [("La crise fait très peur.", "negative"), ("Il est midi.", "no evidence")])
def test_the_tone_of_a_text_has_no_minus_zero(text, label):
    made = bulle.tone(text)
    assert list(made.label) == [label] and not re.search(r"-0\b(?!\.\d*[1-9])", made.to_csv())


def test_new_copies_the_notebooks_and_writes_over_nothing(tmp_path, capsys):
    assert main(["new", str(tmp_path / "a" / "b")]) == 0
    made = sorted((tmp_path / "a" / "b").iterdir())
    assert [path.name for path in made] == [path.name for path in run.notebooks(every=True)]
    assert capsys.readouterr().out.split("\n")[:-1] == list(map(str, made))
    made[0].write_text("mine")
    assert main(["new", str(tmp_path / "a" / "b")]) == 2 and made[0].read_text() == "mine"
    assert "may be yours" in capsys.readouterr().err
    nbformat.read(made[1], as_version=4)


def test_lab_copies_the_notebooks_and_keeps_those_that_were_changed(tmp_path):
    assert lab.copied(tmp_path, "fr") == []
    place = tmp_path / "4-voices.ipynb"
    made = nbformat.read(place, as_version=4)
    assert made.cells[0].source.startswith("# Qui le dit") and 'narrate: str = "fr"' in made.cells[1].source
    assert "(4-voices.ipynb)" in (tmp_path / "index.md").read_text() and not made.cells[2].outputs
    made.cells[1].source = made.cells[1].source.replace("bulle", "crise")
    nbformat.write(made, place)
    assert lab.copied(tmp_path, "fr") == []
    made.metadata.bulle = "another version"
    nbformat.write(made, place)
    assert lab.copied(tmp_path, "fr") == [place] and "crise" in place.read_text()
    place.write_text("mine")
    assert lab.copied(tmp_path, "fr") == [place] and place.read_text() == "mine"
    place.unlink()
    old = tmp_path / "1-words.ipynb"
    older = nbformat.v4.new_notebook(metadata={"bulle": lab._digest(nbformat.v4.new_notebook())})
    nbformat.write(older, old)
    assert lab.copied(tmp_path, "fr") == [] and len(nbformat.read(old, as_version=4).cells) > 2


def test_a_notebook_as_committed_is_not_saved_over():
    from tornado.web import HTTPError

    class Manager:
        root_dir = str(bulle.ROOT)

    with pytest.raises(HTTPError, match="run its copy in the folder lab"):
        lab.guarded(path="/notebooks/3-sentiment.ipynb", model={}, contents_manager=Manager)
    assert lab.guarded(path="/lab/en/3-sentiment.ipynb", model={}, contents_manager=Manager) is None


def test_modules_and_files_of_a_user_with_our_names_break_nothing(tmp_path):
    for name in ("analysis.py", "corpus.py", "words.py", "bulle.csv"):
        (tmp_path / name).write_text("raise SystemExit('a file of the user was run')")
    code = "import bulle; print(len(bulle.study('seeds').matches))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "1\n", done.stderr
