"""What of a task that asks for a mask leaves as the files of a model card."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from entropice.pipelines.kinds.exports import CardExports
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK
from entropice.pipelines.kinds.mask.measures import BALANCED, measure
from entropice.pipelines.kinds.mask.parameters import MaskParameters
from entropice.units import M2_PER_HECTARE

if TYPE_CHECKING:
    from entropice.types import DataFrame

_SPLITS: Final = {"per_chip_val": "validation", "per_chip_test": "test"}


def _tables(datasets: Mapping[str, Any]) -> "dict[str, DataFrame]":
    chips: DataFrame = datasets["chip_scores"]
    return {stem: chips[chips["split"] == split].reset_index(drop=True) for stem, split in _SPLITS.items()}


def _documents(datasets: Mapping[str, Any]) -> dict[str, Any]:
    import json

    sweep: DataFrame = datasets["threshold_sweep"]
    rows = json.loads(sweep.to_json(orient="records", double_precision=15))
    return {"per_region_breakdown": _by_region(_tables(datasets)["per_chip_test"]), "threshold_sweep": rows}


def _by_region(chips: "DataFrame") -> dict[str, Any]:
    """By region, model and cut: chips, pixels, and IoU as one sum and as a mean over chips; null of nothing."""
    told: dict[str, dict[str, Any]] = {}
    for (region, model, cut), some in chips.groupby(["region", "model", "cut"], sort=True):
        told.setdefault(str(region), {}).setdefault(str(model), {})[str(cut)] = _summed(some)
    return told


def _summed(chips: "DataFrame") -> dict[str, Any]:
    import math

    from entropice.imagery.chip_scores import block_sums, global_iou, mean_chip_iou

    sums = block_sums(chips).sum(axis=0)
    ious = {"global_iou": float(global_iou(sums)), "mean_chip_iou": float(mean_chip_iou(sums))}
    counts = {"n_chips": len(chips), "n_true": int(chips["n_true"].sum()), "n_said": int(chips["n_said"].sum())}
    return counts | {name: None if math.isnan(value) else value for name, value in ious.items()}


def _limitations(task: MaskParameters, datasets: Mapping[str, Any]) -> list[str]:
    chips, tiles = datasets["chip_scores"], datasets["tiles"]
    evaluation, [pixel_m, *_] = task.evaluation, sorted(set(tiles["pixel_m"]))
    least_ha = evaluation.objects.min_px * pixel_m**2 / M2_PER_HECTARE
    sensors = {name: ", ".join(bands) for name, bands in (task.samples.sensors or {"one sensor": task.bands}).items()}
    return [
        "It says which pixels belong to what is looked for in an image that exists; it says nothing about years to "
        "come, and change is told by differencing what it says of several years.",
        f"It has seen {'; '.join(f'{name} ({bands})' for name, bands in sensors.items())}. Images of other sensors, or "
        "in other units, were not tested.",
        f"Chips are of {_listed(sorted(set(tiles['year'])))}, scores of {_listed(sorted(set(chips['region'])))}. Other "
        "years, seasons and regions were not tested.",
        f"Objects below {evaluation.objects.min_px} pixels of {pixel_m:g} m ({least_ha:g} ha) do not count as found.",
        "Labels are not the truth: an outline drawn too small or an object that was missed counts against the network "
        "here. Scores in these files are against the labels as they are.",
        f"Logits in the checkpoints are as training left them. Chances are calibrated on validation chips at one "
        f"positive pixel for {evaluation.calibrated_at:g} negative, and must be shifted for another ratio; thresholds "
        f"were chosen there too ({evaluation.threshold}: a raw logit of {_threshold(task, datasets):.3f}).",
        *datasets["card_facts"]["limits"],
    ]


def _threshold(task: MaskParameters, datasets: Mapping[str, Any]) -> float:
    from entropice.pipelines.kinds.mask.evaluation.pixels import threshold_of

    return threshold_of(datasets["calibration"][NETWORK], task.evaluation.threshold)


def _listed(values: Any) -> str:
    return ", ".join(map(str, values))


CARD_EXPORTS: Final = CardExports(
    datasets=("network", "statistics", "tiles", "calibration", "chip_scores", "threshold_sweep", "card_facts"),
    metric=measure(BALANCED, "iou_positive"),
    tables=_tables,
    documents=_documents,
    limitations=_limitations,
)
