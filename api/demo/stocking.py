"""Fills the demo's shelves: categories, products, pictures, and the people who work there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from api.demo.goods import SHELVES
from api.demo.goods.good import Good, Shelf
from api.demo.people import COLLEAGUES, PASSWORD
from api.demo.pictures.draw import draw
from api.demo.stage import Stage
from catalog.attach_picture import AttachPicture, attach_picture
from catalog.queries import variants_of_products
from catalog.save_category import SaveCategory, save_category
from catalog.save_product import SaveProduct, SaveVariant, Translation, save_product
from media.images import MadeImage, make_image
from media.keep_image import keep_image, take_image
from media.storage import Store
from staff.accounts import create_staff
from staff.tables import Role

DRAWERS = 2


def hire(stage: Stage) -> None:
    """One member of staff for each role."""
    with stage.shop.db.write() as tx:
        for colleague in COLLEAGUES:
            id_ = create_staff(tx, email=colleague.email, password=PASSWORD, role=colleague.role, name=colleague.name)
            stage.staff[colleague.role] = (id_, colleague.email)
        for role, (id_, email) in stage.staff.items():
            stage.note(tx, Role.ADMIN, "createStaff", id_, {"email": email, "role": role.value})


def stock_shelves(stage: Stage, store: Store, progress: Callable[[int], None]) -> None:
    """Everything that is sold, each with its picture. Reports how many products there are so far."""
    for shelf in SHELVES:
        english = (Translation("en", shelf.en),)
        with stage.shop.db.write() as tx:
            save_category(tx, SaveCategory(shelf.slug, shelf.zh, translations=english))
    for done, (shelf, good, image) in enumerate(_pictures(), start=1):
        _save(stage, store, shelf, good, image)
        progress(done)


def _pictures() -> Iterator[tuple[Shelf, Good, MadeImage]]:
    def make(place: tuple[Shelf, Good]) -> tuple[Shelf, Good, MadeImage]:
        shelf, good = place
        return shelf, good, make_image(draw(good.look, shelf.ground))

    # Pillow lets go of Python's lock while it paints.
    with ThreadPoolExecutor(DRAWERS) as drawers:
        yield from drawers.map(make, [(shelf, good) for shelf in SHELVES for good in shelf.goods])


def _save(stage: Stage, store: Store, shelf: Shelf, good: Good, image: MadeImage) -> None:
    now = stage.diary.now
    command = SaveProduct(
        slug=good.slug,
        name=good.zh[0],
        description=good.zh[1],
        translations=(Translation("en", *good.en),),
        published=True,
        third_party=good.third_party,
        points_rate=None if good.points_rate is None else Decimal(good.points_rate),
        required_tier_code=good.tier,
        category_slug=shelf.slug,
        variants=tuple(
            SaveVariant(sku, Decimal(good.prices.get(option, good.price)), name=option, on_hand=good.stock)
            for option, sku in good.skus().items()
        ),
    )
    keep_image(stage.shop.db, store, image, now)
    with stage.shop.db.write() as tx:
        product_id = save_product(tx, command, now=now, program=stage.program)
        take_image(tx, image.key, now)
        attach_picture(
            tx, AttachPicture(product_id, image.key, image.width, image.height, image.placeholder, alt=good.zh[0])
        )
        stage.note(tx, Role.MERCHANDISER, "saveProduct", product_id, {"slug": good.slug, "price": good.price})
        for variant in variants_of_products(tx, [product_id], now, active_only=True)[product_id]:
            stage.variants[variant.sku] = variant.id
