"""Executed notebooks -> one offline HTML site that opens on the narrative and asks no host for anything."""

import json
import re
import shlex
from pathlib import Path

import nbformat
import pandas as pd
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from pygments.formatters import HtmlFormatter

from analysis import PACKAGE, compare, entries

TEMPLATES = PACKAGE / "templates"
FIRST = "4-narrative"  # the page that a reader opens


def site(executed: dict[str, nbformat.NotebookNode], record: dict, folder: Path) -> None:
    """Write the pages of some executed notebooks, by name, and the script they share.

    Parameters
    ----------
    executed : executed notebooks by name.
    record : `parameters` of the run, with `declared` and `given` ones (see `run.run`).
    folder : where `index.html`, a page for each further notebook and `site.js` are written.
    """
    from nbconvert import HTMLExporter  # slow to import, and needed here only

    language = record["parameters"].get("narrate", "en")
    say = dict(line.split(" = ", 1) for line in entries(language, "page"))
    order = sorted(executed, key=lambda name: (name != FIRST, name))
    pages = [_page(name, executed[name], record, first=name == order[0]) for name in order]
    for page, before, after in zip(pages, [None, *pages], [*pages[1:], None], strict=False):
        page |= {"before": before, "after": after}
    exporter = HTMLExporter(
        template_name="reader",
        extra_template_basedirs=[str(TEMPLATES)],
        anchor_link_text="",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    resources = {"pages": pages, "say": say, "language": language, "css": _css()}
    index = []
    for name, page in zip(order, pages, strict=True):
        html, _ = exporter.from_notebook_node(executed[name], resources | {"page": page})
        soup = _mended(html)
        index += _searchable(soup, page["href"])
        (folder / page["href"]).write_text(str(soup), encoding="utf-8")
    shared = f"const INDEX = {_script(index)}, SAY = {_script({'nothing': say['nothing']})};\n"
    (folder / "site.js").write_text(shared + (TEMPLATES / "site.js").read_text(encoding="utf-8"), encoding="utf-8")


def comparison(causes: pd.DataFrame, claims: pd.DataFrame, runs: tuple[Path, Path]) -> str:
    """A page that holds the two tables of `compare`."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    titles = {"What differs between the runs": causes, "What became of the claims": claims}
    tables = {title: compare.readable(table).to_html(index=False) for title, table in titles.items()}
    return environment.get_template("compare.html.j2").render(css=_css(), runs=runs, tables=tables)


def _page(name: str, notebook: nbformat.NotebookNode, record: dict, first: bool) -> dict:
    """What the template says of one page: its address, title, sections, parameters and the command that makes it."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    given = " ".join(f"-p {key} {shlex.quote(str(value))}" for key, value in record["given"].items())
    return {
        "href": "index.html" if first else f"{name}.html",
        "title": re.search(r"^# (.+)", prose, re.M)[1],
        "sections": [(_slug(title), title) for title in re.findall(r"^## (.+)", prose, re.M)],
        "parameters": [row | {"value": record["parameters"][row["name"]]} for row in record["declared"][name]],
        "command": f"bulle run {given}".strip(),
    }


def _css() -> str:
    light, dark = (HtmlFormatter(style=style).get_style_defs for style in ("friendly", "github-dark"))
    own = (TEMPLATES / "site.css").read_text(encoding="utf-8")
    by_system = "@media(prefers-color-scheme:dark){" + dark(":root:not([data-theme=light]) .highlight") + "}"
    return own + light(".highlight") + by_system + dark("[data-theme=dark] .highlight")


def _mended(html: str) -> BeautifulSoup:
    """The page with links between pages, heading anchors, scopes in tables, tables that scroll in themselves."""
    soup = BeautifulSoup(html, "html.parser")
    for unwanted in soup.select("main style, main a.anchor-link"):
        unwanted.decompose()
    for link in soup.select("main a[href$='.ipynb']"):
        link["href"] = "index.html" if FIRST in link["href"] else link["href"].removesuffix("ipynb") + "html"
    for heading in soup.select("main h1, main h2"):
        heading["id"] = _slug(heading.get_text())
    for table in soup.select("table.dataframe"):
        table.attrs.pop("border", None)
        for cell in table.select("thead th"):
            cell["scope"] = "col"
        for cell in table.select("tbody th"):
            cell["scope"] = "row"
        for cell in table.select("td"):
            if not re.fullmatch(r"[\s\d.,%×+\-−–/]*|NaN|NaT", cell.get_text()):
                cell["class"] = "text"
        table.wrap(
            soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table"})
        )
    return soup


def _searchable(soup: BeautifulSoup, href: str) -> list[tuple[str, str, str]]:
    """Address, section title and text of each paragraph, for the search."""
    found, place = [], (href, soup.title.get_text())
    for element in soup.select("main h1, main h2, main p, main li, main blockquote, main figcaption, main td"):
        content = " ".join(element.get_text().split())
        if element.name in ("h1", "h2"):
            place = (f"{href}#{element['id']}", content)
        found.append((*place, content[:300]))
    return found


def _slug(title: str) -> str:
    return re.sub(r"[^\w]+", "-", title).strip("-").lower()


def _script(content: object) -> str:
    """JSON that may stand in a script: no text in it can close the element."""
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")
