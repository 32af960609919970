"""The numbers of the pages about the virtual Arctic are of this world: it changes on purpose, or not at all."""

import numpy as np
import pytest
from fingerprints import Fingerprint, fingerprint

from entropice.crs import POLAR_CRS
from entropice.virtual_arctic.climate import (
    build_climate,
    build_history,
    precipitation_m_per_day,
    snow_depth_m,
    snowfall_m_per_day,
    temperature_k,
)
from entropice.virtual_arctic.embedding_tiles import embedding_tiles

RECORDED = {
    "land": Fingerprint(409600, 0.52, 0.4996, 0.00649452),
    "elevation": Fingerprint(409600, 349.209, 315.582, 22.2335),
    "ground ice": Fingerprint(409600, -6.56926e-09, 0.982863, 0.0304804),
    "footprints": Fingerprint(31, 3.16691e10, 1.06198e10, 8.99659e09),
    "rate": Fingerprint(425984, -8.31946, 2.86192, 0.862561),
    "false positives": Fingerprint(212992, 1.02442e-05, 1.07343e-05, 3.81025e-06),
    "observed": Fingerprint(819200, 0.296912, 0.456897, 0.00624755),
    "found": Fingerprint(8839, 7210.82, 25384.8, 10401.4),
    "drawn": Fingerprint(11690, 6519.23, 23515.4, 8659.63),
    "temperature": Fingerprint(225, 259.86, 12.2243, 2.91122),
    "precipitation": Fingerprint(225, 0.00151978, 0.000881425, 0.000802131),
    "snow": Fingerprint(225, 0.144558, 0.122265, 0.117127),
    "past temperature": Fingerprint(72, 259.53, 12.2364, 3.15336),
    "past precipitation": Fingerprint(72, 0.00156936, 0.000946786, 0.000897462),
    "embeddings": Fingerprint(262144, -125.234, 19.7749, 1.40506),
    "overview": Fingerprint(4096, -117.655, 37.3341, 15.0374),
}


@pytest.fixture(scope="module")
def layers(world, terrain, footprints, truth, found, drawn):
    climate = build_climate(world)
    past = build_history(climate, world)
    lon_deg, lat_deg, height_m = np.array([[-178.0, 150.0, 20.0], [69.0, 72.0, 79.0], [0.0, 90.0, 300.0]])
    warmth = temperature_k(climate, lon_deg, lat_deg, height_m)
    rain = precipitation_m_per_day(climate, lon_deg, lat_deg)
    tile = next(embedding_tiles(terrain, world))
    return {
        "land": terrain["land"],
        "elevation": terrain["elevation_m"],
        "ground ice": terrain["ground_ice"],
        "footprints": footprints.to_crs(POLAR_CRS).area,
        "rate": truth["known_log_rate"],
        "false positives": truth["false_positive_rate"],
        "observed": truth["observed"],
        "found": found["area_m2"],
        "drawn": drawn.to_crs(POLAR_CRS).area,
        "temperature": warmth,
        "precipitation": rain,
        "snow": snow_depth_m(climate, warmth, snowfall_m_per_day(warmth, rain)),
        "past temperature": temperature_k(past, lon_deg, lat_deg, height_m),
        "past precipitation": precipitation_m_per_day(past, lon_deg, lat_deg),
        "embeddings": tile.levels[0],
        "overview": tile.levels[-1],
    }


@pytest.mark.parametrize("name", RECORDED)
def test_it_is_as_recorded(layers, name):
    assert RECORDED[name].is_of(layers[name]), fingerprint(layers[name])


def test_every_layer_is_recorded(layers):
    assert layers.keys() == RECORDED.keys()
