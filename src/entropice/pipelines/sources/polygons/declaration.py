"""Slump outlines of the user's own."""

from entropice.pipelines.sources.declaration import LabelSource
from entropice.sources.slumps.columns import OutlineFormat

POLYGONS = LabelSource(
    "polygons",
    title="RTS outlines",
    parameters=OutlineFormat,
    outline_format=lambda section: section,
    corrects_coverage=True,
)
