"""Features whose importance is not told apart from chance: a map must not draw them as drivers."""

from __future__ import annotations

from .fields import Fields

CHANCE_COLOUR = "#dcdcdc"
_CLUSTER = "cluster"


def read_chance_features(fields: Fields) -> frozenset[str]:
    """The features of the clusters that are no discovery; `fields` is the manifest.

    Empty where the run has tested no clusters.

    Raises
    ------
    RunFolderError
        A driver is not as the schema says.
    """
    tested = [driver for driver in fields.objects("drivers") if driver.has("level")]
    clusters = [driver for driver in tested if driver.text("level") == _CLUSTER]
    no_discoveries = [cluster for cluster in clusters if not cluster.whole_number("is_discovery")]
    return frozenset(feature for cluster in no_discoveries for feature in cluster.text("features").split())
