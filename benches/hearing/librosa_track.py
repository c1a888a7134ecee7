"""What librosa has of the same: onsets, beats, chroma, tuning, mel, MFCC, levels, segments."""

import sys

import librosa

y, rate = librosa.load(sys.argv[1], sr=22050)
onsets = librosa.onset.onset_strength(y=y, sr=rate)
librosa.beat.beat_track(onset_envelope=onsets, sr=rate)
librosa.feature.chroma_cqt(y=y, sr=rate)
librosa.estimate_tuning(y=y, sr=rate)
mel = librosa.feature.melspectrogram(y=y, sr=rate)
timbre = librosa.feature.mfcc(S=librosa.power_to_db(mel))
librosa.feature.rms(y=y)
librosa.segment.agglomerative(timbre, 10)
