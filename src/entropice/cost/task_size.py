"""How much there is for the steps of a task of imagery, from its parameters."""

import math
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from entropice.imagery.windows import window_starts
from entropice.pipelines.step_cost import UNKNOWN, Learned, Operations, TaskSize
from entropice.pipelines.training.before_run import MODULES

if TYPE_CHECKING:
    from entropice.app.configuration.parameters import Parameters
    from entropice.pipelines.tasks.task import Task

KEPT: Final = 1.7
"""Memory of a training step over what it keeps for its way back, optimiser and gradients of what is kept included."""

WEIGHTS: Final = 5
"""Copies of the weights: themselves, their gradients, two moments and the moving average."""

NOT_BUILT: Final = Operations(UNKNOWN, UNKNOWN)
"""Of a network whose images nobody knows, or whose libraries are not installed."""


def task_size(parameters: "Parameters", name: str, task: "Task") -> TaskSize:
    """What a task's source gives, its network sees, and how often.

    `parameters` has a section for the task `name`. Images are told by its source, what is learned by its kind;
    operations are counted on the network itself, and are NaN where nobody knows the size of images or torch is not
    installed. Training takes 1.7 times what the images of one part of a batch keep for their way back, and 20 bytes a
    weight; `n_looks` counts a look with pixels r times as wide as 1/r², and `mapped_px` and `surveyed_px` count pixels
    as often as windows overlap; NaN where the task does not map or survey.

    Raises
    ------
    ConfigError
        The network cannot be built; a run would refuse it, too.
    """
    section: Any = parameters.task(name)
    images = task.image_source.images(getattr(section, task.source, None))
    learned = task.answer.learned(section, images)
    return TaskSize(
        images=images,
        learned=learned,
        operations=_operations(section, learned),
        n_bands=len(section.bands),
        n_looks=_n_looks(section.evaluation),
        mapped_px=_mapped_px(section),
        surveyed_px=_surveyed_px(section, images.surveyed_px),
        n_bootstrap=section.evaluation.n_bootstrap,
    )


def _operations(section: Any, learned: Learned) -> Operations:
    """Counted on the network itself.

    Raises
    ------
    ConfigError
        It cannot be built; a run would refuse it, too.
    """
    shape, network = learned.input_shape, section.network
    if shape is None or any(find_spec(module) is None for module in MODULES):
        return NOT_BUILT
    from entropice.networks.architecture import NetworkSpecification
    from entropice.networks.operations import count_operations

    counted = count_operations(
        NetworkSpecification(
            network.architecture,
            network.encoder,
            section.bands,
            fusion=network.fusion,
            n_pixels=shape[-1],
            options=network.settings,
        ),
        shape,
    )
    n_together = section.training.batch_size // section.training.n_parts
    return Operations(
        counted.forward / learned.n_pixels,
        KEPT * n_together * counted.kept_bytes + WEIGHTS * 4 * counted.n_parameters,
    )


def _n_looks(evaluation: Any) -> float:
    """An image may be laid on itself in several ways, at several resolutions."""
    test_time = getattr(evaluation, "test_time", None)
    if test_time is None:
        return float(getattr(evaluation, "n_symmetries", 1))
    return float(test_time.n_symmetries * sum(1 / edge**2 for edge in test_time.resolutions))


def _mapped_px(section: Any) -> float:
    """Of all chosen tiles and years, windows' overlap included."""
    mapping, two_stage = getattr(section, "mapping", None), getattr(section, "two_stage", None)
    if mapping is None or two_stage is None:
        return UNKNOWN
    seen = _seen_px(mapping.tiles.n_pixels, mapping.window_px, mapping.overlap_px)
    return float(two_stage.budget.n_tiles * len(mapping.years) * seen)


def _surveyed_px(section: Any, surveyed_px: float) -> float:
    """Of all ground that is looked at, windows' overlap and the margins of squares included."""
    inventory = getattr(section, "inventory", None)
    if inventory is None or math.isnan(surveyed_px):
        return UNKNOWN
    edge_px = inventory.tile.n_pixels
    seen = _seen_px(edge_px + 2 * inventory.tile.margin_px, inventory.window_px, inventory.overlap_px)
    return surveyed_px * seen / float(edge_px) ** 2


def _seen_px(edge_px: int, window_px: int, overlap_px: int) -> float:
    """Pixels of all windows of a square."""
    starts = window_starts(max(edge_px, window_px), window_px, window_px - overlap_px)
    return (len(starts) * window_px) ** 2
