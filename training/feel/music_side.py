"""What the music side of a match could be instead: one table (docs/MATCHING.md, "The music side").

  music_side.py PAIRS WORK

PAIRS: folder of pairs (training/pairs/build.py). WORK: where vectors are kept, so that a second run takes seconds. Every
row ranks all tracks for each picture. What is fitted, and what the pictures are compared with, comes from other games.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from hearing import PACK, embed, embedded, projected, unit

ROUNDS = 2000
SPACE = load_file(PACK / "tag_space.safetensors")


def logits(tags):
    mean = np.clip(tags.mean(0), 1e-6, 1 - 1e-6)
    return np.log(mean / (1 - mean))


def vectors(rows, mean=SPACE["prior_mean"], deviation=SPACE["prior_std"]):
    """Tag logits [n, 100] -> track vectors [n, 384], as audio/src/embed/tag_space.rs."""
    return unit(np.maximum((rows - mean) / np.maximum(deviation, 1e-3), 0) @ SPACE["vectors"])


class Table:
    def __init__(self, own, games, track_games):
        self.own, self.games, self.track_games, self.first = own, games, track_games, None
        draw, names = np.random.default_rng(1), sorted(set(games))
        of = [np.flatnonzero(games == name) for name in names]
        self.rounds = [np.concatenate([of[k] for k in draw.integers(0, len(of), len(of))]) for _ in range(ROUNDS)]

    def interval(self, values):
        low, high = np.percentile([values[rows].mean() for rows in self.rounds], [2.5, 97.5])
        return f"[{low:.3f}, {high:.3f}]"

    def places(self, scores, own):
        mine = scores[np.arange(len(scores)), own][:, None]
        return ((scores > mine).sum(1) + ((scores == mine).sum(1) - 1) / 2) / (scores.shape[1] - 1)

    def row(self, name, scores):
        """Mean place of the chosen track (0 best), its difference to the first row, within the game, and hubs."""
        places = self.places(scores, self.own)
        self.first = places if self.first is None else self.first
        within = []
        for game in set(self.games):
            tracks, rows = np.flatnonzero(self.track_games == game), np.flatnonzero(self.games == game)
            if len(tracks) > 2:
                within += list(self.places(scores[np.ix_(rows, tracks)], np.searchsorted(tracks, self.own[rows])))
        firsts = np.sort(np.bincount(scores.argmax(1)))[::-1] / len(scores)
        change = places - self.first
        print(f"| {name} | {places.mean():.3f} {self.interval(places)} | {change.mean():+.3f} {self.interval(change)} "
              f"| {np.mean(within):.3f} | {firsts[:10].sum():.2f} | {firsts[0]:.2f} |", flush=True)


def by_ridge(features, wanted, track_games, games, pictures, tags, strength, share):
    """Scores with `share` of a map from features to the mean picture of a track, fitted to the other games, beside tags."""
    features = (features - features.mean(0)) / (features.std(0) + 1e-6)
    scores = np.zeros((len(pictures), len(tags)))
    for game in set(games):
        x = features[track_games != game]
        fitted = np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ wanted[track_games != game])
        scores[games == game] = pictures[games == game] @ unit((1 - share) * tags + share * unit(features @ fitted)).T
    return scores


def over_background(scores, pictures, tracks, games, spread):
    """Each score less what the track has for the other games' pictures on average, and in its deviations there."""
    out = np.zeros_like(scores)
    for game in set(games):
        others = pictures[games != game]
        weights = np.array([1 / (games == name).sum() for name in games[games != game]])
        seen = others @ tracks.T
        mean = np.average(seen, axis=0, weights=weights)
        deviation = np.sqrt(np.average((seen - mean) ** 2, axis=0, weights=weights)) if spread else 1.0
        out[games == game] = (scores[games == game] - mean) / deviation
    return out


def main():
    pairs, work = map(Path, sys.argv[1:3])
    rows = embed(pairs, work)
    music = sorted({row["music"] for row in rows})
    heard = [embedded(work, name) for name in music]
    pictures = projected(np.array([embedded(work, row["pictures"][0])["visual"] for row in rows]))
    own = np.array([music.index(row["music"]) for row in rows])
    games = np.array([row["game"] for row in rows])
    track_games = np.array([name.split("/")[1] for name in music])
    table = Table(own, games, track_games)
    part = lambda which: np.array([logits(h["tags"][which(h)] if which(h).any() else h["tags"]) for h in heard])
    middle, moments, whole = part(lambda h: h["middle"]), part(lambda h: ~h["middle"]), part(lambda h: h["middle"] | True)
    tracks = vectors(whole)
    scores = pictures @ tracks.T
    print(f"{len(rows)} pairs of {len(set(games))} games, {len(music)} tracks")
    print("| music side | mean place | to the first row | within the game | first places of ten tracks | of one |\n|---|---|---|---|---|---|")
    table.row("the middle 18 s", pictures @ vectors(middle).T)
    table.row("six moments of 3 s", pictures @ vectors(moments).T)
    table.row("both: the whole track", scores)
    table.row("the better of middle and moments", np.maximum(pictures @ vectors(middle).T, pictures @ vectors(moments).T))
    table.row("whole, less the mean vector", pictures @ unit(tracks - tracks.mean(0)).T)
    table.row("whole, tag priors of these tracks", pictures @ vectors(whole, whole.mean(0), whole.std(0)).T)
    for near in (10, 50):
        usual = np.sort(scores, 0)[-near:].mean(0) + np.sort(scores, 1)[:, -near:].mean(1, keepdims=True)
        table.row(f"whole, CSLS with {near} neighbours", 2 * scores - usual)
    wanted = unit((lambda m: m - m.mean(0))(np.array([pictures[own == k].mean(0) for k in range(len(music))])))
    deep = np.array([h["deep"].mean(0) for h in heard])
    for name, features in (("penultimate numbers", deep), ("tag logits", whole)):
        for share in (1.0, 1 / 3, 0.2):
            fitted = by_ridge(features, wanted, track_games, games, pictures, tracks, 1000.0, share)
            table.row(f"{name} by ridge, share {share:.2f} beside the tags", fitted)
    level = over_background(scores, pictures, tracks, games, False)
    table.row("whole, less the track's mean over other pictures", level)
    deviations = over_background(scores, pictures, tracks, games, True)
    table.row("whole, in the track's deviations over other pictures", deviations)
    standard = lambda s: (s - s.mean(1, keepdims=True)) / s.std(1, keepdims=True)
    for share in (0.25, 0.5, 0.75):
        table.row(f"whole, cosine and {share} of these deviations", (1 - share) * standard(scores) + share * standard(deviations))


main()
