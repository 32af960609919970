"""One variable of one climate file: its header, and its values, block by block."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from entropice.errors import SchemaError
from entropice.sources.era5.axes import LonLatAxes
from entropice.sources.era5.file import load
from entropice.sources.era5.header import TIME, read_header
from entropice.sources.era5.horizontal import LATITUDE, LONGITUDE
from entropice.sources.era5.products import Product
from entropice.sources.era5.validity import Stamps
from entropice.sources.era5.variables import Era5Variable, recognise
from entropice.types import BoolArray, DataArray, Dataset, Float32Array, IntArray

BLOCK_BYTES: Final = 1 << 26
"""Of what is read at once, as float64; results do not depend on it."""
MAX_BLOCK_BYTES: Final = 1 << 28
"""Where a file's own chunks are larger."""
EVERY_VALUE: Final = (-np.inf, np.inf)

Open = Callable[[], Dataset]


@dataclass(frozen=True, eq=False)
class VariableSlice:
    """One variable of one file along one axis of time (see `Layer`), before a value is read.

    Attributes
    ----------
    origin
        The file, for messages.
    open
        Opens its field lazily, in the file's order and unit: `LATITUDE` and `LONGITUDE`, and `TIME` but for one step.
    stamps
        datetime64[s], shape (n_stamp,), as in the file; NaT where the file declares the step invalid.
    is_preliminary
        Shape (n_stamp,): from ERA5T, to be replaced by ERA5 some months later.
    factor
        From the file's unit to the table's.
    known
        Lowest and highest value that is one, in the file's unit.
    step_type
        As the header says.
    chunk
        Size of the file's chunks along each axis.
    """

    origin: str
    variable: Era5Variable
    open: Callable[[], DataArray]
    stamps: Stamps
    is_preliminary: BoolArray
    factor: float
    known: tuple[float, float]
    step_type: str
    axes: LonLatAxes
    chunk: Mapping[str, int]

    @cached_property
    def span(self) -> tuple[np.datetime64, np.datetime64]:
        """First and last valid stamp; NaT, NaT where there is none."""
        valid = self.stamps[~np.isnat(self.stamps)]
        return (valid.min(), valid.max()) if len(valid) else (np.datetime64("NaT"), np.datetime64("NaT"))

    def touches(self, first: np.datetime64, last: np.datetime64) -> bool:
        """Whether a valid stamp can lie between two times.

        Both ends are inclusive. False without any valid stamp.
        """
        return bool(self.span[0] <= last and self.span[1] >= first)

    def read(self, steps: IntArray, rows: slice) -> Float32Array:
        """Values of some stamps and rows: float32, shape (n_step, n_row, n_lon), axes ascending.

        In the unit of `VARIABLES`. NaN where the file has none, or one beyond `known`; small negative values, which
        packing leaves of what cannot be negative, become 0.

        Parameters
        ----------
        steps
            Positions in `stamps`, at least one.
        rows
            Of the ascending latitudes.

        Raises
        ------
        InputFileError
            The file is damaged.
        SchemaError
            A value beyond the variable's `minimum` or `maximum`.
        """
        lat_order = self.axes.lat_order[rows]
        # One window is read and put in order in memory: asked step by step, libraries decode a chunk again and again.
        first_step, first_row = int(steps.min()), int(lat_order.min())
        window = {
            TIME: slice(first_step, int(steps.max()) + 1),
            LATITUDE: slice(first_row, int(lat_order.max()) + 1),
        }
        field = self.open()
        loaded = load(field.isel({axis: cut for axis, cut in window.items() if axis in field.dims}), self.origin)
        ordered = loaded.transpose(..., LATITUDE, LONGITUDE).to_numpy()
        cube = ordered.reshape(-1, *ordered.shape[-2:])
        values = np.empty((len(steps), len(lat_order), len(self.axes.lon_order)), np.float32)
        for place, step in enumerate(steps):
            values[place] = self._canonical(cube[step - first_step][lat_order - first_row])[:, self.axes.lon_order]
        return values

    def read_in_turn(self, steps: IntArray, n_rows: int) -> Iterator[IntArray]:
        """Divide ascending steps into blocks for reading: whole chunks of the file, within a memory limit.

        `steps` are positions in `stamps`; the blocks hold each of them once, in order. `n_rows` rows will be read of
        each. A block takes 64 MiB at most as float64 (`BLOCK_BYTES`), or one chunk of the file where that is larger,
        cut at 256 MiB (`MAX_BLOCK_BYTES`); a single step is read whole, however large.
        """
        step_bytes = 8 * n_rows * len(self.axes.lon_order)
        chunk = min(self.chunk.get(TIME, 1), max(1, MAX_BLOCK_BYTES // step_bytes))
        n_at_once = chunk * max(1, BLOCK_BYTES // step_bytes // chunk)
        ends = np.flatnonzero(np.diff(steps // n_at_once)) + 1
        return (part for part in np.split(steps, ends) if len(part))

    def _canonical(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values in the table's unit, checked; below zero is packing."""
        precision, variable = np.result_type(values, np.float32), self.variable
        # Fill values near the largest float overflow; they are beyond what is known, or refused below.
        with np.errstate(over="ignore"):
            canonical: NDArray[Any] = np.multiply(values, precision.type(self.factor), dtype=precision)
        if self.known != EVERY_VALUE:
            canonical[(values < self.known[0]) | (values > self.known[1])] = np.nan
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
    """The row of `VARIABLES` for a file's variable; None for one that has none.

    None also where the name means another variable in the product (its `homonyms`).

    Raises
    ------
    SchemaError
        Its name and GRIB code contradict each other.
    """
    return None if field.name in product.homonyms else recognise(str(field.name), field.attrs)


def in_memory(dataset: Dataset) -> Open:
    """An opener of a data set that is open already: called without arguments it gives that data set."""
    return partial(_itself, dataset)


def variable_slices(origin: str, opened: Open, product: Product) -> list[VariableSlice]:
    """Every known variable of a file, each in the layers of its header.

    `origin` names the file in messages; `opened` opens it lazily. Variables that the table lacks are left out, so the
    list may be empty.

    Raises
    ------
    SchemaError
        Anything in the header of a known variable that cannot be honoured: its product, statistic, axes, times, version
        or unit.
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
    header = read_header(raw, name, variable, product)
    chunks = raw[name].encoding.get("preferred_chunks", {})
    chunk = {ours: chunks[theirs] for ours, theirs in header.names.items() if theirs in chunks}
    return [
        VariableSlice(
            origin,
            variable,
            partial(_field, opened, name, header.names, layer.at),
            layer.stamps,
            layer.is_preliminary,
            header.factor,
            header.known,
            header.step_type,
            header.axes,
            chunk,
        )
        for layer in header.layers
    ]


def _field(opened: Open, name: str, names: Mapping[str, str], at: Mapping[str, int]) -> DataArray:
    field = opened()[name]
    single = {axis: at.get(str(axis), 0) for axis in field.dims if axis not in names.values()}
    plain = field.isel(single).reset_coords(drop=True)
    return plain.drop_vars(list(plain.coords)).rename({theirs: ours for ours, theirs in names.items()})


def _itself(dataset: Dataset) -> Dataset:
    return dataset
