"""Every sentence that people see, in both languages. The domain names a sentence by its key; facts fill its blanks."""

from __future__ import annotations

from collections.abc import Mapping

from schema.locale import Locale

# Each key has its sentence in zh-CN and in en, with the same {blanks}.
Sentences = Mapping[str, tuple[str, str]]

# InvalidInput, by reason.
REASONS: Sentences = {
    "bad_characters": ("含有无法使用的字符。", "It contains characters that cannot be used."),
    "bad_picture": ("无法识别的图片。", "This is not a picture that can be read."),
    "cash_negative": ("现金部分不能小于 0。", "The cash part cannot be below 0."),
    "cycle": ("不能把类目放到自己的下级。", "A category cannot stand below itself."),
    "empty": ("请填写此项。", "This cannot be empty."),
    "ends_before_start": ("结束时间必须晚于开始时间。", "It must end after it starts."),
    "exactly_one_of": ("{names} 请只填写其中一项。", "Give exactly one of {names}."),
    "fixed_by_orders": ("已有订单，不能再更改；现为 {value}。", "There are orders already: it stays {value}."),
    "in_the_future": ("不能晚于今天。", "This lies in the future."),
    "in_the_past": ("该时间已经过去。", "This time has passed."),
    "live_price_not_below": (
        "价格必须高于正在进行或计划中的特价与兑换价。",
        "The regular price must stay above every live special price and offer.",
    ),
    "below_one": ("至少为 1。", "This is at least 1."),
    "more_than_kept": ("最多可退 {left} 件。", "At most {left} can be returned."),
    "more_than_total": (
        "礼品卡支付不能超过订单总额 {total}。",
        "A gift-card payment cannot be more than the total of {total}.",
    ),
    "too_much": ("金额超出上限。", "The amount is beyond the limit."),
    "too_many_points": ("积分超出上限。", "These are more points than anybody can have."),
    "history_needs_program": (
        "导入历史需要先发布一个会员计划，且尚无订单。",
        "The history needs a program of its own, published before there are orders.",
    ),
    "missing": ("缺少此项。", "This is missing."),
    "negative": ("不能小于 0。", "This cannot be below 0."),
    "no_product_above": ("上方没有它所属的商品。", "There is no product above that it belongs to."),
    "document_too_large": ("内容过大，这不是会员方案。", "This is too large for a program."),
    "no_test_clock": ("本服务器未启用测试时钟。", "This server runs without a test clock."),
    "not_a_decimal_string": ('请用字符串书写小数，例如 "0.98"。', 'Write the number as a string, such as "0.98".'),
    "not_a_list": ("此处应为列表。", "A list is expected here."),
    "not_a_locale": ("未知的语言：{value}。", "Unknown language: {value}."),
    "not_a_number": ("这不是数字。", "This is not a number."),
    "not_a_pair": ("此处应为两个数。", "Two numbers are expected here."),
    "not_a_phone": ("手机号码无效。", "This is not a valid phone number."),
    "not_a_slug": (
        "只能使用小写字母、数字和“-”。",
        "Only lower-case letters, digits and “-” can be used.",
    ),
    "not_a_text": ("此处应为文字。", "A text is expected here."),
    "not_a_whole_number": ("此处应为整数。", "A whole number is expected here."),
    "not_an_amount": ("这不是有效的 {currency} 金额。", "This is not a valid amount in {currency}."),
    "not_an_email": ("邮箱地址无效。", "This is not a valid e-mail address."),
    "not_an_object": ("此处应为对象。", "An object is expected here."),
    "not_below_regular": ("必须低于正价 {regular}。", "It must be below the regular price of {regular}."),
    "not_between": ("必须在 {least} 与 {most} 之间。", "It must be between {least} and {most}."),
    "not_csv": ("无法按 CSV 读取此行。", "This line cannot be read as CSV."),
    "not_one_of": ("只能是以下之一：{choices}。", "It must be one of: {choices}."),
    "not_rising": ("数值必须依次递增。", "The values must rise."),
    "not_utf8": ("文件不是 UTF-8 编码。", "The file is not in UTF-8."),
    "out_of_range": ("数值超出范围。", "The value is out of range."),
    "overlaps": ("与已有的特价时段重叠。", "It overlaps another special price of this SKU."),
    "password_length": ("密码长度应为 {least} 至 {most} 个字符。", "A password has {least} to {most} characters."),
    "picture_missing": ("找不到图片文件 {file}。", "There is no picture file {file}."),
    "points_below_one": ("积分至少为 1。", "It takes at least 1 point."),
    "policy_not_available": ("暂不支持 {policy}。", "{policy} is not available yet."),
    "product_left_out": ("所属商品有误，未导入。", "The product that it belongs to is wrong and was left out."),
    "quota_below_redeemed": (
        "名额不能少于已兑换的 {redeemed} 件。",
        "The quota cannot be below the {redeemed} redeemed already.",
    ),
    "repeated": ("不能重复。", "This is given twice."),
    "repeated_from_line": ("与第 {line} 行重复。", "Line {line} has this already."),
    "stock_below_zero": ("库存不能小于已预留的数量。", "Stock cannot fall below what is reserved."),
    "taken": ("已被使用。", "This is taken."),
    "tier_in_use": (
        "等级 {tier} 已有会员或届时可能有会员，不能删除。",
        "Tier {tier} has members, or could have by then, and cannot be left out.",
    ),
    "planned_version_lacks_tier": (
        "计划中的第 {version} 版没有等级 {tier}。",
        "Version {version}, which is planned, has no tier {tier}.",
    ),
    "tier_unknown": ("没有这个会员等级。", "There is no such tier."),
    "time_goes_back": ("测试时钟不能倒退。", "The test clock cannot go back."),
    "too_deep": ("类目最多 {most} 级。", "Categories go {most} levels deep at most."),
    "too_large": ("文件过大。", "The file is too large."),
    "too_long_ago": ("不能早于 {earliest}。", "It cannot be before {earliest}."),
    "too_long": ("最多 {most} 个字符。", "At most {most} characters."),
    "too_many": ("最多 {most} 项。", "At most {most}."),
    "too_many_places": ("最多 {places} 位小数。", "At most {places} decimal places."),
    "zero": ("不能为 0。", "It cannot be 0."),
    "not_positive": ("必须大于 0。", "It must be above 0."),
    "unknown_currency": ("未知的货币。", "Unknown currency."),
    "unknown_key": ("未知的项目。", "Unknown key."),
    "unknown_timezone": ("未知的时区。", "Unknown time zone."),
    "wrong_number_of_cells": (
        "应有 {expected} 列，实有 {found} 列。",
        "It has {found} cells; {expected} are expected.",
    ),
}

