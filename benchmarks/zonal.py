"""Zonal reduction beside exactextract, rasterstats and xvec: times, agreement and memory, in one run.

``python -m benchmarks.zonal`` makes a float32 raster of 100 Mpx at 32 m with 4 % unknown pixels, covers it with H3
cells of level 6 and prints Markdown. CPU time is that of the process, all threads together; every figure is the lowest
of its repeats. exactextract and xvec (which calls exactextract) weigh border pixels exactly; rasterstats counts a
pixel wholly where its centre is inside. rasterstats and xvec are needed here only: ``pip install rasterstats xvec``.
flox, where it is installed, too, groups pixels whose cell is known beforehand: a peer of what is warm here.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import rasterio
import rasterio.features
import rasterstats
import rioxarray  # noqa: F401  registers the accessor that knows the CRS
import shapely
import xarray as xr
import xvec  # noqa: F401  registers the accessor
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from rasterio.transform import Affine, from_origin
from rasterio.windows import Window

from benchmarks.measuring import Usage, against, circumstances, in_own_process, markdown_table, measured
from entropice.crs import POLAR_CRS
from entropice.dggs import parse_grid
from entropice.dggs.polar import project
from entropice.types import Geometries
from entropice.zonal.coverage import Coverage, cell_coverage
from entropice.zonal.histograms import cell_histograms
from entropice.zonal.moments import Moments, add_strip, cell_moments
from entropice.zonal.quantiles import cell_quantiles
from entropice.zonal.raster_files import read_windows, strips

PIXEL_M: Final = 32.0
LON_DEG, LAT_DEG = -120.0, 71.0
UNKNOWN_SHARE: Final = 0.04
PROBABILITIES: Final = (0.1, 0.5, 0.9)
PEER_QUANTILES: Final = [f"quantile(q={probability})" for probability in PROBABILITIES]
EXACTEXTRACT_STATISTICS: Final = ["count", "mean", "stdev", "min", "max"]
RASTERSTATS_STATISTICS: Final = ["count", "mean", "std", "min", "max"]
FLOX: Final = "flox, cells of pixels known"
FLOX_STATISTICS: Final = ["count", "nanmean", "nanstd", "nanmin", "nanmax"]
XVEC_STATISTICS: Final = ["count", "mean", "stdev", "min", "max"]
LAYOUTS: Final = {
    "uncompressed": {"tiled": True, "blockxsize": 512, "blockysize": 512},
    "deflate": {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate", "predictor": 3},
}


@dataclass(frozen=True)
class Scene:
    """A raster in memory (float32, NaN unknown; int8 beside it) and the cells that touch it."""

    band: np.ndarray
    bytes_: np.ndarray
    transform: Affine
    frame: gpd.GeoDataFrame

    @property
    def polygons(self) -> np.ndarray:
        """Cells in EPSG:3413."""
        return self.frame.geometry.to_numpy()

    @property
    def source(self) -> NumPyRasterSource:
        """The raster as exactextract takes it."""
        n_rows, n_columns = self.band.shape
        left_m, top_m = self.transform.c, self.transform.f
        right_m, bottom_m = left_m + n_columns * PIXEL_M, top_m - n_rows * PIXEL_M
        return NumPyRasterSource(self.band, left_m, bottom_m, right_m, top_m)


def make_scene(side_px: int, grid_key: str) -> Scene:
    """Hills with noise; unknown pixels lie in patches."""
    (x_m, y_m), half_m = project(np.array([LON_DEG]), np.array([LAT_DEG]))[0], side_px / 2 * PIXEL_M
    transform = from_origin(round(x_m - half_m), round(y_m + half_m), PIXEL_M, PIXEL_M)
    random = np.random.default_rng(0)
    along = np.linspace(0, 40, side_px, dtype=np.float32)
    band = random.standard_normal((side_px, side_px), dtype=np.float32)
    band += 300 + 200 * np.sin(along)[:, None] * np.cos(1.7 * along)
    patches = random.random((side_px // 50 + 1, side_px // 50 + 1)) < UNKNOWN_SHARE
    band[np.kron(patches, np.ones((50, 50), bool))[:side_px, :side_px]] = np.nan
    bytes_ = np.nan_to_num(band / 5 - 60, nan=-128.0).clip(-128, 127).astype(np.int8)
    return Scene(band, bytes_, transform, cells_touching(grid_key, transform, side_px))


def cells_touching(grid_key: str, transform: Affine, side_px: int) -> gpd.GeoDataFrame:
    """Cells that share area or border with the raster."""
    grid, tile = parse_grid(grid_key), shapely.box(*rasterio.transform.array_bounds(side_px, side_px, transform))
    cells = grid.cells_north_of(LAT_DEG - 4.0)
    is_near = shapely.dwithin(shapely.points(project(*grid.centres(cells))), tile, grid.reach_m)
    polygons = grid.polygons(cells[is_near])
    return gpd.GeoDataFrame(geometry=polygons[shapely.intersects(polygons, tile)], crs=POLAR_CRS)


def lowest(task: Callable[[], object], n_repeats: int) -> Usage:
    """Lowest wall and CPU time, and highest memory, of some repeats."""
    usages = [measured(task)[1] for _ in range(n_repeats)]
    return Usage(
        min(usage.wall_s for usage in usages),
        min(usage.cpu_s for usage in usages),
        max(usage.memory_mb for usage in usages),
    )


def time_in_memory(scene: Scene, n_repeats: int) -> tuple[dict[str, Usage], Coverage]:
    """Times of everything that needs no file; ours first runs once unmeasured, to compile."""
    shape, side = scene.band.shape, scene.band.shape[1]
    coverage = cell_coverage(scene.polygons, scene.transform, shape)
    ours: dict[str, Callable[[], object]] = {
        "weights": lambda: cell_coverage(scene.polygons, scene.transform, shape),
        "cold": lambda: cell_moments(cell_coverage(scene.polygons, scene.transform, shape), scene.band),
        "warm": lambda: cell_moments(coverage, scene.band),
        "quantiles": lambda: cell_quantiles(coverage, scene.band, PROBABILITIES),
        "histograms": lambda: cell_histograms(coverage, scene.bytes_, -128),
        "histograms, statistics": lambda: byte_statistics(coverage, scene.bytes_),
        "np.sum of the raster": lambda: np.sum(scene.band),
        "np.sum of the bytes, eight at a time": lambda: np.sum(scene.bytes_[:, : side // 8 * 8].view(np.int64)),
    }
    peers: dict[str, Callable[[], object]] = {
        "exactextract": lambda: exact_extract(scene.source, scene.frame, EXACTEXTRACT_STATISTICS, output="pandas"),
        "exactextract quantiles": lambda: exact_extract(scene.source, scene.frame, PEER_QUANTILES, output="pandas"),
        "rasterstats": lambda: with_rasterstats(scene),
        "xvec": lambda: with_xvec(scene),
    }
    if find_spec("flox"):
        peers[FLOX] = partial(with_flox, scene.band, centre_labels(scene))
    for task in ours.values():
        task()
    times = {name: lowest(task, 3 * n_repeats) for name, task in ours.items()}
    return times | {
        name: lowest(task, 1 if "rasterstats" in name else n_repeats) for name, task in peers.items()
    }, coverage


def byte_statistics(coverage: Coverage, band: np.ndarray) -> tuple[Moments, np.ndarray]:
    """Moments and quantiles of a band of bytes."""
    histograms = cell_histograms(coverage, band, -128)
    return histograms.moments(), histograms.quantiles(PROBABILITIES)


def with_rasterstats(scene: Scene) -> Any:
    """The five statistics, pixels counted by their centres."""
    return rasterstats.zonal_stats(
        list(scene.polygons), scene.band, affine=scene.transform, nodata=np.nan, stats=RASTERSTATS_STATISTICS
    )


def with_xvec(scene: Scene) -> Any:
    """The five statistics from an xarray, by exactextract inside."""
    n_rows, n_columns = scene.band.shape
    x_m, _ = scene.transform * (np.arange(n_columns) + 0.5, np.zeros(n_columns))
    _, y_m = scene.transform * (np.zeros(n_rows), np.arange(n_rows) + 0.5)
    raster = xr.DataArray(scene.band, dims=("y", "x"), coords={"y": y_m, "x": x_m}).rio.write_crs(POLAR_CRS)
    return raster.xvec.zonal_stats(
        scene.frame.geometry, x_coords="x", y_coords="y", stats=XVEC_STATISTICS, method="exactextract"
    )


def centre_labels(scene: Scene) -> np.ndarray:
    """The number of the cell, from 1, that holds each pixel's centre; 0 where none does."""
    numbered = zip(scene.polygons, range(1, len(scene.frame) + 1), strict=True)
    return rasterio.features.rasterize(numbered, scene.band.shape, transform=scene.transform, dtype="int32")


