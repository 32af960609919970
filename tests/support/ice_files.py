"""NetCDF files of sea ice, laid out as their publishers do."""

from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from pyproj import CRS

PIXEL_M = 25_000.0


def write_netcdf(
    path: Path,
    variables: dict[str, tuple[Any, dict[str, Any]]],
    *,
    crs: str,
    days: list[int],
    pixel: float = PIXEL_M,
    unit: str = "meters",
    has_time: bool = True,
    left: float = -150_000.0,
) -> Path:
    """Variables (time, y, x), rows from the north; days since 1970."""
    _, n_rows, n_columns = next(iter(variables.values()))[0].shape
    with netCDF4.Dataset(path, "w") as file:
        for name, size in {"time": len(days), "y": n_rows, "x": n_columns}.items():
            file.createDimension(name, size)
        if has_time:
            file.createVariable("time", "f8", ("time",))[:] = days
            file["time"].units = "days since 1970-01-01 00:00:00"
        for name, first, step, size in (
            ("x", left + pixel / 2, pixel, n_columns),
            ("y", -left - pixel / 2, -pixel, n_rows),
        ):
            axis = file.createVariable(name, "f8", (name,))
            axis[:] = first + step * np.arange(size)
            axis.setncatts({"standard_name": f"projection_{name}_coordinate", "units": unit})
        file.createVariable("crs", "i4").setncatts(CRS(crs).to_cf())
        for name, (values, attributes) in variables.items():
            fill = {"fill_value": attributes["_FillValue"]} if "_FillValue" in attributes else {}
            variable = file.createVariable(name, values.dtype, ("time", "y", "x"), **fill)
            variable.set_auto_maskandscale(False)
            variable[:] = values
            rest = {key: value for key, value in attributes.items() if key != "_FillValue"}
            variable.setncatts({"grid_mapping": "crs"} | rest)
    return path
