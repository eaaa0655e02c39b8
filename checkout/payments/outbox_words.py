"""What the provider's errors mean to the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checkout.payments.gateway import ProviderRefused, ProviderSilent
from kernel.outbox import GiveUp, TryLater


@contextmanager
def in_outbox_words() -> Iterator[None]:
    """No answer: later. A "no": staff have to look at it."""
    try:
        yield
    except ProviderSilent as silent:
        raise TryLater(silent.problem) from None
    except ProviderRefused as refused:
        raise GiveUp(refused.problem) from None
