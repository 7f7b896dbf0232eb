"""Two runs side by side: which claims appeared, vanished, changed sign or moved, and what differs between the runs."""

from pathlib import Path

import pandas as pd

from bulle import findings, progress
from bulle.app import check

SHOWN = 5  # texts that differ which a terminal shows; a page shows all
NUMBERLESS = "name label match date rule reason source period".split()  # units of findings that are no numbers


def claims(before: findings.Ledger, after: findings.Ledger) -> pd.DataFrame:
    """Findings that differ between two ledgers; those are compared that claim the same of the same word, source or
    sentence, whatever their numbers.

    Returns
    -------
    DataFrame, one row per finding that differs: `claim`, `about` (what it is claimed of), `change` (appeared, vanished,
    changed sign, moved, reworded, lost its ground, found its ground), `before`, `after`, `by` (difference of the
    values, missing where there is none).
    """
    sides = [{finding.claim: finding for finding in ledger.findings.values()} for ledger in (before, after)]
    rows = []
    for claim in dict.fromkeys([*sides[0], *sides[1]]):
        pair = [side.get(claim) for side in sides]
        if change := _change(*pair):
            values = [None if one is None else one.outcome if one.value is None else one.value for one in pair]
            numeric = all(isinstance(value, int | float) for value in values)
            rows.append((*claim, change, *values, values[1] - values[0] if numeric else float("nan")))
    return pd.DataFrame(rows, columns=["claim", "about", "change", "before", "after", "by"])


def _change(one: findings.Finding | None, other: findings.Finding | None) -> str:
    """What became of a finding; "" when nothing did."""
    if one is None or other is None:
        return "appeared" if one is None else "vanished"
    if one.outcome != other.outcome:
        return "lost its ground" if other.value is None else "found its ground"
    if one.value == other.value:
        return ""
    if one.unit in NUMBERLESS:
        return "reworded"
    return "changed sign" if one.value * other.value < 0 else "moved"


def causes(before: findings.Ledger, after: findings.Ledger) -> pd.DataFrame:
    """Parameters, package versions and texts that differ: `what`, `name`, `before`, `after`."""
    pairs = {
        "parameter": (before.parameters, after.parameters),
        "version": (before.versions, after.versions),
        "text": tuple({text["article"]: text["sha256"][:12] for text in ledger.texts} for ledger in (before, after)),
    }
    rows = [
        (what, name, one.get(name, "absent"), other.get(name, "absent"))
        for what, (one, other) in pairs.items()
        for name in dict.fromkeys([*one, *other])
        if one.get(name, "absent") != other.get(name, "absent")
    ]
    return pd.DataFrame(rows, columns=["what", "name", "before", "after"])


def ledgers(*folders: Path) -> list[findings.Ledger]:
    """The ledgers of some runs; `InputError` names a folder that holds none."""
    return [findings.loaded(check.recorded(folder)) for folder in progress.over(folders, len(folders), "ledgers")]


def told(causes: pd.DataFrame, claims: pd.DataFrame) -> str:
    """The two tables as text for a terminal; of many texts that differ the first, and how many there are."""
    texts = causes.index[causes.what == "text"]
    more = f", of {len(texts):,} texts the first {SHOWN} (-o PAGE shows all)" if len(texts) > SHOWN else ""
    shown = causes.drop(texts[SHOWN:])
    parts = [(f"What differs between the runs{more}", shown), ("What became of the claims", claims)]
    tables = [(title, readable(table).to_string(index=False) if len(table) else "nothing") for title, table in parts]
    return "\n\n".join(f"{title}\n{table}" for title, table in tables)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its values as short text, and nothing where there is no value."""
    return table.map(lambda value: "" if pd.isna(value) else f"{value:.4g}" if isinstance(value, float) else str(value))
