"""What is sold: categories, products, variants, special prices, exchange offers, stock."""
