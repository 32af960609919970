"""A small network with its samples, drawn when they are asked for, and a plan for it."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from entropice.networks.log import EarlyStopping
from entropice.networks.losses import cross_entropy
from entropice.networks.objective import mask_objective
from entropice.networks.plan import Plan
from entropice.networks.schedules import Schedule

N_PIXELS = 8


class SmallNetwork(nn.Module):
    """An encoder and a decoder with dropout, normalised by group or by batch."""

    def __init__(self, norm="group", dropout=0.3):
        super().__init__()
        norm_of = {"group": lambda n: nn.GroupNorm(2, n), "batch": nn.BatchNorm2d}[norm]
        self.encoder = nn.Sequential(nn.Conv2d(2, 8, 3, padding=1), norm_of(8), nn.GELU())
        self.decoder = nn.Sequential(
            nn.Conv2d(8, 8, 3, padding=1), norm_of(8), nn.GELU(), nn.Dropout(dropout), nn.Conv2d(8, 1, 1)
        )

    def forward(self, inputs):
        return self.decoder(self.encoder(inputs))


def small_network(norm="group", dropout=0.3):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return SmallNetwork(norm, dropout)


@dataclass(frozen=True)
class DrawnSamples:
    """A bright square on noise, at a place that follows from the key; the noise follows from the epoch, too."""

    seed: int = 0

    def load(self, keys, epoch):
        return tuple(np.stack(part) for part in zip(*(self._sample(key, epoch) for key in keys), strict=True))

    def _sample(self, key, epoch):
        place = np.random.default_rng([self.seed, *key.encode()])
        row, column = place.integers(0, N_PIXELS - 3, 2)
        target = np.zeros((N_PIXELS, N_PIXELS), np.uint8)
        target[row : row + 3, column : column + 3] = 1
        noise = np.random.default_rng([self.seed, epoch, *key.encode()])
        inputs = (target + 0.5 * noise.standard_normal((2, N_PIXELS, N_PIXELS))).astype(np.float32)
        return inputs, target, noise.random(target.shape) > 0.1


def batches(epoch, n_steps=4, batch_size=4):
    """Epochs differ in their order and have 4, 5, 4, 5 … steps."""
    keys = np.random.default_rng([7, epoch]).permutation(40)
    return [
        [f"tile-{key}" for key in keys[batch_size * step : batch_size * (step + 1)]]
        for step in range(n_steps + epoch % 2)
    ]


def plan(n_epochs=3, **changes):
    schedule = changes.pop("schedule", Schedule(n_epochs, 1e-2, warmup_epochs=1, frozen_epochs=1, frozen_rate=2e-2))
    stopping = changes.pop("stopping", EarlyStopping("val_loss", bigger_is_better=False))
    return Plan(batches, schedule, 5, stopping, **changes)


OBJECTIVE = mask_objective(cross_entropy, "square")


def validate(predict, epoch):
    """Mean loss on samples that are not trained on."""
    inputs, target, scored = DrawnSamples(1).load([f"other-{number}" for number in range(6)], 0)
    logits = torch.as_tensor(predict(inputs)[:, 0])
    return {"val_loss": float(cross_entropy(logits, torch.as_tensor(target), torch.as_tensor(scored)))}
