"""A model fitted to the training rows of each spatial fold, with parameters that are chosen already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.model import Candidate, FittedModel, Model
from entropice.learning.samples import Samples
from entropice.learning.scores import log_losses
from entropice.learning.tuning import Tuning
from entropice.types import FloatArray, IntArray


@dataclass(frozen=True)
class FoldFit:
    """A fit to the training rows of a fold, and the rows that it is tested on.

    Attributes
    ----------
    rows
        (n,) numbers of the tested rows.
    tested, class_codes
        What is known of them, and their classes.
    """

    fitted: FittedModel
    rows: IntArray
    tested: Samples
    class_codes: IntArray
    n_classes: int

    def losses(self) -> FloatArray:
        """Log loss (n,) of the tested rows."""
        return log_losses(self.fitted.predict_proba(self.tested, self.n_classes), self.class_codes)

    def losses_with(self, names: Sequence[str], other_rows: IntArray) -> FloatArray:
        """Log loss (n,) where the named features have the values of other tested rows (n,)."""
        seen = self.tested.features
        values = seen.to_numpy(dtype=np.float64, copy=True)
        changed = seen.columns.isin(list(names))
        values[:, changed] = values[np.ix_(other_rows, changed)]
        given = pd.DataFrame(values, columns=seen.columns)
        return replace(self, tested=replace(self.tested, features=given)).losses()


def fit_folds(model: Model, parameters: Candidate, inner_folds: InnerFolds, tuning: Tuning) -> list[FoldFit]:
    """Fit the model to every fold's training rows."""
    fixed, samples, codes = tuning.fixed(parameters), inner_folds.samples, inner_folds.class_codes
    return [
        FoldFit(
            fixed.fit(model, fixed.inner_folds(samples.rows(train), codes[train])),
            test,
            samples.rows(test),
            codes[test],
            inner_folds.n_classes,
        )
        for train, test in inner_folds.splits
    ]
