"""Prevalence: the class frequencies of the training rows everywhere, the reference of every skill score."""

from functools import partial
from typing import Any

from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_coordinates, refitted


def make(_: Recipe) -> Any:
    """Count the classes: every row gets their shares in the training rows; the recipe does not matter."""
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="prior")


MODEL = Model(
    name="prevalence",
    title="prevalence",
    fit=partial(fit_coordinates, make),
    storage=refitted(make),
    is_reference=True,
    is_compulsory=True,
    n_copies=2.0,
)
