"""Whole tables as files beside a page: every row and column, no number rounded; CSV for a spreadsheet, and Parquet."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from bulle import phrases, telling

if TYPE_CHECKING:
    import nbformat

START = "BULLE_TABLES"  # how the paths of the tables of a notebook begin, while a run executes it; by hand none is kept
MOST = 1_000_000  # rows of a table that are kept: what a spreadsheet opens has 1,048,576
FIGURE = "application/x-bulle-figure+json"  # an output that is a figure, with its data (see `figures`)
KINDS = {".csv": "CSV", ".parquet": "Parquet"}
ROWS = "rows"  # in the metadata of a Parquet file: how many there were
# A spreadsheet takes what begins with = + - @ for a formula, and some take what follows a semicolon for another cell:
# such a text gets an apostrophe, as in `templates/tables.js`; a plain number needs none.
FORMULA = r"^\s*[=+\-@\x{ff0b}\x{ff0d}\x{ff1d}\x{ff20}]"
NUMBER = r"(?i)^[+-]?(\d[\d ,]*)?(\.\d+|\d)(e[+-]?\d+)?( ?%)?$"
INNER = r';(["\s]*[=+\-@])'


@contextmanager
def keeping(start: Path) -> Iterator[None]:
    """Meanwhile, the tables that a notebook shows are kept in files whose paths begin so."""
    os.environ[START] = str(start)
    try:
        yield
    finally:
        del os.environ[START]


def kept(made: pd.DataFrame, name: str = "") -> None:
    """Write a table whole, as files with a name, or the number of the cell that shows it; by hand, do nothing."""
    if START in os.environ:
        from IPython import get_ipython

        start, run = Path(os.environ[START]), get_ipython().history_manager.input_hist_raw  # "", and each cell run
        write(made, start.with_name(name or f"{start.name}-{len(run) - 1}"))


def named(notebook: "nbformat.NotebookNode", start: Path) -> None:
    """Call the files of the tables of an executed notebook by the ids of its cells, no more by their numbers, and write
    those of its figures: the data as a table, and the drawing in the folder `figures` beside."""
    for cell in notebook.cells:
        own = start.with_name(f"{start.name}-{cell.id}")
        for kind in KINDS:
            numbered = start.with_name(f"{start.name}-{cell.get('execution_count')}{kind}")
            if numbered.exists():
                numbered.rename(f"{own}{kind}")
        for data in [output.data for output in cell.get("outputs", []) if FIGURE in output.get("data", {})]:
            write(pd.DataFrame(data[FIGURE]["data"]), own)
            if drawing := data.get("image/svg+xml"):
                folder = start.parents[1] / "figures"
                folder.mkdir(exist_ok=True)
                (folder / f"{own.name}.svg").write_text(drawing, encoding="utf-8")


def ledgers(**made: pd.DataFrame) -> pd.DataFrame:
    """Keep tables under their names.

    Returns
    -------
    DataFrame, one row per table: `file`, its name, `rows`, how many it has, and `one`, what a row of it is.
    """
    for name, table in made.items():
        kept(table, name)
    what = phrases(telling(), "ledgers")
    return pd.DataFrame(
        [{"file": f"{name}.csv", "rows": len(table), "one": what[name]} for name, table in made.items()]
    )


def titled(made: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """A table with the `title` (of one without, its name), `source` and `date` of the article of each row, where it has
    no column of that name yet."""
    about = articles.set_index("article")[["title", "source", "date"]]
    about = about.assign(
        title=about.title.where(about.title != "", about.index), date=about.date.dt.strftime("%Y-%m-%d")
    )
    return made.join(about[[name for name in about if name not in made]], on="article")


def write(made: pd.DataFrame, place: Path) -> None:
    """Write a table as the two files that a path begins; the same table gives the same bytes."""
    place.parent.mkdir(exist_ok=True)
    table = frame(made[:MOST])
    table.write_parquet(f"{place}.parquet", metadata={ROWS: str(len(made))})
    texts = [_guarded(name) for name, kind in table.schema.items() if kind == pl.String]
    table.with_columns(texts).write_csv(f"{place}.csv", include_bom=True, line_terminator="\r\n")


def codebook(folder: Path, language: str) -> None:
    """Write the table `codebook` of what the files in a folder hold: `table` (its file), `column`, `kind` (of its
    values; "" where it has none) and `meaning`, with the unit, in a language (see `data/<language>/codebook.txt`)."""
    told, found = phrases(language, "codebook"), []
    for place in sorted(folder.glob("*.parquet")):
        rows, held = head(place)
        for column, kind in held.items():
            keys = [*(f"{part}.{column}" for part in place.stem.split("-")), column]
            meaning = next((told[key] for key in keys if key in told), "")
            of = told[f"kind:{kind.base_type()}"] if rows else ""
            found.append({"table": place.stem, "column": column, "kind": of, "meaning": meaning})
    if found:
        write(pd.DataFrame(found), folder / "codebook")


def head(place: Path) -> tuple[int, dict[str, pl.DataType]]:
    """How many rows a table had that is kept in a Parquet file, and the columns it has, each with its kind."""
    with open(place, "rb") as file:  # a path might be taken for a pattern
        rows = int(pl.read_parquet_metadata(file)[ROWS])
        file.seek(0)
        return rows, pl.read_parquet_schema(file)


def values(place: Path, column: str, most: int) -> list:
    """The first values of a column of a table that is kept in a Parquet file."""
    with open(place, "rb") as file:
        return pl.read_parquet(file, columns=[column], n_rows=most)[column].to_list()


def frame(made: pd.DataFrame) -> pl.DataFrame:
    """A table with what names its rows as columns, its days as dates; what is missing is null."""
    counted = pd.api.types.is_integer_dtype(made.index)
    table = made.reset_index(drop=counted)
    return pl.DataFrame([_column(str(name), table[name]) for name in table])


def _column(name: str, values: pd.Series) -> pl.Series:
    if name == "date":
        values = pd.to_datetime(values.where(values != ""))
    plain = [None if missing else value for value, missing in zip(values.tolist(), values.isna(), strict=True)]
    if pd.api.types.is_datetime64_any_dtype(values):
        days = bool((values.dropna() == values.dropna().dt.normalize()).all())
        return pl.Series(name, plain, pl.Datetime("us")).cast(pl.Date if days else pl.Datetime("us"))
    for known, kind in (("bool", pl.Boolean), ("integer", pl.Int64), ("float", pl.Float64)):
        if getattr(pd.api.types, f"is_{known}_dtype")(values):
            return pl.Series(name, plain, kind)
    return pl.Series(name, [None if one is None else str(one) for one in plain], pl.String)


def _guarded(name: str) -> pl.Expr:
    text = pl.col(name)
    risky = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
    return pl.when(risky).then("'" + text).otherwise(text).str.replace_all(INNER, ";'$1").alias(name)
