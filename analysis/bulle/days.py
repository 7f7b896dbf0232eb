"""The day that a press date names, in the many ways that tables and pages write it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from itertools import chain

from bulle import LANGUAGES
from bulle.readers import Record
from bulle.readers.tables import folded

DAYS = [re.compile(form) for form in (
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})(?!\d)",
    r"^(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:T?\d{4}(?:\d\d)?Z?)?(?!\d)",
    r"^(?P<d>\d\d)(?P<m>\d\d)(?P<y>(?:19|20)\d\d)$",
    r"(?<!\d)(?P<d>\d{1,2})(?i:er|st|nd|rd|th|[°º])?[\s-]+(?i:(?:of|de)\s+)?(?P<name>[^\W\d_]+)\.?,?[\s-]+"
    r"(?i:del?\s+)?(?P<y>\d{4})(?!\d)",
    r"(?P<name>[^\W\d_]+)\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?"
    r"(?:\s+\d\d:\d\d:\d\d(?:\s+(?:[A-Z]{2,5}|[+-]\d{4}))?)?\s+(?P<y>\d{4})(?!\d)",
)]  # fmt: skip
COUNTED = re.compile(  # days of Excel; seconds since 1970, or thousandths or millionths of them
    r"(?:/Date\()?([2-7]\d{4}|\d{10}(?:\d{3}){0,2})(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?"
)
SHORT = re.compile(
    r"(?:[^\W\d_]{2,}\.?,?\s+)?"
    r"(?P<d>\d{1,2})(?i:er|st|nd|rd|th)?(?:[-/.](?P<m>\d{1,2})[-/.]|[\s-]+(?P<name>[^\W\d_]{3,})\.?[\s-]+)(?P<y>\d{2})"
    r"(?:[\sT]\s*\d{1,2}[:h]\d\d.*)?"
)
WEEKDAY = re.compile(r"(\d{4}-W\d\d-[1-7])(?:T.*)?")  # ISO 8601: the day of a week, the day of a year
YEARDAY = re.compile(r"(\d{4})-(\d{3})(?:T.*)?")
NUMERIC = re.compile(r"\s*(?:[^\W\d_]{2,}\.?,?\s+)?(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d\d)(?!\d)")
NEVER = (1, 9999)  # years of 0001-01-01 and 9999-12-31, which databases write for no date
WAITING = 1000  # rows of a file at most that wait for one whose date tells the order of day and month


@cache
def months() -> dict[str, int]:
    """Month names without accents, in every language of the package (Unicode CLDR)."""
    from babel import Locale

    names = [Locale(code).months["format"][width] for code in LANGUAGES for width in ("wide", "abbreviated")]
    return {folded(name): number for form in names for number, name in form.items()}


@lru_cache(1 << 16)
def day(printed: str, turned: bool = False) -> date | None:
    """The day a press date names; a numeric one is day first unless that is no day, or month first if it is `turned`;
    None when it names none.

    >>> [str(day(form)) for form in ("2018-12-07T21:30:00Z", "9-12-2018", "vendredi 7 décembre 2018", "07/12/2018")]
    ['2018-12-07', '2018-12-09', '2018-12-07', '2018-12-07']
    >>> [str(day(form)) for form in ("December 7th, 2018", "1er janv. 2020", "12/25/2018", "20181207", "hier")]
    ['2018-12-07', '2020-01-01', '2018-12-25', '2018-12-07', 'None']
    """
    if found := COUNTED.fullmatch(printed):
        days = int(found[1]) - 25569 if len(found[1]) == 5 else int(found[1][:10]) // 86400
        return date(1970, 1, 1) + timedelta(days)
    for form in DAYS:
        if found := form.search(printed):
            parts = found.groupdict()
            name = folded(parts.get("name", ""))
            named = {number for known, number in months().items() if len(name) > 2 and known.startswith(name)}
            month = int(parts["m"]) if "m" in parts else named.pop() if len(named) == 1 else 0
            ways = [(month, int(parts["d"])), (int(parts["d"]), month)]
            if turned and "m" in parts and found.start("m") < found.start("y"):
                ways.reverse()
            for m, d in ways:
                with suppress(ValueError):
                    found_day = date(int(parts["y"]), m, d)
                    return found_day if found_day.year not in NEVER else None
    if found := SHORT.fullmatch(printed):  # POSIX: 69 to 99 are of the last century
        start = found.start("y")
        return day(f"{printed[:start]}{'19' if found['y'] > '68' else '20'}{printed[start:]}", turned)
    with suppress(ValueError):
        if found := WEEKDAY.fullmatch(printed):
            return date.fromisoformat(found[1])
        if found := YEARDAY.fullmatch(printed):
            return datetime.strptime(f"{found[1]} {found[2]}", "%Y %j").date()
    return None


def ordered(records: Iterable[Record | str]) -> Iterator[tuple[Record | str, bool]]:
    """Records of a file, each with whether dates that may be read both ways have their month first: that is told by
    the first that can be read one way only."""
    held: list[Record | str] = []
    records = iter(records)
    turned = False
    for record in records:
        held.append(record)
        printed = record.get("date") if isinstance(record, dict) else None
        if printed in (None, "") and len(held) < WAITING:
            continue
        found = order(printed) if isinstance(printed, str) else ""
        turned = found == "month"
        if found != "either" or len(held) >= WAITING:
            break
    yield from ((record, turned) for record in chain(held, records))


def order(printed: str) -> str:
    """What a date in figures begins with: "day", "month", "either"; "" for any other date.

    >>> [order(form) for form in ("07/12/2018", "13/12/2018", "12/13/18", "2018-12-07")]
    ['either', 'day', 'month', '']
    """
    found = NUMERIC.match(printed)
    if not found:
        return ""
    first, second = int(found[1]), int(found[2])
    return "either" if max(first, second) < 13 else "month" if first < 13 else "day" if second < 13 else ""
