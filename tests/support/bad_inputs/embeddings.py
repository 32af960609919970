"""AlphaEarth files that must be refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from embedding_tiles import MASKED, coded, random_codes, tile, write, write_raw
from rasterio.enums import Resampling
from rasterio.transform import Affine

from bad_inputs import BadInput
from entropice.sources.alphaearth.files import read_embedding_files, stack_layers
from entropice.sources.alphaearth.pixels import read_strips

CODES = random_codes(8)
PLACE = Path("2021") / "33N" / "a.tiff"
INDEX = "aef_index.parquet"


def read(folder: Path, resolution_m: float = 1000.0, year: int = 2021) -> object:
    """Read headers and pixels of a year as a run does."""
    stacks = stack_layers(read_embedding_files(folder), resolution_m, [year])
    return [list(read_strips(layers[year])) for layers in stacks.values()]


def file(codes: Any = CODES, place: Path = PLACE, **changes: Any) -> Callable[[Path], object]:
    """A folder with one file."""

    def provoke(folder: Path) -> object:
        write_raw(folder / place, codes, **changes)
        return read(folder)

    return provoke


def edited(resolution_m: float = 1000.0, year: int = 2021, **attributes: Any) -> Callable[[Path], object]:
    """A folder with one file whose header is changed, or of which something else is asked for."""

    def provoke(folder: Path) -> object:
        with rasterio.open(write_raw(folder / PLACE, CODES), "r+") as target:
            for name, value in attributes.items():
                setattr(target, name, value)
        return read(folder, resolution_m, year)

    return provoke


def content(content: bytes) -> Callable[[Path], object]:
    """A file with other content than a raster's."""

    def provoke(folder: Path) -> object:
        (folder / PLACE).parent.mkdir(parents=True)
        (folder / PLACE).write_bytes(content)
        return read(folder)

    return provoke


def files(*tiles: Any) -> Callable[[Path], object]:
    """Files with an index."""
    return lambda folder: read(write(folder, *tiles))


def indexed(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], object]:
    """A file beside an index that is changed."""

    def provoke(folder: Path) -> object:
        write(folder, tile(CODES))
        change(pd.read_parquet(folder / INDEX)).to_parquet(folder / INDEX)
        return read(folder)

    return provoke


def moved(**place: Any) -> Callable[[Path], object]:
    """A file elsewhere than the index says."""

    def provoke(folder: Path) -> object:
        here = write(folder / "here", tile(CODES))
        (other,) = write(folder / "there", tile(CODES, **place)).rglob("*.tiff")
        other.replace(here / "2021" / "33N" / "tile.tiff")
        return read(here)

    return provoke


def averaged_overview(folder: Path) -> object:
    with rasterio.open(write_raw(folder / PLACE, CODES), "r+") as target:
        target.build_overviews([2], Resampling.average)
    return read(folder, 2000.0)


def masked_beside(folder: Path) -> object:
    with rasterio.open(write_raw(folder / PLACE, CODES), "r+") as target:
        target.write_mask(np.eye(8, dtype=bool))
    return read(folder)


def truncated(folder: Path) -> object:
    path = write_raw(folder / PLACE, random_codes(32))
    path.write_bytes(path.read_bytes()[:30_000])
    return read(folder)


def replaced(folder: Path) -> object:
    path = write_raw(folder / PLACE, CODES)
    stacks = stack_layers(read_embedding_files(folder), 1000.0, [2021])
    write_raw(path, random_codes(4))
    return [list(read_strips(layers[2021])) for layers in stacks.values()]


def stranger(folder: Path) -> object:
    write(folder, tile(CODES))
    write_raw(folder / PLACE, CODES)
    return read(folder)


def damaged_index(folder: Path) -> object:
    write_raw(folder / PLACE, CODES)
    (folder / INDEX).write_bytes(b"PAR1" + bytes(100))
    return read(folder)


def spoiled(pixel: tuple[int, int], bands: Any, code: int) -> np.ndarray:
    codes = np.where(CODES == MASKED, CODES[:, :1, :1], CODES)
    codes[bands, *pixel] = code
    return codes


def averaged() -> np.ndarray:
    codes = np.where(CODES == MASKED, 0, CODES).astype(int)
    return np.rint((codes + np.roll(codes, 1, axis=1) + np.roll(codes, 1, axis=2)) / 3).astype(np.int8)


