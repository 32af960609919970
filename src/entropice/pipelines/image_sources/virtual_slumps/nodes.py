"""Nodes of the virtual slump scenes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from entropice.imagery.tile_layout import TileLayout
from entropice.types import DataFrame, Dataset, GeoDataFrame
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.virtual_scenes.specification import SceneSpecification

if TYPE_CHECKING:
    from entropice.imagery.samples import Scenery
    from entropice.sources.imagery.tiles import LabelledTile
else:
    LabelledTile = Scenery = Any


def place_tiles(
    given_rts: GeoDataFrame, given_coverage: GeoDataFrame, land: GeoDataFrame, layout: TileLayout, random_seed: int
) -> DataFrame:
    """Tiles around slumps that a campaign has found, and anywhere in the ground that it has searched.

    Parameters
    ----------
    given_rts
        ``year geometry`` of slumps found, EPSG:3413, of the run that this one builds on.
    given_coverage
        ``year geometry``, the ground that was searched in a year: tiles lie inside it.
    land
        ``geometry`` in EPSG:3413: the middle of a tile lies on it.
    layout, random_seed
        Size and numbers of tiles, and what they are drawn by.

    Returns
    -------
    DataFrame
        The dataset ``tiles``: ``key left_m top_m pixel_m n_pixels year is_around``, EPSG:3413, each tile once, sorted
        by key, ``<year>_<left>_<top>``; ``is_around`` says whether it was laid around a slump of its year. There are
        fewer around slumps where fewer slumps have room.

    Raises
    ------
    LabelError
        No slump lies in searched ground, or searched land has no room for a tile.
    """
    from entropice.imagery.places import place_tiles as place

    return place(given_rts, given_coverage, land, layout, random_seed)


def render_images(
    tiles: DataFrame, world: Dataset, truth: Dataset, parameters: WorldSpecification, scenes: SceneSpecification
) -> Iterator[LabelledTile]:
    """What each tile looks like from above, with the slumps in it as a person would label them.

    Tiles for the dataset ``images`` come in the order of `tiles`, each drawn when its turn comes; labels are uint8
    (row, column), 1 in a slump, 0 elsewhere. ``world`` and ``truth`` are those of the virtual Arctic, dims (y, x) and
    (year, y, x).
    """
    import numpy as np

    from entropice.imagery.places import place_of
    from entropice.progress import progress
    from entropice.sources.imagery.tiles import LabelledTile

    scenery = open_scenery(world, truth, parameters, scenes)
    rows = [row for _, row in tiles.iterrows()]
    return (
        LabelledTile(row["key"], place, sample.image, np.asarray(sample.target, dtype=np.uint8))
        for row in progress(rows, "image tiles")
        for place in [place_of(row)]
        for sample in [scenery.at(place)]
    )


def open_scenery(
    world: Dataset,
    truth: Dataset,
    parameters: WorldSpecification | dict[str, Any],
    scenes: SceneSpecification | dict[str, Any],
) -> Scenery:
    """What any place of the virtual Arctic looks like, with its slumps as a person would label them.

    A step that does not know which source it looks through has parameters as plain values.

    Raises
    ------
    ValueError
        The plain values are no specification of a world, or of scenes.
    """
    from entropice.virtual_scenes.labelled import LabelledScenes
    from entropice.virtual_scenes.scene import Scenes

    specification = WorldSpecification.model_validate(parameters)
    return LabelledScenes(Scenes(world, truth, specification, SceneSpecification.model_validate(scenes)))
