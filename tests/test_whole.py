"""Whole tables: what a page shows and what its files hold are the same, and no spreadsheet runs a text."""

import csv
import io
import re

import pandas as pd
import polars as pl
import pytest
from bs4 import BeautifulSoup

from bulle import floors, tables, wording
from bulle.app import folder

MADE = pd.DataFrame(
    {
        "text": ["=1+1", "-5", "\t@x", "a;=b", 'say "x", y\nz', ""],
        "share": [1.5, 1 / 3, float("nan"), 1e-9, 1e22, -0.0],
        "count": pd.array([1, None, 3, 4, 5, 6], "Int64"),
        "known": [True, False] * 3,
        "date": pd.to_datetime(["2025-01-31"] * 5 + [None]),
        "mixed": [1, 0.1, "x", None, True, ""],
    },
    index=[7, 3, 4, 5, 6, 9],
)


def test_a_table_is_written_whole_and_read_again_the_same(tmp_path):
    tables.write(MADE, tmp_path / "tables" / "a")
    read = pl.read_parquet(tmp_path / "tables" / "a.parquet").to_dict(as_series=False)
    assert read["text"] == MADE.text.tolist() and read["known"] == MADE.known.tolist()
    assert read["share"] == [1.5, 1 / 3, None, 1e-9, 1e22, 0.0] and read["count"] == [1, None, 3, 4, 5, 6]
    assert [str(day) for day in read["date"]] == ["2025-01-31"] * 5 + ["None"]
    assert read["mixed"] == ["1", "0.1", "x", None, "True", ""]
    rows, held = tables.head(tmp_path / "tables" / "a.parquet")
    assert (rows, list(held)) == (6, list(MADE.columns))
    named = tables.frame(pd.DataFrame({"n": [1]}, index=pd.Index(["theme"], name="of")))
    assert named.to_dict(as_series=False) == {"of": ["theme"], "n": [1]}


def test_a_sheet_of_a_table_is_rfc_4180_and_no_text_in_it_is_a_formula(tmp_path):
    tables.write(MADE, tmp_path / "tables" / "a")
    told = (tmp_path / "tables" / "a.csv").read_bytes()
    assert told.startswith(b"\xef\xbb\xbftext,share,") and told.count(b"\r\n") == 7 and told.endswith(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"), newline="")))
    assert [row["text"] for row in rows] == ["'=1+1", "-5", "'\t@x", "a;'=b", 'say "x", y\nz', ""]
    assert [float(row["share"]) for row in rows if row["share"]] == [1.5, 1 / 3, 1e-9, 1e22, 0.0]


def test_a_table_too_long_is_cut_and_says_how_long_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST", 4)
    tables.write(MADE, tmp_path / "tables" / "a")
    assert tables.head(tmp_path / "tables" / "a.parquet")[0] == 6
    assert (tmp_path / "tables" / "a.csv").read_bytes().count(b"\r\n") == 5


def test_by_hand_no_file_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    floors.shown(MADE, 2, ["text", "absent"])
    assert list(tmp_path.iterdir()) == []


def cells(page):
    """The rows of each table of a page that has whole files, as texts, by the name of its CSV."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    for line in soup.select(".scroll.table + .whole"):
        rows = line.find_previous("table").select("tbody tr")
        yield (
            line.a["href"],
            line.get_text(),
            [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows],
        )


def written(name, value):
    """How a page may write a value of a column of a file."""
    if isinstance(value, bool):
        return {wording.value_told(str(value), "en", "*")}
    if isinstance(value, int | float):
        return {
            wording.number(value),
            wording.probability(value),
            wording.measured("share", "en", value)[0],
            str(value),
        }
    told = "" if value is None else str(value)
    days = {wording.day(told[:10], "en", "medium")} if name in floors.DAYS else set()
    return {" ".join(told.split()), wording.value_told(told, "en", name)} | days


def test_a_page_shows_what_its_files_hold(built):
    shown = [one for page in built.glob("[1-5]*.html") for one in cells(page)]
    assert len(shown) > 10 and folder.foreign(built) == []
    for href, told, rows in shown:
        whole = pl.read_parquet((built / href).with_suffix(".parquet")).rows(named=True)
        said = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", told)]
        assert said[0] == len(whole) >= len(rows) and said[1:] in ([], [len(whole[0])])
        for row, due in zip(rows, whole, strict=False):
            known = set().union(*(written(name, value) for name, value in due.items()))
            assert [cell for cell in row if " ".join(cell.split()) not in known and not cell.endswith("...")] == [], (
                href
            )
        with (built / href).open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) == len(whole) + 1


def test_the_concordance_and_the_articles_are_files_equal_to_their_pages(built):
    shown = {}
    for page in ("concordance.html", "articles/index.html"):
        soup = BeautifulSoup((built / page).read_text(encoding="utf-8"), "html.parser")
        links = [(built / page).parent.joinpath(link["href"]) for link in soup.select(".whole a")]
        assert len(links) == 2 and all(link.is_file() for link in links)
        shown[page] = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.select("tbody tr")]
    whole = pl.read_parquet(built / "tables" / "concordance.parquet")
    assert [row[:3] for row in shown["concordance.html"]] == [[*row] for row in whole["left", "match", "right"].rows()]
    rows = pl.read_parquet(built / "tables" / "articles.parquet")
    told = [[*row[:2], str(row[2])] for row in rows["title", "source", "places"].rows()]
    assert [[title, source, places] for title, source, _, places in shown["articles/index.html"]] == told
    assert all((built / page).is_file() for page in rows["page"]) and rows["date"].dtype == pl.Date


def test_the_codebook_tells_what_each_column_of_each_file_holds(built):
    files = [one for one in (built / "tables").glob("*.parquet") if one.stem != "codebook"]
    told = pl.read_parquet(built / "tables" / "codebook.parquet")
    due = {(one.stem, column) for one in files for column in pl.read_parquet_schema(one)}
    assert set(told["table", "column"].rows()) == due
    assert told.filter(pl.col("meaning") == "")["table", "column"].rows() == []
    empty = {one.stem for one in files if not len(pl.read_parquet(one))}
    assert set(told.filter(pl.col("kind") == "")["table"]) == empty  # no value has a kind there


@pytest.mark.parametrize("name", ["quotes", "amounts", "actors", "stances", "matches", "scores", "evidence", "voices"])
def test_a_ledger_of_the_study_is_a_file_with_the_columns_of_its_command(name, built):
    import bulle

    study = bulle.study("seeds", "bulle")
    assert pl.read_parquet(built / "tables" / f"{name}.parquet").columns == [*getattr(study, name).columns]
