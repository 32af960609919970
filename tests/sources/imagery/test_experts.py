import numpy as np
import pytest

from entropice.errors import ConfigError, InputFileError
from entropice.sources.imagery.experts import SITES, read_drawn_scene

AREA_HA = {"bykovsky": (8.9, 11.6, 6.5), "peel": (36.5, 35.3, 34.6)}


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "imagery" / "rts_digitization"


@pytest.mark.parametrize("site", [site.name for site in SITES])
def test_scenes_and_outlines_lie_on_each_other(folder, site):
    scene = read_drawn_scene(folder, site)
    assert scene.image.values.shape == (5, 251, 251)
    assert scene.image.bands == ("blue", "green", "red", "red_edge", "nir")
    assert scene.place.pixel_m == 10
    assert scene.image.valid.all()
    assert scene.searched.sum() * 100 == pytest.approx(2500**2, rel=0.01)
    assert list(scene.drawn) == ["01", "02", "03"]
    for mask, area_ha in zip(scene.drawn.values(), AREA_HA[site], strict=True):
        assert mask.sum() / 100 == pytest.approx(area_ha, rel=0.03)
    for outlines, area_ha in zip(scene.outlines.values(), AREA_HA[site], strict=True):
        assert outlines.crs == scene.place.crs
        assert outlines.to_crs("EPSG:6931").area.sum() / 1e4 == pytest.approx(area_ha, abs=0.06)


@pytest.mark.parametrize("site", [site.name for site in SITES])
def test_bare_slumps_are_less_green_than_tundra(folder, site):
    """Which holds of the bands that are taken for red and NIR, and of no other order of them."""
    scene = read_drawn_scene(folder, site)
    by_name = dict(zip(scene.image.bands, scene.image.values, strict=True))
    ndvi = (by_name["nir"] - by_name["red"]) / (by_name["nir"] + by_name["red"])
    n_drawn = np.sum(list(scene.drawn.values()), axis=0)
    of_none = (n_drawn == 0) & scene.searched & (ndvi > 0)
    assert np.median(ndvi[of_none]) - np.median(ndvi[n_drawn >= 2]) > 0.2


def test_scenes_are_named(folder):
    with pytest.raises(ConfigError, match="did you mean peel"):
        read_drawn_scene(folder, "peal")


def test_incomplete_scenes_are_refused(tmp_path):
    with pytest.raises(InputFileError, match="not complete") as caught:
        read_drawn_scene(tmp_path, "peel")
    assert caught.value.field == "S2_*.tif"
