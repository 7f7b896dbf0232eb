"""Is the account true? Its numbers are counted again by a naive path, and its comparisons are put to placebos.

    python benchmarks/truth.py CORPUS [--theme violence --theme crise] [--language fr] [--draws 100]

Of the package the naive path uses the reading of the corpus and what it sets aside, and nothing else: the rest is
regular expressions and plain pandas. Placebos put the theme where it cannot mean anything: on sentences drawn at
random, on sentences drawn with a chance in proportion to their length, and as a word without meaning written into
sentences at random places. Of a hundred, some five may seem to differ.
"""

import argparse
import math
import re
from collections.abc import Iterator
from itertools import chain

import numpy as np
import pandas as pd
from scipy import stats

from bulle import bodies, corpus, entries, families, findings, passages, sentiment, studies, words

WORD = "xyloquance"  # no word of any language, nor of any list
ALLOWED = 7  # of a hundred placebos: more than that would be met in one run of eight by honest intervals


class Sentences:
    """All sentences of the articles that hold a theme, scored once, and how many of each article hold it."""

    def __init__(self, articles: pd.DataFrame, theme: str):
        places = passages.matches(articles, theme)
        self.articles = articles[articles.article.isin(places.article)].reset_index(drop=True)
        self.rows = words.sentences(self.articles)
        self.evidence, self.scores = sentiment.scored(self.rows, self.articles)
        held = passages.around(self.articles, places, 0)
        self.held = held.groupby("article").size()
        self.own = {article: rows.to_numpy() for article, rows in self.rows.groupby("article").groups.items()}

    def drawn(self, generator: np.random.Generator, longer: bool) -> np.ndarray:
        """Numbers of sentences drawn in each article, as many as hold the theme there."""
        chosen = []
        for article, count in self.held.items():
            rows = self.own[article]
            weight = self.scores.words.to_numpy()[rows] + 1.0 if longer else np.ones(len(rows))
            chosen.append(generator.choice(rows, count, replace=False, p=weight / weight.sum()))
        return np.concatenate(chosen)


def excluded(found: sentiment.Contrast) -> bool:
    """Whether the interval of a contrast excludes 0, so that the account would name a direction."""
    return not found.refusals and not found.low <= 0 <= found.high


def random_sentences(held: Sentences, generator: np.random.Generator, longer: bool) -> bool:
    """Whether sentences drawn at random seem to differ in tone from the others."""
    theme = np.zeros(len(held.rows), bool)
    theme[held.drawn(generator, longer)] = True
    return excluded(sentiment.contrast(held.scores[theme], held.scores[~theme], held.evidence))


def written_word(held: Sentences, generator: np.random.Generator) -> bool:
    """Whether sentences into which a word without meaning was written seem to differ from the others.

    The word stands after a word drawn from all words of an article, so that long sentences hold it more often.
    """
    theme = np.unique(held.drawn(generator, longer=True))
    rows = held.rows.loc[theme].copy()
    for number, text in zip(theme, rows.text, strict=True):
        gaps = [place for place, sign in enumerate(text) if sign == " "] or [len(text)]
        place = generator.choice(gaps)
        rows.loc[number, "text"] = f"{text[:place]} {WORD}{text[place:]}"
        rows.loc[number, ["start", "end"]] = 0, len(text) + len(WORD) + 1
    evidence, scores = _alone(rows, held.articles)
    kept = np.ones(len(held.rows), bool)
    kept[theme] = False
    both = pd.concat([evidence, _outside(held.evidence, rows)], ignore_index=True)
    return excluded(sentiment.contrast(scores, held.scores[kept], both))


