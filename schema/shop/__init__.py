"""The shop API: what members and visitors see and do."""
