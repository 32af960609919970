"""The table of a folder of chips that somebody gives, held against the files and against itself."""

from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike

from entropice.errors import InputFileError
from entropice.sources.imagery.beside import LABEL, USABLE, beside
from entropice.sources.imagery.tile_index import COLUMNS, INDEX, read_index
from entropice.types import BoolArray, DataFrame, IntArray

REGION: Final = "region"
SPLIT: Final = "split"
_SAME_PX: Final = 1e-3
"""Share of a pixel within which corners are equal."""


def read_chip_table(folder: Path) -> DataFrame:
    """Rows ``key left_m top_m pixel_m n_pixels year region`` of chips that are all there, each with its label.

    A column ``split`` is looked at, since whoever dealt the chips meant something by it, and left out.

    `folder` holds ``tiles.parquet`` and, of each chip, ``<key>.tif`` and ``<key>_label.tif``, and perhaps
    ``<key>_udm2.tif``; no pixel is read. Rows are in the order of the file, counted from 0. Chips side by side, which
    share an edge alone, do not overlap.

    Raises
    ------
    InputFileError
        There is no table, or it lacks columns or names a chip twice; chips off one frame of pixels, without a region,
        or of several sizes; a chip or a label that is not there; a file that the table does not name; two chips of one
        place and year; overlapping chips, of whatever years, in two splits.
    """
    table, path = read_index(folder, REGION), folder / INDEX
    require_one_frame(table, path)
    _require_one(table, "n_pixels", path)
    _require_regions(table, path)
    _require_files(table, folder)
    _require_each_once(table, path)
    if SPLIT in table:
        _require_splits_apart(table, path)
    return table.reset_index(drop=True)[[*COLUMNS, REGION]]


def require_one_frame(table: DataFrame, path: Path) -> None:
    """Refuse chips whose pixels are not those of one frame, so that overlapping ones share no pixels.

    `table` has the columns ``key left_m top_m pixel_m``; `path` is named in messages.

    Raises
    ------
    InputFileError
        Pixels of several sizes, or a corner that is no whole multiple of them.
    """
    _require_one(table, "pixel_m", path)
    pixel_m = float(table["pixel_m"].iloc[0])
    for column in ("left_m", "top_m"):
        is_off = ~is_on_frame(table[column], pixel_m)
        keys, off_m = table["key"][is_off].tolist(), table[column][is_off].tolist()
        got = f"{len(keys)} chips beside it, the first at {off_m[0]:.10g} m" if keys else ""
        fix = "warp them onto one frame: gdalwarp -tr … -tap, with corners on it"
        _require(not keys, path, column, got, f"whole multiples of a pixel, {pixel_m:g} m", keys, fix)


def is_on_frame(corners_m: ArrayLike, pixel_m: float) -> BoolArray:
    """Whether each number is a whole multiple of a pixel.

    Both in metres; a thousandth of a pixel beside it passes.

    Examples
    --------
    >>> is_on_frame([-30.0, 0.0, 35.0], pixel_m=10.0).tolist()
    [True, True, False]
    """
    at_px = np.asarray(corners_m, dtype=np.float64) / pixel_m
    return np.asarray(np.abs(at_px - np.round(at_px)) <= _SAME_PX)


def _require_one(table: DataFrame, column: str, path: Path) -> None:
    sizes = sorted(set(table[column].tolist()))
    fix = "cut all chips alike: gdalwarp -tr, gdal_translate -srcwin"
    _require(len(sizes) == 1, path, column, ", ".join(map(str, sizes)) or "no chip", "one number", [], fix)


def _require_regions(table: DataFrame, path: Path) -> None:
    named = table[REGION].map(lambda region: isinstance(region, str) and region != "")
    lacking = table["key"][~named].tolist()
    _require(
        not lacking, path, REGION, f"{len(lacking)} chips without one", "a name", lacking, "name every chip's region"
    )


def _require_files(table: DataFrame, folder: Path) -> None:
    images = [folder / f"{key}.tif" for key in table["key"]]
    labels = [beside(image, LABEL) for image in images]
    masks = {beside(image, USABLE) for image in images}
    there = set(folder.glob("*.tif"))
    for what, paths, fix in (
        ("chips without their image", {*images} - there, f"fetch the files, or take their rows out of {INDEX}"),
        ("chips without their label", {*labels} - there, "rasterise the outlines, 0 throughout where nothing is"),
        (f"files not named in {INDEX}", there - {*images, *labels, *masks}, "name them there, or take them away"),
    ):
        names = sorted(path.name for path in paths)
        path = folder / names[0] if names else folder
        _require(not names, path, "files", f"{len(names)} {what}", "an image and a label a row", names, fix)


def _require_each_once(table: DataFrame, path: Path) -> None:
    twice = table["key"][table.duplicated(["left_m", "top_m", "year"], keep=False)].tolist()
    fix = "keep one of them"
    got, expected = f"{len(twice)} chips of one place and year", "each place once a year"
    _require(not twice, path, "left_m, top_m, year", got, expected, twice, fix)


def _require_splits_apart(table: DataFrame, path: Path) -> None:
    first, second = _overlapping(table)
    splits, keys = table[SPLIT].to_numpy(), table["key"].to_numpy()
    apart = splits[first] != splits[second]
    pairs = [
        f"{keys[a]} in {splits[a]} and {keys[b]} in {splits[b]}"
        for a, b in zip(first[apart], second[apart], strict=True)
    ]
    got, expected = f"{len(pairs)} pairs of overlapping chips in two splits", "one split a place, in all years"
    fix = "deal places, not chips; or leave the column out, and the task deals them itself, with a buffer"
    _require(not pairs, path, SPLIT, got, expected, pairs, fix)


def _overlapping(table: DataFrame) -> tuple[IntArray, IntArray]:
    """Rows of pairs of chips with common ground, each pair once; chips side by side have none."""
    inset_m = table["pixel_m"].to_numpy() / 2
    left_m, top_m = table["left_m"].to_numpy() + inset_m, table["top_m"].to_numpy() - inset_m
    edge_m = (table["n_pixels"].to_numpy() - 1) * table["pixel_m"].to_numpy()
    boxes = shapely.box(left_m, top_m - edge_m, left_m + edge_m, top_m)
    first, second = shapely.STRtree(boxes).query(boxes, predicate="intersects").astype(np.int64)
    return first[first < second], second[first < second]


def _require(
    is_right: bool, path: Path, field: str, got: object, expected: object, sample: list[str], fix: str
) -> None:
    if not is_right:
        raise InputFileError(
            "The chips of this folder do not go together.",
            path=path,
            field=field,
            got=got,
            expected=expected,
            sample=sample,
            fix=fix,
        )
