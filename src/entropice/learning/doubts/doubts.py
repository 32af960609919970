"""How sure the map is, as one fitted object that needs no training table to speak of other places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from entropice.errors import ModelFileError
from entropice.learning import model_file
from entropice.learning.doubts.applicability import Applicability, fit_applicability
from entropice.learning.doubts.conformal import ConformalSets, fit_conformal
from entropice.learning.doubts.spread import Member, chance_spread, fit_members
from entropice.learning.folds import TEST, TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.predictor import Part, Predictor
from entropice.learning.samples import Samples
from entropice.types import FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

FORMAT: Final = "entropice-doubts"
FORMAT_VERSION: Final = 1
_ROWS = "rows_drawn"


@dataclass(frozen=True)
class Doubts:
    """Members, sets and verdicts of one map.

    Attributes
    ----------
    members
        What draws the map, refitted to resampled blocks; two or more.
    conformal, applicability
        Fitted to its out-of-fold predictions, and to its training rows and folds.
    """

    members: tuple[Member, ...]
    conformal: ConformalSets
    applicability: Applicability

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Features that samples must have to be judged, known or not."""
        return self.applicability.feature_names


def fit_doubts(
    predictor: Predictor,
    samples: Samples,
    class_codes: IntArray,
    keys: pd.DataFrame,
    folds: pd.DataFrame,
    out_of_fold: pd.DataFrame,
    blocks: "pd.Series[int]",
    names: Sequence[str],
    n_members: int,
    random_seed: int,
) -> Doubts:
    """Fit all doubts of what draws a map.

    Sets are for a level of 0.9 (`conformal.LEVEL`), and a row farther than 600 km (`applicability.FAR_M`) is outside;
    features weigh in the dissimilarity as in the predictor's main part (`Importances.weights`), all alike where its
    model gives no weights.

    Parameters
    ----------
    predictor
        What draws the map, fitted to all training rows.
    samples, class_codes
        The training rows (n) and their classes (n,).
    keys
        Columns ``cell_id year`` of these rows.
    folds
        Columns ``scheme fold cell_id year role``; those of the scheme of `out_of_fold` are used.
    out_of_fold
        Columns ``scheme cell_id class_ p_<class>…``: what the map's model said out of fold, in one scheme.
    blocks
        Block by ``cell_id``.
    names
        Class names in order.
    n_members, random_seed
        Of the refits to resampled blocks; 2 or more.

    Raises
    ------
    LabelError
        If blocks cannot be resampled, as `spread.fit_members`.
    ConfigError
        As `spread.fit_members`.
    """
    # The threshold of applicability and the conformal sets must be of the same folds: where rows are like those that
    # these held out, what the sets promise has been seen.
    here = folds[folds["scheme"].isin(out_of_fold["scheme"])]
    splits = [
        (np.flatnonzero(has_role(keys, roles, TRAIN)), np.flatnonzero(has_role(keys, roles, TEST)))
        for _, roles in here.groupby("fold", sort=True)
    ]
    return Doubts(
        fit_members(predictor, samples, class_codes, n_members, random_seed),
        fit_conformal(out_of_fold, blocks, names),
        fit_applicability(samples, _weights(predictor.main, list(samples.features.columns)), splits),
    )


def _weights(part: Part, names: Sequence[str]) -> FloatArray:
    """Weight of each feature in a model; 0 where it does not see it, 1 for all where it gives none."""
    if part.model.importances is None:
        return np.ones(len(names))
    given = dict(zip(part.feature_names, part.model.importances.weights(part.whole).tolist(), strict=True))
    return np.array([given.get(name, 0.0) for name in names])


