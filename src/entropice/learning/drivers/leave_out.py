"""Leave out: by how much forecasts out of fold lose when the model is fitted without the features of a set.

It is small where other features say the same, and then no set of them alone is needed.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from entropice.learning.best import fit_bytes
from entropice.learning.drivers.refits import fit_folds, held_out_losses
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.model import Candidate, Model
from entropice.learning.samples import Samples
from entropice.learning.tuning import Tuning
from entropice.processes import side_by_side
from entropice.types import FloatArray


def leave_out_rises(
    model: Model,
    parameters: Candidate,
    inner_folds: InnerFolds,
    tuning: Tuning,
    sets: Sequence[Sequence[str]],
) -> FloatArray:
    """Rise of the log loss (n_set, n_rows), in nats, when each set is left out of the fits.

    NaN where no fold tests a row. Each set of feature names is left out of all fits, one a fold, with the given
    parameters and no new tuning; the loss of fits to all features is subtracted row by row. Rows are those of the inner
    folds, in their order.

    Raises
    ------
    ConfigError
        If a fit needs more memory than may be taken; none has been begun.
    LabelError
        As `InnerFolds.splits`.
    KeyError
        A name is none of the features.
    """

    # The fit to all features is made here, too, by the same folds and seed: a loss from elsewhere would add its own
    # noise.
    losses = partial(_losses_without, model, parameters, inner_folds, tuning)
    samples, what = inner_folds.samples, "drivers left out"
    n_bytes = fit_bytes([model.name], samples) + samples.n_bytes
    whole, *others = side_by_side(losses, [(), *sets], what, tuning.n_processes, n_bytes, samples.n_bytes)
    return np.array([each - whole for each in others])


def _losses_without(
    model: Model, parameters: Candidate, inner_folds: InnerFolds, tuning: Tuning, names: Sequence[str]
) -> FloatArray:
    seen = replace(inner_folds, samples=without(inner_folds.samples, names))
    return held_out_losses(fit_folds(model, parameters, seen, tuning), len(inner_folds.class_codes))


def without(samples: Samples, names: Sequence[str]) -> Samples:
    """The same rows (n) without some features; a name that is none of them is a KeyError.

    Their groups stay named in the samples, which does no harm; the given samples are not changed.

    Examples
    --------
    >>> import pandas as pd
    >>> samples = Samples(pd.DataFrame({"rain": [1.0], "slope": [2.0]}), np.zeros((1, 2)), np.zeros(1, np.uint64))
    >>> list(without(samples, ["rain"]).features), list(samples.features)
    (['slope'], ['rain', 'slope'])
    """
    return replace(samples, features=samples.features.drop(columns=list(names)))
