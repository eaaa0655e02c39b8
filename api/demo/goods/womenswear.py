"""女装."""

from __future__ import annotations

from api.demo.goods.good import Good, Shelf, options
from api.demo.pictures.look import Look

WOMENSWEAR = Shelf(
    "women",
    "女装",
    "Womenswear",
    ("#fcf0f1", "#f0cdd4"),
    (
        Good(
            "WOM01",
            "floral-dress",
            ("碎花收腰连衣裙", "雪纺碎花，腰线略高，裙摆轻盈，附同色腰带。"),
            ("Floral waisted dress", "Printed chiffon with a raised waist, a light skirt and a belt to match."),
            "239.00",
            Look("dress", "#d9667b", trim="#fdf3e3", pattern="flowers"),
            options("S M L"),
        ),
        Good(
            "WOM02",
            "bow-blouse",
            ("飘带真丝衬衫", "19姆米桑蚕丝，飘带可系可垂，垂坠自然。VIP 起专享。"),
            ("Silk bow blouse", "19 momme mulberry silk with a bow to tie or leave. For VIP members and up."),
            "429.00",
            Look("blouse", "#f3e6d6", trim="#c98d72"),
            options("香槟 雾蓝", "S M L"),
            stock=45,
            tier="VIP",
        ),
        Good(
            "WOM03",
            "knit-cardigan",
            ("羊毛针织开衫", "美丽诺羊毛，贝壳纹扣，春秋披着最合适。"),
            ("Merino cardigan", "Merino wool and shell-pattern buttons, the thing to throw on in spring and autumn."),
            "269.00",
            Look("cardigan", "#c7b198", trim="#fbf6ee"),
            options("燕麦 豆绿", "S M L"),
        ),
        Good(
            "WOM04",
            "pleated-skirt",
            ("百褶半身裙", "耐久定型褶，松紧腰，机洗不走样。"),
            ("Pleated skirt", "Lasting pleats and an elastic waist; comes out of the machine as it went in."),
            "169.00",
            Look("skirt", "#5b7a6b"),
            options("松绿 黑色", "S M L"),
        ),
        Good(
            "WOM05",
            "trench-coat",
            ("双排扣风衣", "防泼水棉锦混纺，可拆腰带，四季都用得上。"),
            (
                "Double-breasted trench",
                "Water-repellent cotton blend with a belt that comes off; useful all year round.",
            ),
            "499.00",
            Look("coat", "#c9a877", trim="#5c4630"),
            options("卡其", "S M L XL"),
            stock=60,
        ),
        Good(
            "WOM06",
            "dotted-camisole",
            ("波点吊带衫", "缎面波点，肩带可调，单穿内搭皆可。"),
            ("Dotted camisole", "Dotted satin with adjustable straps, to wear alone or under a jacket."),
            "79.00",
            Look("camisole", "#33415f", trim="#f7ead9", pattern="dots"),
            options("S M L"),
            stock=120,
        ),
        Good(
            "WOM07",
            "wide-trousers",
            ("高腰阔腿裤", "垂感西装面料，高腰设计，显腿长。"),
            ("High-waisted wide trousers", "A draping suit cloth cut high in the waist, for longer-looking legs."),
            "189.00",
            Look("trousers", "#6d5a78", trim="#e9dff0"),
            options("雾紫 米白", "S M L"),
            sold_out=("米白 / S",),
        ),
        Good(
            "WOM08",
            "turtleneck",
            ("修身高领打底衫", "莫代尔德绒，轻暖亲肤，秋冬叠穿的第一件。"),
            ("Fine turtleneck", "Soft modal fleece, light and warm: the first layer of every winter outfit."),
            "99.00",
            Look("turtleneck", "#b5535f"),
            options("豆沙 黑色 白色", "S M L"),
            stock=120,
        ),
    ),
)
