"""A run held against the same run made again (see `again`): every byte of every file, and the words that differ."""

import difflib
import hashlib
import json
import os
import platform
import re
import stat
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from bulle import ROOT, InputError, entries, findings, narrative, store

ACCOUNT, LEDGER = "5-narrative.ipynb", "findings.json"
CLAIMED = ("parameters", "texts", "findings")  # of a ledger, what other versions must give again, too
RECORDED = ("babel", "beautifulsoup4", "bulle", "ipykernel", "jinja2", "jupyterlab", "matplotlib", "nbconvert", "nltk")
RECORDED += ("numpy", "pandas", "papermill", "polars", "pygments", "scipy", "seaborn", "simplemma")
SHOWN = 5  # texts named one by one
WIDTH = 70  # characters of an excerpt
LARGE = 500_000_000  # bytes of a JSON file: the ledger of a million texts
TIMES = 4  # a file that is so many times as long as it should be, or has so many times the tags, is not read


def versions() -> dict[str, str]:
    """Versions of what may change a byte of a run: packages, Python, and a digest of this package's own files."""
    return {name: version(name) for name in RECORDED} | {"python": platform.python_version(), "code": _code()}


def _code() -> str:
    digest = hashlib.sha256(store.code().encode())
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        digest.update(json.dumps([cell["source"] for cell in cells]).encode())
    return digest.hexdigest()[:12]


def recorded(folder: Path) -> dict:
    """The content of the `findings.json` of a run; `InputError` when there is none that this version can read."""
    path = folder / "findings.json"
    try:
        told = loaded(path)
    except FileNotFoundError:
        raise InputError(f"{path}: not found; give the folder of a run that holds 5-narrative") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error}; run again") from None
    if not isinstance(told, dict) or told.get("schema") != findings.SCHEMA:
        raise InputError(f"{path}: not of schema {findings.SCHEMA}; run again with this version")
    return told


def loaded(path: Path, most: int = LARGE) -> object:
    """What a JSON file of at most so many bytes holds; `ValueError` says in words why it is none."""
    return _parsed(_content(path, most))


def _content(path: Path, most: int = LARGE) -> bytes:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError(f"{_kind(path)}, not a file")
    if found.st_size > most:
        raise ValueError(f"{found.st_size:,} bytes long")
    return path.read_bytes()


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 from byte {error.start} on") from None


def _parsed(content: bytes) -> object:
    try:
        return json.loads(_text_of(content), object_pairs_hook=_single)
    except RecursionError:
        raise ValueError("not readable as JSON (nested too deep)") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not readable as JSON ({error})") from None


def _single(pairs: list[tuple[str, object]]) -> dict:
    """An object whose keys stand once: of two, a reader would see the one and a program the other."""
    made = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"the key “{shown(key)}” stands twice in one object")
        made[key] = value
    return made


def problems(folder: Path, made: Path) -> list[str]:
    """What a run holds otherwise than the same run made again, one line a file; none where every byte is the same.

    When the texts have changed since, the lines say which, and the files that differ are counted only.

    Parameters
    ----------
    folder : a run, as `bulle run` leaves it, or as it was left to us.
    made : the folder of the run made again.
    """
    lines = list(_compared(folder, made, Due(made, _language(made))))
    told = any(line.startswith((f"{LEDGER}: ", f"{ACCOUNT}: ")) for line in lines)  # else they say the same of texts
    changed = list(_texts(folder, made)) if told else []
    if not changed:
        return lines
    more = [f"and {len(changed) - SHOWN} more texts"] if len(changed) > SHOWN else []
    return [*changed[:SHOWN], *more, f"{len(lines)} files differ from what the texts give now; they were not read"]


def strays(folder: Path, made: Path) -> list[str]:
    """What of a run is missing, too much, or no file at all, whatever its files hold."""
    return list(_compared(folder, made, None))


@dataclass(frozen=True)
class Due:
    """What is known of a run made again: its folder, and the language of the account."""

    made: Path
    language: str

    @cached_property
    def sizes(self) -> dict[int, list[Path]]:
        """The files of the run by their size, the last by name first."""
        found = defaultdict(list)
        for path in reversed(files(self.made)):
            found[path.stat().st_size].append(path)
        return found

    def named(self, content: bytes) -> str:
        """The name of a file of the run that holds just this; "" where none does."""
        alike = (path for path in self.sizes.get(len(content), ()) if path.read_bytes() == content)
        return next((path.relative_to(self.made).as_posix() for path in alike), "")


