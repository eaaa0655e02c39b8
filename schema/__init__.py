"""The two GraphQL APIs: requests become values, one call each; results become types. No rule of the shop is here."""
