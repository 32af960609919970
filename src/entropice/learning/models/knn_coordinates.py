"""Nearest neighbours on the map: what location alone explains."""

from functools import partial
from typing import Any, Final

from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_coordinates, refitted

N_NEIGHBORS: Final = 25


def make(_: Recipe) -> Any:
    """Look at the 25 nearest rows, on the CPU; the recipe does not matter."""
    from entropice.learning.models.adapters import NearestRows

    return NearestRows(N_NEIGHBORS, "cpu")


MODEL = Model(
    name="knn_coordinates",
    title="nearest neighbours (coordinates only)",
    fit=partial(fit_coordinates, make),
    storage=refitted(make),
    is_compulsory=True,
    n_copies=2.0,
)
