"""Who works here, what each role may do, and what was changed by whom."""
