"""The one shape every game yields."""

from dataclasses import dataclass, field


@dataclass
class Pair:
    """A level's pictures and the one piece of music its designer chose.

    `key` is a file-safe name, unique in the game. `pictures` are PIL images of
    the same level. `music` is a path, or (name, bytes) for a packed file.
    `weight` is 1, or 1/n for each of the n tracks of a designer's playlist.
    """

    key: str
    title: str
    pictures: list
    music: object
    licence: str
    attribution: str
    weight: float = 1.0
    tags: list = field(default_factory=list)
