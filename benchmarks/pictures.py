"""What pictures cost: the time to make all renditions of a folder of them, and their bytes.

.venv/bin/python -m benchmarks.pictures ../shared/data/vendure-sample/assets
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from media.images import MadeImage, make_image
from media.recipes import Format, pick
from media.studio import AT_ONCE

SHOWN = (200, 400, 800, 1600)


def main() -> None:
    folder = Path(sys.argv[1])
    avif = "--avif" in sys.argv
    originals = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    elapsed, processor = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        made = list(threads.map(lambda data: make_image(data, avif=avif), originals))
    elapsed, processor = time.perf_counter() - elapsed, time.process_time() - processor
    files = sum(len(image.files) for image in made)
    print(
        f"{len(made)} pictures, {files} files in {elapsed:.1f} s ({processor:.1f} s of processor), {AT_ONCE} at once\n"
    )
    sent = sum(map(len, originals))
    print("| file | bytes on average | share of what was sent |\n|---|---:|---:|")
    for name, total in {"as sent": sent, **_bytes(made, avif)}.items():
        print(f"| {name} | {total // len(made):,} | {100 * total / sent:.1f} % |")


def _bytes(made: list[MadeImage], avif: bool) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for image in made:
        totals["clean copy"] += image.size
        for width in SHOWN:
            for format in (Format.WEBP, Format.JPEG, *([Format.AVIF] if avif else [])):
                totals[f"{width}, {format}"] += len(image.files[pick(image.key, image.width, width, format)])
        totals["placeholder"] += len(image.placeholder or "")
        totals["everything kept"] += sum(map(len, image.files.values()))
    return totals


if __name__ == "__main__":
    main()
