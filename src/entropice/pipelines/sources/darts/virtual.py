"""Slumps and footprints of the virtual Arctic."""

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset, GeoDataFrame


def draw_footprints(world: Dataset, parameters: VirtualArcticParameters) -> GeoDataFrame:
    """Footprints of each year's scenes, as DARTS publishes its coverage: all else stays unobserved.

    Of the dataset ``world`` it makes ``coverage_file``: ``image_id year area_km2 geometry`` (EPSG:4326, areas of
    EPSG:6931), rectangles in longitude and latitude that may overlap, where relief and a random interest of the year
    are highest, until ``imaging.observed_share`` of the land is seen.
    """
    from entropice.virtual_arctic.imaging import draw_footprints as draw

    return draw(world, parameters)


def digitise_slumps(
    world: Dataset, coverage_file: GeoDataFrame, parameters: VirtualArcticParameters
) -> tuple[Dataset, GeoDataFrame]:
    """The truth (known rates; read by the report's limit alone), and the slumps a mapping model finds in the images.

    Parameters
    ----------
    world
        Coasts, relief and ground ice, dims (y, x).
    coverage_file
        Of `draw_footprints`: what lies in no footprint of a year is not found in it.

    Returns
    -------
    Dataset
        The dataset ``truth``: ``known_log_rate`` (year, y, x), ``false_positive_rate`` (y, x), ``observed`` (year, y,
        x) and ``land`` (y, x); rates are NaN at sea.
    GeoDataFrame
        The dataset ``rts_file``: ``id year pval_mean pval_max pval_std geometry`` (EPSG:4326); a slump may be drawn
        twice in a year, as different images would have it. Found is a true slump with ``detection_probability``, and
        what is taken for one, where their place lies in a footprint of the year, its edge included.
    """
    from entropice.virtual_arctic.digitising import draw_outlines
    from entropice.virtual_arctic.slumps import find_slumps
    from entropice.virtual_arctic.truth import build_truth

    truth = build_truth(world, coverage_file, parameters)
    return truth, draw_outlines(find_slumps(truth, coverage_file, parameters), parameters)
