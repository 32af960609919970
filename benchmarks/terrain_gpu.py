"""Terrain layers on a CUDA device against NumPy on the processor: ``python -m benchmarks.terrain_gpu``.

Prints Markdown, or "not run: no CUDA device". Each layer made by CuPy and by PyTorch, where they are installed, is
compared with NumPy's of the same heights: the largest difference as a share of the layer's spread, and how many pixels
are the same to the last bit. Times are those of all layers, the lowest of repeats after a first that does not count,
the way of the heights to the device included, that of the layers back not: they are reduced to cells there.
"""

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import array_api_compat
import numpy as np

from benchmarks.measuring import markdown_table
from benchmarks.terrain import PIXEL_M, RADII_M, heights
from entropice.derive.terrain.layers import layer_names, terrain_layers
from entropice.espa.devices import cuda_place
from entropice.raster.bounds import Bounds
from entropice.types import Float32Array

LIBRARIES: Final = ("cupy", "torch")
N_REPEATS: Final = 3

ToDevice = Callable[[Float32Array], Any]


def on_device(library: str) -> ToDevice:
    """How heights reach the device by a library."""
    if library == "cupy":
        import cupy

        return cupy.asarray
    import torch

    return lambda values: torch.from_numpy(values).to("cuda")


def to_host(values: Any) -> Float32Array:
    """A layer in the memory of the processor."""
    if array_api_compat.is_cupy_array(values):
        return np.asarray(values.get())
    return np.asarray(values.cpu())


def synchronised(library: str) -> None:
    """Wait for the device."""
    if library == "cupy":
        import cupy

        cupy.cuda.Device().synchronize()
    else:
        import torch

        torch.cuda.synchronize()


def lowest_seconds(task: Callable[[], object]) -> float:
    """Wall time of a task, the lowest of repeats after a first."""
    task()
    times_s = []
    for _ in range(N_REPEATS):
        begin_s = time.perf_counter()
        task()
        times_s.append(time.perf_counter() - begin_s)
    return min(times_s)


def differences(expected: Float32Array, found: Float32Array) -> tuple[float, float, bool]:
    """Largest difference as a share of the spread, share of the same bits, and whether the same is unknown."""
    known = np.isfinite(expected)
    spread = float(np.ptp(expected[known])) or 1.0
    largest = float(np.abs(expected[known] - found[known]).max()) / spread
    return largest, float((expected[known] == found[known]).mean()), bool((known == np.isfinite(found)).all())


def report(n_px: int) -> Iterator[str]:
    """Lines of Markdown."""
    elevation_m = heights(n_px, 0.01)
    bounds = Bounds(1e6, 1e6, 1e6 + n_px * PIXEL_M, 1e6 + n_px * PIXEL_M)

    def layers(values: Any) -> list[Any]:
        return list(terrain_layers(values, bounds, PIXEL_M, RADII_M))

    expected = layers(elevation_m)
    here_s = lowest_seconds(lambda: layers(elevation_m))
    n_made = expected[0].size
    yield f"{n_made:,} pixels, 1 % unknown; NumPy on one core {here_s / n_made * 1e9:.0f} ns a pixel.\n"
    for library in filter(importlib.util.find_spec, LIBRARIES):
        move = on_device(library)

        def task(move: ToDevice = move, library: str = library) -> None:
            layers(move(elevation_m))
            synchronised(library)

        there_s = lowest_seconds(task)
        yield f"\n{library}: {there_s / n_made * 1e9:.2f} ns a pixel, {here_s / there_s:.0f} × as fast.\n"
        made = [to_host(layer) for layer in layers(move(elevation_m))]
        found = [differences(*pair) for pair in zip(expected, made, strict=True)]
        rows = [
            [name, f"{largest:.1e}", f"{same:.4f}", "same" if unknown else "OTHER"]
            for name, (largest, same, unknown) in zip(layer_names(RADII_M), found, strict=True)
        ]
        yield markdown_table(["layer", "largest difference ÷ spread", "the same bits", "unknown pixels"], rows)


def main(arguments: list[str] | None = None) -> None:
    """Compare and print, or say why not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--window-px", type=int, default=3072, help="with the halo")
    options = parser.parse_args(arguments)
    if cuda_place() is None:
        sys.stdout.write("not run: no CUDA device\n")
        return
    for line in report(options.window_px):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
