"""Do groups of contexts tell the truth? Themes, shuffled contexts, merged words, order and speed.

    python benchmarks/contexts.py CORPUS [--language fr] [--themes "gilets jaunes" taxe parti violence police]

For each theme its groups or the floor that it missed, with the stability and the seconds of one core. Shuffled
contexts have the same words as often in as many contexts, and no groups: none may be accepted. Merged words: the
contexts of two words as if they were one, the words themselves left out; of the pairs accepted the purity, beside the
share that logistic regression gets right of articles held out, once it was told of the others which word they hold:
what the words around two words tell of them. The floors were chosen on seeds 1-3 and 11-13; those below are others.
"""

import argparse
import time
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from bulle import floors, groups, studies, terms

SEED, SHUFFLED, SIZE = 29, 40, 300
DRAWN, PAIRS = range(101, 113), 20  # seeds, and the pairs of words that each draws
RANKS = slice(20, 160)  # of the lemmas in most contexts: those whose pairs are merged


def shuffled(held: sparse.csr_matrix, generator: np.random.Generator) -> sparse.csr_matrix:
    """The same words as often in as many contexts of the same sizes, dealt at random (by swaps)."""
    rows, columns = held.nonzero()
    taken = set(zip(rows.tolist(), columns.tolist(), strict=True))
    edges = [*taken]
    edges.sort()
    for one, two in generator.integers(len(edges), size=(5 * len(edges), 2)):
        (a, b), (c, d) = edges[one], edges[two]
        if (a, d) not in taken and (c, b) not in taken:
            taken -= {edges[one], edges[two]}
            edges[one], edges[two] = (a, d), (c, b)
            taken |= {(a, d), (c, b)}
    rows, columns = np.array(edges).T
    return sparse.csr_matrix((np.ones(len(edges)), (rows, columns)), held.shape)


def near(study: studies.Study, hits: pd.DataFrame, own: set[str]) -> groups.Contexts:
    """The contexts of some sentences, the lemmas that are their own left out."""
    about = study.about[["family", "language"]]
    hits = hits.join(about, on="article")
    places = study.tokens[study.tokens.lemma.isin(own)][["article", "start", "end"]]
    return groups.contexts(hits, study.tokens, places)


