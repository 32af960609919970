"""What the validation of a network that marks changes tells of an epoch; more is better."""

from typing import Final

SCORES: Final = ("iou", "f_1", "accuracy", "pr_auc", "log_skill")
"""Names in `entropice.imagery.changes.score_table`, at the share of change of the validation images."""

MEASURES: Final = tuple(f"val_{score}" for score in SCORES)
