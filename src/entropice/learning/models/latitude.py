"""Latitude alone: what the distance to the pole explains."""

from functools import partial
from typing import Any

from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_coordinates, refitted


def make(_: Recipe) -> Any:
    """A curve with bends every third of the training rows, hardly held back; beyond the last row it stays where it is.

    A pipeline on places (n, 2) in EPSG:6931: distance to the pole, cubic splines of four knots at quantiles, a logistic
    regression (C = 1). The recipe does not matter.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, SplineTransformer

    from entropice.learning.models.adapters import distance_to_pole

    return make_pipeline(
        FunctionTransformer(distance_to_pole),
        SplineTransformer(n_knots=4, degree=3, knots="quantile", extrapolation="constant"),
        LogisticRegression(C=1.0, max_iter=2000),
    )


MODEL = Model(
    name="latitude",
    title="latitude only",
    fit=partial(fit_coordinates, make),
    storage=refitted(make),
    is_compulsory=True,
    n_copies=2.0,
)
