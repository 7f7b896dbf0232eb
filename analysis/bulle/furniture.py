"""The furniture of a site: lines, or labels that open them, that return in many articles of one source."""

import re
from collections import Counter

RETURNS, SHARE = 20, 0.02  # articles in which a line returns, and their share of the articles of its source
LEAST, FEW = 5, 50  # a share of fewer returns may be chance; a source of fewer articles is not judged by a share
LINE = 400  # characters: no line of furniture is longer
SENTENCE = 12  # words: a longer line that ends as a sentence does is prose, which a paper may reprint
KEPT = 500_000  # lines counted at once: 50 MB
TOLD = 3  # of the longest lines of an article, those by which a copy of it is known
ENDS = re.compile(r"[.!?…][»”\"’')\]]*$")
ITEM = re.compile(r"(?:[-*•]|\d+[.)])\s+[*_]*\w[^.:!?…]{1,40}(?:[*_]*:|:[*_]*)(?=\s)")  # - **Impact:** on whom
RUBRIC = re.compile(r"\w[^.:!?…]{2,40}?(?:\s[-–—]|\.(?!\s*[-–—]))(?=\s)")  # VIDEO - what it shows


class Lines:
    """In how many articles of its source each short line stands, counted in one reading with bounded memory.

    An article most of whose longest lines came before in its source is a copy, and does not count: what it holds
    returns because it is printed again. When the table is full every count falls by one (Misra and Gries 1982), so that
    counts are at most too low.
    """

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.articles: Counter = Counter()
        self.seen: set[int] = set()

    def add(self, source: str, text: str) -> None:
        """Count the lines of one more article."""
        own = lines(text)
        longest = {hash((source, line)) for line in sorted(own, key=lambda line: (len(line), line))[-TOLD:]}
        copied = len(longest & self.seen)
        self.seen |= longest
        if 2 * copied > len(longest):
            return
        self.articles[source] += 1
        for line in {_bare(line) for line in (*filter(_short, own), *labels(text))}:
            key = hash((source, line))
            self.counts[key] = self.counts.get(key, 0) + 1
        if len(self.counts) > KEPT:
            self.counts = {key: count - 1 for key, count in self.counts.items() if count > 1}

    def settle(self) -> None:
        """Let go of what is not needed once every article has been added."""
        self.seen = set()
        self.counts = {key: count for key, count in self.counts.items() if count >= LEAST}

    def furniture(self, source: str, text: str) -> dict[str, int]:
        """The lines and labels of an article that are furniture of its source, and in how many articles each returns.

        A line is when it returns in 20 articles, or in 2 % of those of its source where that is fewer: at least five,
        of at least fifty, for in a few articles a line may return by chance. A line that ends as a sentence does must
        reach both bounds. What marks it as a heading or an item of a list is no part of it.
        """
        articles = self.articles[source]
        part = max(LEAST, SHARE * articles) if articles >= FEW else RETURNS
        found = {}
        named = labels(text)
        for line in named | lines(text):
            count = self.counts.get(hash((source, _bare(line))), 0)
            prose = ENDS.search(line) and line not in named
            if count and count >= (max(RETURNS, part) if prose else min(RETURNS, part)):
                found[line] = count
        return found


def lines(text: str) -> set[str]:
    """The lines of a text that differ, without the white space around them."""
    return {bare for line in text.replace("\r", "\n").split("\n") if (bare := line.strip())}


def labels(text: str) -> set[str]:
    """The labels that open lines of a text: of items of a list, and in capitals that of its first line.

    >>> sorted(labels("VIDÉO - La bulle enfle.\\n- **Impact:** large\\nPARIS - La bulle."))
    ['- **Impact:**', 'VIDÉO -']
    """
    return set(filter(None, (label(line, not at) for at, line in enumerate(text.strip().splitlines()))))


def label(line: str, first: bool) -> str:
    """The label that opens a line, as it stands, or ""; one in capitals only where the line is the first."""
    found = ITEM.match(line.strip()) or (RUBRIC.match(line.strip()) if first else None)
    return found[0] if found and (found.re is ITEM or found[0].isupper()) else ""


def _bare(line: str) -> str:
    """A line without what marks it as a heading or an item of a list, or as bold.

    >>> _bare("### Repères"), _bare("- **Repères**"), _bare("---")
    ('Repères', 'Repères', '---')
    """
    return re.sub(r"^(?:[-*•#>]+\s+)+|[*_]{2}", "", line)


def _short(line: str) -> bool:
    """Whether a line may be furniture: it has words, it is not long, and it is no long sentence.

    >>> [_short(line) for line in ("Partager", "---", "La bulle " + "enfle " * 10 + "encore.")]
    [True, False, False]
    """
    if not 0 < len(line) <= LINE or not re.search(r"\w", line):
        return False
    return len(line.split()) < SENTENCE or not ENDS.search(line)
