"""The numbers of the pages about human modification are of this world: it changes on purpose, or not at all."""

import numpy as np
import pytest
from fingerprints import Fingerprint, fingerprint

RECORDED = {
    "elevation": Fingerprint(2240, 246.747, 201.01, 19.5007),
    "land": Fingerprint(2240, 0.85, 0.357071, 0.03),
    "suitability": Fingerprint(2240, 0.389511, 0.300706, 0.0580725),
    "economy": Fingerprint(15680, -2.72079e-07, 1.00038, 0.0921358),
    "truth": Fingerprint(13328, 0.116289, 0.214971, 0.0585874),
    "maps": Fingerprint(12959, 0.115753, 0.214627, 0.0581916),
}


@pytest.fixture(scope="module")
def layers(modified):
    return {
        "elevation": modified.ground.elevation_m,
        "land": modified.ground.is_land,
        "suitability": modified.ground.suitability,
        "economy": np.stack([state.economy for state in modified.states]),
        "truth": modified.truth(),
        "maps": modified.maps(),
    }


@pytest.mark.parametrize("name", RECORDED)
def test_it_is_as_recorded(layers, name):
    assert RECORDED[name].is_of(layers[name]), fingerprint(layers[name])


def test_every_layer_is_recorded(layers):
    assert layers.keys() == RECORDED.keys()
