"""A way back in where the only ADMIN has lost the telephone, or the shop its key."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp

from kernel.clock import FixedClock
from kernel.database import Database
from staff import accounts
from staff.second_factor import begin_totp, confirm_totp

NOW = datetime(2026, 1, 15, 4, tzinfo=UTC)
EMAIL, PASSWORD, KEY = "ann@shop.test", "a long password", b"k" * 32


def test_whoever_has_the_server_takes_a_second_factor_away(jifen, database_url):
    assert jifen("migrate").code == 0
    assert jifen("create-staff", "--email", EMAIL, "--role", "ADMIN", "--password", PASSWORD).code == 0
    db = Database(database_url)
    with db.read() as conn:
        staff_id = accounts.staff_with_email(conn, EMAIL)
    app = pyotp.TOTP(begin_totp(db, KEY, staff_id, EMAIL, now=NOW).secret)
    confirm_totp(db, KEY, staff_id, EMAIL, app.at(NOW), now=NOW)
    unknown = jifen("remove-totp", "--email", "nobody@shop.test")
    assert unknown.code == 1
    assert "no account" in unknown.err
    assert jifen("remove-totp", "--email", "Ann@shop.test").code == 0
    accounts.sign_in(db, FixedClock(NOW), EMAIL, PASSWORD)
    db.close()
