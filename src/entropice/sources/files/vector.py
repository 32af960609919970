"""Read any vector file, after checking that it is complete and has a CRS."""

import codecs
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow
import pyogrio
import pyogrio.raw
import shapely
from pyarrow import parquet
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj.exceptions import ProjError
from shapely import GEOSException

from entropice.errors import ConfigError, InputFileError, SchemaError
from entropice.sources.files.delimited import read_points
from entropice.sources.files.formats import VECTOR_FORMATS, FileFormat, check_format
from entropice.sources.files.geometry_column import with_geometry
from entropice.sources.files.geopackage import check_geopackage
from entropice.sources.files.origin import PATH
from entropice.sources.files.truncation import refuse_truncated
from entropice.types import DataFrame, GeoDataFrame

READ_ERRORS: Final = (
    CRSError,
    ProjError,
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
WITH_ENCODING: Final = (FileFormat.SHAPEFILE, FileFormat.MAPINFO, FileFormat.DELIMITED)
"""Formats whose text may be in another encoding than UTF-8."""

WITHOUT_LAYERS: Final = (FileFormat.GEOPARQUET, FileFormat.DELIMITED)
GEO_METADATA: Final = b"geo"
KEEPS_INTEGERS: Final = {"integer_object_nulls": True}
"""Integers beside nulls become objects, not floats: these hold no more than 53 bits exactly."""


DAMAGED: Final = (
    "The file is damaged or incomplete.",
    "download it again, and open it in QGIS to see whether it is whole",
)
KNOWN_FAULTS: Final = {
    "Unrecognized number": ("A number does not fit 64 bits.", "write such numbers as text, in quotes"),
}
"""What is wrong, and the fix, by what libraries say of it."""


def read_vector(
    path: Path | str, layer: str | None = None, encoding: str | None = None, points: Mapping[str, str] | None = None
) -> GeoDataFrame:
    """Read every row of a vector file unchanged; ``attrs["path"]`` names the file.

    The format is told by the first bytes: GeoPackage, GeoParquet, GeoJSON, Shapefile, FlatGeobuf, KML, MapInfo, file
    geodatabase, or CSV with a column each of longitude and latitude. Nothing in the file is executed or unpickled, and
    no other file is opened in its stead. Integers stay integers, also beside nulls; times are text as written, or
    timestamps. The geometry is the active one, and is called ``geometry`` unless another column is. What is refused is
    looked for in this order: format, length, soundness (of a GeoPackage, `check_geopackage`), options, layer, names of
    columns, rows, CRS.

    Parameters
    ----------
    path
        The file.
    layer
        The layer to read; may be left out where the file holds one.
    encoding
        Of the text in a Shapefile's DBF, MapInfo or CSV; None: as the file says, else UTF-8 (CSV) or Latin 1.
    points
        Where a CSV holds coordinates, and what these are: ``x``, ``y`` and ``crs`` (EPSG:4326 where it is left out);
        None: in its columns of longitude and latitude.

    Raises
    ------
    InputFileError
        The file is missing, a folder, empty, a Git-LFS pointer, an archive, of another kind, truncated, damaged,
        or lacks the layer.
    SchemaError
        There is no geometry, no row, no CRS, or two columns have one name.
    ConfigError
        The layer must be named and is not, or the format has no layers, encodings or columns of coordinates.

    Examples
    --------
    A number of more than 53 bits stays whole beside a null:

    >>> import json
    >>> from tempfile import TemporaryDirectory
    >>> place = {"type": "Point", "coordinates": [-134.25, 68.5]}
    >>> features = [{"type": "Feature", "properties": {"id": n}, "geometry": place} for n in (2**53 + 1, None)]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "slumps.txt"
    ...     _ = path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    ...     table = read_vector(path)
    >>> table["id"].tolist(), table.crs.to_string()
    ([9007199254740993, None], 'EPSG:4326')
    """
    file = Path(path)
    file_format = check_format(file, VECTOR_FORMATS)
    # Before a library opens it, which may read what is left of a truncated file and say nothing.
    refuse_truncated(file, file_format)
    if file_format is FileFormat.GEOPACKAGE:
        check_geopackage(file)
    _refuse_option(file, "layer", layer, file_format, sorted(VECTOR_FORMATS - set(WITHOUT_LAYERS)))
    _refuse_option(file, "encoding", encoding, file_format, WITH_ENCODING)
    _refuse_option(file, "points", points, file_format, (FileFormat.DELIMITED,))
    _refuse_unknown_encoding(file, encoding)
    frame = _checked(_read(file, file_format, layer, encoding, points), file)
    frame.attrs[PATH] = str(file)
    return frame


def _read(
    path: Path, file_format: FileFormat, layer: str | None, encoding: str | None, points: Mapping[str, str] | None
) -> GeoDataFrame:
    if file_format is FileFormat.DELIMITED:
        return read_points(path, encoding or "utf-8", points)
    try:
        if file_format is FileFormat.GEOPARQUET:
            return _read_geoparquet(path)
        return _read_ogr(path, _choose_layer(path, layer, _spatial_layers(path)), encoding)
    except UnicodeDecodeError as error:
        raise _other_encoding(path, error) from error
    except READ_ERRORS as error:
        raise _damaged(path, error) from error


def _read_geoparquet(path: Path) -> GeoDataFrame:
    schema = parquet.read_schema(path)
    _refuse_repeated_columns(schema.names, path)
    if GEO_METADATA not in (schema.metadata or {}):
        raise SchemaError(
            "The Parquet file does not say which column is the geometry, nor its CRS.",
            path=path,
            field="metadata geo",
            got=f"columns {', '.join(f'{field.name} ({field.type})' for field in schema)}",
            expected="GeoParquet",
            fix="write it with GeoDataFrame.to_parquet, the geometry set by GeoSeries.from_wkb(table[…], crs=…)",
        )
    try:
        return gpd.read_parquet(path, to_pandas_kwargs=KEEPS_INTEGERS)
    except (AttributeError, KeyError, TypeError) as error:  # metadata that lack what their format prescribes
        raise _damaged(path, error) from error


def _read_ogr(path: Path, layer: str, encoding: str | None) -> GeoDataFrame:
    meta, _, wkb, values = pyogrio.raw.read(path, layer=layer, encoding=encoding, datetime_as_string=True)
    _refuse_repeated_columns(meta["fields"], path)
    table = pd.DataFrame(dict(zip(meta["fields"], values, strict=True)))
    table = _with_exact_integers(table, meta, path, layer)
    return with_geometry(table, shapely.from_wkb(wkb), meta["crs"])


def _with_exact_integers(table: DataFrame, meta: dict[str, Any], path: Path, layer: str) -> DataFrame:
    """Columns of integers that were read as floats, for the sake of their nulls, read again as they are."""
    declared = zip(meta["fields"], meta["dtypes"], strict=True)
    blurred = [name for name, dtype in declared if dtype.startswith("int") and table[name].dtype.kind == "f"]
    if not blurred:
        return table
    _, arrow = pyogrio.read_arrow(path, layer=layer, columns=blurred, read_geometry=False)
    return table.assign(**arrow.to_pandas(**KEEPS_INTEGERS)[blurred])


def _spatial_layers(path: Path) -> list[str]:
    layers = pyogrio.list_layers(path)
    return [name for name, geometry_type in layers if geometry_type is not None]


def _choose_layer(path: Path, layer: str | None, present: list[str]) -> str:
    if not present:
        raise SchemaError(
            "The file has no geometry.",
            path=path,
            field="geometry",
            got="tables without geometry alone",
            expected="a layer with geometry",
            fix="check that it is the right file; columns of coordinates are read from CSV",
        )
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
            "The file has no such layer.",
            path=path,
            field="layer",
            got=layer,
            expected=" or ".join(present),
            fix="correct the name in the catalog entry",
        )
    return layer


