#!/usr/bin/env python3
"""Fits the eyes of the embedded pack to captioned pictures of development sources.

    training/eyes/fit.py DIR [--table] [--out models/embedded]

DIR has what parts.py wrote. Written to --out: scene_space.safetensors (embedding and look -> sentence of the scene, added to the class
names), look_space.safetensors (its constants with the principal components of the embedding added), projector.safetensors (frame
vector -> sentence of the music) and feeling_space.safetensors (frame vector -> arousal and valence). Each names the sources it was
fitted to in its metadata. --table prints what each step gives on sources left out (eight folds over sources) instead.

All maps are ridge regressions in closed form. The scene's target is its sentence less the mix of class names; emoji count a tenth
of a caption of the yardstick's kind. The music's target is the brief, centred; its prior is the bridge that was learned from
written pairs (the projector in --bridge), so that few pictures only bend it.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "models/convert"))
from spaces import Sentences  # noqa: E402

PACK = TOP / "models/embedded"
TEMPERATURE = 3.0
EMOJI = 0.1
SCENE_RIDGE, MUSIC_RIDGE, FEELING_RIDGE = 10.0, 10.0, 10.0
COMPONENTS, COMPONENT_SCALE = 128, 0.15
# The embedding and the look enter the scene's regression at these lengths.
EMBEDDING_LENGTH, LOOK_FACTOR = 5.0, 3.0
FOLDS, INNER = 8, 4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bridge", type=Path, default=TOP / "training/eyes/bridge.safetensors")
    parser.add_argument("--out", type=Path, default=PACK)
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    data = Data(args.folder, load_file(args.bridge)["skip.weight"].astype(np.float64))
    if args.table:
        table(data)
    else:
        write(data, args.out)


class Data:
    """Everything that is fitted to, as arrays; rows of locked sources are dropped at once."""

    def __init__(self, top, bridge):
        self.bridge = bridge
        sentences = Sentences(PACK)
        self.classes, self.tags = load_file(PACK / "class_space.safetensors"), load_file(PACK / "tag_space.safetensors")
        self.constants = load_file(PACK / "look_space.safetensors")
        art, _ = rows(top, "captions")
        self.mean = art["embedding"].mean(axis=0)
        self.scale = EMBEDDING_LENGTH / (art["embedding"].std(axis=0).mean() * np.sqrt(art["embedding"].shape[1]))
        pictures, labels = rows(top, "pictures")
        more, more_labels = rows(top, "more")
        parts = {key: np.concatenate([pictures[key], more[key]]) for key in pictures}
        labels += more_labels
        self.tested = np.arange(len(labels)) < len(pictures["row"])
        self.clips = np.array([bool(label.get("clip")) for label in labels])
        self.sources = np.array([label["source"] for label in labels])
        self.look, self.names, self.inputs, self.embedding = self.picture(parts)
        self.scene = self.sentence(sentences, [label["scene"] for label in labels], self.classes["mean"])
        self.brief = self.sentence(sentences, [label["brief"] for label in labels], self.tags["mean"])
        self.feeling = np.array([[label["arousal"], label["valence"]] for label in labels])
        _, art_names, art_inputs, art_embedding = self.picture(art)
        art_scene = self.sentence(sentences, [row["scene"] for row in rows(top, "captions")[1]], self.classes["mean"])
        self.art = EMOJI * art_inputs.T @ art_inputs, EMOJI * art_inputs.T @ (art_scene - art_names)
        both = np.concatenate([art_embedding[::3], self.embedding])
        self.centre = self.embedding.mean(axis=0)
        self.axes = np.linalg.svd(both - self.centre, full_matrices=False)[2][:COMPONENTS]

    def picture(self, parts):
        """Look, mix of class names, inputs of the scene's regression, scaled embedding."""
        constants = self.constants
        look = np.clip((parts["look"] - constants["look_mean"]) / constants["look_std"], -3, 3) * constants["look_scale"]
        chance = np.exp((parts["logits"] - parts["logits"].max(axis=1, keepdims=True)) / TEMPERATURE)
        embedding = (parts["embedding"] - self.mean) * self.scale
        inputs = np.concatenate([embedding, LOOK_FACTOR * look, np.ones((len(look), 1))], axis=1)
        return look, unit(chance @ self.classes["vectors"]), inputs, embedding

    def sentence(self, sentences, texts, mean):
        return unit(sentences.embed(texts) - mean)

    def components(self, rows=slice(None)):
        return COMPONENT_SCALE * (self.embedding[rows] - self.centre) @ self.axes.T


