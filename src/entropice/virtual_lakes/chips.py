"""Which chips are cut, and which of them are drawn again."""

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio.features import rasterize

from entropice.crs import POLAR_CRS
from entropice.imagery.places import place_tiles
from entropice.imagery.samples import Place
from entropice.imagery.tile_layout import TileLayout
from entropice.imagery.uniform_hash import uniform_of
from entropice.raster.bounds import Bounds
from entropice.types import DataFrame, GeoDataFrame
from entropice.virtual_lakes.regions import Region, regions_of
from entropice.virtual_lakes.specification import LakesSpecification
from entropice.virtual_scenes.hashing import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]
else:
    Mask = Any


def place_chips(lakes: GeoDataFrame, specification: LakesSpecification, layout: TileLayout, seed: int) -> DataFrame:
    """Chips around lakes and anywhere inside each region, at the same places in all years.

    Keys are ``<region>_<year>_<left_m>_<top_m>``, whole metres with their signs. Places are random by the seed, and
    differ between regions. Chips are those that `entropice.imagery.places.place_tiles` takes of a region's lakes and
    its whole square, all of which was seen; keys sort as text.

    Parameters
    ----------
    lakes
        What `lakes_of` gives; chips lie around those of the first year.
    layout
        Numbers are of each region.

    Returns
    -------
    DataFrame
        ``key left_m top_m pixel_m n_pixels year region``, sorted by key: region by region and year by year.

    Raises
    ------
    LabelError
        A region has no room for a chip, or none around a lake.
    """
    years = specification.regions.years
    first = lakes[lakes["year"] == years[0]]
    places = [
        _places(region, first[first["region"] == region.name], layout, seed, years[0])
        for region in regions_of(specification, seed)
    ]
    chips = pd.concat([table.assign(year=year) for table in places for year in years], ignore_index=True)
    keys = [f"{chip.region}_{chip.year}_{chip.left_m:+.0f}_{chip.top_m:+.0f}" for chip in chips.itertuples(index=False)]
    return chips.assign(key=keys).sort_values("key", ignore_index=True)


def is_audited(key: str, share: float, seed: int) -> bool:
    """Whether a chip's mask is drawn again: a chance of its own for every key.

    With a share of 0 none is, with 1 all are. Nothing but key and seed decides: `uniform_of` (seed, ``"audit"``, key)
    is below the share.

    Examples
    --------
    >>> is_audited("a", 0.0, seed=1), is_audited("a", 1.0, seed=1)
    (False, True)
    """
    return uniform_of(seed, "audit", key) < share


def true_mask(lakes: GeoDataFrame, place: Place) -> Mask:
    """1 in lakes of the place's year, uint8 (row, column).

    Lakes are as `lakes_of` gives them; a pixel is 1 where its centre lies in an outline, and all are 0 where there is
    none. Islands are 0. The year of a place and the bounds decide which lakes count; `region` and `condition` do not.
    """
    bounds = Bounds(*place.bounds_m)
    of_year = lakes[(lakes["year"] == place.year) & lakes.intersects(shapely.box(*place.bounds_m))]
    shape = place.n_pixels, place.n_pixels
    if of_year.empty:
        return np.zeros(shape, dtype=np.uint8)
    drawn: Mask = rasterize(of_year.geometry, shape, transform=bounds.transform(place.pixel_m), dtype="uint8")
    return drawn


def _places(region: Region, lakes: GeoDataFrame, layout: TileLayout, seed: int, year: int) -> DataFrame:
    whole = gpd.GeoDataFrame({"year": [year]}, geometry=[shapely.box(*region.place(year).bounds_m)], crs=POLAR_CRS)
    of_region = int(stream(seed, "chips", region.number) >> np.uint64(33))
    tiles = place_tiles(lakes, whole, whole, layout, of_region)
    return tiles[["key", "left_m", "top_m", "pixel_m", "n_pixels", "year"]].assign(region=region.name)
