"""The admin API: what staff see and do."""
