"""Ledger -> the figure that leads the account: made for the case at hand, its title a claim that the findings allow."""

from dataclasses import asdict, dataclass, field
from functools import partial

import pandas as pd
from markupsafe import Markup

from bulle import entries, figures, phrases, shares, show, telling, timeline, wording
from bulle.figures import MIME, Picture
from bulle.findings import Ledger
from bulle.narrative import Voice
from bulle.studies import Study

CHOSEN = 0.8  # share of the articles with the theme from which on they were surely chosen for it
COVERED = 0.8  # share of the articles that the sources drawn must hold
NAMED = 2  # peaks that are named
ROWS = 10  # articles drawn, of few
WORDS = ["article", "start", "end", "word", "entry", "weight", "factor", "why", "value"]  # of a sentence that is shown


@dataclass(frozen=True)
class Excerpt:
    """A sentence with its words marked, in the place of a drawing; `title`, `unit`, `caption`, `html` are markup,
    `data` the columns of its words that count."""

    name: str
    title: Markup
    unit: Markup
    caption: Markup
    html: Markup = field(repr=False)
    alt: str
    data: dict[str, list]
    lead: bool = True

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        held = asdict(self) | {name: str(getattr(self, name)) for name in ("title", "unit", "caption", "html")}
        parts = "<div class='figure'><p><strong>{}</strong></p><p>{}</p>{}<p>{}</p></div>"
        whole = Markup(parts).format(self.title, self.unit, self.html, self.caption)
        return {"text/html": str(whole), "text/plain": self.alt, MIME: held}


def lead(ledger: Ledger, study: Study) -> Picture | Excerpt | None:
    """The one figure that says most of a theme, in the language told; None where the theme stands nowhere.

    One article that holds it: its sentence. Else the first of these that the findings carry: the share of articles by
    period, by source, the voices or stances of its mentions, its mentions by article. Of texts that were chosen for the
    theme neither the share nor its course says anything.
    """
    if not ledger["theme.sentences"].value:
        return None
    voice = Voice(ledger, telling())
    if len(study.speaking) == 1:
        return _passage(ledger, study, voice)
    if ledger["theme.share"].value < CHOSEN:
        if "trend" in ledger and ledger["trend"].outcome == "value":
            return _trend(ledger, study, voice)
        if "sources.verdict" in ledger and _covered(ledger, study) >= COVERED:
            return _sources(ledger, voice)
    if "stance.worries.share" in ledger or "stance.denies.share" in ledger:
        return _stances(ledger, voice)
    if "voice.others.share" in ledger:
        return _voices(ledger, voice)
    return _counts(ledger, study, voice)


def _say(name: str, **parts: object) -> Markup:
    """A sentence of the language with its parts, of which only findings are markup."""
    return Markup(phrases(telling(), "figures")[f"lead.{name}"]).format(**parts)


def _between(name: str, voice: Voice, low: str, high: str, **parts: object) -> Markup:
    """A sentence on the lowest and the highest of some shares; another where they look the same."""
    if voice.digits(low) == voice.digits(high):
        return _say("same", high=voice.n(high))
    return _say(name, low=voice.n(low), high=voice.n(high), **parts)


