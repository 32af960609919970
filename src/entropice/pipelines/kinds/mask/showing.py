"""What map, report and model card show of masks: chances on the test tiles, and some of the tiles themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.special import expit

from entropice.imagery.calibration import Calibration
from entropice.imagery.held_out import Predict
from entropice.imagery.loading import SampleView
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.imagery.mosaics import frame_of, mosaic
from entropice.imagery.panels import Panel, PanelRow, Picture
from entropice.imagery.samples import Place, Samples
from entropice.imagery.splits import SPLITS, TEST
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.models import judged_view, network_predict
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK, EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.kinds.pictures import picture_of, told_place
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame, Float32Array

CHANCE: Final = Ramp(0.0, 1.0, "magma")
N_PICTURED: Final = 4
"""Test tiles of a panel, each of another place; those with most positive pixels come first."""


def chance_layers(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    calibration: Mapping[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> list[MapLayer]:
    """One layer: the calibrated chance of every pixel of the test tiles; the mean where tiles overlap.

    `splits` has the columns ``key split``. Chances, 0 to 1, are calibrated at the ratio of the parameters; NaN where no
    tile lies or no sensor knows the pixel.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    IndexError
        There is no test tile.
    """
    view = judged_view(network, images, statistics, samples)
    predict = network_predict(network, training, evaluation)
    chances = _chances(view, _tested(splits), predict, _calibration(calibration), evaluation)
    tiles = list(chances)
    frame = frame_of([place for place, _ in tiles])
    return [
        MapLayer(
            name="chance",
            title="Chance of what is looked for",
            description="Chance of each pixel of the test tiles, calibrated at the ratio of the parameters.",
            unit="1",
            values=mosaic(frame, tiles),
            left_m=frame.left_m,
            top_m=frame.top_m,
            pixel_m=frame.pixel_m,
            style=CHANCE,
        )
    ]


def mask_panel(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    calibration: Mapping[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Panel:
    """Test tiles: what they look like, what is there, what the network says.

    `splits` has the columns ``key split n_positive``; up to four tiles, each of another corner, those with most
    positive pixels first, then by key; three pictures a row, ``image there chance``. What is there is NaN where it is
    not scored, the calibrated chance where no sensor knows the pixel.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    view = judged_view(network, images, statistics, samples)
    predict = network_predict(network, training, evaluation)
    tested = splits[splits["split"] == TEST].sort_values(["n_positive", "key"], ascending=[False, True])
    keys = _of_different_places(view, tested["key"])
    chances = _chances(view, keys, predict, _calibration(calibration), evaluation)
    rows = tuple(_row(view, key, chance) for key, (_, chance) in zip(keys, chances, strict=True))
    caption = "Test tiles with most of what is looked for; the chance is calibrated on validation tiles."
    return Panel("What the network says of test tiles", rows, caption)


def mask_facts(splits: DataFrame, bands: Sequence[str], evaluation: EvaluationParameters) -> dict[str, Any]:
    """Facts of the model card: ``inputs outputs learned_from tested_on limits``, as sentences.

    ``expectations`` is there, too, and empty. Tiles are counted by ``split`` of `splits`, whatever is in them;
    ``limits`` is a list of two sentences, the others are one each.
    """
    n = {split: int((splits["split"] == split).sum()) for split in SPLITS}
    ratios = ", ".join(f"1:{ratio:g}" for ratio in evaluation.ratios)
    return {
        "inputs": f"images with the bands {', '.join(bands)}",
        "outputs": f"chance of every pixel, calibrated at one positive pixel for {evaluation.calibrated_at:g} negative",
        "learned_from": f"{n['train']} tiles; {n['validation']} chose epoch, calibration and thresholds",
        "tested_on": f"{n['test']} tiles on ground of their own, at ratios {ratios}",
        "limits": [
            "Chances hold for the ratio that they are calibrated at; elsewhere they must be shifted.",
            "Tiles of other sensors, seasons or regions than those learned from were not tested.",
        ],
        "expectations": [],
    }


def _of_different_places(view: SampleView, keys: Iterable[str]) -> list[str]:
    """The first tiles that no earlier one shows in another year."""
    by_corner: dict[tuple[float, float], str] = {}
    for key in keys:
        place = view.sample(key).place
        by_corner.setdefault((place.left_m, place.top_m), key)
        if len(by_corner) == N_PICTURED:
            break
    return list(by_corner.values())


def _tested(splits: DataFrame) -> list[str]:
    return list(splits.loc[splits["split"] == TEST, "key"])


def _calibration(calibration: Mapping[str, Any]) -> Calibration:
    return Calibration.from_json(calibration[NETWORK]["calibration"])


def _chances(
    view: SampleView,
    keys: Sequence[str],
    predict: Predict,
    calibration: Calibration,
    evaluation: EvaluationParameters,
) -> Iterator[tuple[Place, Float32Array]]:
    """Place and chances of each tile, NaN where a band is not known."""
    for start in range(0, len(keys), evaluation.batch_size):
        part = keys[start : start + evaluation.batch_size]
        logits = calibration.logits_at(predict(view.seen(part)[0]).astype(np.float64), evaluation.calibrated_at)
        for key, chance in zip(part, expit(logits), strict=True):
            sample = view.sample(key)
            known = view.known(sample.image)
            yield sample.place, np.where(known, chance, np.nan).astype(np.float32)


def _row(view: SampleView, key: str, chance: Float32Array) -> PanelRow:
    sample = view.sample(key)
    there = np.where(sample.scored, sample.target, np.nan).astype(np.float32)
    return PanelRow(
        told_place(sample.place),
        (
            picture_of(sample.image, "image"),
            Picture("there", there, CHANCE),
            Picture("chance", chance, CHANCE),
        ),
    )
