"""What checkout needs to know of the goods in a basket, in two narrow statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from catalog.columns import (
    OFFER_COLUMNS,
    PICTURE_COLUMNS,
    is_published,
    offers_t,
    picture_record,
    pictures_t,
    products_t,
    special_columns,
    special_now_t,
    translations_t,
    variants_t,
    with_special,
)
from catalog.records import OfferRecord, Sellable, SpecialRecord
from kernel.database import among, id_list
from kernel.prepared import Prepared

_v, _p = variants_t.c, products_t.c
_AT = bindparam("at", type_=special_now_t.c.starts_at.type)
_GOODS = (
    _v.id, _v.product_id, _v.sku, _v.name, _v.regular_price, _v.on_hand, _v.reserved, _v.active,
    _p.slug, _p.name, is_published(_AT).label("published"), _p.third_party, _p.points_rate, _p.required_tier_code,
)  # fmt: skip
_COLUMNS = (
    *_GOODS,
    *special_columns(special_now_t),
    *PICTURE_COLUMNS,
    translations_t.c.locale,
    translations_t.c.name,
)

# Put together once: every quote and every order reads them.
_OFFERS = Prepared(select(*OFFER_COLUMNS).where(among(offers_t.c.id, id_list("ids"))))
_SELLABLE = Prepared(
    select(*_COLUMNS)
    .select_from(
        with_special(variants_t, _AT)
        .join(products_t, _p.id == _v.product_id)
        .outerjoin(pictures_t, and_(pictures_t.c.product_id == _p.id, pictures_t.c.position == 0))
        .outerjoin(translations_t, translations_t.c.subject_id == _p.id)
    )
    .where(among(_v.id, id_list("ids")))
)


def sellable(
    conn: Connection, variant_ids: Sequence[str], offer_ids: Sequence[str], at: datetime
) -> tuple[dict[str, Sellable], dict[str, OfferRecord]]:
    """Variants and exchange offers by id, the offers' variants among the variants; what is unknown is left out.

    Whether they are sold, in force or in stock is told, not decided. Special prices are those in force at `at`, and
    `published` is then.
    """
    offers: dict[str, OfferRecord] = {}
    if offer_ids:
        records = [OfferRecord(*row) for row in _OFFERS.rows(conn, {"ids": offer_ids})]
        offers = {record.id: record for record in records}
    wanted = sorted({*variant_ids, *(offer.variant_id for offer in offers.values())})
    if not wanted:
        return {}, offers
    goods: dict[str, Sellable] = {}
    for row in _SELLABLE.rows(conn, {"ids": wanted, "at": at}):
        item = goods.get(row[0])
        if item is None:
            special, picture = row[14:20], row[20:25]
            in_force = SpecialRecord(*special) if special[0] is not None else None
            values: list[Any] = [*row[:8], in_force, *row[8:14]]
            image = picture_record(picture) if picture[0] is not None else None
            item = goods[row[0]] = Sellable(*values, image=image)
        locale, name = row[25:]
        if locale is not None:
            item.product_names[locale] = name
    return goods, offers
