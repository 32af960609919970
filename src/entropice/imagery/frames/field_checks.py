"""What fields must be like before a sequence is cut from them."""

from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.bands import band_named
from entropice.imagery.frames.grounds import ground_of
from entropice.imagery.frames.steps import runs_of, step_of
from entropice.types import BoolArray, DataArray, Dataset

MOVING: Final = ("time", "y", "x")
STATIC: Final = ("y", "x")
ATTRIBUTES: Final = ("step", "pixel_m")
_SHARE_OF_PIXEL: Final = 1e-3
_STEPS_AT_ONCE: Final = 64
"""Files keep many steps in one piece, which is read once for all of them."""


def require_series(fields: Dataset) -> None:
    """Pass only a series of equal steps over one place, with known bands in their units and ranges.

    Parameters
    ----------
    fields
        A variable per band of `entropice.imagery.bands`, float32 (time, y, x), or (y, x) where time does not change
        it, NaN where unknown; ``time`` the first day of each step, ``x`` ascending and ``y`` descending middles of
        pixels in metres; attributes ``step``, ``pixel_m`` and what `entropice.imagery.frames.grounds.ground_of` reads,
        such as ``crs``, EPSG:3413; ``units`` of every variable. Middles may be off their spacing by a thousandth of a
        pixel, values lie within `Band.low` and `Band.high`, the ends included. Values are read 64 steps at a time.

    Raises
    ------
    SchemaError
        Names the variable, coordinate or attribute.
    ConfigError
        A variable is no declared band.
    GridError
        They are cells of a grid that is not known.
    """
    _require_attributes(fields)
    ground_of(fields)
    runs_of(fields["time"].to_numpy(), step_of(str(fields.attrs["step"])))
    pixel_m = float(fields.attrs["pixel_m"])
    _require_spacing(fields["x"], pixel_m)
    _require_spacing(fields["y"], -pixel_m)
    for name in map(str, fields.data_vars):
        _require_form(fields[name])
        _require_range(fields[name])


def _require_attributes(fields: Dataset) -> None:
    missing = [name for name in ATTRIBUTES if name not in fields.attrs]
    if missing:
        raise SchemaError(
            "Fields lack attributes.",
            field=", ".join(missing),
            got=", ".join(sorted(map(str, fields.attrs))) or "none",
            expected=", ".join(ATTRIBUTES),
            fix="state them where the fields are made",
        )
    absent = [name for name in MOVING if name not in fields.coords]
    if absent or not fields.data_vars:
        raise SchemaError(
            "Fields need coordinates and a band.",
            field=", ".join(absent) or "bands",
            got=", ".join(map(str, fields.variables)) or "nothing",
            expected=f"coordinates {', '.join(MOVING)} and a variable per band",
            fix="give every dimension its coordinate where the fields are made",
        )


def _require_spacing(coordinate: DataArray, spacing_m: float) -> None:
    spacings_m = np.diff(coordinate.to_numpy())
    is_wrong = ~(np.abs(spacings_m - spacing_m) <= _SHARE_OF_PIXEL * abs(spacing_m))
    if is_wrong.any():
        raise SchemaError(
            "Pixels of fields are not equally spaced in one place.",
            field=str(coordinate.name),
            got=f"a spacing of {spacings_m[is_wrong][0]:g} m",
            expected=f"{spacing_m:g} m from middle to middle (x ascending, y descending)",
            fix="bring all fields onto one grid first",
        )


def _require_form(values: DataArray) -> None:
    band = band_named(str(values.name))
    if values.dims not in (MOVING, STATIC) or values.dtype != np.float32:
        raise SchemaError(
            "A band of fields has other dimensions or another type.",
            field=band.name,
            got=f"{values.dtype} {values.dims}",
            expected=f"float32 {MOVING} or {STATIC}",
            fix="transpose it, or convert its numbers, where the fields are made",
        )
    if values.attrs.get("units") != band.unit:
        raise SchemaError(
            "A band of fields is not in its unit.",
            field=f"{band.name}.units",
            got=values.attrs.get("units"),
            expected=band.unit,
            fix="convert the values and state their unit",
        )


def _require_range(values: DataArray) -> None:
    band = band_named(str(values.name))
    parts = [values]
    if values.dims == MOVING:
        starts = range(0, len(values), _STEPS_AT_ONCE)
        parts = [values[start : start + _STEPS_AT_ONCE] for start in starts]
    for part in parts:
        field = part.to_numpy()
        is_beyond = ~np.isnan(field) & ~((field >= band.low) & (field <= band.high))
        if is_beyond.any():
            where = _first_day(part, is_beyond)
            raise SchemaError(
                "A band of fields has values that it cannot have: a flag, or another unit.",
                field=band.name,
                got=f"{int(is_beyond.sum())} pixels, {where}",
                expected=f"{band.low:g} to {band.high:g}, in units of {band.unit}, or NaN",
                sample=field[is_beyond],
                fix="turn flags into NaN and convert units where the fields are made",
            )


def _first_day(part: DataArray, is_beyond: BoolArray) -> str:
    if part.dims != MOVING:
        return "at any time"
    first = int(np.argwhere(is_beyond)[0, 0])
    return f"from {part['time'].to_numpy()[first].astype('datetime64[D]')} on"
