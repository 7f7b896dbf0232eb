"""Text -> the amounts it names: money, percentages, points, multiples, counts, durations, measures, with their places.

One expression finds a number, what multiplies it and its unit; what it counts and how it is said is read around it.
"""

import csv
import re
from bisect import bisect_right
from functools import cache
from math import inf, isnan, nan, prod
from types import SimpleNamespace

import pandas as pd

from bulle import PACKAGE, corpus, entries, progress, words

COLUMNS = "article start end text kind low high value order unit approx move cue cue_start of".split()
FORMS = {"start": int, "end": int, "cue_start": "Int64"} | dict.fromkeys(["low", "high", "value", "order"], float)
REACH = 80  # characters before an amount in which the words are looked for that qualify it
NEAR = 600  # characters from one large number to the next, which may have the same unit
HYPHENS = "\u2010\u2011"  # of which the second does not break
OVER = re.compile(r"(?<=\d)\+(?=\s[^\W\d])")  # 500+ clients
AROUND = 100  # characters around a number, more than any expression reaches: nothing is looked for elsewhere
ONES = ("money", "percent", "points")  # kinds of which one alone is an amount
GREAT = 1e6  # from here on, a number without a unit may be money
QUANTITY = r"""(?x) (?<!\w)(?=[\d×x%(first)s])(?:(?<!-)|(?=[^\s\w]|\d))
  (?P<by>(?:%(by)s)\s+|(?<!\d\s)[×x]\s?(?=\d))? (?P<sign>(?=[^\d\s]{1,4}\s?\d)(?:%(sign)s)\s?(?=\d))?  # divisé par; $
  (?: (?<!\w[.,:])(?!0\d)(?P<digits>(?> (?!0)\d{1,3}(?P<part>%(thousands)s)\d{3}(?:(?P=part)\d{3})*+(?!\d)
      (?:%(point)s\d++)? | \d++(?:%(decimal)s\d++)?+ )) | (?P<times>%(times)s)(?!\w)  # 1.000 or 3,5; doublé
    | (?P<word>(?:%(number)s)(?!\w)(?:(?:%(gap)s{1,3}|-)(?:(?:%(and)s)[\s-])?(?:%(number)s)(?!\w)){0,9}+
      (?:%(plus)s(?=\s+(?:%(size)s)))?) | (?P<many>(?:%(half)s)?(?:%(size)s)(?P<plural>s)?)(?!\w) )
  (?P<size> (?:(?:%(gap)s{0,3}|-)(?:%(of)s)?(?:%(half)s)?(?:%(size)s)s?(?!\w)){1,3}+
    | \s?[kmg](?=\s?(?:[€$£]|eur|usd)) | (?(sign)\s?(?:bn?|m|tn?|k)(?!\w)|(?!)) )?+ (?P<half>%(plus)s(?!\w))?
  (?: (?:%(gap)s{0,3}|-(?=\w)|%(gap)s{1,3}(?:%(of)s)) (?P<unit>%(unit)s) (?:(?P<cents>(?<=\d[€$])\d\d(?!\d))
      | (?!\w|['’]\w|(?<=x)(?:[-\x01]|\s?\d))) (?P<more>%(plus)s(?!\w))?
      | (?!\w|[.,:/]\d)(?(size)|(?(sign)|(?!-))) | (?=[-–]\s?[$€£\d]) )"""


@cache
def _facts(language: str) -> SimpleNamespace | None:
    """The lists of a language: its forms by table, and the expressions made of them; None where it has none."""
    paths = [PACKAGE / "data" / part / "amounts.csv" for part in ("", language)]
    if not paths[1].is_file():
        return None
    rows = [row for path in paths for row in csv.DictReader(path.read_text("utf-8").splitlines())]
    forms: dict[str, dict[str, dict]] = {}
    for row in rows:
        forms.setdefault(row["table"], {}).update(dict.fromkeys(row["forms"].lower().split("|"), row))
    forms["sign"] = {form: row for form, row in forms["unit"].items() if row["kind"] == "money"} | forms.get("sign", {})
    patterns = {row["value"]: row["forms"] for row in rows if row["table"] == "pattern"} | {"quantity": QUANTITY}
    letters = [form for row in rows for form in row["forms"].split("|") if len(form) == 1]
    written = dict(patterns)
    for name, own in forms.items():
        signs = [f"(?-i:{re.escape(form)})" for form in letters if form.lower() in own]
        either = filter(None, [words.either([form for form in own if len(form) > 1]), *signs])
        written[name] = "|".join(either).replace(r"\ ", r"\s+").replace("'", "['’]")
    known = [*forms["short"].items(), *forms["size"].items(), *forms["times"].items(), *forms["number"].items()]
    written["first"] = re.escape("".join({form[0] for form, _ in known} | {form[0] for form in forms["sign"]}))
    for name in ("rise", "fall", "cue", "figure", "phrase"):  # expressions
        written[name] = "|".join(row["forms"] for row in rows if row["table"] == name) % written
    facts = {name: re.compile(form % written, re.IGNORECASE) for name, form in patterns.items()}
    facts["number"] = _number(known, forms["unit"], patterns["plus"].removeprefix(r"\s+"))
    stop = {*forms["stop"], *entries(language, "function_words")} - {*forms["adjective"]}
    return SimpleNamespace(forms=forms, worth={form: float(row["value"]) for form, row in known}, stop=stop, **facts)


