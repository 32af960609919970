"""The eight ways to lay a square on itself, and predictions averaged over them."""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from entropice.errors import ConfigError
from entropice.imagery.windows import Pixels, Predict, known
from entropice.types import BoolArray, Float32Array


@dataclass(frozen=True)
class Symmetry:
    """A reflection of the columns, or none, and quarter turns after it.

    Attributes
    ----------
    is_flipped
        Whether columns are reversed first.
    n_quarter_turns
        Anticlockwise, 0 … 3.
    """

    is_flipped: bool
    n_quarter_turns: int

    def apply(self, pixels: Pixels) -> Pixels:
        """Lay (…, row, column) anew; a view.

        Examples
        --------
        >>> Symmetry(is_flipped=True, n_quarter_turns=1).apply(np.array([[1, 2], [3, 4]])).tolist()
        [[1, 3], [2, 4]]
        """
        flipped = pixels[..., ::-1] if self.is_flipped else pixels
        return cast("Pixels", np.rot90(flipped, self.n_quarter_turns, axes=(-2, -1)))

    def undo(self, pixels: Pixels) -> Pixels:
        """Lay back what `apply` has laid, shape (…, row, column); a view.

        Examples
        --------
        >>> pixels = np.arange(6).reshape(2, 3)
        >>> all((each.undo(each.apply(pixels)) == pixels).all() for each in SYMMETRIES)
        True
        """
        turned = np.rot90(pixels, -self.n_quarter_turns, axes=(-2, -1))
        return cast("Pixels", turned[..., ::-1] if self.is_flipped else turned)


SYMMETRIES: Final = (
    Symmetry(is_flipped=False, n_quarter_turns=0),
    Symmetry(is_flipped=True, n_quarter_turns=0),
    Symmetry(is_flipped=False, n_quarter_turns=2),
    Symmetry(is_flipped=True, n_quarter_turns=2),
    Symmetry(is_flipped=False, n_quarter_turns=1),
    Symmetry(is_flipped=False, n_quarter_turns=3),
    Symmetry(is_flipped=True, n_quarter_turns=1),
    Symmetry(is_flipped=True, n_quarter_turns=3),
)
"""All eight. The first one, two, four and eight are groups: two reflect columns, four rows and columns."""

GROUP_SIZES: Final = (1, 2, 4, 8)


def symmetries(n: int) -> tuple[Symmetry, ...]:
    """The first `n` of `SYMMETRIES`: 1, 2, 4 or 8.

    In order: as it is; columns reversed; half a turn; columns reversed and half a turn (rows reversed); a quarter turn
    anticlockwise; three of them; columns reversed and a quarter turn; columns reversed and three.

    Raises
    ------
    ConfigError
        Another number, whose first ones are no group.
    """
    if n not in GROUP_SIZES:
        raise ConfigError(
            "So many symmetries do not belong together.",
            field="test_time_augmentation",
            got=n,
            expected=", ".join(map(str, GROUP_SIZES)),
            fix="take 1 for none, or all 8",
        )
    return SYMMETRIES[:n]


def under_symmetries(predict: Predict, n: int) -> Predict:
    """Predict as the mean over `n` symmetries, each laid back before averaging: test-time augmentation.

    What comes out turns with the image under these symmetries, whatever `predict` does. NaN where a band is not valid.

    Parameters
    ----------
    predict
        Values and their validity, (…, band, row, column) each, to (…, row, column), as is what is made of it, which
        gives float32. Gets views of images, turned and flipped, with rows and columns exchanged by quarter turns.
    n
        1, 2, 4 or 8: the first so many of `SYMMETRIES`.

    Raises
    ------
    ConfigError
        So many symmetries are no group.
    SchemaError
        From the function made: `predict` gives another shape, or NaN at a valid pixel.

    Examples
    --------
    Whatever a column is said to be, its mirror image is said to be as well:

    >>> says = lambda values, valid: np.array([[0.0, 0.25, 1.0]])
    >>> under_symmetries(says, 2)(np.zeros((1, 1, 3), np.float32), np.ones((1, 1, 3), bool)).tolist()
    [[0.5, 0.25, 0.5]]
    """
    group = symmetries(n)

    def predict_all(values: Float32Array, valid: BoolArray) -> Float32Array:
        logits = [each.undo(known(predict, each.apply(values), each.apply(valid))) for each in group]
        return np.asarray(np.mean(logits, axis=0), dtype=np.float32)

    return predict_all
