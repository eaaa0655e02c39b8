"""Sheets of goods over the admin API: looked at first, brought in once, written out again; by who may."""

from __future__ import annotations

import io
import json
import threading
import zipfile

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api import sheets
from api.sheets import sheet_routes
from catalog.exports.parts import Room
from catalog.exports.write import write_sheets
from kernel.paging import Window
from schema.admin.export_line import MOST, apart
from staff.audit import audit_page
from tests.support.catalog import picture

QUERY = """mutation($input: ImportCatalogInput!) { importCatalog(input: $input) { catalogImport {
  done dryRun repeated format encoding rows brokenRows
  products { added changed unchanged } variants { added changed unchanged } pictures { added }
  changes(first: 10) { line subject key effect fields { field before after } }
  problems(first: 10) { line column reason message broken } problemCount } errors { __typename path message } } }"""

SHEET = "slug,name,sku,price,stock,pictures\nhat,Hat,HAT,9.90,5,hat.png\ncap,Cap,CAP,7.00,1,\n"


@pytest.fixture
def send(shop):
    def send(sheet: str | bytes, *, role="MERCHANDISER", pictures: bytes | None = None, language="en", **input):
        files = {"0": ("goods.csv", sheet if isinstance(sheet, bytes) else sheet.encode())}
        paths = {"0": ["variables.input.file"]}
        if pictures is not None:
            files["1"] = ("pictures.zip", pictures)
            paths["1"] = ["variables.input.pictures"]
        operations = {"query": QUERY, "variables": {"input": {"file": None, "pictures": None, **input}}}
        answer = shop.post(
            role=role,
            language=language,
            data={"operations": json.dumps(operations), "map": json.dumps(paths)},
            files=files,
            headers={"GraphQL-Require-Preflight": "1"},
        ).json()
        if "errors" in answer:
            return answer["errors"][0]["extensions"]["code"]
        payload = answer["data"]["importCatalog"]
        return payload["catalogImport"] or [(error["__typename"], error["path"]) for error in payload["errors"]]

    return send


