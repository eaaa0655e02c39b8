"""Measures the server as a user starts it, against PostgreSQL; `make bench`. See README.md."""
