"""Simple forecasts on fields whose law is known."""

from typing import Any

import numpy as np
import pytest
from ice_samples import BAND, samples_of_ice
from scipy.ndimage import gaussian_filter
from scipy.special import expit, logit

from entropice.errors import ConfigError, LabelError
from entropice.imagery.frames.extrapolation import linear_trend, persistence
from entropice.imagery.frames.kept_drift import carried, estimated_drift, kept_drift
from entropice.imagery.frames.rivals import RIVALS, rival_named
from entropice.imagery.frames.sums import forecast_sums
from entropice.imagery.frames.view import FrameSamples, stacked
from entropice.imagery.samples import Image


def _smooth(seed: int, shape: tuple[int, ...] = (64, 64)) -> Any:
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=shape), 3, mode="wrap")
    return 0.5 + 0.15 * noise / noise.std()


def _errors(samples: FrameSamples, forecast: Any) -> Any:
    """Mean squared error by horizon, away from edges."""
    sample = samples.read(samples.keys[0])
    said = forecast([sample.key], stacked([sample.image]))[0]
    inner = (slice(None), slice(None), slice(8, -8), slice(8, -8))
    return ((said - sample.target)[inner] ** 2).mean(axis=(1, 2, 3))


def test_persistence_repeats_the_last_field() -> None:
    samples = samples_of_ice(np.random.default_rng(0).uniform(size=(7, 32, 32)))
    sample = samples.read(samples.keys[0])

    said = persistence(samples)([sample.key], stacked([sample.image]))

    assert said.shape == (1, 3, 1, 32, 32)
    assert (said == sample.image.values[-1]).all()


def test_a_straight_line_goes_on_within_the_range() -> None:
    slope = np.linspace(-0.1, 0.1, 32)[None, None, :]
    ice = 0.5 + slope * np.arange(-3, 4)[:, None, None] + np.zeros((1, 32, 1))
    samples = samples_of_ice(ice)
    samples.series.fields["ice_concentration"][1, :5] = np.nan
    sample = samples.read(samples.keys[0])

    said = linear_trend(samples)([sample.key], stacked([sample.image]))[0]

    np.testing.assert_allclose(said, np.clip(sample.target, 0, 1), atol=1e-6)


def test_a_line_is_that_of_least_squares_through_what_is_known() -> None:
    random = np.random.default_rng(4)
    values = random.uniform(size=(1, 6, 1, 2, 2)).astype(np.float32)
    valid = random.uniform(size=values.shape) < 0.8
    valid[:, -2:] = True
    valid[0, :-1, 0, 1, 1] = False
    samples = samples_of_ice(random.uniform(size=(9, 32, 32)), n_frames_in=6)

    said = linear_trend(samples)(["key"], Image(BAND, np.where(valid, values, np.float32(0)), valid))

    for row, column in ((0, 0), (0, 1), (1, 0)):
        known = valid[0, :, 0, row, column]
        line = np.polyfit(np.arange(6)[known], values[0, known, 0, row, column], 1)
        expected = np.clip(np.polyval(line, [6, 7, 8]), 0, 1)
        np.testing.assert_allclose(said[0, :, 0, row, column], expected, atol=1e-4)
    np.testing.assert_allclose(said[0, :, 0, 1, 1], values[0, -1, 0, 1, 1])


@pytest.mark.parametrize("drift_px", [(0.0, 0.0), (0.6, -1.3), (-1.8, 0.4)])
def test_a_steady_drift_is_found(drift_px: tuple[float, float]) -> None:
    drift = np.broadcast_to(np.array(drift_px)[:, None, None], (2, 64, 64))
    fields = 5 * np.concatenate([_smooth(1)[None], carried(_smooth(1), drift, 2)])

    found = estimated_drift(fields)[:, 12:-12, 12:-12]

    np.testing.assert_allclose(found.mean(axis=(1, 2)), drift_px, atol=0.1)
    assert np.abs(found - drift[:, 12:-12, 12:-12]).max() < 0.4


def test_where_nothing_is_to_be_seen_nothing_drifts() -> None:
    noise = 1e-3 * np.random.default_rng(0).normal(size=(3, 64, 64))

    assert np.abs(estimated_drift(0.5 + noise)).max() < 0.01


