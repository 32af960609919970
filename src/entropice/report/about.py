"""What a run is called and what it claims."""

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """What a run is called and what it claims; ``notice`` is empty where readers need no warning."""

    title: str
    description: str
    purpose: str
    notice: str
    attributions: tuple[str, ...]
    rebuild_command: str
