"""A longitude–latitude grid to cells: weights and means, beside SciPy's sparse product, in one run.

``python -m benchmarks.lonlat`` averages 20 variables of 480 months from a 0.25° grid north of 55° N over the 134,102 H3
cells of level 5 north of 60° N and prints Markdown. One variable at a time is in memory (float32, points × months);
what its values are does not matter, so one array stands for all variables of a kind. SciPy multiplies once in float32
throughout, and once in float64 as ours does. xESMF needs ESMF, which is no Python package; exactextract takes cells one
by one and one month at a time.
"""

import argparse
import time
from collections.abc import Callable
from typing import Final

import geopandas as gpd
import numpy as np
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from scipy.sparse import csr_matrix

from benchmarks.measuring import against, circumstances, interleaved_minima, markdown_table, measured
from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs import parse_grid
from entropice.zonal.lonlat_weights import lonlat_weights, weighted_means

STEP_DEG: Final = 0.25
SOUTH_DEG, SOUTHERNMOST_CELL_DEG = 55.0, 60.0
BLOCK_POINTS: Final = 40
"""Unknown points lie in blocks of this edge, as the sea does in ERA5-Land."""


def axes() -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes."""
    return np.arange(-180.0, 180.0, STEP_DEG), np.arange(SOUTH_DEG, 90.0 + STEP_DEG / 2, STEP_DEG)


def make_values(n_months: int, kind: str) -> np.ndarray:
    """One variable: complete, unknown over the sea (40 %), or unknown here and there and now and then (1 %)."""
    random, (lon_deg, lat_deg) = np.random.default_rng(0), axes()
    values = random.standard_normal((lat_deg.size, lon_deg.size, n_months), dtype=np.float32)
    if kind == "sea unknown":
        blocks = random.random((lat_deg.size // BLOCK_POINTS + 1, lon_deg.size // BLOCK_POINTS + 1)) < 0.4
        is_sea = np.kron(blocks, np.ones((BLOCK_POINTS, BLOCK_POINTS), bool))
        values[is_sea[: lat_deg.size, : lon_deg.size]] = np.nan
    if kind == "scattered unknown":
        values[random.random(values.shape, dtype=np.float32) < 0.01] = np.nan
    return values.reshape(-1, n_months)


def with_scipy(weights: csr_matrix, values: np.ndarray) -> np.ndarray:
    """The same means by two sparse products."""
    is_known = np.isfinite(values)
    weight = weights @ is_known.astype(np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (weights @ np.where(is_known, values, np.float32(0))) / weight


def time_kind(weights: csr_matrix, kind: str, n_months: int, n_variables: int, n_repeats: int) -> list[str]:
    """Times of all variables of a kind, as if each were of it."""
    values, out = make_values(n_months, kind), np.zeros((weights.shape[0], n_months))
    single = weights.astype(np.float32)
    tasks: dict[str, Callable[[], object]] = {
        "ours": lambda: weighted_means(weights, values, out),
        "scipy": lambda: with_scipy(single, values),
        "scipy, float64": lambda: with_scipy(weights, values),
    }
    wall_s = interleaved_minima(tasks, n_repeats, time.perf_counter)
    cpu_s = interleaved_minima(tasks, n_repeats)
    difference = np.nanmax(np.abs(weighted_means(weights, values, out) - with_scipy(single, values)))
    total_s, peer_s = n_variables * wall_s["ours"], n_variables * wall_s["scipy"]
    return [
        kind,
        against(total_s, "<=", 2.0, " s"),
        f"{n_variables * cpu_s['ours']:.1f} s",
        f"{peer_s:.1f} s",
        against(peer_s / total_s, ">=", 4.0),
        against(cpu_s["scipy"] / cpu_s["ours"], ">=", 4.0),
        against(cpu_s["scipy, float64"] / cpu_s["ours"], ">=", 4.0),
        f"{difference:.0e}",
    ]


def time_exactextract(polygons: np.ndarray, n_cells: int) -> float:
    """Seconds for one month of one variable and some cells, drawn in longitude and latitude."""
    lon_deg, lat_deg = axes()
    band = np.flipud(make_values(1, "complete").reshape(lat_deg.size, lon_deg.size))
    half = STEP_DEG / 2
    edges_deg = lon_deg[0] - half, lat_deg[0] - half, lon_deg[-1] + half, lat_deg[-1] + half
    source = NumPyRasterSource(band, *edges_deg, srs_wkt=CRS(LON_LAT_CRS).to_wkt())
    cells = gpd.GeoDataFrame(geometry=polygons[:n_cells], crs=POLAR_CRS).to_crs(LON_LAT_CRS)
    return measured(lambda: exact_extract(source, cells, ["mean"], output="pandas"))[1].wall_s


def report(grid_key: str, n_months: int, n_variables: int, n_repeats: int) -> str:
    """Measure everything; Markdown."""
    grid = parse_grid(grid_key)
    polygons = grid.polygons(grid.cells_north_of(SOUTHERNMOST_CELL_DEG))
    lonlat_weights(*axes(), polygons[:2])
    weights, building = measured(lambda: lonlat_weights(*axes(), polygons))
    sums = np.asarray(weights.sum(axis=1)).ravel()
    kinds = ["complete", "sea unknown", "scattered unknown"]
    rows = [time_kind(weights, kind, n_months, n_variables, n_repeats) for kind in kinds]
    n_some = min(10_000, len(polygons))
    peer_s = time_exactextract(polygons, n_some)
    return "\n\n".join(
        [
            f"{len(polygons):,} cells of {grid_key}, {weights.shape[1]:,} points, {weights.nnz:,} weights in "
            f"{against(building.wall_s, '<=', 10.0, ' s')}; rows sum to 1 ± {np.abs(sums - 1).max():.0e}.",
            markdown_table(
                [
                    f"{n_variables} variables × {n_months} months",
                    "ours",
                    "ours, CPU",
                    "SciPy",
                    "ratio",
                    "ratio of CPU",
                    "ratio of CPU, SciPy in float64",
                    "largest difference",
                ],
                rows,
            ),
            f"exactextract, the first {n_some:,} cells and one month: {peer_s:.2f} s, areas in degrees.",
            circumstances(),
        ]
    )


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grid", default="h3_5")
    parser.add_argument("--months", type=int, default=480)
    parser.add_argument("--variables", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    print(report(given.grid, given.months, given.variables, given.repeats))  # noqa: T201


if __name__ == "__main__":
    main()
