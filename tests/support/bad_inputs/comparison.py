"""Finished runs that must not be compared, or not with each other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from bad_inputs import BadInput
from entropice.comparison.comparable import check_comparable
from entropice.comparison.finished_run import FinishedRun
from entropice.io import FinishedRunsDataset, JsonDataset
from entropice.report.manifest import to_json
from entropice.runs import Run
from entropice.sha256 import sha256_of

Change = Callable[[dict[str, Any]], object]


def _write_run(folder: Path, key: str, change: Change) -> None:
    """A run folder as far as its manifest goes, with the classes beside it."""
    classes = folder / key / "07_model_output/fold_classes.json"
    of_fold = {"names": ["none", "some"], "mean_rts_area_fraction": [0.0, 0.001]}
    JsonDataset(filepath=str(classes)).save({"spatial/0": of_fold})
    made_of = {name: name * 8 for name in ("rts", "coverage", "land")} | {"fold_classes": sha256_of(classes)}
    manifest = {
        "schema": "entropice-run/2",
        "grid": {"key": key},
        "years": [2021, 2022],
        "map_model": {"name": "logistic"},
        "models": [{"name": "logistic"}, {"name": "prevalence"}],
        "parameters": {"labels": {"min_observed_fraction": 0.5}},
        "intermediates": [{"dataset": name, "sha256": digest} for name, digest in made_of.items()],
        "rebuild_command": f"kedro run --params grid={key}",
    }
    change(manifest)
    (folder / key / "08_reporting/run").mkdir(parents=True)
    (folder / key / "08_reporting/run/manifest.json").write_text(to_json(manifest), encoding="utf-8")


class _RunWithForecasts(Run):
    """Forecasts of one cell by each model that the manifest names."""

    def forecasts(self, scheme: str = "spatial") -> pd.DataFrame:
        models = [model["name"] for model in self.manifest["models"]]
        return pd.DataFrame({"model": models}).assign(
            scheme=scheme, fold=0, cell_id=1, year=2021, p_none=0.5, p_some=0.5
        )


def _read(folder: Path) -> list[FinishedRun]:
    return FinishedRunsDataset(filepath=str(folder)).read(folder)


def _compared(kind: str, change: Change) -> BadInput:
    """Two runs, the second changed, read and checked as the comparison does."""

    def provoke(folder: Path) -> None:
        for key, changed in (("h3_3", dict), ("h3_4", change)):
            _write_run(folder, key, changed)
        runs = _read(folder)
        for run in runs:
            run.run.__class__ = _RunWithForecasts
        check_comparable(runs)

    return BadInput(kind, provoke)


def _made_of_another(dataset: str) -> Change:
    def change(manifest: dict[str, Any]) -> None:
        (item,) = [item for item in manifest["intermediates"] if item["dataset"] == dataset]
        item["sha256"] = "0123abcd"

    return change


BAD_INPUTS = (
    BadInput("comparison: no finished run", _read),
    _compared("comparison: a run of another schema", lambda manifest: manifest.update(schema="entropice-run/9")),
    _compared("comparison: other slumps", _made_of_another("rts")),
    _compared("comparison: other searched ground", _made_of_another("coverage")),
    _compared("comparison: other land", _made_of_another("land")),
    _compared("comparison: other years", lambda manifest: manifest.update(years=[2022])),
    _compared("comparison: classes of another run", _made_of_another("fold_classes")),
    _compared(
        "comparison: no forecasts by the model of the map", lambda manifest: manifest.update(map_model={"name": "espa"})
    ),
    _compared(
        "comparison: no forecasts by the prevalence", lambda manifest: manifest.update(models=[{"name": "logistic"}])
    ),
)
