"""Which rasters of a folder are elevation tiles, told by the names that the publisher gives them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from entropice.errors import InputFileError, SchemaError

SUFFIXES: Final = (".tif", ".tiff")
TILE_SUFFIX: Final = "_dem"
MASK_SUFFIX: Final = "_datamask"
DERIVED: Final = (
    *("slope", "aspect", "hillshade", "curvature", "roughness", "ruggedness"),
    *("tri", "tpi", "vrm", "northness", "eastness"),
)
"""What is derived from elevation, as names of files and bands end."""

SIDE_SUFFIXES: Final = (
    *(MASK_SUFFIX, "_count", "_mad", "_mindate", "_maxdate", "_browse", "_matchtag"),
    *(f"_{word}" for word in DERIVED),
)
"""Ends of names of rasters that lie beside tiles, as published or as made from them."""


def elevation_files(folder: Path) -> tuple[list[Path], int]:
    """Elevation tiles in a folder and those inside it, in order of their names, and how many other rasters there are.

    Where files are called ``*_dem``, as published, those are the tiles, and what else bears a tile's name is a raster
    beside it. Elsewhere every raster is a tile, but for those that end as `SIDE_SUFFIXES`, in any case: ``_datamask
    _count _mad _mindate _maxdate _browse _matchtag _slope _aspect _hillshade _curvature _roughness _ruggedness _tri
    _tpi _vrm _northness _eastness``.

    Rasters end in ``.tif`` or ``.tiff``; what begins with a dot, and folders that do, are not looked at.

    Raises
    ------
    InputFileError
        No such folder, or no tile in it.
    SchemaError
        A raster called neither as a tile nor as one beside a tile, where other files are called ``*_dem``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("a_dem.tif", "a_slope.tif", "a_count.tif"):
    ...         (Path(folder) / name).touch()
    ...     tiles, n_others = elevation_files(Path(folder))
    >>> [tile.name for tile in tiles], n_others
    (['a_dem.tif'], 2)
    """
    every = sorted(_visible_rasters(folder), key=lambda path: (path.name, path))
    tiles = [path for path in every if not path.stem.lower().endswith(SIDE_SUFFIXES)]
    if not tiles:
        raise InputFileError(
            "There are no elevation tiles.",
            path=folder,
            field="names of files",
            got=f"{len(every)} rasters that are published beside tiles" if every else "no *.tif",
            expected="a folder with *_dem.tif, or one with such folders",
            fix="check the path and the parameter data_root",
        )
    published = [path for path in tiles if _is_published(path)]
    if published:
        _refuse_strangers(tiles, published)
    return published or tiles, len(every) - len(published or tiles)


def mask_of(tile: Path) -> Path | None:
    """The mask of no data published beside a tile: ``<name>_datamask.tif`` of ``<name>_dem.tif``.

    None where there is no such file, or the tile is not called ``*_dem``.
    """
    mask = tile.with_name(f"{_name_of(tile)}{MASK_SUFFIX}{tile.suffix}")
    return mask if _is_published(tile) and mask.is_file() else None


def _is_published(path: Path) -> bool:
    return path.stem.lower().endswith(TILE_SUFFIX)


def _name_of(published: Path) -> str:
    return published.stem[: -len(TILE_SUFFIX)]


def _visible_rasters(folder: Path) -> Iterable[Path]:
    inside = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return (path for path in inside if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _refuse_strangers(tiles: Iterable[Path], published: Iterable[Path]) -> None:
    names = tuple(f"{_name_of(path)}_" for path in published)
    strangers = [path for path in tiles if not path.stem.startswith(names)]
    if strangers:
        raise SchemaError(
            "Beside elevation tiles called *_dem lies a raster of another name: is it elevation or not?",
            path=strangers[0],
            field="names of files",
            got=f"{len(strangers)} such rasters",
            expected="*_dem.tif, or the name of a tile with another ending",
            fix="rename it to *_dem.tif if it holds heights, or move it out of the folder",
        )
