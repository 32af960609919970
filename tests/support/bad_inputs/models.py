"""Models of finished runs that must not be applied, or not to these features."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import xarray as xr
from portable_models import GRID, SOURCES, YEARS, Change, cells_between, cube_on, finished_run, run_folder

from bad_inputs import BadInput
from entropice.app.before_run import check_finished_run
from entropice.io import ModelOfRunDataset
from entropice.ordinal import GroupComponents, to_arrays
from entropice.pipelines.apply.nodes import apply_model
from entropice.pipelines.apply.parameters import ApplyParameters


def _load(folder: Path) -> Any:
    dataset = ModelOfRunDataset(filepath=str(folder))
    dataset.verify()
    return dataset.read(folder)


def _load_none(folder: Path) -> None:
    check_finished_run(None, ModelOfRunDataset(filepath=str(folder / "no_model")))


def _of_files(kind: str, change: Callable[[Path], object]) -> BadInput:
    """A run folder, changed and read."""

    def provoke(folder: Path) -> object:
        change(run_folder(folder / "run"))
        return _load(folder / "run")

    return BadInput(kind, provoke)


def _applied(
    kind: str,
    change: Callable[[xr.Dataset], xr.Dataset] = xr.Dataset.copy,
    grid: str = GRID,
    document: Change = dict,
    arrays: Change = dict,
) -> BadInput:
    """A model, its document and arrays changed, applied to changed features on a grid."""

    def provoke(folder: Path) -> object:
        cells = cells_between(100.0, 110.0, grid)
        model = _load(run_folder(folder / "run", document, arrays))
        return apply_model(model, change(cube_on(cells, YEARS)), cells, grid, ApplyParameters())

    return BadInput(kind, provoke)


def _with(name: str, **attributes: str) -> Callable[[xr.Dataset], xr.Dataset]:
    return lambda cube: cube.assign({name: cube[name].assign_attrs(attributes)})


def _of_a_later_version(document: dict[str, Any]) -> dict[str, Any]:
    document["map_model"]["format_version"] = 99
    return document


def _without_a_description(document: dict[str, Any]) -> dict[str, Any]:
    del document["features"]["slope_mean_deg"]
    return document


def _without(array: str) -> Change:
    return lambda arrays: {name: values for name, values in arrays.items() if name != array}


def _components() -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays and description of principal components fitted to the run's features."""
    features = finished_run().table[list(SOURCES)]
    return to_arrays(GroupComponents(["terrain", "terrain", "climate"], 1).fit(features))


def _claims_ordinal_ridge(document: dict[str, Any]) -> dict[str, Any]:
    (part,) = document["map_model"]["parts"]
    part["model"] = "ordinal_ridge"
    part["fits"] = [part["fits"][0] | {"feature_names": list(SOURCES), "content": _components()[1]}]
    return document


def _holds_components(arrays: dict[str, Any]) -> dict[str, Any]:
    others = {name: values for name, values in arrays.items() if not name.startswith("map_model/")}
    return others | {f"map_model/0.0.{name}": values for name, values in _components()[0].items()}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


BAD_INPUTS = (
    BadInput("apply: no model is named", _load_none),
    BadInput("apply: a folder that is no run", _load),
    _of_files("apply: a manifest that is no JSON", lambda run: (run / "manifest.json").write_text('{"run_id": ')),
    _of_files(
        "apply: a run that keeps no model",
        lambda run: (run / "manifest.json").write_text(
            '{"run_id": "0", "title": "", "files": [], "rebuild_command": "kedro run"}'
        ),
    ),
    _of_files("apply: a model whose arrays are gone", lambda run: (run / "model.npz").unlink()),
    _of_files("apply: a model that was cut off", lambda run: _cut(run / "model.json")),
    _applied("apply: a model of a later format", document=lambda document: document | {"format_version": 99}),
    _applied("apply: a document that is no model's", document=lambda document: document | {"format": "entropice-espa"}),
    _applied("apply: a document without classes", document=lambda document: document | {"classes": {}}),
    _applied("apply: a model that is not there", document=lambda document: document | {"map_model": {}}),
    _applied("apply: a fit of a later format", document=_of_a_later_version),
    _applied("apply: an array that is not there", arrays=_without("map_model/0.0.medians")),
    _applied("apply: a feature that is not described", document=_without_a_description),
    _applied("apply: components in place of a model", document=_claims_ordinal_ridge, arrays=_holds_components),
    _applied("apply: another level of the grid", grid="h3_5"),
    _applied("apply: another grid", grid="healpix_6"),
    _applied("apply: a feature that is missing", lambda cube: cube.drop_vars("slope_mean_deg")),
    _applied("apply: a feature of another name", lambda cube: cube.rename(precipitation_mm="rain_mm")),
    _applied("apply: a feature in another unit", _with("slope_mean_deg", units="radian")),
    _applied("apply: another statistic", _with("slope_mean_deg", statistic="median")),
    _applied("apply: another feature group", _with("slope_mean_deg", group="relief")),
)
