"""Nodes of the climate of cells."""

from entropice.pipelines.features.parameters import ClimateParameters
from entropice.types import Dataset, GeoDataFrame


def normalise_monthly_climate(climate_file: Dataset) -> Dataset:
    """Bring ERA5 monthly means to one set of names, axes and units; refuse what cannot be right."""
    from entropice.sources.era5 import normalise_monthly

    return normalise_monthly(climate_file)


def normalise_climate_fields(climate_file: Dataset) -> Dataset:
    """Average ERA5 fields over members and times, under names that claim no climatic meaning."""
    from entropice.sources.era5 import normalise_fields

    return normalise_fields(climate_file)


def derive_climate_indices(
    climate: Dataset, cells: GeoDataFrame, grid: str, years: list[int], parameters: ClimateParameters
) -> Dataset:
    """Compute degree days, summer, rain and snow of each Arctic year at every grid point, then average over cells."""
    from entropice.derive.climate import climate_indices

    indices = climate_indices(climate, years, parameters.arctic_year_start_month)
    return derive_climate_fields(indices, cells, grid, years)


def derive_climate_fields(climate: Dataset, cells: GeoDataFrame, grid: str, years: list[int]) -> Dataset:
    """Average each field over cells; without a year of its own it is the same for every year."""
    from entropice.derive.cube import cell_cube, fields_on_cells
    from entropice.dggs import parse_grid
    from entropice.zonal.lonlat_weights import lonlat_weights

    weights = lonlat_weights(climate["lon"].values, climate["lat"].values, cells.geometry.to_numpy())
    features = fields_on_cells(climate, weights, group="climate")
    return cell_cube(features, cells["cell_id"].to_numpy(), parse_grid(grid).metadata, years)
