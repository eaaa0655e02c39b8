"""How much a sheet may hold."""

MOST_BYTES = 20 * 2**20
MOST_ROWS = 50_000
MOST_COLUMNS = 300
MOST_CHARACTERS = 32_767
"""In one cell: more than that no spreadsheet keeps. What is kept of a text is for its field to say."""

MOST_UNPACKED = 200 * 2**20
"""Bytes of a workbook once it is unpacked, and characters of its cells together."""

MOST_PARTS = 1_000
"""Files inside a workbook."""
