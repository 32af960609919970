"""eSPA ensemble: averaged classifiers on components of feature groups, each with its own weights of whole blocks."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel
from entropice.learning.exposure import EXPOSURE
from entropice.learning.models import model
from entropice.learning.models.espa import EffectiveNumber, PriorWeight
from entropice.learning.models.model import Candidate, FitSettings, FittedModel, Model, Recipe, Storage
from entropice.learning.models.stored import only
from entropice.learning.models.view_groups import view_groups
from entropice.types import FloatArray, IntArray

if TYPE_CHECKING:
    from entropice.espa import ESPAEnsemble
    from entropice.learning.inner_folds import InnerFolds
    from entropice.learning.models.model import NamedArrays
    from entropice.learning.samples import Samples
    from entropice.ordinal import GroupComponents

COMPONENT_CLIP: Final = 4.0
TOLERANCE: Final = 1e-4
"""Relative decrease of the objective below which a member ends."""

COMPONENTS: Final = "components."
"""What the names of the components' arrays begin with in a file."""


class Parameters(StrictModel):
    """One candidate of the eSPA ensemble in the convention "plain", for components of unit variance."""

    n_boxes_min: int = Field(ge=2, description="fewest boxes of a member; each draws its number at random")
    n_boxes_max: int = Field(ge=2, description="most boxes of a member; as many as rows, where those are fewer")
    n_effective_features: EffectiveNumber = 16.0
    eps_class: float = Field(gt=0, description="strength of the label term")
    prior_weight: PriorWeight
    n_members: int = Field(ge=2, description="classifiers that are averaged")
    n_members_search: int = Field(ge=2, description="classifiers that are averaged while candidates are compared")

    @model_validator(mode="after")
    def _ascend(self) -> Self:
        if self.n_boxes_min > self.n_boxes_max:
            raise ValueError("n_boxes_max must not be below n_boxes_min")
        return self


def make_components(names: Sequence[str], groups: Mapping[str, str]) -> "GroupComponents":
    """Make the unfitted transformer of named features of some groups; its components are named, in frames.

    Labels and numbers of components are those of `view_groups`; components have unit variance, cut off at
    ±4 (`COMPONENT_CLIP`), and the exposure, if it is among the names, stays a column of its own, not cut off.
    """
    from entropice.ordinal import GroupComponents

    labels, n_components = view_groups(names, groups)
    components = GroupComponents(
        labels,
        n_components,
        exposure=EXPOSURE if EXPOSURE in names else None,
        unit_variance=True,
        component_clip=COMPONENT_CLIP,
    )
    components.set_output(transform="pandas")
    return components


def make(recipe: Recipe, members: str = "n_members") -> "ESPAEnsemble":
    """Make the unfitted ensemble for components, with as many members as the named parameter says.

    ``n_members`` or ``n_members_search``; each member draws its number of boxes from the candidate's range, ends
    included. It is an `entropice.espa.ESPAEnsemble` of classifiers with the recipe's ``n_effective_features eps_class
    prior_weight`` and device, one start each, no scaling, no pseudo-count and a tolerance of 1e-4 (`TOLERANCE`), and
    the recipe's seed; averages are not calibrated.
    """
    from entropice.espa import ESPAClassifier, ESPAEnsemble

    given = recipe.parameters
    estimator = ESPAClassifier(
        n_effective_features=given["n_effective_features"],
        eps_class=given["eps_class"],
        # Components have unit variance already.
        scale=None,
        pseudo_count=0.0,
        prior_weight=given["prior_weight"],
        n_init=1,
        tol=TOLERANCE,
        device=recipe.device,
    )
    return ESPAEnsemble(
        estimator,
        given[members],
        n_boxes=list(range(given["n_boxes_min"], given["n_boxes_max"] + 1)),
        calibrate=None,
        random_state=recipe.random_seed,
    )


