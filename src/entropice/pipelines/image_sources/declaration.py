"""What a source of images is: all that the house knows of it, in one declaration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entropice.base_model import StrictModel

if TYPE_CHECKING:
    from kedro.pipeline import Node


@dataclass(frozen=True)
class ImageSource:
    """Where the images of a task come from.

    Attributes
    ----------
    name
        As ``composition.yml`` names it, and the section of its parameters in that of the task.
    title
        How people call it.
    nouns
        What is looked for in them, in the plural.
    has_truth
        Whether it is known what is really there, seen or not.
    parameters
        Model of that section.
    nodes
        Makes the steps that end in ``images``, the samples to learn from.
    """

    name: str
    title: str
    nouns: str
    has_truth: bool
    parameters: type[StrictModel]
    nodes: "Callable[[], Sequence[Node]]"
