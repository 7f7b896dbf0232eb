"""What is told, in the language of `bulle.tell`: numbers, counts with their nouns, sentences of `data/<language>`."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from numbers import Real
from string import Formatter

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from bulle import phrases, rows, telling

SMALL = 0.001  # a probability under it is not written out (APA 2020)
NOUNS = re.compile(r"[a-z]*[^s\W]s\b")  # what is counted has a plural: "sentences with hits", but not "mass"
FIGURES = re.compile(r"[+,]*(\.\d+)?[fg]?")  # how many figures of a number are shown: ,.1f
PATTERNS = {  # of units, as the account and the ledger write them; what stands in neither is counted, or has `number`
    "tone": "+0.00;\N{MINUS SIGN}0.00",
    "mass": "#,##0.#",
    "share": "0.0",
    "level": "0.#",
    "alpha": "0.00",
    "agreement": "0.00",
    "amount": "0.##",
    "times": "0.0",
    "p": "0.000",
}
FINER = 4  # further decimals at most, where numbers that differ would look the same
PIECES = {"why": "; ", "notes": "; ", "aside": ", "}  # columns whose cells hold several things, and what parts them


@cache
def _signs(language: str) -> tuple[str, str]:
    """The sign between thousands and the decimal sign of a language."""
    symbols = Locale(language).number_symbols
    symbols = symbols.get("latn", symbols)
    return symbols["group"], symbols["decimal"]


def written(figures: str, language: str = "") -> str:
    """Figures as Python writes them (1,912.5) in the signs of the language, behind a minus sign that is no hyphen.

    >>> written("1,912.5", "fr"), written("-0.5")
    ('1\\u202f912,5', '−0.5')
    """
    group, decimal = _signs(language or telling())
    return figures.translate({ord(","): group, ord("."): decimal, ord("-"): "\N{MINUS SIGN}"})


def number(value: float, language: str = "") -> str:
    """A number as people write it: three digits that count, thousands whole; "" for one that is missing.

    >>> [number(value) for value in (1912.4, 66.84, 0.2704, 0.25, -0.0, 3.0, -1.52e-9, float("nan"), 16.95, 1.5 * 0.6)]
    ['1,912', '66.8', '0.270', '0.25', '0', '3', '0', '', '17.0', '0.9']
    """
    return "" if math.isnan(value) else written(_figures(value), language)


def _figures(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == int(value) or abs(value) >= 1000:
        return f"{round(value):,}"
    with localcontext(rounding=ROUND_HALF_UP):
        rounded = float(f"{Decimal(f'{value:.12g}'):.3g}")  # of what is written, as the account does: 16.95 is 17.0
    if math.isclose(rounded, value, rel_tol=1e-12):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) >= 1e-6 else "0"
    decimals = min(2 - math.floor(math.log10(abs(rounded))), 6)  # six are enough for any share of a corpus in memory
    shown = f"{rounded:,.{max(decimals, 0)}f}"
    return shown if float(shown.replace(",", "")) else "0"


def rounded(value: float, unit: str, language: str, finer: int = 0) -> str:
    """A number of a unit as the account writes it, with so many further decimals; shares in percent; a half goes up.

    >>> rounded(0.36, "share", "en"), rounded(1, "share", "fr"), rounded(-0.587, "tone", "fr"), rounded(1336, "", "en")
    ('36.0%', '100\\xa0%', '−0,59', '1,336')
    >>> rounded(6 / 96, "share", "en"), rounded(4.25, "mass", "en"), rounded(-0.125, "tone", "en")
    ('6.3%', '4.3', '−0.13')
    >>> rounded(0.6 / 1.6, "tone", "en")  # 0.37499999999999994 is a half, too
    '+0.38'
    """
    value = round(value, 9)
    pattern = "#,##0" if unit == "mass" and value >= 1000 else PATTERNS.get(unit, "#,##0")
    if finer:
        pattern = re.sub(r"\.([0#]+)", lambda decimals: "." + "0" * (len(decimals[1]) + finer), pattern)
    with localcontext(rounding=ROUND_HALF_UP):
        if unit in ("share", "level"):
            pattern = ("0" if value in (0, 1) else pattern) + phrases(language, "page")["percent"]
            return format_percent(value, format=pattern, locale=language)
        shown = format_decimal(value, format=pattern, locale=language)
    return shown if re.search("[1-9]", shown) else shown.lstrip("+-\N{MINUS SIGN}")


def faithful(shown: str, value: float, unit: str) -> bool:
    """Whether what is shown is nothing, or all of a share, only where the value is."""
    whole = unit == "share" and bool(re.match(r"100\D*$", re.sub(r"[.,]0+", "", shown)))
    return bool(re.search("[1-9]", shown)) == (value != 0) and whole == (unit == "share" and value == 1)


def apart(unit: str, language: str, *values: float) -> list[str]:
    """Numbers with as many decimals as it takes to tell them from each other, from nothing, all and (times) once.

    >>> apart("share", "en", 0.3508), apart("share", "fr", 0.99996, 1)
    (['35.1%'], ['99,996\\xa0%', '100\\xa0%'])
    >>> apart("times", "en", 1.046, 4.34), apart("times", "en", 1, 4.34)
    (['1.05', '4.34'], ['1.0', '4.3'])
    """
    for finer in range(FINER + 1):
        shown = [rounded(value, unit, language, finer) for value in values]
        told = len(set(shown)) == len(set(values))
        told &= unit != "times" or rounded(1, unit, language, finer) not in shown or 1 in values  # once is no change
        if told and all(faithful(*pair, unit) for pair in zip(shown, values, strict=True)):
            break
    return shown


def measured(unit: str, language: str, *values: float) -> list[str]:
    """Numbers as a ledger or a table writes them: those of a unit that has a pattern by it, else as `number`.

    >>> measured("share", "en", 0.3508), measured("mass", "en", 14491.0), measured("points", "en", -0.58694)
    (['35.1%'], ['14,491'], ['−0.587'])
    >>> measured("p", "en", 3e-9), measured("p", "fr", 0.00348)
    (['< 0.001'], ['0,003'])
    """
    if unit == "p":
        return [probability(value, language) for value in values]
    return apart(unit, language, *values) if unit in PATTERNS else [number(value, language) for value in values]


@cache
def day(written: str, language: str, form: str = "long") -> str:
    """A day (YYYY-MM-DD, or "") as people write it, in a form of CLDR; French makes the first of a month an ordinal.

    >>> day("2018-12-01", "fr"), day("2018-12-03", "en", "medium")
    ('1er décembre 2018', 'Dec 3, 2018')
    """
    if not written:
        return ""
    shown = format_date(date.fromisoformat(written), form, locale=language)
    return re.sub(r"^1(?= )", phrases(language, "said").get("first", "1"), shown)


def probability(value: float, language: str = "") -> str:
    """A probability as people write it: three decimals, and a small one is only said to be small.

    >>> probability(3e-9), probability(0.15), probability(1.0), probability(float("nan"))
    ('< 0.001', '0.150', '1', '')
    """
    if value < SMALL:
        return f"< {written(str(SMALL), language)}"
    shown = "" if math.isnan(value) else written(f"{value:.3f}", language)
    return "1" if shown[:1] == "1" else shown


def counted(count: float, nouns: str, language: str = "") -> str:
    """A count with what it counts, which is given as `singular|plural`, or in the English plural.

    >>> counted(1, "sentences with hits"), counted(2000, "scored words"), counted(0, "mot|mots", "fr")
    ('1 sentence with hits', '2,000 scored words', '0 mot')
    """
    return f"{number(count, language)} {agreed(count, nouns, language)}"


def agreed(count: object, nouns: str, language: str = "") -> str:
    """What is counted, given as `singular|plural` or in the English plural, as it is said after a count.

    What has no plural stays as it is.

    >>> agreed(1, "words of a title"), agreed(2, "words of a title"), agreed(1, "mass"), agreed(1, "is|are")
    ('word of a title', 'words of a title', 'mass', 'is')
    """
    singular, parted, plural = nouns.partition("|")
    if not parted:
        return NOUNS.sub(lambda noun: noun[0][:-1], nouns, count=1) if count == 1 else nouns
    whole = int(abs(count)) if isinstance(count, Real) and count == int(count) else count
    one = isinstance(whole, Real) and Locale(language or telling()).plural_form(whole) == "one"
    return singular if one else plural


class _Filled(Formatter):
    """Fills in a text of a language: `{n}` a number or a word, `{n:mot|mots}` a count with its noun, `{n:=est|sont}`
    what agrees with a count, `{n:.3g}` figures so rounded, `{n:%}` a share in percent, `{n:p}` a probability behind its
    sign (= 0.032, < 0.001), `{n!v}` a value of a table (see `value`)."""

    def __init__(self, language: str):
        self.language = language

    def convert_field(self, value: object, conversion: str | None) -> object:
        if conversion == "v":
            return value_told(str(value), self.language, "finding")
        return super().convert_field(value, conversion)

    def format_field(self, value: object, spec: str) -> str:
        if isinstance(value, Mapping | list | tuple):
            return clauses(value, self.language)
        if spec.startswith("="):
            return agreed(value, spec[1:], self.language)
        if not isinstance(value, Real):
            return str(value)
        if not spec:
            return number(value, self.language)
        if spec == "%":
            return measured("share", self.language, value)[0]
        if spec == "p":
            shown = probability(value, self.language)
            return shown if shown.startswith("<") else f"= {shown}"
        if FIGURES.fullmatch(spec):
            return written(format(value, spec), self.language)
        return counted(value, spec, self.language)


def filled(text: str, values: Mapping[str, object], language: str = "") -> str:
    """A text of a language with its values filled in; markup where one of them is markup, and then the rest is escaped.

    >>> filled("{n:article|articles} {n:=was|were} read", {"n": 2000})
    '2,000 articles were read'
    """
    if any(isinstance(value, Markup) for value in values.values()):
        safe = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
        return Markup(_Filled(language or telling()).vformat(text, (), safe))
    return _Filled(language or telling()).vformat(text, (), values)


def clauses(parts: Mapping | list, language: str = "") -> str:
    """Words of `data/<language>/clauses.txt`, each by its key `clause` and filled in with the rest, commas between."""
    listed = [parts] if isinstance(parts, Mapping) else parts
    told = phrases(language or telling(), "clauses")
    return ", ".join(one if isinstance(one, str) else filled(told[one["clause"]], one, language) for one in listed)


def pieces(told: Iterable[str], language: str = "") -> str:
    """Several things said one after the other, parted as the language parts them.

    >>> pieces(["a", "b"]), pieces(["a", "b"], "fr")
    ('a; b', 'a\xa0; b')
    """
    return phrases(language or telling(), "said")["pieces"].replace("_", " ").join(told)


def said(key: str, language: str = "", **values: object) -> str:
    """A sentence of `data/<language>/said.txt` by its key, filled in.

    >>> said("shown.none")
    'There is no row to show.'
    """
    return filled(phrases(language or telling(), "said")[key], values, language)


@cache
def _table(language: str) -> tuple[dict[str, str], dict[str, dict[str, str]], dict[str, list[tuple[re.Pattern, str]]]]:
    """Of `data/<language>/tables.csv` the head of each column, and the words for its values, whole or as patterns."""
    heads, values, patterns = {}, {}, {}
    for row in rows(language, "tables"):
        for column in row["column"].split():
            if not row["value"]:
                heads[column] = row["text"]
            elif "{}" in row["value"]:
                whole = "(.*?)".join(map(re.escape, row["value"].split("{}")))
                patterns.setdefault(column, []).append((re.compile(whole, re.S), row["text"]))
            else:
                values.setdefault(column, {})[row["value"]] = row["text"]
    return heads, values, patterns


def head(column: str, language: str = "") -> str:
    """What stands above a column of a table.

    >>> head("per_10k"), head("per_10k", "fr")
    ('per 10,000 words', 'pour 10\\u202f000 mots')
    """
    return _table(language or telling())[0].get(column, column)


def value_told(value: str, language: str, column: str) -> str:
    """A value of ours, of one column, in the words of the language; "finding" is the column of the findings' own.

    >>> value_told("neutral", "fr", "verdict"), value_told('negated by "pas" ×-0.5', "fr", "why")
    ('neutre', 'nié par «\\xa0pas\\xa0» ×−0,5')
    >>> value_told("repeat 1524", "en", "aside")
    'repetition 1,524'
    """
    _, values, patterns = _table(language)
    known = values.get(column, {})
    if column in PIECES and (sign := PIECES[column]) in value:
        told = [value_told(piece, language, column) for piece in value.split(sign)]
        return pieces(told, language) if sign == "; " else sign.join(told)
    if value in known:
        return known[value]
    found = ((pattern.fullmatch(value), text) for pattern, text in patterns.get(column, []))
    return next((text.format(*_parts(match, language, column == "aside")) for match, text in found if match), value)


def _parts(match: re.Match, language: str, counts: bool) -> list[str]:
    """What stands in the places of a pattern, numbers with the signs of the language; in `counts`, of thousands too."""
    parts = [f"{int(part):,}" if counts else part for part in match.groups()]
    return [written(part, language) if counts or re.fullmatch(r"-?[\d.]+", part) else part for part in parts]


def values_told(values: list, column: str) -> list:
    """Values of a column in the words of the language; they are the texts' own, and stay, unless all are ours."""
    _, known, patterns = _table(language := telling())
    ours = {value for value in values if isinstance(value, str) and value}
    if ours and (column in patterns or ours <= known.get(column, {}).keys()):
        return [value_told(value, language, column) if isinstance(value, str) else value for value in values]
    return values
