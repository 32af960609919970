"""What other models start from: the predictions of every year on a regular polar grid, with CF metadata.

https://cfconventions.org/cf-conventions/cf-conventions.html
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr
from pyproj import CRS

from entropice.crs import POLAR_CRS
from entropice.dggs.polar import unproject
from entropice.report.cell_raster import CellRaster, rasterise_cells
from entropice.report.content import RunContent
from entropice.report.layers import CELLS, Layer
from entropice.types import Dataset

FILE_NAME: Final = "starting_conditions.nc"
CONVENTIONS: Final = "CF-1.11"
GRID_MAPPING: Final = "polar_stereographic"
FILL_VALUE: Final = np.float32(9.969209968386869e36)
"""NetCDF's own for floats: models that know no NaN read it as missing."""

NO_CELL: Final = -1
MEAN_OVER_LAND: Final = ("expected_rts_area_fraction",)
"""Quantities that are means over the land of a cell; others speak of the cell as a whole."""

_COMPRESSED: Final = {"zlib": True, "complevel": 4, "shuffle": True}


def starting_conditions(content: RunContent, pixel_size_m: float, institution: str | None) -> Dataset:
    """Every predicted number of every year on pixels of EPSG:3413, each with the value of the cell at its centre.

    Parameters
    ----------
    pixel_size_m
        Edge of the square pixels.
    institution
        Who answers for the data; None where that is not stated.

    Returns
    -------
    Dataset
        Float32 variables (time, y, x), named as the quantities of the run, missing outside the cells and where there is
        no prediction; ``land_area_fraction`` and ``cell_id`` (−1 outside the cells) as (y, x); coordinates ``time``
        (label years with bounds, days since 1970), ``y`` (falling) and ``x`` (m), ``lat`` and ``lon`` (degrees, (y,
        x)). Units stand with each variable, CF 1.11. Time is the middle of a label year.
    """
    cells = content.frame(CELLS)
    raster = rasterise_cells(cells, pixel_size_m)
    variables = {
        quantity: (("time", "y", "x"), np.stack([raster.paint(cells[layer.column]) for layer in layers]),
            _attributes(layers[0]))
        for quantity, layers in predicted_numbers(content).items()
    } | {
        "land_area_fraction": (("y", "x"), raster.paint(cells["land_fraction"]), _LAND | _ON_THE_GRID),
        "cell_id": (("y", "x"), _cell_ids(raster, cells["cell_id"].to_numpy(np.int64)), _CELL_ID | _ON_THE_GRID),
        "time_bnds": (("time", "bounds"), _year_bounds(list(content.year_names))),
        GRID_MAPPING: ((), np.int32(0), CRS(POLAR_CRS).to_cf() | _POLE),
    }  # fmt: skip
    return xr.Dataset(variables, _coordinates(raster, content.year_names), _global_attributes(content, institution))


def predicted_numbers(content: RunContent) -> dict[str, list[Layer]]:
    """Layers of every quantity that is predicted as a real number, by quantity, the years ascending.

    They are ``p_any_rts``, ``entropy``, ``p_<class>`` and ``expected_rts_area_fraction``, as far as the run has them;
    no classes, no doubts, no whole numbers such as boxes, and nothing that is the same in all years.
    """
    types = {column.name: column.type for column in content.tables[CELLS].columns}
    layers = [
        layer
        for layer in sorted(content.layers, key=lambda layer: layer.year or 0)
        if layer.group == "prediction" and layer.year is not None and types.get(str(layer.column)) == "real"
    ]
    return {name: [layer for layer in layers if layer.quantity == name] for name in dict.fromkeys(_names(layers))}


def _names(layers: Sequence[Layer]) -> list[str]:
    return [layer.quantity for layer in layers]


_POLE: Final = {"latitude_of_projection_origin": 90.0}
"""CF asks for it beside the standard parallel; PROJ derives it and leaves it out."""

_ON_THE_GRID: Final = {"grid_mapping": GRID_MAPPING, "coordinates": "lat lon"}
_LAND: Final = {
    "standard_name": "land_area_fraction",
    "long_name": "share of land in the cell that holds the centre of the pixel",
    "units": "1",
}
_CELL_ID: Final = {
    "long_name": "number of the cell that holds the centre of the pixel",
    "comment": "-1 outside the cells; to count every cell once, take one pixel of each number",
}


