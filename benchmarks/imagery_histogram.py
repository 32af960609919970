"""Scores of 10⁸ pixels by histograms, time, memory and error in one run: ``python -m benchmarks.imagery_histogram``.

Logits come tile by tile, as a model gives them: normal with unit variance about ±1, times 2, shifted to their
prevalence. Time is that of counting and scoring, not of making the tiles; memory that of the process above its start.
The exact scores beside them are of `N_EXACT` of the pixels.
"""

import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from benchmarks.measuring import against, circumstances, in_own_process, markdown_table, measured
from entropice.imagery.prevalence import average_precision, average_precision_bounds
from entropice.imagery.score_histograms import N_BINS, score_counts, steps_of_counts
from entropice.imagery.score_steps import Steps, steps_of
from entropice.types import BoolArray, Float32Array, FloatArray, IntArray

N_PIXELS: Final = 100_000_000
N_TILE: Final = 4096 * 4096
N_EXACT: Final = 5_000_000
PREVALENCE: Final = 0.005
RATIOS: Final = (200, 500, 1000)
HIGHEST_S, HIGHEST_MB = 10.0, 1000.0


def tiles(n_pixels: int) -> Iterator[tuple[Float32Array, BoolArray]]:
    """Logits and truth of as many pixels, in tiles."""
    for start in range(0, n_pixels, N_TILE):
        n = min(N_TILE, n_pixels - start)
        random = np.random.default_rng(start)
        is_positive = random.random(n, dtype=np.float32) < PREVALENCE
        feature = random.standard_normal(n, dtype=np.float32) + np.where(is_positive, 1, -1).astype(np.float32)
        yield np.float32(2) * feature + np.float32(np.log(PREVALENCE / (1 - PREVALENCE))), is_positive


def counted(n_pixels: int) -> tuple[IntArray, float]:
    """Counts of as many pixels, and the wall time in s of counting them and scoring three ratios."""
    counts, wall_s = np.zeros((2, N_BINS), dtype=np.int64), 0.0
    for logits, is_positive in tiles(n_pixels):
        begin_s = time.perf_counter()
        counts += score_counts(logits, is_positive, np.ones(len(logits), dtype=bool))
        wall_s += time.perf_counter() - begin_s
    begin_s = time.perf_counter()
    for ratio in RATIOS:
        average_precision(steps_of_counts(counts), ratio)
    return counts, wall_s + time.perf_counter() - begin_s


def measured_count(n_pixels: int) -> tuple[float, float]:
    """Seconds and MB that counting takes."""
    (_, wall_s), usage = measured(lambda: counted(n_pixels))
    return wall_s, usage.memory_mb


def errors() -> list[list[str]]:
    """Rows of PR-AUC: exact, from the histogram, and the bounds."""
    exact = steps_of(*(np.concatenate(parts) for parts in zip(*tiles(N_EXACT), strict=True)))
    binned = steps_of_counts(counted(N_EXACT)[0])
    return [[f"1:{ratio}", *(f"{float(value):.5f}" for value in _scores(exact, binned, ratio))] for ratio in RATIOS]


def _scores(exact: Steps, binned: Steps, ratio: int) -> list[FloatArray]:
    return [average_precision(exact, ratio), average_precision(binned, ratio), *average_precision_bounds(binned, ratio)]


if __name__ == "__main__":
    wall_s, memory_mb = in_own_process(measured_count, N_PIXELS)
    taken = f"{against(wall_s, '<=', HIGHEST_S, ' s')}, {against(memory_mb, '<=', HIGHEST_MB, ' MB')}"
    print(f"{N_PIXELS:.0e} pixels: {taken}\n")  # noqa: T201
    print(markdown_table(["ratio", "exact", "histogram", "low", "high"], errors()))  # noqa: T201
    print(f"\n{circumstances()}")  # noqa: T201