def _trend(ledger: Ledger, study: Study, voice: Voice) -> Picture:
    """The share of articles by period, its peaks named."""
    table = timeline.trend(study.articles, study.speaking, study.period)
    unit, read = ledger["trend.unit"].value, table[table.articles > 0]
    peaks = [f"peak.{number}" for number in range(1, NAMED + 1) if f"peak.{number}" in ledger]
    named = [_peak(ledger, voice, peak, table) for peak in peaks]
    direction = ledger["trend.direction"].value
    if direction != "open":
        title = _say(direction, points=voice.points("trend", unit))
    elif peaks:
        shown = {"when": voice.when(peaks[0]), "others": voice.n(f"{peaks[0]}.others")}
        title = _say("peak", share=voice.n(f"{peaks[0]}.share"), **shown)
    else:
        title = _between(f"flat:{unit}", voice, "trend.lowest.share", "trend.highest.share")
    few = int((~read.enough).sum())
    counts = {"least": wording.number(read.articles.min()), "most": wording.number(read.articles.max())}
    caption = [_origins(ledger), _say(f"per:{unit}", n=wording.number(read.articles.sum()), **counts)]
    caption += [figures.counted("trend.hollow", few)] if few else []
    ends = {"first": table.period.iloc[0], "last": table.period.iloc[-1]}
    for end in timeline.clipped(study.articles, table) if not table.attrs["outside"] else []:
        caption.append(_say(f"clipped:{end}", when=voice.during(ends[end]), day=voice.date(f"read.{end}")))
    return figures.picture(
        partial(figures.line, table, named),
        read[["period", "articles", "holding", "share", "low", "high"]],
        name="lead",
        title=title,
        unit=_say(f"trend:{unit}", theme=_theme(voice)),
        caption=Markup(" ").join(filter(None, caption)),
        alt=f"{figures.plain(title)}. {figures.periods(read)}.",
        lead=True,
    )


def _peak(ledger: Ledger, voice: Voice, name: str, table: pd.DataFrame) -> tuple[int, str, str]:
    """The row of a peak, its date and share, and a headline of it."""
    period, say = ledger[name].value, phrases(telling(), "figures")
    head = say["lead.head"].format(when=figures.period_name(period), share=voice.digits(f"{name}.share"))
    words = ""
    if f"{name}.headline.1" in ledger:
        title, where = ledger[f"{name}.headline.1"].value, f"{name}.headline.1.where"
        words = say["lead.headline"].format(title=figures.seen(title))
        words = f"{figures.seen(ledger[where].value)}, {words}" if where in ledger else words
    return int(table.index[table.period == period][0]), head, words


def _origins(ledger: Ledger) -> str:
    """The sources, where they are few enough to be named all."""
    if "read.source" in ledger:
        return f"{figures.seen(ledger['read.source'].value)}."
    named = [one.about for name, one in ledger.findings.items() if name.startswith("read.sources.")]
    whole = "read.sources" in ledger and len(named) == ledger["read.sources"].value
    return f"{', '.join(map(figures.seen, named))}." if whole and "read.unsourced" not in ledger else ""


def _drawn(ledger: Ledger) -> list[str]:
    """Names of the sources with a share, the highest first."""
    named = [name for name in ledger.findings if name.count(".") == 2 and name.startswith("source.")]
    return sorted((name for name in named if name.endswith(".share")), key=lambda name: -ledger[name].value)


def _covered(ledger: Ledger, study: Study) -> float:
    """Share of the articles that the sources with a share hold."""
    return sum(ledger[name.replace(".share", ".articles")].value for name in _drawn(ledger)) / len(study.articles)


def _sources(ledger: Ledger, voice: Voice) -> Picture:
    """The share of articles by source."""
    names = _drawn(ledger)
    ends = {"least": voice.about(names[-1], quoted=False), "most": voice.about(names[0], quoted=False)}
    title = _between(f"sources:{ledger['sources.verdict'].value}", voice, names[-1], names[0], **ends)
    held = [f"{figures.seen(ledger[name].about)} {_articles(ledger, name)}" for name in names]
    caption = [_say("articles", told=", ".join(held))]
    caption += [figures.counted("lead.others", ledger["sources.others"].value)] if "sources.others" in ledger else []
    labels = [figures.seen(ledger[name].about) for name in names]
    words = {"title": title, "unit": _say("share", theme=_theme(voice)), "caption": Markup(" ").join(caption)}
    return _shares(ledger, voice, dict(zip(names, labels, strict=True)), words)


def _articles(ledger: Ledger, name: str) -> str:
    return wording.number(ledger[name.replace(".share", ".articles")].value)


