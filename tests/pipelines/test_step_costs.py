"""Every step of every environment has a cost, and costs grow with what there is."""

import math
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kedro.pipeline import Node

import entropice
from entropice.app.configuration.composition import compose
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.cost.planned import reads
from entropice.incremental.code_dependencies import CodeDependencies
from entropice.pipelines.composition import Composition
from entropice.pipelines.step_cost import (
    UNKNOWN,
    Images,
    Learned,
    Operations,
    Rate,
    RunSize,
    StepCost,
    TaskSize,
)
from entropice.pipelines.step_costs import COSTS, NOT_DECLARED, cost_of
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[2] / "conf"
ENVIRONMENTS = sorted(folder.name for folder in CONF.iterdir() if (folder / "composition.yml").is_file())

RUN = RunSize(**{field.name: 10.0 for field in fields(RunSize)})
TASK = TaskSize(
    images=Images(10, 10, 64.0**2, 1e5, 10, (64, 64), 1e6, 1e6),
    learned=Learned((3, 64, 64), 100, 20, 10, 10),
    operations=Operations(1e4, 1e8),
    n_bands=3,
    n_looks=1,
    mapped_px=1e5,
    surveyed_px=1e5,
    n_bootstrap=100,
)


@cache
def composition(environment: str) -> Composition:
    loader = RootedConfigLoader(str(CONF), env=environment, **CONFIG_LOADER_ARGS)
    return Composition.model_validate(loader["composition"])


@cache
def nodes(environment: str) -> tuple[Node, ...]:
    return tuple(node for pipeline in compose(composition(environment)).values() for node in pipeline.nodes)


def test_environments_were_found() -> None:
    assert {"base", "arctic", "sample", "slump_imagery", "sea_ice", "human_modification"} <= set(ENVIRONMENTS)
    assert {"glacial_lakes", "lakes_observed", "ice_observed", "modification_observed"} <= set(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_step_has_a_declared_cost_or_is_the_work_on_a_source(environment: str) -> None:
    sources = composition(environment).feature_sources
    without = [
        node.name
        for node in nodes(environment)
        if cost_of(node.func) is NOT_DECLARED and not any(reads(node, source) for source in sources)
    ]

    assert without == [], "declare a StepCost in costs.py beside the pipeline, and name the module in step_costs.py"


def test_a_step_is_declared_once_and_is_a_step() -> None:
    declared = [step for cost in COSTS for step in cost.steps]
    measured = [step for cost in COSTS if not cost.why_unknown for step in cost.steps]
    used = {node.func for environment in ENVIRONMENTS for node in nodes(environment)}
    unused = {step.__name__ for step in measured if step not in used}

    assert len(set(declared)) == len(declared)
    assert unused == {"derive_rasters"}, "the one of a source that no environment here has"


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost.steps[0].__qualname__)
def test_a_cost_has_a_time_or_says_why_not(cost: StepCost) -> None:
    seconds = cost.seconds(size_of(cost))

    assert math.isnan(seconds) == bool(cost.why_unknown)
    assert math.isnan(seconds) or seconds > 0
    assert bool(cost.why_unknown) != bool(cost.rates or cost.fixed_s)


def size_of(cost: StepCost) -> RunSize | TaskSize:
    """A size that the cost is told from."""
    try:
        return RUN if not math.isnan(cost.seconds(RUN)) else TASK
    except AttributeError:
        return TASK


@given(st.floats(1.0, 100.0))
def test_more_cells_never_cost_less(factor: float) -> None:
    more = replace(RUN, n_cells=factor * RUN.n_cells)
    of_runs = [cost for cost in COSTS if size_of(cost) is RUN]

    assert of_runs
    assert all(cost.seconds(more) >= cost.seconds(RUN) for cost in of_runs)


def test_seconds_are_counts_times_rates_beside_what_is_always_there() -> None:
    cost = StepCost(
        (print,),
        (Rate("cells", lambda size: size.n_cells, 50.0), Rate("rows", lambda size: size.n_rows, 2.0)),
        fixed_s=0.5,
    )
    size = replace(RUN, n_cells=2000, n_label_years=3, observed_share=0.5)

    assert cost.seconds(size) == pytest.approx(0.5 + 2000 * 50e-6 + 2000 * 3 * 0.5 * 2e-6)


def test_what_is_not_known_is_not_told() -> None:
    by_cells = StepCost((print,), (Rate("cells", lambda size: size.n_cells, 50.0),))

    assert math.isnan(by_cells.seconds(replace(RUN, n_cells=UNKNOWN)))
    assert math.isnan(StepCost((print,), why_unknown="nobody measured it").seconds(RUN))
    assert cost_of(len) is NOT_DECLARED


def test_another_rate_makes_no_result_stale() -> None:
    code = CodeDependencies(Path(entropice.__file__).parent)
    of_steps = {module for step in {step for cost in COSTS for step in cost.steps} for module in code.hashes([step])}

    assert "entropice.pipelines.modelling.nodes" in of_steps
    assert [
        module for module in of_steps if module.rpartition(".")[2] in {"costs", "step_costs", "network_rates"}
    ] == []
