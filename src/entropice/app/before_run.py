"""What would stop a run hours after its beginning, looked at before its first step."""

import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.app.commands import COMMAND_LINE
from entropice.app.configuration.faults import Origin
from entropice.errors import ConfigError, EntropiceError, RunStateError, suggestion
from entropice.pipelines.composition import Composition
from entropice.pipelines.sources.declaration import FeatureSource
from entropice.pipelines.sources.registry import FEATURES

if TYPE_CHECKING:
    from collections.abc import Collection

    from kedro.pipeline import Pipeline

    from entropice.app.configuration.parameters import Parameters
    from entropice.io import FilledSheetDataset
    from entropice.io.of_run_folder import OfRunFolder


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be made or written to; nothing is left behind.

    Tried is the nearest folder that is there, `folder` itself or one above it, with a temporary file; nothing is made.

    Raises
    ------
    RunStateError
        Names the folder and what stands in the way.
    """
    standing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    try:
        # Tried and not asked: what permissions say leaves out full disks, and what network drives refuse.
        with tempfile.TemporaryFile(dir=standing):
            return
    except OSError as error:
        raise RunStateError(
            "The results cannot be written.",
            path=folder,
            field="work_root",
            got=f"{error.strerror or error}: {standing}",
            expected="a folder that can be made and written to",
            fix="name another work_root in globals.yml, or give write permission",
        ) from error


def check_devices(pipeline: "Pipeline", parameters: "Parameters", origin: Origin) -> None:
    """Refuse a device that a step asks for and that is not here.

    Looked at is each section of parameters that a step of `pipeline` takes, whose ``device`` is ``cuda``; ``auto`` and
    ``cpu`` pass. `origin` names the file that gives a parameter. Of several sections the first by name is refused.

    Raises
    ------
    ConfigError
        Names the parameter.
    """
    sections = {tuple(name.removeprefix("params:").split(".")) for node in pipeline.nodes for name in node.inputs}
    for section in sorted(sections):
        if getattr(parameters.section(*section), "device", None) == "cuda":
            _require_cuda((*section, "device"), origin)


def _require_cuda(location: tuple[str, ...], origin: Origin) -> None:
    from entropice.espa.devices import choose_place

    field = ".".join(map(str, location))
    try:
        choose_place("cuda")
    except ValueError as error:
        raise ConfigError(
            f"{field}: there is no CUDA device.",
            path=origin(location),
            field=field,
            got="cuda",
            expected="a CUDA device, and CuPy or PyTorch built for it",
            fix=f"set {field} to auto or cpu",
        ) from error


def check_networks(task: str, parameters: "Parameters", origin: Origin) -> None:
    """Refuse a network of a task that cannot be built or tracked once its samples are made.

    `task` is the name of one of the environment's. Looked at are the libraries of the extra imagery, architecture,
    encoder, bands and given weights, and of each place where the training is to be tracked its package, and whether its
    server answers within 5 s. The error's `field` and `path` name the parameter and who gives it.

    Raises
    ------
    ConfigError
        A tracker's package is missing, or its server does not answer; this is looked at first. A library is missing; or
        architecture, encoder, fusion, options, bands and packaged weights are not known or do not go together.
    InputFileError
        A file of given weights is missing, damaged, needs pickle, or is of another network.
    AttributeError
        The environment has no such task.
    """
    from entropice.pipelines.training.before_run import require_buildable, require_tracked

    section = parameters.task(task)
    try:
        require_tracked(section.training.tracking)
        require_buildable(section.network, section.bands)
    except EntropiceError as error:
        field = tuple(str(error.field).split("."))
        part = {"bands": (), "tracking": ("training",)}.get(field[0], ("network",))
        location = ("tasks", task, *part, *field)
        error.field, error.path = ".".join(location), error.path or origin(location)
        raise


def check_finished_run(name: str | None, dataset: "OfRunFolder[Any]") -> None:
    """Refuse to go without a run folder, or with one whose files are not as its run has written them.

    All files that are read of the run folder (``dataset.names``) are compared with their SHA-256 in its
    ``manifest.json``.

    Parameters
    ----------
    name
        The run folder that the parameter ``model`` names.
    dataset
        What is read of it.

    Raises
    ------
    ConfigError
        No run folder is named.
    InputFileError
        Names what is missing or damaged in it.
    """
    if name is None:
        raise ConfigError(
            f"No run is named whose {dataset.part} could be used.",
            path=COMMAND_LINE,
            field="model",
            got="null",
            expected="the folder of a finished run",
            fix="add --params model=RUN_FOLDER, such as data/mine/h3_4/08_reporting/run",
        )
    dataset.verify()


def check_answers(name: str | None, dataset: "FilledSheetDataset") -> None:
    """Refuse to audit without a sheet, or with one that cannot be read.

    `dataset` is the sheet at that path; all of it is read.

    Parameters
    ----------
    name
        The file that the parameter ``answers`` names.

    Raises
    ------
    ConfigError
        No sheet is named.
    InputFileError
        Names what is wrong with it.
    """
    if name is None:
        raise ConfigError(
            "No sheet with answers is named.",
            path=COMMAND_LINE,
            field="answers",
            got="null",
            expected="the sheet that kedro run --pipelines audit_sample has written, filled in",
            fix="kedro run --pipelines audit --params model=RUN_FOLDER,answers=FILE.csv",
        )
    dataset.read(dataset.path)


def check_features(composition: Composition, parameters: "Parameters", origin: Origin) -> None:
    """Refuse names of features that no source of the composition has, as lists of another environment hold.

    Looked at are the names and patterns (``*``, ``?``, ``[…]``) of ``modelling.features``; ``all`` passes. Each has to
    match a feature of a source of the composition. Where the files of a source of the composition alone say what it
    has, names pass that may be its own: those with a wildcard, those that begin with the name of a raster of
    ``features.rasters.files``, and those that no other source has either.

    Raises
    ------
    ConfigError
        Names the features, and the sources that would have them.
    """
    own, others = _names(composition.feature_sources, parameters), _names(FEATURES, parameters)
    known = [name for names in own.values() for name in names]
    patterns = parameters.section("modelling", "features")
    if patterns == "all":
        return
    lacking = {
        pattern: [source for source, names in others.items() if _matches(pattern, names)]
        for pattern in patterns
        if not _matches(pattern, known)
    }
    if any(source.feature_names is None for source in composition.feature_sources):
        lacking = {
            name: sources for name, sources in lacking.items() if sources and not _may_be_given(name, parameters)
        }
    if lacking:
        raise _lacking(lacking, known, composition, origin(("modelling", "features")))


def _may_be_given(pattern: str, parameters: "Parameters") -> bool:
    """Whether a source whose files alone say what it has may have it: any name with wildcards, or of a raster."""
    rasters = parameters.section("features", "rasters", "files") or ()
    return bool(set(pattern) & set("*?[")) or any(pattern.startswith(raster.name) for raster in rasters)


def _names(sources: "Collection[FeatureSource]", parameters: "Parameters") -> "dict[str, Collection[str]]":
    given = {
        source.name: (source.feature_names, parameters.section("features", source.group))
        for source in sources
        if source.feature_names is not None
    }
    return {name: make(section) for name, (make, section) in given.items() if section is not None}


def _matches(pattern: str, names: "Collection[str]") -> bool:
    return any(fnmatchcase(name, pattern) for name in names)


def _lacking(lacking: dict[str, list[str]], known: list[str], composition: Composition, path: str) -> ConfigError:
    first, others = next(iter(lacking.items()))
    of_others = f": it is of {' or '.join(others)}" if others else suggestion(first, known) if known else "."
    return ConfigError(
        f"No source of this environment has the feature {first}{of_others}",
        path=path,
        field="modelling.features",
        got=", ".join(list(lacking)[:5]) + (f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""),
        expected=f"features of {', '.join(composition.features)}",
        fix="set modelling.features for this environment, to all, or name the source in composition.yml",
    )
