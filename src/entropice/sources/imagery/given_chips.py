"""Chips and audits that somebody gives, one by one: read, judged and ready to be written."""

import logging
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from entropice.errors import InputFileError
from entropice.imagery.places import place_of
from entropice.sources.imagery.audits import AuditedMask, AuditedMasks
from entropice.sources.imagery.labels import IGNORED, Mask
from entropice.sources.imagery.tile_index import INDEX
from entropice.sources.imagery.tiles import ImageTiles, LabelledTile
from entropice.sources.imagery.writing import polar_place
from entropice.types import BoolArray, DataFrame

logger = logging.getLogger(__name__)


def given_chips(folder: Path, table: DataFrame, product: str) -> Iterator[LabelledTile]:
    """Chips of a table of `read_chip_table`, in its order.

    Files are ``<key>.tif`` of `product` with their labels ``<key>_label.tif`` beside them; each is read when it is
    asked for. Places are those of ``tiles.parquet`` in the folder, keys and regions those of `table`.

    Raises
    ------
    InputFileError
        When it is the file's turn: an image or a label that is not there, an image that is not of the product or lies
        elsewhere than ``tiles.parquet`` says, a label of other values than 0, 1 and 255, or one on another grid.
    """
    chips = ImageTiles(folder, product)
    for key, region in zip(table["key"], table["region"], strict=True):
        sample = chips.read(key)
        label = label_of(np.asarray(sample.target, dtype=np.uint8), sample.scored)
        yield LabelledTile(key, sample.place, sample.image, label, region)


def given_audits(folder: Path, table: DataFrame) -> Iterator[AuditedMask]:
    """Masks that were drawn again of chips of a table; none where there is no such folder, which is logged.

    In the order of the keys of the masks, which are ``<key>.tif`` in `folder`.

    Raises
    ------
    InputFileError
        A mask without its chip; when it is the file's turn: another grid than its chip's, other values than 0, 1 and
        255, or a truncated file.
    """
    if not folder.is_dir():
        logger.warning("No mask was drawn again: there is no folder %s. Areas rest on labels as they are.", folder)
    audits, places = AuditedMasks(folder), {row["key"]: place_of(row) for _, row in table.iterrows()}
    _require_chips(audits, places)
    drawn = ((key, place, audits.read_on(key, polar_place(place))) for key in audits.keys for place in [places[key]])
    return (AuditedMask(key, place, label_of(target, scored)) for key, place, (target, scored) in drawn)


def _require_chips(audits: AuditedMasks, keys: Collection[str]) -> None:
    lacking = [key for key in audits.keys if key not in keys]
    if lacking:
        raise InputFileError(
            "An audit has masks of chips that are not there.",
            path=audits.folder / f"{lacking[0]}.tif",
            field="files",
            got=f"{len(lacking)} of {len(audits.keys)} without their chip",
            expected=f"<key>.tif, with a key of {INDEX}",
            sample=lacking,
            fix="take them out of the audit, or add their chips",
        )


def label_of(target: Mask, scored: BoolArray) -> Mask:
    """0, 1, or 255 where neither counts, of a target and where it counts.

    Of the same shape, uint8. The inverse of `target_and_scored`.

    Examples
    --------
    >>> label_of(np.array([1, 1, 0]), np.array([True, False, True])).tolist()
    [1, 255, 0]
    """
    return np.where(scored, target, IGNORED).astype(np.uint8)
