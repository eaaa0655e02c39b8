"""Sports gear and small electronics."""

from __future__ import annotations

from api.demo.pictures.look import Look
from api.demo.pictures.sketch import Sketch, mirrored, mix, shade


def yoga_mat(s: Sketch, look: Look) -> None:
    s.shape([(24, 60), (88, 72, 2), (90, 82, 2), (30, 74)], shade(look.main, -0.12), 2)
    s.shape([(22, 34), (76, 22, 6), (84, 44, 8), (80, 60, 6), (28, 74)], look.main, 5)
    s.oval(24, 54, 14, 20.5, shade(look.main, -0.12))
    for i, r in enumerate((11.5, 8.8, 6.1, 3.4)):
        s.ring(24, 54, r, r * 1.46, shade(look.main, 0.28 if i % 2 else -0.3), 1.2)
    for x in (44, 64):
        s.line([(x, 29.6 - (x - 44) * 0.21), (x + 6, 46), (x + 3, 69 - (x - 44) * 0.25)], look.trim, 2.2)


def bottle(s: Sketch, look: Look) -> None:
    s.arc(50, 17, 8, 8, 180, 360, shade(look.trim, -0.3), 2.6)
    s.box(41, 16, 59, 27, look.trim, 3)
    s.shape(mirrored([(50, 27), (42, 27), (34, 38, 8), (34, 91, 6)]), look.main, 1)
    s.box(39, 40, 42, 82, shade(look.main, 0.45), 1.5)
    for y in (50, 58, 66, 74):
        s.line([(57, y), (62, y)], look.trim, 0.9)


def dumbbells(s: Sketch, look: Look) -> None:
    for dx, dy, by in ((6, -15, -0.2), (-4, 13, 0.0)):
        with s.moved(dx, dy, 0.9):
            s.box(24, 46, 76, 54, shade(look.trim, -0.2 + by / 2), 2)
            for x in (36, 42, 48, 54, 60):
                s.line([(x, 47), (x + 2, 53)], shade(look.trim, -0.45), 0.6)
            for x0 in (8, 70):
                s.box(x0 + 3, 30, x0 + 19, 70, shade(look.main, by), 5)
                s.box(
                    x0 - 1 if x0 == 8 else x0 + 17,
                    36,
                    x0 + 5 if x0 == 8 else x0 + 23,
                    64,
                    shade(look.main, by - 0.15),
                    3,
                )


def racket(s: Sketch, look: Look) -> None:
    for i in range(7):
        d = -18 + i * 6
        s.line([(40 + d, 12 + abs(d) * 0.35), (40 + d, 56 - abs(d) * 0.45)], "#ffffff", 0.5)
        s.line([(20 + abs(d) * 0.3, 34 + d * 1.0), (60 - abs(d) * 0.3, 34 + d * 1.0)], "#ffffff", 0.5)
    s.ring(40, 34, 22, 26, look.main, 3)
    s.line([(40, 60), (40, 70)], shade(look.main, -0.2), 2.6)
    s.box(37.4, 68, 42.6, 95, look.trim, 2)
    for y in (73, 78, 83, 88):
        s.line([(37.6, y + 2), (42.4, y)], shade(look.trim, -0.3), 0.6)
    for way in (-1, 0, 1):
        s.shape([(74 + way, 70), (68 + way * 9, 46, 2), (76 + way * 9, 46, 2)], shade("#ffffff", -0.05 * (way + 1)), 1)
    s.line([(66, 57), (82, 57)], mix("#ffffff", look.main, 0.5), 0.8)
    s.bowl(75, 69, 7, 8, look.second or "#f4d35e")
    s.box(68, 67, 82, 70.4, look.main, 1)


def ball(s: Sketch, look: Look) -> None:
    s.dot(50, 50, 35, look.main)
    s.line([(15, 50), (50, 46), (85, 50)], look.trim, 1.3)
    s.line([(50, 15), (46, 50), (50, 85)], look.trim, 1.3)
    s.line([(25.5, 25.5), (38, 50), (25.5, 74.5)], look.trim, 1.3)
    s.line([(74.5, 25.5), (62, 50), (74.5, 74.5)], look.trim, 1.3)


def headphones(s: Sketch, look: Look) -> None:
    s.arc(50, 54, 32, 38, 180, 360, look.main, 6)
    s.arc(50, 52, 27, 33, 200, 340, shade(look.main, -0.25), 2.4)
    for flip in (1, -1):
        x = 50 - flip * 31
        s.box(x - 7, 50, x + 7, 86, look.second or shade(look.main, -0.15), 6)
        s.box(x - (0 if flip > 0 else 9), 47, x + (9 if flip > 0 else 0), 88, "#2b2e36", 4)
        s.dot(x - flip * 3.6, 68, 3.2, look.trim)


