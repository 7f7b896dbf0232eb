"""Findings -> a written account in a language, in which every number and quotation is a link to its finding."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, localcontext
from functools import cache

from babel import Locale
from babel.numbers import format_decimal, parse_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bulle import entries, phrases, wording
from bulle.findings import Ledger, anchor
from bulle.floors import SHARES, Refusal
from bulle.timeline import dated

MIME = "application/vnd.bulle.ledger+json"  # the ledger travels in the notebook, beside the prose made from it
SMALL = 0.05  # the p value below which many readers expect a difference to be told (Fisher 1925)
SPELLED = 10  # whole numbers under ten are written as words, as wire desks do (AP Stylebook)
WHITE = re.compile(r"[^\S\u00a0\u202f]+")  # what a line may be broken at: a space that binds stays
BOUND = re.compile(r" *([\u00a0\u202f])\s*")  # one space, where others stand beside one that binds
LONGEST = {"name": 160, "quotation": 800}  # characters of a text's own string that an account shows; the ledger has all
HEAD = ("# ", "% ")  # lines of the head: the title, and what stands above it
TAGS = {"#": "h3", "##": "h3", "%": "p", ">": "blockquote", "-": "li"}  # mark at the head of a line -> element
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # would act, not show


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
    """Write the account of a ledger in a language.

    The sentences stand in `data/<language>/narrative.txt` (Jinja2), one a line; `# ` is the title, `% ` what stands
    above it, `## ` opens a section, `> ` a quotation, `- ` an item, `<strong>` a paragraph. A number comes into a
    sentence only through the ledger, by the functions of `Voice`.
    """
    voice = Voice(ledger, language)
    lines = _template(language).render(ledger=ledger, v=voice).splitlines()
    spaced = (_spaced(line.strip(), language) for line in lines)
    return Account(language, _html(filter(None, spaced)), ledger)


@cache
def _template(language: str):
    environment = Environment(
        loader=PackageLoader("bulle", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{language}/narrative.txt")


def _html(lines: Iterable[str]) -> str:
    """Lines of the filled template as a head, an answer and sections; each sentence is a span of its own."""
    parts: list[list[str]] = [[], []]  # the head, the answer, and a list for each section
    for line in lines:
        if line.startswith("## "):
            parts.append([])
        parts[0 if line.startswith(HEAD) else -1].append(line)
    head, answer, *sections = parts
    whole = [f"<header>{_part(head)}</header>", f'<div class="answer">{_part(answer)}</div>']
    telling = [section for section in sections if section[1:]]  # a heading alone says nothing
    whole += [f"<section>{_part(section)}</section>" for section in telling]
    return '<div class="account mathjax_ignore">\n' + "\n".join(whole) + "\n</div>"


def _part(lines: list[str]) -> str:
    """Some lines as headings, paragraphs, quotations and lists."""
    parts, paragraph = [], []

    def close():
        if paragraph:
            parts.append("<p>" + " ".join(paragraph) + "</p>")
            paragraph.clear()

    for line in lines:
        mark, _, rest = line.partition(" ")
        tag = TAGS.get(mark)
        if tag is None:
            if line.startswith("<strong>"):  # a claim in bold opens a paragraph
                close()
            paragraph.append(f'<span class="s">{_opened(line)}</span>')
            continue
        close()
        inside = rest if tag == "h3" else f'<span class="s">{_opened(rest)}</span>'
        parts.append(f"<{tag}>{inside}</{tag}>")
    close()
    return re.sub(r"((?:<li>.*?</li>\n?)+)", r"<ul>\1</ul>", "\n".join(parts))


def _spaced(line: str, language: str) -> str:
    """The line with the no-break spaces that a language as French sets inside quotation marks and before high signs.

    What the texts and the user wrote keeps its spaces.
    """
    if not phrases(language, "page")["colon"].startswith("\u00a0"):
        return line
    parts = re.split(r"(<bdi>.*?</bdi>|<[^>]*>)", line)
    parts[::2] = [re.sub(r" (?=[:;?!%»])|(?<=«) ", "\u00a0", part) for part in parts[::2]]
    return "".join(parts)


def _opened(sentence: str) -> str:
    """The sentence with its first letter in upper case, unless a quotation or a string of the user's opens it."""
    return re.sub(r"^((?:<(?!bdi)[^>]*>)*)(\w)", lambda found: found[1] + found[2].upper(), sentence)


