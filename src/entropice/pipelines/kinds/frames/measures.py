"""Names of what the validation of forecasts tells of an epoch."""

from typing import Final

SCORES: Final = ("mse", "mae")
"""At every horizon, and their means over the horizons; in physical units."""


def measure(score: str, horizon: int | None = None) -> str:
    """The name of a score at a horizon, in steps ahead from 1, or of its mean over horizons.

    >>> measure("mse"), measure("mae", 3)
    ('val_mse', 'val_mae_3')
    """
    return f"val_{score}" if horizon is None else f"val_{score}_{horizon}"


def measures(n_horizons: int) -> tuple[str, ...]:
    """The names of all, the means first, then horizon by horizon.

    >>> measures(1)
    ('val_mse', 'val_mae', 'val_mse_1', 'val_mae_1')
    """
    return tuple(measure(score, horizon) for horizon in (None, *range(1, n_horizons + 1)) for score in SCORES)
