"""WarMUX: a map names sky, ground and the playlist that suits it."""

from xml.etree import ElementTree

from pair import Pair
from pictures import CANVAS, cover, flatten, gradient, load

PACKAGES = ["warmux-data"]
LICENCE = "GPL-2+"


def pairs(roots):
    data = roots["warmux-data"] / "usr/share/games/warmux"
    profile = ElementTree.parse(data / "music/profile.xml").getroot()
    lists = {node.get("type"): data / "music" / node.get("playlist") for node in profile.iter("music")}
    for config in sorted(data.glob("map/*/config.xml")):
        try:
            level = ElementTree.parse(config).getroot()
        except ElementTree.ParseError:
            continue
        chosen = level.findtext("music_playlist")
        if chosen is None or chosen.strip() not in lists:
            continue
        sheet = lists[chosen.strip()]
        names = [line.strip() for line in sheet.read_text(errors="replace").splitlines()]
        tracks = [sheet.parent / name for name in names if name and (sheet.parent / name).is_file()]
        picture = compose(config.parent, level)
        if picture is None:
            continue
        title = level.findtext("name") or config.parent.name
        for track in tracks:
            yield Pair(
                key=f"{config.parent.name}-{track.stem}" if len(tracks) > 1 else config.parent.name,
                title=title,
                pictures=[picture],
                music=track,
                licence=LICENCE,
                attribution=f"WarMUX; music {track.stem}; map by {level.findtext('author/name') or 'the WarMUX team'}",
                weight=1.0 / len(tracks),
            )


def compose(folder, level):
    files = {node.get("name"): folder / node.get("file", "-") for node in level.iter("surface")}
    layers = [files[name] for name in ("sky", "map") if name in files and files[name].is_file()]
    if not layers:
        return None
    canvas = gradient((0, 0, 0), (0, 0, 0), CANVAS)
    for path in layers:
        cover(canvas, load(path))
    return flatten(canvas)
