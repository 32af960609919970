"""One variable of one climate file: its header, and its values, block by block."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from entropice.errors import SchemaError
from entropice.sources.era5.axes import LONLAT_AXES, LonLatAxes, lonlat_axes, time_axis
from entropice.sources.era5.file import load
from entropice.sources.era5.products import Product
from entropice.sources.era5.variables import Era5Variable, factor_to_canonical, recognise
from entropice.types import BoolArray, DataArray, Dataset, Float32Array, IntArray

FINAL_VERSION: Final = "0001"
PRELIMINARY_VERSION: Final = "0005"
BLOCK_BYTES: Final = 1 << 26
"""Of what is read at once, as float64; results do not depend on it."""
MAX_BLOCK_BYTES: Final = 1 << 28
"""Where a file's own chunks are larger."""

Stamps = NDArray[np.datetime64]
Open = Callable[[], Dataset]


@dataclass(frozen=True, eq=False)
class VariableSlice:
    """One variable of one file and one experiment version, before a value is read.

    Attributes
    ----------
    origin
        The file, for messages.
    open
        Opens its field lazily, in the file's order and unit: latitude and longitude, and `time_axis` but for one step.
    time_axis
        Name of the axis of validity.
    stamps
        datetime64[s], shape (n_stamp,), as in the file; NaT where the file declares the step invalid.
    is_preliminary
        Shape (n_stamp,): from ERA5T, to be replaced by ERA5 some months later.
    factor
        From the file's unit to the table's.
    chunk
        Size of the file's chunks along each axis.
    """

    origin: str
    variable: Era5Variable
    open: Callable[[], DataArray]
    time_axis: str
    stamps: Stamps
    is_preliminary: BoolArray
    factor: float
    axes: LonLatAxes
    chunk: Mapping[str, int]

    @cached_property
    def span(self) -> tuple[np.datetime64, np.datetime64]:
        """First and last valid stamp; NaT, NaT where there is none."""
        valid = self.stamps[~np.isnat(self.stamps)]
        return (valid.min(), valid.max()) if len(valid) else (np.datetime64("NaT"), np.datetime64("NaT"))

    def touches(self, first: np.datetime64, last: np.datetime64) -> bool:
        """Whether a valid stamp can lie between two times."""
        return bool(self.span[0] <= last and self.span[1] >= first)

    def read(self, steps: IntArray, rows: slice) -> Float32Array:
        """Values of some stamps and rows, in the table's unit: shape (n_step, n_row, n_lon), axes ascending."""
        lat_order = self.axes.lat_order[rows]
        first_step, first_row = int(steps.min()), int(lat_order.min())
        window = {
            self.time_axis: slice(first_step, int(steps.max()) + 1),
            "latitude": slice(first_row, int(lat_order.max()) + 1),
        }
        field = self.open()
        loaded = load(field.isel({axis: cut for axis, cut in window.items() if axis in field.dims}), self.origin)
        ordered = loaded.transpose(..., *LONLAT_AXES).to_numpy()
        cube = ordered.reshape(-1, *ordered.shape[-2:])
        values = np.empty((len(steps), len(lat_order), len(self.axes.lon_order)), np.float32)
        for place, step in enumerate(steps):
            values[place] = self._canonical(cube[step - first_step][lat_order - first_row])[:, self.axes.lon_order]
        return values

    def read_in_turn(self, steps: IntArray, n_rows: int) -> Iterator[IntArray]:
        """Divide ascending steps into blocks for reading: whole chunks of the file, within a memory limit."""
        step_bytes = 8 * n_rows * len(self.axes.lon_order)
        chunk = min(self.chunk.get(self.time_axis, 1), max(1, MAX_BLOCK_BYTES // step_bytes))
        n_at_once = chunk * max(1, BLOCK_BYTES // step_bytes // chunk)
        ends = np.flatnonzero(np.diff(steps // n_at_once)) + 1
        return (part for part in np.split(steps, ends) if len(part))

    def _canonical(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values in the table's unit, checked; below zero is packing."""
        precision, variable = np.result_type(values, np.float32), self.variable
        canonical: NDArray[Any] = np.multiply(values, precision.type(self.factor), dtype=precision)
        lowest, highest = np.fmin.reduce(canonical, axis=None), np.fmax.reduce(canonical, axis=None)
        if lowest < variable.minimum or highest > variable.maximum:
            raise SchemaError(
                "A climate variable has impossible values.",
                path=self.origin,
                field=variable.name,
                got=f"{lowest:g} to {highest:g}",
                expected=f"{variable.minimum:g} to {variable.maximum:g} {variable.units}",
                sample=canonical[(canonical < variable.minimum) | (canonical > variable.maximum)],
                fix="check the unit (K, not °C; m of water, not mm) and the packing",
            )
        np.maximum(canonical, max(variable.minimum, 0.0), out=canonical)
        return canonical


def known_variable(field: DataArray, product: Product) -> Era5Variable | None:
    """The table's row for a file's variable; None for one that the table lacks."""
    return None if field.name in product.homonyms else recognise(str(field.name), field.attrs)


def in_memory(dataset: Dataset) -> Open:
    """An opener of a data set that is open already."""
    return partial(_itself, dataset)


def variable_slices(origin: str, opened: Open, product: Product) -> list[VariableSlice]:
    """Every known variable of a file, by experiment version where that is a dimension.

    Raises
    ------
    SchemaError
        A variable in a foreign unit, an ensemble, a foreign experiment version, no regular grid, a time that occurs
        twice or is in no real calendar, or a file of another product.
    """
    try:
        raw = opened()
        known = {str(name): known_variable(field, product) for name, field in raw.data_vars.items()}
        return [
            part
            for name, variable in known.items()
            if variable is not None
            for part in _slices_of_field(origin, opened, name, variable, product)
        ]
    except SchemaError as error:
        error.path = origin
        raise


def _slices_of_field(
    origin: str, opened: Open, name: str, variable: Era5Variable, product: Product
) -> list[VariableSlice]:
    raw = opened()
    field, axes, time = raw[name], lonlat_axes(raw), time_axis(raw)
    _require_plain_axes(field, time)
    _require_product(field, product)
    stamps = np.atleast_1d(raw[time].to_numpy()).astype("datetime64[s]")
    _require_once(stamps)
    factor = factor_to_canonical(variable, field.attrs.get("units"))
    chunk = field.encoding.get("preferred_chunks", {})
    return [
        VariableSlice(
            origin,
            variable,
            partial(_field, opened, name, time, position),
            time,
            _valid(stamps, raw.attrs),
            is_preliminary,
            factor,
            axes,
            chunk,
        )
        for position, is_preliminary in _versions(raw, field, stamps, time)
    ]


def _field(opened: Open, name: str, time: str, version: int | None) -> DataArray:
    field = opened()[name]
    single = {axis: 0 for axis in field.dims if axis not in (*LONLAT_AXES, time)}
    return field.isel(single if version is None else {**single, "expver": version})


def _versions(raw: Dataset, field: DataArray, stamps: Stamps, time: str) -> list[tuple[int | None, BoolArray]]:
    """Positions along a dimension ``expver`` (None without one), each with which of the stamps are preliminary."""
    if "expver" in field.dims:
        each = [_is_preliminary(version) for version in raw["expver"].to_numpy()]
        return [(position, np.full(len(stamps), of_all)) for position, of_all in enumerate(each)]
    if "expver" in raw.coords and raw["expver"].dims == (time,):
        return [(None, np.array([_is_preliminary(version) for version in raw["expver"].to_numpy()]))]
    if "valid_time_stop" in raw.attrs:
        return [(None, stamps >= _day_after(raw.attrs["valid_time_stop"]))]
    version = raw["expver"].item() if "expver" in raw.coords else field.attrs.get("GRIB_expver", FINAL_VERSION)
    return [(None, np.full(len(stamps), _is_preliminary(version)))]


def _is_preliminary(version: object) -> bool:
    name = str(version).zfill(len(FINAL_VERSION))
    if name not in (FINAL_VERSION, PRELIMINARY_VERSION):
        raise SchemaError(
            "The climate file holds an experiment version that is neither ERA5 nor ERA5T.",
            field="expver",
            got=name,
            expected=f"{FINAL_VERSION} (ERA5) or {PRELIMINARY_VERSION} (ERA5T)",
            fix=f"take it out: `grib_copy -w expver={FINAL_VERSION}/{PRELIMINARY_VERSION} in.grib out.grib`",
        )
    return name == PRELIMINARY_VERSION


def _valid(stamps: Stamps, attributes: Mapping[str, Any]) -> Stamps:
    """ARCO stores hold steps of coming years; attributes give the last day with values."""
    stop = attributes.get("valid_time_stop_era5t", attributes.get("valid_time_stop"))
    start = attributes.get("valid_time_start")
    is_valid = np.ones(len(stamps), dtype=bool)
    if stop is not None:
        is_valid &= stamps < _day_after(stop)
    if start is not None:
        is_valid &= stamps >= np.datetime64(start, "s")
    return np.where(is_valid, stamps, np.datetime64("NaT", "s"))


def _day_after(day: str) -> np.datetime64:
    return np.datetime64(day, "D") + np.timedelta64(1, "D")


def _require_plain_axes(field: DataArray, time: str) -> None:
    other = {str(axis): size for axis, size in field.sizes.items() if axis not in (*LONLAT_AXES, time, "expver")}
    many = {axis: size for axis, size in other.items() if size > 1}
    if many:
        raise SchemaError(
            "The climate file holds an ensemble." if "number" in many else "The climate file has further axes.",
            field=", ".join(many),
            got=", ".join(f"{size} × {axis}" for axis, size in many.items()),
            expected="one",
            fix="request the product type reanalysis (or monthly_averaged_reanalysis) on single levels",
        )


def _require_product(field: DataArray, product: Product) -> None:
    grib_class = field.attrs.get("GRIB_class", product.grib_class)
    if grib_class != product.grib_class:
        raise SchemaError(
            f"The climate file is not of {product.name}.",
            field="class",
            got=grib_class,
            expected=product.grib_class,
            fix="correct `product` of climate_file in the catalog, or the path",
        )


def _require_once(stamps: Stamps) -> None:
    unique, counts = np.unique(stamps, return_counts=True)
    if counts.max(initial=0) > 1:
        raise SchemaError(
            "A time occurs more than once in one climate file.",
            field="time",
            sample=unique[counts > 1],
            expected="each time once",
            fix="download it again: two requests were joined without looking at their times",
        )


def _itself(dataset: Dataset) -> Dataset:
    return dataset
