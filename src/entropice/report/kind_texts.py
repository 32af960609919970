"""What models and scores of one kind of answers are called."""

from dataclasses import dataclass

from entropice.report.texts import Text


@dataclass(frozen=True)
class KindScoreText(Text):
    """A score, in front of readers.

    Attributes
    ----------
    best
        Its best value.
    unit
        ``1`` for a ratio.
    """

    best: float
    unit: str = "1"


@dataclass(frozen=True)
class KindTexts:
    """Models and scores, in the readers' order."""

    models: tuple[Text, ...]
    scores: tuple[KindScoreText, ...]
