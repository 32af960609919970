"""The numbers of the pages about sea ice are of this world: it changes on purpose, or not at all."""

from datetime import date

import numpy as np
import pytest
from fingerprints import Fingerprint, fingerprint

from entropice.imagery.samples import Place
from entropice.virtual_ice.scene import IceScenes

SEED = 5
DAYS = (date(2011, 5, 10), date(2012, 5, 20))
PLACES = tuple(Place(left_m, -900_000.0, 250.0, 128, 2011) for left_m in (-150_000.0, -50_000.0, 50_000.0))

RECORDED = {
    "sea": Fingerprint(4096, 0.849854, 0.357215, 0.0119048),
    "room": Fingerprint(4096, 0.655006, 0.406739, 0.0264583),
    "pressure": Fingerprint(163840, 0.314564, 0.980953, 0.0577581),
    "wind": Fingerprint(327680, 0.0305072, 5.48074, 0.435134),
    "swirls": Fingerprint(163840, 0.0443361, 0.976335, 0.137235),
    "drift": Fingerprint(327680, -79.9624, 12061.8, 1651.41),
    "concentration": Fingerprint(4096, 0.332749, 0.313706, 0.0387345),
    "volume": Fingerprint(4096, 0.43518, 0.552179, 0.0729234),
    "images": Fingerprint(294912, 0.604167, 0.256121, 0.0634107),
    "ice in images": Fingerprint(98304, 0.72346, 0.447287, 0.107663),
}


@pytest.fixture(scope="module")
def layers(season, specification):
    last = season.states[-1]
    scenes = IceScenes(specification, SEED)
    seen = [scenes.at(place, day) for place in PLACES for day in DAYS]
    return {
        "sea": season.ground.sea,
        "room": season.ground.room,
        "pressure": season.pressure,
        "wind": season.wind_m_s,
        "swirls": season.swirls,
        "drift": season.drift_m,
        "concentration": last.concentration,
        "volume": last.volume_m,
        "images": np.stack([scene.image.values for scene in seen]),
        "ice in images": np.stack([scene.is_ice for scene in seen]),
    }


@pytest.mark.parametrize("name", RECORDED)
def test_it_is_as_recorded(layers, name):
    assert RECORDED[name].is_of(layers[name]), fingerprint(layers[name])


def test_every_layer_is_recorded(layers):
    assert layers.keys() == RECORDED.keys()
