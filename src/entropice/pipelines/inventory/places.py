"""The places of an inventory: which squares of which regions are looked at, in which years."""

from entropice.imagery.inventory.region_tiles import REGION, drawn_places, places_near, region_tiles, require_known
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.types import DataFrame


def surveyed_places(tiles: DataFrame, inventory: InventoryParameters, seed: int) -> tuple[DataFrame, tuple[int, ...]]:
    """Rows of `region_tiles` that are looked at, and the years, ascending.

    `tiles` has the columns ``region year left_m top_m pixel_m n_pixels``; rows are ``key region left_m top_m pixel_m
    n_pixels``. Of squares of all regions asked for, those within ``near_m`` (EPSG:3413, inclusive; all where null) of a
    tile are kept, and of these the ``n_chips`` with the lowest hash of `seed` and key
    (`entropice.imagery.uniform_hash.uniform_of`; all where null), so that a larger number holds every square of a
    smaller one.

    Raises
    ------
    ConfigError
        A region or year is asked for that the tiles do not have.
    """
    of_regions, of_years = sorted(tiles[REGION].unique()), sorted(int(year) for year in tiles["year"].unique())
    regions = require_known("inventory.regions", inventory.regions, of_regions)
    years = require_known("inventory.years", inventory.years, of_years)
    chosen = tiles[tiles[REGION].isin(regions)]
    places = places_near(region_tiles(chosen, inventory.tile.n_pixels), chosen, inventory.tile.near_m)
    return drawn_places(places, inventory.n_chips, seed), years


def place_key(place: str, year: int) -> str:
    """Name of the work on a place in a year.

    >>> place_key("alps_0001", 2020)
    '2020_alps_0001'
    """
    return f"{year}_{place}"


def reach_m_of(places: DataFrame, inventory: InventoryParameters) -> float:
    """How far the vague edge of an object may reach: pixels of the parameters × their edge, metres of EPSG:3413."""
    return inventory.reach_px * pixel_m_of(places)


def pixel_m_of(places: DataFrame) -> float:
    """Edge of a pixel (m, EPSG:3413), which all places share: that of the first row's ``pixel_m``."""
    return float(places["pixel_m"].iloc[0])
