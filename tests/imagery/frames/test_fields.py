"""What a series must be like, and how parts of it are read."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from entropice.errors import ConfigError, SchemaError
from entropice.imagery.frames.field_checks import require_series
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.steps import runs_of, step_of

TWO_WINTERS = np.concatenate(
    [np.arange("2020-01-01", "2020-01-05", dtype="M8[D]"), np.arange("2020-10-01", "2020-10-04", dtype="M8[D]")]
)


def _fields(days: Any = TWO_WINTERS, step: str = "P1D") -> xr.Dataset:
    shape = (len(days), 3, 4)
    ice = np.random.default_rng(0).uniform(size=shape).astype(np.float32)
    ice[1, 2, 3] = np.nan
    height = np.arange(12, dtype=np.float32).reshape(3, 4)
    return xr.Dataset(
        {
            "ice_concentration": (("time", "y", "x"), ice, {"units": "1"}),
            "elevation": (("y", "x"), height, {"units": "m"}),
        },
        coords={
            "time": days.astype("M8[ns]"),
            "y": [250.0, 150.0, 50.0],
            "x": [1050.0, 1150.0, 1250.0, 1350.0],
        },
        attrs={"crs": "EPSG:3413", "step": step, "pixel_m": 100.0},
    )


def test_a_part_is_read_with_static_bands_repeated() -> None:
    fields = _fields()
    series = FieldSeries(fields)

    image = series.read(("elevation", "ice_concentration"), 0, slice(0, 3), slice(1, 3), slice(2, 4))

    assert image.values.shape == image.valid.shape == (3, 2, 2, 2)
    assert (image.values[:, 0] == fields["elevation"].values[1:3, 2:4]).all()
    assert np.array_equal(image.values[2, 1], fields["ice_concentration"].values[2, 1:3, 2:4])
    assert not image.valid[1, 1, 1, 1]
    assert image.values[1, 1, 1, 1] == 0
    assert series.corner_m == (1000.0, 300.0)


def test_steps_after_a_run_are_valid_nowhere() -> None:
    image = FieldSeries(_fields()).read(("elevation", "ice_concentration"), 0, slice(3, 6), slice(0, 3), slice(0, 4))

    assert image.valid[0].all()
    assert not image.valid[1:].any()


def test_what_follows_a_run_is_not_the_next_run() -> None:
    series = FieldSeries(_fields())

    assert series.runs.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert not series.read(("ice_concentration",), 0, slice(4, 6), slice(0, 3), slice(0, 4)).valid.any()
    assert series.read(("ice_concentration",), 1, slice(4, 7), slice(0, 3), slice(0, 4)).valid.all()


def test_steps_of_years_and_days() -> None:
    assert step_of("P5Y").after(np.array(["1990-01-01"], dtype="M8[D]"), 2)[0] == np.datetime64("2000-01-01")
    assert step_of("P1W").after(np.array(["2020-02-28"], dtype="M8[D]"), 1)[0] == np.datetime64("2020-03-06")


@pytest.mark.parametrize(
    ("days", "step", "fault"),
    [
        (["2020-01-02", "2020-01-01"], "P1D", "order"),
        (["2020-01-01", "2020-01-01"], "P1D", "twice"),
        (["2020-01-01", "2020-01-03"], "P1D", "gap"),
        (["1990-01-01", "2000-01-01"], "P5Y", "gap"),
        (["1990-01-01", "1995-01-01", "1998-01-01"], "P5Y", "less than"),
    ],
)
def test_steps_that_are_not_equal_are_refused(days: list[str], step: str, fault: str) -> None:
    with pytest.raises(SchemaError, match=fault) as caught:
        runs_of(np.array(days, dtype="M8[D]"), step_of(step))

    assert caught.value.field == "time"
    assert caught.value.fix


@pytest.mark.parametrize("text", ["1D", "P0D", "PT6H", "P1Y6M", ""])
def test_a_step_that_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(SchemaError, match="step"):
        step_of(text)


def _with(fields: xr.Dataset, **attrs: Any) -> xr.Dataset:
    return fields.assign_attrs(attrs)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (_with(_fields(), crs="EPSG:4326"), "crs"),
        (_fields().drop_attrs(deep=False), "step, pixel_m"),
        (_fields().assign_coords(x=[1050.0, 1150.0, 1250.0, 1450.0]), "x"),
        (_fields().isel(y=slice(None, None, -1)), "y"),
        (_fields().assign(elevation=lambda f: f["elevation"].assign_attrs(units="km")), "elevation.units"),
        (_fields().astype(np.float64), "ice_concentration"),
        (_fields().transpose("x", ...), "ice_concentration"),
        (_fields().drop_vars("time"), "time"),
    ],
)
def test_a_series_that_is_not_as_it_must_be_is_refused(fields: xr.Dataset, field: str) -> None:
    with pytest.raises(SchemaError) as caught:
        require_series(fields)

    assert caught.value.field == field


def test_flags_are_refused_with_their_day() -> None:
    fields = _fields()
    fields["ice_concentration"][2, 0, 0] = 251.0

    with pytest.raises(SchemaError, match="2020-01-03") as caught:
        require_series(fields)

    assert caught.value.sample == [251.0]


def test_bands_that_nobody_declared_are_refused() -> None:
    with pytest.raises(ConfigError, match="salinity"):
        require_series(_fields().rename(elevation="salinity"))
    with pytest.raises(SchemaError, match="lack bands"):
        FieldSeries(_fields()).read(("wind_x",), 0, slice(0, 1), slice(0, 1), slice(0, 1))


def test_a_good_series_passes() -> None:
    require_series(_fields())
