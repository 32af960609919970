"""Nodes of chips of real lakes."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from entropice.pipelines.image_sources.lake_chips.parameters import LakeChipParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Scenery
    from entropice.sources.imagery.audits import AuditedMask, AuditedMasks
    from entropice.sources.imagery.tiles import ImageTiles, LabelledTile
else:
    AuditedMask = AuditedMasks = ImageTiles = LabelledTile = Scenery = Any

PRODUCT: Final = "sentinel_1_2_relief"


def read_tiles(files: Path, parameters: LakeChipParameters) -> DataFrame:
    """Where, when and in which region the chips lie; table and files are held against each other first.

    Returns
    -------
    DataFrame
        The dataset ``tiles``: ``key left_m top_m pixel_m n_pixels year region`` in EPSG:3413, a row a chip of the
        folder ``path`` below `files`, which holds ``tiles.parquet`` and of each chip ``<key>.tif`` and
        ``<key>_label.tif``. A column ``split`` of the table is looked at and left out.

    Raises
    ------
    InputFileError
        There is no such folder or table; a chip has no region or another size; a chip or its label is not there, or a
        file is not in the table; two chips are of one place and year, or chips of two splits overlap.
    """
    from entropice.sources.imagery.chip_table import read_chip_table

    return read_chip_table(files / parameters.path)


def copy_chips(files: Path, tiles: DataFrame, parameters: LakeChipParameters) -> Iterator[LabelledTile]:
    """Every chip with its label, judged as it is copied.

    `tiles` is the table of `read_tiles`; chips come in its order for the dataset ``images``, each read when its turn
    comes. Files are ``<key>.tif`` and ``<key>_label.tif`` in the folder ``path`` below `files`. Labels are uint8 (row,
    column): 0, 1, or 255 where neither counts.

    Raises
    ------
    InputFileError
        When its turn comes: a chip or label is damaged, or not of the bands and the grid that it must have.
    """
    from entropice.progress import progress
    from entropice.sources.imagery.given_chips import given_chips

    return progress(given_chips(files / parameters.path, tiles, PRODUCT), "chips", total=len(tiles))


def copy_audits(files: Path, tiles: DataFrame, parameters: LakeChipParameters) -> Iterator[AuditedMask]:
    """Masks that were drawn again, perhaps none, each on the pixels of its chip.

    `tiles` is the table of `read_tiles`; masks for the dataset ``audits`` are uint8 (row, column): 0, 1, or 255 where
    neither counts. Files are ``<key>.tif`` in the folder ``audits`` below `files`, in the order of their keys. Where
    the folder is absent there are none, and the log says so.

    Raises
    ------
    InputFileError
        A mask is of no chip; when its turn comes: it is on another grid than its chip, or damaged.
    """
    from entropice.sources.imagery.given_chips import given_audits

    return given_audits(files / parameters.audits, tiles)


def open_scenery(images: ImageTiles, audits: AuditedMasks) -> Scenery:
    """What chips show of any place; its truth where masks were drawn again.

    Pixels that no chip of the place's year shows are unknown, and nothing is scored where no mask was drawn again.
    Where chips overlap, a value is that of the first chip, by key, that knows it. Files are read when a place is asked
    for.

    Raises
    ------
    InputFileError
        Chips do not lie on one frame of pixels.
    """
    from entropice.sources.imagery.chip_scenery import ChipScenery

    return ChipScenery(images, audits)
