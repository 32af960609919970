"""How good lakes are in virtual worlds: ``python -m benchmarks.lake_table --work F --seeds 61 62 63 --records F``.

Each seed makes a world, a network and the draw of its audits, by ``kedro run --env glacial_lakes`` in a folder of its
own; a world that is on record is not run again. Network, rivals and the world's law must be fixed before worlds are
measured, on others. Everything is judged on test chips of ground that nothing has learned from. The tables hold:

- scores of the run: against labels as they are, corrected by the audit, areas of lakes and their growth;
- IoU with the truth near lakes of each condition, of the network and its rivals, and the network's lead in the same
  world; *near* is within `NEAR_PX` of such a lake and nearer to it than to one of another condition;
- IoU with the truth with each sensor hidden, less that with all;
- IoU with the truth of the soup, and its lead over the best of the epochs that it is made of, best by validation. With
  ``--training-seeds 42 43 44`` each world's network is trained once for each of them, and this is their mean.

± is half a 95 % interval over worlds; behind it stands in how many worlds the value is above 0.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.ndimage import distance_transform_edt

from benchmarks.matrix import Measures, measured, report
from benchmarks.task_worlds import DIGITS, EVERYTHING, measures_of, parser_of_worlds, run_task
from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.imagery.changes.score_table import natural_ratio
from entropice.imagery.held_out import counts_by_block
from entropice.imagery.loading import SampleView
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.splits import TEST, VALIDATION
from entropice.imagery.threshold_rules import rule_named
from entropice.imagery.thresholds import choose_threshold
from entropice.settings import CONFIG_LOADER_ARGS
from entropice.types import BoolArray, Float32Array, IntArray
from entropice.virtual_lakes.lake_years import CONDITIONS
from entropice.virtual_lakes.scene import LakeScenes

ENVIRONMENT: Final = "glacial_lakes"
TASK: Final = "lakes"
PIPELINES: Final = "scenes,samples,training,evaluation,label_audit,inventory,layers"
SCORES: Final = ("global_iou", "global_iou_half", "chip_iou", "chip_iou_half", "ece")
NETWORK: Final = "network"
NEAR_PX: Final = 10
ANYWHERE: Final = "anywhere"

Logits = Callable[[Float32Array], Float32Array]
"""Standardised inputs (n, band, row, column) to logits (n, row, column)."""


class Judge(NamedTuple):
    """A model and the raw logit from which it marks pixels."""

    logits: Logits
    threshold: float


class Seen(NamedTuple):
    """One test chip: inputs (band, row, column), truth, where it counts, and condition of the nearest lake."""

    inputs: Float32Array
    truth: BoolArray
    scored: BoolArray
    near: IntArray


def nearest_condition(conditions: Any, within_px: int = NEAR_PX) -> IntArray:
    """Number of the condition of the nearest lake, 0 farther away than a distance; shape (row, column)."""
    if not conditions.any():
        return np.zeros(conditions.shape, dtype=np.int64)
    distance_px, nearest = distance_transform_edt(conditions == 0, return_indices=True)
    return np.where(distance_px <= within_px, conditions[tuple(nearest)], 0).astype(np.int64)


def overlaps(judge: Judge, chips: Sequence[Seen]) -> IntArray:
    """Pixels of intersection and union (condition, 2), last of everything."""
    sums = np.zeros((len(CONDITIONS) + 1, 2), dtype=np.int64)
    for chip in chips:
        said = (judge.logits(chip.inputs[None])[0] >= judge.threshold) & chip.scored
        there = chip.truth & chip.scored
        for place in range(len(sums)):
            part = chip.near == place + 1 if place < len(CONDITIONS) else np.ones_like(said)
            sums[place] += (said & there & part).sum(), ((said | there) & part).sum()
    return sums


def without(view: SampleView, sensor: str, judge: Judge) -> Judge:
    """A judge that is not shown a sensor's bands."""
    places = [view.statistics.bands.index(band) for band in view.sensors.bands[sensor]]

    def logits(inputs: Float32Array) -> Float32Array:
        hidden = inputs.copy()
        hidden[:, places] = np.nan
        return judge.logits(hidden)

    return Judge(logits, judge.threshold)


