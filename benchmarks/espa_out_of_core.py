"""eSPA from tables on disk: the same bytes as from memory, and how much memory, wall and CPU time that takes.

``python -m benchmarks.espa_out_of_core`` writes its tables block by block into a temporary folder, which it removes,
and prints Markdown. Every measurement has a process of its own.
"""

import functools
import hashlib
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import zarr
from sklearn.exceptions import ConvergenceWarning

from benchmarks.measuring import MEGABYTE, Usage, against, circumstances, in_own_process, markdown_table, measured
from benchmarks.one_fit import EPS_CLASS, EPS_ENTROPY, Codes, Singles
from entropice.espa import ESPAClassifier, StoredTable

BLOCK_ROWS: Final = 8192
MOST_PREDICTION_S: Final = 60.0
USAGE_TITLES: Final = ("memory, MB", "of the table", "wall, s", "CPU, s")

Opener = Callable[[Path], Any]


class Scale(NamedTuple):
    """Sizes of the tables that a fit and a prediction read; boxes and sweeps of the fit."""

    n_fit_rows: int
    n_fit_features: int
    n_cells: int
    n_cell_features: int
    n_boxes: int
    n_sweeps: int


def main() -> None:
    """Measure at the sizes of the targets and print the report."""
    sys.stdout.write(report(Scale(300_000, 100, 1_000_000, 500, 16, 20)) + "\n")


def report(scale: Scale) -> str:
    """Measure fits and a prediction in a temporary folder and spell them as Markdown."""
    with tempfile.TemporaryDirectory() as name:
        fits, prediction = fit_table(Path(name), scale), prediction_table(Path(name), scale)
    return f"{circumstances()}\n\n### Fit\n\n{fits}\n\n### Prediction\n\n{prediction}"


def blocks(n_rows: int, n_features: int) -> Iterator[tuple[slice, Singles]]:
    """Yield the rows of a random table block by block: uniform in [0, 1], three decimals."""
    random = np.random.default_rng(0)
    for start in range(0, n_rows, BLOCK_ROWS):
        where = slice(start, min(start + BLOCK_ROWS, n_rows))
        yield where, random.random((where.stop - start, n_features), dtype=np.float32).round(3)


def classes_of(rows: Singles) -> Codes:
    """Five classes by the sum of the first four features."""
    classes: Codes = np.digitize(rows[:, :4].sum(axis=1), [1.5, 2.0, 2.5, 3.0])
    return classes


def write_npy(folder: Path, n_rows: int, n_features: int) -> Path:
    """Write the table as a file of NumPy."""
    path = folder / "table.npy"
    array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(n_rows, n_features))
    for where, rows in blocks(n_rows, n_features):
        array[where] = rows
    return path


def write_zarr(folder: Path, n_rows: int, n_features: int) -> Path:
    """Write the table in Zarr's format 3, compressed as it is by default."""
    path = folder / "table.zarr"
    shape, chunks = (n_rows, n_features), (BLOCK_ROWS, n_features)
    array = zarr.create_array(path, shape=shape, chunks=chunks, dtype="float32", overwrite=True)
    for where, rows in blocks(n_rows, n_features):
        array[where] = rows
    return path


def open_npy(path: Path) -> StoredTable:
    """Open the table as a memory map."""
    return StoredTable(np.load(path, mmap_mode="r"))


def open_zarr(path: Path) -> StoredTable:
    """Open the table in Zarr."""
    return StoredTable(zarr.open_array(path, mode="r"))


def fit_table(folder: Path, scale: Scale) -> str:
    """Fit from memory and from disk; spell what each took, and whether it gives the same bytes."""
    size = scale.n_fit_rows, scale.n_fit_features
    npy, stored = write_npy(folder, *size), write_zarr(folder, *size)
    sources: dict[str, tuple[Opener, Path]] = {
        "NumPy array in memory": (np.load, npy),
        "NumPy memory map": (open_npy, npy),
        "Zarr": (open_zarr, stored),
    }
    found = {name: in_own_process(measure_fit, *source, scale) for name, source in sources.items()}
    expected, _ = found["NumPy array in memory"]
    table_mb = npy.stat().st_size / MEGABYTE
    rows = [
        [name, "same" if digest == expected else "DIFFERENT", *spell(usage, table_mb)]
        for name, (digest, usage) in found.items()
    ]
    return markdown_table([f"{table_mb:,.0f} MB in a", "bytes learned", *USAGE_TITLES], rows)


