"""Catalogues that come as a file."""
