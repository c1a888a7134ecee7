"""Names of the sources, their split, and how many pairs one source gives.

A source is named after the package that holds its pictures. It is locked where the
lowest bit of the first byte of SHA-256 of `needledrop:` + name is 1: nothing is
fitted, chosen or tuned on it. The first fifteen are development in any case.
"""

import hashlib

FIRST = [
    "hedgewars", "supertux", "supertuxkart", "neverball", "extremetuxracer", "openarena",
    "nexuiz", "flare", "fillets", "wesnoth", "warmux", "megaglest", "freedroidrpg", "lugaru",
    "frozenbubble",
]
LATER = [
    "alienblaster-data", "angrydd", "circuslinux-data", "flobopuyo", "freedink-data", "freedm", "freedoom",
    "freedroid-data", "heroes-data", "krank", "kraptor-data", "lordsawar-data", "moviepy", "mrrescue", "open-invaders-data",
    "pathological", "pinball-data", "planetblupi-common", "seahorse-adventures", "starfighter-data", "tuxmath-data",
    "tuxtype-data", "wizznic-data", "xmoto-data",
]
SOURCES = [*LATER, *FIRST]
PAIR_LIMIT = 40


def module_name(source):
    """The module of `games` that reads a source."""
    return source.replace("-", "_")


def locked(source):
    """Whether a source is left out of everything that is fitted or chosen."""
    return source not in FIRST and bool(hashlib.sha256(b"needledrop:" + source.encode()).digest()[0] & 1)


def spread(pairs, limit=PAIR_LIMIT):
    """At most `limit` of `pairs` (track, pair): the tracks take turns, tracks and their pairs evenly spaced, in the order of the source."""
    by_track = {}
    for number, (track, _) in enumerate(pairs):
        by_track.setdefault(track, []).append(number)
    tracks = list(by_track)
    if len(tracks) > limit:
        tracks = [tracks[i * len(tracks) // limit] for i in range(limit)]
    share, left = dict.fromkeys(tracks, 0), min(limit, sum(len(by_track[track]) for track in tracks))
    while left:
        for track in tracks:
            if left and share[track] < len(by_track[track]):
                share[track] += 1
                left -= 1
    kept = {by_track[track][i * len(by_track[track]) // share[track]] for track in tracks for i in range(share[track])}
    return [pair for number, (_, pair) in enumerate(pairs) if number in kept]
