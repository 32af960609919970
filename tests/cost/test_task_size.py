"""What a task of images sees follows from its parameters: numbers worked by hand, and as much as training shows."""

import math
from pathlib import Path

import pytest

from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.cost import task_size as module
from entropice.cost.task_size import KEPT, WEIGHTS, task_size
from entropice.imagery.batches import batches_of_epoch
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.operations import count_operations
from entropice.pipelines.step_cost import Operations
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[2] / "conf"


@pytest.fixture(autouse=True)
def counted(monkeypatch):
    """Networks are counted in `tests/networks`."""
    monkeypatch.setattr(module, "_operations", lambda *_: Operations(100.0, 1e6))


def planned(environment, size, **tasks):
    given = {"size": size, "tasks": tasks}
    loader = RootedConfigLoader(str(CONF), env=environment, runtime_params=given, **CONFIG_LOADER_ARGS)
    return read_configuration(loader)


def sized(environment, name, size, **of_task):
    configuration = planned(environment, size, **{name: of_task})
    return task_size(configuration.parameters, name, configuration.composition.tasks[name])


def test_operations_are_those_of_the_network_itself_for_all_that_is_computed_together(monkeypatch):
    monkeypatch.undo()
    network = NetworkSpecification("unet", "tu-tf_efficientnet_lite0", ("red", "nir", "green"))
    training = {"batch_size": 12, "n_parts": 4}

    slumps = sized("slump_imagery", "slumps", "tiny", bands=list(network.bands), training=training)

    counted = count_operations(network, (3, 64, 64))
    assert slumps.operations.of_prediction == counted.forward / 64**2
    assert slumps.operations.training_bytes == pytest.approx(
        KEPT * 3 * counted.kept_bytes + WEIGHTS * 4 * counted.n_parameters
    )


def test_without_a_library_of_networks_or_an_image_no_operations_are_known(monkeypatch):
    monkeypatch.undo()
    assert math.isnan(sized("lakes_observed", "lakes", "published").operations.of_prediction)

    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "timm" else name)

    assert math.isnan(sized("slump_imagery", "slumps", "tiny").operations.of_prediction)


def test_a_mask_is_learned_from_as_the_curriculum_says():
    slumps = sized("slump_imagery", "slumps", "tiny")

    assert slumps.drawn_px == (120 + 240) * 64 * 64
    assert slumps.learned.n_in_training == 6 * 120  # 60 around and as many others, in batches of 8, in six epochs
    assert slumps.learned.n_in_validation == 2 * 90
    assert slumps.held_out_px == 180 * 64 * 64
    assert slumps.training_operations == (3 * 720 + 180) * 64 * 64 * 100.0
    assert slumps.mapped_px == 12 * 2 * 192 * 192
    assert slumps.n_looks == 1


def test_it_shows_training_as_many_tiles_as_training_does():
    configuration = planned("slump_imagery", "demo")
    task = configuration.parameters.task("slumps")
    rules, n_epochs, batch_size = task.samples.curriculum, task.training.n_epochs, task.training.batch_size
    positive, negative = (
        [f"{kind}{number}" for number in range(round(task.samples.splits.train * n))]
        for kind, n in (("p", task.virtual_slumps.tiles.n_around), ("n", task.virtual_slumps.tiles.n_anywhere))
    )
    epochs = (batches_of_epoch(positive, negative, rules, batch_size, 0, epoch + 1) for epoch in range(n_epochs))

    n_shown = sum(len(batch) for batches in epochs for batch in batches)

    size = task_size(configuration.parameters, "slumps", configuration.composition.tasks["slumps"])
    assert size.learned.n_in_training == n_shown


def test_windows_that_overlap_and_symmetries_are_looks_of_their_own():
    mapping = {"tiles": {"pixel_m": 6.0, "n_pixels": 384}, "window_px": 192, "overlap_px": 96}
    test_time = {"n_symmetries": 4, "resolutions": [1, 2]}
    slumps = sized("slump_imagery", "slumps", "tiny", mapping=mapping, evaluation={"test_time": test_time})

    assert slumps.mapped_px == 12 * 2 * (3 * 192) ** 2
    assert slumps.n_looks == 4 * 1.25


def test_lakes_are_seen_in_every_region_and_year_and_surveyed_whole():
    lakes = sized("glacial_lakes", "lakes", "tiny")

    assert lakes.images.n_positive == lakes.images.n_negative == 6 * 6 * 4
    assert lakes.images.surveyed_px == 6 * 4 * 360**2  # 60 blocks of 6 pixels
    assert lakes.surveyed_px > lakes.images.surveyed_px, "windows overlap"


def test_pairs_and_classes_are_seen_in_every_epoch():
    change, types = sized("sea_ice", "ice_change", "tiny"), sized("sea_ice", "ice_types", "tiny")

    assert change.learned.input_shape == (2, 3, 64, 64)
    assert change.drawn_px == 90 * 2 * 64 * 64
    assert change.learned.n_in_training == 8 * 45
    assert types.learned.n_in_training == 3 * 45
    assert types.learned.n_pixels == 64 * 64


def test_sequences_are_drawn_from_all_ground_and_steps():
    motion = sized("sea_ice", "ice_motion", "tiny")

    assert motion.images.n_field_pixels == 40 * 3 * 64 * 64
    assert motion.learned.n_pixels == 3 * 32 * 32
    assert motion.learned.n_in_training == 2 * 10 * 4  # epochs, batches, sequences
    n_windows = 4 * (120 - 3) / 4  # places; first steps
    assert motion.learned.n_learned_from == pytest.approx(n_windows / 3)  # of three seasons the first


def test_of_files_that_are_given_nothing_is_known_before():
    lakes = sized("lakes_observed", "lakes", "published")

    assert math.isnan(lakes.drawn_px)
    assert math.isnan(lakes.training_operations)
    assert math.isnan(lakes.surveyed_px)
