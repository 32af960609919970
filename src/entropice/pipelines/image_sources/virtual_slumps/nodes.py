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
    """Tiles around slumps that a campaign has found, and anywhere in the ground that it has searched."""
    from entropice.imagery.places import place_tiles as place

    return place(given_rts, given_coverage, land, layout, random_seed)


def render_images(
    tiles: DataFrame, world: Dataset, truth: Dataset, parameters: WorldSpecification, scenes: SceneSpecification
) -> Iterator[LabelledTile]:
    """What each tile looks like from above, with the slumps in it as a person would label them."""
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
    """
    from entropice.virtual_scenes.labelled import LabelledScenes
    from entropice.virtual_scenes.scene import Scenes

    specification = WorldSpecification.model_validate(parameters)
    return LabelledScenes(Scenes(world, truth, specification, SceneSpecification.model_validate(scenes)))
