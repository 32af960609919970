"""What a map says of a unit counts where enough of the unit's land is mapped, by hand."""

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from entropice.comparison.finished_run import DENSITY, PROBABILITY
from entropice.comparison.unit_forecasts import maps_on_units
from entropice.comparison.units import Overlap

ONE_UNIT = gpd.GeoDataFrame({"area_m2": [100.0], "land_fraction": [0.4]}, geometry=[None])
TWO_CELLS = Overlap(np.array([0, 1]), np.array([0, 0]), np.array([1.0, 0.5]), 1)
LAND_M2 = [20.0, 20.0]  # half of the second cell lies in the unit
VALUES = {DENSITY: np.array([0.3, 0.6]), PROBABILITY: np.array([0.3, np.nan])}


@pytest.mark.parametrize(
    ("quantity", "min_covered_share", "expected"),
    [
        (DENSITY, 0.75, (0.3 * 20 + 0.6 * 10) / 30),  # 30 of the unit's 40 m² of land
        (DENSITY, 0.76, np.nan),
        (PROBABILITY, 0.5, 0.3),  # 20 of 40 m²
        (PROBABILITY, 0.51, np.nan),
    ],
)
def test_the_share_that_must_be_mapped_is_of_the_units_land(
    quantity: str, min_covered_share: float, expected: float
) -> None:
    run: Any = SimpleNamespace(
        cells=pd.DataFrame({"land_area_m2": LAND_M2}),
        run=SimpleNamespace(years=[2021]),
        mapped=lambda name, year: VALUES[name],
    )

    (found,) = maps_on_units(run, ONE_UNIT, TWO_CELLS, min_covered_share)[quantity, 2021]

    assert found == pytest.approx(expected, nan_ok=True)
