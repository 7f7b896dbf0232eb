import json
import os
import re
import shutil
import sys
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulle import ROOT, InputError, bodies, corpus, days, families

SEED = "000_e929f5620eca117b"
CASES = [(file.stem[-2:], case) for file in sorted((ROOT / "tests" / "cases").glob("marks_*.json"))
         for case in json.loads(file.read_text(encoding="utf-8"))]  # fmt: skip
FIFTY = pd.DataFrame({
    "id": [f"article-{n:02}" for n in range(50)],
    "journal": [("Le Monde", "Ouest-France", "L'Équipe")[n % 3] for n in range(50)],
    "date": [f"2018-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(50)],
    "titre": [f"Le titre n° {n} : l'été, « déjà »" for n in range(50)],
    "langue": ["fr"] * 50,
    "texte": [f'La bulle n° {n} enfle, dit-il ; "ça" va.\n\nDeuxième paragraphe,\tœuvre à 3 €.' for n in range(50)],
})  # fmt: skip


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))
    return file


def zipped(file: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def refusal(path: Path, **settings) -> str:
    with pytest.raises(InputError) as caught:
        corpus.read(path, **settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# The seed


def test_the_seed_reads_with_its_manifest():
    row = corpus.read("seeds").iloc[0]
    assert (row.article, row.source, row.date, row.language) == (SEED, "AFP", pd.Timestamp("2025-11-21"), "fr")
    assert row.title == "Le taïwanais Foxconn poursuit sa quête d'IA en s'alliant avec OpenAI"
    assert row.text == (ROOT / "seeds" / f"{SEED}.txt").read_bytes().decode()


def test_the_seed_is_found_from_any_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(corpus.read(f"seeds/{SEED}.txt")) == 1


def test_the_wire_header_gives_date_and_title_without_a_manifest(tmp_path):
    row = corpus.read(written(tmp_path, "dépêche.txt", " date 2025-11-21 Un titre \n\nLe texte.")).iloc[0]
    assert (row.article, row.date, row.title) == ("dépêche", pd.Timestamp("2025-11-21"), "Un titre")


def test_a_first_line_apart_is_the_title_of_a_plain_text(tmp_path):
    heads = ["La bulle enfle", "# La bulle enfle", "La bulle enfle.", "Par Jean Martin", "21 novembre 2025", "- bulle"]
    heads += ["**La bulle enfle**", "www.exemple.fr", "[La bulle](https://exemple.fr)", "> La bulle"]
    for number, head in enumerate(heads):
        (tmp_path / f"{number}.txt").write_text(f"{head}\n\nLes cours montent.\n", encoding="utf-8")
    articles = corpus.read(tmp_path)
    assert articles.title.tolist() == ["La bulle enfle"] * 2 + [""] * 4 + ["La bulle enfle"] + [""] * 3
    assert bodies.marks(articles).part.tolist() == ["title", "heading", "credit", "heading", "link", "link"]


def test_header_title_and_caption_of_the_seed_are_marked():
    articles = corpus.read("seeds")
    marks = bodies.marks(articles)
    text = articles["text"][0]
    assert [(row.part, text[row.start : row.end]) for row in marks.itertuples()] == [
        ("header", " date 2025-11-21 "),
        ("title", "Le taïwanais Foxconn poursuit sa quête d'IA en s'alliant avec OpenAI"),
        ("caption", "Young Liu, PDG de Foxconn, en 2023, à Taiwan ( AFP / I-HWA CHENG )"),
    ]


def test_body_keeps_every_offset():
    articles = corpus.read("seeds")
    text, body = articles["text"][0], bodies.body(articles)["text"][0]
    assert len(body) == len(text)
    assert body.split()[:3] == ["Le", "géant", "taïwanais"]
    assert all(a == b or b == " " for a, b in zip(text, body, strict=True))


def test_a_manifest_speaks_for_subfolders_and_says_what_is_missing(tmp_path):
    written(tmp_path, "a/un.txt", "Un.")
    written(tmp_path, "manifest.csv", "file,outlet,date\na/un.txt,Le Monde,7 décembre 2018\na/deux.txt,Le Monde,\n")
    articles = corpus.read(tmp_path)
    assert articles[["source", "date"]].values.tolist() == [["Le Monde", pd.Timestamp("2018-12-07")]]
    assert list(corpus.report(articles)["notes"]) == ["", "a/deux.txt is listed but not there"]
    written(tmp_path, "manifest.csv", bytes(100))
    bad = "1 of 2 files cannot be read, more than 10%; first manifest.csv: binary; expected text; mend or remove them, "
    assert refusal(tmp_path) == f"{bad}or read on without them: unreadable 0.5"


def test_a_seed_that_differs_from_its_manifest_is_refused(tmp_path):
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    file = tmp_path / "seeds" / f"{SEED}.txt"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b".")
    assert "differs from manifest.csv" in refusal(tmp_path / "seeds")


# What is not body


@pytest.mark.parametrize(("language", "case"), CASES, ids=[case["text"][:40] for _, case in CASES])
def test_marks(language, case):
    articles = pd.DataFrame([{"article": "a", "title": "", "language": language, "text": case["text"]}])
    found = bodies.marks(articles)
    stretches = [[row.part, case["text"][row.start : row.end]] for row in found.itertuples()]
    assert stretches == case["expected"], case["why"]


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from([case["text"] for _, case in CASES])).map("\n".join))
def test_a_body_has_the_length_and_the_line_breaks_of_its_text(text):
    articles = pd.DataFrame([{"article": "a", "title": "Un titre", "language": "fr", "text": text}])
    body = bodies.body(articles)["text"][0]
    assert len(body) == len(text)
    assert [at for at, c in enumerate(body) if c in "\r\n"] == [at for at, c in enumerate(text) if c in "\r\n"]


