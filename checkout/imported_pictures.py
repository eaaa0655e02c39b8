"""What an import of the catalogue does with the pictures that it names: made and stored before its transaction."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from catalog.imports.picture_files import Files, Folder, Pictures, ZipOfPictures
from media.images import StoredImage
from media.keep_image import take_image
from media.known_copy import known_copy
from media.recipes import Use, recipe_for
from media.studio import Studio


def imported_pictures(studio: Studio, files: Files, now: datetime, *, dry_run: bool = False) -> Pictures:
    """A dry run looks at the pictures and stores nothing.

    A file that an export has written is the picture that it was written from, as long as that is kept. Pictures of an
    import that fails afterwards are stored and unused: the sweep finds them.
    """
    recipe = recipe_for(Use.PRODUCT, avif=studio.avif)

    def check(data: bytes) -> StoredImage:
        there = known_copy(studio.db, studio.store, data, recipe, None if dry_run else now)
        if there is not None:
            return there
        return studio.check(data, Use.PRODUCT) if dry_run else studio.take_in(data, Use.PRODUCT, now)

    return Pictures(files, check, lambda tx, image: take_image(tx, image.key, now))


def picture_files(path: Path) -> Files:
    """A folder of pictures, or a ZIP file of them. Raises ValueError for what is neither."""
    return Folder(path) if path.is_dir() else ZipOfPictures(path.read_bytes())