def _attributes(layer: Layer) -> dict[str, str]:
    area = "mean where land" if layer.quantity in MEAN_OVER_LAND else "point"
    return {
        "long_name": layer.title,
        "units": layer.unit or "1",
        "cell_methods": f"area: {area} time: mean",
        "comment": layer.description,
        **_ON_THE_GRID,
    }


def _cell_ids(raster: CellRaster, cell_ids: Any) -> Any:
    # Position −1, outside every cell, is the last: the number that no cell has.
    return np.append(cell_ids, np.int64(NO_CELL))[raster.position]


def _coordinates(raster: CellRaster, year_names: Mapping[int, str]) -> dict[str, Any]:
    left_m, _, _, top_m = raster.extent_m
    rows, columns = raster.position.shape
    x_m = left_m + (np.arange(columns) + 0.5) * raster.pixel_size_m
    y_m = top_m - (np.arange(rows) + 0.5) * raster.pixel_size_m
    centres_m = np.column_stack([axis.ravel() for axis in np.meshgrid(x_m, y_m)])
    lon_deg, lat_deg = (values.reshape(rows, columns).astype(np.float32) for values in unproject(centres_m))
    return {
        "time": ("time", _year_bounds(list(year_names)).mean(axis=1), _time(year_names)),
        "y": ("y", y_m, _axis("Y", "projection_y_coordinate")),
        "x": ("x", x_m, _axis("X", "projection_x_coordinate")),
        "lat": (("y", "x"), lat_deg, _angle("latitude", "degrees_north")),
        "lon": (("y", "x"), lon_deg, _angle("longitude", "degrees_east")),
    }


def _year_bounds(years: Sequence[int]) -> Any:
    """First day of each label year and of the next, in days since 1970, shape (n_year, 2)."""
    starts = np.array([[f"{year}-01-01", f"{year + 1}-01-01"] for year in years], dtype="datetime64[D]")
    return starts.astype(np.int64).astype(np.float64)


def _time(year_names: Mapping[int, str]) -> dict[str, str]:
    return {
        "standard_name": "time",
        "long_name": "label year",
        "units": "days since 1970-01-01 00:00:00",
        "calendar": "proleptic_gregorian",
        "units_metadata": "leap_seconds: none",
        "axis": "T",
        "bounds": "time_bnds",
        "comment": "middle of the label year: " + "; ".join(year_names.values()),
    }


def _axis(axis: str, standard_name: str) -> dict[str, str]:
    return {"standard_name": standard_name, "long_name": f"{axis.lower()} of the pixel's centre", "units": "m",
        "axis": axis}  # fmt: skip


def _angle(standard_name: str, units: str) -> dict[str, str]:
    return {"standard_name": standard_name, "long_name": f"{standard_name} of the pixel's centre", "units": units}


def _global_attributes(content: RunContent, institution: str | None) -> dict[str, str]:
    about = content.about
    return {
        "Conventions": CONVENTIONS,
        "title": about.marked(about.title),
        "institution": institution or "not stated (reporting.institution)",
        "source": f"Entropice {version('entropice')}, run {content.origin.run_id}: {content.map_model.title} on the "
        f"grid {content.grid['key']}",
        "history": about.rebuild_command,
        "comment": " ".join(filter(None, [about.notice, about.description])),
        "license": " ".join(about.attributions),
    }


def write_starting_conditions(conditions: Dataset, path: Path) -> None:
    """Write as NetCDF-4 with all dims and variables; the same conditions give the same bytes.

    Missing float32 values are NetCDF's own fill value, 9.97e36; whole numbers and coordinates have no fill. A file at
    the path is replaced.
    """
    conditions.to_netcdf(path, engine="netcdf4", format="NETCDF4", encoding=_encoding(conditions))


def _encoding(conditions: Dataset) -> dict[str, dict[str, Any]]:
    """Fill values for what may be missing alone; a cell's number has none: readers make floats of what has one."""
    return {
        str(name): (_COMPRESSED if values.ndim > 1 else {})
        | {"_FillValue": FILL_VALUE if name in conditions.data_vars and values.dtype == np.float32 else None}
        for name, values in conditions.variables.items()
    }
