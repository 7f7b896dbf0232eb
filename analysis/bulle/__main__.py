"""The command line: `bulle run`, `sweep`, `params`, `check`, `compare`, `corpus`, `quotes`, `amounts`, `actors`,
`stances`, `theme`, `sheet`, `label`, `index`, `lab`, `new`, `clean`, `completion`."""

import argparse
import io
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Never

from bulle import LANGUAGES, WRITTEN, InputError, progress

# Each command imports what it needs, so that help comes at once and Ctrl-C is heard from the start. jsonschema compiles
# an optional grammar of web addresses that nothing here uses, for more than a second: it is told that there is none.
sys.modules.setdefault("rfc3987_syntax", None)

KNOWN = ", ".join(LANGUAGES)
LEDGERS = {
    "quotes": "who says what: the quotations of a corpus",
    "amounts": "how much: what the articles say in numbers",
    "actors": "who and what is named",
    "stances": "what is held of a theme, place by place",
}
WELCOME = """\
Bulle reads press articles and tells what they say of a theme; each number leads to its places in the texts.

  bulle run                        the notebooks on the example; prints the path of the page to open
  bulle run --corpus FOLDER        on your own texts: a folder, a table or an archive
            -p theme "crise"       of your theme; with -p language en, of English texts; -p narrate fr: in French
  bulle theme "crise" --corpus FOLDER
                                   which forms a theme finds, and which it leaves out
  bulle check build                made again: is every byte of the run what its texts give?
  bulle new FOLDER                 the notebooks copied there, to edit
  bulle lab                        the notebooks in JupyterLab (make lab)

bulle --help lists all commands, bulle params the parameters; bulle completion bash writes what completes them.
"""
DASHES = re.compile(r"(-\w|--\w+=)--")  # an option with the value --
ROOM = 600_000_000  # bytes of addresses that our libraries take before any text is read


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 (a notebook failed) or 2 (the input is wrong)."""
    _open()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name in Latin-1, or a terminal that has no é
    try:
        words = sys.argv[1:] if arguments is None else arguments
        if words.count("--") > 1 or any(map(DASHES.fullmatch, words)):  # argparse makes an empty list of it
            raise InputError("-- ends the options and is no value; name a file that is called so ./--")
        if not words:
            print(WELCOME, end="")
            return 0
        given = parser().parse_args(words)
        _roomy()
        status = given.action(given)
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a full disk or a closed pipe can be told
        return status
    except InputError as error:
        return _told(error, 2)
    except KeyboardInterrupt:
        logging.getLogger("asyncio").disabled = True  # what was waited for will not come, and need not be told
        return _told("interrupted; what stood in the output folder before still stands", 130)
    except BrokenPipeError:
        return _told("who reads the output has gone; it was cut short", 1)
    except MemoryError:
        return _told("not enough memory; give a smaller sample or a smaller corpus", 1)
    except ImportError as error:
        return _told(f"not enough memory, or a broken installation: {' '.join(str(error).split()):.150}", 1)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _told(f"{error.filename}: {reason}" if getattr(error, "filename", None) else reason, 2)
    except RuntimeError as error:
        return _told(error, 1)
    finally:
        _let_go()


class Parser(argparse.ArgumentParser):
    """A parser of words that says what is wrong with them in one line."""

    def error(self, message: str) -> Never:
        """`InputError` with the message."""
        raise InputError(f"{message}; see {self.prog} --help")


def _open() -> None:
    """Give what is said a place to go where standard output or error is closed: the next file would take its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115


def _roomy() -> None:
    """`InputError` where so little memory is allowed that the libraries in use end the process instead of saying so."""
    if os.name == "posix":
        import resource

        allowed = resource.getrlimit(resource.RLIMIT_AS)[0]  # -1: no limit
        if 0 <= allowed < ROOM:
            raise InputError(f"{allowed // 10**6} MB of memory are allowed (ulimit -v); allow {ROOM // 10**6} or more")


