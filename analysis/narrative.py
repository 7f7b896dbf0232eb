"""Findings -> a written account in English or French, in which every number and quotation is a link to its finding."""

import json
import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis import entries, phrases
from analysis.findings import Ledger, anchor
from analysis.floors import Refusal
from analysis.timeline import opening

MIME = "application/vnd.bulle.ledger+json"  # the ledger travels in the notebook, beside the prose made from it
SPELLED = 10  # whole numbers under ten are written as words, as wire desks do (AP Stylebook)
PATTERNS = {  # of units; other numbers are whole
    "tone": "+0.00;\N{MINUS SIGN}0.00",
    "mass": "#,##0.#",
    "points a month": "+0.0#;\N{MINUS SIGN}0.0#",
}
SHARES = {"coverage", "largest share of one sentence"}  # measures of floors.csv that are shares
QUOTES = {"en": ("“", "”"), "fr": ("«\u00a0", "\u00a0»")}


@dataclass(frozen=True)
class Account:
    """A written account: its language, its HTML, and the ledger that it was written from.

    A notebook shows it as HTML (or as plain text) and carries the ledger beside it.
    """

    language: str
    html: str
    ledger: Ledger

    @property
    def text(self) -> str:
        """The account without its links, one sentence a line."""
        lines = re.sub(r"</(?:h3|p|blockquote|li)>|(?<=</span>)", "\n", self.html)
        plain = Markup(re.sub(r"<[^>]+>", "", lines)).unescape()
        return re.sub(r"\s*\n\s*", "\n", plain).strip()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {"text/html": self.html, "text/plain": self.text, MIME: json.loads(self.ledger.json())}


def carried(notebook: dict) -> dict[str, object] | None:
    """The output of an executed notebook that carries an account and, under `MIME`, its ledger; None without one."""
    outputs = (out.get("data", {}) for cell in notebook["cells"] for out in cell.get("outputs", []))
    return next((shown for shown in outputs if MIME in shown), None)


def account(ledger: Ledger, language: str = "en") -> Account:
    """Write the account of a ledger in English ("en") or French ("fr").

    The sentences stand in `data/<language>/narrative.txt` (Jinja2), one a line; `## ` opens a section, `> ` a
    quotation, `- ` an item. A number comes into a sentence only through the ledger, by the functions of `Voice`.
    """
    voice = Voice(ledger, language)
    lines = _template(language).render(ledger=ledger, v=voice).splitlines()
    return Account(language, _html(filter(None, map(str.strip, lines))), ledger)


