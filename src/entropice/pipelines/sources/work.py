"""How much work a source will be, before its files are here."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entropice.types import BaseGeometry
    from entropice.virtual_arctic.specification import WorldSpecification


@dataclass(frozen=True)
class Extent:
    """What a run covers.

    Attributes
    ----------
    land
        The region's land in EPSG:3413, as well as it is known.
    grid
        Key of the grid.
    years
        Label years.
    parameters
        The section ``features.<group>`` of the source.
    files
        Where the source's files are, or are to come.
    world
        The virtual world that makes the files; None where they are given or fetched.
    """

    land: "BaseGeometry"
    grid: str
    years: tuple[int, ...]
    parameters: Any
    files: Path
    world: "WorldSpecification | None"


@dataclass(frozen=True)
class Work:
    """An upper estimate.

    Attributes
    ----------
    n_tiles, n_values
        Tiles, and pixels × bands × years in them.
    n_bytes
        Of the source's files, before compression.
    tile_bytes
        Of memory for one tile at its peak.
    basis
        Where the numbers come from, where that is not the land.
    """

    n_tiles: int
    n_values: int
    n_bytes: int
    tile_bytes: int
    basis: str | None = None
