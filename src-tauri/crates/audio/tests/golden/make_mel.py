"""Makes the golden log-mel files with the reference implementations: librosa, transformers (with torch).

Row-major little-endian f32: musicnn_mel.f32 holds frames 0, 8, 16, … and the last of [frames, 96];
clap_mel_10s.f32 and clap_mel_3s.f32 hold frames 0, 50, 100, … of [1001, 64].
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def signal(rate, seconds):
    """A sweep, a pulsing tone and noise; tests/mel.rs makes the same."""
    n = int(rate * seconds)
    t = np.arange(n) / rate
    state, noise = 12345, np.empty(n)
    for i in range(n):
        state = (1664525 * state + 1013904223) % 2**32
        noise[i] = state / 2**31 - 1
    sweep = 0.4 * np.sin(2 * np.pi * (100 * t + 400 * t * t))
    tone = 0.2 * np.sin(2 * np.pi * 3000 * t) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t))
    return (sweep + tone + 0.05 * noise).astype(np.float32)


def write(name, rows):
    (HERE / name).write_bytes(np.ascontiguousarray(rows, "<f4").tobytes())


def musicnn():
    import librosa

    mel = librosa.feature.melspectrogram(
        y=signal(16000, 4), sr=16000, n_fft=512, hop_length=256, n_mels=96, pad_mode="reflect"
    ).T
    log_mel = np.log10(10000 * mel + 1)
    write("musicnn_mel.f32", np.concatenate([log_mel[::8], log_mel[-1:]]))


def clap(name, seconds):
    from transformers import ClapFeatureExtractor

    extractor = ClapFeatureExtractor(
        feature_size=64,
        sampling_rate=48000,
        hop_length=480,
        max_length_s=10,
        fft_window_size=1024,
        frequency_min=50,
        frequency_max=14000,
        truncation="rand_trunc",
        padding="repeatpad",
    )
    picture = extractor(signal(48000, seconds), sampling_rate=48000, return_tensors="np")["input_features"]
    assert picture.shape == (1, 1, 1001, 64), picture.shape
    write(name, picture[0, 0, ::50])


if __name__ == "__main__":
    musicnn()
    clap("clap_mel_10s.f32", 10)
    clap("clap_mel_3s.f32", 3)
