"""A raster file is a plain GeoTIFF, and nothing beside it or named in it is ever read."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QDir

from ..core.errors import RunFolderError
from ..core.manifest_file import MANIFEST_NAME
from ..core.safe_names import REBUILD
from .translate import tr

MAX_PIXELS = 1_000_000_000
MAX_BLOCK_PIXELS = 4096 * 4096
_DRIVER = "GTiff"
_METADATA_DOMAINS = {"", "IMAGE_STRUCTURE", "DERIVED_SUBDATASETS", "COLOR_PROFILE", "TIFF"}
_EXPECTED = "a GeoTIFF with one band of real numbers that says itself where it lies"


def require_plain_raster(path: Path) -> None:
    """Accept one band of floating-point numbers in a GeoTIFF; look at it without drawing, and never beside it.

    From then on nothing beside it is read, see `read_alone`.

    A plain one is a GeoTIFF with one band of 32 or 64 bit floating-point numbers, at most 10⁹ pixels in blocks of at
    most 4096 · 4096, without rotation, and with no domain of metadata but the default one, ``IMAGE_STRUCTURE``,
    ``DERIVED_SUBDATASETS``, ``COLOR_PROFILE`` and ``TIFF``. The first that is not so, in the order bands, type, pixels,
    block, metadata, place, is named in the error.

    Raises
    ------
    RunFolderError
        Not there, another format, several bands, no place on the map, a domain of metadata that can name other files,
        or too large to draw.
    """
    read_alone(str(path))
    field, got = _oddity(path)
    if field:
        raise RunFolderError(
            tr("An overview of the map cannot be used."),
            path=path,
            field=field,
            got=got,
            expected=_EXPECTED,
            fix=tr(REBUILD),
        )


def read_alone(path: str) -> None:
    """Whatever opens this file in QGIS finds no ``.aux.xml``, ``.ovr``, ``.msk`` or world file beside it from now on.

    Such files can name others, also on the net. Other files are read as ever.

    It holds for this path, spelt as it is, until QGIS ends.
    """
    gdal.SetPathSpecificOption(path, "GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")


def read_alone_in_project(path: str) -> str:
    """A path as a project has it that is being read, unchanged; a raster of a run that it leads to is read alone.

    A path is that of a raster of a run where it ends in ``.tif`` and a ``manifest.json`` lies in its folder or the one
    above. It may be relative to the folder of the project.
    """
    if path.endswith(".tif"):
        full = QDir.cleanPath(str(Path(QgsProject.instance().absolutePath()) / path))
        if any((folder / MANIFEST_NAME).is_file() for folder in list(Path(full).parents)[:2]):
            read_alone(full)
    return path


def _oddity(path: Path) -> tuple[str, object]:
    """What is not as in a plain raster, and its value; an empty name where there is nothing."""
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_RASTER, allowed_drivers=[_DRIVER])
    except RuntimeError as error:
        return "format", error
    if dataset is None:
        return "format", gdal.GetLastErrorMsg()
    return next(((field, got) for field, is_plain, got in _properties(dataset) if not is_plain), ("", None))


def _properties(dataset: gdal.Dataset) -> list[tuple[str, bool, object]]:
    """Each property with whether it is as in a plain raster."""
    band = dataset.GetRasterBand(1)
    n_pixels = dataset.RasterXSize * dataset.RasterYSize
    n_block_pixels = band.GetBlockSize()[0] * band.GetBlockSize()[1]
    domains = sorted(set(dataset.GetMetadataDomainList() or []) - _METADATA_DOMAINS)
    transform = dataset.GetGeoTransform(can_return_null=True)
    return [
        ("bands", dataset.RasterCount == 1, dataset.RasterCount),
        ("type", band.DataType in (gdal.GDT_Float32, gdal.GDT_Float64), gdal.GetDataTypeName(band.DataType)),
        ("pixels", n_pixels <= MAX_PIXELS, n_pixels),
        ("pixels of a block", n_block_pixels <= MAX_BLOCK_PIXELS, n_block_pixels),
        ("metadata", not domains, ", ".join(domains)),
        ("place on the map", transform is not None and transform[2] == transform[4] == 0, transform),
    ]
