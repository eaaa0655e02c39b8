"""What goes with clothes: bags, hats, scarves, belts, glasses, umbrellas, socks, watches."""

from __future__ import annotations

import math

from api.demo.pictures.look import Look
from api.demo.pictures.patterns import paint_pattern, paint_print
from api.demo.pictures.sketch import Point, Sketch, shade


def tote(s: Sketch, look: Look) -> None:
    s.arc(50, 38, 16, 28, 180, 360, shade(look.second or look.main, -0.25), 3)
    body: list[Point] = [(20, 36, 2), (80, 36, 2), (84, 88, 4), (16, 88, 4)]
    s.shape(body, look.main, 2)
    s.inside(body, 2, lambda layer: paint_pattern(layer, look))
    s.arc(50, 42, 16, 28, 180, 360, look.second or shade(look.main, -0.15), 3)
    for x in (34, 66):
        s.box(x - 2.4, 39, x + 2.4, 47, look.second or shade(look.main, -0.2), 1)
    paint_print(s, look, 50, 64)


def backpack(s: Sketch, look: Look) -> None:
    for x in (20, 80):
        s.box(x - 4, 44, x + 4, 78, shade(look.main, -0.28), 4)
    s.arc(50, 18, 8, 8, 180, 360, shade(look.main, -0.35), 2.6)
    s.shape([(26, 30, 14), (36, 14, 10), (64, 14, 10), (74, 30, 14), (77, 90, 7), (23, 90, 7)], look.main, 6)
    s.arc(50, 40, 22, 18, 190, 350, shade(look.main, -0.3), 1.0)
    s.shape([(30, 54, 5), (70, 54, 5), (72, 84, 5), (28, 84, 5)], look.second or shade(look.main, -0.12), 4)
    s.line([(32, 60), (68, 60)], look.trim, 1.2)
    s.box(64, 58.6, 67, 66, look.trim, 1)
    s.box(44, 68, 56, 75, look.trim, 1)


def scarf(s: Sketch, look: Look) -> None:
    tail: list[Point] = [(40, 34), (56, 34), (60, 84, 1), (43, 86, 1)]
    for x in range(44, 61, 3):
        s.line([(x, 84), (x + 0.5, 92)], look.trim, 1.0)
    s.shape(tail, shade(look.main, -0.1), 1)
    s.inside(tail, 1, lambda layer: paint_pattern(layer, look, dark=True))
    loop: list[tuple[float, float]] = [(22, 26), (34, 13), (50, 10), (66, 13), (78, 26), (70, 40), (50, 45), (30, 40)]
    s.blob(loop, look.main)
    s.inside(list(loop), 8, lambda layer: paint_pattern(layer, look))
    s.blob([(36, 24), (50, 18), (64, 24), (58, 30), (50, 31), (42, 30)], shade(look.main, -0.45))
    s.line([(27, 29), (40, 37), (56, 39)], shade(look.main, -0.18), 0.9)
    front: list[Point] = [(30, 36, 3), (46, 40, 3), (40, 76, 1), (22, 72, 1)]
    for i in range(7):
        s.line([(23.5 + i * 2.8, 72.4 + i * 0.6), (22.5 + i * 2.8, 80 + i * 0.6)], look.trim, 1.0)
    s.shape(front, look.main, 1)
    s.inside(front, 1, lambda layer: paint_pattern(layer, look))


def belt(s: Sketch, look: Look) -> None:
    s.ring(50, 46, 31, 24, shade(look.main, -0.28), 8)
    s.arc(50, 50, 33, 24, 8, 172, look.main, 9)
    s.line([(50, 74), (74, 73), (90, 66)], look.main, 9)
    for x in (66, 74, 82):
        s.dot(x, 74 - max(0, x - 70) * 0.3, 1.0, shade(look.main, -0.6))
    s.box(38, 64, 58, 84, look.trim, 3)
    s.box(42, 68, 54, 80, shade(look.main, -0.1), 1.5)
    s.line([(44, 74), (57, 74)], shade(look.trim, -0.25), 1.6)


def cap(s: Sketch, look: Look) -> None:
    s.dome(54, 62, 32, 38, look.main)
    s.arc(54, 62, 12, 37, 180, 360, shade(look.main, -0.18), 0.8)
    s.line([(54, 25), (54, 62)], shade(look.main, -0.18), 0.8)
    s.dot(54, 24.5, 2.2, shade(look.main, -0.25))
    s.shape([(22, 60), (86, 60), (86, 66, 2), (24, 66, 2)], shade(look.main, -0.12), 1)
    s.shape(
        [(60, 61, 2), (24, 60, 8), (6, 70, 5), (8, 76, 5), (32, 71, 16), (62, 67, 3)],
        look.second or shade(look.main, -0.22),
        2,
    )
    with s.moved(-8, 0):
        paint_print(s, look, 50, 47)


