"""The places of an inventory: which squares of which regions are looked at, in which years."""

from entropice.imagery.inventory.region_tiles import REGION, drawn_places, places_near, region_tiles, require_known
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.types import DataFrame


def surveyed_places(tiles: DataFrame, inventory: InventoryParameters, seed: int) -> tuple[DataFrame, tuple[int, ...]]:
    """Rows of `region_tiles` that are looked at, and the years.

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
    """Name of the work on a place in a year."""
    return f"{year}_{place}"


def reach_m_of(places: DataFrame, inventory: InventoryParameters) -> float:
    """How far the vague edge of an object may reach."""
    return inventory.reach_px * pixel_m_of(places)


def pixel_m_of(places: DataFrame) -> float:
    """Edge of a pixel, which all places share."""
    return float(places["pixel_m"].iloc[0])
