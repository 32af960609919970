"""The map in label years, with the climate that came and with climates that were forecast years before."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from entropice.derive.climate.history import Derived
from entropice.errors import LabelError
from entropice.imagery.frames.window_splits import later_steps
from entropice.io.model_of_run import ModelOfRun
from entropice.learning.folds import SPATIAL
from entropice.learning.outlook.feature_years import climate_of_years
from entropice.learning.outlook.forecasts import NETWORK, SIMPLE_FORECASTS, YearlyRecord
from entropice.learning.outlook.map_scores import fold_fits, map_score_table, mean_chances
from entropice.learning.samples import Samples
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.frames.parameters import FrameSampleParameters
from entropice.pipelines.modelling.nodes import observed_samples
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.pipelines.outlook.asking import features_asked, model_of, with_years
from entropice.pipelines.outlook.forecasting import Way, values_of, way_of
from entropice.pipelines.outlook.parameters import OutlookParameters
from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.types import BoolArray, DataFrame, Dataset, FloatArray, GeoDataFrame, IntArray


def map_scores(
    index_forecasts: Dataset,
    record: YearlyRecord,
    indices: Dataset,
    samples: FrameSampleParameters,
    given_model: ModelOfRun,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    climate: ClimateParameters,
    training_table: DataFrame,
    folds: DataFrame,
    splitting: FoldParameters,
    outlook: OutlookParameters,
    random_seed: int,
) -> DataFrame:
    """Scores of the map by horizon and way to forecast, and with the climate that came, on labels of other years.

    ``model compared_with score part horizon value low_95 high_95 n_blocks n``, ``observed`` being the map with the
    climate that came, without a horizon; scores are ``log_skill``, ``rpss``, ``brier_skill`` and ``auc``. Chances are
    the mean over up to ``n_map_draws`` draws of the climate (`chosen_draws`). The training table and the folds are
    those of the run that the model is of. The model of the map is fitted again to the training rows of every spatial
    fold, and each row is asked of the fit that has not seen it.

    Raises
    ------
    LabelError
        There is no label of a year that nothing was learned from; an observed land area is not positive; or as
        `entropice.pipelines.outlook.forecasting.way_of`.
    FeatureError
        Climate features of the run are not made here, or of other years.
    GridError, ModelFileError
        As `entropice.pipelines.outlook.asking.model_of`.
    ValueError
        No row of such a year has a chance under every climate.
    """
    model = model_of(given_model, grid, features)
    asked = features_asked(indices, climate, features)
    later = record.years[later_steps(len(record.years), samples.splits)]
    is_later = training_table["year"].isin(later).to_numpy()
    _require_labels(training_table, is_later, later)
    seen = observed_samples(training_table, features, cells, grid, splitting)
    codes = model.classes.assign(training_table["rts_area_fraction"].to_numpy())
    n_classes = len(model.classes.names)
    spatial = folds[folds["scheme"] == SPATIAL]
    fits = fold_fits(model.predictor, seen, codes, training_table, spatial, n_classes)
    years = sorted(training_table.loc[is_later, "year"].unique().tolist())

    def drawn(way: Way, ahead: int) -> Iterator[Samples]:
        """All rows with the climate of their year as it was forecast so many years before; one draw after the other."""
        for draw in chosen_draws(len(way.dressing.errors), outlook.n_map_draws):
            climates = [_climate_of(way, record, indices, year, ahead, draw, asked) for year in years]
            yield _with_climate(seen, training_table, pd.concat(climates))

    ways = [
        way_of(name, index_forecasts, record, samples) for name in (NETWORK, *(one.name for one in SIMPLE_FORECASTS))
    ]
    chances = {
        (way.name, float(ahead)): _of_later(mean_chances(fits, drawn(way, ahead), n_classes), is_later)
        for way in ways
        for ahead in range(1, samples.windows.future_horizons + 1)
    }
    places = splitting.places_of(cells, grid).loc[training_table["cell_id"]]
    return map_score_table(
        chances,
        _of_later(mean_chances(fits, [seen], n_classes), is_later),
        fits,
        codes,
        places["block"].to_numpy(),
        places["land_area_m2"].to_numpy(),
        lambda n_blocks: block_replicates(n_blocks, random_seed, outlook.n_bootstrap),
    )


def chosen_draws(n_draws: int, at_most: int) -> list[int]:
    """Numbers of draws, evenly spread over all, ascending, at most `at_most`; of two or more the last is one.

    >>> chosen_draws(9, 3), chosen_draws(2, 5), chosen_draws(9, 1)
    ([0, 4, 8], [0, 1], [0])
    """
    chosen: list[int] = np.unique(np.linspace(0, n_draws - 1, min(at_most, n_draws)).round().astype(int)).tolist()
    return chosen


def _climate_of(
    way: Way, record: YearlyRecord, indices: Dataset, year: int, ahead: int, draw: int, asked: Sequence[Derived]
) -> DataFrame:
    """Climate features ``cell_id year …`` of a year, drawn from what was forecast so many years before."""
    issued = year - ahead
    values = values_of(way.draws(issued)[draw : draw + 1], record, issued)[0, :ahead]
    joined, years = with_years(indices, values, issued + 1)
    cube = climate_of_years(joined, years, indices, asked, [year])
    frame = pd.DataFrame({name: cube[name].to_numpy()[:, 0] for name in cube.data_vars})
    return frame.assign(cell_id=cube["cell_ids"].to_numpy(), year=year)


def _with_climate(samples: Samples, table: DataFrame, climate: DataFrame) -> Samples:
    """The rows with other climate features, where there are any of their year."""
    keys = pd.MultiIndex.from_frame(table[["cell_id", "year"]].astype({"cell_id": np.uint64}))
    by_row = climate.astype({"cell_id": np.uint64}).set_index(["cell_id", "year"]).reindex(keys)
    is_there = keys.isin(climate.astype({"cell_id": np.uint64}).set_index(["cell_id", "year"]).index)
    names = [name for name in by_row.columns if name in samples.features]
    changed = {name: np.where(is_there, by_row[name].to_numpy(), samples.features[name].to_numpy()) for name in names}
    return replace(samples, features=samples.features.assign(**changed))


def _require_labels(table: DataFrame, is_later: BoolArray, later: IntArray) -> None:
    if not is_later.any():
        raise LabelError(
            "No label is of a year that forecasts did not learn from.",
            field="samples.splits.n_later_steps",
            got=f"labels of {', '.join(map(str, sorted(table['year'].unique())))}",
            expected=f"some of {later[0]} to {later[-1]}",
            fix="hold back more years (n_later_steps), or build on a run with labels of later ones",
        )


def _of_later(chances: FloatArray, is_later: BoolArray) -> FloatArray:
    """Rows of years that forecasts learned from count nowhere."""
    return np.where(is_later[:, None], chances, np.nan)
