"""What the demo shop sells: eight categories of eight products, in Chinese and English."""

from __future__ import annotations

from api.demo.goods.accessories import ACCESSORIES
from api.demo.goods.digital import DIGITAL
from api.demo.goods.home import HOME
from api.demo.goods.kids import KIDS
from api.demo.goods.menswear import MENSWEAR
from api.demo.goods.shoes import SHOES
from api.demo.goods.sports import SPORTS
from api.demo.goods.womenswear import WOMENSWEAR

SHELVES = (MENSWEAR, WOMENSWEAR, SHOES, KIDS, HOME, ACCESSORIES, SPORTS, DIGITAL)
