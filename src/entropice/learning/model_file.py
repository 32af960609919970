"""The stored eSPA model, with this project's error when it does not fit its description."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entropice.errors import ModelFileError
from entropice.espa import ESPAClassifier, from_arrays


def read_espa(arrays: Mapping[str, NDArray[np.generic]], metadata: Mapping[str, Any]) -> ESPAClassifier:
    """Rebuild a stored model; raises ModelFileError where arrays and metadata do not fit together."""
    try:
        return from_arrays(arrays, metadata)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(
            "The stored eSPA model is not what its description says.",
            field="espa_model",
            got=str(error),
            fix="fit it again: kedro run --pipelines modelling",
        ) from error
