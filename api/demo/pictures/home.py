"""Things for the house."""

from __future__ import annotations

from api.demo.pictures.look import Look
from api.demo.pictures.patterns import flower, paint_pattern
from api.demo.pictures.sketch import Point, Sketch, mirrored, mix, shade


def mug(s: Sketch, look: Look) -> None:
    s.ring(68, 56, 12, 13, shade(look.main, -0.10), 5)
    body: list[Point] = [(24, 32), (68, 32), (67, 76, 7), (61, 82, 5), (31, 82, 5), (25, 76, 7)]
    s.shape(body, look.main, 1)
    if look.pattern:
        s.inside(body, 1, lambda layer: paint_pattern(layer, look))
    else:
        s.inside(
            body,
            1,
            lambda layer: layer.shape([(0, 60), (30, 54), (60, 62), (100, 52), (100, 90), (0, 90)], look.trim, 9),
        )
    s.oval(46, 32, 22, 5, shade(look.main, -0.14))
    s.oval(46, 32.4, 19.6, 3.8, "#5b3a29")
    for x in (38, 46, 54):
        s.line([(x, 24), (x + 2, 20), (x - 1, 15), (x + 1, 10)], "#ffffff", 1.1)


def lamp(s: Sketch, look: Look) -> None:
    s.oval(50, 86, 17, 4, shade(look.trim, -0.2))
    s.oval(50, 84.6, 17, 4, look.trim)
    s.box(48.6, 40, 51.4, 84, look.trim)
    s.shape([(35, 14, 2), (65, 14, 2), (76, 48, 3), (24, 48, 3)], look.main)
    s.oval(50, 48, 25.5, 3.4, mix(look.main, "#fff3bf", 0.75))
    s.shape([(37, 16), (44, 16), (38, 45), (27, 45)], shade(look.main, 0.25), 1)
    s.line([(60, 50), (60, 60)], shade(look.trim, -0.3), 0.7)
    s.dot(60, 61, 1.5, look.trim)


def towels(s: Sketch, look: Look) -> None:
    colors = (look.second or shade(look.main, 0.5), look.main, look.trim)
    for i, color in enumerate(colors):
        y = 66 - i * 17
        s.box(17 + i, y, 83 - i, y + 17, shade(color, -0.12), 8)
        s.box(17 + i, y, 83 - i, y + 8.6, color, 4)
        s.box(17 + i, y + 8, 83 - i, y + 16, shade(color, -0.04), 4)
        s.line([(20, y + 8.3), (80, y + 8.3)], shade(color, -0.25), 0.6)
        for x in (70, 73):
            s.box(x, y + 0.4, x + 1.4, y + 15.8, shade(color, -0.17))


def cushion(s: Sketch, look: Look) -> None:
    corners: list[Point] = [
        (16, 20, 4),
        (50, 24, 30),
        (84, 18, 4),
        (79, 50, 30),
        (84, 84, 4),
        (50, 79, 30),
        (16, 82, 4),
        (20, 50, 30),
    ]
    s.shape(corners, look.main, 4)
    s.inside(corners, 4, lambda layer: paint_pattern(layer, look))
    s.line([(22, 25), (31, 33)], shade(look.main, -0.18), 0.9)
    s.line([(78, 24), (70, 32)], shade(look.main, -0.18), 0.9)
    s.line([(22, 77), (30, 70)], shade(look.main, -0.18), 0.9)
    s.line([(78, 78), (70, 70)], shade(look.main, -0.18), 0.9)


def bedding(s: Sketch, look: Look) -> None:
    s.box(12, 22, 88, 84, "#fbfaf7", 4)
    for x in (16, 52):
        s.shape(
            [(x, 18, 4), (x + 16, 20, 10), (x + 32, 18, 4), (x + 32, 36, 4), (x + 16, 34, 10), (x, 36, 4)], look.trim, 3
        )
        s.line([(x + 4, 21), (x + 28, 21)], shade(look.trim, -0.12), 0.6)
    cover: list[Point] = [(10, 44, 2), (90, 44, 2), (91, 88, 4), (9, 88, 4)]
    s.shape(cover, look.main, 2)
    s.inside(cover, 2, lambda layer: paint_pattern(layer, look))
    s.shape([(10, 42, 2), (90, 42, 2), (90, 53, 2), (10, 53, 2)], look.second or shade(look.main, 0.45), 2)


def vase(s: Sketch, look: Look) -> None:
    for i, (x, y) in enumerate(((30, 16), (50, 8), (68, 18), (40, 26), (61, 30))):
        s.line([(50, 52), ((50 + x) / 2 + 2, (52 + y) / 2), (x, y)], "#7c9070", 1.0)
        flower(s, x, y, 5 if i % 2 else 6, look.trim, "#f0b429")
    s.shape(mirrored([(50, 48), (43, 48, 1), (43, 56, 5), (30, 68, 12), (38, 90, 5)]), look.main, 1)
    s.line([(36, 68), (37, 80)], shade(look.main, 0.5), 1.8)
    s.oval(50, 48, 7.2, 1.8, shade(look.main, -0.3))


def candle(s: Sketch, look: Look) -> None:
    s.blob([(50, 8), (55, 18), (53, 25), (50, 27), (47, 25), (45, 18)], "#f7b733")
    s.blob([(50, 15), (52.4, 21), (50, 26), (47.6, 21)], "#fff0b8")
    s.line([(50, 26), (50, 36)], "#4a3b30", 0.8)
    s.box(26, 34, 74, 84, mix(look.main, "#ffffff", 0.25), 6)
    s.box(29, 42, 71, 81, look.main, 4)
    s.oval(50, 42, 21, 3, shade(look.main, 0.35))
    s.box(36, 54, 64, 72, look.trim, 1.5)
    s.line([(41, 61), (59, 61)], shade(look.main, -0.3), 0.9)
    s.line([(44, 66), (56, 66)], shade(look.main, -0.3), 0.7)


def blanket(s: Sketch, look: Look) -> None:
    for x in range(17, 84, 3):
        s.line([(x, 80), (x + 0.4, 89)], look.trim, 0.9)
    body: list[Point] = [(15, 26, 3), (85, 26, 3), (85, 82, 2), (15, 82, 2)]
    s.shape(body, look.main, 2)
    s.inside(body, 2, lambda layer: paint_pattern(layer, look))
    s.shape([(15, 20, 5), (85, 20, 5), (85, 40, 6), (15, 40, 6)], shade(look.main, 0.18), 5)
    s.line([(18, 40), (82, 40)], shade(look.main, -0.2), 0.8)
