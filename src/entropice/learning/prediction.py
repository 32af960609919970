"""What the final model says of every cell and year."""

import logging

import numpy as np
import pandas as pd

from entropice.learning.classes import DensityClasses
from entropice.learning.models import FittedModel, Model
from entropice.learning.samples import Samples
from entropice.types import BoolArray, FloatArray

logger = logging.getLogger(__name__)


def predict_cells(
    model: Model, fitted: FittedModel, classes: DensityClasses, keys: pd.DataFrame, samples: Samples
) -> pd.DataFrame:
    """Predict each row of some samples, which ``cell_id year`` of `keys` name.

    Returns
    -------
    DataFrame
        ``cell_id year p_<class>… class_ p_max entropy expected_rts_area_fraction``, and ``box`` of a model with boxes,
        row by row. ``class_`` is the most probable class, ``entropy`` runs from 0 (certain) to 1 (all classes alike),
        the expected area fraction is the sum over classes of probability × mean of the training rows. Where no feature
        that the model sees is known all of them are null; the log says how many rows that concerns.
    """
    is_known = _knows_something(fitted, samples)
    if not is_known.all():
        logger.warning("%d of %d cells and years have no known feature: no prediction.", (~is_known).sum(), len(keys))
    known, index = samples.where(is_known), keys.index[is_known]
    probabilities = fitted.predict_proba(known, len(classes.names))
    predicted = pd.DataFrame(probabilities, index=index, columns=[f"p_{name}" for name in classes.names])
    predicted = predicted.assign(
        class_=np.array(classes.names, dtype=object)[probabilities.argmax(axis=1)],
        p_max=probabilities.max(axis=1),
        entropy=normalised_entropy(probabilities),
        expected_rts_area_fraction=probabilities @ classes.mean_rts_area_fraction,
    )
    if model.box_of is not None:
        predicted["box"] = pd.array(model.box_of(fitted, fitted.view(known)), dtype="Int64")
    return keys.join(predicted)


def _knows_something(fitted: FittedModel, samples: Samples) -> BoolArray:
    return pd.DataFrame(fitted.view(samples)).notna().any(axis=1).to_numpy()


def normalised_entropy(probabilities: FloatArray) -> FloatArray:
    """Entropy of each row (n, n_class) over that of equal probabilities: 0 is certain, 1 knows nothing."""
    logarithms = np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
    entropy: FloatArray = np.abs((probabilities * logarithms).sum(axis=1)) / np.log(probabilities.shape[1])
    return np.minimum(entropy, 1.0)
