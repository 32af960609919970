"""Stress run: terrain of several hundred thousand cells from compressed tiles of 10,000 × 10,000 pixels.

``python -m benchmarks.stress --tiles 2`` makes tiles of float32 elevations (GeoTIFF with 512 px blocks, deflate,
overviews, 4 % unknown) around the pole, plans the terrain of all H3 cells of level 6 on them as the features pipeline
does, carries the plan out into a folder of tile results, adds up, and prints Markdown with throughput, the memory at
its highest, and what both mean for the whole Arctic. Tiles are the same on every machine and are deleted afterwards.

A pixel has 250 m here, so that two tiles hold 340,000 cells and four reach from the pole to 58° N. Radii are as many
pixels as on ArcticDEM at 32 m, and with them a pixel costs what it costs there; but a cell has 600 pixels instead of
36,000, so that weights and border pixels cost far more a pixel than they do there.
"""

import argparse
import resource
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import rasterio
import shapely
import yaml
from rasterio.enums import Resampling

from benchmarks.measuring import Usage, circumstances, highest_mb, in_own_process, markdown_table, measured
from entropice.crs import POLAR_CRS
from entropice.dggs import parse_grid
from entropice.dggs.polar import project
from entropice.io.tile_results import TileResultsDataset
from entropice.pipelines.sources.arcticdem.nodes import derive_terrain, plan_terrain
from entropice.pipelines.sources.arcticdem.parameters import TerrainParameters
from entropice.raster.bounds import Bounds
from entropice.sources.arcticdem.tiles import NODATA, plan_blocks, read_tile_index, read_window
from entropice.tiles.parameters import ClusterParameters, TileParameters
from entropice.tiles.plan import TilePlan
from entropice.tiles.workers import Workers

PIXEL_M: Final = 250.0
REAL_PIXEL_M: Final = 32.0
BLOCK_PX: Final = 512
UNKNOWN_SHARE: Final = 0.04
PLACES: Final = [(0, 0), (0, 1), (1, 0), (1, 1)]
"""Rows from the top and columns of the tiles: the pole is the corner of all."""

ARCTIC_PIXELS: Final = 1.7e10
"""Land north of 60° N at 32 m."""

CONF: Final = Path(__file__).parents[1] / "conf"


@dataclass(frozen=True)
class Size:
    """What is worked on, and by how many."""

    n_tiles: int
    side_px: int
    grid_key: str
    n_workers: int
    block_px: int


def tile_bounds(place: tuple[int, int], side_px: int) -> Bounds:
    """Where a tile lies in EPSG:3413."""
    (row, column), side_m = place, side_px * PIXEL_M
    left_m, top_m = (column - 1) * side_m, (1 - row) * side_m
    return Bounds(left_m, top_m - side_m, left_m + side_m, top_m)


def write_tiles(folder: Path, size: Size) -> int:
    """Write the tiles that lie first in `PLACES`; returns their bytes on disk."""
    for place in PLACES[: size.n_tiles]:
        write_tile(folder / f"{place[0]:02d}_{place[1]:02d}_32m_v4.1_dem.tif", place, size.side_px)
    return sum(path.stat().st_size for path in folder.iterdir())


def write_tile(path: Path, place: tuple[int, int], side_px: int) -> None:
    """Hills with noise in steps of 1/128 m, as ArcticDEM rounds; unknown pixels lie in patches."""
    transform = tile_bounds(place, side_px).transform(PIXEL_M)
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": POLAR_CRS, "nodata": NODATA}
    layout = {"tiled": True, "blockxsize": BLOCK_PX, "blockysize": BLOCK_PX, "compress": "deflate", "predictor": 3}
    shape = {"width": side_px, "height": side_px, "transform": transform}
    with rasterio.open(path, "w", **profile, **layout, **shape, zlevel=1, num_threads="all_cpus") as file:
        for first_row in range(0, side_px, BLOCK_PX):
            rows = elevation_rows(place, first_row, min(BLOCK_PX, side_px - first_row), side_px)
            file.write(rows, 1, window=((first_row, first_row + len(rows)), (0, side_px)))
        file.build_overviews([2, 4, 8], Resampling.average)


