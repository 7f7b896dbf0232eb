"""What a hostile, damaged or odd file costs: itself, a line in the report, and no time."""

import json
import os
import socket
import stat
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from test_corpus import refusal, written, zipped

from bulle import InputError, corpus
from bulle.__main__ import main
from bulle.readers import files, office, safe

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def reasons(path: Path, **settings) -> dict[str, str]:
    """Reason of each file that was not read, by name."""
    told = corpus.report(corpus.read(path, **settings))
    return dict(told.loc[told["reason"] != "", ["file", "reason"]].values)


def good(folder: Path, count: int = 10) -> None:
    for number in range(count):
        written(folder, f"bon{number}.txt", f"La bulle numéro {number} enfle.")


def alone_and_among_ten(folder: Path, name: str, content: bytes) -> str:
    """Why a file is not read, once it was seen that alone it is refused and among ten good ones costs itself."""
    file = written(folder, name, content)
    said = refusal(file)
    assert said.startswith(f"{name}: ")
    good(folder)
    found = reasons(folder)
    assert set(found) == {name}
    return found[name]


# What is no file


@pytest.fixture
def special(tmp_path):
    """A folder of two articles among everything that is no file of text."""
    good(tmp_path, 2)
    (tmp_path / "dossier.txt").mkdir()
    written(tmp_path, "dossier.txt/dedans.txt", "Un texte dans un dossier.")
    for name in ("tube.txt", "tube.zip", "manifest.csv", "dossier.txt/manifest.csv"):
        os.mkfifo(tmp_path / name)
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(tmp_path / "prise.txt"))
        for name in ("zero", "tty", "null"):
            (tmp_path / f"{name}.txt").symlink_to(f"/dev/{name}")
        (tmp_path / "ici").symlink_to(".")
        (tmp_path / "plus haut").symlink_to("..")
        yield tmp_path


PIPE, DEVICE = "a named pipe, not a file of text", "a device, not a file of text"
FOUND = {"tube.txt": PIPE, "tube.zip": PIPE, "manifest.csv": PIPE, "prise.txt": "a socket, not a file of text",
         "zero.txt": DEVICE, "tty.txt": DEVICE, "null.txt": DEVICE, "dossier.txt/manifest.csv": PIPE,
         "ici": files.LINK, "plus haut": files.LINK}  # fmt: skip


@pytest.mark.parametrize("pattern", ["", "*", "**/*"])
def test_pipes_sockets_devices_and_circles_of_links_are_named_and_passed_over(special, pattern):
    assert reasons(special / pattern) == FOUND
    assert len(corpus.read(special / pattern)) == 3


@pytest.mark.parametrize("name", ["tube.txt", "tube.zip", "manifest.csv", "prise.txt", "zero.txt", "tty.txt"])
def test_a_corpus_that_is_no_file_is_refused_at_once(special, name, capsys):
    assert main(["corpus", str(special / name)]) == 2
    assert capsys.readouterr().err == f"bulle: {name}: {FOUND[name]}\n"


def test_what_is_opened_is_what_was_looked_at(special):
    for name in ("tube.txt", "zero.txt", "dossier.txt"):
        with pytest.raises(InputError, match="not a file of text"):
            safe.opened(special / name)


def test_links_that_lead_nowhere_or_in_a_circle_cost_themselves(tmp_path):
    good(tmp_path, 20)
    (tmp_path / "rien.txt").symlink_to("nulle part")
    (tmp_path / "a.txt").symlink_to("a.txt")
    expected = {"rien.txt": "No such file or directory", "a.txt": "Too many levels of symbolic links"}
    assert reasons(tmp_path) == expected == reasons(tmp_path / "*")


@pytest.mark.skipif(not Path("/proc/self/pagemap").exists(), reason="needs the endless files of Linux")
def test_endless_files_that_say_to_be_empty_are_passed_over(tmp_path):
    good(tmp_path)
    (tmp_path / "pages.txt").symlink_to("/proc/self/pagemap")
    assert reasons(tmp_path) == {"pages.txt": "empty; expected the text of an article"}


