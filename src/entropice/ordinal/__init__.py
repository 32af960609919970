"""Ordinal ridge: a classifier for ordered classes by continuation ratios, linear in standardised columns."""

from entropice.ordinal.classifier import OrdinalRidgeClassifier, fit_path
from entropice.ordinal.components import GroupComponents
from entropice.ordinal.persistence import from_arrays, to_arrays

__all__ = ["GroupComponents", "OrdinalRidgeClassifier", "fit_path", "from_arrays", "to_arrays"]
