"""What is taken for a picture, and what is made of it."""

from __future__ import annotations

import re
import struct
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageFile

from media import decode
from media.images import check_image, make_image
from media.recipes import Format, Use, file_names, pick
from media.studio import AT_ONCE
from tests.support.catalog import picture, refused
from tests.support.pictures import BAD, GPS_NOTE, encoded, many_scans, photograph, profile, tagged


@pytest.fixture(autouse=True)
def packed_carefully(careful_renditions, monkeypatch):
    """Here it is the shop's own way that is looked at."""
    monkeypatch.setattr("media.images._RENDITION", careful_renditions)


def opened(data):
    return Image.open(BytesIO(data))


def clean(data, **more):
    """The clean copy of what was made, as a picture."""
    made = make_image(data, **more)
    return opened(made.files[made.key])


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_named_by_its_content_and_made_in_every_width_and_kind(format):
    data = photograph((1000, 750), format)
    made = make_image(data)
    assert made.key == f"{sha256(data).hexdigest()}-p1.jpg"
    assert (made.content_type, made.width, made.height, made.size) == (
        "image/jpeg",
        1000,
        750,
        len(made.files[made.key]),
    )
    assert list(made.files) == file_names(made.key, made.width)
    for width in (200, 400, 800, 1000):
        for format, kind in ((Format.WEBP, "WEBP"), (Format.JPEG, "JPEG")):
            shown = opened(made.files[pick(made.key, made.width, width, format)])
            assert (shown.format, shown.mode, shown.size) == (kind, "RGB", (width, round(width * 0.75)))


def test_avif_is_made_where_it_is_asked_for():
    made = make_image(photograph((500, 300)), avif=True)
    assert list(made.files) == file_names(made.key, made.width)
    shown = opened(made.files[pick(made.key, made.width, 400, Format.AVIF)])
    assert (shown.format, shown.size) == ("AVIF", (400, 240))


def test_a_rendition_takes_far_fewer_bytes_than_what_was_sent():
    data = photograph((2400, 1800))
    made = make_image(data)
    assert len(made.files[pick(made.key, made.width, 400)]) < len(data) / 5


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_for_what_is_wrong_with_them(name):
    data, reason = BAD[name]
    assert refused(make_image, data) == {"file": reason}
    assert refused(check_image, data) == {"file": reason}


def test_what_is_too_large_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("unpacked"))
    for name in ("bomb", "small bomb", "10 MB and a byte", "jpeg of many scans"):
        assert refused(make_image, BAD[name][0])


def test_a_jpeg_with_a_few_scans_is_a_picture_all_the_same():
    assert make_image(many_scans(5)).width == 64


def test_members_send_smaller_ones():
    assert refused(make_image, picture(format="JPEG") + bytes(5 * 2**20), Use.AVATAR) == {"file": "file_too_large"}


# ---------------------------------------------------------------- what came along


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("use", Use)
def test_nothing_that_was_said_about_a_picture_is_kept(format, use):
    data = tagged(format)
    assert GPS_NOTE in data
    made = make_image(data, use, avif=True)
    for name, file in made.files.items():
        for trace in (GPS_NOTE, b"Exif", b"EXIF", b"eXIf", b"XMP", b"xmp", b"adobe", b"ICC", b"iCC", b"tEXt", b"GPS"):
            assert trace not in file, (name, trace)
        shown = opened(file)
        # A head of its own is all that a JPEG begins with, and AVIF has its orientation in one.
        assert not shown.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"} & shown.info.keys(), name


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + b"evil.exe" * 50, b"%PDF-1.7"])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_what_hides_behind_a_picture_is_gone(format, tail):
    made = make_image(picture(format=format, size=(300, 200)) + tail)
    assert not any(tail in file for file in made.files.values())


def test_what_hides_in_a_comment_is_gone():
    made = make_image(picture(format="JPEG", comment=b"<?php system($_GET['c']); ?>"))
    assert not any(b"<?php" in file for file in made.files.values())


