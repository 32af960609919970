"""What a figure for a paper is, and how large."""

from dataclasses import dataclass
from typing import Final

WIDTH_MM: Final = 180.0
"""Two columns of a page."""
COLUMN_MM: Final = 88.0
"""One column of a page."""
DOTS_PER_INCH: Final = 300
MM_PER_INCH: Final = 25.4


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
