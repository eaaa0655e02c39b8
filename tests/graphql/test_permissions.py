"""Every field of both APIs, held against the tables that say who may do what."""

from __future__ import annotations

import json

import pytest

from schema.admin.permissions import NODES, RULES, HiddenWithout, Needs, Open, SignedIn
from schema.admin.schema import build as build_admin
from schema.shop.permissions import RULES as SHOP_RULES
from schema.shop.permissions import Who
from schema.shop.schema import build as build_shop
from staff.roles import may
from staff.tables import Role
from tests.support.admin import AdminShop
from tests.support.minimal import minimal_request

ADMIN = build_admin()._schema
SHOP = build_shop()._schema

ENTRIES = [(type_name, field) for type_name in ("Query", "Mutation") for field in ADMIN.type_map[type_name].fields]
SHOP_ENTRIES = [(type_name, field) for type_name in ("Query", "Mutation") for field in SHOP.type_map[type_name].fields]


@pytest.fixture(params=["sqlite"])
def databases(request):
    """Who may do what is no question of the database."""
    return request.getfixturevalue(f"{request.param}_databases")


@pytest.fixture
def shop(db):
    shop = AdminShop(db)
    yield shop
    shop.close()


def test_every_field_that_can_be_asked_for_first_is_in_a_table():
    for schema, rules in ((ADMIN, RULES), (SHOP, SHOP_RULES)):
        for type_name in ("Query", "Mutation"):
            assert schema.type_map[type_name].fields.keys() == rules[type_name].keys()


def test_every_rule_names_a_field_that_there_is():
    for type_name, rules in RULES.items():
        assert rules.keys() <= ADMIN.type_map[type_name].fields.keys()


def upload_code(shop: AdminShop, role: str | None, field: str, **input: str) -> str | None:
    kind = f"{field[0].upper()}{field[1:]}Input"
    query = f"mutation($input: {kind}!) {{ {field}(input: $input) {{ __typename }} }}"
    answer = shop.post(
        role=role,
        data={
            "operations": json.dumps({"query": query, "variables": {"input": {**input, "file": None}}}),
            "map": '{"0": ["variables.input.file"]}',
        },
        files={"0": ("a.png", b"none")},
        headers={"GraphQL-Require-Preflight": "1"},
    ).json()
    errors = answer.get("errors")
    return errors[0]["extensions"]["code"] if errors else None


def first_code(shop: AdminShop, role: str | None, type_name: str, field: str) -> str | None:
    if field == "uploadProductImage":
        return upload_code(shop, role, field, productId="prd_" + "0" * 32)
    if field == "importCatalog":
        return upload_code(shop, role, field)
    query, variables = minimal_request(ADMIN, type_name, field)
    if field == "product":
        query = '{ product(sku: "x") { __typename } }'
    if field == "member":
        query = '{ member(number: "x") { __typename } }'
    return shop.code(query, role, **variables)


def expected(rule, role: str | None) -> str | None:
    match rule:
        case Open():
            return None
        case _ if role is None:
            return "UNAUTHENTICATED"
        case SignedIn():
            return None
        case Needs(permission):
            return None if may(role, permission) else "FORBIDDEN"


def test_each_role_may_do_what_the_table_says_and_nothing_else(shop):
    # Signing out comes last: it ends the session that the others use.
    entries = sorted(ENTRIES, key=lambda entry: entry[1] == "signOutStaff")
    wrong = [
        (role, field, code)
        for role in (None, *(role.value for role in Role))
        for type_name, field in entries
        if (code := first_code(shop, role, type_name, field)) != expected(RULES[type_name][field], role)
    ]
    assert wrong == []


def test_the_table_says_what_the_contract_says(shop):
    """The contract's table, row by row."""
    rows = {
        "products exchangeOffers categories product": "ADMIN MERCHANDISER FULFILMENT SERVICE ANALYST",
        "saveProduct saveCategory planSpecialPrice endSpecialPrice adjustStock saveExchangeOffer": "ADMIN MERCHANDISER",
        "uploadProductImage arrangeProductImages endExchangeOffer": "ADMIN MERCHANDISER",
        "orders order returns": "ADMIN FULFILMENT SERVICE ANALYST",
        "recordCashPayment shipOrder receiveReturn": "ADMIN FULFILMENT",
        "openReturn rejectReturn issueGiftCard registerMember adjustPoints setTier": "ADMIN SERVICE",
        "members member": "ADMIN SERVICE ANALYST",
        "pointsLiability tierDistribution programVersions": "ADMIN MERCHANDISER ANALYST",
        "publishProgram auditLog advanceTestClock": "ADMIN",
    }
    for fields, roles in rows.items():
        for field in fields.split():
            rule = RULES["Query"].get(field) or RULES["Mutation"][field]
            assert isinstance(rule, Needs)
            assert {role.value for role in Role if may(role, rule.permission)} == set(roles.split()), field


