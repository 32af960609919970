"""Foreign files: given by their publishers, or written by the virtual Arctic in the same formats."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from entropice.crs import POLAR_CRS
from entropice.errors import RunStateError
from entropice.io.checksums import DigestOf, given_sha256, has_record, is_ours, verify_record
from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.raster.tile import EmbeddingTile, RasterTile
from entropice.sha256 import sha256_of
from entropice.types import Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.sources.alphaearth.files import EmbeddingFiles
    from entropice.sources.arcticdem.tiles import TileIndex
    from entropice.sources.era5.source import ClimateSource

Saved = TypeVar("Saved")
Loaded = TypeVar("Loaded")

ELEVATION_NODATA = -9999.0


class SourceDataset(DescriptionPreview, RecordedDataset[Saved, Loaded]):
    """A foreign file has no checksum record unless this project wrote or fetched it; its reader judges it.

    Attributes
    ----------
    digest_of
        How its files are hashed when the record is verified; the hooks put remembered digests there, for sources may
        be too large to be hashed at every read.
    """

    digest_of: DigestOf = staticmethod(sha256_of)

    def load(self) -> Loaded:
        """Verify the checksums where there are any, then read; a missing path is the reader's to refuse.

        Raises
        ------
        InputFileError
            The record is damaged, or the file not as recorded. Other errors are those of `read`.
        """
        if has_record(self.path):
            verify_record(self.path, self.digest_of)
        return self.read(self.path)

    def save(self, data: Saved) -> None:
        """Write as every output; a file that this project has not written itself is never replaced.

        Raises
        ------
        RunStateError
            A file without our checksum record stands there, or writing fails; nothing is changed.
        """
        if self.path.exists() and not is_ours(self.path):
            raise RunStateError(
                "A source file that Entropice did not make stands where the virtual Arctic would write its own.",
                path=self.path,
                fix="move it away, or describe your files in an environment of their own with `world: null`",
            )
        super().save(data)

    def content_sha256(self, digest_of: DigestOf) -> str | None:
        """As recorded; without a record, of the files themselves and their companions; None where there is nothing.

        Raises
        ------
        InputFileError
            The record is damaged, or a file cannot be read.
        """
        return super().content_sha256(digest_of) if self.is_recorded else given_sha256(self.path, digest_of)

    def _exists(self) -> bool:
        return self.path.exists()


class VectorFileDataset(SourceDataset[GeoDataFrame, GeoDataFrame]):
    """A vector file of any OGR format, GeoParquet, or CSV with coordinates; written as GeoPackage.

    Parameters
    ----------
    layer
        The layer to read, where the file holds several.
    encoding
        Of the text in a Shapefile, MapInfo or CSV, where the file does not say it.
    points
        ``x``, ``y`` and ``crs`` of a CSV: names of its columns of coordinates, and what these are.
    """

    def __init__(
        self,
        *,
        filepath: str,
        layer: str | None = None,
        encoding: str | None = None,
        points: dict[str, str] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(filepath=filepath, metadata=metadata)
        self._layer, self._encoding, self._points = layer, encoding, points

    @property
    def options(self) -> dict[str, Any]:
        """``layer``, ``encoding`` and ``points``, as they were said of the file; None where they were not."""
        return {"layer": self._layer, "encoding": self._encoding, "points": self._points}

    def read(self, path: Path) -> GeoDataFrame:
        """Read through the checks of ``entropice.sources.files.vector``: every column and row, in the file's own CRS.

        Raises
        ------
        InputFileError
            It is missing, truncated, or nothing that can be read; `read_vector` lists what is refused.
        SchemaError
            It has no CRS or geometry that can be used, as listed there.
        """
        from entropice.sources.files.vector import read_vector

        return read_vector(path, self._layer, self._encoding, self._points)

    def write(self, data: GeoDataFrame, path: Path) -> None:
        """Write as GeoPackage with a fixed date, so that equal data give equal bytes.

        Version 1.2, one layer, called as the dataset's file without its suffix. `path` is one where nothing stands, in
        a folder that does, as `save` gives it: a GeoPackage that stands there is not made anew but changed, keeps its
        other layers, and gets other bytes. GDAL's date stays fixed for the process.
        """
        import pyogrio

        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1970-01-01T00:00:00.000Z"})
        pyogrio.write_dataframe(data, path, driver="GPKG", layer=self.path.stem, VERSION="1.2")


class ClimateFileDataset(SourceDataset[Dataset, "ClimateSource"]):
    """A NetCDF, GRIB or ZIP file, a Zarr store, or a folder of them; its headers are read, its values where needed.

    Written as one NetCDF file with the encoding its variables carry.

    Parameters
    ----------
    product
        Which data set of the Climate Data Store it is of: a key of ``entropice.sources.era5.products.PRODUCTS``.
    """

    def __init__(self, *, filepath: str, product: str = "era5", metadata: dict[str, Any] | None = None) -> None:
        super().__init__(filepath=filepath, metadata=metadata)
        self._product = product

    @property
    def options(self) -> dict[str, Any]:
        """``product``: the key of the data set, such as ``era5``."""
        return {"product": self._product}

    def read(self, path: Path) -> "ClimateSource":
        """Read the headers through the checks of ``entropice.sources.era5.source``.

        What is given knows the variables, grid and times of all files, and reads values when they are asked for; what
        is refused is listed by `open_source`.
        """
        from entropice.sources.era5.source import open_source

        return open_source(path, self._product)

    def write(self, data: Dataset, path: Path) -> None:
        """Write as one NetCDF 4 file, in a folder that stands; a file that stands there is replaced."""
        data.to_netcdf(path, engine="netcdf4")


class ClimateFieldsDataset(SourceDataset[Dataset, Dataset]):
    """A NetCDF, GRIB or ZIP file of any fields, read whole; written as NetCDF."""

    def read(self, path: Path) -> Dataset:
        """Read all fields into memory through the checks of ``entropice.sources.era5.file``.

        Names, units and axes are those of the file; what is refused is listed by `read_climate`.
        """
        from entropice.sources.era5.file import read_climate

        return read_climate(path)

    def write(self, data: Dataset, path: Path) -> None:
        """Write as one NetCDF 4 file, in a folder that stands; a file that stands there is replaced."""
        data.to_netcdf(path, engine="netcdf4")


class RasterTilesDataset(SourceDataset[Iterable[RasterTile], "TileIndex"]):
    """A folder of GeoTIFF tiles in EPSG:3413; read as an index, written tile by tile."""

    is_folder = True

    def read(self, path: Path) -> "TileIndex":
        """Read the headers through the checks of ``entropice.sources.arcticdem.tiles``.

        What is given knows place and pixel size of every tile, and no pixel; what is refused is listed by
        `read_tile_index`.
        """
        from entropice.sources.arcticdem.tiles import read_tile_index

        return read_tile_index(path)

    def write(self, data: Iterable[RasterTile], path: Path) -> None:
        """Write each tile as it comes, ``<name>.tif``: float32, EPSG:3413, deflated, −9999 where it is NaN.

        `path` is a folder that stands, as `save` gives it; a tile that stands there, or has come before, is replaced.
        """
        for tile in data:
            _write_tile(tile, path / f"{tile.name}.tif")


class EmbeddingFilesDataset(SourceDataset[Iterable[EmbeddingTile], "EmbeddingFiles"]):
    """A folder of AlphaEarth's annual files by year and UTM zone, with their index; read as headers only."""

    is_folder = True

    def read(self, path: Path) -> "EmbeddingFiles":
        """Read index and headers through the checks of ``entropice.sources.alphaearth.files``.

        What is given knows year, place and overviews of every file, and no pixel; what is refused is listed by
        `read_embedding_files`.
        """
        from entropice.sources.alphaearth.files import read_embedding_files

        return read_embedding_files(path)

    def write(self, data: Iterable[EmbeddingTile], path: Path) -> None:
        """Write each tile as it comes, as a cloud-optimised GeoTIFF, and the index at the end.

        In the folder these are ``<year>/<zone>N/<name>.tiff``, of 64 int8 bands ``A00`` to ``A63``, −128 where masked,
        and ``aef_index.parquet``. Through `save`, what was written here before is replaced as a whole, files of others
        are refused, and a write that breaks off changes nothing.
        """
        from entropice.io.embedding_files import write_embedding_files

        write_embedding_files(data, path)


def _write_tile(tile: RasterTile, path: Path) -> None:
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    n_rows, n_columns = tile.values.shape
    profile = {
        "driver": "GTiff",
        "height": n_rows,
        "width": n_columns,
        "count": 1,
        "dtype": "float32",
        "crs": POLAR_CRS,
        "transform": from_origin(tile.left_m, tile.top_m, tile.pixel_size_m, tile.pixel_size_m),
        "nodata": ELEVATION_NODATA,
        "compress": "deflate",
        "predictor": 3,
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(np.where(np.isnan(tile.values), ELEVATION_NODATA, tile.values).astype("float32"), 1)
