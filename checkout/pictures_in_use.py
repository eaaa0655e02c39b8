"""Which columns name a picture that somebody may see, for `sweep_images`. Orders show their goods' pictures."""

from __future__ import annotations

from catalog.columns import pictures_t
from members.avatars import avatars_t

PICTURES_IN_USE = (pictures_t.c.image_key, avatars_t.c.image_key)
