"""How the database came to look as it does: one file for each step, applied in order and never changed afterwards."""
