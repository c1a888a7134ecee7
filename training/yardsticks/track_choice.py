"""Chooses tracks of a source by hash, so that nobody's ear has a part in it, and drafts their rows for the labels."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import music_files

# Tracks of a source that says no number of its own, by kind, and the shortest recording, seconds.
MOST_RECORDINGS = 10
MOST_RENDERED = 16
LEAST_S = 25.0


def order(source, paths):
    """`paths` sorted by SHA-256 of source and path."""
    return sorted(paths, key=lambda path: hashlib.sha256(f"{source}:{path}".encode()).digest())


def draft(source, spec, root):
    """Rows {"source", "item", "path", "title", ...} of at most so many tracks of the unpacked package at `root`."""
    most = spec.get("most", MOST_RENDERED if "kind" in spec else MOST_RECORDINGS)
    rows = []
    for path in order(source, music_files.candidates(spec, root)):
        found = facts(spec, root, path)
        if found is None or found["title"].lower() in {row["title"].lower() for row in rows}:
            continue
        row = {"source": source, "path": path, "artist": spec.get("artist", "")}
        row.update({key: value for key, value in found.items() if value})
        rows.append(row)
        if len(rows) == most:
            break
    rows.sort(key=lambda row: row["path"])
    for at, row in enumerate(rows):
        row["item"] = f"{at + 1:02}"
    return rows


def facts(spec, root, path):
    """Title, artist and description that the file itself states; None when it cannot serve."""
    kind = spec.get("kind", "recording")
    if kind == "recording":
        found = recording(root / path)
        name = {"folder": Path(path).parent.name, "file": Path(path).stem}.get(spec.get("title"))
        return {**found, "title": words(name)} if found and name else found
    if kind == "tunes":
        return tune(music_files.tune_text(root, path))
    title = path.split("#")[-1] if "#" in path else Path(path).stem
    return {"title": words(title)}


def recording(path):
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration:format_tags:stream_tags", "-of", "json", str(path)],
        capture_output=True, text=True,
    )
    if shown.returncode != 0:
        return None  # damaged
    shown = json.loads(shown.stdout)
    if float(shown["format"].get("duration", 0)) < LEAST_S:
        return None
    tags = dict(shown["format"].get("tags", {}))
    for stream in shown.get("streams", []):
        tags.update(stream.get("tags", {}))
    tags = {key.lower(): value.strip() for key, value in tags.items()}
    said = [tags.get(key, "") for key in ("genre", "comment", "description", "album")]
    return {
        "title": tags.get("title") or words(path.stem),
        "artist": tags.get("artist", ""),
        "description": "; ".join(text for text in said if text and len(text) < 300),
    }


def tune(text):
    """A tune serves when its key and metre are stated and it has at least eight bars."""
    field = {key: re.findall(rf"^{key}:\s*(.+?)\s*$", text, re.M) for key in "TMKNR"}
    if not (field["T"] and field["M"] and field["K"]) or text.count("|") < 8 or "V:" in text:
        return None
    said = " ".join(field["N"] + field["R"]).replace('"', " ")
    said = re.sub(r"collected by .*|[^A-Za-z ]", "", said).strip()
    return {"title": field["T"][0], "description": re.sub(r"\s+", " ", said)}


def words(name):
    return re.sub(r"[_\-]+", " ", name).strip()
