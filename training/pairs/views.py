"""Chooses what to show of a level that is drawn whole: the fullest windows, apart from each other."""

from PIL import Image, ImageFilter, ImageStat


def fullest(image, size=(640, 400), count=2):
    """At most `count` windows of `size` with the most drawn detail, none over another."""
    width, height = min(size[0], image.width), min(size[1], image.height)
    marked = []
    # A hard edge counts like four soft ones at most, so that a noisy texture does not rule.
    edges = image.convert("RGB").convert("L").filter(ImageFilter.FIND_EDGES).point(lambda v: min(v, 64)).reduce(4)
    for top in steps(image.height, height):
        for left in steps(image.width, width):
            box = (left, top, left + width, top + height)
            detail = ImageStat.Stat(edges.crop([side // 4 for side in box])).mean[0]
            marked.append((detail, box))
    chosen = []
    for detail, box in sorted(marked, key=lambda m: (-m[0], m[1])):
        apart = all(box[0] >= b[2] or box[2] <= b[0] or box[1] >= b[3] or box[3] <= b[1] for b in chosen)
        if len(chosen) < count and apart and detail > 1:
            chosen.append(box)
    return [image.crop(box) for box in chosen]


def steps(length, window):
    """Starts of windows that cover `length`, half a window apart."""
    if length <= window:
        return [0]
    count = -(-2 * (length - window) // window)
    return [i * (length - window) // count for i in range(count + 1)]


def grid(sheet, width, height):
    """A sheet's tiles in reading order."""
    return [
        sheet.crop((x, y, x + width, y + height))
        for y in range(0, sheet.height - height + 1, height)
        for x in range(0, sheet.width - width + 1, width)
    ]


def larger(image, times):
    """Pixel art, whole times larger."""
    return image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)
