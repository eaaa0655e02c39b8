"""配饰."""

from __future__ import annotations

from api.demo.goods.good import Good, Shelf, options
from api.demo.pictures.look import Look

ACCESSORIES = Shelf(
    "accessories",
    "配饰",
    "Accessories",
    ("#f4f0fa", "#d5c8e8"),
    (
        Good(
            "ACC01",
            "canvas-tote",
            ("帆布托特包", "16盎司帆布，装得下电脑和一天的杂物。"),
            ("Canvas tote", "16 oz canvas with room for a laptop and the rest of the day."),
            "59.00",
            Look("tote", "#f1e8d6", trim="#d2694a", second="#8a5a3c", print="sun"),
            stock=160,
        ),
        Good(
            "ACC02",
            "city-backpack",
            ("城市双肩包", "防泼水面料，15寸电脑隔层，后背透气。"),
            ("City backpack", "Water-repellent, with a sleeve for a 15 inch laptop and a back that breathes."),
            "199.00",
            Look("backpack", "#4c5a7d", trim="#e5b567", second="#3b4766"),
            options("藏青 墨黑"),
        ),
        Good(
            "ACC03",
            "check-scarf",
            ("格纹羊绒围巾", "羊绒混纺，两头流苏，一围就暖。"),
            ("Checked cashmere scarf", "A cashmere blend with fringes, warm with one turn."),
            "259.00",
            Look("scarf", "#b98a5a", trim="#f3e7d2", pattern="check"),
            options("驼格 灰格"),
            stock=70,
        ),
        Good(
            "ACC04",
            "leather-belt",
            ("牛皮针扣皮带", "头层牛皮，拉丝铜扣，可自行裁短。"),
            ("Leather belt", "Full-grain leather with a brushed brass buckle; can be cut to length."),
            "129.00",
            Look("belt", "#6b4429", trim="#cda95c"),
            options("105cm 115cm 125cm"),
        ),
        Good(
            "ACC05",
            "baseball-cap",
            ("水洗棒球帽", "做旧水洗棉，后扣可调。"),
            ("Washed baseball cap", "Washed cotton with an adjustable strap at the back."),
            "49.00",
            Look("cap", "#4f7f86", trim="#f6e7c8", print="hills"),
            options("青灰 卡其"),
            stock=130,
        ),
        Good(
            "ACC06",
            "sunglasses",
            ("偏光太阳镜", "尼龙偏光镜片，UV400，板材镜框。"),
            ("Polarised sunglasses", "Polarised UV400 lenses in an acetate frame."),
            "219.00",
            Look("sunglasses", "#5b3a2e", trim="#7d8fb3"),
            stock=70,
            third_party=True,
        ),
        Good(
            "ACC07",
            "umbrella",
            ("十骨抗风长柄伞", "玻纤伞骨，木质弯柄，速干伞面。"),
            ("Storm umbrella", "Ten glass-fibre ribs, a bent wooden handle, and a canopy that dries fast."),
            "89.00",
            Look("umbrella", "#7a63a8", trim="#8a5f3d"),
            options("雾紫 墨绿"),
            stock=100,
        ),
        Good(
            "ACC08",
            "dress-watch",
            ("简约石英腕表", "日本机芯，蓝宝石镜面，牛皮表带。每元三分积分。"),
            ("Plain quartz watch", "Japanese movement, sapphire glass, leather strap. Three points for each yuan."),
            "699.00",
            Look("watch", "#7b4b30", trim="#d7b36a"),
            options("白盘 黑盘"),
            stock=35,
            points_rate="3",
        ),
    ),
)
