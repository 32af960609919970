"""An audit: cells drawn at random, looked at by a person, that say what a map is worth where nobody had looked.

A probability sample is the only unbiased judge of a map (Stehman and Foody 2019, doi:10.1016/j.rse.2019.05.018).
"""

from entropice.learning.audit.correction import Correction, fit_correction, intercept_interval
from entropice.learning.audit.sample import draw_sample
from entropice.learning.audit.skill import AUDIT, audit_scores, cross_fitted

__all__ = [
    "AUDIT",
    "Correction",
    "audit_scores",
    "cross_fitted",
    "draw_sample",
    "fit_correction",
    "intercept_interval",
]
