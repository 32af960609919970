"""Which values are final (ERA5) and which are preliminary (ERA5T), however a file says so."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from entropice.errors import SchemaError
from entropice.types import DataArray, Dataset

VERSION: Final = "expver"
FINAL_VERSION: Final = "0001"
PRELIMINARY_VERSION: Final = "0005"
ATTRIBUTES: Final = ("GRIB_expver", "expver", "GRIB_experimentVersionNumber", "experimentVersionNumber")


def is_preliminary(raw: Dataset, field: DataArray) -> DataArray:
    """Which values of a field are preliminary, over none or some of its dimensions.

    `VERSION` (``expver``) may be a dimension, a coordinate or a variable of the file, in numbers, text or bytes, or an
    attribute of the field or the file; a file that says nothing is final. 0001 is final (ERA5), 0005 preliminary
    (ERA5T).

    Raises
    ------
    SchemaError
        A version that is neither ERA5 nor ERA5T or is unknown, one that cannot be laid to the field's values, or two
        statements that contradict each other.

    Examples
    --------
    >>> raw = xr.Dataset({"t2m": ("expver", [280.0, 281.0])}, coords={"expver": [1, 5]})
    >>> is_preliminary(raw, raw["t2m"]).values.tolist()
    [False, True]
    """
    said = _said_by_attributes(raw, field)
    if VERSION in field.dims and VERSION not in field.coords:
        raise _unreadable(f"a dimension of {field.sizes[VERSION]} without values")
    if VERSION not in raw.variables:
        return xr.DataArray(_is_preliminary(said or FINAL_VERSION))
    versions = raw[VERSION]
    names = {version_name(value) for value in np.atleast_1d(versions.to_numpy()).ravel()}
    if said is not None and said not in names:
        raise _contradiction(said, names)
    if set(versions.dims) <= set(field.dims):
        flags = [_is_preliminary(version_name(version)) for version in versions.to_numpy().ravel()]
        return versions.copy(data=np.array(flags, dtype=bool).reshape(versions.shape))
    if len(names) > 1:
        raise _unreadable(f"{', '.join(sorted(names))} over {', '.join(map(str, versions.dims))}")
    return xr.DataArray(_is_preliminary(names.pop()))


def version_name(version: Any) -> str:
    """Four digits of a version in numbers, text or bytes; other text as it is.

    Raises
    ------
    SchemaError
        It is unknown.

    Examples
    --------
    >>> [version_name(version) for version in (1, 5.0, b"0001", "5", "test")]
    ['0001', '0005', '0001', '0005', 'test']
    """
    text = version.decode() if isinstance(version, bytes) else str(version)
    text = text.strip(" \x00")
    number = text.removesuffix(".0")
    if text in ("", "nan", "None", "NaT"):
        raise _unreadable("an unknown version")
    return number.zfill(len(FINAL_VERSION)) if number.isdigit() else text.zfill(len(FINAL_VERSION))


def _said_by_attributes(raw: Dataset, field: DataArray) -> str | None:
    sources: tuple[Mapping[Any, Any], ...] = (field.attrs, raw.attrs)
    found = {version_name(attributes[name]) for attributes in sources for name in ATTRIBUTES if name in attributes}
    if len(found) > 1:
        raise _contradiction(min(found), {max(found)})
    return found.pop() if found else None


def _is_preliminary(name: str) -> bool:
    if name not in (FINAL_VERSION, PRELIMINARY_VERSION):
        raise SchemaError(
            "The climate file holds an experiment version that is neither ERA5 nor ERA5T.",
            field=VERSION,
            got=name,
            expected=f"{FINAL_VERSION} (ERA5) or {PRELIMINARY_VERSION} (ERA5T)",
            fix=f"take it out: `grib_copy -w expver={FINAL_VERSION}/{PRELIMINARY_VERSION} in.grib out.grib`",
        )
    return name == PRELIMINARY_VERSION


def _unreadable(got: str) -> SchemaError:
    return SchemaError(
        "It cannot be told which values are of ERA5 and which of ERA5T.",
        field=VERSION,
        got=got,
        expected=f"{FINAL_VERSION} or {PRELIMINARY_VERSION}, one for each time or for the file",
        fix="download the file again",
    )


def _contradiction(said: str, names: set[str]) -> SchemaError:
    return SchemaError(
        "The file names its experiment version in two ways.",
        field=VERSION,
        got=f"{said} in an attribute, {', '.join(sorted(names))} beside it",
        expected="one statement",
        fix="download the file again, or correct the wrong one",
    )
