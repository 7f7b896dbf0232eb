"""Executed notebooks -> one offline HTML site that opens on the narrative and asks no host for anything.

What a page may run and how it may look is fixed by digests (Content-Security-Policy): scripts and styles stand in the
page itself, because Chromium verifies no `integrity` of a file beside it, and would let any file of the disk run.
"""

import base64
import copy
import hashlib
import json
import re
import shlex
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pandas as pd
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from pygments.formatters import HtmlFormatter

from bulle import LANGUAGES, PACKAGE, WRITTEN, findings, narrative, phrases, tables, tell, wording
from bulle.app import check, compare, translation
from bulle.app.places import Held

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

TEMPLATES = PACKAGE / "templates"
FIRST = "5-narrative"  # the page that a reader opens
SPANS = 5  # places that the ledger shows of a finding
LEDGER = "ledger"  # the page of every finding, which stands last
FRONT = ("question", "answer", "account")  # cells whose place the account takes on its page
LISTED = "ledgers-shown"  # the cell that lists the ledgers of a study
EARLY = (  # before anything is painted; what only a script moves is not shown without one
    'const page=document.documentElement.dataset;page.script="";try{page.theme=localStorage.theme||""}catch(e){}'
)
INDEX = " main{max-width:75rem} .scroll.table{width:auto;max-width:100%}"  # style of the page over many runs
SEARCHED = ["h1", "h2", "p", "li", "blockquote", "figcaption", "td", "dd"]
NUMBER = re.compile(r"[\s\d.,%×+\-−–/<∞]*|NaN|NaT")


def site(
    executed: dict[str, nbformat.NotebookNode], record: dict, folder: Path, held: Held | None = None
) -> list[dict]:
    """Write the pages of some executed notebooks, by name, and the page of the ledger; returns what the bar names.

    Parameters
    ----------
    executed : executed notebooks by name.
    record : the `parameters` of the run, `declared` and `given` ones, and the `notebooks` asked for (see `run.run`).
    folder : where `index.html` and a page for each further notebook are written; of a `findings.json` that stands there
        `ledger.html` is made.
    held : the articles that have a page, to which the places in the ledger lead.
    """
    language = record["parameters"].get("narrate", WRITTEN)
    tell(language)
    say = phrases(language, "page")
    order = sorted(executed, key=lambda name: (name != FIRST, name))
    notebooks = {name: _filled(translation.told(name, executed[name], language), language) for name in order}
    pages = [_page(name, notebook, record, say) for name, notebook in notebooks.items()]
    pages[0]["href"] = "index.html"
    ledger = _ledger(folder / "findings.json", language, held or Held())
    if ledger:
        notebooks[LEDGER] = _ledger_notebook(ledger, say)
        pages.append(_page(LEDGER, notebooks[LEDGER], record, say) | {"language": language})
    for page, before, after in zip(pages, [None, *pages], [*pages[1:], None], strict=False):
        page |= {"before": before, "after": after}
    index, mains = [], []
    for page, notebook in zip(pages, notebooks.values(), strict=True):
        mains.append(_main(page, notebook, ledger, record, say, folder))
        index += _searchable(mains[-1], page)
    if held and FIRST in executed:
        _placed(mains[0], narrative.carried(executed[FIRST])[narrative.MIME]["findings"], held, say)
    more = [("concordance.html", "concordance"), ("articles/index.html", "articles")] if held and held.places else []
    named = [pages[0], *({"href": href, "label": say[f"page:{name}"]} for href, name in more), *pages[1:]]
    shared = {"language": language, "say": say, "pages": named, "root": ""}
    _write(pages, mains, index, shared, folder)
    return named


def _write(pages: list[dict], mains: list[BeautifulSoup], index: list[tuple], shared: dict, folder: Path) -> None:
    """Write the pages, each in its frame; `index` is what their search finds."""
    shared |= framed(_css(), "theme.js", "site.js", "tables.js")
    words = {name: shared["say"][name] for name in ("nothing", "copied")}
    template = environment().get_template("page.html.j2")
    for page, soup in zip(pages, mains, strict=True):
        told = {"index": index if page["kind"] != "front" else [], "say": words}
        own = {"page": page, "main": str(soup), "told": _script(told)}
        html = template.render(shared | own)
        (folder / page["href"]).write_text(html, encoding="utf-8")


