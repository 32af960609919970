"""Scores of out-of-fold probabilities: each, or each family, is one module, and one entry in the registry."""

from entropice.learning.scores.registry import SCORES
from entropice.learning.scores.skills import log_losses
from entropice.learning.scores.table import REFERENCE, fold_score_table, score_table

__all__ = ["REFERENCE", "SCORES", "fold_score_table", "log_losses", "score_table"]
