"""Composes what a player of a level sees, from the art that the level names.

Every picture comes out as RGB, at most 640 pixels on its long side. A level
that ships a screenshot is only scaled; a level that ships layers (sky, hills,
ground) is composed on a canvas, back to front.
"""

import io

from PIL import Image, ImageFile

Image.MAX_IMAGE_PIXELS = 64_000_000
ImageFile.LOAD_TRUNCATED_IMAGES = False

LONG_SIDE = 640
CANVAS = (640, 400)


def load(source):
    """Opens a path or bytes as RGBA."""
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    with Image.open(source) as image:
        return image.convert("RGBA")


def flatten(image, colour=(0, 0, 0)):
    """Lays an RGBA image on one colour and bounds its size."""
    ground = Image.new("RGBA", image.size, tuple(colour) + (255,))
    ground.alpha_composite(image)
    flat = ground.convert("RGB")
    flat.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return flat


def gradient(top, bottom, size=CANVAS):
    """A vertical run from `top` to `bottom` (RGB, 0..255)."""
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), tuple(int(v) for v in top))
    strip.putpixel((0, 1), tuple(int(v) for v in bottom))
    return strip.resize(size, Image.Resampling.BILINEAR).convert("RGBA")


def cover(canvas, layer):
    """Pastes a layer scaled to cover the canvas, centred."""
    width, height = canvas.size
    scale = max(width / layer.width, height / layer.height)
    size = (max(1, round(layer.width * scale)), max(1, round(layer.height * scale)))
    layer = layer.resize(size, Image.Resampling.LANCZOS)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    canvas.alpha_composite(layer.crop((left, top, left + width, top + height)))


def band(canvas, layer, top, height):
    """Repeats a layer sideways in a band; both measures are parts of the canvas height."""
    rows = max(1, round(canvas.height * height))
    scale = rows / layer.height
    layer = layer.resize((max(1, round(layer.width * scale)), rows), Image.Resampling.LANCZOS)
    y = round(canvas.height * top)
    for x in range(0, canvas.width, layer.width):
        part = layer.crop((0, 0, min(layer.width, canvas.width - x), min(rows, canvas.height - y)))
        canvas.alpha_composite(part, (x, y))


def without(image, colour):
    """An image whose pixels of exactly that colour are clear, as old games mark them."""
    image = image.convert("RGBA")
    image.putdata([(r, g, b, 0 if (r, g, b) == tuple(colour) else a) for r, g, b, a in image.getdata()])
    return image
