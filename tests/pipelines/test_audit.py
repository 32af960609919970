"""The two pipelines of an audit, from a run folder to the corrected map."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from audited_maps import filled, map_of, write
from kedro.io import DatasetError
from portable_models import GRID, YEARS, cells_between, cube_on, run_folder
from scipy.special import expit, logit

from entropice.app.before_run import check_answers, check_finished_run
from entropice.errors import ConfigError, InputFileError, LabelError, RunStateError
from entropice.io import (
    AppliedMapDataset,
    AuditedMapDataset,
    AuditResultDataset,
    AuditSampleDataset,
    FilledSheetDataset,
    ModelOfRunDataset,
)
from entropice.learning.audit.audited_map import AuditedMap
from entropice.pipelines.apply.nodes import apply_model
from entropice.pipelines.apply.parameters import ApplyParameters
from entropice.pipelines.audit.nodes import audit_map, draw_audit_sample
from entropice.pipelines.audit.parameters import AuditParameters, AuditSampleParameters
from entropice.sha256 import sha256_of

SAMPLE = AuditSampleParameters(n_cells=60, n_strata=1, year=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `apply` leaves of a small run in another region."""
    root = tmp_path_factory.mktemp("runs")
    stored = ModelOfRunDataset(filepath=str(run_folder(root / "run"))).load()
    cells = cells_between(60.0, 90.0)
    _, applied, _ = apply_model(stored, cube_on(cells, YEARS), cells, GRID, ApplyParameters())
    AppliedMapDataset(filepath=str(root / "applied")).save(applied)
    return root / "applied"


@pytest.fixture(scope="module")
def audited(folder: Path) -> AuditedMap:
    return AuditedMapDataset(filepath=str(folder)).load()


def test_an_applied_map_is_audited_by_its_folder(folder: Path, audited: AuditedMap) -> None:
    cells = pyogrio.read_dataframe(folder / "run.gpkg", layer="cells")
    predictions = audited.predictions([2022])
    assert predictions["p_any"].tolist() == cells["p_any_rts_2022"].tolist()
    assert (audited.grid, audited.years) == (GRID, tuple(YEARS))
    assert 0 < audited.training_prevalence < 1
    assert ModelOfRunDataset(filepath=str(folder)).load().files.document["grid"] == GRID, "it can be applied again"


def test_the_sample_is_written_as_sheet_and_outlines_and_repeats(audited: AuditedMap, tmp_path: Path) -> None:
    first, second = (AuditSampleDataset(filepath=str(tmp_path / name / "sample")) for name in "ab")
    for dataset in (first, second):
        dataset.save(draw_audit_sample(audited, SAMPLE, 5))
    assert first.load() == ["cells.gpkg", "sample.csv"]
    assert all((first.path / name).read_bytes() == (second.path / name).read_bytes() for name in first.load())
    sheet = pd.read_csv(first.path / "sample.csv", dtype={"cell": "str"})
    outlines = pyogrio.read_dataframe(first.path / "cells.gpkg")
    assert len(sheet) == 60
    assert (sheet["year"] == YEARS[-1]).all()
    assert sheet["observed"].isna().all()
    assert sheet["cell"].tolist() == outlines["cell"].tolist()
    centres = outlines.to_crs("EPSG:3413").centroid.to_crs("EPSG:4326")
    assert centres.y.to_numpy() == pytest.approx(sheet["lat_deg"].to_numpy(), abs=0.1)


def test_a_year_that_the_map_does_not_show_is_refused(audited: AuditedMap) -> None:
    with pytest.raises(LabelError) as error:
        draw_audit_sample(audited, AuditSampleParameters(n_cells=60, n_strata=1, year=1999), 0)
    assert (error.value.field, error.value.got) == ("audit_sample.year", 1999)
    assert draw_audit_sample(audited, AuditSampleParameters(n_cells=60, n_strata=1, year=2021), 0) is not None


@pytest.mark.parametrize("change", ["answers", "another file"])
def test_a_sample_with_answers_is_never_replaced(audited: AuditedMap, tmp_path: Path, change: str) -> None:
    dataset = AuditSampleDataset(filepath=str(tmp_path / "sample"))
    dataset.save(draw_audit_sample(audited, SAMPLE, 0))
    dataset.save(draw_audit_sample(audited, SAMPLE, 1))
    touched = dataset.path / ("sample.csv" if change == "answers" else "answers.csv")
    touched.write_text("by hand")
    with pytest.raises(DatasetError, match="somebody has changed") as error:
        dataset.save(draw_audit_sample(audited, SAMPLE, 2))
    assert isinstance(error.value.__cause__, RunStateError)
    assert touched.read_text() == "by hand"


