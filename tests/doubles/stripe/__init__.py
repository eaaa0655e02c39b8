"""A stand-in for Stripe: answers over HTTP on loopback as Stripe documents it, and misbehaves to order.

Start it with `python -m tests.doubles.stripe --port N`. The shop reaches it through the `stripe` library alone; tests
also use the `/_config` routes. What an integration does not need (customers, captures, disputes, Connect) is refused
as an unknown parameter or route, never taken and ignored.
"""
