"""The page of `bulle label`: it serves one reader, keeps every answer, and gives nothing to anybody else."""

import http.client
import os
from urllib.parse import urlsplit

import pandas as pd
import pytest

import bulle
from bulle import InputError, labels
from bulle.__main__ import main
from bulle.app import desk, label

TEXT = "La bulle inquiète.\n=1+1 la bulle rassure.\nUne bulle, dit-il."
HOSTILE = "La bulle <script>hacked=1</script><img src=x onerror=hacked=1> inquiète."


@pytest.fixture
def sheet(tmp_path):
    articles = bulle.study(text=TEXT).holding
    rows = labels.sheet(labels.around(articles, "bulle"))
    rows.assign(text=[HOSTILE, *rows.text[1:]]).to_csv(tmp_path / "s.csv", index=False)
    return tmp_path / "s.csv"


@pytest.fixture
def page(sheet):
    made = label.served(sheet, "tone", "Anne", "fr")
    yield made
    made.shutdown()


def asked(page, place="", form=None, **changed):
    """Status, headers and text of what comes back."""
    parts = urlsplit(page.address)
    line = http.client.HTTPConnection(parts.netloc, timeout=10)
    headers = {"Host": parts.netloc} | ({} if form is None else {"Origin": page.origin}) | changed
    line.request("GET" if form is None else "POST", parts.path + place, body=form, headers=headers)
    got = line.getresponse()
    return got.status, got.headers, got.read().decode()


def test_an_answer_is_in_the_sheet_before_the_next_sentence_is_shown(page, sheet):
    assert asked(page)[1]["Location"].endswith("/1")
    status, headers, _ = asked(page, "1", "label=negative")
    assert status == 303 and headers["Location"].endswith("/2")
    assert pd.read_csv(sheet, keep_default_na=False)["tone:Anne"].tolist() == ["negative", "", ""]
    assert 'value="negative" data-key="-" aria-pressed="true"' in asked(page, "1")[2]
    assert asked(page, "1", "label=")[1]["Location"].endswith("/1")
    for number in "123":
        _, headers, _ = asked(page, number, "label=unsure")
    assert headers["Location"].endswith("/end") and labels.labels(str(sheet))["tone:Anne"].tolist() == ["unsure"] * 3


def test_a_sentence_is_shown_as_text_with_its_theme_marked_and_what_the_page_may_do(page):
    _, headers, body = asked(page, "1")
    assert "La <mark>bulle</mark> &lt;script&gt;hacked=1" in body and body.count("<script") == 1
    assert "=1+1 la <mark>bulle</mark>" in asked(page, "2")[2]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and headers["Cache-Control"] == "no-store"
    assert 'lang="fr"' in body and "Dans quel ton" in body


@pytest.mark.parametrize(
    ("place", "form", "changed", "status"),
    [
        ("1", None, {"Host": "evil.example"}, 404),
        ("../x/1", None, {}, 404),
        ("9", None, {}, 404),
        ("../../etc/passwd", None, {}, 404),
        ("1", "label=negative", {"Origin": "http://evil.example"}, 403),
        ("1", "label=negative", {"Origin": "null"}, 403),
        ("1", "label=good", {}, 404),
        ("1", "label=" + "x" * 2000, {}, 403),
        ("1", "label=negative", {"Content-Length": "-1"}, 403),
    ],
)
def test_nobody_else_gets_or_changes_anything(page, sheet, place, form, changed, status):
    before = sheet.read_bytes()
    got, headers, body = asked(page, place, form, **changed)
    assert got == status and "bulle" not in body and "Access-Control-Allow-Origin" not in headers
    assert sheet.read_bytes() == before


def test_a_page_asked_for_again_takes_the_place_of_the_first_and_one_that_is_ended_lets_the_sheet_go(page, sheet):
    again = label.served(sheet, "voice", "Anne", "en")
    assert again.address in again._repr_html_() and "In whose words" in asked(again, "1")[2]
    assert asked(again, "end", "")[0] == 200
    label._served[sheet][1].join(5)
    desk.Desk(sheet, "tone").close()


def test_a_wrong_secret_gets_nothing(page):
    page.secret, own = "x" * 32, page.secret
    assert page.secret != own
    assert asked(page, "1")[0] == 404


def test_two_read_the_same_sheet_without_seeing_each_other(sheet):
    for name, given in (("Anne", "positive"), ("Paul", "negative"), ("ANNE", "neutral")):
        with desk.Desk(sheet, "tone", name) as own:
            assert own.given(0) == ("positive" if name == "ANNE" else "")
            own.put(0, given)
            assert "Paul" not in label.page(own, "sentence", "en", 1)[0] or name == "Paul"
    found = labels.labels(str(sheet))
    assert found.loc[0, ["tone:Anne", "tone:Paul"]].tolist() == ["neutral", "negative"]


