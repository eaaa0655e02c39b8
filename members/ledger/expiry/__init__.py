"""How long points live: one module for each policy."""
