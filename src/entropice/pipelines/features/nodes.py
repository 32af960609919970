"""Nodes of the features pipeline: what they do is written in the rooms they call."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.features.parameters import FeatureParameters
from entropice.types import Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.sources.arcticdem import TileIndex
else:
    TileIndex = Any


def normalise_monthly_climate(climate_file: Dataset) -> Dataset:
    """Bring ERA5 monthly means to one set of names, axes and units; refuse what cannot be right."""
    from entropice.sources.era5 import normalise_monthly

    return normalise_monthly(climate_file)


def normalise_climate_fields(climate_file: Dataset) -> Dataset:
    """Average ERA5 fields over members and times, under names that claim no climatic meaning."""
    from entropice.sources.era5 import normalise_fields

    return normalise_fields(climate_file)


def derive_climate_indices(climate: Dataset, cells: GeoDataFrame, grid: str, parameters: FeatureParameters) -> Dataset:
    """Compute degree days, summer, rain and snow of each Arctic year at every grid point, then average over cells."""
    from entropice.derive.climate import climate_indices

    indices = climate_indices(climate, parameters.years, parameters.arctic_year_start_month)
    return _climate_cube(indices, cells, grid, parameters)


def derive_climate_fields(climate: Dataset, cells: GeoDataFrame, grid: str, parameters: FeatureParameters) -> Dataset:
    """Average each field over cells; the same value for every year."""
    return _climate_cube(climate, cells, grid, parameters)


def derive_terrain(
    elevation_tiles: TileIndex, cells: GeoDataFrame, grid: str, parameters: FeatureParameters
) -> Dataset:
    """Derive slope, aspect from true north and topographic position block by block; mean and spread of each cell."""
    from functools import partial

    from entropice.derive.terrain_features import reduce_terrain, terrain_features
    from entropice.progress import progress
    from entropice.sources.arcticdem import plan_blocks, read_window

    moments = reduce_terrain(
        partial(read_window, elevation_tiles),
        progress(plan_blocks(elevation_tiles, parameters.block_px), "terrain of the cells"),
        cells.geometry.to_numpy(),
        elevation_tiles.pixel_size_m,
        parameters.tpi_radius_m,
    )
    return _cube(terrain_features(moments), cells, grid, parameters)


def assemble_features(cells: GeoDataFrame, *groups: Dataset) -> Dataset:
    """Join the feature groups this environment has into one cube on the cells."""
    from entropice.derive.cube import merge_groups

    return merge_groups(groups, cells["cell_id"].to_numpy())


def _climate_cube(fields: Dataset, cells: GeoDataFrame, grid: str, parameters: FeatureParameters) -> Dataset:
    from entropice.derive.cube import fields_on_cells
    from entropice.zonal.lonlat_weights import lonlat_weights

    weights = lonlat_weights(fields["lon"].values, fields["lat"].values, cells.geometry.to_numpy())
    return _cube(fields_on_cells(fields, weights, group="climate"), cells, grid, parameters)


def _cube(features: Any, cells: GeoDataFrame, grid: str, parameters: FeatureParameters) -> Dataset:
    from entropice.derive.cube import cell_cube
    from entropice.dggs import parse_grid

    return cell_cube(features, cells["cell_id"].to_numpy(), parse_grid(grid).metadata, parameters.years)
