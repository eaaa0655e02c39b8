"""Shoes from the side, in pairs, the toes to the left."""

from __future__ import annotations

from collections.abc import Callable

from api.demo.pictures.look import Look
from api.demo.pictures.sketch import Point, Sketch, mix, shade


def sneaker(s: Sketch, look: Look) -> None:
    _pair(s, look, _sneaker)


def high_top(s: Sketch, look: Look) -> None:
    _pair(s, look, _high_top)


def runner(s: Sketch, look: Look) -> None:
    _pair(s, look, _runner)


def boot(s: Sketch, look: Look) -> None:
    _pair(s, look, _boot)


def loafer(s: Sketch, look: Look) -> None:
    _pair(s, look, _loafer)


def flat(s: Sketch, look: Look) -> None:
    _pair(s, look, _flat)


def slipper(s: Sketch, look: Look) -> None:
    _pair(s, look, _slipper)


def sandal(s: Sketch, look: Look) -> None:
    _pair(s, look, _sandal)


def _pair(s: Sketch, look: Look, one: Callable[[Sketch, Look, str], None]) -> None:
    with s.moved(7, -11, 0.88):
        one(s, look, shade(look.main, -0.22))
    with s.moved(-4, 9, 0.96):
        one(s, look, look.main)


def _sole(s: Sketch, color: str, *, top: float = 66, thick: float = 8, stripe: str | None = None) -> None:
    s.shape([(9, top, 4), (50, top + 1.4, 20), (89, top - 1, 3), (88, top + thick, 3), (11, top + thick, 5)], color, 3)
    if stripe:
        s.box(12, top + thick * 0.45, 87.6, top + thick * 0.45 + 1.2, stripe, 0.6)


def _laces(s: Sketch, color: str, steps: int = 5) -> None:
    for i in range(steps):
        x, y = 37.5 + i * 3.6, 52 - i * 3.3
        s.line([(x - 2.2, y - 2.4), (x + 4, y + 1.8)], color, 1.3)


def _sneaker(s: Sketch, look: Look, main: str) -> None:
    upper: list[Point] = [
        (87, 70), (88, 54, 4), (85, 40, 3), (78, 46, 8), (63, 46, 5), (56, 33, 3), (49, 36, 3), (36, 53, 10),
        (20, 57, 10), (10, 64, 6), (10, 70),
    ]  # fmt: skip
    s.shape([(48, 38), (57, 31, 3), (65, 47), (50, 56)], shade(main, -0.3), 1)
    s.shape(upper, main, 1)
    if look.style == "cap":
        s.shape([(10, 70), (10, 64, 5), (20, 57.4, 6), (27, 60, 6), (29, 70)], look.trim, 1)
    s.shape([(80, 70), (80, 48, 3), (85, 41, 2), (88, 54, 3), (87, 70)], look.second or shade(main, -0.16), 1)
    s.line([(44, 64), (56, 52), (68, 62)], look.second or shade(main, -0.2), 1.4)
    _laces(s, look.trim)
    _sole(s, "#f6f3ec", stripe=look.second or shade(main, -0.1))


def _high_top(s: Sketch, look: Look, main: str) -> None:
    upper: list[Point] = [
        (87, 70), (88, 54, 4), (84, 22, 3), (60, 20, 3), (52, 30, 6), (37, 53, 10), (20, 57, 10), (10, 64, 6), (10, 70),
    ]  # fmt: skip
    s.shape([(50, 32), (57, 16, 3), (64, 20), (60, 40)], shade(main, -0.3), 1)
    s.shape(upper, main, 1)
    s.shape([(10, 70), (10, 64, 5), (20, 57.4, 6), (27, 60, 6), (29, 70)], "#f6f3ec", 1)
    s.dot(74, 40, 6, "#f6f3ec")
    s.dot(74, 40, 4.6, look.second or shade(main, -0.25))
    for i in range(7):
        x, y = 38 + i * 3.0, 52 - i * 4.6
        s.line([(x - 2, y - 2), (x + 4.4, y + 1.4)], look.trim, 1.2)
    _sole(s, "#f6f3ec", stripe=look.second or shade(main, -0.1))


def _runner(s: Sketch, look: Look, main: str) -> None:
    second = look.second or shade(main, -0.3)
    upper: list[Point] = [
        (88, 68), (89, 50, 4), (87, 37, 3), (77, 45, 8), (64, 44, 5), (57, 33, 3), (50, 36, 4), (36, 53, 12),
        (18, 57, 12), (7, 64, 4), (9, 69),
    ]  # fmt: skip
    s.shape(upper, main, 1)
    for i in range(3):
        s.shape([(52 + i * 7, 67), (60 + i * 6, 48), (63.5 + i * 6, 48), (56 + i * 7, 67)], second, 0.5)
    s.shape([(9, 69), (7, 64, 4), (16, 58.5, 6), (22, 68)], second, 1)
    _laces(s, look.trim)
    s.shape([(5, 63, 4), (20, 68, 8), (50, 67, 8), (92, 60, 5), (91, 75, 4), (70, 76, 6), (14, 75, 8)], "#fbfaf6", 2)
    s.shape([(14, 74.6), (50, 73, 8), (91, 71), (91, 76, 3), (70, 77, 4), (16, 77, 4)], look.trim, 1)


