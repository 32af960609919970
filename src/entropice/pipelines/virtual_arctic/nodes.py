"""The virtual Arctic as nodes: each makes one source file of the world, or its truth."""

from collections.abc import Iterable

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.raster.tile import EmbeddingTile, RasterTile
from entropice.types import Dataset, GeoDataFrame


def build_world(parameters: VirtualArcticParameters) -> Dataset:
    """Coasts, relief and ground ice on base units: what does not change with time."""
    from entropice.virtual_arctic.terrain import build_terrain

    return build_terrain(parameters)


def outline_land(world: Dataset) -> GeoDataFrame:
    """The coasts as polygons in the polar CRS."""
    from entropice.virtual_arctic.terrain import outline_land

    return outline_land(world)


def write_climate(world: Dataset, parameters: VirtualArcticParameters) -> Dataset:
    """Monthly climate in the layout of ERA5 files from the Climate Data Store."""
    from entropice.virtual_arctic.climate_file import climate_dataset

    return climate_dataset(world, parameters)


def cut_elevation_tiles(world: Dataset, parameters: VirtualArcticParameters) -> Iterable[RasterTile]:
    """The elevation model with its fine roughness, in tiles as ArcticDEM has them."""
    from entropice.virtual_arctic.elevation_tiles import cut_tiles

    return cut_tiles(world, parameters)


def write_embeddings(world: Dataset, parameters: VirtualArcticParameters) -> Iterable[EmbeddingTile]:
    """Annual embeddings of the land surface, in files as AlphaEarth publishes them."""
    from entropice.virtual_arctic.embedding_tiles import embedding_tiles

    return embedding_tiles(world, parameters)


def draw_footprints(world: Dataset, parameters: VirtualArcticParameters) -> GeoDataFrame:
    """Footprints of each year's scenes, as DARTS publishes its coverage: all else stays unobserved."""
    from entropice.virtual_arctic.imaging import draw_footprints

    return draw_footprints(world, parameters)


def digitise_slumps(
    world: Dataset, coverage_file: GeoDataFrame, parameters: VirtualArcticParameters
) -> tuple[Dataset, GeoDataFrame]:
    """The truth (known rates; read by the report's limit alone), and the slumps a mapping model finds in the images."""
    from entropice.virtual_arctic.digitising import draw_outlines
    from entropice.virtual_arctic.slumps import find_slumps
    from entropice.virtual_arctic.truth import build_truth

    truth = build_truth(world, coverage_file, parameters)
    return truth, draw_outlines(find_slumps(truth, coverage_file, parameters), parameters)
