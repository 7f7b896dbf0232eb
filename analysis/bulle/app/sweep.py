"""A sweep as a folder: its page, the table of specifications, the figures, and the ledgers that they rest on."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from markupsafe import Markup, escape

from bulle import (
    LANGUAGES,
    WRITTEN,
    InputError,
    curves,
    passages,
    phrases,
    runs,
    studies,
    sweeps,
    tables,
    tell,
    telling,
    typed,
    wording,
)
from bulle.app import again, check, folder, run, site
from bulle.figures import Picture

READING = {"corpus": "seeds", "language": "fr", "columns": "", "unreadable": 0.1, "sample": studies.MOST}
OWN = {"term": "", "narrate": WRITTEN}  # parameters that are no decisions
RECORD, KIND = "parameters.json", runs.SWEEP
NUMBER = re.compile(r"[+−]?\d(?:[\d.,\u202f]*\d)?(?:\u00a0?%)?")


def asked(pairs: list[list[str]], table: str = "", every: bool = False) -> tuple[dict, dict[str, list]]:
    """The parameters and the values of each decision, from a command line: names with their values, of a decision as
    often as it has values; `table` is a TOML file of more, `every` takes the usual values of those that are not given.

    Raises
    ------
    InputError : a name or a value that there is not, or nothing to compare.
    """
    usual = {**READING, **OWN, **{name: values[0] for name, values in sweeps.VALUES.items()}}
    settings, given = READING | OWN, dict(sweeps.read(table)) if table else {}
    own: dict[str, list] = {}
    for name, text in pairs:
        if name not in usual:
            raise InputError(f"unknown parameter {name!r}; there are: {', '.join(sorted(usual))}")
        own.setdefault(name, []).append(run.Parameter(name, type(usual[name]), usual[name], "").value(text))
    for name in own.keys() & settings.keys():
        if len(own[name]) > 1:
            raise InputError(
                f"parameter {name!r} is no decision and has one value; there are: {', '.join(sweeps.VALUES)}"
            )
        settings[name] = own.pop(name)[0]
    values = sweeps.decisions({"theme": ["bulle"]} | given | own, every)
    for theme in values["theme"]:
        passages.pattern(theme, settings["language"] if settings["language"] in LANGUAGES else LANGUAGES[0])
    if all(len(one) == 1 for one in values.values()):
        raise InputError("nothing varies; give --all, a table of values, or a decision more than one value")
    return settings, values


def made(settings: dict, values: Mapping[str, list], output: Path, day: str = "") -> Path:
    """Make a sweep into a folder, which takes the place of a sweep or a run as it was written; returns its page."""
    tell(settings["narrate"])
    given = {name: settings[name] for name in READING if name != "corpus"}
    with folder.replaced(output) as beside:
        study = studies.study(
            settings["corpus"], values["theme"][0], lexicon=values["lexicon"][0], period=values["period"][0], **given
        )
        table, ledgers = sweeps.swept(study, values, settings["term"])
        record = {"parameters": {"theme": values["theme"][0], **settings}, KIND: dict(values)}
        record |= {"versions": check.versions(), "date": day or date.today().isoformat()}
        (beside / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        tables.write(table, beside / "tables" / "specifications")
        tables.write(curves.variance(table), beside / "tables" / "decisions")
        for name, content in ledgers.items():
            (beside / "tables" / f"{name}.parquet").write_bytes(content)
        _page(study, table, record, beside)
    return output / "index.html"


def _page(study: studies.Study, table: pd.DataFrame, record: dict, beside: Path) -> None:
    """Write the page and its figures."""
    language = record["parameters"]["narrate"]
    say = phrases(language, "page") | phrases(language, KIND)
    title = wording.filled(say["title"], {"theme": curves.choice("theme", study.theme)})
    parts = [_part(rows, table, say) for _, rows in table.groupby("outcome", sort=False)]
    for part in parts:
        if isinstance(part["figure"], Picture):
            (beside / "figures").mkdir(exist_ok=True)
            (beside / "figures" / f"{part['name']}.svg").write_text(part["figure"].svg, encoding="utf-8")
    read = {"articles": len(study.articles), "holding": study.read.found, "specifications": len(table)}
    bar = [{"href": "index.html", "label": say["page:sweep"]}]
    about = {"title": title, "kicker": wording.filled(say["kicker"], read), "parts": parts, "pages": bar}
    about |= {"page": bar[0], "root": "", "say": say, "language": language, "command": command(record)}
    about |= {"date": wording.day(record["date"], language), "version": record["versions"]["bulle"]}
    about |= site.framed(site.code("base.css", "site.css"), "theme.js", "tables.js")
    html = site.environment().get_template("sweep.html.j2").render(about)
    (beside / "index.html").write_bytes(html.encode("utf-8", "replace"))


def _part(rows: pd.DataFrame, table: pd.DataFrame, say: dict[str, str]) -> dict:
    """What the page says of one outcome."""
    name, owed = rows.outcome.iloc[0], sweeps.shares(rows)
    rows.attrs = table.attrs
    figure = curves.curve(table, name)
    decisions = [one for one in sweeps.OUTCOMES[name] if rows[one].nunique(dropna=False) > 1]
    return {
        "name": name,
        "heading": curves.heading(name, table),
        "told": [linked(line, f"#{name}-rows") for line in curves.told(rows)],
        "figure": figure if isinstance(figure, Picture) else None,
        "owed": [_owed(row, say) for row in owed[owed.inert.notna()].itertuples()],
        "part": bool(len(owed) > 1 and (rows.state != "shown").any() and owed.share.notna().any()),
        "reasons": curves.reasons(rows),
        "rows": [_row(row, decisions, say) for _, row in rows.iterrows()],
    }


def _owed(row: tuple, say: dict[str, str]) -> dict:
    share = "" if pd.isna(row.share) else wording.rounded(row.share, "share", telling())
    effect = "" if pd.isna(row.inert) else say["inert.yes" if row.inert else "inert.no"]
    return {"decision": curves.choice(row.decision), "values": row.values, "share": share, "effect": effect}


def _row(row: pd.Series, decisions: list[str], say: dict[str, str]) -> dict:
    """A specification as its row says it."""
    low, high = (curves.written(row[name], row.outcome) for name in ("low", "high"))
    choices = [curves.choice(name, row[name]) for name in decisions]
    if row.default:
        choices.append(say["default.mark"])
    kinds = [(name, *name.rpartition("-")[::2]) for name in filter(None, row.ledger.split(", "))]
    return {
        "told": curves.written(row.estimate, row.outcome) or say[f"state:{row.state}"],
        "interval": f"{low} {say['to']} {high}" if low else "",
        "choices": " · ".join(choices),
        "n": wording.number(row.n) if row.n else "",
        "reason": row.reason,
        "ledgers": [(name, f"{say[f'ledger:{kind}']}\u00a0{number}") for name, kind, number in kinds],
    }


def linked(line: str, href: str) -> Markup:
    """A sentence of ours whose numbers lead to what they rest on.

    >>> linked("2 of 3", "#a")
    Markup('<a class="n" href="#a">2</a> of <a class="n" href="#a">3</a>')
    """
    return Markup(
        NUMBER.sub(lambda found: f'<a class="n" href="{href}">{found[0]}</a>', str(escape(line)).replace("&#39;", "’"))
    )


def command(record: dict) -> str:
    """The command that makes a sweep again."""
    parameters, usual = record["parameters"], READING | OWN
    pairs = [(name, parameters[name]) for name in usual if parameters[name] != usual[name]]
    own = {name: values for name, values in record[KIND].items() if values != list(sweeps.VALUES[name])}
    pairs += [(name, value) for name, values in own.items() for value in values]
    return f"bulle sweep --all {site.parameters(pairs)}"


def checked(place: Path, path: str = "") -> tuple[list[str], list[str]]:
    """What is wrong with a sweep, one line a file (none when it is true), and lines that say what was checked: it is
    made again from its texts, in a passing folder, and every byte compared.

    Raises
    ------
    InputError : the record cannot be read, or the texts are not found.
    """
    try:
        record = check.loaded(place / RECORD, runs.RECORDED)
        settings = {name: record["parameters"][name] for name in READING | OWN}
        for name, usual in (READING | OWN).items():
            typed(type(usual), **{name: settings[name]})
        values, day = sweeps.decisions({**record[KIND]}), date.fromisoformat(record["date"]).isoformat()
    except (LookupError, TypeError, ValueError, OSError) as error:
        raise InputError(f"{RECORD}: {check.shown(error, 200)}; the sweep cannot be made again") from None
    moved = {"corpus": settings["corpus"]}
    with TemporaryDirectory(prefix="bulle-check-", ignore_cleanup_errors=True) as spare, again.moved(moved, path):
        whole = Path(spare, "sweep")
        made(settings, values, whole, day)
        found = check.problems(place, whole)
        if found:
            return found, []
        return [], [f"true: {len(check.files(whole))} files, each the same byte for byte, made again from its texts"]
