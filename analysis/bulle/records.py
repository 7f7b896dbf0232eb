"""What one record of a file says -> one row of `articles`, its text mended, and remarks on it for the report."""

import ast
import html
import json
import re
import unicodedata
from contextlib import suppress
from functools import cache

from bulle import LANGUAGES, InputError, bodies, entries, markup
from bulle.days import day, order
from bulle.readers import Record
from bulle.readers.tables import mapping
from bulle.view import ACCENT

MOJIBAKE = ("Ã", "Â", "â€", "â‚", "â\x80", "â\x82", "Å“", "Å\x93")  # misread é, ’, €, œ
MISREAD = sorted({sign[0] for sign in MOJIBAKE})
CERTAIN = {"encode", "decode", "transcode"}  # the steps of ftfy that undo one wrong decoding of the whole text
NOTHING = set("nan nat null none n/a #n/a na nil <na> \\n undefined".split())  # how tables write an empty cell
UNTOLD = {"", "unknown", "und", "mul", "mis", "zxx", "inconnue", "none"}  # languages (ISO 639-2) that are none
ESCAPED = re.compile(  # a lone \n between small letters may be of a path (C:\new)
    r"(?:\\u[0-9a-fA-F]{4})+|(?<=[.!?…»”\"])(?:\\(?:r\\)?n)+|(?:\\(?:r\\)?n){2,}|\\r\\n|(?<=[\w,;:)])\\n(?=[«“\"A-ZÀ-Ý])"
)
APART = re.compile(rf"\w[{ACCENT}]+")  # a letter and its accents as signs of their own, which no list of words has
REFERENCE = re.compile(r"&(amp;)?(#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,30});")  # once or twice over
TURNED = {  # how a file is read, how this date is written -> what is said of it
    (False, "month"): "date with its month first, while one that may be either is read day first",
    (True, "month"): "date with its month first; one that may be either is read so, too",
    (True, "day"): "date with its day first, while one that may be either is read month first",
}
NAMING = ("name", "rendered", "value", "$date", "main", "text", "title")  # keys of what an object stands for
FIELD = re.compile(r"^([\w-]+)[ \t]*[:=][ \t]*[\"']?([^\s\"'>|\[{].*?)[\"']?[ \t]*\r?$", re.MULTILINE)
CUT_OFF = "text cut by its source ([...], [+… chars], read more)"
LINK = re.compile(r"https?://[^\s<>\"'\\^`{|}]{1,2000}", re.I)  # where an article is on the web; never followed
CUT = re.compile(r"[\[(](?:\+? ?[\d.,\s]+ (?:chars|characters|caractères)|\.{3}|…)[\])]\s*\Z")
HEADLINE = re.compile(r"\s*(?:#{1,6}[ \t]+)?(\S[^\r\n]{,119})\r?\n[ \t]*\r?\n\s*\S")  # a line, an empty one, more
ENDING = 40  # characters of such an end
NESTED = 20  # lists and objects inside each other that may hold a text


def article(record: Record, name: str, language: str, turned: bool = False) -> tuple[dict, list[str]]:
    """One row of `articles` from what a file and its manifest say, and remarks on it for the report; `turned`: a date
    that may be either has its month first."""
    text, remarks = mended(said(record["text"]))
    record = {**fronted(text), **record} if "whole" in record else record
    header = bodies.HEADER.match(text)
    printed = said(record.get("date")) or (header[1] if header else "")
    if record.get("year") and not day(printed):
        printed = joined(record, printed)
    row = {
        "article": mended(said(record.get("article")))[0].strip() or name,
        "source": mended(said(record.get("source")))[0].strip(),
        "date": day(printed.strip()[: bodies.LINE], turned),
        "title": mended(said(record.get("title")))[0].strip() or (header["title"].strip() if header else ""),
        "language": spoken(said(record.get("language")), text, language),
        "text": text,
        "link": link[0] if (link := LINK.fullmatch(said(record.get("link")).strip())) else "",
        "own": said(record.get("language")).strip().lower() not in UNTOLD,
    }
    if "whole" in record and not row["title"] and row["language"] in LANGUAGES:
        row["title"] = headline(text, row["language"])
    if any(isinstance(value, str) and value.strip().lower() in NOTHING for value in record.values()):
        remarks.append("cell with a word for nothing (nan, NULL), read as nothing")
    remarks += [TURNED[found]] if (found := (turned, order(printed))) in TURNED else []
    if row["language"] in LANGUAGES and CUT_OFF not in remarks and broken(text, row["language"]):
        remarks.append(CUT_OFF)
    if not text.strip():
        remarks = ["row without text left out"] * ("whole" not in record)
    elif row["language"] not in LANGUAGES:
        remarks = [f"article in {row['language']!r} left out"]
    elif printed and row["date"] is None:
        remarks.append("date not understood")
    return row, remarks


def headline(text: str, language: str) -> str:
    """The first line of a text that stands apart from it, as a headline does; "" if there is none."""
    line = own[1].strip() if (own := HEADLINE.match(text)) else ""
    bold = (marked := {part for *_, part in markup.stretches(line)}) == {"heading"}  # not an address, a row
    told = markup.titled(line) and (bold or not marked) and line[0] != ">"
    told = told and not day(line) and not bodies.line_marks(line, "", language)
    return (line.strip("*_ ") if bold else line) if told else ""