def vectors() -> np.ndarray:
    drawn = np.random.default_rng(0).normal(size=(64, 8, 8))
    unit: np.ndarray = drawn / np.linalg.norm(drawn, axis=0)
    return unit


BAD_INPUTS = (
    BadInput("no folder", lambda folder: read(folder / "alphaearth")),
    BadInput("an empty folder", read),
    BadInput("a pointer of Git LFS", content(b"version https://git-lfs.github.com/spec/v1\n")),
    BadInput("an error page saved as a file", content(b"<Error><Code>UserProjectMissing</Code></Error>")),
    BadInput("an empty file", content(b"")),
    BadInput("a truncated file", truncated),
    BadInput("a file replaced while it is in use", replaced),
    BadInput("63 bands", file(CODES[:63])),
    BadInput("65 bands", file(np.concatenate([CODES, CODES[:1]]))),
    BadInput("int16 codes", file(dtype="int16")),
    BadInput("de-quantised floats", file(vectors(), dtype="float32")),
    BadInput("unsigned codes", file(np.abs(CODES.astype(np.int16)).astype(np.uint8), dtype="uint8", nodata=128)),
    BadInput("no nodata value", file(nodata=None)),
    BadInput("0 as nodata value", file(nodata=0)),
    BadInput("no CRS", file(crs=None)),
    BadInput("a zone of the southern hemisphere", file(crs="EPSG:32733")),
    BadInput("warped to the polar CRS", file(crs="EPSG:3413")),
    BadInput("warped to longitude and latitude", file(crs="EPSG:4326")),
    BadInput("oblong pixels", file(transform=Affine(1000, 0, 500_000, 0, -500, 8e6))),
    BadInput("a sheared transform", file(transform=Affine(1000, 10, 500_000, 0, -1000, 8e6))),
    BadInput("columns from east to west", file(transform=Affine(-1000, 0, 500_000, 0, -1000, 8e6))),
    BadInput("a scale in the header", edited(scales=(1 / 127.5,) * 64)),
    BadInput("an offset in the header", edited(offsets=(0.5,) * 64)),
    BadInput("bands in reverse order", edited(descriptions=tuple(f"A{band:02d}" for band in range(63, -1, -1)))),
    BadInput("bands counted from 1", edited(descriptions=tuple(f"A{band:02d}" for band in range(1, 65)))),
    BadInput("a mask beside the codes", masked_beside),
    BadInput("all codes 100", file(np.full((64, 8, 8), 100, np.int8))),
    BadInput("values times 127, without the root", file(np.rint(vectors() * 127).astype(np.int8))),
    BadInput("the root taken twice", file(coded(np.sign(vectors()) * np.sqrt(np.abs(vectors()))))),
    BadInput("averaged codes", file(averaged())),
    BadInput("an overview of averaged codes", averaged_overview),
    BadInput("zeros for masked", file(np.where(CODES == MASKED, 0, CODES))),
    BadInput("zeros everywhere", file(np.zeros((64, 8, 8), np.int8))),
    BadInput("a pixel masked in one band", file(spoiled((2, 3), 17, MASKED))),
    BadInput("a pixel with a code of 127 too many", file(spoiled((5, 1), slice(0, 3), 127))),
    BadInput("a resolution that the file does not have", edited(resolution_m=500.0)),
    BadInput("a year without a file", edited(year=2022)),
    BadInput("a folder that is no year", file(place=Path("embeddings") / "33N" / "a.tiff")),
    BadInput("two files on the same ground", files(tile(CODES), tile(CODES, left_m=507_000.0, name="other"))),
    BadInput("a file that the index does not list", stranger),
    BadInput("a file east of where the index says", moved(left_m=501_000.0)),
    BadInput("a file in another zone than the index says", moved(zone=34)),
    BadInput("a zone of nine degrees", files(replace(tile(CODES), lon_lat_bounds_deg=(9.0, 71.0, 18.0, 73.0)))),
    BadInput("an index without years", indexed(lambda rows: rows.drop(columns="year"))),
    BadInput("an index with an impossible zone", indexed(lambda rows: rows.assign(utm_zone="61N"))),
    BadInput("an index with a year in words", indexed(lambda rows: rows.assign(year="last"))),
    BadInput("an index that lists a file twice", indexed(lambda rows: pd.concat([rows, rows]))),
    BadInput("a damaged index", damaged_index),
)
