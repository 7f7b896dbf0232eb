"""The command line: `bulle run`, `params`, `check`, `compare`, `corpus`, `sheet`, `index`."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from analysis import InputError, worker

# Each command imports what it needs, so that help comes at once and Ctrl-C is heard from the start. jsonschema compiles
# an optional grammar of web addresses that nothing here uses, for more than a second: it is told that there is none.
sys.modules.setdefault("rfc3987_syntax", None)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 (a notebook failed) or 2 (the input is wrong)."""
    given = parser().parse_args(arguments)
    try:
        return given.action(given)
    except InputError as error:
        print(f"bulle: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:
        print(f"bulle: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bulle: interrupted; what stood in the output folder before still stands", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    whole = argparse.ArgumentParser(prog="bulle", description=__doc__, allow_abbrev=False)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("run", help="execute the notebooks and build the page", allow_abbrev=False)
    one.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="numbers or names (default: all)")
    one.add_argument("--corpus", help="file or folder of articles; the same as -p corpus PATH")
    one.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"))
    one.add_argument("-o", "--output", type=Path, default=Path("build"), help="folder of the run (default: build)")
    one.add_argument(
        "--engine", choices=("fork", "papermill"), default="fork", help="fork (default), or Papermill's own"
    )
    one.add_argument("--pdf", action="store_true", help="print the account to narrative.pdf, too (needs Chromium)")
    one.set_defaults(action=_run)
    two = commands.add_parser("params", help="list the parameters of the notebooks")
    two.set_defaults(action=_params)
    three = commands.add_parser("check", help="hold the account of a run against its findings and its texts")
    three.add_argument("run", type=Path, help="folder of a run")
    three.add_argument("--corpus", default="", help="where the texts are now, if not where the run found them")
    three.set_defaults(action=_check)
    four = commands.add_parser("compare", help="which claims differ between two runs")
    four.add_argument("before", type=Path)
    four.add_argument("after", type=Path)
    four.add_argument("-o", "--output", type=Path, help="write the comparison as a page, too")
    four.set_defaults(action=_compare)
    five = commands.add_parser("corpus", help="what a corpus holds and how it is read, before a run")
    five.add_argument("path", help="file, folder, table, archive or pattern")
    _reading(five)
    five.set_defaults(action=_corpus)
    six = commands.add_parser("sheet", help="write the sentences on a theme to a sheet to be labelled by hand")
    six.add_argument("path", help="file, folder, table, archive or pattern")
    six.add_argument("theme", help="as the parameter of the notebooks")
    six.add_argument("--size", type=int, default=0, help="sentences drawn at random (default: all)")
    six.add_argument("-o", "--output", type=Path, default=Path("sheet.csv"), help=".csv or .xlsx (default: sheet.csv)")
    _reading(six)
    six.set_defaults(action=_sheet)
    seven = commands.add_parser("index", help="build a start page over the runs below a folder")
    seven.add_argument("folder", type=Path, help="folder that holds folders of runs")
    seven.set_defaults(action=_index)
    return whole


def _reading(command: argparse.ArgumentParser) -> None:
    """The options by which a corpus is read."""
    command.add_argument("--language", default="fr", help="of the articles: fr, en, or auto (default: fr)")
    command.add_argument("--columns", default="", help='columns without a usual name: "text=Corps, date=Jour"')


def _run(given: argparse.Namespace) -> int:
    if given.engine == "fork":
        worker.start()  # it imports while we do
    from analysis import run

    printer = _printer(given) if given.pdf else None
    texts = dict(given.parameter) | ({"corpus": given.corpus} if given.corpus is not None else {})
    first = run.run(" ".join(given.notebooks), texts, given.output, given.engine)
    print(first.absolute())
    if printer:
        print(printer(first).absolute())
    return 0


def _printer(given: argparse.Namespace) -> Callable[[Path], Path]:
    """What prints the account; asked for before the run, because there may be no browser and nothing to print."""
    from analysis import page, paper, run

    if page.FIRST not in {path.stem for path in run.notebooks(" ".join(given.notebooks))}:
        raise InputError(f"--pdf prints the account, which notebook {page.FIRST!r} writes; run it, too")
    return partial(paper.printed, browser=paper.browser())


def _index(given: argparse.Namespace) -> int:
    from analysis import runs

    print(runs.index(given.folder).absolute())
    return 0


def _params(_: argparse.Namespace) -> int:
    import nbformat

    from analysis import run

    for path in run.notebooks():
        print(path.stem)
        for parameter in run.parameters(nbformat.read(path, as_version=4)).values():
            print(f"  {parameter.name:<10} {parameter.type.__name__:<5} {parameter.default!r:<10} {parameter.help}")
    return 0


def _check(given: argparse.Namespace) -> int:
    from analysis import check

    found = check.problems(given.run, given.corpus)
    print("\n".join(found) or "every sentence stands on the ledger, and the ledger on the texts")
    return 1 if found else 0


def _compare(given: argparse.Namespace) -> int:
    from analysis import compare, page

    before, after = compare.ledgers(given.before, given.after)
    causes, claims = compare.causes(before, after), compare.claims(before, after)
    print(compare.told(causes, claims))
    if given.output:
        given.output.write_text(page.comparison(causes, claims, (given.before, given.after)), encoding="utf-8")
        print(given.output.absolute())
    return 0


def _corpus(given: argparse.Namespace) -> int:
    from analysis import corpus

    print(corpus.preview(given.path, given.language, given.columns))
    return 0


def _sheet(given: argparse.Namespace) -> int:
    from analysis import corpus, passages, sentiment

    if given.output.exists():
        raise InputError(f"{given.output} exists and may hold labels; name another with -o")
    if given.output.suffix not in (".csv", ".xlsx") or not given.output.absolute().parent.is_dir() or given.size < 0:
        raise InputError(
            f"sheet {given.output}: expected a .csv or .xlsx file in a folder that exists, --size 0 or more"
        )
    articles = corpus.body(corpus.read(given.path, given.language, given.columns))
    rows = sentiment.sheet(passages.passages(articles, given.theme, 0), given.size)
    if rows.empty:
        told = f"theme {given.theme!r}: no sentence of {given.path} holds it; nothing was written"
        raise InputError("; ".join(filter(None, [told, passages.hint(articles, given.theme)])))
    (rows.to_excel if given.output.suffix == ".xlsx" else rows.to_csv)(given.output, index=False)
    print(f"{len(rows)} sentences in {given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
