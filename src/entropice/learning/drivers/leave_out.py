"""Leave out: by how much forecasts out of fold lose when the model is fitted without the features of a set.

It is small where other features say the same, and then no set of them alone is needed.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from entropice.learning.drivers.refits import fit_folds, held_out_losses
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.model import Candidate, Model
from entropice.learning.samples import Samples
from entropice.learning.tuning import Tuning
from entropice.types import FloatArray


def leave_out_rises(
    model: Model,
    parameters: Candidate,
    inner_folds: InnerFolds,
    tuning: Tuning,
    sets: Sequence[Sequence[str]],
) -> FloatArray:
    """Rise of the log loss (n_set, n_rows) when each set is left out of the fits; NaN where no fold tests a row."""

    def losses(samples: Samples) -> FloatArray:
        fits = fit_folds(model, parameters, replace(inner_folds, samples=samples), tuning)
        return held_out_losses(fits, len(inner_folds.class_codes))

    whole = losses(inner_folds.samples)
    return np.array([losses(without(inner_folds.samples, names)) - whole for names in sets])


def without(samples: Samples, names: Sequence[str]) -> Samples:
    """The same rows without some features."""
    return replace(samples, features=samples.features.drop(columns=list(names)))
