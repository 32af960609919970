"""Random forest: averaged class frequencies of trees grown on resampled rows; by scikit-learn, or by cuML."""

from functools import partial
from typing import Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.learning.models.devices import device_for
from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_features, refitted


class Parameters(StrictModel):
    """One candidate."""

    n_estimators: int = Field(ge=1, description="number of trees")
    max_features: float = Field(gt=0, le=1, description="share of the features that each split may choose from")
    min_samples_leaf: int = Field(ge=1, description="fewest rows in a leaf")


def make(recipe: Recipe) -> Any:
    """Make the unfitted forest by the recipe's parameters and seed, of scikit-learn or, on ``"cuda"``, of cuML.

    scikit-learn's trees know missing values (NaN), cuML's get medians in their place, and are grown in one stream, so
    that the same rows and seed give the same trees. The parameters ``n_estimators max_features min_samples_leaf`` are
    called as the libraries call them; all else is as it is there. On ``"cuda"`` without cuML there is a
    ModuleNotFoundError: `devices.device_for` asks before.
    """
    if recipe.device == "cuda":
        return _make_on_cuda(recipe)
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(**recipe.parameters, random_state=recipe.random_seed)


def _make_on_cuda(recipe: Recipe) -> Any:
    """One stream and a seed, or two fits of the same rows would differ."""
    from cuml.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline

    from entropice.learning.models.adapters import ContiguousCodes, median_imputer

    forest = RandomForestClassifier(
        **recipe.parameters, random_state=recipe.random_seed, n_streams=1, output_type="numpy"
    )
    return make_pipeline(median_imputer(), ContiguousCodes(forest))


_device_of = partial(device_for, "cuml")

MODEL = Model(
    name="random_forest",
    title="random forest",
    fit=partial(fit_features, make, device_of=_device_of),
    storage=refitted(make, _device_of),
    parameters=Parameters,
)
