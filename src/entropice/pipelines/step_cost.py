"""What steps cost: one declaration for a step or a group of steps, in ``costs.py`` beside its pipeline.

Declarations stand apart from the steps, so that another rate makes no result stale.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

UNKNOWN: Final = math.nan
"""A size that only the run will know."""


@dataclass(frozen=True)
class RunSize:
    """How much there is for the steps of a run of cells; NaN where the parameters do not say.

    Attributes
    ----------
    n_cells
        Cells that hold land.
    n_years, n_label_years, n_predicted_years
        Years of the features, of the labels and of the map.
    n_features
        Features of a cell and year.
    observed_share
        Cells and label years that somebody has looked at; 1 where that is not known.
    n_fits
        Fits behind the out-of-fold predictions: schemes × folds × models, and for each tuned model its candidates in
        all inner folds beside.
    n_tuned_fits
        The same of one fit of all models.
    n_schemes, n_models, n_folds, n_bootstrap, n_members, n_nulls, n_draws
        As the parameters say; `n_members` are those of the doubts, `n_draws` those of the attainable limit.
    n_units
        Base units of the virtual world.
    n_tasks
        Tasks of imagery.
    """

    n_cells: float
    n_years: float
    n_label_years: float
    n_predicted_years: float
    n_features: float
    observed_share: float
    n_fits: float
    n_tuned_fits: float
    n_schemes: float
    n_models: float
    n_folds: float
    n_bootstrap: float
    n_members: float
    n_nulls: float
    n_draws: float
    n_units: float
    n_tasks: float

    @property
    def n_cell_years(self) -> float:
        """Cells and years that have features: `n_cells` × `n_years`; NaN where one of them is."""
        return self.n_cells * self.n_years

    @property
    def n_rows(self) -> float:
        """Cells and years that are learned from: `n_cells` × `n_label_years` × `observed_share`; NaN where one is."""
        return self.n_cells * self.n_label_years * self.observed_share

    @property
    def n_predicted(self) -> float:
        """Cells and years of the map: `n_cells` × `n_predicted_years`; NaN where one of them is."""
        return self.n_cells * self.n_predicted_years


@dataclass(frozen=True)
class Images:
    """What a source of images gives a task; NaN where only its files say.

    Attributes
    ----------
    n_positive, n_negative
        Images, or pairs, around something that is looked for, and others.
    n_pixels
        Of one image; of a pair both.
    n_field_pixels
        Pixels of all steps of fields that frames are cut from; 0 where there are none.
    n_steps, edges_px
        Steps of these fields, and rows and columns of one.
    surveyed_px
        Pixels of all ground that can be looked at, all years together.
    law_px
        Pixels that a known law forecasts, all members and steps together; 0 where it does not.
    """

    n_positive: float = 0
    n_negative: float = 0
    n_pixels: float = 0
    n_field_pixels: float = 0
    n_steps: float = 0
    edges_px: tuple[float, float] = (0, 0)
    surveyed_px: float = UNKNOWN
    law_px: float = 0


GIVEN: Final = Images(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, (UNKNOWN, UNKNOWN))
"""Of a source that is given as files."""


@dataclass(frozen=True)
class Learned:
    """How many images, or sequences, a network sees.

    Attributes
    ----------
    input_shape
        Of one of them, as the network takes it; its bands are the third axis from behind.
    n_in_training, n_in_validation
        Images in all epochs together, at most.
    n_held_out
        Images of validation and test.
    n_learned_from
        Images of training, each once.

    The shape is None where only the files say how large images are.
    """

    input_shape: tuple[int, ...] | None
    n_in_training: float
    n_in_validation: float
    n_held_out: float
    n_learned_from: float

    @property
    def n_pixels(self) -> float:
        """Pixels of one image or sequence: rows times columns, times its times; bands count once.

        NaN where only the files say how large images are.

        >>> Learned((2, 3, 10, 20), 0, 0, 0, 0).n_pixels  # two times, three bands
        400
        """
        if self.input_shape is None:
            return UNKNOWN
        return math.prod(self.input_shape) // self.input_shape[-3]


@dataclass(frozen=True)
class Operations:
    """What a network computes; NaN where the network cannot be built here.

    Attributes
    ----------
    of_prediction
        Floating-point operations for one pixel of an image or sequence.
    training_bytes
        Memory of a training step.
    """

    of_prediction: float
    training_bytes: float


@dataclass(frozen=True)
class TaskSize:
    """How much there is for the steps of a task of imagery.

    Attributes
    ----------
    images, learned, operations
        What the source gives, what the network sees of it, and what it computes for a pixel.
    n_bands
        What it sees of a pixel.
    n_looks
        How often a pixel is predicted where a network is asked: an image may be laid on itself in several ways.
    mapped_px, surveyed_px
        Pixels that are mapped and surveyed, windows' overlap included.
    n_bootstrap
        Draws of blocks behind intervals.
    """

    images: Images
    learned: Learned
    operations: Operations
    n_bands: float
    n_looks: float
    mapped_px: float
    surveyed_px: float
    n_bootstrap: float

    @property
    def drawn_px(self) -> float:
        """Pixels of all images, each counted once whatever its bands; of pairs both; NaN where only the files say."""
        return (self.images.n_positive + self.images.n_negative) * self.images.n_pixels

    @property
    def held_out_px(self) -> float:
        """Pixels of all images of validation and test, each once, bands not counted; NaN where only the files say."""
        return self.learned.n_held_out * self.learned.n_pixels

    @property
    def training_px(self) -> float:
        """Pixels that training and its validations read, all epochs, bands not counted; NaN where only files say."""
        return (self.learned.n_in_training + self.learned.n_in_validation) * self.learned.n_pixels

    @property
    def training_operations(self) -> float:
        """Floating-point operations of all epochs: a training step takes three times a prediction.

        (3 × images in training + images in validation) × pixels of an image × operations of a prediction for one pixel:
        forwards once, and backwards for inputs and for weights. NaN where a size is not known.
        """
        n_images = 3 * self.learned.n_in_training + self.learned.n_in_validation
        return n_images * self.learned.n_pixels * self.operations.of_prediction


@dataclass(frozen=True)
class Rate:
    """What one core takes for one of something.

    Attributes
    ----------
    unit
        What is counted, in the plural.
    size
        How many there are, of a `RunSize` or a `TaskSize`.
    us
        Microseconds for one.
    """

    unit: str
    size: Callable[[Any], float]
    us: float


def _unknown(_: Any) -> float:
    return UNKNOWN


@dataclass(frozen=True)
class StepCost:
    """What a step takes, or each of several steps.

    Attributes
    ----------
    steps
        Functions of the nodes.
    rates
        Their times add up.
    fixed_s
        Seconds that it takes however little there is.
    memory_bytes, written_bytes
        Memory at the peak beside what each process takes, and bytes of what is written, of a `RunSize` or a `TaskSize`.
    why_unknown
        Why its time is not known; empty where it is.
    """

    steps: tuple[Callable[..., Any], ...]
    rates: tuple[Rate, ...] = ()
    fixed_s: float = 0.0
    memory_bytes: Callable[[Any], float] = _unknown
    written_bytes: Callable[[Any], float] = _unknown
    why_unknown: str = ""

    def seconds(self, size: Any) -> float:
        """Seconds of one core for a `RunSize` or a `TaskSize`; NaN where the time or one of the sizes is not known.

        Of the rates' microseconds and sizes, it is ``fixed_s`` + Σ us · size / 10⁶.

        >>> cost = StepCost((), (Rate("cells", lambda n_cells: n_cells, 250.0),), fixed_s=2.0)
        >>> cost.seconds(4000), StepCost((), why_unknown="nobody has measured it").seconds(4000)
        (3.0, nan)
        """
        if self.why_unknown:
            return UNKNOWN
        return self.fixed_s + sum(rate.us * rate.size(size) for rate in self.rates) / 1e6
