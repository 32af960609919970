"""What each terrain layer costs a core, and a block of them reduced to cells: CPU time per pixel, lowest of repeats.

Heights are random walks in steps of 1/128 m, as ArcticDEM rounds; a share of single pixels is unknown, or none.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator

import numpy as np
import shapely

from entropice.derive.terrain.blocks import BAND_PIXELS, Block, Terrain, block_moments
from entropice.derive.terrain.layers import halo_px, layer_names, terrain_layers
from entropice.raster.bounds import Bounds

PIXEL_M, RADII_M = 32.0, (100.0, 500.0, 2000.0)
CELL_M = 6_000.0
"""About the edge of a cell of H3 level 6."""


def heights(n_px: int, unknown_share: float) -> np.ndarray:
    """Metres, shape (n_px, n_px)."""
    random = np.random.default_rng(0)
    steps = random.standard_normal((n_px, n_px), dtype=np.float32)
    walk = np.round(steps.cumsum(0).cumsum(1) * 0.05 * 128).astype(np.float32) / 128
    return np.where(random.random(walk.shape) < unknown_share, np.float32(np.nan), walk)


def layer_seconds(elevation_m: np.ndarray, bounds: Bounds, n_repeats: int) -> dict[str, float]:
    """CPU time of each layer; one made together with another counts to the first of them."""
    runs = []
    for _ in range(n_repeats):
        marks = [time.process_time()]
        marks += [time.process_time() for _ in terrain_layers(elevation_m, bounds, PIXEL_M, RADII_M)]
        runs.append(np.diff(marks))
    return dict(zip(layer_names(RADII_M), np.min(runs, axis=0).tolist(), strict=True))


def block_seconds(elevation_m: np.ndarray, bounds: Bounds, n_repeats: int) -> float:
    """CPU time of all layers and their moments in square cells, weights included."""
    halo_m = halo_px(PIXEL_M, RADII_M) * PIXEL_M
    corners = np.arange(bounds.left_m, bounds.right_m, CELL_M), np.arange(bounds.bottom_m, bounds.top_m, CELL_M)
    x_m, y_m = (axis.ravel() for axis in np.meshgrid(*corners))
    cells = shapely.box(x_m, y_m, x_m + CELL_M, y_m + CELL_M)
    terrain = Terrain(lambda _: elevation_m, PIXEL_M, cells, RADII_M, lambda values: values)
    block = Block(bounds.grown(-halo_m), np.arange(len(cells)))
    times = []
    for _ in range(n_repeats):
        start = time.process_time()
        block_moments(terrain, block)
        times.append(time.process_time() - start)
    return min(times)


def report(block_px: int, n_repeats: int) -> Iterator[str]:
    """Lines of Markdown."""
    halo = halo_px(PIXEL_M, RADII_M)
    n_px = block_px + 2 * halo
    bounds = Bounds(1e6, 1e6, 1e6 + n_px * PIXEL_M, 1e6 + n_px * PIXEL_M)
    for unknown_share in (0.0, 0.01):
        elevation_m = heights(n_px, unknown_share)
        band_px = min(n_px, int(BAND_PIXELS**0.5))
        band = Bounds(1e6, 1e6, 1e6 + band_px * PIXEL_M, 1e6 + band_px * PIXEL_M)
        n_made = (band_px - 2 * halo) ** 2
        layers = layer_seconds(elevation_m[:band_px, :band_px], band, n_repeats)
        yield f"\n{unknown_share:.0%} of the pixels unknown, load {os.getloadavg()[0]:.1f}\n"
        yield "| layer | ns a pixel |\n|---|---|"
        yield from (f"| {name} | {seconds / n_made * 1e9:.1f} |" for name, seconds in layers.items())
        yield f"| all layers | {sum(layers.values()) / n_made * 1e9:.0f} |"
        seconds = block_seconds(elevation_m, bounds, n_repeats)
        yield f"\nA block of {block_px}² pixels, reduced to cells: {block_px**2 / seconds / 1e6:.2f} Mpx/s a core."


def main(arguments: list[str] | None = None) -> None:
    """Print what layers cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--block-px", type=int, default=2048)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    for line in report(options.block_px, options.repeats):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