def test_a_long_line_of_spaces_is_marked_in_linear_time():
    articles = pd.DataFrame([{"article": "a", "title": "", "language": "fr", "text": " " * 3_000_000 + "(" * 300_000}])
    assert len(bodies.marks(articles)) == 0


# Formats


@pytest.fixture(scope="module")
def fifty(tmp_path_factory) -> dict[str, Path]:
    """The same fifty articles in every format, by ending."""
    folder = tmp_path_factory.mktemp("fifty")
    table = pl.DataFrame(FIFTY.to_dict("list"))
    table.write_csv(folder / "a.csv")
    table.write_csv(folder / "a.tsv", separator="\t")
    table.write_csv(folder / "semicolon.csv", separator=";", include_bom=True)
    table.write_ndjson(folder / "a.jsonl")
    table.write_ndjson(folder / "a.ndjson")
    (folder / "a.json").write_text(json.dumps({"count": 50, "articles": FIFTY.to_dict("records")}))
    table.write_parquet(folder / "a.parquet")
    table.with_columns(pl.col("date").str.to_date()).write_excel(folder / "a.xlsx")
    (folder / "txt").mkdir()
    for row in FIFTY.itertuples():
        (folder / "txt" / f"{row.id}.txt").write_bytes(row.texte.encode())
    manifest = FIFTY.drop(columns="texte").assign(file=FIFTY["id"] + ".txt").rename(columns={"journal": "outlet"})
    manifest.to_csv(folder / "txt" / "manifest.csv", index=False)
    zipped(folder / "a.zip", {file.name: file.read_bytes() for file in (folder / "txt").iterdir()})
    zipped(folder / "table.zip", {"a.jsonl": (folder / "a.jsonl").read_bytes()})
    return {file.name: file for file in folder.iterdir()}


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "semicolon.csv", "a.jsonl", "a.ndjson", "a.json", "a.parquet",
                                  "a.xlsx", "txt", "a.zip", "table.zip"])  # fmt: skip
def test_the_same_articles_in_any_format_give_the_same_table(fifty, name):
    roles = {"id": "article", "journal": "source", "titre": "title", "langue": "language", "texte": "text"}
    expected = FIFTY.rename(columns=roles).assign(link="")
    expected["date"] = expected["date"].astype("datetime64[s]")
    read = corpus.read(fifty[name], "en")[corpus.COLUMNS]
    pd.testing.assert_frame_equal(read, expected[corpus.COLUMNS], check_flags=False)


def test_rows_without_identity_are_named_after_their_file_and_number(tmp_path):
    file = written(tmp_path, "presse.csv", "\n\ntexte\nUn.\n\nDeux.\n")
    assert list(corpus.read(file)["article"]) == ["presse:1", "presse:2"]


def test_a_link_is_kept_where_it_is_an_address_of_the_web(tmp_path):
    links = ["https://a.example/b?c=d", "javascript:alert(1)", "https://a.example/ b", "", "file:///etc/passwd"]
    file = written(tmp_path, "a.csv", "\n".join(["text,url", *(f"Texte {n}.,{link}" for n, link in enumerate(links))]))
    assert corpus.read(file)["link"].tolist() == [links[0], "", "", "", ""]