def files(folder: Path) -> list[Path]:
    """The files of a folder and of those in it, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _language(made: Path) -> str:
    return json.loads((made / "parameters.json").read_text(encoding="utf-8"))["parameters"].get("narrate", "en")


def _compared(folder: Path, made: Path, due: Due | None, inside: str = "") -> Iterator[str]:
    """Problems of the entries of a folder, each with its name."""
    try:
        names = sorted({*os.listdir(folder), *os.listdir(made)})
    except OSError as error:
        yield f"{shown(inside or str(folder))}: cannot be opened ({_reason(error)})"
        return
    for name in names:
        here, there = folder / name, made / name
        if there.is_dir() and here.is_dir() and not here.is_symlink():
            yield from _compared(here, there, due, f"{inside}{name}/")
        elif problem := _problem(here, there, due):
            yield f"{shown(inside + name)}: {problem}"


def _problem(here: Path, there: Path, due: Due | None) -> str:
    """What is wrong with one entry of a folder; "" when it is the file that it should be."""
    try:
        kind = _kind(here)
        if not os.path.lexists(there):
            return f"{kind} that this run does not make"
        if kind != _kind(there):
            return f"{kind}, not {_kind(there)}"
        size, meant = here.stat().st_size, there.read_bytes()
        if size > TIMES * len(meant) or not size:
            return f"{size:,} bytes long, should be {len(meant):,}" if size else "empty"
        said = here.read_bytes()
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({_reason(error)})"
    return "" if said == meant or due is None else _difference(here.suffix, said, meant, due)


def _kind(path: Path) -> str:
    kinds = {stat.S_IFREG: "a file", stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link"}
    return kinds.get(stat.S_IFMT(path.lstat().st_mode), "a device, pipe or socket")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _difference(suffix: str, said: bytes, meant: bytes, due: Due) -> str:
    """Where the content of a file first differs from what it should be, in the words of a reader where it can."""
    if other := due.named(said):
        return f"holds what {other} should hold"
    if meant.startswith(said):
        return f"ends after {len(said):,} of {len(meant):,} bytes"
    if suffix == ".pdf":
        by, here = _printer(said), _printer(meant)
        return "is not what the account prints" if by == here else f"printed by {by}, here by {here}: not compared"
    if suffix == ".parquet":
        return f"differs from byte {_shared(said, meant):,} on"
    try:
        here, there = _text_of(said), _text_of(meant)
        if suffix in (".json", ".ipynb"):
            found = _members(_parsed(said), _parsed(meant), due.language)
        else:
            found = list(differences(here, there, due.language)) if suffix == ".html" else []
    except ValueError as error:
        return str(error)
    except (RecursionError, ParserRejectedMarkup):
        found = []
    return _first(found) or _line(here, there)


def _printer(pdf: bytes) -> str:
    found = re.search(rb"/Producer *\(([^)]{1,40})\)", pdf)
    return shown(found[1].decode("latin-1")) if found else "an unknown browser"


def _first(found: list[str]) -> str:
    """The first of some differences, and how many more there are; "" for none."""
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return found[0] + more if found else ""


def _members(said: object, due: object, language: str) -> list[str]:
    """What two JSON values hold otherwise, one line a member."""
    found = []
    for path, here, there in _leaves(said, due, ()):
        where = " / ".join(map(shown, path))
        if here is MISSING or there is MISSING:
            found.append(f"{where} {'is missing' if here is MISSING else 'should not be there'}")
        elif isinstance(here, str) and isinstance(there, str) and max(len(here), len(there)) > WIDTH:
            account = list(differences(here, there, language)) if 'class="account' in there else []
            found += [f"{where}: {one}" for one in account or [_line(here, there)]]
        else:
            found.append(f"{where} is {_value(here)}, should be {_value(there)}")
    return found


MISSING = object()


def _leaves(said: object, due: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object, object]]:
    """Members that differ: the names that lead there, and the two values, `MISSING` where there is none."""
    said, due = _joined(said), _joined(due)
    if isinstance(said, list) and isinstance(due, list):
        said, due = _named(said, due)
    if isinstance(said, dict) and isinstance(due, dict):
        for key in dict.fromkeys([*due, *said]):
            yield from _leaves(said.get(key, MISSING), due.get(key, MISSING), (*path, key))
    elif type(said) is not type(due) or said != due:
        yield path or ("the whole",), said, due


def _joined(value: object) -> object:
    """A text that a notebook keeps as a list of lines, in one piece; any other value as it is."""
    lines = isinstance(value, list) and len(value) > 0 and all(isinstance(line, str) for line in value)
    return "".join(value) if lines else value


def _named(*lists: list) -> tuple[dict, ...]:
    """Two lists as objects: by the names, ids or articles of their members where all have one, else by their places."""
    for key in ("name", "id", "article"):
        if all(_distinct(members, key) for members in lists):
            return tuple({one[key]: one for one in members} for members in lists)
    return tuple({f"{place}": one for place, one in enumerate(members, 1)} for members in lists)


def _distinct(members: list, key: str) -> bool:
    """Whether all members are objects that have a text under this key, each another."""
    names = [one.get(key) for one in members if isinstance(one, dict)]
    return len(members) == len(names) == len({name for name in names if isinstance(name, str)})


def _value(value: object) -> str:
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    return f"“{shown(value)}”" if isinstance(value, str) else shown(json.dumps(value))


def _shared(said: str | bytes, due: str | bytes) -> int:
    """How much two contents have in common from the beginning on."""
    least = min(len(said), len(due))
    return next((place for place in range(least) if said[place] != due[place]), least)


def _line(said: str, due: str) -> str:
    """The first place where two texts differ: the line, and what stands there in each."""
    place = _shared(said, due)
    line = due.count("\n", 0, place) + 1
    if said.split() == due.split():
        return f"line {line}: spaces or line ends differ"
    excerpts = [shown(text[max(0, place - WIDTH // 2) : place + WIDTH // 2]) for text in (said, due)]
    return f"line {line}: “{excerpts[0]}” should read “{excerpts[1]}”"


def shown(text: object, width: int = WIDTH) -> str:
    """A text on one line, short, with what a terminal would obey written by its number."""
    plain = " ".join(str(text).split())
    plain = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in plain[: width + 1])
    return plain if len(plain) <= width else plain[: width - 1] + "…"


# Texts


def _texts(folder: Path, made: Path) -> Iterator[str]:
    """Texts that are not those of the run any more, when all that the run says of them agrees."""
    told, now = _told(folder, made), _told(made, made)
    if not told or not now or any(one != told[0] for one in told):
        return
    now = {text["article"]: text for text in now[0]}
    if told[0] and not now.keys() & {text["article"] for text in told[0]}:
        count = len(told[0])
        yield f"none of the {count} texts of the run is in the corpus; they are known by the names of their files"
        return
    for text in told[0]:
        here = now.pop(text["article"], None)
        if here is None:
            yield f"text {shown(text['article'])}: no longer in the corpus"
        elif here != text:
            parts = ["its words" if key == "sha256" else key for key in here if here[key] != text.get(key)]
            yield f"text {shown(text['article'])}: changed since the run ({', '.join(parts)})"
    yield from (f"text {shown(name)}: not in the corpus when it was run" for name in now)


def _told(folder: Path, made: Path) -> list[list[dict]]:
    """What a run says of its texts, in the ledger and in the notebook that carries it; of a damaged one, nothing."""
    found = []
    for name in (LEDGER, ACCOUNT):
        try:
            whole = loaded(folder / name, TIMES * (made / name).stat().st_size)
            texts = (whole if name == LEDGER else narrative.carried(whole)[narrative.MIME])["texts"]
            {text["article"]: text["sha256"] for text in texts}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
        found.append(texts)
    return found


# The account alone, where other versions make other bytes


def account(folder: Path, made: Path) -> list[str]:
    """What the ledger and the accounts of a run say otherwise than those made again, whatever the bytes around them."""
    found: dict[str, list[str]] = {}
    try:
        language, ledgers = _language(made), [recorded(place) for place in (folder, made)]
        pages = [_text_of(_content(place / "index.html")) for place in (folder, made)]
        here, there = (narrative.carried(loaded(place / ACCOUNT)) for place in (folder, made))
        if here is None:
            return [f"{ACCOUNT}: holds no account"]
        carried, texts = [one[narrative.MIME] for one in (here, there)], [*_texts(folder, made)]
        for name, pair in (("findings.json", ledgers), (f"{ACCOUNT}, its ledger", carried)):
            found[name] = _members(*({key: one[key] for key in CLAIMED} for one in pair), language)
        written = [_joined(one["text/html"]) for one in (here, there)]
        for name, pair in ((f"{ACCOUNT}, its account", written), ("index.html", pages)):
            found[name] = list(differences(*pair, language))
        if (count := len(BeautifulSoup(pages[0], "html.parser").select("div.account"))) != 1:
            found["index.html"].append(f"holds {count} accounts")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, ParserRejectedMarkup) as error:
        return [f"the account cannot be read ({shown(str(error))})"]
    return [*texts[:SHOWN], *(f"{name}: {_first(differing)}" for name, differing in found.items() if differing)]


def differences(html: str, due: str, language: str) -> Iterator[str]:
    """What an account says otherwise than the one that is due, sentence by sentence.

    Raises
    ------
    ValueError : the markup is many times what is due; a parser might not come to its end.
    """
    if html.count("<") > TIMES * due.count("<"):
        raise ValueError(f"holds {html.count('<'):,} tags, should hold {due.count('<'):,}")
    said, (meant, due_texts) = sentences(html), _meant(due)
    texts = [_text(one) for one in said], due_texts
    for kind, a, b, c, d in difflib.SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for here, there in zip(said[a:b], meant[c:d], strict=False):
            yield f"sentence “{_short(here)}”: {_altered(here, there, language)}"
        for extra in said[a + (d - c) : b]:
            found = _unbacked(extra, language) or "it rests on no finding"
            yield f"sentence “{_short(extra)}” is not of the account: {found}"
        yield from (f"sentence “{_short(missing)}” is missing" for missing in meant[c + (b - a) : d])


@lru_cache(16)
def _meant(html: str) -> tuple[list[Tag], list[str]]:
    """The sentences of an account that is due, which may be asked for again, and their texts."""
    return (parts := sentences(html)), [_text(one) for one in parts]


def sentences(html: str) -> list[Tag]:
    """Headings and sentences of the account in a page or an output, and last whatever stands outside them."""
    account = BeautifulSoup(html, "html.parser").select_one("div.account")
    if account is None:
        return []
    for part in account.select("figure, .lead"):  # of the page, not of the account
        part.extract()
    parts = [part.extract() for part in account.select("h1, h2, h3, span.s")]
    return [*parts, account] if account.get_text().strip() else parts


def _altered(here: Tag, there: Tag, language: str) -> str:
    """How a sentence differs from the one that is due, by the first link or word that does."""
    for one, other in zip(here.select("a"), there.select("a"), strict=False):
        if one.get_text() != other.get_text():
            return f"“{_short(one)}” should read “{_short(other)}” ({shown(other['href'])})"
        if one.get("href") != other["href"]:
            return f"“{_short(one)}” leads to {shown(one.get('href'))}, should lead to {shown(other['href'])}"
    if here.get_text() == there.get_text():
        return f"other markup, {_line(str(here), str(there))}"
    return _unbacked(here, language) or f"should read “{_short(there)}”"


@cache
def _watched(language: str) -> re.Pattern:
    words = "|".join(map(re.escape, entries(language, "watched")))
    return re.compile(rf"\d[\d.,\s]*|\b(?:{words})\b|[«“][^»”]*[»”]", re.IGNORECASE)


def _unbacked(part: Tag, language: str) -> str:
    """The first numeral, quotation or direction word of a sentence that is outside its links."""
    copy = BeautifulSoup(str(part), "html.parser")
    for link in copy.select("a[href^='#f-']"):
        link.decompose()
    found = _watched(language).search(copy.get_text())
    return f"“{found[0].strip()}” rests on no finding" if found else ""


def _text(part: Tag) -> str:
    return " ".join(str(part).split())


def _short(part: Tag) -> str:
    return shown(part.get_text())
