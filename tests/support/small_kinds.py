"""Small networks of classes, changes and frames, with samples that are drawn when they are asked for."""

from dataclasses import dataclass, replace

import numpy as np
import small_networks as small

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.loss_registry import LossTerm, loss_of
from entropice.networks.machine import Machine
from entropice.networks.objective import class_objective, frames_objective, mask_objective
from entropice.networks.plateaus import Plateau
from entropice.networks.schedules import Schedule
from entropice.networks.training import carry_out

RGB = ("red", "green", "blue")
N_PIXELS = 32


@dataclass(frozen=True)
class Drawn:
    """Samples of a kind: a brightness that is the class, a square that appears, a pattern that moves to the right."""

    kind: str

    def load(self, keys, epoch):
        parts = zip(*(getattr(self, f"_{self.kind}")(generator(key, epoch)) for key in keys), strict=True)
        return tuple(np.stack(part) for part in parts)

    def _class(self, random):
        label = random.integers(3)
        image = random.normal(label - 1.0, 1.0, (3, N_PIXELS, N_PIXELS)).astype(np.float32)
        return image, np.int64(label), np.bool_(random.random() > 0.1)

    def _change(self, random):
        before = random.normal(size=(3, N_PIXELS, N_PIXELS)).astype(np.float32)
        target, row = np.zeros((N_PIXELS, N_PIXELS), np.uint8), random.integers(N_PIXELS - 9)
        target[row : row + 9, 8:20] = 1
        return np.stack([before, before + 2 * target]), target, random.random(target.shape) > 0.1

    def _frames(self, random):
        first = random.normal(size=(2, 8, 8)).astype(np.float32)
        frames = np.stack([np.roll(first, step, -1) for step in range(5)])
        target = frames[3:, :1]
        return frames[:3], target, random.random(target.shape) > 0.1


def generator(key, epoch):
    return np.random.default_rng([epoch, *key.encode()])


SPECIFICATIONS = {
    "class": NetworkSpecification("classifier", "tu-test_resnet", RGB, options={"n_classes": 3, "widths": [8]}),
    "change": NetworkSpecification("siamese", None, RGB, options={"widths": [4, 6]}),
    "frames": NetworkSpecification(
        "conv_lstm",
        None,
        ("ice_concentration", "wind_x"),
        options={
            **{"n_frames_in": 3, "n_frames_out": 2, "target_bands": ["ice_concentration"], "widths": [4]},
            **{"recomputed_every": 2, "attention": "channel"},
        },
    ),
}


def objective(kind):
    return {
        "class": lambda: class_objective(loss_of([LossTerm("class_cross_entropy")], kind, {"n_of_class": [9, 5, 7]})),
        "change": lambda: mask_objective(loss_of([LossTerm("cross_entropy")], kind), "change"),
        "frames": lambda: frames_objective(loss_of([LossTerm("mean_squared_error")], kind), 2),
    }[kind]()


def plan(kind, **changes):
    schedule = Schedule(2, 1e-2, warmup_epochs=0, frozen_epochs=0, plateau=Plateau(0.5, 0))
    if kind == "class":
        schedule = replace(schedule, n_trainable_modules=3)
    return small.plan(schedule=schedule, **changes)


def validate(predict, epoch):
    return {"val_loss": epoch}


def training_of(kind, state=None, **changes):
    """Training after every step."""
    network = build_network(SPECIFICATIONS[kind], 4)
    return carry_out(plan(kind, **changes), network, objective(kind), Drawn(kind), validate, Machine(), state)
