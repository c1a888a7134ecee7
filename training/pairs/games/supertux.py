"""SuperTux: each sector of a level names its backgrounds, its colours and its music."""

import re

from pair import Pair
from pictures import CANVAS, cover, flatten, gradient, load

PACKAGES = ["supertux-data"]
LICENCE = "GPL-3+; levels GPL-2+ or CC-BY-SA"
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([()])|([^\s()"]+)|;[^\n]*')


def pairs(roots):
    data = roots["supertux-data"] / "usr/share/games/supertux2"
    images = {path.name: path for path in sorted((data / "images/background").rglob("*.*"))}
    tracks = {path.stem: path for path in sorted((data / "music").rglob("*.ogg"))}
    seen = set()
    for level in sorted((data / "levels").rglob("*.stl")):
        if "test" in level.parts:
            continue
        try:
            tree = parse(level.read_text(errors="replace"))
        except (ValueError, RecursionError):
            continue
        title = text(tree, "name") or level.stem
        for sector in children(tree, "sector"):
            music = tracks.get(stem(sector_music(sector)))
            layers = backgrounds(sector, images)
            colours = sky(sector)
            names = tuple(path.name for path, _ in layers)
            if music is None or not layers or (names, music.name) in seen:
                continue
            seen.add((names, music.name))
            yield Pair(
                key=f"{level.parent.name}-{level.stem}-{text(sector, 'name') or 'main'}",
                title=f"{title} ({level.parent.name})",
                pictures=[compose(layers, colours)],
                music=music,
                licence=LICENCE,
                attribution=f"SuperTux team; level by {text(tree, 'author') or 'the SuperTux team'}",
            )


def parse(source):
    """Reads a level's S-expression into nested lists."""
    stack = [[]]
    for match in TOKEN.finditer(source):
        string, bracket, word = match.groups()
        if bracket == "(":
            stack.append([])
        elif bracket == ")":
            done = stack.pop()
            if not stack:
                raise ValueError("unbalanced")
            stack[-1].append(done)
        elif string is not None:
            stack[-1].append(string)
        elif word is not None:
            stack[-1].append(word)
    return stack[0][0]


def children(node, name):
    return [child for child in node if isinstance(child, list) and child and child[0] == name]


def text(node, name):
    """The string behind `name`, through the translation mark `(_ "…")`."""
    for child in children(node, name):
        value = child[1] if len(child) > 1 else ""
        if isinstance(value, list):
            value = value[1] if len(value) > 1 else ""
        return value
    return ""


def numbers(node, name):
    for child in children(node, name):
        return tuple(float(value) for value in child[1:4] if isinstance(value, str))
    return None


def stem(name):
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def sector_music(sector):
    for child in children(sector, "music"):
        if len(child) > 1 and isinstance(child[1], str):
            return child[1]
        return text(child, "file")
    return ""


def sky(sector):
    for child in children(sector, "gradient"):
        top, bottom = numbers(child, "top_color"), numbers(child, "bottom_color")
        if top and bottom:
            return tuple(min(255, round(255 * v)) for v in top), tuple(min(255, round(255 * v)) for v in bottom)
    return (0, 0, 0), (0, 0, 0)


def backgrounds(sector, images):
    """Background pictures with their tint, farthest first. Folders have moved since
    some levels were made, so a picture is found by its file name."""
    found = []
    for child in children(sector, "background"):
        path = images.get(text(child, "image").rsplit("/", 1)[-1])
        if path is not None and path.suffix in (".png", ".jpg") and "black" not in path.name:
            depth = numbers(child, "z-pos")
            found.append((depth[0] if depth else -200.0, path, numbers(child, "color") or (1.0, 1.0, 1.0)))
    found.sort(key=lambda item: item[0])
    return [(path, tint) for _, path, tint in found]


def compose(layers, colours):
    canvas = gradient(*colours, size=CANVAS)
    for path, tint in layers:
        layer = load(path)
        if tint != (1.0, 1.0, 1.0):
            bands = layer.split()
            toned = [band.point(lambda v, t=t: min(255, round(v * t))) for band, t in zip(bands, tint)]
            layer.putdata(list(zip(*(band.getdata() for band in [*toned, bands[3]]))))
        cover(canvas, layer)
    return flatten(canvas)
