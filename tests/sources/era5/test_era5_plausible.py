import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.errors import SchemaError
from entropice.sources.era5.plausible import require_plausible

SHAPE = (12, 4, 3)


def climate(**changed: np.ndarray | float) -> xr.Dataset:
    """A year around the Arctic: colder towards the pole, 30 mm a month, a third of it snow."""
    lat_deg = np.array([60.0, 70.0, 80.0, 90.0])
    cold = np.broadcast_to(((lat_deg - 60) / 2)[:, None], SHAPE)
    fields = {"t2m": 270 - cold, "tp": 30.0, "sf": 10.0} | changed
    return xr.Dataset(
        {
            name: (("time", "lat", "lon"), np.broadcast_to(field, SHAPE).astype(np.float32))
            for name, field in fields.items()
        },
        coords={
            "time": pd.date_range("2019-01", periods=12, freq="MS"),
            "lat": lat_deg,
            "lon": [-120.0, 0.0, 120.0],
        },
        attrs={"step": "month"},
    )


def at(value: float, base: float) -> np.ndarray:
    values = np.full(SHAPE, base)
    values[5, 2, 1] = value
    return values


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"sf": 30.0},
        {"sf": 33.0},
        {"tp": at(np.nan, 30.0)},
        {"t2m": np.nan},
        {"t2m": 255.0},
        {"d2m": 255.5},
        {"tp": 0.0, "sf": 0.0},
        {"tp": 900.0},
    ],
    ids=[
        "as it is",
        "all of it snow",
        "packing",
        "an unknown sum",
        "no temperature",
        "as cold everywhere",
        "nearly saturated",
        "no precipitation at all",
        "the wettest place on Earth",
    ],
)
def test_what_can_be_is_taken(changed: dict[str, np.ndarray | float]) -> None:
    require_plausible(climate(**changed), "era5.nc")


@pytest.mark.parametrize(
    ("changed", "field", "got"),
    [
        ({"sf": at(34.0, 10.0)}, "sf", "34 mm of snow in 30 mm"),
        ({"d2m": at(272.0, 250.0)}, "d2m", "dew point 12.0 K above"),
        ({"t2m": at(308.0, 250.0)}, "t2m", "-23.1 to 34.9 °C at latitude 80"),
        ({"t2m": at(196.0, 250.0)}, "t2m", "-77.1 to -23.1 °C at latitude 80"),
        ({"t2m_min": at(196.0, 240.0), "t2m": 250.0}, "t2m", "-77.1 to -23.1 °C at latitude 80"),
        ({"t2m_max": at(308.0, 250.0), "t2m": 250.0}, "t2m", "-23.1 to 34.9 °C at latitude 80"),
        ({"tp": at(13_000.0, 30.0)}, "tp", "36.5 mm a day at the wettest"),
        ({"tp": 0.1, "sf": 0.1}, "tp", "0.00329 mm a day on average"),
        ({"t2m": 255 + np.linspace(0, 15, 4)[:, None]}, "t2m", "-3.1 °C on average at latitude 90"),
    ],
    ids=["snow", "dew point", "heat", "cold", "cold of an hour", "heat of an hour", "wet", "dry", "upside down"],
)
def test_what_cannot_be_is_refused(changed: dict[str, np.ndarray | float], field: str, got: str) -> None:
    with pytest.raises(SchemaError, match="none that the Earth has") as caught:
        require_plausible(climate(**changed), "era5.nc")

    assert (caught.value.path, caught.value.field) == ("era5.nc", field)
    assert got in str(caught.value.got)


def test_seasons_and_regions_may_be_what_years_around_the_pole_cannot() -> None:
    wrong = climate(t2m=255 + np.linspace(0, 15, 4)[:, None], tp=0.1, sf=0.1)

    require_plausible(wrong.isel(time=slice(0, 6)), "half a year")
    require_plausible(wrong.assign(tp=wrong["tp"] * 100).isel(lon=[0, 1]), "two thirds of a circle")
