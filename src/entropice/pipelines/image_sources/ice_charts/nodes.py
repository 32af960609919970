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
    """Tiles of every scene with the mask that its chart gives.

    Parameters
    ----------
    files
        Folder below which images (GeoTIFF, EPSG:3413) and charts lie.
    parameters
        Scenes, product of the images, edge of a tile (pixels), and shares: a tile is kept from ``min_scored`` certain
        pixels on; up to ``water_to`` of ice is water, from ``ice_from`` on ice, and what lies between is not certain.

    Returns
    -------
    Iterator
        Tiles for the dataset ``images``, scene by scene, each read when its turn comes: the image, and a mask uint8
        (row, column) with 1 for ice, 0 for water and 255 where the chart is not certain. They lie side by side from the
        north-west, by rows, the rest at the right and lower edge left out, and are called ``<image>_<row>_<column>``,
        of the first pixel.

    Raises
    ------
    InputFileError
        When a scene's turn comes: a file is missing or damaged, the image is in another CRS, or no tile has enough of
        image and chart.
    SchemaError
        When a scene's turn comes: a chart lacks a column or its CRS, or has codes that it cannot have.
    """
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