def test_many_answers_correct_a_map_and_raise_its_audit_skill(tmp_path: Path) -> None:
    audited = map_of(cells_between(0.0, 180.0))
    sheet = write(filled(audited, 900, intercept=-1.0), tmp_path / "sample.csv")
    dataset = AuditResultDataset(filepath=str(tmp_path / "result"))
    dataset.save(audit_map(audited, FilledSheetDataset(filepath=str(sheet)).load(), AuditParameters(n_bootstrap=50), 0))

    found = dataset.load()
    assert found["intercept_at_slope_1"]["high_95"] < 0
    assert found["statement"].startswith("Slumps are rarer")
    assert found["slope"]["low_95"] < 1 < found["slope"]["high_95"]
    assert (found["n_drawn"], found["n_answered"]) == (900, 900)
    cells = pyogrio.read_dataframe(dataset.path / "corrected.gpkg", layer="cells").set_index("cell_id")
    corrected = pd.read_csv(dataset.path / "corrected.csv", dtype={"cell": "str"}).set_index("cell_id")
    true = expit(logit(audited.cells.set_index("cell_id")[f"p_any_rts_{YEARS[-1]}"]) - 1.0)
    assert corrected["p_any_corrected"].mean() == pytest.approx(true.mean(), abs=0.03)
    assert corrected["p_any"].isna().sum() == corrected["p_any_corrected"].isna().sum() > 0
    np.testing.assert_allclose(cells[f"p_any_rts_corrected_{YEARS[-1]}"], corrected["p_any_corrected"])
    np.testing.assert_allclose(cells[f"p_any_rts_{YEARS[-1]}"], corrected["p_any"])
    scores = pd.read_csv(dataset.path / "scores.csv").set_index(["map", "score"])
    assert set(scores["skill"]) == {"audit skill"}
    skill = scores.xs("log_skill", level="score")
    assert skill.loc["corrected", "value"] > skill.loc["uncorrected", "value"] + 0.05
    assert (skill["low_95"] < skill["value"]).all()


@pytest.mark.parametrize(
    ("intercept", "said"), [(0.0, "No bias is shown"), (2.0, "Slumps are likelier"), (-3.0, "Slumps are rarer")]
)
def test_what_is_said_of_the_bias(audited: AuditedMap, tmp_path: Path, intercept: float, said: str) -> None:
    sheet = write(filled(audited, 100, intercept), tmp_path / "sample.csv")
    answers = FilledSheetDataset(filepath=str(sheet)).load()
    assert said in audit_map(audited, answers, AuditParameters(n_bootstrap=0), 0).document["statement"]


def test_content_follows_from_map_and_manifest(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    dataset, other = (AuditedMapDataset(filepath=str(path)) for path in (folder, copy))
    assert dataset.content_sha256(sha256_of) == other.content_sha256(sha256_of)
    (copy / "manifest.json").write_text("{}")
    assert dataset.content_sha256(sha256_of) != other.content_sha256(sha256_of)


def test_a_map_that_is_damaged_or_absent_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    with (copy / "run.gpkg").open("ab") as file:
        file.write(b"more")
    with pytest.raises(InputFileError, match="The map is not as its run has written it"):
        check_finished_run(str(copy), AuditedMapDataset(filepath=str(copy)))
    with pytest.raises(InputFileError, match="no folder of a finished run"):
        check_finished_run(str(tmp_path), AuditedMapDataset(filepath=str(tmp_path)))
    with pytest.raises(ConfigError, match="whose map"):
        check_finished_run(None, AuditedMapDataset(filepath="no_model"))


def test_without_a_sheet_no_audit_begins(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No sheet"):
        check_answers(None, FilledSheetDataset(filepath="no_answers"))
    with pytest.raises(InputFileError, match="cannot be read"):
        check_answers("nowhere.csv", FilledSheetDataset(filepath=str(tmp_path / "nowhere.csv")))


def test_what_people_fill_in_is_never_written(audited: AuditedMap, tmp_path: Path) -> None:
    sheet = FilledSheetDataset(filepath=str(write(filled(audited, 40), tmp_path / "sample.csv"))).load()
    with pytest.raises(DatasetError):
        FilledSheetDataset(filepath=str(tmp_path / "other.csv")).save(sheet)
    assert not (tmp_path / "other.csv").exists()