def _told(trouble: object, status: int) -> int:
    """Say what is wrong in one line (what follows it on further ones is indented); the exit status."""
    lines = str(trouble).split("\n    ")
    told = "\n    ".join("".join(c if c.isprintable() else repr(c)[1:-1] for c in line) for line in lines)
    with suppress(OSError):  # nobody may be there to read it
        print(f"bulle: {told}", file=sys.stderr)
    return status


def _let_go() -> None:
    """Leave nothing to be written when Python ends: it would complain of a closed pipe or a full disk once more."""
    for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    whole = Parser(prog="bulle", description=__doc__, allow_abbrev=False)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="execute the notebooks and build the page", allow_abbrev=False)
    run.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="numbers or names (default: all)")
    run.add_argument("--corpus", help="file or folder of articles; the same as -p corpus PATH")
    _parametrised(run)
    run.add_argument("-o", "--output", type=Path, default=Path("build"), help="folder of the run (default: build)")
    run.add_argument(
        "--engine",
        choices=("kernel", "papermill"),
        default="kernel",
        help="one kernel for all (default), or for each",
    )
    run.add_argument("--scheduler", default="", help="of a Dask cluster: tcp://HOST:8786; or local, to start one here")
    run.add_argument("--pdf", action="store_true", help="print the account to narrative.pdf, too (needs Chromium)")
    run.set_defaults(action=_run)
    sweep = commands.add_parser(
        "sweep", help="make the choices behind the answer in every way, and what it owes to each"
    )
    sweep.add_argument("--corpus", help="as -p corpus")
    sweep.add_argument("--all", action="store_true", help="the usual values of every decision that is not given")
    sweep.add_argument("--table", default="", help="a TOML file: a decision a line, with the list of its values")
    sweep.add_argument("-o", "--output", type=Path, default=Path("sweep"), help="folder of the sweep (default: sweep)")
    told = "a parameter, or a decision and a value, as often as it has values"
    given = {"nargs": 2, "action": "append", "default": [], "metavar": ("NAME", "VALUE"), "help": told}
    sweep.add_argument("-p", "--parameter", **given)
    sweep.set_defaults(action=_sweep)
    _of_notebooks(commands)
    _of_corpora(commands)
    _of_runs(commands)
    return whole


def _of_corpora(commands: argparse.Action) -> None:
    """The commands on corpora."""
    corpus = commands.add_parser("corpus", help="what a corpus holds and how it is read, before a run")
    corpus.add_argument("path", help="file, folder, table, archive or pattern")
    _reading(corpus)
    corpus.set_defaults(action=_corpus)
    for name, told in LEDGERS.items():
        ledger = commands.add_parser(name, help=f"{told}, as a table (CSV)")
        ledger.add_argument("path", help="file, folder, table, archive or pattern")
        if name in ("stances", "actors"):
            flag = "theme" if name == "stances" else "--theme"  # who is named may be set against a theme
            ledger.add_argument(flag, help="as the parameter of the notebooks")
        _reading(ledger)
        ledger.set_defaults(action=_ledger, ledger=name, theme="")
    theme = commands.add_parser("theme", help="what a theme is taken to mean: forms found, left out, and near misses")
    theme.add_argument("theme", help="as the parameter of the notebooks")
    theme.add_argument("--corpus", help="file, folder, table, archive or pattern in which its forms are counted")
    _parametrised(theme)
    theme.set_defaults(action=_theme)
    _of_labels(commands)