def _number(known: list[tuple], units: dict[str, dict], plus: str) -> re.Pattern:
    """What stands in every amount, in small letters: a digit, a number but one, one of a unit that one is told of, and
    a half; and in addresses, which hide the numbers in them."""
    ones, counts = ([form for form, row in known if (float(row["value"]) != 1) is more] for more in (False, True))
    told = [form for form, row in units.items() if row["kind"] in ONES]
    ones, counts, told = map(words.either, (ones, counts, told))
    return re.compile(rf"\d+|://|@|\b(?:(?:{counts})s?\b|(?:{ones})\s+(?:{told})|www\.|{plus})")


def _worth(text: str, facts: SimpleNamespace) -> float:
    """What number words make: `deux cents` 200, `dizaines de milliers` 10 000; no number where they make none."""
    found = [word if word in facts.worth else word.rstrip("s") for word in re.findall(r"[^\W\d_]+", text.lower())]
    factor = prod(facts.worth.get(word, 1) for word in found if word not in facts.forms["number"])
    total, part, last = 0.0, 0.0, inf
    for value in (facts.worth[word] for word in found if word in facts.forms["number"]):
        if value in (100, 1000):
            part = max(part, 1) * value
            total, part = (total + part, 0.0) if value == 1000 else (total, part)
        elif value == 20 and last == 4:
            part += 76  # quatre-vingt
        elif value < last and (last >= 20 or (last == 10 and value > 6)):
            part += value
        else:
            return nan
        last = value
    return (total + part if last < inf else 1.0) * factor


def _read(found: re.Match, cuts: list[int], plain: str, facts: SimpleNamespace) -> dict | None:
    """What a match says by itself: a row of `amounts`, with its clause and other parts that are needed further on."""
    start, many, sized = found.start(), found["many"] or "", (found["size"] or "").strip()
    clause, size = cuts[bisect_right(cuts, start) - 1], _worth(f"{many} {sized}", facts)
    left, word = max(clause, start - REACH), found["times"] or found["word"] or ""
    row = {"start": start, "end": found.end(), "kind": "", "unit": "", "each": 1.0, "approx": "", "clause": clause}
    row |= {"left": left, "head": plain[left:start], "size": size, "word": word}
    row |= {"digits": found["digits"], "sign": found["sign"]}
    vague = (many or word.lower() in facts.forms["size"]) and (found["plural"] or facts.some.search(row["head"]))
    value = _worth(facts.plus.sub("", word), facts)
    if isnan(value) or (many and not (vague or facts.article.search(row["head"]) or facts.half.match(many))):
        return None
    if found["digits"]:
        value = float(found["digits"].replace(found["part"] or " ", "").replace(",", "."))
    elif not vague and size < GREAT and (many or (value == 1 and sized)):  # une centaine
        row |= {"approx": (many or sized).lower(), "start": start if many else found.end("size") - len(sized)}
    value = (value + (0.5 if found["half"] or facts.plus.search(word) else 0)) * size
    parts = (" ".join((found[part] or "").lower().split()).replace("’", "'") for part in ("sign", "unit"))
    sign, form = parts  # $5 million CAD; US$5 million
    own = sign and not (sign in facts.forms.get("shared", ()) and form in facts.forms["sign"])
    units, form = (facts.forms["sign"], sign) if own else (facts.forms["unit"], form)
    if unit := units.get("x" if found["by"] or found["times"] else form):
        row |= {"kind": unit["kind"], "unit": unit["unit"], "each": float(unit["value"]), "shared": form}
        value = value * row["each"] + float(found["cents"] or 0) / 100 + (0.5 if found["more"] else 0)
    low, order = (nan, value) if vague else (value, nan)
    low, order = (float(f"{one:.15g}") for one in (low, order))  # 8.3 billion is no 8 300 000 000.000001
    return row | {"low": round(low, 6), "high": round(low, 6), "order": round(order, 6)}


