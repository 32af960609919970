"""CPU time of eSPA against the bare matrix product of its distances, a KMeans iteration, and plain NumPy.

``python -m benchmarks.espa_cpu`` prints Markdown tables. Every time is the lowest of interleaved repeats in one thread.
A sweep or an iteration is the difference of two fits that stop after different numbers of them, divided; so what
happens once a fit cancels, and what is timed is what a user calls. The C library is told to keep freed memory: else
plain NumPy would pay for fresh pages with every temporary array, which can multiply its time on a virtual machine.
"""

import functools
import os
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from benchmarks import plain_numpy
from benchmarks.measuring import against, circumstances, in_own_process, interleaved_minima, markdown_table
from benchmarks.one_fit import (
    EPS_CLASS,
    EPS_ENTROPY,
    Singles,
    Size,
    check_sweeps,
    fit_sweeps,
    random_table,
    spread_rows,
)
from benchmarks.searches import SEARCHES, Search, search_table
from entropice.espa import ESPAClassifier

Tasks = dict[str, Callable[[], object]]

FEW_SWEEPS, MANY_SWEEPS = 2, 22
N_REPEATS: Final = 15

MOST_GEMM: Final = 1.5
MOST_KMEANS: Final = 1.1
LEAST_NUMPY: Final = 5.0
MOST_MEMORY: Final = 0.1

SIZES: Final = (
    Size(100_000, 100, 8),
    Size(100_000, 100, 32),
    Size(100_000, 300, 32),
    Size(100_000, 600, 64),
    Size(600_000, 100, 16),
)

GEMMS: Final = ("`X @ A.T`", "the same, preallocated", "`A @ X.T`", "that, preallocated")

KEEP_MEMORY: Final = {"MALLOC_MMAP_THRESHOLD_": str(2**34), "MALLOC_TRIM_THRESHOLD_": str(2**34)}
"""Settings of the GNU C library by which freed memory is used again instead of given back."""


def main() -> None:
    """Measure at the sizes of the targets and print the report."""
    os.environ |= KEEP_MEMORY
    sys.stdout.write(in_own_process(report, SIZES, SEARCHES, N_REPEATS) + "\n")


def report(sizes: Sequence[Size], searches: Sequence[Search], n_repeats: int) -> str:
    """Measure everything in one thread and spell it as Markdown."""
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        times = [times_ms(size, n_repeats) for size in sizes]
        parts = [
            f"### Time of a sweep, ms\n\n{time_table(sizes, times)}",
            f"### Ratios\n\n{ratio_table(sizes, times)}",
            f"### Memory of a fit beside the rows, as a share of them\n\n{memory_table(sizes)}",
            f"### Searches on a table of 100 × 100, s\n\n{search_table(searches, n_repeats)}",
        ]
    return "\n\n".join([circumstances(), *parts])


def fit_kmeans(rows: Singles, n_boxes: int, n_iterations: int) -> KMeans:
    """Fit KMeans by exactly so many of Lloyd's iterations from one start; fails as `fit_sweeps` does."""
    centers = spread_rows(rows, n_boxes).astype(np.float32)
    model = KMeans(n_boxes, init=centers, n_init=1, max_iter=n_iterations, tol=0, algorithm="lloyd").fit(rows)
    check_sweeps(model.n_iter_, n_iterations)
    return model