# ---------------------------------------------------------------- the right way up, in the right colours


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_taken_on_its_side_is_stored_upright(orientation, format):
    upright = Image.new("RGB", (80, 40), "blue")
    upright.paste("red", (0, 0, 40, 20))
    # What has to be done to it, undone.
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    quality = {"quality": 95} if format != "PNG" else {}
    made = make_image(encoded(stored, format, exif=exif, **quality))
    assert (made.width, made.height) == (80, 40)
    for file in made.files.values():
        shown = opened(file).convert("RGB")
        red, _, blue = shown.getpixel((10, 5))
        assert red > 200, orientation
        assert blue < 60
        red, _, blue = shown.getpixel((70, 35))
        assert red < 60
        assert blue > 200


# In the shop it is a line in the log.
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_an_orientation_that_cannot_be_read_turns_nothing():
    made = make_image(picture(format="JPEG", exif=b"Exif\0\0MM\0*rubbish" + b"\xff" * 20))
    assert (made.width, made.height) == (40, 30)


def _swapped_profile():
    """A profile under which red is green: whoever ignores it is found out."""
    data = bytearray(profile())
    (count,) = struct.unpack(">I", data[128:132])
    offsets = {}
    for i in range(count):
        name, offset, _ = struct.unpack(">4sII", data[132 + 12 * i : 144 + 12 * i])
        offsets[name] = (132 + 12 * i + 4, offset)
    (red_at, red), (green_at, green) = offsets[b"rXYZ"], offsets[b"gXYZ"]
    data[red_at : red_at + 4], data[green_at : green_at + 4] = struct.pack(">I", green), struct.pack(">I", red)
    return bytes(data)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_colours_are_those_that_the_profile_says(format):
    red, green, _ = clean(picture("red", format=format, icc_profile=_swapped_profile())).getpixel((5, 5))
    assert red < 120
    assert green > 200


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_profile_leaves_alone_what_can_be_seen_through(mode):
    image = Image.new("RGBA", (40, 40), (255, 0, 0, 90)).convert(mode) if mode != "P" else Image.new("P", (40, 40))
    more = {"transparency": 0} if mode == "P" else {}
    shown = clean(encoded(image, "PNG", icc_profile=_swapped_profile(), **more))
    assert shown.getchannel("A").getextrema() == ((90, 90) if mode != "P" else (0, 0))


@pytest.mark.parametrize("rubbish", [b"rubbish", b"", profile()[:200]])
def test_a_broken_profile_is_passed_over(rubbish):
    red, green, _ = clean(picture("red", format="JPEG", icc_profile=rubbish)).getpixel((5, 5))
    assert red > 240
    assert green < 20


def test_a_picture_for_the_press_is_shown_in_the_colours_of_a_screen():
    data = encoded(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG")
    assert opened(data).mode == "CMYK"
    red, green, blue = clean(data).getpixel((5, 5))
    assert red > 240
    assert green < 20 > blue
    # A profile for another kind of picture is none for this one.
    assert clean(encoded(Image.new("CMYK", (40, 30)), "JPEG", icc_profile=profile())).getpixel((5, 5)) == (255,) * 3


# ---------------------------------------------------------------- unusual pictures


@pytest.mark.parametrize("value", [0, 20_000, 40_000, 65_535])
def test_sixteen_bits_of_grey_keep_their_brightness(value):
    shown = clean(encoded(Image.new("I;16", (20, 20), value), "PNG"))
    assert abs(shown.getpixel((5, 5))[0] - value // 257) <= 2


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_whatever_cannot_be_seen_through_is_kept_as_jpeg(mode):
    made = make_image(encoded(Image.new(mode, (20, 20)), "PNG"))
    assert made.key.endswith("-p1.jpg")
    assert opened(made.files[made.key]).mode == "RGB"


def test_a_picture_that_could_but_cannot_be_seen_through_is_kept_as_jpeg():
    assert make_image(encoded(Image.new("RGBA", (20, 20), (1, 2, 3, 255)), "PNG")).key.endswith(".jpg")


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_what_can_be_seen_through_stays_so(format):
    image = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (150, 150, 450, 450))
    made = make_image(encoded(image, format))
    assert (made.key[-7:], made.content_type) == ("-p1.png", "image/png")
    for wanted, kind in ((Format.WEBP, "WEBP"), (Format.JPEG, "PNG")):
        shown = opened(made.files[pick(made.key, made.width, 200, wanted)])
        assert (shown.format, shown.mode, shown.size) == (kind, "RGBA", (200, 200))
        assert shown.getpixel((5, 5))[3] == 0
        assert shown.getpixel((100, 100))[3] == 255
        # No dark edge: what cannot be seen does not run into what can.
        assert min(p[0] for _, p in shown.getcolors(40_000) if p[3] > 128) > 180


def test_a_palette_with_a_colour_to_see_through_keeps_it():
    image = Image.new("P", (40, 40), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (20, 0, 40, 40))
    shown = clean(encoded(image, "PNG", transparency=0))
    assert (shown.getpixel((5, 5))[3], shown.getpixel((30, 5))) == (0, (0, 255, 0, 255))


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (2, 3), (12_000, 40), (40, 12_000)])
@pytest.mark.parametrize("use", Use)
def test_the_smallest_and_the_longest_are_pictures_too(size, use):
    made = make_image(encoded(Image.new("RGB", size, "red"), "PNG"), use, avif=True)
    for file in made.files.values():
        assert min(opened(file).size) >= 1
        opened(file).load()
    if use is Use.AVATAR:
        assert made.width == made.height
    else:
        assert made.width == min(size[0], 3200)


