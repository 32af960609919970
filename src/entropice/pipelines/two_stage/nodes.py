"""Nodes of where to look: what cells let one expect, which are left out, and which tiles a budget is spent on."""

from typing import Any

from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.pipelines.two_stage.parameters import BudgetParameters
from entropice.types import DataFrame, GeoDataFrame
from entropice.units import M2_PER_KM2


def expect_objects(
    given_out_of_fold: DataFrame,
    given_folds: DataFrame,
    given_fold_classes: dict[str, Any],
    given_training_table: DataFrame,
    given_classes: dict[str, Any],
    given_predictions: DataFrame,
    given_map_model: dict[str, Any],
) -> DataFrame:
    """Expected objects per km² of every cell and predicted year, by models that have not seen the cell's labels.

    Σ over classes of probability × mean ``rts_per_km2`` of the class, out of fold (model of the map, scheme
    ``spatial``, means of the fold's training rows) where the cell was observed, else by the map and the means of all
    rows.

    Parameters
    ----------
    given_out_of_fold, given_folds, given_fold_classes, given_training_table, given_classes, given_predictions
        Datasets of the run that this one builds on.
    given_map_model
        Which model draws its map: ``name``.

    Returns
    -------
    DataFrame
        The dataset ``expected_density``: ``cell_id year expected_per_km2 is_out_of_fold``, by cell and year; NaN where
        there is no forecast.

    Raises
    ------
    SchemaError
        A cell and year has several forecasts out of fold, or the map has none of a year.
    """
    from entropice.learning.classes import DensityClasses
    from entropice.learning.folds import SPATIAL
    from entropice.learning.two_stage.expected_density import class_means, expected_density, means_by_fold

    is_map_model = given_out_of_fold["model"] == given_map_model["name"]
    # The scheme that tests every observed row once, by fits that know nothing of its neighbours either.
    held_out = given_out_of_fold[is_map_model & (given_out_of_fold["scheme"] == SPATIAL)]
    folds = given_folds[given_folds["scheme"] == SPATIAL]
    return expected_density(
        held_out,
        means_by_fold(given_training_table, folds, given_fold_classes),
        given_predictions,
        class_means(given_training_table, DensityClasses.from_json(given_classes)),
        sorted(set(given_predictions["year"])),
    )


def fit_gate(
    expected_density: DataFrame,
    given_training_table: DataFrame,
    cells: GeoDataFrame,
    grid: str,
    splitting: FoldParameters,
    missed_share: float,
) -> dict[str, Any]:
    """The density below which cells are left out, what it misses and saves, and what others would.

    It is the largest density t of a row with n / (n + 1) · mean L(t) + 1 / (n + 1) ≤ `missed_share`, L(t) the share of
    a block's slumps that lie in cells below t, over the n blocks with slumps, which count alike; none (null: all pass)
    where they are too few (`entropice.learning.two_stage.gate.fit_gate`).

    Parameters
    ----------
    expected_density
        Of `expect_objects`, each cell and year once.
    given_training_table
        ``cell_id year rts_count observed_land_area_m2``: cells and years without a density are left out.
    cells, grid, splitting
        ``cell_id area_m2 land_fraction``, key of the grid, and level of the blocks, parent cells.
    missed_share
        Bound, above 0 and below 1, of the mean share of a block's slumps that lie in cells below the threshold.

    Returns
    -------
    dict
        The dataset ``gate``: ``bound threshold_per_km2 missed_share n_blocks``; ``land_saved``, the share of all land
        that the gate leaves out in the latest year; ``curve``, rows ``threshold_per_km2 missed_share land_saved`` of
        what some thresholds would miss and save of the observed land. A cell with just the threshold passes, and one
        without a density does: unknown is not low.

    Raises
    ------
    LabelError
        No block holds a slump.
    """
    import numpy as np

    from entropice.learning.training_table import KEYS
    from entropice.learning.two_stage.gate import fit_gate as fit
    from entropice.learning.two_stage.gate import risk_curve

    places = splitting.places_of(cells, grid)
    rows = given_training_table.merge(expected_density, on=KEYS, validate="one_to_one")
    density, n_objects = rows["expected_per_km2"].to_numpy(), rows["rts_count"].to_numpy(np.float64)
    _, block = np.unique(places["block"].loc[rows["cell_id"]], return_inverse=True)
    gate = fit(density, n_objects, block, missed_share)
    curve = risk_curve(density, n_objects, rows["observed_land_area_m2"].to_numpy(), block)
    latest = expected_density[expected_density["year"] == expected_density["year"].max()]
    land_m2 = places["land_area_m2"].loc[latest["cell_id"]].to_numpy()
    left_out = ~gate.passes(latest["expected_per_km2"].to_numpy())
    return {
        **gate.to_json(),
        "land_saved": float(land_m2[left_out].sum() / land_m2.sum()),
        "curve": curve.rename(columns={"threshold": "threshold_per_km2"}).to_dict("records"),
    }


def choose_tiles(
    expected_density: DataFrame,
    cells: GeoDataFrame,
    land: GeoDataFrame,
    given_coverage: GeoDataFrame,
    grid: str,
    budget: BudgetParameters,
    mapping: MappingParameters,
    random_seed: int,
) -> DataFrame:
    """The tiles that a budget is spent on, of all that nobody has searched: some of each best cell, some at random.

    What counts is the last year of the mapping. Cells are taken by falling density, equals by id, each with up to
    ``max_per_cell`` of its tiles, drawn at random, until the budget is spent but for ``random_share`` of it (rounded,
    two at least); these are drawn from the tiles of all other cells.

    Parameters
    ----------
    expected_density
        Of `expect_objects`; a cell without a density is none of the best, but may be drawn at random.
    cells, land
        ``cell_id geometry`` and ``geometry``, EPSG:3413.
    given_coverage
        ``year geometry``: a tile whose middle lies in ground searched in the year is left out.
    grid
        Key of the grid.
    budget, mapping, random_seed
        How many tiles, which share of them at random, how many of a cell; their size and the years; the draw.

    Returns
    -------
    DataFrame
        The dataset ``chosen_tiles``: ``key left_m top_m pixel_m n_pixels cell_id land_area_m2 expected stratum
        inclusion is_best``, from north-west to south-east; ``expected`` slumps in the tile, density × land, NaN where
        nothing is expected; ``stratum`` the cell's id as a text where it is one of the best (``is_best``), else
        ``others``; and ``inclusion`` the chance with which it was drawn, drawn over all tiles of the stratum.

    Raises
    ------
    LabelError
        No tile holds land.
    ConfigError
        There are not more tiles than the budget.
    """
    from entropice.dggs import parse_grid
    from entropice.imagery.tile_frame import middles_on, tile_frame
    from entropice.learning.two_stage.spread_budget import Budget, spread_tiles

    year = mapping.years[-1]
    searched = given_coverage[given_coverage["year"] == year]
    everything = tile_frame(cells, land, mapping.tiles.pixel_m, mapping.tiles.n_pixels, parse_grid(grid))
    frame = everything[~middles_on(everything, searched)].reset_index(drop=True)
    of_year = expected_density[expected_density["year"] == year].set_index("cell_id")["expected_per_km2"]
    density = of_year.reindex(frame["cell_id"]).to_numpy()
    expected = density * frame["land_area_m2"].to_numpy() / M2_PER_KM2
    # Cells are ranked by density: a tile at the coast expects less only since it holds less land.
    chosen = spread_tiles(frame["cell_id"].to_numpy(), density, Budget(**budget.model_dump()), random_seed)
    return frame.assign(expected=expected).join(chosen, how="inner").reset_index(drop=True)
