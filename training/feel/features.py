"""What a catalog stores of its tracks, as plain numbers."""

import sqlite3

FACTS = "row, bpm, bpm_confidence, key, key_confidence, intensity, energy, valence"


def opened(catalog):
    base = sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)
    base.row_factory = sqlite3.Row
    return base


def tracks(catalog):
    """One dict a track of catalog.sqlite: its facts, and `tags` {name: score}."""
    base = opened(catalog)
    rows = [dict(row) for row in base.execute(f"SELECT {FACTS} FROM tracks")]
    for row in rows:
        query = "SELECT name, score FROM tags JOIN tag_names ON number = tag WHERE track = ?"
        row["tags"] = dict(tuple(pair) for pair in base.execute(query, (row["row"],)))
    return rows


def files(catalog):
    """{row of a track: [paths of its files]}"""
    found = {}
    for row, path in opened(catalog).execute("SELECT track, path FROM files"):
        found.setdefault(row, []).append(path)
    return found
