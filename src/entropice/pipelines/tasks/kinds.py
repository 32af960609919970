"""Kinds of answers that a network can give to an image, one declaration each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Kind:
    """What is asked of an image.

    Attributes
    ----------
    name
        As ``composition.yml`` names it.
    title
        How people call it.
    """

    name: str
    title: str


KINDS: Final[tuple[Kind, ...]] = (Kind("mask", "Which pixels belong to what is looked for"),)
