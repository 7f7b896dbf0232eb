import json
import re
from pathlib import Path

import pandas as pd
import pytest

from bulle import LANGUAGES, InputError, meant, passages, themes
from bulle.__main__ import main

CASES = json.loads((Path(__file__).parent / "cases" / "themes.json").read_text(encoding="utf-8"))


def articles(*texts, language="fr"):
    names = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame({"article": names, "language": language, "text": texts})


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']} {case['theme']}")
def test_a_theme_finds_what_its_signs_ask_for(case):
    """A text as `expected` is part of the refusal."""
    made = articles(case["text"], language=case["language"])
    if isinstance(case["expected"], str):
        with pytest.raises(InputError, match=re.escape(case["expected"])) as error:
            passages.matches(made, case["theme"])
        assert "\n" not in str(error.value)
    else:
        assert passages.matches(made, case["theme"]).match.tolist() == case["expected"], case["why"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_file_is_read_and_names_what_it_seeks(language):
    for name in themes.names(language):
        read = themes.theme(f"@{name}", language)
        assert read.entries and read.note and not read.expression
    assert themes.theme("bubble", "en") == themes.theme("@bulle", "en")


def test_a_theme_file_of_ones_own_has_entries_exclusions_and_a_note(tmp_path):
    path = tmp_path / "mien.txt"
    path.write_text('# Une note.\nkrach  # un mot\nbulle, crise\n-"bulle de savon"\nC#\n', encoding="utf-8")
    read = themes.theme(f"@{path}, or", "fr")
    assert read == themes.Theme(("krach", "bulle", "crise", "C#", "or"), ('"bulle de savon"',), "Une note.")
    made = articles("Une bulle de savon, un krach.")
    assert passages.matches(made, f"@{path}").match.tolist() == ["krach"]
    path.write_text("savon\n", encoding="utf-8")  # what is found is what stands in it now
    assert passages.matches(made, f"@{path}").match.tolist() == ["savon"]
    path.write_text("@bulle\n", encoding="utf-8")
    with pytest.raises(InputError, match="no file may be"):
        themes.theme(f"@{path}", "fr")
    path.write_bytes(b"\xe9t\xe9\n")
    with pytest.raises(InputError, match="not in UTF-8"):
        themes.theme(f"@{path}", "fr")


def test_forms_are_told_as_found_left_out_or_near():
    made = articles(
        "La Crise, des crises, la crisé, l'après-crise.", "Une start up, des startups, Start-up. Crise de foie."
    )
    told = meant.table(made, 'crise, start-up -"crise de foie"')
    assert told.values.tolist() == [
        ["Crise", 1, 1, "found"],
        ["Start-up", 1, 1, "found"],
        ["après-crise", 1, 1, "found"],
        ["crises", 1, 1, "found"],
        ["start up", 1, 1, "found"],
        ["Crise", 1, 1, "left out"],
        ["crisé", 1, 1, "near"],
    ]
    near = meant.table(articles("They told us. US, U.S., Us", language="en"), "US")
    assert near[near.taken == "near"].form.tolist() == ["U.S", "Us", "us"]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["pouvoir, crise -crise de foie"], ["entry       crise: crise, crises", "left out    crise de foie"]),
        (["AI", "-p", "language", "en"], ["entry       AI: AI, AIs, A.I., A.I.s"]),
        (["re:crises?"], ["expression  crises?"]),
        (["BULLE", "--corpus", "seeds"], ["found       none", "near, not   bulle 1"]),
    ],
)
def test_the_command_says_what_a_theme_is_taken_to_mean(arguments, lines, capsys):
    assert main(["theme", *arguments]) == 0
    told = capsys.readouterr().out.splitlines()
    assert all(line in told for line in lines), told


def test_an_unknown_parameter_of_the_command_is_refused(capsys):
    assert main(["theme", "crise", "-p", "top", "3"]) == 2
    assert capsys.readouterr().err == "bulle: unknown parameter 'top'; there are: language, columns\n"
