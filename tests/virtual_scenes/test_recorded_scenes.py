"""The numbers of the pages about slumps in images are of this world: it changes on purpose, or not at all."""

import numpy as np
import pytest
from fingerprints import Fingerprint, fingerprint

YEARS = (2021, 2022, 2023)
N_SLUMPS = 12

RECORDED = {
    "blue": Fingerprint(1769472, 0.0720231, 0.0332749, 0.00367498),
    "green": Fingerprint(1769472, 0.0909847, 0.0367539, 0.00411341),
    "red": Fingerprint(1769472, 0.0937175, 0.0380881, 0.00437632),
    "red_edge": Fingerprint(1769472, 0.137234, 0.0445769, 0.00503918),
    "nir": Fingerprint(1769472, 0.186057, 0.0646111, 0.00641075),
    "elevation": Fingerprint(1769472, 650.731, 288.203, 0.236401),
    "known": Fingerprint(10616832, 0.947849, 0.222332, 0.000312111),
    "slumps": Fingerprint(1769472, 0.213941, 0.410086, 0.00294187),
}


@pytest.fixture(scope="module")
def layers(scenes, active, place_at):
    largest = active.sort_values("area_m2", ascending=False).iloc[:N_SLUMPS]
    places = zip(largest["x_m"], largest["y_m"], YEARS * (N_SLUMPS // len(YEARS)), strict=True)
    seen = [scenes.at(place_at(x_m, y_m, year, 3.0, 384)) for x_m, y_m, year in places]
    images = np.stack([scene.image.values for scene in seen], axis=1)
    return {
        **dict(zip(seen[0].image.bands, images, strict=True)),
        "known": np.stack([scene.image.valid for scene in seen]),
        "slumps": np.stack([scene.slump_ids for scene in seen]) > 0,
    }


@pytest.mark.parametrize("name", RECORDED)
def test_it_is_as_recorded(layers, name):
    assert RECORDED[name].is_of(layers[name]), fingerprint(layers[name])


def test_every_layer_is_recorded(layers):
    assert layers.keys() == RECORDED.keys()