def _of_labels(commands: argparse.Action) -> None:
    """The commands on labels by hand."""
    sheet = commands.add_parser("sheet", help="write the sentences on a theme to a sheet to be labelled by hand")
    sheet.add_argument("path", help="file, folder, table, archive or pattern")
    sheet.add_argument("theme", help="as the parameter of the notebooks")
    sheet.add_argument("--size", type=int, default=0, help="sentences drawn at random (default: all)")
    sheet.add_argument(
        "-o", "--output", type=Path, default=Path("sheet.csv"), help=".csv or .xlsx (default: sheet.csv)"
    )
    _reading(sheet)
    sheet.set_defaults(action=_sheet)
    label = commands.add_parser("label", help="label the sentences of a sheet in the browser, one key a label")
    label.add_argument("path", help="a sheet (.csv); or a corpus, with a theme, of which -o SHEET is made first")
    label.add_argument("theme", nargs="?", default="", help="as the parameter of the notebooks")
    label.add_argument("--of", choices=("tone", "voice", "stance"), default="tone", help="what is asked")
    label.add_argument("--as", dest="name", default="", help="who reads: each has labels of his own")
    label.add_argument("--narrate", default="", help=f"language of the page: {KNOWN} (default: that of the browser)")
    label.add_argument("--print", action="store_true", help="only print the address, open no browser")
    label.add_argument("--size", type=int, default=0, help="sentences drawn at random (default: all)")
    label.add_argument("-o", "--output", type=Path, default=Path("sheet.csv"), help="(default: sheet.csv)")
    _reading(label)
    label.set_defaults(action=_label)


