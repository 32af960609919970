"""What the final model says of every cell and year."""

import logging
from collections.abc import Iterable

import numpy as np
import pandas as pd

from entropice.learning.classes import DensityClasses
from entropice.learning.doubts.doubts import Doubts, add_doubts
from entropice.learning.predictor import Predictor
from entropice.learning.samples import Samples
from entropice.types import FloatArray

logger = logging.getLogger(__name__)


def predict_cells(predictor: Predictor, classes: DensityClasses, keys: pd.DataFrame, samples: Samples) -> pd.DataFrame:
    """Predict each row of some samples, which ``cell_id year`` of `keys` name, for the land area that it is exposed by.

    Keys and samples are (n), row by row.

    Returns
    -------
    DataFrame
        Columns ``cell_id year p_<class>… p_any class_ p_max entropy expected_rts_area_fraction``, and ``box`` of a
        model with boxes, row by row, with the index of the keys. ``p_any`` is 1 − the probability of the first class,
        ``class_`` the most probable class (the first of equals), ``p_max`` its probability, ``entropy`` runs from 0
        (certain) to 1 (all classes alike), the expected area fraction is the sum over classes of probability × mean of
        the training rows (NaN where such a mean is not known), ``box`` is null where a submodel predicts, whose boxes
        are others. Where no feature that the model sees is known all of them are null; the log says how many rows that
        concerns.

    Raises
    ------
    FeatureError
        If the samples lack a feature of the model.
    """
    predicted = _predicted(predictor, classes, keys, samples)
    tell_unknown(predicted)
    return predicted


def predict_map(
    predictor: Predictor, classes: DensityClasses, doubts: Doubts, blocks: Iterable[tuple[pd.DataFrame, Samples]]
) -> pd.DataFrame:
    """Predict, with doubts, what is too large to be predicted at once.

    Each row is predicted for itself: how rows are dealt out to blocks changes nothing but the memory needed.

    Parameters
    ----------
    predictor, classes
        The fitted model, and the classes that its probabilities are of, in their order.
    doubts
        Refits, conformal thresholds and what applicability needs of the training rows.
    blocks
        Keys and samples as `predict_cells` takes them, of some cells at a time; each is asked for when it is predicted.
        One block at least.

    Returns
    -------
    DataFrame
        The columns of `predict_cells` and `doubts.add_doubts`, row by row of all blocks, indexed from 0. Rows that know
        too little for the model, or for any of its submodels, have keys and NaN; a warning says how many. Their
        verdicts of applicability are told all the same.

    Raises
    ------
    FeatureError
        If the samples lack a feature of the model.
    """
    predicted = pd.concat(
        [predict_block(predictor, classes, doubts, keys, samples) for keys, samples in blocks], ignore_index=True
    )
    tell_unknown(predicted)
    return predicted


def predict_block(
    predictor: Predictor, classes: DensityClasses, doubts: Doubts, keys: pd.DataFrame, samples: Samples
) -> pd.DataFrame:
    """What `predict_map` says of one block of rows (n, feature): its columns, with the index of the block's keys.

    Keys ``cell_id year`` and samples are (n), row by row. No warning counts the rows that know too little.

    Raises
    ------
    FeatureError
        If the samples lack a feature of the model.
    """
    return add_doubts(_predicted(predictor, classes, keys, samples), samples, doubts)


def tell_unknown(predicted: pd.DataFrame) -> None:
    """Log how many rows, with column ``p_any``, have no prediction (NaN): a warning; nothing where all have one."""
    is_unknown = predicted["p_any"].isna()
    if is_unknown.any():
        logger.warning("%d of %d cells and years know too little: no prediction.", is_unknown.sum(), len(predicted))


def _predicted(predictor: Predictor, classes: DensityClasses, keys: pd.DataFrame, samples: Samples) -> pd.DataFrame:
    is_known = predictor.knows(samples)
    known, index = samples.where(is_known), keys.index[is_known]
    probabilities = predictor.predict_proba(known, len(classes.names))
    predicted = pd.DataFrame(probabilities, index=index, columns=[f"p_{name}" for name in classes.names])
    predicted = predicted.assign(
        p_any=1 - probabilities[:, 0],
        class_=np.array(classes.names, dtype=object)[probabilities.argmax(axis=1)],
        p_max=probabilities.max(axis=1),
        entropy=normalised_entropy(probabilities),
        expected_rts_area_fraction=probabilities @ classes.mean_rts_area_fraction,
    )
    if predictor.main.model.boxes is not None:
        predicted["box"] = pd.Series(predictor.main.boxes(known), index=index).astype("Int64")
    return keys.join(predicted)


def normalised_entropy(probabilities: FloatArray) -> FloatArray:
    """Entropy (n,) of each row (n, n_class) over that of equal probabilities: 0 is certain, 1 knows nothing.

    ``−Σ_k p_k log p_k / log K`` for K classes, two or more; a probability of 0 adds nothing, and NaN gives NaN. Shannon
    (1948), doi:10.1002/j.1538-7305.1948.tb01338.x.

    Examples
    --------
    >>> normalised_entropy(np.array([[0.5, 0.5], [1.0, 0.0], [0.9, 0.1]])).round(4).tolist()
    [1.0, 0.0, 0.469]
    """
    logarithms = np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
    entropy: FloatArray = np.abs((probabilities * logarithms).sum(axis=1)) / np.log(probabilities.shape[1])
    # Rounding passes both ends: −0 where a row is certain, a bit above 1 where all classes are alike.
    return np.minimum(entropy, 1.0)
