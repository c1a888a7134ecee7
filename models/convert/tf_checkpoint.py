"""Reads TensorFlow's two-file checkpoints without TensorFlow.

`.index` is a LevelDB table that maps a variable's name to a BundleEntryProto; `.data-00000-of-00001` holds the raw
numbers. Only what such checkpoints contain is understood: uncompressed blocks, one shard, f32 and integers.
"""

import struct

import numpy as np

TABLE_MAGIC = 0xDB4775248B80FB57
DTYPES = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8"}


def read(index, data):
    """Bytes of the two files -> {variable name: array}."""
    if struct.unpack("<Q", index[-8:])[0] != TABLE_MAGIC:
        raise ValueError("expected a checkpoint index (LevelDB table); its magic number is missing")
    footer = index[-48:]
    _, at = handle(footer, 0)
    root, _ = handle(footer, at)
    variables = {}
    for _, pointer in entries(block(index, root)):
        for key, value in entries(block(index, handle(pointer, 0)[0])):
            if key:
                variables[key.decode()] = tensor(fields(value), data)
    return variables


def tensor(entry, data):
    shape = [fields(dim).get(1, [0])[0] for dim in fields(entry.get(2, [b""])[0]).get(2, [])]
    start, size = entry.get(4, [0])[0], entry.get(5, [0])[0]
    dtype = DTYPES.get(entry[1][0])
    if dtype is None:
        raise ValueError(f"expected a number type among {sorted(DTYPES)}, found {entry[1][0]}")
    return np.frombuffer(data[start : start + size], dtype=dtype).reshape(shape)


def varint(raw, at):
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def handle(raw, at):
    offset, at = varint(raw, at)
    size, at = varint(raw, at)
    return (offset, size), at


def block(index, place):
    offset, size = place
    if index[offset + size] != 0:
        raise ValueError("the checkpoint index is compressed; only plain blocks are understood")
    return index[offset : offset + size]


def entries(raw):
    """(key, value) pairs of a block; keys share prefixes with the one before."""
    end = len(raw) - 4 - 4 * struct.unpack("<I", raw[-4:])[0]
    at, key = 0, b""
    while at < end:
        shared, at = varint(raw, at)
        fresh, at = varint(raw, at)
        length, at = varint(raw, at)
        key = key[:shared] + raw[at : at + fresh]
        at += fresh
        yield key, raw[at : at + length]
        at += length


def fields(raw):
    """Protocol buffer wire format -> {field number: [values]}."""
    found, at = {}, 0
    while at < len(raw):
        tag, at = varint(raw, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(raw, at)
        elif kind == 2:
            length, at = varint(raw, at)
            value, at = raw[at : at + length], at + length
        elif kind in (1, 5):
            width = 8 if kind == 1 else 4
            value, at = raw[at : at + width], at + width
        else:
            raise ValueError(f"wire type {kind} in a checkpoint index")
        found.setdefault(tag >> 3, []).append(value)
    return found