def elevation_rows(place: tuple[int, int], first_row: int, n_rows: int, side_px: int) -> np.ndarray:
    """Some rows of a tile; hills go on from tile to tile."""
    random = np.random.default_rng([*place, first_row])
    y_px = place[0] * side_px + first_row + np.arange(n_rows, dtype=np.float32)[:, None]
    x_px = place[1] * side_px + np.arange(side_px, dtype=np.float32)
    height_m = 400 + 250 * np.sin(y_px / 311) * np.cos(x_px / 523) + 40 * np.sin((x_px + 2 * y_px) / 37)
    height_m += random.standard_normal((n_rows, side_px), dtype=np.float32)
    patches = random.random((-(-n_rows // 64), -(-side_px // 64))) < UNKNOWN_SHARE
    is_unknown = np.kron(patches, np.ones((64, 64), bool))[:n_rows, :side_px]
    return np.where(is_unknown, np.float32(NODATA), np.round(height_m * 128) / 128).astype(np.float32)


def cells_on(places: Iterable[tuple[int, int]], size: Size) -> gpd.GeoDataFrame:
    """Cells whose centre lies on a tile."""
    grid = parse_grid(size.grid_key)
    frames = [tile_bounds(place, size.side_px) for place in places]
    boxes = shapely.union_all([shapely.box(b.left_m, b.bottom_m, b.right_m, b.top_m) for b in frames])
    ids = grid.cells_north_of(southernmost_lat_deg(boxes))
    centres = shapely.points(project(*grid.centres(ids)))
    shapely.prepare(boxes)
    ids = ids[shapely.contains(boxes, centres)]
    return gpd.GeoDataFrame({"cell_id": ids, "land_fraction": 1.0}, geometry=grid.polygons(ids), crs=POLAR_CRS)


def southernmost_lat_deg(boxes: shapely.Geometry) -> float:
    """Latitude of the corner farthest from the pole, or a little less."""
    farthest_m = np.hypot(*shapely.get_coordinates(boxes).T).max()
    return float(90 - np.degrees(farthest_m / 6.2e6))


def terrain_parameters(block_px: int) -> TerrainParameters:
    """Those of the environment for the real Arctic, radii in as many pixels as at 32 m."""
    section: dict[str, Any] = {"block_px": block_px}
    for environment in ("arctic", "base"):
        file = CONF / environment / "features/parameters.yml"
        section = yaml.safe_load(file.read_text(encoding="utf-8"))["features"]["terrain"] | section
    radii_m = [radius_m * PIXEL_M / REAL_PIXEL_M for radius_m in section["radii_m"]]
    return TerrainParameters(**section | {"radii_m": radii_m})


def read_all(folder: Path, block_px: int) -> None:
    """Just read what the plan reads, without halos."""
    index = read_tile_index(folder)
    for bounds in plan_blocks(index, block_px):
        read_window(index, bounds)


@dataclass(frozen=True)
class Outcome:
    """What a stress run took."""

    n_cells: int
    n_known: int
    n_blocks: int
    planning: Usage
    carrying_out: Usage
    adding_up: Usage
    highest_mb: float
    largest_worker_mb: float


def stress(folder: Path, size: Size) -> Outcome:
    """Plan, carry out, add up; in a process of its own."""
    cells = cells_on(PLACES[: size.n_tiles], size)
    parameters = terrain_parameters(size.block_px)
    work, planning = measured(lambda: plan_terrain(read_tile_index(folder / "tiles"), cells, parameters))
    dataset = TileResultsDataset(filepath=str(folder / "terrain_moments"))
    _, here = measured(partial(carry_out, dataset, work, size.n_workers))
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    carrying_out = replace(here, cpu_s=here.cpu_s + workers.ru_utime + workers.ru_stime)
    cube, adding_up = measured(
        lambda: derive_terrain(dataset.load(), cells, size.grid_key, [2020], 0.5, parameters).whole()
    )
    n_known = int(np.isfinite(cube[next(iter(cube.data_vars))].to_numpy()).sum())
    largest_worker_mb = workers.ru_maxrss / 1e3 if size.n_workers else 0.0
    steps = planning, carrying_out, adding_up
    return Outcome(len(cells), n_known, len(work.tiles), *steps, highest_mb(), largest_worker_mb)


def carry_out(dataset: TileResultsDataset, work: TilePlan, n_workers: int) -> None:
    """By this process, or by workers of this machine."""
    if n_workers == 0:
        dataset.save(work)
        return
    cluster = ClusterParameters(kind="local", n_workers=n_workers)
    with Workers(TileParameters(), cluster) as workers:
        dataset.workers = workers
        dataset.save(work)


def report(size: Size, folder: Path) -> str:
    """Measure; Markdown."""
    tiles = folder / "tiles"
    tiles.mkdir()
    n_bytes, writing = measured(lambda: write_tiles(tiles, size))
    _, reading = measured(lambda: read_all(tiles, size.block_px))
    outcome = in_own_process(stress, folder, size)
    n_px = size.n_tiles * size.side_px**2
    rows = [
        ["making the tiles", writing],
        ["just reading them, block by block", reading],
        ["planning", outcome.planning],
        ["carrying out", outcome.carrying_out],
        ["adding up and describing", outcome.adding_up],
    ]
    return "\n\n".join(
        [
            f"{size.n_tiles} tiles of {size.side_px:,} × {size.side_px:,} float32 ({n_bytes / 1e9:.2f} GB on disk), "
            f"{outcome.n_cells:,} cells of {size.grid_key} ({outcome.n_known:,} with terrain), "
            f"{outcome.n_blocks} blocks of {size.block_px} px, {size.n_workers or 'no'} dask workers.",
            markdown_table(
                ["step", "wall s", "CPU s", "Mpx per s", "Mpx per s of CPU"], [pace(*row, n_px) for row in rows]
            ),
            memory(outcome),
            extrapolation(n_px, outcome.carrying_out),
            circumstances(),
        ]
    )


def pace(step: str, usage: Usage, n_px: int) -> list[str]:
    """Times of a step and pixels by time."""
    seconds = usage.wall_s, usage.cpu_s
    return [step, *(f"{each:.1f}" for each in seconds), *(f"{n_px / each / 1e6:.1f}" for each in seconds)]


def memory(outcome: Outcome) -> str:
    """Of the process that plans and adds up, and of the largest worker."""
    workers = f"; largest worker {outcome.largest_worker_mb:.0f} MB" if outcome.largest_worker_mb else ""
    came = f"{outcome.carrying_out.memory_mb:.0f} MB came with carrying out"
    return f"Memory at its highest: {outcome.highest_mb:.0f} MB, of which {came}{workers}."


def extrapolation(n_px: int, usage: Usage) -> str:
    """The same work for the whole Arctic at this pace."""
    wall_h, cpu_h = (ARCTIC_PIXELS / n_px * seconds / 3600 for seconds in (usage.wall_s, usage.cpu_s))
    arctic = f"The Arctic's land at 32 m ({ARCTIC_PIXELS:.1e} pixels)"
    return f"{arctic}: {wall_h:.1f} h at this pace, {cpu_h:.1f} h of one core."


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiles", type=int, default=2, choices=range(1, len(PLACES) + 1), metavar=f"1..{len(PLACES)}")
    parser.add_argument("--side-px", type=int, default=10_000, help="rows and columns of a tile")
    parser.add_argument("--grid", default="h3_6")
    parser.add_argument("--workers", type=int, default=0, help="dask workers; 0: this process alone")
    parser.add_argument("--block-px", type=int, default=4096, help="edge of the blocks worked on at once")
    parser.add_argument("--folder", type=Path, default=None, help="where tiles and results go for the time being")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        print(report(Size(given.tiles, given.side_px, given.grid, given.workers, given.block_px), Path(folder)))  # noqa: T201


if __name__ == "__main__":
    main()
