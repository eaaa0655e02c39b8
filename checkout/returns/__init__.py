"""Returns and swaps: who may ask, what goes back, and when."""
