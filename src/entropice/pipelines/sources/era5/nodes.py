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
    """Bring ERA5 monthly means around the cells to one set of names, axes and units; refuse what cannot be right.

    Parameters
    ----------
    climate_file
        The files of the user or of the virtual Arctic, NetCDF, GRIB, ZIP or Zarr, of which headers have been read.
    cells
        Column ``geometry`` (EPSG:3413): rows of the grid around these are read.

    Returns
    -------
    Dataset
        The dataset ``climate``, dims (time, lat, lon), ascending, float32: every variable of the files under its short
        name, such as ``t2m`` (K), ``tp``, ``sf`` and ``sd`` (mm; sums are over the month). ``time`` is the first day of
        each month; NaN stays NaN. Attributes ``source``, ``step`` (``month``) and ``preliminary_steps``.

    Raises
    ------
    SchemaError
        The files end beside the cells; a required variable or a month is missing, a month occurs twice or has no value,
        a value is impossible, files disagree, or the climate is one that no place has
        (`entropice.sources.era5.plausible.require_plausible`).
    """
    from entropice.sources.era5.monthly import normalise_monthly

    return normalise_monthly(climate_file, climate_file.rows_around(cells.geometry.to_numpy()))


def normalise_climate_fields(climate_file: Dataset, cells: GeoDataFrame) -> Dataset:
    """Average ERA5 fields over members and times, under names that claim no climatic meaning.

    Parameters
    ----------
    climate_file
        Variables on latitude and longitude, with any of the axes of ERA5 beside them.
    cells
        Column ``geometry`` (EPSG:3413).

    Returns
    -------
    Dataset
        The dataset ``climate``, dims (lat, lon), ascending: for each variable and level ``<name>_<level>_mean_<unit>``,
        and ``<name>_<level>_sd_<unit>``, of the population, where there is anything to average over, such as
        ``t_850_mean_k``; float32, NaN at a place that is NaN at one time or member.

    Raises
    ------
    SchemaError
        Several experiment versions, no axes of latitude and longitude, a variable without a unit, an impossible value,
        or fields that do not reach the cells.
    """
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
    """Compute seasons, heat, rain, snow and their history at every grid point, then average over cells.

    Parameters
    ----------
    climate
        Monthly climate of `normalise_monthly_climate`, dims (time, lat, lon).
    cells
        ``cell_id area_m2 land_fraction geometry`` (EPSG:3413), sorted by id.
    grid
        Key of the grid, such as ``h3_4``.
    years
        Label years, ascending. A year *y* has the Arctic year from the configured month of *y* − 1 on, so that no
        feature knows what comes after it.
    min_known_fraction
        Of the land of a cell, 0 to 1: where less of it is known, cell and year are NaN.
    parameters
        First month of the Arctic year, and which indices are set beside the years before.

    Returns
    -------
    CellBlocks
        The dataset ``climate_features``: a cube on (cell, year), a variable a feature, named as `feature_names` says
        (indices and their definitions: `entropice.derive.climate.indices.INDICES`), with its unit, statistic and years
        as attributes. NaN wherever a step that a feature looks at is NaN, or no grid point of the cell is known.

    Raises
    ------
    FeatureError
        A month that a label year or its history needs is missing, or `parameters` name an index that there is not.
    """
    from entropice.derive.climate.monthly import climate_features

    features = climate_features(climate, years, parameters.arctic_year_start_month, _history(parameters))
    return derive_climate_fields(features, cells, grid, years, min_known_fraction)


def plan_hourly_climate(
    climate_file: ClimateSource, cells: GeoDataFrame, years: list[int], parameters: ClimateParameters
) -> TilePlan:
    """Cut hourly climate into Arctic years and bands of rows; each yields yearly indices at its grid points.

    Saving the plan as the dataset ``climate_years`` carries it out: a folder of one npz for each year and band, resumed
    where it was broken off. Results do not depend on how many rows a band has.

    Parameters
    ----------
    climate_file
        Hourly files of which headers have been read.
    cells
        Column ``geometry`` (EPSG:3413): rows of the grid around these are read.
    years, parameters
        Label years, and how climate is summed up; years that only the history needs are planned, too.

    Raises
    ------
    SchemaError
        A required variable is missing, no day is whole, hours are missing in between, or the files end beside the
        cells.
    FeatureError
        A day that the Arctic years need is missing, or `parameters` name an index that there is not.
    """
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
    """Set each yearly index beside the years before it at every grid point, then average over cells.

    Parameters
    ----------
    climate_years
        Results of the plan of `plan_hourly_climate`.
    climate_file
        The files that they were made of: headers say which variables and days there are.
    cells, grid, years, min_known_fraction, parameters
        As for `derive_climate_indices`.

    Returns
    -------
    CellBlocks
        The dataset ``climate_features``: as of `derive_climate_indices`.

    Raises
    ------
    SchemaError, FeatureError
        As `plan_hourly_climate`.
    """
    from entropice.derive.climate.history import with_history
    from entropice.derive.climate.hourly import join_bands

    work, features = _hourly_work(climate_file, cells, years, parameters)
    fields = with_history(join_bands(climate_years, work), features, years)
    return derive_climate_fields(fields, cells, grid, years, min_known_fraction)


def derive_climate_fields(
    climate: Dataset, cells: GeoDataFrame, grid: str, years: list[int], min_known_fraction: float
) -> CellBlocks:
    """Average each field over cells; without a year of its own it is the same for every year.

    Parameters
    ----------
    climate
        Variables on (lat, lon), or with ``year``, whose years are `years`; coordinates ``lat`` and ``lon`` evenly
        spaced, ascending, degrees.
    cells
        ``cell_id area_m2 land_fraction geometry`` (EPSG:3413), sorted by id.
    grid, years
        Key of the grid, and label years.
    min_known_fraction
        Of the land of a cell, 0 to 1: where known grid boxes cover less, the value is NaN.

    Returns
    -------
    CellBlocks
        A cube of the group ``climate`` on (cell), or (cell, year): a variable a field, the mean of its known grid
        points weighted by the area that each grid box shares with the cell; NaN where a cell has none.

    Raises
    ------
    SchemaError
        An axis of longitude or latitude is not ascending and evenly spaced.
    FeatureError
        Ids of cells do not ascend.
    """
    from entropice.derive.cell_blocks import cube_in_blocks
    from entropice.derive.cube import fields_on_cells
    from entropice.dggs import parse_grid
    from entropice.zonal.lonlat_weights import overlap_areas_m2

    lon_deg, lat_deg, cell_m2 = climate["lon"].values, climate["lat"].values, cells["area_m2"].to_numpy()

    def features_of(where: slice) -> "list[Feature]":
        # Made for the cells of a block alone, so that memory does not grow with the number of cells.
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
    """What the features are called where the files hold every variable.

    First each index of the year itself, then normals, anomalies, lags and trends.

    Raises
    ------
    FeatureError
        The parameters name an index that there is not.
    """
    from entropice.derive.climate.history import derived_features
    from entropice.derive.climate.indices import INDICES

    return [feature.name for feature in derived_features(INDICES, _history(parameters))]
