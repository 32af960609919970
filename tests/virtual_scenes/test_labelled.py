"""A scene as a sample says what the scene says."""

import numpy as np

from entropice.imagery.samples import Image, Place
from entropice.virtual_scenes.labelled import LabelledScenes
from entropice.virtual_scenes.scene import Scene


class OneScene:
    def at(self, place):
        ids = np.zeros((place.n_pixels, place.n_pixels), dtype=np.int64)
        ids[1, 2] = 77
        values = np.full((2, place.n_pixels, place.n_pixels), place.year, dtype=np.float32)
        return Scene(Image(("red", "nir"), values, np.ones_like(values, dtype=bool)), ids)


def test_pixels_inside_outlines_are_the_target():
    place = Place(-1200.0, 3600.0, 6.0, 4, 2023)
    sample = LabelledScenes(OneScene()).at(place)
    assert (sample.key, sample.place) == ("2023_-1200_3600", place)
    assert sample.target.dtype == np.uint8
    assert np.flatnonzero(sample.target).tolist() == [6]
    assert sample.scored.all()
    assert (sample.image.values == 2023).all()
