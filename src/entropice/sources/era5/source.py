"""Climate files as one source: headers are read first, values only where they are needed."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from entropice.errors import InputFileError, SchemaError
from entropice.sources.era5.axes import LonLatAxes, require_cells_within, rows_touching
from entropice.sources.era5.file import is_zarr, open_climate
from entropice.sources.era5.horizontal import LATITUDE
from entropice.sources.era5.products import Product, known_product
from entropice.sources.era5.slices import Open, VariableSlice, known_variable, variable_slices
from entropice.sources.era5.variables import REQUIRED, VARIABLES
from entropice.types import Dataset, FloatArray, Geometries

logger = logging.getLogger(__name__)

COMPANIONS: Final = frozenset({".sha256", ".idx", ".json", ".md", ".txt", "README"})
"""Suffixes and names of files beside the data that a folder may hold."""


@dataclass(frozen=True)
class ClimateSource:
    """Climate files by their headers; small, and no file is held open.

    Attributes
    ----------
    product
        Their data set.
    slices
        At least one for each of `variables`; all on one longitude–latitude grid.
    """

    product: Product
    slices: tuple[VariableSlice, ...]

    @property
    def lat_deg(self) -> FloatArray:
        """Latitudes, ascending, float64, shape (n_lat,)."""
        return self.slices[0].axes.lat_deg

    @property
    def lon_deg(self) -> FloatArray:
        """Longitudes, ascending, float64, shape (n_lon,); beyond 180 where the area crosses that meridian."""
        return self.slices[0].axes.lon_deg

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, in the order of `VARIABLES`: ``t2m tp sf sd`` first."""
        present = {part.variable.name for part in self.slices}
        return tuple(name for name in VARIABLES if name in present)

    @property
    def rows_per_read(self) -> int:
        """Latitude rows that a file yields at once, whatever is asked for: of the largest chunk, 1 without chunks."""
        return max(part.chunk.get(LATITUDE, 1) for part in self.slices)

    @property
    def origin(self) -> str:
        """One of its files, for messages."""
        return self.slices[0].origin

    def rows_around(self, polygons: Geometries) -> slice:
        """Rows of the grid that reach into cells (polygons in EPSG:3413, shape (n_cells,)), and one more to the south.

        The slice is of `lat_deg` and goes on to its end, the north.

        Raises
        ------
        SchemaError
            The files lie beside the cells: the grid ends south of them, or more than a fifth of the cells have their
            centre beyond it.
        """
        try:
            rows = rows_touching(self.lat_deg, polygons)
            require_cells_within(self.lat_deg, self.lon_deg, polygons)
        except SchemaError as error:
            error.path = self.origin
            raise
        return rows

    def slices_of(self, variable: str) -> list[VariableSlice]:
        """The slices that hold a variable, in the order of the files; none of a name that is not among `variables`."""
        return [part for part in self.slices if part.variable.name == variable]


def open_source(path: Path | str, product: str) -> ClimateSource:
    """Read the headers of a climate file, a Zarr store, or every climate file and store below a folder.

    Hidden files, and records and notes beside the data (``.sha256 .idx .json .md .txt``, ``README``; `COMPANIONS`),
    are left out. Files and stores are in the order of their paths. Variables that `VARIABLES` lacks are left out, and
    named in the log. No value is read.

    Parameters
    ----------
    product
        A key of ``PRODUCTS``: ``era5``, ``era5_land`` or ``era5_land_timeseries``; files in GRIB are checked against
        it.

    Raises
    ------
    InputFileError
        A file that is none of these or damaged, or an empty folder.
    SchemaError
        No known variable, a variable in a foreign unit, an ensemble, a foreign experiment version, no regular grid,
        files on different grids, or a calendar other than the real one.
    ConfigError
        An unknown product.
    """
    path = Path(path)
    files = _files_below(path)
    datasets = {
        f"{file}{f' ({key})' if key else ''}": partial(_part, file, key) for file in files for key in open_climate(file)
    }
    source = source_from(datasets, product)
    logger.info(
        "%s: %d file(s) of %s with %s; left out: %s.",
        path.name,
        len(files),
        source.product.name,
        ", ".join(source.variables),
        ", ".join(_unknown_variables(datasets, source.product)) or "nothing",
    )
    return source


