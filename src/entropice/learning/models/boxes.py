"""A box of a model is made of training rows, so there are no more boxes than rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from entropice.errors import LabelError
from entropice.learning.models.model import Candidate, Model

if TYPE_CHECKING:
    from entropice.learning.inner_folds import InnerFolds


def with_boxes_for_folds(model: Model, candidates: Sequence[Candidate], inner_folds: "InnerFolds") -> list[Candidate]:
    """The candidates that all rows of the inner folds have rows for, and each fold's training rows to compare them.

    In their order; all of a model without boxes. One that is left alone needs no comparison.

    Raises
    ------
    LabelError
        If none is left.
    """
    left = with_boxes_for(model, candidates, len(inner_folds.class_codes))
    return left if len(left) == 1 else with_boxes_for(model, left, inner_folds.fewest_training_rows)


def with_boxes_for(model: Model, candidates: Sequence[Candidate], n_rows: int) -> list[Candidate]:
    """The candidates of a model that ask for no more boxes than there are rows; all of a model without boxes.

    In their order; as many boxes as rows are allowed.

    Raises
    ------
    LabelError
        If none is left.

    Examples
    --------
    >>> from entropice.learning.models.espa import MODEL
    >>> with_boxes_for(MODEL, [{"n_boxes": 4}, {"n_boxes": 10}, {"n_boxes": 40}], n_rows=10)
    [{'n_boxes': 4}, {'n_boxes': 10}]
    """
    parameter = model.boxes_parameter
    if parameter is None:
        return list(candidates)
    left = [each for each in candidates if each[parameter] <= n_rows]
    field = f"modelling.tuning.candidates.{model.name}.{parameter}"
    if not left:
        raise LabelError(
            "There are fewer training rows than boxes.",
            field=field,
            got=f"{n_rows} rows, {parameter} {sorted({each[parameter] for each in candidates})}",
            expected=f"{parameter} of at most {n_rows}",
            fix=f"lower {field} or modelling.folds.buffer_m, or add labels",
        )
    return left
