"""What of a task that asks for changes leaves under published names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from entropice.pipelines.kinds.change.parameters import ChangeParameters
from entropice.pipelines.kinds.exports import Exports

if TYPE_CHECKING:
    from entropice.exports.ice_pipeline_data import Part

CLASS_NAMES: Final = ("unchanged", "changed")
"""What the numbers of labels mean; the network's logit is that of the last."""


def _values(_: ChangeParameters) -> dict[str, Any]:
    return {"class_names": list(CLASS_NAMES)}


def _samples(task: ChangeParameters, datasets: Mapping[str, Any]) -> "Part":
    from entropice.exports.ice_pipeline_data import LabelledImages
    from entropice.imagery.bands import RGB
    from entropice.imagery.loading import BandView

    view = BandView(datasets["images"], RGB, task.samples.derivation)
    return LabelledImages(view, datasets["splits"], CLASS_NAMES)


EXPORTS: Final = Exports(
    datasets=("network", "statistics", "card_facts", "images", "splits"),
    says="A logit a pixel that it has changed; chances are its sigmoid, which is not calibrated in the file.",
    values=_values,
    samples=_samples,
)
