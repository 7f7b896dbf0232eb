"""Exports of the tools that researchers use, one small file each, and what a reader would say that it holds."""

import json
import unicodedata
from pathlib import Path

import pytest

from bulle import corpus, days, labels, passages

HERE = Path(__file__).parent / "cases" / "reading"
FIRST = "La bulle de l'été enfle à Rouen. Les banques hésitent."
SECOND = "Le krach menace Lyon. L'œuvre coûte 5 €."
DAYS = ["2025-03-01", "2025-03-02"]


def rows(path, language="fr"):
    return [(r.source, str(r.date)[:10], r.title, r.text.strip()) for r in corpus.read(path, language).itertuples()]


def notes(path):
    return " ".join(corpus.report(corpus.read(path)).notes)


WHOLE = [  # file, language, the place of the values in the row of an article, what every article holds there
    ("20-docx-tracked.docx", "fr", 3, ["La bulle enfle."]),
    ("22-nexis-two-articles.docx", "fr", 1, DAYS),
    ("23-iramuteq-two-articles.txt", "fr", 1, DAYS),
    ("24-lexico-two-articles.txt", "fr", 1, DAYS),
    ("25-newsplease.json", "fr", slice(None), [("exemple.fr", "2025-03-01", "Un titre", FIRST)]),
    ("26-publish-date.csv", "fr", 1, DAYS[:1]),
    ("27-headline-object.jsonl", "en", 2, ["A main title"]),
    ("28-article-object.jsonl", "fr", slice(1, None), [("2025-03-01", "Un titre", FIRST)]),
    ("30-copyright-year.html", "fr", 1, ["NaT"]),
    ("31-latin9.txt", "fr", 3, [f"{SECOND} Le cœur du Sœur."]),
    ("32-macroman.txt", "fr", 3, [f"{FIRST} {SECOND} Très cher, déjà là."]),
    ("33-cp850.txt", "fr", 3, [f"{FIRST} Très cher, déjà là."]),
    ("34-json-lines.json", "fr", 3, [FIRST, SECOND]),
    ("35-backslash-quotes.csv", "fr", 3, ['Il dit "non", puis la bulle enfle.', "Les banques."]),
    ("36-plain-quotes.tsv", "fr", 3, ['"Bulle" dit-il à Rouen.', "Les banques hésitent.", "Le krach."]),
    ("37-ragged-end.csv", "fr", 3, ["La bulle.", "Le krach.", "Le prix."]),
    ("38-lines-before-header.csv", "fr", 1, DAYS),
    ("39-rcv1.xml", "en", slice(1, 3), [("1996-08-20", "A title")]),
    ("40-atom.xml", "fr", 1, DAYS),
    ("41-newsml-g2.xml", "fr", slice(1, None), [("2025-03-01", "Un titre", "La bulle enfle.\n\nLes banques.")]),
    ("42-wxr-excerpt-first.xml", "fr", 3, ["La bulle enfle à Rouen et les banques hésitent."]),
    ("43-trafilatura-comments.xml", "fr", 3, ["Inter\n\nLa bulle enfle à Rouen.\n\nLes banques."]),
    ("45-nan-words.csv", "fr", slice(None), [("", "NaT", "", "La bulle enfle.")]),
    ("46-literal-escapes.csv", "fr", 3, ["La bulle enfle.\n\nLes banques hésitent."]),
    ("47-list-cells.csv", "fr", slice(0, 2), [("Le Matin", "2025-03-01")]),
    ("48-two-text-columns.csv", "fr", 3, ["La bulle."]),
    ("51-date-14-digits.csv", "fr", 1, DAYS),
    ("52-europresse-table.html", "fr", slice(0, 3), [("Le Matin", "2025-03-01", "Un titre")]),
]


@pytest.mark.parametrize(("file", "language", "place", "expected"), WHOLE, ids=[case[0] for case in WHOLE])
def test_every_export_is_read_as_a_reader_reads_it(file, language, place, expected):
    assert [row[place] for row in rows(HERE / file, language)] == expected


@pytest.mark.parametrize(
    "file", ["29-newsapi-truncated.json", "50-nul-byte.csv", "46-literal-escapes.csv", "48-two-text-columns.csv"]
)
def test_what_a_reader_cannot_know_is_told(file):
    assert notes(HERE / file)


