"""Forecasts by logistic growth that each pixel's own trend and its neighbours drive."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.ndimage import uniform_filter
from scipy.special import expit, logit
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from entropice.errors import LabelError
from entropice.imagery.frames.extrapolation import ranges
from entropice.imagery.frames.rollout import Forecaster, TargetScale, rolled_out
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.samples import Image
from entropice.types import BoolArray, Float32Array, FloatArray

WINDOWS_PX: Final = (3, 9, 27)
"""Edges of the squares over which neighbours are averaged."""

N_WINDOWS: Final = 400
"""Sequences of training that are learned from, at most."""

N_PIXELS: Final = 400
"""Pixels drawn from each of them, at most."""

LOWEST: Final = 1e-3
"""Shares nearer to 0 or 1 are taken for this, so that their log-odds are finite."""


def neighbour_growth(samples: FrameSamples, learned: Mapping[str, BoolArray], seed: int) -> Forecaster:
    """A growth of log-odds that is learned one step ahead from training alone, and rolled out.

    Raises
    ------
    LabelError
        No pixel of training has a first horizon.

    Notes
    -----
    logit v(t + 1) = logit v(t) + β·x, with x the pixel's value, log-odds and trends, means of value and change over
    its neighbours, and the last values of all other bands. β minimises the squared error of v to first order: each
    pixel weighs (v (1 − v))². v is scaled to its band's range.
    """
    low, high = ranges(samples.target_bands)
    places = tuple(samples.bands.index(band) for band in samples.target_bands)
    scale = TargetScale(places, low, high - low, low, high)
    models = [_fitted(samples, learned, band, scale, seed) for band in range(len(places))]

    def predict(values: Float32Array) -> Float32Array:
        return np.stack([_next(models, each, places) for each in values])[:, None]

    def forecast(_keys: Sequence[str], image: Image) -> Float32Array:
        known = image.valid[:, -1, list(places)]
        shares = _with_shares(image.values, scale)
        return scale.physical(rolled_out(predict, shares, known, scale, samples.rules.future_horizons))

    return forecast


def _with_shares(values: Float32Array, scale: TargetScale) -> Float32Array:
    """Values (…, band, row, column) whose target bands are scaled to their range."""
    shares = values.copy()
    shares[..., scale.places, :, :] = (values[..., scale.places, :, :] - scale.low) / (scale.high - scale.low)
    return shares


def _next(models: Sequence[Any], values: Float32Array, places: tuple[int, ...]) -> Float32Array:
    """Shares (target_band, row, column) a step after values (time, band, row, column)."""
    grown = []
    for model, place in zip(models, places, strict=True):
        last = values[-1, place]
        growth = model.predict(_columns(values, place)).reshape(last.shape)
        # what is added is 0 without growth, also where log-odds are not finite
        grown.append(last + expit(_log_odds(last) + growth) - expit(_log_odds(last)))
    return np.stack(grown).astype(np.float32)


def _fitted(samples: FrameSamples, learned: Mapping[str, BoolArray], band: int, scale: TargetScale, seed: int) -> Any:
    drawn = list(_drawn(samples, learned, band, scale, seed))
    if not sum(len(weight) for _, _, weight in drawn):
        raise LabelError(
            "Growth is learned from a first horizon, and training has none.",
            field="target",
            got=f"{len(learned)} sequences",
            expected="a known pixel in one of them",
        )
    columns, growth, weight = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
    model = make_pipeline(StandardScaler(), Ridge(alpha=1e-6 * float(weight.sum())))
    return model.fit(columns, growth, ridge__sample_weight=weight)


def _drawn(
    samples: FrameSamples, learned: Mapping[str, BoolArray], band: int, scale: TargetScale, seed: int
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
    """Columns, growth of log-odds and weight of drawn pixels, by sequence."""
    random = np.random.default_rng([seed, *b"neighbour growth"])
    keys = [key for key, horizons in learned.items() if horizons[0]]
    for key in random.permutation(np.array(keys, dtype=object))[:N_WINDOWS]:
        sample = samples.read(key)
        values, place = _with_shares(sample.image.values, scale), scale.places[band]
        chosen = random.permutation(np.flatnonzero(sample.scored[0, band]))[:N_PIXELS]
        before = values[-1, place].ravel()[chosen]
        truth = sample.target[:1].astype(np.float32) - scale.low
        after = (truth / (scale.high - scale.low))[0, band].ravel()[chosen]
        share = np.clip(before, LOWEST, 1 - LOWEST).astype(np.float64)
        yield _columns(values, place)[chosen], _log_odds(after) - _log_odds(before), (share * (1 - share)) ** 2


def _columns(values: Float32Array, place: int) -> FloatArray:
    """What growth is learned from: (row × column, n)."""
    share = values[:, place].astype(np.float64)
    odds, since = _log_odds(share), max(-2, -len(share))
    change = share[-1] - share[since]
    around = [uniform_filter(each, px, mode="nearest") for each in (share[-1], change) for px in WINDOWS_PX]
    others = np.delete(values[-1], place, axis=0).astype(np.float64)
    own = [share[-1], odds[-1], odds[-1] - odds[since], change, share[-1] - share[0]]
    return np.stack([*own, *around, *others]).reshape(len(own) + len(around) + len(others), -1).T


def _log_odds(share: "Float32Array | FloatArray") -> FloatArray:
    odds: FloatArray = logit(np.clip(share.astype(np.float64), LOWEST, 1 - LOWEST))
    return odds
