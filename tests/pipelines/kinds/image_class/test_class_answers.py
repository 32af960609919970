# ruff: noqa: PD011 - these are the values of images

import numpy as np
import pandas as pd
import pytest
from task_runs import SAMPLES

from entropice.imagery.bands import RGB
from entropice.imagery.map_layers import Ramp
from entropice.imagery.places import places_table
from entropice.imagery.samples import Image, Place
from entropice.imagery.splits import TEST, VALIDATION
from entropice.io.arrays import Arrays
from entropice.pipelines.kinds.expectations import PublishedExpectation, told_beside
from entropice.pipelines.kinds.image_class.answers import layers_of_test
from entropice.pipelines.kinds.image_class.parameters import ClassSampleParameters
from entropice.pipelines.kinds.mosaic_layers import keys_of_test
from entropice.pipelines.kinds.pictures import picture_of

NAMED = [{"name": name, "title": name.title(), "colour": "#000000"} for name in ("low", "middle", "high")]
PLACES = {
    "a": Place(0.0, 40.0, 10.0, 4, 2020),
    "b": Place(20.0, 40.0, 10.0, 4, 2020),
    "c": Place(20.0, 40.0, 10.0, 4, 2021),
    "strange": Place(100.0, 40.0, 10.0, 4, 2020),
}


@pytest.fixture
def said() -> Arrays:
    """The first image is low, the two that lie half on it high; one more is high, and strange."""
    logits = 3.0 * np.eye(3)[[0, 2, 2, 2]]
    arrays = {
        f"network_{TEST}": logits,
        f"labels_{TEST}": np.array([0, 2, 2, 0]),
        f"blocks_{TEST}": np.arange(4, dtype=np.uint64),
        f"strangeness_{TEST}": np.array([1.0, 1.0, 1.0, 9.0]),
        "prior": np.full(3, 1 / 3),
    }
    return Arrays(arrays, {"models": ["network"]})


def test_numbers_of_classes_are_never_averaged(said: Arrays) -> None:
    """The mean of low and high would be middle, which nobody has said."""
    alarm = Arrays(
        {"means": np.zeros((3, 1)), "precisions": np.ones((3, 1, 1))}, {"threshold": 5.0, "false_alarm_rate": 0.1}
    )
    calibration = {"network": {"slope": 1.0, "intercepts": [0.0, 0.0, 0.0]}}
    splits = pd.DataFrame({"key": list(PLACES), "split": TEST})
    samples = ClassSampleParameters.model_validate(SAMPLES | {"classes": NAMED})

    answer, chance = layers_of_test(said, alarm, calibration, splits, places_table(PLACES), samples)

    assert answer.values.shape == (4, 14)
    assert (answer.values[:, :2] == 0).all()
    assert (answer.values[:, 2:6] == 2).all()
    assert (answer.values[:, 10:] == 3).all()
    assert np.isnan(answer.values[:, 6:10]).all()
    expected = np.exp(3) / (np.exp(3) + 2)
    np.testing.assert_allclose(chance.values[:, :6], expected, rtol=1e-6)
    assert np.isnan(chance.values[:, 6:]).all()


def test_only_test_images_are_on_the_map() -> None:
    splits = pd.DataFrame({"key": ["a", "b", "c"], "split": [TEST, VALIDATION, TEST]})

    assert keys_of_test(splits) == ["a", "c"]


def test_pictures_are_not_stretched_and_grey_where_nothing_is_known() -> None:
    values = np.full((3, 2, 2), 0.25, np.float32)
    values[2], values[0, 1, 1] = 1.4, 0.0
    valid = np.ones(values.shape, bool)
    valid[:, 0, 0] = False

    picture = picture_of(Image(RGB, values, valid), "one")

    assert picture.style is None
    np.testing.assert_allclose(picture.values[0, 0], 0.5)
    np.testing.assert_allclose(picture.values[0, 1], [0.25, 0.25, 1.0])
    np.testing.assert_allclose(picture.values[1, 1], [0.0, 0.25, 1.0])


def test_images_without_colours_are_shown_by_their_first_band() -> None:
    values = np.array([[[-500.0, 20.0]]], np.float32)

    picture = picture_of(Image(("elevation",), values, np.array([[[False, True]]])), "height")

    assert isinstance(picture.style, Ramp)
    assert picture.unit == "m"
    assert np.isnan(picture.values[0, 0])
    assert picture.values[0, 1] == 20


def test_expectations_are_told_of_the_score_part_and_horizon_that_they_name() -> None:
    row = {"model": "network", "compared_with": None, "low_95": 0.5, "high_95": 0.9}
    scores = pd.DataFrame(
        [
            row | {"score": "recall", "part": "thin", "horizon": np.nan, "value": 0.7},
            row | {"score": "recall", "part": None, "horizon": np.nan, "value": 0.8},
            row | {"score": "recall", "part": None, "horizon": 7.0, "value": 0.6},
            row | {"score": "recall", "part": None, "horizon": np.nan, "value": 0.1, "compared_with": "rival"},
        ]
    )
    asked = [{}, {"part": "thin"}, {"horizon": 7.0}, {"part": "thick"}]

    told = told_beside(
        [PublishedExpectation(what="w", published="p", score="recall", **one) for one in asked], scores, "network"
    )

    assert [one["ours"][:3] for one in told] == ["0.8", "0.7", "0.6", "not"]
    assert told[0] == {"what": "w", "published": "p", "ours": "0.8 (95 % of draws of blocks: 0.5 to 0.9)"}