def test_what_is_carried_by_whole_pixels_is_shifted() -> None:
    drift = np.broadcast_to(np.array([1.0, -2.0])[:, None, None], (2, 64, 64))

    after = carried(_smooth(2), drift, 3)

    inner = (slice(8, -8), slice(8, -8))
    np.testing.assert_allclose(after[2][inner], np.roll(_smooth(2), (3, -6), axis=(0, 1))[inner], atol=1e-9)


def test_kept_drift_beats_persistence_where_something_drifts() -> None:
    drift = np.broadcast_to(np.array([0.8, 0.5])[:, None, None], (2, 64, 64))
    ice = np.clip(np.concatenate([_smooth(3)[None], carried(_smooth(3), drift, 6)]), 0, 1)
    samples = samples_of_ice(ice, n_pixels=64)

    assert (_errors(samples, kept_drift(samples)) < 0.2 * _errors(samples, persistence(samples))).all()


def test_unknown_pixels_do_not_spoil_a_drift() -> None:
    ice = np.repeat(_smooth(4)[None], 7, axis=0)
    ice[:, 20:24, 20:40] = np.nan
    samples = samples_of_ice(ice, n_pixels=64)
    sample = samples.read(samples.keys[0])

    said = kept_drift(samples)([sample.key], stacked([sample.image]))

    assert np.isfinite(said).all()
    assert np.abs(said - sample.target)[0][sample.scored].max() < 0.02


def _growing(n_steps: int = 8, n_pixels: int = 64) -> Any:
    """Log-odds grow where neighbours are high."""
    share = [0.5 * _smooth(5, (n_pixels, n_pixels))]
    for _ in range(n_steps - 1):
        around = gaussian_filter(share[-1], 2)
        share.append(expit(logit(np.clip(share[-1], 1e-3, 0.999)) + 4 * np.maximum(around - 0.2, 0)))
    return np.stack(share)


def test_growth_by_neighbours_is_learned_and_beats_the_line() -> None:
    samples = samples_of_ice(_growing(), n_pixels=64, n_frames_in=3)
    learned = {key: np.array([True]) for key in samples.keys[1:3]}

    growth = rival_named("neighbour_growth").fitted(samples, learned, 0)

    assert (_errors(samples, growth) < 0.5 * _errors(samples, linear_trend(samples))).all()


def test_growth_learns_from_training_alone() -> None:
    """What is no target of training may be anything."""
    spoilt = _growing()
    spoilt[-1] = 1 - spoilt[-1]
    answers = []
    for ice in (_growing(), spoilt):
        samples = samples_of_ice(ice, n_pixels=64, n_frames_in=3)
        learned = {key: np.array([True]) for key in samples.keys[:3]}
        sample = samples.read(samples.keys[0])
        forecast = rival_named("neighbour_growth").fitted(samples, learned, 0)
        answers.append(forecast([sample.key], stacked([sample.image])))

    assert (answers[0] == answers[1]).all()


def test_growth_without_training_is_refused() -> None:
    samples = samples_of_ice(_growing(), n_pixels=64, n_frames_in=3)
    with pytest.raises(LabelError, match="first horizon"):
        rival_named("neighbour_growth").fitted(samples, {samples.keys[0]: np.array([False, True])}, 0)


def test_every_rival_is_scored_alike() -> None:
    samples = samples_of_ice(_growing(), n_pixels=32, n_frames_in=3)
    learned = {key: np.array([True]) for key in samples.keys[:4]}
    models = {rival.name: rival.fitted(samples, learned, 0) for rival in RIVALS}
    rows = samples.windows.reset_index()[["key"]].assign(horizon=1, step=4, block="b", split="time")

    sums = forecast_sums(samples, rows, ("time",), models, batch_size=3)

    assert set(sums["model"]) == set(models)
    assert (sums["n"] == 32 * 32).all()
    assert len(sums) == len(models) * len(rows)
    assert forecast_sums(samples, rows, ("space",), models, batch_size=3).empty


def test_a_rival_that_nobody_declared_is_refused() -> None:
    with pytest.raises(ConfigError, match="kept_drift"):
        rival_named("kept_drif")