def _shares(ledger: Ledger, voice: Voice, labels: dict[str, str], words: dict[str, Markup]) -> Picture:
    """Findings that are shares as dots on their intervals, each under its label."""
    rows = [(label, ledger[name].value, *ledger[name].interval, voice.digits(name)) for name, label in labels.items()]
    return _dotted(pd.DataFrame(rows, columns=["label", "value", "low", "high", "shown"]), words)


def _dotted(table: pd.DataFrame, words: dict[str, Markup]) -> Picture:
    """Shares as dots on their intervals, with the words of the figure."""
    told = figures.listed(f"{row.label} {row.shown}" for row in table.itertuples())
    return figures.picture(
        partial(figures.dots, table, figures.scale(0, table.high.max(), figures.share)),
        table[["label", "value", "low", "high"]],
        name="lead",
        alt=f"{figures.plain(words['title'])}. {told}.",
        lead=True,
        **words,
    )


def _stances(ledger: Ledger, voice: Voice) -> Picture:
    """What is held of the theme, by mention; of two stances one is only said to be ahead if their intervals part."""
    say, names = phrases(telling(), "figures"), [f"stance.{kind}.share" for kind in shares.STANCES]
    names = sorted((name for name in names if name in ledger), key=lambda name: -ledger[name].value)
    labels = {name: say[f"lead.stance:{name.split('.')[1]}"] for name in names}
    two = [name for name in ("stance.worries.share", "stance.denies.share") if name in ledger]
    parts = {name.split(".")[1]: voice.n(name) for name in two}
    if len(two) == 2:
        (low, high), (least, most) = (ledger[name].interval for name in two)
        title = _say("more:worries" if low > most else "more:denies" if high < least else "more:open", **parts)
    else:
        title = _say(f"only:{next(iter(parts))}", **parts)
    counts = {"places": voice.number("stance.places", "f"), "articles": voice.number("stance.articles")}
    caption = [_say("read", **counts)]
    caption += [_say("rest", rest=voice.n("stance.rest.share"))] if "stance.rest.share" in ledger else []
    words = {"title": title, "unit": _say("mentions", theme=_theme(voice)), "caption": Markup(" ").join(caption)}
    return _shares(ledger, voice, labels, words)


def _voices(ledger: Ledger, voice: Voice) -> Picture:
    """In whose words the theme stands, by mention; one side prevails if the interval is on one side of a half."""
    say, others = phrases(telling(), "figures"), ledger["voice.others.share"]
    low, high = others.interval
    rows = [(say["lead.voice:reporter"], 1 - others.value, 1 - high, 1 - low)]
    for kind in shares.VOICES:
        if (name := f"voice.{kind}.share") in ledger:
            rows.append((say[f"lead.voice:{kind}"], ledger[name].value, *ledger[name].interval))
    table = pd.DataFrame(rows, columns=["label", "value", "low", "high"])
    table["shown"] = [wording.measured("share", telling(), value)[0] for value in table.value]
    side = "own" if high < 0.5 else "others" if low > 0.5 else "open"
    words = {"title": _say(f"voices:{side}", others=voice.n("voice.others.share"))}
    words |= {
        "unit": _say("mentions", theme=_theme(voice)),
        "caption": _say("voiced", n=voice.number("voice.places", "f")),
    }
    return _dotted(table, words)


