"""The training of a mask: distances where a loss asks for them, and what the network learns from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import torch
from task_steps import configuration_of

from entropice.errors import ConfigError
from entropice.imagery.distances import signed_distances_px
from entropice.imagery.samples import Image, Place, Sample
from entropice.pipelines.kinds.mask.nodes import measure_distances, train_network
from entropice.pipelines.samples.nodes import measure_bands

BANDS = ("red", "nir")
STILL = {"affine_probability": 0.0, "elastic_probability": 0.0, "shear_probability": 0.0}
PUBLISHED = [
    {"name": "cross_entropy", "weight": 0.5, "parameters": {"positive_weight": 100.0, "hardest_share": 0.5}},
    {"name": "dice"},
    {"name": "lovasz", "weight": 0.3},
    {"name": "tversky", "weight": 0.5, "parameters": {"fp_weight": 0.25, "fn_weight": 0.75}},
    {"name": "focal", "parameters": {"gamma": 2.0, "hardest_share": 0.5, "least_pixels": 4096}},
    {"name": "boundary", "weight": 0.5},
]


@dataclass(frozen=True)
class Drawn:
    """Tiles of which every other one has something to find."""

    keys: tuple[str, ...] = tuple(f"tile_{number:02d}" for number in range(16))
    bands: tuple[str, ...] = BANDS

    def read(self, key):
        random = np.random.default_rng([*key.encode()])
        values = random.uniform(0.1, 0.4, (2, 32, 32)).astype(np.float32)
        target = np.zeros((32, 32), np.uint8)
        target[8:20, 4:16] = int(key[-2:]) % 2
        image = Image(BANDS, values, np.ones(values.shape, bool))
        return Sample(key, image, target, np.ones(target.shape, bool), Place(0.0, 0.0, 10.0, 32, 2021))


SPLITS = pd.DataFrame(
    {
        "key": Drawn().keys,
        "split": ["train"] * 12 + ["validation"] * 4,
        "block": np.arange(16, dtype=np.uint64),
        "n_positive": [144 * (number % 2) for number in range(16)],
    }
)


def _rules(losses, **of_task):
    given = {"training": {"losses": losses, "batch_size": 4}, **of_task}
    return configuration_of("slump_imagery", "slumps", given, "tiny").parameters.task("slumps")


class Read:
    """Distances by key, which notes what is read."""

    def __init__(self, distances):
        self.of_key, self.read_keys = dict(distances), []
        self.keys = tuple(self.of_key)

    def read(self, key):
        self.read_keys.append(key)
        return self.of_key[key].astype(np.float32)


def _job(rules, distances):
    samples = rules.samples
    statistics = measure_bands(Drawn(), SPLITS, list(BANDS), samples.derivation, samples.statistics, 0)
    of_task = list(BANDS), samples, rules.network, rules.training, [5.0], distances
    return train_network(Drawn(), SPLITS, statistics, {}, *of_task)


def test_distances_are_those_of_training_tiles_and_of_none_where_no_loss_asks():
    losses = _rules(PUBLISHED, samples={"augmentation": STILL}).training.losses
    found = dict(measure_distances(Drawn(), SPLITS, losses))
    assert list(found) == list(Drawn().keys[:12])
    sample = Drawn().read("tile_03")
    assert np.array_equal(found["tile_03"], signed_distances_px(sample.target, sample.scored))
    assert list(measure_distances(Drawn(), SPLITS, losses[:-1])) == []


def test_the_published_sum_learns_from_mask_and_distances():
    rules = _rules(PUBLISHED, samples={"augmentation": STILL})
    distances = Read(measure_distances(Drawn(), SPLITS, rules.training.losses))
    job = _job(rules, distances)

    inputs, target, scored = job.loader.load(["tile_01", "tile_02"], 3)

    assert distances.read_keys == ["tile_01", "tile_02"]
    assert (inputs.shape, target.shape, scored.shape) == ((2, 2, 32, 32), (2, 2, 32, 32), (2, 32, 32))
    assert np.array_equal(target[:, 1] < 0, target[:, 0] > 0)
    truth = torch.as_tensor(target)
    losses = {
        margin: float(job.objective.loss(margin * (2 * truth[:, :1] - 1), truth, torch.as_tensor(scored)))
        for margin in (-3.0, 0.0, 3.0, 1e4)
    }
    assert np.isfinite([*losses.values()]).all()
    assert sorted(losses, key=losses.get) == [1e4, 3.0, 0.0, -3.0]


def test_without_a_loss_that_asks_for_them_no_distance_is_read():
    distances = Read({})
    job = _job(_rules(PUBLISHED[:-1]), distances)
    assert job.loader.load(["tile_01"], 3)[1].shape == (1, 32, 32)
    assert distances.read_keys == []


@pytest.mark.parametrize("name", STILL)
def test_distances_and_displacements_are_refused_together(name):
    with pytest.raises(ConfigError, match="distances to the edge of the label") as refusal:
        _rules(PUBLISHED, samples={"augmentation": STILL | {name: 0.1}})
    assert refusal.value.field == "tasks.slumps.samples.augmentation"


def test_sensors_are_hidden_where_there_are_several():
    sensors = {"optical": ["red", "green", "blue", "nir"], "relief": ["relative_elevation"]}
    hiding = {"hidden_sensor_probability": 0.2}
    assert _rules(PUBLISHED[:1], samples={"sensors": sensors, "augmentation": hiding}).samples.sensors
    with pytest.raises(ConfigError, match="no sensor can be hidden") as refusal:
        _rules(PUBLISHED[:1], samples={"augmentation": hiding})
    assert refusal.value.field == "tasks.slumps.samples.augmentation.hidden_sensor_probability"


def test_what_makes_pixels_known_is_a_sensor():
    sensors = {"optical": ["red", "green", "blue", "nir"], "relief": ["relative_elevation"]}
    rules = _rules(PUBLISHED[:1], samples={"sensors": sensors, "known_by": ["optical"]})
    assert rules.samples.seen_by.knowing == {"optical": tuple(sensors["optical"])}
    with pytest.raises(ConfigError, match="sensors that are there") as refusal:
        _rules(PUBLISHED[:1], samples={"sensors": sensors, "known_by": ["optical", "red"]})
    assert refusal.value.field == "tasks.slumps.samples.known_by"
