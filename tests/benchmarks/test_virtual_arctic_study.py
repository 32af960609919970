"""The study on virtual Arctics gives every model the same rows, folds and budget, and scores as the project does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fold_problems import spatial_folds
from model_problems import GRIDS, tuning
from omegaconf import OmegaConf

from benchmarks import virtual_arctic
from benchmarks.virtual_arctic import (
    FORECASTS,
    OTHERS,
    OURS,
    World,
    forecast,
    forecast_limit,
    frame_of,
    measure,
    report,
    run,
    table_of_means,
    write_configuration,
)
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of, check_numbers
from entropice.learning.models.model import BEST
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.scores import score_table
from entropice.learning.scores.interval import width_of_blocks

N_CELLS, N_FOLDS = 240, 3
TUNING = tuning(n_folds=2, buffer_m=20_000.0)


@pytest.fixture(autouse=True)
def no_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_arctic, "versions", dict)
    monkeypatch.setattr(virtual_arctic, "SEEN_SEEDS", (1,))


@pytest.fixture(scope="module")
def world() -> World:
    """Slumps follow feature "a"; blocks are stripes of the map, and the limit knows no more than the prevalence."""
    random = np.random.default_rng(0)
    coordinates_m = random.uniform(0, 1e6, (N_CELLS, 2))
    cell_id = np.arange(N_CELLS, dtype=np.uint64)
    features = pd.DataFrame(random.normal(size=(N_CELLS, 3)), columns=list("abc"))
    fraction = np.maximum(features["a"].to_numpy() + 0.5, 0.0) / 10
    samples = Samples(features, coordinates_m, (coordinates_m[:, 0] // 1e5).astype(np.uint64))
    return World(
        seed=3,
        table=pd.DataFrame({"cell_id": cell_id, "year": 2021, "rts_area_fraction": fraction}),
        samples=samples,
        folds=spatial_folds(samples, cell_id, N_FOLDS, 20_000.0),
        tuning=TUNING,
        places=pd.DataFrame({"block": samples.blocks, "land_area_m2": 1e9}, index=cell_id),
        compared=("ordinal_ridge", "prevalence"),
        n_classes=3,
        n_replicates=100,
        limit=lambda targets, fold_classes: targets.assign(model="bayes_limit"),
    )


def test_the_study_takes_every_model_from_the_registry() -> None:
    assert {*OURS, *OTHERS, "prevalence"} == {*MODELS, BEST}
    assert list(FORECASTS) == [BEST, *MODELS, "bayes_limit"]


def test_all_models_have_the_same_number_of_candidates_in_the_configuration(project_path: Path) -> None:
    configured = OmegaConf.to_container(OmegaConf.load(project_path / "conf/base/modelling/parameters.yml"))
    grids = configured["modelling"]["tuning"]["candidates"]  # type: ignore[index, call-overload]
    candidates = {name: candidates_of(MODELS[name], grid) for name, grid in grids.items()}
    check_numbers(MODELS.values(), candidates)
    assert set(candidates) == set(GRIDS)
    assert {len({repr(each) for each in of_model}) for of_model in candidates.values()} == {8}


@pytest.mark.parametrize("name", ["espa", "knn_features", "prevalence"])
def test_models_predict_here_what_they_predict_in_the_pipeline(name: str, world: World) -> None:
    together = predict_out_of_fold(world.table, world.samples, world.folds, list(MODELS)[::-1], 3, TUNING)[1]
    expected = together[together["model"] == name].reset_index(drop=True)
    pd.testing.assert_frame_equal(forecast(world, name), expected)


def test_the_limit_is_asked_for_the_tested_rows_under_the_classes_of_their_folds(world: World) -> None:
    asked = {}

    def limit(targets: pd.DataFrame, fold_classes: dict[str, Any]) -> pd.DataFrame:
        asked.update(fold_classes)
        return targets

    targets = forecast_limit(replace(world, limit=limit))
    expected, predicted = predict_out_of_fold(
        world.table, world.samples, world.folds, ["prevalence"], world.n_classes, TUNING
    )
    assert asked == expected
    keys = ["scheme", "fold", "cell_id", "year"]
    pd.testing.assert_frame_equal(targets[keys], predicted[keys])


@pytest.mark.parametrize("name", ["prevalence", "logistic", "bayes_limit"])
def test_scores_are_those_of_the_project(name: str, world: World) -> None:
    """The limit of this world forecasts the prevalence, and must score as the prevalence does."""
    pieces = [FORECASTS["prevalence"](world), *([] if name == "prevalence" else [FORECASTS[name](world)])]
    scores = score_table(pd.concat(pieces), world.places, TUNING.random_seed, world.n_replicates, width_of_blocks)
    expected = scores[scores["model"] == name].reset_index(drop=True)
    found = pd.DataFrame(measure(world, name)["scores"])
    pd.testing.assert_frame_equal(found, expected)
    skill = found.set_index("score").loc["log_skill", "value"]
    assert skill > 0.3 if name == "logistic" else skill == 0.0


def test_an_interrupted_run_continues_and_another_world_or_budget_is_measured_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []

    def remember(world: World, name: str) -> dict[str, Any]:
        measured.append((world.seed, name))
        return {"seed": world.seed, "model": name, "cpu_s": 1.0, "settings": virtual_arctic.settings(world, name)}

    monkeypatch.setattr(virtual_arctic, "measure", remember)
    path = tmp_path / "records.jsonl"
    names = ["prevalence", "logistic", "bayes_limit"]
    first = run([world], names[:2], path)
    assert run([world], names, path)[:2] == first
    assert measured == [(3, name) for name in names]
    changed = replace(world, table=world.table.assign(rts_area_fraction=0.5))
    for other in (changed, replace(world, seed=4), replace(world, tuning=replace(TUNING, n_folds=3))):
        run([other], names[:1], path)
    assert measured[3:] == [(3, "prevalence"), (4, "prevalence"), (3, "prevalence")]


def test_a_world_has_the_projects_configuration_but_its_own_seed_and_folder(project_path: Path, tmp_path: Path) -> None:
    name = write_configuration(tmp_path, 7)
    base = project_path / "conf/base"
    files = [path.relative_to(base) for path in base.rglob("*") if path.is_file()]
    assert all((tmp_path / "conf/base" / file).read_bytes() == (base / file).read_bytes() for file in files)
    own = OmegaConf.load(tmp_path / "conf" / name / "virtual_arctic/parameters.yml")
    assert own == {"virtual_arctic": {"seed": 7}}
    assert OmegaConf.load(tmp_path / "conf" / name / "globals.yml") == {"work_root": str(tmp_path / name)}


def made_up(skills: dict[str, tuple[float, ...]]) -> list[dict[str, Any]]:
    row = {"scheme": "spatial", "low_95": 0.0, "high_95": 1.0}
    return [
        {
            "seed": seed,
            "model": model,
            "cpu_s": 60.0,
            "scores": [{**row, "model": model, "score": score, "value": value} for score in ("log_skill", "ece")],
        }
        for model, values in skills.items()
        for seed, value in enumerate(values, start=1)
    ]


def test_shares_are_of_each_worlds_own_limit_and_intervals_those_of_student(world: World) -> None:
    """Shares 1/2, 1/4, 3/4: mean 0.5; 0.25 · 4.3027 / √3 = 0.621. Without world 1: 0.5 ± 0.25 · 12.706 / √2 · √2."""
    skills = {
        "prevalence": (0.0,) * 3,
        "espa": (0.2, 0.1, 0.15),
        "bayes_limit": (0.4, 0.4, 0.2),
        "logistic": (0.1, 0.2, 0.25),
    }
    records = made_up(skills)
    shares = frame_of(records).set_index(["score", "model", "seed"]).sort_index()["share_of_limit"]
    assert shares["log_skill", "espa"].tolist() == pytest.approx([0.5, 0.25, 0.75])
    assert shares["ece"].isna().all()
    lines = report(records, world).splitlines()
    espa = [line for line in lines if line.startswith("| espa |")]
    assert espa[0].startswith("| espa | 3 | 0.500 ± 0.621 | 0.150 ± 0.124 | not run |")
    assert espa[1].startswith("| espa | 2 | 0.500 ± 3.177 | 0.125 ± 0.318 | not run |")
    assert "| world | espa | logistic | prevalence | bayes_limit |" in lines
    told = " | ".join(f"{value:.3f} (0.000 to 1.000)" for value in (0.2, 0.1, 0.0, 0.4))
    assert f"| 1 | {told} |" in lines
    assert "| logistic | not run | not run | not run | -0.033 ± 0.287 (1 of 3) |" in lines


def test_calibration_is_told_beside_that_of_the_limit_of_each_world(world: World) -> None:
    """Differences −0.2, −0.3, −0.05: mean −0.183, standard deviation 0.126; · 4.3027 / √3 = 0.312."""
    skills = {"prevalence": (0.0,) * 3, "espa": (0.2, 0.1, 0.15), "bayes_limit": (0.4, 0.4, 0.2)}
    head, _, *rows = table_of_means(frame_of(made_up(skills))).splitlines()
    place = head.split(" | ").index("ece − limit's")
    espa = next(row for row in rows if row.startswith("| espa |"))
    assert espa.split(" | ")[place] == "**-0.183** ± 0.313"


def test_the_best_model_is_bold_and_neither_limit_nor_prevalence_competes(world: World) -> None:
    """Shares 1/4, 1/2, 5/4: mean 2/3, standard deviation 0.520; log skill 0.1, 0.2, 0.25: mean 0.183, sd 0.0764."""
    skills = {
        "prevalence": (0.0,) * 3,
        "espa": (0.2, 0.1, 0.15),
        "bayes_limit": (0.4, 0.4, 0.2),
        "logistic": (0.1, 0.2, 0.25),
    }
    records = [{**record, "cpu_s": float(len(record["model"]))} for record in made_up(skills)]
    lines = report(records, world).splitlines()
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in reversed(lines)}
    assert rows["logistic"].startswith("| logistic | 3 | **0.667** ± 1.293 | **0.183** ± 0.190 |")
    assert rows["bayes_limit"].startswith("| bayes_limit | 3 | 1.000 ± 0.000 | 0.333 ± 0.287 |")
    assert rows["espa"].endswith("| **-0.183** ± 0.313 | **4.0** ± 0.0 |")
    assert rows["prevalence"].endswith("| -0.333 ± 0.287 | 10.0 ± 0.0 |")
