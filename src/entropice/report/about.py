"""What a run is called and what it claims."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """What a run is called and what it claims.

    Attributes
    ----------
    title, description
        Of the run, in plain text; a template escapes them.
    purpose
        ``model`` where the run claims something about the world, else what it is, such as ``plumbing check``.
    notice
        A warning to readers; empty where they need none.
    attributions
        A line of credit for each source.
    rebuild_command
        What makes the run again from the same files, as typed in a terminal.
    """

    title: str
    description: str
    purpose: str
    notice: str
    attributions: Sequence[str]
    rebuild_command: str

    @property
    def is_model(self) -> bool:
        """Whether the run claims anything about the world: its purpose is ``model``."""
        return self.purpose == "model"

    def marked(self, title: str) -> str:
        """A title that can stand alone: the purpose goes before it where the run claims nothing; else it is unchanged.

        Examples
        --------
        >>> About("Virtual Arctic", "", "plumbing check", "", [], "").marked("Slumps")
        'Plumbing check: Slumps'
        >>> About("Arctic", "", "model", "", [], "").marked("Slumps")
        'Slumps'
        """
        return title if self.is_model else f"{self.purpose.capitalize()}: {title}"
