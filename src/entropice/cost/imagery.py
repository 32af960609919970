"""What tasks of imagery cost: tiles drawn, learned from and mapped, told from their parameters alone.

Times are those of one thread of a processor; of a GPU nothing was measured, and nothing is told.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from entropice.cost.table import SourceCost
from entropice.imagery.curriculum import n_negatives_at
from entropice.imagery.windows import window_starts

if TYPE_CHECKING:
    from entropice.app.configuration.parameters import Parameters
    from entropice.imagery.curriculum_rules import CurriculumRules

DRAWN_US, DRAWN_BYTES = 0.55, 11.0
"""Of a pixel that is drawn and written: microseconds, and bytes of its files."""

LOADED_US: Final = 1.3
"""Of a pixel that is read, normalised and augmented."""

MAPPED_BYTES: Final = 0.05
"""Of a pixel that is mapped: outlines are kept, and no images."""

VALUE_BYTES: Final = 40
"""Of memory for a value of a tile that is drawn or mapped, as its plan says."""

BASIS: Final = "the parameters; CPU of one thread (benchmarks.imagery_seconds)"
NOT_MEASURED: Final = "the parameters; this network was not measured (benchmarks.imagery_seconds)"


@dataclass(frozen=True)
class MeasuredNetwork:
    """Microseconds a pixel of training and prediction, and bytes of memory a pixel of training."""

    architecture: str
    encoder: str
    training_us: float
    prediction_us: float
    training_bytes: float


MEASURED: Final[tuple[MeasuredNetwork, ...]] = (
    MeasuredNetwork("unet", "tu-tf_efficientnet_lite0", 4.5, 1.1, 4.1e3),
    MeasuredNetwork("unet_plus_plus", "tu-tf_efficientnet_lite0", 6.1, 1.6, 4.9e3),
    MeasuredNetwork("unet_plus_plus", "efficientnet-b7", 32.0, 6.2, 17e3),
)


@dataclass(frozen=True)
class ImageryPlan:
    """What a task is going to do.

    Attributes
    ----------
    n_bands
        What the network sees of a pixel.
    n_drawn, tile_px
        Tiles that are drawn to learn from, and pixels of one of them.
    n_learned, n_validated
        Tiles that training sees in all epochs together at most, and that validation does.
    n_at_once
        Tiles of a part of a batch.
    n_mapped, mapped_px
        Tiles that are mapped, all years together, and pixels of one of them.
    n_looks
        How often a pixel of them is predicted: windows overlap, and an image may be laid on itself in several ways.
    network
        What was measured of it; None where nothing was.
    """

    n_bands: int
    n_drawn: int
    tile_px: int
    n_learned: int
    n_validated: int
    n_at_once: int
    n_mapped: int
    mapped_px: int
    n_looks: float
    network: MeasuredNetwork | None


def planned_imagery(task: str, plan: ImageryPlan) -> list[SourceCost]:
    """What a task takes: scenes, training and mapping, a row each."""
    network, n_learned_px = plan.network, plan.n_learned * plan.tile_px
    drawn_s = plan.n_drawn * plan.tile_px * DRAWN_US / 1e6
    training_s = mapping_s = training_bytes = None
    if network is not None:
        validated_us = plan.n_validated * plan.tile_px * (LOADED_US + network.prediction_us)
        training_s = (n_learned_px * (LOADED_US + network.training_us) + validated_us) / 1e6
        training_bytes = round(plan.n_at_once * plan.tile_px * network.training_bytes)
        mapping_s = plan.n_mapped * plan.mapped_px * (DRAWN_US + plan.n_looks * network.prediction_us) / 1e6
    return [
        _row(f"{task}: scenes", plan.n_drawn, plan.tile_px, plan, DRAWN_BYTES, drawn_s),
        SourceCost(
            source=f"{task}: training",
            n_tiles=plan.n_learned,
            n_values=n_learned_px * plan.n_bands,
            n_bytes=0,
            is_here=False,
            memory_bytes=training_bytes,
            seconds=training_s,
            basis=BASIS if network is not None else NOT_MEASURED,
        ),
        _row(f"{task}: mapping", plan.n_mapped, plan.mapped_px, plan, MAPPED_BYTES, mapping_s),
    ]


def _row(
    source: str, n_tiles: int, tile_px: int, plan: ImageryPlan, pixel_bytes: float, seconds: float | None
) -> SourceCost:
    return SourceCost(
        source=source,
        n_tiles=n_tiles,
        n_values=n_tiles * tile_px * plan.n_bands,
        n_bytes=round(n_tiles * tile_px * pixel_bytes),
        is_here=False,
        memory_bytes=tile_px * plan.n_bands * VALUE_BYTES,
        seconds=seconds,
        basis=BASIS if seconds is not None else NOT_MEASURED,
    )


def plan_of_task(parameters: "Parameters", task: str, source: str) -> ImageryPlan:
    """The plan of a task whose images are of a source."""
    section: Any = parameters.task(task)
    tiles, splits = getattr(section, source).tiles, section.samples.splits
    training, mapping = section.training, section.mapping
    n_around, n_anywhere = (round(splits.train * n) for n in (tiles.n_around, tiles.n_anywhere))
    n_validations = -(-training.n_epochs // training.validated_every)
    starts = window_starts(
        max(mapping.tiles.n_pixels, mapping.window_px), mapping.window_px, mapping.window_px - mapping.overlap_px
    )
    measured = {(network.architecture, network.encoder): network for network in MEASURED}
    return ImageryPlan(
        n_bands=len(section.bands),
        n_drawn=tiles.n_around + tiles.n_anywhere,
        tile_px=tiles.n_pixels**2,
        n_learned=sum(
            _n_learned(n_around, n_anywhere, section.samples.curriculum, training.batch_size, epoch + 1)
            for epoch in range(training.n_epochs)
        ),
        n_validated=n_validations * round(splits.validation * (tiles.n_around + tiles.n_anywhere)),
        n_at_once=training.batch_size // training.n_parts,
        n_mapped=section.two_stage.budget.n_tiles * len(mapping.years),
        mapped_px=mapping.tiles.n_pixels**2,
        n_looks=(len(starts) * mapping.window_px / mapping.tiles.n_pixels) ** 2
        * section.evaluation.test_time.n_symmetries
        * sum(1 / edge**2 for edge in section.evaluation.test_time.resolutions),
        network=measured.get((section.network.architecture, section.network.encoder)),
    )


def _n_learned(n_positive: int, n_negative: int, rules: "CurriculumRules", batch_size: int, epoch: int) -> int:
    """Tiles of the full batches of an epoch, where every tile around something shows it."""
    n_shown = n_positive + min(n_negative, n_negatives_at(n_positive, rules, epoch))
    return n_shown // batch_size * batch_size
