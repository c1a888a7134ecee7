"""Reads who holds the rights in one file, from a package's machine-readable copyright file.

The format is DEP-5, "Machine-readable debian/copyright file", version 1.0. The
last stanza whose pattern matches counts. Patterns name source paths, so an
installed file is tried with each of its path's endings.
"""

import fnmatch
import re


def stanza_for(text, path):
    """(licence, holders) of an installed path, or None where the file does not say."""
    if "copyright-format/1.0" not in text[:400]:
        return None
    parts = path.strip("/").split("/")
    endings = ["/".join(parts[i:]) for i in range(len(parts))]
    # Many sources keep under data/ what is installed without it.
    endings += [f"{folder}/{ending}" for folder in ("data", "Data") for ending in endings]
    found = None
    for stanza in re.split(r"\n\s*\n", text):
        fields = {}
        for name, value in re.findall(r"^(\S+):[ \t]*((?:.*(?:\n[ \t]+\S.*)*))", stanza, re.M):
            fields.setdefault(name.lower(), value)
        if "files" not in fields or "license" not in fields:
            continue
        for pattern in fields["files"].split():
            if any(fnmatch.fnmatchcase(ending, pattern.lstrip("./")) for ending in endings):
                licence = next((line.strip() for line in fields["license"].splitlines() if line.strip()), "")
                found = (licence, holders(fields.get("copyright", "")))
    return found


def holders(text):
    """One line of at most three names."""
    names = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    names = [name.strip(" ,") for name in names if name not in (".", "Copyright:")]
    return "; ".join(names[:3]) + (" and others" if len(names) > 3 else "")