@cache
def _template(language: str):
    environment = Environment(
        loader=PackageLoader("analysis", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{language}/narrative.txt")


def _html(lines) -> str:
    """Lines of the filled template as sections of paragraphs; each sentence is a span of its own."""
    parts, paragraph = [], []

    def close():
        if paragraph:
            parts.append("<p>" + " ".join(paragraph) + "</p>")
            paragraph.clear()

    for line in lines:
        mark, _, rest = line.partition(" ")
        tag = {"##": "h3", ">": "blockquote", "-": "li"}.get(mark)
        if tag is None:
            paragraph.append(f'<span class="s">{_opened(line)}</span>')
            continue
        close()
        inside = rest if tag == "h3" else f'<span class="s">{_opened(rest)}</span>'
        parts.append(f"<{tag}>{inside}</{tag}>")
    close()
    joined = re.sub(r"((?:<li>.*?</li>\n?)+)", r"<ul>\1</ul>", "\n".join(parts))
    return f'<div class="account mathjax_ignore">\n{joined}\n</div>'


def _opened(sentence: str) -> str:
    """The sentence with its first letter in upper case, unless a quotation opens it."""
    return re.sub(r"^((?:<[^>]*>)*)(\w)", lambda found: found[1] + found[2].upper(), sentence)


@dataclass(frozen=True)
class Voice:
    """What the sentences may call: each function turns findings into linked words of one language."""

    ledger: Ledger
    language: str

    def n(self, name: str) -> Markup:
        """The value of a finding in digits."""
        return self._link(name, self._digits(self.ledger[name].value, self.ledger[name].unit))

    def count(self, name: str, nouns: str, gender: str = "m") -> Markup:
        """A finding that counts, with its noun ("phrase|phrases"); under ten in words."""
        value = self.ledger[name].value
        singular, _, plural = nouns.partition("|")
        number = self._spelled(value, gender) or self._digits(value, "")
        return Markup("{} {}").format(self._link(name, number), singular if self.one(name) else plural)

    def interval(self, name: str) -> Markup:
        """The interval of a finding, with its level."""
        finding = self.ledger[name]
        low, high = (self._digits(bound, finding.unit) for bound in finding.interval)
        level = self._digits(finding.level, "share")
        return self._link(name, self._measures["interval"].format(level=level, low=low, high=high))

    def quote(self, name: str, place: int = 0) -> Markup:
        """The text of one span of a finding, in the quotation marks of the language."""
        opening, closing = QUOTES[self.language]
        text = " ".join(self.ledger[name].spans[place].text.split())
        return self._link(name, f"{opening}{text}{closing}", "q")

    def words(self, name: str) -> Markup:
        """The spans of a finding, each once, quoted."""
        opening, closing = QUOTES[self.language]
        texts = dict.fromkeys(" ".join(span.text.split()) for span in self.ledger[name].spans)
        return Markup(", ").join(self._link(name, f"{opening}{text}{closing}", "q") for text in texts)

    def date(self, name: str) -> Markup:
        """A finding that is a date."""
        value = date.fromisoformat(self.ledger[name].value)
        written = format_date(value, format="long", locale=self.language)
        return self._link(name, re.sub(r"^1 ", "1er ", written))  # French writes the first of a month as an ordinal

    def name(self, name: str, quoted: bool = False) -> Markup:
        """The value of a finding that is a name or a title."""
        opening, closing = QUOTES[self.language] if quoted else ("", "")
        return self._link(name, opening + " ".join(str(self.ledger[name].value).split()) + closing)

    def verdict(self, name: str, labels: dict[str, str], leaning: str) -> Markup:
        """A verdict in the words of the language, with the side it leans to when it is mixed."""
        label, _, side = self.ledger[name].value.partition(", leaning ")
        return self._link(name, labels[label] + (f", {leaning} {labels[side]}" if side else ""))

    def say(self, name: str, text: str) -> Markup:
        """Words of our own that rest on a finding."""
        return self._link(name, text)

    def refusals(self, name: str) -> list[Markup]:
        """The floors that a finding missed: what was found, what is needed."""
        return [self._link(name, self._missed(refusal)) for refusal in self.ledger[name].refusals]

    def measure(self, step: str) -> str:
        """What a step that was refused is called in the language."""
        return self._measures[step]

    def digits(self, name: str) -> str:
        """The value of a finding in digits, without a link, to be used within `say`."""
        return self._digits(self.ledger[name].value, self.ledger[name].unit)

    @property
    def _measures(self) -> dict[str, str]:
        return phrases(self.language, "measures")

    def _missed(self, refusal: Refusal) -> str:
        singular, _, plural = self._measures[f"{refusal.step}:{refusal.measure}"].partition("|")
        one = refusal.found == refusal.found and Locale(self.language).plural_form(refusal.found) == "one"
        words = singular if one or not plural else plural
        found, bound = (self._amount(value, refusal.measure, words) for value in (refusal.found, refusal.bound))
        return words.replace("{found:f}", "{found}").format(found=found, bound=bound)

    def _amount(self, value: float, measure: str, words: str) -> str:
        if value != value:
            return {"en": "nothing", "fr": "rien"}[self.language]
        if measure in SHARES:
            return self._digits(value, "share")
        if value != int(value) or measure == "half-width":
            return format_decimal(value, format="0.##", locale=self.language)
        return self._spelled(value, "f" if "{found:f}" in words else "m") or self._digits(value, "")

    def one(self, name: str) -> bool:
        """Whether the language uses the singular for this finding's value."""
        return Locale(self.language).plural_form(self.ledger[name].value) == "one"

    def _spelled(self, value: float, gender: str) -> str:
        names = entries(self.language, "numerals")
        if value != int(value) or not 1 <= value < SPELLED:
            return ""
        masculine, _, feminine = names[int(value) - 1].partition("|")
        return feminine if gender == "f" and feminine else masculine

    def _digits(self, value: float, unit: str) -> str:
        if unit == "share":
            pattern = {"en": "0.#%", "fr": "0.#\u00a0%"}[self.language]
            return format_percent(value, format=pattern, locale=self.language)
        return format_decimal(value, format=PATTERNS.get(unit, "#,##0"), locale=self.language)

    def when(self, name: str) -> Markup:
        """A finding that is a period, with its preposition: "in the week of December 3, 2018"."""
        unit, first = opening(self.ledger[name].value)
        written = format_date(first, self._measures[f"date:{unit}"], locale=self.language)
        return self._link(name, self._measures[f"in:{unit}"].format(date=re.sub(r"^1 ", "1er ", written)))

    def points(self, name: str, unit: str) -> Markup:
        """The size of a change from one period to the next, without its sign: "8.0 points a week"."""
        (size,) = self._points([self.ledger[name].value], 2)
        return self._link(name, self._of_points(unit, size, size))

    def between(self, name: str, unit: str) -> Markup:
        """The interval of such a change; of one that rises or falls surely, without its sign, small bound first."""
        finding = self.ledger[name]
        low, high = sorted(map(abs, finding.interval)) if math.prod(finding.interval) > 0 else finding.interval
        shown = self._points([low, high], 1)
        signs = ["+" if low < 0 < bound else "\N{MINUS SIGN}" if bound < 0 else "" for bound in (low, high)]
        low, high = (sign * bool(re.search("[1-9]", size)) + size for sign, size in zip(signs, shown, strict=True))
        level = self._digits(finding.level, "share")
        text = self._measures["interval"].format(level=level, low=low, high=self._of_points(unit, high, shown[1]))
        return self._link(name, text)

    def p(self, name: str) -> Markup:
        """A p value as the language writes it: "p = .003"."""
        value = self.ledger[name].value
        sign, shown = ("<", "0.001") if value < 0.001 else ("=", f"{value:.3f}")
        shown = "1" if shown == "1.000" else shown
        shown = shown.removeprefix("0") if self.language == "en" else shown.replace(".", ",")
        return self._link(name, f"p\u00a0{sign}\u00a0{shown}")

    def _points(self, values: list[float], digits: int) -> list[str]:
        """Sizes with one decimal, or with so many that the least that is not nothing shows some digits."""
        least = min((abs(value) for value in values if value), default=1.0)
        decimals = digits - 1 - math.floor(math.log10(least)) if least < 0.1 else 1
        pattern = "#,##0." + "0" * min(decimals, 6)
        return [format_decimal(abs(value), format=pattern, locale=self.language) for value in values]

    def _of_points(self, unit: str, written: str, size: str) -> str:
        """A number of points with its noun, which agrees with the size as it is shown."""
        singular, _, plural = self._measures[f"points:{unit}"].partition("|")
        value = Decimal(re.sub(r"[^\d.]", "", size.replace(",", "." if self.language == "fr" else "")))
        return (singular if Locale(self.language).plural_form(value) == "one" else plural).format(number=written)

    @staticmethod
    def _link(name: str, text: str, kind: str = "n") -> Markup:
        return Markup('<a class="{}" href="#{}">{}</a>').format(kind, anchor(name), text)