def times_ms(size: Size, n_repeats: int) -> dict[str, float]:
    """Lowest CPU time of everything that is compared at a size, ms."""
    rows, codes = random_table(size.n_rows, size.n_features)
    n_boxes, n_timed = size.n_boxes, MANY_SWEEPS - FEW_SWEEPS
    in_double = rows.astype(np.float64)
    state = plain_numpy.begin(spread_rows(rows, n_boxes), codes)
    products = gemms(rows, spread_rows(rows, n_boxes).astype(np.float32))
    tasks: Tasks = {
        "few sweeps": functools.partial(fit_sweeps, rows, codes, n_boxes, FEW_SWEEPS),
        "many sweeps": functools.partial(fit_sweeps, rows, codes, n_boxes, MANY_SWEEPS),
        "few iterations": functools.partial(fit_kmeans, rows, n_boxes, FEW_SWEEPS),
        "many iterations": functools.partial(fit_kmeans, rows, n_boxes, MANY_SWEEPS),
        "NumPy": functools.partial(plain_numpy.sweep, in_double, codes, state, EPS_ENTROPY, EPS_CLASS),
        **{name: functools.partial(in_a_row, product, n_timed) for name, product in products.items()},
    }
    lowest = {name: 1e3 * seconds for name, seconds in interleaved_minima(tasks, n_repeats).items()}
    return {
        "eSPA": (lowest["many sweeps"] - lowest["few sweeps"]) / n_timed,
        **{name: lowest[name] / n_timed for name in GEMMS},
        "KMeans": (lowest["many iterations"] - lowest["few iterations"]) / n_timed,
        "NumPy": lowest["NumPy"],
    }


def in_a_row(task: Callable[[], object], n_times: int) -> None:
    """Repeat a short task, so that it is no less exposed to disturbances than what it is compared with."""
    for _ in range(n_times):
        task()


def gemms(rows: Singles, centers: Singles) -> Tasks:
    """Bare distance products of rows X (T, D) and centres A (K, D), both ways round, with and without allocation."""
    by_row = np.empty((len(rows), len(centers)), np.float32)
    by_box = np.empty((len(centers), len(rows)), np.float32)
    products: list[Callable[[], object]] = [
        lambda: rows @ centers.T,
        lambda: np.matmul(rows, centers.T, out=by_row),
        lambda: centers @ rows.T,
        lambda: np.matmul(centers, rows.T, out=by_box),
    ]
    return dict(zip(GEMMS, products, strict=True))


def time_table(sizes: Sequence[Size], times: Sequence[dict[str, float]]) -> str:
    """Spell the times."""
    titles = {"eSPA": "eSPA sweep", "KMeans": "KMeans iteration", "NumPy": "NumPy float64 sweep"}
    names = ["eSPA", *GEMMS, "KMeans", "NumPy"]
    rows = [[str(size), *(f"{own[name]:.1f}" for name in names)] for size, own in zip(sizes, times, strict=True)]
    return markdown_table(["T × D, K", *(titles.get(name, name) for name in names)], rows)


def ratio_table(sizes: Sequence[Size], times: Sequence[dict[str, float]]) -> str:
    """Spell the ratios with their targets."""
    titles = ["T × D, K", "eSPA / `X @ A.T`", "eSPA / fastest of the products", "eSPA / KMeans", "NumPy / eSPA"]
    rows = []
    for size, own in zip(sizes, times, strict=True):
        sweep = own["eSPA"]
        rows.append([
            str(size),
            against(sweep / own[GEMMS[0]], "<=", MOST_GEMM),
            f"{sweep / min(own[name] for name in GEMMS):.2f}",
            against(sweep / own["KMeans"], "<=", MOST_KMEANS),
            against(own["NumPy"] / sweep, ">=", LEAST_NUMPY),
        ])  # fmt: skip
    return markdown_table(titles, rows)


def memory_table(sizes: Sequence[Size]) -> str:
    """Spell the memory of fits from one start and from the default number of starts."""
    n_inits = [1, ESPAClassifier().n_init]
    titles = ["T × D, K", *(f"n_init = {n_init}" for n_init in n_inits)]
    rows = [
        [str(size), *(against(memory_share(size, n_init), "<=", MOST_MEMORY) for n_init in n_inits)] for size in sizes
    ]
    return markdown_table(titles, rows)


def memory_share(size: Size, n_init: int) -> float:
    """Peak memory of a fit of dense hard single precision rows beside these, over theirs (by tracemalloc).

    A small fit before has everything compiled.
    """
    rows, codes = random_table(size.n_rows, size.n_features)
    model = ESPAClassifier(size.n_boxes, n_init=n_init, max_iter=FEW_SWEEPS, random_state=0, device="cpu")
    model.fit(rows[:2000], codes[:2000])
    tracemalloc.start()
    model.fit(rows, codes)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak_bytes / rows.nbytes


if __name__ == "__main__":
    main()