def rows(top, name):
    lines = [json.loads(line) for line in (top / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    parts = dict(np.load(top / f"{name}.npz"))
    keep = [i for i, at in enumerate(parts["row"]) if name == "captions" or not is_locked(lines[at]["source"])]
    parts = {key: value[keep] for key, value in parts.items()}
    return parts, [lines[at] for at in parts["row"]]


def is_locked(source):
    return hashlib.sha256(b"needledrop:" + source.encode()).digest()[0] & 1 == 1


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def solve(a, b, ridge):
    return np.linalg.solve(a + ridge * np.eye(len(a)), b)


def scene_map(data, use):
    """[inputs, 384] from the rows `use` and the emoji."""
    x, y = data.inputs[use], (data.scene - data.names)[use]
    return solve(x.T @ x + data.art[0], x.T @ y + data.art[1], SCENE_RIDGE)


def scenes(data, use, weights):
    return unit(data.names[use] + data.inputs[use] @ weights)


def crossed_scenes(data, use):
    """Scenes of the rows `use`, each read by a map that was not fitted to its source."""
    found, inner = np.zeros_like(data.names), fold_of(data.sources, INNER)
    for part in range(INNER):
        held = use & (inner == part)
        found[held] = scenes(data, held, scene_map(data, use & ~held))
    return found[use]


def fold_of(sources, folds):
    order = sorted(set(sources), key=lambda s: hashlib.sha256(s.encode()).digest())
    place = {source: i // (1 if folds == FOLDS else FOLDS) % folds for i, source in enumerate(order)}
    return np.array([place[source] for source in sources])


def music_map(data, vectors, brief):
    """(mean input [d], weights [d, 384]): centred briefs from centred frame vectors, near the bridge."""
    prior = np.zeros((vectors.shape[1], brief.shape[1]))
    prior[: data.bridge.shape[1]] = data.bridge.T
    mean = vectors.mean(axis=0)
    x, y = vectors - mean, brief - brief.mean(axis=0)
    said = x @ prior
    prior *= (said * y).sum() / (said * said).sum()
    return mean, prior + solve(x.T @ x, x.T @ (y - x @ prior), MUSIC_RIDGE)


def feeling_map(vectors, feeling):
    mean = vectors.mean(axis=0)
    x = vectors - mean
    weights = solve(x.T @ x, x.T @ (feeling - feeling.mean(axis=0)), FEELING_RIDGE)
    return weights, feeling.mean(axis=0) - mean @ weights


def table(data):
    fold = fold_of(data.sources, FOLDS)
    said = {name: np.zeros_like(data.brief) for name in ("bridge", "scene and look", "with components")}
    seen, felt = np.zeros_like(data.scene), np.zeros_like(data.feeling)
    components = data.components()
    for part in range(FOLDS):
        test, use = fold == part, fold != part
        seen[test] = scenes(data, test, scene_map(data, use))
        crossed = crossed_scenes(data, use)
        for name, extra in [("scene and look", []), ("with components", [components])]:
            train = unit(np.concatenate([crossed, data.look[use], *[e[use] for e in extra]], axis=1))
            held = unit(np.concatenate([seen[test], data.look[test], *[e[test] for e in extra]], axis=1))
            mean, weights = music_map(data, train, data.brief[use])
            said[name][test] = unit((held - mean) @ weights)
        weights, bias = feeling_map(train, data.feeling[use])
        felt[test] = held @ weights + bias
    today = unit(np.concatenate([data.names, data.look], axis=1)) @ data.bridge.T
    said["bridge"] = unit(unit(np.concatenate([seen, data.look], axis=1)) @ data.bridge.T)
    tell(data, "scene: class names", data.names, data.scene)
    tell(data, "scene: with captions", seen, data.scene)
    tell(data, "brief: class names and look, bridge", unit(today), data.brief)
    for name, vectors in said.items():
        tell(data, f"brief: {name}", vectors, data.brief)
    for at, name in enumerate(["arousal", "valence"]):
        a, b = felt[data.tested, at], data.feeling[data.tested, at]
        print(f"{name}: Spearman {np.corrcoef(ranked(a), ranked(b))[0, 1]:.2f}")


def ranked(x):
    return np.argsort(np.argsort(x))


def tell(data, name, vectors, targets):
    """Places of the own targets among all tested ones: of everything, and of the frames of clips alone."""
    use = data.tested
    scores = vectors[use] @ targets[use].T
    own = np.diag(scores)[:, None]
    place = (scores > own).sum(axis=1) / (len(scores) - 1)
    kinds = [("all", np.ones(len(place), bool)), ("live action", data.clips[use])]
    print(f"{name}: " + ", ".join(f"{kind} {interval(place[k], data.sources[use][k])}" for kind, k in kinds), flush=True)


def interval(place, sources):
    names = sorted(set(sources))
    sums = np.array([place[sources == s].sum() for s in names])
    counts = np.array([(sources == s).sum() for s in names])
    drawn = np.random.default_rng(1).integers(0, len(names), (2000, len(names)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), [0.025, 0.975])
    return f"{place.mean():.3f} [{low:.3f}, {high:.3f}]"


def write(data, out):
    everything = np.ones(len(data.sources), bool)
    metadata = {"sources": json.dumps(sorted({str(s) for s in data.sources} | {"twemoji", "fluent-emoji"}))}
    weights = scene_map(data, everything)
    size = data.embedding.shape[1]
    embedding = data.scale * weights[:size]
    look = LOOK_FACTOR * weights[size:-1]
    pad = np.zeros((COMPONENTS, weights.shape[1]))
    scene = np.concatenate([embedding, look, pad]).T
    put(out / "scene_space.safetensors", {"weight": scene, "bias": weights[-1] - data.mean @ embedding}, metadata)
    components = {
        "pca.mean": data.mean + data.centre / data.scale,
        "pca.components": data.axes * data.scale,
        "pca.scale": np.array([COMPONENT_SCALE]),
    }
    kept = {key: data.constants[key] for key in ("look_mean", "look_std", "look_scale")}
    put(out / "look_space.safetensors", kept | components, metadata | {"look_names": look_names()}, np.float32)
    vectors = unit(np.concatenate([crossed_scenes(data, everything), data.look, data.components()], axis=1))
    mean, music = music_map(data, vectors, data.brief)
    one = {f"fc{i}.{part}": np.zeros(shape) for i, part, shape in [
        (1, "weight", (1, len(music))), (1, "bias", 1), (2, "weight", (1, 1)), (2, "bias", 1), (3, "weight", (music.shape[1], 1)),
    ]}
    put(out / "projector.safetensors", one | {"fc3.bias": -mean @ music, "skip.weight": music.T}, metadata)
    feeling, bias = feeling_map(vectors, data.feeling)
    put(out / "feeling_space.safetensors", {"weight": feeling.T, "bias": bias}, metadata, np.float32)


def look_names():
    sys.path.insert(0, str(TOP / "training/pairs"))
    from look_space import NAMES

    return ",".join(NAMES)


def put(path, tensors, metadata, kind=np.float16):
    save_file({key: np.ascontiguousarray(value, kind) for key, value in tensors.items()}, path, metadata)


if __name__ == "__main__":
    main()