class World:
    """A finished run, and the truth that it is judged by."""

    def __init__(self, folder: Path, size: str, changes: Mapping[str, Any], seed: int) -> None:
        from entropice.io import NetworkDataset
        from entropice.pipelines.kinds.mask.evaluation.models import judged_view
        from entropice.sources.imagery.tiles import ImageTiles

        self.results = next(folder.rglob("06_models")).parent
        self.task = task_of(folder / "conf", size, changes, seed)
        self.network = NetworkDataset(filepath=str(self.results / f"06_models/{TASK}_network")).load()
        images = ImageTiles(self.results / f"03_primary/{TASK}_images", "sentinel_1_2_relief")
        self.splits = pd.read_parquet(self.results / f"05_model_input/{TASK}_splits.parquet")
        statistics = self._json(f"05_model_input/{TASK}_statistics.json")
        self.view = judged_view(self.network, images, statistics, self.task.samples)
        self.calibration = self._json(f"07_model_output/{TASK}_calibration.json")
        self.scenes = LakeScenes(self.task.virtual_lakes.lakes, seed)

    def _json(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.results / name).read_text(encoding="utf-8"))
        return document

    def judge(self, name: str, logits: Logits) -> Judge:
        """A model with the threshold that its validation tiles chose."""
        from entropice.pipelines.kinds.mask.evaluation.pixels import threshold_of

        return Judge(logits, threshold_of(self.calibration[name], self.task.evaluation.threshold))

    def judges(self) -> dict[str, Judge]:
        """The network and its rivals."""
        from entropice.pipelines.kinds.mask.evaluation.models import network_predict, rivals

        own = network_predict(self.network, self.task.training, self.task.evaluation)
        others = rivals(self.view, self.splits, self.task.training, self.task.evaluation)
        return {name: self.judge(name, logits) for name, logits in ((NETWORK, own), *others)}

    def chips(self) -> list[Seen]:
        """Every test chip, against the truth."""
        return [self._chip(key) for key in self.splits.loc[self.splits["split"] == TEST, "key"]]

    def _chip(self, key: str) -> Seen:
        sample = self.view.sample(key)
        inputs, _, scored = self.view.seen([key])
        truth = self.scenes.at(sample.place)
        conditions = self.scenes.conditions(sample.place)
        return Seen(inputs[0], np.asarray(truth.target) > 0, scored[0] & truth.scored, nearest_condition(conditions))

    def judge_of(self, network: Any) -> Judge:
        """A network, with the threshold of the best IoU on validation tiles."""
        from entropice.pipelines.kinds.mask.evaluation.models import network_predict

        logits = network_predict(network, self.task.training, self.task.evaluation)
        tiles = self.splits[self.splits["split"] == VALIDATION]
        blocks = tiles["block"].to_numpy(np.uint64)
        _, counts = counts_by_block(self.view, list(tiles["key"]), blocks, {NETWORK: logits}, 8)
        steps = steps_of_counts(counts[NETWORK].sum(axis=0))
        return Judge(logits, choose_threshold(steps, natural_ratio(steps), rule_named("iou")).logit)

    def best_single(self) -> Any:
        """The averaged weights of that epoch of the soup which is best on validation tiles."""

        metric = self.task.training.metric
        epochs = [row for row in self.network.rows if row["epoch"] in self.task.training.soup_epochs]
        best = max(epochs, key=lambda row: row[metric])
        checkpoint = replace(self.network.checkpoint, weights=self.network.average(int(best["epoch"])))
        return replace(self.network, checkpoint=checkpoint)


def task_of(conf: Path, size: str, changes: Mapping[str, Any], seed: int) -> Any:
    """Parameters of the task, as a run with these changes has them."""
    given = {"size": size, "random_seed": seed, "tasks": {TASK: dict(changes)}}
    loader = RootedConfigLoader(str(conf), env=ENVIRONMENT, runtime_params=given, **CONFIG_LOADER_ARGS)
    return read_configuration(loader).parameters.task(TASK)


