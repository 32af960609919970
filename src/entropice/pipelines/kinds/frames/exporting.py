"""What of a task that asks for the next frames leaves under published names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from entropice.pipelines.kinds.exports import Exports
from entropice.pipelines.kinds.frames.parameters import FrameParameters

if TYPE_CHECKING:
    from entropice.exports.ice_pipeline_data import Part


def _values(task: FrameParameters) -> dict[str, Any]:
    """Forecasts are standardised as these bands are among the inputs."""
    return {"target_bands": list(task.target_bands)}


def _samples(task: FrameParameters, datasets: Mapping[str, Any]) -> "Part":
    from entropice.exports.ice_pipeline_data import Sequences
    from entropice.pipelines.kinds.frames.job import frame_samples

    frames = frame_samples(datasets["fields"], datasets["tiles"], task.bands, task.target_bands, task.samples)
    return Sequences(frames, datasets["splits"], task.target_bands)


EXPORTS: Final = Exports(
    datasets=("network", "statistics", "card_facts", "fields", "tiles", "splits"),
    says="Standardised frames of `target_bands`: times `std` plus `mean` of these bands is in physical units.",
    values=_values,
    samples=_samples,
)
