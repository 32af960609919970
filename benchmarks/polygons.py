"""Polygons to cells beside geopandas.overlay: times, agreement and memory, in one run.

``python -m benchmarks.polygons`` makes 300,000 slumps of 24 corners on 100,000 H3 cells of level 6, one in ten across a
border, and a coast of 20,000 corners, and prints Markdown. Times are the lowest of repeats that take turns; overlay
works in one thread, ours in as many as there are cores.
"""

import argparse
from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.measuring import against, circumstances, in_own_process, markdown_table, measured
from entropice.crs import POLAR_CRS
from entropice.dggs import parse_grid
from entropice.zonal.polygons import cut

CELL_KM2: Final = 36.0
"""A little more than the smallest cells have."""
N_CORNERS: Final = 24
SCATTER_M: Final = 3_500.0


def cap_radius_m(n_cells: int) -> float:
    """Distance from the pole within which at least so many cells lie."""
    return float(np.sqrt(n_cells * CELL_KM2 * 1e6 * 1.2 / np.pi))


def make_cells(n_cells: int) -> np.ndarray:
    """H3 cells of level 6 around the pole, neighbours next to each other."""
    grid = parse_grid("h3_6")
    return grid.polygons(grid.cells_north_of(90 - np.degrees(cap_radius_m(n_cells) / 6.3e6))[:n_cells])


def make_slumps(cells: np.ndarray, n_slumps: int) -> np.ndarray:
    """Uneven rings of about a hectare near the centres of cells."""
    random = np.random.default_rng(0)
    near = shapely.get_coordinates(shapely.centroid(cells[random.integers(0, len(cells), n_slumps)]))
    centres_m = near + random.uniform(-SCATTER_M, SCATTER_M, near.shape)
    angle = np.linspace(0, 2 * np.pi, N_CORNERS, endpoint=False)
    uneven = 1 + 0.25 * random.standard_normal((n_slumps, N_CORNERS)).clip(-2, 2)
    radius_m = 60 * random.lognormal(0, 0.5, (n_slumps, 1)) * uneven
    around_m = np.stack([radius_m * np.cos(angle), radius_m * np.sin(angle)], axis=-1)
    return shapely.polygons(centres_m[:, None] + around_m)


def make_coast(n_corners: int, radius_m: float) -> np.ndarray:
    """One ragged polygon that holds many of the cells."""
    random = np.random.default_rng(0)
    angle = np.linspace(0, 2 * np.pi, n_corners, endpoint=False)
    waves = sum(np.sin(k * k * angle + k) / k for k in range(2, 18))
    radius_m = radius_m * (1 + 0.1 * waves) + random.normal(0, 10, n_corners)
    return np.array([shapely.Polygon(np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)]))])


def by_pair(rows: np.ndarray, areas_m2: np.ndarray) -> dict[tuple[int, int], float]:
    """Area of each (cell, polygon) that share any."""
    pairs, position = np.unique(rows, axis=0, return_inverse=True)
    totals = np.bincount(position, weights=areas_m2)
    return {pair: area for pair, area in zip(map(tuple, pairs.tolist()), totals.tolist(), strict=True) if area > 0}


def with_overlay(cells: np.ndarray, polygons: np.ndarray) -> gpd.GeoDataFrame:
    """The peer: all intersections as a frame."""
    left = gpd.GeoDataFrame({"cell": np.arange(len(cells))}, geometry=cells, crs=POLAR_CRS)
    right = gpd.GeoDataFrame({"polygon": np.arange(len(polygons))}, geometry=polygons, crs=POLAR_CRS)
    pieces = gpd.overlay(left, right, how="intersection")
    return pieces.assign(area_m2=pieces.area)


