"""Fields, series of files, pictures and pairs of the kinds beside masks that must be refused, as a run reads them."""
# ruff: noqa: PD011 - these are the values of maps

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
import xarray as xr
from ice_files import write_netcdf
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from series_maps import PLACE, Maps, make_maps
from task_steps import configuration_of, run_step

from bad_inputs import BadInput
from entropice.app.configuration.environment import Configuration
from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image, Place
from entropice.sources.ice.products import NASA_TEAM, SEA_ICE_INDEX_DAILY
from entropice.sources.ice.series import read_ice_series
from entropice.sources.imagery.class_tiles import ClassTile, ClassTiles, write_class_tiles
from entropice.sources.imagery.picture_writing import write_picture
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.imagery.tile_pairs import TilePair, TilePairs, write_tile_pairs
from entropice.sources.series.fields import read_series
from entropice.sources.series.human_modification import FRACTION, HUMAN_MODIFICATION, PER_10000
from entropice.sources.series.writing import SeriesFile, write_series_file

DAYS = np.arange("2020-01-01", "2020-01-21", dtype="M8[D]")
NSIDC = RasterPlace("EPSG:3411", -150_000.0, 150_000.0, 25_000.0, 12, 12)
GRID = RasterPlace("EPSG:3413", -100_000.0, 100_000.0, 25_000.0, 8, 8)
TILE = Place(0.0, 0.0, 250.0, 8, 2022)
ELSEWHERE = Place(250.0, 0.0, 250.0, 8, 2022)


def _fields(days: Any = DAYS, step: str = "P1D") -> xr.Dataset:
    ice = np.random.default_rng(0).uniform(size=(len(days), 8, 8)).astype(np.float32)
    middles_m = (np.arange(8) + 0.5) * 12_500
    return xr.Dataset(
        {"ice_concentration": (("time", "y", "x"), ice, {"units": "1"})},
        coords={"time": days.astype("M8[ns]"), "y": -middles_m, "x": middles_m},
        attrs={"crs": "EPSG:3413", "step": step, "pixel_m": 12_500.0},
    )


@cache
def _configuration() -> Configuration:
    """Sequences of 3 + 2 days on 8² pixels; the task seen by its concentration alone."""
    windows = {"n_pixels": 8, "stride_px": 8, "every_steps": 1, "n_frames_in": 3, "future_horizons": 10}
    splits = {"n_later_steps": 3, "n_validated_steps": 3, "gap_steps": 0}
    given = {"bands": ["ice_concentration"], "samples": {"windows": windows, "splits": splits}}
    return configuration_of("sea_ice", "ice_motion", given, size="tiny")


def _step(name: str, folder: Path, **inputs: Any) -> Any:
    return run_step("ice_motion", name, _configuration(), inputs, folder)


def _placed(kind: str, fields: Callable[[], xr.Dataset]) -> BadInput:
    """Fields that sequences are to be cut from, by the first step after those of the source."""
    return BadInput(f"fields: {kind}", lambda folder: _step("place_windows", folder, fields=fields()))


def _with_flag() -> xr.Dataset:
    fields = _fields()
    fields["ice_concentration"][4, 2, 2] = 2.54
    return fields


def _of_another_unit() -> xr.Dataset:
    fields = _fields()
    fields["ice_concentration"].attrs["units"] = "%"
    return fields


def _unknown_after(n_steps: int, days: Any = DAYS) -> xr.Dataset:
    fields = _fields(days)
    fields["ice_concentration"][n_steps:] = np.nan
    return fields


def _without(attribute: str) -> xr.Dataset:
    fields = _fields()
    del fields.attrs[attribute]
    return fields


def _without_horizons(folder: Path) -> object:
    """Days enough for the first horizons, and for none of the last."""
    fields = _fields(DAYS[:12])
    tiles = _step("place_windows", folder, fields=fields)
    return _step("split_windows", folder, fields=fields, tiles=tiles)


def _checked(folder: Path, fields: xr.Dataset, change: Callable[[pd.DataFrame], pd.DataFrame] = pd.DataFrame) -> object:
    """Sequences of fields, dealt, their parts changed, measured and checked."""
    tiles = _step("place_windows", folder, fields=fields)
    splits = change(_step("split_windows", folder, fields=fields, tiles=tiles))
    statistics = _step("measure_bands", folder, fields=fields, tiles=tiles, splits=splits)
    return _step("check_windows", folder, fields=fields, tiles=tiles, splits=splits, statistics=statistics)


