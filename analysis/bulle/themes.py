"""The language of themes: what a theme asks for and leaves out, read from what was written or from a theme file."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import regex

from bulle import PACKAGE, InputError, typed
from bulle.readers import safe
from bulle.view import plain

EXPRESSION = "re:"  # begins a theme that is a regular expression
VERB = regex.compile(r"\s\((?:verbe|verb)\)\Z")  # after an infinitive: the forms of the verb are asked for
QUOTES = regex.compile("[«»“”„‟]")
QUOTED = r'"[^"\n]*+"'
APART = r"[;|\n]|,(?!(?<=\d,)\d)"  # between two entries; the comma of 1,5 is none
PART = regex.compile(
    rf"(?P<apart>{APART}|(?<=\s)(?:OU|OR)(?=\s))|(?P<minus>(?:(?<=\s)|\A)[-−–](?=[\"\p{{L}}]))|{QUOTED}|."
)
OLDER = regex.compile(  # what only a regular expression has, and no name
    r"\\[bBdDwWsS]|\w\[[^]]+\]|\[[^]]+\][\w*+?]|\(\?|\.[*+]|\w\?|\([^)]*\||\)[?*+]|\{\d|^\^|\w\$$|\w\+\*"
)
LOGIC = regex.compile(r"\s(AND|ET|NOT|SAUF|NEAR)\s")  # of library catalogues
FACT = regex.compile(r"(name|stance|shares|other|perhaps|own):[ \t]*(.*)")  # a line of a theme file that is no entry
COMMENT = regex.compile(r"(?:^|(?<=\s))#(?:\s.*|$)")
LARGEST = 2**20  # bytes of a theme file


@dataclass(frozen=True)
class Theme:
    """What a theme asks for: `entries` to be found, `excluded` places that do not count, `note` of its files.

    An entry in straight quotation marks is found in this form only; `expression` says that the one entry is regular.
    `facts` are what the file that it is read from says of it, name and value (see `fact`).
    """

    entries: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    note: str = ""
    expression: bool = False
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def fact(self, name: str) -> str:
        """What the theme file says under a name, its lines as entries; "" if nothing.

        `name`, another name of the file; `stance` is "claim" for what can be said, feared or denied (an event cannot);
        `shares`, the stances that were measured to be told well enough for shares of the theme's places; `other`, what
        its words stand in in another sense; `perhaps`, what speaks of one unless one of `own` stands in the sentence,
        too (see `stance`).
        """
        return ", ".join(value for key, value in self.facts if key == name)


def is_expression(theme: str) -> bool:
    """Whether a theme asks for a regular expression."""
    return theme.strip().lower().startswith(EXPRESSION)


def theme(text: str, language: str) -> Theme:
    """What a theme means.

    Parameters
    ----------
    text : entries parted by `,` `;` `|` OU, OR or the end of a line, each a word or several; "in quotation marks", this
        form only; `bull*`, any rest of the word; ` -"bulle de savon"`, not where this stands; `@name`, the theme file
        of that name; after `re:`, a regular expression. The name of one of our theme files alone is that file.

    Raises
    ------
    InputError : nothing is asked for, a file is not there, or a sign means nothing.

    >>> theme('crise; krach OU "bulle" -"bulle de savon"', "fr")
    Theme(entries=('crise', 'krach', '"bulle"'), excluded=('"bulle de savon"',), note='', expression=False)
    """
    typed(str, theme=text)
    if is_expression(text):
        found = Theme((plain(text.strip()[len(EXPRESSION) :].strip()),), expression=True)
    else:
        name = text.strip()
        found = _read(f"@{name}" if name in names(language) else name, language, files=True)
    if found.excluded and not found.entries:
        raise InputError(
            f"theme {text!r} only leaves out; name before it what is sought, such as: bulle {text.strip()}"
        )
    if not any(found.entries):
        raise InputError(
            "parameter 'theme' is empty; give a word, words separated by commas, or re: and a regular expression"
        )
    if set(found.entries) <= set(found.excluded):
        raise InputError(f"theme {text!r} leaves out all that it asks for; take one of them away")
    return found


@cache
def _ours(language: str) -> dict[str, Path]:
    """Our theme files of a language, by their names and the names that they give themselves (`name: bubble`)."""
    paths = sorted((PACKAGE / "data" / language / "themes").glob("*.txt"))
    found = {path.stem: path for path in paths}
    for path in paths:
        facts = filter(None, map(FACT.fullmatch, path.read_text(encoding="utf-8").splitlines()))
        found |= {fact[2]: path for fact in facts if fact[1] == "name"}
    return found


def names(language: str) -> list[str]:
    """Names of the theme files of a language."""
    return sorted(_ours(language))


def _read(text: str, language: str, files: bool) -> Theme:
    """What a text means that is no expression; `files`: it may name theme files."""
    entries, excluded, notes, facts = [], [], [], ()
    parts = _parts(text)
    for entry, out in parts:
        if entry.startswith("@") and len(entry) > 1:
            if not files or out:
                raise InputError(f"theme file {entry!r} is named where no file may be; write its words there")
            lines = _lines(entry[1:], language)
            bare = [COMMENT.sub("", line).strip() for line in lines]
            held = _read("\n".join(line for line in bare if not FACT.fullmatch(line)), language, files=False)
            facts = tuple(found.groups() for line in bare if (found := FACT.fullmatch(line)))
            if dict(facts).get("stance", "claim") != "claim":
                raise InputError(f"theme file {entry!r} says stance: {dict(facts)['stance']}; there is: stance: claim")
            entries += held.entries
            excluded += held.excluded
            notes.append(" ".join(line.lstrip("# ").strip() for line in lines if line.startswith("# ")))
        elif out:
            excluded.append(entry)
        else:
            entries.append(entry)
    if sum(not out for _, out in parts) > 1:  # what a file says of its own words is not said of others
        facts = ()
    note = " ".join(filter(None, notes))
    return Theme(tuple(dict.fromkeys(entries)), tuple(dict.fromkeys(excluded)), note, facts=facts)


def _parts(text: str) -> list[tuple[str, bool]]:
    """Entries of a text, and whether each is left out."""
    even = QUOTES.sub('"', plain(text))
    if even.count('"') % 2:
        raise InputError(f"theme {text!r} has a quotation mark without its other; add it, or take it away")
    bare = regex.sub(QUOTED, " ", even)
    if found := OLDER.search(bare):
        asked = regex.sub(r"[,;\n]\s*", "|", text.strip())
        raise InputError(
            f"theme {text!r} looks like a regular expression ({found[0]}); write re:{asked}, or bull* for any rest of "
            'a word, or put a name that holds such a sign into quotation marks: "Jeopardy?"'
        )
    if (found := LOGIC.search(bare)) and bare != bare.upper():
        raise InputError(f'theme {text!r} has {found[1]}, which is no sign; there are: , ; | OU OR and -"left out"')
    held: list[tuple[list[str], bool]] = [([], False)]
    for part in PART.finditer(even):
        if part["apart"] or part["minus"]:
            held.append(([], bool(part["minus"])))
        else:
            held[-1][0].append(part[0])
    return [(entry, out) for written, out in held if (entry := _tidy("".join(written)))]


def _tidy(written: str) -> str:
    """An entry with single spaces, and in straight quotation marks if it is quoted as a whole."""
    entry = " ".join(written.split())
    if len(entry) > 2 and entry[0] == entry[-1] and entry[0] in "\"'" and entry[0] not in entry[1:-1]:
        return f'"{inside}"' if (inside := entry[1:-1].strip()) else ""
    if entry in ('""', '"'):
        return ""
    if "*" in entry and not regex.search(r"[^\W_]{2}\*|\*[^\W_]{2}|[^\W_]\*[^\W_]", entry):
        raise InputError(f"theme {entry!r}: * stands for the rest of a word; write two letters of it or more")
    return entry


def _lines(name: str, language: str) -> list[str]:
    """Lines of a theme file: of the user's, by its path with or without .txt, else of ours."""
    own = [path for path in (Path(name), Path(f"{name}.txt")) if path.is_file()]
    ours = _ours(language)
    if not own and name not in ours:
        raise InputError(
            f"theme file {name!r} is not there; there are: {', '.join(f'@{one}' for one in sorted(ours))}, or the "
            f'path of a text file; for a name of an account write "@{name}"'
        )
    with safe.opened([*own, ours.get(name)][0]) as file:
        held = file.read(LARGEST + 1)
    if len(held) > LARGEST:
        raise InputError(f"theme file {name!r} is larger than 1 MB; give a list of words")
    try:
        return held.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"theme file {name!r} is not in UTF-8; save it so") from None
