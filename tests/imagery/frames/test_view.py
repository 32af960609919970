"""What networks are given of sequences."""
# ruff: noqa: PD011 - these are the values of images

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import ConfigError, SchemaError
from entropice.imagery.frames.arrows import require_whole_vectors
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.vectors import lawful_symmetries, turned
from entropice.imagery.frames.view import FrameSamples, TrainingFrames, drawn_symmetry, horizons_of, statistics_of
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_table
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics, band_statistics
from entropice.imagery.symmetries import SYMMETRIES

BANDS = ("ice_concentration", "wind_x", "wind_y", "elevation")
TARGET = ("ice_concentration",)
RULES = WindowRules(
    n_pixels=6,
    stride_px=6,
    every_steps=1,
    n_windows=None,
    n_frames_in=3,
    forecast_horizon=2,
    future_horizons=4,
    min_known=0.5,
)


def _samples(n_steps: int = 9, ice: Any = None) -> FrameSamples:
    random = np.random.default_rng(0)
    shape = (n_steps, 6, 12)
    drawn = {"ice_concentration": random.uniform(size=shape) if ice is None else ice}
    drawn |= {part: random.normal(size=shape) for part in ("wind_x", "wind_y")}
    units = {"ice_concentration": "1", "wind_x": "m s-1", "wind_y": "m s-1"}
    variables: dict[str, Any] = {
        name: (("time", "y", "x"), values.astype(np.float32), {"units": units[name]}) for name, values in drawn.items()
    }
    variables["elevation"] = (("y", "x"), random.normal(size=(6, 12)).astype(np.float32), {"units": "m"})
    fields = xr.Dataset(
        variables,
        coords={
            "time": np.arange("2020-01-01", f"2020-01-{n_steps + 1:02d}", dtype="M8[D]").astype("M8[ns]"),
            "y": 500.0 - 100.0 * np.arange(6),
            "x": 100.0 * np.arange(12),
        },
        attrs={"crs": "EPSG:3413", "step": "P1D", "pixel_m": 100.0},
    )
    series = FieldSeries(fields)
    return FrameSamples(series, window_table(series, TARGET, RULES, 0).set_index("key"), BANDS, TARGET, RULES)


def _learned(samples: FrameSamples, last_step: int) -> dict[str, Any]:
    rows = [
        {"key": key, "horizon": horizon, "split": "train" if first + 3 + horizon - 1 <= last_step else "time"}
        for key, first in samples.windows["first"].items()
        for horizon in range(1, 5)
    ]
    return horizons_of(pd.DataFrame(rows), "train", 2)


def _statistics() -> BandStatistics:
    mean, std = np.array([0.5, 1.0, -1.0, 10.0]), np.array([0.25, 2.0, 4.0, 5.0])
    return BandStatistics(BANDS, 1, np.ones(4, dtype=np.int64), mean, std)


def test_a_sample_has_inputs_and_all_horizons() -> None:
    samples = _samples()
    ice = samples.series.fields["ice_concentration"].to_numpy()

    sample = samples.read(samples.keys[-1])
    seen = sample.image

    assert seen.values.shape == (3, 4, 6, 6)
    assert (seen.values[:, 0] == ice[5:8, :, 6:]).all()
    assert sample.target.shape == sample.scored.shape == (4, 1, 6, 6)
    assert (sample.target[0, 0] == ice[8, :, 6:]).all()
    assert sample.scored[0].all()
    assert not sample.scored[1:].any()


def test_what_is_not_known_at_the_last_input_is_not_scored() -> None:
    ice = np.random.default_rng(3).uniform(size=(9, 6, 12))
    ice[2, 0, 0] = ice[4, 1, 1] = np.nan
    sample = _samples(ice=ice).read(_samples(ice=ice).keys[0])

    assert not sample.scored[:, 0, 0, 0].any()
    assert sample.scored[:, 0, 1, 1].tolist() == [True, False, True, True]


def test_targets_of_other_parts_are_not_scored_and_not_seen() -> None:
    samples = _samples()
    learned = _learned(samples, last_step=5)
    frames = TrainingFrames(samples, _statistics(), learned, 0.0, seed=1)
    keys = [key for key, first in samples.windows["first"].items() if first == 2]

    inputs, target, scored = frames.load(keys, epoch=0)

    assert inputs.shape == (2, 3, 4, 6, 6)
    assert inputs.dtype == target.dtype == np.float32
    assert scored[:, 0].all()
    assert not scored[:, 1].any()
    assert np.isnan(target[:, 1]).all()
    truth = samples.series.fields["ice_concentration"].to_numpy()[5, :, :6]
    np.testing.assert_allclose(target[0, 0, 0] * 0.25 + 0.5, truth, atol=1e-6)
    assert samples.keys[-1] not in learned


