import numpy as np
import pytest
import xarray as xr

from entropice.errors import FeatureError
from entropice.learning.feature_choice import choose_features

CUBE = xr.Dataset(
    {name: ("cell", np.arange(3.0), {"group": "g"}) for name in ("slope_mean_deg", "slope_sd_deg", "snowfall_mm")},
    coords={"cell_ids": ("cell", np.arange(3, dtype=np.uint64)), "year": ("year", [2021])},
)


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["*"], ["slope_mean_deg", "slope_sd_deg", "snowfall_mm"]),
        (["snowfall_mm", "slope_*"], ["slope_mean_deg", "slope_sd_deg", "snowfall_mm"]),
        (["slope_??_deg"], ["slope_sd_deg"]),
    ],
)
def test_names_and_patterns_choose_in_the_order_of_the_cube(patterns, expected):
    chosen = choose_features(CUBE, patterns)

    assert list(chosen.data_vars) == expected
    assert set(chosen.coords) == set(CUBE.coords)
    assert chosen["year"].to_numpy().tolist() == [2021]


def test_a_pattern_that_matches_nothing_is_refused_by_name():
    with pytest.raises(FeatureError) as caught:
        choose_features(CUBE, ["slope_*", "Snowfall_*", "rain"])

    assert caught.value.got == "Snowfall_*, rain"
    assert "snowfall_mm" in str(caught.value)
