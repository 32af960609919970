"""Forecasts by what each pixel's trend and its neighbours tell: a logistic regression, joined with the trend."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from entropice.errors import LabelError
from entropice.imagery.frames.extrapolation import continued, ranges
from entropice.imagery.frames.rollout import Forecaster, TargetScale, rolled_out
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.samples import Image
from entropice.types import BoolArray, Float32Array, FloatArray

SCALES_PX: Final = (1.0, 2.0, 4.0)
"""Standard deviations of the Gaussians over which neighbours are averaged."""

N_WINDOWS: Final = 200
"""Sequences of training that are learned from, at most."""

N_PIXELS: Final = 500
"""Pixels drawn from each of them, at most."""

LOWEST: Final = 5e-4
"""Shares nearer to 0 or 1 are taken for this, so that their log-odds are finite."""


@dataclass(frozen=True)
class Growth:
    """What comes next: the trend, and a share of the way from it to a logistic regression.

    Attributes
    ----------
    regression
        A fitted scikit-learn classifier of a pixel's columns; its chance is a share.
    weight
        That share of the way, 0 to 1.
    """

    regression: Any
    weight: float

    def next(self, columns: FloatArray, trend: FloatArray) -> FloatArray:
        """Shares (n,): trend + weight · (learned − trend), from 0 to 1.

        Parameters
        ----------
        columns
            (n, n_column) of the regression.
        trend
            (n,) shares on the pixels' lines.

        Examples
        --------
        >>> from sklearn.dummy import DummyClassifier
        >>> half = DummyClassifier(strategy="prior").fit([[0], [0]], [0, 1])
        >>> Growth(half, weight=0.25).next(np.zeros((2, 1)), np.array([0.1, 0.5])).round(6).tolist()
        [0.2, 0.5]
        """
        learned: FloatArray = self.regression.predict_proba(columns)[:, 1]
        return trend + self.weight * (learned - trend)


def neighbour_growth(samples: FrameSamples, learned: Mapping[str, BoolArray], seed: int) -> Forecaster:
    """Forecasts that are learned one step ahead from training alone, and rolled out.

    Parameters
    ----------
    samples
        Sequences; those of `learned` are learned from.
    learned
        Of `entropice.imagery.frames.view.horizons_of` training: by key which horizons (n_horizons,) may be learned
        from. Sequences whose first horizon may not are left out; at most `N_WINDOWS` (200) are drawn, and `N_PIXELS`
        (500) scored pixels of each.
    seed
        Of what is drawn.

    Returns
    -------
    Forecaster
        A function of keys and inputs (n, time, band, row, column) in physical units; forecasts are (n, horizon,
        target_band, row, column), in the bands' units and within their ranges.

    Raises
    ------
    LabelError
        No pixel of training has a first horizon.

    Notes
    -----
    The regression is that of a share: each pixel counts with it as grown, and with the rest as not (Papke and
    Wooldridge 1996, doi:10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1), scikit-learn's with C = 100
    on standardised columns. Targets y are scaled to their band's range. Columns are, in order, log-odds, of shares held
    off 0 and 1 by `LOWEST` (5e-4), of the trend, of the last two values, of the last one averaged with Gaussians of 1,
    2 and 4 pixels (`SCALES_PX`) and of its largest in 3 × 3 pixels; the change Δ from the last but one to the last,
    averaged with Gaussians of 1 and 2 pixels, and Δ itself; last less first value; the last value; and the last values
    of all other bands. The trend T is the next value on the line of least squares (`continued`) through all inputs,
    held within 0 and 1. The weight of what was learned, l, is Σ (l − T)(y − T) / Σ (l − T)² over the training pixels,
    held within 0 and 1. What is drawn comes from ``np.random.default_rng([seed, *b"neighbour growth"])``, the same for
    each target band.
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


def _next(models: Sequence[Growth], values: Float32Array, places: tuple[int, ...]) -> Float32Array:
    """Shares (target_band, row, column) a step after values (time, band, row, column)."""
    shape = (len(places), *values.shape[-2:])
    pairs = zip(models, places, strict=True)
    grown = [model.next(_columns(values, place), _trend(values, place).ravel()) for model, place in pairs]
    return np.stack(grown).reshape(shape).astype(np.float32)


def _fitted(
    samples: FrameSamples, learned: Mapping[str, BoolArray], band: int, scale: TargetScale, seed: int
) -> Growth:
    drawn = list(_drawn(samples, learned, band, scale, seed))
    if not sum(len(share) for _, _, share in drawn):
        raise LabelError(
            "Growth is learned from a first horizon, and training has none.",
            field="target",
            got=f"{len(learned)} sequences",
            expected="a known pixel in one of them",
        )
    columns, trend, share = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
    regression = _regression(columns, share)
    way = regression.predict_proba(columns)[:, 1] - trend
    # Least squares of one number, in closed form; where regression and trend are one there is no way to go, and no 0 /
    # 0.
    weight = float(np.clip((way * (share - trend)).sum() / max((way**2).sum(), np.finfo(float).tiny), 0, 1))
    return Growth(regression, weight)


def _regression(columns: FloatArray, share: FloatArray) -> Any:
    """A pixel is in it twice, as grown with its share and as not with the rest."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=100.0, max_iter=300))
    with threadpool_limits(limits=1):
        return model.fit(
            np.concatenate([columns, columns]),
            np.repeat([True, False], len(share)),
            logisticregression__sample_weight=np.concatenate([share, 1 - share]),
        )


def _drawn(
    samples: FrameSamples, learned: Mapping[str, BoolArray], band: int, scale: TargetScale, seed: int
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
    """Columns, trend and what came (n,) of drawn pixels, by sequence."""
    random = np.random.default_rng([seed, *b"neighbour growth"])
    keys = [key for key, horizons in learned.items() if horizons[0]]
    for key in random.permutation(np.array(keys, dtype=object))[:N_WINDOWS]:
        sample = samples.read(key)
        values, place = _with_shares(sample.image.values, scale), scale.places[band]
        chosen = random.permutation(np.flatnonzero(sample.scored[0, band]))[:N_PIXELS]
        truth = (sample.target[:1].astype(np.float64) - scale.low) / (scale.high - scale.low)
        yield _columns(values, place)[chosen], _trend(values, place).ravel()[chosen], truth[0, band].ravel()[chosen]


def _trend(values: Float32Array, place: int) -> FloatArray:
    """The next share (row, column) on the line through all that are there."""
    share = values[None, :, place : place + 1]
    line = continued(Image((), share, np.ones_like(share, dtype=bool)), 1)
    trend: FloatArray = np.clip(line[0, 0, 0].astype(np.float64), 0, 1)
    return trend


def _columns(values: Float32Array, place: int) -> FloatArray:
    """What a regression sees of every pixel: (row × column, n)."""
    share = values[:, place].astype(np.float64)
    # Of a sequence of one step the change is 0: its last field is also the one before.
    last, change = share[-1], share[-1] - share[max(-2, -len(share))]
    around = [gaussian_filter(last, scale, mode="nearest") for scale in SCALES_PX]
    changes = [gaussian_filter(change, scale, mode="nearest") for scale in SCALES_PX[:2]]
    odds = [_log_odds(each) for each in (_trend(values, place), *share[-2:], *around, maximum_filter(last, 3))]
    others = np.delete(values[-1], place, axis=0).astype(np.float64)
    columns = np.stack([*odds, *changes, change, last - share[0], last, *others])
    return columns.reshape(len(columns), -1).T


def _log_odds(share: FloatArray) -> FloatArray:
    odds: FloatArray = logit(np.clip(share, LOWEST, 1 - LOWEST))
    return odds
