"""鞋履."""

from __future__ import annotations

from api.demo.goods.good import Good, Shelf, options
from api.demo.pictures.look import Look

SHOES = Shelf(
    "shoes",
    "鞋履",
    "Shoes",
    ("#f6f1e9", "#ddcfbb"),
    (
        Good(
            "SHO01",
            "canvas-sneaker",
            ("经典帆布鞋", "12盎司帆布，硫化工艺橡胶底，越穿越软。"),
            ("Classic canvas sneaker", "12 oz canvas on a vulcanised rubber sole; softer every time you wear it."),
            "69.00",
            Look("sneaker", "#3f6fa3", trim="#fbf8f1", style="cap"),
            options("蓝色 白色 黑色", "36 38 40 42"),
            stock=140,
        ),
        Good(
            "SHO02",
            "high-top-sneaker",
            ("高帮帆布鞋", "加厚鞋垫，脚踝圆标，随意搭配。"),
            ("High-top sneaker", "A thicker insole and a round patch at the ankle; goes with everything."),
            "89.00",
            Look("high top", "#c8413b", trim="#fbf8f1", second="#27456b"),
            options("38 39 40 41 42"),
        ),
        Good(
            "SHO03",
            "leather-loafer",
            ("头层牛皮乐福鞋", "意大利植鞣头层牛皮，手工缝制鞋面。"),
            ("Leather loafer", "Full-grain, vegetable-tanned calf from Italy with a hand-sewn upper."),
            "459.00",
            Look("loafer", "#7a4a2b", trim="#d8b25e"),
            options("39 40 41 42 43"),
            stock=50,
        ),
        Good(
            "SHO04",
            "chelsea-boot",
            ("切尔西短靴", "两侧弹力布，易穿脱，防滑橡胶大底。"),
            ("Chelsea boot", "Elastic at both sides, easy to pull on, with a rubber sole that grips."),
            "399.00",
            Look("boot", "#5a4334", second="#2c2622"),
            options("36 37 38 39 40"),
            stock=60,
            sold_out=("36",),
        ),
        Good(
            "SHO05",
            "ballet-flat",
            ("蝴蝶结平底鞋", "小羊皮内里，可弯折软底，久走不累。"),
            ("Bow ballet flat", "Lined with lambskin, on a sole that bends with the foot."),
            "149.00",
            Look("flat", "#d98a97", trim="#7d3c4a"),
            options("裸粉 黑色", "35 36 37 38 39"),
        ),
        Good(
            "SHO06",
            "wool-slipper",
            ("羊毛居家拖鞋", "澳洲羊毛毡，静音防滑底。"),
            ("Felted wool slipper", "Australian wool felt on a quiet, slip-proof sole."),
            "79.00",
            Look("slipper", "#8a9a86", trim="#f2e9d8", second="#e9dfcc"),
            options("36/37 38/39 40/41 42/43"),
            stock=120,
        ),
        Good(
            "SHO07",
            "ankle-sandal",
            ("一字带软木凉鞋", "天然软木鞋床，贴合足弓，绒面皮带扣。"),
            ("Cork ankle sandal", "A natural cork footbed that follows the arch, and a buckled suede strap."),
            "179.00",
            Look("sandal", "#b5673c", trim="#e9d9a8"),
            options("36 37 38 39 40"),
        ),
        Good(
            "SHO08",
            "goodyear-boot",
            ("固特异手工短靴", "固特异沿条工艺，可多次换底。VIP 起专享。"),
            ("Goodyear-welted boot", "Goodyear-welted, to be resoled again and again. For VIP members and up."),
            "799.00",
            Look("boot", "#2f3640", second="#8a5a34"),
            options("40 41 42 43"),
            stock=25,
            tier="VIP",
        ),
    ),
)
