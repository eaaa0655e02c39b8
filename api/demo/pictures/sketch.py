"""A square to draw one thing in: 100 units wide and high, y going down. Knows shapes and colours, no goods."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PIL import Image, ImageChops, ImageColor, ImageDraw

SIZE = 800
"""Pixels of a finished picture, across and down."""

FINE = 2
"""Everything is drawn this much larger, and made smaller in the end: that smooths its edges."""

Point = tuple[float, float] | tuple[float, float, float]
"""A corner; the third number rounds it otherwise than the others."""

_UNIT = SIZE * FINE / 100
_STEPS = 10

_BROAD = 20
"""Pixels from which on a bent line is stamped: Pillow's own shows its joints."""


class Sketch:
    """Draws on nothing: what is not covered stays transparent."""

    def __init__(self) -> None:
        self.image = Image.new("RGBA", (SIZE * FINE, SIZE * FINE))
        self._draw = ImageDraw.Draw(self.image)
        self._move = (0.0, 0.0, 1.0)

    @contextmanager
    def moved(self, dx: float, dy: float, scale: float = 1.0) -> Iterator[None]:
        """What is drawn inside is scaled about the middle, then moved."""
        before, self._move = self._move, (dx, dy, scale)
        yield
        self._move = before

    def shape(self, corners: Sequence[Point], color: str, rounding: float = 0) -> None:
        """A filled polygon with rounded corners."""
        self._draw.polygon(self._pixels(_rounded(corners, rounding)), fill=color)

    def blob(self, points: Sequence[tuple[float, float]], color: str) -> None:
        """A filled outline that runs smoothly through the points."""
        self._draw.polygon(self._pixels(_through(points, closed=True)), fill=color)

    def oval(self, x: float, y: float, rx: float, ry: float, color: str) -> None:
        (x0, y0), (x1, y1) = self._pixels([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse((x0, y0, x1, y1), fill=color)

    def dot(self, x: float, y: float, r: float, color: str) -> None:
        self.oval(x, y, r, r, color)

    def bowl(self, x: float, y: float, rx: float, ry: float, color: str) -> None:
        """The lower half of an oval."""
        self._draw.polygon(self._pixels(_oval(x, y, rx, ry, 0, 180)), fill=color)

    def dome(self, x: float, y: float, rx: float, ry: float, color: str) -> None:
        """The upper half of an oval."""
        self._draw.polygon(self._pixels(_oval(x, y, rx, ry, 180, 360)), fill=color)

    def box(self, x0: float, y0: float, x1: float, y1: float, color: str, rounding: float = 0) -> None:
        self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], color, rounding)

    def line(self, points: Sequence[tuple[float, float]], color: str, width: float = 1.0) -> None:
        """A line with round ends that runs smoothly through the points."""
        path = self._pixels(_through(points, closed=False) if len(points) > 2 else list(points))
        pixels = max(1, round(width * self._move[2] * _UNIT))
        r = pixels / 2
        if len(path) == 2 or pixels < _BROAD:
            self._draw.line(path, fill=color, width=pixels, joint="curve")
            path = [path[0], path[-1]]
        else:
            path = _dense(path, r / 4)
        for x, y in path:
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=color)

    def arc(
        self, x: float, y: float, rx: float, ry: float, start: float, end: float, color: str, width: float = 1.0
    ) -> None:
        """A part of an oval's outline; degrees clockwise from the right."""
        self.line(_oval(x, y, rx, ry, start, end), color, width)

    def ring(self, x: float, y: float, rx: float, ry: float, color: str, width: float = 1.0) -> None:
        self.arc(x, y, rx, ry, 0, 360, color, width)

    def inside(self, corners: Sequence[Point], rounding: float, paint: Callable[[Sketch], None]) -> None:
        """Paints within a shape alone: patterns of cloth."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon(self._pixels(_rounded(corners, rounding)), fill=255)
        box = mask.getbbox()
        if box is None:
            return
        layer = Sketch()
        layer._move = self._move
        paint(layer)
        cloth = layer.image.crop(box)
        self.image.paste(cloth, box, ImageChops.multiply(cloth.getchannel("A"), mask.crop(box)))

    def _pixels(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        dx, dy, scale = self._move
        return [(((x - 50) * scale + 50 + dx) * _UNIT, ((y - 50) * scale + 50 + dy) * _UNIT) for x, y in points]


def mirrored(left: Sequence[Point]) -> list[Point]:
    """The outline whose left half, from top to bottom, is given: the right half is its reflection."""
    return [*left, *(flipped(point) for point in reversed(left))]


def flipped(point: Point) -> Point:
    """The point on the other side of the middle."""
    return (100 - point[0], point[1], point[2]) if len(point) == 3 else (100 - point[0], point[1])


def shade(color: str, by: float) -> str:
    """A colour made darker (below 0) or lighter; by 1 it is white."""
    return mix(color, "#ffffff" if by > 0 else "#1b1b2b", abs(by))


def mix(one: str, other: str, share: float) -> str:
    """A colour with a share of another one in it."""
    a, b = ImageColor.getrgb(one), ImageColor.getrgb(other)
    return "#" + "".join(f"{round(p + (q - p) * share):02x}" for p, q in zip(a[:3], b[:3], strict=True))


def _rounded(corners: Sequence[Point], rounding: float) -> list[tuple[float, float]]:
    path: list[tuple[float, float]] = []
    for i, corner in enumerate(corners):
        x, y = corner[0], corner[1]
        r = corner[2] if len(corner) == 3 else rounding
        before, after = corners[i - 1], corners[(i + 1) % len(corners)]
        if r <= 0:
            path.append((x, y))
            continue
        start, end = _towards(x, y, before, r), _towards(x, y, after, r)
        for step in range(_STEPS + 1):
            t = step / _STEPS
            u = 1 - t
            path.append(
                (
                    u * u * start[0] + 2 * u * t * x + t * t * end[0],
                    u * u * start[1] + 2 * u * t * y + t * t * end[1],
                )
            )
    return path


def _towards(x: float, y: float, to: Point, distance: float) -> tuple[float, float]:
    length = math.hypot(to[0] - x, to[1] - y)
    if length == 0:
        return (x, y)
    share = min(distance / length, 0.5)
    return (x + (to[0] - x) * share, y + (to[1] - y) * share)


def _through(points: Sequence[tuple[float, float]], *, closed: bool) -> list[tuple[float, float]]:
    """A curve through all points (Catmull-Rom)."""
    count = len(points)
    ends = list(points) if closed else [points[0], *points, points[-1]]
    path: list[tuple[float, float]] = [] if closed else [points[0]]
    for i in range(count if closed else count - 1):
        p0, p1, p2, p3 = (
            (ends[i - 1], ends[i], ends[(i + 1) % count], ends[(i + 2) % count]) if closed else ends[i : i + 4]
        )
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            path.append((_curve(p0[0], p1[0], p2[0], p3[0], t), _curve(p0[1], p1[1], p2[1], p3[1], t)))
    return path


def _dense(path: Sequence[tuple[float, float]], step: float) -> list[tuple[float, float]]:
    """The same path with points at most `step` apart."""
    dense = [path[0]]
    for (x0, y0), (x1, y1) in pairwise(path):
        parts = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step))
        dense += [(x0 + (x1 - x0) * i / parts, y0 + (y1 - y0) * i / parts) for i in range(1, parts + 1)]
    return dense


def _curve(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _oval(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360) -> list[tuple[float, float]]:
    steps = max(8, int(abs(end - start) / 4))
    angles = (math.radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]
