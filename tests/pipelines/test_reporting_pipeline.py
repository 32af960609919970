import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from entropice.pipelines.reporting.run_parameters import plain_parameters

from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.pipelines.reporting import create_pipeline
from entropice.pipelines.reporting.parameters import ReportingParameters

LAYERS = ["raw", "intermediate", "primary", "feature", "model_input", "models", "model_output", "reporting"]


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("with_limit", [True, False])
def test_only_a_known_truth_has_a_limit(with_limit: bool) -> None:
    pipeline = create_pipeline(with_limit=with_limit)
    assert ("truth" in pipeline.inputs()) is with_limit
    assert ("bayes_limit" in pipeline.all_outputs()) is with_limit
    assert pipeline.outputs() == {"run"}
    assert {"report_html", "run"} <= pipeline.all_outputs()


def test_one_last_node_makes_the_run() -> None:
    last = create_pipeline(with_limit=True).grouped_nodes[-1]
    assert [node.name for node in last] == ["reporting.assemble_run"]


def test_only_the_limit_reads_the_truth() -> None:
    readers = [node.name for node in create_pipeline(with_limit=True).nodes if "truth" in node.inputs]
    assert readers == ["reporting.attainable_limit"]


def test_every_output_has_an_entry_with_a_layer_and_a_description(project_path: Path) -> None:
    catalog = read(project_path / "conf/base/reporting/catalog.yml")
    assert create_pipeline(with_limit=True).all_outputs() | {"provenance"} == set(catalog)
    for entry in catalog.values():
        assert entry["metadata"]["kedro-viz"]["layer"] in LAYERS
        assert len(entry["metadata"]["description"]) > 20


def test_every_node_explains_itself() -> None:
    for node in create_pipeline(with_limit=True).nodes:
        assert len((node.func.__doc__ or "").splitlines()[0]) > 40


@pytest.mark.parametrize("environment", ["base", "sample"])
def test_committed_parameters_are_valid(project_path: Path, environment: str) -> None:
    raw = read(project_path / f"conf/{environment}/reporting/parameters.yml")
    parameters = ReportingParameters.model_validate(raw["reporting"])
    assert parameters.purpose == {"base": "model", "sample": "plumbing check"}[environment]


def test_the_sample_says_that_it_claims_no_skill(project_path: Path) -> None:
    raw = read(project_path / "conf/sample/reporting/parameters.yml")["reporting"]
    assert "no skill" in raw["notice"]
    assert any("Copernicus" in text for text in raw["attributions"])


def test_wiring_loads_nothing_heavy() -> None:
    code = (
        "import sys; import entropice.pipelines.reporting as p; p.create_pipeline(with_limit=True); "
        "print(sorted({'numpy','pandas','xarray','sklearn','geopandas','matplotlib','jinja2'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_parameters_are_the_same_whether_parsed_or_not(project_path: Path) -> None:
    files = (project_path / "conf/base").glob("*/parameters.yml")
    raw = {key: value for file in files for key, value in read(file).items()} | {"grid": "h3_4", "random_seed": 0}
    parsed = raw | {
        "reporting": ReportingParameters.model_validate(raw["reporting"]),
        "modelling": ModellingParameters.model_validate(raw["modelling"]),
    }
    plain = plain_parameters(raw, with_world=True)
    assert plain_parameters(parsed | {"data_root": "/somewhere"}, with_world=True) == plain
    assert json.loads(json.dumps(plain)) == plain
    assert plain["virtual_arctic"]["seed"] == raw["virtual_arctic"]["seed"]


def test_the_worlds_parameters_mean_nothing_for_given_files(project_path: Path) -> None:
    files = (project_path / "conf/base").glob("*/parameters.yml")
    raw = {key: value for file in files for key, value in read(file).items()} | {"grid": "h3_4", "random_seed": 0}
    assert "virtual_arctic" not in plain_parameters(raw, with_world=False)
