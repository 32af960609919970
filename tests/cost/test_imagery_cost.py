"""What imagery costs follows from its parameters: numbers worked by hand, and a network that was not measured."""

from dataclasses import replace
from pathlib import Path

import pytest

from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.cost.imagery import (
    DRAWN_BYTES,
    DRAWN_US,
    LOADED_US,
    MEASURED,
    ImageryPlan,
    MeasuredNetwork,
    plan_of_task,
    planned_imagery,
)
from entropice.cost.table import table
from entropice.imagery.batches import batches_of_epoch
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[2] / "conf"
NETWORK = MeasuredNetwork("unet", "small", 4.0, 1.0, 1000.0)
PLAN = ImageryPlan(
    n_bands=5,
    n_drawn=10,
    tile_px=10_000,
    n_learned=200,
    n_validated=100,
    n_at_once=4,
    n_mapped=6,
    mapped_px=40_000,
    n_looks=2.25,
    network=NETWORK,
)


def planned(size, **of_slumps):
    given = {"size": size, "tasks": {"slumps": of_slumps}}
    loader = RootedConfigLoader(str(CONF), env="slump_imagery", runtime_params=given, **CONFIG_LOADER_ARGS)
    return read_configuration(loader).parameters


def test_rows_are_tiles_times_pixels_times_what_was_measured():
    scenes, training, mapping = planned_imagery("lakes", PLAN)

    assert [row.source for row in (scenes, training, mapping)] == ["lakes: scenes", "lakes: training", "lakes: mapping"]
    assert (scenes.n_tiles, scenes.n_values, scenes.n_bytes) == (10, 500_000, round(100_000 * DRAWN_BYTES))
    assert scenes.seconds == pytest.approx(100_000 * DRAWN_US / 1e6)
    assert training.seconds == pytest.approx((2e6 * (LOADED_US + 4) + 1e6 * (LOADED_US + 1)) / 1e6)
    assert training.memory_bytes == 4 * 10_000 * 1000
    assert mapping.seconds == pytest.approx(240_000 * (DRAWN_US + 2.25) / 1e6)


def test_of_a_network_that_was_not_measured_no_time_is_told():
    _, training, mapping = planned_imagery("lakes", replace(PLAN, network=None))

    assert training.seconds is training.memory_bytes is mapping.seconds is None
    assert table([training]).count("not measured") == 3


def test_a_plan_follows_from_the_parameters_of_its_task():
    plan = plan_of_task(planned("tiny"), "slumps", "virtual_slumps")

    assert plan.n_drawn == 120 + 240
    assert plan.tile_px == 64 * 64
    assert plan.n_learned == 6 * 120  # 60 around and as many others, in batches of 8, in six epochs
    assert plan.n_validated == 2 * 90
    assert plan.n_at_once == 8
    assert (plan.n_mapped, plan.mapped_px, plan.n_looks) == (12 * 2, 192 * 192, 1.0)
    assert plan.network in MEASURED


def test_it_shows_training_as_many_tiles_as_training_does():
    parameters = planned("demo")
    task = parameters.task("slumps")
    rules, n_epochs, batch_size = task.samples.curriculum, task.training.n_epochs, task.training.batch_size
    positive, negative = (
        [f"{kind}{number}" for number in range(round(task.samples.splits.train * n))]
        for kind, n in (("p", task.virtual_slumps.tiles.n_around), ("n", task.virtual_slumps.tiles.n_anywhere))
    )
    epochs = (batches_of_epoch(positive, negative, rules, batch_size, 0, epoch + 1) for epoch in range(n_epochs))

    n_shown = sum(len(batch) for batches in epochs for batch in batches)

    assert plan_of_task(parameters, "slumps", "virtual_slumps").n_learned == n_shown


def test_windows_that_overlap_and_symmetries_are_looks_of_their_own():
    mapping = {"tiles": {"pixel_m": 6.0, "n_pixels": 384}, "window_px": 192, "overlap_px": 96}
    test_time = {"n_symmetries": 4, "resolutions": [1, 2]}
    plan = plan_of_task(
        planned("tiny", mapping=mapping, evaluation={"test_time": test_time}), "slumps", "virtual_slumps"
    )

    assert plan.n_looks == pytest.approx((3 * 192 / 384) ** 2 * 4 * 1.25)


def test_the_published_network_was_measured():
    assert plan_of_task(planned("published"), "slumps", "virtual_slumps").network is not None
    unknown = planned("published", network={"architecture": "fpn"})
    assert plan_of_task(unknown, "slumps", "virtual_slumps").network is None