def test_columns_are_named_by_the_user(tmp_path):
    file = written(tmp_path, "a.csv", "Jour,Corps de page,text\n7 décembre 2018,Le texte.,autre\n")
    articles = corpus.read(file, columns="text=Corps de page, date=Jour")
    assert list(articles["text"]) == ["Le texte."]
    assert corpus.report(articles)["mapping"][0] == "text=Corps de page, date=Jour"
    assert refusal(file, columns="text=Corps") == "a.csv: no column 'Corps'; there are: Jour, Corps de page, text"
    assert refusal(file, columns="corps=text").startswith("columns: 'corps' is no role=column; the roles are: article")


def test_the_sheet_that_has_texts_is_read_and_the_others_are_named(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        pl.DataFrame({"note": ["x"]}).write_excel(book, "Notes")
        pl.DataFrame({"texte": ["Un.", None], "n": [1, 2]}).write_excel(book, "Presse")
    articles = corpus.read(tmp_path / "a.xlsx")
    assert list(articles["text"]) == ["Un."]
    assert corpus.report(articles)["notes"][0] == "sheet 'Notes' left out; 1 x row without text left out"


def test_a_page_gives_its_main_text_title_and_date(tmp_path):
    prose = "".join(f"<p>La bulle numéro {n} inquiète les marchés, selon les analystes de Paris.</p>" for n in range(9))
    page = ('<html><head><title>Le titre - Journal</title><meta property="og:title" content="Le titre"><meta property='
            '"article:published_time" content="2018-12-07"></head><body><nav><a href="/">Menu</a></nav><article><h1>Le '
            f"titre</h1>{prose}</article><footer>Mentions légales</footer></body></html>")  # fmt: skip
    row = corpus.read(written(tmp_path, "a.html", page)).iloc[0]
    assert (row.article, row.title, row.date) == ("a", "Le titre", pd.Timestamp("2018-12-07"))
    assert "La bulle numéro 8" in row.text and "Mentions" not in row.text and "Menu" not in row.text


def test_a_europresse_export_gives_its_articles(tmp_path):
    article = """<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">Le Monde, no. 2
        </span></div><div><span class="DocHeader">Économie, vendredi 7 décembre 2018 1090 mots, p. {0}</span></div>
        <div class="titreArticle"><p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">Le titre {0}</p></div>
        </header><section><div class="DocText clearfix"><div class="docOcurrContainer"><p>La <mark>bulle</mark>
        enfle.</p><p>Elle éclate&nbsp;!</p>Fin.</div></div></section><footer>© 2018 SA Le Monde.</footer></article>"""
    file = written(tmp_path, "europresse.HTML", f"<html><body>{article.format(1)}{article.format(2)}</body></html>")
    articles = corpus.read(file)
    assert list(articles["article"]) == ["europresse:1", "europresse:2"]
    assert list(articles.loc[1, ["source", "date", "title", "text"]]) == [
        "Le Monde", pd.Timestamp("2018-12-07"), "Le titre 2", "La bulle enfle.\n\nElle éclate\xa0!\n\nFin."
    ]  # fmt: skip


TEI = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>Le titre</title></titleStmt><publicationStmt>
<publisher>Le Monde</publisher><date when="2018-12-07">7 décembre</date></publicationStmt>
</fileDesc></teiHeader><text><body><p>La <hi>bulle</hi>
enfle.</p><p>Fin.</p></body></text></TEI>"""


@pytest.mark.parametrize("text", [
    TEI,
    "<corpus><article source=\"Le Monde\" date='2018-12-07'><titre>Le titre</titre><p>La bulle enfle.</p><p>Fin.</p>"
    "</article></corpus>",
    "<doc source=Le Monde date=2018-12-07 title='Le titre'><p>La bulle enfle.</p><p>Fin.</p></doc>",
    '<doc source="Le Monde date="2018-12-07" title=Le titre url=http://x.fr/?a=1&b=2><p>La bulle enfle.<p>Fin.</doc>',
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><docs><DOC></DOC><doc><journal>Le Monde</journal>"
    "<date>07/12/2018</date><title>Le titre</title><texte><![CDATA[La bulle enfle.]]></texte></doc></docs>",
])  # fmt: skip
def test_xml_dialects_are_read(tmp_path, text):
    row = corpus.read(written(tmp_path, "a.xml", text)).iloc[0]
    assert (row.source, row.date, row.title) == ("Le Monde", pd.Timestamp("2018-12-07"), "Le titre")
    assert row.text.startswith("La bulle enfle.")


def test_xml_entities_open_no_file_and_grow_nothing(tmp_path):
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    kinds = f'<!DOCTYPE d [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]>'
    file = written(tmp_path, "a.xml", kinds + "<doc>A &f; &l9; AT&T &eacute;</doc>")
    assert list(corpus.read(file)["text"]) == ["A &f; &l9; AT&T é"]


def test_folders_archives_and_patterns_are_walked_in_the_order_of_names(tmp_path):
    for name in ("b.txt", "a/2.md", "a/1.txt", "C.TXT", ".hidden.txt", "notes.pdf"):
        written(tmp_path, name, "Un texte.")
    zipped(tmp_path / "z.zip", {"dedans/x.txt": b"Un texte."})
    articles = corpus.read(tmp_path)
    assert list(articles["article"]) == ["C", "a/1", "a/2", "b", "z.zip/dedans/x"]
    told = corpus.report(articles).set_index("file")
    assert list(told.index[told["status"] == "ignored"]) == [".hidden.txt", "notes.pdf"]
    assert list(corpus.read(tmp_path / "a" / "*.txt")["article"]) == ["1"]
    assert list(corpus.read(tmp_path / "**" / "1.txt")["article"]) == ["1"]


def test_articles_of_one_name_keep_apart(tmp_path):
    written(tmp_path, "a.txt", "Un.")
    written(tmp_path, "a.md", "Deux.")
    assert list(corpus.read(tmp_path)["article"]) == ["a", "a~2"]


# Encodings

ACCENTS = "L’été dernier, l'œuvre coûtait 3 € à Besançon. " * 3


@pytest.mark.parametrize(("content", "encoding"), [
    (ACCENTS.encode("utf-8"), "utf-8"),
    (ACCENTS.encode("utf-8-sig"), "utf-8-sig"),
    (ACCENTS.encode("utf-16"), "utf-16"),
    (ACCENTS.encode("utf-16-le"), "utf-16-le"),
    (ACCENTS.encode("utf-16-be"), "utf-16-be"),
    (ACCENTS.encode("utf-32"), "utf-32"),
    (ACCENTS.encode("windows-1252"), "windows-1252"),
])  # fmt: skip
def test_encodings_are_told_apart(tmp_path, content, encoding):
    for name, text in (("a.txt", content), ("b.csv", None), ("c.jsonl", None)):
        codec = "utf-8" if encoding == "utf-8" else encoding
        table = {"b.csv": f'texte\n"{ACCENTS}"\n', "c.jsonl": json.dumps({"texte": ACCENTS}, ensure_ascii=False)}
        articles = corpus.read(written(tmp_path, name, text or table[name].encode(codec)))
        assert list(articles["text"]) == [ACCENTS]
        assert corpus.report(articles)["encoding"][0] == encoding


def test_latin_1_is_read_as_its_superset(tmp_path):
    articles = corpus.read(written(tmp_path, "a.txt", "déjà vu à Besançon".encode("latin-1")))
    assert list(articles["text"]) == ["déjà vu à Besançon"]


def test_a_declared_charset_is_believed_when_the_bytes_are_not_utf_8(tmp_path):
    text = '<?xml version="1.0" encoding="ISO-8859-15"?><doc>Le cœur coûte 3 €.</doc>'
    articles = corpus.read(written(tmp_path, "a.xml", text.encode("iso-8859-15")))
    assert list(articles["text"]) == ["Le cœur coûte 3 €."]


def test_a_few_stray_bytes_do_not_spoil_utf_8(tmp_path):
    articles = corpus.read(written(tmp_path, "a.txt", ACCENTS.encode() + "déjà".encode("windows-1252")))
    assert list(articles["text"]) == [ACCENTS + "déjà"]
    assert corpus.report(articles)["encoding"][0] == "utf-8, stray bytes read as windows-1252"


@pytest.mark.parametrize("text", [
    "NUL \0 et sonnerie \a, \x1b[31mrouge\x1b[0m, une ligne de plus pour que ce soit de la prose, et assez longue.",
    "décomposé, العربية, עברית, \u202eretourné\u202c, \ufeffmarque, 👩‍👩‍👧",
    "fin de ligne\r\nWindows\rMac\nUnix\u2028U+2028",
    "<script>alert(1)</script> {{ 7*7 }} $x$ | [a](javascript:alert(1)) =1+1",
    "x" * 10_000,
])  # fmt: skip
def test_any_character_survives(tmp_path, text):
    row = json.dumps({"texte": text})
    for name, content in (("a.txt", text), ("b.json", f"[{row}]"), ("c.jsonl", row)):
        assert list(corpus.read(written(tmp_path, name, content))["text"]) == [text]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
def test_a_table_gives_back_the_text_it_was_given(text):
    texts = re.sub(r"[ÃÂâÅ\\\u0300-\u036f]", "", text)  # what may be mended: mojibake, escapes, accents apart
    file = Path(os.environ.get("TMPDIR", "/tmp"), f"bulle-{os.getpid()}.jsonl")
    file.write_text(json.dumps({"texte": "a" + texts}), encoding="utf-8")
    try:
        assert list(corpus.read(file)["text"]) == ["a" + texts]
    finally:
        file.unlink()


def test_mojibake_is_mended_only_when_the_whole_text_has_it(tmp_path):
    misread = "L’été déjà".encode().decode("windows-1252")
    rows = [misread, "L'été, on écrit Ã© pour é", "L'âge d'Â", "\ud83d", "de\u0301çu"]
    articles = corpus.read(written(tmp_path, "a.jsonl", "\n".join(json.dumps({"texte": text}) for text in rows)))
    assert list(articles["text"]) == ["L’été déjà", "L'été, on écrit Ã© pour é", "L'âge d'Â", "\ufffd", "déçu"]
    assert corpus.report(articles)["notes"][0].split("; ") == [
        "1 x text in mojibake mended",
        "1 x text with possible mojibake kept",
        "1 x text with half a character, shown as \ufffd",
        "1 x text with accents apart from their letters, put together",
    ]


# Languages and dates


def test_language_comes_from_the_column_else_the_parameter_else_the_text(tmp_path):
    rows = [("Français", "x"), ("en-GB", "y"), ("it", "z"), ("", "Le gouvernement a annoncé mardi une réforme.")]
    file = written(tmp_path, "a.jsonl", "\n".join(json.dumps({"langue": a, "texte": b}) for a, b in rows))
    assert list(corpus.read(file, "en")["language"]) == ["fr", "en", "en"]
    articles = corpus.read(file, "")
    assert list(articles["language"]) == ["fr", "en", "fr"]
    assert corpus.report(articles)["notes"][0] == "1 x article in 'it' left out"
    assert refusal(file, language="it").startswith("unknown language 'it'; there are: en, ")


def test_a_date_that_is_not_understood_is_counted(tmp_path):
    file = written(tmp_path, "a.csv", "date,texte\nhier,Un.\n,Deux.\n2018-12-07T23:30:00+02:00,Trois.\n")
    articles = corpus.read(file)
    assert list(articles["date"].dt.strftime("%Y-%m-%d").fillna("")) == ["", "", "2018-12-07"]
    told = corpus.report(articles)
    assert (told["undated"][0], told["notes"][0]) == (2, "1 x date not understood")


# The reading report


def test_duplicates_are_counted_and_kept(tmp_path):
    articles = corpus.read(written(tmp_path, "a.csv", "texte\nUn texte.\n Un texte.\nAutre.\n"))
    assert len(articles) == 3
    assert corpus.report(articles)["duplicates"][0] == 1


def test_the_report_survives_what_pandas_does(tmp_path):
    articles = corpus.read(written(tmp_path, "a.csv", "texte\nUn.\nDeux.\n"))
    assert len(corpus.report(bodies.body(articles.query("text == 'Un.'").copy()))) == 1


def test_a_tenth_of_the_files_may_be_unreadable_and_no_more(tmp_path):
    for number in range(9):
        written(tmp_path, f"{number}.txt", f"Texte {number}.")
    written(tmp_path, "vide.txt", " \n")
    told = corpus.report(corpus.read(tmp_path))
    assert list(told.loc[told["status"] == "skipped", "reason"]) == ["empty; expected the text of an article"]
    written(tmp_path, "binaire.txt", bytes(range(256)) * 9)
    assert refusal(tmp_path) == (
        "2 of 11 files cannot be read, more than 10%; first binaire.txt: binary; expected text; "
        "mend or remove them, or read on without them: unreadable 0.19"
    )
    assert len(corpus.read(tmp_path, unreadable=0.5)) == 9


# Bad input


def test_bad_files_are_refused_by_name(tmp_path):
    whole = zipped(tmp_path / "whole.zip", {"a.txt": os.urandom(5000)}).read_bytes()
    bad = {
        "vide.txt": (b"", "empty; expected the text of an article"),
        "binaire.txt": (os.urandom(5000), "binary; expected text"),
        "image.txt": (b"\x89PNG\r\n", "looks like an image, not like text"),
        "papier.pdf": (b"%PDF-1.7", "looks like a PDF, not like text"),
        "coupe.zip": (whole[:3000], "truncated, or not a zip archive (File is not a zip file)"),
        "sans.csv": (b"a,b\n1,2\n", "no text column among 'a, b'; name it: columns text=NAME"),
        "autre.csv": (b"date^texte\n2018^Un.\n", "no text column among 'date^texte'; name it: columns text=NAME"),
        "inégal.csv": (b"date,texte\n2018,Un, deux.\n", "1 of 1 rows cannot be read; first line 2: 3 fields, expected "
                       "2; quote what holds the delimiter"),
        "ouvert.csv": (b'texte\n"Un.\n', "1 of 1 rows cannot be read; first line 2: unexpected end of data"),
        "lignes.jsonl": (b'{"texte": "Un."}\n{"texte": "De', "1 of 2 rows cannot be read; first line 2: "
                         "Unterminated string starting at: line 1 column 11 (char 10)"),
        "liste.jsonl": (b"[1]\n", "1 of 1 rows cannot be read; first line 1: expected an object"),
        "profond.json": (b"[" * 200_000, None),
        "nombres.json": (b"[1, 2]", "expected a list of objects, one per article"),
        "faux.parquet": (b"PAR1 rien PAR1", None),
        "faux.xlsx": (b"rien", "truncated, or not a zip archive (File is not a zip file)"),
        "faux.docx": (whole, None),
        "vide.html": (b"<html><body></body></html>", "no main text found in this page"),
        "vide.xml": (b"<a/>", "no article in this XML; expected one of <TEI>, <newsItem>, <NewsItem>, <newsitem>, "
                     "<nitf>, <article>, <doc>, <document>, <item>, <record>, <entry>, <text>"),
    }  # fmt: skip
    for name, (content, reason) in bad.items():
        said = refusal(written(tmp_path, name, content))
        assert said == f"{name}: {reason}" if reason else said.startswith(f"{name}: not ")


@pytest.mark.parametrize("name", ["../d.txt", "/tmp/d.txt", "a/../../d.txt", "..\\d.txt", "C:\\d.txt"])
def test_an_archive_that_writes_outside_is_refused(tmp_path, name):
    file = zipped(tmp_path / "a.zip", {"bon.txt": b"Un.", name: b"Deux."})
    assert "would be written outside the folder; refused" in refusal(file)


def test_bombs_are_refused_before_they_are_unpacked(tmp_path):
    zeros = zipped(tmp_path / "bombe.zip", {"a.txt": bytes(100 << 20)})
    bomb = "would unpack to 104,857,600 bytes, more than 100 times its size; refused as a zip bomb"
    assert refusal(zeros) == f"bombe.zip: {bomb}"
    shutil.copy(zeros, tmp_path / "bombe.xlsx")
    shutil.copy(zeros, tmp_path / "bombe.docx")
    assert "refused as a zip bomb" in refusal(tmp_path / "bombe.xlsx")
    assert "refused as a zip bomb" in refusal(tmp_path / "bombe.docx")
    nested = zipped(tmp_path / "nid.zip", {"dedans.zip": zeros.read_bytes()})
    assert refusal(nested) == "dedans.zip: an archive inside an archive; unpack it first"


def test_missing_paths_and_folders_without_text_are_refused(tmp_path):
    assert refusal(tmp_path / "nulle part") == f"{tmp_path}/nulle part: no such file or folder"
    assert refusal(tmp_path).startswith(f"{tmp_path}: no article in it; expected .txt, .md, .csv")
    written(tmp_path, "image.png", b"\x89PNG")
    assert refusal(tmp_path).startswith(f"{tmp_path}: no article in it; expected .txt, .md, .csv")
    (tmp_path / "lien.txt").symlink_to(tmp_path / "rien.txt")
    assert refusal(tmp_path) == "lien.txt: No such file or directory"
    assert refusal(tmp_path / "lien.txt") == "lien.txt: No such file or directory"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that the system refuses to read")
def test_a_file_of_the_system_that_says_to_be_empty_is_refused(tmp_path):
    (tmp_path / "mem.txt").symlink_to("/proc/self/mem")
    assert refusal(tmp_path / "mem.txt") == "mem.txt: empty; expected the text of an article"


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lxml", None)
    expected = "a.xlsx: reading .xml, .docx, .xlsx and Europresse pages needs lxml; pip install 'bulle[formats]'"
    assert refusal(written(tmp_path, "a.xlsx", b"")) == expected


@pytest.mark.slow
def test_a_single_line_of_20_megabytes_is_read(tmp_path):
    text = "La bulle enfle. " * (20 * 2**20 // 16)
    for name, content in (("a.txt", text), ("a.csv", f"texte\n{text}"), ("a.jsonl", json.dumps({"texte": text}))):
        articles = corpus.read(written(tmp_path, name, content))
        assert articles["text"].str.len().tolist() == [len(text)]
    assert bodies.marks(articles).empty


# Families and large corpora


def test_copies_of_one_dispatch_are_one_family():
    draw = np.random.default_rng(7)
    words = np.array([f"mot{n}" for n in range(5000)])
    stories = [list(draw.choice(words, 300)) for _ in range(40)]
    cut = [[*story[:250], "fin"] for story in stories[:10]]
    signed = [["Paris", "(AFP)", "-", *story] for story in stories[:10]]
    texts = [" ".join(story) for story in stories + cut + signed] + ["", "..."]
    articles = pd.DataFrame({"article": [f"a{n}" for n in range(62)], "title": "", "language": "fr", "text": texts})
    expected = [f"a{n}" for n in [*range(40), *range(10), *range(10), 60, 61]]
    assert list(families.families(articles)["family"]) == expected


def test_the_estimate_of_resemblance_is_that_of_the_shingles():
    first = "un deux trois quatre cinq six sept huit neuf dix"
    second = f"zéro {first[:-4]}"
    articles = pd.DataFrame({"article": ["a", "b"], "title": "", "language": "fr", "text": [first, second]})
    rows = families.signatures(articles)
    assert abs((rows[0] == rows[1]).mean() - 5 / 7) < 0.15  # five of six each; 3 standard errors of 128 hashes


def test_batches_hold_the_same_articles(fifty, monkeypatch):
    whole = corpus.read(fifty["a.jsonl"])
    monkeypatch.setattr(corpus, "BATCH", 500)
    parts = list(corpus.batches(fifty["a.jsonl"]))
    assert len(parts) > 5
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole, check_flags=False)
    pd.testing.assert_frame_equal(corpus.report(parts[-1]), corpus.report(whole))


def test_the_preview_shows_the_mapping_and_hides_control_characters(tmp_path):
    file = written(tmp_path, "a.csv", "texte,journal,date\n\x1b[31mUn.,Le \u202eMonde,2018-12-07\n")
    assert corpus.preview(file).splitlines() == [
        "articles    1, 0 the same to the letter as one before",
        "files       1 read",
        f"bytes       {file.stat().st_size}",
        "columns     text=texte, date=date, source=journal",
        "dates       2018-12-07 to 2018-12-07; 0 articles without one",
        "sources     Le ·Monde 1",
        "article     a:1 | 2018-12-07 | Le ·Monde |  | ·[31mUn.",
    ]


def test_a_hostile_path_is_refused_in_one_line(tmp_path):
    assert refusal("") == ": no such file or folder"
    assert "no path" in refusal("x\0y") or "no such file" in refusal("x\0y")
    assert refusal("x" * 5000).startswith("x" * 80)
    (tmp_path / "lien").symlink_to("/etc")
    written(tmp_path, "a\n<b>.txt", "Un.")
    articles = corpus.read(tmp_path)
    assert list(articles["article"]) == ["a\n<b>"]
    assert corpus.report(articles).set_index("file")["reason"]["lien"] == "a link to another folder, not followed"


def test_names_given_many_times_stay_unique_in_linear_time(tmp_path):
    rows = [{"id": name, "texte": f"Texte {at}."} for at, name in enumerate(["a", "a~2", "a"] + ["b"] * 20_000)]
    articles = corpus.read(written(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows))))
    assert articles["article"].is_unique and len(articles) == 20_003


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", ("La bulle inquiète. " * 9).encode("utf-16")[:-1]),
        ("a.csv", ("texte\n" + "La bulle inquiète. " * 9).encode("utf-16")[:-1]),
        ("a.xml", '<?xml version="1.0" encoding="foo"?><doc><texte>L’été</texte></doc>'.encode("cp1252")),
        ("a.xml", '<?xml version="1.0" encoding="utf-16"?><doc><texte>L’été</texte></doc>'.encode("cp1252")),
        ("a.rtf", b"{\\rtf1\\ansi La bulle}"),
    ],
)
def test_bytes_that_cannot_be_decoded_are_refused_alone_and_reported_in_a_folder(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name):
        corpus.read(tmp_path / name)
    for number in range(20):
        (tmp_path / f"z{number}.txt").write_text(f"Un texte {number}.", encoding="utf-8")
    read = corpus.read(tmp_path)
    assert len(read) == 20 and corpus.report(read).set_index("file").status[name] in ("skipped", "ignored")


def test_strays_after_a_mark_of_utf_8_and_what_is_declared_latin_1_are_windows_1252(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + "L’été. ".encode() + "L’été.".encode("cp1252"))
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><doc><texte>L’été.</texte></doc>'
    (tmp_path / "b.xml").write_bytes(text.encode("cp1252"))
    assert list(corpus.read(tmp_path).text) == ["L’été. L’été.", "L’été."]


def test_every_list_of_texts_in_a_json_file_is_read_and_the_others_are_named(tmp_path):
    file = tmp_path / "a.json"
    lists = {"tags": [{"id": 1}], "Le Monde": [{"text": "Un."}], "Le Figaro": [{"text": "Deux."}, {"text": "Trois."}]}
    file.write_text(json.dumps(lists), encoding="utf-8")
    read = corpus.read(file)
    assert list(read.text) == ["Un.", "Deux.", "Trois."] and "list 'tags' left out" in corpus.report(read).notes[0]
    file.write_text(json.dumps({"text": "Un.", "authors": [{"name": "X"}]}), encoding="utf-8")
    assert list(corpus.read(file).text) == ["Un."]


def test_cells_of_another_type_far_down_a_workbook_are_read(tmp_path):
    rows = [{"texte": f"Texte {n}.", "date": date(2024, 1, 1)} for n in range(1100)]
    pd.DataFrame([*rows, {"texte": "Le dernier.", "date": "31 décembre 2024"}]).to_excel(
        tmp_path / "a.xlsx", index=False
    )
    read = corpus.read(tmp_path / "a.xlsx")
    assert len(read) == 1101 and str(read.date.iloc[-1])[:10] == "2024-12-31"


def test_the_lines_that_an_unclosed_quote_swallows_count_one_by_one(tmp_path):
    rows = [f"2018-12-07;Titre {n};Texte {n}" for n in range(100)]
    rows[50] = '2018-12-07;Titre;"La bulle, sans fermer le guillemet'
    (tmp_path / "a.csv").write_text("\n".join(["date;titre;texte", *rows]), encoding="utf-8")
    with pytest.raises(InputError, match=r"50 of 100 rows cannot be read; first line 52: .*not closed by line 101"):
        corpus.read(tmp_path / "a.csv")


def test_comments_empty_tags_and_tags_with_longer_names_are_no_articles(tmp_path):
    text = "<r><!-- <article>Vieux.</article> --><article-title>T</article-title><article id='1'/>"
    (tmp_path / "a.xml").write_text(
        f"{text}<article ><texte>Neuf.</texte></article><article><texte>Coup", encoding="utf-8"
    )
    read = corpus.read(tmp_path / "a.xml")
    assert list(read.text) == ["Neuf."] and "1 x <article> that is not closed" in corpus.report(read).notes[0]


def test_a_pattern_reads_each_file_once(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "a", tmp_path / "a" / "b"):
        (folder / "x.txt").write_text(f"Texte de {folder.name}.", encoding="utf-8")
    assert len(corpus.read(f"{tmp_path}/**")) == 3


@pytest.mark.parametrize("printed", ["1ER MARS 2025", "1-mars-2025", "01-Mar-2025"])
def test_days_as_databases_print_them(printed):
    assert str(days.day(printed)) == "2025-03-01"