def zipped(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in files.items():
            file.writestr(f"folder/{name.replace('_', '.')}", content)
    return data.getvalue()


def entries(shop):
    with shop.db.read() as conn:
        return [e for e in audit_page(conn, Window()).items if e.subject_id.startswith("imp_")]


def test_a_sheet_is_looked_at_and_then_brought_in_once(shop, send):
    pictures = zipped(hat_png=picture("red"))
    seen = send(SHEET, dryRun=True, pictures=pictures)
    assert (seen["done"], seen["dryRun"], seen["format"], seen["encoding"], seen["rows"]) == (
        False, True, "JIFEN", "UTF-8", 2,
    )  # fmt: skip
    assert seen["products"] == {"added": 2, "changed": 0, "unchanged": 0}
    assert [(c["line"], c["subject"], c["key"], c["effect"]) for c in seen["changes"]][:2] == [
        (2, "PRODUCT", "hat", "NEW"),
        (2, "VARIANT", "HAT", "NEW"),
    ]
    assert entries(shop) == []
    assert shop.ask('{ product(slug: "hat") { id } }') == {"product": None}

    done = send(SHEET, idempotencyKey="one", pictures=pictures)
    assert (done["done"], done["repeated"], done["pictures"]) == (True, False, {"added": 1})
    (entry,) = entries(shop)
    assert (entry.actor, entry.after["file"], entry.after["PRODUCT"]["added"]) == (
        shop.email("MERCHANDISER") if hasattr(shop, "email") else entry.actor, "goods.csv", 2,
    )  # fmt: skip
    history = shop.ask('{ product(slug: "hat") { images { alt } variants { sku onHand } } }')["product"]
    assert history == {"images": [{"alt": "Hat"}], "variants": [{"sku": "HAT", "onHand": 5}]}

    shop.do("adjustStock", "variant { onHand }", sku="HAT", change=3, reason="found", idempotencyKey="k")
    again = send(SHEET, idempotencyKey="one", pictures=pictures)
    assert (again["done"], again["repeated"], again["products"]["added"]) == (True, True, 2)
    assert send(SHEET + "bag,Bag,BAG,1.00,,\n", idempotencyKey="one") == [
        ("IdempotencyConflictError", ["idempotencyKey"])
    ]
    assert len(entries(shop)) == 1


def test_what_would_change_is_shown_before_and_after(send):
    send(SHEET, idempotencyKey="one")
    seen = send("sku,price,counted_stock\nHAT,8.50,9\n", dryRun=True)
    assert [c for c in seen["changes"] if c["subject"] == "VARIANT"] == [
        {
            "line": 2,
            "subject": "VARIANT",
            "key": "HAT",
            "effect": "CHANGED",
            "fields": [
                {"field": "price", "before": "9.90", "after": "8.50"},
                {"field": "counted_stock", "before": "5", "after": "9"},
            ],
        }
    ]


@pytest.mark.parametrize(("language", "message"), [("en", "This is not a number."), ("zh-CN", "这不是数字。")])
def test_rows_that_are_wrong_are_told_in_the_viewers_language(send, language, message):
    bad = SHEET + "bag,Bag,BAG,cheap,,\n"
    refused = send(bad, idempotencyKey="one", language=language)
    assert (refused["done"], refused["brokenRows"], refused["problemCount"]) == (False, 1, 1)
    assert refused["problems"] == [
        {"line": 4, "column": "price", "reason": "not_a_number", "message": message, "broken": True}
    ]
    # What was refused has used no key.
    assert send(bad, idempotencyKey="one", skipBroken=True)["products"]["added"] == 2


def test_requests_that_are_wrong_are_refused(shop, send):
    assert send(SHEET) == [("InvalidInputError", ["idempotencyKey"])]
    assert send("", dryRun=True) == [("InvalidInputError", ["file"])]
    assert send(SHEET, dryRun=True, pictures=b"no zip") == [("InvalidInputError", ["pictures"])]
    assert send(SHEET, dryRun=True, role="ANALYST") == "FORBIDDEN"
    assert send(SHEET, dryRun=True, role=None) == "UNAUTHENTICATED"


def test_the_catalogue_and_a_template_can_be_fetched_by_who_may_read_it(shop, send):
    send(SHEET, idempotencyKey="one")
    client = TestClient(Starlette(routes=sheet_routes(shop.services)))

    def get(path, role="ANALYST", **more):
        headers = {"Authorization": f"Bearer {shop.token(role)}"} if role else {}
        return client.get(f"/admin/export/{path}", headers=headers, **more)

    whole = get("catalogue.csv")
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="catalogue-2026-01-01.csv"' in whole.headers["content-disposition"]
    assert whole.text.count("\r\n") == 3
    assert send(whole.content, dryRun=True)["products"]["unchanged"] == 2
    assert get("catalogue.csv?search=hat").text.count("\r\n") == 2
    assert get("catalogue.xlsx").content[:2] == b"PK"
    assert get("template.csv").status_code == 200
    assert get("template.xlsx").content[:2] == b"PK"
    assert get("catalogue.csv?inStock=perhaps").status_code == 400
    assert get("catalogue.csv?priceClass=DEAR").status_code == 400
    assert get("catalogue.csv?minPrice=0.01").text.count("\r\n") == 3
    assert get("catalogue.csv?maxPrice=0").text.count("\r\n") == 1
    assert get("catalogue.csv?minPrice=12,50").status_code == 400
    assert get("catalogue.csv", role=None).status_code == 401
    assert client.get("/admin/export/catalogue.csv", headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize(
    ("language", "message"),
    [("en", "Other exports are being written. Try again in a moment."), ("zh-CN", "正在进行其他导出，请稍后再试。")],
)
def test_while_as_many_exports_run_as_may_be_another_is_told_to_come_again(shop, language, message):
    client = TestClient(Starlette(routes=sheet_routes(shop.services)))
    headers = {"Authorization": f"Bearer {shop.token('ANALYST')}", "Accept-Language": language}
    held = threading.Event()
    running = [apart(held.wait) for _ in range(MOST)]
    busy = client.get("/admin/export/catalogue.csv", headers=headers)
    held.set()
    for each in running:
        each.result()
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "10")
    assert busy.json()["errors"][0]["message"] == message
    assert client.get("/admin/export/catalogue.csv", headers=headers).status_code == 200


def test_exports_take_none_of_the_threads_in_which_members_pay(shop, send, monkeypatch):
    send(SHEET, idempotencyKey="one")
    threads = []
    written = sheets._written
    monkeypatch.setattr(
        sheets, "_written", lambda *given: (threads.append(threading.current_thread().name), written(*given))[1]
    )
    client = TestClient(Starlette(routes=sheet_routes(shop.services)))
    client.get("/admin/export/catalogue.csv", headers={"Authorization": f"Bearer {shop.token('ANALYST')}"})
    assert threads == ["export"]


def test_what_is_more_than_one_import_takes_comes_as_numbered_sheets_that_can_be_imported(shop, send, monkeypatch):
    send(SHEET, idempotencyKey="one")
    monkeypatch.setattr(write_sheets, "__kwdefaults__", {"room": Room(rows=1)})
    client = TestClient(Starlette(routes=sheet_routes(shop.services)))
    for kind in ("csv", "xlsx"):
        answer = client.get(
            f"/admin/export/catalogue.{kind}", headers={"Authorization": f"Bearer {shop.token('ANALYST')}"}
        )
        assert answer.headers["content-type"] == "application/zip"
        assert 'filename="catalogue-2026-01-01.zip"' in answer.headers["content-disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
            assert file.namelist() == [f"catalogue-2026-01-01-{n}.{kind}" for n in (1, 2)]
            for name in file.namelist():
                assert send(file.read(name), dryRun=True)["products"]["unchanged"] == 1


def test_every_change_of_an_import_is_in_the_audit_log_before_and_after(shop, send):
    def told(query):
        found = shop.ask(
            "query($id: ID!) { auditLog(subjectId: $id) { edges { node { action actor before after } } } }", id=query
        )
        return [(edge["node"]["before"], edge["node"]["after"]) for edge in found["auditLog"]["edges"]]

    send(SHEET, idempotencyKey="one", pictures=zipped(hat_png=picture("red")))
    product = shop.ask('{ product(slug: "hat") { id variants { id } } }')["product"]
    (whole,) = entries(shop)
    ((before, after),) = told(product["id"])
    assert before is None
    assert after == {
        "slug": "hat",
        "name": "Hat",
        "images": [{"file": "hat.png", "picture_texts": "Hat"}],
        "importId": whole.subject_id,
    }
    send(
        "sku,price,counted_stock,special_price,offer_points,offer_cash\nHAT,8.50,9,7.00,1000,2.00\nHAT,,,,2000,1.00\n",
        idempotencyKey="two",
    )
    newest, first = told(product["variants"][0]["id"])
    assert first == (None, {"sku": "HAT", "price": "9.90", "stock": "5", "importId": whole.subject_id})
    import_id = entries(shop)[0].subject_id
    before, after = newest
    assert before == {"price": "9.90", "counted_stock": "5", "specialPrices": [{}]}
    assert (after["price"], after["counted_stock"], after["importId"]) == ("8.50", "9", import_id)
    assert after["specialPrices"][0]["special_price"] == "7.00"
    # Of the product itself nothing has changed, and nothing is told of it again.
    assert len(told(product["id"])) == 1
    with shop.db.read() as conn:
        offers = [e for e in audit_page(conn, Window()).items if e.subject_id.startswith("off_")]
    assert [(each.before, each.after["sku"], each.after["offer_points"]) for each in offers] == [
        (None, "HAT", "2000"),
        (None, "HAT", "1000"),
    ]
    send("sku,price\nHAT,8.50\nCAP,7.00\n", idempotencyKey="three")
    assert len(told(product["variants"][0]["id"])) == 2


def test_a_dry_run_and_an_import_that_was_refused_leave_no_entry(shop, send):
    send(SHEET, dryRun=True)
    send(SHEET + "bag,Bag,BAG,cheap,,\n", idempotencyKey="one")
    with shop.db.read() as conn:
        assert [e for e in audit_page(conn, Window()).items if e.action == "importCatalog"] == []
