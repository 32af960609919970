"""What predicts: a mixture of models, each with submodels for rows that know nothing of whole feature groups.

Where a group is unknown, a model fitted without it predicts (a pattern submodel; Fletcher Mercaldo & Blume 2020,
doi:10.1093/biostatistics/kxy040): medians in place of 64 unknown embeddings would say that the place is an average one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.model import Boxes, FittedModel, Model
from entropice.learning.samples import Groups, Samples
from entropice.learning.tuning import Tuning
from entropice.types import BoolArray, FloatArray

NOTHING: Groups = frozenset()


@dataclass(frozen=True)
class Part:
    """One model of a mixture.

    Attributes
    ----------
    model
        Its declaration.
    weight
        Of its probabilities; the weights of all parts sum to 1.
    submodels
        Fits by the feature groups left out; that of all groups has the empty set.
    """

    model: Model
    weight: float
    submodels: Mapping[Groups, FittedModel]

    @property
    def whole(self) -> FittedModel:
        """The fit to all feature groups."""
        return self.submodels[NOTHING]

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Features that the whole model sees; none of a model that sees the place alone."""
        return self.whole.recipe.feature_names or ()

    def for_pattern(self, unknown: Groups) -> FittedModel | None:
        """The fit with the most groups that are all known; None where each of them needs what is unknown.

        `unknown` are the groups that a row knows nothing of. A model that sees the place alone has one fit for all.
        That is the one that leaves out the fewest groups, of equals the first by their sorted names.

        Examples
        --------
        Without climate the submodel predicts, without terrain nothing does.

        >>> from entropice.learning.models import MODELS
        >>> from entropice.learning.models.model import Recipe
        >>> recipe = Recipe({}, 0, "cpu", ("rain", "slope"))
        >>> fits = {NOTHING: FittedModel("all", recipe), frozenset({"climate"}): FittedModel("no climate", recipe)}
        >>> part = Part(MODELS["espa"], 1.0, fits)
        >>> part.for_pattern(frozenset({"climate"})).estimator, part.for_pattern(frozenset({"terrain"}))
        ('no climate', None)
        """
        if self.whole.recipe.feature_names is None:
            return self.whole
        # A submodel may leave out more than is unknown, never less; of several the one that sees most, ties by name.
        usable = [left_out for left_out in self.submodels if left_out >= unknown]
        return self.submodels[min(usable, key=lambda each: (len(each), sorted(each)))] if usable else None

    def predict_proba(self, samples: Samples, n_classes: int) -> FloatArray:
        """Probabilities (n, n_classes), piece by piece; NaN where no submodel does without what is unknown.

        Raises
        ------
        FeatureError
            If the samples lack a feature of the fit.
        """
        return np.concatenate([self._predict_piece(piece, n_classes) for piece in samples.pieces()])

    def _predict_piece(self, samples: Samples, n_classes: int) -> FloatArray:
        found = np.full((len(samples.features), n_classes), np.nan)
        for unknown, is_here in samples.patterns():
            fitted = self.for_pattern(unknown)
            if fitted is not None:
                found[is_here] = fitted.predict_proba(samples.where(is_here), n_classes)
        return found

    def boxes(self, samples: Samples) -> FloatArray:
        """Box (n,), float64, of each row by the whole model; NaN where a submodel predicts, whose boxes are others.

        Raises
        ------
        ValueError
            If the model has no boxes.
        """
        if self.model.boxes is None:
            raise ValueError(f"{self.model.title} has no boxes")
        return np.concatenate([self._boxes_of_piece(self.model.boxes, piece) for piece in samples.pieces()])

    def _boxes_of_piece(self, boxes: Boxes, samples: Samples) -> FloatArray:
        found, is_whole = np.full(len(samples.features), np.nan), ~samples.unknown_groups().any(axis=1).to_numpy()
        if is_whole.any():
            found[is_whole] = boxes.of(self.whole, self.whole.view(samples.where(is_whole)))
        return found


