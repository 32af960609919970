"""What the final model says of every cell and year."""

import logging

import numpy as np
import pandas as pd

from entropice.espa import ESPAClassifier
from entropice.learning.classes import DensityClasses
from entropice.learning.training_table import KEYS
from entropice.types import FloatArray

logger = logging.getLogger(__name__)


def predict_cells(model: ESPAClassifier, classes: DensityClasses, frame: pd.DataFrame) -> pd.DataFrame:
    """Predict each row of a feature frame.

    Returns
    -------
    DataFrame
        ``cell_id year p_<class>… class_ p_max entropy expected_rts_area_fraction box``, row by row. ``class_`` is the
        most probable class, ``entropy`` runs from 0 (certain) to 1 (all classes alike), the expected area fraction is
        the sum over classes of probability × mean of the training rows. Where no feature is known all of them are
        null; the log says how many rows that concerns.
    """
    names = model.feature_names_in_.tolist()
    is_known = frame[names].notna().any(axis=1)
    if not is_known.all():
        logger.warning("%d of %d cells and years have no known feature: no prediction.", (~is_known).sum(), len(frame))
    known = frame.loc[is_known, names]
    probabilities = np.zeros((len(known), len(classes.names)))
    probabilities[:, model.classes_] = model.predict_proba(known)
    predicted = pd.DataFrame(probabilities, index=known.index, columns=[f"p_{name}" for name in classes.names])
    predicted = predicted.assign(
        class_=np.array(classes.names, dtype=object)[probabilities.argmax(axis=1)],
        p_max=probabilities.max(axis=1),
        entropy=normalised_entropy(probabilities),
        expected_rts_area_fraction=probabilities @ classes.mean_rts_area_fraction,
        box=pd.array(model.box_of(known), dtype="Int64"),
    )
    return frame[KEYS].join(predicted)


def normalised_entropy(probabilities: FloatArray) -> FloatArray:
    """Entropy of each row (n, n_class) over that of equal probabilities: 0 is certain, 1 knows nothing."""
    logarithms = np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
    entropy: FloatArray = np.abs((probabilities * logarithms).sum(axis=1)) / np.log(probabilities.shape[1])
    return np.minimum(entropy, 1.0)
