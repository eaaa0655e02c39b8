"""Every sentence that people see, in both languages. The domain names a sentence by its key; facts fill its blanks."""

from __future__ import annotations

from collections.abc import Mapping

from schema.locale import Locale

# Each key has its sentence in zh-CN and in en, with the same {blanks}.
Sentences = Mapping[str, tuple[str, str]]

# InvalidInput, by reason.
REASONS: Sentences = {
    "bad_characters": ("含有无法使用的字符。", "It contains characters that cannot be used."),
    "bad_picture": ("图片已损坏或不完整，无法读取。", "This picture is broken or incomplete and cannot be read."),
    "category_elsewhere": (
        "类目 {slug} 已在别处。",
        "The category {slug} stands elsewhere in the tree.",
    ),
    "cash_negative": ("现金部分不能小于 0。", "The cash part cannot be below 0."),
    "cycle": ("不能把类目放到自己的下级。", "A category cannot stand below itself."),
    "empty": ("请填写此项。", "This cannot be empty."),
    "empty_file": ("文件是空的。", "The file is empty."),
    "differs_from_line": (
        "与第 {line} 行不一致。",
        "Line {line} says something else.",
    ),
    "ends_before_start": ("结束时间必须晚于开始时间。", "It must end after it starts."),
    "exactly_one_of": ("{names} 请只填写其中一项。", "Give exactly one of {names}."),
    "exports_busy": (
        "正在进行其他导出，请稍后再试。",
        "Other exports are being written. Try again in a moment.",
    ),
    "file_too_large": ("文件不能超过 {most} MB。", "The file can have {most} MB at most."),
    "fixed_by_orders": ("已有订单，不能再更改；现为 {value}。", "There are orders already: it stays {value}."),
    "fixed_by_orders_to_come": (
        "较晚生效的版本届时可能已有订单，不能更改；现为 {value}。",
        "There may be orders before a later version begins: it stays {value}.",
    ),
    "formula_without_value": (
        "此单元格是公式且没有结果，请改填数值。",
        "This cell holds a formula without a result. Put the value there.",
    ),
    "in_the_future": ("不能晚于今天。", "This lies in the future."),
    "in_the_past": ("该时间已经过去。", "This time has passed."),
    "is_over": ("该时段已结束，已忽略。", "This is over already; it was left out."),
    "last_admin": ("至少要保留一名可登录的管理员。", "There must always be one ADMIN who can sign in."),
    "live_price_not_below": (
        "价格必须高于正在进行或计划中的特价与兑换价。",
        "The regular price must stay above every live special price and offer.",
    ),
    "below_one": ("至少为 1。", "This is at least 1."),
    "moving_picture": ("不支持动图。", "Moving pictures are not taken."),
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
    "needs_slug": (
        "更改商品信息需要填写商品链接名（slug）。",
        "To change the product, its slug has to stand on the row.",
    ),
    "nothing_left_to_sell": (
        "至少要有一个在售的规格。",
        "At least one of its variants has to stay on sale.",
    ),
    "number_rounded": (
        "数字过长，表格软件已将其四舍五入；请把单元格设为文本。",
        "The number is too long, and the spreadsheet has rounded it. Make the cell a text.",
    ),
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
    "option_unused": (
        "没有规格使用此项，请为规格填写取值，或清空名称。",
        "No variant has a value of it. Give it values, or clear its name.",
    ),
    "not_a_whole_number": ("此处应为整数。", "A whole number is expected here."),
    "not_a_time": ("时间格式无效。", "This is not a valid time."),
    "not_an_amount": ("这不是有效的 {currency} 金额。", "This is not a valid amount in {currency}."),
    "not_an_email": ("邮箱地址无效。", "This is not a valid e-mail address."),
    "not_an_object": ("此处应为对象。", "An object is expected here."),
    "not_below_regular": ("必须低于正价 {regular}。", "It must be below the regular price of {regular}."),
    "not_between": ("必须在 {least} 与 {most} 之间。", "It must be between {least} and {most}."),
    "not_csv": ("无法按 CSV 读取此行。", "This line cannot be read as CSV."),
    "no_column_known": (
        "没有一列是可识别的。第一行应为列名，如 slug、sku、price（或 商品链接名、货号、正价）。",
        "None of the columns is known. The first row names them, such as slug, sku and price.",
    ),
    "no_rows": ("只有表头，没有内容。", "There is a heading, and nothing below it."),
    "not_a_workbook": (
        "无法读取此工作簿，请另存为 XLSX 或 CSV。",
        "This workbook cannot be read. Save it as XLSX or CSV.",
    ),
    "not_a_zip": ("这不是 ZIP 文件，或文件过多。", "This is no ZIP file, or holds too many files."),
    "not_pairs": (
        "应为“名称: 值”，多项之间用 | 分隔，各语言项数相同。",
        "Names with values are expected, as in “Fabric: cotton | Origin: China”, as many in every language.",
    ),
    "not_one_of": ("只能是以下之一：{choices}。", "It must be one of: {choices}."),
    "not_rising": ("数值必须依次递增。", "The values must rise."),
    "unknown_encoding": ("无法识别文件编码，请另存为 UTF-8。", "The encoding is not known. Save the file as UTF-8."),
    "one_for_each_option": (
        "请为每个选项各选一个值（共 {options} 项）。",
        "Give one value for each of the {options} options.",
    ),
    "out_of_range": ("数值超出范围。", "The value is out of range."),
    "overlaps": ("与已有的特价时段重叠。", "It overlaps another special price of this SKU."),
    "password_length": ("密码长度应为 {least} 至 {most} 个字符。", "A password has {least} to {most} characters."),
    "picture_missing": ("找不到图片文件 {file}。", "There is no picture file {file}."),
    "points_below_one": ("积分至少为 1。", "It takes at least 1 point."),
    "policy_not_available": ("暂不支持 {policy}。", "{policy} is not available yet."),
    "published_meanwhile": (
        "已有人发布了第 {version} 版，请重新核对差异。",
        "Version {version} has been published meanwhile. Please look at the differences again.",
    ),
    "product_left_out": ("所属商品有误，未导入。", "The product that it belongs to is wrong and was left out."),
    "quota_below_redeemed": (
        "名额不能少于已兑换的 {redeemed} 件。",
        "The quota cannot be below the {redeemed} redeemed already.",
    ),
    "repeated": ("不能重复。", "This is given twice."),
    "repeated_from_line": ("与第 {line} 行重复。", "Line {line} has this already."),
    "sku_unknown": (
        "店内没有此货号；新商品需要填写商品链接名（slug）。",
        "No product has this SKU. A new one needs a slug.",
    ),
    "stock_below_zero": ("库存不能小于已预留的数量。", "Stock cannot fall below what is reserved."),
    "refund_not_failed": ("该退款并未失败。", "This refund has not failed."),
    "refund_paid_out": ("该退款已通过其他方式支付。", "This refund was paid out by other means."),
    "taken": ("已被使用。", "This is taken."),
    "tier_in_use": (
        "等级 {tier} 已有会员或届时可能有会员，不能删除。",
        "Tier {tier} has members, or could have by then, and cannot be left out.",
    ),
    "later_version_differs": (
        "历史订单之后生效的第 {version} 版使用 {value}，两者的订单不能并存。",
        "Version {version}, in force in or after the history, has {value}: orders of both do not go together.",
    ),
    "later_version_lacks_tier": (
        "历史订单之后生效的第 {version} 版没有等级 {tier}，届时可能已有会员达到该等级。",
        "Version {version}, in force in or after the history, has no tier {tier}: members may have it by then.",
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
    "too_many_columns": ("最多 {most} 列。", "At most {most} columns."),
    "too_many_rows": ("最多 {most} 行，请分成几个文件。", "At most {most} rows. Split the file."),
    "too_many_skus": (
        "一次最多安排 {most} 个货号，现有 {count} 个，请分几次。",
        "These are {count} SKUs. At most {most} are planned at once: plan the rest after them.",
    ),
    "too_many_pixels": ("图片过大，最多 {most} 像素。", "The picture can have {most} pixels at most."),
    "too_many_places": ("最多 {places} 位小数。", "At most {places} decimal places."),
    "zero": ("不能为 0。", "It cannot be 0."),
    "not_positive": ("必须大于 0。", "It must be above 0."),
    "totp_is_on": ("已启用两步验证，请先停用。", "There is a second factor already. Remove it first."),
    "totp_not_begun": ("请先开始设置两步验证。", "Nothing has been begun: ask for a secret first."),
    "unknown_currency": ("未知的货币。", "Unknown currency."),
    "has_another_phone": (
        "该账户已绑定另一个手机号。",
        "This account has another phone number already.",
    ),
    "phone_has_another_wechat": (
        "该手机号的账户已绑定另一个微信。",
        "The account with this phone number is bound to another WeChat.",
    ),
    "too_many_uploads": (
        "一天内最多上传 {most} 次，请稍后再试。",
        "At most {most} pictures can be sent in a day. Please try again later.",
    ),
    "unknown_picture_kind": (
        "仅支持 JPEG、PNG、WebP 和 AVIF 格式的图片。",
        "Only JPEG, PNG, WebP and AVIF pictures are taken.",
    ),
    "unknown_column": ("未知的列。", "There is no such column."),
    "unknown_key": ("未知的项目。", "Unknown key."),
    "unknown_timezone": ("未知的时区。", "Unknown time zone."),
    "variant_left_out": ("所属货号有误，未导入。", "The SKU that it belongs to is wrong and was left out."),
    "wrong_number_of_parts": (
        "应有 {expected} 项，实有 {found} 项。",
        "It has {found} parts; {expected} are expected.",
    ),
    "wrong_number_of_cells": (
        "应有 {expected} 列，实有 {found} 列。",
        "It has {found} cells; {expected} are expected.",
    ),
    "year_not_between": ("年份须在 {least} 至 {most} 之间。", "The year must be between {least} and {most}."),
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
    "message": ("消息", "message"),
    "refund": ("退款", "refund"),
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
    "limit_exceeded_day": (
        "每位会员每天限兑 {limit} 件，今天还可兑换 {remaining} 件。",
        "The limit is {limit} a day for each member; {remaining} left for you today.",
    ),
    "limit_exceeded_week": (
        "每位会员每周限兑 {limit} 件，本周还可兑换 {remaining} 件。",
        "The limit is {limit} a week for each member; {remaining} left for you this week.",
    ),
    "limit_exceeded_month": (
        "每位会员每月限兑 {limit} 件，本月还可兑换 {remaining} 件。",
        "The limit is {limit} a month for each member; {remaining} left for you this month.",
    ),
    "tier_required": ("仅限 {tier} 及以上会员。", "Only for members of {tier} and above."),
    "insufficient_gift_card": (
        "礼品卡余额不足：可用 {available}。",
        "Your gift cards hold too little: {available} available.",
    ),
    "quote_changed": ("价格已变动，请确认后再下单。", "The price has changed. Please look again before you order."),
    "order_state": ("订单当前状态不允许此操作。", "The order's state does not allow this."),
    "order_is_open": (
        "订单 {number} 尚未完成，请待其完成后再注销账户。",
        "Order {number} is still open. You can leave once it has come to its end.",
    ),
    "return_is_open": (
        "退换货单 {number} 尚未完成，请待其完成后再注销账户。",
        "Return {number} is still open. You can leave once it has come to its end.",
    ),
    "return_state": ("退换货单当前状态不允许此操作。", "The return's state does not allow this."),
    "return_window_closed": ("已超过退换货期限。", "The time for returns is over."),
    "payment_retryable": ("支付暂时失败，请稍后再试。", "The payment did not go through. Please try again."),
    "payment_final": ("支付被拒绝。", "The payment was refused."),
    "sign_in_code": ("验证码错误或已失效。", "The code is wrong or no longer valid."),
    "sign_in_code_wait": ("请在 {seconds} 秒后再试。", "Please try again in {seconds} s."),
    "sign_in": ("邮箱或密码错误。", "The e-mail address or password is wrong."),
    "session_over": ("登录已失效，请重新登录。", "This session is over. Please sign in again."),
    "totp_needed": (
        "请输入身份验证器显示的验证码。",
        "A code is needed too: the one that your authenticator app shows.",
    ),
    "totp_wrong": (
        "验证码错误或已使用。",
        "The code of your authenticator app is wrong or has been used.",
    ),
    "sign_in_wait": ("尝试次数过多，请在 {seconds} 秒后再试。", "Too many tries. Please try again in {seconds} s."),
}

# What keeps money or a message from leaving the house, or makes it wrong: for staff.
PROBLEMS: Sentences = {
    "provider_silent": ("支付服务商没有应答。", "The payment provider does not answer."),
    "provider_busy": ("支付服务商繁忙。", "The payment provider is busy."),
    "provider_trouble": ("支付服务商发生故障。", "The payment provider has trouble of its own."),
    "provider_key_refused": ("支付服务商拒绝了本店的密钥。", "The payment provider does not take the shop's key."),
    "provider_not_set_up": ("本店未开通在线支付。", "Online payment is not set up in this shop."),
    "provider_refused": ("支付服务商拒绝了请求。", "The payment provider refused."),
    "provider_does_not_know": ("支付服务商没有这笔款项。", "The payment provider does not know this."),
    "provider_balance_too_low": ("支付账户余额不足。", "The balance with the payment provider is too low."),
    "key_used_otherwise": ("该请求编号已用于另一请求。", "The key was used for something else at the provider."),
    "amount_not_payable": (
        "该金额无法以此币种收付。",
        "Cards cannot be charged or refunded this amount in its currency.",
    ),
    "amount_differs": ("到账金额与应付金额不符，未发货。", "Another amount was paid than was due: nothing ships."),
    "currency_differs": ("到账币种与订单不符，未发货。", "It was paid in another currency: nothing ships."),
    "order_not_there": ("付款所属的订单不在本店。", "A payment names an order that is not here."),
    "second_payment": ("同一订单收到了第二笔付款。", "A second payment was made for the same order."),
    "refund_failed": ("银行未能完成退款。", "The bank could not take the refund."),
    "refund_card_gone": ("原卡已失效，无法退款。", "The card is gone: it cannot take the refund."),
    "refund_disputed": ("该付款存在争议，无法退款。", "The payment is disputed: it cannot be refunded."),
    "refund_exceeds_payment": ("该付款已全部退回。", "The payment has been refunded already."),
    "sms_unreachable": ("短信服务没有应答。", "The SMS service does not answer."),
    "sms_refused": ("短信服务拒绝了请求。", "The SMS service refused."),
    "unexpected": ("发生了意外错误。", "Something unexpected went wrong."),
}

# What staff can do about it.
_WAIT = ("系统会自动重试；若已搁置，请重新发送。", "It is tried again by itself. If it was set aside, send it again.")
_PAY_OUT = (
    "请联系会员，以其他方式退款，并登记已支付。",
    "Agree with the member how to pay it out by other means, and record that.",
)
_LOOK = ("请在支付后台核对。", "Look it up in the provider's dashboard.")
ADVICE: Sentences = {
    "provider_silent": _WAIT,
    "provider_busy": _WAIT,
    "provider_trouble": _WAIT,
    "provider_key_refused": (
        "请管理员检查 JIFEN_STRIPE_API_KEY，然后重新发送。",
        "Have JIFEN_STRIPE_API_KEY checked, then send it again.",
    ),
    "provider_not_set_up": (
        "请管理员设置 JIFEN_STRIPE_API_KEY，然后重新发送。",
        "Have JIFEN_STRIPE_API_KEY set, then send it again.",
    ),
    "provider_refused": _LOOK,
    "provider_does_not_know": _LOOK,
    "provider_balance_too_low": (
        "请为支付账户充值；系统会自动重试。",
        "Add funds at the provider. It is tried again by itself.",
    ),
    "key_used_otherwise": _LOOK,
    "amount_not_payable": _PAY_OUT,
    "amount_differs": (
        "到期未付足将自动取消订单并全额退回；请与会员联系。",
        "When its time is up the order is cancelled and all of it goes back. Tell the member.",
    ),
    "currency_differs": (
        "到期后将自动取消订单并全额退回；请与会员联系。",
        "When its time is up the order is cancelled and all of it goes back. Tell the member.",
    ),
    "order_not_there": (
        "请核对该付款是否属于本店；不属于则忽略，属于则在支付后台退款。",
        "See whether the payment is this shop's. If it is, refund it in the provider's dashboard.",
    ),
    "second_payment": ("请在支付后台退回多收的一笔。", "Refund the one that is too much in the provider's dashboard."),
    "refund_failed": ("请重试退款，或以其他方式支付。", "Try the refund again, or pay it out by other means."),
    "refund_card_gone": _PAY_OUT,
    "refund_disputed": ("请在支付后台处理争议。", "Answer the dispute in the provider's dashboard."),
    "refund_exceeds_payment": (
        "请在支付后台核对；若已退回，登记已支付。",
        "Look it up in the provider's dashboard. If the money has gone back, record it as paid out.",
    ),
    "sms_unreachable": _WAIT,
    "sms_refused": ("请管理员检查短信设置。", "Have the SMS settings checked."),
    "unexpected": ("请查看日志；修复后重新发送。", "Look into the log. Send it again once it is mended."),
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

# Notes that no person wrote. What they are about stands behind a colon.
ACCOUNTS_JOINED = "accounts_joined"
NOTES: Sentences = {
    "member_left": ("会员已注销账户", "the member has left"),
    ACCOUNTS_JOINED: ("账户合并：{number}", "Accounts joined: {number}"),
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
    """What an entry of the ledger says, with the note that staff gave, or that says why it was made."""
    text = say(ENTRIES, kind, locale)
    if note is not None and note.startswith(f"{ACCOUNTS_JOINED}:"):
        # Nobody adjusted anything.
        return note_text(note, locale) or text
    note = note_text(note, locale)
    return say(ENTRIES, "with_note", locale, text=text, note=note) if note else text


def note_text(note: str | None, locale: Locale) -> str | None:
    """A note as a person wrote it, or in the viewer's words."""
    key, _, number = (note or "").partition(":")
    return say(NOTES, key, locale, number=number) if key in NOTES else note


def price_step_text(rule: str, facts: Mapping[str, str], tier_name: str, locale: Locale) -> str:
    """One step of a price's explanation. `facts` are those of the step; `tier_name` names its tier."""
    blanks = {**facts, "tier": tier_name}
    if "price_class" in blanks:
        blanks["price_class"] = say(PRICE_CLASSES, blanks["price_class"], locale)
    return say(PRICE_STEPS, rule, locale, **blanks)
