"""How much there is to draw."""

from entropice.pipelines.image_sources.virtual_modification.parameters import VirtualModificationParameters
from entropice.pipelines.step_cost import Images


def fields(section: VirtualModificationParameters) -> Images:
    """Maps of all steps, and what the law forecasts of those that follow a known one within the horizon.

    That is pixels of all maps, and pixels × draws × pairs of a known map and a later one that is forecast from it.
    """
    land, ceiling = section.land, section.ceiling
    n_pixels = land.n_rows * land.n_columns
    n_begun = range(ceiling.n_known, land.n_steps)
    n_forecast = sum(min(ceiling.n_horizons, land.n_steps - begun) for begun in n_begun)
    return Images(
        n_field_pixels=land.n_steps * n_pixels,
        n_steps=land.n_steps,
        edges_px=(land.n_rows, land.n_columns),
        law_px=n_forecast * ceiling.n_draws * n_pixels,
    )
