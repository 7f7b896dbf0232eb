"""Labels by hand: the sheet of theme sentences, what is asked of each, and the answers of those who read them."""

import re
from functools import cache
from io import StringIO
from pathlib import Path

import pandas as pd

from bulle import LANGUAGES, PACKAGE, InputError, passages
from bulle.readers import tables
from bulle.readers.text import contents
from bulle.sentiment import KEYS, SEED, judged

LABELS = {"positif": "positive", "négatif": "negative", "neutre": "neutral", "mixte": "mixed"}
FORMULA = r"[=+\-@\t\r]"  # how what a spreadsheet runs begins
AROUND = 400  # characters shown on each side of a sentence
UNSURE = "unsure"  # the label of one who cannot tell: no label to count with
PLACE = re.compile(r"(\d+) to (\d+)")
NAME = re.compile(r"\w[\w .'’-]{0,39}")


@cache
def tasks(language: str) -> dict[str, tuple[str, pd.DataFrame]]:
    """What can be asked of a sentence: by task its question, and its labels with `label`, `key`, `name`; see
    `data/<language>/labels.csv`.

    >>> tasks("en")["tone"][1].key.tolist()
    ['+', '-', '=', '?']
    """
    rows = pd.read_csv(PACKAGE / "data" / language / "labels.csv", comment="#", keep_default_na=False, dtype=str)
    asked = rows.groupby("task", sort=False)
    return {task: (own.name.iloc[0], own.iloc[1:].reset_index(drop=True)) for task, own in asked}


def meant(task: str, written: str) -> str:
    """The label that stands in a cell, written as `labels` reads it; "" where none does.

    >>> meant("tone", " Négatif"), meant("voice", "?"), meant("tone", "bof")
    ('negative', 'unsure', '')
    """
    return _meant(task).get(written.strip().lower(), "")


@cache
def _meant(task: str) -> dict[str, str]:
    """The label that each word or key of a task means, in any language."""
    found = LABELS | {"mixed": "mixed"} if task == "tone" else {}
    for language in LANGUAGES:
        for row in tasks(language)[task][1].itertuples():
            keyed = {row.key: row.label} if not row.key.isalpha() else {}  # a letter means another label elsewhere
            found |= {row.label: row.label, row.name: row.label} | keyed
    return found


def around(articles: pd.DataFrame, theme: str) -> pd.DataFrame:
    """The sentences that hold a theme, as a sheet shows them: with the characters `before` and `after`, and the places
    of the theme in the sentence (`theme`: "12 to 17, 30 to 36", which no spreadsheet takes for a number)."""
    found, texts = passages.matches(articles, theme), articles.set_index("article").text
    held = judged(passages.around(articles, found, 0))
    own = dict(list(found.groupby("article")))
    rows = []
    for hit in held.itertuples():
        text, places = texts[hit.article], own[hit.article]
        inside = places[(hit.start <= places.start) & (places.start < hit.end)]
        spans = zip(inside.start - hit.start, inside.end.clip(upper=hit.end) - hit.start, strict=True)
        before, after = text[: hit.start], text[hit.end :]
        if len(before) > AROUND:
            before = re.sub(r"^\S*", "…", before[-AROUND:])
        if len(after) > AROUND:
            after = re.sub(r"\S*$", "…", after[:AROUND])
        told = [" ".join(side.split()) for side in (before, after)]
        rows.append([*told, ", ".join(f"{start} to {end}" for start, end in spans)])
    return held.join(pd.DataFrame(rows, held.index, ["before", "after", "theme"]))


def sheet(sentences: pd.DataFrame, size: int = 0, seed: int = SEED) -> pd.DataFrame:
    """Sheet to label by hand: the theme sentences, all or a random sample of `size`, and two empty columns for coders.

    What a spreadsheet would run as a formula begins with an apostrophe.
    """
    held = judged(sentences)
    if 0 < size < len(held):
        held = held.sample(size, random_state=seed).sort_index()
    columns = [name for name in (*KEYS, "before", "after", "theme") if name in held] + ["start", "end", "text"]
    words = [name for name in ("article", "before", "after", "text") if name in held]
    safe = {name: held[name].str.replace(f"^(?='*{FORMULA})", "'", regex=True) for name in words}
    return held.assign(**safe)[columns].assign(coder_1="", coder_2="").reset_index(drop=True)


