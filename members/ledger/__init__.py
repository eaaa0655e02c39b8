"""The points ledger: entries, the only way to post one, expiry."""
