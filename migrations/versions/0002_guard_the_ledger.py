"""Guard the ledger: the database itself refuses to change or remove an entry (R9)."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_REFUSAL = "ledger entries are never changed or removed"

# REPLACE deletes what is in its way without asking the DELETE trigger, unless the connection has turned on
# recursive_triggers. So the insert asks first, and the guard does not hang on how somebody connects. For the
# keys of an existing entry only: with any other conflict there is nothing to replace.
_SQLITE = {
    "ledger_entry_not_updated": f"""
        BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    "ledger_entry_not_deleted": f"""
        BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    "ledger_entry_not_replaced": f"""
        BEFORE INSERT ON ledger_entry
        WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM ledger_entry WHERE member_id = NEW.member_id AND seq = NEW.seq)
          OR EXISTS (SELECT 1 FROM ledger_entry WHERE member_id = NEW.member_id AND source = NEW.source)
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",  # noqa: S608 - our own sentence
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, rest in _SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {rest}")
        return
    op.execute(f"""
        CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""")
    op.execute("""
        CREATE TRIGGER ledger_entry_not_changed BEFORE UPDATE OR DELETE ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()""")
    op.execute("""
        CREATE TRIGGER ledger_entry_not_truncated BEFORE TRUNCATE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()""")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in _SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    op.execute("DROP TRIGGER ledger_entry_not_changed ON ledger_entry")
    op.execute("DROP TRIGGER ledger_entry_not_truncated ON ledger_entry")
    op.execute("DROP FUNCTION refuse_ledger_change()")
