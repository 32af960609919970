"""All runs and models that a server knows at one moment. A look at the folders gives another one; none is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

from entropice.errors import EntropiceError, InputFileError
from entropice.run_folders import IMAGES, MANIFEST, run_folders_below
from entropice.serve.classifying import NEEDED, ClassModel, opened_model
from entropice.serve.manifests import described_manifest
from entropice.serve.parts import Part, Source, Stamp, State, renewed, stamp_of
from entropice.serve.served_cells import GEOPACKAGE, ServedCells, opened_cells
from entropice.serve.served_images import ServedImages, opened_images, rasters_of
from entropice.sha256 import sha256_of_value

CLASS: Final = "class"
ServedRun = ServedCells | ServedImages


@dataclass(frozen=True)
class Known:
    """A run folder that was found.

    Attributes
    ----------
    stamp
        How its manifest looked.
    version
        SHA-256 of what it says; empty while it can't be read.
    manifest
        What it said when it could last be read; None where it never could.
    run
        What answers for the run.
    models
        Of each of its tasks that name classes, what classifies.
    is_missed
        Whether it was not there at the last look; at the second it is forgotten. While a run folder is replaced there
        is none for a moment.
    """

    stamp: Stamp
    version: str
    manifest: Mapping[str, Any] | None
    run: State[ServedRun]
    models: Mapping[str, State[ClassModel]]
    is_missed: bool = False

    @property
    def modified_ns(self) -> int:
        """When its manifest was written, nanoseconds since 1970; 0 where there was none."""
        stamp = self.stamp[0]
        return 0 if stamp is None else stamp[0]


@dataclass(frozen=True)
class Catalogue:
    """What is known, by the id of each run; ids of models are ``<run>:<task>``."""

    runs: Mapping[str, Known] = field(default_factory=dict)

    @property
    def models(self) -> dict[str, State[ClassModel]]:
        """By their ids, those of the newest run first.

        A run that was written later comes first; those written at the same time stand in the order of `runs`; of one
        run, in the order of its tasks.
        """
        newest_first = sorted(self.runs.items(), key=lambda item: -item[1].modified_ns)
        return {f"{run}:{task}": state for run, known in newest_first for task, state in known.models.items()}


def looked(root: Path, before: Catalogue, n_threads: int) -> Catalogue:
    """What is known after a look at the run folders below a root; what has not changed is not read again.

    `before` is not changed. A folder without a manifest is no run; one whose manifest cannot be read is there with the
    reason. A run that is gone stays for one look. `n_threads` is how many images each model may look at at the same
    time. Nothing is raised for a run: what is wrong stands in its `State`. Folders are those of `run_folders_below`:
    with a ``manifest.json``, to a depth of 8.
    """
    folders = {run_id(folder.relative_to(root)): folder for folder in run_folders_below(root)}
    found = {name: _known(folder, before.runs.get(name), n_threads) for name, folder in folders.items()}
    return Catalogue(found | dict(_missed(before, found)))


def run_id(below_root: Path) -> str:
    """A folder as one word: its parts with dots between them, a part's own dots doubled, so that each has its own.

    The root itself is ``run``. Folders of which no part begins with a dot never share an id.

    Examples
    --------
    >>> run_id(Path("mine/h3_4/08_reporting/run")), run_id(Path("v1.2/run")), run_id(Path("."))
    ('mine.h3_4.08_reporting.run', 'v1..2.run', 'run')
    """
    return ".".join(part.replace(".", "..") for part in below_root.parts) or "run"


def _missed(before: Catalogue, found: Mapping[str, Known]) -> Iterator[tuple[str, Known]]:
    for name, known in before.runs.items():
        if name not in found and not known.is_missed:
            yield name, replace(known, is_missed=True)


def _known(folder: Path, before: Known | None, n_threads: int) -> Known:
    path = folder / MANIFEST
    stamp = stamp_of((Source(path, MANIFEST, "", folder),))
    try:
        manifest, version = _read(folder, stamp, before)
        run_part = _run_part(folder, manifest, version)
        model_parts = dict(_model_parts(folder, manifest, n_threads))
    except EntropiceError as error:
        return _unreadable(stamp, before, error)
    run = renewed(run_part, None if before is None else before.run)
    models_before = {} if before is None else before.models
    models = {task: renewed(part, models_before.get(task)) for task, part in model_parts.items()}
    return Known(stamp, version, manifest, run, models)


def _read(folder: Path, stamp: Stamp, before: Known | None) -> tuple[Mapping[str, Any], str]:
    """The manifest and its version, read where it was changed since the last look."""
    if before is not None and before.manifest is not None and before.version and before.stamp == stamp:
        return before.manifest, before.version
    manifest = described_manifest(folder)
    return manifest, sha256_of_value(manifest)


def _unreadable(stamp: Stamp, before: Known | None, error: EntropiceError) -> Known:
    """A run whose manifest says nothing: neither it nor its models answer until it does again."""
    tried = ("", stamp)
    manifest = None if before is None else before.manifest
    models: dict[str, State[ClassModel]] = {}
    if before is not None:
        models = {task: State(None, "", error, None, tried) for task in before.models}
    return Known(stamp, "", manifest, State(None, "", error, None, tried), models)


def _run_part(folder: Path, manifest: Mapping[str, Any], version: str) -> Part[ServedRun]:
    is_of_images = manifest["schema"] == IMAGES
    names = rasters_of(manifest) if is_of_images else [GEOPACKAGE]
    digests = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    missing = [name for name in names if name not in digests]
    if missing:
        raise InputFileError(
            "The manifest of a run lists a layer without its file.", field="files", got=f"no {missing[0]}"
        )
    sources = tuple(Source(folder / _inside(name), name, digests[name], folder) for name in names)
    opened = partial(opened_images if is_of_images else opened_cells, manifest=dict(manifest))
    return Part(version, sources, opened)


def _model_parts(folder: Path, manifest: Mapping[str, Any], n_threads: int) -> Iterator[tuple[str, Part[ClassModel]]]:
    tasks = manifest.get("tasks", []) if manifest["schema"] == IMAGES else []
    for task in (entry["name"] for entry in tasks if entry["kind"] == CLASS):
        sources = tuple(_model_sources(folder, manifest, task))
        parameters = manifest["parameters"].get("tasks", {}).get(task, {})
        opened = partial(opened_model, task=task, parameters=parameters, n_threads=n_threads)
        yield task, Part(_model_version(sources, parameters), sources, opened)


def _model_version(sources: tuple[Source, ...], parameters: Mapping[str, Any]) -> str:
    """What answers follow from: a run that is made again with the same network keeps it."""
    return sha256_of_value([[source.sha256 for source in sources], parameters])[:16]


def _model_sources(folder: Path, manifest: Mapping[str, Any], task: str) -> Iterator[Source]:
    """Outputs beside the run folder that its manifest names: all that a model is made of."""
    outputs = folder.parent.parent
    digests = {entry["path"]: entry["sha256"] for entry in manifest["intermediates"]}
    for ends in NEEDED.values():
        for name in (f"{task}{end}" for end in ends):
            if name not in digests:
                raise InputFileError(
                    "The manifest names no output that a model needs.", field="intermediates", got=f"no {name}"
                )
            layers = sorted(path for path in outputs.glob(f"*/{name}"))
            path = layers[0] if layers else outputs / "outputs" / name
            output = path.parents[len(PurePosixPath(name).parts) - 1] / PurePosixPath(name).parts[0]
            yield Source(path, name, digests[name], output)


def _inside(name: str) -> str:
    """A file's name, which can't lead out of its folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise InputFileError("The manifest of a run names a file elsewhere.", field="files", got=name)
    return name
