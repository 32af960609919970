"""eSPA: entropy-optimal scalable probabilistic approximation, a classifier for few rows and many features."""

from entropice.espa.classifier import ESPAClassifier
from entropice.espa.conventions import to_plain
from entropice.espa.data.rows import StoredTable
from entropice.espa.ensemble import ESPAEnsemble, fit_alike
from entropice.espa.persistence import from_arrays, to_arrays
from entropice.espa.search import ESPASearch

__all__ = [
    "ESPAClassifier",
    "ESPAEnsemble",
    "ESPASearch",
    "StoredTable",
    "fit_alike",
    "from_arrays",
    "to_arrays",
    "to_plain",
]