def _of_notebooks(commands: argparse.Action) -> None:
    """The commands on notebooks, on what is kept, and on the command line itself."""
    params = commands.add_parser("params", help="list the parameters of the notebooks")
    params.set_defaults(action=_params)
    lab = commands.add_parser("lab", help="open copies of the notebooks in JupyterLab, with an index")
    lab.add_argument("options", nargs="*", metavar="-- OPTION", help="options of JupyterLab, behind --")
    lab.add_argument("--folder", type=Path, default=Path("lab"), help="of the copies (default: lab)")
    lab.add_argument("--narrate", choices=LANGUAGES, default=WRITTEN, help=f"language to open in (default: {WRITTEN})")
    lab.set_defaults(action=_lab)
    new = commands.add_parser("new", help="copy the notebooks into a folder, to edit and run in JupyterLab")
    new.add_argument("folder", type=Path, help="made if it is not there; no file in it is written over")
    new.set_defaults(action=_new)
    clean = commands.add_parser("clean", help="remove what is kept of large corpora in the cache folder")
    clean.set_defaults(action=_clean)
    completion = commands.add_parser("completion", help="write the script that completes commands in a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))
    completion.set_defaults(action=_completion)


def _of_runs(commands: argparse.Action) -> None:
    """The commands on runs that are made."""
    check = commands.add_parser("check", help="make a run again from its texts, and compare every byte")
    check.add_argument("run", type=Path, help="folder of a run")
    check.add_argument("--corpus", default="", help="where the texts are now, if not where the run found them")
    check.set_defaults(action=_check)
    compare = commands.add_parser("compare", help="which claims differ between two runs")
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    compare.add_argument("-o", "--output", type=Path, help="write the comparison as a page, too")
    compare.set_defaults(action=_compare)
    index = commands.add_parser("index", help="build a start page over the runs below a folder")
    index.add_argument("folder", type=Path, help="folder that holds folders of runs")
    index.set_defaults(action=_index)


def _parametrised(command: argparse.ArgumentParser) -> None:
    told = "a parameter of the notebooks and its value (bulle params lists them)"
    given = {"nargs": 2, "action": "append", "default": [], "metavar": ("NAME", "VALUE"), "help": told}
    command.add_argument("-p", "--parameter", **given)


def _reading(command: argparse.ArgumentParser) -> None:
    """The options by which a corpus is read."""
    command.add_argument("--language", default="fr", help=f"of the articles: {KNOWN}, or auto (default: fr)")
    command.add_argument("--columns", default="", help='columns without a usual name: "text=Corps, date=Jour"')
    command.add_argument("--unreadable", type=float, default=0.1, help="largest share of bad files (default: 0.1)")


def _run(given: argparse.Namespace) -> int:
    from bulle.app import kernel

    kernel.housed()
    if given.engine == "kernel":
        kernel.started()  # it imports while we do
    from bulle import cluster
    from bulle.app import run

    printer = _printer(given) if given.pdf else None
    texts = dict(given.parameter) | ({"corpus": given.corpus} if given.corpus is not None else {})
    with cluster.at(given.scheduler), progress.line(kernel.heard):
        first = run.run(" ".join(given.notebooks), texts, given.output, given.engine, printer)
    print(first.absolute())
    if printer:
        print(first.with_name("narrative.pdf").absolute())
    return 0


def _sweep(given: argparse.Namespace) -> int:
    from bulle.app import sweep

    own = [["corpus", given.corpus]] if given.corpus is not None else []
    settings, values = sweep.asked([*given.parameter, *own], given.table, given.all)
    with progress.line():
        page = sweep.made(settings, values, given.output)
    print(page.absolute())
    return 0


def _printer(given: argparse.Namespace) -> Callable[[Path], Path]:
    """What prints the account; asked for before the run, because there may be no browser and nothing to print."""
    from bulle.app import pdf, run, site

    if site.FIRST not in {path.stem for path in run.notebooks(" ".join(given.notebooks))}:
        raise InputError(f"--pdf prints the account, which notebook {site.FIRST!r} writes; run it, too")
    return partial(pdf.printed, browser=pdf.browser())


def _index(given: argparse.Namespace) -> int:
    from bulle.app import index

    print(index.index(given.folder).absolute())
    return 0


def _lab(given: argparse.Namespace) -> int:
    from bulle.app import lab

    lab.opened(given.folder, given.narrate, given.options)
    return 0


def _new(given: argparse.Namespace) -> int:
    import shutil

    from bulle.app import execution

    places = {given.folder / path.name: path for path in execution.notebooks(every=True)}
    if standing := [place for place in places if os.path.lexists(place)]:
        raise InputError(f"{standing[0]} exists and may be yours; name another folder")
    given.folder.mkdir(parents=True, exist_ok=True)
    for place, path in places.items():
        shutil.copyfile(path, place)
        print(place.absolute())
    return 0


def _clean(_: argparse.Namespace) -> int:
    from bulle import store

    print(f"{store.clean() / 1e6:,.0f} MB removed from {store.place()}")
    return 0


def _completion(given: argparse.Namespace) -> int:
    from bulle.app import completion

    print(completion.script(given.shell, parser()), end="")
    return 0


def _params(_: argparse.Namespace) -> int:
    import nbformat

    from bulle.app import execution

    for path in execution.notebooks(every=True):
        print(path.stem)
        for parameter in execution.parameters(nbformat.read(path, as_version=4)).values():
            print(f"  {parameter.name:<10} {parameter.type.__name__:<5} {parameter.default!r:<10} {parameter.help}")
    return 0


def _check(given: argparse.Namespace) -> int:
    from bulle.app import kernel
    from bulle.runs import holds_sweep

    kernel.housed()
    if not (swept := holds_sweep(given.run)):
        kernel.started()  # it imports while we do
    from bulle.app import again, sweep

    with progress.line((lambda: []) if swept else kernel.heard):
        found, end = (sweep if swept else again).checked(given.run, given.corpus)
    print("\n".join([*found, *end]))
    return 1 if found else 0


@contextmanager
def _whole(*runs: Path) -> Iterator[None]:
    """Runs about to be read: what fails on one that was changed since it was written is its own fault."""
    from bulle.app import folder

    for run in runs:
        for path in sorted(run.iterdir()) if run.is_dir() else ():
            if not path.is_file() and not path.is_dir():  # a pipe would be waited for
                raise InputError(f"{str(path)!r} is no file, and a run holds only files; run again elsewhere")
    try:
        yield
    except InputError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        changed = [f"{str(run)!r} holds {found[0]}" for run in runs if (found := folder.foreign(run))]
        if not changed:
            raise
        reason = " ".join(str(error).split())
        raise InputError(f"{changed[0]}; it cannot be read ({reason:.80}): run again into another folder") from None


def _compare(given: argparse.Namespace) -> int:
    from bulle import runs
    from bulle.app import compare, folder, site

    with _whole(given.before, given.after), progress.line():
        before, after = compare.ledgers(given.before, given.after)
    causes, claims = compare.causes(before, after), compare.claims(before, after)
    print(compare.told(causes, claims))
    if given.output:
        with folder.file(given.output) as beside:
            beside.write_bytes(runs.sealed(site.comparison(causes, claims, (given.before, given.after))))
        print(given.output.absolute())
    return 0


def _corpus(given: argparse.Namespace) -> int:
    from bulle import corpus

    with progress.line():
        told = corpus.preview(given.path, given.language, given.columns, given.unreadable)
    print(told)
    return 0


def _ledger(given: argparse.Namespace) -> int:
    import bulle
    from bulle import bodies, corpus, names

    theme = [given.theme] if given.theme else []
    with progress.line():
        articles = bodies.body(corpus.read(given.path, given.language, given.columns, given.unreadable))
        table = getattr(bulle, given.ledger)(articles, *theme)
        table = names.spoken(table, names.mentions(articles)) if given.ledger == "quotes" else table
    if unread := table.attrs.get("unread"):
        _told(f"no {given.ledger} are looked for in articles of: {', '.join(unread)}", 0)
    table.to_csv(sys.stdout, index=False)
    return 0


def _theme(given: argparse.Namespace) -> int:
    from bulle import bodies, corpus, meant

    asked = {"language": "fr", "columns": ""} | dict(given.parameter)
    if unknown := asked.keys() - {"language", "columns"}:
        raise InputError(f"unknown parameter {min(unknown)!r}; there are: language, columns")
    if not given.corpus:
        known = [asked["language"]] if asked["language"] != "auto" else LANGUAGES
        print("\n\n".join(meant.told(given.theme, language) for language in known))
        return 0
    with progress.line():
        articles = bodies.body(corpus.read(given.corpus, asked["language"], asked["columns"]))
    known = articles.language.unique() if len(articles) else [asked["language"]]
    for language in known:
        print(meant.told(given.theme, language, articles[articles.language == language]))
    return 0


def _sheet(given: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from bulle import bodies, corpus, labels, passages
    from bulle.app import folder

    if os.path.lexists(given.output):
        raise InputError(f"{given.output} exists and may hold labels; name another with -o")
    if given.output.suffix not in (".csv", ".xlsx") or not given.output.absolute().parent.is_dir() or given.size < 0:
        raise InputError(
            f"sheet {given.output}: expected a .csv or .xlsx file in a folder that exists, --size 0 or more"
        )
    if given.output.suffix == ".xlsx" and not any(map(find_spec, ("xlsxwriter", "openpyxl"))):
        raise InputError("an .xlsx file needs xlsxwriter; pip install 'bulle[formats]', or name a .csv with -o")
    articles = bodies.body(corpus.read(given.path, given.language, given.columns, given.unreadable))
    rows = labels.sheet(labels.around(articles, given.theme), given.size)
    if rows.empty:
        told = f"theme {given.theme!r}: no sentence of {given.path} holds it; nothing was written"
        raise InputError("; ".join(filter(None, [told, passages.hint(articles, given.theme)])))
    with folder.file(given.output) as beside:
        (rows.to_excel if given.output.suffix == ".xlsx" else rows.to_csv)(beside, index=False)
    print(f"sentences in {given.output}: {len(rows)}")
    return 0


def _label(given: argparse.Namespace) -> int:
    from bulle import LANGUAGES, tell, themes
    from bulle.app import desk, label

    if given.narrate:
        tell(given.narrate)
    if given.theme:
        known = [given.language] if given.language in LANGUAGES else LANGUAGES
        if given.of == "stance" and all(themes.theme(given.theme, one).fact("stance") != "claim" for one in known):
            raise InputError(f"theme {given.theme!r}: no stance is read of it, so none can be labelled")
        if given.name:
            desk.named(given.name)  # before a sheet is made for nobody
        _sheet(given)
    made = label.Page(desk.Desk(given.output if given.theme else Path(given.path), given.of, given.name), given.narrate)
    print(f"{made.address}\nCtrl-C ends; every label is saved at once", flush=True)
    if not given.print:
        label.opened(made)
    with suppress(KeyboardInterrupt):
        made.serve()
    print(f"{made.desk.done} of {len(made.desk.rows)} sentences labelled in {made.desk.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
