"""ERA5 as the Climate Data Store encodes it, brought to one set of names, axes and units."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from entropice.errors import SchemaError
from entropice.types import DataArray, Dataset
from entropice.units import MM_PER_M

NAME_BY_FOREIGN_AXIS: Final = {"latitude": "lat", "longitude": "lon"}
SAMPLE_AXES: Final = ("number", "time", "step")
FINAL_VERSION: Final = "0001"
PRELIMINARY_VERSION: Final = "0005"
MAX_PACKING_ERROR: Final = 1e-4
"""Packed accumulations come out slightly negative."""


@dataclass(frozen=True)
class MonthlyVariable:
    """What a monthly-mean variable must look like, and what it becomes."""

    accepted_units: frozenset[str]
    minimum: float
    maximum: float
    units: str
    long_name: str
    is_rate_per_day: bool = False

    @property
    def is_water(self) -> bool:
        """An amount of water: metres at the source, mm here, never negative but for packing."""
        return self.units == "mm"


METRES_OF_WATER: Final = frozenset({"m", "m of water equivalent"})
MONTHLY_VARIABLES: Final = {
    "t2m": MonthlyVariable(frozenset({"K"}), 170.0, 340.0, "K", "air temperature at 2 m, monthly mean"),
    "tp": MonthlyVariable(
        METRES_OF_WATER, -MAX_PACKING_ERROR, 0.3, "mm", "precipitation, monthly sum", is_rate_per_day=True
    ),
    "sf": MonthlyVariable(
        METRES_OF_WATER,
        -MAX_PACKING_ERROR,
        0.3,
        "mm",
        "snowfall in water equivalent, monthly sum",
        is_rate_per_day=True,
    ),
    "sd": MonthlyVariable(
        METRES_OF_WATER, -MAX_PACKING_ERROR, 15.0, "mm", "snow on the ground in water equivalent, monthly mean"
    ),
}


def normalise_monthly(raw: Dataset) -> Dataset:
    """Bring ERA5 monthly means to dimensions (time, lat, lon), ascending, and to K and mm.

    Parameters
    ----------
    raw
        ``t2m`` (K), ``tp`` and ``sf`` (m per day, labelled "m"), ``sd`` (m); time axis ``valid_time`` or ``time``;
        ``latitude`` in any order, ``longitude`` in 0..360 or −180..180; ``expver`` along time, or as a dimension.

    Returns
    -------
    Dataset
        ``t2m`` (K), ``tp`` and ``sf`` (mm in the month), ``sd`` (mm); time is the first day of each month; NaN stays
        NaN. The attribute ``preliminary_months`` lists the months that ERA5T supplied.

    Raises
    ------
    SchemaError
        A missing variable or axis, several members, another unit, an impossible value, a repeated or missing month.
    """
    _require_variables(raw)
    merged = _merge_versions(_one_member(raw))
    months = _monthly_axis(_lonlat_axes(merged))
    normalised = xr.Dataset({name: _canonical(months[name], variable) for name, variable in MONTHLY_VARIABLES.items()})
    return normalised.assign_attrs(source="ERA5 monthly means", preliminary_months=_preliminary_months(months))


def normalise_fields(raw: Dataset) -> Dataset:
    """Average any ERA5 fields over members, times and steps; each keeps a name that says no more than what it is.

    Parameters
    ----------
    raw
        Variables on latitude and longitude, with any of the axes ``number``, ``time``, ``step``, ``isobaricInhPa``.

    Returns
    -------
    Dataset
        Dimensions (lat, lon), ascending; for each variable and level ``<name>_<level>_mean_<unit>`` and, where there
        is anything to average over, ``<name>_<level>_sd_<unit>``, such as ``t_850_mean_k``.

    Raises
    ------
    SchemaError
        No latitude–longitude axes, or a variable without a unit.
    """
    fields = _lonlat_axes(raw)
    statistics = [
        statistic
        for variable in fields.data_vars.values()
        for field in _by_level(variable)
        for statistic in _field_statistics(field)
    ]
    return xr.Dataset({field.name: field for field in statistics}, attrs={"source": "ERA5 fields"})


def _require_variables(raw: Dataset) -> None:
    missing = [name for name in MONTHLY_VARIABLES if name not in raw]
    if missing:
        raise SchemaError(
            "The climate file lacks variables.",
            field=", ".join(missing),
            got=", ".join(map(str, raw.data_vars)) or "none",
            expected=", ".join(MONTHLY_VARIABLES),
            fix="request 2m_temperature, total_precipitation, snowfall and snow_depth as ERA5 monthly means",
        )


def _one_member(raw: Dataset) -> Dataset:
    if raw.sizes.get("number", 1) > 1:
        raise SchemaError(
            "The climate file holds an ensemble.",
            field="number",
            got=f"{raw.sizes['number']} members",
            expected="one",
            fix="request the product type monthly_averaged_reanalysis",
        )
    return raw.isel(number=0) if "number" in raw.dims else raw


def _merge_versions(raw: Dataset) -> Dataset:
    """One value per month where ``expver`` is a dimension: the final version where it has one, else the preliminary."""
    if "expver" not in raw.dims:
        return raw
    final, *preliminary = [raw.sel(expver=version, drop=True) for version in sorted(raw["expver"].values, key=_version)]
    is_final = final["t2m"].notnull().any(["latitude", "longitude"])
    for other in preliminary:
        final = final.combine_first(other)
    versions = np.where(is_final, FINAL_VERSION, PRELIMINARY_VERSION)
    return final.assign_coords(expver=(is_final.dims, versions))


def _version(value: object) -> str:
    return str(value).zfill(len(FINAL_VERSION))


def _lonlat_axes(raw: Dataset) -> Dataset:
    missing = [axis for axis in NAME_BY_FOREIGN_AXIS if axis not in raw.dims]
    if missing:
        raise SchemaError(
            "The climate file has no regular longitude–latitude grid.",
            field=", ".join(missing),
            got=f"dimensions {', '.join(map(str, raw.dims))}",
            expected="dimensions latitude and longitude",
            fix="interpolate reduced Gaussian or HEALPix fields to a regular grid when requesting them",
        )
    named = raw.rename(NAME_BY_FOREIGN_AXIS)
    lon_deg = (named["lon"].astype(np.float64) + 180.0) % 360.0 - 180.0
    lat_deg = named["lat"].astype(np.float64)
    return named.assign_coords(lon=lon_deg.round(6), lat=lat_deg.round(6)).sortby(["lat", "lon"])


def _monthly_axis(fields: Dataset) -> Dataset:
    named = _named_time(fields)
    months = named["time"].values.astype("datetime64[M]")
    _require_consecutive(months)
    return named.assign_coords(time=months.astype("datetime64[ns]")).sortby("time")


def _named_time(fields: Dataset) -> Dataset:
    if "valid_time" in fields.dims:
        return fields.drop_vars("time", errors="ignore").rename(valid_time="time")
    if "time" in fields.dims:
        return fields
    name = next((axis for axis in ("valid_time", "time") if axis in fields.coords), None)
    if name is None or fields[name].ndim > 0:
        raise SchemaError(
            "The climate file has no time axis.",
            field="valid_time",
            got=f"dimensions {', '.join(map(str, fields.dims))}",
            expected="dimension valid_time or time",
        )
    return _named_time(fields.expand_dims(name))


def _require_consecutive(months: np.ndarray) -> None:
    unique, counts = np.unique(months, return_counts=True)
    if counts.max() > 1:
        raise SchemaError(
            "Months occur more than once.",
            field="time",
            sample=unique[counts > 1],
            expected="one value a month",
            fix="give monthly means, not hourly or daily fields, and each month once",
        )
    missing = np.setdiff1d(np.arange(unique[0], unique[-1] + 1), unique)
    if len(missing):
        raise SchemaError(
            "Months are missing.",
            field="time",
            got=f"{len(missing)} missing between {unique[0]} and {unique[-1]}",
            sample=missing,
            fix="request the missing months and append them",
        )


def _canonical(values: DataArray, variable: MonthlyVariable) -> DataArray:
    _require_units(values, variable)
    _require_range(values, variable)
    days = values["time"].dt.days_in_month if variable.is_rate_per_day else 1
    in_units = values.clip(min=0) * MM_PER_M if variable.is_water else values
    canonical = (in_units * days).astype(np.float32)
    auxiliary = [name for name in canonical.coords if name not in canonical.dims]
    return (
        canonical.drop_vars(auxiliary)
        .transpose("time", "lat", "lon")
        .assign_attrs(units=variable.units, long_name=variable.long_name)
    )


def _require_units(values: DataArray, variable: MonthlyVariable) -> None:
    if values.attrs.get("units") not in variable.accepted_units:
        raise SchemaError(
            "A climate variable is in another unit.",
            field=str(values.name),
            got=values.attrs.get("units", "no attribute 'units'"),
            expected=" or ".join(sorted(variable.accepted_units)),
            fix="give the file as the Climate Data Store delivers it",
        )


def _require_range(values: DataArray, variable: MonthlyVariable) -> None:
    finite = values.values[np.isfinite(values.values)]
    wrong = finite[(finite < variable.minimum) | (finite > variable.maximum)]
    if len(finite) and not len(wrong):
        return
    raise SchemaError(
        "A climate variable has impossible values." if len(wrong) else "A climate variable is empty.",
        field=str(values.name),
        got=f"{finite.min():g} to {finite.max():g}" if len(finite) else "no finite value",
        expected=f"{variable.minimum:g} to {variable.maximum:g} {values.attrs['units']}",
        sample=wrong,
        fix="check the unit (K, not °C; m of water, not mm) and the packing",
    )


def _preliminary_months(months: Dataset) -> list[str]:
    if "expver" not in months.coords or months["expver"].dims != ("time",):
        return []
    is_preliminary = [_version(value) != FINAL_VERSION for value in months["expver"].values]
    return [str(month) for month in months["time"].values[is_preliminary].astype("datetime64[M]")]


def _by_level(variable: DataArray) -> list[DataArray]:
    if "isobaricInhPa" not in variable.dims:
        return [variable]
    levels = np.sort(variable["isobaricInhPa"].values)
    return [variable.sel(isobaricInhPa=level).rename(f"{variable.name}_{level:g}") for level in levels]


def _field_statistics(field: DataArray) -> list[DataArray]:
    axes = [axis for axis in SAMPLE_AXES if axis in field.dims]
    over = " and ".join(f"{field.sizes[axis]} × {axis}" for axis in axes) or "one field"
    mean = _statistic(field, field.mean(axes, skipna=False), "mean", over)
    return [mean, _statistic(field, field.std(axes, skipna=False), "sd", over)] if axes else [mean]


def _statistic(field: DataArray, values: DataArray, statistic: str, over: str) -> DataArray:
    units = str(field.attrs.get("units", ""))
    if not units:
        raise SchemaError("A field has no unit.", field=str(field.name), expected="attribute 'units'")
    level = field["isobaricInhPa"].item() if "isobaricInhPa" in field.coords else None
    place = "" if level is None else f" at {level:g} hPa"
    described = values.reset_coords(drop=True).transpose("lat", "lon").astype(np.float32)
    return described.rename(f"{field.name}_{statistic}_{_unit_suffix(units)}").assign_attrs(
        units=units,
        long_name=f"{field.attrs.get('long_name', field.name)}{place}",
        statistic=f"{statistic} over {over}",
        source="ERA5 fields",
    )


def _unit_suffix(units: str) -> str:
    """A unit as the end of a name: ``m**2 s**-2`` becomes ``m2_s2``."""
    return re.sub(r"[^a-z0-9]+", "_", units.lower().replace("**", "").replace("-", "")).strip("_")