def measure_fit(open_table: Opener, path: Path, scale: Scale) -> tuple[str, Usage]:
    """Fit by some sweeps from one start; return a digest of what was learned, and what the fit took."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    classes = np.concatenate([classes_of(rows) for _, rows in blocks(scale.n_fit_rows, scale.n_fit_features)])
    model, _ = trained(scale.n_fit_features, scale)
    table = open_table(path)
    _, usage = measured(functools.partial(model.fit, table, classes))
    return digest(model), usage


def trained(n_features: int, scale: Scale) -> tuple[ESPAClassifier, Singles]:
    """Fit the first block of a table; return the model and the block. After this everything is compiled."""
    _, rows = next(blocks(BLOCK_ROWS, n_features))
    model = ESPAClassifier(
        scale.n_boxes, eps_entropy=EPS_ENTROPY, eps_class=EPS_CLASS, n_init=1, max_iter=scale.n_sweeps, device="cpu",
        random_state=0,
    )  # fmt: skip
    return model.fit(rows, classes_of(rows)), rows


def digest(model: ESPAClassifier) -> str:
    """Digest of everything that a fit has learned."""
    learned = {name: value for name, value in sorted(vars(model).items()) if name.endswith("_")}
    bits = b"".join(name.encode() + np.asarray(value).tobytes() for name, value in learned.items())
    return hashlib.sha256(bits).hexdigest()


def spell(usage: Usage, table_mb: float) -> list[str]:
    """Spell what `USAGE_TITLES` name."""
    share = usage.memory_mb / table_mb
    return [f"{usage.memory_mb:,.0f}", f"{share:.2f}", f"{usage.wall_s:.1f}", f"{usage.cpu_s:.1f}"]


def prediction_table(folder: Path, scale: Scale) -> str:
    """Predict a quarter of the table in Zarr, then all of it; spell what that took."""
    quarter = measure_table(folder, scale._replace(n_cells=scale.n_cells // 4))
    whole = measure_table(folder, scale)
    table = markdown_table(["cells × features", "MB", "MB on disk", "MB of result", *USAGE_TITLES], [quarter, whole])
    wall_s = float(whole[-2])
    return f"{table}\n\nWall time for {scale.n_cells:,} cells: {against(wall_s, '<=', MOST_PREDICTION_S, ' s')}."


def measure_table(folder: Path, scale: Scale) -> list[str]:
    """Write a table in Zarr, predict it, and spell a line of `prediction_table`."""
    path = write_zarr(folder, scale.n_cells, scale.n_cell_features)
    stored_mb = sum(part.stat().st_size for part in path.rglob("*") if part.is_file()) / MEGABYTE
    table_mb = scale.n_cells * scale.n_cell_features * 4 / MEGABYTE
    n_result_bytes, usage = in_own_process(measure_prediction, path, scale)
    sizes_mb = (table_mb, stored_mb, n_result_bytes / MEGABYTE)
    size = f"{scale.n_cells:,} × {scale.n_cell_features}"
    return [size, *(f"{size_mb:,.0f}" for size_mb in sizes_mb), *spell(usage, table_mb)]


def measure_prediction(path: Path, scale: Scale) -> tuple[int, Usage]:
    """Predict class probabilities; return their bytes, and what predicting them took.

    Raises
    ------
    RuntimeError
        If the first block gets others than from memory.
    """
    warnings.simplefilter("ignore", ConvergenceWarning)
    model, rows = trained(scale.n_cell_features, scale)
    expected = model.predict_proba(rows)
    found, usage = measured(functools.partial(model.predict_proba, open_zarr(path)))
    if not np.array_equal(found[: len(expected)], expected[: len(found)]):
        raise RuntimeError("Probabilities predicted from disk differ from those predicted from memory.")
    return found.nbytes, usage


if __name__ == "__main__":
    main()
