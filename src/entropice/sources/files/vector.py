"""Read any vector file, after checking that it is complete and has a CRS."""

import struct
from pathlib import Path
from typing import Final

import geopandas as gpd
import pyarrow
import pyogrio
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely import GEOSException

from entropice.errors import ConfigError, InputFileError, SchemaError
from entropice.sources.files.formats import VECTOR_FORMATS, FileFormat, check_format
from entropice.types import GeoDataFrame

READ_ERRORS: Final = (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
    pyarrow.ArrowException,
    GEOSException,
    OSError,
    ValueError,
)
PARQUET_TAIL: Final = b"PAR1"
SHAPEFILE_LENGTH_OFFSET: Final = 24
SQLITE_HEADER_BYTES: Final = 100
SQLITE_LARGEST_PAGE: Final = 65536


def read_vector(path: Path | str, layer: str | None = None) -> GeoDataFrame:
    """Read every row of a vector file unchanged; the geometry column is named ``geometry``.

    The format is told by the first bytes: GeoPackage, GeoParquet, GeoJSON, Shapefile, FlatGeobuf, KML, MapInfo or
    file geodatabase. Nothing in the file is executed or unpickled, and no other file is opened in its stead.

    Parameters
    ----------
    path
        The file.
    layer
        The layer to read; may be left out where the file holds one.

    Raises
    ------
    InputFileError
        The file is missing, a folder, empty, a Git-LFS pointer, an archive, of another kind, truncated, damaged,
        or lacks the layer.
    SchemaError
        There is no geometry, no row, or no CRS.
    ConfigError
        The layer must be named and is not, or a format without layers is given one.
    """
    file = Path(path)
    file_format = check_format(file, VECTOR_FORMATS)
    _refuse_truncated(file, file_format)
    is_parquet = file_format is FileFormat.GEOPARQUET
    return _checked(_read_geoparquet(file, layer) if is_parquet else _read_ogr(file, layer), file)


def _read_geoparquet(path: Path, layer: str | None) -> GeoDataFrame:
    if layer is not None:
        raise ConfigError("GeoParquet has no layers.", path=path, field="layer", got=layer, fix="leave it out")
    try:
        return gpd.read_parquet(path)
    except READ_ERRORS as error:
        raise _damaged(path, error) from error


def _read_ogr(path: Path, layer: str | None) -> GeoDataFrame:
    try:
        chosen = _choose_layer(path, layer, _spatial_layers(path))
        return pyogrio.read_dataframe(path, layer=chosen)
    except READ_ERRORS as error:
        raise _damaged(path, error) from error


def _spatial_layers(path: Path) -> list[str]:
    layers = pyogrio.list_layers(path)
    return [name for name, geometry_type in layers if geometry_type is not None]


def _choose_layer(path: Path, layer: str | None, present: list[str]) -> str:
    if not present:
        raise SchemaError("The file has no geometry.", path=path, fix="check that it is the right file")
    if layer is None and len(present) == 1:
        return present[0]
    if layer is None:
        raise ConfigError(
            "The file holds several layers and none is named.",
            path=path,
            field="layer",
            got=", ".join(present),
            expected="one name",
            fix="name the layer in the catalog entry",
        )
    if layer not in present:
        raise InputFileError(
            "The file has no such layer.", path=path, field="layer", got=layer, expected=" or ".join(present)
        )
    return layer


def _checked(frame: GeoDataFrame, path: Path) -> GeoDataFrame:
    if frame.empty:
        raise SchemaError("The file has no rows.", path=path, fix="check the layer, or download it again")
    if frame.crs is None:
        raise SchemaError(
            "The file does not say which CRS its coordinates are in.",
            path=path,
            field="CRS",
            expected="a CRS, such as EPSG:4326",
            fix="ask its author, then write it into the file (`ogr2ogr -a_srs`); for a Shapefile, copy the .prj too",
        )
    return frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame


def _refuse_truncated(path: Path, file_format: FileFormat) -> None:
    if path.is_dir():
        return
    n_bytes = path.stat().st_size
    expected = _declared_bytes(path, file_format)
    if expected is not None and n_bytes < expected:
        raise InputFileError(
            "The file is truncated.",
            path=path,
            got=f"{n_bytes} bytes",
            expected=f"{expected} bytes, as its header says",
            fix="download it again",
        )
    if file_format is FileFormat.GEOPARQUET and _tail(path, len(PARQUET_TAIL)) != PARQUET_TAIL:
        raise InputFileError(
            "The file is truncated.", path=path, expected="Parquet's closing mark", fix="download it again"
        )


def _declared_bytes(path: Path, file_format: FileFormat) -> int | None:
    """The file size that the header of a GeoPackage or Shapefile announces."""
    with path.open("rb") as file:
        header = file.read(SQLITE_HEADER_BYTES)
    if file_format is FileFormat.GEOPACKAGE and len(header) == SQLITE_HEADER_BYTES:
        (page_bytes,) = struct.unpack_from(">H", header, 16)
        (n_pages,) = struct.unpack_from(">I", header, 28)
        return int(n_pages) * (SQLITE_LARGEST_PAGE if page_bytes == 1 else int(page_bytes))
    if file_format is FileFormat.SHAPEFILE and len(header) == SQLITE_HEADER_BYTES:
        return 2 * int(struct.unpack_from(">i", header, SHAPEFILE_LENGTH_OFFSET)[0])
    return None


def _tail(path: Path, n_bytes: int) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(n_bytes, path.stat().st_size), 2)
        return file.read()


def _damaged(path: Path, error: Exception) -> InputFileError:
    return InputFileError(
        "The file is damaged or incomplete.",
        path=path,
        got=str(error).splitlines()[0],
        fix="download it again, and open it in QGIS to see whether it is whole",
    )