def test_a_long_roll_of_details_stays_readable():
    made = make_image(encoded(Image.new("RGB", (750, 16_000), "red"), "PNG"))
    assert (made.width, made.height) == (750, 16_000)
    assert opened(made.files[pick(made.key, made.width, 800)]).size == (750, 16_000)


def test_a_large_photograph_is_kept_smaller_and_never_unpacked_whole(monkeypatch):
    unpacked = []
    load = ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: (unpacked.append(self.size), load(self))[1])
    made = make_image(photograph((6600, 6600)))
    assert (made.width, made.height) == (3200, 3200)
    assert max(unpacked) == (3300, 3300)


def test_a_phones_second_picture_is_left_out():
    data = encoded(Image.new("RGB", (60, 40), "red"), "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    made = make_image(data)
    assert opened(data).format == "MPO"
    assert (made.width, made.height, made.key[-4:]) == (60, 40, ".jpg")


def test_a_face_is_the_middle_of_the_picture_as_a_square():
    image = Image.new("RGB", (900, 300), "blue")
    image.paste("red", (300, 0, 600, 300))
    made = make_image(encoded(image, "PNG"), Use.AVATAR)
    assert (made.width, made.height) == (300, 300)
    assert made.key.endswith("-a1.jpg")
    assert opened(made.files[made.key]).getpixel((10, 150))[0] > 200
    assert make_image(photograph((3000, 2000)), Use.AVATAR).width == 400


# ---------------------------------------------------------------- placeholder


@pytest.mark.parametrize("color", ["red", "white"])
def test_the_placeholder_is_a_tiny_picture_as_a_data_address(color):
    address = check_image(picture(color, (400, 100))).placeholder
    assert len(address) < 500
    tiny = opened(b64decode(address.removeprefix("data:image/webp;base64,")))
    assert (tiny.format, tiny.size) == ("WEBP", (16, 4))


def test_the_placeholder_is_blurred():
    board = Image.new("L", (16, 16))
    board.putdata([255 * ((x + y) % 2) for y in range(16) for x in range(16)])
    address = check_image(encoded(board.convert("RGB"), "PNG")).placeholder
    low, high = opened(b64decode(re.sub("^.*,", "", address))).convert("L").getextrema()
    assert high - low < 150


def test_a_picture_is_one_to_the_decoders_that_we_allow_alone():
    assert set(decode.FORMATS) == {"JPEG", "PNG", "WEBP", "AVIF"}
    assert ImageCms.getProfileName(ImageCms.ImageCmsProfile(BytesIO(profile()))).startswith("sRGB")


def test_the_sample_pictures_take_less_than_a_minute_and_show_small(shared):
    files = [path.read_bytes() for path in shared("data/vendure-sample/assets").iterdir()]
    began = time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        made = list(threads.map(make_image, files))
    assert len(made) == 54
    # Of one processor: how busy the others are is no question of ours.
    assert time.process_time() - began < 60
    shown = sum(len(image.files[pick(image.key, image.width, 400)]) for image in made)
    assert shown < sum(map(len, files)) / 5
