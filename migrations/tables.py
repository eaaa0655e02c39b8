"""Every table there is, gathered for comparing them with the migrations."""

from __future__ import annotations

from importlib import import_module

from kernel.columns import Record

for room in ("catalog", "checkout", "checkout.payments", "kernel", "media", "members", "program", "staff"):
    import_module(f"{room}.tables")

METADATA = Record.metadata
