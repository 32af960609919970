"""Outlines that an environment's own tasks have found, with those of the campaign that it builds on elsewhere."""

from entropice.pipelines.sources.declaration import LabelSource
from entropice.sources.slumps.columns import OutlineFormat

SEGMENTED = LabelSource(
    "segmented",
    title="outlines of this run's own segmentation",
    parameters=OutlineFormat,
    outline_format=lambda section: section,
    corrects_coverage=False,
)
