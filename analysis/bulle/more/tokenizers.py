"""The words and sentences of `words` behind NLTK's interface."""

from collections.abc import Iterator

from nltk.tokenize.api import TokenizerI

from bulle import words


class FrenchTokenizer(TokenizerI):
    """The words of Bulle behind NLTK's interface.

    >>> FrenchTokenizer().tokenize("Qu'en dit-il aujourd'hui ?")
    ["Qu'", 'en', 'dit', '-il', "aujourd'hui", '?']
    """

    def span_tokenize(self, s: str) -> Iterator[words.Span]:
        """Offsets of the tokens."""
        return (span for sentence in words.spans(s) for span in sentence)

    def tokenize(self, s: str) -> list[str]:
        """Tokens of the text."""
        return [s[start:end] for start, end in self.span_tokenize(s)]


class FrenchSentenceTokenizer(TokenizerI):
    """The sentences of Bulle behind NLTK's interface.

    >>> FrenchSentenceTokenizer().tokenize("M. Li est venu. Il est reparti.")
    ['M. Li est venu.', 'Il est reparti.']
    """

    def span_tokenize(self, s: str) -> Iterator[words.Span]:
        """Offsets of the sentences."""
        return iter(words.sentence_spans(s))

    def tokenize(self, s: str) -> list[str]:
        """Sentences of the text."""
        return [s[start:end] for start, end in self.span_tokenize(s)]
