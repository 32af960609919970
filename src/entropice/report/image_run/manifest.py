"""``manifest.json`` of a run of tasks of imagery: what it is, and what its layers and scores mean."""

from dataclasses import asdict
from importlib.metadata import version
from typing import Any, Final

from matplotlib import colormaps
from matplotlib.colors import to_hex

from entropice.crs import POLAR_CRS
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.report.image_run.content import ImageRun, ImageTask
from entropice.report.image_run.inventory import inventory_entry
from entropice.report.image_run.layer_files import layer_entry
from entropice.report.manifest import records
from entropice.report.origin import seeds

SCHEMA: Final = "entropice-images/1"
N_STOPS: Final = 11


def build_manifest(run: ImageRun) -> dict[str, Any]:
    """Everything in the manifest that does not follow from the run folder's own files, as plain JSON values.

    Schema ``entropice-images/1``: ``schema run_id entropice_version``, the fields of `About`, ``crs composition tasks
    layers parameters seeds`` and those of `Origin.provenance`. A task is ``name title kind kind_title source
    source_title models score_names scores expectations scores_file model_card inventory``, a layer `layer_entry` with
    ``file`` and ``task``. Missing scores are None; a layer that is a ramp has its colours as ``stops``.
    """
    return {
        "schema": SCHEMA,
        "run_id": run.origin.run_id,
        "entropice_version": version("entropice"),
        **asdict(run.about),
        "crs": POLAR_CRS,
        "composition": dict(run.origin.composition),
        "tasks": [_task_entry(task, run) for task in run.tasks],
        "layers": [_layer_entry(task, layer, run) for task in run.tasks for layer in task.layers],
        "parameters": dict(run.origin.parameters),
        "seeds": seeds(run.origin.parameters),
        **run.origin.provenance,
    }


def _task_entry(task: ImageTask, run: ImageRun) -> dict[str, Any]:
    words = task.words
    return {
        "name": words.name,
        "title": words.title,
        "kind": words.kind,
        "kind_title": words.kind_title,
        "source": words.source,
        "source_title": words.source_title,
        "models": [asdict(model) for model in task.models],
        "score_names": [asdict(score) for score in task.scores],
        "scores": records(task.score_table),
        "expectations": [asdict(one) for one in task.card.expectations],
        "scores_file": scores_file(task),
        "model_card": card_file(task),
        "inventory": _inventory_entry(task, run),
    }


def _inventory_entry(task: ImageTask, run: ImageRun) -> dict[str, Any] | None:
    if task.inventory is None:
        return None
    return inventory_entry(task.inventory, run.about.marked(task.words.title), inventory_file(task))


def _layer_entry(task: ImageTask, layer: MapLayer, run: ImageRun) -> dict[str, Any]:
    entry = layer_entry(layer)
    if isinstance(layer.style, Ramp):
        entry["style"]["stops"] = [{"value": value, "colour": colour} for value, colour in colour_stops(layer.style)]
    return {
        "name": layer.name,
        "file": layer_file(task, layer),
        "task": task.name,
        **entry,
        "title": run.about.marked(layer.title),
    }


def colour_stops(ramp: Ramp) -> list[tuple[float, str]]:
    """Values at equal distances from the ramp's low to its high end, and the colour (``#rrggbb``) of each; eleven.

    Raises
    ------
    KeyError
        Matplotlib has no such palette.

    Examples
    --------
    >>> colour_stops(Ramp(0.0, 1.0, "gray"))[::5]
    [(0.0, '#000000'), (0.5, '#808080'), (1.0, '#ffffff')]
    """
    colours, last = colormaps[ramp.palette], N_STOPS - 1
    return [(ramp.low + (ramp.high - ramp.low) * at / last, to_hex(colours(at / last))) for at in range(N_STOPS)]


def layer_file(task: ImageTask, layer: MapLayer) -> str:
    """Name of a layer's GeoTIFF in the run folder, ``layers/<task>_<layer>.tif``."""
    return f"layers/{task.name}_{layer.name}.tif"


def inventory_file(task: ImageTask) -> str:
    """Name of the GeoPackage of what was found in whole regions, ``layers/<task>_inventory.gpkg``."""
    return f"layers/{task.name}_inventory.gpkg"


def outlook_file(task: ImageTask) -> str:
    """Name of the table of years to come, ``layers/<task>_outlook.parquet``."""
    return f"layers/{task.name}_outlook.parquet"


def scores_file(task: ImageTask) -> str:
    """Name of the table of a task's scores, ``scores/<task>.csv``."""
    return f"scores/{task.name}.csv"


def card_file(task: ImageTask) -> str:
    """Name of a task's model card, ``model_cards/<task>.md``."""
    return f"model_cards/{task.name}.md"
