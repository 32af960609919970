"""The real ARTS outlines (April 2024): the facts of the data's README."""

import logging

import pytest
import shapely
import yaml

from entropice.pipelines.labels.parameters import LabelParameters
from entropice.sources.arts import normalise_arts, survey_area
from entropice.sources.coverage import normalise_coverage
from entropice.sources.vector import read_vector


@pytest.fixture(scope="module")
def raw(shared_data):
    return read_vector(shared_data / "rts" / "ARTS_main_dataset_2024-04-08.geojson")


@pytest.fixture(scope="module")
def footprints(shared_data):
    return read_vector(shared_data / "rts" / "DARTS_NitzeEtAl_v1_coverage_2018_2023_union.parquet")


def test_every_row_and_the_named_crs_are_read(raw):
    assert len(raw) == 2276
    assert raw.crs.to_epsg() == 3413


def test_repeats_are_dissolved_and_true_areas_kept(raw, caplog):
    """2,228 slumps of 2,236 parts, for some rows are drawn in parts and some parts touch in a point.

    The README counts 2,237: one of its parts is a line without area, which another repair of a ring leaves over.
    """
    with caplog.at_level(logging.INFO):
        rts = normalise_arts(raw, 2011, 2021)
    assert len(rts) == 2228
    assert shapely.get_num_geometries(shapely.union_all(rts.geometry.to_numpy())) == 2236
    assert rts["area_m2"].sum() / 1e6 == pytest.approx(35.27, abs=0.005)
    assert rts.geometry.is_valid.all()
    assert "3 of 2276 outlines were invalid" in caplog.text


def test_128_outlines_lie_on_ground_that_was_not_observed(raw, footprints):
    observed = normalise_coverage(footprints, [2021], None).geometry.item()
    points = shapely.point_on_surface(shapely.make_valid(raw.geometry.to_numpy()))
    outside = raw.loc[~shapely.intersects(observed, points), "RegionName"].value_counts()
    assert outside.to_dict() == {
        "Northern Taymyr Peninsula in Siberia, Russia": 127,
        "Hot Weather Creek, Ellesmere, Canada": 1,
    }


def test_the_searched_ground_is_near_the_outlines_of_three_survey_areas(raw, footprints, project_path):
    text = (project_path / "conf" / "sample" / "labels" / "parameters.yml").read_text()
    arts = LabelParameters.model_validate(yaml.safe_load(text)["labels"]).arts
    searched = survey_area(raw, arts.survey_areas, arts.max_gap_km, arts.search_radius_km)
    assert shapely.contains(searched, shapely.make_valid(raw.geometry.to_numpy())).all()
    observed = normalise_coverage(footprints, [2021], None, within=searched)
    assert 30_000 < observed.to_crs("EPSG:6931").area.sum() / 1e6 < 100_000
