"""All sources of labels, one entry each."""

from typing import Final

from entropice.pipelines.sources.arts.declaration import ARTS
from entropice.pipelines.sources.darts.declaration import DARTS
from entropice.pipelines.sources.declaration import LabelSource, source_named
from entropice.pipelines.sources.polygons.declaration import POLYGONS
from entropice.pipelines.sources.segmented.declaration import SEGMENTED

LABELS: Final[tuple[LabelSource, ...]] = (DARTS, ARTS, POLYGONS, SEGMENTED)
"""They stand apart from the sources of features, so that no label depends on how features are made."""


def label_source(name: str) -> LabelSource:
    """The source of labels of a name.

    Raises
    ------
    ValueError
        There is none; the nearest name is given.
    """
    return source_named("labels", name, LABELS)
