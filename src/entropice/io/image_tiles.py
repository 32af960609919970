"""Folders of image tiles."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    from entropice.sources.imagery.tiles import ImageTiles, LabelledTile


class ImageTilesDataset(DescriptionPreview, RecordedDataset[Iterable["LabelledTile"], "ImageTiles"]):
    """A folder of GeoTIFF tiles with labels, and the table of where they lie; written tile by tile.

    Parameters
    ----------
    product
        Name of the image product: a key of `entropice.sources.imagery.products`.
    """

    is_folder = True

    def __init__(self, *, filepath: str, product: str = "five_bands", metadata: dict[str, Any] | None = None) -> None:
        from entropice.sources.imagery.products import product_named

        super().__init__(filepath=filepath, metadata=metadata)
        self._product = product_named(product).name

    @property
    def options(self) -> dict[str, Any]:
        """``product``: the name of the image product."""
        return {"product": self._product}

    def read(self, path: Path) -> "ImageTiles":
        """Nothing but the folder: tiles are read when they are asked for, ``tiles.parquet`` too.

        Nothing is checked here: a file that is not there is an InputFileError when it is asked for.
        """
        from entropice.sources.imagery.tiles import ImageTiles

        return ImageTiles(path, self._product)

    def write(self, data: "Iterable[LabelledTile]", path: Path) -> None:
        """Each tile as it comes, and ``tiles.parquet`` at the end.

        A tile is ``<key>.tif`` with its label, ``<key>_label.tif``; products that are neither pictures nor of several
        sensors have ``<key>_dem.tif`` and ``<key>_udm2.tif`` too (`write_tile`).
        """
        from entropice.sources.imagery.tiles import write_tiles

        write_tiles(data, path, self._product)