def with_flox(band: np.ndarray, labels: np.ndarray) -> list[Any]:
    """The five statistics of labelled pixels, one after another, as flox reduces."""
    from flox import groupby_reduce

    cells = np.arange(1, labels.max() + 1)
    return [
        groupby_reduce(band.ravel(), labels.ravel(), func=statistic, expected_groups=cells)
        for statistic in FLOX_STATISTICS
    ]


def write_rasters(scene: Scene, folder: Path) -> dict[str, Path]:
    """One file per layout."""
    paths = {name: folder / f"{name}.tif" for name in LAYOUTS}
    for name, path in paths.items():
        profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": POLAR_CRS, "transform": scene.transform}
        height, width = scene.band.shape
        with rasterio.open(path, "w", height=height, width=width, **profile, **LAYOUTS[name]) as file:
            file.write(scene.band, 1)
    return paths


def read_whole(path: Path) -> None:
    """Just read the raster."""
    with rasterio.open(path) as file:
        file.read(1)


def strips_of(path: Path) -> list[Window]:
    """The whole raster in the strips that are read at a time."""
    with rasterio.open(path) as file:
        return strips(Window(0, 0, file.width, file.height), file.block_shapes[0][0])


def read_in_strips(path: Path) -> None:
    """Read the raster as the reduction does, and do nothing with it."""
    for _ in read_windows(path, 1, strips_of(path)):
        pass


