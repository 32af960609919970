"""Masks that somebody drew again with care, beside the labels that tiles have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from entropice.errors import InputFileError
from entropice.imagery.samples import Place
from entropice.sources.imagery.labels import Mask, require_label_values
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.imagery.reading import read_label, read_mask
from entropice.sources.imagery.writing import polar_place, write_bands
from entropice.types import BoolArray


@dataclass(frozen=True)
class AuditedMask:
    """A mask that was drawn again, on its way to a file.

    Attributes
    ----------
    key
        Of the tile that it belongs to.
    mask
        uint8 (row, column): 0, 1, or 255 where neither counts.
    """

    key: str
    place: Place
    mask: Mask


@dataclass(frozen=True)
class AuditedMasks:
    """Masks ``<key>.tif`` of a folder; a folder without any holds an audit of nothing.

    Attributes
    ----------
    folder
        Holds the files.
    """

    folder: Path

    @cached_property
    def keys(self) -> Sequence[str]:
        """Tiles that were drawn again, sorted; none where there is no folder. Looked up once, at the first call."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.tif")))

    def read(self, key: str) -> tuple[Mask, BoolArray]:
        """Target (uint8, 0 or 1) and where it counts, each (row, column).

        Where the mask is 255 the target is 0 and does not count.

        Raises
        ------
        InputFileError
            There is no such mask, it is truncated, or holds other values than 0, 1 and 255.
        """
        return read_mask(self.folder / f"{key}.tif")

    def read_on(self, key: str, like: RasterPlace) -> tuple[Mask, BoolArray]:
        """Target (uint8, 0 or 1) and where it counts, each (row, column), of the pixels of an image.

        `like` is where these lie; a mask is not moved onto them. Where the mask is 255 the target is 0 and does not
        count.

        Raises
        ------
        InputFileError
            There is no such mask, it is truncated, holds other values than 0, 1 and 255, or lies on another grid.
        """
        return read_label(self.folder / f"{key}.tif", like)


def write_audited_masks(masks: Iterable[AuditedMask], folder: Path) -> None:
    """Write each mask as it comes; equal masks give equal bytes.

    Files are ``<key>.tif``, GeoTIFF of one uint8 band in EPSG:3413. The folder is made with the first mask, where there
    is none; without masks nothing is written. Other files in it stay, and so do the masks before one that is refused.

    Raises
    ------
    InputFileError
        A mask has other values than 0, 1 and 255, or another shape than its place, or ``<key>.tif`` stands there
        already: a tile comes twice, or is from an earlier call.
    """
    for audited in masks:
        path = folder / f"{audited.key}.tif"
        require_label_values(audited.mask, path)
        _require_fitting(audited, path)
        write_bands(path, np.expand_dims(audited.mask, 0), polar_place(audited.place), None, ("label",))


def _require_fitting(audited: AuditedMask, path: Path) -> None:
    shape = (audited.place.n_pixels, audited.place.n_pixels)
    for field, is_right, got, expected in (
        ("key", not path.exists(), audited.key, "each tile once"),
        ("mask", audited.mask.shape == shape, audited.mask.shape, shape),
    ):
        if not is_right:
            raise InputFileError(
                "An audited mask cannot be written.",
                path=path,
                field=field,
                got=got,
                expected=expected,
                fix="draw each tile once, on all of its pixels",
            )
