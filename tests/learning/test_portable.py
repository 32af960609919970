"""A model is taken to other cells only where its features mean what they meant in training."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.errors import FeatureError, GridError, ModelFileError
from entropice.learning.portable import BINDING, TOLD, PortableModel, is_outside, unpack

ABOUT = {"units": "m", "group": "terrain", "statistic": "mean", "source": "ArcticDEM", "years": "all"}
RANGES = {"seen": (0.0, 2.0), "doubted": (-1.0, 1.0), "never_known": (None, None), "unseen": (0.0, 1.0)}


@pytest.fixture
def model() -> PortableModel:
    """Its predictor sees two features and its doubts another; a fourth stands in the training rows alone."""
    features = {
        name: {**ABOUT, "minimum": low, "maximum": high} for name, (low, high) in RANGES.items()
    }  # fmt: skip
    predictor, doubts = (SimpleNamespace(feature_names=names) for names in (("never_known", "seen"), ("doubted",)))
    return PortableModel("model.json", predictor, doubts, None, "h3_4", (2021,), features)


def cube(**changes: dict[str, str]) -> xr.Dataset:
    names = ("seen", "doubted", "never_known")
    return xr.Dataset({name: ("cell", [0.0], ABOUT | changes.get(name, {})) for name in names})


def test_features_that_are_seen_stand_in_the_order_of_the_training_rows(model: PortableModel) -> None:
    assert model.feature_names == ("seen", "doubted", "never_known")
    model.require_same("h3_4", cube())
    assert model.differences(cube()) == {}


def test_another_grid_is_refused(model: PortableModel) -> None:
    with pytest.raises(GridError) as refused:
        model.require_same("h3_3", cube())

    assert (refused.value.path, refused.value.got, refused.value.expected) == ("model.json", "h3_3", "h3_4")


def test_a_feature_that_is_lacking_is_refused_with_its_source(model: PortableModel) -> None:
    with pytest.raises(FeatureError, match="no such features") as refused:
        model.require_same("h3_4", cube().drop_vars("seen"))

    assert refused.value.field == "seen"
    assert "ArcticDEM" in refused.value.fix


@pytest.mark.parametrize("key", BINDING)
def test_what_decides_what_a_number_means_must_be_the_same(model: PortableModel, key: str) -> None:
    with pytest.raises(FeatureError, match="not what it was") as refused:
        model.require_same("h3_4", cube(doubted={key: "other"}))

    assert (refused.value.field, refused.value.got, refused.value.expected) == (f"doubted: {key}", "other", ABOUT[key])


@pytest.mark.parametrize("key", TOLD)
def test_what_does_not_decide_it_may_differ_and_is_told(model: PortableModel, key: str) -> None:
    other = cube(doubted={key: "other"})

    model.require_same("h3_4", other)

    assert model.differences(other) == {("doubted", key): "other"}


def test_only_known_values_beyond_the_range_of_training_are_outside(model: PortableModel) -> None:
    """Both ends are inside. Where training knew nothing, every value that is known is new."""
    rows = pd.DataFrame({"seen": [0.0, 2.0, 2.1, np.nan], "doubted": [-1.1, 0.0, 1.0, np.nan]})

    found = is_outside(model, rows.assign(never_known=[np.nan, 5.0, 0.0, np.nan]))

    assert found["seen"].tolist() == [False, False, True, False]
    assert found["doubted"].tolist() == [True, False, False, False]
    assert found["never_known"].tolist() == [False, True, True, False]


@pytest.mark.parametrize("document", [{}, {"format": "another", "format_version": 1}])
def test_a_document_of_another_format_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ModelFileError) as refused:
        unpack({}, document, "model.json")

    assert refused.value.got == (document.get("format"), document.get("format_version"))
