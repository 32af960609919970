"""How much there is for steps of cells: from the land's area before there are cells, and from these once there are."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely

from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.cost.run_size import COASTAL, EARTH_M2, run_size
from entropice.grid_keys import n_cells_of_earth
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[2] / "conf"
SQUARE = shapely.box(0, 0, 1e6, 1e6)


class Catalog(dict):
    def exists(self, name: str) -> bool:
        return name in self

    def load(self, name: str) -> Any:
        return self[name]


@dataclass
class FreshEnvironment:
    """What `entropice.cost.environment.Environment` says, with a square of land."""

    parameters: Any
    composition: Any
    catalog: Catalog
    land: tuple[Any, str] = (SQUARE, "a square")

    @property
    def world(self) -> Any:
        return self.parameters.section("virtual_arctic") if self.composition.world is not None else None

    @property
    def has_cells(self) -> bool:
        return "cells" in self.catalog


def environment(name: str, **here: Any) -> Any:
    loader = RootedConfigLoader(str(CONF), env=name, runtime_params={"grid": "h3_4"}, **CONFIG_LOADER_ARGS)
    read = read_configuration(loader)
    return FreshEnvironment(read.parameters, read.composition, Catalog(here))


def test_cells_follow_from_the_lands_area_and_of_a_world_to_come_from_its_share_of_land():
    real, world = environment("arctic"), environment("base")
    by_area = COASTAL * 1e12 / EARTH_M2 * n_cells_of_earth("h3_4")

    assert run_size(real).n_cells == pytest.approx(by_area)
    assert run_size(world).n_cells == pytest.approx(world.world.land_share * by_area)
    assert run_size(environment("base", land=SQUARE)).n_cells == pytest.approx(by_area), "its land is made"


def test_the_earth_has_the_surface_of_its_ellipsoid():
    authalic_radius_m = 6_371_007.2  # of WGS 84
    assert pytest.approx(4 * math.pi * authalic_radius_m**2, rel=1e-5) == EARTH_M2


def test_cells_that_are_here_are_counted():
    assert run_size(environment("base", cells=range(1626))).n_cells == 1626


def test_fits_are_those_of_all_schemes_folds_models_and_candidates():
    base, size = environment("base"), run_size(environment("base"))
    modelling = base.parameters.section("modelling")

    assert size.n_tuned_fits == 3 * (1 + 6 * 8) + 3, "three models with 8 candidates in 6 inner folds, three without"
    assert size.n_fits == len(modelling.folds.schemes) * modelling.folds.n_folds * size.n_tuned_fits
    assert size.n_units == 2200 * 2200


def test_rows_are_what_somebody_has_looked_at():
    size = run_size(environment("base", cells=range(1000)))

    assert size.n_rows == pytest.approx(1000 * 3 * 0.55)
    assert run_size(environment("arctic", cells=range(1000))).n_rows == 1000, "all of them, where that is not known"


def test_without_cells_of_its_own_nothing_is_known_of_them():
    size = run_size(environment("sea_ice"))

    assert math.isnan(size.n_cells)
    assert math.isnan(size.n_rows)
    assert size.n_tasks == 4
