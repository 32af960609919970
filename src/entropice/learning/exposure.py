"""Exposure: how much land was searched, or would be; the more land, the likelier it holds a slump.

Nothing heavy is imported at the top: models name the column before a run begins.
"""

from typing import Final

from entropice.errors import LabelError
from entropice.types import FloatArray

EXPOSURE: Final = "log_land_area"
"""Column of samples: the logarithm of an area of land in m2."""

EXPOSURE_GROUP: Final = "exposure"
"""Stands for it among the groups of features; it describes no environment."""


def log_land_area(land_area_m2: FloatArray, field: str) -> FloatArray:
    """Natural logarithm (n,) of areas of land (n,) in m2: observed ones of labels, whole ones of a map's cells.

    `field` names the areas in the error.

    Raises
    ------
    LabelError
        If an area is not positive, or NaN: without land nothing can be observed.

    Examples
    --------
    >>> import numpy as np
    >>> log_land_area(np.array([1.0, 1e6]), "observed_land_area_m2").round(4).tolist()
    [0.0, 13.8155]
    >>> log_land_area(np.array([0.0]), "observed_land_area_m2")
    Traceback (most recent call last):
        ...
    entropice.errors.LabelError: A cell without land has no exposure...
    """
    import numpy as np

    areas = np.asarray(land_area_m2, dtype=np.float64)
    is_wrong = ~(areas > 0)
    if is_wrong.any():
        raise LabelError(
            "A cell without land has no exposure.",
            field=field,
            got=f"{is_wrong.sum()} of {len(areas)} areas that are not positive",
            expected="areas above 0 m2",
            sample=areas[is_wrong],
            fix="make cells and labels again: kedro run --pipelines grids,labels",
        )
    logarithms: FloatArray = np.log(areas)
    return logarithms
