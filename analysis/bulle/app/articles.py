"""The articles that hold the theme, a page each: the text as it was read, with what was read in it marked."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

from markupsafe import Markup, escape

from bulle import phrases, progress, wording
from bulle.app import places, site
from bulle.app.places import Held

Mark = tuple[int, int, str, dict]  # start, end, kind, what is known of it
KINDS = {name: name for name in ("theme", "positive", "negative", "quote", "amount", "actor")}
KINDS |= {"positive": "tone", "negative": "tone"}  # the kind of a mark -> what switches it on and off
SHOWN = ("theme", "tone")  # kinds that are marked when a page opens
JUMPS = 200  # numbered links to places of the theme
BREAK = re.compile(r"\r\n?|\n")
EMPTY = re.compile(r"(?:\r\n?|\n)[ \t]*[\r\n]")
PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}  # controls -> signs for them
OVERRIDES = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"))


def pages(held: Held, parameters: dict, folder: Path, bar: list[dict]) -> None:
    """Write `articles/NAME.html` for each article that is held, and `articles/index.html`.

    The parameters are those of the run: `narrate` is the language that the pages speak; `bar` names all of them.
    """
    if not held.articles:
        return
    (folder / "articles").mkdir()
    language, common = parameters["narrate"], {"held": held, "pages": bar}
    listed = common | {"files": site.files("articles", folder, language, root="../")}
    written(folder, "articles/index.html", "articles.html.j2", language, ("tables.js",), **listed)
    common |= {"shown": SHOWN, "jumps": JUMPS, "most": places.LONGEST}
    around = zip([None, *held.articles], held.articles, [*held.articles[1:], None], strict=False)
    for before, one, after in progress.over(around, len(held.articles), "pages"):
        about = {"one": one, "before": before, "after": after, "counts": counts(one)}
        about |= {"lines": lines(one, language), "tone": tone(one, language)}
        written(folder, f"articles/{one['name']}.html", "article.html.j2", language, **common, **about)


def written(
    folder: Path, href: str, template: str, language: str, scripts: tuple[str, ...] = (), **about: object
) -> None:
    """Write one page of a run, told in a language, by its address in the folder of the run."""
    about |= {"page": {"href": href}, "root": "../" * href.count("/")}
    about |= site.framed(site.code("base.css", "text.css"), "theme.js", *scripts)
    html = told(language).get_template(template).render(about)
    (folder / href).write_bytes(html.encode("utf-8", "replace"))  # a text may hold half a character


@cache
def told(language: str) -> "site.Environment":
    """Templates with the words, dates and numbers of a language."""
    environment = site.environment()

    def quoted(text: str) -> Markup:
        before, _, after = phrases(language, "page")["quotes"].partition("|")
        return Markup("{}<bdi>{}</bdi>{}").format(before, shown(text), after)

    environment.globals |= {"say": phrases(language, "page"), "language": language}
    numbers = (wording.number, wording.counted, wording.agreed)
    environment.filters |= {one.__name__: partial(one, language=language) for one in numbers}
    environment.filters |= {one.__name__: one for one in (quoted, shown, host, plain)}
    return environment


def shown(text: str) -> str:
    """A text whose control characters, which no page may hold, are written as pictures of them.

    >>> shown("a\\0b")
    'a␀b'
    """
    return text.translate(PICTURES)


def host(link: str) -> str:
    """The name of the site that a link leads to.

    >>> host("https://www.lefigaro.fr/politique?a=1")
    'www.lefigaro.fr'
    """
    return shown(re.split("[/?#]", link, maxsplit=3)[2])


def plain(text: str) -> str:
    """A text for the tab of a browser, without the signs that turn the direction of what follows."""
    return shown(text.translate(OVERRIDES))


def counts(article: dict) -> dict[str, int]:
    """How often each kind is marked in an article."""
    found = Counter(KINDS[kind] for _, _, kind, _ in article["marks"])
    return {kind: found[kind] for kind in dict.fromkeys(KINDS.values())}


def pieces(text: str, marks: list[Mark], breaks: list[int]) -> Iterator[tuple[int, int, list[Mark]]]:
    """A text cut wherever a mark begins or ends, and at some breaks, each piece with the marks that lie over it.

    >>> list(pieces("abcd", [(0, 3, "quote", {}), (1, 4, "theme", {})], []))[1]
    (1, 3, [(0, 3, 'quote', {}), (1, 4, 'theme', {})])
    """
    opened = defaultdict(list)
    for mark in marks:
        opened[mark[0]].append(mark)
    cuts = {0, len(text), *breaks, *opened, *(end for _, end, _, _ in marks)}
    over: list[Mark] = []
    for start, end in pairwise(sorted(cuts)):
        over = [mark for mark in over if mark[1] > start] + opened[start]
        yield start, end, over


def lines(article: dict, language: str) -> list[dict]:
    """The lines of a text that hold more than spaces: `html`, whether they hold the `theme`, whether they stand `aside`
    of what was analysed, whether an empty line stands before them (`apart`)."""
    text, first = article["text"], article["start"]
    marks = [(start - first, end - first, *rest) for start, end, *rest in article["marks"]]
    bounds = [0, *(place for stretch in BREAK.finditer(text) for place in stretch.span()), len(text)]
    parts = defaultdict(list)
    for start, end, over in pieces(text, marks, bounds):
        line = bounds[bisect_right(bounds, start) - 1]
        parts[line].append((_piece(text[start:end], start, end, over, first, language), over))
    loose, asides = not EMPTY.search(text), {start for start, _ in article["aside"]}
    found, apart = [], True
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):  # between them stand the breaks
        if not text[start:end].strip():
            apart = True
            continue
        held = any(mark[2] == "theme" for _, over in parts[start] for mark in over)
        html = Markup("".join(html for html, _ in parts[start]))
        found.append({"html": html, "theme": held, "aside": start + first in asides, "apart": loose or apart})
        apart = False
    return found


def _piece(text: str, start: int, end: int, over: list[Mark], first: int, language: str) -> str:
    """One piece of a text as markup, in an element with the classes of its marks."""
    if not over:
        return str(escape(shown(text)))
    told_of = {"id": f"m{first + start}"} if any(mark[0] == start for mark in over) else {}
    told_of["class"] = " ".join(dict.fromkeys(mark[2] for mark in over))
    for mark in over:
        told_of |= _about(mark, language, mark[1] == end)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in told_of.items())
    tag = "mark" if any(mark[2] == "theme" for mark in over) else "span"
    return f"<{tag}{attributes}>{escape(shown(text))}</{tag}>"


def _about(mark: Mark, language: str, last: bool) -> dict[str, str]:
    """What is written beside a mark, where its last piece ends, and in its title."""
    _, _, kind, about = mark
    say = phrases(language, "page")
    if KINDS[kind] == "tone":
        row = figures(about, language)
        title = say["toneof"].format(**row) + (f" ({row['why']})" if row["why"] else "")
        return {"title": shown(title)} | ({"data-weight": row["value"]} if last else {})
    if kind == "quote":
        return {"data-voice": shown(speaker(about, say))} if last else {}
    if kind == "amount":
        return {"title": say.get(f"amount:{about['kind']}", say["amount:other"])}
    return {"title": say[f"actor:{about['type']}"]} if kind == "actor" else {}


def speaker(about: dict, say: dict[str, str]) -> str:
    """Who speaks: a name, or what is known of one."""
    return about["name"] or say[f"voice:{about['voice']}"]


def figures(about: dict, language: str) -> dict[str, str]:
    """What a word of tone weighs, and why, in the words and figures of a language."""
    signed = {name: wording.rounded(about[name], "tone", language) for name in ("weight", "value")}
    told_of = {name: value.rstrip("0").rstrip(".,") for name, value in signed.items()}
    told_of["factor"] = wording.number(about["factor"], language)
    return told_of | {"entry": about["entry"], "why": wording.value_told(about["why"], language, "why")}


def tone(article: dict, language: str) -> list[dict]:
    """The words of an article that bear its tone, as rows of a table."""
    first = article["start"]
    return [
        figures(about, language) | {"start": start, "word": article["text"][start - first : end - first]}
        for start, end, kind, about in article["marks"]
        if KINDS[kind] == "tone"
    ]