def earbuds(s: Sketch, look: Look) -> None:
    for x, flip in ((36, 1), (64, -1)):
        s.box(x - 2.6, 22, x + 2.6, 50, look.trim, 2.4)
        s.dot(x - flip * 1.5, 22, 7, look.trim)
        s.oval(x + flip * 4, 22, 3.2, 5, "#3a3e47")
    s.shape([(20, 48, 10), (80, 48, 10), (80, 88, 16), (20, 88, 16)], look.main, 12)
    s.line([(21, 58), (79, 58)], shade(look.main, -0.25), 1.0)
    s.box(45, 55.6, 55, 60.4, shade(look.main, -0.18), 2)
    s.dot(50, 70, 1.3, "#3ddc97")


def phone_case(s: Sketch, look: Look) -> None:
    s.box(29, 8, 71, 92, look.main, 9)
    s.box(31.4, 10.4, 68.6, 89.6, shade(look.main, 0.12), 7)
    s.box(34, 13, 52, 33, shade(look.main, -0.2), 5)
    for x, y in ((39.6, 18.4), (46.6, 18.4), (39.6, 27)):
        s.dot(x, y, 3.2, "#16181d")
        s.dot(x - 0.8, y - 0.8, 1.0, "#5c7ea8")
    s.dot(46.6, 27, 1.5, "#f5f1d8")
    s.shape([(36, 78), (46, 56, 2), (53, 68, 2), (57, 62, 2), (64, 78)], look.trim, 0.6)
    s.dot(58, 50, 4, look.second or look.trim)


def power_bank(s: Sketch, look: Look) -> None:
    s.line([(50, 20), (52, 8), (70, 8), (76, 20), (76, 34)], shade(look.trim, -0.2), 2.2)
    s.box(73, 32, 79, 42, look.trim, 1.4)
    s.box(28, 20, 66, 90, look.main, 8)
    s.box(31, 23, 63, 87, shade(look.main, 0.1), 6)
    s.box(42, 20.6, 52, 23.6, "#23262d", 1.4)
    for i in range(4):
        s.dot(40 + i * 4.6, 80, 1.2, "#3ddc97" if i < 3 else shade(look.main, -0.3))
    s.shape([(49, 38), (40, 56), (46.4, 56), (44, 70), (55, 51), (48.4, 51)], look.trim, 0.5)


def keyboard(s: Sketch, look: Look) -> None:
    s.shape([(6, 32, 4), (94, 32, 4), (94, 72, 4), (6, 72, 4)], look.main, 4)
    for row in range(4):
        y = 36 + row * 8.4
        for column in range(12):
            x = 10 + column * 6.8
            accent = (row, column) in {(0, 0), (1, 11), (3, 11)}
            if row == 3 and 3 <= column <= 7:
                continue
            s.box(
                x,
                y,
                x + 5.6,
                y + 6.8,
                shade(look.second or look.trim, -0.12) if accent else shade(look.trim, -0.12),
                1.2,
            )
            s.box(x + 0.4, y, x + 5.2, y + 5.6, (look.second or look.trim) if accent else look.trim, 1.1)
    s.box(30.4, 61.2, 63.2, 68, shade(look.trim, -0.12), 1.2)
    s.box(30.8, 61.2, 62.8, 66.8, look.trim, 1.1)


def mouse(s: Sketch, look: Look) -> None:
    s.shape([(32, 14, 18), (68, 14, 18), (72, 60, 16), (66, 90, 16), (34, 90, 16), (28, 60, 16)], look.main, 14)
    s.line([(50, 15), (50, 46)], shade(look.main, -0.3), 0.8)
    s.line([(30, 46), (50, 49), (70, 46)], shade(look.main, -0.25), 0.8)
    s.box(46.6, 24, 53.4, 38, "#2b2e36", 3.2)
    s.box(48.4, 26, 51.6, 36, look.trim, 1.5)


def speaker(s: Sketch, look: Look) -> None:
    s.arc(50, 26, 14, 12, 180, 360, shade(look.trim, -0.2), 2.6)
    s.box(22, 22, 78, 90, look.main, 10)
    s.box(26, 26, 74, 86, shade(look.main, -0.16), 7)
    s.dot(50, 62, 18, shade(look.main, -0.4))
    s.ring(50, 62, 18, 18, look.trim, 1.2)
    s.dot(50, 62, 7, shade(look.main, -0.1))
    s.dot(50, 36, 6.4, shade(look.main, -0.4))
    s.ring(50, 36, 6.4, 6.4, look.trim, 0.9)
