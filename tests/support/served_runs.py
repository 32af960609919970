"""Finished runs as a server finds them: ice with a network that was trained, and fabricated cells."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import image_runs
import numpy as np
from fabricated_runs import GRID, fabricate, run_of
from task_runs import SAMPLES, TRAINING, run_kind, scattered

from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image
from entropice.io import ArraysDataset, ClassTilesDataset, ImageRunFolderDataset, JsonDataset
from entropice.io.checksums import read_records, write_record
from entropice.pipelines.kinds.image_class.declaration import IMAGE_CLASS
from entropice.pipelines.kinds.image_class.parameters import ImageClassParameters
from entropice.report.image_run.content import build_run
from entropice.report.image_run.folder import ImageRunFolder
from entropice.report.origin import Origin
from entropice.report.run_folder import write_run_folder
from entropice.serve.limits import Limits
from entropice.serve.server import LOOPBACK, address_of, listening, server_of
from entropice.serve.watch import Watch
from entropice.sources.imagery.class_tiles import ClassTile

TASK = "ice_types"
EDGE_PX = 32
N_IMAGES = 48
ICE, ICE_RUN = "ice", "ice.08_reporting.run"
CELLS_RUN = "cells"
CLASSES = [
    {"name": "water", "title": "Water", "colour": "#08306b"},
    {"name": "thin", "title": "Thin ice", "colour": "#6baed6"},
    {"name": "thick", "title": "Thick ice", "colour": "#f7fbff"},
]
PARAMETERS: dict[str, Any] = {
    "bands": list(RGB),
    "network": {
        "architecture": "classifier",
        "encoder": "tu-test_resnet",
        "options": {"n_classes": 3, "widths": [16], "dropout": 0.1},
    },
    "training": TRAINING | {"losses": [{"name": "class_cross_entropy"}], "metric": "val_log_score", "n_epochs": 3},
    "samples": SAMPLES | {"classes": CLASSES},
    "evaluation": {
        "batch_size": 8, "n_bootstrap": 5, "n_symmetries": 2, "false_alarm_rate": 0.1, "confident_from": 0.8,
        "n_shown": 4,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Trained:
    """What the task has made.

    Attributes
    ----------
    folder
        Holds ``network`` and ``images``.
    made
        Its datasets by name.
    """

    folder: Path
    made: dict[str, Any]


def ice_image(key: str, label: int) -> Image:
    """One of three levels of grey, the brighter the rougher."""
    random = np.random.default_rng([*key.encode()])
    level, roughness = (0.1, 0.5, 0.8)[label], (0.02, 0.05, 0.1)[label]
    tint = np.array([0.0, 0.03, 0.06])[:, None, None]
    values = level + tint + roughness * random.normal(size=(3, EDGE_PX, EDGE_PX))
    return Image(RGB, np.clip(values, 0, 1).astype(np.float32), np.ones(values.shape, bool))


def trained(folder: Path) -> Trained:
    """The task, run as it is wired."""
    places = scattered(N_IMAGES, EDGE_PX)
    images = ClassTilesDataset(filepath=str(folder / "images"))
    images.save(
        ClassTile(key, place, ice_image(key, number % 3), number % 3)
        for number, (key, place) in enumerate(places.items())
    )
    rules = ImageClassParameters.model_validate(PARAMETERS)
    return Trained(folder, run_kind(IMAGE_CLASS, rules, images.load(), places, folder))


def publish(root: Path, task: Trained, slope: float | None = None) -> None:
    """A run of ice with its outputs below a root, in the order in which a run writes them; a slope makes another."""
    outputs, made = root / ICE, task.made
    network = outputs / "06_models" / f"{TASK}_network"
    if not network.exists():
        shutil.copytree(task.folder / "network", network)
        write_record(network, network, {})
    statistics = JsonDataset(filepath=str(outputs / "05_model_input" / f"{TASK}_statistics.json"))
    statistics.save(made["statistics"])
    alarm = ArraysDataset(filepath=str(outputs / "07_model_output" / f"{TASK}_alarm"))
    alarm.save(made["alarm"])
    calibration = JsonDataset(filepath=str(outputs / "07_model_output" / f"{TASK}_calibration.json"))
    calibration.save(_calibration(made["calibration"], slope))
    standing = {"network": network, "statistics": statistics.path, "alarm": alarm.path, "calibration": calibration.path}
    run = _run(standing)
    ImageRunFolderDataset(filepath=str(outputs / "08_reporting" / "run")).save(ImageRunFolder(run, "<p>report</p>"))


def _calibration(made: dict[str, Any], slope: float | None) -> dict[str, Any]:
    return made if slope is None else made | {"network": made["network"] | {"slope": slope}}


def _run(standing: dict[str, Path]) -> Any:
    intermediates = [
        {"dataset": f"{TASK}.{name}", "path": one.path, "bytes": one.n_bytes, "sha256": one.sha256}
        for name, path in standing.items()
        for one in read_records(path)
    ]
    parameters = image_runs.PARAMETERS | {"tasks": image_runs.PARAMETERS["tasks"] | {TASK: PARAMETERS}}
    origin = Origin(image_runs.COMPOSITION, parameters, image_runs.PROVENANCE | {"intermediates": intermediates})
    return build_run(image_runs.ABOUT, origin, (image_runs.MOTION, image_runs.TYPING), image_runs.datasets())


def publish_cells(root: Path) -> None:
    """The fabricated run around the pole, below a root."""
    folder = root / CELLS_RUN
    folder.mkdir()
    write_run_folder(run_of(fabricate(GRID, 84.0)), folder)


def manifest_of(root: Path, run: str) -> dict[str, Any]:
    """What a run below a root says of itself."""
    document: dict[str, Any] = json.loads((root / run.replace(".", "/") / "manifest.json").read_text(encoding="utf-8"))
    return document


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    address: str
    watch: Watch

    def url(self, path: str) -> str:
        """Of a path below the version."""
        return f"{self.address}/api/v1/{path}"


@contextmanager
def serving(root: Path, limits: Limits | None = None, interval_s: float = 0.05) -> Iterator[Server]:
    """A server over a root, on a free port of this machine, with connections as any other."""
    chosen = Limits() if limits is None else limits
    with Watch(root, chosen.n_threads, interval_s) as watch, listening(LOOPBACK, 0) as listener:
        server = server_of(watch, chosen)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Server(address_of(listener), watch)
        finally:
            server.should_exit = True
            thread.join()
