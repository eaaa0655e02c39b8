"""The demo shop behind `jifen demo`: what it sells, who shops there, and a year of its history."""

from __future__ import annotations

from api.demo.make_demo import DemoRefused, demo_is_there, make_demo
from api.demo.sign_ins import tell_sign_ins

__all__ = ["DemoRefused", "demo_is_there", "make_demo", "tell_sign_ins"]
