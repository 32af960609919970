"""Nodes of the climate of cells."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.derive.cell_blocks import CellBlocks
    from entropice.derive.climate.history import Derived, History
    from entropice.derive.climate.hourly import YearlyWork
    from entropice.derive.cube import Feature
    from entropice.sources.era5.source import ClimateSource
else:
    CellBlocks = ClimateSource = Derived = History = YearlyWork = Any


def normalise_monthly_climate(climate_file: ClimateSource, cells: GeoDataFrame) -> Dataset:
    """Bring ERA5 monthly means around the cells to one set of names, axes and units; refuse what cannot be right."""
    from entropice.sources.era5.monthly import normalise_monthly

    return normalise_monthly(climate_file, climate_file.rows_around(cells.geometry.to_numpy()))


def normalise_climate_fields(climate_file: Dataset, cells: GeoDataFrame) -> Dataset:
    """Average ERA5 fields over members and times, under names that claim no climatic meaning."""
    from entropice.sources.era5.fields import normalise_fields, require_fields_reach

    fields = normalise_fields(climate_file)
    require_fields_reach(fields, cells.geometry.to_numpy(), climate_file.encoding.get("source"))
    return fields


def derive_climate_indices(
    climate: Dataset,
    cells: GeoDataFrame,
    grid: str,
    years: list[int],
    min_known_fraction: float,
    parameters: ClimateParameters,
) -> CellBlocks:
    """Compute seasons, heat, rain, snow and their history at every grid point, then average over cells."""
    from entropice.derive.climate.monthly import climate_features

    features = climate_features(climate, years, parameters.arctic_year_start_month, _history(parameters))
    return derive_climate_fields(features, cells, grid, years, min_known_fraction)


def plan_hourly_climate(
    climate_file: ClimateSource, cells: GeoDataFrame, years: list[int], parameters: ClimateParameters
) -> TilePlan:
    """Cut hourly climate into Arctic years and bands of rows; each yields yearly indices at its grid points."""
    from entropice.derive.climate.hourly import climate_plan

    work, _ = _hourly_work(climate_file, cells, years, parameters)
    return climate_plan(work, parameters.rows_per_block)


def derive_hourly_climate(
    climate_years: TileResults,
    climate_file: ClimateSource,
    cells: GeoDataFrame,
    grid: str,
    years: list[int],
    min_known_fraction: float,
    parameters: ClimateParameters,
) -> CellBlocks:
    """Set each yearly index beside the years before it at every grid point, then average over cells."""
    from entropice.derive.climate.history import with_history
    from entropice.derive.climate.hourly import join_bands

    work, features = _hourly_work(climate_file, cells, years, parameters)
    fields = with_history(join_bands(climate_years, work), features, years)
    return derive_climate_fields(fields, cells, grid, years, min_known_fraction)


def derive_climate_fields(
    climate: Dataset, cells: GeoDataFrame, grid: str, years: list[int], min_known_fraction: float
) -> CellBlocks:
    """Average each field over cells; without a year of its own it is the same for every year."""
    from entropice.derive.cell_blocks import cube_in_blocks
    from entropice.derive.cube import fields_on_cells
    from entropice.dggs import parse_grid
    from entropice.zonal.lonlat_weights import overlap_areas_m2

    lon_deg, lat_deg, cell_m2 = climate["lon"].values, climate["lat"].values, cells["area_m2"].to_numpy()

    def features_of(where: slice) -> "list[Feature]":
        overlap_m2 = overlap_areas_m2(lon_deg, lat_deg, cells.geometry.iloc[where].to_numpy())
        return fields_on_cells(climate, overlap_m2, cell_m2[where], group="climate")

    return cube_in_blocks(features_of, cells, parse_grid(grid).metadata, years, min_known_fraction)


def _hourly_work(
    climate_file: ClimateSource, cells: GeoDataFrame, years: list[int], parameters: ClimateParameters
) -> tuple[YearlyWork, list[Derived]]:
    from entropice.derive.climate.history import derived_features
    from entropice.derive.climate.hourly import yearly_work
    from entropice.derive.climate.indices import indices_from
    from entropice.sources.era5.hourly import hourly_climate

    climate = hourly_climate(climate_file)
    features = derived_features(indices_from(climate.variables), _history(parameters))
    rows = climate_file.rows_around(cells.geometry.to_numpy())
    return yearly_work(climate, features, years, parameters.arctic_year_start_month, rows), features


def _history(parameters: ClimateParameters) -> History:
    from entropice.derive.climate.history import History

    return History(**parameters.history.model_dump())


def feature_names(parameters: ClimateParameters) -> list[str]:
    """What the features are called where the files hold every variable."""
    from entropice.derive.climate.history import derived_features
    from entropice.derive.climate.indices import INDICES

    return [feature.name for feature in derived_features(INDICES, _history(parameters))]
