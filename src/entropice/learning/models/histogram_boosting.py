"""Histogram boosting: trees added one by one, each to what the ones before left unexplained; by scikit-learn."""

from functools import partial
from typing import Any

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.learning.models.model import Model, Recipe
from entropice.learning.models.tabular import fit_features, refitted


class Parameters(StrictModel):
    """One candidate."""

    learning_rate: float = Field(gt=0, le=1, description="how much of each tree counts")
    max_iter: int = Field(ge=1, description="number of trees a class")
    max_leaf_nodes: int = Field(ge=2, description="most leaves of a tree")
    min_samples_leaf: int = Field(ge=1, description="fewest rows in a leaf")
    l2_regularization: float = Field(ge=0, description="pull of the leaves' values to 0")


def make(recipe: Recipe) -> Any:
    """Make the unfitted classifier of scikit-learn, by the recipe's parameters and seed.

    It boosts without early stopping, for there are no rows to spare. Missing values (NaN) go down the branch that suits
    them in training. Its parameters (``learning_rate max_iter max_leaf_nodes min_samples_leaf l2_regularization``) are
    called as scikit-learn calls them, and all else is as it is there.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(**recipe.parameters, early_stopping=False, random_state=recipe.random_seed)


MODEL = Model(
    name="histogram_boosting",
    title="histogram boosting",
    fit=partial(fit_features, make),
    storage=refitted(make),
    parameters=Parameters,
)
