"""Pictures: what is taken for one, where it is kept. Does not know what it shows."""
