"""Every score that is computed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from entropice.learning.scores import area, auc, calibration, precision, skills
from entropice.learning.scores.score import Score

SCORES: Final[Mapping[str, Score]] = MappingProxyType(
    {
        score.name: score
        for score in (
            skills.LOG_SKILL,
            skills.RPSS,
            auc.AUC,
            precision.PR_AUC,
            skills.BRIER_SKILL,
            calibration.ECE,
            calibration.SLOPE,
            calibration.INTERCEPT,
            precision.LIFT,
            *precision.AT_RECALLS,
            *precision.AT_PREVALENCES,
            area.AREA_AT_RECALL,
        )
    }
)
"""Every score by its name, in the readers' order."""
