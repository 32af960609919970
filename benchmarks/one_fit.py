"""One eSPA fit of a random table by a given number of sweeps, to be timed."""

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entropice.espa import ESPAClassifier

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Codes = NDArray[np.int64]
Device = Literal["cpu", "cuda"]

EPS_ENTROPY: Final = 0.1
EPS_CLASS: Final = 0.001


class Size(NamedTuple):
    """Rows, features and boxes of a fit."""

    n_rows: int
    n_features: int
    n_boxes: int

    def __str__(self) -> str:
        return f"{self.n_rows:,} × {self.n_features}, K = {self.n_boxes}"


def random_table(n_rows: int, n_features: int) -> tuple[Singles, Codes]:
    """Features ~ U(0, 1) in single precision, five classes of unequal size by the sum of the first four."""
    random = np.random.default_rng(0)
    rows = random.random((n_rows, n_features), dtype=np.float32)
    sums = rows[:, :4].sum(axis=1)
    return rows, np.digitize(sums, np.quantile(sums, [0.5, 0.75, 0.9, 0.97]))


def spread_rows(rows: Singles, n_boxes: int) -> Floats:
    """Rows at equal steps, as centres (K, D) to begin with."""
    return rows[:: len(rows) // n_boxes][:n_boxes].astype(np.float64)


def fit_sweeps(rows: Singles, codes: Codes, n_boxes: int, n_sweeps: int, device: Device = "cpu") -> ESPAClassifier:
    """Fit eSPA by exactly so many sweeps from one start.

    Raises
    ------
    RuntimeError
        If the fit ends before.
    """
    model = ESPAClassifier(
        n_boxes, eps_entropy=EPS_ENTROPY, eps_class=EPS_CLASS, init=spread_rows(rows, n_boxes), max_iter=n_sweeps,
        tol=0, reassign=False, device=device,
    ).fit(rows, codes)  # fmt: skip
    check_sweeps(model.n_iter_, n_sweeps)
    return model


def check_sweeps(n_done: int, n_expected: int) -> None:
    """Refuse a fit that ended early: its sweeps cannot be counted by `n_expected`."""
    if n_done != n_expected:
        raise RuntimeError(f"The fit ended after {n_done} of {n_expected} sweeps: take more rows, or fewer sweeps.")
