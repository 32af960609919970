"""Forecasts that are given from outside, such as those of a law that only a virtual world knows."""

from collections.abc import Sequence

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.samples import Image
from entropice.types import Dataset, Float32Array

DIMS = ("key", "horizon", "row", "column")


def given_forecaster(forecasts: Dataset, target_bands: Sequence[str], n_horizons: int) -> Forecaster:
    """Forecasts by key.

    Parameters
    ----------
    forecasts
        float32 (key, horizon, row, column) of every target band, in physical units, row 0 in the north; ``key`` names
        sequences.

    Raises
    ------
    SchemaError
        A band is missing, or has other dimensions or too few horizons; when it is asked, a sequence that was not
        forecast.
    """
    for band in target_bands:
        has_it = band in forecasts.data_vars and forecasts[band].dims == DIMS
        if not has_it or forecasts.sizes["horizon"] < n_horizons:
            raise SchemaError(
                "Forecasts that are given are not those that are asked for.",
                field=band,
                got=", ".join(f"{name} {dict(each.sizes)}" for name, each in forecasts.data_vars.items()),
                expected=f"{', '.join(target_bands)} {DIMS}, {n_horizons} horizons",
            )
    places = {str(key): place for place, key in enumerate(forecasts["key"].to_numpy())}

    def forecast(keys: Sequence[str], _image: Image) -> Float32Array:
        missing = [key for key in keys if key not in places]
        if missing:
            raise SchemaError("Sequences have no given forecast.", field="key", got=len(missing), sample=missing)
        asked = [places[key] for key in keys]
        bands = [forecasts[band][asked, :n_horizons].to_numpy() for band in target_bands]
        return np.stack(bands, axis=2)

    return forecast
