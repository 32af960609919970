"""What of a task that names classes leaves under published names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from entropice.pipelines.kinds.exports import Exports
from entropice.pipelines.kinds.image_class.parameters import ImageClassParameters

if TYPE_CHECKING:
    from entropice.exports.ice_pipeline_data import Part


def _values(task: ImageClassParameters) -> dict[str, Any]:
    return {"class_names": list(task.samples.names)}


def _samples(task: ImageClassParameters, datasets: Mapping[str, Any]) -> "Part":
    from entropice.exports.ice_pipeline_data import LabelledImages
    from entropice.imagery.bands import RGB
    from entropice.imagery.loading import BandView

    view = BandView(datasets["images"], RGB, task.samples.derivation)
    return LabelledImages(view, datasets["splits"], task.samples.names)


EXPORTS: Final = Exports(
    datasets=("network", "statistics", "card_facts", "images", "splits"),
    says="Logits of the classes of `class_names`; chances are their softmax, which is not calibrated in the file.",
    values=_values,
    samples=_samples,
)
