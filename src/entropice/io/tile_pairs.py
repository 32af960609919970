"""Folders of pairs of images with what changed between them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    from entropice.sources.imagery.tile_pairs import TilePair, TilePairs


class TilePairsDataset(DescriptionPreview, RecordedDataset[Iterable["TilePair"], "TilePairs"]):
    """A folder of pairs of GeoTIFF images with labels, and the table of where they lie; written pair by pair.

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

    def read(self, path: Path) -> "TilePairs":
        """Nothing but the folder: pairs are read when they are asked for, ``tiles.parquet`` too.

        Nothing is checked here: a file that is not there is an InputFileError when it is asked for.
        """
        from entropice.sources.imagery.tile_pairs import TilePairs

        return TilePairs(path, self._product)

    def write(self, data: "Iterable[TilePair]", path: Path) -> None:
        """Each pair as it comes, and ``tiles.parquet`` at the end.

        A pair is ``<key>_before.tif``, ``<key>_after.tif`` and ``<key>_label.tif``.
        """
        from entropice.sources.imagery.tile_pairs import write_tile_pairs

        write_tile_pairs(data, path)
