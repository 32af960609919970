"""eSPA: entropy-optimal scalable probabilistic approximation, a classifier for few rows and many features."""

from entropice.espa.classifier import ESPAClassifier
from entropice.espa.persistence import from_arrays, to_arrays

__all__ = ["ESPAClassifier", "from_arrays", "to_arrays"]
