"""Puts the shop together for the web server."""

from __future__ import annotations

from api.opening import open_clock, open_database
from api.payments import open_gateway
from api.settings import Settings
from checkout.payments.handlers import payment_handlers
from checkout.shop import Shop
from kernel.database import Database
from kernel.tokens import Tokens
from media.storage import open_store
from members.send_codes import SendCodes
from members.sign_in import Codes
from members.sms import SMS_CODE, LogSender, SmsSender
from members.sms_http import HttpSender
from members.wechat_http import HttpWechat
from program.versions import ProgramShelf
from schema.context import Services


def open_services(settings: Settings) -> Services:
    key = settings.key()
    db = open_database(settings)
    clock = open_clock(settings, db)
    shop = Shop(db=db, clock=clock, shelf=ProgramShelf(), gateway=open_gateway(settings))
    codes = Codes(key=key, sender=_sms_sender(settings), test_mode=settings.test_mode)
    wechat = _wechat(settings, db)
    return Services(
        db=db,
        clock=clock,
        shelf=shop.shelf,
        tokens=Tokens(key, expire=not settings.test_mode),
        codes=codes,
        secret=key,
        gateway=shop.gateway,
        wechat=wechat,
        handlers={SMS_CODE: SendCodes(db, clock, codes), **payment_handlers(shop)},
        closing=tuple(each.close for each in (codes.sender, wechat) if isinstance(each, HttpSender | HttpWechat)),
        media=open_store(settings.media_root),
        avif=settings.avif,
        public_url=settings.public_url,
        test_mode=settings.test_mode,
        production=settings.production,
    )


def _sms_sender(settings: Settings) -> SmsSender | None:
    if settings.sms_url is not None and settings.sms_key is not None and settings.sms_sender != "log":
        templates = {"zh-CN": settings.sms_template_zh, "en": settings.sms_template_en}
        return HttpSender(settings.sms_url, settings.sms_key.get_secret_value(), templates)
    # Settings refuse the log in production; there, a shop without a real sender has no way to send codes.
    return None if settings.production else LogSender()


def _wechat(settings: Settings, db: Database) -> HttpWechat | None:
    if settings.wechat_app_id is None or settings.wechat_app_secret is None:
        return None
    secret = settings.wechat_app_secret.get_secret_value()
    return HttpWechat(db, settings.wechat_app_id, secret, base=settings.wechat_api_base)