# NotFound and Unavailable, by what is meant.
THINGS: Sentences = {
    "address": ("地址", "address"),
    "cart": ("购物车", "cart"),
    "category": ("类目", "category"),
    "exchange_offer": ("兑换商品", "exchange offer"),
    "gift_card": ("礼品卡", "gift card"),
    "image": ("图片", "picture"),
    "member": ("会员", "member"),
    "order": ("订单", "order"),
    "order_line": ("订单商品", "order line"),
    "product": ("商品", "product"),
    "return": ("退换货单", "return"),
    "special_price": ("特价", "special price"),
    "sms": ("短信验证码", "Signing in with a code by SMS"),
    "staff": ("员工", "member of staff"),
    "tier": ("会员等级", "tier"),
    "variant": ("商品规格", "variant"),
    "stripe": ("在线支付", "Online payment"),
    "wechat": ("微信登录", "Signing in with WeChat"),
    "test_clock": ("测试时钟", "The test clock"),
}

# The other refusals.
REFUSALS: Sentences = {
    "not_found": ("未找到该{what}。", "There is no such {what}."),
    "unavailable": ("{what}在本店未开通。", "{what} is not set up in this shop."),
    "idempotency_conflict": (
        "该请求编号已用于另一内容不同的请求。",
        "This idempotency key was used with another input.",
    ),
    "insufficient_points": (
        "积分不足：需要 {required}，可用 {available}。",
        "Not enough points: {required} needed, {available} available.",
    ),
    "insufficient_stock": ("库存不足：仅剩 {available} 件。", "Not enough in stock: {available} left."),
    "offer_unavailable": (
        "该兑换活动尚未开始、已结束或名额已用完。",
        "This offer has not begun, is over, or is used up.",
    ),
    "limit_exceeded": (
        "每位会员限兑 {limit} 件，您还可兑换 {remaining} 件。",
        "The limit is {limit} for each member; {remaining} left for you.",
    ),
    "tier_required": ("仅限 {tier} 及以上会员。", "Only for members of {tier} and above."),
    "insufficient_gift_card": (
        "礼品卡余额不足：可用 {available}。",
        "Your gift cards hold too little: {available} available.",
    ),
    "quote_changed": ("价格已变动，请确认后再下单。", "The price has changed. Please look again before you order."),
    "order_state": ("订单当前状态不允许此操作。", "The order's state does not allow this."),
    "return_state": ("退换货单当前状态不允许此操作。", "The return's state does not allow this."),
    "return_window_closed": ("已超过退换货期限。", "The time for returns is over."),
    "payment_retryable": ("支付暂时失败，请稍后再试。", "The payment did not go through. Please try again."),
    "payment_final": ("支付被拒绝。", "The payment was refused."),
    "sign_in_code": ("验证码错误或已失效。", "The code is wrong or no longer valid."),
    "sign_in_code_wait": ("请在 {seconds} 秒后再试。", "Please try again in {seconds} s."),
    "sign_in": ("邮箱或密码错误。", "The e-mail address or password is wrong."),
    "session_over": ("登录已失效，请重新登录。", "This session is over. Please sign in again."),
    "sign_in_wait": ("尝试次数过多，请在 {seconds} 秒后再试。", "Too many tries. Please try again in {seconds} s."),
}

