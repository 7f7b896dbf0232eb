"""The forms of a word, from the dictionary and the regular endings of its language, never from the texts at hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from bulle import LANGUAGES, InputError, entries, words


def forms(words: Iterable[str], language: str, least: int = 3) -> dict[str, list[str]]:
    """Forms of each word: itself, its number and gender; those of a verb for an infinitive that is no noun.

    A word that the dictionary takes for a form of a verb (été, est) is its own: it never stands for the verb.
    A word with a capital has forms with this capital. A singular that is found by its plural has `least` letters.

    >>> forms(["cheval", "taxe", "bulles", "été", "pouvoir", "État"], "fr")["taxe"]
    ['taxe', 'taxes']
    """
    known = _dictionary(language)
    return {word: _cased(word, _held(_root(word, known), language, known, least)) for word in words}


def verb(word: str, language: str) -> list[str]:
    """Forms of the verb that an infinitive names; those that only its noun has (les pouvoirs) are none.

    >>> {"peut", "pourraient"} <= set(verb("pouvoir", "fr")), "pouvoirs" in verb("pouvoir", "fr")
    (True, False)
    """
    apart = _changed(word, language, "participles")  # an infinitive has an ending of its own: its plural is a noun
    plurals, held = _plurals(word, language), _inverse(language).get(word, "").split()
    held = [form for form in held if form not in plurals] if apart else [*plurals, *held]
    return list(dict.fromkeys([word, *filter(str.isalpha, held)]))


def is_name(form: str, language: str) -> bool:
    """Whether the dictionary has the word as a name when it is written with a capital: paris, as `Paris`."""
    known = _dictionary(language)
    return form.islower() and known.get(form.capitalize()) == form.capitalize()


@cache
def compounds(language: str) -> frozenset[str]:
    """Words with a hyphen or an apostrophe that are words of their own (états-unis, main-d'œuvre), see `bare`."""
    known = _dictionary(language)
    return frozenset(bare(word) for word in (*known, *entries(language, "whole")) if "-" in word)


def bare(word: str) -> str:
    """The word in lower case, without accents and ligatures.

    >>> bare("États-Unis")
    'etats-unis'
    """
    return words.unaccented(word.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'"))


def _dictionary(language: str) -> Mapping[str, str]:
    """Lemma of each form that the dictionary of a language has (simplemma's; Barbaresi 2021)."""
    if language not in LANGUAGES:
        raise InputError(f"unknown language {language!r}; there are: {', '.join(LANGUAGES)}")
    return DEFAULT_DICTIONARY_FACTORY.get_dictionary(language)


def _root(word: str, known: Mapping[str, str]) -> str:
    """The word under which the dictionary is asked: that in lower case, unless it is a name or all in capitals."""
    title = word[1:].islower() and word[0].isupper()
    return known.get(word, word.lower()) if title else word


def _held(root: str, language: str, known: Mapping[str, str], least: int) -> list[str]:
    """Forms of one word, as `forms` describes them; `known` has the lemma of each form."""

    def others(lemma: str) -> list[str]:
        return _inverse(language).get(lemma, "").split()

    def verbal(lemma: str) -> bool:
        return any(form.endswith(entries(language, "verbs")) for form in others(lemma))

    own, singles = known.get(root), [root]
    if own not in (None, root) and (not verbal(own) or root in _plurals(own, language)):
        singles.append(own)
    if own != root:
        for form in _singulars(root, language, least):
            if known.get(form) == form or (own is None and (form in known or root.islower())):
                singles.append(form)
    held = [*singles]
    for single in singles:
        plurals = _plurals(single, language)
        for form in plurals:  # the dictionary may have it as a word of its own: cour, but cours; bal, but baux
            lemma = known.get(form)
            other = form if form.startswith(single) else lemma
            if lemma is None or lemma in singles or lemma != other or verbal(lemma):
                held.append(form)
        noun = any(known.get(form) == single for form in plurals)
        if not verbal(single) or (single == root and not noun):
            held += [form for form in others(single) if _like(form, single)]
        if verbal(single) and single == root and not noun:  # the dictionary may have a participle as an adjective
            held += [form for form in _changed(single, language, "participles") if form in known]
    return list(dict.fromkeys(held))


def _like(form: str, single: str) -> bool:
    """Whether a form of the dictionary is written as its word is: in small letters only, or with its capitals."""
    return form.islower() and form.isalpha() if single.islower() else not form.islower() and "'" not in form


def _cased(word: str, found: list[str]) -> list[str]:
    """The word itself, then its other forms: with a capital when it has one, with all those of an acronym (not Who)."""
    if word.isupper() and len(word) > 1:
        found = [form for form in found if form.replace(".", "").startswith(word)]
    return list(dict.fromkeys([word, *(form[0].upper() + form[1:] if word[0].isupper() else form for form in found)]))


@cache
def _inverse(language: str) -> dict[str, str]:
    """Forms that the dictionary gives for each lemma, with spaces between them, which takes a fifth of the memory."""
    inverse = defaultdict(list)
    for form, lemma in _dictionary(language).items():
        if form != lemma and " " not in form:
            inverse[lemma].append(form)
    return {lemma: " ".join(held) for lemma, held in inverse.items()}


def _plurals(word: str, language: str) -> list[str]:
    """Regular number and gender of a word."""
    return _changed(word, language, "plurals")


def _changed(word: str, language: str, name: str) -> list[str]:
    """Forms of a word by the longest of its endings that a list has, each with what replaces it; `*` is any other."""
    pairs = [line.split() for line in entries(language, name)]
    longest = max((old for old, _ in pairs if old != "*" and word.endswith(old)), key=len, default="*")
    return [word.removesuffix(old) + new for old, new in pairs if old == longest]


def _singulars(word: str, language: str, least: int) -> list[str]:
    """Words of so many letters or more of which this may be a regular form."""
    pairs = [line.split() for line in entries(language, "plurals")]
    found = {word.removesuffix(new) + old.replace("*", "") for old, new in pairs if word.endswith(new)} - {word}
    return sorted(form for form in found if len(form) >= least and word in _plurals(form, language))
