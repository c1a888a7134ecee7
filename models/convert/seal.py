"""Writes the length and SHA-256 of every file that is present into a pack's manifest.

    python models/convert/seal.py models/embedded

Needs nothing but Python. Run it after any file of a pack has been made again.
"""

import hashlib
import pathlib
import re
import sys


def seal(pack):
    """Rewrites `sha256` and `bytes` below each `path = "..."` of pack.toml; returns the files that are missing."""
    manifest = pack / "pack.toml"
    head, *entries = re.split(r"(?m)^(?=\[\[files\]\])", manifest.read_text(encoding="utf-8"))
    missing = []
    for i, entry in enumerate(entries):
        name = re.search(r'(?m)^path = "([^"]+)"\n', entry)
        if name is None:
            raise ValueError(f"a [[files]] entry without a path in {manifest}")
        entry = re.sub(r"(?m)^(sha256|bytes) = .*\n", "", entry)
        path = pack / name[1]
        if path.is_file():
            data = path.read_bytes()
            line = f'sha256 = "{hashlib.sha256(data).hexdigest()}"\nbytes = {len(data)}\n'
            entry = entry.replace(name[0], name[0] + line, 1)
        else:
            missing.append(name[1])
        entries[i] = entry
    manifest.write_text(head + "".join(entries), encoding="utf-8")
    return missing


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        for name in seal(pathlib.Path(folder)):
            print(f"{folder}: {name} is not there, its checksum is left open", file=sys.stderr)
