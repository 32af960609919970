"""The labels pipeline: its wiring, its parameters, and every source taken through its nodes."""

from functools import partial

import geopandas as gpd
import label_steps
import numpy as np
import pytest
import shapely
import yaml
from pydantic import ValidationError

from entropice.crs import POLAR_CRS
from entropice.pipelines.composition import Composition
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.pipelines.labels.pipeline import create_pipeline
from entropice.pipelines.sources.label_sources import LABELS

CELLS = gpd.GeoDataFrame(
    {"cell_id": np.array([3, 5], dtype=np.uint64)},
    geometry=[shapely.box(-1e6, 0, -0.9e6, 1e5), shapely.box(-0.9e6, 0, -0.8e6, 1e5)],
    crs=POLAR_CRS,
)
RULES = set(LabelParameters.model_fields) - {source.name for source in LABELS}
LAND = gpd.GeoDataFrame(geometry=[shapely.box(-2e6, -1e6, 0, 1e6)], crs=POLAR_CRS)


def polar(geometries, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometries, crs=POLAR_CRS)


@pytest.mark.parametrize("source", [source.name for source in LABELS])
def test_the_pipeline_takes_and_makes_the_agreed_datasets(source):
    pipeline = create_pipeline(Composition(world=None, labels=source, features=("arcticdem",)))
    assert pipeline.inputs() == {
        "rts_file",
        "coverage_file",
        "cells",
        "land",
        "params:composition.labels",
        *(f"params:labels.{name}" for name in (*RULES, source)),
    }
    assert pipeline.all_outputs() == {"rts", "rts_counts", "coverage", "coverage_counts", "labels"}
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
        ({"years": [2021], "min_shared_area": 0}, "greater than 0"),
        ({"years": [2021, 2022], "pooled_from": 2018}, "one label year"),
        ({"years": [2021], "pooled_from": 2022}, "not before it"),
        ({"years": [2021], "coverage": {"every_year": None}}, "coverage: without years of their own"),
        ({"years": [2021], "polygons": {"columns": {"year": None}}}, "polygons: without years of their own"),
        ({"years": [2021], "coverage": {"every_year": "a", "any_year": "b"}}, "every_year or any_year"),
    ],
)
def test_wrong_parameters_are_refused(raw, message):
    with pytest.raises(ValidationError, match=message):
        LabelParameters.model_validate(raw)


def test_darts_becomes_labels():
    parameters = LabelParameters.model_validate({"years": [2021, 2022]})
    outline = shapely.box(-0.95e6, 5e4, -0.949e6, 5.1e4)
    rts, _ = partial(label_steps.normalise_rts, source="darts")(
        polar([outline, outline], year=[2021, 2021]), CELLS, parameters
    )
    coverage, _ = label_steps.normalise_coverage(
        polar([shapely.box(-1e6, 0, -0.8e6, 1e5), shapely.box(-1e6, 0, -0.9e6, 1e5)], year=[2021, 2022]),
        CELLS,
        parameters,
    )
    labels = label_steps.label_cells(CELLS, LAND, rts, coverage, parameters)
    assert labels["state"].tolist() == ["observed_with", "observed_without", "observed_without", "unobserved"]
    assert labels["rts_count"].tolist()[:3] == [1, 0, 0]


def test_arts_becomes_labels_of_one_pooled_year_within_the_searched_ground():
    raw = {
        "years": [2021],
        "pooled_from": 2018,
        "coverage": {"every_year": None},
        "arts": {"survey_areas": {"west": ["West"]}, "max_gap_km": 10, "search_radius_km": 80},
    }
    parameters = LabelParameters.model_validate(raw)
    rts_file = polar(
        [shapely.box(-0.98e6, 5e4, -0.979e6, 5.1e4)],
        RegionName=["West"],
        BaseMapDate=["2018-01-01,2021-01-01"],
        TrainClass=["Positive"],
        LabelType=["Polygon"],
        UID=["a"],
    )
    rts, _ = partial(label_steps.normalise_rts, source="arts")(rts_file, CELLS, parameters)
    coverage, _ = partial(label_steps.correct_coverage, source="arts")(
        polar([shapely.box(-2e6, -1e6, 0, 1e6)], area_km2=[1.0]), rts_file, CELLS, parameters
    )
    labels = label_steps.label_cells(CELLS, LAND, rts, coverage, parameters)
    assert labels["year"].tolist() == [2021, 2021]
    assert labels["state"].tolist() == ["observed_with", "unobserved"]


def test_a_file_of_ones_own_becomes_labels():
    """Its empty ground is seen; a cell with a slump that has no outline is not, however small the slump."""
    raw = {
        "years": [2021, 2022],
        "coverage": {"every_year": "Jahre"},
        "polygons": {
            "columns": {"year": "Jahr", "id": "Name", "label_class": "Art", "label_type": "Form"},
            "slump_classes": ["slump"],
            "empty_classes": ["nothing"],
            "outline_types": ["outline"],
            "no_outline_types": ["box"],
        },
    }
    parameters = LabelParameters.model_validate(raw)
    rts_file = polar(
        [shapely.box(-0.95e6, 5e4, -0.949e6, 5.1e4), CELLS.geometry[1], CELLS.geometry[0].centroid.buffer(300)],
        Jahr=["2021", "2022", "2022"],
        Name=["Am Fluss", "-", "Großer"],
        Art=["slump", "nothing", "slump"],
        Form=["outline", "box", "box"],
    )
    coverage_file = polar([CELLS.geometry[0]], Jahre=["2021,2022"])
    rts, rts_counts = partial(label_steps.normalise_rts, source="polygons")(rts_file, CELLS, parameters)
    coverage, coverage_counts = partial(label_steps.correct_coverage, source="polygons")(
        coverage_file, rts_file, CELLS, parameters
    )
    labels = label_steps.label_cells(CELLS, LAND, rts, coverage, parameters)
    assert labels["state"].tolist() == ["observed_with", "unobserved", "unobserved", "observed_without"]
    assert labels["observed_fraction"].tolist() == pytest.approx([1, 0, 0, 1], abs=1e-6)
    assert rts_counts["n"].tolist()[-7:] == [1, 1, 0, 1, 1, 1, 0]
    assert coverage_counts["n"].tolist() == [1, 1, 1, 0, 0]
