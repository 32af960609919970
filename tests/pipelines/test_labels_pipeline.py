"""The labels pipeline: its wiring, its parameters, and DARTS and ARTS taken through its nodes."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml
from pydantic import ValidationError

from entropice.crs import POLAR_CRS
from entropice.pipelines.labels import create_pipeline, nodes
from entropice.pipelines.labels.parameters import LabelParameters

CELLS = gpd.GeoDataFrame(
    {"cell_id": np.array([3, 5], dtype=np.uint64)},
    geometry=[shapely.box(-1e6, 0, -0.9e6, 1e5), shapely.box(-0.9e6, 0, -0.8e6, 1e5)],
    crs=POLAR_CRS,
)
LAND = gpd.GeoDataFrame(geometry=[shapely.box(-2e6, -1e6, 0, 1e6)], crs=POLAR_CRS)


def polar(geometries, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometries, crs=POLAR_CRS)


@pytest.mark.parametrize("source", ["darts", "arts"])
def test_the_pipeline_takes_and_makes_the_agreed_datasets(source):
    pipeline = create_pipeline(source)
    assert pipeline.inputs() == {"rts_file", "coverage_file", "cells", "land", "params:labels"}
    assert pipeline.all_outputs() == {"rts", "coverage", "labels"}
    assert {node.name for node in pipeline.nodes} == {
        "labels.normalise_rts",
        "labels.normalise_coverage",
        "labels.label_cells",
    }
    assert all(source in node.tags or node.name == "labels.label_cells" for node in pipeline.nodes)
    assert all(node.func.__doc__ for node in pipeline.nodes)


@pytest.mark.parametrize("environment", ["base", "sample"])
def test_the_configured_parameters_are_valid(project_path, environment):
    text = (project_path / "conf" / environment / "labels" / "parameters.yml").read_text()
    LabelParameters.model_validate(yaml.safe_load(text)["labels"])


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"years": []}, "at least 1 item"),
        ({"years": [2022, 2021]}, "must increase"),
        ({"years": [2021, 2021]}, "must increase"),
        ({"years": ["2021"]}, "valid integer"),
        ({"years": [1800]}, "greater than or equal to 1984"),
        ({"years": [2021], "min_observed_fraction": 0}, "greater than 0"),
        ({"years": [2021], "min_observed_fraction": 1.5}, "less than or equal to 1"),
        ({"years": [2021], "min_observed_fractoin": 0.5}, "Extra inputs"),
        ({"years": [2021], "darts": {"columns": {"jahr": "year"}}}, "Extra inputs"),
        ({"years": [2021, 2022], "darts": {"coverage_year_column": None}}, "one label year"),
        ({"years": [2021, 2022], "arts": {"survey_areas": {"a": ["b"]}}}, "one label year"),
    ],
)
def test_wrong_parameters_are_refused(raw, message):
    with pytest.raises(ValidationError, match=message):
        LabelParameters.model_validate(raw)


def test_darts_becomes_labels():
    parameters = LabelParameters.model_validate({"years": [2021, 2022]})
    outline = shapely.box(-0.95e6, 5e4, -0.949e6, 5.1e4)
    rts = nodes.normalise_darts_rts(polar([outline, outline], year=[2021, 2021]), parameters)
    coverage = nodes.normalise_darts_coverage(
        polar([shapely.box(-1e6, 0, -0.8e6, 1e5), shapely.box(-1e6, 0, -0.9e6, 1e5)], year=[2021, 2022]), parameters
    )
    labels = nodes.label_cells(CELLS, LAND, rts, coverage, parameters)
    assert labels["state"].tolist() == ["observed_with", "observed_without", "observed_without", "unobserved"]
    assert labels["rts_count"].tolist()[:3] == [1, 0, 0]


def test_arts_becomes_labels_of_one_pooled_year_within_the_searched_ground():
    raw = {
        "years": [2021],
        "arts": {"survey_areas": {"west": ["West"]}, "max_gap_km": 10, "search_radius_km": 80},
    }
    parameters = LabelParameters.model_validate(raw)
    rts_file = polar(
        [shapely.box(-0.98e6, 5e4, -0.979e6, 5.1e4)],
        RegionName=["West"],
        BaseMapDate=["2018-01-01,2021-01-01"],
        TrainClass=["Positive"],
        LabelType=["Polygon"],
    )
    rts = nodes.normalise_arts_rts(rts_file, parameters)
    coverage = nodes.normalise_arts_coverage(
        polar([shapely.box(-2e6, -1e6, 0, 1e6)], area_km2=[1.0]), rts_file, parameters
    )
    labels = nodes.label_cells(CELLS, LAND, rts, coverage, parameters)
    assert labels["year"].tolist() == [2021, 2021]
    assert labels["state"].tolist() == ["observed_with", "unobserved"]