def merged(study: studies.Study, size: int, pairs: int, generator: np.random.Generator) -> pd.DataFrame:
    """Pairs of words merged, one row each: `pair`, `accepted`, `stability`, `purity` (of the placed), `index`."""
    tokens = study.tokens[~study.tokens.function & (study.tokens.kind == "word")]
    once = tokens.drop_duplicates(["article", "sentence", "lemma"])
    counts = terms.frequency(study.tokens).set_index("term")["count"].rename("count")
    common = [one for one in counts.index[RANKS] if (once.lemma == one).sum() >= size // 2]
    every = [*combinations(common, 2)]
    rows = []
    sentences = study.sentences
    for first, second in [every[one] for one in generator.permutation(len(every))[:pairs]]:
        parts = []
        for word, other in ((first, second), (second, first)):
            with_word = once[once.lemma == word][["article", "sentence"]]
            with_other = once[once.lemma == other][["article", "sentence"]]
            alone = with_word.merge(with_other, "left", indicator=True).query("_merge == 'left_only'")
            alone = alone.merge(sentences, on=["article", "sentence"])
            drawn = np.sort(generator.permutation(len(alone))[: size // 2])
            parts.append(alone.iloc[drawn].assign(truth=word == second))
        hits = pd.concat(parts).drop_duplicates(["article", "sentence"])
        made = near(study, hits, {first, second})
        found = groups.grouped(made.held, made.rows.family.to_numpy())
        told = {"pair": f"{first} + {second}", "contexts": len(made.rows), "stability": found.stability}
        told |= {"accepted": not found.refusals, "groups": found.label.max(initial=-1) + 1}
        if not found.refusals:
            placed, truth = found.label >= 0, made.rows.truth.to_numpy().astype(int)
            table = pd.crosstab(found.label[placed], truth[placed])
            told |= {"placed": placed.mean(), "purity": table.max(axis=1).sum() / placed.sum()}
            told |= {"index": groups.rand(found.label[placed], truth[placed]), "taught": taught(made, truth)}
        rows.append(told)
    return pd.DataFrame(rows)


def taught(made: groups.Contexts, truth: np.ndarray) -> float:
    """Share of contexts whose word a classifier finds, that has learnt from other articles."""
    model, folds = LogisticRegression(C=10, max_iter=300), GroupKFold(10)
    told = cross_val_predict(model, groups.weighted(made.held), truth, groups=made.rows.family, cv=folds)
    return float((told == truth).mean())


def firmer(study: studies.Study) -> float:
    """Stability of the stablest number of groups, over as many draws as near the floor."""
    made = groups.contexts(
        study.hits.join(study.about[["family", "language"]], on="article"), study.tokens, study.matches
    )
    halves = groups.Halves(groups.weighted(made.held), made.rows.family.to_numpy())
    return max(groups.stability(halves.labels(k, groups.MORE, [])) for k in (2, 3))


def themes(path: str, language: str, wanted: list[str]) -> dict[str, studies.Study]:
    """Print what becomes of each theme, and give back its study."""
    made = {}
    for theme in wanted:
        study = made[theme] = studies.study(path, theme, language)
        told = len(study.tokens), len(study.hits)  # made before, for other steps
        began = time.process_time()
        found = study.groups.attrs
        seconds = time.process_time() - began
        stable = f"stability {found['stability']:.3f} over {found['halves']} halves, {seconds:.1f} s"
        outcome = ", ".join(study.groups.name) or floors.said(found["refusals"])
        more = f"{firmer(study):.3f} over {groups.MORE}"
        print(f"{theme}: {told[1]} contexts, {stable} ({more}): {outcome}", flush=True)
    return made


def order(study: studies.Study, generator: np.random.Generator) -> float:
    """Adjusted Rand index of the groups with the articles in another order."""
    hits = study.hits.join(study.about[["family", "language"]], on="article")
    other = hits.iloc[generator.permutation(len(hits))]
    labels = []
    for one in (hits, other):
        made = groups.groups(one, study.tokens, study.matches).contexts
        labels.append(pd.factorize(made.sort_values(["article", "sentence"]).group, sort=True)[0])
    return groups.rand(*labels)


def main() -> None:
    """Print all of it for one corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--themes", nargs="+", default=["gilets jaunes", "taxe", "parti", "violence", "police"])
    given = parser.parse_args()
    generator = np.random.default_rng(SEED)
    made = themes(given.corpus, given.language, given.themes)
    first, *others = made.values()
    print(f"{first.theme}: index with the articles in another order {order(first, generator):.3f}", flush=True)
    accepted, most = 0, 0.0
    for number in range(SHUFFLED):
        study = others[number % len(others)]
        whole = near(study, study.hits, set(study.tokens.lemma[study.tokens.lemma == study.theme]))
        families = whole.rows.family.to_numpy()
        found = groups.grouped(shuffled(whole.held, generator), families)
        accepted, most = accepted + (not found.refusals), max(most, found.stability)
    print(f"shuffled: {accepted} of {SHUFFLED} accepted, stability at most {most:.3f}", flush=True)
    pairs = pd.concat([merged(first, SIZE, PAIRS, np.random.default_rng(seed)) for seed in DRAWN])
    print(pairs.round(3).to_string(index=False))
    own = pairs[pairs.accepted]
    told = f"purity {own.purity.mean():.3f}, {own.purity.min():.3f} at least, taught {own.taught.mean():.3f}"
    print(f"merged words: {len(own)} of {len(pairs)} accepted, {told}")


if __name__ == "__main__":
    main()