def _ranged(rows: list[dict], plain: str, facts: SimpleNamespace) -> list[dict]:
    """Rows with the two ends of a range made one; the unit and the magnitude of one end hold for both."""
    made: list[dict] = []
    for row in rows:
        first = made[-1] if made else row
        joined = facts.joined.fullmatch(plain, first["end"], row["start"])
        if joined and first["sign"] and not row["unit"] and row["size"] == 1 and _noun(row, plain, facts)[0]:
            joined = None  # $5 billion to 3,000 workers
        if joined and (first["unit"] in ("", row["unit"]) or (first["sign"] and not row["unit"])):
            to, low, bare = joined["to"] or "", first["low"], not first["kind"]
            if (bare or first["sign"]) and first["size"] == 1 and low * row["size"] < 10 * row["high"]:
                low *= row["size"]
            low *= row["each"] if bare else 1  # 34 to 38 cents
            spread = to or (joined["and"] and facts.between.search(first["head"])) or (joined["or"] and bare)
            row |= {"kind": first["kind"], "unit": first["unit"]} if spread and not bare else {}
            if to.isalpha() and (low >= row["high"] or facts.moving.search(first["head"])):  # two amounts: de 10 à 5 %
                first |= {"kind": row["kind"], "unit": row["unit"], "low": low, "high": low, "like": row}
            elif spread and low < row["high"]:
                row |= {name: first[name] for name in ("start", "clause", "left", "head")} | {"low": low}
                made.pop()
        made.append(row)
    return made


def _noun(row: dict, plain: str, facts: SimpleNamespace) -> tuple[str, int]:
    """The noun that a number counts, and where it ends: a plural, if no function word stands before it; "" for none."""
    end, held, sought = row["end"], ("", row["end"]), facts.large if row["size"] >= GREAT else facts.noun
    for _ in range(4):
        found = sought.match(plain, end)
        word = found["noun"].lower() if found else ""
        if not word or word in facts.stop:
            return held
        end, sought = found.end(), facts.next
        plural = row["high"] < 2 or facts.plural.search(found["noun"])
        if word in facts.forms["adjective"]:  # deux jeunes, but not les deux derniers
            held = (word, end) if plural and not facts.forms["adjective"][word]["value"] else held
        elif plural or word in facts.forms["money"] or word in facts.forms["again"]:
            return word.split("·")[0], facts.coloured.match(plain, end).end()
    return held


def _counted(row: dict, known: dict, plain: str, facts: SimpleNamespace) -> dict:
    """Kind, unit and end of a number without a unit: of its noun or of an amount before; nothing if it has none."""
    (word, end), last, large = _noun(row.get("like", row), plain, facts), known["last"], known["large"]
    same = last.get("clause") == row["clause"] and last["kind"] in ("count", "money")
    number, elided = (row["digits"] or "") if row["size"] == 1 else "", facts.elided.match(plain, row["end"])
    if facts.poll.search(row["head"]) and elided:
        return {"kind": "points", "unit": "points"}
    sized = facts.forms.get("sized", {}).get(word)  # millions of pounds, but not of beef
    if row["size"] >= GREAT and sized and not facts.tail.match(plain, end):
        return {"kind": sized["kind"], "unit": sized["unit"], "end": end}
    if row["size"] >= GREAT and (not word or word in facts.forms["money"]):
        fit = large and not word and (large["kind"] == "money" or large["size"] == row["size"])
        if fit and row["start"] - large["end"] < NEAR:
            return {"kind": large["kind"], "unit": large["unit"]}
        money = known["money"] if word or row["size"] >= 1e9 else []
        return {"kind": "money", "unit": money[0]} if money else {}
    if word in facts.forms["again"] or (not word and len(number) > 2 and elided and not facts.year.fullmatch(number)):
        return {"kind": last["kind"], "unit": last["unit"]} if same else {}
    if not word or facts.dated.fullmatch(number) or (0 < len(number) < 5 and facts.named.search(row["head"])):
        return {}
    kind = "duration" if facts.forms["unit"].get(word, {}).get("kind") == "duration" else "count"
    return {"kind": kind, "unit": word, "end": row["end"] if "like" in row else end}


