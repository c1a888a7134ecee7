"""musicnn's input: 16 kHz mono, 512-point Hann STFT with hop 256, 96 Slaney mel bands, log10(10000 m + 1).

The same numbers as `librosa.feature.melspectrogram(sr=16000, n_fft=512, hop_length=256, n_mels=96)` in the release
musicnn was written for: centred frames (reflect in the old default, zeros since 0.10; only the first and last
frame differ), power spectrum, Slaney's scale with area-normalised triangles.
"""

import subprocess

import numpy as np

SAMPLE_RATE, FFT, HOP, BANDS, PATCH = 16000, 512, 256, 96, 187


def decode(path, start_s, length_s):
    """Mono 16 kHz f32 samples by the ffmpeg command line; empty where the file has no sound there."""
    command = ["ffmpeg", "-v", "error", "-ss", str(start_s), "-t", str(length_s), "-i", str(path)]
    command += ["-vn", "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=False).stdout, dtype="<f4")


def log_mel(samples):
    """[samples] -> [frames, 96]."""
    padded = np.pad(samples.astype(np.float64), FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    return np.log10(10000 * (power @ filters().T) + 1).astype(np.float32)


def patches(samples):
    """[samples] -> [n, 187, 96], without overlap; the unfilled end is dropped."""
    if len(samples) < PATCH * HOP:
        return np.empty((0, PATCH, BANDS), np.float32)
    spectrum = log_mel(samples)
    whole = len(spectrum) // PATCH
    return spectrum[: whole * PATCH].reshape(whole, PATCH, BANDS)


def filters():
    """Slaney-normalised triangles [96, 257] over 0..8000 Hz."""
    edges = mel_to_hz(np.linspace(0, hz_to_mel(SAMPLE_RATE / 2), BANDS + 2))
    bins = np.linspace(0, SAMPLE_RATE / 2, FFT // 2 + 1)
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rise, fall)) * (2 / (edges[2:] - edges[:-2]))[:, None]


STEP, KNEE_HZ, LOG_STEP = 200 / 3, 1000.0, np.log(6.4) / 27


def hz_to_mel(hz):
    """Slaney's scale: linear below 1 kHz, logarithmic above."""
    return hz / STEP if hz < KNEE_HZ else KNEE_HZ / STEP + np.log(hz / KNEE_HZ) / LOG_STEP


def mel_to_hz(mel):
    knee = KNEE_HZ / STEP
    return np.where(mel < knee, mel * STEP, KNEE_HZ * np.exp(LOG_STEP * (np.maximum(mel, knee) - knee)))
