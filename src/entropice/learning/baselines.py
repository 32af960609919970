"""The models eSPA has to beat; each learns everything it needs, imputation and scaling included, from training rows."""

from typing import Any

from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

N_NEIGHBOURS = 25
LOGISTIC_GRID = {"logisticregression__C": [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]}


def prevalence() -> Any:
    """Predict the class frequencies of the training rows everywhere: the reference of every skill score."""
    return DummyClassifier(strategy="prior")


def logistic() -> Any:
    """Multinomial logistic regression on standardised features, medians in place of missing values."""
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=2000),
    )


def knn_coordinates(n_rows: int) -> Any:
    """Class frequencies of the 25 nearest training rows on the map: what location alone explains."""
    return KNeighborsClassifier(n_neighbors=min(N_NEIGHBOURS, n_rows))