def test_a_file_of_holes_is_refused(tmp_path):
    good(tmp_path)
    with (tmp_path / "trous.jsonl").open("w") as file:
        file.write('{"texte": "La bulle."}\n')
        file.truncate(1 << 40)
    assert reasons(tmp_path)["trous.jsonl"].startswith("a file of holes: 1,099,511,627,776 bytes, of which the disk")


@pytest.mark.parametrize(("name", "depth"), [("a", 1100), ("x" * 200, 25)])
def test_folders_of_any_depth_are_walked(tmp_path, monkeypatch, name, depth):
    good(tmp_path, 20)
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        os.mkdir(name)
        os.chdir(name)
    os.close(os.open("fond.txt", os.O_CREAT))
    try:
        assert len(corpus.read(tmp_path, unreadable=1.0)) == 20
        assert len(corpus.read(tmp_path / "**" / "*.txt", unreadable=1.0)) == 20
    finally:
        os.unlink("fond.txt")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir(name)


# Damage


def packed(members: dict[str, str | bytes], change: dict[str, str | bytes | None]) -> dict[str, bytes]:
    """Members of an archive with some changed, or left out."""
    whole = {name: content for name, content in {**members, **change}.items() if content is not None}
    return {name: content if isinstance(content, bytes) else content.encode() for name, content in whole.items()}


LAUGHS = "<!DOCTYPE d [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n + 1} '{f'&l{n};' * 10}'>" for n in range(9))
DOCX = {
    "word/document.xml": f"<w:document {W}><w:body><w:p><w:r><w:t>La bulle.</w:t></w:r></w:p></w:body></w:document>"
}
XLSX = {
    "xl/workbook.xml": f'<workbook {SHEET} xmlns:r="{RELATIONS}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="rId1" Type="{RELATIONS}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'<worksheet {SHEET}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>texte</t>'
    '</is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>La bulle.</t></is></c></row></sheetData></worksheet>',
}
DAMAGED = [
    (DOCX, ".docx", {"word/document.xml": None}),
    (DOCX, ".docx", {"word/document.xml": DOCX["word/document.xml"][:-30]}),
    (DOCX, ".docx", {"word/document.xml": b"\x00\xff"}),
    (DOCX, ".docx", {"word/document.xml": ""}),
    (DOCX, ".docx", {"word/document.xml": f"{LAUGHS}]><d>&l9;</d>"}),
    (DOCX, ".docx", {"word/document.xml": f"<w:document {W}>{'<w:p>' * 100_000}"}),
    (XLSX, ".xlsx", {"xl/workbook.xml": None}),
    (XLSX, ".xlsx", {"xl/workbook.xml": f"<workbook {SHEET}/>"}),
    (XLSX, ".xlsx", {"xl/_rels/workbook.xml.rels": None}),
    (XLSX, ".xlsx", {"xl/worksheets/sheet1.xml": None}),
    (XLSX, ".xlsx", {"xl/worksheets/sheet1.xml": XLSX["xl/worksheets/sheet1.xml"][:200]}),
    (XLSX, ".xlsx", {"xl/worksheets/sheet1.xml": f'<worksheet {SHEET}><sheetData><row><c t="s"><v>7</v></c></row>'}),
    (XLSX, ".xlsx", {"xl/worksheets/sheet1.xml": f'<worksheet {SHEET}><sheetData><row><c r="!"/></row></sheetData>'}),
]


@pytest.mark.parametrize(("members", "ending", "change"), DAMAGED)
def test_a_damaged_office_file_costs_itself(tmp_path, members, ending, change):
    file = zipped(tmp_path / f"a{ending}", packed(members, {}))
    assert list(corpus.read(file)["text"]) == ["La bulle."]
    zipped(file, packed(members, change))
    assert alone_and_among_ten(tmp_path, file.name, file.read_bytes())


