"""What a NetCDF variable's own attributes (CF conventions) say of its numbers."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from entropice.errors import InputFileError
from entropice.sources.ice.shares import Coding
from entropice.types import BoolArray, DataArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNITS: Final[Mapping[str, float]] = {"1": 1.0, "%": 0.01, "percent": 0.01}
"""Units of shares, and what one of them is."""
FILL: Final = ("_FillValue", "missing_value")


def coding_of(variable: DataArray, path: Path) -> Coding:
    """How the numbers of a variable, read as they are stored, say shares.

    Units are ``1``, ``%`` and ``percent``; scale and offset are ``scale_factor`` and ``add_offset``, 1 and 0 where they
    are not stated, times the unit. Flags are ``flag_values`` with ``flag_meanings``, and ``_FillValue`` and
    ``missing_value`` as "nothing stored".

    Raises
    ------
    InputFileError
        Its unit is missing or none of shares, or numbers and meanings of its flags do not match.

    Examples
    --------
    >>> import xarray as xr
    >>> said = {"units": "%", "flag_values": [253, 254], "flag_meanings": "coast land"}
    >>> coding_of(xr.DataArray([50, 254], attrs=said), Path("ice.nc"))
    Coding(scale=0.01, offset=0.0, flags={253.0: 'coast', 254.0: 'land'})
    """
    attributes = variable.attrs
    unit = str(attributes.get("units", "")).strip()
    if unit not in UNITS:
        raise InputFileError(
            "The unit of the concentration is missing or not one of shares.",
            path=path,
            field=f"{variable.name}:units",
            got=unit or "none",
            expected=" or ".join(UNITS),
            fix="name the variable of the concentration, or correct the attribute with ncatted",
        )
    scale, offset = (float(attributes.get(name, default)) for name, default in (("scale_factor", 1), ("add_offset", 0)))
    fills = {float(attributes[name]): "nothing stored" for name in FILL if name in attributes}
    return Coding(scale * UNITS[unit], offset * UNITS[unit], fills | _flags(variable, "flag_values", path))


def is_flagged(status: DataArray, meanings: tuple[str, ...], path: Path) -> BoolArray:
    """Where a variable of bits (``flag_masks``) has one of these meanings; its own shape.

    `status` holds whole numbers; a value is flagged where it has the bit of any of `meanings`.

    Raises
    ------
    InputFileError
        It does not declare its bits, or none of a meaning.

    Examples
    --------
    >>> import xarray as xr
    >>> said = {"flag_masks": [1, 2], "flag_meanings": "land lake"}
    >>> is_flagged(xr.DataArray([0, 1, 3], attrs=said), ("lake",), Path("ice.nc")).tolist()
    [False, False, True]
    """
    bits = {meaning: int(mask) for mask, meaning in _flags(status, "flag_masks", path).items()}
    absent = [meaning for meaning in meanings if meaning not in bits]
    if absent:
        raise _undeclared(status, "flag_meanings", ", ".join(bits) or "none", ", ".join(absent), path)
    # a mask of the highest bit of a signed byte is -128
    masks = np.array([bits[meaning] for meaning in meanings]) & 0xFFFF
    found: BoolArray = (status.values.astype(np.int64) & np.bitwise_or.reduce(masks)) != 0
    return found


def _flags(variable: DataArray, attribute: str, path: Path) -> dict[float, str]:
    numbers: NDArray[Any] = np.atleast_1d(variable.attrs.get(attribute, []))
    meanings = str(variable.attrs.get("flag_meanings", "")).split()
    if len(numbers) != len(meanings):
        raise _undeclared(variable, attribute, f"{len(numbers)} numbers, {len(meanings)} meanings", "one each", path)
    return {float(number): meaning for number, meaning in zip(numbers, meanings, strict=True)}


def _undeclared(variable: DataArray, attribute: str, got: str, expected: str, path: Path) -> InputFileError:
    return InputFileError(
        "The flags of a variable are not declared as the product declares them.",
        path=path,
        field=f"{variable.name}:{attribute}",
        got=got,
        expected=expected,
        fix="fetch the file again from its publisher: without them flags would be read as ice",
    )
