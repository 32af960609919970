"""What networks and images take on one core: rates that the steps of all kinds and sources share.

Measured on the demos of sea ice, human modification, glacial lakes and slumps, 29 November 2026, on two cores of an
AMD EPYC (virtual machine) on which other programs ran.
"""

from typing import Final

from entropice.pipelines.step_cost import Rate, TaskSize

OPERATION_US: Final = 1.2e-5
"""Of a floating-point operation of a network: 83 in a nanosecond."""


def _prediction(size: TaskSize) -> float:
    return size.held_out_px * size.n_looks * size.operations.of_prediction


def _learned_values(size: TaskSize) -> float:
    return size.learned.n_learned_from * size.learned.n_pixels * size.n_bands


LEARNING: Final = (
    Rate("operations", lambda size: size.training_operations, OPERATION_US),
    Rate("pixels read, all epochs", lambda size: size.training_px, 0.9),
)
"""Training with its validations."""

ASKING: Final = Rate("operations", _prediction, OPERATION_US)
"""A network asked about all images of validation and test."""

MEASURING: Final = Rate("values of training images", _learned_values, 0.12)
CHECKING: Final = Rate("values", lambda size: size.drawn_px * size.n_bands, 0.18)
SPLITTING: Final = Rate("pixels", lambda size: size.drawn_px, 0.9)


def seen(us: float) -> Rate:
    """A part of a step's time: each pixel of validation and test takes `us` microseconds on one core.

    How many there are a `TaskSize` says (``held_out_px``), NaN where only files do.
    """
    return Rate("pixels held out", lambda size: size.held_out_px, us)


def drawn(us: float) -> Rate:
    """A part of a step's time: each pixel of all images takes `us` microseconds on one core.

    How many there are a `TaskSize` says (``drawn_px``), whatever splits they are in; NaN where only files do.
    """
    return Rate("pixels", lambda size: size.drawn_px, us)


def of_fields(us: float) -> Rate:
    """A part of a step's time: each pixel of all steps of fields takes `us` microseconds on one core.

    How many there are the images of a `TaskSize` say (``n_field_pixels``): 0 where there are no fields.
    """
    return Rate("pixels of fields", lambda size: size.images.n_field_pixels, us)


def mapped(us: float) -> Rate:
    """A part of a step's time: each pixel that is mapped takes `us` microseconds on one core.

    How many there are a `TaskSize` says (``mapped_px``), windows' overlap included.
    """
    return Rate("pixels mapped", lambda size: size.mapped_px, us)


def surveyed(us: float) -> Rate:
    """A part of a step's time: each pixel that is surveyed takes `us` microseconds on one core.

    How many there are a `TaskSize` says (``surveyed_px``), windows' overlap included.
    """
    return Rate("pixels surveyed", lambda size: size.surveyed_px, us)


def training_bytes(size: TaskSize) -> float:
    """Memory of a training step, in bytes; NaN where the network cannot be built here."""
    return size.operations.training_bytes


def image_bytes(size: TaskSize) -> float:
    """Memory in bytes for one image that is drawn or looked at, as plans of tiles say: 40 for each pixel and band."""
    return 40 * size.images.n_pixels * size.n_bands
