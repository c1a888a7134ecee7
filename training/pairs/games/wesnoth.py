"""The Battle for Wesnoth: a scenario names its map and its music, and the music
under the pictures of its story.

The map is drawn around the first player's start from the terrains' symbol
pictures. Of a scenario's play list only the track that opens it counts: the
others are common to most scenarios.
"""

import re
from pathlib import Path

from PIL import Image

from pair import Pair
from pictures import flatten, load

CAMPAIGNS = ["did", "dm", "dw", "ei", "httt", "l", "low", "nr", "sof", "sota", "sotbe", "thot", "trow", "tsg", "ttb", "utbs"]
PACKAGES = ["wesnoth-1.16-data", "wesnoth-1.16-music"] + [f"wesnoth-1.16-{name}" for name in CAMPAIGNS]
LICENCE = "GPL-2+"
DATA = "usr/share/games/wesnoth/1.16/data"
HEX, STEP = 72, 54
WINDOW = (15, 9)
STORIES = 6
NOT_MUSIC = {"silence.ogg"}


def pairs(roots):
    core = roots["wesnoth-1.16-data"] / DATA / "core"
    music = roots["wesnoth-1.16-music"] / DATA / "core/music"
    terrains = Terrains(core)
    for package in PACKAGES[2:]:
        for campaign in sorted((roots[package] / DATA / "campaigns").iterdir()):
            sources = {path: path.read_text(errors="replace") for path in sorted(campaign.rglob("*.cfg"))}
            macros = definitions(sources.values())
            for path, text in sources.items():
                if path.parent.name == "scenarios" or "scenario" in path.parent.name:
                    yield from scenario(campaign, path, text, macros, core, music, terrains)


def scenario(campaign, path, text, macros, core, music, terrains):
    name = campaign.name.replace("_", " ")
    found = re.search(r"\{INTRO_AND_SCENARIO_MUSIC\s+(\S+)\s+(\S+?)\}", text)
    intro, opening = (found[1], found[2]) if found else (None, None)
    if opening is None:
        first = re.search(r"\{(?:REPLACE_)?SCENARIO_MUSIC\s+(\S+?)\}", text)
        opening = first[1] if first else None
    mapped = re.search(r"map_file=\s*\"?([\w./-]+\.map)", text) or re.search(r"map_data=\"?\{[^}]*?([\w.-]+\.map)\}", text)
    if opening and opening not in NOT_MUSIC and mapped and (music / opening).is_file():
        found = sorted(campaign.rglob(Path(mapped[1]).name))
        picture = terrains.draw(found[0].read_text(errors="replace")) if found else None
        if picture is not None:
            yield Pair(
                key=f"{campaign.name}-{path.stem}",
                title=f"{name}: {path.stem}",
                pictures=[picture],
                music=music / opening,
                licence=LICENCE,
                attribution=f"The Battle for Wesnoth team; campaign {name}; music {opening}",
            )
    for number, (track, views) in enumerate(stories(text, macros, intro)):
        files = [find(view, campaign, core) for view in views]
        files = [file for file in files if file is not None][:STORIES]
        if files and track not in NOT_MUSIC and (music / track).is_file():
            yield Pair(
                key=f"{campaign.name}-{path.stem}-story{number}",
                title=f"{name}: story of {path.stem}",
                pictures=[flatten(load(file)) for file in files],
                music=music / track,
                licence=LICENCE,
                attribution=f"The Battle for Wesnoth team; campaign {name}; music {track}",
            )


def definitions(texts):
    """Macros without arguments, by name."""
    found = {}
    for text in texts:
        found.update(re.findall(r"#define\s+([A-Z0-9_]+)[ \t]*\n(.*?)#enddef", text, re.S))
    return found


def stories(text, macros, intro):
    """(track, pictures) of each run of story parts; a part's music goes on until another names its own."""
    expanded = re.sub(r"\{([A-Z0-9_]+)\}", lambda m: macros.get(m[1], ""), text)
    expanded = re.sub(r"\{([A-Z0-9_]+)\}", lambda m: macros.get(m[1], ""), expanded)
    runs = []
    for story in re.findall(r"\[story\](.*?)\[/story\]", expanded, re.S):
        track = intro
        for part in re.findall(r"\[part\](.*?)\[/part\]", story, re.S):
            own = re.search(r"^\s*music=\s*\"?([\w.-]+\.ogg)", part, re.M)
            track = own[1] if own else track
            for view in re.findall(r"^\s*(?:background|image)=\s*\"?([\w./-]+\.(?:jpg|png|webp))", part, re.M):
                # Journey maps on parchment stand behind every story: no picture of a place.
                if track is None or view.startswith("maps/") or "/maps/" in view:
                    continue
                if not runs or runs[-1][0] != track:
                    runs.append((track, []))
                if view not in runs[-1][1]:
                    runs[-1][1].append(view)
    return runs


def find(view, campaign, core):
    for folder in (campaign / "images", core / "images"):
        if ".." not in view and (folder / view).is_file():
            return folder / view
    return None


class Terrains:
    """Terrain codes and their pictures."""

    def __init__(self, core):
        self.folder = core / "images/terrain"
        self.names = {}
        self.tiles = {}
        for block in re.findall(r"\[terrain_type\](.*?)\[/terrain_type\]", (core / "terrain.cfg").read_text(), re.S):
            code = re.search(r"^\s*string=(\S+)", block, re.M)
            image = re.search(r"^\s*symbol_image=(\S+)", block, re.M)
            if code and image:
                self.names[code[1].strip('"')] = image[1].strip('"')

    def tile(self, code):
        if code not in self.tiles:
            path = self.folder / (self.names.get(code, "-") + ".png")
            self.tiles[code] = load(path) if path.is_file() else None
        return self.tiles[code]

    def draw(self, text):
        """The window around the first player's start, or around the middle; None when most of it has no picture."""
        rows = [[cell.strip() for cell in line.split(",")] for line in text.splitlines() if "," in line]
        if not rows:
            return None
        start = next(((x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell.startswith("1 ")), None)
        x0, y0 = start or (len(rows[0]) // 2, len(rows) // 2)
        width, height = min(WINDOW[0], len(rows[0])), min(WINDOW[1], len(rows))
        left = min(max(0, x0 - width // 2), len(rows[0]) - width)
        top = min(max(0, y0 - height // 2), len(rows) - height)
        canvas = Image.new("RGBA", ((width + 1) * STEP, (height + 1) * HEX))
        drawn = 0
        for layer in (0, 1):
            for y in range(height):
                for x in range(width):
                    if left + x >= len(rows[top + y]):
                        continue
                    cell = rows[top + y][left + x].split()[-1:] or [""]
                    base, mark, over = cell[0].partition("^")
                    tile = self.tile(base if layer == 0 else mark + over)
                    if tile is None:
                        continue
                    drawn += layer == 0
                    shift = HEX // 2 if (left + x) % 2 == 0 else 0
                    at = (x * STEP + (HEX - tile.width) // 2, y * HEX + shift + (HEX - tile.height) // 2)
                    canvas.alpha_composite(tile.crop((max(0, -at[0]), max(0, -at[1]), tile.width, tile.height)), (max(0, at[0]), max(0, at[1])))
        if drawn < width * height // 2:
            return None
        return flatten(canvas.crop((STEP // 2, HEX, canvas.width - STEP, canvas.height - HEX)))