def with_cut(cells: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Ours: areas by cell."""
    return cut(cells, polygons).area_by_left_m2(len(cells))


def fresh(geometries: np.ndarray) -> np.ndarray:
    """Copies that have not been prepared."""
    return shapely.from_wkb(shapely.to_wkb(geometries))


def compared(cells: np.ndarray, polygons: np.ndarray, n_repeats: int) -> list[str]:
    """Lowest times of both, how many times faster ours is, and the largest difference of a pair's area in m²."""
    with_cut(cells[:2], polygons[:1])
    peers, ours = [], []
    for _ in range(n_repeats):
        ours.append(measured(partial(with_cut, fresh(cells), fresh(polygons)))[1])
        peers.append(measured(partial(with_overlay, fresh(cells), fresh(polygons)))[1])
    peer_s, wall_s, cpu_s = (
        min(each.cpu_s for each in peers),
        min(each.wall_s for each in ours),
        min(each.cpu_s for each in ours),
    )
    wall_ratio = min(each.wall_s for each in peers) / wall_s
    return [
        f"{peer_s:.2f}",
        f"{cpu_s:.2f}",
        f"{peer_s / cpu_s:.1f}",
        against(wall_ratio, ">=", 5.0),
        f"{largest_difference_m2(cells, polygons):.1e}",
    ]


def largest_difference_m2(cells: np.ndarray, polygons: np.ndarray) -> float:
    """Between the areas that both give a pair."""
    peer, pieces = with_overlay(cells, polygons), cut(cells, polygons)
    expected = by_pair(peer[["cell", "polygon"]].to_numpy(), peer["area_m2"].to_numpy())
    found = by_pair(np.column_stack([pieces.left, pieces.right]), pieces.area_m2)
    return max(abs(expected.get(pair, 0.0) - found.get(pair, 0.0)) for pair in expected.keys() | found.keys())


def memory_of_cut(n_cells: int, n_slumps: int) -> float:
    """Megabytes by which a fresh process grows while it cuts."""
    cells = make_cells(n_cells)
    slumps = make_slumps(cells, n_slumps)
    with_cut(cells[:2], slumps[:2])
    return measured(lambda: with_cut(cells, slumps))[1].memory_mb


def lost_share(cells: np.ndarray, n_slumps: int) -> float:
    """Share of the area of slumps inside the grid that is lost or gained: they are made near the middle cells."""
    slumps = make_slumps(cells[len(cells) // 3 : len(cells) // 2], n_slumps)
    pieces = cut(cells, slumps)
    found_m2 = np.bincount(pieces.right, weights=pieces.area_m2, minlength=n_slumps)
    is_inside = shapely.contains_properly(shapely.union_all(shapely.buffer(cells, 0.01)), slumps)
    return float(abs(found_m2[is_inside].sum() / shapely.area(slumps[is_inside]).sum() - 1))


def report(n_cells: int, n_slumps: int, n_corners: int, n_repeats: int) -> str:
    """Measure everything; Markdown."""
    cells = make_cells(n_cells)
    slumps, coast = make_slumps(cells, n_slumps), make_coast(n_corners, 0.7 * cap_radius_m(n_cells))
    return "\n\n".join(
        [
            markdown_table(
                ["polygons", "overlay, CPU s", "ours, CPU s", "ratio of CPU", "ratio of wall", "largest difference m²"],
                [
                    [f"{n_slumps:,} slumps", *compared(cells, slumps, n_repeats)],
                    [f"a coast of {n_corners:,} corners", *compared(cells, coast, n_repeats)],
                ],
            ),
            f"{n_cells:,} cells of h3_6. Area of slumps inside them lost or gained: {lost_share(cells, n_slumps):.1e}. "
            f"Memory of cutting the slumps: {in_own_process(memory_of_cut, n_cells, n_slumps):.0f} MB.",
            circumstances(),
        ]
    )


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=100_000)
    parser.add_argument("--slumps", type=int, default=300_000)
    parser.add_argument("--corners", type=int, default=20_000, help="of the coast")
    parser.add_argument("--repeats", type=int, default=2)
    given = parser.parse_args()
    print(report(given.cells, given.slumps, given.corners, given.repeats))  # noqa: T201


if __name__ == "__main__":
    main()