def add_doubts(predictions: pd.DataFrame, samples: Samples, doubts: Doubts) -> pd.DataFrame:
    """Put beside each prediction how sure it is.

    Parameters
    ----------
    predictions
        Columns ``p_<class>…`` of the map's model, row by row of the samples; null where there is no prediction.
    samples
        What the model saw, (n).
    doubts
        Of the map's model, of the same classes.

    Returns
    -------
    DataFrame
        The predictions, with their index, and ``p_any_sd p_any_low p_any_high conformal_set dissimilarity distance_m
        unknown_groups is_applicable not_applicable_because``. The first four are null where there is no prediction.
        They are those of `spread.chance_spread` and `ConformalSets.texts`, all others of `Applicability.judge`.

    Raises
    ------
    FeatureError
        If the samples lack a feature that training rows have.
    """
    names = doubts.conformal.names
    probabilities = predictions[[f"p_{name}" for name in names]]
    is_predicted = probabilities.notna().all(axis=1).to_numpy()
    given, index = probabilities[is_predicted].to_numpy(), predictions.index[is_predicted]
    spread = chance_spread(1 - given[:, 0], doubts.members, samples.where(is_predicted), len(names)).set_index(index)
    sets = pd.Series(doubts.conformal.texts(given), index, dtype="str", name="conformal_set")
    verdicts = doubts.applicability.judge(samples).set_index(predictions.index)
    return predictions.join([spread, sets, verdicts])


def to_arrays(doubts: Doubts, samples: Samples, class_codes: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Take doubts apart into plain arrays and a JSON document.

    Parameters
    ----------
    doubts
        To be taken apart.
    samples, class_codes
        The training rows (n) that the members were drawn from, and their classes (n,).

    Returns
    -------
    tuple
        Arrays called ``applicability/<name>`` and ``member_<nn>/<name>``, each member with its ``rows_drawn``
        (n_drawn,), and the document, with ``format format_version conformal applicability members``.
    """
    place_arrays, place = doubts.applicability.to_arrays()
    arrays, documents = _below("applicability", place_arrays), []
    for number, member in enumerate(doubts.members):
        drawn = samples.rows(member.rows)
        own, document = model_file.to_arrays(member.predictor, drawn, class_codes[member.rows])
        arrays |= _below(_member(number), {**own, _ROWS: member.rows})
        documents.append(document)
    return arrays, {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "conformal": doubts.conformal.to_json(),
        "applicability": place,
        "members": documents,
    }


def from_arrays(arrays: "NamedArrays", metadata: Mapping[str, Any]) -> Doubts:
    """Put doubts together again, from arrays and document as `to_arrays` gives them.

    Raises
    ------
    ModelFileError
        If the document is of another format, or does not fit the arrays.
    """
    found = (metadata.get("format"), metadata.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise _refusal("These are no doubts that this version reads.", got=found, expected=(FORMAT, FORMAT_VERSION))
    try:
        return Doubts(
            tuple(
                _member_from_arrays(_inside(_member(number), arrays), document, number)
                for number, document in enumerate(metadata["members"])
            ),
            ConformalSets.from_json(metadata["conformal"]),
            Applicability.from_arrays(_inside("applicability", arrays), metadata["applicability"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _refusal(
            "The stored doubts are not what their description says.",
            got=repr(error),
            expected="the arrays and description that a run has written",
        ) from error


def _member_from_arrays(arrays: "NamedArrays", document: Mapping[str, Any], number: int) -> Member:
    rows: Any = arrays[_ROWS]
    try:
        return Member(model_file.from_arrays(arrays, document), rows)
    except ModelFileError as error:
        error.field = f"doubts_model: members[{number}]"
        raise


def _member(number: int) -> str:
    return f"member_{number:02d}"


def _below(folder: str, arrays: "NamedArrays") -> "dict[str, np.ndarray[Any, Any]]":
    return {f"{folder}/{name}": np.asarray(values) for name, values in arrays.items()}


def _inside(folder: str, arrays: "NamedArrays") -> "NamedArrays":
    return {name.removeprefix(f"{folder}/"): values for name, values in arrays.items() if name.startswith(f"{folder}/")}


def _refusal(what: str, *, got: object, expected: object) -> ModelFileError:
    return ModelFileError(
        what, field="doubts_model", got=got, expected=expected, fix="fit it again: kedro run --pipelines modelling"
    )
