"""What is woven into cloth, and what is printed on it."""

from __future__ import annotations

import math

from api.demo.pictures.look import Look
from api.demo.pictures.sketch import Sketch, mix, shade


def paint_pattern(s: Sketch, look: Look, *, dark: bool = False) -> None:
    """Covers the whole square; the caller cuts it to shape. `dark`: for parts that lie in the shade."""
    trim = shade(look.trim, -0.09) if dark else look.trim
    if look.pattern == "stripes":
        for y in range(6, 100, 7):
            s.box(0, y, 100, y + 2.6, trim)
    elif look.pattern == "pinstripes":
        for x in range(2, 100, 4):
            s.box(x, 0, x + 0.8, 100, trim)
    elif look.pattern == "check":
        for at in range(0, 100, 10):
            s.box(at, 0, at + 4, 100, mix(look.main, trim, 0.55))
        for at in range(0, 100, 10):
            s.box(0, at, 100, at + 4, mix(look.main, trim, 0.55))
        for x in range(0, 100, 10):
            for y in range(0, 100, 10):
                s.box(x, y, x + 4, y + 4, trim)
    elif look.pattern == "dots":
        for row, y in enumerate(range(4, 100, 7)):
            for x in range(2 + 4 * (row % 2), 100, 8):
                s.dot(x, y, 1.25, trim)
    elif look.pattern == "flowers":
        for row, y in enumerate(range(6, 100, 11)):
            for x in range(6 + 6 * (row % 2), 100, 12):
                flower(s, x, y, 2.1, trim, mix(trim, "#f2b705", 0.8))
    elif look.pattern == "cable":
        for x in (38, 50, 62):
            for y in range(20, 90, 8):
                s.line([(x - 1.8, y), (x + 1.8, y + 4), (x - 1.8, y + 8)], shade(look.main, -0.10), 0.8)
                s.line([(x + 1.8, y), (x - 1.8, y + 4), (x + 1.8, y + 8)], shade(look.main, 0.16), 0.8)


def paint_print(s: Sketch, look: Look, x: float, y: float) -> None:
    """A motif on the chest, or wherever it is wanted."""
    if look.print == "bear":
        bear(s, x, y, look.trim)
    elif look.print == "star":
        star(s, x, y, 8, look.trim)
    elif look.print == "heart":
        s.dot(x - 3.3, y - 2, 4, look.trim)
        s.dot(x + 3.3, y - 2, 4, look.trim)
        s.shape([(x - 7, y - 0.4), (x + 7, y - 0.4), (x, y + 8.5)], look.trim, 0.8)
    elif look.print == "sun":
        s.dot(x, y, 7.5, look.trim)
        for cut in range(3):
            s.box(x - 9, y + 1.2 + cut * 2.3, x + 9, y + 2.0 + cut * 2.3, look.main)
    elif look.print == "hills":
        s.shape([(x - 12, y + 6), (x - 4, y - 6), (x + 4, y + 6)], look.trim, 0.6)
        s.shape([(x - 3, y + 6), (x + 5, y - 2), (x + 12, y + 6)], mix(look.trim, look.main, 0.4), 0.6)
        s.dot(x + 6, y - 7, 2.2, look.trim)
    elif look.print == "band":
        s.box(x - 19.5, y - 7, x + 19.5, y - 1, look.trim)
        s.box(x - 19.5, y + 0.5, x + 19.5, y + 2, look.trim)


def flower(s: Sketch, x: float, y: float, r: float, petals: str, middle: str) -> None:
    for i in range(5):
        angle = math.radians(72 * i - 90)
        s.dot(x + r * 0.75 * math.cos(angle), y + r * 0.75 * math.sin(angle), r * 0.55, petals)
    s.dot(x, y, r * 0.42, middle)


def star(s: Sketch, x: float, y: float, r: float, color: str) -> None:
    corners: list[tuple[float, float]] = []
    for i in range(10):
        angle, length = math.radians(36 * i - 90), r if i % 2 == 0 else r * 0.45
        corners.append((x + length * math.cos(angle), y + length * math.sin(angle)))
    s.shape(corners, color, 0.6)


def bear(s: Sketch, x: float, y: float, color: str) -> None:
    for way in (-1, 1):
        s.dot(x + way * 6, y - 6, 3.2, color)
        s.dot(x + way * 6, y - 6, 1.6, shade(color, 0.45))
    s.oval(x, y, 8.6, 7.8, color)
    s.oval(x, y + 2.6, 4, 3, shade(color, 0.55))
    for way in (-1, 1):
        s.dot(x + way * 3.2, y - 1.6, 0.9, "#2c2420")
    s.oval(x, y + 1.4, 1.2, 0.9, "#2c2420")
