"""How far cells lie from the training of a model that is applied to them, by hand and by block."""

import logging
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.learning.application import OUTSIDE, Ranges, _joined, check_of
from entropice.learning.portable import PortableModel

ABOUT = {"units": "m", "group": "terrain", "statistic": "mean", "source": "ArcticDEM", "years": "all"}


@pytest.fixture
def model() -> PortableModel:
    seen, none = SimpleNamespace(feature_names=("slope",)), SimpleNamespace(feature_names=())
    return PortableModel(
        "model.json", seen, none, None, "h3_4", (2021,), {"slope": {**ABOUT, "minimum": 0.0, "maximum": 1.0}}
    )


def ranges(low: float, high: float, n_unknown: int, n_outside: int, n_unknown_group: int) -> Ranges:
    row = {"minimum": low, "maximum": high, "n_unknown": n_unknown, "n_outside": n_outside}
    return Ranges(pd.DataFrame([row], index=["slope"]), pd.Series({"terrain": n_unknown_group}))


PREDICTIONS = pd.DataFrame(
    {"year": [2022, 2022, 2021, 2022], "p_any": [0.1, np.nan, 0.3, 0.4], "is_applicable": [True, False, False, False]}
).assign(**{OUTSIDE: [0, 0, 2, 1]})


def test_blocks_together_have_the_extremes_and_sums_of_all() -> None:
    found = _joined([ranges(0.0, 0.5, 1, 0, 1), ranges(np.nan, np.nan, 3, 0, 2), ranges(-2.0, 0.1, 0, 4, 0)])

    assert found.by_feature.loc["slope"].to_dict() == {"minimum": -2, "maximum": 0.5, "n_unknown": 4, "n_outside": 4}
    assert found.unknown_by_group.to_dict() == {"terrain": 3}


def test_shares_are_of_all_rows(model: PortableModel) -> None:
    cube = xr.Dataset({"slope": ("cell", [0.0], ABOUT)})

    found = check_of(model, PREDICTIONS, ranges(-2.0, 0.5, 1, 2, 1), cube)

    assert found["n_cell_years"] == 4
    assert found["years"] == [2021, 2022]
    assert (found["share_predicted"], found["share_applicable"]) == (0.75, 0.25)
    assert found["share_with_features_outside_range"] == 0.5
    assert found["share_unknown_by_group"] == {"terrain": 0.25}
    (slope,) = found["features"]
    assert (slope["minimum_here"], slope["maximum_here"]) == (-2.0, 0.5)
    assert (slope["share_unknown"], slope["share_outside_range"]) == (0.25, 0.5)
    assert slope["source_here"] == slope["source"] == "ArcticDEM"


def test_another_source_is_told_and_warned_of(model: PortableModel, caplog: pytest.LogCaptureFixture) -> None:
    cube = xr.Dataset({"slope": ("cell", [0.0], ABOUT | {"source": "Copernicus"})})

    with caplog.at_level(logging.WARNING):
        (slope,) = check_of(model, PREDICTIONS, ranges(np.nan, np.nan, 4, 0, 4), cube)["features"]

    assert (slope["source"], slope["source_here"]) == ("ArcticDEM", "Copernicus")
    assert (slope["minimum_here"], slope["maximum_here"]) == (None, None)
    assert "such as slope: Copernicus, not ArcticDEM" in caplog.text
