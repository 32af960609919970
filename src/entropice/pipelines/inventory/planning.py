"""All places of all regions in all years as a plan of work."""

from collections.abc import Sequence

from entropice.imagery.inventory.pieces import Core
from entropice.imagery.places import place_in
from entropice.pipelines.inventory.job import InventoryJob, survey_tile
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.pipelines.inventory.places import place_key
from entropice.tiles.plan import Tile, TilePlan
from entropice.types import DataFrame


def inventory_plan(
    job: InventoryJob, places: DataFrame, years: Sequence[int], inventory: InventoryParameters
) -> TilePlan:
    """Tiles ``<year>_<key>``; each yields what `survey_tile` finds.

    `places` has the columns ``key left_m top_m pixel_m n_pixels``; places come in their order, each in all years.
    Memory is that of a square with its margin on each side.
    """
    edge_px = inventory.tile.n_pixels + 2 * inventory.tile.margin_px
    n_values, n_bytes = job.looking.n_values(edge_px), job.looking.n_bytes(edge_px)
    tiles = tuple(
        Tile(place_key(row["key"], year), Core(place_in(row, year), inventory.tile.margin_px), n_values, n_bytes)
        for _, row in places.iterrows()
        for year in years
    )
    return TilePlan("inventory", survey_tile, job, tiles, "lower inventory.tile.n_pixels or inventory.window_px")