def file_moments(path: Path, coverage: Coverage) -> Moments:
    """Read and reduce the raster; memory is two strips."""
    total, windows = Moments.empty(coverage.n_cells), strips_of(path)
    for window, values in zip(windows, read_windows(path, 1, windows), strict=True):
        add_strip(total, coverage, values, window.row_off)
    return total


def time_files(paths: dict[str, Path], scene: Scene, coverage: Coverage, n_repeats: int) -> dict[str, Usage]:
    """Times of reading, and of reading and reducing, taken in turn so that a disturbance hits both."""
    times: dict[str, Usage] = {}
    for name, path in paths.items():
        tasks: dict[str, Callable[[], object]] = {
            f"{name}: just reading": partial(read_whole, path),
            f"{name}: just reading in strips": partial(read_in_strips, path),
            f"{name}: reading and reducing": partial(file_moments, path, coverage),
        }
        rounds = [{task_name: lowest(task, 1) for task_name, task in tasks.items()} for _ in range(3 * n_repeats)]
        times |= {task: best_of([each[task] for each in rounds]) for task in tasks}
        times[f"{name}: exactextract"] = lowest(
            partial(exact_extract, str(path), scene.frame, EXACTEXTRACT_STATISTICS, output="pandas"), 1
        )
    return times


def best_of(usages: list[Usage]) -> Usage:
    """The lowest of each figure."""
    return Usage(*(min(getattr(usage, field) for usage in usages) for field in ("wall_s", "cpu_s", "memory_mb")))


def memory_of_file_reduction(raster: Path, polygons: Geometries) -> tuple[float, float]:
    """Megabytes by which a fresh process grows from computing weights and reducing a file; and those of the weights."""
    warm_up = cell_coverage(np.array([shapely.box(0, 0, 1, 1)], dtype=object), from_origin(0, 2, 1, 1), (2, 2))
    cell_moments(warm_up, np.zeros((2, 2), np.float32))
    with rasterio.open(raster) as source:
        transform, shape = source.transform, source.shape

    def reduce() -> Coverage:
        coverage = cell_coverage(polygons, transform, shape)
        file_moments(raster, coverage)
        return coverage

    coverage, usage = measured(reduce)
    return usage.memory_mb, coverage.n_bytes / 1e6


def agreement(scene: Scene, coverage: Coverage) -> list[list[str]]:
    """Largest differences from exactextract over all cells."""
    ours = cell_moments(coverage, scene.band)
    peer = exact_extract(scene.source, scene.frame, EXACTEXTRACT_STATISTICS, output="pandas")
    sd = ours.standard_deviations
    has_spread = sd > 0
    found = {
        "mean": (ours.means - peer["mean"]) / sd,
        "sd": (sd - peer["stdev"]) / sd,
        "count": (ours.count - peer["count"]) / ours.count,
        "minimum": (ours.minima - peer["min"]) / sd,
        "maximum": (ours.maxima - peer["max"]) / sd,
    }
    unit = {"count": "of the count"}
    return [
        [name, f"{np.nanmax(np.abs(np.asarray(values)[has_spread])):.1e}", unit.get(name, "of the cell's sd")]
        for name, values in found.items()
    ] + [["quantiles", f"{quantile_steps(scene, coverage):.0f}", "steps of float32, the peer's precision"]]


