"""What a theme was taken to mean: its forms in some articles, those left out, and those that look alike."""

from collections import Counter
from functools import cache

import pandas as pd
import regex

from bulle import passages, themes, words
from bulle.forms import bare, forms, verb
from bulle.view import views
from bulle.wording import filled, said

LATIN = 0x250  # letters below may stand for one another, with and without accents
JOINT = "[-'.]?"  # between two letters of what looks alike: start-up, startup; A.I., AI
GAP = "[-'.& ]*"  # between two words of it
SHOWN = 12  # forms in a line


def table(articles: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Forms of a theme in some articles.

    Returns
    -------
    DataFrame, one row per written form: `form` (on one line), `count`, `articles` (that hold it), `taken` (`found`,
    `left out` by the theme itself, or `near`: the same letters with other accents, capitals or hyphens, not counted);
    the most frequent of each kind first.
    """
    found, left = passages.sought(articles, theme)
    kinds = {"found": found, "left out": left, "near": _near(articles, theme, pd.concat([found, left]))}
    every = pd.concat([rows.assign(taken=kind) for kind, rows in kinds.items()], ignore_index=True)
    every["form"] = [_form(match) for match in every.match]
    counts = every.groupby(["taken", "form"]).agg(count=("article", "size"), articles=("article", "nunique"))
    counts = counts.reset_index().sort_values(["taken", "count", "form"], ascending=[True, False, True])
    order = counts.taken.map([*kinds].index).sort_values(kind="stable").index
    return counts.loc[order, ["form", "count", "articles", "taken"]].reset_index(drop=True)


def line(found: pd.DataFrame, left: pd.DataFrame) -> str:
    """The forms that were taken for a theme, in small letters, and how many of its places it leaves out, in a sentence.

    >>> places = pd.DataFrame({"match": ["Bulles", "bulle", "bulles"]})
    >>> line(places, places[:0])
    'Taken for the theme in the articles studied: bulles (2), bulle (1).'
    """
    counts = Counter(_form(match).lower() for match in found.match)
    if not counts:
        return ""
    ordered = sorted(counts, key=lambda form: (-counts[form], form))
    told = _some([filled("{form} ({count})", {"form": form, "count": counts[form]}) for form in ordered])
    return said("meant.left" if len(left) else "meant", forms=told, left=len(left))


def told(theme: str, language: str, articles: pd.DataFrame | None = None) -> str:
    """What a theme asks for in a language and, where articles are given, which forms of it they hold; in lines."""
    asked = themes.theme(theme, language)
    lines = [("note", asked.note)] if asked.note else []
    if asked.expression:
        lines.append(("expression", asked.entries[0]))
    else:
        lines += [("entry", _sought(entry, language)) for entry in asked.entries]
    lines += [("left out", entry) for entry in asked.excluded]
    facts = {"stance": "stance", "shares of": "shares", "other sense": "other", "perhaps": "perhaps", "unless": "own"}
    lines += [(name, asked.fact(fact)) for name, fact in facts.items()]
    if articles is not None:
        rows = table(articles, theme)
        for kind, name in {"found": "found", "left out": "not taken", "near": "near, not"}.items():
            own = rows[rows.taken == kind]
            shown = [f"{form} {count:,}" for form, count in zip(own.form, own["count"], strict=True)]
            lines.append((name, _some(shown) or "none"))
        lines.append(("hint", passages.hint(articles, theme)))
    return "\n".join(f"{name:<12}{text}" for name, text in lines if text)


def _form(match: str) -> str:
    """What stands at a place, on one line and without what is hidden or broken in it."""
    return " ".join(views(match)[0].text.split())


def _some(shown: list[str]) -> str:
    more = [f"and {len(shown) - SHOWN} more"] if len(shown) > SHOWN else []
    return ", ".join([*shown[:SHOWN], *more])


def _sought(entry: str, language: str) -> str:
    """An entry, and the forms of each of its words; as it is when it is in quotation marks."""
    infinitive = themes.VERB.sub("", entry)
    if entry.startswith('"'):
        return f"{entry}: this form only"
    if infinitive != entry:
        return f"{entry}: {_some(verb(infinitive, language))}"
    held = [forms([piece], language)[piece] for piece in passages.inflected(entry)]
    noun = f' ({entry} as a noun; for every place write "{entry}")' if entry in words.homographs(language) else ""
    return f"{entry}: {'; '.join(map(_some, held))}{noun}" if held else entry


def _near(articles: pd.DataFrame, theme: str, taken: pd.DataFrame) -> pd.DataFrame:
    """Places that are written almost as a theme is and that are not `taken`, in the columns of `passages.matches`."""
    held, rows = {name: [*zip(own.start, own.end, strict=True)] for name, own in taken.groupby("article")}, []
    for language, group in articles.groupby("language", sort=False):
        asked = themes.theme(theme, language)
        alike = [_alike(entry.strip('"')) for entry in asked.entries if "*" not in entry and not asked.expression]
        if not any(alike):
            continue
        expression = regex.compile(rf"(?<!\w)(?:{'|'.join(filter(None, alike))})(?!\w)")
        for article, text in zip(group.article, group.text, strict=True):
            view = views(text)[0]
            for start, end in (view.span(*found.span()) for found in expression.finditer(view.text)):
                if not any(first < end and start < last for first, last in held.get(article, [])):
                    rows.append((article, start, end, text[start:end]))
    return pd.DataFrame(rows, columns=taken.columns)


@cache
def _letters() -> dict[str, str]:
    """Expression of each letter without an accent: it in all its accents, large and small."""
    alike: dict[str, str] = {}
    for letter in filter(str.isalpha, map(chr, range(LATIN))):
        alike[bare(letter)] = alike.get(bare(letter), "") + letter
    return {letter: f"[{signs}]" for letter, signs in alike.items() if len(letter) == 1}


def _alike(entry: str) -> str:
    """Expression of what has the letters of an entry; empty when it has less than two."""
    parts = [JOINT.join(_letters().get(sign, sign) for sign in part) for part in regex.findall(r"\w+", bare(entry))]
    return GAP.join(parts) if sum(map(len, regex.findall(r"\w+", entry))) > 1 else ""
