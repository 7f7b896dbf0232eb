"""The notebooks on a corpus of several sources, languages and months: every branch that the seed does not reach."""

import json
import random
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from bulle import wording
from bulle.__main__ import main
from bulle.app import run

COLUMNS = json.loads((Path(__file__).parent / "cases" / "tables.json").read_text(encoding="utf-8"))
SOURCES = {  # each has words of its own
    "La Gazette": "tracteur moissonneur fermier",
    "Le Courrier": "navire marin pilote",
    "01": "logiciel serveur codeur",
}
MONTHS = {  # and so has each month
    "2024-01": "neige givre",
    "2024-02": "carnaval masque",
    "2024-03": "bourgeon jardin",
    "2024-04": "lilas poisson",
    "2024-05": "muguet cerisier",
    "2024-06": "soleil concours",
    "2024-07": "camping maillot",
}
NOUNS = "maire voisin facteur musicien boulanger peintre élève docteur chat cheval vélo pont train moulin musée théâtre"
VERBS = "regarde cherche trouve dessine raconte traverse visite oublie appelle attend écoute photographie"
TONES = "inquiète menace enchante rassure effraie ruine amuse déçoit réjouit"
AFTER = "dans la rue;sous la pluie;avant midi;près de la gare;comme hier;avec Paul Durand;aux États-Unis;en deux mots"
AFTER += ";dans la joie;avec effroi"
ENGLISH = (
    "The bubble {} the happy investors;A bubble {} the poor banks;The mayor {} the school;The children {} a good song"
)
ENGLISH_VERBS = "frightens pleases visits threatens helps ruins calms sees loses"


def french(source, month, number, draw):
    """A French article of a source and a month; later months hold the theme more often."""
    nouns = f"{NOUNS} {SOURCES[source]} {MONTHS[month]}".split()
    nouns += 6 * [*SOURCES[source].split(), *MONTHS[month].split()]
    sentences = [
        f"Le {draw.choice(nouns)} {draw.choice(VERBS.split())} un {draw.choice(nouns)} {draw.choice(AFTER.split(';'))}"
        for _ in range(14)
    ]
    if number % 8 <= [*MONTHS].index(month):
        tone, mood = draw.choice(TONES.split()), draw.choice(TONES.split())
        sentences[5] = f"La bulle financière {tone} le marché immobilier et {mood} le {draw.choice(nouns)}"
    return ". ".join(sentences) + "."


