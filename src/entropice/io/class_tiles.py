"""Folders of images with one class each."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    from entropice.sources.imagery.class_tiles import ClassTile, ClassTiles


class ClassTilesDataset(DescriptionPreview, RecordedDataset[Iterable["ClassTile"], "ClassTiles"]):
    """A folder of GeoTIFF images, and the table of where they lie and what they show; written image by image.

    Parameters
    ----------
    product
        Name of the image product: a key of `entropice.sources.imagery.products`.
    """

    is_folder = True

    def __init__(self, *, filepath: str, product: str = "true_colour", metadata: dict[str, Any] | None = None) -> None:
        from entropice.sources.imagery.products import product_named

        super().__init__(filepath=filepath, metadata=metadata)
        self._product = product_named(product).name

    @property
    def options(self) -> dict[str, Any]:
        """``product``: the name of the image product."""
        return {"product": self._product}

    def read(self, path: Path) -> "ClassTiles":
        """Nothing but the folder: images are read when they are asked for, ``tiles.parquet`` too.

        Nothing is checked here: a file that is not there is an InputFileError when it is asked for.
        """
        from entropice.sources.imagery.class_tiles import ClassTiles

        return ClassTiles(path, self._product)

    def write(self, data: "Iterable[ClassTile]", path: Path) -> None:
        """Each image as it comes, ``<key>.tif``, and the table ``tiles.parquet`` at the end.

        The table has a row an image, ``key left_m top_m pixel_m n_pixels year label``; metres are of EPSG:3413, labels
        are numbers of classes, from 0.
        """
        from entropice.sources.imagery.class_tiles import write_class_tiles

        write_class_tiles(data, path)
