"""Nearest neighbours on the map: what location alone explains."""

from functools import partial
from typing import Any, Final

from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_coordinates, refitted

N_NEIGHBORS: Final = 25


def make(_: Recipe) -> Any:
    """Make the unfitted classifier that counts the classes of the 25 nearest training rows, by places (n, 2) in metres.

    Of all where there are fewer. The recipe does not matter, for nothing is chosen or random.
    """
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
