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
    """Where, when and in which region the chips lie; table and files are held against each other first."""
    from entropice.sources.imagery.chip_table import read_chip_table

    return read_chip_table(files / parameters.path)


def copy_chips(files: Path, tiles: DataFrame, parameters: LakeChipParameters) -> Iterator[LabelledTile]:
    """Every chip with its label, judged as it is copied."""
    from entropice.progress import progress
    from entropice.sources.imagery.given_chips import given_chips

    return progress(given_chips(files / parameters.path, tiles, PRODUCT), "chips", total=len(tiles))


def copy_audits(files: Path, tiles: DataFrame, parameters: LakeChipParameters) -> Iterator[AuditedMask]:
    """Masks that were drawn again, perhaps none, each on the pixels of its chip."""
    from entropice.sources.imagery.given_chips import given_audits

    return given_audits(files / parameters.audits, tiles)


def open_scenery(images: ImageTiles, audits: AuditedMasks) -> Scenery:
    """What chips show of any place; its truth where masks were drawn again."""
    from entropice.sources.imagery.chip_scenery import ChipScenery

    return ChipScenery(images, audits)
