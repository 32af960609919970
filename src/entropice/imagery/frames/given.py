"""Forecasts that are given from outside, such as those of a law that only a virtual world knows."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.frames.windows import window_of
from entropice.imagery.samples import Image
from entropice.types import Dataset, Float32Array

DIMS: Final = ("first", "horizon", "y", "x")


def given_forecasters(forecasts: Dataset, samples: FrameSamples) -> dict[str, Forecaster]:
    """A forecaster of each variable, by its name.

    Parameters
    ----------
    forecasts
        float32 variables (first, horizon, y, x) of the one target band, in its unit; ``first`` is the first day of the
        last step that is known, ``y`` and ``x`` are those of the fields. NaN where nothing is scored.

    Returns
    -------
    dict
        By name of the variable functions of keys and inputs; forecasts are (n, horizon, 1, row, column), as they are in
        the file, the first ``future_horizons`` of them. The inputs are not looked at, the keys alone.

    Raises
    ------
    SchemaError
        There are several target bands, or another ground, fewer horizons or other dimensions; when they are asked, a
        day from which nothing was forecast.
    """
    _require(forecasts, samples)
    return {str(name): _forecaster(forecasts, str(name), samples) for name in forecasts.data_vars}


def _forecaster(forecasts: Dataset, name: str, samples: FrameSamples) -> Forecaster:
    places = {day: place for place, day in enumerate(forecasts["first"].to_numpy().astype("datetime64[D]"))}

    def forecast(keys: Sequence[str], _image: Image) -> Float32Array:
        return np.stack([one(key) for key in keys])[:, :, None]

    def one(key: str) -> Float32Array:
        window = window_of(samples.windows.loc[[key]].iloc[0], key)
        day = samples.series.days[window.first + samples.rules.n_frames_in - 1]
        if day not in places:
            raise SchemaError(
                "From a day nothing was forecast by what is given.",
                field=f"{name}.first",
                got=f"{len(places)} days",
                expected=str(day),
                fix="give forecasts from the last input of every sequence that is tested",
            )
        rows, columns = window.pixels_of(samples.series)
        values: Float32Array = forecasts[name][places[day], : samples.rules.future_horizons, rows, columns].to_numpy()
        return values

    return forecast


def _require(forecasts: Dataset, samples: FrameSamples) -> None:
    fields = samples.series.fields
    faults = {
        "target_bands": len(samples.target_bands) > 1,
        "dims": any(each.dims != DIMS for each in forecasts.data_vars.values()),
        "horizon": forecasts.sizes.get("horizon", 0) < samples.rules.future_horizons,
        "x, y": any(not np.array_equal(forecasts[name], fields[name]) for name in ("x", "y") if name in forecasts),
    }
    wrong = [fault for fault, is_there in faults.items() if is_there]
    if wrong:
        raise SchemaError(
            "Forecasts that are given are not those that are asked for.",
            field=", ".join(wrong),
            got=f"{dict(forecasts.sizes)} of {', '.join(samples.target_bands)}",
            expected=f"{DIMS} of one band, {samples.rules.future_horizons} horizons, on the ground of the fields",
        )
