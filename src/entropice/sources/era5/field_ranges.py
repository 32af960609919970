"""What values of any field can be: as its file says, else by its unit."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.sources.era5.header import known_values
from entropice.types import DataArray

EVERY_VALUE: Final = (-np.inf, np.inf)
OF_ANY_UNIT: Final = (-1e30, 1e30)
"""Fill values of NetCDF lie beyond."""
BY_UNIT: Final[Mapping[str, tuple[float, float]]] = {
    "K": (0.0, 3000.0),
    "degC": (-150.0, 100.0),
    "Pa": (0.0, 1.2e5),
    "hPa": (0.0, 1200.0),
    "%": (-1.0, 200.0),
    "(0 - 1)": (-0.01, 1.01),
    "m s**-1": (-200.0, 200.0),
    "m**2 s**-2": (-1e4, 2e6),
    "kg kg**-1": (-0.01, 0.1),
    "kg m**-3": (-0.01, 2000.0),
    "m**3 m**-3": (-0.01, 1.01),
}
"""Beyond any value on record, so that only another unit, a wrong packing or a fill value leaves them."""


def within_its_range(field: DataArray) -> DataArray:
    """The same field, unknown (NaN) beyond the valid_range (or valid_min, valid_max) of its file, both inclusive.

    A file that gives no such range is held to that of the field's unit (`BY_UNIT`: ``K`` is 0 to 3000, ``Pa`` 0 to
    1.2·10⁵; units that are not listed ±10³⁰): there a value beyond is refused, not made unknown. Dimensions, in
    whatever order, and NaN stay; `field` is not changed.

    Raises
    ------
    SchemaError
        A value that no field of this unit has.

    Examples
    --------
    >>> import xarray as xr
    >>> field = xr.DataArray([-1.0, 0.0, 5.0, 6.0], attrs={"units": "mm", "valid_min": 0.0, "valid_max": 5.0})
    >>> within_its_range(field).values.tolist()
    [nan, 0.0, 5.0, nan]
    """
    lowest, highest = known_values(field)
    if (lowest, highest) != EVERY_VALUE:
        return field.where((field >= lowest) & (field <= highest))
    units = str(field.attrs.get("units", ""))
    lowest, highest = BY_UNIT.get(units, OF_ANY_UNIT)
    values = field.to_numpy()
    is_wrong = (values < lowest) | (values > highest)
    if is_wrong.any():
        raise SchemaError(
            "A field has impossible values.",
            field=str(field.name),
            got=f"{values[is_wrong].min():g} to {values[is_wrong].max():g} in {np.count_nonzero(is_wrong)} values",
            expected=f"{lowest:g} to {highest:g} {units}".strip(),
            sample=values[is_wrong],
            fix="check unit and packing; if the values are right, state their range in the file, e.g. "
            "`ncatted -a valid_min,t,c,f,-5 -a valid_max,t,c,f,5`",
        )
    return field
