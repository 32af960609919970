"""Wrong climate files: damaged, of another kind, without what is needed, or of values that cannot be."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
import xarray as xr
from climate_files import attributed, hours, months, read_days, read_months, since, written
from grib_files import N_POINTS, written_gaussian, written_grib

from bad_inputs import BadInput
from entropice.sources.era5.fields import normalise_fields, require_fields_reach
from entropice.sources.era5.file import read_climate
from entropice.sources.era5.source import open_source

Change = Callable[[xr.Dataset], xr.Dataset]


def of_months(kind: str, change: Change, product: str = "era5") -> BadInput:
    """A file of months, changed and read."""
    return BadInput(kind, lambda folder: read_months(written(folder, change(months())), product))


def of_hours(kind: str, change: Change, made_of: str = "era5", product: str = "era5") -> BadInput:
    """A file of hours, changed and read as a product."""
    return BadInput(kind, lambda folder: read_days(written(folder, change(hours(4, product=made_of))), product))


def of_year(kind: str, change: Change) -> BadInput:
    """A year of months all around the Arctic, changed and read."""
    return BadInput(kind, lambda folder: read_months(written(folder, change(_year()))))


def of_bytes(kind: str, content: Callable[[bytes], bytes]) -> BadInput:
    """The bytes of a file of months, changed and read."""

    def provoke(folder: Path) -> object:
        path = written(folder, months())
        path.write_bytes(content(path.read_bytes()))
        return read_months(path)

    return BadInput(kind, provoke)


def of_members(kind: str, **members: bytes) -> BadInput:
    """A ZIP archive posing as NetCDF, read."""

    def provoke(folder: Path) -> object:
        with zipfile.ZipFile(folder / "era5.nc", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return read_months(folder / "era5.nc")

    return BadInput(kind, provoke)


def of_files(kind: str, *changes: Change) -> BadInput:
    """A folder of several files of the same months, each changed, read together."""

    def provoke(folder: Path) -> object:
        for number, change in enumerate(changes):
            written(folder, change(months()), f"{number}.nc")
        return read_months(folder)

    return BadInput(kind, provoke)


def of_grib(kind: str, *messages: dict[str, object]) -> BadInput:
    """GRIB messages, each a kelvin warmer, read."""

    def provoke(folder: Path) -> object:
        return open_source(
            written_grib(folder / "era5.grib", [(keys, 260.0 + number) for number, keys in enumerate(messages)]), "era5"
        )

    return BadInput(kind, provoke)


def beside_cells(kind: str, lon_deg: float, lat_deg: float) -> BadInput:
    """Months of 130 to 127 W and 73 to 75 N for a cell elsewhere."""
    return BadInput(
        kind,
        lambda folder: open_source(written(folder, months()), "era5").rows_around(_cell(lon_deg, lat_deg)),
    )


def _cell(lon_deg: float, lat_deg: float) -> np.ndarray:
    from pyproj import Transformer

    centre = Transformer.from_crs("EPSG:4326", "EPSG:3413", always_xy=True).transform(lon_deg, lat_deg)
    return np.array([shapely.Point(*centre).buffer(10_000)])


def _year() -> xr.Dataset:
    wide = months(12).isel(latitude=[0], longitude=[0])
    axes = {"latitude": np.arange(90.0, 59.0, -10.0), "longitude": np.arange(0.0, 360.0, 90.0)}
    raw = wide.reindex(axes, method="nearest")
    colder = attributed(raw, lambda t2m: (t2m - (raw["latitude"] - 60) / 2).transpose(*t2m.dims), "t2m")
    return attributed(colder, lambda field: field.astype(np.float32))


def _values(change: Callable[[xr.DataArray], xr.DataArray], *names: str) -> Change:
    return lambda raw: attributed(raw, change, *names)


def _one(value: float, *names: str) -> Change:
    """One value replaced."""

    def change(field: xr.DataArray) -> xr.DataArray:
        values = field.to_numpy().copy()
        values[0, 1, 1] = value
        return field.copy(data=values)

    return _values(change, *names)


def _attributes(name: str, **attributes: object) -> Change:
    def change(raw: xr.Dataset) -> xr.Dataset:
        raw[name].attrs |= attributes
        return raw

    return change


def _without_attribute(name: str, attribute: str) -> Change:
    def change(raw: xr.Dataset) -> xr.Dataset:
        del raw[name].attrs[attribute]
        return raw

    return change


def _unchanged(raw: xr.Dataset) -> xr.Dataset:
    return raw


def _times(times: object) -> Change:
    return lambda raw: raw.assign_coords(valid_time=times)


def _time_encoding(**encoding: str) -> Change:
    def change(raw: xr.Dataset) -> xr.Dataset:
        raw["valid_time"].encoding = dict(encoding)
        return raw

    return change


def _shifted(hours_: float) -> Change:
    return lambda raw: raw.assign_coords(valid_time=raw["valid_time"].to_index() + pd.Timedelta(hours=hours_))


def _in_months_since(raw: xr.Dataset) -> xr.Dataset:
    named = raw.assign_coords(valid_time=np.arange(raw.sizes["valid_time"]))
    named["valid_time"].attrs["units"] = "months since 2019-01-01"
    return named


def _start_alone(raw: xr.Dataset) -> xr.Dataset:
    raw["valid_time"].attrs["standard_name"] = "forecast_reference_time"
    return raw.rename(valid_time="time")


def _step_without_unit(raw: xr.Dataset) -> xr.Dataset:
    return raw.rename(valid_time="time").assign_coords(step=12)


def _clock_of_nonsense(raw: xr.Dataset) -> xr.Dataset:
    dates = raw["valid_time"].dt.strftime("%Y%m%d").astype(int).to_numpy()
    return raw.rename(valid_time="date").assign_coords(date=dates, time=("date", np.full(len(dates), 699)))


def _since(start_utc: int, every_h: int) -> Change:
    def change(raw: xr.Dataset) -> xr.Dataset:
        times = pd.DatetimeIndex(raw["valid_time"].to_numpy())
        return attributed(
            raw,
            lambda field: field.copy(
                data=np.apply_along_axis(lambda course: since(course, times, start_utc, every_h), 0, field.to_numpy())
            ),
            "tp",
            "sf",
        )

    return change


def _one_growing_day(raw: xr.Dataset) -> xr.Dataset:
    grown = np.arange(25.0)[:, None, None] / 1e4
    day = raw.isel(valid_time=slice(0, 25))
    return attributed(day, lambda field: field.copy(data=field.to_numpy() * 0 + grown), "tp", "sf")


def _unit_of(name: str, units: str) -> Change:
    return _attributes(name, units=units)


def _rotated(raw: xr.Dataset) -> xr.Dataset:
    named = raw.drop_vars(["latitude", "longitude"]).rename(latitude="rlat", longitude="rlon")
    latitude, longitude = np.meshgrid([75.0, 74.0, 73.0], [-130.0, -129.0, -128.0, -127.0], indexing="ij")
    return named.assign_coords(latitude=(("rlat", "rlon"), latitude), longitude=(("rlat", "rlon"), longitude))


def _projected(raw: xr.Dataset) -> xr.Dataset:
    named = raw.rename(latitude="y", longitude="x").assign_coords(y=[0.0, 25e3, 50e3], x=[0.0, 25e3, 50e3, 75e3])
    for axis in ("x", "y"):
        named[axis].attrs["units"] = "m"
    return named


def _axes(latitude: object = None, longitude: object = None) -> Change:
    given = {"latitude": latitude, "longitude": longitude}
    return lambda raw: raw.assign_coords({name: values for name, values in given.items() if values is not None})


def _swapped(raw: xr.Dataset) -> xr.Dataset:
    return raw.rename(latitude="longitude", longitude="latitude")


def _named_one_described_another(raw: xr.Dataset) -> xr.Dataset:
    raw["latitude"].attrs["units"] = "degrees_east"
    return raw


def _with_dew_point(raw: xr.Dataset) -> xr.Dataset:
    return raw.assign(d2m=(raw["t2m"] + 10).assign_attrs(units="K"))


def _gap_in_one(raw: xr.Dataset) -> xr.Dataset:
    late = raw[["sd"]].isel(valid_time=[0, 5]).rename(valid_time="time")
    return xr.merge([raw.drop_vars("sd"), late], compat="equals")


def _upside_down(raw: xr.Dataset) -> xr.Dataset:
    return raw.assign_coords(latitude=raw["latitude"].to_numpy()[::-1])


def _no_folder_content(folder: Path) -> object:
    return open_source(folder, "era5")


def _unknown_product(folder: Path) -> object:
    return open_source(written(folder, months()), "merra")


def _mixed_fields(folder: Path) -> object:
    mixed = months().assign_coords(expver=("valid_time", ["0001"] * 4 + ["0005"] * 2))
    return normalise_fields(read_climate(written(folder, mixed)))


def _gaussian(folder: Path) -> object:
    return open_source(written_gaussian(folder / "era5.grib"), "era5")


def _cut_grib(folder: Path) -> object:
    path = written_grib(folder / "era5.grib", [({}, 260.0)])
    path.write_bytes(path.read_bytes()[:-30])
    return open_source(path, "era5")


def _grib_bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """Three messages, their bytes changed, read."""

    def provoke(folder: Path) -> object:
        hours_ = [({"dataTime": 100 * hour}, np.linspace(250.0, 260.0, N_POINTS)) for hour in range(3)]
        path = written_grib(folder / "era5.grib", hours_)
        path.write_bytes(change(path.read_bytes()))
        return open_source(path, "era5")

    return provoke


def _versions_of_other_times(folder: Path) -> object:
    keys = [{"dataTime": 100 * hour} for hour in range(3)] + [{"dataTime": 300, "expver": "0005"}]
    return read_climate(written_grib(folder / "era5.grib", [(key, 260.0) for key in keys]))


def _fields(kind: str, change: Change) -> BadInput:
    """A file of fields, changed and read as fields."""
    return BadInput(kind, lambda folder: normalise_fields(read_climate(written(folder, change(months())))))


def _bounds(begin: str, end: str) -> Change:
    """Bounds of the times, counted from them."""

    def change(raw: xr.Dataset) -> xr.Dataset:
        times = raw["valid_time"].to_index()
        ends = np.stack([times + pd.Timedelta(begin), times + pd.Timedelta(end)], axis=1)
        raw["valid_time"].attrs["bounds"] = "time_bnds"
        raw["valid_time"].encoding["units"] = "hours since 1900-01-01"
        return raw.assign(time_bnds=(("valid_time", "nv"), ends))

    return change


def _of_many_years(raw: xr.Dataset) -> xr.Dataset:
    raw["valid_time"].attrs["climatology"] = "climatology_bnds"
    return raw


def _one_bound(raw: xr.Dataset) -> xr.Dataset:
    return _bounds("0D", "1D")(raw).isel(nv=[0])


def _fields_elsewhere(folder: Path) -> object:
    file = read_climate(written(folder, months()))
    return require_fields_reach(normalise_fields(file), _cell(40.0, 74.0), file.encoding["source"])


def _second_unheard(content: bytes) -> bytes:
    """The second message without its first byte."""
    begin = content.index(b"GRIB", 1)
    return content[:begin] + b"\x00" + content[begin + 1 :]


def _damaged_chunk(folder: Path) -> object:
    raw = months()
    raw["tp"].encoding = {"zlib": True, "fletcher32": True}
    path = written(folder, raw)
    content = bytearray(path.read_bytes())
    place = content.rfind(b"\x78\x5e")
    content[place + 4] ^= 0xFF
    path.write_bytes(content)
    return read_months(path)


def _missing_zarr_header(folder: Path) -> object:
    months().to_zarr(folder / "era5.zarr", zarr_format=2, consolidated=False)
    (folder / "era5.zarr" / "tp" / ".zarray").write_text("{")
    return read_months(folder / "era5.zarr")


def _field_without_unit(folder: Path) -> object:
    return normalise_fields(read_climate(written(folder, _without_attribute("t2m", "units")(months()))))


BAD_INPUTS = (
    of_bytes("NetCDF cut off", lambda content: content[: len(content) * 2 // 3]),
    of_bytes("NetCDF header overwritten", lambda content: content[:8] + bytes(600) + content[608:]),
    BadInput("a chunk of values with a flipped byte", _damaged_chunk),
    BadInput("GRIB cut off", _cut_grib),
    BadInput("GRIB cut off in the first bytes of a message", _grib_bytes(lambda content: content + b"GR")),
    BadInput("GRIB with a message that does not begin with GRIB", _grib_bytes(_second_unheard)),
    BadInput("GRIB with a message that does not end in 7777", _grib_bytes(lambda content: content[:-1] + b"6")),
    BadInput("GRIB followed by something else", _grib_bytes(lambda content: content + b"\n## Not Found\n")),
    of_grib(
        "GRIB messages of two areas of one size",
        {"dataTime": 0},
        {
            "dataTime": 100,
            "latitudeOfFirstGridPointInDegrees": 65.0,
            "latitudeOfLastGridPointInDegrees": 63.0,
        },
    ),
    BadInput("fields whose versions do not share their times", _versions_of_other_times),
    BadInput("Zarr with a broken header", _missing_zarr_header),
    of_members("ZIP of nothing"),
    of_members("ZIP of a text", **{"data.nc": b"quota exceeded"}),
    of_members("ZIP of a damaged NetCDF", **{"data.nc": b"CDF\x01"}),
    of_members("ZIP whose member leaves its folder", **{"../data.nc": b"CDF\x01"}),
    of_members("ZIP that is a bomb", **{"data.nc": bytes(3_000_000)}),
    BadInput("folder without climate files", _no_folder_content),
    BadInput("product that does not exist", _unknown_product),
    of_months("variable missing", lambda raw: raw.drop_vars("sf")),
    of_months("variable renamed", lambda raw: raw.rename(tp="rain")),
    of_months("no variable that is known", lambda raw: raw[["t2m"]].rename(t2m="u10")),
    of_months("name and GRIB code of two variables", _attributes("t2m", GRIB_paramId=228)),
    of_months("variable that is an extreme", _attributes("t2m", cell_methods="time: maximum")),
    of_months("variable whose step is an extreme", _attributes("t2m", GRIB_stepType="max")),
    of_months("ensemble of members", lambda raw: raw.expand_dims(number=3)),
    of_months("several levels", lambda raw: raw.expand_dims(isobaricInhPa=[850.0, 500.0])),
    of_months("°C said to be °C", _unit_of("t2m", "degC")),
    of_months("°C said to be K", _values(lambda t2m: t2m - 273.15, "t2m")),
    of_months("temperature without a unit", _without_attribute("t2m", "units")),
    of_months("mm said to be mm", _unit_of("tp", "mm")),
    of_months("mm said to be m", _values(lambda tp: tp * 1000, "tp", "sf")),
    of_year("drizzle in mm said to be m", _values(lambda tp: tp * 25, "tp", "sf")),
    of_year("m said to be kg m-2", lambda raw: _unit_of("sf", "kg m**-2")(_unit_of("tp", "kg m**-2")(raw))),
    of_months("rate said to be a sum", _unit_of("tp", "kg m**-2 s**-1")),
    of_months("fill value among the values", _one(-32767.0, "t2m")),
    of_months("huge fill value among the values", _one(9.96921e36, "tp")),
    of_months("infinite value", _one(np.inf, "sd")),
    of_months("negative precipitation", _values(lambda tp: -tp, "tp")),
    of_months("month without any value", _values(lambda sd: sd.where(sd["valid_time"].dt.month != 3), "sd")),
    of_months("variable without any value", _values(lambda sd: sd * np.nan, "sd")),
    of_months("more snow than precipitation", _values(lambda sf: sf * 4, "sf")),
    of_months("dew point above the air", _with_dew_point),
    of_months("cold that the north does not know", _values(lambda t2m: t2m - 60, "t2m")),
    of_months("heat that the latitude does not know", _values(lambda t2m: t2m + 60, "t2m")),
    of_year("latitudes upside down", _upside_down),
    of_months("month missing", lambda raw: raw.isel(valid_time=[0, 1, 3, 4, 5])),
    of_months("months missing in one variable", _gap_in_one),
    of_months("time twice", lambda raw: raw.isel(valid_time=[0, 1, 1, 2])),
    of_months("hours for months", lambda raw: hours(2)),
    of_months("no time", lambda raw: raw.isel(valid_time=0, drop=True)),
    of_months("time without a unit", _times(np.arange(6))),
    of_months("time unknown", _times(pd.to_datetime(["2019-01", None, "2019-03", "2019-04", "2019-05", "2019-06"]))),
    of_months("time in months", _in_months_since),
    of_months(
        "calendar without leap days",
        _times(xr.date_range("2019-01", periods=6, freq="MS", calendar="noleap", use_cftime=True)),
    ),
    of_months(
        "calendar of 360 days",
        _times(xr.date_range("2019-01", periods=6, freq="MS", calendar="360_day", use_cftime=True)),
    ),
    of_months("only the start of the forecasts", _start_alone),
    of_months("sums stamped in the month before", _shifted(-6)),
    of_months("step of the forecast without a unit", _step_without_unit),
    of_months("clock beside the dates that is none", _clock_of_nonsense),
    of_hours("stamps at half past", _shifted(0.5)),
    of_hours("times rounded to some minutes", _shifted(0.03)),
    of_hours("times in floats of hours apart", _time_encoding(units="days since 0001-01-01", dtype="float32")),
    of_hours("every third hour", lambda raw: raw.isel(valid_time=slice(None, None, 3))),
    of_hours("one hour missing", lambda raw: raw.drop_isel(valid_time=30)),
    of_hours(
        "sums at midnights alone", lambda raw: raw.isel(valid_time=slice(None, None, 24)), "era5_land", "era5_land"
    ),
    of_hours("months for hours", lambda raw: months(60)),
    of_hours("means for hours", _attributes("t2m", GRIB_stepType="avgua")),
    of_hours("sums since midnight for sums of hours", _unchanged, "era5_land", "era5"),
    of_hours("sums of hours for sums since midnight", _unchanged, "era5", "era5_land"),
    of_hours("sums since the start of a forecast", _since(6, 12)),
    of_hours("sums of which nothing tells how they are formed", _one_growing_day),
    of_months("experiment version of neither ERA5 nor ERA5T", lambda raw: raw.assign_coords(expver="0078")),
    of_months(
        "experiment version unknown", lambda raw: raw.assign_coords(expver=("valid_time", [1.0, 1, 1, 1, np.nan, 5]))
    ),
    of_months("experiment versions without values", lambda raw: raw.expand_dims(expver=2)),
    of_months("experiment versions along nothing", lambda raw: raw.assign(expver=("other", ["0001", "0005"]))),
    of_months(
        "experiment version said in two ways",
        lambda raw: _attributes("t2m", GRIB_expver="0005")(raw.assign_coords(expver="0001")),
    ),
    of_months("months from the middle of one to that of the next", _bounds("-15D", "15D")),
    of_months("months whose bounds lie beside their times", _bounds("1D", "31D")),
    of_months("means of five days said to be months", _bounds("0D", "5D")),
    of_months("climatology of many years", _of_many_years),
    of_months("bounds with one end", _one_bound),
    of_hours("sums over three hours", _bounds("-3h", "0h")),
    of_hours("sums over the hour said to be since midnight", _bounds("-1h", "0h"), "era5_land", "era5_land"),
    _fields("fields of °C said to be K", _values(lambda t2m: t2m - 273.15, "t2m")),
    _fields("field with a huge fill value", _one(9.96921e36, "sd")),
    _fields("field with an infinite value", _one(np.inf, "sd")),
    BadInput("fields of other longitudes than the cells", _fields_elsewhere),
    BadInput("fields of two experiment versions", _mixed_fields),
    BadInput("field without a unit", _field_without_unit),
    of_grib("two messages of one field and time", {"dataTime": 600}, {"dataTime": 600}),
    of_grib(
        "two forecasts of one field and time",
        {"dataTime": 600, "type": "fc"},
        {"dataTime": 0, "type": "fc", "endStep": 6},
    ),
    of_grib("messages of two products", {"dataTime": 600}, {"dataTime": 700, "class": "l5"}),
    of_grib("messages of the operational model", {"class": "od"}),
    of_months("ERA5 for ERA5-Land", _attributes("t2m", GRIB_class="ea"), "era5_land"),
    BadInput("reduced Gaussian grid", _gaussian),
    of_months("regular Gaussian grid", _axes(latitude=[75.2, 74.08, 73.0])),
    of_months("rotated grid", _rotated),
    of_months("projected grid", _projected),
    of_months("axes that nothing describes", lambda raw: raw.rename(latitude="y", longitude="x")),
    of_months("axis without values", lambda raw: raw.drop_vars("latitude")),
    of_months("axis in radians", _attributes("latitude", units="radians")),
    of_months("longitudes called latitude", _swapped),
    of_months("latitude described as longitude", _named_one_described_another),
    of_months("latitude twice", _axes(latitude=[75.0, 74.0, 74.0])),
    of_months("meridian missing", _axes(longitude=[-130.0, -129.0, -128.0, -126.0])),
    of_months("longitude unknown", _axes(longitude=[-130.0, np.nan, -128.0, -127.0])),
    of_files("grids half a cell apart", _unchanged, _axes(latitude=[75.5, 74.5, 73.5])),
    of_files("files that contradict each other", _unchanged, _values(lambda t2m: t2m + 5, "t2m")),
    beside_cells("climate of other longitudes than the cells", 40.0, 74.0),
    beside_cells("climate that ends south of the cells", -129.0, 85.0),
)
