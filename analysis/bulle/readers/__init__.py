"""A file of any press format -> its records, one per article, each a mapping of role to value; nothing in it is run.

What reads one format alone is imported where it reads: a folder of texts should not wait for it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from bulle.readers.documents import web, word, xml
from bulle.readers.several import plain
from bulle.readers.tables import Record, Roles, excel, lines, objects, parquet, separated

Reader = Callable[[Path, dict, Roles], Iterator[Record | str]]  # a str says why a row could not be read

READERS: dict[str, Reader] = {
    **dict.fromkeys((".txt", ".md"), plain), **dict.fromkeys((".csv", ".tsv"), separated),
    **dict.fromkeys((".jsonl", ".ndjson"), lines), ".json": objects, ".parquet": parquet, ".xlsx": excel, ".docx": word,
    **dict.fromkeys((".html", ".htm"), web), **dict.fromkeys((".xml", ".atom", ".rss"), xml),
}  # fmt: skip
