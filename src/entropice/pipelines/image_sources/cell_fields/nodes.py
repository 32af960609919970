"""Nodes that make fields of the yearly climate of cells."""

from entropice.imagery.frames.window_rules import WindowSplitRules
from entropice.pipelines.image_sources.cell_fields.parameters import LawParameters
from entropice.pipelines.sources.era5.nodes import derive_climate_fields
from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset, GeoDataFrame


def sum_up_years(
    given_climate: Dataset, cells: GeoDataFrame, grid: str, min_known_fraction: float, parameters: ClimateParameters
) -> Dataset:
    """Every index of every whole Arctic year of the record, averaged over cells as the features are.

    Parameters
    ----------
    given_climate
        Monthly climate of the run that this one builds on, dims (time, lat, lon).
    cells
        ``cell_id area_m2 land_fraction geometry`` (EPSG:3413), sorted by id.
    grid
        Key of a grid whose cells are squares of faces, such as ``healpix_5``.
    min_known_fraction
        Of the land of a cell, 0 to 1: where known grid boxes cover less, the value is NaN.
    parameters
        First month of the Arctic year.

    Returns
    -------
    Dataset
        The dataset ``yearly_indices``, in memory: a variable a climate index, dims (cell, year), with every year of
        which all steps are there; coordinates ``cell_ids`` and ``year``.

    Raises
    ------
    GridError
        Cells of the grid do not lie in rows and columns.
    FeatureError
        No Arctic year is whole, or one is lacking between others.
    """
    from entropice.derive.climate.monthly import every_year, whole_years
    from entropice.dggs import parse_grid
    from entropice.dggs.faces import require_faces
    from entropice.pipelines.image_sources.cell_fields.requirements import require_series

    require_faces(parse_grid(grid))
    years = whole_years(given_climate, parameters.arctic_year_start_month)
    require_series(years, f"{given_climate.sizes['time']} steps without a whole year")
    indices = every_year(given_climate, years, parameters.arctic_year_start_month)
    return derive_climate_fields(indices, cells, grid, years, min_known_fraction).whole()


def lay_out_cells(
    yearly_indices: Dataset, grid: str, splits: WindowSplitRules, n_pixels: int
) -> tuple[Dataset, Dataset]:
    """Departures of every year from what is usual, cells side by side; and what is usual, from years of training.

    Parameters
    ----------
    yearly_indices
        Cube on (cell, year) of `sum_up_years`.
    grid
        Key of the grid.
    splits
        Which years are learned from: others do not say what is usual.
    n_pixels
        Edge of the sequences that will be cut: fields are as large at least.

    Returns
    -------
    Dataset
        The dataset ``fields``: float32 (time, y, x) of the bands ``departure_of_<index>``, how far a value lies from
        the level of the cell's line, in standard deviations about that line, (value − level) / spread; a pixel is a
        cell (coordinate ``cell_ids``), NaN where nothing is known.
    Dataset
        The dataset ``usual_years``, dims (index, cell): ``level slope_per_year spread`` of each line of least squares,
        the level that of its middle year (attribute ``middle_year``), the spread √(Σ residual² / (n − 2)), no less than
        a quarter of its root mean square over cells; NaN where fewer than five years are known
        (`entropice.derive.climate.departures`).

    Raises
    ------
    LabelError
        Fewer than five years are learned from.
    GridError
        Cells of the grid do not lie in rows and columns.
    """
    from entropice.derive.cell_fields import departure_fields, index_values
    from entropice.derive.climate.departures import usual_years
    from entropice.dggs import parse_grid
    from entropice.imagery.frames.window_splits import learned_steps
    from entropice.pipelines.image_sources.cell_fields.requirements import require_learned

    years = yearly_indices["year"].to_numpy()
    learned = learned_steps(len(years), splits)
    require_learned(learned)
    usual = usual_years(index_values(yearly_indices), years, learned)
    return departure_fields(yearly_indices, usual, parse_grid(grid), n_pixels), usual.to_dataset()


def forecast_by_law(
    given_climate: Dataset,
    world: Dataset,
    yearly_indices: Dataset,
    cells: GeoDataFrame,
    parameters: ClimateParameters,
    specification: VirtualArcticParameters,
    splits: WindowSplitRules,
    n_ahead: int,
    law: LawParameters,
    random_seed: int,
) -> Dataset:
    """Indices that may come by the law alone, from every year from which a later one is forecast.

    Parameters
    ----------
    given_climate, world, yearly_indices, cells
        Monthly climate (time, lat, lon), base units of the world, the cube on (cell, year), and the cells.
    parameters, specification
        First month of the Arctic year, and what the world is made of.
    splits, n_ahead
        Which years are later ones, that nothing is learned from, and how many years ahead are forecast: the first year
        from which forecasts are issued lies `n_ahead` years before the first later one.
    law, random_seed
        Number of draws, and their seed.

    Returns
    -------
    Dataset
        The dataset ``law_draws``: ``values``, float32 (issued, draw, horizon, index, cell), in the indices' units,
        issued up to the year before the last of the record. No model sees it.

    Raises
    ------
    ConfigError
        Years begin in another month than those of the law, October.
    """
    from entropice.imagery.frames.window_splits import later_steps
    from entropice.pipelines.image_sources.cell_fields.law import law_draws

    years = yearly_indices["year"].to_numpy()
    later = years[later_steps(len(years), splits)]
    return law_draws(
        world,
        specification,
        given_climate,
        yearly_indices,
        cells,
        range(int(later[0]) - n_ahead, int(later[-1])),
        n_ahead,
        law.n_draws,
        parameters.arctic_year_start_month,
        random_seed,
    )
