"""How much there is for the steps of a run of cells, from its parameters and what is here already."""

from typing import TYPE_CHECKING, Any, Final, cast

from entropice.cost.land import land_of
from entropice.grid_keys import n_cells_of_earth
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of
from entropice.pipelines.step_cost import UNKNOWN, RunSize

if TYPE_CHECKING:
    from kedro.io import DataCatalog

    from entropice.app.configuration.parameters import Parameters
    from entropice.app.context import ComposedContext

EARTH_M2: Final = 5.1007e14

COASTAL: Final = 1.14
"""Cells over land area ÷ mean cell area: those of a coast count whole. 1,626 and 544 cells of h3_4 in two worlds."""


def run_size(context: "ComposedContext") -> RunSize:
    """Cells counted where they are here, else by the land's area; rows by the share that a virtual world observes."""
    parameters, composition = context.parameters, context.composition
    world = parameters.section("virtual_arctic") if composition.world is not None else None
    modelling = parameters.section("modelling")
    return RunSize(
        n_cells=_n_cells(context, world),
        n_years=_count(parameters, "features", "years"),
        n_label_years=_count(parameters, "labels", "years"),
        n_predicted_years=_count(parameters, "modelling", "prediction_years"),
        n_features=_n_features(context),
        observed_share=1.0 if world is None else world.imaging.observed_share,
        **_of_modelling(modelling),
        n_draws=_number(parameters, "reporting", "n_bayes_limit_draws"),
        n_units=UNKNOWN if world is None else _n_units(world),
        n_tasks=len(composition.tasks),
    )


def _n_cells(context: "ComposedContext", world: Any) -> float:
    catalog = cast("DataCatalog", context.catalog)
    if "cells" in catalog and catalog.exists("cells"):
        return len(catalog.load("cells"))
    if context.parameters.section("grids") is None:
        return UNKNOWN
    is_here = catalog.exists("land")
    share = 1.0 if is_here or world is None else world.land_share
    land, _ = land_of(context)
    return share * COASTAL * land.area / EARTH_M2 * n_cells_of_earth(context.parameters.grid)


def _n_features(context: "ComposedContext") -> float:
    """Of all sources; unknown where only files say."""
    parameters = context.parameters
    names = [
        None if source.feature_names is None else source.feature_names(parameters.section("features", source.group))
        for source in context.composition.feature_sources
    ]
    return sum(UNKNOWN if each is None else len(each) for each in names) if names else UNKNOWN


def _of_modelling(section: Any) -> dict[str, float]:
    names = ("n_fits", "n_tuned_fits", "n_schemes", "n_models", "n_folds", "n_bootstrap", "n_members", "n_nulls")
    if section is None:
        return dict.fromkeys(names, UNKNOWN)
    n_tuned_fits = sum(_n_fits(name, section.tuning) for name in section.models)
    n_schemes, n_folds = len(section.folds.schemes), section.folds.n_folds
    numbers = (
        n_schemes * n_folds * n_tuned_fits,
        n_tuned_fits,
        n_schemes,
        len(section.models),
        n_folds,
        section.n_bootstrap,
        section.doubts.n_members,
        section.drivers.n_nulls,
    )
    return dict(zip(names, numbers, strict=True))


def _n_fits(name: str, tuning: Any) -> int:
    """Of one model: a candidate in each inner fold, and the chosen one."""
    model = MODELS[name]
    n_candidates = len(candidates_of(model, getattr(tuning.candidates, name))) if model.is_tuned else 0
    return 1 + tuning.n_inner_folds * n_candidates


def _n_units(world: Any) -> float:
    extent, edge_m = world.extent, world.base_unit_m
    n_units: float = (extent.right_m - extent.left_m) * (extent.top_m - extent.bottom_m) / edge_m**2
    return n_units


def _count(parameters: "Parameters", *path: str) -> float:
    values = parameters.section(*path)
    return UNKNOWN if values is None else len(values)


def _number(parameters: "Parameters", *path: str) -> float:
    value = parameters.section(*path)
    return UNKNOWN if value is None else value
