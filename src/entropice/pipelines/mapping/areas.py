"""How areas follow from logits, from datasets of the catalog."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from entropice.imagery.area_calibration import Judged, fit_areas
from entropice.imagery.calibration import Calibration
from entropice.imagery.found_objects import AreaCalibration, Marking
from entropice.imagery.held_out import Predict
from entropice.imagery.loading import SampleView
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.evaluation.pixels import object_threshold


def marking_of(calibration: Mapping[str, Any], evaluation: EvaluationParameters, reach_px: int) -> Marking:
    """What is an object: the rule ``objects.threshold`` that evaluation chooses pixels by, and the least size.

    Pixels from the raw logit of the dataset ``calibration`` on, the least pixels of an object, and the reach of its
    edge.

    Raises
    ------
    LabelError
        No threshold does what the rule asks, so that nothing could be found.
    """
    return Marking(object_threshold(calibration, evaluation), evaluation.objects.min_px, reach_px)


def fitted_areas(view: SampleView, keys: Sequence[str], predict: Predict, marking: Marking) -> dict[str, Any]:
    """``line n_correlated_pixels n_zones``: `fit_areas` of some tiles, as plain values.

    `predict` takes standardised inputs (1, band, row, column) and gives raw logits (1, row, column); tiles of `keys`
    are read one by one. ``line`` has ``slope intercept ratio``; how it is fitted, and ``n_correlated_pixels`` 1 or
    more, says `entropice.imagery.area_calibration.fit_areas`.

    Raises
    ------
    LabelError
        Fewer than three zones hold pixels that count, or their logits tell nothing.
    """
    areas, n_zones = fit_areas(_judged(view, keys, predict), marking)
    return {
        "line": areas.line.to_json(),
        "n_correlated_pixels": areas.n_correlated_pixels,
        "n_zones": n_zones,
    }


def areas_of(document: Mapping[str, Any]) -> AreaCalibration:
    """What `fitted_areas` has written, as what it was fitted to; ``n_zones`` is left out."""
    return AreaCalibration(Calibration.from_json(document["line"]), document["n_correlated_pixels"])


def _judged(view: SampleView, keys: Sequence[str], predict: Predict) -> Iterator[Judged]:
    for key in keys:
        inputs, target, scored = view.seen([key])
        yield predict(inputs)[0], target[0].astype(bool), scored[0]