# Steps of a price's explanation, by rule.
PRICE_STEPS: Sentences = {
    "SALE_PRICE": ("促销价", "Sale price"),
    "GROUP_BUY_PRICE": ("团购价", "Group-buy price"),
    "EXCHANGE_OFFER": ("积分兑换：每件另需 {points} 积分", "Exchange offer: plus {points} points each"),
    "TIER_DISCOUNT": ("{tier} 会员价：正价 × {rate}", "{tier} price: regular price × {rate}"),
    "TIER_DISCOUNT_EXCLUDED": (
        "{price_class}不再享受 {tier} 折扣",
        "No {tier} discount, because this is {price_class}",
    ),
}

PRICE_CLASSES: Sentences = {
    "REGULAR": ("正价商品", "a regular price"),
    "SALE": ("促销商品", "a sale price"),
    "GROUP_BUY": ("团购商品", "a group-buy price"),
    "EXCHANGE": ("兑换商品", "an exchange offer"),
}

# Entries of the ledger, by kind.
ENTRIES: Sentences = {
    "EARNED": ("购物积分到账", "Points from a purchase"),
    "GRANTED": ("赠送积分", "Points given"),
    "HELD": ("下单预扣积分", "Points reserved by an order"),
    "RELEASED": ("订单取消，预扣积分退回", "Reserved points given back"),
    "RETURNED": ("退货返还积分", "Points given back by a return"),
    "REVERSED": ("退货扣回积分", "Points taken back by a return"),
    "EXPIRED": ("积分过期", "Points expired"),
    "ADJUSTED": ("客服调整积分", "Adjusted by customer service"),
    "with_note": ("{text}：{note}", "{text}: {note}"),
}

# Warnings of an exchange offer outside the program's guidance (R6).
WARNINGS: Sentences = {
    "discount_below_guidance": (
        "优惠比例 {share} 低于建议的 {low}。",
        "The discount share of {share} is below the guidance of {low}.",
    ),
    "discount_above_guidance": (
        "优惠比例 {share} 高于建议的 {high}。",
        "The discount share of {share} is above the guidance of {high}.",
    ),
}


def say(sentences: Sentences, key: str, locale: Locale, **facts: object) -> str:
    """A sentence in one language, its blanks filled. A key that nobody has worded says itself, never an exception:
    the refusal is worth more than its wording."""
    pair = sentences.get(key)
    if pair is None:
        return key.replace("_", " ")
    text = pair[0] if locale == "zh-CN" else pair[1]
    return text.format_map(_Blanks(facts)) if "{" in text else text


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def thing(what: str, locale: Locale) -> str:
    return say(THINGS, what, locale)


def entry_text(kind: str, note: str | None, locale: Locale) -> str:
    """What an entry of the ledger says, with the note that staff gave."""
    text = say(ENTRIES, kind, locale)
    return say(ENTRIES, "with_note", locale, text=text, note=note) if note else text


def price_step_text(rule: str, facts: Mapping[str, str], tier_name: str, locale: Locale) -> str:
    """One step of a price's explanation. `facts` are those of the step; `tier_name` names its tier."""
    blanks = {**facts, "tier": tier_name}
    if "price_class" in blanks:
        blanks["price_class"] = say(PRICE_CLASSES, blanks["price_class"], locale)
    return say(PRICE_STEPS, rule, locale, **blanks)
