"""Vocabularies as sentence vectors: ImageNet's classes, the taggers' tags and how common each is, the four moods."""

import numpy as np
import onnxruntime
from safetensors.numpy import load_file, save
from tokenizers import Tokenizer

import mel
from phrases import MOODS, class_phrase, tag_phrase

TAGGERS = ("MSD", "MTT")
WINDOW_S = 30


class Sentences:
    """The pack's own sentence encoder, so that the vectors match what the program computes at run time."""

    def __init__(self, pack):
        self.tokenizer = Tokenizer.from_file(str(pack / "tokenizer.json"))
        self.session = session(pack / "minilm.onnx")

    def embed(self, texts):
        rows = []
        for start in range(0, len(texts), 50):
            encoded = self.tokenizer.encode_batch(texts[start : start + 50])
            feed = {
                "input_ids": np.int64([e.ids for e in encoded]),
                "attention_mask": np.int64([e.attention_mask for e in encoded]),
            }
            rows.append(self.session.run(["sentence_embedding"], feed)[0])
        return np.concatenate(rows)


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def write_class_space(pack, names, sentences):
    (pack / "class_names.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    vectors, mean = centred(sentences.embed([class_phrase(name) for name in names]))
    write(pack / "class_space.safetensors", {"vectors": vectors, "mean": mean})


def write_tag_space(pack, tags, sentences, prior):
    """`tags`: {"MSD": [50], "MTT": [50]}; `prior`: (mean, std) of each tag's logit over a corpus, [100] each."""
    lines = [f"{tagger}:{tag}" for tagger in TAGGERS for tag in tags[tagger]]
    (pack / "tags.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    vectors, mean = centred(sentences.embed([tag_phrase(tag) for tagger in TAGGERS for tag in tags[tagger]]))
    tensors = {"vectors": vectors, "mean": mean, "prior_mean": prior[0], "prior_std": prior[1]}
    write(pack / "tag_space.safetensors", tensors)


def write_mood_space(pack, sentences):
    """The sentences of the four moods as unit vectors [4, 384], centred as the tags are."""
    vectors = sentences.embed(MOODS) - load_file(pack / "tag_space.safetensors")["mean"]
    write(pack / "mood_space.safetensors", {"vectors": vectors / np.linalg.norm(vectors, axis=1, keepdims=True)})


def centred(vectors):
    mean = vectors.mean(axis=0)
    return vectors - mean, mean


def write(path, tensors):
    path.write_bytes(save({name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()}))


def tag_logits(pack, windows):
    """One row a window [n, 100]: each tagger's mean over the 3 s patches, as a logit, MSD before MTT.

    The mean is taken over the sigmoid outputs, as the musicnn package reports a whole file, then mapped back.
    """
    taggers = [session(pack / f"{tagger}_musicnn.onnx") for tagger in TAGGERS]
    rows = []
    for window in windows:
        tags = [t.run(["model/tags:0"], {"model/x:0": window})[0].mean(axis=0) for t in taggers]
        p = np.clip(np.concatenate(tags).astype(np.float64), 1e-6, 1 - 1e-6)
        rows.append(np.log(p) - np.log1p(-p))
    return np.array(rows)


def corpus_windows(folder, longest=240):
    """The 30 s preview window (from a third of the track, or its start where it is short) of each music file."""
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".ogg", ".mp3", ".flac", ".opus", ".m4a"))
    for path in files[:longest]:
        window = mel.patches(mel.decode(path, 30, WINDOW_S))
        if len(window) >= 3:
            yield window
