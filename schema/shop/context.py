"""What resolvers of the shop are handed: the request, and its refusals in the viewer's words."""

from __future__ import annotations

from checkout.refusals import QuoteChanged
from kernel.refusals import Refusal
from schema.errors import UserError, tell
from schema.messages import REFUSALS, say
from schema.selection import Selection
from schema.shop.errors import SHOP_TELLERS, QuoteChangedError
from schema.shop.quotes import quote_type
from schema.shop.request import ShopRequest


class ShopContext(ShopRequest):
    """One request to the shop."""

    tellers = SHOP_TELLERS

    def explain(self, refusals: tuple[Refusal, ...], wanted: Selection) -> list[UserError]:
        return [
            self._quote_changed(refusal, wanted["quote"])
            if isinstance(refusal, QuoteChanged)
            else tell([refusal], self, self.tellers)[0]
            for refusal in refusals
        ]

    def _quote_changed(self, refusal: QuoteChanged, wanted: Selection) -> UserError:
        with self.reading() as view:
            quote = quote_type(view, refusal.quote, wanted)
        return QuoteChangedError(
            message=say(REFUSALS, "quote_changed", self.locale), path=list(refusal.path), quote=quote
        )
