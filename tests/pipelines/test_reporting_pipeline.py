import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from entropice.app.configuration.parameters import validate_parameters
from entropice.app.provenance import describe_run
from entropice.imagery.rivals import RIVALS
from entropice.pipelines.composition import Composition
from entropice.pipelines.image_sources.virtual_slumps.declaration import VIRTUAL_SLUMPS
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.pipelines.reporting.pipeline import create_pipeline
from entropice.pipelines.reporting.texts import task_texts
from entropice.report.results import task_dataset_names

LAYERS = ["raw", "intermediate", "primary", "feature", "model_input", "models", "model_output", "reporting"]


KNOWN = Composition(world="virtual_arctic", labels="darts", features=("era5_monthly",))
GIVEN = Composition(world=None, labels="darts", features=("era5_monthly",))


TASK = {"slumps": {"kind": "mask", "source": "virtual_slumps"}}


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("composition", "with_limit"), [(KNOWN, True), (GIVEN, False)], ids=["known", "given"])
def test_only_a_known_truth_has_a_limit(composition: Composition, with_limit: bool) -> None:
    pipeline = create_pipeline(composition)
    assert ("truth" in pipeline.inputs()) is with_limit
    assert ("bayes_limit" in pipeline.all_outputs()) is with_limit
    assert pipeline.outputs() == {"report_html", "run"}


def test_one_last_node_makes_the_run() -> None:
    last = create_pipeline(KNOWN).grouped_nodes[-1]
    assert [node.name for node in last] == ["reporting.assemble_run"]


def test_only_the_limit_and_the_true_skill_read_the_truth() -> None:
    readers = [node.name for node in create_pipeline(KNOWN).nodes if "truth" in node.inputs]
    assert sorted(readers) == ["reporting.attainable_limit", "reporting.score_map"]


@pytest.mark.parametrize("pipelines", [("reporting",), ("mapping", "reporting")], ids=["not mapped", "mapped"])
def test_a_run_reads_what_tasks_have_found_where_it_is_mapped(pipelines: tuple[str, ...]) -> None:
    composition = Composition(
        world="virtual_arctic", labels="darts", features=("era5_monthly",), pipelines=pipelines, tasks=TASK
    )
    of_task = {name for name in create_pipeline(composition).inputs() if name.startswith("slumps.")}
    assert of_task == (set(task_dataset_names("slumps")) if "mapping" in pipelines else set())


def test_a_run_without_tasks_reads_what_it_always_read() -> None:
    mapped = KNOWN.model_copy(update={"pipelines": (*KNOWN.pipelines, "mapping")})
    assert create_pipeline(mapped).inputs() == create_pipeline(KNOWN).inputs()


def test_words_of_a_task_are_those_of_its_source() -> None:
    (text,) = task_texts(TASK)
    assert (text.name, text.kind, text.nouns) == ("slumps", "mask", VIRTUAL_SLUMPS.nouns)
    assert text.source_title == VIRTUAL_SLUMPS.title
    assert [model.name for model in text.models] == [NETWORK, *(rival.name for rival in RIVALS)]
    assert task_texts({}) == ()


def test_every_output_has_an_entry_with_a_layer_and_a_description(project_path: Path) -> None:
    catalog = read(project_path / "conf/base/reporting/catalog.yml")
    assert create_pipeline(KNOWN).all_outputs() | {"provenance"} == set(catalog)
    for entry in catalog.values():
        assert entry["metadata"]["kedro-viz"]["layer"] in LAYERS
        assert len(entry["metadata"]["description"]) > 20


def test_every_node_explains_itself() -> None:
    for node in create_pipeline(KNOWN).nodes:
        assert len((node.func.__doc__ or "").splitlines()[0]) > 40


@pytest.mark.parametrize("environment", ["base", "sample"])
def test_committed_parameters_are_valid(project_path: Path, environment: str) -> None:
    raw = read(project_path / f"conf/{environment}/reporting/parameters.yml")
    parameters = ReportingParameters.model_validate(raw["reporting"])
    assert parameters.purpose == {"base": "model", "sample": "plumbing check"}[environment]


def test_the_sample_says_that_it_claims_no_skill(project_path: Path) -> None:
    assert "no skill" in read(project_path / "conf/sample/reporting/parameters.yml")["reporting"]["notice"]


def test_wiring_loads_nothing_heavy() -> None:
    code = (
        "import sys; from entropice.pipelines.composition import Composition as C; "
        "from entropice.pipelines.reporting.pipeline import create_pipeline; "
        "create_pipeline(C(world='virtual_arctic', labels='darts', features=('era5_monthly',))); "
        "print(sorted({'numpy','pandas','xarray','sklearn','geopandas','matplotlib','jinja2'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(("composition", "has_world"), [(KNOWN, True), (GIVEN, False)], ids=["known", "given"])
def test_the_worlds_parameters_mean_nothing_for_given_files(
    project_path: Path, composition: Composition, has_world: bool
) -> None:
    files = (project_path / "conf/base").glob("*/parameters.yml")
    raw = {key: value for file in files for key, value in read(file).items()}
    given = {"grid": "h3_4", "random_seed": 0, "data_root": "/somewhere"}
    run = describe_run(composition, validate_parameters(raw | given, composition), None, given)
    assert ("virtual_arctic" in run["parameters"]) is has_world
    assert "/somewhere" not in str(run)
    assert json.loads(json.dumps(run)) == run, "as records hold it, or the report is made again and again"
    assert run["about"]["rebuild_command"] == "kedro run --params grid=h3_4,random_seed=0"