def test_an_edition_has_the_date_of_its_source_and_one_reading_of_a_word():
    ((source, day, _, text),) = rows(HERE / "44-tei-lb-choice-note.xml")
    assert (source, day) == ("Le Matin", "1929-10-25")
    assert "bulle enfle" in text and "banq.banques" not in text


def test_every_way_to_write_a_language_is_understood():
    assert len(rows(HERE / "49-language-names.csv")) == 10


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1740787200", "2025-03-01"),  # seconds since 1970
        ("1740787200000", "2025-03-01"),
        ("45717", "2025-03-01"),  # days of Excel
        ("20250301081500", "2025-03-01"),
        ("20250301T081500Z", "2025-03-01"),  # GDELT
        ("07/12/18", "2018-12-07"),
        ("31-janv.-25", "2025-01-31"),
        ("18 juin 89", "1989-06-18"),
        ("12345", "None"),
        ("45717.5", "2025-03-01"),
        ("3", "None"),
    ],
)
def test_every_usual_way_to_write_a_day_is_understood(written, expected):
    assert str(days.day(written)) == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "title,post_content\nUn,La bulle enfle.\n", ["La bulle enfle."]),
        ("a.csv", "Recherche : bulle\n\nExporté hier\ntexte;date\nLa bulle enfle.;2025-03-01\n", ["La bulle enfle."]),
        ("a.csv", 'text\n"[""La bulle."", ""Le krach.""]"\n', ["La bulle.\n\nLe krach."]),
        ("a.csv", "text\nNULL\nLa bulle enfle.\n", ["La bulle enfle."]),
        ("a.tsv", 'text\tdate\n"La bulle"\t2025-03-01\n', ["La bulle"]),
        ("a.json", '{"text": "La bulle."}\n{"text": "Le krach."}\n', ["La bulle.", "Le krach."]),
        ("a.txt", "**** *source_a\nLa bulle.\n**** *source_b\nLe krach.\n", ["La bulle.", "Le krach."]),
        ("a.txt", "La bulle **** enfle.", ["La bulle **** enfle."]),
        ("a.csv", "text\nC:\\new\\table enfle.\n", ["C:\\new\\table enfle."]),
        ("a.csv", "text\n\\\\srv\\new. La \\u00e9tape.\n", ["\\\\srv\\new. La étape."]),
        (
            "a.txt",
            "Un\nLe Soir\n1 mars 2025\nBody\nClassification des risques : elle monte.\nLa fin.\n\nEnd of Document\n",
            ["Classification des risques : elle monte.\nLa fin."],
        ),
    ],
)
def test_what_tables_and_texts_are_written_like_is_read(tmp_path, name, content, expected):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert [row[3] for row in rows(tmp_path / name)] == expected


EXPORTS = json.loads((HERE.parent / "exports.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", EXPORTS, ids=[f"{number}-{case['kind']}" for number, case in enumerate(EXPORTS)])
def test_a_file_is_read_as_what_it_means(case, tmp_path):
    file = tmp_path / case["file"]
    file.write_bytes(case["content"].encode(case.get("encoding", "utf-8")))
    articles = corpus.read(file, case["language"])
    found = [[row.source, str(row.date)[:10], row.title, row.text] for row in articles.itertuples()]
    assert found == case["rows"] and case["note"] in corpus.report(articles).notes[0]


def test_a_sheet_to_be_labelled_is_no_article_of_a_folder(tmp_path):
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    sheet = labels.sheet(passages.passages(corpus.read(tmp_path), "bulle", 0))
    sheet.to_csv(tmp_path / "sheet.csv", index=False)
    articles = corpus.read(tmp_path)
    assert articles.text.tolist() == [FIRST]
    assert "to be labelled" in corpus.report(articles).reason[1]


@pytest.mark.parametrize(("given", "stored"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_path_is_found_however_its_accents_are_written(given, stored, tmp_path):
    (tmp_path / unicodedata.normalize(stored, "été.txt")).write_text(FIRST, encoding="utf-8")
    assert corpus.read(tmp_path / unicodedata.normalize(given, "été.txt")).text.tolist() == [FIRST]
