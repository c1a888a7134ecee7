"""Measures recordings with scipy alone: loudness, spectral flux, onset rate, and a tempo that two methods agree on."""

import numpy as np
import scipy.signal
import soundfile

# Seconds that are measured, and where they begin in a track that is long enough.
SPAN_S, SKIP_S = 60.0, 20.0
WINDOW, HOP = 2048, 512
# Two methods agree on a tempo within this share of it.
AGREEMENT = 0.04
TEMPI = np.arange(45.0, 200.0, 0.25)
# Bands of the second method, Hz.
BANDS = [(30, 120), (120, 400), (400, 1600), (1600, 6400)]


def load(path):
    """Mono sound of the measured span, its rate, and the whole file's length in seconds."""
    with soundfile.SoundFile(path) as file:
        length = file.frames / file.samplerate
        file.seek(int(SKIP_S * file.samplerate) if length >= SKIP_S + SPAN_S else 0)
        sound = file.read(int(SPAN_S * file.samplerate), dtype="float32", always_2d=True)
        return sound.mean(1), file.samplerate, length


def comb_tempo(flux, rate):
    """BPM by the autocorrelation of the spectral flux (`rate` frames a second), summed over four multiples of the beat."""
    flux = scipy.signal.detrend(flux)
    wide = scipy.signal.correlate(flux, flux, method="fft")[len(flux) - 1 :]
    lags = 60.0 * rate / TEMPI
    comb = sum(np.interp(lags * k, np.arange(len(wide)), wide) for k in (1, 2, 3, 4))
    return float(TEMPI[np.argmax(comb)])


def spectral_tempo(magnitude, frequencies, rate):
    """BPM by the Fourier transform of the rises of energy in four bands, each tempo with its double and fourfold."""
    power = np.zeros(len(TEMPI))
    for low, high in BANDS:
        band = np.log1p(100 * magnitude[(frequencies >= low) & (frequencies < high)].sum(0))
        rises = scipy.signal.detrend(np.maximum(np.diff(band), 0)) * np.hanning(len(band) - 1)
        spectrum = np.abs(np.fft.rfft(rises, 8 * len(rises)))
        hertz = np.arange(len(spectrum)) * rate / (8 * len(rises))
        at = sum(np.interp(TEMPI / 60 * k, hertz, spectrum) for k in (1, 2, 4))
        power += at / max(at.max(), 1e-12)
    return float(TEMPI[np.argmax(power)])


def onsets(flux, rate):
    """Number of onsets: peaks of the flux above its local median."""
    wide = max(int(rate * 0.5) | 1, 3)
    above = flux - scipy.signal.medfilt(flux, wide)
    peaks, _ = scipy.signal.find_peaks(above, height=1.5 * above.std(), distance=max(int(rate * 0.06), 1))
    return len(peaks)


def read(path):
    """RMS in dB, mean spectral flux, onsets a second and BPM (None where the methods differ) of SPAN_S seconds."""
    sound, rate, length = load(path)
    frequencies, _, spectrum = scipy.signal.stft(sound, rate, nperseg=WINDOW, noverlap=WINDOW - HOP, boundary=None)
    magnitude = np.abs(spectrum)
    flux = np.maximum(np.diff(np.log1p(100 * magnitude), axis=1), 0).mean(0)
    frames = rate / HOP
    first, second = comb_tempo(flux, frames), spectral_tempo(magnitude, frequencies, frames)
    agreed = abs(second / first - 1) <= AGREEMENT
    return {
        "seconds": round(length, 1),
        "rms_db": round(float(10 * np.log10(np.mean(sound**2) + 1e-12)), 2),
        "flux": round(float(flux.mean()), 5),
        "onsets_per_s": round(onsets(flux, frames) / max(len(sound) / rate, 1), 3),
        "bpm": round((first + second) / 2, 1) if agreed else None,
        "bpm_by_autocorrelation": first,
        "bpm_by_spectrum": second,
    }
