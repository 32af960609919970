"""Slumps and footprints of the virtual Arctic."""

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset, GeoDataFrame


def draw_footprints(world: Dataset, parameters: VirtualArcticParameters) -> GeoDataFrame:
    """Footprints of each year's scenes, as DARTS publishes its coverage: all else stays unobserved."""
    from entropice.virtual_arctic.imaging import draw_footprints as draw

    return draw(world, parameters)


def digitise_slumps(
    world: Dataset, coverage_file: GeoDataFrame, parameters: VirtualArcticParameters
) -> tuple[Dataset, GeoDataFrame]:
    """The truth (known rates; read by the report's limit alone), and the slumps a mapping model finds in the images."""
    from entropice.virtual_arctic.digitising import draw_outlines
    from entropice.virtual_arctic.slumps import find_slumps
    from entropice.virtual_arctic.truth import build_truth

    truth = build_truth(world, coverage_file, parameters)
    return truth, draw_outlines(find_slumps(truth, coverage_file, parameters), parameters)
