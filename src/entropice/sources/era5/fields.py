"""Any ERA5 fields, named by variable, level and statistic alone."""

import re
from typing import Final

import numpy as np
import xarray as xr

from entropice.errors import SchemaError
from entropice.sources.era5.axes import require_cells_within
from entropice.sources.era5.field_ranges import within_its_range
from entropice.sources.era5.header import with_coordinates
from entropice.sources.era5.horizontal import LATITUDE, LONGITUDE, lonlat_axes, lonlat_names
from entropice.sources.era5.intervals import stamped_by_intervals
from entropice.sources.era5.validity import has_time, validity
from entropice.sources.era5.versions import FINAL_VERSION, PRELIMINARY_VERSION, VERSION, version_name
from entropice.types import DataArray, Dataset, Geometries

SOURCE_BY_VERSION: Final = {FINAL_VERSION: "ERA5 fields", PRELIMINARY_VERSION: "ERA5T fields, preliminary"}
SAMPLE_AXES: Final = ("number", "valid_time", "time", "step")


def normalise_fields(raw: Dataset) -> Dataset:
    """Average any ERA5 fields over members, times and steps.

    Values are float32 of the file's units; a place that is NaN at one time is NaN in the mean. The standard deviation
    is that of the population, divided by n. All samples weigh the same, months of 28 and 31 days too.

    Parameters
    ----------
    raw
        Variables on latitude and longitude, with any of the axes ``number``, ``valid_time``, ``time``, ``step``,
        ``isobaricInhPa``, and of one experiment version.

    Returns
    -------
    Dataset
        Dimensions (lat, lon), ascending; for each variable and level ``<name>_<level>_mean_<unit>`` and, where there
        is one of these axes, even of length 1, ``<name>_<level>_sd_<unit>``, such as ``t_850_mean_k``; without levels
        ``<name>_mean_<unit>``. A unit is written small, without ``**`` and ``-``, and what else is no letter or digit
        becomes ``_`` (``m**2 s**-2``: ``m2_s2``). Attributes: ``units``, ``long_name``, ``statistic``, ``source``, and
        ``years``, the calendar years that enter (``unknown`` without times).

    Raises
    ------
    SchemaError
        Several experiment versions, no latitude–longitude axes, a time that is none, a variable without a unit, or a
        value that is none (`within_its_range`).

    Examples
    --------
    >>> times = np.array(["2020-01-01", "2021-01-01"], dtype="datetime64[ns]")
    >>> axes = {"time": times, "lat": [70.0], "lon": [0.0]}
    >>> fields = normalise_fields(xr.Dataset({"t": (tuple(axes), [[[271.0]], [[273.0]]], {"units": "K"})}, axes))
    >>> {name: (field.item(), field.attrs["years"]) for name, field in fields.items()}
    {'t_mean_k': (272.0, '2020 to 2021'), 't_sd_k': (1.0, '2020 to 2021')}
    """
    try:
        return _normalised(with_coordinates(raw))
    except SchemaError as error:
        error.path = raw.encoding.get("source")
        raise


def require_fields_reach(fields: Dataset, polygons: Geometries, path: str | None) -> None:
    """Refuse fields that lie beside the cells, naming their file.

    Parameters
    ----------
    fields
        As `normalise_fields` gives them.
    polygons
        Cells in EPSG:3413, shape (n_cells,).
    path
        The file, for the message.

    Raises
    ------
    SchemaError
        More than a fifth of the cells have their centre beyond the grid.
    """
    try:
        require_cells_within(fields["lat"].to_numpy(), fields["lon"].to_numpy(), polygons)
    except SchemaError as error:
        error.path = path
        raise


def _normalised(raw: Dataset) -> Dataset:
    source = SOURCE_BY_VERSION.get(_version(raw), "ERA5 fields")
    variables = list(raw.data_vars.values())
    statistics = [
        statistic
        for variable in map(within_its_range, map(_on_lonlat_axes, variables))
        for field in _by_level(variable)
        for statistic in _field_statistics(field)
    ]
    said = {"source": source, "years": _years(raw, variables)}
    return xr.Dataset({field.name: field.assign_attrs(said) for field in statistics}, attrs={"source": source})


def _version(raw: Dataset) -> str:
    """The experiment version of all fields; final where the file does not say."""
    said = np.atleast_1d(raw[VERSION].to_numpy()).ravel() if VERSION in raw.coords else ()
    attributes = (field.attrs["GRIB_expver"] for field in raw.data_vars.values() if "GRIB_expver" in field.attrs)
    versions = {version_name(value) for value in (*said, *attributes)}
    if len(versions) > 1:
        raise SchemaError(
            "The climate file holds several experiment versions; a mean over them would be of none.",
            field=VERSION,
            got=", ".join(sorted(versions)),
            expected="one version",
            fix="split it: `grib_copy -w expver=0001 in.grib out.grib`",
        )
    return versions.pop() if versions else FINAL_VERSION


def _on_lonlat_axes(field: DataArray) -> DataArray:
    """The same values on ``lat`` and ``lon``, ascending."""
    names, axes = lonlat_names(field), lonlat_axes(field)
    ordered = field.isel({names[LATITUDE]: axes.lat_order, names[LONGITUDE]: axes.lon_order})
    along = [name for name, values in ordered.coords.items() if set(values.dims) & set(names.values())]
    named = ordered.drop_vars(along).rename({names[LATITUDE]: "lat", names[LONGITUDE]: "lon"})
    return named.assign_coords(lat=axes.lat_deg, lon=axes.lon_deg)


def _years(raw: Dataset, fields: list[DataArray]) -> str:
    """Calendar years of all fields that say when they are valid."""
    found = [np.unique(_times(raw, field).dt.year.to_numpy()) for field in fields if has_time(field)]
    if not found:
        return "unknown"
    years = np.unique(np.concatenate(found))
    return str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"


def _times(raw: Dataset, field: DataArray) -> DataArray:
    return stamped_by_intervals(raw, validity(field), is_sum=False, since_midnight=False)


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
        raise SchemaError(
            "A field has no unit.",
            field=str(field.name),
            got="no attribute 'units'",
            expected="the unit of its values",
            fix="write it, e.g. `ncatted -a units,t,c,c,K`",
        )
    level = field["isobaricInhPa"].item() if "isobaricInhPa" in field.coords else None
    place = "" if level is None else f" at {level:g} hPa"
    described = values.reset_coords(drop=True).transpose("lat", "lon").astype(np.float32)
    return described.rename(f"{field.name}_{statistic}_{_unit_suffix(units)}").assign_attrs(
        units=units,
        long_name=f"{field.attrs.get('long_name', field.name)}{place}",
        statistic=f"{statistic} over {over}",
    )


def _unit_suffix(units: str) -> str:
    """A unit as the end of a name: ``m**2 s**-2`` becomes ``m2_s2``."""
    return re.sub(r"[^a-z0-9]+", "_", units.lower().replace("**", "").replace("-", "")).strip("_")
