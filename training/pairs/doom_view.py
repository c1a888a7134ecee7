"""Draws what a player of a Doom map sees: walls, floors, ceilings and sky, without things.

For each column of the picture a ray meets the map's lines in order of depth; each
line closes the column from above and below until a whole wall ends it.
"""

import math

import numpy as np

WIDTH, HEIGHT, EYE = 320, 200, 41
FOCUS = WIDTH / 2
NO_SIDE = 0xFFFF
UPPER_UNPEGGED, LOWER_UNPEGGED = 8, 16


def view(wad, level, place, angle, sky):
    """RGB [200, 320, 3] from `place` (x, y) towards `angle` (degrees); None where the place lies in no sector."""
    ahead = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    right = np.array([ahead[1], -ahead[0]])
    start, way = level.corners[level.lines[:, 0]] - place, level.corners[level.lines[:, 1]] - level.corners[level.lines[:, 0]]
    canvas = np.zeros((HEIGHT, WIDTH, 3))
    eye = None
    order = [WIDTH // 2, *(c for c in range(WIDTH) if c != WIDTH // 2)]
    for column in order:
        ray = ahead + right * ((column + 0.5 - WIDTH / 2) / FOCUS)
        across = ray[0] * way[:, 1] - ray[1] * way[:, 0]
        across = np.where(np.abs(across) < 1e-9, 1e-9, across)
        depth = (start[:, 0] * way[:, 1] - start[:, 1] * way[:, 0]) / across
        part = (start[:, 0] * ray[1] - start[:, 1] * ray[0]) / across
        hits = np.nonzero((depth > 0.5) & (part >= 0) & (part <= 1))[0]
        hits = hits[np.argsort(depth[hits])]
        # A line's right side is seen where the line runs to the right of the ray.
        seen = [(number, depth[number], part[number], across[number] > 0) for number in hits]
        if eye is None:
            first = next((side(level, number, from_left) for number, _, _, from_left in seen), None)
            if first is None:
                return None
            eye = level.sectors[first[5]][0] + EYE
        Column(wad, level, canvas, column, place, ray, eye, sky, angle).draw(seen)
    return np.clip(canvas, 0, 255).astype(np.uint8)


def side(level, number, from_left, back=False):
    """The side of a line that is seen (or the one behind it), or None."""
    line = level.lines[number]
    index = line[6] if from_left != back else line[5]
    if index == NO_SIDE or index >= len(level.sides) or level.sides[index][5] >= len(level.sectors):
        return None
    return level.sides[index]


class Column:
    """One column of the picture while it is being closed."""

    def __init__(self, wad, level, canvas, column, place, ray, eye, sky, angle):
        self.wad, self.level, self.canvas, self.column = wad, level, canvas, column
        self.place, self.ray, self.eye, self.sky = place, ray, eye, sky
        self.turn = angle - math.degrees(math.atan((column + 0.5 - WIDTH / 2) / FOCUS))
        self.top, self.bottom = 0, HEIGHT

    def draw(self, seen):
        for number, depth, part, from_left in seen:
            face = side(self.level, number, from_left)
            if face is None:
                return
            back = side(self.level, number, from_left, back=True)
            floor, ceiling, floor_flat, ceiling_flat, light = self.level.sectors[face[5]]
            self.plane(self.top, self.row(ceiling, depth), ceiling - self.eye, ceiling_flat, light)
            self.plane(self.row(floor, depth), self.bottom, floor - self.eye, floor_flat, light)
            self.top = max(self.top, self.row(ceiling, depth))
            self.bottom = min(self.bottom, self.row(floor, depth))
            line = self.level.lines[number]
            length = np.hypot(*(self.level.corners[line[1]] - self.level.corners[line[0]]))
            along = (1 - part if from_left else part) * length + face[0]
            if back is None:
                peg = (floor, True) if line[2] & LOWER_UNPEGGED else (ceiling, False)
                self.wall(self.top, self.bottom, face[4], along, face[1], peg, depth, light)
                return
            behind_floor, behind_ceiling, _, behind_flat, _ = self.level.sectors[back[5]]
            if behind_ceiling < ceiling:
                end = self.row(behind_ceiling, depth)
                if ceiling_flat == behind_flat == "F_SKY1":
                    self.plane(self.top, end, 1, "F_SKY1", light)
                else:
                    peg = (ceiling, False) if line[2] & UPPER_UNPEGGED else (behind_ceiling, True)
                    self.wall(self.top, end, face[2], along, face[1], peg, depth, light)
                self.top = max(self.top, end)
            if behind_floor > floor:
                begin = self.row(behind_floor, depth)
                peg = (ceiling, False) if line[2] & LOWER_UNPEGGED else (behind_floor, False)
                self.wall(begin, self.bottom, face[3], along, face[1], peg, depth, light)
                self.bottom = min(self.bottom, begin)
            if self.top >= self.bottom:
                return

    def row(self, height, depth):
        """The row at which a height lies at a depth."""
        return int(round(min(max(HEIGHT / 2 - (height - self.eye) / depth * FOCUS, -HEIGHT), 2 * HEIGHT)))

    def rows(self, begin, end):
        return np.arange(max(begin, self.top), min(end, self.bottom))

    def plane(self, begin, end, above, flat, light):
        """Floor or ceiling, `above` the eye (below where negative), or sky."""
        rows = self.rows(begin, end)
        if rows.size == 0:
            return
        if flat == "F_SKY1":
            texel = self.sky[np.minimum(rows * self.sky.shape[0] // 128, self.sky.shape[0] - 1), int(-self.turn / 360 * 1024) % self.sky.shape[1]]
            self.canvas[rows, self.column] = texel
            return
        texture = self.wad.flat(flat)
        if texture is None:
            return
        depth = np.clip(above * FOCUS / (HEIGHT / 2 - rows - 0.5 + 1e-9), 0.5, 20000)
        at = self.place + depth[:, None] * self.ray
        self.canvas[rows, self.column] = texture[np.floor(-at[:, 1]).astype(int) & 63, np.floor(at[:, 0]).astype(int) & 63] * shade(light, depth)[:, None]

    def wall(self, begin, end, title, along, down, peg, depth, light):
        """A piece of wall; `peg` is the height that the texture's top (or its bottom) is fixed to."""
        rows, texture = self.rows(begin, end), self.wad.wall(title)
        if rows.size == 0 or texture is None:
            return
        height = self.eye + (HEIGHT / 2 - rows - 0.5) * depth / FOCUS
        start = peg[0] + texture.shape[0] if peg[1] else peg[0]
        lines = np.floor(start - height + down).astype(int) % texture.shape[0]
        self.canvas[rows, self.column] = texture[lines, int(along) % texture.shape[1]] * shade(light, depth)


def shade(light, depth):
    """What part of a colour is left at a light (0..255) and a depth."""
    return np.clip(light / 255 * 1.15 - np.minimum(np.asarray(depth) / 2500, 0.4), 0.06, 1)


def open_views(level, count=2, apart=700):
    """Places and angles (degrees) from which the most is seen: the first player's start turned
    where it is widest, then widest places of things, `apart` units from those before."""
    things = level.things
    starts = things[things[:, 3] == 1][:1]
    others = things[:: max(1, len(things) // 60)]
    chosen = [best_turn(level, starts[0, :2])[1:]] if len(starts) else []
    for _, place, angle in sorted((best_turn(level, thing[:2]) for thing in others), key=lambda found: -found[0]):
        if len(chosen) < count and all(np.hypot(*(place - other)) > apart for other, _ in chosen):
            chosen.append((place, angle))
    return chosen


def best_turn(level, place):
    """(mean depth up to the first whole wall, place, angle) of the widest of eight directions."""
    solid = level.lines[:, 5] == NO_SIDE
    solid |= level.lines[:, 6] == NO_SIDE
    begin = level.corners[level.lines[solid, 0]] - place
    way = level.corners[level.lines[solid, 1]] - level.corners[level.lines[solid, 0]]
    found = []
    for angle in range(0, 360, 45):
        turns = np.radians(angle + np.linspace(-40, 40, 13))
        rays = np.stack([np.cos(turns), np.sin(turns)], 1)
        across = rays[:, :1] * way[:, 1] - rays[:, 1:] * way[:, 0]
        across = np.where(np.abs(across) < 1e-9, 1e-9, across)
        depth = (begin[:, 0] * way[:, 1] - begin[:, 1] * way[:, 0]) / across
        part = (begin[:, 0] * rays[:, 1:] - begin[:, 1] * rays[:, :1]) / across
        depth = np.where((depth > 0.5) & (part >= 0) & (part <= 1), depth, 1500)
        found.append((np.minimum(depth.min(1), 1500).mean(), -angle))
    mean, angle = max(found)
    return mean, place, -angle