def corpus(path, each, foreign):
    """A table of made articles, so many of each source in each month, and some in English."""
    draw = random.Random(1729)
    rows = [
        {"source": source, "date": f"{month}-{number + 1:02}", "title": f"Titre {number}", "language": "fr"}
        | {"text": french(source, month, number, draw)}
        for source in SOURCES
        for month in MONTHS
        for number in range(each)
    ]
    for _ in range(foreign):
        sentences = [draw.choice(ENGLISH.split(";")).format(draw.choice(ENGLISH_VERBS.split())) for _ in range(16)]
        rows.append({"source": "The Wire", "text": ". ".join(sentences) + "."})  # without a date
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A French run on French articles, by source."""
    folder = tmp_path_factory.mktemp("made")
    texts = corpus(folder / "fr.jsonl", 8, 0)
    assert main(["run", "--corpus", texts, "-p", "narrate", "fr", "-o", str(folder / "run")]) == 0
    return folder / "run"


@pytest.fixture(scope="module")
def executed(site, tmp_path_factory):
    """The notebooks of that run; and on articles in two languages, by month, told in English."""
    texts = corpus(tmp_path_factory.mktemp("made") / "both.jsonl", 3, 12)
    both = {"corpus": texts, "language": "auto", "contrast": "period", "period": "month"}
    made = {(path.stem, "fr"): nbformat.read(site / path.name, as_version=4) for path in run.notebooks()}
    return made | {(path.stem, "fr and en"): run.execute(path, both) for path in run.notebooks("2,3,4,5")}


def outputs(notebook):
    """What each code cell shows: the columns of a table, "figure", or the words of a sentence."""
    shown = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            table = BeautifulSoup(data.get("text/html", ""), "html.parser").select_one("table.dataframe")
            heads = table.select_one("thead tr").find_all("th")[1:] if table else []
            words = "figure" if "image/svg+xml" in data else data.get("text/plain", "")
            shown[cell.id] = [head.get_text() for head in heads] or words
    return shown


CASES = [*((notebook, "fr") for notebook in COLUMNS), *((notebook, "fr and en") for notebook in [*COLUMNS][1:])]


@pytest.mark.parametrize(("notebook", "texts"), CASES)
def test_every_cell_shows_the_columns_or_the_figure_expected(notebook, texts, executed):
    shown = outputs(executed[notebook, texts])
    expected = COLUMNS[notebook] | COLUMNS[notebook].get(texts, {})
    language = "fr" if texts == "fr" else "en"
    expected = {
        name: [wording.head(head, language) for head in what] if isinstance(what, list) else what
        for name, what in expected.items()
    }
    kinds = {name: what if isinstance(what, list) or what == "figure" else "said" for name, what in shown.items()}
    assert kinds == {name: what for name, what in expected.items() if name != "fr and en"}


def test_no_table_shows_a_number_as_nobody_writes_it(executed):
    for (notebook, texts), made in executed.items():
        if notebook in ("1-words", "5-narrative"):
            continue
        for cell in made.cells:
            for output in cell.get("outputs", []):
                table = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser").select("td")
                odd = [cell.get_text() for cell in table]
                odd = [text for text in odd if re.fullmatch(r"-?[\d.]+e[-+]\d+|nan|NaN|None|NaT|-0(\.0*)?", text)]
                assert not odd, (notebook, texts, cell.id)


def test_every_refusal_of_a_cell_is_said_again_at_the_end(executed):
    for texts in ("fr", "fr and en"):
        shown = outputs(executed["2-terms", texts])
        last = shown.pop("refused").splitlines()
        said = {line for what in shown.values() if isinstance(what, str) for line in what.splitlines()}
        assert {line for line in said if line.startswith(("- Not shown", "- Non montré"))} <= set(last)
    [one] = outputs(executed["2-terms", "fr"])["refused"].splitlines()
    assert "groupes de contextes (84 phrases du thème)" in one
    told = outputs(executed["2-terms", "fr and en"])["refused"]
    assert "groups of contexts: 2 languages, at most 1 allowed" in told
    assert "trend period: 9 articles" in told and "rank-sum, 2024-01 (9 articles), 2024-02 (9 articles)" in told


def test_each_source_and_each_month_has_its_own_words(executed):
    for texts, words in (("fr", SOURCES), ("fr and en", MONTHS)):
        cell = next(cell for cell in executed["2-terms", texts].cells if cell.id == "contrasts")
        table = BeautifulSoup(cell.outputs[0]["data"]["text/html"], "html.parser")
        rows = [[one.get_text() for one in row.find_all("td")][:2] for row in table.select("tbody tr")]
        for group, own in words.items():
            listed = {word for name, word in rows if name == group}
            others = {word for other, theirs in words.items() if other != group for word in theirs.split()}
            assert listed & set(own.split()) and not listed & others, group


ENGLISH_WORDS = r"the|of|and|with|that|this|is|are|was|were|not|from|which|these|for|has|have|by|there|no"
FRENCH_WORDS = r"le|les|des|du|une|est|sont|dans|pour|avec|sur|ce|cette|qui|que|ou|aux|pas|par"
THEIRS = "title, script, style, svg, bdi, q, code, pre, blockquote, .passage, .kwic tbody, table.dataframe tbody"
THEIRS += ", .text p:not(.note)"


@pytest.mark.parametrize(("folder", "foreign"), [("site", ENGLISH_WORDS), ("built", FRENCH_WORDS)])
def test_every_page_is_written_in_one_language_but_for_what_the_texts_say(folder, foreign, request):
    pages = sorted(request.getfixturevalue(folder).rglob("*.html"))
    assert len(pages) > 6
    for path in pages:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for theirs in soup.select(THEIRS):
            theirs.decompose()
        told = [" ".join(text.split()) for text in soup.find_all(string=re.compile(rf"\b(?:{foreign})\b", re.I))]
        assert not told, (path.name, told[:5])
