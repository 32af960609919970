import numpy as np
import pandas as pd
import pytest
from band_images import image_of
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.imagery.drift import band_drift, stability_index
from entropice.imagery.drift_rules import DriftRules
from entropice.imagery.histograms import BandHistograms, band_histograms, edges_of
from entropice.imagery.statistics import image_statistics

RULES = DriftRules(max_shift_sd=0.5, max_sd_ratio=1.5, max_psi=0.25)
TRAINING = np.random.default_rng(0).normal(100.0, 10.0, size=(1, 64, 64))


def _drift(values: np.ndarray, training: np.ndarray = TRAINING, bands: tuple[str, ...] = ("elevation",)) -> pd.Series:
    old, new = image_of(training, bands), image_of(values, bands)
    training_statistics, statistics = image_statistics(old), image_statistics(new)
    edges = edges_of(training_statistics)
    histograms, training_histograms = (band_histograms([image], bands, edges) for image in (new, old))
    return band_drift(statistics, histograms, training_statistics, training_histograms, RULES)


def test_the_training_tiles_themselves_have_not_drifted() -> None:
    (band,) = _drift(TRAINING).to_dict("records")

    assert band == {
        "band": "elevation", "shift_sd": 0.0, "sd_ratio": 1.0, "psi": 0.0, "has_drifted": False, "reasons": ""
    }  # fmt: skip


@given(shift_sd=st.floats(-3, 3), ratio=st.floats(0.3, 3.0))
@settings(max_examples=40, deadline=None)
def test_shift_and_ratio_are_measured_in_the_trainings_standard_deviations(shift_sd: float, ratio: float) -> None:
    mean, std = TRAINING.mean(), TRAINING.std()

    band = _drift(mean + std * shift_sd + ratio * (TRAINING - mean)).iloc[0]

    assert band["shift_sd"] == pytest.approx(shift_sd, abs=1e-4)
    assert band["sd_ratio"] == pytest.approx(ratio, rel=1e-4)
    expected = {
        "shift_sd": abs(shift_sd) > 0.5,
        "sd_ratio": not 1 / 1.5 <= ratio <= 1.5,
        "psi": band["psi"] > 0.25,
    }
    if min(abs(abs(shift_sd) - 0.5), abs(abs(np.log(ratio)) - np.log(1.5))) > 1e-3:
        assert band["reasons"] == ", ".join(name for name, is_beyond in expected.items() if is_beyond)
        assert band["has_drifted"] == any(expected.values())


def test_a_change_of_shape_alone_is_seen_by_the_stability_index_alone() -> None:
    mean, std = TRAINING.mean(), TRAINING.std()
    two_humps = np.sign(TRAINING - np.median(TRAINING)) * std + mean + (TRAINING - mean) * 0.05

    band = _drift(two_humps).iloc[0]

    assert band["reasons"] == "psi"


def test_two_draws_of_the_same_values_are_stable() -> None:
    again = np.random.default_rng(1).normal(100.0, 10.0, size=TRAINING.shape)

    assert _drift(again).iloc[0]["psi"] < 0.01


def test_each_band_has_its_own_verdict() -> None:
    values = np.concatenate([TRAINING, TRAINING])

    drift = _drift(np.concatenate([TRAINING, TRAINING + 20]), values, ("elevation", "nir"))

    assert drift["band"].tolist() == ["elevation", "nir"]
    assert drift["has_drifted"].tolist() == [False, True]


def test_hand_worked_stability_index() -> None:
    shares, training = np.array([0.9, 0.1]), np.array([0.5, 0.5])

    assert stability_index(shares, training) == pytest.approx(0.4 * np.log(1.8) - 0.4 * np.log(0.2))
    assert stability_index(training, shares) == stability_index(shares, training)


def test_hand_worked_stability_index_over_tenths_of_the_training() -> None:
    edges, statistics = np.linspace(0, 10, 11)[None], image_statistics(image_of(TRAINING, ("nir",)))
    counts = np.array([550, *[50] * 9])
    own, training = (BandHistograms(("nir",), edges, each[None]) for each in (counts, np.full(10, 100)))

    drift = band_drift(statistics, own, statistics, training, RULES)

    expected = stability_index((counts + 0.5) / 1005, np.full(10, 0.1))
    assert drift["psi"].tolist() == [pytest.approx(expected)]


def test_other_bands_and_bins_are_refused() -> None:
    image, other = image_of(TRAINING, ("nir",)), image_of(TRAINING, ("red",))
    statistics, edges = image_statistics(image), edges_of(image_statistics(image))
    histograms = band_histograms([image], ("nir",), edges)

    with pytest.raises(SchemaError, match="other bands"):
        band_drift(image_statistics(other), histograms, statistics, histograms, RULES)
    with pytest.raises(SchemaError, match="different bands or bins"):
        band_drift(statistics, band_histograms([image], ("nir",), edges + 1), statistics, histograms, RULES)
    with pytest.raises(SchemaError, match="cannot be standardised"):
        constant = image_statistics(image_of(np.ones((1, 4, 4)), ("nir",)))
        band_drift(constant, histograms, statistics, histograms, RULES)
    empty = band_histograms([], ("nir",), edges)
    for pair in ((empty, histograms), (histograms, empty)):
        with pytest.raises(SchemaError, match=r"without a counted pixel(.|\n)*nir"):
            band_drift(statistics, pair[0], statistics, pair[1], RULES)
