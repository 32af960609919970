"""Names of what the validation of forecasts tells of an epoch."""

from typing import Final

SCORES: Final = ("mse", "mae")
"""At every horizon, and their means over the horizons; in physical units."""


def measure(score: str, horizon: int | None = None) -> str:
    """The name of a score at a horizon, or of its mean."""
    return f"val_{score}" if horizon is None else f"val_{score}_{horizon}"


def measures(n_horizons: int) -> tuple[str, ...]:
    """The names of all, the means first."""
    return tuple(measure(score, horizon) for horizon in (None, *range(1, n_horizons + 1)) for score in SCORES)
