"""Prevalence: the class frequencies of the training rows everywhere, the reference of every skill score."""

from functools import partial
from typing import Any

from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_coordinates, refitted


def make(_: Recipe) -> Any:
    """Make the unfitted classifier that gives every row the shares of the classes among the training rows.

    The recipe does not matter, for nothing is chosen or random.
    """
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