def test_loading_is_a_pure_function_of_keys_and_epoch() -> None:
    samples = _samples()
    frames = TrainingFrames(samples, _statistics(), _learned(samples, 8), 1.0, seed=1)
    keys = samples.keys[:4]

    first, again, other = (frames.load(keys, epoch) for epoch in (0, 0, 1))
    reversed_inputs, _, _ = frames.load(keys[::-1], 0)

    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (reversed_inputs[::-1] == first[0]).all()
    assert not (other[0] == first[0]).all()


def test_symmetries_are_drawn_at_their_probability() -> None:
    drawn = [drawn_symmetry(SYMMETRIES, 0.5, 3, 0, str(key)) for key in range(800)]

    assert 0.38 < np.mean([symmetry == SYMMETRIES[0] for symmetry in drawn]) - 0.125 * 0.5 < 0.62
    assert set(drawn) == set(SYMMETRIES)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 100), symmetry=st.sampled_from(SYMMETRIES))
def test_the_slope_of_what_is_turned_is_the_turned_slope(seed: int, symmetry: Any) -> None:
    """Towards larger x with the columns, towards larger y against the rows."""
    height = np.random.default_rng(seed).normal(size=(7, 7))
    down, right = np.gradient(height)
    slope = Image(("wind_x", "wind_y"), np.stack([right, -down]).astype(np.float32), np.ones((2, 7, 7), dtype=bool))

    down, right = np.gradient(symmetry.apply(height))

    np.testing.assert_allclose(turned(slope, symmetry).values, np.stack([right, -down]), atol=1e-6)


def test_wind_allows_turns_and_no_mirror() -> None:
    """Drift to the right of the wind is to the left of it in a mirror, and to the right however the square is laid."""
    wind, angle = np.array([3.0, 1.0]), np.radians(12.0)
    drift = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) @ wind

    def to_the_right(symmetry: Any) -> float:
        arrows = [np.broadcast_to(arrow[:, None, None], (2, 3, 3)).astype(np.float32) for arrow in (wind, drift)]
        valid = np.ones((2, 3, 3), dtype=bool)
        (u, v), (x, y) = (turned(Image(("wind_x", "wind_y"), each, valid), symmetry).values[:, 0, 0] for each in arrows)
        return float(np.arctan2(v * x - u * y, u * x + v * y))

    same = [symmetry for symmetry in SYMMETRIES if to_the_right(symmetry) == pytest.approx(angle, abs=1e-6)]
    assert lawful_symmetries(BANDS) == tuple(same)
    assert len(same) == 4
    assert lawful_symmetries(("ice_concentration", "elevation")) == SYMMETRIES


def test_a_sequence_with_wind_is_never_mirrored() -> None:
    samples = _samples()
    key, image = samples.keys[0], samples.read(samples.keys[0]).image
    frames = TrainingFrames(samples, _statistics(), _learned(samples, 8), 1.0, seed=1)
    allowed = [standardised(turned(image, each), _statistics()) for each in lawful_symmetries(BANDS)]

    seen = [frames.load([key], epoch)[0][0] for epoch in range(24)]

    assert {next(n for n, each in enumerate(allowed) if (each == one).all()) for one in seen} == set(range(4))


def test_validity_turns_with_its_arrow() -> None:
    valid = np.zeros((2, 2, 2), dtype=bool)
    valid[0, 0, 0] = True
    image = Image(("wind_x", "wind_y"), np.ones((2, 2, 2), dtype=np.float32), valid)

    assert np.argwhere(turned(image, SYMMETRIES[4]).valid).tolist() == [[1, 1, 0]]


def test_half_an_arrow_is_refused() -> None:
    require_whole_vectors(BANDS)
    require_whole_vectors(TARGET)
    with pytest.raises(ConfigError, match="arrow") as caught:
        require_whole_vectors(("wind_x",))
    assert "wind_y" in str(caught.value.fix)


def test_what_is_forecast_must_be_seen() -> None:
    samples = _samples()
    for band in ("ice_thickness", "elevation"):
        with pytest.raises(ConfigError, match="must be seen"):
            FrameSamples(samples.series, samples.windows, BANDS, (band,), RULES)


def test_statistics_are_those_of_the_inputs() -> None:
    samples = _samples()

    measured = band_statistics(samples, samples.keys[:2], share=1.0, seed=0)

    ice = samples.series.fields["ice_concentration"].to_numpy()
    assert measured.bands == BANDS
    assert measured.mean[0] == pytest.approx(ice[:3].mean(), abs=1e-6)
    assert statistics_of(measured, ("wind_y",)).mean[0] == measured.mean[2]
    with pytest.raises(SchemaError, match="ice_thickness is not among them"):
        statistics_of(measured, ("wind_y", "ice_thickness"))
