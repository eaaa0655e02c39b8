"""The benefits that every shop knows by their code, in the words of both languages."""

from __future__ import annotations

from program.config import Benefit


def _benefit(code: str, zh: tuple[str, str], en: tuple[str, str]) -> Benefit:
    return Benefit(code, {"zh-CN": zh[0], "en": en[0]}, {"zh-CN": zh[1], "en": en[1]})


KNOWN_BENEFITS = {
    benefit.code: benefit
    for benefit in (
        _benefit(
            "MEMBER_PRICE",
            ("会员价", "正价商品享会员折扣价。"),
            ("Member price", "A member's discount on goods at their regular price."),
        ),
        _benefit(
            "POINTS_MULTIPLIER",
            ("积分加倍", "购物获得更多积分。"),
            ("More points", "Purchases earn points at a higher rate."),
        ),
        _benefit(
            "PRIORITY_SERVICE",
            ("优先客服", "客服优先接待。"),
            ("Priority service", "Customer service answers you first."),
        ),
        _benefit(
            "PRIORITY_SHIPPING",
            ("优先发货", "订单优先出库。"),
            ("Priority shipping", "Your orders leave the warehouse first."),
        ),
        _benefit(
            "PRIORITY_AFTER_SALES",
            ("优先售后", "退换货优先处理。"),
            ("Priority after-sales", "Your returns and swaps are handled first."),
        ),
        _benefit(
            "EXCLUSIVE_GOODS",
            ("专享商品", "可购买会员专享商品。"),
            ("Exclusive goods", "Goods that only members of this tier may buy."),
        ),
    )
}
