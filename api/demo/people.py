"""Who works and shops in the demo: five colleagues, and members each with a way of shopping."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.tables import Gender
from staff.tables import Role

PASSWORD = "jifen-demo"  # noqa: S105 - printed for everybody to use; the demo is refused in production


@dataclass(frozen=True, slots=True)
class Colleague:
    role: Role
    email: str
    name: str


COLLEAGUES = (
    Colleague(Role.ADMIN, "admin@demo.example", "周敏"),
    Colleague(Role.MERCHANDISER, "goods@demo.example", "许岚"),
    Colleague(Role.FULFILMENT, "warehouse@demo.example", "高健"),
    Colleague(Role.SERVICE, "service@demo.example", "唐悦"),
    Colleague(Role.ANALYST, "analyst@demo.example", "沈一帆"),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """Comes every so many days, and means to spend this much (yuan, from and to)."""

    every: tuple[int, int]
    spends: tuple[int, int]


DEVOTED = Habit((18, 32), (420, 980))
STEADY = Habit((38, 54), (230, 430))
NOW_AND_THEN = Habit((50, 95), (60, 240))


@dataclass(frozen=True, slots=True)
class Purchase:
    """One that is told: on which day, for how much, and what becomes of it (see `Fate`); "" leaves it to chance."""

    day: int
    yuan: int
    fate: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """`joins` is a day of the history. Comes by habit, or for purchases that are told."""

    name: str
    nickname: str
    gender: Gender
    birthday: date
    region: str
    street: str
    joins: int
    habit: Habit | None = None
    told: tuple[Purchase, ...] = ()
    occupation: str | None = None


F, M, U = Gender.FEMALE, Gender.MALE, Gender.UNDISCLOSED

# The last day of the history is 439; see `diary`.
PEOPLE = (
    Person("林晓彤", "晓彤", F, date(1992, 5, 14),
           "上海市徐汇区", "衡山路 88 号 1201 室", 0, DEVOTED, occupation="设计师"),
    Person("王子涵", "子涵同学", M, date(1995, 11, 2),
           "北京市朝阳区", "望京街 10 号 3 单元 602", 2, DEVOTED, occupation="工程师"),
    Person("陈思远", "思远", M, date(1988, 3, 27),
           "广东省深圳市南山区", "科苑路 15 号 B 座 901", 5, DEVOTED),
    Person("赵雅琪", "雅琪_Yaki", F, date(1990, 9, 9),
           "浙江省杭州市西湖区", "文三路 266 号 5 幢 402", 11, DEVOTED, occupation="教师"),
    Person("黄嘉怡", "嘉怡", F, date(1986, 1, 19),
           "广东省广州市天河区", "体育西路 57 号 1806", 20, DEVOTED),
    Person("刘畅", "畅想", M, date(1993, 7, 30),
           "四川省成都市武侯区", "科华北路 65 号 2 栋 1103", 33, DEVOTED, occupation="医生"),
    Person("孙佳宁", "宁宁", F, date(1997, 12, 24),
           "江苏省南京市鼓楼区", "中山路 18 号 708", 60, DEVOTED),
    Person("徐明哲", "明哲", M, date(1984, 6, 6),
           "湖北省武汉市洪山区", "珞喻路 129 号 15 栋 301", 3, STEADY, occupation="律师"),
    Person("何雨桐", "雨桐", F, date(1996, 4, 1),
           "重庆市渝中区", "民权路 28 号 2305", 8, STEADY),
    Person("马俊杰", "俊杰", M, date(1991, 8, 17),
           "陕西省西安市雁塔区", "科技路 33 号 1 号楼 1402", 14, STEADY),
    Person("朱婉清", "清清", F, date(1989, 2, 11),
           "福建省厦门市思明区", "湖滨南路 90 号 606", 22, STEADY, occupation="编辑"),
    Person("胡天宇", "天宇", M, date(1994, 10, 5),
           "湖南省长沙市岳麓区", "麓谷大道 627 号 903", 40, STEADY),
    Person("郭静怡", "静怡", F, date(1987, 5, 23),
           "山东省青岛市市南区", "香港中路 40 号 1710", 48, STEADY, occupation="会计"),
    Person("罗文博", "文博", M, date(1999, 3, 8),
           "天津市和平区", "南京路 189 号 2 门 501", 75, STEADY),
    # A year after 2,000 yuan at once, with little since: from VIP back to ordinary.
    Person("高梓萱", "梓萱", F, date(1993, 9, 15),
           "河南省郑州市金水区", "花园路 59 号 8 号楼 1204", 1,
           told=(Purchase(2, 2350, "kept"), Purchase(140, 180, "kept"), Purchase(290, 260, "kept"))),
    # The same beginning, but enough to stay a VIP.
    Person("梁浩然", "浩然", M, date(1985, 7, 7),
           "安徽省合肥市蜀山区", "长江西路 304 号 1601", 1,
           told=(Purchase(2, 2400, "kept"), Purchase(96, 520, "kept"), Purchase(181, 640, "kept"),
                 Purchase(266, 480, "kept"), Purchase(431, 260, "return"))),
    # Up to SVIP at once, and back to VIP a year later.
    Person("宋诗涵", "诗涵", F, date(1990, 12, 3),
           "辽宁省大连市中山区", "人民路 26 号 902", 0,
           told=(Purchase(1, 2500, "kept"), Purchase(12, 3200, "kept"), Purchase(118, 900, "kept"),
                 Purchase(240, 700, "kept")), occupation="摄影师"),
    # Up at once, and SVIP for another year.
    Person("唐奕辰", "奕辰", M, date(1982, 4, 20),
           "浙江省宁波市鄞州区", "天童南路 700 号 1 幢 1802", 0,
           told=(Purchase(1, 2600, "kept"), Purchase(10, 3300, "kept"), Purchase(90, 1600, "kept"),
                 Purchase(205, 1500, "kept"), Purchase(330, 900), Purchase(438, 560, "kept")), occupation="企业主"),
    # Bought once and never again: the points expire after a year.
    Person("韩雪", "初雪", F, date(1995, 1, 6),
           "黑龙江省哈尔滨市南岗区", "西大直街 118 号 502", 1, told=(Purchase(3, 320, "kept"),)),
    Person("冯志强", "老冯", M, date(1975, 10, 18),
           "河北省石家庄市长安区", "中山东路 216 号 1103", 2, told=(Purchase(6, 640, "kept"),)),
    Person("邓欣妍", "欣妍", F, date(1998, 6, 29),
           "广西壮族自治区南宁市青秀区", "民族大道 131 号 801", 4, told=(Purchase(5, 210, "kept"),)),
    Person("曹睿", "睿睿", M, date(1996, 2, 14),
           "云南省昆明市五华区", "人民中路 36 号 1505", 16, NOW_AND_THEN),
    Person("彭梦洁", "梦洁", F, date(2000, 8, 8),
           "江西省南昌市红谷滩区", "红谷中大道 998 号 704", 28, NOW_AND_THEN, occupation="学生"),
    Person("曾凡", "不凡", M, date(1992, 11, 11),
           "贵州省贵阳市观山湖区", "林城东路 8 号 1201", 52, NOW_AND_THEN),
    Person("萧然", "萧然", U, date(1994, 5, 5),
           "江苏省苏州市姑苏区", "干将东路 666 号 308", 66, NOW_AND_THEN),
    Person("田甜", "甜甜圈", F, date(2001, 7, 1),
           "湖北省宜昌市西陵区", "东山大道 95 号 606", 90, NOW_AND_THEN, occupation="学生"),
    Person("董建国", "建国", M, date(1968, 10, 1),
           "山西省太原市小店区", "长风街 113 号 2 单元 401", 105, NOW_AND_THEN),
    Person("袁媛", "媛媛", F, date(1991, 3, 3),
           "吉林省长春市朝阳区", "人民大街 2388 号 1007", 130, STEADY, occupation="护士"),
    Person("于子轩", "子轩", M, date(1999, 9, 19),
           "内蒙古自治区呼和浩特市赛罕区", "大学东街 26 号 503", 150, NOW_AND_THEN),
    Person("蒋丽", "小丽", F, date(1983, 12, 12),
           "江苏省无锡市滨湖区", "太湖大道 1188 号 902", 165, DEVOTED),
    Person("蔡文静", "文静", F, date(1988, 8, 26),
           "福建省福州市鼓楼区", "五四路 128 号 1603", 200, STEADY),
    Person("余航", "远航", M, date(1990, 6, 15),
           "海南省海口市龙华区", "国贸路 49 号 1210", 230, NOW_AND_THEN),
    Person("杜若", "杜若", F, date(1997, 10, 27),
           "甘肃省兰州市城关区", "东岗西路 226 号 805", 270, NOW_AND_THEN),
    Person("叶辰", "辰星", M, date(2002, 1, 30),
           "上海市浦东新区", "世纪大道 1500 号 2106", 320,
           told=(Purchase(330, 190), Purchase(432, 240, "swap"))),
    Person("程晨", "早晨", F, date(1995, 5, 31),
           "北京市海淀区", "中关村大街 27 号 1105", 395,
           told=(Purchase(396, 150, "kept"), Purchase(438, 310, "kept"))),
    Person("魏来", "未来", M, date(1998, 4, 12),
           "广东省佛山市禅城区", "季华五路 28 号 1402", 420,
           told=(Purchase(421, 130, "kept"), Purchase(439, 90, "kept"))),
    Person("任可", "可可", F, date(2000, 2, 29),
           "新疆维吾尔自治区乌鲁木齐市天山区", "解放南路 369 号 601", 431,
           told=(Purchase(437, 260, "kept"), Purchase(439, 160, "kept"))),
    Person("石磊", "石头", M, date(1986, 9, 1),
           "宁夏回族自治区银川市兴庆区", "解放东街 175 号 703", 438),
)  # fmt: skip


def phone_of(place: int) -> str:
    """The phone that the person at this place of PEOPLE signs in with."""
    return f"+861380000{place + 1:04d}"
