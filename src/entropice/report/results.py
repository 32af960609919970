"""What a run has found: the datasets that a run folder is made of, by their names in the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from entropice.types import DataFrame, Dataset, GeoDataFrame


@dataclass(frozen=True)
class TaskResults:
    """What one task has found in images: the datasets ``<task>.<name>`` of its namespace.

    Attributes
    ----------
    outlines
        GeoDataFrame (EPSG:3413), a row an object and year: ``outline_id tile cell_id year area_m2 …``.
    imaged_tiles
        GeoDataFrame, a row a tile and year: ``tile year cell_id stratum inclusion is_best expected seen_area_m2 …``.
    cell_finds
        A row a cell, null where nothing was looked at: ``cell_id expected_per_km2 passes_gate n_tiles found_per_km2
        …``.
    gate
        ``bound threshold_per_km2 missed_share n_blocks land_saved curve``.
    image_scores, image_curves, object_scores, joint_scores
        Scores of pixels, their curves, scores of objects, and of joined evidence; docs/ARCHITECTURE.md has all columns.
    """

    outlines: GeoDataFrame
    imaged_tiles: GeoDataFrame
    cell_finds: DataFrame
    gate: dict[str, Any]
    image_scores: DataFrame
    image_curves: DataFrame
    object_scores: DataFrame
    joint_scores: DataFrame


@dataclass(frozen=True)
class RunResults:
    """The datasets of one run; docs/ARCHITECTURE.md says what each holds.

    Attributes
    ----------
    bayes_limit, bayes_limit_scores, limit_leaks, true_map_skill
        None where the truth is not known.
    tasks
        What has been found in images, by the name of the task; empty where nothing was looked for in any.
    """

    cells: GeoDataFrame
    land: GeoDataFrame
    rts: GeoDataFrame
    coverage: GeoDataFrame
    labels: DataFrame
    features: Dataset
    training_table: DataFrame
    classes: dict[str, Any]
    folds: DataFrame
    out_of_fold: DataFrame
    scores: DataFrame
    fold_scores: DataFrame
    predictions: DataFrame
    drivers: DataFrame
    cell_drivers: DataFrame
    responses: DataFrame
    boxes: DataFrame
    box_values: DataFrame
    survey: DataFrame
    map_model_choice: dict[str, Any]
    regional_calibration: DataFrame
    leaks: dict[str, Any]
    provenance: dict[str, Any]
    bayes_limit: DataFrame | None = None
    bayes_limit_scores: DataFrame | None = None
    limit_leaks: dict[str, Any] | None = None
    true_map_skill: DataFrame | None = None
    tasks: Mapping[str, TaskResults] = field(default_factory=dict)


OF_A_KNOWN_TRUTH: Final = ("bayes_limit", "bayes_limit_scores", "limit_leaks", "true_map_skill")
_OF_TASKS: Final = "tasks"


def dataset_names(*, with_limit: bool) -> list[str]:
    """The datasets of the whole run in `RunResults`, in its order, with or without those of a known truth.

    Examples
    --------
    >>> set(dataset_names(with_limit=True)) - set(dataset_names(with_limit=False)) == set(OF_A_KNOWN_TRUTH)
    True
    """
    left_out = {_OF_TASKS} if with_limit else {_OF_TASKS, *OF_A_KNOWN_TRUTH}
    return [one.name for one in fields(RunResults) if one.name not in left_out]


def task_dataset_names(task: str) -> list[str]:
    """The datasets that make up the `TaskResults` of a task, ``<task>.<name>``, in its order.

    Examples
    --------
    >>> task_dataset_names("slumps")[:2]
    ['slumps.outlines', 'slumps.imaged_tiles']
    """
    return [f"{task}.{one.name}" for one in fields(TaskResults)]


def gather_results(datasets: Mapping[str, Any]) -> RunResults:
    """Bring datasets together by their names in the catalog: those of a task are called ``<task>.<name>``.

    Raises
    ------
    TypeError
        A dataset that a run or a task needs is missing, or one is there that has no place.

    Examples
    --------
    >>> gather_results({"cells": None, "slumps.gate": {}})
    Traceback (most recent call last):
    TypeError: ...
    """
    of_tasks: dict[str, dict[str, Any]] = {}
    for name, dataset in datasets.items():
        task, _, own = name.rpartition(".")
        of_tasks.setdefault(task, {})[own] = dataset
    return RunResults(**of_tasks.pop("", {}), tasks={name: TaskResults(**own) for name, own in of_tasks.items()})
