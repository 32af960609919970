"""The leak alarm: what in a finished run's artefacts says that a model knew what it was judged by.

Each check is one entry here. A check reads artefacts alone, so it asks what was done, not what was meant to be done.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from entropice.learning.leaks import classes, features, folds, labels, refits, rows, years
from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding, alarm
from entropice.learning.leaks.limit import ABOVE_LIMIT, above_the_limit

CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        check.kind: check
        for check in (
            folds.BLOCKS,
            folds.BUFFER,
            folds.TESTED,
            rows.DUPLICATES,
            classes.EDGES,
            labels.LABELS,
            labels.NEIGHBOURS,
            years.FUTURE,
            features.SCALED,
            features.COORDINATES,
            refits.REFITS,
        )
    }
)
"""Every check by the kind of leak that it looks for, the costly one last."""


def find_leaks(artefacts: Artefacts) -> list[Finding]:
    """Everything that the checks find, in their order; empty for a run without leaks.

    Some spatial folds are fitted again (`Artefacts.n_refit_folds`), which takes most of the time.

    Raises
    ------
    LabelError
        The training rows of a fold have no slumps, or as of the fits that are made again.
    FeatureError
        As `features.scaled_features`.
    """
    return [finding for check in CHECKS.values() for finding in check.find(artefacts)]


__all__ = ["ABOVE_LIMIT", "CHECKS", "Artefacts", "Check", "Finding", "above_the_limit", "alarm", "find_leaks"]
