"""A model fitted to the training rows of each spatial fold, with parameters that are chosen already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.model import Candidate, FittedModel, Model, Prepared
from entropice.learning.scores import log_losses
from entropice.learning.tuning import Tuning
from entropice.types import FloatArray, IntArray


@dataclass(frozen=True)
class FoldFit:
    """A fit to the training rows of a fold, and the rows that it is tested on.

    Attributes
    ----------
    fitted
        The fit.
    rows
        (n,) numbers of the tested rows.
    tested
        What the model sees of them.
    class_codes
        Their classes (n,).
    n_classes
        Of all rows; classes that the fit has not seen have probability 0.
    """

    fitted: FittedModel
    rows: IntArray
    tested: Prepared
    class_codes: IntArray
    n_classes: int

    def losses(self) -> FloatArray:
        """Log loss (n,) of the tested rows, in nats, as `log_losses` gives it."""
        return self._losses_at(self.tested.matrix)

    def losses_with(self, names: Sequence[str], other_rows: IntArray) -> FloatArray:
        """Log loss (n,) where the named features have the values of other tested rows (n,).

        `other_rows` are places among the tested rows. Names that the model does not see change nothing; the tested rows
        themselves are not changed.

        Examples
        --------
        A model that says "any" with the chance that its one feature holds; the two rows change places.

        >>> from types import SimpleNamespace
        >>> from entropice.learning.models.model import Recipe
        >>> seen = Prepared(np.array([[0.5], [0.25]]), lambda rows: np.column_stack([1 - rows[:, 0], rows[:, 0]]))
        >>> fitted = FittedModel(SimpleNamespace(classes_=np.array([0, 1])), Recipe({}, 0, "cpu", ("wetness",)))
        >>> fit = FoldFit(fitted, np.array([7, 8]), seen, np.array([1, 1]), n_classes=2)
        >>> fit.losses().round(4).tolist(), fit.losses_with(["wetness"], np.array([1, 0])).round(4).tolist()
        ([0.6931, 1.3863], [1.3863, 0.6931])
        """
        # What a model does to single features is done once (`Prepared`): shuffling rows of the result is the same as
        # preparing shuffled rows, as long as each column follows from one feature alone.
        values = self.tested.matrix.copy(order="K")
        changed = np.flatnonzero(np.isin(self.fitted.recipe.feature_names or (), list(names)))
        values[:, changed] = values[np.ix_(other_rows, changed)]
        return self._losses_at(values)

    def _losses_at(self, values: FloatArray) -> FloatArray:
        probabilities = np.zeros((len(values), self.n_classes))
        probabilities[:, self.fitted.estimator.classes_] = self.tested.probabilities(values)
        return log_losses(probabilities, self.class_codes)


def fit_folds(model: Model, parameters: Candidate, inner_folds: InnerFolds, tuning: Tuning) -> Iterator[FoldFit]:
    """Fit the model, which sees features, to the training rows of each fold, when it is asked for that fold.

    With parameters that are chosen already, in the order of the folds; rows are numbered as in the inner folds.

    Raises
    ------
    LabelError
        As `InnerFolds.splits`, at once; a fit's own errors come when it is asked for.
    """
    fixed, samples, codes = tuning.fixed(parameters), inner_folds.samples, inner_folds.class_codes

    def fit(train: IntArray, test: IntArray) -> FoldFit:
        fitted = fixed.fit(model, fixed.inner_folds(samples.rows(train), codes[train]))
        tested = model.prepare(fitted, fitted.view(samples.rows(test)))
        return FoldFit(fitted, test, tested, codes[test], inner_folds.n_classes)

    return (fit(train, test) for train, test in inner_folds.splits)


def held_out_losses(fits: Iterable[FoldFit], n_rows: int) -> FloatArray:
    """Log loss (n_rows,), in nats, of each row by the fit that is tested on it; NaN where no fold tests a row.

    A row that two fits test has the loss of the later one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> fit = SimpleNamespace(rows=np.array([2, 0]), losses=lambda: np.array([0.5, 0.25]))
    >>> held_out_losses([fit], 3).tolist()
    [0.25, nan, 0.5]
    """
    losses = np.full(n_rows, np.nan)
    for fit in fits:
        losses[fit.rows] = fit.losses()
    return losses