def test_voice_and_stance_are_asked_of_the_first_place_of_the_theme():
    row = {"text": "Une bulle, une autre bulle.", "theme": "4 to 9, 21 to 26"}
    assert label.parts(row, "voice") == [("Une ", False), ("bulle", True), (", une autre bulle.", False)]
    assert [marked for _, marked in label.parts(row, "tone")].count(True) == 2


def test_another_process_on_the_sheet_is_refused_in_one_line(sheet, capfd):
    with desk.Desk(sheet, "tone", "Anne") as own:
        own.put(0, "positive")  # the file is another one now
        assert main(["label", str(sheet), "--print", "--as", "Paul"]) == 2
    error = capfd.readouterr().err
    assert "another process" in error and error.count("\n") == 1


def test_what_another_program_wrote_meanwhile_is_not_written_over(sheet):
    with desk.Desk(sheet, "tone", "Anne") as own:
        sheet.write_text("mine", encoding="utf-8")
        with pytest.raises(InputError, match="changed by another program"):
            own.put(0, "positive")
    assert sheet.read_text(encoding="utf-8") == "mine" and len(list(sheet.parent.iterdir())) == 1


def test_what_ends_in_mid_write_leaves_every_answer_before(sheet, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with desk.Desk(sheet, "tone", "Anne") as own:
        own.put(0, "positive")
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(os, "replace", killed)
            own.put(1, "negative")
    assert len(list(sheet.parent.iterdir())) == 2
    with desk.Desk(sheet, "tone", "Anne") as own:
        assert [own.given(row) for row in range(3)] == ["positive", "", ""]
    assert list(sheet.parent.iterdir()) == [sheet]


@pytest.mark.parametrize(("sign", "codec"), [(";", "cp1252"), ("\t", "utf-16"), (",", "utf-8-sig")])
def test_a_sheet_that_a_spreadsheet_saved_keeps_all_its_cells(sheet, sign, codec):
    rows = pd.read_csv(sheet, dtype=str, keep_default_na=False).assign(note='a;"b"\r\nc,\td', coder_1="négatif")
    rows.to_csv(sheet, sep=sign, encoding=codec, index=False)
    with desk.Desk(sheet, "tone", "Zoé") as own:
        own.put(1, "positive")
    found = labels.table(sheet)
    assert found["tone:Zoé"].tolist() == ["", "positive", ""]
    assert found.drop(columns="tone:Zoé").to_numpy().tolist() == rows.to_numpy().tolist()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("article,sentence\na,0\n", "A", "no sentences in it"),
        ("article,sentence,text,theme\na,0,La bulle,3 to 99\n", "A", "row 2: the text was changed"),
        ("article,sentence,text,tone:A\na,0,La bulle,bof\n", "A", "row 2: tone:A is 'bof'"),
        ("article,sentence,text\na,0,La bulle\n", "=A1", "expected up to 40 letters"),
        ("article,sentence,text\na,\0,\xff\n", "A", "sheet"),
    ],
)
def test_a_hostile_sheet_is_refused_in_one_line_and_left_alone(tmp_path, capfd, content, name, told):
    file = tmp_path / "s.csv"
    file.write_bytes(content.encode("latin-1"))
    assert main(["label", str(file), "--print", f"--as={name}"]) == 2
    error = capfd.readouterr().err
    assert told in error and error.count("\n") == 1 and file.read_bytes() == content.encode("latin-1")


def test_no_sheet_is_made_for_a_name_that_cannot_be(tmp_path, capfd):
    (tmp_path / "a.txt").write_text("La bulle enfle.", encoding="utf-8")
    assert main(["label", str(tmp_path / "a.txt"), "bulle", "--as=a,b", "-o", str(tmp_path / "s.csv")]) == 2
    assert "expected up to 40 letters" in capfd.readouterr().err and not (tmp_path / "s.csv").exists()


@pytest.mark.browser
def test_keys_label_without_a_mouse(page, sheet, watched):
    view = watched(page.address, 390, own=r"(http://127\.0\.0\.1:\d+/|data:)")
    for key, after in (("+", "/2"), ("?", "/3"), ("Backspace", "/2")):
        view.keyboard.press(key)
        view.wait_for_url(f"**{after}")
    view.keyboard.press("u")
    view.wait_for_selector(".labels:not(:has([aria-pressed=true]))")
    for key, after in (("=", "/3"), ("-", "/end")):
        view.keyboard.press(key)
        view.wait_for_url(f"**{after}")
    assert view.evaluate("typeof window.hacked") == "undefined"
    assert view.evaluate("document.documentElement.scrollWidth") <= 390
    assert labels.labels(str(sheet))["tone:Anne"].tolist() == ["positive", "neutral", "negative"]
