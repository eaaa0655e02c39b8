"""男装."""

from __future__ import annotations

from api.demo.goods.good import Good, Shelf, options
from api.demo.pictures.look import Look

MENSWEAR = Shelf(
    "men",
    "男装",
    "Menswear",
    ("#eef3f8", "#c9d8e8"),
    (
        Good(
            "MEN01",
            "oxford-shirt",
            ("牛津纺长袖衬衫", "精梳棉牛津纺，领尖带扣，洗后平整，上班与周末都能穿。"),
            (
                "Oxford shirt",
                "Combed cotton Oxford with a button-down collar. Washes flat; for the office and the weekend.",
            ),
            "129.00",
            Look("shirt", "#a9c8e6", trim="#ffffff"),
            options("浅蓝 白色", "38 39 40 41 42"),
        ),
        Good(
            "MEN02",
            "striped-tee",
            ("海魂条纹T恤", "180克纯棉汗布，经典横条，圆领双针车缝，不易变形。"),
            ("Breton striped tee", "180 g cotton jersey in classic stripes; the double-stitched neck keeps its shape."),
            "59.00",
            Look("tee", "#f7f4ec", trim="#27456b", pattern="stripes"),
            options("S M L XL"),
            stock=160,
        ),
        Good(
            "MEN03",
            "pique-polo",
            ("珠地棉POLO衫", "透气珠地组织，撞色领与袖口，夏天清爽不贴身。"),
            ("Piqué polo", "Breathable piqué with a contrasting collar and cuffs, fresh on a hot day."),
            "89.00",
            Look("polo", "#2f6b4f", trim="#f3efe2", pattern="ringer"),
            options("墨绿 藏青", "M L XL"),
        ),
        Good(
            "MEN04",
            "fleece-hoodie",
            ("抓绒连帽卫衣", "内里细抓绒，双层连帽，前袋可暖手。"),
            ("Fleece hoodie", "Brushed inside, with a double-layered hood and a pocket that warms the hands."),
            "159.00",
            Look("hoodie", "#8d99a6", trim="#ffffff"),
            options("灰色", "M L XL XXL"),
        ),
        Good(
            "MEN05",
            "slim-jeans",
            ("修身直筒牛仔裤", "12盎司弹力丹宁，原色水洗，久坐不紧绷。"),
            ("Slim straight jeans", "12 oz stretch denim, rinsed once; comfortable however long the meeting."),
            "199.00",
            Look("trousers", "#3a5a86", trim="#d99a4e", style="jeans"),
            options("30 31 32 33 34 36"),
        ),
        Good(
            "MEN06",
            "wool-blazer",
            ("羊毛混纺单西", "半里衬休闲西装，含羊毛五成，袖口四粒真扣眼。"),
            ("Wool-blend blazer", "A half-lined blazer, half wool, with four working buttons at the cuff."),
            "599.00",
            Look("blazer", "#3b4458", trim="#c8a45c"),
            options("46 48 50 52"),
            stock=40,
        ),
        Good(
            "MEN07",
            "light-down-vest",
            ("轻羽绒马甲", "90白鸭绒，可收纳成一掌大小，通勤内搭正好。"),
            ("Light down vest", "90 % white duck down. Packs to the size of a hand and fits under a coat."),
            "229.00",
            Look("down jacket", "#c4572f", trim="#f2e6d8", style="vest"),
            options("橙红 黑色", "M L XL"),
            sold_out=("橙红 / L",),
        ),
        Good(
            "MEN08",
            "cashmere-crew",
            ("纯山羊绒圆领衫", "内蒙古阿尔巴斯山羊绒，十二针细织。SVIP 专享。"),
            ("Cashmere crew neck", "Fine-gauge cashmere from Inner Mongolia, for SVIP members only."),
            "899.00",
            Look("sweater", "#a33f47", pattern="cable", trim="#f3e3d3"),
            options("绛红 驼色", "M L XL"),
            stock=40,
            tier="SVIP",
        ),
    ),
)
