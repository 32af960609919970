"""Nodes of virtual lakes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from entropice.imagery.tile_layout import TileLayout
from entropice.types import DataFrame, GeoDataFrame
from entropice.virtual_lakes.specification import LakesSpecification

if TYPE_CHECKING:
    from entropice.imagery.samples import Scenery
    from entropice.sources.imagery.audits import AuditedMask
    from entropice.sources.imagery.tiles import LabelledTile
else:
    AuditedMask = LabelledTile = Scenery = Any


def list_lakes(lakes: LakesSpecification, random_seed: int) -> GeoDataFrame:
    """Outlines, areas on the ground and conditions of all lakes in all years: the truth.

    Returns
    -------
    GeoDataFrame
        The dataset ``lakes`` in EPSG:3413: ``lake_id region year condition area_m2 geometry``, a row a lake and year in
        which anything is left of it; a lake has one id in all years. ``condition`` is clear, turbid, frozen or shaded;
        areas are those of the outlines over the square of the projection's scale.
    """
    from entropice.virtual_lakes.inventory import lakes_of

    return lakes_of(lakes, random_seed)


def place_chips(known: GeoDataFrame, tiles: TileLayout, lakes: LakesSpecification, random_seed: int) -> DataFrame:
    """Chips around lakes and anywhere, at the same places in all years.

    `known` are the lakes of `list_lakes`; chips lie around those of the first year.

    Returns
    -------
    DataFrame
        The dataset ``tiles``: ``key left_m top_m pixel_m n_pixels year region``, EPSG:3413, sorted by key.

    Raises
    ------
    LabelError
        A region has no room for a chip, or none around a lake.
    """
    from entropice.virtual_lakes.chips import place_chips as place

    return place(known, lakes, tiles, random_seed)


def render_chips(tiles: DataFrame, lakes: LakesSpecification, random_seed: int) -> Iterator[LabelledTile]:
    """What each chip looks like, with the lakes in it as a person would draw them: a little too small, some missed.

    Chips for the dataset ``images`` come in the order of `tiles`, each drawn when its turn comes; labels are uint8
    (row, column), 1 in a lake, 0 beside it, and 255 outside the regions. By how much outlines lie inside the shore, and
    which lakes are missed with which chance, says ``label_noise`` of `lakes`.
    """
    from entropice.imagery.places import place_of
    from entropice.progress import progress
    from entropice.sources.imagery.tiles import LabelledTile
    from entropice.virtual_lakes.scene import LakeScenes

    scenes = LakeScenes(lakes, random_seed)
    rows = [row for _, row in tiles.iterrows()]
    return (
        LabelledTile(row["key"], place, scenes.at(place).image, scenes.label(place))
        for row in progress(rows, "chips of lakes")
        for place in [place_of(row)]
    )


def audit_chips(
    tiles: DataFrame, known: GeoDataFrame, lakes: LakesSpecification, random_seed: int
) -> Iterator[AuditedMask]:
    """True masks of a random share of the chips.

    A chip is audited with the chance ``audits.share`` of `lakes`, where a hash of seed and key is below it
    (`entropice.imagery.uniform_hash.uniform_of`). Masks for the dataset ``audits`` are uint8 (row, column), 1 in a lake
    of `known` in the chip's year, in the order of `tiles`.
    """
    from entropice.imagery.places import place_of
    from entropice.sources.imagery.audits import AuditedMask
    from entropice.virtual_lakes.chips import is_audited, true_mask

    share = lakes.audits.share
    audited = [row for _, row in tiles.iterrows() if is_audited(row["key"], share, random_seed)]
    return (AuditedMask(row["key"], place, true_mask(known, place)) for row in audited for place in [place_of(row)])


def open_scenery(lakes: LakesSpecification | dict[str, Any], random_seed: int) -> Scenery:
    """What any place of the regions looks like in any of their years, with its true lakes.

    A step that does not know which source it looks through has parameters as plain values.

    Raises
    ------
    ValueError
        The plain values are no specification of lakes.
    """
    from entropice.virtual_lakes.scene import LakeScenes

    return LakeScenes(LakesSpecification.model_validate(lakes), random_seed)
