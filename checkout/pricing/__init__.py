"""Rules of price and earning. Plain values in, plain values out."""
