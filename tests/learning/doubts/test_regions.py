"""Calibration by region: the bias of each, and an interval that covers it."""

import numpy as np
import pandas as pd

from entropice.dggs.sectors import sectors
from entropice.learning.doubts.regions import regional_calibration


def rows(bias: float, seed: int, n_blocks: int = 40, region: str = "east") -> pd.DataFrame:
    """25 rows a block whose own frequency varies; P(any) is higher than the frequency by the bias."""
    random = np.random.default_rng(seed)
    frequency = np.repeat(random.uniform(0.1, 0.5, n_blocks), 25)
    return pd.DataFrame(
        {
            "region": region,
            "block": np.repeat(np.arange(n_blocks), 25),
            "p_any": 0.3 + bias,
            "is_positive": random.random(len(frequency)) < frequency,
        }
    )


def test_each_region_has_its_own_bias() -> None:
    both = pd.concat([rows(0.2, 1), rows(-0.1, 2, region="west")])
    table = regional_calibration(both, 0, 500).set_index("region")
    assert table.loc["east", "low_95"] > 0.1
    assert table.loc["west", "high_95"] < 0
    np.testing.assert_allclose(table["bias"], table["mean_p_any"] - table["frequency"])
    assert table["n_blocks"].tolist() == [40, 40]


def test_the_interval_holds_the_true_bias_as_often_as_it_says() -> None:
    holds = []
    for seed in range(200):
        table = regional_calibration(rows(0.05, seed), seed, 300).iloc[0]
        holds.append(table["low_95"] <= 0.05 <= table["high_95"])
    assert 0.88 < np.mean(holds) < 0.99


def test_one_block_has_no_interval() -> None:
    table = regional_calibration(rows(0.0, 1, n_blocks=1), 0, 100).iloc[0]
    assert np.isnan([table["low_95"], table["high_95"]]).all()
    assert table["n_cell_years"] == 25


def test_sectors_go_round_the_pole_once() -> None:
    names = sectors(np.array([-180.0, -136.0, -0.1, 0.0, 179.9, 180.0]))
    assert names.tolist() == ["-180 to -135", "-180 to -135", "-45 to 0", "0 to 45", "135 to 180", "-180 to -135"]
    assert sectors(np.arange(-180.0, 180.0)).nunique() == 8
