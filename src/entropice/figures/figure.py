"""What a figure for a paper is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A picture of a run, as vectors and as pixels.

    Attributes
    ----------
    key
        Its name, and that of its files.
    caption
        How to read it.
    notes
        What else must be said where it is printed, in sentences.
    """

    key: str
    title: str
    caption: str
    notes: tuple[str, ...]
    svg: bytes
    png: bytes


@dataclass(frozen=True)
class Missing:
    """A picture that a run cannot show, and why, in sentences."""

    key: str
    title: str
    reason: str
