"""Every classifier of the accuracy study, and the one way all of them are tuned.

Each model gets the same number of candidates, drawn at random from its own distributions, compared by the same folds
of the training rows with the same score, and is then fitted once more with the best candidate. Scaling, where a model
needs it, is learned inside each fit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scipy.stats import loguniform, randint, uniform
from sklearn.base import ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RandomizedSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from entropice.espa import ESPAClassifier, ESPAEnsemble

N_CANDIDATES = 24
N_FOLDS = 3
SCORING = "neg_log_loss"

N_BOXES = (3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
ROWS_PER_BOX = 5

Distributions = Mapping[str, Any]


@dataclass(frozen=True)
class Model:
    """A classifier made from a seed, and the distributions of its parameters given the number of training rows."""

    name: str
    make: Callable[[int], ClassifierMixin]
    distributions: Callable[[int], Distributions]


def search(model: Model, n_rows: int, seed: int) -> RandomizedSearchCV:
    """Return the unfitted search of a model for ``n_rows`` training rows; the seed fixes candidates, folds and fits."""
    return RandomizedSearchCV(
        model.make(seed),
        dict(model.distributions(n_rows)),
        n_iter=N_CANDIDATES,
        scoring=SCORING,
        cv=StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed),
        random_state=seed,
        error_score="raise",
    )


def hard_espa_distributions(n_rows: int) -> Distributions:
    """Ranges in which eSPA was used on features scaled to [0, 1] (convention "plain").

    The pseudo-count lies between a fiftieth of a row and a whole row for each class and box.
    """
    return {
        "n_boxes": [n_boxes for n_boxes in N_BOXES if n_boxes * ROWS_PER_BOX <= n_rows],
        "eps_entropy": loguniform(1e-3, 1e-1),
        "eps_class": loguniform(1e-2, 1),
        "pseudo_count": loguniform(0.02 / n_rows, 1 / n_rows),
    }


def soft_espa_distributions(n_rows: int) -> Distributions:
    """Ranges of hard eSPA, and of the strength of soft affiliations, which below 0.001 are as good as hard."""
    return {**hard_espa_distributions(n_rows), "eps_affiliation": loguniform(1e-3, 1e-1)}


def espa_ensemble_distributions(n_rows: int) -> Distributions:
    """Ranges of hard eSPA for the members, which see weighted rows or differ by their starts alone."""
    members = {f"estimator__{name}": values for name, values in hard_espa_distributions(n_rows).items()}
    return {**members, "resample": ["bootstrap", None]}


def forest_distributions(_: int) -> Distributions:
    """Ranges of the random forest."""
    return {
        "max_features": uniform(0.05, 0.95),
        "min_samples_leaf": randint(1, 11),
        "criterion": ["gini", "entropy"],
    }


def histogram_boosting_distributions(_: int) -> Distributions:
    """Ranges of scikit-learn's histogram boosting; small leaves are allowed because rows are few."""
    return {
        "learning_rate": loguniform(0.02, 0.5),
        "max_iter": randint(30, 101),
        "max_leaf_nodes": randint(2, 17),
        "min_samples_leaf": randint(2, 21),
        "l2_regularization": loguniform(1e-3, 10),
        "max_features": uniform(0.2, 0.8),
    }


def xgboost_distributions(_: int) -> Distributions:
    """Ranges of XGBoost."""
    return {
        "learning_rate": loguniform(0.02, 0.5),
        "n_estimators": randint(30, 201),
        "max_depth": randint(1, 7),
        "min_child_weight": loguniform(0.1, 10),
        "reg_lambda": loguniform(1e-2, 10),
        "subsample": uniform(0.5, 0.5),
        "colsample_bytree": uniform(0.2, 0.8),
    }


def logistic_distributions(_: int) -> Distributions:
    """Ranges of the logistic regression, on standardised features."""
    return {"logisticregression__C": loguniform(1e-3, 1e3)}


def support_vector_distributions(_: int) -> Distributions:
    """Ranges of the support vector machine, on standardised features."""
    return {
        "calibratedclassifiercv__estimator__C": loguniform(1e-1, 1e3),
        "calibratedclassifiercv__estimator__gamma": loguniform(1e-4, 1),
    }


def make_hard_espa(seed: int) -> ClassifierMixin:
    """Hard eSPA, the best of 20 starts."""
    return ESPAClassifier(n_init=20, device="cpu", random_state=seed)


def make_soft_espa(seed: int) -> ClassifierMixin:
    """Soft eSPA, the best of 5 starts; it converges slowly, so that a descent may end a little earlier."""
    return ESPAClassifier(affiliation="soft", n_init=5, tol=1e-6, device="cpu", random_state=seed)


def make_espa_ensemble(seed: int) -> ClassifierMixin:
    """20 hard eSPAs of one start each, with a temperature from held-out folds."""
    return ESPAEnsemble(ESPAClassifier(n_init=1, device="cpu"), n_members=20, cv=N_FOLDS, random_state=seed)


def make_forest(seed: int) -> ClassifierMixin:
    """Random forest of 100 trees."""
    return RandomForestClassifier(n_estimators=100, random_state=seed)


def make_histogram_boosting(seed: int) -> ClassifierMixin:
    """Histogram boosting without early stopping, for there are no rows to spare."""
    return HistGradientBoostingClassifier(early_stopping=False, random_state=seed)


def make_xgboost(seed: int) -> ClassifierMixin:
    """XGBoost in one thread; imported here because it is an optional dependency."""
    from xgboost import XGBClassifier

    return XGBClassifier(n_jobs=1, random_state=seed)


def make_logistic(_: int) -> ClassifierMixin:
    """Logistic regression on standardised features."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))


def make_support_vectors(seed: int) -> ClassifierMixin:
    """Support vector machine with radial kernel on standardised features; probabilities by Platt's scaling."""
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed)
    return make_pipeline(StandardScaler(), CalibratedClassifierCV(SVC(), cv=folds, ensemble=False))


MODELS = (
    Model("eSPA hard", make_hard_espa, hard_espa_distributions),
    Model("eSPA soft", make_soft_espa, soft_espa_distributions),
    Model("eSPA ensemble", make_espa_ensemble, espa_ensemble_distributions),
    Model("random forest", make_forest, forest_distributions),
    Model("histogram boosting", make_histogram_boosting, histogram_boosting_distributions),
    Model("XGBoost", make_xgboost, xgboost_distributions),
    Model("logistic regression", make_logistic, logistic_distributions),
    Model("RBF-SVM", make_support_vectors, support_vector_distributions),
)