def fit(samples: "Samples", class_codes: IntArray, inner_folds: "InnerFolds", settings: FitSettings) -> FittedModel:
    """Choose among the candidates by log loss over the inner folds, then fit all rows by the features known in them.

    Features of the samples are (n, n_feature), class codes (n,). The estimator is a pipeline of components and
    ensemble, whose members weigh whole blocks. The score of the fit is the mean over folds of the mean log probability
    of the true class, in nats (`tuning.choose`), NaN of one candidate alone.

    Raises
    ------
    LabelError
        If candidates are compared and no inner fold has two classes.
    """
    from sklearn.pipeline import make_pipeline

    from entropice.learning.tuning import choose, known_features

    names = tuple(known_features(samples.features))
    parameters, log_score = choose(
        settings.title, settings.candidates, lambda: _compare(settings.candidates, inner_folds, settings)
    )
    recipe = Recipe(parameters, settings.random_seed, settings.device, names)
    pipeline = make_pipeline(make_components(names, samples.groups), make(recipe))
    pipeline.fit(samples.named(names), class_codes, espaensemble__groups=samples.blocks)
    return FittedModel(pipeline, recipe, log_score)


def refit(fitted: FittedModel, samples: "Samples", class_codes: IntArray) -> FittedModel:
    """As `model.refit` does, with random weights of the members by block, as in `fit`.

    Samples and class codes are (n,); rows of a block that was drawn twice have one weight.

    Raises
    ------
    FeatureError
        If the samples lack one of its features.
    """
    return model.refit(fitted, samples, class_codes, espaensemble__groups=samples.blocks)


def _compare(candidates: Sequence[Candidate], inner_folds: "InnerFolds", settings: FitSettings) -> FloatArray:
    """Log scores (n_candidate, n_fold), all with the same random weights of blocks."""
    import numpy as np

    from entropice.espa import fit_alike
    from entropice.learning.tuning import log_score_of_all_classes

    codes, names = inner_folds.class_codes, inner_folds.known_features
    features, groups = inner_folds.samples.named(names), inner_folds.samples.groups
    recipes = [Recipe(each, settings.random_seed, settings.device, tuple(names)) for each in candidates]
    score = log_score_of_all_classes(inner_folds.n_classes)

    def scores_of(train: IntArray, test: IntArray) -> list[float]:
        # Components, too, are learned from the fold's training rows alone: those of all rows have seen the test rows.
        components = make_components(names, groups).fit(features.iloc[train])
        seen, tested = (components.transform(features.iloc[rows]) for rows in (train, test))
        blocks = inner_folds.samples.blocks[train]
        fits = [make(recipe, "n_members_search") for recipe in recipes]
        # Together by size: ensembles that share weights and seeds are of as many members.
        for n_members in {each.n_members for each in fits}:
            fit_alike([each for each in fits if each.n_members == n_members], seen, codes[train], groups=blocks)
        return [score(each, tested, codes[test]) for each in fits]

    return np.array([scores_of(*split) for split in inner_folds.splits]).T


def to_arrays(fitted: FittedModel, _: Any, __: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Take components and members apart, each by their own rules, into arrays and a JSON document.

    Arrays of components are called ``components.<name>``, among them ``components.loadings`` (n_feature, n_component);
    those of members ``<number>.<name>``, as of a classifier. The document has ``components members``; no training rows
    are kept.
    """
    from entropice import espa, ordinal

    components, ensemble = fitted.estimator
    (loadings, of_components), (arrays, of_members) = ordinal.to_arrays(components), espa.to_arrays(ensemble)
    named = {f"{COMPONENTS}{name}": array for name, array in loadings.items()}
    return arrays | named, {"components": of_components, "members": of_members}


def from_arrays(arrays: "NamedArrays", content: Mapping[str, Any], _: Recipe) -> Any:
    """Put components and members together again, bit for bit, without the recipe.

    Raises
    ------
    ValueError
        Where they do not fit each other, or are not what such an ensemble gives.
    """
    from sklearn.pipeline import make_pipeline

    from entropice import espa, ordinal

    own = {name.removeprefix(COMPONENTS): arrays[name] for name in arrays if name.startswith(COMPONENTS)}
    components = only(ordinal.GroupComponents, ordinal.from_arrays(own, content["components"]))
    ensemble = only(espa.ESPAEnsemble, espa.from_arrays(arrays, content["members"]))
    components.set_output(transform="pandas")
    if components.get_feature_names_out().tolist() != ensemble.feature_names_in_.tolist():
        raise ValueError("the members were fitted to other components than those that are stored")
    return make_pipeline(components, ensemble)


MODEL = Model(
    name="espa_ensemble",
    title="eSPA ensemble",
    fit=fit,
    storage=Storage(to_arrays, from_arrays),
    refit=refit,
    parameters=Parameters,
    n_copies=5.0,
)
"""It gives no importances: its weights are those of components, which mix features. Nor does it tell boxes: a row falls
into another box of every member, and those are boxes of components."""
