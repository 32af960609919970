"""How much there is for the steps of a run of cells, from its parameters and what is here already."""

from typing import TYPE_CHECKING, Any, Final

from entropice.cost.environment import Environment
from entropice.grid_keys import n_cells_of_earth
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of
from entropice.pipelines.step_cost import UNKNOWN, RunSize

if TYPE_CHECKING:
    from entropice.app.configuration.parameters import Parameters

EARTH_M2: Final = 5.1007e14

COASTAL: Final = 1.14
"""Cells over land area ÷ mean cell area: those of a coast count whole. 1,626 and 544 cells of h3_4 in two worlds."""


def run_size(environment: Environment) -> RunSize:
    """Cells counted where they are here, else by the land's area; rows by the share that a virtual world observes.

    Cells are counted in the dataset ``cells``; before it is here, n = 1.14 · A_land / A_earth · N, with A_earth =
    5.1007 · 10¹⁴ m², N the grid's cells of the whole earth, and A_land that of `Environment.land`; of a virtual world
    that is not made yet, times its `land_share`. Years, features and folds follow from the parameters, fits as 1 +
    inner folds × candidates a tuned model. What does not is NaN: without a section of modelling, or features that only
    files name. The observed share is 1 where files are real; base units are the area of the virtual extent over
    ``base_unit_m`` squared.

    Raises
    ------
    InputFileError
        The cells or the land are here and damaged.
    """
    parameters, world = environment.parameters, environment.world
    return RunSize(
        n_cells=_n_cells(environment),
        n_years=_count(parameters, "features", "years"),
        n_label_years=_count(parameters, "labels", "years"),
        n_predicted_years=_count(parameters, "modelling", "prediction_years"),
        n_features=_n_features(environment),
        observed_share=1.0 if world is None else world.imaging.observed_share,
        **_of_modelling(parameters.section("modelling")),
        n_draws=_number(parameters, "reporting", "n_bayes_limit_draws"),
        n_units=UNKNOWN if world is None else _n_units(world),
        n_tasks=len(environment.composition.tasks),
    )


def _n_cells(environment: Environment) -> float:
    if environment.has_cells:
        return float(len(environment.catalog.load("cells")))
    if "grids" not in environment.composition.pipelines:
        return UNKNOWN
    land, _ = environment.land
    is_made = environment.world is None or environment.catalog.exists("land")
    area_m2: float = land.area if is_made else environment.world.land_share * land.area
    return COASTAL * area_m2 / EARTH_M2 * n_cells_of_earth(environment.parameters.grid)


def _n_features(environment: Environment) -> float:
    """Of all sources; unknown where only files say."""
    parameters = environment.parameters
    names = [
        None if source.feature_names is None else source.feature_names(parameters.section("features", source.group))
        for source in environment.composition.feature_sources
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
    n_inner_folds: int = tuning.n_inner_folds
    return 1 + n_inner_folds * n_candidates


def _n_units(world: Any) -> float:
    extent, edge_m = world.extent, world.base_unit_m
    n_units: float = (extent.right_m - extent.left_m) * (extent.top_m - extent.bottom_m) / edge_m**2
    return n_units


def _count(parameters: "Parameters", *path: str) -> float:
    values = parameters.section(*path)
    return UNKNOWN if values is None else len(values)


def _number(parameters: "Parameters", *path: str) -> float:
    value = parameters.section(*path)
    return UNKNOWN if value is None else float(value)
