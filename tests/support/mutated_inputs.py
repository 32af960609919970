"""What readers make of given files, which have no record, after they were mutated."""

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import shapely
import xarray as xr
from grib_files import N_POINTS, written_grib
from mutations import mutated
from rasterio.windows import Window

from entropice.errors import EntropiceError
from entropice.sources.alphaearth.files import read_embedding_files
from entropice.sources.arcticdem.tiles import read_tile_index, read_window
from entropice.sources.era5.file import read_climate
from entropice.sources.files.vector import read_vector
from entropice.types import FloatArray
from entropice.zonal.raster_files import read_windows

Reader = Callable[[Path], str]


VECTOR_DRIVERS: Final = {
    "GeoJSON": ("geojson", "GeoJSON"),
    "FlatGeobuf": ("fgb", "FlatGeobuf"),
    "Shapefile": ("shp", "ESRI Shapefile"),
}


@dataclass(frozen=True)
class Given:
    """A file or store of some format, alone with its companions in a folder, and what reads all of its values.

    Attributes
    ----------
    name
        Of the file or store, below the folder.
    read
        What stands for the values, alike only where they are.
    """

    folder: Path
    name: str
    read: Reader

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @cached_property
    def files(self) -> list[Path]:
        """The file, or every file of a store."""
        return [self.path] if self.path.is_file() else sorted(file for file in self.path.rglob("*") if file.is_file())

    def outcome(self, file: Path, content: bytes) -> str:
        """What the reader makes of another content of a file, at another path: libraries remember what they read."""
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(shutil.copytree(self.folder, Path(scratch) / "given"))
            (copy / file.relative_to(self.folder)).write_bytes(content)
            return _outcome(copy / self.name, self.read, self.whole)

    @cached_property
    def whole(self) -> str:
        """What stands for the values as they are."""
        return self.read(self.path)


def given_files(work_root: Path, folder: Path) -> dict[str, Given]:
    """A file of each format that sources come in, as the virtual Arctic or its format's own driver writes it."""
    raw = work_root / "01_raw"
    elevation = max((raw / "arcticdem").glob("*.tif"), key=lambda file: file.stat().st_size)
    embedding = min((raw / "alphaearth").rglob("*.tiff"), key=lambda file: file.stat().st_size)
    place = embedding.relative_to(raw / "alphaearth").as_posix()
    given = {
        "GeoPackage, slumps": _copied(folder / "slumps", raw / "rts_darts_level2.gpkg", _vector),
        "GeoPackage, land": _copied(folder / "land", raw / "land.gpkg", _vector),
        "NetCDF, zlib": _copied(folder / "climate", raw / "era5_monthly.nc", _climate),
        "NetCDF, not compressed": Given(_made(folder / "plain"), "plain.nc", _climate),
        "Zarr": Given(_made(folder / "store"), "store.zarr", _climate),
        "GRIB": Given(_made(folder / "grib"), "hours.grib", _climate),
        "GeoTIFF, deflate": _copied(folder / "elevation", elevation, _elevation),
        "COG, deflate": _copied(folder / "alphaearth", embedding, _embedding, place),
        "GeoParquet": Given(_made(folder / "parquet"), "land.parquet", _vector),
        **{
            name: Given(_made(folder / name), f"land.{suffix}", _vector) for name, (suffix, _) in VECTOR_DRIVERS.items()
        },
    }
    climate, land = xr.load_dataset(raw / "era5_monthly.nc", engine="netcdf4"), read_vector(raw / "land.gpkg")
    climate.drop_encoding().to_netcdf(folder / "plain" / "plain.nc", engine="netcdf4")
    land.to_parquet(folder / "parquet" / "land.parquet")
    for name, (suffix, driver) in VECTOR_DRIVERS.items():
        land.to_file(folder / name / f"land.{suffix}", driver=driver, engine="pyogrio")
    climate.drop_encoding().to_zarr(folder / "store" / "store.zarr", consolidated=False)
    written_grib(folder / "grib" / "hours.grib", list(_messages()))
    return given


def _messages() -> Iterator[tuple[dict[str, object], FloatArray]]:
    """Two days of hours."""
    random_ = np.random.default_rng(0)
    for number in range(48):
        hour = {"dataDate": 20200101 + number // 24, "dataTime": 100 * (number % 24)}
        yield hour, 260.0 + random_.normal(size=N_POINTS)


def mutate_inputs(given: dict[str, Given], n_mutations: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Format, mutation and outcome of so many mutated files, equally many of each format."""
    random_ = random.Random(seed)
    for number in range(n_mutations):
        kind = [*given][number % len(given)]
        file = random_.choice(given[kind].files)
        mutation, damaged = mutated(file.read_bytes(), random_)
        yield kind, f"{mutation} of {file.name}", given[kind].outcome(file, damaged)


def flip_geometries(given: Given, n_flips: int, seed: int) -> Iterator[str]:
    """Outcomes of flipped bits within the geometries of a GeoPackage."""
    random_, content = random.Random(seed), given.path.read_bytes()
    every = shapely.to_wkb(read_vector(given.path).geometry)
    geometries = [wkb for wkb in every if wkb in content]  # those in one piece
    for _ in range(n_flips):
        wkb, damaged = random_.choice(geometries), bytearray(content)
        damaged[damaged.index(wkb) + random_.randrange(len(wkb))] ^= 1 << random_.randrange(8)
        yield given.outcome(given.path, bytes(damaged))


def _outcome(path: Path, read: Reader, whole: str) -> str:
    try:
        return "the same" if read(path) == whole else "silent"
    except EntropiceError:
        return "refused"
    except Exception as error:  # whatever it is, a user would see its traceback
        return f"traceback: {type(error).__name__}: {error}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _copied(folder: Path, source: Path, read: Reader, name: str = "") -> Given:
    given = Given(folder, name or source.name, read)
    (folder / given.name).parent.mkdir(parents=True)
    shutil.copy(source, folder / given.name)
    return given


def _digest(*parts: Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.tobytes() if isinstance(part, np.ndarray) and part.dtype != object else repr(part).encode())
    return digest.hexdigest()


def _vector(path: Path) -> str:
    frame = read_vector(path)
    columns = frame.drop(columns=frame.geometry.name)
    return _digest(shapely.to_wkb(frame.geometry.to_numpy()).tolist(), str(frame.crs), columns.to_csv())


def _climate(path: Path) -> str:
    fields = read_climate(path)
    arrays = (item for name in sorted(fields.variables) for item in (name, fields[name].to_numpy(), fields[name].attrs))
    return _digest(*arrays)


def _elevation(path: Path) -> str:
    index = read_tile_index(path.parent)
    return _digest(index.bounds, index.pixel_size_m, read_window(index, index.bounds))


def _embedding(path: Path) -> str:
    files = read_embedding_files(path.parents[2])
    with rasterio.open(path) as source:
        n_bands, whole = source.count, Window(0, 0, source.width, source.height)
    values = [next(read_windows(path, band, [whole])) for band in range(1, n_bands + 1)]
    return _digest([(file.raster, file.year) for file in files.files], *values)
