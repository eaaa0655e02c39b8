"""Where members have things sent: at most twenty addresses, one of which is the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from kernel.database import Transaction, among, table_of
from kernel.ids import new_id
from kernel.refusals import NotFound, Refusals, Refused, invalid
from kernel.texts import MAX_TEXT, read_optional_text, read_text
from members.phones import e164
from members.register import members_t
from members.tables import AddressRow

MOST = 20

addresses_t = table_of(AddressRow)


@dataclass(frozen=True, slots=True)
class AddressRecord:
    id: str
    member_id: str
    recipient: str
    phone: str
    region: str
    line: str
    postal_code: str | None
    is_default: bool


_COLUMNS = tuple(addresses_t.c[name] for name in AddressRecord.__slots__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAddress:
    """A new address, or with `id` all of an existing one."""

    recipient: str
    phone: str
    region: str
    line: str
    postal_code: str | None = None
    is_default: bool = False
    id: str | None = None


def addresses_of(conn: Connection, member_id: str) -> list[AddressRecord]:
    """A member's addresses: the default first, then the newest."""
    rows = conn.execute(
        select(*_COLUMNS)
        .where(addresses_t.c.member_id == member_id)
        .order_by(addresses_t.c.is_default.desc(), addresses_t.c.id.desc())
    )
    return [AddressRecord(*row) for row in rows]


def addresses_by_id(conn: Connection, ids: Sequence[str]) -> dict[str, AddressRecord]:
    """Addresses, whosesoever they are: the caller compares `member_id`."""
    rows = conn.execute(select(*_COLUMNS).where(among(addresses_t.c.id, ids)))
    return {row.id: AddressRecord(*row) for row in rows}


def save_address(tx: Transaction, member_id: str, command: SaveAddress, *, test_mode: bool = False) -> str:
    """Adds or replaces an address and gives its id. Runs inside the caller's transaction.

    The first address becomes the default. The default stays so until another is made it: an edit that does
    not ask to be the default takes nothing away. Under a test clock phones may be made up.

    Raises:
        Refused: a text is missing or too long, the phone is none, there are twenty already, the address is not
            there or somebody else's, or the member has left.
    """
    refusals = Refusals()
    values = _read(refusals, command, test_mode=test_mode)
    with refusals.told_too():
        _lock(tx, member_id)
    mine = addresses_t.c.member_id == member_id
    known = set(tx.execute(select(addresses_t.c.id).where(mine)).scalars())
    if command.id is None and len(known) >= MOST:
        refusals.add(invalid((), "too_many", most=MOST))
    if command.id is not None and command.id not in known:
        refusals.add(NotFound(path=("id",), what="address"))
    refusals.raise_any()
    if command.id is None:
        address_id = new_id("adr")
        tx.execute(addresses_t.insert().values(id=address_id, member_id=member_id, is_default=False, **values))
        is_default = command.is_default or not known
    else:
        address_id, is_default = command.id, command.is_default
        tx.execute(addresses_t.update().where(mine, addresses_t.c.id == address_id).values(**values))
    if is_default:
        tx.execute(addresses_t.update().where(mine).values(is_default=addresses_t.c.id == address_id))
    return address_id


def remove_address(tx: Transaction, member_id: str, address_id: str) -> None:
    """Removes an address; where it was the default, the newest of the others becomes it.

    Raises:
        Refused: it is not there or somebody else's.
    """
    _lock(tx, member_id)
    mine = addresses_t.c.member_id == member_id
    removed = tx.execute(
        addresses_t.delete().where(mine, addresses_t.c.id == address_id).returning(addresses_t.c.is_default)
    ).one_or_none()
    if removed is None:
        raise Refused(NotFound(path=("id",), what="address"))
    if removed.is_default:
        newest = select(func.max(addresses_t.c.id)).where(mine).scalar_subquery()
        tx.execute(addresses_t.update().where(addresses_t.c.id == newest).values(is_default=True))


def _read(refusals: Refusals, command: SaveAddress, *, test_mode: bool) -> dict[str, str | None]:
    """The columns; what is wrong with them is noted."""
    values: dict[str, str | None] = {
        "recipient": read_text(refusals, ("recipient",), command.recipient, needed=True),
        "region": read_text(refusals, ("region",), command.region, needed=True),
        "line": read_text(refusals, ("line",), command.line, needed=True, most=MAX_TEXT),
        "postal_code": read_optional_text(refusals, ("postalCode",), command.postal_code),
        "phone": e164(command.phone, made_up=test_mode),
    }
    if values["phone"] is None:
        refusals.add(invalid(("phone",), "not_a_phone"))
    return values


def _lock(tx: Transaction, member_id: str) -> None:
    # Two saves at once would both find room for one more, or both become the default. Orders may refer to the member
    # meanwhile: they lock no more than its key.
    stays = (members_t.c.id == member_id) & members_t.c.left_at.is_(None) & members_t.c.merged_into.is_(None)
    if tx.execute(select(members_t.c.id).where(stays).with_for_update(key_share=True)).scalar() is None:
        raise Refused(NotFound(what="member"))
