"""Samples varied at random while a network learns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.colour import coloured
from entropice.imagery.displacement import displaced, drawn_sources
from entropice.imagery.hidden_sensors import with_hidden_sensors
from entropice.imagery.samples import Image, Sample
from entropice.imagery.sensor_rules import Sensors

if TYPE_CHECKING:
    from numpy.typing import NDArray

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True)
class Symmetry:
    """Turns by 90°, anticlockwise, and then flips."""

    n_turns: int
    flips_rows: bool
    flips_columns: bool

    def of(self, values: "NDArray[Value]") -> "NDArray[Value]":
        """Values (…, row, column) turned and flipped over their last two dimensions, in an array of their own.

        Examples
        --------
        >>> values = np.array([[1, 2], [3, 4]])
        >>> Symmetry(1, False, False).of(values).tolist(), Symmetry(1, True, False).of(values).tolist()
        ([[2, 4], [1, 3]], [[1, 3], [2, 4]])
        """
        turned = np.rot90(values, self.n_turns, axes=(-2, -1))
        axes = tuple(axis for axis, flips in ((-2, self.flips_rows), (-1, self.flips_columns)) if flips)
        return np.ascontiguousarray(np.flip(turned, axes))


def augmented(
    sample: Sample, rules: AugmentationRules, seed: int, epoch: int, sensors: Sensors | None = None
) -> Sample:
    """The sample as a network sees it in an epoch: turned, displaced, in other colours, without some sensors.

    Parameters
    ----------
    sample
        With physical values, since colours are those of reflectances.
    rules
        What is drawn, how likely, and how far it goes.
    seed, epoch
        With the key of the sample they decide what is drawn.
    sensors
        Which bands come together, and so are hidden together; None where all are of one.

    Returns
    -------
    Sample
        Of the same shapes, in arrays of its own wherever something was drawn; the very arrays of `sample` where
        nothing was. Its place is still that of `sample`.

    Notes
    -----
    A pure function of (seed, epoch, key) and the sample, so that neither the number of workers nor a resumed run
    changes what is seen. Turns and flips are exact and need square images; all other displacements are composed
    into one, so that values are interpolated once. Bands that depend on a direction, such as a shaded relief, are
    turned like all others. Numbers are drawn from ``np.random.default_rng([seed, epoch, *b"augmentation <key>"])``, for
    the symmetry (`drawn_symmetry`), the displacement (`drawn_sources`), the colours and the sensors, in this order.

    Examples
    --------
    Without a probability nothing is drawn; the same seed, epoch and key draw the same.

    >>> from entropice.imagery.samples import Place
    >>> image = Image(("red",), np.arange(4.0, dtype=np.float32).reshape(1, 2, 2), np.ones((1, 2, 2), bool))
    >>> mask = np.array([[0, 1], [2, 3]], np.uint8)
    >>> sample = Sample("a", image, mask, mask >= 0, Place(0.0, 0.0, 10.0, 2, 2020))
    >>> rules = AugmentationRules(**{**dict.fromkeys(AugmentationRules.model_fields, 0.0), "elastic_sigma_px": 1.0})
    >>> augmented(sample, rules, 0, 1).target is mask
    True
    >>> varied = augmented(sample, rules.model_copy(update={"symmetry_probability": 1.0}), 0, 1)
    >>> bool((varied.image.values[0] == varied.target).all())
    True
    """
    # The order of draws is part of the law: a new one comes last, or every resumed run would see other samples.
    random = np.random.default_rng([seed, epoch, *f"augmentation {sample.key}".encode()])
    symmetry = drawn_symmetry(rules, random)
    symmetric = sample if symmetry is None else _turned(sample, symmetry)
    rows, columns = sample.image.values.shape[-2:]
    sources_px = drawn_sources((rows, columns), rules, random)
    moved = symmetric if sources_px is None else displaced(symmetric, sources_px)
    image = coloured(moved.image, rules, random)
    varied = Sample(sample.key, image, moved.target, moved.scored, sample.place)
    if rules.hidden_sensor_probability == 0:
        return varied
    return with_hidden_sensors(varied, sensors or Sensors(), rules.hidden_sensor_probability, random)


def drawn_symmetry(rules: AugmentationRules, random: np.random.Generator) -> Symmetry | None:
    """A turn by a random multiple of 90° and two flips, each at a probability; None where nothing was drawn.

    The turn is by 0°, 90°, 180° or 270° with equal chance, so that it may be none. Three uniform numbers are drawn, and
    a whole one where there is a turn.

    Parameters
    ----------
    rules
        Its ``symmetry_probability`` alone.
    """
    turns, flips_rows, flips_columns = (random.uniform(size=3) < rules.symmetry_probability).tolist()
    n_turns = int(random.integers(4)) if turns else 0
    return Symmetry(n_turns, flips_rows, flips_columns) if n_turns or flips_rows or flips_columns else None


def _turned(sample: Sample, symmetry: Symmetry) -> Sample:
    image = Image(sample.image.bands, symmetry.of(sample.image.values), symmetry.of(sample.image.valid))
    if sample.target.ndim < 2:
        return Sample(sample.key, image, sample.target, sample.scored, sample.place)
    return Sample(sample.key, image, symmetry.of(sample.target), symmetry.of(sample.scored), sample.place)
