"""童装."""

from __future__ import annotations

from api.demo.goods.good import Good, Shelf, options
from api.demo.pictures.look import Look

KIDS = Shelf(
    "kids",
    "童装",
    "Kids",
    ("#fff8e3", "#fbe0a2"),
    (
        Good(
            "KID01",
            "bear-tee",
            ("小熊印花T恤", "A类婴幼儿面料，环保水性印花，不怕洗。"),
            ("Bear print tee", "Cotton fit for babies with a water-based print that washing does not worry."),
            "39.00",
            Look("tee", "#fdf6e6", trim="#9b6a43", second="#e7a94e", print="bear"),
            options("90 100 110 120 130"),
            stock=150,
        ),
        Good(
            "KID02",
            "star-hoodie",
            ("星星连帽卫衣", "纯棉毛圈，帽绳固定更安全。"),
            ("Star hoodie", "Cotton loopback; the hood's cords are sewn down for safety."),
            "89.00",
            Look("hoodie", "#4f83b5", trim="#ffd65c", print="star"),
            options("100 110 120 130 140"),
        ),
        Good(
            "KID03",
            "baby-romper",
            ("竹纤维婴儿连体衣", "竹浆纤维柔软透气，裆部四合扣，换尿布方便。"),
            ("Bamboo baby romper", "Soft bamboo fibre with snaps at the legs: nappies change in no time."),
            "69.00",
            Look("romper", "#a8cfae", trim="#fdfbf2", print="heart"),
            options("66 73 80 90"),
        ),
        Good(
            "KID04",
            "garden-dress",
            ("花园公主裙", "纯棉内里不扎皮肤，旋转起来像一朵花。"),
            ("Garden dress", "Lined with cotton, and like a flower when it spins."),
            "119.00",
            Look("dress", "#f2a7b5", trim="#ffffff", pattern="dots", style="sleeved"),
            options("100 110 120 130"),
        ),
        Good(
            "KID05",
            "rain-boots",
            ("卡通雨靴", "天然橡胶，反光后跟，雨天踩水坑专用。"),
            ("Puddle boots", "Natural rubber with reflecting heels, made for puddles."),
            "79.00",
            Look("boot", "#f2b631", trim="#d95c3f", style="rain"),
            options("24 26 28 30"),
        ),
        Good(
            "KID06",
            "bobble-hat",
            ("毛球针织帽", "内衬摇粒绒，护耳保暖。"),
            ("Bobble hat", "Lined with fleece, and long enough for cold ears."),
            "49.00",
            Look("beanie", "#d2524f", trim="#fff4df", second="#fff4df"),
            options("红色 蓝色"),
            stock=120,
        ),
        Good(
            "KID07",
            "corduroy-trousers",
            ("灯芯绒长裤", "细条灯芯绒，膝盖加固，爬上爬下不怕磨。"),
            ("Corduroy trousers", "Fine corduroy with stronger knees, for climbing up and down."),
            "79.00",
            Look("trousers", "#b07b46", trim="#6c4724"),
            options("100 110 120 130"),
            sold_out=("110",),
        ),
        Good(
            "KID08",
            "animal-socks",
            ("彩条童袜三双装", "精梳棉，无骨缝头，三双一组。"),
            ("Striped socks, three pairs", "Combed cotton without a seam at the toes, three pairs to a pack."),
            "29.00",
            Look("socks", "#5aa7a0", trim="#fff4df", second="#ee7b5b", pattern="stripes"),
            options("S M L"),
            stock=200,
        ),
    ),
)
