"""CPU seconds and bytes a pixel of imagery, which ``kedro cost`` multiplies: ``python -m benchmarks.imagery_seconds``.

One thread. Training is a step of AdamW on random numbers, prediction a pass without gradients, each of them once before
it is measured; memory is the growth of the process's peak in a training step of its own process. ``--base FOLDER`` (of
a finished virtual Arctic) adds drawing: tiles of 512 pixels of 3 m at random places of its land. ``--tiles FOLDER``
(images of a finished run of ``slump_imagery``) adds what comes before each training step.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.measuring import MEGABYTE, circumstances, highest_mb, in_own_process, markdown_table
from entropice.networks.architecture import NetworkSpecification

BANDS: Final = ("red", "green", "blue", "nir", "relative_elevation")
NETWORKS: Final[tuple[tuple[str, str, int, int], ...]] = (
    ("unet", "tu-tf_efficientnet_lite0", 96, 8),
    ("unet_plus_plus", "tu-tf_efficientnet_lite0", 96, 8),
    ("unet_plus_plus", "efficientnet-b7", 512, 1),
)
"""Architecture, encoder, edge of a tile in pixels, tiles at once."""

N_TILES: Final = 12


def cpu_s(function: Callable[[], object], times: int = 3) -> float:
    """CPU seconds of one call, the least of some after one that is not counted."""
    function()
    seconds = []
    for _ in range(times):
        start = time.process_time()
        function()
        seconds.append(time.process_time() - start)
    return min(seconds)


def of_network(architecture: str, encoder: str, n_pixels: int, n_tiles: int) -> tuple[float, float, float]:
    """Microseconds a pixel of training and of prediction, and bytes a pixel of training."""
    import torch
    from torch.nn import functional

    from entropice.networks.architectures import build_network

    torch.set_num_threads(1)
    network = build_network(NetworkSpecification(architecture, encoder, BANDS, n_pixels=n_pixels), 1)
    inputs, target = torch.randn(n_tiles, len(BANDS), n_pixels, n_pixels), torch.zeros(n_tiles, 1, n_pixels, n_pixels)
    optimiser = torch.optim.AdamW(network.parameters())
    before_mb = highest_mb()

    def step() -> None:
        optimiser.zero_grad()
        functional.binary_cross_entropy_with_logits(network(inputs), target).backward()
        optimiser.step()

    def predict() -> None:
        with torch.inference_mode():
            network(inputs)

    n_all, times = n_tiles * n_pixels**2, 1 if n_pixels > 256 else 3
    trained_us = cpu_s(step, times) / n_all * 1e6
    grown_mb = highest_mb() - before_mb
    network.eval()
    return trained_us, cpu_s(predict, times) / n_all * 1e6, grown_mb * MEGABYTE / n_all


def of_scenes(base: Path, folder: Path) -> tuple[float, float]:
    """Microseconds a pixel of drawing and writing a tile, and bytes a pixel of its files."""
    import geopandas as gpd
    import xarray as xr

    from entropice.app.configuration.environment import read_configuration
    from entropice.app.configuration.loader import RootedConfigLoader
    from entropice.crs import POLAR_CRS
    from entropice.imagery.samples import Place
    from entropice.pipelines.image_sources.virtual_slumps.nodes import open_scenery
    from entropice.settings import CONFIG_LOADER_ARGS
    from entropice.sources.imagery.writing import write_tile

    parameters = read_configuration(
        RootedConfigLoader("conf", env="slump_imagery", runtime_params={}, **CONFIG_LOADER_ARGS)
    ).parameters
    task = parameters.section("tasks", "slumps", "virtual_slumps")
    world, truth = (xr.open_zarr(base / f"01_raw/{name}.zarr") for name in ("world", "truth"))
    scenery = open_scenery(world, truth, parameters.section("virtual_arctic"), task.scenes)
    land = gpd.read_file(base / "01_raw/land.gpkg").to_crs(POLAR_CRS).union_all()
    points = gpd.GeoSeries([land]).sample_points(N_TILES + 1, rng=1).explode(index_parts=False)
    places = [Place(point.x, point.y, 3.0, 512, 2022) for point in points]

    def draw(number: int) -> None:
        sample = scenery.at(places[number])
        write_tile(folder / f"{number}", sample.image, places[number], np.asarray(sample.target, dtype=np.uint8))

    draw(N_TILES)
    start = time.process_time()
    for number in range(N_TILES):
        draw(number)
    n_all = N_TILES * 512**2
    n_bytes = sum(path.stat().st_size for number in range(N_TILES) for path in folder.glob(f"{number}[._]*"))
    return (time.process_time() - start) / n_all * 1e6, n_bytes / n_all


def of_loading(tiles: Path) -> float:
    """Microseconds a pixel of reading a tile from its files, normalising and augmenting it."""
    from entropice.app.configuration.environment import read_configuration
    from entropice.app.configuration.loader import RootedConfigLoader
    from entropice.imagery.loading import BandView, SampleView, TrainingView
    from entropice.imagery.statistics import band_statistics
    from entropice.settings import CONFIG_LOADER_ARGS
    from entropice.sources.imagery.tiles import ImageTiles

    loader = RootedConfigLoader("conf", env="slump_imagery", runtime_params={}, **CONFIG_LOADER_ARGS)
    rules = read_configuration(loader).parameters.section("tasks", "slumps", "samples")
    images = ImageTiles(tiles, "five_bands")
    seen = BandView(images, BANDS, rules.derivation)
    keys = list(images.keys[: 4 * N_TILES])
    statistics = band_statistics(seen, keys[:N_TILES], 1.0, 0)
    view = TrainingView(SampleView(seen, statistics, rules.ignored_edge_px), rules.augmentation, 0)
    n_pixels = images.read(keys[0]).place.n_pixels ** 2
    return cpu_s(lambda: view.load(keys, 1), 2) / (len(keys) * n_pixels) * 1e6


def main() -> None:
    """Print the table."""
    from tempfile import TemporaryDirectory

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="folder of a finished run of the virtual Arctic")
    parser.add_argument("--tiles", type=Path, help="folder of the images of a finished run of slump_imagery")
    arguments = parser.parse_args()
    rows = [
        [f"{architecture} on {encoder}, {n_tiles} × {n_pixels}²", *(f"{value:.3g}" for value in values)]
        for architecture, encoder, n_pixels, n_tiles in NETWORKS
        for values in [in_own_process(of_network, architecture, encoder, n_pixels, n_tiles)]
    ]
    print(markdown_table(["network", "training µs/px", "prediction µs/px", "training B/px"], rows))  # noqa: T201
    if arguments.base is not None:
        with TemporaryDirectory() as folder:
            drawn_us, n_bytes = of_scenes(arguments.base, Path(folder))
        print(f"drawn: {drawn_us:.3g} µs and {n_bytes:.3g} B a pixel of 512² tiles of 3 m")  # noqa: T201
    if arguments.tiles is not None:
        print(f"read, normalised and augmented: {of_loading(arguments.tiles):.3g} µs a pixel")  # noqa: T201
    print(circumstances())  # noqa: T201


if __name__ == "__main__":
    main()
