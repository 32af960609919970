"""Fields in a series of equal steps, of which any part is read when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from entropice.errors import SchemaError
from entropice.imagery.frames.field_checks import MOVING
from entropice.imagery.frames.grounds import Ground, ground_of
from entropice.imagery.frames.steps import Days, Step, runs_of, step_of
from entropice.imagery.samples import Image
from entropice.types import Dataset, Float32Array, IntArray

AT_HAND_BYTES: Final = 2**28
"""Fields up to this size are read once; of larger ones each part is read when it is asked for."""


def at_hand(fields: Dataset) -> Dataset:
    """The same fields, dims (time, y, x), in memory where they are small: each band of a sequence is a read.

    Up to `AT_HAND_BYTES` (256 MiB) the very dataset is loaded and given back; a larger one is left in its file.
    """
    return fields.load() if fields.nbytes <= AT_HAND_BYTES else fields


@dataclass(frozen=True)
class FieldSeries:
    """Fields that `entropice.imagery.frames.field_checks.require_series` has passed, in memory or in a file.

    Attributes
    ----------
    fields
        As `require_series` says.
    """

    fields: Dataset

    @cached_property
    def days(self) -> Days:
        """First day of every step, datetime64[D] (n_step,)."""
        days: Days = self.fields["time"].to_numpy().astype("datetime64[D]")
        return days

    @cached_property
    def step(self) -> Step:
        """From one field to the next."""
        return step_of(str(self.fields.attrs["step"]))

    @cached_property
    def runs(self) -> IntArray:
        """The run (n_step,) of each step, from 0; no sequence may reach from one into another."""
        return runs_of(self.days, self.step)

    @property
    def bands(self) -> tuple[str, ...]:
        """All that there are, in the order of the alphabet."""
        return tuple(sorted(map(str, self.fields.data_vars)))

    @property
    def pixel_m(self) -> float:
        """Edge of a pixel, m in the coordinates of the ground."""
        return float(self.fields.attrs["pixel_m"])

    @cached_property
    def corner_m(self) -> tuple[float, float]:
        """Left and top outer corner of the top-left pixel, m in the coordinates of the ground."""
        return float(self.fields["x"][0]) - self.pixel_m / 2, float(self.fields["y"][0]) + self.pixel_m / 2

    @cached_property
    def ground(self) -> Ground:
        """Where on the globe pixels lie."""
        return ground_of(self.fields)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.fields.sizes["y"], self.fields.sizes["x"]

    @property
    def n_steps(self) -> int:
        """Steps of all runs together."""
        return self.fields.sizes["time"]

    def is_static(self, band: str) -> bool:
        """Whether time does not change a band: whether it has no dimension ``time``."""
        return self.fields[band].dims != MOVING

    def read(self, bands: Sequence[str], run: int, steps: slice, rows: slice, columns: slice) -> Image:
        """Some steps of a part of the ground: values (time, band, row, column); static bands are repeated.

        Steps after the last of the run are there, and valid nowhere.

        Parameters
        ----------
        bands
            In the order asked for.
        run
            Number of the run (`runs`).
        steps
            Of the series. Begins with a step of the run, or the one after its last.
        rows, columns
            Of the fields.

        Returns
        -------
        Image
            float32 in the bands' units, valid where not NaN, else 0.

        Raises
        ------
        SchemaError
            There is no such band.
        """
        self._require(bands)
        # Steps after the run's last are of another season: they are not read, though the series goes on.
        last = int(np.searchsorted(self.runs, run, side="right"))
        there = slice(steps.start, max(min(steps.stop, last), steps.start))
        known = np.stack([self._band(band, there, rows, columns) for band in bands], axis=1)
        values = np.full((steps.stop - steps.start, *known.shape[1:]), np.nan, dtype=np.float32)
        values[: len(known)] = known
        valid = ~np.isnan(values)
        return Image(tuple(bands), np.where(valid, values, np.float32(0)), valid)

    def _band(self, band: str, steps: slice, rows: slice, columns: slice) -> Float32Array:
        if self.is_static(band):
            one = self.fields[band][rows, columns].to_numpy()
            return np.broadcast_to(one, (steps.stop - steps.start, *one.shape))
        values: Float32Array = self.fields[band][steps, rows, columns].to_numpy()
        return values

    def _require(self, bands: Sequence[str]) -> None:
        missing = [band for band in bands if band not in self.fields.data_vars]
        if missing:
            raise SchemaError(
                "The fields lack bands.",
                field="bands",
                got=", ".join(self.bands),
                expected=", ".join(missing),
                fix="take other bands, or make the fields with these",
            )