def _counts(ledger: Ledger, study: Study, voice: Voice) -> Picture:
    """How often each article holds the theme, of few."""
    held = study.speaking.sort_values(["places", "article"], ascending=[False, True])
    table = held.head(ROWS).reset_index(drop=True)
    table["title"] = table.article.map(study.about.title).fillna("")
    labels = table.title.str.strip().where(table.title.str.strip() != "", table.article)
    table = table.assign(label=labels.map(figures.seen), value=table.places, shown=table.places.map(wording.number))
    whole = ledger["theme.articles"].value == ledger["read.articles"].value
    numbers = {"n": voice.number("theme.articles"), "of": voice.number("read.articles")}
    title = _say("counts:all" if whole else "counts", theme=_theme(voice), **numbers)
    left = len(held) > len(table)
    caption = [_say("drawn", n=wording.number(len(table)), of=wording.number(len(held)))] if left else []
    return figures.picture(
        partial(figures.dots, table, figures.scale(0, table.places.max(), wording.number)),
        table[["article", "title", "source", "places"]],
        name="lead",
        title=title,
        unit=_say("by article"),
        caption=Markup(" ").join([_say("all"), *caption]),
        alt=f"{figures.plain(title)}. {figures.listed(f'{row.label} {row.shown}' for row in table.itertuples())}.",
        lead=True,
    )


def _passage(ledger: Ledger, study: Study, voice: Voice) -> Excerpt:
    """The sentence that is quoted first, with the theme and the words that count marked."""
    span = ledger["passage.1"].spans[0]
    hit = study.hits[(study.hits.article == span.article) & (study.hits.start == span.start)].iloc[0]
    evidence = study.evidence[(study.evidence.article == hit.article) & (study.evidence.sentence == hit.sentence)]
    places = study.matches[(study.matches.article == hit.article) & study.matches.start.between(hit.start, hit.end)]
    text = show.sentence(hit, evidence, zip(places.start, places.end, strict=True))
    up, down = (ledger[f"passage.1.{side}"].spans_total for side in ("positive", "negative"))
    pulled = {"up": voice.say("passage.1.positive", _words(up, "words"))}
    pulled |= {"down": voice.say("passage.1.negative", _words(down, "number"))}
    title = _say("pulled" if up or down else "neutral", **pulled)
    kinds = [kind for kind, count in (("pos", up), ("neg", down), ("theme", 1)) if count]
    block = Markup('<blockquote class="passage">{}</blockquote><ul class="key">{}</ul>')
    unit = "sentence" if voice.one("theme.sentences") else "sentences"
    return Excerpt(
        name="lead",
        title=title,
        unit=_say(unit, theme=_theme(voice), n=voice.number("theme.sentences", "f")),
        caption=_where(study, hit, voice),
        html=block.format(text, Markup("").join(map(_key, kinds))),
        alt=f"{figures.plain(title)}. {figures.seen(hit.text)}",
        data=figures.columns(evidence[WORDS]),
    )


def _key(kind: str) -> Markup:
    """What a mark means, marked like it."""
    word = _say(f"mark:{kind}")
    return Markup("<li>{}</li>").format(_say(f"key:{kind}", mark=show.text(word, [(0, len(word), kind, "")])))


def _words(count: int, key: str) -> str:
    """A count of words, in words where it is small."""
    numerals = entries(telling(), "numerals")
    said = numerals[count - 1].partition("|")[0] if 0 < count <= len(numerals) else wording.number(count)
    forms = phrases(telling(), "figures")
    if not count:
        return forms[f"lead.{key}:none"]
    singular, _, plural = forms[f"lead.{key}"].partition("|")
    return (singular if count == 1 else plural or singular).format(n=said)


def _where(study: Study, hit: pd.Series, voice: Voice) -> Markup:
    """Source and date of the article that a sentence stands in; its title, or the place in the one article."""
    parts = [voice.name("passage.1.where")]
    parts += [voice.date("passage.1.day")] if "passage.1.day" in voice.ledger else []
    title = figures.seen(study.about.title[hit.article])
    if not study.many:
        parts.append(_say("place", n=hit.sentence + 1, of=voice.number("read.sentences", "f")))
    elif study.about.title[hit.article].strip():
        parts.append(Markup("<cite>{}</cite>").format(title))
    return Markup(", ").join(parts) + "."


def _theme(voice: Voice) -> Markup:
    return voice.name("theme.name", quoted=True)
