"""Stand-ins for the houses that the shop talks to, each answering over HTTP on loopback."""