def _checked(frame: GeoDataFrame, path: Path) -> GeoDataFrame:
    if frame.empty:
        raise SchemaError(
            "The file has no rows.",
            path=path,
            field="rows",
            got=0,
            expected="one at least",
            fix="check the layer, or download it again",
        )
    if frame.crs is None:
        raise SchemaError(
            "The file does not say which CRS its coordinates are in.",
            path=path,
            field="CRS",
            got="none",
            expected="a CRS, such as EPSG:4326",
            fix="ask its author, then write it into the file (`ogr2ogr -a_srs`); for a Shapefile, copy the .prj too",
        )
    return frame if "geometry" in frame.columns else frame.rename_geometry("geometry")


def _refuse_option(
    path: Path, option: str, value: object, file_format: FileFormat, formats: Collection[FileFormat]
) -> None:
    if value is not None and file_format not in formats:
        raise ConfigError(
            f"{file_format} has no {option}.",
            path=path,
            field=option,
            got=value,
            expected=f"it with {' or '.join(formats)} alone",
            fix="leave it out of the catalog entry",
        )


def _refuse_unknown_encoding(path: Path, encoding: str | None) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise ConfigError(
            "There is no such encoding.",
            path=path,
            field="encoding",
            got=encoding,
            expected="a name such as UTF-8, cp1252 or cp866",
            fix="correct it in the catalog entry",
        ) from error


def _refuse_repeated_columns(names: Collection[str], path: Path) -> None:
    unique, counts = np.unique(np.asarray(list(names), dtype=object).astype(str), return_counts=True)
    if (counts > 1).any():
        raise SchemaError(
            "Two columns have one name.",
            path=path,
            field=", ".join(unique[counts > 1]),
            got=f"{counts.max()} columns",
            expected="one of each name",
            fix="rename or remove the others",
        )


def _other_encoding(path: Path, error: UnicodeDecodeError) -> InputFileError:
    return InputFileError(
        "Its text is in another encoding.",
        path=path,
        field="encoding",
        got=f"bytes {error.object[:20]!r}",
        expected=error.encoding,
        fix="name its encoding in the catalog entry, such as encoding: cp1252",
    )


def _damaged(path: Path, error: Exception) -> InputFileError:
    message = " ".join(str(error).replace(f"{path.parent}/", "").split())
    what, fix = next((found for sign, found in KNOWN_FAULTS.items() if sign in message), DAMAGED)
    return InputFileError(
        what, path=path, field="content", got=message[:200], expected="what its format prescribes", fix=fix
    )
