"""What trackers are told of a training, in the words of the guide of the published size."""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import torch
import yaml

from entropice.networks.machine import device_named
from entropice.networks.tracking.tracking import Tracking
from entropice.pipelines.samples.parameters import MeasuredSamples
from entropice.pipelines.training.git_commit import git_commit
from entropice.pipelines.training.parameters import LossParameters, NetworkParameters, TrainingParameters


def tracking_of(
    bands: Sequence[str],
    n_pixels: int,
    samples: MeasuredSamples,
    network: NetworkParameters,
    training: TrainingParameters,
    statistics: Mapping[str, Any],
    noted_of_samples: Mapping[str, object],
) -> Tracking:
    """Where the training is tracked, what is noted of it, and the files that say how it was made.

    Parameters
    ----------
    bands, n_pixels
        What the network sees, and pixels along an edge of an image.
    samples, network, training
        Parameters of the task.
    statistics
        The document that inputs are standardised with.
    noted_of_samples
        What else is noted, by name.

    Returns
    -------
    Tracking
        Trackers with what each is given, parameters as texts (of the network ``architecture backbone pretrained
        input_channels input_size`` and its options; ``loss_function`` with the losses' parameters, ``optimizer
        learning_rate`` and more up to ``seed``; ``data_version``, `noted_of_samples`, and ``git_commit pytorch_version
        cuda_version gpu_model gpu_count``), and the files ``normalization_stats.json``, ``config.yaml`` and
        ``requirements_frozen.txt``. Nothing at all where no tracker is named.
    """
    places = training.tracking.places
    if not places:
        return Tracking()
    noted = {
        **_network(bands, n_pixels, network),
        **_optimisation(training),
        "data_version": samples.statistics.dataset_version,
        **noted_of_samples,
        **_machine(device_named(training.device)),
    }
    sections = {"samples": samples, "network": network, "training": training}
    used = {"bands": list(bands), **{name: section.model_dump(mode="json") for name, section in sections.items()}}
    documents = {
        "normalization_stats.json": json.dumps(statistics, indent=1, allow_nan=False) + "\n",
        "config.yaml": yaml.safe_dump(used, sort_keys=False),
        "requirements_frozen.txt": _installed(),
    }
    return Tracking(
        places, training.tracking.experiment, {name: str(value) for name, value in noted.items()}, documents
    )


def _network(bands: Sequence[str], n_pixels: int, network: NetworkParameters) -> dict[str, object]:
    return {
        "architecture": network.architecture,
        "backbone": network.encoder,
        "pretrained": network.begun_from or network.encoder_weights,
        "input_channels": ", ".join(bands),
        "input_size": n_pixels,
        **network.settings,
    }


def _optimisation(training: TrainingParameters) -> dict[str, object]:
    return {
        "loss_function": " + ".join(f"{loss.weight:g} {loss.name}" for loss in training.losses),
        **{name: value for loss in training.losses for name, value in _of_loss(loss).items()},
        "optimizer": "AdamW" if training.weight_decay else "Adam",
        "learning_rate": training.rate,
        "weight_decay": training.weight_decay,
        "gradient_clip_norm": training.clip_norm,
        "scheduler": _scheduler(training),
        "warmup_epochs": training.warmup_epochs,
        "min_lr": training.lowest_rate,
        "freeze_backbone_epochs": training.frozen_epochs,
        "batch_size": training.batch_size,
        "max_epochs": training.n_epochs,
        "early_stopping_patience": training.patience,
        "ema_decay": training.average_decay,
        **({"soup_epochs": _listed(training.soup_epochs)} if training.soup_epochs else {}),
        "seed": training.seed,
    }


def _scheduler(training: TrainingParameters) -> str:
    if training.plateau is not None:
        return "warm-up and falls at plateaus"
    anew = f", anew after epoch {_listed(training.restarts)}" if training.restarts else ""
    return f"warm-up and half a cosine{anew}"


def _listed(epochs: Sequence[int]) -> str:
    return ", ".join(map(str, epochs))


def _of_loss(loss: LossParameters) -> dict[str, object]:
    """``focal_gamma``, ``focal_alpha`` and the like: all parameters of a loss, the usual ones included."""
    return {f"{loss.name}_{name}": value for name, value in loss.settings.items()}


def _machine(device: str) -> dict[str, object]:
    is_on_gpu = torch.device(device).type == "cuda"
    return {
        "git_commit": git_commit(Path.cwd()),
        "pytorch_version": torch.__version__,
        "cuda_version": torch.version.cuda,
        "gpu_model": torch.cuda.get_device_name(device) if is_on_gpu else None,
        "gpu_count": torch.cuda.device_count() if is_on_gpu else 0,
    }


def _installed() -> str:
    found = {f"{one.metadata['Name']}=={one.version}" for one in distributions()}
    return "".join(f"{line}\n" for line in sorted(found, key=str.lower))
