"""A shop brings its past along: another system's orders and returns, played through the real rules (R14)."""
