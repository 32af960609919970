"""Sets of features whose importance a run has tested against chance; a map must not draw the others as drivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .fields import Fields

CHANCE_COLOUR = "#dcdcdc"
_LEVELS = ("group", "cluster")


@dataclass(frozen=True)
class ImportantSet:
    """Features that say much the same, named by the most typical one, or a whole group of features.

    `importance` is what the model loses in log skill without them, and `null_q95` what a set without meaning reaches,
    both in nats; `is_discovery` says whether they go beyond chance with false discoveries controlled.
    """

    feature: str
    title: str
    members: frozenset[str]
    importance: float
    null_q95: float
    is_discovery: bool
    is_group: bool = False

    def null_share(self, share: float) -> float:
        """How much of a driver's share, in 0..1, a set without meaning reaches; 1 where it reaches all there can be.

        abs(share) · max(null_q95, 0) / importance, at most 1; an importance of 0 or less gives 1. Its unit is that of
        `share`.

        Examples
        --------
        >>> beyond = ImportantSet("slope_mean", "slope", frozenset({"slope_mean"}), 0.04, 0.01, True)
        >>> beyond.null_share(-0.4), ImportantSet("x", "x", frozenset(), 0.0, 0.01, False).null_share(0.4)
        (0.1, 1.0)
        """
        if self.importance <= 0:
            return 1.0
        return min(abs(share) * max(self.null_q95, 0.0) / self.importance, 1.0)


def read_important_sets(fields: Fields) -> tuple[ImportantSet, ...]:
    """The ``drivers`` of a manifest, groups and clusters, in the manifest's order: the most important of each first.

    The importance is ``weight``, the title ``feature_group`` of a group and ``long_name`` of a cluster, the members the
    names in ``features``, which white space separates.

    Raises
    ------
    RunFolderError
        A value is not as the schema says.
    """
    return tuple(map(_important_set, fields.objects("drivers")))


def _important_set(fields: Fields) -> ImportantSet:
    is_group = fields.one_of("level", _LEVELS) == "group"
    return ImportantSet(
        feature=fields.text("feature"),
        title=fields.label("feature_group" if is_group else "long_name"),
        members=frozenset(fields.text("features").split()),
        importance=fields.number("weight"),
        null_q95=fields.number("null_q95"),
        is_discovery=fields.whole_number("is_discovery", 0, 1) == 1,
        is_group=is_group,
    )


def set_of(sets: Sequence[ImportantSet], feature: str) -> ImportantSet | None:
    """The set that a feature is a member of; None where none is known.

    The first in the order of `sets` counts.
    """
    return next((found for found in sets if feature in found.members), None)
