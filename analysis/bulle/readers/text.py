"""The characters of a text file, however its bytes spell them."""

import codecs
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from bulle import InputError
from bulle.readers.safe import WHOLE, compressed, kind, opened

HEAD = 1 << 16  # bytes that tell text from binary, and one delimiter from another
DECLARED = 4096  # bytes in which a page or an XML file says its encoding; HTML asks for 1 024
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16",
        b"\xfe\xff": "utf-16"}  # fmt: skip
MAGIC = {b"%PDF": "a PDF", b"PK\x03\x04": "an office file or a zip archive", b"\x1f\x8b": "a gzip archive",
         b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image", b"\x7fELF": "a program",
         b"\xd0\xcf\x11\xe0": "an old office file (.doc, .xls)", b"PAR1": "a Parquet table",
         b"{\\rtf": "an RTF document"}  # fmt: skip
UNTRUE = ("utf-8", "ascii", "us-ascii", "iso-8859-1", "latin-1", "latin1")  # often declared of Windows-1252
STRAY, UNDEFINED = re.compile("[\udc80-\udcff]"), re.compile("[\udc81\udc8d\udc8f\udc90\udc9d]")  # Windows-1252 lacks 5
PRESS = frozenset("éèêëàâäîïôöùûüçœæñíóáúÉÈÊËÀÂÎÏÔÙÛÜÇŒÆ€£°«»’‘“”…–—§©®\u00a0")  # French, English and names from abroad
COMMON = frozenset("éèêàâçîïôùûœ’«»")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # control characters that prose has no use for

codecs.register_error("windows-1252", lambda e: (e.object[e.start : e.end].decode("windows-1252", "replace"), e.end))


def encoding(file: Path) -> tuple[str, str]:
    """How the bytes of a text file spell characters: codec and error handler.

    UTF-16 and UTF-32 are told by their mark or shape. Bytes that are not UTF-8 are strays in UTF-8 when at least ten
    well-formed letters stand beside each, else Windows-1252, or Latin-1 when Windows-1252 has no character for one.
    """
    with opened(file) as stream:
        head = stream.read(HEAD)
    for mark, codec in BOMS.items():
        if head.startswith(mark):
            return codec, "windows-1252" if codec == "utf-8-sig" and census(file)[1] else "strict"
    if what := next((what for magic, what in MAGIC.items() if head.startswith(magic)), ""):
        raise InputError(f"looks like {what}, not like text")
    for codec, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if high.count(0) > 0.7 * len(high):  # scripts of Europe leave nearly every high byte empty
            return codec, "strict"
    letters, strays, undefined = census(file)
    if not strays:
        return "utf-8", "strict"
    if letters >= 10 * strays:
        return "utf-8", "windows-1252"
    return spelled(head, "latin-1" if undefined else "windows-1252"), "strict"


def spelled(head: bytes, codec: str) -> str:
    """The codec of Western Europe by which most of the bytes beyond ASCII are letters and marks of its press; `codec`
    where another is no better."""
    high = bytes(byte for byte in head if byte > 127)

    def known(codec: str) -> int:
        return sum((sign in PRESS) + (sign in COMMON) for sign in high.decode(codec, "replace"))

    return max([codec, "iso8859-15", "mac_roman", "cp850"], key=known)


def census(file: Path) -> tuple[int, int, int]:
    """Well-formed UTF-8 letters beyond ASCII, bytes that are not UTF-8, and those unknown to Windows-1252."""
    about = file.stat()
    return _census(file, about.st_mtime_ns, about.st_size)


@lru_cache(64)
def _census(file: Path, changed: int, size: int) -> tuple[int, int, int]:  # a corpus of several batches is read twice
    letters = strays = undefined = 0
    with io.TextIOWrapper(opened(file), encoding="utf-8", errors="surrogateescape", newline="") as stream:
        for part in iter(lambda: stream.read(1 << 20), ""):
            try:
                letters += len(part.encode("utf-8")) - len(part)  # the bytes beyond the first of each letter
            except UnicodeEncodeError:
                letters += len(part.encode("utf-8", "ignore")) - len(STRAY.sub("", part))
                strays += len(STRAY.findall(part))
                undefined += len(UNDEFINED.findall(part))
    return letters, strays, undefined


def characters(file: Path, told: dict) -> TextIO:
    """A text file opened with its own encoding, line ends as they are; `told` learns the encoding."""
    codec, errors = encoding(file)
    if codec in ("windows-1252", "latin-1") and kind(file) in (".html", ".htm", ".xml"):
        from bs4.dammit import EncodingDetector

        with opened(file) as stream:
            declared = EncodingDetector.find_declared_encoding(stream.read(DECLARED), search_entire_document=True)
        codec = declared if declared and declared.lower() not in UNTRUE else codec
    told["encoding"] = codec if errors == "strict" else f"{codec}, stray bytes read as {errors}"
    try:
        " ".encode(codec)
    except (LookupError, UnicodeError) as error:  # unknown, or of no text: zlib, rot13
        raise InputError(f"its header says {codec} ({error})") from error
    stream = io.TextIOWrapper(opened(file), encoding=codec, errors=errors, newline="")
    try:
        head = stream.read(HEAD)
    except ValueError as error:
        stream.close()
        if isinstance(error, InputError):
            raise
        raise InputError(f"not {codec}, as its first bytes or its header say ({error})") from error
    if len(CONTROLS.findall(head)) > (0.1 if codec.startswith("utf") else 0.01) * len(head):
        stream.close()
        raise InputError("binary; expected text")
    stream.seek(0)
    return stream


def contents(file: Path, told: dict) -> str:
    """All characters of a text file."""
    size = file.stat().st_size
    if size <= WHOLE:
        with characters(file, told) as stream:
            held = stream.read(WHOLE + 1 if compressed(file) else -1)
        size = max(size, len(held))
    if size > WHOLE:
        raise InputError(f"more than {WHOLE >> 20:,} MB, the most that is read at once; cut it, or make it a .jsonl")
    return held
