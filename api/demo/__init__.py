"""The demo shop behind `jifen demo`: what it sells, who shops there, and a year of its history."""
