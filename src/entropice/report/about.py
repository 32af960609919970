"""What a run is called and what it claims."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """What a run is called and what it claims; ``notice`` is empty where readers need no warning."""

    title: str
    description: str
    purpose: str
    notice: str
    attributions: Sequence[str]
    rebuild_command: str

    @property
    def is_model(self) -> bool:
        """Whether the run claims anything about the world."""
        return self.purpose == "model"

    def marked(self, title: str) -> str:
        """A title that can stand alone: it says so where the run claims nothing."""
        return title if self.is_model else f"{self.purpose.capitalize()}: {title}"
