"""What schemes, models and scores are called in front of readers, in the order in which they are shown."""

from typing import Final

SCHEME_NAMES: Final = {"spatial": "transfer skill (spatial folds)", "random": "random cross-validation"}

MODEL_NAMES: Final = {
    "espa": "eSPA",
    "espa_ensemble": "eSPA ensemble",
    "logistic": "logistic regression",
    "knn_coordinates": "nearest neighbours (coordinates only)",
    "prevalence": "prevalence",
    "limit": "attainable limit",
}

SCORE_NAMES: Final = {
    "log_skill": "log skill",
    "rpss": "RPSS",
    "auc": "AUC",
    "brier_skill": "Brier skill",
    "ece": "ECE",
}
