"""What an environment's files and the command line say, checked before anything is built on it."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from entropice.app.commands import COMMAND_LINE, DEFAULT_ENVIRONMENTS
from entropice.app.configuration.composition import Globals
from entropice.app.configuration.faults import Location, Origin, faults_of, refusal
from entropice.app.configuration.files import (
    check_names,
    check_overlaps,
    check_scalars,
    environment_folders,
    value_origin,
)
from entropice.app.configuration.parameters import validate_parameters
from entropice.app.configuration.synthetic_files import check_given_root
from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion
from entropice.pipelines.composition import Composition

if TYPE_CHECKING:
    from entropice.app.configuration.loader import RootedConfigLoader
    from entropice.app.configuration.parameters import Parameters

Model = TypeVar("Model", bound=StrictModel)


@dataclass(frozen=True)
class Configuration:
    """What an environment is made of, where its files lie, and what its steps are told."""

    composition: Composition
    roots: Globals
    parameters: "Parameters"
    origin: Origin
    """Which file, or the command line, gives a parameter."""


def read_configuration(loader: "RootedConfigLoader") -> Configuration:
    """Read and check all that an environment and the command line say.

    Checked are, in this order: the environment's name, names of its files, numbers that YAML misreads,
    ``composition.yml``, ``globals.yml`` and that its ``work_root`` holds no ``..``, parameters that two files give, all
    parameters, and that no ``data_root`` is named where a world makes its own files. Nothing is written.

    Raises
    ------
    ConfigError
        Names file, field, what was got, what was expected, and the fix.
    """
    conf = Path(loader.conf_source)
    _require_environment(conf, loader.env)
    folders = environment_folders(conf, loader.env)
    # First what the loader would leave out or misread in silence: later nothing tells that it was there.
    check_names(folders[0], conf.parent)
    check_scalars(folders[0], conf.parent)
    composition = _read_strictly(loader, "composition", Composition, folders)
    roots = _read_strictly(loader, "globals", Globals, folders)
    _require_roots_inside(roots, partial(_origin, "globals", folders, {}))
    given = loader.runtime_params or {}
    raw = loader["parameters"]
    for folder in folders:
        check_overlaps(folder, conf.parent)
    origin = partial(_origin, "parameters", folders, given)
    parameters = validate_parameters(raw, composition, origin)
    check_given_root(composition.world, parameters.data_root, COMMAND_LINE)
    check_given_root(composition.world, roots.data_root, _origin("globals", folders, {}, ("data_root",)))
    return Configuration(composition, roots, parameters, origin)


def _require_environment(conf: Path, name: str | None) -> None:
    if name in DEFAULT_ENVIRONMENTS or (name and (conf / name).is_dir()):
        return
    known = sorted(folder.name for folder in conf.iterdir() if folder.is_dir())
    raise ConfigError(
        f"There is no such environment{suggestion(str(name), known)}",
        path=conf / str(name),
        field="--env",
        got=name,
        expected=", ".join(known),
        fix="name one of these with --env, or make a folder of this name (docs/how-to.md)",
    )


def _read_strictly(loader: "RootedConfigLoader", kind: str, model: type[Model], folders: tuple[Path, ...]) -> Model:
    try:
        return model.model_validate(loader[kind])
    except ValidationError as error:
        raise refusal(f"values of {kind}", faults_of(error, model), partial(_origin, kind, folders, {})) from error


def _require_roots_inside(roots: Globals, origin: Any) -> None:
    """What is made stays in the project, or goes to a place that is named in full."""
    if ".." in PurePath(roots.work_root).parts:
        raise ConfigError(
            "work_root leaves the project.",
            path=origin(("work_root",)),
            field="work_root",
            got=roots.work_root,
            expected="a folder below the project, or the full path of another one",
            fix="write the path without `..`, such as data/mine or /scratch/mine",
        )


def _origin(kind: str, folders: tuple[Path, ...], given: dict[str, Any], location: Location) -> str:
    if location and location[0] in given and _is_given(given, location):
        return COMMAND_LINE
    project = folders[-1].parent.parent
    return value_origin(location, kind, folders, project) or f"{folders[0].relative_to(project).as_posix()}/{kind}.yml"


def _is_given(given: Any, location: Location) -> bool:
    """Whether the command line gives the value, or a part of the section that lacks it."""
    for step in location:
        if not isinstance(given, dict):
            return True
        if step not in given:
            return False
        given = given[step]
    return True
