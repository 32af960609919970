"""Nearest neighbours among standardised features, medians in place of missing values; on the CPU or by cuML."""

from functools import partial
from typing import Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.learning.models.devices import device_for
from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_features, refitted


class Parameters(StrictModel):
    """One candidate."""

    n_neighbors: int = Field(ge=1, description="training rows whose classes are counted, or all where there are fewer")


def make(recipe: Recipe) -> Any:
    """Make the unfitted pipeline: impute medians, standardise, and count the classes of the nearest training rows.

    As many as the recipe's ``n_neighbors``, or all where there are fewer; on the recipe's device. On ``"cuda"`` without
    cuML the fit meets a ModuleNotFoundError: `devices.device_for` asks before.
    """
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from entropice.learning.models.adapters import NearestRows, median_imputer

    return make_pipeline(
        median_imputer(), StandardScaler(), NearestRows(recipe.parameters["n_neighbors"], recipe.device)
    )


_device_of = partial(device_for, "cuml")

MODEL = Model(
    name="knn_features",
    title="nearest neighbours (features)",
    fit=partial(fit_features, make, device_of=_device_of),
    storage=refitted(make, _device_of),
    parameters=Parameters,
)
