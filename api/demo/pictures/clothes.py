"""Clothes, lying flat: tops of all kinds, trousers, skirts, dresses."""

from __future__ import annotations

from collections.abc import Callable

from api.demo.pictures.look import Look
from api.demo.pictures.patterns import paint_pattern, paint_print
from api.demo.pictures.sketch import Point, Sketch, flipped, mirrored, shade


def tee(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="short", neck=_crew)


def polo(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="short", neck=_collar)
    _placket(s, look, 27, 42)


def shirt(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="long", neck=_collar, length=86)
    _placket(s, look, 27, 85)
    s.box(56, 40, 65, 50, shade(look.main, -0.10), 1)


def blouse(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="long", neck=_vee, length=80, flare=3)
    s.line([(50, 31), (44, 40), (46, 52)], look.trim, 1.6)
    s.line([(50, 31), (55, 41), (54, 55)], look.trim, 1.6)
    s.oval(50, 31, 2.2, 1.8, look.trim)


def sweater(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="long", neck=_crew, ribbed=True)


def turtleneck(s: Sketch, look: Look) -> None:
    s.box(42, 10, 58, 24, shade(look.main, -0.12), 2)
    _top(s, look, sleeve="long", neck=_roll, ribbed=True)


def cardigan(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="long", neck=_vee, ribbed=True, length=82)
    s.line([(50, 31), (50, 82)], shade(look.main, -0.25), 0.7)
    for y in (38, 48, 58, 68, 78):
        s.dot(52.2, y, 1.1, look.trim)


def hoodie(s: Sketch, look: Look) -> None:
    s.blob([(33, 24), (38, 10), (50, 6), (62, 10), (67, 24), (50, 28)], shade(look.main, -0.18))
    _top(s, look, sleeve="long", neck=_hood, ribbed=True)
    s.shape([(37, 60), (63, 60), (67, 75), (33, 75)], shade(look.main, -0.10), 2)
    s.line([(45.5, 28), (45, 41)], look.trim, 0.9)
    s.line([(54.5, 28), (55, 39)], look.trim, 0.9)


def blazer(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="long", neck=_lapels, length=86)
    s.line([(50, 47), (50, 86)], shade(look.main, -0.3), 0.7)
    for y in (54, 63):
        s.dot(52.5, y, 1.3, look.trim)
    for x in (33, 58):
        s.box(x, 66, x + 9, 69, shade(look.main, -0.16), 0.6)


def down_jacket(s: Sketch, look: Look) -> None:
    s.box(40, 11, 60, 24, shade(look.main, -0.14), 4)
    _top(s, look, sleeve="long" if look.style != "vest" else "none", neck=_roll, length=83, round_=6)
    for y in (33, 43, 53, 63, 73):
        s.line([(30, y), (40, y + 1.6), (50, y + 1.8), (60, y + 1.6), (70, y)], shade(look.main, -0.17), 0.8)
    _zip(s, look, 14, 82)


def coat(s: Sketch, look: Look) -> None:
    _top(s, look, sleeve="long", neck=_lapels, length=93, flare=5)
    s.line([(50, 47), (50, 93)], shade(look.main, -0.3), 0.7)
    for y in (49, 66):
        for x in (44.5, 55.5):
            s.dot(x, y, 1.3, look.trim)
    s.box(29, 55, 71, 60, shade(look.main, -0.16), 1)
    s.box(46, 54, 54, 61, look.trim, 1)
    s.box(48, 56, 52, 59, shade(look.main, -0.16), 0.5)


def camisole(s: Sketch, look: Look) -> None:
    for x, way in ((39, 1), (61, -1)):
        s.line([(x, 30), (x + way, 14)], look.main, 1.4)
    half: list[Point] = [(50, 37, 3), (40, 28, 2), (35, 32, 2), (32, 42, 3), (30, 82, 2)]
    _cloth(s, look, mirrored(half), 1)
    s.line([(35, 32), (40, 29), (50, 37), (60, 29), (65, 32)], look.trim, 1.2)


