"""Class edges that training rows alone do not give."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from entropice.learning.classes import fit_classes
from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding

KIND: Final = "edges fitted on other rows"
TOLERANCE: Final = 1e-9


def other_edges(artefacts: Artefacts) -> Iterator[Finding]:
    """Fit the edges of every fold again, to its training rows; a finding where they differ by more than a billionth.

    It names the folds, and says of how many the edges are those of all rows (n), test rows included. The evidence is
    ``folds`` ("scheme/fold", of all schemes) and ``n_edges_of_all_rows``.

    Raises
    ------
    LabelError
        The training rows of a fold have no positive, as `fit_classes`.

    Examples
    --------
    Two classes have no edge; the fold tells one of .05.

    >>> import pandas as pd
    >>> import xarray as xr
    >>> table = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "rts_area_fraction": [0.1, 0.2]})
    >>> roles = pd.DataFrame({"cell_id": [1, 2], "year": pd.array([None, None], "Int64"), "role": ["train", "test"]})
    >>> told = {"spatial/0": {"edges": [0.05]}}
    >>> folds = roles.assign(scheme="spatial", fold=0)
    >>> run = Artefacts(table, folds, told, table, xr.Dataset(), table, 0.0, 2, 0, lambda some_folds: table)
    >>> [finding.evidence for finding in other_edges(run)]
    [{'folds': ['spatial/0'], 'n_edges_of_all_rows': 0}]
    """
    fractions = artefacts.table["rts_area_fraction"].to_numpy()
    differs = [
        name
        for name, is_train, _ in artefacts.masks(apart=False)
        if not _same(artefacts.fold_classes[name]["edges"], fit_classes(fractions[is_train], artefacts.n_classes).edges)
    ]
    if differs:
        of_all = fit_classes(fractions, artefacts.n_classes).edges
        n_of_all = sum(_same(artefacts.fold_classes[name]["edges"], of_all) for name in differs)
        yield Finding(
            KIND,
            f"In {len(differs)} folds the class edges are not those of the training rows; "
            f"in {n_of_all} of them they are those of all rows.",
            {"folds": differs, "n_edges_of_all_rows": n_of_all},
        )


def _same(found: "list[float]", expected: "np.ndarray") -> bool:
    return len(found) == len(expected) and bool(np.allclose(found, expected, rtol=TOLERANCE, atol=0))


EDGES: Final = Check(KIND, other_edges)