def _main(
    page: dict, notebook: nbformat.NotebookNode, ledger: tuple[str, str] | None, record: dict, say: dict, folder: Path
) -> BeautifulSoup:
    """The text of one page: the cells of a notebook, behind the account where it is that of the account."""
    front = page["kind"] == "front"
    resources = {"page": page, "say": say, "language": record["parameters"].get("narrate", WRITTEN)}
    html, _ = exporter().from_notebook_node(_behind(notebook) if front else notebook, resources)
    soup = _mended(html, say)
    _linked(soup, page["name"], folder, resources["language"])
    if front:
        _fronted(soup, notebook, page, record, say)
    else:
        soup.h1.decompose()  # it stands above the list of sections
    _numbered_figures(soup, phrases(resources["language"], "figures")["figure"])
    _localized(soup, ledger, record["parameters"])
    return soup


def comparison(causes: pd.DataFrame, claims: pd.DataFrame, runs: tuple[Path, Path]) -> str:
    """A page that holds the two tables of `compare`."""
    titles = {"What differs between the runs": causes, "What became of the claims": claims}
    written = {title: compare.readable(table).to_html(index=False) for title, table in titles.items()}
    tables = {title: _plain(BeautifulSoup(html, "html.parser")) for title, html in written.items()}
    for soup in tables.values():
        _scoped(soup.table)
    css = _css()
    return environment().get_template("compare.html.j2").render(css=css, policy=policy(css), runs=runs, tables=tables)


def runs(rows: list[dict[str, str]], marker: str) -> str:
    """A page with a row for each run (see `runs.index`); the marker stands in its head."""
    css, script = _css() + INDEX, code("tables.js")
    given = {"css": css, "policy": policy(css, script), "marker": Markup(marker), "script": script}
    return environment().get_template("runs.html.j2").render(rows=rows, **given)


def command(record: dict) -> str:
    """The command that makes this run again, safe to paste into a shell.

    >>> command({"notebooks": "3", "given": {"theme": "l'or", "top": 5, "pattern": "a\\x1b"}})
    'bulle run 3 -p theme \\'l\\'"\\'"\\'or\\' -p top 5 -p pattern $\\'a\\\\x1b\\''
    """
    return " ".join(filter(None, ["bulle run", record.get("notebooks", ""), parameters(record["given"].items())]))


def parameters(pairs: Iterable[tuple[str, object]]) -> str:
    """Parameters and their values as words of a shell."""
    return " ".join(f"-p {name} {_quoted(str(value))}" for name, value in pairs)


def _quoted(value: str) -> str:
    """A value as one word of a shell; what a terminal would obey instead of showing it is written by its number."""
    if value.isprintable():
        return shlex.quote(value)
    plain = (sign if sign.isprintable() and sign not in "'\\" else _numbered(sign) for sign in value)
    return f"$'{''.join(plain)}'"


def _numbered(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x80 else f"\\U{code:08x}"


@cache
def exporter() -> "HTMLExporter":
    """What writes the cells of a notebook as a page; it is made once, and asked for while a kernel starts."""
    from nbconvert import HTMLExporter, TemplateExporter  # slow to import, and needed here only
    from nbconvert.filters.highlight import Highlight2HTML
    from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter

    class Reader(HTMLExporter):
        """nbconvert's, but the page is parsed once, by us: what its own parser adds, our template has, or `_mended`."""

        def from_notebook_node(self, notebook, resources):
            shown = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
            self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="python", parent=self))
            self.register_filter("filter_data_type", shown)
            return TemplateExporter.from_notebook_node(self, notebook, resources)

    return Reader(
        template_name="reader",
        extra_template_basedirs=[str(TEMPLATES)],
        anchor_link_text="",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )


def environment() -> Environment:
    """What fills our own templates; every value is escaped."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    made.filters |= {"written": wording.written, "day": wording.day, "rounded": wording.rounded}
    return made


def _page(name: str, notebook: nbformat.NotebookNode, record: dict, say: dict[str, str]) -> dict:
    """What the template says of one page: its address, titles, sections, parameters and the command that makes it."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    language = notebook.metadata.get("prose", WRITTEN)
    helps = {row["name"]: row["help"] for row in record["declared"].get(name, [])}
    return {
        "name": name,
        "href": f"{name}.html",
        "kind": {FIRST: "front", LEDGER: "ledger"}.get(name, "notebook"),
        "title": re.search(r"^# (.+)", prose, re.M)[1],
        "label": say[f"page:{name}"],
        "language": language,
        "sections": [(_slug(title), title) for title in re.findall(r"^## (.+)", prose, re.M)],
        "parameters": [
            {"name": one, "help": translation.meaning(one, written, language), "value": record["parameters"][one]}
            for one, written in helps.items()
        ],
        "command": command(record),
    }


