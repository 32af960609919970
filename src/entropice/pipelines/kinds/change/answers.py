"""What map, panel and model card show of a network that marks changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.special import expit

from entropice.imagery.calibration import Calibration
from entropice.imagery.held_out import Predict
from entropice.imagery.loading import SampleView
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.imagery.mosaics import frame_of, mosaic
from entropice.imagery.panels import Panel, PanelRow, Picture
from entropice.imagery.samples import Image, Place, Sample, Samples
from entropice.imagery.splits import TEST, TRAIN
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.change.judging import NETWORK
from entropice.pipelines.kinds.change.parameters import ChangeEvaluationParameters, ChangeSampleParameters
from entropice.pipelines.kinds.expectations import told_beside
from entropice.pipelines.kinds.mosaic_layers import keys_of_test, layer_on
from entropice.pipelines.kinds.pictures import picture_of, told_place
from entropice.pipelines.kinds.pixels import network_logits
from entropice.pipelines.kinds.views import judged_view
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame, Float32Array

CHANCE: Final = Ramp(0.0, 1.0, "magma")


def layers_and_panel(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    calibration: Mapping[str, Any],
    samples: ChangeSampleParameters,
    training: TrainingParameters,
    evaluation: ChangeEvaluationParameters,
) -> tuple[list[MapLayer], Panel]:
    """The calibrated chance of change where the test pairs are, and the pairs in which most has changed.

    `splits` has the columns ``key split n_positive``, `calibration` is what `calibrations` makes. A pixel of the layer
    is the mean of the pairs that show it, NaN where none knows all bands of both images. Rows of the panel are pairs,
    those with most changed pixels first, then by key: before, after, what is true (NaN where nothing is scored) and the
    chance.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    IndexError
        There is no test pair.
    """
    view = judged_view(network, images, statistics, samples, samples.ignored_edge_px)
    predict = network_logits(network, training, evaluation.batch_size)
    line = Calibration.from_json(calibration[NETWORK]["calibration"])
    chances = dict(_chances(view, keys_of_test(splits), predict, line, evaluation.batch_size))
    frame = frame_of(place for place, _ in chances.values())
    layer = layer_on(
        frame,
        mosaic(frame, chances.values()),
        CHANCE,
        "chance",
        "Chance that something has changed",
        "Of each pixel of the test pairs; calibrated on the validation pairs.",
    )
    tested = splits[splits["split"] == TEST].sort_values(["n_positive", "key"], ascending=[False, True])
    shown = tested["key"].head(evaluation.n_shown)
    rows = tuple(_row(view.sample(key), chances[key][1]) for key in shown)
    caption = "Test pairs in which most has changed; chances are calibrated on validation pairs."
    return [layer], Panel("What the network says of test pairs", rows, caption)


def _chances(
    view: SampleView, keys: Sequence[str], predict: Predict, line: Calibration, batch_size: int
) -> Iterator[tuple[str, tuple[Place, Float32Array]]]:
    """Place and chances of each pair, NaN where a band of one of the images is not known."""
    for start in range(0, len(keys), batch_size):
        part = keys[start : start + batch_size]
        logits = line.logits_at(predict(view.seen(part)[0]).astype(np.float64), line.ratio)
        for key, chance in zip(part, expit(logits), strict=True):
            sample = view.sample(key)
            known = view.known(sample.image).all(axis=0)
            yield key, (sample.place, np.where(known, chance, np.nan).astype(np.float32))


def _row(sample: Sample, chance: Float32Array) -> PanelRow:
    before, after = (
        Image(sample.image.bands, *of_time) for of_time in zip(sample.image.values, sample.image.valid, strict=True)
    )
    true = np.where(sample.scored, sample.target, np.nan).astype(np.float32)
    pictures = picture_of(before, "before"), picture_of(after, "after")
    return PanelRow(
        told_place(sample.place), (*pictures, Picture("true", true, CHANCE), Picture("said", chance, CHANCE))
    )


def facts_of(
    task_scores: DataFrame,
    splits: DataFrame,
    tiles: DataFrame,
    bands: Sequence[str],
    evaluation: ChangeEvaluationParameters,
) -> dict[str, Any]:
    """``card_facts`` of the model card: ``inputs outputs learned_from tested_on limits expectations``, sentences.

    `splits` has the columns ``key block split``, `tiles` ``pixel_m n_pixels``, of which the first row is told for all;
    of `task_scores` the network's own scores stand beside what was published. ``limits`` is a list of them,
    ``expectations`` a list of ``what published ours`` (`entropice.pipelines.kinds.expectations.told_beside`).
    """
    learned, tested = (splits[splits["split"] == split] for split in (TRAIN, TEST))
    first = tiles.iloc[0]
    return {
        "inputs": f"Two images of one place, {first['n_pixels']:g} × {first['n_pixels']:g} pixels of "
        f"{first['pixel_m']:g} m, bands {', '.join(bands)}.",
        "outputs": "Of each pixel the chance that something has changed from the first image to the second.",
        "learned_from": f"{len(learned):,} pairs in {learned['block'].nunique():,} blocks of ground.",
        "tested_on": f"{len(tested):,} pairs in {tested['block'].nunique():,} blocks in which nothing was learned.",
        "limits": [
            "Chances are right where as much changes as in the validation pairs.",
            "What counts as a change is what the labels call one; images that do not lie on each other differ, too.",
        ],
        "expectations": told_beside(evaluation.expectations, task_scores, NETWORK),
    }
