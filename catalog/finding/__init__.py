"""The search of the catalogue: an index of words that is our own, the same on every database."""
