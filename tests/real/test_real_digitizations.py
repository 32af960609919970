"""Outlines that three people drew of the same two images: files of one's own, in Shapefile and UTM."""

from functools import partial

import label_steps
import pytest
import shapely

from entropice.errors import LabelError
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.sources.files.vector import read_vector

PARAMETERS = LabelParameters.model_validate(
    {
        "years": [2021],
        "pooled_from": 2021,
        "coverage": {"every_year": None},
        "polygons": {"columns": {"year": None}},
    }
)
AREA_HA = {
    ("01", "Bykovsky"): 8.9,
    ("02", "Bykovsky"): 11.6,
    ("03", "Bykovsky"): 6.5,
    ("01", "Peel"): 36.5,
    ("02", "Peel"): 35.3,
    ("03", "Peel"): 34.6,
}


@pytest.fixture(scope="module")
def digitizations(shared_data):
    return shared_data / "imagery" / "rts_digitization"


def square_of(digitizations, site):
    """The square that was searched, as the one cell."""
    file = digitizations / "scenes" / site.lower() / f"{site}_AOI_2500.geojson"
    return read_vector(file).to_crs("EPSG:3413")


@pytest.mark.parametrize(("expert", "site"), AREA_HA, ids="-".join)
def test_areas_are_those_of_the_data_s_readme(digitizations, expert, site):
    file = digitizations / "experts" / expert / f"{site}_digitized.shp"
    rts, counts = partial(label_steps.normalise_rts, source="polygons")(
        read_vector(file), square_of(digitizations, site), PARAMETERS
    )
    assert rts["area_m2"].sum() / 1e4 == pytest.approx(AREA_HA[expert, site], abs=0.06)
    assert counts.set_index("what")["n"]["slumps"] == len(rts)
    assert counts.set_index("what")["n"]["slumps and label years outside all cells"] == 0
    assert set(rts["year"]) == {2021}


def test_the_study_square_is_what_was_seen(digitizations):
    square = digitizations / "scenes" / "peel" / "Peel_AOI_2500.geojson"
    raw = read_vector(digitizations / "experts" / "01" / "Peel_digitized.shp")
    cells = square_of(digitizations, "Peel")
    coverage, _ = partial(label_steps.correct_coverage, source="polygons")(read_vector(square), raw, cells, PARAMETERS)
    assert coverage.to_crs("EPSG:6931").area.item() == pytest.approx(2500**2, rel=2e-3)
    inside = shapely.intersects(coverage.geometry.item(), raw.to_crs("EPSG:3413").geometry.to_numpy())
    assert inside.all()


def test_no_year_is_invented(digitizations):
    raw = read_vector(digitizations / "experts" / "01" / "Peel_digitized.shp")
    with pytest.raises(LabelError, match="no row is the outline"):
        partial(label_steps.normalise_rts, source="polygons")(
            raw.assign(year=2019), square_of(digitizations, "Peel"), LabelParameters.model_validate({"years": [2021]})
        )
