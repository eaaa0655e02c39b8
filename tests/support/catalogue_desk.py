"""What the tests of the catalogue desk read and send: the goods as they are stored, and the forms of its pages."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from PIL import Image

from catalog import queries
from catalog.records import OfferRecord, ProductRecord, SpecialRecord, VariantRecord
from kernel.paging import Window
from staff.audit import audit_page
from tests.support.console import Browser, ConsoleShop

OFFER = {"sku": "SHIRT", "points": "1000", "cash": "80"}


def picture(colour: str = "red", size: tuple[int, int] = (60, 40)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def is_there(console: ConsoleShop, sku: str) -> bool:
    with console.play.db.read() as conn:
        return queries.product_by_sku(conn, sku, None) is not None


def product_of(console: ConsoleShop, sku: str) -> ProductRecord:
    with console.play.db.read() as conn:
        found = queries.product_by_sku(conn, sku, None)
    assert found
    return found


def variant_of(console: ConsoleShop, sku: str) -> VariantRecord:
    with console.play.db.read() as conn:
        found = queries.variant_by_sku(conn, sku, console.play.now)
    assert found
    return found


def variants_of(console: ConsoleShop, product_id: str) -> list[VariantRecord]:
    with console.play.db.read() as conn:
        return queries.variants_of_products(conn, [product_id], console.play.now, active_only=False)[product_id]


def specials_of(console: ConsoleShop, sku: str) -> list[SpecialRecord]:
    variant = variant_of(console, sku)
    with console.play.db.read() as conn:
        return queries.specials_of_variants(conn, [variant.id], console.play.now)[variant.id]


def actions(console: ConsoleShop, subject_id: str) -> list[tuple[str, str]]:
    with console.play.db.read() as conn:
        return [(entry.actor, entry.action) for entry in audit_page(conn, Window(50), subject_id).items]


def form_of(page: str) -> dict[str, str]:
    """Everything that the page's last form would send as it stands."""
    html = page[page.rindex('<form class="stack"') :] if '<form class="stack"' in page else page
    html = html[: html.index("</form>")]
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([^"]+)"', tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        fields[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', html):
        fields[name] = text
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(r'<option value="([^"]*)"', inside)
        assert chosen, f"{name} offers nothing"
        fields[name] = chosen[1]
    return fields


def change(browser: Browser, path: str, /, _at: str = "", **changed: str) -> Any:
    """Opens a form, changes some of it, sends it. `_at`: where to, if not to where it is."""
    fields = form_of(browser.get(path).text)
    fields |= {name.replace("__", "."): value for name, value in changed.items()}
    return browser.client.post(_at or path, data={**fields, "csrf": browser.token})


def offers(console: ConsoleShop) -> list[OfferRecord]:
    with console.play.db.read() as conn:
        return queries.offer_page(conn, Window(50), at=None).items
