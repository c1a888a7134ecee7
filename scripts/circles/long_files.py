"""Hand-written source files of more than 400 lines."""

import subprocess

MOST_LINES = 400
ENDINGS = (".rs", ".ts", ".svelte", ".mjs", ".py", ".sh")
# Generated files that cannot carry the marker `@generated` in their first five lines.
GENERATED = {"ui/src/platform/generated.ts"}


def source_files(top):
    """Paths of the repository's source files, tracked or new, as git lists them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=top, capture_output=True, check=True).stdout
    return sorted({name for name in listed.decode().split("\0") if is_source(top, name)})


def is_source(top, name):
    """Whether a file has one of the endings, or no ending and a `#!` line."""
    path = top / name
    if not path.is_file():
        return False
    if name.endswith(ENDINGS):
        return True
    return "." not in path.name and path.read_bytes()[:2] == b"#!"


def is_generated(name, text):
    return name in GENERATED or any("@generated" in line for line in text.splitlines()[:5])


def too_long(top, names):
    """Pairs of name and number of lines."""
    for name in names:
        text = (top / name).read_text(encoding="utf-8")
        lines = text.count("\n") + (not text.endswith("\n") and text != "")
        if lines > MOST_LINES and not is_generated(name, text):
            yield name, lines
