"""What hangs below a list's rows, fetched in bulk: one hop and one statement or two for all that is asked at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from strawberry.dataloader import DataLoader

from catalog import queries as catalogue
from catalog.records import (
    CategoryRecord,
    OfferRecord,
    PictureRecord,
    ProductDetails,
    ProductRecord,
    SpecialRecord,
    TranslationRecord,
    VariantDetails,
    VariantRecord,
)
from checkout import queries as orders
from checkout.payments.refunds import RefundRecord, refunds_of_orders, refunds_of_returns
from checkout.points import PendingRecord, pending_of
from checkout.queries import OrderLineRecord, OrderRecord, PaymentRecord, ReturnLineRecord, ReturnRecord
from members.account import Account, accounts_by_id
from members.profile import MemberRecord, members_by_id
from members.tiers.periods import TierPeriod, tier_periods_of
from schema.context import Reading

if TYPE_CHECKING:
    from schema.admin.context import AdminContext

Found = TypeVar("Found")

Fetch = Callable[[Reading, Sequence[str]], Mapping[str, Found]]


class Loaders:
    """By id, each thing read once in a request (or, after a mutation, once more)."""

    def __init__(self, context: AdminContext) -> None:
        self._context = context

    def _each(self, fetch: Fetch[Found]) -> DataLoader[str, Found]:
        """One value for every id. A missing one is a bug: ids come from rows that refer to them."""

        def found(reading: Reading, ids: Sequence[str]) -> list[Found]:
            by_id = fetch(reading, ids)
            return [by_id[id_] for id_ in ids]

        return DataLoader(self._batch(found))

    def _maybe(self, fetch: Fetch[Found]) -> DataLoader[str, Found | None]:
        def found(reading: Reading, ids: Sequence[str]) -> list[Found | None]:
            by_id = fetch(reading, ids)
            return [by_id.get(id_) for id_ in ids]

        return DataLoader(self._batch(found))

    def _batch(self, look: Callable[[Reading, Sequence[str]], list[Any]]) -> Callable[[list[str]], Any]:
        async def load(ids: list[str]) -> list[Any]:
            return await self._context.read(lambda reading: look(reading, ids))

        return load

    @cached_property
    def _programs(self) -> DataLoader[str, Reading]:
        return self._each(lambda reading, ids: dict.fromkeys(ids, reading))

    async def today(self) -> Reading:
        """The instant and the programs that this request is about; its connection is closed."""
        return await self._programs.load("")

    # ------------------------------------------------------------ catalogue

    @cached_property
    def _categories(self) -> DataLoader[str, list[CategoryRecord]]:
        locale = self._context.locale
        return self._each(lambda reading, ids: dict.fromkeys(ids, catalogue.categories(reading.conn, locale)))

    async def categories(self) -> list[CategoryRecord]:
        """The whole tree: it is small, and every branch of it is asked for alike."""
        return await self._categories.load("")

    @cached_property
    def translations(self) -> DataLoader[str, list[TranslationRecord]]:
        return self._each(lambda reading, ids: catalogue.translations_of(reading.conn, ids))

    @cached_property
    def pictures(self) -> DataLoader[str, list[PictureRecord]]:
        return self._each(lambda reading, ids: catalogue.pictures_of_products(reading.conn, ids))

    @cached_property
    def variants(self) -> DataLoader[str, list[VariantRecord]]:
        """A product's, sold or no longer sold."""
        return self._each(
            lambda reading, ids: catalogue.variants_of_products(reading.conn, ids, reading.now, active_only=False)
        )

    @cached_property
    def products(self) -> DataLoader[str, ProductRecord]:
        locale = self._context.locale
        return self._each(lambda reading, ids: catalogue.products_by_id(reading.conn, ids, locale))

    @cached_property
    def product_details(self) -> DataLoader[str, ProductDetails]:
        return self._each(lambda reading, ids: catalogue.product_details(reading.conn, ids))

    @cached_property
    def variant_details(self) -> DataLoader[str, VariantDetails]:
        return self._each(lambda reading, ids: catalogue.variant_details(reading.conn, ids))

    @cached_property
    def specials(self) -> DataLoader[str, list[SpecialRecord]]:
        """A variant's, in force and planned."""
        return self._each(lambda reading, ids: catalogue.specials_of_variants(reading.conn, ids, reading.now))

    @cached_property
    def offers(self) -> DataLoader[str, OfferRecord | None]:
        return self._maybe(lambda reading, ids: catalogue.offers_by_id(reading.conn, ids))

    # ------------------------------------------------------------ members

    @cached_property
    def members(self) -> DataLoader[str, MemberRecord]:
        return self._each(lambda reading, ids: members_by_id(reading.conn, ids))

    @cached_property
    def accounts(self) -> DataLoader[str, Account]:
        return self._each(lambda reading, ids: accounts_by_id(reading.conn, ids))

    @cached_property
    def pending(self) -> DataLoader[str, PendingRecord]:
        return self._each(lambda reading, ids: pending_of(reading.conn, ids))

    @cached_property
    def tier_periods(self) -> DataLoader[str, list[TierPeriod]]:
        return self._each(lambda reading, ids: tier_periods_of(reading.conn, ids))

    # ------------------------------------------------------------ orders

    @cached_property
    def orders(self) -> DataLoader[str, OrderRecord | None]:
        return self._maybe(lambda reading, ids: orders.orders_by_id(reading.conn, ids))

    @cached_property
    def lines_of_orders(self) -> DataLoader[str, list[OrderLineRecord] | None]:
        return self._maybe(lambda reading, ids: orders.lines_of_orders(reading.conn, ids))

    @cached_property
    def order_lines(self) -> DataLoader[str, OrderLineRecord]:
        return self._each(lambda reading, ids: orders.order_lines_by_id(reading.conn, ids))

    @cached_property
    def payments(self) -> DataLoader[str, PaymentRecord | None]:
        """An order's."""
        return self._maybe(lambda reading, ids: orders.payments_of_orders(reading.conn, ids))

    @cached_property
    def refunds_of_orders(self) -> DataLoader[str, list[RefundRecord]]:
        return self._each(lambda reading, ids: refunds_of_orders(reading.conn, ids))

    @cached_property
    def refunds_of_returns(self) -> DataLoader[str, RefundRecord | None]:
        """A return's latest."""
        return self._maybe(lambda reading, ids: refunds_of_returns(reading.conn, ids))

    @cached_property
    def returns_of_orders(self) -> DataLoader[str, list[ReturnRecord] | None]:
        return self._maybe(lambda reading, ids: orders.returns_of_orders(reading.conn, ids))

    @cached_property
    def returns(self) -> DataLoader[str, ReturnRecord | None]:
        return self._maybe(lambda reading, ids: orders.returns_by_id(reading.conn, ids))

    @cached_property
    def lines_of_returns(self) -> DataLoader[str, list[ReturnLineRecord] | None]:
        return self._maybe(lambda reading, ids: orders.return_lines_of(reading.conn, ids))