def test_every_kind_of_node_is_null_to_roles_that_may_not_read_it(shop):
    variant = shop.stock()["variants"][0]["id"]
    shop.shipped(shop.enrol(), variant)
    ids = shop.ask("""{ members { edges { node { id pointsEntries { edges { node { id } } } } } }
      orders { edges { node { id lines { id } payment { id } } } } products { edges { node { id } } }
      programVersions { id } auditLog(first: 1) { edges { node { id } } } }""")
    order = ids["orders"]["edges"][0]["node"]
    found = {
        "mem": ids["members"]["edges"][0]["node"]["id"],
        "ord": order["id"],
        "oln": order["lines"][0]["id"],
        "pay": order["payment"]["id"],
        "prd": ids["products"]["edges"][0]["node"]["id"],
        "var": variant,
        "prg": ids["programVersions"][0]["id"],
        "aud": ids["auditLog"]["edges"][0]["node"]["id"],
        "stf": shop.staff("SERVICE"),
    }
    for role in Role:
        for kind, id_ in found.items():
            node = shop.ask("query($id: ID!) { node(id: $id) { id } }", role.value, id=id_)["node"]
            assert (node is not None) == may(role, NODES[kind]), (role, kind)
        own = shop.ask("{ staff { id } }", role.value)["staff"]["id"]
        assert shop.ask("query($id: ID!) { node(id: $id) { id } }", role.value, id=own)["node"] == {"id": own}


MEMBER_FIELDS = RULES["Member"]


def test_the_fields_of_an_orders_member_are_forbidden_or_hidden_as_the_table_says(shop):
    shop.buy(shop.enrol(), shop.stock()["variants"][0]["id"])
    for role in ("ADMIN", "FULFILMENT", "SERVICE", "ANALYST"):
        for field, rule in MEMBER_FIELDS.items():
            parts = ("qualifyingSpend", "pointsEntries", "tierHistory", "orders", "mergedInto")
            deeper = " { __typename }" if field in parts else ""
            answer = shop.answer(f"{{ orders {{ edges {{ node {{ member {{ {field}{deeper} }} }} }} }} }}", role)
            if isinstance(rule, HiddenWithout):
                value = answer["data"]["orders"]["edges"][0]["node"]["member"][field]
                assert (value == rule.instead) != may(role, rule.permission), (role, field)
            else:
                code = answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
                assert code == expected(rule, role), (role, field)


def test_the_address_of_an_order_is_shown_to_whom_it_concerns(shop):
    shop.buy(shop.enrol(), shop.stock()["variants"][0]["id"])
    for role, shown in {"ADMIN": True, "FULFILMENT": True, "SERVICE": True, "ANALYST": False}.items():
        node = shop.ask("{ orders { edges { node { address { recipient } } } } }", role)["orders"]["edges"][0]["node"]
        assert node["address"] == ({"recipient": "安娜"} if shown else None)


def test_the_shop_lets_in_whom_its_table_lets_in(shop):
    from api.doors import shop_door

    shop.door = shop_door(shop.services)
    wrong = []
    for type_name, field in SHOP_ENTRIES:
        if field == "uploadAvatar":
            code = upload_code(shop, None, field)
        else:
            query, variables = minimal_request(SHOP, type_name, field)
            code = shop.code(query, None, **variables)
        if (code == "UNAUTHENTICATED") != (SHOP_RULES[type_name][field] is Who.MEMBERS):
            wrong.append((field, code))
    assert wrong == []


def test_a_token_of_the_shop_opens_nothing_for_staff(shop):
    member = shop.enrol()
    for audience, subject in (("shop", member), ("admin", member), ("shop", shop.staff("ADMIN"))):
        token = shop.services.tokens.issue(audience, subject, "ses_" + "0" * 32, shop.now).text
        shop.tokens["FORGED"] = token
        assert shop.code("{ staff { id } }", "FORGED") == "UNAUTHENTICATED"
