"""The real ARTS outlines (April 2024): the facts of the data's README."""

import logging
from functools import partial

import label_steps
import numpy as np
import pytest
import shapely
import yaml

from entropice.errors import LabelError
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.sources.files.polar import to_polar_polygons
from entropice.sources.files.vector import read_vector
from entropice.sources.periods import Period
from entropice.sources.slumps.arts import survey_extent
from entropice.sources.slumps.columns import ArtsFormat, CoverageColumns
from entropice.sources.slumps.dissolve import dissolve_slumps
from entropice.sources.slumps.footprints import normalise_coverage
from entropice.sources.slumps.outlines import normalise_outlines, sort_outlines

PERIOD = Period(2011, 2021)
NO_YEARS = CoverageColumns(every_year=None)


@pytest.fixture(scope="module")
def raw(shared_data):
    return read_vector(shared_data / "rts" / "ARTS_main_dataset_2024-04-08.geojson")


@pytest.fixture(scope="module")
def footprints(shared_data):
    return read_vector(shared_data / "rts" / "DARTS_NitzeEtAl_v1_coverage_2018_2023_union.parquet")


@pytest.fixture(scope="module")
def sample_parameters(project_path):
    text = (project_path / "conf" / "sample" / "labels" / "parameters.yml").read_text()
    return LabelParameters.model_validate(yaml.safe_load(text)["labels"])


def test_every_row_and_the_named_crs_are_read(raw):
    assert len(raw) == 2276
    assert raw.crs.to_epsg() == 3413


def test_repeats_are_dissolved_and_true_areas_kept(raw, caplog):
    """2,228 slumps of 2,237 parts, for some rows are drawn in parts and some parts touch in a point."""
    with caplog.at_level(logging.INFO):
        rts, counts = normalise_outlines(raw, ArtsFormat(), [PERIOD], 0.1, "ARTS outlines")
    assert len(rts) == 2228
    assert shapely.get_num_geometries(shapely.union_all(rts.geometry.to_numpy())) == 2237
    assert rts["area_m2"].sum() / 1e6 == pytest.approx(35.27, abs=0.005)
    assert rts.geometry.is_valid.all()
    assert counts.loc[counts["n"] > 0, "n"].tolist() == [2276, 2228, 2228]
    assert "3 of 2276 outlines were invalid" in caplog.text
    assert "43 of 2276 outlines repeat an identity of UID" in caplog.text


def test_ranges_of_years_label_no_single_year_but_ranges_within_one_do(raw):
    with pytest.raises(LabelError, match=r"1405 rows[\s\S]*2018–2021"):
        sort_outlines(raw, ArtsFormat(), [Period(2020, 2020)], "ARTS")
    without_taymyr = raw[~raw["RegionName"].str.contains("Taymyr")]
    rows = sort_outlines(without_taymyr, ArtsFormat(), [Period(2017, 2017), Period(2020, 2020)], "ARTS")
    assert rows.slumps["label_year"].value_counts().to_dict() == {2020: 424, 2017: 365}


def test_ranges_that_leave_the_pooled_period_give_no_outline(raw):
    rows = sort_outlines(raw, ArtsFormat(), [Period(2015, 2020)], "ARTS")
    assert (len(rows.slumps), len(rows.no_outline), len(rows.empty)) == (365 + 262 + 162, 1405 + 82, 0)


def test_negatives_of_the_real_schema_are_seen_and_are_no_slumps(raw, footprints, sample_parameters):
    """The April 2024 file holds positives alone: some of its rows are told to be negatives, boxes and points."""
    changed = raw.copy()
    changed.loc[changed.index[:262], "TrainClass"] = "Negative"
    changed.loc[changed.index[300:320], "LabelType"] = "BoundingBox"
    rows = sort_outlines(changed, ArtsFormat(), [PERIOD], "ARTS")
    assert (len(rows.slumps), len(rows.no_outline), len(rows.empty)) == (2276 - 262 - 20, 20, 262)

    looked_at = shapely.union_all(rows.empty.geometry.to_numpy())
    square = shapely.box(*shapely.total_bounds(looked_at)).buffer(1000)
    cells = rows.empty[["geometry"]].iloc[:1].set_geometry([square])
    coverage, _ = partial(label_steps.correct_coverage, source="arts")(
        footprints.iloc[:1], changed, cells, sample_parameters
    )
    assert shapely.area(shapely.difference(looked_at, coverage.geometry.item())) < 1.0


def test_one_uid_is_one_slump_in_both_periods_and_shared_ground_agrees_with_it(raw):
    """82 slumps of Taymyr are drawn for 2011–2017, 43 of them carry the UID of one drawn for 2018–2021."""
    taymyr = to_polar_polygons(raw[raw["RegionName"].str.contains("Taymyr")], "x")
    year = np.where(taymyr["BaseMapDate"].str.startswith("2011"), 2017, 2021)
    outlines, uid = taymyr.geometry.to_numpy(), np.unique(taymyr["UID"], return_inverse=True)[1]
    by_uid = dissolve_slumps(outlines, year, uid, min_shared_area=1.0)
    assert by_uid["rts_id"].duplicated().sum() == 43
    by_ground = dissolve_slumps(outlines, year, min_shared_area=0.1)
    pairs = by_ground[by_ground["rts_id"].duplicated(keep=False)].sort_values(["rts_id", "year"])
    early, late = (pairs[pairs["year"] == one].geometry.to_numpy() for one in (2017, 2021))
    assert len(early) == len(late) == 18
    assert [set(uid[shapely.intersects(outlines, slump)]) for slump in early] == [
        set(uid[shapely.intersects(outlines, slump)]) for slump in early & late
    ]


def test_128_outlines_lie_on_ground_that_was_not_observed(raw, footprints):
    observed = normalise_coverage(footprints, NO_YEARS, [PERIOD])[0].geometry.item()
    points = shapely.point_on_surface(shapely.make_valid(raw.geometry.to_numpy()))
    outside = raw.loc[~shapely.intersects(observed, points), "RegionName"].value_counts()
    assert outside.to_dict() == {
        "Northern Taymyr Peninsula in Siberia, Russia": 127,
        "Hot Weather Creek, Ellesmere, Canada": 1,
    }


def test_the_searched_ground_is_near_the_outlines_of_three_survey_areas(raw, footprints, sample_parameters):
    arts = sample_parameters.arts
    searched = survey_extent(raw, arts.survey_areas, arts.max_gap_km, arts.search_radius_km)
    assert shapely.contains(searched, shapely.make_valid(raw.geometry.to_numpy())).all()
    cells = footprints[["geometry"]].iloc[:0]
    observed, _ = partial(label_steps.correct_coverage, source="arts")(footprints, raw, cells, sample_parameters)
    assert 30_000 < observed.to_crs("EPSG:6931").area.sum() / 1e6 < 100_000
