"""Contact sheets of collected pictures: numbered cells without names."""

import hashlib
import json

from PIL import Image, ImageDraw, ImageFont

CELL_W, CELL_H, GRID = 320, 240, 4


def sheets(out, keep_rest):
    """Writes contact sheets of the pictures that no sheet shows yet; a last part sheet only with keep_rest."""
    folder = out / "sheets"
    folder.mkdir(exist_ok=True)
    shown, count = set(), 0
    for file in sorted(folder.glob("*.json")):
        shown |= {tuple(pair) for pair in json.loads(file.read_text())}
        count += 1
    folders = [file.parent for file in out.glob("*/source.json")]
    fresh = [(picture.parent.name, picture.stem) for source in folders for picture in source.glob("*.jpg")]
    fresh = sorted((pair for pair in fresh if pair not in shown), key=shuffled)
    cells = GRID * GRID
    font = ImageFont.load_default(18)
    while len(fresh) >= (1 if keep_rest else cells):
        page, fresh = fresh[:cells], fresh[cells:]
        sheet = Image.new("RGB", (CELL_W * GRID, CELL_H * GRID), (20, 20, 20))
        draw = ImageDraw.Draw(sheet)
        for cell, (source, item) in enumerate(page):
            left, top = cell % GRID * CELL_W, cell // GRID * CELL_H
            with Image.open(out / source / f"{item}.jpg") as picture:
                picture.thumbnail((CELL_W - 4, CELL_H - 4), Image.Resampling.LANCZOS)
                sheet.paste(picture, (left + (CELL_W - picture.width) // 2, top + (CELL_H - picture.height) // 2))
            draw.rectangle((left, top, left + 27, top + 22), fill=(0, 0, 0))
            draw.text((left + 3, top + 1), str(cell + 1), fill=(255, 255, 0), font=font)
        sheet.save(folder / f"{count:03d}.jpg", quality=85)
        sheet.save(folder / f"{count:03d}.png", compress_level=6)
        (folder / f"{count:03d}.json").write_text(json.dumps(page))
        count += 1
    print(f"{count} sheets")


def shuffled(pair):
    return hashlib.sha256("/".join(pair).encode()).hexdigest()
