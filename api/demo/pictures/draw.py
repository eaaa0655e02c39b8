"""Draws a product by its look."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.demo.pictures import accessories, clothes, gear, home, shoes
from api.demo.pictures.look import Look
from api.demo.pictures.sketch import Sketch
from api.demo.pictures.studio import photograph

_DRAWINGS: Mapping[str, Callable[[Sketch, Look], None]] = {
    "tee": clothes.tee,
    "polo": clothes.polo,
    "shirt": clothes.shirt,
    "blouse": clothes.blouse,
    "sweater": clothes.sweater,
    "turtleneck": clothes.turtleneck,
    "cardigan": clothes.cardigan,
    "hoodie": clothes.hoodie,
    "blazer": clothes.blazer,
    "down jacket": clothes.down_jacket,
    "coat": clothes.coat,
    "camisole": clothes.camisole,
    "dress": clothes.dress,
    "romper": clothes.romper,
    "skirt": clothes.skirt,
    "trousers": clothes.trousers,
    "shorts": clothes.shorts,
    "sneaker": shoes.sneaker,
    "high top": shoes.high_top,
    "runner": shoes.runner,
    "boot": shoes.boot,
    "loafer": shoes.loafer,
    "flat": shoes.flat,
    "slipper": shoes.slipper,
    "sandal": shoes.sandal,
    "mug": home.mug,
    "lamp": home.lamp,
    "towels": home.towels,
    "cushion": home.cushion,
    "bedding": home.bedding,
    "vase": home.vase,
    "candle": home.candle,
    "blanket": home.blanket,
    "tote": accessories.tote,
    "backpack": accessories.backpack,
    "scarf": accessories.scarf,
    "belt": accessories.belt,
    "cap": accessories.cap,
    "beanie": accessories.beanie,
    "sunglasses": accessories.sunglasses,
    "umbrella": accessories.umbrella,
    "socks": accessories.socks,
    "watch": accessories.watch,
    "yoga mat": gear.yoga_mat,
    "bottle": gear.bottle,
    "dumbbells": gear.dumbbells,
    "racket": gear.racket,
    "ball": gear.ball,
    "headphones": gear.headphones,
    "earbuds": gear.earbuds,
    "phone case": gear.phone_case,
    "power bank": gear.power_bank,
    "keyboard": gear.keyboard,
    "mouse": gear.mouse,
    "speaker": gear.speaker,
}


def draw(look: Look, ground: tuple[str, str]) -> bytes:
    """The picture of a thing, as a JPEG file of 800 by 800. The same look gives the same bytes."""
    sketch = Sketch()
    _DRAWINGS[look.thing](sketch, look)
    return photograph(sketch, ground)
