"""Files that belong to an image, by their names."""

from pathlib import Path
from typing import Final

ELEVATION: Final = "_dem"
USABLE: Final = "_udm2"
LABEL: Final = "_label"


def beside(image: Path, ending: str) -> Path:
    """``tile.tif`` → ``tile_dem.tif``."""
    return image.with_name(f"{image.stem}{ending}{image.suffix}")
