"""Steps of a kind of answers, run as they are wired."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from kedro.io import DataCatalog, MemoryDataset
from kedro.pipeline import Pipeline
from kedro.runner import SequentialRunner

from entropice.imagery.places import places_table
from entropice.imagery.samples import Place
from entropice.io import NetworkDataset
from entropice.pipelines.kinds.declaration import Kind
from entropice.pipelines.tasks.rules import TaskRules

PIXEL_M = 250.0


class Kept(MemoryDataset):
    """What a runner does not throw away once nobody needs it."""

    def _release(self) -> None:
        pass


TRAINING = {
    "n_epochs": 2, "batch_size": 4, "n_parts": 1, "rate": 3e-3, "lowest_rate": 1e-4, "warmup_epochs": 0,
    "frozen_epochs": 0, "frozen_rate": 1e-3, "encoder_share": 1.0, "layer_decay": 1.0, "weight_decay": 1e-4,
    "clip_norm": 1.0, "average_decay": 0.5, "validated_every": 1, "patience": 9, "min_delta": 0.0, "seed": 3,
    "device": "cpu", "precision": "fp32", "n_threads": 1, "n_workers": 0, "is_deterministic": True,
}  # fmt: skip
SAMPLES = {
    "splits": {"block_level": 4, "buffer_m": 0.0, "train": 0.5, "validation": 0.25, "test": 0.25},
    "statistics": {"dataset_version": "test", "computed_date": "2026-01-01", "share": 1.0},
    "derivation": {"surroundings_radius_m": 500.0, "sun_azimuth_deg": 315.0, "sun_elevation_deg": 45.0},
    "augmentation": {
        "symmetry_probability": 0.5, "affine_probability": 0.0, "max_shift": 0.0, "max_scale": 0.0,
        "max_rotation_deg": 0.0, "elastic_probability": 0.0, "elastic_alpha_px": 0.0, "elastic_sigma_px": 1.0,
        "shear_probability": 0.0, "max_shear_deg": 0.0, "colour_probability": 0.5, "max_brightness": 0.1,
        "max_contrast": 0.1, "max_saturation": 0.1,
    },
    "checks": {"min_prevalence": 0.01, "max_prevalence": 0.95, "max_hidden_share": 0.5},
}  # fmt: skip


def scattered(n: int, n_pixels: int, seed: int = 0) -> dict[str, Place]:
    """Places of the central Arctic, each on ground of its own."""
    random = np.random.default_rng(seed)
    chosen = random.permutation(30 * 30)[:n]
    step_m = 100_000.0
    return {
        f"t{number:03d}": Place(step_m * (cell % 30 - 15), step_m * (cell // 30 - 15), PIXEL_M, n_pixels, 2020)
        for number, cell in enumerate(chosen.tolist())
    }


def run_kind(kind: Kind, rules: TaskRules, images: Any, places: Mapping[str, Place], folder: Path) -> dict[str, Any]:
    """What the steps of a kind make of images, by the names of their datasets."""
    steps = [*kind.samples(None), *kind.training(None), *kind.evaluation(None), *kind.layers(None)]
    pipeline = Pipeline(steps)
    parameters = {name: _parameter(name, rules) for name in pipeline.inputs() if name.startswith("params:")}
    network = NetworkDataset(filepath=str(folder / "network"))
    network.fingerprint = {"made_with": "test"}
    given = {"images": images, "tiles": places_table(places), **parameters}
    memory = {name: MemoryDataset(data, copy_mode="assign") for name, data in given.items()}
    made = {name: Kept(copy_mode="assign") for name in pipeline.all_outputs() - {"network"}}
    catalog = DataCatalog({**memory, **made, "network": network})
    SequentialRunner().run(pipeline, catalog)
    return {name: catalog.load(name) for name in (*made, "network")}


def _parameter(name: str, rules: TaskRules) -> Any:
    path = name.removeprefix("params:")
    if path in {"grid", "random_seed"}:
        return {"grid": "h3_4", "random_seed": 5}[path]
    value: Any = rules
    for part in path.removeprefix("task.").split("."):
        value = getattr(value, part)
    return list(value) if isinstance(value, tuple) and path == "task.bands" else value


def leads(scores: pd.DataFrame, score: str) -> pd.Series:
    """How much better the network's score is than each rival's."""
    chosen = scores[(scores["score"] == score) & scores["compared_with"].notna() & scores["part"].isna()]
    return chosen.set_index("compared_with")["value"]
