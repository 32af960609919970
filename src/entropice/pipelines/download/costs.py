"""What fetching takes: bytes are told by the source's own work, and time by the connection."""

from typing import Final

from entropice.pipelines.image_sources.registry import IMAGE_SOURCES
from entropice.pipelines.sources.registry import SOURCES
from entropice.pipelines.step_cost import StepCost

_DOWNLOADS: Final = (
    *(source.download for source in SOURCES if source.download is not None),
    *(download for source in IMAGE_SOURCES for download in source.downloads),
)

COSTS: Final = (
    StepCost(
        tuple({download.plan: None for download in _DOWNLOADS}),
        why_unknown="the connection decides; the download says its bytes before it begins",
    ),
)