def fronted(text: str) -> Record:
    """Title, date and source in the front matter of a text (`title: "Un titre"` between two lines `---`)."""
    front = markup.FRONT.match(text)
    if not front:
        return {}
    about = dict(FIELD.findall(front[2]))
    return {role: about[name] for role, name in mapping(list(about), {}).items() if role in ("title", "date", "source")}


def broken(text: str, language: str) -> bool:
    """Whether a text ends with what a site writes where it breaks off (`data/<language>/cut.txt`)."""
    found = bodies.patterns(language, "cut").search(text, max(0, len(text) - bodies.LINE))
    return bool(found) and not text[found.end() :].strip(" .…»)>→\r\n")


def joined(record: Record, printed: str) -> str:
    """A date whose year, month and day have a column each; `printed`, what stands for the day where it has none."""
    year, month, own = (said(record.get(role)).strip().removesuffix(".0") for role in ("year", "month", "day"))
    own = own or printed.strip()
    return f"{year}-{month}-{own}" if month.isdigit() else f"{own} {month} {year}"


def said(value: object, deep: int = NESTED) -> str:
    """A value of any file as text: nothing as "", a list as paragraphs, an object by its name."""
    if not deep:
        raise InputError(f"lists or objects nested more than {NESTED} deep")
    if isinstance(value, list):
        return "\n\n".join(said(part, deep - 1) for part in value)
    if isinstance(value, dict):
        key = next((key for key in NAMING if key in value), None)
        key = next(iter(value)) if len(value) == 1 else key
        if key is not None:
            return said(value[key], deep - 1)
        for part in value.values():
            said(part, deep - 1)  # none is nested deeper than may be
        return str(value)
    if value is None or value != value:
        return ""
    value = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    if value[:2] in ("['", '["', "{'", '{"') and value[-1:] in "]}":  # a list or an object as Python writes it
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
                return said(read(value), deep - 1)
    return "" if len(value) < 12 and value.strip().lower() in NOTHING else value


def mended(text: str) -> tuple[str, list[str]]:
    """A text freed of what was certainly done to it: one wrong decoding of the whole, halves of characters.

    >>> mended("L\u00e2\u20ac\u2122\u00c3\u00a9t\u00c3\u00a9")
    ('L’été', ['text in mojibake mended'])
    >>> mended("on écrit Ã© pour é")
    ('on écrit Ã© pour é', ['text with possible mojibake kept'])
    """
    remarks = []
    if "\0" in text:
        remarks.append("text with NUL characters")
    if "\\" in text and ESCAPED.search(text):
        text = ESCAPED.sub(lambda found: json.loads(f'"{found[0]}"').replace("\r\n", "\n"), text)
        remarks.append("text with written escapes (\\n, \\u00e9), read as what they stand for")
    if "&" in text and (bare := REFERENCE.sub(referred, text)) != text:
        text = bare
        remarks.append("text with written character references (&eacute;), read as what they stand for")
    if not unicodedata.is_normalized("NFC", text) and (whole := APART.sub(composed, text)) != text:
        text = whole
        remarks.append("text with accents apart from their letters, put together")
    if CUT.search(text, max(0, len(text) - ENDING)):
        remarks.append(CUT_OFF)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = re.sub("[\ud800-\udfff]", "\ufffd", text)
        remarks.append("text with half a character, shown as \ufffd")
    if any(letter in text for letter in MISREAD) and any(sign in text for sign in MOJIBAKE):
        import ftfy  # here and below: imported by the few texts that need them

        better, steps = ftfy.fix_encoding_and_explain(text)
        if steps and all(step.action in CERTAIN for step in steps):
            return better, [*remarks, "text in mojibake mended"]
        remarks += ["text with possible mojibake kept"] * bool(steps)
    return text, remarks


def composed(found: re.Match) -> str:
    """A letter with its accents as one sign, where there is one."""
    return unicodedata.normalize("NFC", found[0])


def referred(found: re.Match) -> str:
    """What a character reference stands for, if that is a sign of prose; those of markup are marked where they stand.

    >>> REFERENCE.sub(referred, "L&#8217;&eacute;t&eacute; R&amp;D &lt;b&gt; &amp;amp; &#36; &bulle;")
    'L’été R&D &lt;b&gt; &amp;amp; &#36; &bulle;'
    """
    sign = html.unescape(f"&{found[2]};")
    prose = len(sign) == 1 and (sign.isalnum() or sign == "'" or sign > "\x9f" or (sign == "&" and not found[1]))
    return sign if prose else found[0]


@cache
def tongues() -> dict[str, str]:
    """What tables write for each language of the package -> its code."""
    return {name: code for code in LANGUAGES for name in (code, *entries(code, "language_names"))}


def spoken(written: str, text: str, language: str) -> str:
    """The code of a text's language: what its column says, else the parameter, else what py3langid hears."""
    if written:
        name = re.split(r"[-_/ (;,]", written.strip().lower())[0]
        if name not in UNTOLD:
            return tongues().get(name, name)
    if language not in ("", "auto"):
        return language
    import py3langid

    return py3langid.classify(text[:2000])[0]
