"""Who the members are, their points and their tiers."""
