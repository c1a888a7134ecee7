"""Makes beats_8s.f32: BeatNet's activations of the signal of make_mel.py, 8 s at 22,050 Hz, [400, 2].

    make_beats.py FOLDER      FOLDER: the unpacked wheel of BeatNet 1.1.1

The networks are the package's own (torch). The features are madmom's, written down in numpy from its definitions, with the
window's own length as transform; madmom itself does not run on today's Python.
"""

import importlib.util
import sys

import numpy as np
import torch
from make_mel import signal, write

RATE, WINDOW, HOP = 22050, 1411, 441
LINES = WINDOW >> 1


def filters():
    line_hz = np.arange(LINES) * RATE / (2 * LINES)
    places = np.arange(np.floor(np.log2(30 / 440) * 24), np.ceil(np.log2(17000 / 440) * 24))
    hz = 440 * 2 ** (places / 24)
    hz = hz[(hz >= 30) & (hz <= 17000)]
    right = np.clip(line_hz.searchsorted(hz), 1, LINES - 1)
    lines = np.unique(right - (hz - line_hz[right - 1] < line_hz[right] - hz))
    bank = np.zeros((len(lines) - 2, LINES))
    for row, (start, centre, stop) in zip(bank, zip(lines, lines[1:], lines[2:])):
        if stop - start < 2:
            centre, stop = start, start + 1
        rise = np.linspace(0, 1, centre - start, endpoint=False)
        fall = np.linspace(1, 0, stop - centre, endpoint=False)
        triangle = np.concatenate([rise, fall])
        row[start:stop] = triangle / triangle.sum()
    return bank


def features(samples):
    count = int(np.ceil(len(samples) / HOP))
    padded = np.concatenate([np.zeros(WINDOW // 2), samples, np.zeros(WINDOW + HOP)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(WINDOW)))[:, :LINES]
    bands = np.log10(spectrum @ filters().T + 1)
    rise = np.zeros_like(bands)
    rise[1:] = np.maximum(np.diff(bands, axis=0), 0)
    return np.hstack([bands, rise]).astype(np.float32)


def main():
    folder = sys.argv[1]
    spec = importlib.util.spec_from_file_location("model", f"{folder}/BeatNet/model.py")
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    frames = torch.tensor(features(signal(RATE, 8)))[None]
    outputs = []
    for number in (1, 2, 3):
        net = model.BDA(frames.shape[2], 150, 2, "cpu")
        weights = torch.load(f"{folder}/BeatNet/models/model_{number}_weights.pt", map_location="cpu")
        net.load_state_dict(weights, strict=False)
        net.eval()
        with torch.no_grad():
            outputs.append(net.final_pred(net(frames)[0]).numpy().T[:, :2])
    write("beats_8s.f32", np.mean(outputs, 0))


main()
