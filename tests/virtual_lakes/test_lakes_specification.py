import re
from typing import Any

import pytest
from pydantic import ValidationError

from entropice.virtual_lakes.materials import LAKE_MATERIALS, MATERIALS, OPTICAL_BANDS
from entropice.virtual_lakes.specification import LakesSpecification


def test_defaults_are_the_cards():
    specification = LakesSpecification()
    assert specification.regions.n_regions == 12
    assert specification.regions.years == (2017, 2021, 2022, 2023)
    assert specification.clouds.largest_share < 0.3
    assert specification.regions.edge_m == 12_000


@pytest.mark.parametrize(
    ("section", "wrong", "message"),
    [
        ("regions", {"years": (2021, 2017)}, "years must ascend"),
        ("regions", {"southern_deg": (50.0, 30.0)}, "southern_deg must ascend"),
        ("regions", {"northern_deg": (60.0, 89.0)}, "less than or equal to 85"),
        ("lakes", {"smallest_ha": 40.0}, "must ascend"),
        ("lakes", {"frozen_share": 0.5}, "must not exceed 1/3"),
        ("lakes", {"growth": {"growing_share": 0.7, "draining_share": 0.4}}, "must not exceed 1 together"),
        ("clouds", {"largest_share": 0.3}, "less than 0.3"),
        ("radar", {"n_looks": 0.0}, "greater than 0"),
        ("radar", {"incidence_deg": (45.0, 30.0)}, "incidence_deg must ascend"),
        ("audits", {"share": 1.5}, "less than or equal to 1"),
        ("label_noise", {"mean_erosion": 5.0}, "Extra inputs"),
    ],
)
def test_wrong_parameters_are_named(section: str, wrong: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=re.escape(message)) as caught:
        LakesSpecification.model_validate({section: wrong})
    assert section in str(caught.value)


def test_lists_of_parameter_files_are_taken():
    values = {
        "regions": {"years": [2017, 2021], "southern_deg": [32.0, 40.0]},
        "radar": {"incidence_deg": [30.0, 40.0]},
    }
    assert LakesSpecification.model_validate(values).regions.years == (2017, 2021)


def test_materials_know_every_band():
    assert tuple(material.name for material in MATERIALS[-3:]) == LAKE_MATERIALS
    for material in MATERIALS:
        assert len(material.reflectance) == len(OPTICAL_BANDS)
        assert all(0 < value < 1 for value in material.reflectance)
        assert material.backscatter_db[0] > material.backscatter_db[1]