def _alone(rows: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Evidence and scores of sentences with the word, each as if it were a text of its own."""
    names = rows.article + " " + rows.sentence.astype(str)
    language = rows.article.map(articles.set_index("article").language)
    own = pd.DataFrame({"article": names, "language": language})
    texts = rows.assign(article=names)
    starts = [text.index(WORD) for text in rows.text]
    places = pd.DataFrame({"article": names, "start": starts, "end": [start + len(WORD) for start in starts]})
    found = sentiment.scored(texts, own, "", places)
    back = dict(zip(names, rows.article, strict=True))
    return tuple(table.assign(article=table.article.map(back)) for table in found)


def _outside(evidence: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["article", "sentence"]
    return evidence[~evidence.set_index(keys).index.isin(rows.set_index(keys).index)]


def placebos(articles: pd.DataFrame, theme: str, draws: int, seed: int = 2026) -> pd.DataFrame:
    """How many placebos of each kind have an interval that excludes 0: `theme`, `placebo`, `draws`, `excluded`."""
    held, generator = Sentences(articles, theme), np.random.default_rng(seed)
    kinds = {
        "random sentences": lambda: random_sentences(held, generator, longer=False),
        "random sentences, longer ones more often": lambda: random_sentences(held, generator, longer=True),
        "a word without meaning, written at random": lambda: written_word(held, generator),
    }
    rows = [(theme, kind, draws, sum(one() for _ in range(draws))) for kind, one in kinds.items()]
    return pd.DataFrame(rows, columns=["theme", "placebo", "draws", "excluded"])


# --- the recount ------------------------------------------------------------------------------------------------------

PREFIXED = "".join(rf"(?<!\b{prefix}[-\u2010\u2011])" for prefix in entries("en", "prefixes"))  # non-AI is one word
HUNG = r"(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|les?|la|lui|leur|moi|toi|ce|ci|là|en|y)"  # a pronoun after its verb
APART = ("non-violence",)  # compounds that are words of the dictionary, and no forms of their parts
Claim = tuple[str, object, object]  # what is claimed, what the account says, what was counted again


def recount(articles: pd.DataFrame, theme: str) -> pd.DataFrame:
    """The numbers of an account beside those of a naive path, one row a claim: `claim`, `told`, `counted`, `true`."""
    study = studies.study(articles.copy(), theme)
    made = findings.ledger(study, {"theme": theme})
    texts = families.families(articles).assign(body=bodies.body(articles).text)
    pattern = re.compile(rf"(?<![\w-])(?:\w+-)*{_either(theme)}(?:-\w+)*(?![\w-])", re.IGNORECASE)
    texts["places"] = [sum(word.lower() not in APART for word in pattern.findall(text)) for text in texts.body]
    steps = (_reading, _words, _share, _quotations, _voices, _tones, _by_source, _by_period)
    claims = chain(*(step(made, texts) for step in steps), _groups(made, texts, study))
    rows = [(*claim, _same(*claim[1:])) for claim in claims]
    return pd.DataFrame(rows, columns=["claim", "told", "counted", "true"])


def _either(theme: str) -> str:
    """Expression of a theme with each of its words in the singular or the plural."""
    return r"\s+".join(re.escape(word.removesuffix("s")) + "[sx]?" for word in theme.split())


def _same(told: object, counted: object) -> bool:
    if isinstance(told, float) and isinstance(counted, float):
        return math.isclose(told, counted, rel_tol=1e-6, abs_tol=1e-9)
    return told == counted


def _standing(form: str, texts: pd.DataFrame, case: str = "") -> int:
    """How often a form stands in the bodies as a word: in French no hyphen ties it to another word but a pronoun, in
    English it is no possessive of another form; perhaps with a capital, or in small letters, only."""
    count = 0
    for language, own in texts.groupby("language").body:
        whole = re.compile(_spelling(form, language, case), re.IGNORECASE)
        count += sum(len(whole.findall(text)) for text in own)
    return count


def _spelling(form: str, language: str, case: str = "") -> str:
    """Expression of a form as a word."""
    spelled = re.escape(form).replace("'", "['’]")
    spelled = f"(?-i:{spelled[0].upper()}){spelled[1:]}" if case == " with a capital" else spelled
    spelled = f"(?-i:{spelled[0].lower()}){spelled[1:]}" if case == " in small letters" else spelled
    written = rf"(?<![^\W_]){spelled}(?![^\W_])"
    possessive = "" if re.search("['’]", form) else r"(?!['’]s\b)"
    patterns = {
        "fr": rf"(?<![^\W_]-){written}(?!-(?!{HUNG}(?![\w-]))[^\W_])",
        "en": PREFIXED + written + possessive,
    }
    return patterns[language]


def _reading(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """Articles, sources and dates."""
    yield "read.articles", made["read.articles"].value, len(texts)
    days = texts.date.dropna().dt.strftime("%Y-%m-%d")
    for name, day in (("read.first", days.min()), ("read.last", days.max())):
        if name in made:
            yield name, made[name].value, day
    for name in made.group("articles of a source"):
        yield f"{name} {made[name].about}", made[name].value, int((texts.source == made[name].about).sum())


def _words(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """Every word with its number: a lemma by the forms that its finding lists, a form by a plain search for it."""
    for name in made.group("occurrences"):
        forms = re.findall(
            r"(.+?) ([\d,]+)( with a capital| in small letters| as a noun)?(?:, |$)",
            made[name].formula.partition(" forms: ")[2],
        )
        if not any(apart == " as a noun" for _, _, apart in forms):  # no pattern tells it from the other word
            counted = sum(_standing(form, texts, apart) for form, _, apart in forms)
            yield f"{name} {made[name].about}", made[name].value, counted
    for name in made.group("places of a form"):
        hung = rf"(?!\w)(?![\u2010\u2011-](?!{HUNG}(?![\w-]))\w)"  # violence-là
        spelled = r"\s+".join(map(re.escape, made[name].about.split()))
        whole = rf"(?<![\w\u2010\u2011-]){spelled}{hung}"
        counted = sum(len(re.findall(whole, text, re.IGNORECASE)) for text in texts.body)
        yield f"{name} {made[name].about}", made[name].value, counted
    for name in made.group("occurrences of a form"):
        form = made[name].about
        case = re.IGNORECASE if form == form.lower() else re.NOFLAG  # a name has its capitals
        counted = sum(len(re.findall(rf"\b{re.escape(form)}\b", text, case)) for text in texts.body)
        yield f"{name} {made[name].about}", made[name].value, counted


def _share(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """Where the theme stands, and its share with the exact interval."""
    yield "theme.sentences: places", made["theme.sentences"].spans_total, int(texts.places.sum())
    if "theme.articles" in made:
        yield "theme.articles", made["theme.articles"].value, int((texts.places > 0).sum())
    if "theme.share" in made and made["theme.share"].interval:
        held = texts.groupby("family").places.max() > 0
        yield "theme.share", made["theme.share"].value, float(held.mean())
        k, n = int(held.sum()), len(held)
        bounds = (stats.beta.ppf(0.025, k, n - k + 1), stats.beta.ppf(0.975, k + 1, n - k))
        yield from _bounds(made["theme.share"], bounds)


def _bounds(finding: findings.Finding, counted: tuple[float, float]) -> Iterator[Claim]:
    for told, bound, side in zip(finding.interval, counted, ("from", "to"), strict=True):
        yield f"{finding.name} {side}", float(told), float(bound)


def _quotations(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """A quotation stands in a body word for word, under its source and day, and is as long as is said."""
    about = texts.set_index("article")
    typical = "quoted.rule" in made and made["quoted.rule"].value == "typical"
    for name in made.group("match"):
        span = made[name].spans[0]
        row = about.loc[span.article]
        yield f"{name}: in the text", span.text in row.text, True
        yield f"{name}.where", made[f"{name}.where"].value, row.source or span.article
        if f"{name}.day" in made:
            yield f"{name}.day", made[f"{name}.day"].value, f"{row.date:%Y-%m-%d}"
        if typical:
            length = sum(any(sign.isalnum() for sign in piece) for piece in span.text.split())  # « alone is no word
            fits = made["quoted.shortest"].value <= length <= made["quoted.longest"].value
            yield f"{name}: as long as said", fits, True


def _tones(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """Each net tone is that of its masses, and lies in its interval; a direction is one of the interval, too."""
    for name in [name for name in ("tone", "rest") if f"{name}.net" in made]:
        positive, negative = made[f"{name}.positive"].value, made[f"{name}.negative"].value
        yield f"{name}.net", made[f"{name}.net"].value, (positive - negative) / (positive + negative + 1)
    for name in made.group("tone"):
        if made[name].interval:
            low, high = made[name].interval
            yield f"{name}: within its interval", low <= made[name].value <= high, True
            verdict = str(made[name.replace(".net", ".verdict")].value) if name.endswith(".net") else ""
            yield f"{name}: no side without the interval", "positive" in verdict and low <= 0, False
            yield f"{name}: no side against the interval", "negative" in verdict and high >= 0, False


def _voices(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """Voices add up to the places, shares are those of the counts, whoever speaks is named in the article, and what is
    quoted of an amount or an actor stands there."""
    kinds = [f"voice.{kind}" for kind in ("reporter", "named", "unnamed", "organisation", "unknown")]
    if "voice.places" in made:
        counts = [made[name].value for name in kinds if name in made]
        yield "voices add up", sum(counts), made["voice.places"].value
        yield "voices of others", made["voice.others"].value, sum(counts) - made["voice.reporter"].value
    for name in made.findings:
        step, _, part = name.partition(".")
        if step in ("voice", "stance") and part.endswith(".share") and part != "rest.share":
            whole = made[f"{step}.places"].value
            yield name, made[name].value, made[name.removesuffix(".share")].value / whole
    bodies_of, texts_of = (texts.set_index("article")[column] for column in ("body", "text"))
    for name in [*made.group("name")]:
        if re.fullmatch(r"heard\.\d+|stance\.\w+\.holder\.\d+", name):
            surname = words.unaccented(made[name].value.split()[-1]).lower()  # Nuñez is written Nunez as well
            held = all(surname in words.unaccented(texts_of[span.article]).lower() for span in made[name].spans)
            yield f"{name} {made[name].value} is named there", held, True
        if re.fullmatch(r"amount\.\d+|amounts\.order", name):
            yield f"{name} {made[name].value}", made[name].value in bodies_of[made[name].spans[0].article], True


def _groups(made: findings.Ledger, texts: pd.DataFrame, study: studies.Study) -> Iterator[Claim]:
    """Groups of contexts and what is in none add up; each word is found by its forms in as many sentences of a group,
    and of the others, as is said, or in one beside them. Which sentence is in which group is the study's."""
    if "groups.rest" not in made:
        return
    rows, cut = study.contexts, study.sentences.set_index(["article", "sentence"]).text
    places = rows[["article", "sentence"]].to_numpy()
    near = [" \n ".join(cut.get((one, number + step), "") for step in (-1, 0, 1)) for one, number in places]
    whole, languages = made["theme.sentences"].value, texts.set_index("article").language.loc[rows.article]
    names = [f"group.{number}" for number in range(1, made["groups"].value + 1)]
    yield "groups add up", sum(made[f"{one}.contexts"].value for one in names) + made["groups.rest"].value, whole
    yield "groups.rest.share", made["groups.rest.share"].value, made["groups.rest"].value / whole
    for name in names:
        own = (rows.group == made[name].value).to_numpy()
        yield f"{name}.contexts", made[f"{name}.contexts"].value, int(own.sum())
        yield f"{name}.share", made[f"{name}.share"].value, float(own.mean())
        for source in [one for one in made.findings if re.fullmatch(rf"{name}\.source\.\d+", one)]:
            there = (texts.set_index("article").source.loc[rows.article] == made[source].value).to_numpy()
            yield f"{source}.share {made[source].value}", made[f"{source}.share"].value, float(own[there].mean())
        for word in [one for one in made.findings if re.fullmatch(rf"{name}\.word\.\d+", one)]:
            forms = made[f"{word}.count"].formula.partition(" forms: ")[2].split(", ")
            found = [re.compile("|".join(_spelling(form, one) for form in forms)) for one in ("fr", "en")]
            held = [bool(found[one == "en"].search(text)) for one, text in zip(languages, near, strict=True)]
            for part, side in (("count", own), ("elsewhere", ~own)):
                counted = int(np.array(held)[side].sum())
                yield f"{word}.{part} {made[word].value}", made[f"{word}.{part}"].value, counted
            for part, side, share in (("count", own, "share"), ("elsewhere", ~own, "others")):
                yield f"{word}.{share}", made[f"{word}.{share}"].value, made[f"{word}.{part}"].value / int(side.sum())


def _by_source(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """Distinct texts of each source, those that hold the theme, and their share with Wilson's interval."""
    for name in made.group("source"):
        if f"{name}.share" in made:
            held = texts[texts.source == made[name].value].groupby("family").places.max() > 0
            yield from _counted(made, name, held)


def _by_period(made: findings.Ledger, texts: pd.DataFrame) -> Iterator[Claim]:
    """Distinct texts of each period that is named, and how many hold the theme."""
    if "trend.unit" not in made:
        return
    dated = texts[texts.date.notna()].groupby("family").agg(date=("date", "min"), places=("places", "max"))
    code = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}[made["trend.unit"].value]
    period = dated.date.dt.to_period(code).astype(str)
    for name in made.group("period"):
        yield from _counted(made, name, dated.places[period == made[name].value] > 0)


def _counted(made: findings.Ledger, name: str, held: pd.Series) -> Iterator[Claim]:
    yield f"{name}.articles {made[name].value}", made[f"{name}.articles"].value, len(held)
    yield f"{name}.holding {made[name].value}", made[f"{name}.holding"].value, int(held.sum())
    bounds = stats.binomtest(int(held.sum()), len(held)).proportion_ci(method="wilson")
    yield from _bounds(made[f"{name}.share"], (bounds.low, bounds.high))


def main() -> None:
    """Print, for each theme, the claims that a naive count refutes, how many survive, and the placebos."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus")
    parser.add_argument("--theme", action="append")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--draws", type=int, default=100, help="placebos of each kind; 0 for none")
    given = parser.parse_args()
    articles = corpus.read(given.corpus, given.language)
    for theme in given.theme or ["violence", "crise", "taxe"]:
        claims = recount(articles, theme)
        print(f"{theme}: {claims.true.sum()} of {len(claims)} claims survive the recount")
        if not claims.true.all():
            print(claims[~claims.true].to_string(index=False))
        if given.draws:
            print(placebos(bodies.body(articles), theme, given.draws).to_string(index=False))


if __name__ == "__main__":
    main()