def dress(s: Sketch, look: Look) -> None:
    if look.style == "sleeved":
        _sleeves(s, look, "short")
    half: list[Point] = [(41, 12), (33, 15, 2), (36, 34, 3), (37, 44, 6), (22, 90, 3)]
    if look.style != "sleeved":
        half[1] = (36, 13, 1)
    outline = mirrored([(50, 12), *half])
    _cloth(s, look, outline, 2)
    _crew(s, look, 12)
    s.box(36.6, 42.5, 63.4, 46, look.trim, 0.6)
    for x in (38, 50, 62):
        s.line([(50 + (x - 50) * 0.6, 48), (50 + (x - 50) * 1.35, 86)], shade(look.main, -0.10), 0.7)


def romper(s: Sketch, look: Look) -> None:
    _sleeves(s, look, "short")
    half: list[Point] = [(50, 19), (42, 19), (31, 22, 3), (29, 60, 3), (25, 84, 2), (45, 86, 2), (50, 76, 3)]
    _cloth(s, look, mirrored(half), 1)
    _crew(s, look)
    for x in (44, 50, 56):
        s.dot(x, 73, 1.1, look.trim)
    paint_print(s, look, 50, 46)


def skirt(s: Sketch, look: Look) -> None:
    outline = mirrored([(50, 20), (36, 20, 1), (20, 82, 3)])
    _cloth(s, look, outline, 1)
    for x in range(-3, 4):
        s.line([(50 + x * 4, 27), (50 + x * 8.6, 80)], shade(look.main, -0.13), 0.8)
    s.box(35, 18, 65, 25, shade(look.main, -0.16), 1)


def trousers(s: Sketch, look: Look) -> None:
    _legs(s, look, [(50, 10), (34.5, 10, 1), (31, 36, 6), (31, 91, 1), (46.5, 91, 1), (50, 38, 1)])
    if look.style == "jeans":
        for x0, x1 in ((37, 46), (54, 63)):
            s.line([(x0, 17), ((x0 + x1) / 2, 20.5), (x1, 17)], look.trim, 0.6)
        for x in (33.2, 66.8):
            s.line([(x, 30), (x - (50 - x) * 0.03, 88)], look.trim, 0.4)


def shorts(s: Sketch, look: Look) -> None:
    with s.moved(0, 12):
        _legs(s, look, [(50, 14), (33, 14, 1), (25, 62, 2), (47, 65, 2), (50, 42, 1)])
        if look.style == "sport":
            for way in (1, -1):
                s.line([(50 - way * 16, 22), (50 - way * 22.5, 60)], look.trim, 2.2)
        s.line([(48, 20), (46, 32)], look.trim, 0.8)
        s.line([(52, 20), (54, 30)], look.trim, 0.8)


Neck = Callable[[Sketch, Look], None]


def _top(
    s: Sketch,
    look: Look,
    *,
    sleeve: str,
    neck: Neck,
    length: float = 84,
    flare: float = 0,
    ribbed: bool = False,
    round_: float = 1.5,
) -> None:
    _sleeves(s, look, sleeve, ribbed=ribbed)
    half: list[Point] = [(50, 19), (41.5, 18.5), (31, 22, 3), (30, 48, 4), (30 - flare, length, round_)]
    outline = mirrored(half)
    _cloth(s, look, outline, 1)
    if ribbed:
        s.shape(
            [(30 - flare, length - 5), (70 + flare, length - 5), (69, length, 2), (31, length, 2)],
            shade(look.main, -0.14),
            0.5,
        )
    neck(s, look)
    paint_print(s, look, 50, 47)


def _sleeves(s: Sketch, look: Look, kind: str, *, ribbed: bool = False) -> None:
    color = shade(look.second or look.main, -0.09)
    for flip in (False, True):
        if kind == "short":
            arm: list[Point] = [(33, 21, 3), (25, 26, 5), (12, 42, 2), (21, 51, 2), (32, 42)]
            cuff: list[Point] = [(12, 42, 2), (21, 51, 2), (22.6, 49.4), (13.6, 40.4)]
        elif kind == "long":
            arm = [(33, 21, 3), (24, 25, 6), (18, 44, 6), (11, 76, 2), (20, 79, 2), (32, 46)]
            cuff = [(11, 76, 2), (20, 79, 2), (21.2, 74.4), (12.2, 71.6)]
        else:
            return
        if flip:
            arm = [flipped(point) for point in arm]
            cuff = [flipped(point) for point in cuff]
        s.shape(arm, color, 1)
        if look.second is None:
            s.inside(arm, 1, lambda layer: paint_pattern(layer, look, dark=True))
        s.shape(cuff, look.trim if kind == "short" and look.pattern == "ringer" else shade(color, -0.12 * ribbed), 0.5)


