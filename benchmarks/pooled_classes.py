"""Scores of classes over all images of several worlds: ``python -m benchmarks.pooled_classes --work FOLDER …``.

``--work FOLDER --task ice_types --size demo --seeds 41 42`` reads what `benchmarks.task_worlds` has left in its folder:
each world has its own network and calibration, and the test images of all of them are scored as one. A score that is
fitted, such as the calibration slope, has a wide and skewed law on few images, so that its mean over worlds says less
than its value over all images. Intervals are those of a bootstrap of blocks, a block of ground being of one world.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.measuring import markdown_table
from entropice.imagery.classes.judged import JudgedImages
from entropice.imagery.classes.score_table import class_score_table
from entropice.io import ArraysDataset
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.image_class.judging import TEST, judged_test
from entropice.types import CellIds, DataFrame

N_BOOTSTRAP: Final = 1000

World = tuple[dict[str, JudgedImages], CellIds]
"""What each model says of the test images, and the block of each image."""


def read_world(folder: Path, task: str) -> World:
    """The test images of a finished run below a folder."""
    output = next(folder.glob("*/*/07_model_output"))
    held_out = ArraysDataset(filepath=str(output / f"{task}_held_out")).load()
    calibration: dict[str, Any] = json.loads((output / f"{task}_calibration.json").read_text(encoding="utf-8"))
    return judged_test(held_out, calibration), held_out.arrays[f"blocks_{TEST}"].astype(np.uint64)


def pooled(worlds: Sequence[World]) -> DataFrame:
    """``model`` and the columns of `class_score_table`, all classes together, over the images of all worlds."""
    blocks = _apart([blocks for _, blocks in worlds])
    replicates = block_replicates(len(np.unique(blocks)), 0, N_BOOTSTRAP)
    models = {model: _joined([images[model] for images, _ in worlds]) for model in worlds[0][0]}
    tables = [class_score_table(each, (), blocks, replicates).assign(model=name) for name, each in models.items()]
    return pd.concat(tables, ignore_index=True)


def _apart(blocks: Iterable[CellIds]) -> CellIds:
    """Numbers of blocks, none of which two worlds share."""
    named = np.concatenate([[f"{world} {block}" for block in each] for world, each in enumerate(blocks)])
    return np.unique(named, return_inverse=True)[1].astype(np.uint64)


def _joined(images: Sequence[JudgedImages]) -> JudgedImages:
    return JudgedImages(
        np.concatenate([each.log_chances for each in images]),
        np.concatenate([each.labels for each in images]),
        np.mean([each.prior for each in images], axis=0),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the folder of the worlds")
    parser.add_argument("--task", required=True)
    parser.add_argument("--size", default="demo")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    given = parser.parse_args(arguments)
    table = pooled([read_world(given.work / f"{given.task}_{given.size}_{seed}", given.task) for seed in given.seeds])
    rows = [
        [row["model"], row["score"], *(f"{row[name]:.2f}" for name in ("value", "low_95", "high_95")), f"{row['n']}"]
        for row in table.to_dict("records")
    ]
    print(markdown_table(["model", "score", "value", "low 95 %", "high 95 %", "images"], rows))  # noqa: T201


if __name__ == "__main__":
    main()