@dataclass(frozen=True)
class Predictor:
    """A mixture of models.

    Attributes
    ----------
    parts
        One at least; weights sum to 1.
    """

    parts: tuple[Part, ...]

    @property
    def main(self) -> Part:
        """The part with the largest weight, the first of equals."""
        return max(self.parts, key=lambda part: part.weight)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Every column that a part sees, each once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.feature_names))

    def knows(self, samples: Samples) -> BoolArray:
        """Whether each row (n,) can be predicted: every part has a fit for it, and some feature of it is known.

        The exposure does not count as a feature. A mixture of models that see the place alone knows every row.

        Examples
        --------
        >>> import pandas as pd
        >>> from entropice.learning.models import MODELS
        >>> from entropice.learning.models.model import Recipe
        >>> part = Part(MODELS["espa"], 1.0, {NOTHING: FittedModel(None, Recipe({}, 0, "cpu", ("rain", "slope")))})
        >>> features = pd.DataFrame({"rain": [1.0, np.nan], "slope": [2.0, 3.0]})
        >>> groups = {"rain": "climate", "slope": "terrain"}
        >>> samples = Samples(features, np.zeros((2, 2)), np.zeros(2, np.uint64), groups)
        >>> Predictor((part,)).knows(samples).tolist()  # no fit does without the climate
        [True, False]
        """
        is_known = np.ones(len(samples.features), dtype=bool)
        for unknown, is_here in samples.patterns():
            is_known[is_here] = all(part.for_pattern(unknown) is not None for part in self.parts)
        if any(part.feature_names for part in self.parts):
            is_known &= samples.describes
        return is_known

    def predict_proba(self, samples: Samples, n_classes: int) -> FloatArray:
        """Probabilities (n, n_classes), the parts' weighted mean ``Σ_k w_k p_k``; NaN where a part has no fit.

        Raises
        ------
        FeatureError
            If the samples lack a feature of a fit.

        Examples
        --------
        A quarter of a model that says (1/2, 1/2), and three quarters of one that says (1, 0).

        >>> import pandas as pd
        >>> from sklearn.dummy import DummyClassifier
        >>> from entropice.learning.models import MODELS
        >>> from entropice.learning.models.model import Recipe
        >>> fits = [DummyClassifier(strategy="prior").fit(np.zeros((2, 2)), codes) for codes in ([0, 1], [0, 0])]
        >>> fitted = [FittedModel(each, Recipe({}, 0, "cpu", feature_names=None)) for each in fits]
        >>> parts = [Part(MODELS["prevalence"], w, {NOTHING: fit}) for w, fit in zip((0.25, 0.75), fitted)]
        >>> asked = Samples(pd.DataFrame({"rain": [1.0]}), np.zeros((1, 2)), np.zeros(1, np.uint64))
        >>> Predictor(tuple(parts)).predict_proba(asked, 2).tolist()
        [[0.875, 0.125]]
        """
        mixed: FloatArray = np.sum(
            [part.weight * part.predict_proba(samples, n_classes) for part in self.parts], axis=0
        )
        return mixed


def fit_part(model: Model, inner_folds: InnerFolds, tuning: Tuning, patterns: Iterable[Groups], weight: float) -> Part:
    """Tune a model, fit it to all features, and once more without the groups of each pattern, tuned as before.

    Rows are those of the inner folds. What submodels there are says `with_submodels`. `weight` is that of its
    probabilities in a mixture.

    Raises
    ------
    LabelError
        As `Tuning.fit`.
    """
    whole = tuning.fit(model, inner_folds)
    return with_submodels(Part(model, weight, {NOTHING: whole}), inner_folds, tuning, patterns)


def with_submodels(part: Part, inner_folds: InnerFolds, tuning: Tuning, patterns: Iterable[Groups]) -> Part:
    """Add a fit without the groups of each pattern, with the parameters that the whole model chose.

    A model that sees the place alone needs none, nor is any made that would see nothing but the exposure. Fits that the
    part has stay; the given part is not changed.
    """
    if part.whole.recipe.feature_names is None:
        return part
    # Not tuned again: every pattern would take a search of its own, and few blocks tell little about parameters.
    fixed = tuning.fixed(part.whole.recipe.parameters)
    made = {}
    for left_out in sorted(set(patterns) - part.submodels.keys(), key=sorted):
        samples = inner_folds.samples.without(left_out)
        if samples.describes.any():
            made[left_out] = fixed.fit(part.model, replace(inner_folds, samples=samples))
    return replace(part, submodels={**part.submodels, **made})