def _cloth(s: Sketch, look: Look, outline: list[Point], rounding: float) -> None:
    s.shape(outline, look.main, rounding)
    if look.pattern:
        s.inside(outline, rounding, lambda layer: paint_pattern(layer, look))


def _legs(s: Sketch, look: Look, half: list[Point]) -> None:
    outline = mirrored(half)
    top = half[0][1]
    _cloth(s, look, outline, 1)
    s.line([(50, top + 6), (50, half[-1][1] - 1)], shade(look.main, -0.22), 0.7)
    left = half[1][0] - 0.5
    s.box(left, top - 1.5, 100 - left, top + 5, shade(look.main, -0.13), 1)
    s.dot(50, top + 1.8, 1.1, look.trim)


def _crew(s: Sketch, look: Look, y: float = 18.6) -> None:
    s.bowl(50, y, 8.6, 6, shade(look.main, -0.32))
    s.arc(50, y, 9, 6.4, 0, 180, look.trim if look.pattern == "ringer" else shade(look.main, -0.12), 1.7)


def _vee(s: Sketch, look: Look) -> None:
    s.shape([(41.5, 18.4), (58.5, 18.4), (50, 32)], shade(look.main, -0.34))
    for x in (41.5, 58.5):
        s.line([(x, 18.6), (50, 32)], shade(look.main, -0.13), 1.6)


def _roll(s: Sketch, look: Look) -> None:
    s.shape([(41.5, 12, 2), (58.5, 12, 2), (59.5, 23, 3), (40.5, 23, 3)], shade(look.main, -0.06), 1)
    s.line([(41.5, 21.6), (50, 23.4), (58.5, 21.6)], shade(look.main, -0.2), 0.7)


def _hood(s: Sketch, look: Look) -> None:
    s.oval(50, 18.5, 10.5, 8.5, shade(look.main, -0.45))
    s.arc(50, 19, 11.5, 9.5, 10, 170, shade(look.main, -0.1), 2.4)


def _collar(s: Sketch, look: Look) -> None:
    s.bowl(50, 18.4, 8.4, 5, shade(look.main, -0.4))
    color = look.trim if look.pattern == "ringer" else shade(look.main, 0.14)
    for flip in (1, -1):
        flap = [(50 - flip * 8.6, 16.6), (50, 24.5), (50 - flip * 5.5, 31.5), (50 - flip * 13.5, 21.5)]
        s.shape(flap, shade(look.main, -0.24), 0.6)
        s.shape([(x, y - 0.9) for x, y in flap], color, 0.6)


def _lapels(s: Sketch, look: Look) -> None:
    s.shape([(41, 18), (59, 18), (50, 47)], look.second or shade(look.main, 0.75))
    for flip in (1, -1):
        lapel = [(50 - flip * 9, 16.5), (50 - flip * 15, 27), (50 - flip * 10.5, 30), (50 - flip * 12, 33), (50, 49)]
        s.shape([(x, y + 0.6) for x, y in lapel], shade(look.main, -0.3), 0.6)
        s.shape(lapel, shade(look.main, 0.07), 0.6)


def _placket(s: Sketch, look: Look, top: float, bottom: float) -> None:
    s.box(48.2, top, 51.8, bottom, shade(look.main, -0.07), 0.4)
    y = top + 4
    while y < bottom - 1:
        s.dot(50, y, 0.9, look.trim)
        y += 9 if bottom > 60 else 5


def _zip(s: Sketch, look: Look, top: float, bottom: float) -> None:
    s.line([(50, top), (50, bottom)], shade(look.main, -0.35), 1.5)
    s.line([(50, top), (50, bottom)], look.trim, 0.6)
    s.box(48.9, top + 2, 51.1, top + 7, look.trim, 0.8)
