"""Sending pictures of products, and putting them in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry import UNSET

from schema.admin.catalogue_changes import SaveProductPayload, product_shown
from schema.admin.context import Info
from schema.admin.picture_deeds import PictureInPlace, arranging, uploading
from schema.connections import given
from schema.ids import checked_id
from schema.scalars import Upload
from schema.uploads import bytes_of


@strawberry.input
class UploadProductImageInput:
    product_id: strawberry.ID
    file: Upload
    alt: str = ""


@strawberry.input
class ProductImageInput:
    key: str
    alt: str | None = strawberry.field(default=UNSET, description="Absent: unchanged.")


@strawberry.input(description="The product has these pictures from now on, in this order; the others are taken away.")
class ArrangeProductImagesInput:
    product_id: strawberry.ID
    images: list[ProductImageInput]


@strawberry.type
class PictureMutation:
    @strawberry.mutation
    async def upload_product_image(self, info: Info, input: UploadProductImageInput) -> SaveProductPayload:
        product_id = checked_id(input.product_id)
        upload = await uploading(info.context, await bytes_of(input.file), product_id, input.alt)
        show: Callable[[str], dict[str, Any]] = product_shown(info)

        def deed() -> str:
            upload()
            return product_id

        return await info.context.answer(SaveProductPayload, deed, show)

    @strawberry.mutation(description="Takes pictures that are the product's, or were uploaded for it.")
    async def arrange_product_images(self, info: Info, input: ArrangeProductImagesInput) -> SaveProductPayload:
        pictures = [PictureInPlace(image.key, given(image.alt)) for image in input.images]
        deed = arranging(info.context, checked_id(input.product_id), pictures)
        return await info.context.answer(SaveProductPayload, deed, product_shown(info))
