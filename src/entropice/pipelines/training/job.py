"""What trainings of all kinds have in common: where they are computed, and how far they go."""

from collections.abc import Mapping, Sequence
from typing import Any

from entropice.networks.architecture import Kind, NetworkSpecification
from entropice.networks.log import EarlyStopping
from entropice.networks.loss_registry import LossTerm, loss_of
from entropice.networks.losses import Loss
from entropice.networks.machine import Machine, device_named
from entropice.networks.plan import Batches, Plan
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters


def specification_of(network: NetworkParameters, bands: Sequence[str], n_pixels: int) -> NetworkSpecification:
    """What is built for images of so many pixels along an edge: architecture, encoder, fusion and all of its options.

    `bands` are what it sees, in this order.

    Raises
    ------
    ConfigError
        An option is not known, is missing, or has a value that it cannot have.
    """
    return NetworkSpecification(
        architecture=network.architecture,
        encoder=network.encoder,
        bands=tuple(bands),
        fusion=network.fusion,
        n_pixels=n_pixels,
        options=network.settings,
    )


def loss_of_training(training: TrainingParameters, kind: Kind, facts: Mapping[str, Any] | None = None) -> Loss:
    """The weighted sum of its losses, which may need facts of the training samples, such as ``n_of_class``.

    Raises
    ------
    ConfigError
        Networks of this kind cannot learn by a loss, or a parameter does not go with the facts.
    """
    return loss_of([LossTerm(loss.name, loss.weight, loss.parameters) for loss in training.losses], kind, facts)


def machine_of(training: TrainingParameters) -> Machine:
    """Where and how it is computed; the device ``auto`` is a GPU where there is one, else the CPU."""
    return Machine(
        device=device_named(training.device),
        precision=training.precision,
        n_threads=training.n_threads,
        n_workers=training.n_workers,
        is_deterministic=training.is_deterministic,
    )


def plan_of(batches: Batches, training: TrainingParameters, *, bigger_is_better: bool = True) -> Plan:
    """What training will do with batches of epochs, counted from 0.

    `bigger_is_better` says of the metric of the parameters whether an epoch is better where it is higher. Nothing is
    computed.

    Raises
    ------
    ConfigError
        The rates of learning do not go together.
    """
    return Plan(
        batches=batches,
        schedule=training.schedule,
        seed=training.seed,
        stopping=EarlyStopping(training.metric, training.patience, training.min_delta, bigger_is_better),
        n_parts=training.n_parts,
        weight_decay=training.weight_decay,
        clip_norm=training.clip_norm,
        average_decay=training.average_decay,
        validated_every=training.validated_every,
        soup_epochs=training.soup_epochs or (),
    )