def _in_two_parts(splits: pd.DataFrame) -> pd.DataFrame:
    learned = splits[splits["split"] == "train"].iloc[:1].assign(split="time")
    return pd.concat([splits, learned], ignore_index=True)


def _maps(kind: str, change: Callable[[Maps], object]) -> BadInput:
    """Maps of human modification, native ones, one of them changed, read as the unit `fraction`."""

    def provoke(folder: Path) -> object:
        change(make_maps(folder, FRACTION))
        return read_series(folder, HUMAN_MODIFICATION, FRACTION)

    return BadInput(f"series of maps: {kind}", provoke)


def _scaled(maps: Maps) -> None:
    maps.write("hm/HM_1995.tif", np.full(PLACE.shape, 5_000, dtype=np.float32))


def _as_scaled(folder: Path) -> object:
    make_maps(folder, FRACTION)
    return read_series(folder, HUMAN_MODIFICATION, PER_10000)


def _moved(maps: Maps) -> None:
    place = RasterPlace(PLACE.crs, PLACE.left_m + 100, PLACE.top_m, PLACE.pixel_m, PLACE.n_rows, PLACE.n_columns)
    maps.write("hm/HM_1995.tif", maps.values[1], place=place)


def _rewritten(path: Path, colours: tuple[ColorInterp, ...] | None = None, n_more: int = 0, **profile: Any) -> None:
    """A file with other words in its header, and more bands that are 255 throughout."""
    with rasterio.open(path) as source:
        numbers, old = source.read(), source.profile
    more = np.full((n_more, *numbers.shape[1:]), 255, dtype=numbers.dtype)
    path.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **{**old, "count": len(numbers) + n_more, **profile}) as file:
            file.write(np.concatenate([numbers, more]))
            if colours is not None:
                file.colorinterp = colours


def _ice_days(kind: str, numbers: dict[str, int], place: Callable[[str], RasterPlace] = lambda _: NSIDC) -> BadInput:
    """Days of the Sea Ice Index: one number throughout, for each date."""

    def provoke(folder: Path) -> object:
        for date, number in numbers.items():
            lies = place(date)
            values = np.full(lies.shape, number, dtype=np.uint16)
            write_series_file(folder, SeriesFile(f"N_{date}_concentration_v3.0.tif", values, lies, 65_535))
        return read_ice_series(folder, SEA_ICE_INDEX_DAILY, GRID)

    return BadInput(f"days of ice: {kind}", provoke)


def _finer(date: str) -> RasterPlace:
    return RasterPlace(NSIDC.crs, NSIDC.left_m, NSIDC.top_m, 12_500.0, 24, 24) if date == "20190502" else NSIDC


def _netcdf(kind: str, **days: tuple[int, int]) -> BadInput:
    """Files of NASA Team that declare no flag: the day since 1970 and the highest number of each, by name."""

    def provoke(folder: Path) -> object:
        for name, (day, number) in days.items():
            values = np.full((1, 12, 12), 100, dtype=np.uint8)
            values[0, 3, 3] = number
            said = {"units": "1", "scale_factor": 0.004}
            write_netcdf(folder / f"{name}.nc", {"F17_ICECON": (values, said)}, crs="EPSG:3411", days=[day])
        return read_ice_series(folder, NASA_TEAM, GRID)

    return BadInput(f"days of ice: {kind}", provoke)


def _picture(seed: int = 1) -> Image:
    values = np.random.default_rng(seed).uniform(size=(3, 8, 8)).astype(np.float32)
    return Image(RGB, values, np.ones(values.shape, dtype=bool))


def _class_tile(kind: str, change: Callable[[Path], object]) -> BadInput:
    """A picture with its class, changed and read."""

    def provoke(folder: Path) -> object:
        write_class_tiles([ClassTile("one", TILE, _picture(), 1)], folder)
        change(folder)
        return ClassTiles(folder, "true_colour").read("one")

    return BadInput(f"classes: {kind}", provoke)


def _relabelled(folder: Path) -> None:
    pd.read_parquet(folder / "tiles.parquet").assign(label=1.5).to_parquet(folder / "tiles.parquet")


