"""Steps from ERA5 to features."""

from kedro.pipeline import Node

from entropice.pipelines.sources.declaration import WHERE
from entropice.pipelines.sources.era5 import nodes


def monthly() -> list[Node]:
    """Months under one set of names, then indices by year: ``climate_file`` → ``climate`` → ``climate_features``."""
    return [
        Node(
            nodes.normalise_monthly_climate,
            ["climate_file", "cells"],
            "climate",
            name="normalise_climate",
            tags=["climate"],
        ),
        Node(
            nodes.derive_climate_indices,
            ["climate", *WHERE, "params:features.climate"],
            "climate_features",
            name="derive_climate",
            tags=["climate"],
        ),
    ]


def hourly() -> list[Node]:
    """Hours, reduced by year and band of latitudes, then indices beside their history.

    ``climate_file`` → ``climate_years`` → ``climate_features``; the first step, which is heavy, can be resumed.
    """
    return [
        Node(
            nodes.plan_hourly_climate,
            ["climate_file", "cells", "params:features.years", "params:features.climate"],
            "climate_years",
            name="reduce_climate",
            tags=["climate", "heavy"],
        ),
        Node(
            nodes.derive_hourly_climate,
            ["climate_years", "climate_file", *WHERE, "params:features.climate"],
            "climate_features",
            name="derive_climate",
            tags=["climate"],
        ),
    ]


def fields() -> list[Node]:
    """Fields as they are, averaged over members and times: ``climate_file`` → ``climate`` → ``climate_features``."""
    return [
        Node(
            nodes.normalise_climate_fields,
            ["climate_file", "cells"],
            "climate",
            name="normalise_climate",
            tags=["climate"],
        ),
        Node(
            nodes.derive_climate_fields,
            ["climate", *WHERE],
            "climate_features",
            name="derive_climate",
            tags=["climate"],
        ),
    ]
