"""The catalogue desk: products, categories, sales, exchange offers, stock, sheets."""
