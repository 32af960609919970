"""Regions that need no map: sectors of longitude."""

from typing import Final

import numpy as np
import pandas as pd

from entropice.types import FloatArray

SECTOR_DEG: Final = 45.0


def sectors(lon_deg: FloatArray, width_deg: float = SECTOR_DEG) -> "pd.Series[str]":
    """Name the sector of longitude, such as ``-180 to -135``, of each place.

    Parameters
    ----------
    lon_deg
        Degrees, any number of turns, finite, shape (n,).
    width_deg
        Of a sector; the first begins at 180° W. Where it does not divide 360, the last one ends at 180° E whatever its
        name says.

    Returns
    -------
    Series of str
        Shape (n,), index 0 to n − 1. The western edge belongs to a sector, the eastern one to the next.

    Examples
    --------
    >>> import numpy as np
    >>> sectors(np.array([-180.0, -135.0, 0.0, 200.0])).tolist()
    ['-180 to -135', '-135 to -90', '0 to 45', '-180 to -135']
    """
    left = np.floor(((lon_deg + 180) % 360) / width_deg) * width_deg - 180
    return pd.Series([f"{west:g} to {west + width_deg:g}" for west in left], dtype="str")


def west_deg(sector: str) -> float:
    """The western edge of a sector (degrees), by its name as `sectors` gives it.

    Raises
    ------
    ValueError
        A name that does not begin with a number.

    Examples
    --------
    >>> west_deg("-180 to -135")
    -180.0
    """
    return float(sector.partition(" to ")[0])