def quantile_steps(scene: Scene, coverage: Coverage) -> float:
    """Largest difference of a quantile from exactextract's, in units of the last digit of float32."""
    ours = cell_quantiles(coverage, scene.band, PROBABILITIES)
    peer = exact_extract(scene.source, scene.frame, PEER_QUANTILES, output="pandas").to_numpy(dtype=np.float32)
    return float(np.nanmax(np.abs(ours.astype(np.float32) - peer) / np.spacing(np.abs(peer))))


def report(side_px: int, grid_key: str, n_repeats: int) -> str:
    """Measure everything; Markdown."""
    scene = make_scene(side_px, grid_key)
    times, coverage = time_in_memory(scene, n_repeats)
    with tempfile.TemporaryDirectory() as folder:
        paths = write_rasters(scene, Path(folder))
        files = time_files(paths, scene, coverage, n_repeats)
        polygons = scene.frame.geometry.to_numpy()
        memory_mb, weights_mb = in_own_process(memory_of_file_reduction, paths["uncompressed"], polygons)
    n_px = scene.band.size
    rows = [
        [name, f"{each.wall_s:.3f}", f"{each.cpu_s:.3f}", f"{n_px / each.cpu_s / 1e6:.0f}"]
        for name, each in (times | files).items()
    ]
    peer, peer_quantiles = times["exactextract"], times["exactextract quantiles"]
    targets = [
        ratio("exactextract ÷ cold", peer, times["cold"], 15.0),
        ratio("exactextract ÷ warm", peer, times["warm"], 20.0),
        ratio("rasterstats ÷ cold", times["rasterstats"], times["cold"], 15.0),
        ratio("xvec ÷ cold", times["xvec"], times["cold"], 15.0),
        *([ratio("flox ÷ warm", times[FLOX], times["warm"], 1.0)] if FLOX in times else []),
        ["warm ÷ one np.sum", "", against(times["warm"].cpu_s / times["np.sum of the raster"].cpu_s, "<=", 4.0)],
        ratio("exactextract ÷ ours, 3 quantiles", peer_quantiles, times["quantiles"], 5.0),
        ["int8 histograms, Gpx per s of CPU", "", against(n_px / times["histograms"].cpu_s / 1e9, ">=", 1.5)],
        *(
            share_of_reading(files, layout, baseline)
            for layout in LAYOUTS
            for baseline in ("just reading", "just reading in strips")
        ),
    ]
    return "\n\n".join(
        [
            f"{n_px / 1e6:.0f} Mpx float32, {np.isnan(scene.band).mean():.1%} unknown, {len(scene.frame)} cells of "
            f"{grid_key}; weights {coverage.n_bytes / 1e6:.0f} MB.",
            markdown_table(["task", "wall s", "CPU s", "Mpx per s of CPU"], rows),
            markdown_table(["ratio", "wall", "CPU"], targets),
            markdown_table(["largest difference from exactextract", "", ""], agreement(scene, coverage)),
            f"Memory of weights and the reduction of a file: {memory_mb:.0f} MB, of which weights {weights_mb:.0f} MB; "
            f"the raster has {scene.band.nbytes / 1e6:.0f} MB.",
            circumstances()
            + " "
            + ", ".join(f"{name} {version(name)}" for name in ("exactextract", "rasterstats", "xvec", "rasterio")),
        ]
    )


def share_of_reading(files: dict[str, Usage], layout: str, baseline: str) -> list[str]:
    """Time of reading and reducing a file in that of reading it."""
    both, reading = files[f"{layout}: reading and reducing"], files[f"{layout}: {baseline}"]
    return [
        f"from file ÷ {baseline} ({layout})",
        against(both.wall_s / reading.wall_s, "<=", 1.3),
        f"{both.cpu_s / reading.cpu_s:.2f}",
    ]


def ratio(name: str, peer: Usage, ours: Usage, target: float) -> list[str]:
    """How many times faster than a peer."""
    return [name, against(peer.wall_s / ours.wall_s, ">=", target), against(peer.cpu_s / ours.cpu_s, ">=", target)]


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side-px", type=int, default=10_000, help="rows and columns of the raster")
    parser.add_argument("--grid", default="h3_6")
    parser.add_argument("--repeats", type=int, default=3, help="of each peer; ours three times as often")
    arguments = parser.parse_args()
    print(report(arguments.side_px, arguments.grid, arguments.repeats))  # noqa: T201


if __name__ == "__main__":
    main()
