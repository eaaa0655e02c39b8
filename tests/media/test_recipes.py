"""Which files there are of a picture, and which one answers a request."""

from __future__ import annotations

import pytest

from media.recipes import Format, Use, file_names, is_image_key, pick, recipe_for, widths_made

STEM = "ab" * 32


@pytest.mark.parametrize(
    ("width", "made"),
    [
        (4000, (200, 400, 800, 1600)),
        (1600, (200, 400, 800, 1600)),
        (1200, (200, 400, 800, 1200)),
        (200, (200,)),
        (1, (1,)),
    ],
)
def test_a_picture_is_made_in_fixed_widths_and_never_wider_than_it_is(width, made):
    assert widths_made(recipe_for(Use.PRODUCT, avif=False), width) == made


@pytest.mark.parametrize(
    ("wanted", "shown"), [(1, 200), (200, 200), (201, 400), (800, 800), (801, 1200), (5000, 1200), (None, 1200)]
)
def test_the_narrowest_that_is_not_too_narrow_is_shown(wanted, shown):
    assert pick(f"{STEM}-p1.jpg", 1200, wanted) == f"{STEM}-p1-{shown}.webp"


def test_a_client_that_reads_no_webp_gets_jpeg_or_png_where_something_can_be_seen_through():
    assert pick(f"{STEM}-p1.jpg", 1200, 400, Format.JPEG) == f"{STEM}-p1-400.jpg"
    assert pick(f"{STEM}-p1.png", 1200, 400, Format.JPEG) == f"{STEM}-p1-400.png"


def test_avif_is_shown_where_it_was_made_and_webp_elsewhere():
    assert pick(f"{STEM}-p2.jpg", 1200, 400, Format.AVIF) == f"{STEM}-p2-400.avif"
    assert pick(f"{STEM}-p1.jpg", 1200, 400, Format.AVIF) == f"{STEM}-p1-400.webp"


@pytest.mark.parametrize("format", Format)
def test_a_picture_from_before_there_were_renditions_is_shown_as_it_is(format):
    assert pick(f"{STEM}.png", 1200, 400, format) == f"{STEM}.png"
    assert file_names(f"{STEM}.png", 1200) == [f"{STEM}.png"]


def test_whatever_is_shown_is_among_the_files_that_are_made():
    for name in ("p1", "p2", "a1", "a2"):
        for extension in ("jpg", "png"):
            for width in (1, 150, 400, 3000):
                files = file_names(f"{STEM}-{name}.{extension}", width)
                assert all(map(is_image_key, files))
                assert len(set(files)) == len(files)
                for format in Format:
                    for wanted in (None, 1, 100, 399, 400, 9999):
                        assert pick(f"{STEM}-{name}.{extension}", width, wanted, format) in files


@pytest.mark.parametrize(
    "key",
    ["", "../jifen.db", "a.png", "a" * 64, "A" * 64 + ".png", "a" * 64 + ".svg", "é", STEM + "-p1-0.webp",
     STEM + "-p1-٣.webp", STEM + ".png\n", STEM + "-p1-999999.webp"],
)  # fmt: skip
def test_other_names_are_not_ours(key):
    assert not is_image_key(key)
