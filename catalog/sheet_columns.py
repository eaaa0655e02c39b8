"""The columns of our own form, for reading and for writing: what `docs/sheets.md` describes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Of(Enum):
    """What a column speaks of. Those of special prices and offers may differ in every row of a SKU."""

    PRODUCT = "product"
    VARIANT = "variant"
    SPECIAL = "special price"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Column:
    """`chinese` is a heading that is understood as well. `worded`: there may be one for each language, "name:en"."""

    name: str
    chinese: str
    of: Of
    help_zh: str
    help_en: str
    worded: bool = False


COLUMNS = (
    Column("slug", "商品链接名", Of.PRODUCT, "商品的唯一标识，每行都写", "Names the product; on each of its rows"),
    Column("name", "商品名称", Of.PRODUCT, "新商品必填", "Needed for a new product", worded=True),
    Column("description", "商品描述", Of.PRODUCT, "最多 2000 字", "2,000 characters at most", worded=True),
    Column("category", "类目", Of.PRODUCT, "从上到下：服饰 > 男装", "From the root down: Clothing > Men", worded=True),
    Column("category_slugs", "类目链接名", Of.PRODUCT, "与类目逐级对应，可不写", "One for each, may be left out"),
    Column("published", "上架", Of.PRODUCT, "yes 或 no", "yes or no"),
    Column("published_from", "上架时间", Of.PRODUCT, "如 2026-03-01 08:00", "Such as 2026-03-01 08:00"),
    Column("published_until", "下架时间", Of.PRODUCT, "到此刻为止", "Until just before this instant"),
    Column("third_party", "第三方商品", Of.PRODUCT, "yes 或 no", "yes or no"),
    Column("points_rate", "每元积分", Of.PRODUCT, "商品单独的积分比例", "Points for each unit of money, of its own"),
    Column("required_tier", "专享等级", Of.PRODUCT, "等级代码", "The code of a tier"),
    Column("options", "规格项", Of.PRODUCT, "如 颜色: 红, 蓝 | 尺码: M, L", "Such as Colour: red, blue | Size: M, L"),
    Column("attributes", "属性", Of.PRODUCT, "如 面料: 棉 | 产地: 中国", "Such as Fabric: cotton", worded=True),
    Column("pictures", "图片", Of.PRODUCT, "文件名：a.jpg | b.jpg", "Names of files: a.jpg | b.jpg"),
    Column("picture_texts", "图片说明", Of.PRODUCT, "与图片逐一对应", "What each picture shows"),
    Column("sku", "货号", Of.VARIANT, "必填；同一货号可有多行", "Needed; a SKU may have several rows"),
    Column("variant", "规格名称", Of.VARIANT, "如 红色 / L", "Such as red / L"),
    Column("option_values", "规格值", Of.VARIANT, "与规格项逐一对应：红色 | L", "One for each option: red | L"),
    Column("price", "正价", Of.VARIANT, "新货号必填", "The regular price; needed for a new SKU"),
    Column("active", "在售", Of.VARIANT, "yes 或 no", "yes or no"),
    Column("stock", "库存", Of.VARIANT, "仅对新货号有效", "Only for a new SKU"),
    Column("counted_stock", "盘点库存", Of.VARIANT, "把现有库存改为此数", "Sets what is on hand"),
    Column("low_stock_at", "低库存提醒", Of.VARIANT, "可售数不多于此数时提醒", "Time to order more"),
    Column("special_price", "特价", Of.SPECIAL, "每行一个特价", "One special price for each row"),
    Column("special_class", "特价类型", Of.SPECIAL, "SALE 或 GROUP_BUY", "SALE or GROUP_BUY"),
    Column("special_from", "特价开始", Of.SPECIAL, "不写则立即开始", "Blank: now"),
    Column("special_until", "特价结束", Of.SPECIAL, "不写则一直有效", "Blank: until it is ended"),
    Column("offer_points", "兑换积分", Of.OFFER, "每行一个兑换", "One exchange offer for each row"),
    Column("offer_cash", "兑换现金", Of.OFFER, "不写为 0", "Blank: 0"),
    Column("offer_from", "兑换开始", Of.OFFER, "不写则立即开始", "Blank: at once"),
    Column("offer_until", "兑换结束", Of.OFFER, "不写则一直有效", "Blank: for good"),
    Column("offer_quota", "兑换名额", Of.OFFER, "总件数", "Units in all"),
    Column("offer_per_member", "每人限兑", Of.OFFER, "终身件数", "Units for a member, ever"),
    Column("offer_daily", "每人每日限兑", Of.OFFER, "每日件数", "Units for a member, a day"),
    Column("offer_weekly", "每人每周限兑", Of.OFFER, "每周件数", "Units for a member, a week"),
    Column("offer_monthly", "每人每月限兑", Of.OFFER, "每月件数", "Units for a member, a month"),
    Column("offer_tier", "兑换等级", Of.OFFER, "等级代码", "The code of a tier"),
)

BY_NAME = {column.name: column for column in COLUMNS}
_NAMED = {column.chinese: column.name for column in COLUMNS}


def usual_name(heading: str) -> str:
    """The column that a heading names, in either language and any case: "商品名称:en" is "name:en"."""
    name, sign, locale = heading.replace("\uff1a", ":").partition(":")
    name = name.strip()
    folded = _NAMED.get(name, name.casefold().replace(" ", "_"))
    if folded not in BY_NAME:
        return heading
    return f"{folded}:{locale.strip()}" if sign else folded


def named(of: Of) -> list[str]:
    return [column.name for column in COLUMNS if column.of is of]


def headings(locales: Iterable[str]) -> list[str]:
    """All columns, with those of these languages behind the ones that they word."""
    found: list[str] = []
    for column in COLUMNS:
        found.append(column.name)
        found += [f"{column.name}:{locale}" for locale in locales] if column.worded else []
    return found
