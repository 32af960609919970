"""Folders of masks that an audit has drawn again."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    from entropice.sources.imagery.audits import AuditedMask, AuditedMasks


class MaskTilesDataset(DescriptionPreview, RecordedDataset[Iterable["AuditedMask"], "AuditedMasks"]):
    """A folder of GeoTIFF masks, one a tile that was drawn again, perhaps none; written mask by mask."""

    is_folder = True

    def read(self, path: Path) -> "AuditedMasks":
        """Nothing but the folder: masks are read when they are asked for.

        Nothing is checked here: without a folder there are no keys, and a mask that is not there is an InputFileError
        when it is asked for. `load` verifies the checksums before, and so refuses both.
        """
        from entropice.sources.imagery.audits import AuditedMasks

        return AuditedMasks(path)

    def write(self, data: "Iterable[AuditedMask]", path: Path) -> None:
        """Each mask as it comes, ``<key>.tif``: uint8, EPSG:3413, 0, 1, or 255 where neither counts.

        Raises
        ------
        InputFileError
            A mask has other values or another shape than its place, or ``<key>.tif`` stands in `path` already, as when
            a tile comes twice. Through `save` the path is a fresh folder, which replaces what stood before.
        """
        from entropice.sources.imagery.audits import write_audited_masks

        write_audited_masks(data, path)
