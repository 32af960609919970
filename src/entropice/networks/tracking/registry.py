"""Trackers, one declaration each; their packages are imported when a training opens one."""

from typing import Final

from entropice.networks.tracking.mlflow_store import MlflowRun
from entropice.networks.tracking.tracker import TrackerKind
from entropice.networks.tracking.wandb_folder import WandbRun

TRACKERS: Final[tuple[TrackerKind, ...]] = (
    TrackerKind("mlflow", "MLflow", "folder of a store, or address of a server; null: none", "mlflow", MlflowRun),
    TrackerKind("wandb", "Weights & Biases", "folder of runs without the net; null: none", "wandb", WandbRun),
)
