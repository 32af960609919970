"""What a source of images is: all that the house knows of it, in one declaration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from entropice.base_model import StrictModel
from entropice.pipelines.sources.declaration import Download, Licence
from entropice.pipelines.step_cost import GIVEN, Images

if TYPE_CHECKING:
    from kedro.pipeline import Node

    from entropice.imagery.samples import Scenery


@dataclass(frozen=True)
class Viewer:
    """How any place is looked at.

    Attributes
    ----------
    inputs
        Datasets and parameters, as steps of the source name them.
    open
        Makes of them what shows places.
    """

    inputs: tuple[str, ...]
    open: "Callable[..., Scenery]"


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
    parameters
        Model of that section; None where there is nothing to say.
    nodes
        Makes the steps that end in ``images``, or in ``fields`` that frames are cut from.
    viewer
        How places are looked at that nobody has labelled; None where they are not.
    licences
        Of all products that its files may be of; that of synthetic data where the house makes them.
    licences_of
        Those of the products that its section of parameters names; None where it names none, and all hold.
    downloads
        How such files are fetched; empty where they are made, or given.
    images
        How many there are, from its section of parameters, before a run.
    """

    name: str
    title: str
    nouns: str
    parameters: type[StrictModel] | None
    nodes: "Callable[[], Sequence[Node]]"
    viewer: Viewer | None = None
    licences: tuple[Licence, ...] = ()
    licences_of: Callable[[Any], tuple[Licence, ...]] | None = None
    downloads: tuple[Download, ...] = ()
    images: Callable[[Any], Images] = lambda _: GIVEN

    def licences_under(self, section: Any) -> tuple[Licence, ...]:
        """Of what a task takes from it whose section says so; None where it has no section.

        All licences of the source where it does not say which hold for which product.
        """
        return self.licences if self.licences_of is None else self.licences_of(section)

    @property
    def looked_through(self) -> Viewer:
        """The viewer, which shows places that nobody has labelled.

        Raises
        ------
        ValueError
            There is none.
        """
        if self.viewer is None:
            raise ValueError(f"{self.title} shows no place but those that are learned from, so nothing can be mapped")
        return self.viewer
