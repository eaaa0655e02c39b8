"""No word of the shop: money and points, time, ids, refusals, the database."""
