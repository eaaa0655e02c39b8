"""Pictures of products, sent or arranged by staff: for the API, its REST route and the console alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalog.arrange_pictures import ArrangedPicture, arrange_pictures
from catalog.attach_picture import MAX_PICTURES, AttachPicture, attach_picture, check_attachment
from kernel.refusals import Refused
from media.images import StoredImage, content_hash
from media.keep_image import take_image
from media.recipes import Use
from schema.admin.context import AdminContext
from schema.admin.snapshots import product_snapshot
from schema.admin.transactions import Deed, audited
from schema.uploads import taken_in


@dataclass(frozen=True, slots=True)
class PictureInPlace:
    """A picture by its key. `alt`: None leaves it as it is."""

    key: str
    alt: str | None = None


async def uploading(
    context: AdminContext, data: bytes, product_id: str | None, alt: str
) -> Callable[[], tuple[StoredImage, str | None]]:
    """Takes a file in. What it returns is to be run in a worker thread: it shows the picture with the product, where
    one is named, in a transaction of its own, gives both, and raises Refused.

    Without a product, the picture is kept for some days, for `arranging` to use.
    """
    services = context.services

    def may() -> None:
        if product_id is not None:
            with services.db.read() as conn:
                check_attachment(conn, product_id, content_hash(data), alt)

    picture = await taken_in(context, data, Use.PRODUCT, may)

    def upload() -> tuple[StoredImage, str | None]:
        image = picture()
        if product_id is None:
            return image, None
        command = AttachPicture(product_id, image.key, image.width, image.height, image.placeholder, alt)

        def attach(deed: Deed) -> str:
            take_image(deed.tx, image.key, deed.now)
            return attach_picture(deed.tx, command)

        return image, audited(context, "uploadProductImage", attach, lambda deed: product_id, product_snapshot)()

    return upload


def arranging(context: AdminContext, product_id: str, pictures: Sequence[PictureInPlace]) -> Callable[[], str]:
    """To be run in a worker thread: the product has these pictures from now on, in this order."""

    def arrange(deed: Deed) -> str:
        found = [_arranged(deed, position, picture) for position, picture in enumerate(pictures[: MAX_PICTURES + 1])]
        return arrange_pictures(deed.tx, product_id, found)

    return audited(context, "arrangeProductImages", arrange, lambda deed: product_id, product_snapshot)


def _arranged(deed: Deed, position: int, picture: PictureInPlace) -> ArrangedPicture:
    try:
        image = take_image(deed.tx, picture.key, deed.now)
    except Refused as refused:
        raise Refused(*(refusal.under("images", str(position)) for refusal in refused.refusals)) from None
    return ArrangedPicture(image.key, image.width, image.height, image.placeholder, picture.alt)
