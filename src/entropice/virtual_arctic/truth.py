"""What is true of a world and never shown to a model."""

from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr

from entropice.crs import POLAR_CRS
from entropice.types import Float32Array
from entropice.virtual_arctic.imaging import observed_units
from entropice.virtual_arctic.lattice import lattice_of
from entropice.virtual_arctic.rates import known_log_rate
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.virtual_arctic.terrain import slope_and_northness

_STEEP_DEG = 15.0


def build_truth(terrain: xr.Dataset, footprints: gpd.GeoDataFrame, world: WorldSpecification) -> xr.Dataset:
    """Everything the attainable limit needs.

    Footprints are as `entropice.virtual_arctic.imaging.draw_footprints` makes them. Rates are float32, ``observed``
    (land whose centre lies in a footprint of the year) and ``land`` bool. With s the slope in degrees, the rate of
    false positives is `false_positives_per_unit` · min(s / 15, 1).

    Returns
    -------
    xr.Dataset
        ``known_log_rate`` (year, y, x; active slumps per unit and year, intercept included, without the unseen
        effect), ``false_positive_rate`` (y, x; per unit and year), ``observed`` (year, y, x), ``land`` (y, x). Rates
        are NaN at sea. Attributes hold the block edge and variance of the unseen effect, the detection probability,
        the area distribution and the seed.
    """
    lattice, land = lattice_of(terrain), terrain["land"].to_numpy()
    observed = observed_units(footprints, lattice, world.label_years) & land
    return xr.Dataset(
        {
            "known_log_rate": (("year", "y", "x"), known_log_rate(terrain, world)),
            "false_positive_rate": (("y", "x"), _false_positive_rate(terrain, world)),
            "observed": (("year", "y", "x"), observed),
            "land": (("y", "x"), land),
        },
        coords={"year": np.array(world.label_years, dtype=np.int64), "y": lattice.y_m, "x": lattice.x_m},
        attrs=_attributes(world),
    )


def _false_positive_rate(terrain: xr.Dataset, world: WorldSpecification) -> Float32Array:
    slope_deg, _ = slope_and_northness(terrain["elevation_m"].to_numpy(), lattice_of(terrain))
    rate = world.slumps.false_positives_per_unit * np.minimum(slope_deg / _STEEP_DEG, 1)
    return np.where(terrain["land"].to_numpy(), rate, np.nan).astype(np.float32)


def _attributes(world: WorldSpecification) -> dict[str, Any]:
    slumps = world.slumps
    return {
        "crs": POLAR_CRS,
        "seed": world.seed,
        "block_m": slumps.block_m,
        "unseen_variance": slumps.unseen_variance,
        "detection_probability": slumps.detection_probability,
        "areas": slumps.areas.model_dump(),
    }
