"""Files that belong to an image, by their names."""

import re
from pathlib import Path
from typing import Final

ELEVATION: Final = "_dem"
USABLE: Final = "_udm2"
LABEL: Final = "_label"

_PUBLISHED_IMAGE: Final = re.compile(r"_AnalyticMS(_SR)?(_[48]b)?(_harmonized)?", re.IGNORECASE)
"""What PlanetScope's names of an image have where those of its usable-data mask have ``_udm2``."""


def beside(image: Path, ending: str) -> Path:
    """``tile.tif`` → ``tile_dem.tif``.

    Examples
    --------
    >>> beside(Path("2021/tile.tif"), "_dem").as_posix()
    '2021/tile_dem.tif'
    """
    return image.with_name(f"{image.stem}{ending}{image.suffix}")


def usable_mask(image: Path) -> Path | None:
    """The usable-data mask of an image, under this project's name or its publisher's; None where there is none.

    ``…_3B_AnalyticMS_SR_8b_harmonized_clip.tif`` is published with ``…_3B_udm2_clip.tif``.

    This project's name goes first.
    """
    published = image.with_name(_PUBLISHED_IMAGE.sub(USABLE, image.name))
    masks = [path for path in (beside(image, USABLE), published) if path != image and path.is_file()]
    return masks[0] if masks else None
