"""Bands that are the parts of arrows."""

from collections.abc import Sequence
from typing import Final

from entropice.errors import ConfigError

VECTORS: Final[tuple[tuple[str, str], ...]] = (("wind_x", "wind_y"),)
"""Bands that are the parts of one arrow: towards larger x, with the columns, and towards larger y, against the rows."""


def require_whole_vectors(bands: Sequence[str]) -> None:
    """Pass only bands with both parts of an arrow or none: half an arrow cannot be turned.

    Raises
    ------
    ConfigError
        Names the part that is missing.
    """
    for pair in VECTORS:
        missing = [part for part in pair if part not in bands]
        if len(missing) == 1:
            raise ConfigError(
                "Half an arrow can't be turned.",
                field="bands",
                got=", ".join(bands),
                expected=" and ".join(pair),
                fix=f"add {missing[0]}, or set symmetry_probability to 0",
            )
