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
    """Every index of every whole Arctic year of the record, averaged over cells as the features are."""
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
    """Departures of every year from what is usual, cells side by side; and what is usual, from years of training."""
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
    """Indices that may come by the law alone, from every year from which a later one is forecast."""
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