@pytest.mark.parametrize(("members", "ending"), [(DOCX, ".docx"), (XLSX, ".xlsx")])
def test_an_office_file_with_a_byte_changed_or_cut_costs_itself(tmp_path, members, ending):
    whole = zipped(tmp_path / f"a{ending}", packed(members, {})).read_bytes()
    at = whole.index(list(members)[-1].encode()) + 80
    assert "damaged" in alone_and_among_ten(tmp_path, f"a{ending}", whole[:at] + b"\xff\xff" + whole[at + 2 :])
    assert "truncated" in alone_and_among_ten(tmp_path, f"a{ending}", whole[: len(whole) // 2])


def test_a_parquet_table_cut_or_changed_costs_itself(tmp_path):
    pl.DataFrame({"texte": ["La bulle enfle."] * 99}).write_parquet(tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    for bad in (whole[:-20], whole[:4] + b"\xff" * 40 + whole[44:], whole[:-60] + b"\xff" * 40 + whole[-20:]):
        assert alone_and_among_ten(tmp_path, "a.parquet", bad)


class PanicException(BaseException):
    """As the libraries written in Rust raise it."""


@pytest.mark.parametrize("error", [PanicException("called `unwrap()` on a None\nvalue"), ValueError("x"), KeyError()])
def test_whatever_fails_in_a_library_costs_the_file(error):
    @safe.fragile("a table")
    def reader():
        yield 1
        raise error

    found = reader()
    assert next(found) == 1
    with pytest.raises(InputError, match="not a table, or damaged"):
        next(found)


def test_an_interruption_is_no_damage():
    @safe.fragile("a table")
    def reader():
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        next(reader())


DEEP = '{"texte":' + "[" * 1000 + '"Un."' + "]" * 1000 + "}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "[" * 100_000),
        ("a.json", '{"a":' * 100_000),
        ("a.json", f"[{DEEP}]"),
        ("a.json", f'[{{"texte": {"[" * 30}"Un."{"]" * 30}}}]'),
        ("a.json", "[1, 2, 3]"),
        ("a.json", '"Un."'),
        ("a.jsonl", "[" * 100_000),
        ("a.jsonl", "1\n2\n3\n"),
        ("a.jsonl", DEEP),
        ("a.jsonl", '{"texte":' + '{"name":' * 100 + "1" + "}" * 101),
        ("a.jsonl", '{"texte": {"x": ' + "[" * 2000 + "]" * 2000 + "}}"),
        ("a.csv", '"texte"x\nUn.\n'),
        ("a.csv", '"texte\nUn.\n'),
        ("a.csv", "date,texte\n2018,Un,deux\n"),
        ("a.csv", "\n\n\n"),
        ("a.html", f"<p>{'<div>' * 1000}La bulle enfle et inquiète."),
        ("a.html", f'<article><b class="DocPublicationName">X</b>{"<div>" * 9000}<i class="DocText">Un.</i></article>'),
        ("a.html", '<b class="DocPublicationName">Le Monde</b>'),
        ("a.xml", f"<doc>{'<div>' * 9000}La bulle.</doc>"),
        ("a.xml", "<doc>La bulle."),
        *[
            ("a.xml", f'<?xml version="1.0" encoding="{codec}"?><doc>La bulle \udce9.</doc>')
            for codec in ("zlib", "rot13", "hex", "idna", "undefined", "utf-16")
        ],
        ("a.zip", "PK\x05\x06" + "\x00" * 18),
    ],
)
def test_a_file_that_no_reader_expects_costs_itself(tmp_path, name, content):
    written(tmp_path, name, content)
    if name == "a.zip":
        assert "no article in it" in refusal(tmp_path / name)
    else:
        assert alone_and_among_ten(tmp_path, name, content.encode("utf-8", "surrogateescape"))


def test_a_row_that_is_too_deep_costs_itself(tmp_path):
    rows = [json.dumps({"texte": f"Texte {n}."}) for n in range(20)]
    articles = corpus.read(written(tmp_path, "a.jsonl", "\n".join([*rows, DEEP])))
    assert len(articles) == 20
    assert corpus.report(articles)["notes"][0].endswith("1 x unreadable")


def test_integers_of_any_length_are_read_as_they_are_written(tmp_path):
    number = "9" * 5000
    for name, content in (("a.jsonl", f'{{"texte": "Un.", "id": {number}}}'), ("a.json", f'[{{"texte": {number}}}]')):
        row = corpus.read(written(tmp_path, name, content)).iloc[0]
        assert number in (row.article, row.text)


def test_columns_of_every_type_are_text(tmp_path):
    pl.DataFrame({
        "texte": pl.Series([["Un.", "Deux."], ["Trois."]]),
        "titre": pl.Series(["a", "b"], dtype=pl.Categorical),
        "id": pl.Series(["1.50", "2"]).cast(pl.Decimal(10, 2)),
        "source": pl.Series([{"name": "Le Monde", "id": 1}, {"name": "AFP", "id": 2}]),
    }).write_parquet(tmp_path / "a.parquet")  # fmt: skip
    assert corpus.read(tmp_path / "a.parquet")[["article", "source", "title", "text"]].values.tolist() == [
        ["1.50", "Le Monde", "a", "Un.\n\nDeux."],
        ["2.00", "AFP", "b", "Trois."],
    ]


def test_halves_of_characters_never_reach_a_name_or_the_report(tmp_path):
    content = '{"texte": "Un.", "id": "\\ud83d", "titre": "\\udc80"}\n{"texte": "Deux.", "titre\\ud83d": 1}'
    articles = corpus.read(written(tmp_path, "a.jsonl", content))
    json.dumps([*articles["article"], *articles["title"], articles.attrs["report"]], ensure_ascii=False).encode()


def test_nul_bytes_in_a_table_stay_in_their_cell(tmp_path):
    text = f"Un{chr(0)}deux. {'Une phrase de plus. ' * 20}"
    assert list(corpus.read(written(tmp_path, "a.csv", f"texte,id\n{text},1\n"))["text"]) == [text]


def test_names_of_any_bytes_are_read_and_shown(tmp_path):
    names = ["é" * 125 + ".txt", "a\nb\x1b[31m.txt", os.fsdecode(b"\xff\xfe.txt"), "-rf.txt", " .txt", "$(x);'\".txt"]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(f"Texte {number}.", encoding="utf-8")
    articles = corpus.read(tmp_path)
    assert len(articles) == len(names)
    "".join(articles["article"]).encode()
    shown = corpus.preview(tmp_path)
    assert "·[31m" in shown and all(line.isprintable() for line in shown.split("\n"))


def test_a_refusal_is_one_line_whatever_the_names(tmp_path):
    assert refusal(written(tmp_path, "a\nb.txt", "")) == "a·b.txt: empty; expected the text of an article"


def test_the_preview_says_all_in_plain_lines_and_how_many_it_leaves_out(tmp_path, capsys):
    good(tmp_path, 30)
    for number in range(25):
        os.mkfifo(tmp_path / f"tube{number:02}.txt")
    for number in range(5):
        written(tmp_path, f"vide{number}.txt", "")
    assert main(["corpus", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("mend or remove them, or read on without them: unreadable 0.12\n")
    assert main(["corpus", str(tmp_path), "--unreadable", "0.2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "files       30 read, 25 ignored, 5 skipped" in lines
    assert "skipped     vide0.txt: empty; expected the text of an article" in lines
    assert "ignored     tube00.txt: a named pipe, not a file of text" in lines
    assert "            and 5 more of this kind" in lines


# Manifests


def test_a_manifest_may_use_any_delimiter_and_its_odd_rows_cost_themselves(tmp_path):
    for name in ("a", "b", "c"):
        written(tmp_path, f"{name}.txt", f"Texte {name}.")
    written(tmp_path, "manifest.csv", "File;outlet;date\na.txt;Le Monde;2018-12-07\nb.txt;AFP\nc.txt;X;2018;Y\n;;\n")
    articles = corpus.read(tmp_path)
    assert list(articles["source"]) == ["Le Monde", "", ""]
    notes = corpus.report(articles).set_index("file")["notes"]["manifest.csv"]
    assert notes.split("; ")[0] == "line 3: 2 fields, expected 3" and notes.endswith("2 x row not read")


def test_a_manifest_that_names_no_possible_file_costs_its_rows(tmp_path):
    good(tmp_path, 1)
    written(tmp_path, "manifest.csv", f"file,outlet\nbon0.txt,AFP\n{'x' * 5000}.txt,AFP\n../../etc/passwd,AFP\n")
    articles = corpus.read(tmp_path)
    assert list(articles["source"]) == ["AFP"]


@pytest.mark.parametrize("content", [b"\x00\x01" * 99, b'"file"x,outlet\na.txt,AFP\n', b"", b'file,outlet\n"a.txt,AFP'])
def test_a_damaged_manifest_costs_itself(tmp_path, content):
    assert alone_and_among_ten(tmp_path, "manifest.csv", content)
    assert "manifest.csv" in str(reasons(tmp_path)) or "manifest" in corpus.preview(tmp_path / "bon0.txt")


def test_a_file_listed_with_a_digest_may_be_empty_or_missing(tmp_path):
    good(tmp_path)
    written(tmp_path, "vide.txt", "")
    written(tmp_path, "manifest.csv", f"file,sha256\nvide.txt,{'0' * 64}\nnulle part.txt,{'0' * 64}\n")
    assert reasons(tmp_path)["vide.txt"] == "empty; expected the text of an article"


# Archives


def test_a_damaged_member_of_an_archive_costs_itself(tmp_path):
    members = {f"bon{n}.txt": os.urandom(99).hex().encode() for n in range(10)}
    file = zipped(tmp_path / "a.zip", {**members, "z.txt": b"La bulle enfle. " * 9})
    whole = bytearray(file.read_bytes())
    whole[whole.index(b"z.txt") + 8] ^= 255
    file.write_bytes(whole)
    assert list(reasons(file)) == ["z.txt"] and "cannot be unpacked" in reasons(file)["z.txt"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_members_that_are_no_files_are_not_followed(tmp_path, kind):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("bon.txt", "La bulle.")
        entry = zipfile.ZipInfo("lien.txt")
        entry.external_attr = (kind | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert list(corpus.read(tmp_path / "a.zip")["article"]) == ["bon"]
    assert list(reasons(tmp_path / "a.zip")) == ["lien.txt"]


def test_members_whose_names_no_file_can_have_cost_themselves(tmp_path):
    members = {f"bon{n}.txt": f"Texte {n}.".encode() for n in range(20)}
    file = zipped(tmp_path / "a.zip", {**members, f"{'x' * 300}.txt": b"Un.", "bon1.txt/a.txt": b"Deux."})
    assert len(corpus.read(file)) == 20 and len(reasons(file)) == 2


# Word


def docx(folder: Path, inner: str, **parts: str) -> str:
    """The text read from a document of this body, with other parts of the same folder."""
    links = "".join(f'<Relationship Id="{name}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>' for name in parts)
    members = {f"word/{name}.xml": f"<w:{name} {W}>{part}</w:{name}>".encode() for name, part in parts.items()}
    members["word/document.xml"] = f"<w:document {W}><w:body>{inner}</w:body></w:document>".encode()
    members["word/_rels/document.xml.rels"] = f"<Relationships>{links}</Relationships>".encode()
    return corpus.read(zipped(folder / "a.docx", members))["text"][0]


def r(text: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def p(*pieces: str) -> str:
    return f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{''.join(pieces)}</w:p>"


def box(text: str) -> str:
    inner = f"<w:txbxContent>{p(r(text))}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{inner}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


FIELD = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
PAGE = f"{FIELD.format('begin')}<w:r><w:instrText>PAGE \\* X</w:instrText></w:r>{FIELD.format('separate')}{r('7')}"
BODIES = [
    ("a tracked insertion", p(r("A "), f"<w:ins w:id='1'>{r('B')}</w:ins>"), "A B"),
    ("a tracked deletion", p(r("A"), "<w:del><w:r><w:delText>B</w:delText></w:r></w:del>", r(" C")), "A C"),
    ("a deletion that keeps plain text", p(r("A"), f"<w:del>{r('B')}</w:del>"), "A"),
    ("text moved here", p(r("A"), f"<w:moveTo>{r(' B')}</w:moveTo>"), "A B"),
    ("text moved away", p(r("A"), f"<w:moveFrom>{r(' B')}</w:moveFrom>"), "A"),
    ("an insertion that was deleted", p(r("A"), f"<w:ins><w:del>{r('B')}</w:del></w:ins>"), "A"),
    ("a content control in a line", p(r("A "), f"<w:sdt><w:sdtContent>{r('B')}</w:sdtContent></w:sdt>"), "A B"),
    ("a control of paragraphs", f"<w:sdt><w:sdtContent>{p(r('A'))}{p(r('B'))}</w:sdtContent></w:sdt>", "A\n\nB"),
    ("a content control in a control", "<w:sdt><w:sdtContent>" * 2 + p(r("A")) + "</w:sdtContent></w:sdt>" * 2, "A"),
    ("the prompt of an empty control", p(r("A")) + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
     + p(r("Cliquez")) + "</w:sdtContent></w:sdt>", "A"),
    ("a smart tag", p(f"<w:smartTag><w:smartTag>{r('Paris')}</w:smartTag></w:smartTag>", r(".")), "Paris."),
    ("custom XML around paragraphs", f"<w:customXml>{p(r('A'))}</w:customXml>", "A"),
    ("a simple field", p(r("p. "), f"<w:fldSimple w:instr='PAGE'>{r('7')}</w:fldSimple>"), "p. 7"),
    ("a complex field", p(r("p. "), PAGE, FIELD.format("end")), "p. 7"),
    ("a link", p(r("Voir "), f"<w:hyperlink><w:ins>{r('ici')}</w:ins></w:hyperlink>", r(".")), "Voir ici."),
    ("a text box, once, after its paragraph", p(r("A "), box("Boîte"), r("B")) + p(r("C")), "A B\n\nBoîte\n\nC"),
    ("a text box for old readers alone", p(r("A"), "<w:r><w:pict><v:textbox><w:txbxContent>" + p(r("B"))
     + "</w:txbxContent></v:textbox></w:pict></w:r>"), "A\n\nB"),
    ("ruby", p("<w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase>"
     "</w:ruby>"), "漢"),
    ("tabs, breaks and hyphens", p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>porte</w:t>"
     "<w:noBreakHyphen/><w:t>parole co</w:t><w:softHyphen/><w:t>mité</w:t></w:r>"), "a\tb\nc\nporte-parole comité"),
    ("a paragraph whose end was deleted", "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + r("Il ") + "</w:p>"
     + p(r("vient.")), "Il vient."),
    ("a table between paragraphs", p(r("A")) + "<w:tbl><w:tr><w:tc>" + p(r("1")) + p(r("2")) + "</w:tc><w:sdt>"
     "<w:sdtContent><w:tc>" + p(f"<w:ins>{r('3')}</w:ins>") + "</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
     + p(r("B")), "A\n\n1\n2\t3\n\nB"),
    ("a table in a table", "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>" + p(r("A")) + "</w:tc></w:tr></w:tbl>" + p()
     + "</w:tc></w:tr></w:tbl>", "A\n"),
    ("a formula", p(r("E ="), "<m:oMath xmlns:m='urn:m'><m:r><m:t> mc²</m:t></m:r></m:oMath>"), "E = mc²"),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "expected"), [body[1:] for body in BODIES], ids=[body[0] for body in BODIES])
def test_a_docx_gives_its_text_with_all_changes_accepted(tmp_path, inner, expected):
    assert docx(tmp_path, inner) == expected


def test_the_notes_of_a_docx_are_text_and_its_comments_and_headers_are_not(tmp_path):
    line = f"<w:footnote w:type='separator'>{p(r('____'))}</w:footnote>"
    text = docx(
        tmp_path,
        p(r("Corps"), "<w:r><w:footnoteReference w:id='1'/></w:r>"),
        footnotes=f"{line}<w:footnote w:id='1'>{p(r('Note'))}</w:footnote>",
        endnotes=f"<w:endnote w:id='1'>{p(r('Fin'))}</w:endnote>",
        comments=f"<w:comment>{p(r('Commentaire'))}</w:comment>",
        header=p(r("En-tête")),
    )
    assert text == "Corps\n\nNote\n\nFin"


def test_the_notes_of_a_docx_need_no_relation(tmp_path):
    note = f"<w:footnotes {W}><w:footnote>{p(r('Note'))}</w:footnote></w:footnotes>"
    file = zipped(tmp_path / "a.docx", packed(DOCX, {"word/footnotes.xml": note}))
    assert list(corpus.read(file)["text"]) == ["La bulle.\n\nNote"]


def test_an_office_file_that_declares_a_document_type_is_refused(tmp_path):
    kinds = "<!DOCTYPE d [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    body = DOCX["word/document.xml"].replace("La bulle.", "La &f; bulle.")
    file = zipped(tmp_path / "a.docx", packed(DOCX, {"word/document.xml": kinds + body}))
    assert refusal(file) == "a.docx: not a .docx document, or damaged (it declares a document type)"
    sheet = "xl/worksheets/sheet1.xml"
    file = zipped(tmp_path / "a.xlsx", packed(XLSX, {sheet: kinds + XLSX[sheet].replace("texte", "&f;texte")}))
    assert refusal(file) == "a.xlsx: not an .xlsx workbook, or damaged (it declares a document type)"


# Excel


def test_a_cell_far_out_costs_one_cell(tmp_path):
    far = XLSX["xl/worksheets/sheet1.xml"].replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    file = zipped(tmp_path / "a.xlsx", packed(XLSX, {"xl/worksheets/sheet1.xml": far}))
    assert list(corpus.read(file)["text"]) == ["La bulle."]


def test_cells_are_text_as_a_reader_sees_it(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(3, 2, ["id", "texte", "date", "titre", "texte"])
        sheet.write_number(4, 2, 12)
        sheet.write_rich_string(4, 3, "La ", book.add_format({"bold": True}), "bulle", " enfle.")
        sheet.write_datetime(4, 4, date(2018, 12, 7))
        sheet.write_formula(4, 5, '="a"&"b"', None, "ab")
        sheet.write_string(4, 6, "autre")
        sheet.write_string(5, 3, "Fin _x0041_ \x01.")
        sheet.write_row(6, 3, ["Deux.", 43441.5, "=1/0"])
        sheet.write_boolean(6, 2, True)
    rows = corpus.read(tmp_path / "a.xlsx")
    assert rows[["article", "title", "text"]].values.tolist() == [
        ["12", "ab", "La bulle enfle."],
        ["a:2", "", "Fin _x0041_ \x01."],
        ["True", "0", "Deux."],
    ]
    assert [str(day)[:10] for day in rows["date"]] == ["2018-12-07", "NaT", "2018-12-07"]


@pytest.mark.parametrize(("form", "is_day"), [("yyyy-mm-dd", True), ("[$-40C]d mmmm yyyy;@", True), ("0.00", False),
                                             ('0 "jours"', False), ("[Red]0", False), ("General", False)])  # fmt: skip
def test_a_number_is_a_date_where_its_format_says_so(form, is_day):
    styles = office.etree.fromstring(
        f'<styleSheet {SHEET}><numFmts><numFmt numFmtId="200"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs>'
        "</styleSheet>"
    )
    styles[0][0].set("formatCode", form)
    assert office.dated(styles) == ({1} if is_day else set())


def test_a_small_file_that_repeats_its_text_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(safe, "UNPACKED", 100_000)
    pl.DataFrame({"texte": ["La bulle enfle."] * 99_000}).write_parquet(tmp_path / "a.parquet")
    assert "refused as a bomb" in refusal(tmp_path / "a.parquet")


# Time


PROSE = "<p>La bulle inquiète les marchés financiers, selon les analystes de Paris.</p>"
EUROPRESSE = '<article><b class="DocPublicationName">Le Monde</b><div class="DocText">{}</div></article>'
ROW = '<row><c t="inlineStr"><is><t>{}</t></is></c></row>'
HEAD = ROW.format("texte")
LINEAR = {
    "articles that are not closed": ("a.xml", 30_000, lambda n: "<article>x" * n),
    "articles closed by another": ("a.xml", 8_000, lambda n: "".join(f"<a{i}:doc>x</b{i}:doc>" for i in range(n))),
    "nested divisions": ("a.xml", 30_000, lambda n: f"<doc>{'<div>' * n}x{'</div>' * n}</doc>"),
    "paragraphs": ("a.xml", 3_000, lambda n: f"<doc>{'<p>x</p>' * n}</doc>"),
    "comments that are not closed": ("a.xml", 30_000, lambda n: f"<doc>{'<!--' * n}</doc>"),
    "CDATA that is not closed": ("a.xml", 30_000, lambda n: f"<doc>{'<![CDATA[' * n}</doc>"),
    "document types that are not closed": ("a.xml", 30_000, lambda n: f"{'<!DOCTYPE [' * n}<doc>x</doc>"),
    "ampersands": ("a.xml", 20_000, lambda n: f"<doc>{'&' * n}</doc>"),
    "quotes of an attribute": ("a.xml", 200_000, lambda n: '<doc a=' + '"' * n + '>x</doc>'),
    "signs of an attribute": ("a.xml", 100_000, lambda n: f'<doc {"= " * n}"x>x</doc>'),
    "spaces of an attribute": ("a.xml", 400_000, lambda n: f"<doc a={' ' * n}b>x</doc>"),
    "tags that are not closed": ("a.xml", 100_000, lambda n: f"<doc>{'<a ' * n}</doc>"),
    "divisions of a page": ("a.html", 400_000, lambda n: f"{PROSE}{'<div>' * n}"),
    "lines of a page": ("a.html", 400, lambda n: f"<article>{PROSE * n}</article>"),
    "divisions of an export": ("b.html", 100_000, lambda n: EUROPRESSE.format("<div>" * n)),
    "paragraphs of an export": ("b.html", 8_000, lambda n: EUROPRESSE.format("<p>x</p>" * n)),
    "articles of an export": ("b.html", 30_000, lambda n: EUROPRESSE.format("x") + "<article>" * n),
    "a quote that is not closed": ("a.csv", 20_000, lambda n: 'texte\n"x\n' + "a\n" * n),
    "columns": ("a.csv", 2_000, lambda n: ",".join(f"c{i}" for i in range(n)) + ",texte\n" + "," * n + "x\n"),
    "letters of a date": ("a.csv", 400_000, lambda n: f"date,texte\n{'a' * n},x\n"),
    "spaces of a header": ("a.txt", 800_000, lambda n: f" date 2018-01-01{' ' * n}"),
    "letters read wrongly": ("a.txt", 10_000, lambda n: "l'Ã©tÃ© " * n),
    "paragraphs of a document": (
        "a.docx",
        2_500,
        lambda n: packed(DOCX, {"word/document.xml": f"<w:document {W}>{p(r('La bulle.')) * n}</w:document>"}),
    ),
    "rows of a workbook": (
        "a.xlsx",
        1_500,
        lambda n: packed(XLSX, {"xl/worksheets/sheet1.xml": f"<a {SHEET}>{HEAD}{ROW.format('Un.') * n}</a>"}),
    ),
    "attributes": ("a.xml", 2_500, lambda n: f"<doc {' '.join(f'a{i}=x' for i in range(n))}>x</doc>"),
    "the name of a column": ("a.csv", 1_000_000, lambda n: f"{'é' * n},texte\n,x\n"),
    "columns of a line": ("a.jsonl", 1_500, lambda n: "\n".join(f'{{"texte":"x","k{i}":1}}' for i in range(n))),
}  # fmt: skip


@pytest.mark.parametrize("case", LINEAR)
def test_twice_the_size_takes_no_more_than_thrice_the_time(case, tmp_path):
    name, count, made = LINEAR[case]
    once, twice = (written_as(tmp_path / str(size), name, made(size)) for size in (count, 2 * count))
    bound = 3 * min(spent(once) for _ in range(3)) + 0.02
    assert any(spent(twice) < bound for _ in range(3))  # the best of three


def written_as(folder: Path, name: str, content: str | dict) -> Path:
    folder.mkdir()
    return zipped(folder / name, content) if isinstance(content, dict) else written(folder, name, content)


def spent(file: Path) -> float:
    """Seconds of the processor that a reading takes."""
    begun = time.process_time()
    with suppress(InputError):
        corpus.read(file)
    return time.process_time() - begun
