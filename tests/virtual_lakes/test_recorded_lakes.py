"""The numbers of the pages about glacial lakes are of this world: it changes on purpose, or not at all."""

import numpy as np
import pytest
from fingerprints import Fingerprint, fingerprint

YEARS = (2017, 2021, 2023)

RECORDED = {
    "coastal": Fingerprint(540000, 0.194373, 0.278042, 0.00863319),
    "blue": Fingerprint(540000, 0.201308, 0.287001, 0.0160129),
    "green": Fingerprint(540000, 0.214981, 0.296864, 0.017157),
    "red": Fingerprint(540000, 0.214332, 0.294662, 0.0177126),
    "red_edge": Fingerprint(540000, 0.213908, 0.272015, 0.0141407),
    "red_edge_2": Fingerprint(540000, 0.237712, 0.264132, 0.0151196),
    "red_edge_3": Fingerprint(540000, 0.237445, 0.255241, 0.0149716),
    "nir": Fingerprint(540000, 0.242693, 0.248405, 0.0178136),
    "nir_narrow": Fingerprint(540000, 0.248988, 0.248445, 0.0153789),
    "water_vapour": Fingerprint(540000, 0.224796, 0.206236, 0.00839002),
    "swir_1": Fingerprint(540000, 0.125604, 0.11429, 0.00822195),
    "swir_2": Fingerprint(540000, 0.0898152, 0.0889885, 0.00656642),
    "vv": Fingerprint(540000, -13.8293, 5.18093, 2.52971),
    "vh": Fingerprint(540000, -20.4347, 5.24351, 2.52442),
    "elevation": Fingerprint(540000, 1818.04, 1100.25, 8.16828),
    "known": Fingerprint(8100000, 0.835289, 0.37092, 0.00514418),
    "lakes": Fingerprint(540000, 0.0432667, 0.203457, 0.00661093),
    "labels": Fingerprint(180000, 0.0398056, 0.195502, 0.00595318),
    "conditions": Fingerprint(180000, 0.0686722, 0.360664, 0.0108473),
    "areas": Fingerprint(117, 19969.2, 27882.8, 11334.5),
}


@pytest.fixture(scope="module")
def layers(scenes, lakes):
    seen = [scenes.at(region.place(year)) for region in scenes.regions for year in YEARS]
    images = np.stack([sample.image.values for sample in seen], axis=1)
    bands = dict(zip(seen[0].image.bands, images, strict=True))
    return {
        **bands,
        "known": np.stack([sample.image.valid for sample in seen]),
        "lakes": np.stack([sample.target for sample in seen]),
        "labels": np.stack([scenes.label(region.place(2021)) for region in scenes.regions]),
        "conditions": np.stack([scenes.conditions(region.place(2021)) for region in scenes.regions]),
        "areas": lakes.geometry.area,
    }


@pytest.mark.parametrize("name", RECORDED)
def test_it_is_as_recorded(layers, name):
    assert RECORDED[name].is_of(layers[name]), fingerprint(layers[name])


def test_every_layer_is_recorded(layers):
    assert layers.keys() == RECORDED.keys()
