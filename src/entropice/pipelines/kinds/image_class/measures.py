"""What the validation of a network that names classes tells of an epoch."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Measure:
    """A measure of an epoch.

    Attributes
    ----------
    score
        Name in `entropice.imagery.classes.score_table`.
    bigger_is_better
        Whether an epoch is better where it is higher.
    """

    score: str
    bigger_is_better: bool = True

    @property
    def name(self) -> str:
        """In the log: ``val_<score>``."""
        return f"val_{self.score}"


MEASURES: Final = (
    Measure("accuracy"),
    Measure("balanced_accuracy"),
    Measure("f_1"),
    Measure("log_score", bigger_is_better=False),
    Measure("log_skill"),
)
BY_NAME: Final = {measure.name: measure for measure in MEASURES}
