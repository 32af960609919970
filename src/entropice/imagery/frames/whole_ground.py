"""One forecast of all ground, from windows that cover it."""

from collections.abc import Iterator

import numpy as np

from entropice.errors import LabelError
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples, stacked
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_of, window_rows
from entropice.imagery.samples import Place
from entropice.types import DataFrame, Float32Array, FloatArray, IntArray


def covering_windows(series: FieldSeries, rules: WindowRules, first: int) -> DataFrame:
    """Sequences that begin at one step and cover all of the ground, with the columns of `window_table`.

    They overlap by half (begin every ``rules.n_pixels // 2`` rows and columns), so that no edge shows, and the last
    ones end with the ground, overlapping by more; of ground in sections each shows a whole one, for frames may have any
    size.

    Parameters
    ----------
    series
        Of which ground.
    rules
        Size of a sequence.
    first
        Index of the first input step, of all of them.

    Raises
    ------
    LabelError
        The ground is smaller than a sequence.
    """
    section_px = series.ground.section_px
    if min(series.shape) < rules.n_pixels:
        raise LabelError(
            "The ground is too small for a forecast.",
            field="windows",
            got=f"{series.shape[0]} × {series.shape[1]} pixels",
            expected=f"{rules.n_pixels}²",
        )
    whole = rules if section_px is None else rules.model_copy(update={"n_pixels": section_px})
    rows, columns = (_covering(size, section_px or size, whole.n_pixels) for size in series.shape)
    chosen = [(first, row, column) for row in rows for column in columns]
    return window_rows(series, np.array(chosen), whole)


def said_of(samples: FrameSamples, forecast: Forecaster, batch_size: int) -> Iterator[tuple[Place, Float32Array]]:
    """Place and forecasts (horizon, target_band, row, column) of every sequence; NaN where its ground is not known.

    float32 in the bands' units, in the order of `samples`. Ground is known where the band is at the last input.

    Parameters
    ----------
    batch_size
        Sequences that are read and forecast at once; what is forecast is handed on one by one.
    """
    places = [samples.bands.index(band) for band in samples.target_bands]
    for start in range(0, len(samples.keys), batch_size):
        asked = [samples.read(key) for key in samples.keys[start : start + batch_size]]
        said = forecast([sample.key for sample in asked], stacked([sample.image for sample in asked]))
        for sample, of_sample in zip(asked, said, strict=True):
            known = sample.image.valid[-1, places]
            yield sample.place, np.where(known, of_sample, np.float32(np.nan))


def whole_forecast(samples: FrameSamples, forecast: Forecaster, batch_size: int) -> Float32Array:
    """Forecasts (horizon, target_band, row, column) of all ground, the mean where sequences overlap; NaN elsewhere.

    Parameters
    ----------
    samples
        Of `covering_windows`.
    forecast
        What is asked for forecasts.
    batch_size
        Sequences forecast at once.

    Returns
    -------
    Float32Array
        Rows and columns are those of the series, in the bands' units.
    """
    shape = (samples.rules.future_horizons, len(samples.target_bands), *samples.series.shape)
    sums: FloatArray = np.zeros(shape)
    counts: IntArray = np.zeros(shape, dtype=np.int64)
    for key, (_, said) in zip(samples.keys, said_of(samples, forecast, batch_size), strict=True):
        rows, columns = window_of(samples.windows.loc[[key]].iloc[0], key).pixels_of(samples.series)
        is_known = np.isfinite(said)
        sums[..., rows, columns] += np.where(is_known, said, 0.0)
        counts[..., rows, columns] += is_known
    known = np.divide(sums, counts, out=np.full(shape, np.nan), where=counts > 0)
    whole: Float32Array = known.astype(np.float32)
    return whole


def _covering(size: int, section_px: int, n_pixels: int) -> IntArray:
    """First pixels of squares that overlap by half, and leave nothing at the end of a section."""
    last = section_px - n_pixels
    # The last one is laid against the end, where half a step may be too far or leave a rim: it overlaps by more
    # instead.
    within = np.unique(np.append(np.arange(0, last + 1, max(n_pixels // 2, 1)), last))
    starts: IntArray = (np.arange(0, size, section_px)[:, None] + within).ravel()
    return starts
