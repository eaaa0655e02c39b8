"""Which state of an order or a return may follow which. Nobody else assigns a status."""

from __future__ import annotations

from checkout.tables import OrderStatus, ReturnStatus

ORDER_MOVES: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.AWAITING_PAYMENT: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.PAID: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.SETTLED, OrderStatus.RETURNED}),
    OrderStatus.SETTLED: frozenset({OrderStatus.RETURNED}),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.RETURNED: frozenset(),
}

RETURN_MOVES: dict[ReturnStatus, frozenset[ReturnStatus]] = {
    ReturnStatus.REQUESTED: frozenset(
        {ReturnStatus.REJECTED, ReturnStatus.CANCELLED, ReturnStatus.REFUNDING, ReturnStatus.COMPLETED}
    ),
    ReturnStatus.REFUNDING: frozenset({ReturnStatus.COMPLETED, ReturnStatus.REFUND_FAILED}),
    ReturnStatus.REFUND_FAILED: frozenset({ReturnStatus.REFUNDING, ReturnStatus.COMPLETED}),
    ReturnStatus.REJECTED: frozenset(),
    ReturnStatus.CANCELLED: frozenset(),
    # A bank may send back a refund that it had taken.
    ReturnStatus.COMPLETED: frozenset({ReturnStatus.REFUND_FAILED}),
}


def moved(status: str, to: OrderStatus) -> OrderStatus:
    """The order's next state. Raises ValueError for a move that the table does not have: a bug, not a refusal."""
    if to not in ORDER_MOVES[OrderStatus(status)]:
        raise ValueError(f"an order does not go from {status} to {to}")
    return to


def return_moved(status: str, to: ReturnStatus) -> ReturnStatus:
    """The return's next state. Raises ValueError for a move that the table does not have."""
    if to not in RETURN_MOVES[ReturnStatus(status)]:
        raise ValueError(f"a return does not go from {status} to {to}")
    return to