@dataclass(frozen=True)
class Voice:
    """What the sentences may call: each function turns findings into linked words of one language."""

    ledger: Ledger
    language: str

    def n(self, name: str) -> Markup:
        """The value of a finding in digits."""
        return self._link(name, self.digits(name))

    def number(self, name: str, gender: str = "m") -> Markup:
        """A finding that counts, under ten in words."""
        value = self.ledger[name].value
        return self._link(name, self._spelled(value, gender) or self._digits(value, ""))

    def count(self, name: str, nouns: str, gender: str = "m") -> Markup:
        """A finding that counts, with its noun ("phrase|phrases")."""
        return Markup("{} {}").format(self.number(name, gender), self.agreed(name, nouns))

    def agreed(self, name: str, forms: str) -> str:
        """The form ("was|were") that agrees with the value of a finding."""
        return wording.agreed(self.ledger[name].value, forms, self.language)

    def interval(self, name: str) -> Markup:
        """The interval of a finding, with its level."""
        return self._link(name, self._interval(name, *self.ledger[name].interval))

    def sure(self, name: str) -> Markup:
        """The interval of a finding in parentheses, after a space; nothing where there is none, or one of no width."""
        low, high = self.ledger[name].interval or (0, 0)
        return Markup(" ({})").format(self.interval(name)) if low < high else Markup("")

    def most(self, name: str) -> Markup:
        """A share that is an upper bound, rounded up."""
        return self._link(name, self._digits(math.ceil(1000 * self.ledger[name].value - 1e-9) / 1000, "share"))

    def quote(self, name: str, place: int = 0) -> Markup:
        """The text of one span of a finding, in the quotation marks of the language."""
        return self._link(name, self._quoted(self.ledger[name].spans[place].text, "quotation"), "q")

    def date(self, name: str) -> Markup:
        """A finding that is a date."""
        return self._link(name, wording.day(self.ledger[name].value, self.language))

    def month(self, name: str) -> Markup:
        """The month of a finding that is a date."""
        return self._link(name, wording.day(self.ledger[name].value, self.language, self._measures["date:month"]))

    def name(self, name: str, quoted: bool = False) -> Markup:
        """The value of a finding that is a name or a title, as it is written."""
        value = str(self.ledger[name].value)
        return self._link(name, self._quoted(value, "name") if quoted else self._own(value, "name"))

    def about(self, name: str, quoted: bool = True) -> Markup:
        """The word or the source that a finding is about, as it is written."""
        about = self.ledger[name].about
        return self._link(name, self._quoted(about, "name") if quoted else self._own(about, "name"))

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
        """What a step that was refused is called in the language, with what it is about."""
        kind, about = self.ledger[step].claim if step in self.ledger else (step, "")
        named = self._measures[kind]
        return Markup("{} ({})").format(named, self._own(about, "name")) if about else named

    def digits(self, name: str) -> str:
        """The value of a finding in digits, without a link, to be used within `say`."""
        return self._digits(self.ledger[name].value, self.ledger[name].unit)

    def why(self, name: str) -> Markup:
        """The reason why the verdict of a name ("tone", "source.1") has no direction; nothing where none is known."""
        key = self.ledger[f"{name}.why"].value if f"{name}.why" in self.ledger else ""
        return self._link(f"{name}.why", self._measures[f"why:{key}"]) if key else Markup("")

    @property
    def _measures(self) -> dict[str, str]:
        return phrases(self.language, "measures")

    def _missed(self, refusal: Refusal) -> str:
        """What was found in the place of what was needed; where nothing could be measured, that is said."""
        key = f"{refusal.step}:{refusal.measure}"
        unmeasured = refusal.found != refusal.found
        whole = self._measures.get(f"{key}:none", self._measures["none"]) if unmeasured else self._measures[key]
        singular, _, plural = whole.partition("|")
        one = unmeasured or Locale(self.language).plural_form(refusal.found) == "one"
        words = singular if one or not plural else plural
        found, bound = self._amounts(refusal, "f" if "{found:f}" in words else "m")
        return words.replace("{found:f}", "{found}").format(found=found, bound=bound)

    def _amounts(self, refusal: Refusal, gender: str) -> list[str]:
        """The two amounts of a refusal; counts under ten in words, and no two amounts that differ look the same."""
        values = [value for value in (refusal.found, refusal.bound) if value == value]
        if refusal.measure in SHARES:
            shown = wording.apart("share", self.language, *values)
            shown[-1] = wording.rounded(values[-1], "level", self.language)  # bounds are round
        elif refusal.measure == "half-width" or any(value != int(value) for value in values):
            shown = wording.apart("amount", self.language, *values)
        else:
            masculine, _, feminine = self._measures["zero"].partition("|")
            zero = feminine if gender == "f" and feminine else masculine
            shown = [(self._spelled(value, gender) or self._digits(value, "")) if value else zero for value in values]
        return shown if len(shown) == 2 else ["", *shown]

    def _interval(self, name: str, low: float, high: float) -> str:
        finding = self.ledger[name]
        low, high = wording.apart(finding.unit, self.language, low, high)
        return self._measures["interval"].format(level=self._digits(finding.level, "level"), low=low, high=high)

    def one(self, name: str) -> bool:
        """Whether the language uses the singular for this finding's value."""
        return Locale(self.language).plural_form(abs(self.ledger[name].value)) == "one"

    def _spelled(self, value: float, gender: str) -> str:
        names = entries(self.language, "numerals")
        if value != int(value) or not 1 <= value < SPELLED:
            return ""
        masculine, _, feminine = names[int(value) - 1].partition("|")
        return feminine if gender == "f" and feminine else masculine

    def _digits(self, value: float, unit: str) -> str:
        """A number as the language writes it; one that rounding would make nothing, or all, is said to be near it."""
        shown = wording.rounded(value, unit, self.language)
        if value <= 0 or unit == "tone" or wording.faithful(shown, value, unit):
            return shown
        decimals = len(wording.PATTERNS.get(unit, "").partition(".")[2])
        step = 10.0**-decimals / (100 if unit == "share" else 1)
        key, bound = ("above", 1 - step) if unit == "share" and value > 0.5 else ("below", step)
        return self._measures[key].format(bound=wording.rounded(bound, unit, self.language))

    def _quoted(self, text: str, kind: str) -> Markup:
        """A string of the texts in quotation marks, in the inner ones where it has the outer ones itself."""
        say = phrases(self.language, "page")
        outer, inner = (say[name].split("|") for name in ("quotes", "inner"))
        opening, closing = inner if any(sign.strip() in text for sign in outer) else outer
        return Markup("{}{}{}").format(opening, self._own(text, kind), closing)

    @staticmethod
    def _own(text: str, kind: str) -> Markup:
        """A string of the texts or the user's as it is written, but for what is unseen, or too long."""
        seen = UNSEEN.sub("\ufffd", BOUND.sub(r"\1", WHITE.sub(" ", text)).strip())
        short = seen if len(seen) <= LONGEST[kind] else seen[: LONGEST[kind] - 1].rstrip() + "…"
        return Markup("<bdi>{}</bdi>").format(short or "\ufffd")

    def when(self, name: str) -> Markup:
        """A finding that is a period, with its preposition: "in the week of December 3, 2018"."""
        return self._link(name, self.during(self.ledger[name].value))

    def during(self, period: str) -> str:
        """A period with its preposition."""
        unit, written = dated(period, self.language, "measures")
        return self._measures[f"in:{unit}"].format(date=written)

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
        level = self._digits(finding.level, "level")
        text = self._measures["interval"].format(level=level, low=low, high=self._of_points(unit, high, shown[1]))
        return self._link(name, text)

    def p(self, name: str) -> Markup:
        """A p value as the language writes it: "p = 0.003"."""
        shown = wording.filled("p {p:p}", {"p": self.ledger[name].value}, self.language)
        return self._link(name, shown.replace(" ", "\u00a0"))

    def above(self, name: str, rule: str) -> Markup:
        """A p value that is too great for its rule, with what the rule asks where readers may take it for small."""
        if self.ledger[name].value >= SMALL:
            return self.p(name)
        shown, level = wording.apart("p", self.language, self.ledger[name].value, self.ledger[rule].told["level"])
        p = self._link(name, f"p\u00a0=\u00a0{shown}")
        return Markup(self._measures["p:above"]).format(p=p, level=self._link(rule, level))

    def _points(self, values: list[float], digits: int) -> list[str]:
        """Sizes with one decimal, or with so many that the least that is not nothing shows some digits; a half goes
        up."""
        least = min((abs(value) for value in values if value), default=1.0)
        decimals = digits - 1 - math.floor(math.log10(least)) if least < 0.1 else 1
        pattern = "#,##0." + "0" * min(decimals, 6)
        with localcontext(rounding=ROUND_HALF_UP):
            return [format_decimal(abs(value), format=pattern, locale=self.language) for value in values]

    def _of_points(self, unit: str, written: str, size: str) -> str:
        """A number of points with its noun, which agrees with the size as it is shown."""
        singular, _, plural = self._measures[f"points:{unit}"].partition("|")
        value = parse_decimal(size, locale=self.language)
        return (singular if Locale(self.language).plural_form(value) == "one" else plural).format(number=written)

    @staticmethod
    def _link(name: str, text: str, kind: str = "n") -> Markup:
        return Markup('<a class="{}" href="#{}">{}</a>').format(kind, anchor(name), text)
