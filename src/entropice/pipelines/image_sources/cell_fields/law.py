"""What the law of the virtual Arctic says of the indices of cells in years to come."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from scipy.sparse import csr_matrix

from entropice.derive.cell_fields import index_names
from entropice.derive.climate.indices import SNOW_LEAD_MONTHS
from entropice.derive.climate.monthly import every_year
from entropice.errors import ConfigError
from entropice.types import Dataset, Float32Array, FloatArray, GeoDataFrame
from entropice.virtual_arctic.climate_courses import FIRST_MONTH, climate_course, heights_m, known_climate
from entropice.virtual_arctic.specification import WorldSpecification
from entropice.zonal.lonlat_weights import overlap_areas_m2, row_shares, weighted_means


def law_draws(
    world: Dataset,
    specification: WorldSpecification,
    climate: Dataset,
    yearly_indices: Dataset,
    cells: GeoDataFrame,
    issued: Sequence[int],
    n_years: int,
    n_draws: int,
    start_month: int,
    random_seed: int,
) -> Dataset:
    """Indices of cells that may come by the law of the virtual Arctic, in their own units.

    Courses of the climate are drawn at the grid points that the cells touch, months of the known year before them put
    in front, and indices of the years averaged over cells by area. A draw depends on seed, year and number of the draw
    alone.

    Parameters
    ----------
    world, specification
        Base units of the virtual world, and what it is made of.
    climate
        The known climate, monthly, dims (time, lat, lon).
    yearly_indices
        Cube on (cell, year): its variables are the indices that are drawn.
    cells
        ``cell_id geometry`` (EPSG:3413), in the order of the cube.
    issued
        Arctic years that are the last known one, (n_issued,).
    n_years, n_draws
        Years ahead, and courses from each year on.
    start_month
        First month of the Arctic year.

    Returns
    -------
    Dataset
        ``values``, float32 (issued, draw, horizon, index, cell); ``horizon`` counts years ahead from 1. Coordinates
        ``issued``, ``index`` (names, sorted) and ``cell_ids``. NaN where no grid point of a cell is known.

    Raises
    ------
    ConfigError
        Years begin in another month than those of the law, October.
    """
    _require_month(start_month)
    overlap_m2 = overlap_areas_m2(climate["lon"].values, climate["lat"].values, cells.geometry.to_numpy())
    # Courses are drawn for the points that cells touch, not for the whole grid of the climate.
    touched = np.unique(overlap_m2.indices)
    weights = row_shares(csr_matrix(overlap_m2[:, touched]))
    lat_deg, lon_deg = (axis.ravel()[touched] for axis in np.meshgrid(climate["lat"], climate["lon"], indexing="ij"))
    past, height_m = known_climate(specification), heights_m(world, specification, lon_deg, lat_deg)
    seen = climate.stack(point=("lat", "lon")).isel(point=touched).reset_index("point", drop=True)
    names = index_names(yearly_indices)

    def one(year: int, draw: int) -> Float32Array:
        random = np.random.default_rng([random_seed, year, draw, *b"law"])
        course = climate_course(past, year, n_years, lon_deg, lat_deg, height_m, random)
        # Snow of the first year lies on what fell in the months before it, which are known.
        lead = seen.sel(
            time=slice(*(f"{year}-{month:02d}" for month in (start_month - SNOW_LEAD_MONTHS, start_month - 1)))
        )
        joined: Any = xr.concat(
            [lead[list(course.data_vars)].drop_vars(["lat", "lon"], errors="ignore"), course], "time"
        )
        joined.attrs = course.attrs
        ahead = list(range(year + 1, year + 1 + n_years))
        return _on_cells(every_year(joined, ahead, start_month), names, weights)

    draws = np.stack([np.stack([one(year, draw) for draw in range(n_draws)]) for year in issued])
    return xr.Dataset(
        {"values": (("issued", "draw", "horizon", "index", "cell"), draws)},
        {"issued": list(issued), "index": list(names), "cell_ids": ("cell", cells["cell_id"].to_numpy())},
    )


def _on_cells(indices: Dataset, names: Sequence[str], weights: csr_matrix) -> Float32Array:
    """(n_year, n_index, n_cell)."""
    by_index: list[FloatArray] = [
        weighted_means(weights, indices[name].transpose("point", "year").to_numpy().astype(np.float64)).T
        for name in names
    ]
    return np.stack(by_index, axis=1).astype(np.float32)


def _require_month(start_month: int) -> None:
    if start_month != FIRST_MONTH:
        raise ConfigError(
            "The law of the virtual Arctic draws its years from October on.",
            field="features.climate.arctic_year_start_month",
            got=start_month,
            expected=FIRST_MONTH,
            fix=f"take {FIRST_MONTH} here and in the run that this one builds on",
        )
