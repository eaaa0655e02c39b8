"""Tiers: one module for each policy, and the periods members have spent in them."""