def iou(sums: IntArray) -> Any:
    """Intersection over union (…,) of sums (…, 2)."""
    return sums[..., 0] / np.maximum(sums[..., 1], 1)


def judged(world: World) -> Iterator[tuple[tuple[str, str, str], float]]:
    """Measures of a world that need its truth."""
    chips, judges = world.chips(), world.judges()
    columns = (*CONDITIONS, ANYWHERE)
    found = {name: iou(overlaps(judge, chips)) for name, judge in judges.items()}
    for name, values in found.items():
        yield from (
            ((f"IoU near lakes, {name}", name, column), float(value))
            for column, value in zip(columns, values, strict=True)
        )
    for name in (name for name in judges if name != NETWORK):
        leads = zip(columns, found[NETWORK] - found[name], strict=True)
        yield from ((("IoU near lakes: the network less", name, column), float(lead)) for column, lead in leads)
    for sensor in world.view.sensors.bands:
        lost = iou(overlaps(without(world.view, sensor, judges[NETWORK]), chips)) - found[NETWORK]
        yield from (
            (("IoU with a sensor hidden, less that with all", sensor, column), float(value))
            for column, value in zip(columns, lost, strict=True)
        )


def soup_and_single(world: World, chips: Sequence[Seen]) -> tuple[float, float]:
    """IoU of the soup with the truth, and of the best of its epochs."""
    soup, single = (world.judge_of(network) for network in (world.network, world.best_single()))
    return float(iou(overlaps(soup, chips))[-1]), float(iou(overlaps(single, chips))[-1])


def measure_world(work: Path, size: str, changes: dict[str, Any], training_seeds: Sequence[int], seed: int) -> Measures:
    """Run a world, once for each training seed, and measure it."""
    found: list[tuple[tuple[str, str, str], float]] = []
    pairs = []
    for number, training_seed in enumerate(training_seeds):
        own = changes | {"training": {**changes.get("training", {}), "seed": training_seed}}
        folder = run_task(ENVIRONMENT, TASK, size, work, own, seed, PIPELINES if number == 0 else "training,evaluation")
        world = World(folder, size, own, seed)
        if number == 0:
            found += [*scores_of_run(world.results).items(), *judged(world)]
        pairs.append(soup_and_single(world, world.chips()))
    soup, single = np.mean(pairs, axis=0)
    lead = np.mean([one - other for one, other in pairs])
    found += [
        (("soup, IoU", "of all epochs", EVERYTHING), float(soup)),
        (("soup, IoU", "best epoch", EVERYTHING), float(single)),
    ]
    found.append((("soup, IoU", "soup less best epoch", EVERYTHING), float(lead)))
    return dict(found)


def scores_of_run(results: Path) -> Measures:
    """What the run itself says."""
    output = results / "07_model_output"
    tasks = pd.read_parquet(output / f"{TASK}_task_scores.parquet")
    found = dict(measures_of(tasks[tasks["part"].isna()], SCORES))
    for row in pd.read_parquet(output / f"{TASK}_audited_scores.parquet").itertuples():
        found[f"{row.score} of {row.model}, by labels", row.labels, EVERYTHING] = float(row.value)
    inventory = pd.read_parquet(output / f"{TASK}_inventory_scores.parquet")
    for row in inventory[inventory["value"].notna()].itertuples():
        if "," not in str(row.part):
            found["areas", row.score, row.part] = float(row.value)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not on record, and print the tables."""
    parser = parser_of_worlds(__doc__)
    parser.add_argument("--training-seeds", type=int, nargs="+", default=[42])
    given = parser.parse_args(arguments)
    measure = partial(measure_world, given.work, given.size, given.changes, given.training_seeds)
    print(report(measured(measure, given.seeds, given.records), DIGITS))  # noqa: T201


if __name__ == "__main__":
    main()
