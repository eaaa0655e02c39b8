"""The log is read by many: nothing in it opens a door, and no row of the database is in it."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pyotp
import pytest

from api.logging import set_up_logging, without_rows
from kernel import sessions
from kernel.ids import new_id
from kernel.outbox import deliver

SECRET_KEY = "the-shops-own-secret-key-0123456789-abcdef"
PASSWORD, NEW_PASSWORD, WRONG_PASSWORD = "correct-horse-1", "correct-horse-2", "wrong-horse-3"
PHONE = "+8613900139001"

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?")


class Telephone:
    """What was sent to phones, and never written anywhere."""

    def __init__(self):
        self.codes = []

    def send_code(self, phone, code, **_more):
        self.codes.append(code)


class Caller:
    """A client of both APIs that remembers all that it was told or told itself in confidence."""

    def __init__(self, browser, secrets):
        self.browser, self.secrets = browser, secrets
        self.token = {}

    def ask(self, query, path="/graphql", **variables):
        headers = {"Authorization": f"Bearer {self.token[path]}"} if path in self.token else {}
        answer = self.browser.post(path, json={"query": query, "variables": variables}, headers=headers).json()
        self._keep(answer)
        return answer

    def staff(self, query, **variables):
        return self.ask(query, "/admin/graphql", **variables)

    def _keep(self, value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "extensions":
                    continue
                if key in ("accessToken", "refreshToken", "secret", "uri", "code") and isinstance(inner, str):
                    self.secrets.add(inner)
                self._keep(inner)
        if isinstance(value, list):
            for inner in value:
                self._keep(inner)


@pytest.fixture(params=[True, False], ids=["in JSON", "in lines"])
def log(request):
    """Starts to write down what is logged, at the finest level; gives what was written."""
    handlers, level = logging.root.handlers[:], logging.root.level
    levels = {name: logging.getLogger(name).level for name in ("sqlalchemy", "uvicorn", "alembic")}
    written = io.StringIO()

    def start():
        set_up_logging(production=request.param, level=logging.DEBUG)
        logging.getLogger("sqlalchemy").setLevel(logging.INFO)
        logging.root.handlers[0].stream = written
        return written

    yield start
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def telephone(environment):
    telephone = Telephone()
    environment.setattr("api.wiring._sms_sender", lambda _settings: telephone)
    return telephone


@pytest.fixture
def caller(log, client, jifen, telephone):
    """A shop with an ADMIN, all of whose talk is written down."""
    secrets = {SECRET_KEY, PASSWORD, NEW_PASSWORD, WRONG_PASSWORD}
    browser = client(SECRET_KEY=SECRET_KEY)
    made = jifen("create-staff", "--email", "ann@shop.test", "--role", "ADMIN", "--password", PASSWORD)
    assert made.code == 0, made.err
    assert PASSWORD not in made.out + made.err
    document = jifen("program", "show").out
    assert "error" not in document
    caller = Caller(browser, secrets)
    caller.log, caller.telephone = log(), telephone
    caller.services = browser.app.state.services
    return caller


def found(text, secrets):
    """Secrets that a text has in it. Codes are short: digits inside of an instant or an id are not one."""
    text = _INSTANT.sub("", text)
    return sorted(
        secret for secret in secrets if re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", text)
    )


SIGN_IN = """mutation($phone: String!, $code: String!) { signIn(input: {phone: $phone, code: $code}) {
  session { accessToken refreshToken } errors { message } } }"""
REFRESH = """mutation($token: String!) { refreshSession(input: {refreshToken: $token}) {
  session { accessToken refreshToken } errors { message } } }"""
SIGN_IN_STAFF = """mutation($input: SignInStaffInput!) { signInStaff(input: $input) {
  session { accessToken refreshToken staff { id } } errors { message } } }"""


def member_signs_in(caller):
    caller.ask("mutation($phone: String!) { requestSignInCode(input: {phone: $phone}) { sent } }", phone=PHONE)
    deliver(caller.services.db, caller.services.handlers, clock=lambda: datetime.now(UTC))
    code = caller.telephone.codes[-1]
    caller.secrets.add(code)
    wrong = "123456" if code != "123456" else "654321"
    caller.secrets.add(wrong)
    assert caller.ask(SIGN_IN, phone=PHONE, code=wrong)["data"]["signIn"]["session"] is None
    session = caller.ask(SIGN_IN, phone=PHONE, code=code)["data"]["signIn"]["session"]
    caller.token["/graphql"] = session["accessToken"]
    return session


def staff_sign_in(caller, **more):
    answer = caller.staff(SIGN_IN_STAFF, input={"email": "ann@shop.test", "password": PASSWORD, **more})
    session = answer["data"]["signInStaff"]["session"]
    if session is not None:
        caller.token["/admin/graphql"] = session["accessToken"]
    return session


def test_no_sign_in_of_a_member_leaves_its_code_or_tokens_in_the_log(caller):
    session = member_signs_in(caller)
    fresh = caller.ask(REFRESH, token=session["refreshToken"])["data"]["refreshSession"]["session"]
    assert fresh is not None
    # Used again: the sign-in is over, and that is worth a line.
    assert caller.ask(REFRESH, token=session["refreshToken"])["data"]["refreshSession"]["session"] is None
    assert caller.ask(REFRESH, token="a-token-that-nobody-has")["data"]["refreshSession"]["session"] is None
    caller.secrets.add("a-token-that-nobody-has")
    caller.token["/graphql"] = fresh["accessToken"]
    assert caller.ask("{ me { id } }")["errors"]
    caller.ask(
        'mutation { signInWithWechat(input: {code: "wechat-code-1", phoneCode: "wechat-code-2"}) '
        "{ errors { message } } }"
    )
    caller.secrets |= {"wechat-code-1", "wechat-code-2"}
    text = caller.log.getvalue()
    assert "a used refresh token came again" in text
    assert found(text, caller.secrets) == []
    assert PHONE not in text


def test_no_password_and_no_second_factor_of_staff_is_in_the_log(caller):
    assert staff_sign_in(caller, password=WRONG_PASSWORD) is None
    session = staff_sign_in(caller)
    begun = caller.staff("mutation { beginTotp { secret uri } }")["data"]["beginTotp"]
    app = pyotp.TOTP(begun["secret"])
    code = app.now()
    caller.secrets.add(code)
    confirm = "mutation($code: String!) { confirmTotp(input: {code: $code}) { errors { message } } }"
    assert caller.staff(confirm, code=code)["data"]["confirmTotp"]["errors"] == []
    assert staff_sign_in(caller) is None
    assert staff_sign_in(caller, totpCode=code) is None
    following = app.at(datetime.now(UTC), counter_offset=1)
    caller.secrets.add(following)
    assert staff_sign_in(caller, totpCode=following) is not None
    query = """mutation($token: String!) { refreshStaffSession(input: {refreshToken: $token}) {
      session { accessToken refreshToken } } }"""
    assert caller.staff(query, token=session["refreshToken"])["data"]["refreshStaffSession"]["session"]
    assert caller.staff(query, token=session["refreshToken"])["data"]["refreshStaffSession"]["session"] is None
    made = caller.staff(
        'mutation { createStaff(input: {email: "ben@shop.test", password: "correct-horse-2", role: SERVICE}) '
        "{ staff { id } errors { message } } }"
    )
    assert made["data"]["createStaff"]["errors"] == []
    log = caller.staff("{ auditLog(first: 100) { edges { node { actor action before after } } } }")
    text = caller.log.getvalue()
    assert found(text + json.dumps(log), caller.secrets) == []


def test_no_gift_card_code_and_nothing_of_an_order_is_in_the_log(caller):
    member_signs_in(caller)
    staff_sign_in(caller)
    card = caller.staff(
        'mutation { issueGiftCard(input: {amount: "50.00", idempotencyKey: "card"}) { code errors { message } } }'
    )["data"]["issueGiftCard"]
    assert card["code"] in caller.secrets
    caller.staff(
        """mutation { saveProduct(input: {slug: "mug", name: "Mug", published: true,
          variants: [{sku: "MUG", regularPrice: "10.00", onHand: 5}]}) { product { id } errors { message } } }"""
    )
    add = "mutation($code: String!) { addGiftCard(input: {code: $code}) { giftCard { id } errors { message } } }"
    caller.secrets.add("NO-SUCH-CARD-CODE")
    assert caller.ask(add, code="NO-SUCH-CARD-CODE")["data"]["addGiftCard"]["giftCard"] is None
    assert caller.ask(add, code=card["code"])["data"]["addGiftCard"]["giftCard"]
    address = caller.ask(
        """mutation { saveAddress(input: {recipient: "安娜", phone: "13900139001", region: "Pudong",
          line: "Nanjing Road 1"}) { address { id } errors { message } } }"""
    )["data"]["saveAddress"]["address"]["id"]
    variant = caller.ask('{ product(slug: "mug") { variants { id } } }')["data"]["product"]["variants"][0]["id"]
    place = """mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
      order { id number } errors { __typename message } } }"""
    order = {
        "idempotencyKey": "order-1",
        "lines": [{"variantId": variant, "quantity": 1}],
        "addressId": address,
        "paymentMethod": "CASH_ON_DELIVERY",
        "giftCardAmount": "10.00",
    }
    assert caller.ask(place, input=order)["data"]["placeOrder"]["errors"] == []
    assert caller.ask(place, input={**order, "paymentMethod": "STRIPE", "idempotencyKey": "order-2"})
    text = caller.log.getvalue()
    assert found(text, caller.secrets) == []
    assert [word for word in ("安娜", "13900139001", "Nanjing Road") if word in text] == []


@pytest.mark.parametrize("path", ["/graphql", "/admin/graphql"])
def test_what_is_malformed_is_not_quoted(caller, path):
    secrets = caller.secrets | {"bearer-of-nobody", "sig-of-nobody", "4242424242424242"}
    password = json.dumps(PASSWORD)
    caller.token[path] = "bearer-of-nobody"
    for query, variables in (
        (f"mutation {{ signInStaff(input: {{email: {password}, password: {password}", {}),
        (f"mutation {{ nothing(password: {password}) }}", {}),
        (SIGN_IN_STAFF, {"input": {"email": 5, "password": [PASSWORD]}}),
        (SIGN_IN, {"phone": PASSWORD, "code": {"is": PASSWORD}}),
        (SIGN_IN, {"phone": PHONE, "code": "4242424242424242"}),
        (REFRESH, {"token": "\ud800" + PASSWORD}),
        ("{ me { id } }", {}),
    ):
        body = json.dumps({"query": query, "variables": variables})
        headers = {"Authorization": "Bearer bearer-of-nobody", "Content-Type": "application/json"}
        caller.browser.post(path, content=body, headers=headers)
        caller.browser.post(path, content=body[:-9], headers=headers)
        url = f"{path}?query={quote(query)}&variables={quote(json.dumps(variables))}"
        caller.browser.get(url, headers=headers)
    event = {"id": "evt_1", "card": "4242424242424242"}
    caller.browser.post("/webhooks/stripe", json=event, headers={"Stripe-Signature": "t=1,v1=sig-of-nobody"})
    text = caller.log.getvalue()
    assert "refused with" in text
    assert found(text, secrets) == []


def test_an_unexpected_error_tells_its_place_and_no_secret(caller, monkeypatch):
    session = member_signs_in(caller)
    # The session's row cannot be written: PostgreSQL would show all of it.
    monkeypatch.setattr(sessions, "new_id", lambda kind: None if kind == "ses" else new_id(kind))
    broken = caller.staff(SIGN_IN_STAFF, input={"email": "ann@shop.test", "password": PASSWORD})
    assert broken["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert PASSWORD not in json.dumps(broken)
    monkeypatch.undo()
    with caller.services.db.write() as tx:
        tx.exec_driver_sql("ALTER TABLE used_refresh_token RENAME TO gone")
        tx.exec_driver_sql("ALTER TABLE gift_card RENAME TO gone_too")
    answers = [
        caller.ask(REFRESH, token=session["refreshToken"]),
        caller.ask('mutation { addGiftCard(input: {code: "GIFT-CARD-CODE-1"}) { errors { message } } }'),
    ]
    caller.secrets.add("GIFT-CARD-CODE-1")
    assert [answer["errors"][0]["extensions"]["code"] for answer in answers] == ["INTERNAL_SERVER_ERROR"] * 2
    text = caller.log.getvalue()
    for place in ("signInStaff", "refreshSession", "addGiftCard"):
        assert f"unexpected error at {place}" in text
    assert "Traceback" in text
    assert found(text, caller.secrets) == []
    assert "Failing row contains" not in text


def test_in_development_the_log_itself_is_the_telephone_and_says_the_code_once(log, client):
    browser = client()
    text = log()
    services = browser.app.state.services
    query = f'mutation {{ requestSignInCode(input: {{phone: "{PHONE}"}}) {{ sent }} }}'
    assert browser.post("/graphql", json={"query": query}).json()["data"]["requestSignInCode"]["sent"]
    deliver(services.db, services.handlers, clock=lambda: datetime.now(UTC))
    lines = [line for line in text.getvalue().splitlines() if "13900139001" in line]
    assert len(lines) == 1
    assert "sign-in code" in lines[0]
    assert re.search(r"(?<!\d)\d{6}(?!\d)", _INSTANT.sub("", lines[0]))


def test_the_rows_that_postgresql_shows_are_taken_out_of_a_traceback():
    trace = (
        "Traceback (most recent call last):\n"
        "psycopg.errors.NotNullViolation: null value in column violates\n"
        "DETAIL:  Failing row contains (null, mem_1,\n+8613900139001, hash).\n"
        "\nThe above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        "sqlalchemy.exc.IntegrityError: null value in column violates\n"
        "DETAIL:  Key (phone)=(+8613900139001) already exists.\n"
        "[SQL: INSERT INTO member]\n[SQL parameters hidden due to hide_parameters=True]\n"
    )
    told = without_rows(trace)
    assert "13900139001" not in told
    assert "mem_1" not in told
    assert told.count("Traceback") == 2
    assert "[SQL: INSERT INTO member]" in told


def test_a_secret_in_the_log_would_be_found():
    instant = "2026-01-01T09:00:00.123456Z"
    assert found(f"{instant} ses_99123456ab", {"123456"}) == []
    assert found(f"{instant} code=123456", {"123456"}) == ["123456"]
    assert found('{"password": "correct-horse-1"}', {PASSWORD}) == [PASSWORD]
