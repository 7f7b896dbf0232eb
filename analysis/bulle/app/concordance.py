"""The page of all places of the theme, between the words around them; a script, if one runs, sorts and filters them."""

import re
from pathlib import Path

from bulle import phrases, wording
from bulle.app import articles, site
from bulle.app.places import Held

VOICES = ("reporter", "named", "organisation", "unnamed", "unknown")
CHOICES = 24  # periods to choose from, at most: days, else months, else years
FORMS = {10: "long", 7: "LLLL y", 4: "y"}  # of dates cut so short
LAST = re.compile(r"([^\W_]*)(\W*)$")
FIRST = re.compile(r"^(\W*)([^\W_]*)(.*)$", re.DOTALL)


def page(held: Held, parameters: dict, folder: Path, bar: list[dict]) -> None:
    """Write `concordance.html`, where there is a place to show, as `articles.pages` writes its own."""
    if not held.places:
        return
    language = parameters["narrate"]
    found = {name: {row[name] for row in held.places} - {""} for name in ("source", "voice", "date")}
    voices = [one for one in VOICES if one in found["voice"]]
    about = {"rows": [_row(held, row, language) for row in held.places], "voices": voices}
    about |= {"sources": sorted(found["source"]), "periods": periods(found["date"], language)}
    about["files"] = site.files("concordance", folder, language)
    about |= {"linked": all(row["href"] for row in about["rows"]), "held": held, "pages": bar}
    articles.written(folder, "concordance.html", "concordance.html.j2", language, ("concordance.js",), **about)


def _row(held: Held, row: dict, language: str) -> dict:
    """One place: what stands left of it and right of it is parted at the word that stands nearest."""
    left, right = LAST.search(row["left"]), FIRST.match(row["right"])
    return {
        "href": held.address(row["article"], row["start"]),
        "left": (row["left"][: left.start()], *left.groups()),
        "match": row["match"],
        "right": right.groups(),
        "source": row["source"],
        "date": row["date"],
        "title": row["title"] or row["article"],
        "voice": row["voice"],
        "said": articles.speaker(row, phrases(language, "page")) if row["voice"] else "",
        "language": row["language"],
    }


def periods(days: set[str], language: str) -> list[tuple[str, str]]:
    """The periods that dates fall into, with their names: the finest that are not too many to choose from."""
    cut = {length: {day[:length]: day for day in sorted(days)} for length in FORMS}
    length = next((length for length, found in cut.items() if len(found) <= CHOICES), min(FORMS))
    return [(short, wording.day(day, language, FORMS[length])) for short, day in cut[length].items()]