def _told(row: dict, text: str, plain: str, facts: SimpleNamespace) -> dict:
    """A row with how the amount is said: approximators, change, cue, and the noun that it is said of."""
    end, about = row["end"], facts.about.search(row["head"])
    head = row["head"][: about.start()] if about else row["head"]
    some = row["order"] > 0 and facts.some.search(head)
    said = [own[1].lower() for own in (about, facts.between.search(head), facts.after.match(plain, end), some) if own]
    nouns = [found["noun"].lower() for found in (facts.tail.match(plain, end), facts.lead.search(head)) if found]
    nouns = [noun for noun in nouns if noun not in facts.stop and not facts.moved.fullmatch(noun)]
    cue = ([*facts.cue.finditer(head)] or [None])[-1]
    row |= {"cue": cue[0], "cue_start": row["left"] + cue.start()} if cue else {"cue": "", "cue_start": None}
    changes = [own for own in facts.moved.finditer(head) if facts.change.fullmatch(head, own.end())]
    changes = [facts.moved.match(plain, row["start"])] if row["kind"] == "multiple" else changes
    found = facts.signed.search(head) or (changes or [facts.then.match(plain, end)])[-1]
    move = ("+" if found["rise"] else "-") if found and row["kind"] in ("percent", "points", "multiple") else ""
    row |= {"text": text[row["start"] : end], "value": row["high"] if row["low"] == row["high"] else nan, "move": move}
    return row | {"approx": [*said, row["approx"]][0], "of": nouns[0] if nouns and row["kind"] != "count" else ""}


def _near(text: str, facts: SimpleNamespace) -> list[list[int]]:
    """The stretches of a text around the numbers in it, in digits or in words."""
    found, lower = [], text.lower()  # in which they are found faster than without regard to capitals
    for number in facts.number.finditer(lower if len(lower) == len(text) else text):
        start, end = number.start() - AROUND, number.end() + AROUND
        if found and start <= found[-1][1]:
            found[-1][1] = end
        else:
            found.append([max(0, start), end])
    return found


def _amounts(text: str, facts: SimpleNamespace) -> list[dict]:
    """The amounts of one text, in order."""
    near, signs = _near(text, facts), list(text)
    for start, end in [noise.span() for stretch in near for noise in facts.noise.finditer(text, *stretch)]:
        signs[start:end] = "\x01" * (end - start)
    plain = OVER.sub(" ", "".join(signs).replace(HYPHENS[0], "-").replace(HYPHENS[1], "-"))
    cuts, named = [0, *(cut.end() for cut in facts.clause.finditer(plain))], []
    found = [  # un, une alone count nothing, but for un ou deux
        one
        for stretch in near
        for one in facts.quantity.finditer(plain, *stretch)
        if facts.worth.get(one[0].lower()) != 1 or facts.joined.match(plain, one.end())
    ]
    read = [_read(one, cuts, plain, facts) for one in found]
    shared = [row for row in read if row and row.get("shared") in facts.forms["shared"]]
    if shared and facts.foreign.search(text):  # beside A$5, $3 may be of any country
        for row in shared:
            row["unit"] = ""
    rows = _ranged([row for row in read if row], plain, facts)
    known = {"money": [row["unit"] for row in rows if row["kind"] == "money"][:1], "last": {"end": 0}, "large": {}}
    for row in rows:
        told = row["kind"] != "points" or facts.moved.search(row["head"]) or facts.then.match(plain, row["end"])
        lone = row["high"] == 1 and row["kind"] not in ONES  # un, une
        if row["start"] < known["last"]["end"] or (not row["digits"] and (lone or not told)):  # trois points
            continue
        row |= {} if row["kind"] else _counted(row, known, plain, facts)
        if row["kind"]:
            named.append(_told(row, text, plain, facts))
            known |= {"last": row, "large": row if row["size"] >= GREAT else known["large"]}
            known["money"] = [row["unit"]] if row["kind"] == "money" else known["money"]
    return named


def amounts(articles: pd.DataFrame | str, language: str = "fr") -> pd.DataFrame:
    """The amounts that articles name, in the order of their places; nothing is summed or converted.

    Parameters
    ----------
    articles : as `corpus.read` gives them, or one text; `language` is that of a text.

    Returns
    -------
    DataFrame, one row per amount: `article`, `start`, `end`, `text`, `kind` (money, percent, points, multiple, count,
    duration, measure), `low`, `high` (equal for one number), `value` (missing for a range), `order` (of magnitude: 1e11
    for “des centaines de milliards”, which has no value), `unit` (ISO 4217 code, %, points, x, a unit or the noun as
    written; of a bare “2 milliards”, the article's currency; "" for a dollar beside those of another country), `approx`
    (words that make it so), `move` (+, -: of a percentage, points, a multiple), `cue` (last word before it that tells
    signed, planned, estimated, at `cue_start`),
    `of` (noun it is said of, tied by “de”). `attrs["languages"]`: those with a list; articles in others have no rows.
    """
    articles = corpus.given(articles, language) if isinstance(articles, str) else articles
    texts = [row for row in articles[["article", "text", "language"]].itertuples(index=False) if _facts(row.language)]
    told = progress.over(texts, len(texts), "amounts")
    rows = [{"article": name} | row for name, text, code in told for row in _amounts(text, _facts(code))]
    found = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS, str) | FORMS)
    found.attrs["languages"] = sorted({row.language for row in texts})
    return found
