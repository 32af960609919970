"""Slump segmentation beside its training guide, with as many tiles as the parameters ask for."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from entropice.imagery.threshold_rules import RULES
from entropice.networks.architectures import architecture_named
from entropice.networks.plan import Plan
from entropice.networks.schedules import is_frozen, rate_at
from entropice.pipelines.kinds.mask.job import mask_plan
from published_plans.items import Item, Page, configured

CURRICULUM: Final = ((1, 1), (10, 1), (11, 5), (30, 5), (31, 10), (50, 10), (51, 15), (100, 15), (101, 20), (300, 20))
"""Epochs, and negative tiles for each positive one."""


def items() -> Iterator[Item]:
    """Every item of the guide that a plan can show."""
    task: Any = configured("slump_imagery").parameters.task("slumps")
    splits = _splits(task)
    plan = mask_plan(splits, task.samples, task.training)
    yield from _network(task)
    yield from _losses(task)
    yield from _rates(plan)
    yield from _training(task, plan)
    yield from _curriculum(plan, splits)
    yield Item(
        "ratio between two phases",
        "linear",
        f"linear over {ramp_epochs} epochs" if (ramp_epochs := task.samples.curriculum.ramp_epochs) else "in steps",
        "the guide says both; `samples.curriculum.ramp_epochs` makes it linear",
    )
    yield from _augmentation(task.samples.augmentation)
    yield from _evaluation(task.evaluation)


def _splits(task: Any) -> pd.DataFrame:
    """As many training tiles as the parameters ask for, those around something with something."""
    tiles, share = task.virtual_slumps.tiles, task.samples.splits.train
    n_positive, n_negative = round(share * tiles.n_around), round(share * tiles.n_anywhere)
    keys = [f"tile_{number}" for number in range(n_positive + n_negative)]
    return pd.DataFrame({"key": keys, "split": "train", "n_positive": [1] * n_positive + [0] * n_negative})


def _network(task: Any) -> Iterator[Item]:
    tiles = task.virtual_slumps.tiles
    yield Item("network", "UNet++", architecture_named(task.network.architecture).title)
    yield Item("encoder", "efficientnet-b7", task.network.encoder)
    yield Item(
        "weights",
        "ImageNet",
        task.network.encoder_weights or "random",
        "no package has them, and nothing is fetched at run time: name a file",
    )
    yield Item(
        "bands",
        "red, green, blue",
        ", ".join(task.bands),
        "the guide's later steps: one band more, stacked; `tasks.slumps.bands=[red,green,blue]` is its first",
    )
    yield Item("fusion", "stacked", task.network.fusion)
    yield Item("tile", "512² pixels of 3 m", f"{tiles.n_pixels}² pixels of {tiles.pixel_m:g} m")
    yield Item("share of tiles that bands are measured on", "1, or .05", f"{task.samples.statistics.share:g}", "all")


def _losses(task: Any) -> Iterator[Item]:
    (loss,) = task.training.losses
    yield Item("loss", "focal, γ 2, α 0.25", f"{loss.name}, γ {loss.settings['gamma']:g}, α {loss.settings['alpha']:g}")
    yield Item("ignored edge of labels", "3 px", f"{task.samples.ignored_edge_px} px")


def _rates(plan: Plan) -> Iterator[Item]:
    schedule = plan.schedule
    said = (
        ("at the first step", 0.0, "1e-06, encoder frozen"),
        ("after epoch 5", 5.0, "0.0003, encoder frozen"),
        ("before the end of epoch 10", 9.99, "0.0003, encoder frozen"),
        ("after epoch 10", 10.0, "0.0001, encoder × 0.1"),
        ("half-way down, after epoch 155", 155.0, "5.05e-05, encoder × 0.1"),
        ("after epoch 300", 300.0, "1e-06, encoder × 0.1"),
    )
    for when, position, guide in said:
        encoder = "encoder frozen" if is_frozen(schedule, position) else f"encoder × {schedule.encoder_share:g}"
        yield Item(f"rate {when}", guide, f"{rate_at(schedule, position):.6g}, {encoder}")


def _training(task: Any, plan: Plan) -> Iterator[Item]:
    training = task.training
    batch = f"{training.batch_size // training.n_parts} × {training.n_parts}"
    yield Item("optimiser's weight decay", 0.01, plan.weight_decay)
    yield Item("largest norm of gradients", 1.0, plan.clip_norm)
    yield Item("epochs, at most", 300, plan.n_epochs)
    yield Item("batch", "32 × 8", batch)
    yield Item("tiles of a step", 256, len(plan.steps(0)[0]))
    yield Item("decay of averaged weights", 0.999, plan.average_decay)
    yield Item("patience, least rise", (20, 0.001), (plan.stopping.patience, plan.stopping.min_delta))
    yield Item("measure that ends training", "val_500_pr_auc", plan.stopping.metric)
    yield Item("seed", 42, plan.seed)
    yield Item("validation every … epochs", 1, plan.validated_every)
    yield Item("workers", 8, training.n_workers)
    yield Item("deterministic", True, training.is_deterministic)
    yield Item("precision", "AMP", training.precision, "on a processor; with `device=cuda`, `precision=bf16` or `fp16`")


def _curriculum(plan: Plan, splits: pd.DataFrame) -> Iterator[Item]:
    positives = set(splits.loc[splits["n_positive"] > 0, "key"])
    for epoch, guide in CURRICULUM:
        keys = [key for batch in plan.steps(epoch - 1) for key in batch]
        n_positive = len(positives.intersection(keys))
        ratio = (len(keys) - n_positive) / n_positive
        yield Item(f"negatives for a positive, epoch {epoch}", guide, round(ratio, 1))


def _augmentation(rules: Any) -> Iterator[Item]:
    yield Item("turns by 90° and flips", 0.5, rules.symmetry_probability)
    yield Item(
        "shift, scale, rotation",
        "0.1, 0.2, 45° at 0.5",
        f"{rules.max_shift:g}, {rules.max_scale:g}, {rules.max_rotation_deg:g}° at {rules.affine_probability:g}",
    )
    elastic = f"{rules.elastic_alpha_px:g} / {rules.elastic_sigma_px:g} at {rules.elastic_probability:g}"
    yield Item("elastic", "120 / 6 at 0.3", elastic)
    yield Item("shear", "10° at 0.3", f"{rules.max_shear_deg:g}° at {rules.shear_probability:g}")
    yield Item(
        "brightness, contrast, saturation",
        "0.2, 0.2, 0.2 at 0.5",
        f"{rules.max_brightness:g}, {rules.max_contrast:g}, {rules.max_saturation:g} at {rules.colour_probability:g}",
    )


def _evaluation(rules: Any) -> Iterator[Item]:
    yield Item("negative pixels for each positive", (200.0, 500.0, 1000.0), rules.ratios)
    yield Item("object found at IoU", (0.5, 0.3, 0.1), tuple(rules.objects.min_ious))
    yield Item("preferred IoU", 0.3, rules.objects.true_at)
    yield Item("edges of size classes in m", (50.0, 200.0, 1000.0), tuple(rules.objects.size_edges_m))
    yield Item("looks at an image", 8, rules.test_time.n_symmetries)
    wanted = next(rule.title for rule in RULES if rule.name == "precision")
    chosen = next(rule.title for rule in RULES if rule.name == rules.threshold)
    yield Item(
        "rule for thresholds",
        wanted,
        chosen,
        "thresholds of every rule are kept; `evaluation.threshold` chooses",
    )


SLUMPS: Final = Page("published-plan.md", "slump_imagery", "the training guide of slump segmentation", items)
