"""XGBoost: boosted trees with second-order steps; an optional package, on the CPU or on CUDA."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.learning.models.devices import device_for
from entropice.learning.models.model import FittedModel, Model, OptionalPackage, Recipe, Storage
from entropice.learning.models.tabular import fit_features
from entropice.types import IntArray

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

PACKAGE: Final = OptionalPackage("xgboost", extra="xgb")


class Parameters(StrictModel):
    """One candidate."""

    learning_rate: float = Field(gt=0, le=1, description="how much of each tree counts")
    n_estimators: int = Field(ge=1, description="number of trees a class")
    max_depth: int = Field(ge=1, description="most splits above a leaf")
    min_child_weight: float = Field(ge=0, description="least curvature of the loss in a leaf")
    reg_lambda: float = Field(ge=0, description="pull of the leaves' values to 0")
    subsample: float = Field(gt=0, le=1, description="share of the rows for each tree")
    colsample_bytree: float = Field(gt=0, le=1, description="share of the features for each tree")


def make(recipe: Recipe) -> Any:
    """Boost in one thread on the CPU, or on CUDA, by the recipe's device; class codes may have gaps.

    Returned is an unfitted `adapters.ContiguousCodes` around an ``XGBClassifier`` (``fit``, ``predict_proba``,
    ``classes_``) with the recipe's parameters by their names, its seed, and XGBoost's defaults for all else; missing
    values (NaN) go down the branch that suits them. Whether there is CUDA is asked by `devices.device_for` before a
    fit, not here.

    Raises
    ------
    ConfigError
        If XGBoost is not installed.
    """
    PACKAGE.check()
    from xgboost import XGBClassifier

    from entropice.learning.models.adapters import ContiguousCodes

    return ContiguousCodes(
        XGBClassifier(**recipe.parameters, n_jobs=1, random_state=recipe.random_seed, device=recipe.device)
    )


def to_arrays(fitted: FittedModel, _: Any, __: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Keep the trees in XGBoost's own form (UBJSON), as bytes, uint8 of shape (n_byte,), and the classes (n_class,).

    By the names ``booster classes``; the document is empty, and training rows are not kept.
    """
    import numpy as np

    booster = fitted.estimator.inner.get_booster().save_raw("ubj")
    return {"booster": np.frombuffer(booster, dtype=np.uint8), "classes": fitted.estimator.classes_}, {}


def from_arrays(arrays: "NamedArrays", _: Mapping[str, Any], recipe: Recipe) -> Any:
    """Read the trees, for the device at hand: they predict the same on any.

    Takes ``booster`` and ``classes`` as `to_arrays` gives them, and returns the classifier as `make`, fitted. On CUDA
    where `devices.can_use_cuda` says so.

    Raises
    ------
    ConfigError
        If XGBoost is not installed.
    ValueError
        The bytes are no model of XGBoost (its own ``XGBoostError``).
    KeyError
        An array is lacking.
    """
    estimator = make(Recipe(recipe.parameters, recipe.random_seed, device_for("xgboost", "auto"), recipe.feature_names))
    estimator.inner.load_model(bytearray(arrays["booster"].tobytes()))
    estimator.classes_ = arrays["classes"]
    return estimator


MODEL = Model(
    name="xgboost",
    title="XGBoost",
    fit=partial(fit_features, make, device_of=partial(device_for, "xgboost")),
    storage=Storage(to_arrays, from_arrays),
    parameters=Parameters,
    requires=PACKAGE,
)
