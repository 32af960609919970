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
        """The product."""
        return {"product": self._product}

    def read(self, path: Path) -> "ImageTiles":
        """Nothing but the folder: tiles are read when they are asked for."""
        from entropice.sources.imagery.tiles import ImageTiles

        return ImageTiles(path, self._product)

    def write(self, data: "Iterable[LabelledTile]", path: Path) -> None:
        """Each tile as it comes, and the table at the end."""
        from entropice.imagery.places import places_table
        from entropice.sources.imagery.tile_index import INDEX
        from entropice.sources.imagery.writing import write_tile

        places = {}
        for tile in data:
            write_tile(path / tile.key, tile.image, tile.place, tile.label)
            places[tile.key] = tile.place
        places_table(places).to_parquet(path / INDEX, index=False)
