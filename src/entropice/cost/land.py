"""The land of an environment's region, as well as it is known before a run."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapely

from entropice.pipelines.grids.nodes import region_from
from entropice.pipelines.sources.tilings import outline
from entropice.types import BaseGeometry

if TYPE_CHECKING:
    from kedro.io import DataCatalog

    from entropice.app.context import ComposedContext

COARSE_LAND: Final = Path(__file__).with_name("coarse_land.wkb")
"""Land north of 50° N in EPSG:3413 within some 20 km, from Natural Earth (public domain); made by ``python -m
benchmarks.coarse_land FILE``."""


def land_of(context: "ComposedContext", catalog: "DataCatalog") -> tuple[BaseGeometry, str]:
    """The region's land in EPSG:3413, and what is known of it.

    The land that a run has made counts most; before that, a virtual world is taken whole, and real land from a coarse
    outline that comes with the package.

    A polygon or several, possibly empty, cut by the region of the parameters ``grids.region``, and a few words for a
    table. Whether the dataset ``land`` is up to date is not looked at.

    Raises
    ------
    InputFileError
        The land that a run has made is damaged.
    """
    region = outline(region_from(context.parameters.section("grids", "region")))
    if catalog.exists("land"):
        return _within(catalog.load("land").union_all(), region), "the region's land"
    if context.composition.world is not None:
        extent = context.parameters.section("virtual_arctic", "extent")
        box = shapely.box(extent.left_m, extent.bottom_m, extent.right_m, extent.top_m)
        return _within(box, region), "the region, sea included: the world is not made yet"
    return _within(shapely.from_wkb(COARSE_LAND.read_bytes()), region), "the region's land, from a coarse outline"


def _within(land: BaseGeometry, region: BaseGeometry) -> BaseGeometry:
    return shapely.intersection(land, region)
