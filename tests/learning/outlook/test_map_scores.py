"""The map with forecast climates beside the map with the climate that came."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from entropice.learning.outlook.asked import COLUMNS, chances_of_draws, outlook_table
from entropice.learning.outlook.map_scores import OBSERVED, TOLD, Fold, map_score_table, mean_chances
from entropice.learning.samples import Samples
from entropice.learning.scores.table import block_replicates
from entropice.types import FloatArray

RANDOM = np.random.default_rng(0)
N = 200
BLOCK = np.repeat(np.arange(10), N // 10)


class Warmer:
    """P(any) rises with warmth, more or less steeply."""

    def __init__(self, slope: float) -> None:
        self.slope = slope

    def predict_proba(self, samples: Samples, _n_classes: int) -> FloatArray:
        chance = 1 / (1 + np.exp(-self.slope * samples.features["warmth"].to_numpy()))
        return np.column_stack([1 - chance, chance])


def samples_of(warmth: np.ndarray) -> Samples:
    return Samples(pd.DataFrame({"warmth": warmth}), np.zeros((len(warmth), 2)), BLOCK[: len(warmth)])


def folds(model: Any) -> list[Fold]:
    is_even = BLOCK % 2 == 0
    return [Fold(model, part, np.array([0.5, 0.5])) for part in (is_even, ~is_even)]


def replicates(n_blocks: int) -> FloatArray:
    return block_replicates(n_blocks, 0, 100)


def test_a_climate_that_is_forecast_worse_makes_a_worse_map() -> None:
    warmth = RANDOM.normal(size=N) * 2
    codes = (RANDOM.uniform(size=N) < 1 / (1 + np.exp(-warmth))).astype(np.int64)
    fits = folds(Warmer(1.0))
    observed = mean_chances(fits, [samples_of(warmth)], 2)
    chances = {
        ("network", float(ahead)): mean_chances(fits, [samples_of(warmth + RANDOM.normal(size=N) * noise)], 2)
        for ahead, noise in ((1, 0.0), (2, 3.0))
    }
    table = map_score_table(chances, observed, fits, codes, BLOCK, np.ones(N), replicates)
    lead = table[(table["compared_with"] == OBSERVED) & (table["score"] == "log_skill")].set_index("horizon")

    assert set(table["score"]) == set(TOLD)
    assert lead.loc[1.0, "value"] == 0
    assert lead.loc[2.0, "high_95"] < 0
    assert (table["n"] == N).all()


def test_rows_without_a_forecast_count_nowhere() -> None:
    warmth = RANDOM.normal(size=N)
    codes = (RANDOM.uniform(size=N) < 0.5).astype(np.int64)
    fits = folds(Warmer(1.0))
    observed = mean_chances(fits, [samples_of(warmth)], 2)
    observed[:50] = np.nan
    table = map_score_table({("trend", 1.0): observed}, observed, fits, codes, BLOCK, np.ones(N), replicates)

    assert (table["n"] == N - 50).all()


def test_an_outlook_holds_the_doubts_of_climate_and_model() -> None:
    members = [SimpleNamespace(predictor=Warmer(slope)) for slope in (0.5, 1.5, 2.5)]
    steady = [samples_of(np.ones(4))] * 12
    stormy = [samples_of(np.ones(4) + shift) for shift in RANDOM.normal(size=12)]
    keys = pd.DataFrame({"cell_id": np.arange(4, dtype=np.uint64), "year": 2024})
    told = [
        outlook_table(keys, pd.Series([1] * 4), *chances_of_draws(Warmer(1.5), who, drawn, 2))
        for drawn, who in ((steady, members), (stormy, members[1:2]), (stormy, members))
    ]
    widths = [float((each["p_any_high"] - each["p_any_low"]).iloc[0]) for each in told]

    assert list(told[0].columns) == list(COLUMNS)
    assert widths[2] > max(widths[0], widths[1]) > 0
    assert told[0]["p_any_climate_sd"].iloc[0] < 1e-12
    assert told[1]["p_any_model_sd"].iloc[0] < 1e-12
    np.testing.assert_allclose(told[0]["p_any"], 1 / (1 + np.exp(-1.5)))
