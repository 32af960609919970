"""Scenes as samples: what is seen, and where the slumps are."""

from dataclasses import dataclass

import numpy as np

from entropice.imagery.samples import Place, Sample
from entropice.virtual_scenes.scene import Scenes


@dataclass(frozen=True)
class LabelledScenes:
    """Scenery of a virtual Arctic whose truth is known everywhere.

    Attributes
    ----------
    scenes
        What they show.
    """

    scenes: Scenes

    def at(self, place: Place) -> Sample:
        """A scene whose target is 1 inside the outlines of active slumps; every pixel is scored.

        The key is ``<year>_<left_m>_<top_m>``; target uint8 and scored are (row, column). Below clouds, too, the target
        is true.

        Raises
        ------
        ConfigError
            The year is none of the world's label years.
        """
        scene = self.scenes.at(place)
        key = f"{place.year}_{place.left_m:.0f}_{place.top_m:.0f}"
        target = (scene.slump_ids > 0).astype(np.uint8)
        return Sample(key, scene.image, target, np.ones_like(target, dtype=bool), place)
