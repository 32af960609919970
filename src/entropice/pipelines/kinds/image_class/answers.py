"""What map, panel and model card show of a network that names classes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from entropice.imagery.classes.judged import JudgedImages
from entropice.imagery.map_layers import Category, MapLayer, Ramp
from entropice.imagery.mosaics import MosaicFrame, frame_of, mosaic
from entropice.imagery.panels import Panel, PanelRow, Picture
from entropice.imagery.samples import Place, Samples
from entropice.imagery.splits import TEST, TRAIN
from entropice.io.arrays import Arrays
from entropice.pipelines.kinds.expectations import told_beside
from entropice.pipelines.kinds.image_class.judging import NETWORK, judged_test, rings
from entropice.pipelines.kinds.image_class.parameters import ClassEvaluationParameters, ClassSampleParameters
from entropice.pipelines.kinds.mosaic_layers import keys_of_test, layer_on, places_of
from entropice.pipelines.kinds.pictures import picture_of
from entropice.types import DataFrame, Float32Array, IntArray

NONE_OF_THESE: Final = "None of these"
NONE_COLOUR: Final = "#d95f02"
PICTURES_A_ROW: Final = 4


def answers_of(images: JudgedImages, alarm_rings: Any) -> IntArray:
    """The class that is said of each image (n,), int64; the number of classes where the alarm rings, bool (n,).

    >>> judged = JudgedImages(np.log([[0.75, 0.25], [0.25, 0.75]]), np.array([0, 0]), np.array([0.5, 0.5]))
    >>> answers_of(judged, np.array([False, True])).tolist()
    [0, 2]
    """
    return np.where(alarm_rings, len(images.prior), images.answers).astype(np.int64)


def layers_of_test(
    held_out: Arrays,
    alarm: Arrays,
    calibration: Mapping[str, Any],
    splits: DataFrame,
    tiles: DataFrame,
    samples: ClassSampleParameters,
) -> list[MapLayer]:
    """What is said where the test images are, and its chance, which none of these has not.

    Two layers: ``answer``, the class that most of a pixel has, the lowest of equals (the number of classes stands for
    none of these), and ``chance``, that of what is said, the mean where images overlap, NaN where no image lies or the
    alarm rings. `splits` has ``key split``, `tiles` ``key left_m top_m pixel_m n_pixels year``, in EPSG:3413.

    Raises
    ------
    IndexError
        There is no test image.
    """
    network, alarm_rings = judged_test(held_out, calibration)[NETWORK], rings(held_out, alarm)
    places = places_of(keys_of_test(splits), tiles)
    frame = frame_of(places)
    chances = np.where(alarm_rings, np.nan, network.confidence)
    chance = mosaic(frame, ((place, _filled(place, each)) for place, each in zip(places, chances, strict=True)))
    return [
        layer_on(
            frame,
            _majority(frame, places, answers_of(network, alarm_rings), len(samples.classes) + 1),
            _categories(samples),
            "answer",
            "Class that the network says",
            "Of each test image the class with the highest chance, or that it is none of these.",
        ),
        layer_on(
            frame,
            chance,
            Ramp(1 / len(samples.classes), 1.0, "viridis"),
            "chance",
            "Chance of the class that is said",
            "Calibrated on the validation images; nothing where the image is said to be of none of these classes.",
        ),
    ]


def _majority(frame: MosaicFrame, places: Sequence[Place], answers: IntArray, n_answers: int) -> Float32Array:
    """The answer that most of a pixel has; numbers of classes have no mean."""
    shares = [
        mosaic(frame, ((place, _filled(place, said == number)) for place, said in zip(places, answers, strict=True)))
        for number in range(n_answers)
    ]
    most = np.argmax(np.nan_to_num(np.stack(shares)), axis=0)
    return np.where(np.isfinite(shares[0]), most, np.nan).astype(np.float32)


def _filled(place: Place, value: float) -> Float32Array:
    return np.full((place.n_pixels, place.n_pixels), value, dtype=np.float32)


def _categories(samples: ClassSampleParameters) -> tuple[Category, ...]:
    known = (Category(number, one.title, one.colour) for number, one in enumerate(samples.classes))
    return (*known, Category(len(samples.classes), NONE_OF_THESE, NONE_COLOUR))


def panel_of_test(
    held_out: Arrays,
    alarm: Arrays,
    calibration: Mapping[str, Any],
    images: Samples,
    splits: DataFrame,
    samples: ClassSampleParameters,
    n_shown: int,
) -> Panel:
    """The test images whose true class was given the lowest chance, those first; equals in the order of the splits.

    Each is titled with its class, what is said, and the chance of that. Rows have up to four pictures; those that fill
    no row are left out, so that fewer than `n_shown` may be shown; no rows without test images.
    """
    network = judged_test(held_out, calibration)[NETWORK]
    keys = keys_of_test(splits)
    order = np.argsort(network.log_chance_of_truth, kind="stable")[:n_shown]
    titles = _titles(network, answers_of(network, rings(held_out, alarm)), samples)
    pictures = [picture_of(images.read(keys[number]).image, titles[number]) for number in order]
    return Panel(
        "What the network says of test images",
        _in_rows(pictures),
        "Sorted by the chance that the true class was given, the lowest first.",
    )


def _titles(images: JudgedImages, answers: IntArray, samples: ClassSampleParameters) -> list[str]:
    names = [*(one.title for one in samples.classes), NONE_OF_THESE]
    return [
        f"{names[truth]}; said: {names[said]}" + (f", {chance:.0%}" if said < len(samples.classes) else "")
        for truth, said, chance in zip(images.labels, answers, images.confidence, strict=True)
    ]


def _in_rows(pictures: Sequence[Picture]) -> tuple[PanelRow, ...]:
    """Rows of equally many pictures; the least wrong ones that fill no row are left out."""
    width = min(PICTURES_A_ROW, len(pictures))
    starts = range(0, len(pictures) - width + 1, width) if width else ()
    return tuple(
        PanelRow(f"{start + 1} to {start + width}", tuple(pictures[start : start + width])) for start in starts
    )


def facts_of(
    task_scores: DataFrame,
    alarm: Arrays,
    splits: DataFrame,
    tiles: DataFrame,
    bands: Sequence[str],
    samples: ClassSampleParameters,
    evaluation: ClassEvaluationParameters,
) -> dict[str, Any]:
    """``card_facts`` of the model card: ``inputs outputs learned_from tested_on limits expectations``, sentences.

    `splits` has the columns ``key block split label``, `tiles` ``pixel_m n_pixels``, of which the first row is told for
    all; of `task_scores` the network's own scores stand beside what was published. ``limits`` is a list of them,
    ``expectations`` a list of ``what published ours`` (`entropice.pipelines.kinds.expectations.told_beside`).
    """
    learned, tested = (splits[splits["split"] == split] for split in (TRAIN, TEST))
    first = tiles.iloc[0]
    titles = ", ".join(one.title for one in samples.classes)
    rate = float(alarm.metadata["false_alarm_rate"])
    return {
        "inputs": f"Images of {first['n_pixels']:g} × {first['n_pixels']:g} pixels of {first['pixel_m']:g} m, bands "
        f"{', '.join(bands)}.",
        "outputs": f"A chance for each class ({titles}), or that an image is none of these.",
        "learned_from": f"{len(learned):,} images in {learned['block'].nunique():,} blocks of ground: "
        f"{_counted(learned, samples)}.",
        "tested_on": f"{len(tested):,} images in {tested['block'].nunique():,} blocks in which nothing was learned: "
        f"{_counted(tested, samples)}.",
        "limits": [
            "Chances are right for a mixture of classes as in the validation images.",
            f"The alarm for images of none of these classes rings for up to {rate:.0%} of images like the validation "
            "images; images that look like a class are answered, whatever they show.",
        ],
        "expectations": told_beside(evaluation.expectations, task_scores, NETWORK),
    }


def _counted(splits: DataFrame, samples: ClassSampleParameters) -> str:
    n_of_class = np.bincount(splits["label"].to_numpy(np.int64), minlength=len(samples.classes))
    return ", ".join(f"{n:,} {one.title}" for n, one in zip(n_of_class, samples.classes, strict=True))
