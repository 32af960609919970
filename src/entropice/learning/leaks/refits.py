"""Predictions that the declared models, fitted to training rows alone, do not make."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from entropice.learning.folds import SPATIAL
from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding

KIND: Final = "predictions of another fit"
TOLERANCE: Final = 1e-3
"""Of probabilities: wider than what threads or devices change, narrower than what other rows or parameters do."""

_KEYS: Final = ["scheme", "fold", "model", "cell_id", "year"]


def other_fits(artefacts: Artefacts) -> Iterator[Finding]:
    """Fit all models again in some spatial folds: rows, scaling, components and tuning must be those of training.

    Whatever else went into a fit, such as other rows, parameters tuned on test rows, or components of all rows, shows
    in its predictions. The first folds by number are taken. One finding, with the largest difference of a probability
    by model where it exceeds 0.001 (`TOLERANCE`), or none. There are ``n_refit_folds`` of them; the evidence is
    ``largest_gap_by_model``, of those models alone.
    """
    spatial = artefacts.folds[artefacts.folds["scheme"] == SPATIAL]
    chosen = spatial[spatial["fold"].isin(sorted(spatial["fold"].unique())[: artefacts.n_refit_folds])]
    if chosen.empty:
        return
    # Whatever leaked into a fit, by whichever path, its predictions differ from those of an honest one: the only check
    # that need not know where to look.
    gaps = largest_gaps(artefacts.out_of_fold, artefacts.refit(chosen))
    found = {model: gap for model, gap in gaps.items() if gap > TOLERANCE}
    if found:
        worst = max(found, key=lambda model: found[model])
        yield Finding(
            KIND,
            f"{len(found)} models do not predict what a fit to the training rows alone predicts; {worst} differs by up "
            f"to {found[worst]:.3f}: other rows, or parameters chosen by test rows, went into it.",
            {"largest_gap_by_model": found},
        )


def largest_gaps(told: pd.DataFrame, again: pd.DataFrame) -> dict[str, float]:
    """Largest difference of a probability between two predictions of the same rows, by model.

    Both have the columns of ``out_of_fold``: ``scheme fold model cell_id year p_<class>…``. Compared are the classes of
    `told`; one that `again` lacks has probability 0 there. Rows that only one has are passed over.

    Examples
    --------
    >>> rows = pd.DataFrame({"scheme": "spatial", "fold": 0, "model": "espa", "cell_id": [1, 2], "year": 2020})
    >>> told = rows.assign(p_none=[0.5, 0.5], p_some=[0.5, 0.5])
    >>> largest_gaps(told, rows.assign(p_none=[0.5, 0.75], p_some=[0.5, 0.25]))
    {'espa': 0.25}
    """
    columns = [column for column in told.columns if column.startswith("p_")]
    both = again.reindex(columns=[*_KEYS, *columns]).fillna(0.0).merge(told, on=_KEYS, suffixes=("_again", ""))
    gaps = pd.concat([(both[column] - both[f"{column}_again"]).abs() for column in columns], axis=1).max(axis=1)
    return {str(model): float(gap) for model, gap in gaps.groupby(both["model"]).max().items()}


REFITS: Final = Check(KIND, other_fits)
