"""Every number a marketer may change: the program as typed values, its document and its published versions."""
