"""How good forecasts of indices are in years that nothing was learned from."""

from collections.abc import Iterator, Sequence

import numpy as np

from entropice.derive.cell_fields import index_names, index_values
from entropice.derive.climate.departures import UsualYears
from entropice.dggs import parse_grid
from entropice.imagery.frames.window_splits import later_steps
from entropice.learning.outlook.forecasts import LAW, NETWORK, SIMPLE_FORECASTS, YearlyRecord
from entropice.learning.outlook.index_scores import index_score_table, index_sums
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.frames.parameters import FrameSampleParameters
from entropice.pipelines.outlook.forecasting import values_of, way_of
from entropice.pipelines.outlook.parameters import OutlookParameters
from entropice.types import DataFrame, Dataset, Float32Array, FloatArray, GeoDataFrame, IntArray

DrawsFrom = dict[int, Float32Array]
"""Departures (n_draw, n_horizon, n_index, n_cell) by the year from which they are drawn."""


def record_of(yearly_indices: Dataset, usual: Dataset) -> YearlyRecord:
    """Values (n_year, n_index, n_cell) of a cube on (cell, year), indices sorted; what is usual, on (index, cell)."""
    years: IntArray = yearly_indices["year"].to_numpy()
    return YearlyRecord(years, index_values(yearly_indices), UsualYears.from_dataset(usual))


def index_scores(
    index_forecasts: Dataset,
    yearly_indices: Dataset,
    usual: Dataset,
    samples: FrameSampleParameters,
    cells: GeoDataFrame,
    grid: str,
    outlook: OutlookParameters,
    random_seed: int,
    law_draws: Dataset | None,
) -> DataFrame:
    """Scores of the network, of simple forecasts, and of the law where it is known, by horizon.

    ``model compared_with score part horizon value low_95 high_95 n_blocks n`` of forecasts (issued, horizon, index,
    cell), indices (cell, year), what is usual (index, cell) and draws of the law (issued, draw, horizon, index, cell),
    None where it is not known; the cells are in one order in all of them. Scores are ``crps``, ``coverage_90``,
    ``width_90`` and ``index_rmse`` (`INDEX_SCORES`) of departures, in the last ``n_later_steps`` years. Blocks are
    parent cells in one year; those in which models were scored on unequally many cells count nowhere, so that all
    answer the same question.

    Raises
    ------
    LabelError
        As `way_of`.
    ValueError
        Nothing was said from a year from which a later one is judged.
    """
    record = record_of(yearly_indices, usual)
    judged = record.years[later_steps(len(record.years), samples.splits)]
    parsed = parse_grid(grid)
    _, block = np.unique(parsed.parents(cells["cell_id"].to_numpy(), outlook.block_level), return_inverse=True)
    n_horizons = samples.windows.future_horizons
    issued = range(int(judged[0]) - n_horizons, int(judged[-1]))
    sums = {
        name: {
            ahead: np.concatenate([_year_sums(draws, record, int(year), ahead, block) for year in judged])
            for ahead in range(1, n_horizons + 1)
        }
        for name, draws in _draws_of(index_forecasts, record, samples, issued, law_draws)
    }
    return index_score_table(
        _common(sums),
        NETWORK,
        index_names(yearly_indices),
        lambda n_blocks: block_replicates(n_blocks, random_seed, outlook.n_bootstrap),
    )


def _draws_of(
    index_forecasts: Dataset,
    record: YearlyRecord,
    samples: FrameSampleParameters,
    issued: Sequence[int],
    law_draws: Dataset | None,
) -> Iterator[tuple[str, DrawsFrom]]:
    for name in (NETWORK, *(each.name for each in SIMPLE_FORECASTS)):
        way = way_of(name, index_forecasts, record, samples)
        yield name, {year: record.usual.departures(values_of(way.draws(year), record, year)) for year in issued}
    if law_draws is not None:
        yield LAW, _law(law_draws, record)


def _law(law_draws: Dataset, record: YearlyRecord) -> DrawsFrom:
    values = law_draws["values"].to_numpy()
    return {
        year: record.usual.departures(values[place])
        for place, year in enumerate(law_draws["issued"].to_numpy().tolist())
    }


def _year_sums(draws: DrawsFrom, record: YearlyRecord, year: int, ahead: int, block: IntArray) -> FloatArray:
    """Sums (n_block, n_index, …) of one year, forecast so many years before."""
    return index_sums(draws[year - ahead][:, ahead - 1], record.departures([year])[0], block)


def _common(sums: dict[str, dict[int, FloatArray]]) -> dict[str, dict[int, FloatArray]]:
    """Blocks in which every model was scored on as many cells; others would not be the same question."""
    kept: dict[str, dict[int, FloatArray]] = {name: {} for name in sums}
    for ahead in sums[NETWORK]:
        counts = np.stack([of[ahead][..., 0] for of in sums.values()])
        is_same = (counts == counts[0]).all(axis=0)
        for name, of in sums.items():
            kept[name][ahead] = of[ahead] * is_same[..., None]
    return kept