def source_from(datasets: Mapping[str, Open], product: str) -> ClimateSource:
    """A source of lazily opened data sets, by the name of each in messages.

    Parameters
    ----------
    datasets
        Openers by the name of each, such as ``climate.nc``; order is kept.
    product
        A key of ``PRODUCTS``.

    Raises
    ------
    ConfigError
        An unknown product.
    SchemaError
        No known variable, a header that cannot be honoured (`read_header`), or data sets on different grids.
    """
    known = known_product(product)
    slices = tuple(part for origin, opened in datasets.items() for part in variable_slices(origin, opened, known))
    if not slices:
        raise SchemaError(
            "The climate files hold no variable that is known here.",
            path=next(iter(datasets), None),
            field="variables",
            got=", ".join(sorted({str(name) for opened in datasets.values() for name in opened().data_vars})) or "none",
            expected=", ".join(VARIABLES),
            fix="request 2m_temperature, total_precipitation, snowfall and snow_depth",
        )
    _require_one_grid(slices)
    return ClimateSource(known, _sharing_axes(slices))


def require_variables(source: ClimateSource) -> None:
    """Raise if a required variable is missing.

    Raises
    ------
    SchemaError
        Some are missing; all are named.
    """
    missing = [name for name in REQUIRED if name not in source.variables]
    if missing:
        raise SchemaError(
            "The climate lacks variables.",
            path=source.origin,
            field=", ".join(missing),
            got=", ".join(source.variables),
            expected=", ".join(REQUIRED),
            fix=f"request {', '.join(VARIABLES[name].long_name for name in missing)} as well",
        )


def _sharing_axes(slices: Sequence[VariableSlice]) -> tuple[VariableSlice, ...]:
    """The same slices, with one axes object for all files of one order, so that less is sent to workers."""
    shared: dict[bytes, LonLatAxes] = {}
    return tuple(replace(part, axes=shared.setdefault(part.axes.order, part.axes)) for part in slices)


def _unknown_variables(datasets: Mapping[str, Open], product: Product) -> list[str]:
    fields = (field for opened in datasets.values() for field in opened().data_vars.values())
    return sorted({str(field.name) for field in fields if known_variable(field, product) is None})


def _part(path: Path, key: str) -> Dataset:
    return open_climate(path)[key]


def _files_below(path: Path) -> list[Path]:
    if not path.is_dir() or is_zarr(path):
        return [path]
    groups = [folder for folder in sorted(path.rglob("*")) if is_zarr(folder)]
    stores = [group for group in groups if not set(groups) & set(group.parents)]
    inside = {file for store in stores for file in store.rglob("*")}
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and file not in inside
        and file.suffix not in COMPANIONS
        and file.name not in COMPANIONS
        and not any(name.startswith(".") for name in file.relative_to(path).parts)
    ]
    if not stores and not files:
        raise InputFileError(
            "The folder holds no climate file.",
            path=path,
            field="files",
            got="none",
            expected="NetCDF, GRIB or ZIP files, or Zarr stores",
            fix="check the path, or download again",
        )
    return sorted([*stores, *files])


def _require_one_grid(slices: Sequence[VariableSlice]) -> None:
    first, *others = slices
    other = next((part for part in others if not part.axes.equals(first.axes)), None)
    if other is not None:
        raise SchemaError(
            "The climate files lie on different grids.",
            path=other.origin,
            field="latitude, longitude",
            got=_extent(other.axes),
            expected=f"{_extent(first.axes)}, as in {first.origin}",
            fix="request every file for the same area and grid",
        )


def _extent(axes: LonLatAxes) -> str:
    lat, lon = axes.lat_deg, axes.lon_deg
    return f"{len(lat)} latitudes from {lat[0]:g} to {lat[-1]:g}, {len(lon)} longitudes from {lon[0]:g} to {lon[-1]:g}"
