"""Reads data files of the Allegro 4 library: packed objects by name, and pictures of 8 bits.

A file starts with `slh.` (not packed) or `slh!` (packed as a whole), then `ALL.`, a
count, and objects: properties, a kind, two sizes (the second negative where the
object is packed by itself) and the bytes. Packing is LZSS with a ring of 4,096 bytes.
"""

import struct

from PIL import Image

RING, LONGEST = 4096, 18
LIMIT = 64 * 1024 * 1024


def unpack(data):
    """LZSS: a byte of eight flags, then for each a byte as it is, or a place in the ring and a length."""
    ring, at, out, i = bytearray(RING), RING - LONGEST, bytearray(), 0
    while i < len(data) and len(out) < LIMIT:
        flags, i = data[i], i + 1
        for bit in range(8):
            if flags >> bit & 1:
                piece, i = data[i : i + 1], i + 1
            elif i + 1 < len(data):
                start, length = data[i] | (data[i + 1] & 0xF0) << 4, (data[i + 1] & 0x0F) + 3
                piece, i = None, i + 2
            else:
                piece, i = b"", len(data)
            for k in range(length if piece is None else len(piece)):
                value = ring[(start + k) % RING] if piece is None else piece[k]
                out.append(value)
                ring[at] = value
                at = (at + 1) % RING
    return bytes(out)


def objects(data):
    """(kind, bytes) by name; packed objects stay packed until `unpack` opens them."""
    body = unpack(data[4:]) if data[:4] == b"slh!" else data[4:]
    found, names, at = {}, {}, 8
    if body[:4] != b"ALL.":
        raise ValueError("an Allegro data file was expected to hold `ALL.` behind its head")
    while at + 12 <= len(body):
        kind = body[at : at + 4]
        if kind == b"prop":
            key, size = struct.unpack_from(">4sI", body, at + 4)
            names[key] = body[at + 12 : at + 12 + size].decode("latin-1")
            at += 12 + size
            continue
        packed, size = struct.unpack_from(">Ii", body, at + 4)
        found[names.get(b"NAME", "")] = (kind.strip().decode("latin-1"), body[at + 12 : at + 12 + packed], size < 0)
        names, at = {}, at + 12 + packed
    return found


def content(entry):
    """The bytes of an object."""
    _, data, packed = entry
    return unpack(data) if packed else data


def palette(data):
    """256 colours, stored as four bytes of 0..63 each, as one list for Pillow."""
    return [min(value * 255 // 63, 255) for i in range(256) for value in data[4 * i : 4 * i + 3]]


def picture(data, colours):
    """A picture of 8 bits as RGBA."""
    bits, width, height = struct.unpack_from(">3h", data, 0)
    if bits != 8 or width <= 0 or height <= 0 or len(data) < 6 + width * height:
        raise ValueError(f"a picture of 8 bits was expected, not one of {bits} bits, {width} x {height}, in {len(data)} bytes")
    image = Image.frombytes("P", (width, height), data[6 : 6 + width * height])
    image.putpalette(colours)
    return image.convert("RGBA")
