"""Members take their data with them, and leave."""
