"""Fish Fillets NG: each room names its background; its code starts the music."""

import re

from pair import Pair
from pictures import cover, flatten, load
from PIL import Image

PACKAGES = ["fillets-ng-data"]
LICENCE = "GPL-2+"


def pairs(roots):
    data = roots["fillets-ng-data"] / "usr/share/games/fillets-ng"
    for models in sorted(data.glob("script/*/models.lua")):
        name = models.parent.name
        code = models.parent / "code.lua"
        room = re.search(r'createRoom\(\s*\d+,\s*\d+,\s*"images/"\s*\.\.\s*codename\s*\.\.\s*"/([^"]+)"', models.read_text(errors="replace"))
        songs = set(re.findall(r'^\s*sound_playMusic\("(music/[^"]+\.ogg)"', code.read_text(errors="replace"), re.M)) if code.is_file() else set()
        if room is None or len(songs) != 1:
            continue
        music, background = data / songs.pop(), data / "images" / name / room[1]
        if not music.is_file() or not background.is_file():
            continue
        yield Pair(
            key=name,
            title=name,
            pictures=[compose(background)],
            music=music,
            licence=LICENCE,
            attribution="Fish Fillets NG, ALTAR interactive and the Fillets team",
        )


def compose(background):
    """The room's water and, before it, its walls, which carry the same name with -w."""
    scene = load(background)
    walls = [p for p in background.parent.glob("*.png") if re.search(r"(-w|-wall|wall)\.png$", p.name)]
    for path in sorted(walls)[:1]:
        layer = load(path)
        if layer.size == scene.size:
            canvas = Image.new("RGBA", scene.size)
            cover(canvas, scene)
            canvas.alpha_composite(layer)
            scene = canvas
    return flatten(scene)
