"""The notebooks on a corpus of several sources, languages and months: every branch that the seed does not reach."""

import json
import random
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from bulle import entries, wording
from bulle.__main__ import main
from bulle.app import run

HERE = Path(__file__).parent / "cases"
COLUMNS = json.loads((HERE / "tables.json").read_text(encoding="utf-8"))
MADE = {path.stem[-2:]: json.loads(path.read_text(encoding="utf-8")) for path in HERE.glob("made_*.json")}
SOURCES, MONTHS = MADE["fr"]["sources"], MADE["fr"]["months"]  # each has words of its own
ENGLISH = (
    "The bubble {} the happy investors;A bubble {} the poor banks;The mayor {} the school;The children {} a good song"
)
ENGLISH_VERBS = "frightens pleases visits threatens helps ruins calms sees loses"


def written(made, source, month, number, draw):
    """An article of a source and a month in the words of a language; later months hold the theme more often."""
    verbs, after, tones = made["verbs"].split(), made["after"].split(";"), made["tones"].split()
    nouns = f"{made['nouns']} {made['sources'][source]} {made['months'][month]}".split()
    nouns += 6 * [*made["sources"][source].split(), *made["months"][month].split()]
    sentences = [
        made["sentence"].format(draw.choice(nouns), draw.choice(verbs), draw.choice(nouns), draw.choice(after))
        for _ in range(14)
    ]
    if number % 8 <= [*made["months"]].index(month):
        tone, mood = draw.choice(tones), draw.choice(tones)
        sentences[5] = made["theme"].format(tone, mood, draw.choice(nouns))
    return ". ".join(sentences) + "."


def corpus(path, each, foreign, language="fr"):
    """A table of made articles, so many of each source in each month, and some in English."""
    draw, made = random.Random(1729), MADE[language]
    rows = [
        {
            "source": source,
            "date": f"{month}-{number + 1:02}",
            "title": f"{made['title']} {number}",
            "language": language,
        }
        | {"text": written(made, source, month, number, draw)}
        for source in made["sources"]
        for month in made["months"]
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
    assert "fullest period: 9 articles" in told and "rank-sum, 2024-01 (9 articles), 2024-02 (9 articles)" in told


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


OTHERS = [code for code in MADE if code != "fr"]


def other(code, folder):
    """An account of made articles and a story in another language, and the words of English and French it lacks."""
    asked = [("language", code), ("narrate", code), ("theme", MADE[code]["theme"].split()[1])]
    given = [word for pair in asked for word in ("-p", *pair)]
    texts = Path(corpus(folder / "made.jsonl", 2, 0, code))
    story = (HERE / f"story_{code}.jsonl").read_text(encoding="utf-8")
    texts.write_text(f"{texts.read_text(encoding='utf-8')}\n{story}", encoding="utf-8")
    assert main(["run", "5", "--corpus", str(texts), *given, "-o", str(folder / "run")]) == 0
    own = {*entries(code, "function_words")}
    return folder / "run", "|".join(word for word in f"{ENGLISH_WORDS}|{FRENCH_WORDS}".split("|") if word not in own)


@pytest.mark.parametrize("made", ["site", "built", *OTHERS])
def test_every_page_is_written_in_one_language_but_for_what_the_texts_say(made, request, tmp_path):
    if made in OTHERS:
        folder, foreign = other(made, tmp_path)
    else:
        folder, foreign = request.getfixturevalue(made), {"site": ENGLISH_WORDS, "built": FRENCH_WORDS}[made]
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 3
    for path in pages:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for theirs in soup.select(THEIRS):
            theirs.decompose()
        told = [" ".join(text.split()) for text in soup.find_all(string=re.compile(rf"\b(?:{foreign})\b", re.I))]
        assert not told, (path.name, told[:5])
