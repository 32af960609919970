"""Runs of images in a project: a group of layers each, with a group below it for each task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeGroup,
    QgsLayerTreeNode,
    QgsMapLayer,
    QgsProject,
    QgsRectangle,
)

from ..core.errors import RunFolderError
from ..core.image_manifest import ImageManifest, read_image_manifest
from ..core.image_run import ImageRun
from ..core.image_tasks import ImageTask
from ..core.manifest import CRS
from ..core.manifest_file import MANIFEST_NAME
from ..core.selection import Selection
from .days import show_days
from .image_layer import image_raster
from .inventory_layer import inventory_layer
from .polar import shows_the_arctic_whole
from .run_on_map import OPEN_AGAIN
from .run_tag import IMAGES, RunTag, attach_tag, folder_of, tagged_layers
from .translate import tr


@dataclass(frozen=True, eq=False)
class ImagesOnMap:
    """A run of images of which a project has layers."""

    folder: Path
    manifest: ImageManifest


@dataclass(frozen=True)
class AddedImages:
    """What came into the project: how many layers, their extent in the run's CRS; whether it shows the Arctic whole.

    `title` is the run's, with its purpose where it is no model; extents are in EPSG:3413, in metres.
    """

    title: str
    n_layers: int
    extent: QgsRectangle
    is_polar_project: bool


def add_images(project: QgsProject, run: ImageRun) -> AddedImages:
    """Add the layers of a run on top of the project; a project without layers also gets the run's CRS.

    Every layer is built and checked before the first one is added. A run that is there stays as it is; one that was
    made again since takes its place. Of several tasks the first one is visible. Call on the main thread.

    One group a run, and in it one a task, whose first layer is on top and expanded. A project without a time of its own
    gets the days of the run.

    Raises
    ------
    RunFolderError
        A layer is not as the manifest says; the project is then unchanged.
    """
    former = _layers_of(project, run.folder)
    if not former or any(tag.run_id != run.manifest.run_id for tag, _ in former):
        built = _built(run)
        _remove(project, [layer for _, layer in former])
        if not project.mapLayers():
            project.setCrs(QgsCoordinateReferenceSystem(CRS))
        _add(project, run.manifest, built)
        show_days(project, run.manifest)
    layers = [layer for _, layer in _layers_of(project, run.folder)]
    extent = QgsRectangle()
    for layer in layers:
        extent.combineExtentWith(layer.extent())
    return AddedImages(run.manifest.heading, len(layers), extent, shows_the_arctic_whole(project.crs()))


def images_on_map(project: QgsProject) -> tuple[ImagesOnMap, ...]:
    """The runs of images of which a project has layers, topmost first; what cannot be read is left out.

    Left out are runs whose manifest is gone or unusable, or which were made again since: see `image_problems_on_map`.
    """
    return tuple(found for found in _found(project) if isinstance(found, ImagesOnMap))


def image_problems_on_map(project: QgsProject) -> tuple[RunFolderError, ...]:
    """Why runs of images are left out of `images_on_map`: one error each, topmost first; empty where none is."""
    return tuple(problem for problem in _found(project) if isinstance(problem, RunFolderError))


def _built(run: ImageRun) -> dict[str, QgsMapLayer]:
    """The layers by their files."""
    outlines = {inventory.file: inventory_layer(run, inventory) for inventory in run.manifest.inventories}
    return {**outlines, **{layer.file: image_raster(run, layer) for layer in run.manifest.layers}}


def _add(project: QgsProject, manifest: ImageManifest, built: Mapping[str, QgsMapLayer]) -> None:
    of_run = project.layerTreeRoot().insertGroup(0, manifest.heading)
    for place, task in enumerate(manifest.tasks):
        of_task = of_run.addGroup(task.title)
        of_task.setItemVisibilityChecked(place == 0)
        for name, file in _names_and_files(manifest, task):
            attach_tag(built[file], RunTag(manifest.run_id, IMAGES, Selection(name, None)))
            _add_layer(project, of_task, built[file], is_expanded=not of_task.children())


def _names_and_files(manifest: ImageManifest, task: ImageTask) -> list[tuple[str, str]]:
    """Layers of a task, the first on top: what was found, above rasters."""
    found = [] if task.inventory is None else [(task.inventory.outlines.table, task.inventory.file)]
    return [*found, *((layer.name, layer.file) for layer in manifest.layers_of(task))]


def _add_layer(project: QgsProject, group: QgsLayerTreeGroup, layer: QgsMapLayer, *, is_expanded: bool) -> None:
    project.addMapLayer(layer, addToLegend=False)
    group.addLayer(layer).setExpanded(is_expanded)


def _found(project: QgsProject) -> list[ImagesOnMap | RunFolderError]:
    tags = {_run_folder(layer): tag for tag, layer in _image_layers(project)}
    return [_run_or_problem(folder, tag) for folder, tag in tags.items()]


def _run_or_problem(folder: Path, tag: RunTag) -> ImagesOnMap | RunFolderError:
    try:
        manifest = read_image_manifest(folder)
    except RunFolderError as problem:
        return problem
    if manifest.run_id == tag.run_id:
        return ImagesOnMap(folder, manifest)
    return RunFolderError(
        tr("The run was made again since it was opened."),
        path=folder / MANIFEST_NAME,
        field="run_id",
        got=manifest.run_id,
        expected=tag.run_id,
        fix=tr(OPEN_AGAIN),
    )


def _remove(project: QgsProject, layers: Sequence[QgsMapLayer]) -> None:
    """Take layers out, and the groups that are then empty."""
    nodes = [project.layerTreeRoot().findLayer(layer) for layer in layers]
    groups = list(dict.fromkeys(node.parent() for node in nodes if node is not None))
    project.removeMapLayers([layer.id() for layer in layers])
    for group in groups:
        _remove_empty(group)


def _remove_empty(group: QgsLayerTreeNode | None) -> None:
    above = group.parent() if isinstance(group, QgsLayerTreeGroup) else None
    if isinstance(above, QgsLayerTreeGroup) and group is not None and not group.children():
        above.removeChildNode(group)
        _remove_empty(above)


def _layers_of(project: QgsProject, folder: Path) -> list[tuple[RunTag, QgsMapLayer]]:
    return [(tag, layer) for tag, layer in _image_layers(project) if _run_folder(layer) == folder]


def _image_layers(project: QgsProject) -> list[tuple[RunTag, QgsMapLayer]]:
    return [(tag, layer) for tag, layer in tagged_layers(project) if tag.role == IMAGES and layer.isValid()]


def _run_folder(layer: QgsMapLayer) -> Path:
    """Layers lie in a folder of their own in that of their run."""
    return folder_of(layer).parent