def own(written: pd.Series) -> pd.Series:
    """Texts of a sheet as they were before an apostrophe kept a spreadsheet from running them."""
    return written.str.replace(f"^'(?='*{FORMULA})", "", regex=True)


def places(row: dict[str, str]) -> list[tuple[int, int]]:
    """Where the theme stands in the sentence of a row; none where the sheet does not say.

    >>> places({"theme": "3 to 8, 10 to 15"})
    [(3, 8), (10, 15)]
    """
    return [(int(start), int(end)) for start, end in PLACE.findall(row.get("theme", ""))]


def table(path: Path) -> pd.DataFrame:
    """A sheet (CSV or XLSX) as it stands, all of it text.

    Raises
    ------
    InputError : no such file, a column is missing or stands there twice, a sentence has no number or stands there
        twice; the file and the row are named.
    """
    try:
        found = _read(path)
    except (OSError, ValueError) as error:
        raise InputError(f"sheet {path}: cannot be read ({' '.join(str(error).split())})") from None
    if missing := {"article", "sentence"} - set(found):
        raise InputError(f"sheet {path}: no column {min(missing)!r}; there are: {', '.join(map(str, found))}")
    number = pd.to_numeric(found.sentence, errors="coerce")
    twice = found.assign(sentence=number).duplicated(["article", "sentence"])
    for row in found.index[(number % 1 != 0) | twice]:
        told = "stands there twice" if twice[row] else "is no number of a sentence"
        raise InputError(f"sheet {path}, row {row + 2}: sentence {found.sentence[row]!r} {told}")
    return found


def sign(path: Path) -> str:
    """The sign between the columns of a sheet that is a CSV file."""
    return tables.delimiter(contents(path, {}).removeprefix("\ufeff").partition("\n")[0])


def _read(path: Path) -> pd.DataFrame:
    """A workbook, or a table with commas, semicolons or tabs as spreadsheets save it."""
    if path.suffix.lower() == ".xlsx":
        sheets = tables.sheets(path)  # it is read as long as this lives
        rows = [*next(sheets)[1]] or [{}]
        found = pd.DataFrame(rows, columns=sorted(rows[0]), dtype=str)
    else:
        text = contents(path, {}).removeprefix("\ufeff")
        found = pd.read_csv(StringIO(text, newline=""), sep=sign(path), dtype=str, keep_default_na=False, header=None)
    found = found.fillna("")
    names = found.iloc[0]
    if (names.duplicated()).any():
        raise ValueError(f"two columns {names[names.duplicated()].iloc[0]!r}")
    return found.iloc[1:].set_axis(names.tolist(), axis=1).reset_index(drop=True)


def readers(found: pd.DataFrame, task: str) -> list[str]:
    """Columns of a sheet that hold the labels of a task, one for each who read it: `coder_1` and `coder_2`, which are
    of tone, and those that `bulle label` made (`tone:Anne`)."""
    first = ["coder_1", "coder_2"] if task == "tone" else []
    return [name for name in found if name in first or str(name).startswith(f"{task}:")]


def labels(path: str, task: str = "tone") -> pd.DataFrame:
    """A labelled sheet: `article`, `sentence`, `text`, and of each reader the labels of a task ("" for none, and for
    one who could not tell).

    Raises
    ------
    InputError : as `table`, or a label is none of the task; the file and the row are named.
    """
    found = table(Path(path))
    names = readers(found, task)
    made = pd.DataFrame({"article": own(found.article), "sentence": pd.to_numeric(found.sentence).astype(int)})
    made["text"] = own(found.text) if "text" in found else ""
    for name in names:
        given = found[name].str.strip().str.lower()
        for row in found.index[~given.isin([*_meant(task), ""])]:
            expected = ", ".join(dict.fromkeys(_meant(task).values()))
            raise InputError(f"sheet {path}, row {row + 2}: {name} is {found[name][row]!r}; expected {expected}")
        made[name] = given.replace(_meant(task))
    return made
