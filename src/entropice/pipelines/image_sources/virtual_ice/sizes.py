"""How much there is to draw."""

from entropice.pipelines.image_sources.virtual_ice.parameters import (
    VirtualIceChange,
    VirtualIceCharts,
    VirtualIceFields,
    VirtualIceTypes,
)
from entropice.pipelines.step_cost import Images


def fields(section: VirtualIceFields) -> Images:
    """Days of all seasons, and what the law forecasts of the last ones.

    That is days from which forecasts begin × horizons × members × pixels. Images there are none.
    """
    n_pixels, seasons = section.ice.region.n_pixels, section.ice.seasons
    n_steps, ceiling = seasons.n_days * seasons.n_seasons, section.ceiling
    n_begun = ceiling.n_seasons * (seasons.n_days - ceiling.n_known) / ceiling.every_days
    return Images(
        n_field_pixels=n_steps * n_pixels**2,
        n_steps=n_steps,
        edges_px=(n_pixels, n_pixels),
        law_px=n_begun * ceiling.n_horizons * ceiling.n_members * n_pixels**2,
    )


def types(section: VirtualIceTypes) -> Images:
    """Images of all types together, with the pixels of one; every image counts as positive."""
    return Images(section.tiles.n_samples, 0, section.tiles.n_pixels**2)


def changes(section: VirtualIceChange) -> Images:
    """Pairs, each of which counts as positive, with the pixels of both images."""
    return Images(section.tiles.n_samples, 0, 2 * section.tiles.n_pixels**2)


def charts(section: VirtualIceCharts) -> Images:
    """Images with ice, which are the positive ones, and without any, by the share of open water; pixels of one."""
    n_samples, water = section.tiles.n_samples, section.open_water_share
    return Images((1 - water) * n_samples, water * n_samples, section.tiles.n_pixels**2)
