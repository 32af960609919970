"""Nodes of images under ice charts."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.pipelines.image_sources.ice_charts.parameters import IceChartParameters

if TYPE_CHECKING:
    from entropice.sources.imagery.tiles import LabelledTile
else:
    LabelledTile = Any


def cut_tiles(files: Path, parameters: IceChartParameters) -> Iterator[LabelledTile]:
    """Tiles of every scene with the mask that its chart gives."""
    from entropice.progress import progress
    from entropice.sources.ice.chart_masks import IceRule
    from entropice.sources.ice.charted import ChartedImage, TileCut, charted_tiles

    rule = IceRule(parameters.water_to, parameters.ice_from)
    cut = TileCut(parameters.n_pixels, parameters.min_scored)
    charted = [
        ChartedImage(files / scene.image, parameters.product, files / scene.chart, scene.year)
        for scene in parameters.scenes
    ]
    # a generator that is returned, not this function as one: Kedro would save tile by tile
    return (tile for each in progress(charted, "charted scenes") for tile in charted_tiles(each, rule, cut))
