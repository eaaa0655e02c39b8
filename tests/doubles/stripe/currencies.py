"""What amounts Stripe takes: currencies, their minor units, the least and the most that can be charged."""

from __future__ import annotations

from tests.doubles.stripe.errors import wrong


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


SUPPORTED = _codes(
    """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp
    cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk
    jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn
    nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std
    szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw
    """
)

ZERO_DECIMAL = _codes("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf")
THREE_DECIMAL = _codes("bhd jod kwd omr tnd")
# Written with two decimals for compatibility, but without parts.
WHOLE_ONLY = _codes("isk ugx")

# The published table, in minor units. For cny, which the table leaves to conversion, about half a dollar.
LEAST = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "cny": 400, "czk": 1500,
    "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200,
    "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
MOST = 99_999_999

ALIPAY = _codes("aud cad cny eur gbp hkd jpy myr nzd sgd usd")
WECHAT_PAY = _codes("aud cad chf cny dkk eur gbp hkd jpy nok sek sgd usd")


def check_currency(currency: str) -> None:
    if currency not in SUPPORTED:
        raise wrong("currency", f"Invalid currency: {currency}. Currencies are three lowercase letters, as in usd.")


def check_amount(amount: int, currency: str) -> None:
    """Raises: Fault: nobody can be charged this amount in this currency."""
    if amount < 1:
        raise wrong("amount", f"Invalid positive integer: {amount}", "parameter_invalid_integer")
    if currency in THREE_DECIMAL and amount % 10:
        raise wrong("amount", f"Amounts in {currency} end in 0: {amount}", "parameter_invalid_integer")
    if currency in WHOLE_ONLY and amount % 100:
        raise wrong("amount", f"Amounts in {currency} end in 00: {amount}", "parameter_invalid_integer")
    if amount < LEAST.get(currency, 1):
        raise wrong("amount", f"Amount must be at least {worded(LEAST[currency], currency)}.", "amount_too_small")
    if amount > MOST:
        raise wrong("amount", f"Amount must be no more than {worded(MOST, currency)}.", "amount_too_large")


def worded(amount: int, currency: str) -> str:
    """Like "USD 5.00" or "JPY 500"."""
    decimals = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    if not decimals:
        return f"{currency.upper()} {amount}"
    whole, rest = divmod(amount, 10**decimals)
    return f"{currency.upper()} {whole}.{rest:0{decimals}}"
