"""Regions that need no map: sectors of longitude."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.types import FloatArray

SECTOR_DEG: Final = 45.0


def sectors(lon_deg: FloatArray, width_deg: float = SECTOR_DEG) -> "pd.Series[str]":
    """Name the sector of longitude (n,), such as ``-180 to -135``, of each place (n,)."""
    left = np.floor(((lon_deg + 180) % 360) / width_deg) * width_deg - 180
    return pd.Series([f"{west:g} to {west + width_deg:g}" for west in left], dtype="str")


def west_deg(sector: str) -> float:
    """The western edge of a sector, by its name."""
    return float(sector.partition(" to ")[0])
