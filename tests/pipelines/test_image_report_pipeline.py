"""The step that reports on tasks of imagery: what it reads, what it says of itself, and that it holds together."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from image_runs import ABOUT, PARAMETERS, PROVENANCE, datasets
from pydantic import ValidationError

from entropice.app.provenance import _about
from entropice.pipelines.composition import Composition
from entropice.pipelines.image_report.about import UNSTATED, about_images
from entropice.pipelines.image_report.nodes import assemble_image_run
from entropice.pipelines.image_report.parameters import ImageReportParameters
from entropice.pipelines.image_report.pipeline import IMAGE_REPORT
from entropice.pipelines.registry import PIPELINES
from entropice.pipelines.tasks.parameters import TaskSections
from entropice.pipelines.tasks.task import Task
from entropice.report.image_run.datasets import OF_A_TASK, OF_PIPELINES
from entropice.report.image_run.folder import write_image_run

COMPOSITION = Composition.model_validate(
    {
        "world": None,
        "labels": None,
        "pipelines": ["image_report"],
        "features": [],
        "tasks": {"ice_motion": {"kind": "mask", "source": "virtual_slumps"}},
    }
)
WORDS = {"purpose": "model", "notice": ""}


def test_the_step_reads_what_every_task_ends_in() -> None:
    (node,) = IMAGE_REPORT.create(COMPOSITION).nodes
    assert set(node.inputs) == {"params:run", "provenance", *(f"ice_motion.{name}" for name in OF_A_TASK)}
    assert set(node.outputs) == {"report_html", "run"}


def test_report_and_folder_are_made_of_the_datasets_of_the_composition(tmp_path: Path) -> None:
    about = ABOUT.__dict__ | {"attributions": list(ABOUT.attributions)}
    run = {"composition": COMPOSITION.model_dump(mode="json"), "parameters": PARAMETERS, "about": about}
    of_task = {name: value for name, value in datasets().items() if name.startswith("ice_motion.")}

    report, folder = assemble_image_run(run, PROVENANCE, **of_task)

    write_image_run(folder, tmp_path)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == report
    assert "Which pixels belong to what is looked for" in report
    assert "the virtual Arctic seen from above" in report
    assert (tmp_path / "model_cards" / "ice_motion.md").is_file()
    assert folder.run.tasks[0].parameters == PARAMETERS["tasks"]["ice_motion"]


def test_words_that_parameters_lack_come_from_the_composition() -> None:
    words = ImageReportParameters.model_validate(WORDS)

    about = about_images(words, COMPOSITION, "sea_ice", "kedro run --env sea_ice", ["Somebody."])

    assert "sea_ice" in about.title
    assert "the virtual Arctic seen from above" in about.description
    assert about.attributions == ("Somebody.",)


def test_given_words_are_taken_beside_the_credits_of_images() -> None:
    given = ImageReportParameters.model_validate(WORDS | {"title": "Ice", "attributions": ["NSIDC"]})

    stated = about_images(given, COMPOSITION, "sea_ice", "kedro run", ["Somebody."])

    assert (stated.title, stated.attributions) == ("Ice", ("Somebody.", "NSIDC"))


def test_a_source_without_a_licence_is_told_unless_a_credit_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    unlicensed = replace(COMPOSITION.tasks["ice_motion"].image_source, licences=())
    monkeypatch.setattr(Task, "image_source", property(lambda _: unlicensed))

    about = about_images(ImageReportParameters.model_validate(WORDS), COMPOSITION, "mine", "kedro run")

    assert about.attributions == (f"{UNSTATED} the virtual Arctic seen from above.",)


@pytest.mark.parametrize("environment", ["sea_ice", "human_modification"])
def test_an_environment_of_images_is_called_what_its_own_section_says(project_path: Path, environment: str) -> None:
    folder = project_path / "conf" / environment
    composition, raw = (
        yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8")) for name in ("composition", "parameters")
    )
    section = SimpleNamespace(image_report=ImageReportParameters.model_validate(raw["image_report"]))
    words = _about(Composition.model_validate(composition), _Sections(section), environment, {})
    assert words["title"] == raw["image_report"]["title"]
    assert words["rebuild_command"] == f"kedro run --env {environment} --params grid=h3_5"


class _Sections:
    """Parameters of which one section is asked."""

    tasks, grid = TaskSections(), "h3_5"

    def __init__(self, found: SimpleNamespace) -> None:
        self._found = found

    def section(self, name: str) -> object:
        return getattr(self._found, name, None)


def test_a_plumbing_check_must_say_so() -> None:
    with pytest.raises(ValidationError, match="needs a notice"):
        ImageReportParameters.model_validate(WORDS | {"purpose": "plumbing check"})
    with pytest.raises(ValidationError, match="Extra inputs"):
        ImageReportParameters.model_validate(WORDS | {"year_names": {}})


def test_the_declaration_imports_nothing_heavy() -> None:
    code = (
        "import sys; import entropice.pipelines.image_report.pipeline; "
        "print([name for name in ('numpy', 'pandas', 'torch', 'matplotlib', 'rasterio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("pipeline", "added"), OF_PIPELINES.items(), ids=OF_PIPELINES)
def test_the_step_reads_what_a_pipeline_adds_where_the_composition_has_it(
    pipeline: str, added: tuple[str, ...]
) -> None:
    (declared,) = [each for each in PIPELINES if each.name == pipeline]
    (node,) = IMAGE_REPORT.create(COMPOSITION.model_copy(update={"pipelines": (pipeline, "image_report")})).nodes
    told = {*OF_A_TASK, *added}
    assert set(node.inputs) == {"params:run", "provenance", *(f"ice_motion.{name}" for name in told)}
    assert {f"ice_motion.{name}" for name in added} <= set(declared.create(COMPOSITION).all_outputs())
