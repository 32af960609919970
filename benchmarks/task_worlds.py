"""How good a task is in virtual worlds: ``python -m benchmarks.task_worlds --env sea_ice --task ice_motion …``.

``--work FOLDER --seeds 21 22 23 --records FILE --size demo`` runs the task once for each seed, which makes both the
world and the network, by ``kedro run --env ENV --namespaces TASK`` in a folder of its own, and reads its scores. A
world that is on record is not run again. The tables are those of the parts of the tests: a score of every model, by
horizon where there are any, then the network's less that of each other model in the same world; ± half a 95 % interval
over worlds, and in how many worlds the value is above 0. Law, networks and rivals must be fixed before worlds are
measured, on others.
"""

import argparse
import subprocess  # nosec B404
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml

from benchmarks.imagery_table import refusal, write_configuration
from benchmarks.matrix import Measures, measured, report
from benchmarks.virtual_arctic import PROJECT
from entropice.errors import RunStateError

PIPELINES: Final = "scenes,samples,training,evaluation"
SCORES: Final = (
    *("mse", "mae", "skill", "share_of_ceiling", "share_of_ceiling_mae", "within_tenth"),
    *("accuracy", "precision", "recall", "log_skill", "slope", "ece", "alarm_rate", "confident_errors"),
    *("confident_errors_left", "iou", "f_1", "pr_auc", "predicted_over_observed"),
)
"""Of all kinds."""

EVERYTHING: Final = "all"
"""In place of a part or a horizon, where scores have none."""

DIGITS: Final = 4


def measures_of(task_scores: pd.DataFrame, scores: Sequence[str] = SCORES) -> Measures:
    """Measures of one world from its ``task_scores``; those that are not defined are left out."""
    shown = task_scores[task_scores["score"].isin(scores) & task_scores["value"].notna()]
    return dict(_measures(shown))


def _measures(shown: pd.DataFrame) -> Iterator[tuple[tuple[str, str, str], float]]:
    for row in shown.sort_values(["part", "score", "horizon"]).to_dict("records"):
        title, model = f"{row['score']}, {_told(row['part'])}", row["model"]
        if not pd.isna(row["compared_with"]):
            title, model = f"{title}: {model} less", row["compared_with"]
        yield (title, model, _told(row["horizon"])), float(row["value"])


def _told(value: Any) -> str:
    if pd.isna(value):
        return EVERYTHING
    return value if isinstance(value, str) else f"{value:g}"


def run_world(env: str, task: str, size: str, work: Path, changes: dict[str, Any], seed: int) -> Measures:
    """Run the task in a world of its own, and read its scores; RunStateError where the run fails."""
    folder = run_task(env, task, size, work, changes, seed, PIPELINES)
    return measures_of(pd.concat(list(_scores_of(folder, task)), ignore_index=True))


def _scores_of(folder: Path, task: str) -> Iterator[pd.DataFrame]:
    """Of all kinds, and those that masks have besides, whose part is the ratio of negatives to a positive."""
    for path in folder.rglob(f"{task}_task_scores.parquet"):
        yield pd.read_parquet(path)
    for path in folder.rglob(f"{task}_image_scores.parquet"):
        table = pd.read_parquet(path)
        yield table.assign(part=[f"1 : {ratio:g}" for ratio in table["ratio"]], horizon=np.nan)


def run_task(env: str, task: str, size: str, work: Path, changes: dict[str, Any], seed: int, pipelines: str) -> Path:
    """Run pipelines of a task in a world of its own, and tell the folder of its results; errors of `run_kedro`."""
    folder = work / f"{task}_{size}_{seed}"
    write_configuration(folder, env)
    given = {
        "env": env,
        "pipelines": pipelines,
        "namespaces": task,
        "params": {"size": size, "random_seed": seed, "tasks": {task: {"training": {"seed": seed}} | changes}},
    }
    run_kedro(folder, given)
    return folder


def run_kedro(folder: Path, given: dict[str, Any]) -> None:
    """Run the project with the configuration and the options that a folder holds.

    Raises
    ------
    RunStateError
        The run failed; tells its last words.
    """
    options = {"conf_source": str((folder / "conf").resolve()), **given}
    (folder / "run.yml").write_text(yaml.safe_dump({"run": options}), encoding="utf-8")
    command = [sys.executable, "-m", "kedro", "run", "--config", str((folder / "run.yml").resolve())]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603  # nosec B603
    (folder / "output.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != 0:
        raise RunStateError(
            "A world was not measured.", path=folder / "output.txt", got=refusal(done.stdout + done.stderr)
        )


def parser_of_worlds(description: str | None) -> argparse.ArgumentParser:
    """Options of benchmarks that run a task in worlds of their own."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="demo")
    parser.add_argument("--work", type=Path, required=True, help="the folder of the worlds")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--records", type=Path, required=True, help="JSON lines, one a world; none is measured twice")
    parser.add_argument("--changes", type=yaml.safe_load, default={}, help="of the task's parameters, as YAML")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not on record, and print the tables."""
    parser = parser_of_worlds(__doc__)
    parser.add_argument("--env", required=True)
    parser.add_argument("--task", required=True)
    given = parser.parse_args(arguments)
    measure = partial(run_world, given.env, given.task, given.size, given.work, given.changes)
    print(report(measured(measure, given.seeds, given.records), DIGITS))  # noqa: T201


if __name__ == "__main__":
    main()