def _filled(notebook: nbformat.NotebookNode, language: str) -> nbformat.NotebookNode:
    """A notebook without the parts that have no row to show, and no refusal that is not said elsewhere in it; a line
    behind the others names them."""
    none, parts = wording.said("shown.none", language), [[]]
    for cell in notebook.cells:
        parts += [[]] if cell.source.startswith("## ") else []
        parts[-1].append(cell)
    said = [[line for cell in part for line in _lines(cell)] for part in parts]
    often = Counter(line for lines in said for line in set(lines))
    empty = [none in lines and all(line == none or often[line] > 1 for line in lines) for lines in said]
    made, titles = copy.copy(notebook), []
    made.cells = [cell for part, gone in zip(parts, empty, strict=True) if not gone for cell in part]
    for part, gone in zip(parts, empty, strict=True):
        titles += [part[0].source.partition("\n")[0].removeprefix("## ")] if gone else []
    if titles:
        told = f"{phrases(language, 'page')['emptied']} {' '.join(titles)}"
        made.cells.append(nbformat.v4.new_markdown_cell(told, id="emptied"))
    return made


def _lines(cell: nbformat.NotebookNode) -> list[str]:
    """The lines that a cell shows, as plain text."""
    shown = ["".join(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", [])]
    return [line for text in shown for line in text.splitlines()]


def _behind(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The cells of the notebook of the account that stand behind it on its page: not the question, nor the answer."""
    kept = copy.deepcopy(notebook)
    kept.cells = [cell for cell in kept.cells if cell.id not in FRONT]
    return kept


def _fronted(soup: BeautifulSoup, notebook: nbformat.NotebookNode, page: dict, record: dict, say: dict) -> None:
    """Put the account at the head of its page, with its lead figure, and a line on how it came about."""
    html = narrative.carried(notebook)["text/html"]
    account = BeautifulSoup("".join(html), "html.parser").div
    for heading in account.select("section > h3"):
        heading.name, heading["id"] = "h2", _slug(heading.get_text())
    account.header.h3.name = "h1"
    account.h1["id"] = "top"
    page["title"] = account.h1.get_text()
    for figure in soup.select(".lead"):
        account.select_one(".answer").insert_after(figure.extract())
    for figure in soup.select("#figure-groups"):
        account.select_one('section a[href="#f-groups"]').find_parent("section").append(figure.extract())
    made = wording.day(record["date"], record["parameters"]["narrate"])
    told = {"say": say, "title": page["title"], "date": made, "version": record["versions"]["bulle"]}
    line, again = (environment().get_template(name).render(told) for name in ("runline.html.j2", "again.html.j2"))
    behind = soup.new_tag("div", attrs={"class": "behind"})
    behind.extend([BeautifulSoup(again, "html.parser"), *list(soup.contents)])
    soup.extend([account, BeautifulSoup(line, "html.parser"), behind])


def _placed(account: BeautifulSoup, rows: list[dict], held: Held, say: dict[str, str]) -> None:
    """Let each quotation lead to its place in the page of its article, where it has one."""
    spans = {f"#{findings.anchor(one['name'])}": one["spans"][0] for one in rows if one["spans"]}
    for link in account.select(".account blockquote a.q"):
        span = spans[link["href"]]
        if there := held.address(span["article"], span["start"], span["end"]):
            told = f'<a class="place" href="{there}">{escape(say["inarticle"])}</a>'
            link.find_parent("blockquote").append(BeautifulSoup(told, "html.parser"))


def _ledger(path: Path, language: str, held: Held) -> tuple[str, str] | None:
    """The ledger that a run has left, as a table and in full, in a language; None when it left none."""
    if not path.is_file():
        return None
    told, templates = findings.loaded(check.recorded(path.parent)), ("findings.html.j2", "ledger.html.j2")
    words = {"language": language, "say": phrases(language, "page"), "anchor": findings.anchor}
    words["around"] = findings.AROUND
    made = map(environment().get_template, templates)
    return tuple(one.render(ledger=told, held=held, **words) for one in made)


def _ledger_notebook(ledger: tuple[str, str], say: dict[str, str]) -> nbformat.NotebookNode:
    """The page of the ledger as a notebook, so that it is made like the others."""
    prose = [f"# {say['ledger']}\n\n{say['ledgerwhy']}\n\n## {say['glance']}", f"## {say['each']}"]
    cells = []
    for number, (text, html) in enumerate(zip(prose, ledger, strict=True)):
        shown = nbformat.v4.new_output("display_data", {"text/html": html})
        cells.append(nbformat.v4.new_markdown_cell(text, id=f"text-{number}"))
        cells.append(nbformat.v4.new_code_cell("", outputs=[shown], id=f"table-{number}"))
    return nbformat.v4.new_notebook(cells=cells)


def _css() -> str:
    light, dark = (HtmlFormatter(style=style).get_style_defs for style in ("friendly", "github-dark"))
    own = code("base.css", "site.css")
    by_system = "@media(prefers-color-scheme:dark){" + dark(":root:not([data-theme=light]) .highlight") + "}"
    return own + light(".highlight") + by_system + dark("[data-theme=dark] .highlight")


@cache
def code(*names: str) -> str:
    """Scripts or styles among the templates, one after another."""
    return "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)


@cache
def framed(css: str, *names: str) -> dict[str, str]:
    """The style, the scripts of these names, and the policy that allows them, as `frame.html.j2` takes them."""
    script = code(*names)
    return {"css": css, "early": EARLY, "script": script, "policy": policy(css, EARLY, script)}


def policy(css: str, *scripts: str) -> str:
    """What the browser may do for a page: run these scripts, draw with this style, load nothing. It holds even if a
    text became markup."""
    rules = {"default-src": ["'none'"], "script-src": map(_digest, scripts), "style-src": [_digest(css)]}
    rules |= {"img-src": ["data:"], "base-uri": ["'none'"], "form-action": ["'none'"]}
    rules |= {"require-trusted-types-for": ["'script'"], "trusted-types": ["'none'"]}  # no text is made into markup
    return "; ".join(" ".join([name, *(list(allowed) or ["'none'"])]) for name, allowed in rules.items())


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _mended(html: str, say: dict[str, str]) -> BeautifulSoup:
    """The page with links between pages, heading anchors, scopes in tables, tables that scroll in themselves."""
    soup = BeautifulSoup(html, "html.parser")
    for unwanted in [*soup.find_all("style"), *soup.find_all("a", "anchor-link")]:
        unwanted.decompose()
    _plain(soup)
    for image in soup.find_all("img"):
        image.attrs.setdefault("alt", "No description has been provided for this image")
    for link in soup.find_all("a"):
        if link.get("href", "").endswith(".ipynb"):
            link["href"] = "index.html" if FIRST in link["href"] else link["href"].removesuffix("ipynb") + "html"
    for heading in soup.find_all(["h1", "h2"]):
        heading["id"] = _slug(heading.get_text())
    for number, table in enumerate(soup.find_all("table", "dataframe"), 1):
        _scoped(table)
        heading = table.find_previous(["h1", "h2"])
        named = {
            "aria-label": f"{say['table']} {number}{say['colon']} {heading.get_text()}",
            "data-name": f"{heading['id']}-{number}",
        }
        table.wrap(soup.new_tag("div", attrs={"class": "scroll table", "tabindex": "0", "role": "region"} | named))
    return soup


def _numbered_figures(soup: BeautifulSoup, word: str) -> None:
    """Number the figures of a page."""
    for number, caption in enumerate((one for one in soup.find_all("figcaption") if one.find_parent("figure")), 1):
        caption.insert(0, f"{word} {number}. ")


def _linked(soup: BeautifulSoup, name: str, folder: Path, language: str) -> None:
    """Beneath what the cells of a notebook show, links to the files of a run that hold it whole."""
    cells = {one["id"]: one for one in reversed(soup.find_all(id=True)) if one["id"].startswith("cell-id=")}
    for place in sorted((folder / "tables").glob(f"{name}-*.parquet")):
        shown = cells.get(f"cell-id={place.stem.removeprefix(f'{name}-')}")
        if shown is None:  # its part has no row to show
            continue
        figure = shown.select_one("figure, .excerpt")
        line = BeautifulSoup(files(place.stem, folder, language, "data" if figure else "whole"), "html.parser").p
        if figure:
            figure.append(line)  # it goes where the figure goes
        else:
            (shown.select_one(".scroll.table") or shown.select_one(".output")).insert_after(line)
            _sortable(shown, place, language)
    listed = cells.get(f"cell-id={LISTED}", soup.new_tag("div"))
    for cell in listed.select("tbody td:first-of-type"):
        stem = cell.get_text().removesuffix(".csv")
        cell.string = ""
        cell.extend([_file(soup, f"tables/{stem}.csv", f"{stem}.csv"), " "])
        cell.append(_file(soup, f"tables/{stem}.parquet", "Parquet"))
    for line in listed.select(".whole"):
        line.extend([f" {phrases(language, 'page')['codebook']} ", _file(soup, "tables/codebook.csv", "CSV")])


def _sortable(shown: Tag, place: Path, language: str) -> None:
    """Give the dates of a table as its file has them, too, by which a script sorts them."""
    heads = [cell.get_text() for cell in shown.select("thead th")]
    if (head := wording.head("date", language)) in heads:
        cells = shown.select(f"tbody tr > :nth-child({heads.index(head) + 1})")
        for cell, day in zip(cells, tables.values(place, "date", len(cells)), strict=True):
            if day:
                cell.string.wrap(Tag(name="time", attrs={"datetime": str(day)}))


def files(name: str, folder: Path, language: str, told: str = "whole", root: str = "") -> Markup:
    """A line with links to the files of a table or a figure of a run, from a page that stands `root` below its folder;
    none where there is no file of that name. `told` is how the line begins."""
    table, drawn = folder / "tables" / f"{name}.parquet", folder / "figures" / f"{name}.svg"
    if not table.exists():
        return Markup("")
    rows, held = tables.head(table)
    links = {label: f"{root}tables/{name}{kind}" for kind, label in tables.KINDS.items()}
    links |= {"SVG": f"{root}figures/{drawn.name}"} if drawn.exists() else {}
    say = phrases(language, "page")["cut" if rows > tables.MOST else told]
    counts = {"rows": min(rows, tables.MOST), "columns": len(held), "all": rows}
    line = escape(wording.filled(say, counts, language))
    own = (Markup(' <a href="{}" download="">{}</a>').format(href, label) for label, href in links.items())
    return Markup('<p class="whole">{}{}</p>').format(line, Markup("").join(own))


def _file(soup: BeautifulSoup, href: str, label: str) -> Tag:
    link = soup.new_tag("a", attrs={"href": href, "download": ""})
    link.string = label
    return link


def _plain(soup: BeautifulSoup) -> BeautifulSoup:
    """The markup without the styles on its elements, which a notebook needs: the page has its own for their classes."""
    for one in soup.find_all(True):
        one.attrs.pop("style", None)
    return soup


def _scoped(table: Tag) -> None:
    """Give the headers of a table their scope, in one row, and set texts to the left, numbers to the right."""
    table.attrs.pop("border", None)
    heads = [row for part in table.find_all("thead") for row in part.find_all("tr")]
    rows = [row.find_all(["th", "td"]) for part in table.find_all("tbody") for row in part.find_all("tr")]
    if len(heads) == 2 and not any(cell.get_text() for cell in [heads[0].th, *heads[1].find_all("th")[1:]]):
        heads[0].th.replace_with(heads[1].th)  # pandas writes the name of the index in a row of its own
        heads[1].decompose()
    if len(heads) == 1 and not heads[0].th.get_text() and all(row[0].get_text().isdigit() for row in rows):
        for cell in [heads[0].th, *(row.pop(0) for row in rows)]:  # numbers that pandas gives to rows without a name
            cell.decompose()
    for cell in table.find_all("th"):
        cell["scope"] = "col" if cell.find_parent("thead") else "row"
    for column in zip(heads[0].find_all("th"), *rows, strict=False):
        if not all(NUMBER.fullmatch(cell.get_text()) for cell in column[1:]):
            for cell in column:
                cell["class"] = "text"


def _localized(soup: BeautifulSoup, ledger: tuple[str, str] | None, parameters: dict) -> None:
    """Say in which language the parts of a page are written, and write the words of the ledger in that of the page."""
    here = soup.find_all("div", "ledger")
    if here and ledger:
        here[0].replace_with(BeautifulSoup(ledger[1], "html.parser"))
    for account in soup.find_all("div", "account"):
        account.parent["lang"] = parameters["narrate"]
    if parameters["language"] in LANGUAGES:
        quoted = [one for one in soup.find_all("blockquote") if one.find_parent(class_="finding")]
        for text in [*soup.find_all(class_="passage"), *quoted]:
            text["lang"] = parameters["language"]


def _searchable(soup: BeautifulSoup, page: dict) -> list[tuple[str, str, str]]:
    """Address, section title and text of each paragraph, for the search."""
    found, href, place = [], page["href"], (page["href"], page["title"])
    for element in soup.find_all(SEARCHED):
        content = " ".join(element.get_text().split())
        if element.name in ("h1", "h2"):
            place = (f"{href}#{element['id']}", content)
        found.append((*place, content[:300]))
    return list(dict.fromkeys(found))


def _slug(title: str) -> str:
    return re.sub(r"[^\w]+", "-", title).strip("-").lower()


def _script(content: object) -> str:
    """JSON that may stand in a script: no text in it can close the element."""
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")
