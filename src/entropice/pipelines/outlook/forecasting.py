"""Forecasts of every year by every way to forecast, and draws of the years to come."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from entropice.derive.cell_fields import index_names
from entropice.dggs.faces import FaceLayout
from entropice.errors import ConfigError
from entropice.imagery.bands import departure_of
from entropice.imagery.frames.fields import FieldSeries, at_hand
from entropice.imagery.frames.grounds import CELL_IDS, SECTION_PX
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.frames.whole_ground import covering_windows, whole_forecast
from entropice.imagery.frames.window_splits import learned_steps, validated_steps
from entropice.learning.outlook.dressing import Dressing, fit_dressing
from entropice.learning.outlook.forecasts import NETWORK, SIMPLE_FORECASTS, YearlyRecord, ahead_of
from entropice.pipelines.kinds.frames.parameters import FrameSampleParameters
from entropice.types import Dataset, Float32Array, FloatArray

DIMS = ("issued", "horizon", "index", "cell")


@dataclass(frozen=True, eq=False)
class Way:
    """One way to forecast: what it says from each year, and how far it is off.

    Attributes
    ----------
    name
        ``network``, or that of a simple forecast.
    issued
        Years, ascending.
    said
        Departures float32 (n_issued, n_horizon, n_index, n_cell).
    dressing
        Errors of courses in years of training, widened by years of validation.
    """

    name: str
    issued: tuple[int, ...]
    said: Float32Array
    dressing: Dressing

    def draws(self, issued: int) -> Float32Array:
        """Departures (n_draw, n_horizon, n_index, n_cell) that may come after a year.

        What was said from it, and on it each course of errors that the way has made in years of training, times the
        widening of the horizon (`Dressing.draws`); a draw a course, eight or more, float32, NaN where either is
        unknown.

        Raises
        ------
        ValueError
            Nothing was said from that year.
        """
        return self.dressing.draws(self.said[self.issued.index(issued)])


def forecasts_of_years(
    forecast: Forecaster,
    fields: Dataset,
    indices: Dataset,
    bands: Sequence[str],
    target_bands: tuple[str, ...],
    samples: FrameSampleParameters,
    batch_size: int,
) -> Dataset:
    """Departures (issued, horizon, index, cell) that a network says; indices in the order of their cube.

    Parameters
    ----------
    forecast
        Forecasts of sequences.
    fields
        float32 (time, y, x), cells side by side, as `entropice.pipelines.image_sources.cell_fields.nodes.lay_out_cells`
        makes them.
    indices
        Cube on (cell, year), whose years are the steps of the fields.
    bands, target_bands
        What is seen, and what is forecast: the departures of all indices.

    Returns
    -------
    Dataset
        ``departures``, float32, as fields have them, the mean where sequences overlap, NaN where the ground is not
        known; coordinates ``issued``, the last known year of each forecast, from the ``n_frames_in``-th of the record
        to its last, and ``index``.

    Raises
    ------
    ConfigError
        An index is not forecast, so that features of years to come would lack it; or something else is.
    LabelError
        The ground is smaller than a sequence.
    """
    names = index_names(indices)
    _require_all(names, target_bands)
    series, rules = FieldSeries(at_hand(fields)), samples.windows
    layout = FaceLayout(fields[CELL_IDS].to_numpy().astype(np.uint64), int(fields.attrs[SECTION_PX]))
    cell_ids = indices["cell_ids"].to_numpy().astype(np.uint64)
    places = [target_bands.index(departure_of(name)) for name in names]

    def said(first: int) -> Float32Array:
        windows = covering_windows(series, rules, first).set_index("key")
        sequences = FrameSamples(series, windows, tuple(bands), target_bands, rules)
        return layout.taken(cell_ids, whole_forecast(sequences, forecast, batch_size)[:, places])

    firsts = range(series.n_steps - rules.n_frames_in + 1)
    years = indices["year"].to_numpy()
    return xr.Dataset(
        {"departures": (DIMS, np.stack([said(first) for first in firsts]))},
        {"issued": years[[first + rules.n_frames_in - 1 for first in firsts]], "index": list(names)},
    )


def way_of(name: str, index_forecasts: Dataset, record: YearlyRecord, samples: FrameSampleParameters) -> Way:
    """The network's forecasts, or simple ones from the same years, with what they are off by.

    `name` is ``network``, or ``persistence``, ``damped_persistence``, ``trend`` or ``climatology``
    (`SIMPLE_FORECASTS`), which forecast from what `record` knows up to a year; `index_forecasts` are (issued, horizon,
    index, cell), and the splits of `samples` say which years are of training and of validation.

    Errors, what came less what was said, are kept of every year from which all horizons are years of training; one that
    is unknown in some of these alone is 0 there. A draw lays them on a forecast, at horizon h times w(h): over cells,
    indices and years of validation the 90 % quantile (of values that occur, the upper) of an error over the end, on its
    side, of the central 90 % of the kept errors of its index and cell, and 1 where that is less
    (`entropice.learning.outlook.dressing`).

    Raises
    ------
    KeyError
        There is no simple forecast of that name.
    LabelError
        Fewer than eight years have all of their horizons in training, a horizon has no year of validation, or errors of
        training are 0 where more than 10 % of those of validation are not.
    """
    issued = tuple(index_forecasts["issued"].to_numpy().tolist())
    simple = {each.name: each.said for each in SIMPLE_FORECASTS}
    of_network: Float32Array = index_forecasts["departures"].to_numpy()
    n_horizons = of_network.shape[1]
    said = of_network if name == NETWORK else np.stack([simple[name](record, year, n_horizons) for year in issued])
    n_years, splits = len(record.years), samples.splits
    parts = learned_steps(n_years, splits), validated_steps(n_years, splits)
    return Way(name, issued, said, fit_dressing(said, issued, record, *parts))


def values_of(draws: Float32Array, record: YearlyRecord, issued: int) -> FloatArray:
    """Indices (n_draw, n_horizon, n_index, n_cell) in their units; one never below 0 so far does not fall below it.

    `draws` are departures of the same shape; so far is up to the year `issued`, it included, in any cell. NaN stays
    NaN.

    >>> from entropice.derive.climate.departures import UsualYears
    >>> usual = UsualYears(np.full((1, 1), 4.0), np.zeros((1, 1)), np.full((1, 1), 2.0), 2000.5)
    >>> record = YearlyRecord(np.array([2000, 2001]), np.array([[[2.0]], [[6.0]]]), usual)
    >>> values_of(np.array([[[[1.0]], [[-3.0]]]], dtype=np.float32), record, 2001).ravel().tolist()
    [6.0, 0.0]
    """
    values = record.usual.values(draws)
    so_far = record.values[: record.place(issued) + 1]
    floor = np.where(np.nanmin(so_far, axis=(0, 2)) >= 0, 0.0, -np.inf)
    return np.maximum(values, floor[:, None])


def drawn_years(way: Way, record: YearlyRecord, indices: Dataset) -> Dataset:
    """Draws after the last year of the record, a year for each horizon.

    Returns
    -------
    Dataset
        ``values``, float32 (draw, year, index, cell), in the indices' units; coordinates ``year``, ``index`` and
        ``cell_ids``, the cells in the order of `indices`, a cube on (cell, year).

    Raises
    ------
    ValueError
        Nothing was said from the last year of the record.
    """
    issued = int(record.years[-1])
    values = values_of(way.draws(issued), record, issued)
    return xr.Dataset(
        {"values": (("draw", "year", "index", "cell"), values.astype(np.float32))},
        {
            "year": ahead_of(issued, values.shape[1]),
            "index": list(index_names(indices)),
            "cell_ids": ("cell", indices["cell_ids"].to_numpy()),
        },
    )


def _require_all(names: Sequence[str], target_bands: Sequence[str]) -> None:
    wanted = [departure_of(name) for name in names]
    lacking = [band for band in wanted if band not in target_bands]
    if lacking or len(target_bands) != len(wanted):
        raise ConfigError(
            "Years to come need a forecast of every index, for features are made of all.",
            field="target_bands",
            got=", ".join(target_bands),
            expected=", ".join(wanted),
            sample=lacking,
            fix="name the departures of all indices of the climate among bands and target_bands",
        )