def _pair(kind: str, change: Callable[[Path], object]) -> BadInput:
    """Two pictures and what changed, one of them changed and read."""

    def provoke(folder: Path) -> object:
        label = np.zeros((8, 8), np.uint8)
        write_tile_pairs([TilePair("one", TILE, _picture(), _picture(2), label)], folder)
        change(folder)
        return TilePairs(folder, "true_colour").read("one")

    return BadInput(f"pairs: {kind}", provoke)


GREY = (*(ColorInterp.red, ColorInterp.green, ColorInterp.blue), ColorInterp.gray)
ALPHA_FIRST = (ColorInterp.alpha, ColorInterp.red, ColorInterp.green)
TWO_OF_ONE_DAY = np.concatenate([DAYS[:6], DAYS[5:]])
MIXED = np.concatenate([DAYS[:8], DAYS[8::3]])
YEARS = np.array(["1990-01-01", "1995-01-01", "1998-01-01", "2000-01-01"], dtype="M8[D]")

BAD_INPUTS = (
    _placed("a gap", lambda: _fields(np.delete(DAYS, 7))),
    _placed("a doubled day", lambda: _fields(TWO_OF_ONE_DAY)),
    _placed("mixed steps", lambda: _fields(MIXED)),
    _placed("steps shorter than stated", lambda: _fields(YEARS, "P5Y")),
    _placed("not in the order of time", lambda: _fields(DAYS[::-1])),
    _placed("a step that is none", lambda: _fields(step="daily")),
    _placed("a flag read as ice", _with_flag),
    _placed("another unit", _of_another_unit),
    _placed("no pixel size", lambda: _without("pixel_m")),
    _placed("another CRS", lambda: _fields().assign_attrs(crs="EPSG:3411")),
    _placed("pixels that are not equally spaced", lambda: _fields().isel(x=[0, 1, 2, 3, 4, 5, 7])),
    _placed("axes in another order", lambda: _fields().transpose("y", "x", "time")),
    _placed("no coordinates", lambda: _fields().drop_vars("x")),
    _placed("no truth after the first days", lambda: _unknown_after(3)),
    BadInput("sequences: horizons without truth", _without_horizons),
    BadInput("sequences: truth unknown", lambda folder: _checked(folder, _unknown_after(12, DAYS[:13]))),
    BadInput("sequences: one place and day in two parts", lambda folder: _checked(folder, _fields(), _in_two_parts)),
    _maps("numbers beyond the declared unit", _scaled),
    BadInput("series of maps: another unit declared", _as_scaled),
    _maps("two incompatible series", lambda maps: maps.write("hm/HM_2005s.tif", maps.values[1])),
    _maps("two files of one year", lambda maps: maps.write("hm/HMv3_1995.tif", maps.values[1])),
    _maps("a year that is missing", lambda maps: maps.path(1995).unlink()),
    _maps("a year between the steps", lambda maps: maps.write("hm/HM_1998.tif", maps.values[1])),
    _maps("another grid in one year", _moved),
    _maps("no CRS", lambda maps: _rewritten(maps.path(1995), crs=None)),
    _maps("an alpha band", lambda maps: _rewritten(maps.path(1995), None, 1, alpha="yes")),
    _maps("a second band", lambda maps: _rewritten(maps.path(1995), None, 1, photometric="MINISBLACK")),
    _ice_days("a number that is no flag of the product", {"20190501": 1_000, "20190502": 2_600}),
    _ice_days("a gap", {"20190501": 1_000, "20190503": 1_000}),
    _ice_days("another grid on one day", {"20190501": 1_000, "20190502": 1_000}, _finer),
    _netcdf("flags that are not declared", a=(18_017, 254)),
    _netcdf("a doubled day", a=(18_017, 200), b=(18_017, 200)),
    _class_tile("an image without CRS", lambda folder: _rewritten(folder / "one.tif", crs=None)),
    _class_tile(
        "a fourth band that is not said to be transparency", lambda folder: _rewritten(folder / "one.tif", GREY, 1)
    ),
    _class_tile("an alpha band among the colours", lambda folder: _rewritten(folder / "one.tif", ALPHA_FIRST)),
    _class_tile("labels that are no classes", _relabelled),
    _pair("images of two places", lambda folder: write_picture(folder / "one_after.tif", _picture(2), ELSEWHERE)),
)
