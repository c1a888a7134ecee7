"""Games whose screens (title, play, end) have each a picture and a music of their own.

A game's table maps a screen's title to its pictures and its music. A picture is the
name of a file, or a list of files that lie over each other from back to front.
"""

from PIL import Image

from pair import Pair
from pictures import CANVAS, cover, flatten, load


def screen_pairs(data, screens, licence, attribution, canvas=CANVAS):
    """Yields a pair for each screen whose files are all there; `data` is the folder of both."""
    for title, (pictures, music) in screens.items():
        if not (data / music).is_file():
            continue
        shown = [stack(data, picture, canvas) for picture in pictures]
        if any(picture is None for picture in shown):
            continue
        yield Pair(key=title, title=title, pictures=shown, music=data / music, licence=licence, attribution=attribution)


def stack(data, picture, canvas=CANVAS):
    """One picture, or None where a file is missing. Layers smaller than the canvas are centred as they are."""
    names = [picture] if isinstance(picture, str) else picture
    if not all((data / name).is_file() for name in names):
        return None
    if len(names) == 1:
        return flatten(enlarge(load(data / names[0])))
    ground = Image.new("RGBA", canvas, (0, 0, 0, 255))
    cover(ground, load(data / names[0]))
    for name in names[1:]:
        centre(ground, load(data / name))
    return flatten(ground)


def centre(ground, layer):
    """Lays a picture in the middle, made smaller where it is too large."""
    layer.thumbnail(ground.size, Image.Resampling.LANCZOS)
    ground.alpha_composite(layer, ((ground.width - layer.width) // 2, (ground.height - layer.height) // 2))


def enlarge(image, side=320):
    """Small pixel art, whole times larger, until its long side has `side` pixels."""
    times = -(-side // max(image.size))
    return image if times <= 1 else image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)