def beanie(s: Sketch, look: Look) -> None:
    s.dot(50, 18, 8, look.trim)
    s.dome(50, 64, 30, 44, look.main)
    for x in (34, 42, 50, 58, 66):
        s.line([(50 + (x - 50) * 0.45, 26), (x, 62)], shade(look.main, -0.13), 0.8)
    s.box(17, 60, 83, 78, look.second or shade(look.main, -0.12), 5)
    for x in range(22, 82, 5):
        s.line([(x, 62), (x, 76)], shade(look.second or look.main, -0.22), 0.7)


def sunglasses(s: Sketch, look: Look) -> None:
    s.line([(16, 44), (10, 36), (18, 30)], shade(look.main, -0.1), 2.4)
    s.line([(84, 44), (90, 36), (82, 30)], shade(look.main, -0.1), 2.4)
    for x in (30, 70):
        s.shape([(x - 18, 40, 5), (x + 18, 40, 5), (x + 15, 64, 10), (x - 14, 64, 10)], look.main, 6)
        s.shape([(x - 15, 43, 4), (x + 15, 43, 4), (x + 12.6, 61.4, 9), (x - 11.8, 61.4, 9)], look.trim, 5)
        s.shape([(x - 9, 45), (x - 2, 45), (x - 9, 58), (x - 12, 55)], shade(look.trim, 0.35), 1)
    s.arc(50, 47, 5, 5, 190, 350, look.main, 2.6)


def umbrella(s: Sketch, look: Look) -> None:
    s.line([(50, 20), (50, 82)], look.trim, 1.8)
    s.arc(56, 82, 6, 7, 0, 180, look.trim, 2.2)
    s.line([(50, 9), (50, 15)], look.trim, 1.6)
    s.dome(50, 53, 41, 40, look.main)
    s.dome(50, 53, 15, 40, shade(look.main, -0.09))
    for left, right, by in ((9, 22, 0.05), (22, 35, 0.05), (35, 65, 0.16), (65, 78, 0.05), (78, 91, 0.05)):
        s.bowl((left + right) / 2, 52.6, (right - left) / 2, 3.2, shade(look.main, -by))
    for x in (35, 65):
        s.line([(50, 14), (x, 28), (x, 52)], shade(look.main, -0.2), 0.5)


def socks(s: Sketch, look: Look) -> None:
    for dx, dy, color in ((15, -5, shade(look.main, -0.14)), (-8, 3, look.main)):
        with s.moved(dx, dy, 0.95):
            body: list[Point] = [
                (44, 12, 2),
                (66, 12, 2),
                (66, 54, 10),
                (58, 74, 8),
                (32, 86, 9),
                (20, 78, 9),
                (26, 66, 8),
                (42, 56, 8),
            ]
            s.shape(body, color, 3)
            s.inside(body, 3, lambda layer: paint_pattern(layer, look))
            s.shape([(20, 78, 9), (26, 66, 6), (33, 63), (40, 82), (32, 86, 9)], look.second or look.trim, 2)
            s.shape([(66, 50), (66, 56, 8), (60, 70, 6), (52, 60)], look.second or look.trim, 2)
            s.box(43, 11, 67, 21, look.second or look.trim, 2)


def watch(s: Sketch, look: Look) -> None:
    smart = look.style == "smart"
    s.shape([(39, 4, 3), (61, 4, 3), (66, 34), (34, 34)], look.main, 1)
    s.shape([(34, 66), (66, 66), (61, 96, 3), (39, 96, 3)], shade(look.main, -0.1), 1)
    if smart:
        s.box(28, 28, 72, 72, "#23262d", 9)
        s.box(31, 31, 69, 69, "#101218", 7)
        for i, color in enumerate(("#ef476f", "#06d6a0", "#118ab2")):
            s.arc(50, 50, 15 - i * 4, 15 - i * 4, -90, 150 - i * 40, color, 2.6)
        s.box(72, 44, 75, 54, "#3a3e47", 1)
        return
    for y in (12, 17, 84, 89):
        s.dot(50, y, 1.0, shade(look.main, -0.5))
    s.box(72, 47, 77, 53, shade(look.trim, -0.25), 1)
    s.dot(50, 50, 25, shade(look.trim, -0.18))
    s.dot(50, 50, 22.5, look.second or "#fdfcf8")
    for i in range(12):
        angle = math.radians(30 * i)
        x, y = math.sin(angle), -math.cos(angle)
        s.line([(50 + x * 18, 50 + y * 18), (50 + x * 20, 50 + y * 20)], shade(look.trim, -0.45), 1.0)
    s.line([(50, 50), (41, 43)], "#2a2d34", 1.8)
    s.line([(50, 50), (61, 38)], "#2a2d34", 1.2)
    s.dot(50, 50, 1.6, "#2a2d34")