def _boot(s: Sketch, look: Look, main: str) -> None:
    rain = look.style == "rain"
    upper: list[Point] = [
        (86, 72), (87, 54, 4), (83, 12, 2), (51, 12, 2), (50, 44, 10), (34, 54, 12), (16, 59, 10), (9, 66, 5), (9, 72),
    ]  # fmt: skip
    s.shape(upper, main, 1)
    s.shape([(51, 11), (83.3, 11), (83.8, 18), (51, 18)], look.trim if rain else shade(main, -0.22), 1.5)
    if rain:
        s.line([(57, 24), (56.5, 46), (48, 56)], shade(main, 0.5), 1.8)
        s.shape([(9, 68), (88, 68), (88, 76, 2), (10, 76, 4)], look.trim, 2)
        return
    s.shape([(62, 18), (74, 18), (72, 44, 6), (64, 44, 6)], shade(main, -0.3), 1)
    s.line([(50, 46), (60, 56), (86, 57)], shade(main, -0.2), 0.8)
    _sole(s, look.second or "#3a322c", top=68, thick=6)
    s.box(70, 72, 88, 80, look.second or "#3a322c", 1.5)


def _loafer(s: Sketch, look: Look, main: str) -> None:
    upper: list[Point] = [
        (88, 69), (89, 54, 4), (86, 45, 3), (74, 52, 10), (56, 51, 6), (44, 44, 5), (32, 52, 8), (18, 56, 10),
        (9, 64, 5), (9, 69),
    ]  # fmt: skip
    s.shape([(46, 46), (84, 45), (78, 56), (52, 56)], shade(main, -0.5), 2)
    s.shape(upper, main, 1)
    s.shape([(38, 49), (47, 45.5), (55, 62), (45, 66)], shade(main, -0.18), 1)
    s.shape([(43, 54), (50, 52), (51.5, 56), (44.5, 58)], look.trim, 0.6)
    s.arc(27, 66, 15, 9, 190, 320, shade(main, -0.25), 0.8)
    _sole(s, look.second or "#33281f", top=67, thick=4)
    s.box(70, 69, 88.5, 75, look.second or "#33281f", 1)


def _flat(s: Sketch, look: Look, main: str) -> None:
    upper: list[Point] = [
        (88, 70), (90, 56, 4), (86, 48, 3), (70, 63, 14), (44, 62, 10), (32, 54, 6), (18, 57, 10), (9, 65, 5), (9, 70),
    ]  # fmt: skip
    s.shape([(34, 56), (86, 50), (80, 68), (40, 68)], shade(main, -0.35), 3)
    s.shape(upper, main, 1)
    for way in (-1, 1):
        s.shape([(30, 57), (30 + way * 7, 53), (30 + way * 7, 61)], look.trim, 1)
    s.dot(30, 57, 1.7, shade(look.trim, -0.2))
    _sole(s, look.second or shade(main, -0.45), top=68, thick=3.4)


def _slipper(s: Sketch, look: Look, main: str) -> None:
    s.shape([(9, 62, 5), (90, 62, 5), (90, 70, 4), (9, 72, 5)], look.second or shade(main, 0.35), 4)
    s.shape([(10, 66), (12, 54, 8), (26, 42, 10), (46, 40, 8), (54, 50, 6), (56, 66)], main, 3)
    s.line([(46, 40), (53, 49), (56, 65)], look.trim, 3.2)
    s.shape([(9, 69), (90, 69), (89, 74, 3), (11, 75, 4)], shade(look.second or main, -0.35), 2)


def _sandal(s: Sketch, look: Look, main: str) -> None:
    s.shape([(9, 66, 4), (50, 64, 10), (90, 58, 4), (90, 72, 3), (11, 74, 5)], look.second or "#c9a97e", 3)
    s.shape([(9, 71), (90, 68), (90, 76, 2), (11, 77, 4)], mix(look.second or "#c9a97e", "#2b2320", 0.6), 2)
    s.ring(72, 45, 15, 5.6, shade(main, -0.2), 2.6)
    s.line([(86, 46), (87, 60)], main, 3)
    s.arc(72, 45, 15, 5.6, 20, 160, main, 3)
    s.shape([(17, 66), (19, 55, 6), (32, 45, 9), (43, 46, 6), (48, 65)], main, 2)
    s.line([(20, 58), (32, 50), (44, 50)], look.trim, 1.1)
    s.box(64, 47.6, 69, 53, look.trim, 1)
