"""What a source is: all that the house knows of it, in one declaration."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic_core import PydanticCustomError

from entropice.base_model import StrictModel
from entropice.errors import suggestion

if TYPE_CHECKING:
    from kedro.pipeline import Node
    from pydantic import BaseModel

    from entropice.pipelines.sources.work import Extent, Work
    from entropice.sources.slumps.columns import OutlineFormat
    from entropice.types import BaseGeometry, GeoDataFrame

WHERE: Final = ("cells", "params:grid", "params:features.years", "params:features.min_known_fraction")
"""What every node that makes a cube of features gets beside its own data."""


@dataclass(frozen=True)
class Licence:
    """What may be done with a source, and how to name it.

    Attributes
    ----------
    source
        Its name.
    terms
        Licence, or terms of use, in brief.
    credit
        To be shown wherever results are.
    reference
        DOI or address of the terms.
    """

    source: str
    terms: str
    credit: str
    reference: str

    @property
    def attribution(self) -> str:
        """The credit, and the terms where it does not say them.

        >>> Licence("Relief", "CC BY 4.0", "Relief 2024, CC BY 4.0.", "relief.org").attribution
        'Relief 2024, CC BY 4.0.'
        >>> Licence("Relief", "CC0", "Relief 2024.", "relief.org").attribution
        'Relief 2024. Terms: CC0.'
        """
        return self.credit if self.terms in self.credit else f"{self.credit} Terms: {self.terms}."


SYNTHETIC: Final = Licence(
    "Entropice's virtual worlds",
    "no credit is required",
    "Synthetic data, made by Entropice itself; no credit is required.",
    "made anew by every run",
)
"""Of whatever the house makes."""


@dataclass(frozen=True)
class Download:
    """How a source is fetched from where it is published.

    Attributes
    ----------
    section
        Section of the parameters ``download``; the files are the dataset ``<section>_download``.
    parameters
        Model of that section.
    plan
        Node function: section, then the region where `is_regional`, then how files are transferred, to a plan.
    is_regional
        Whether what is fetched depends on the region.
    """

    section: str
    parameters: "type[BaseModel]"
    plan: Callable[..., Any]
    is_regional: bool


@dataclass(frozen=True)
class VirtualFile:
    """How the virtual Arctic makes files of a source.

    Attributes
    ----------
    node
        Node function.
    inputs, outputs
        Datasets.
    has_parameters
        Whether the parameters of the world follow the inputs.
    """

    node: Callable[..., Any]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    has_parameters: bool = True


@dataclass(frozen=True)
class Source:
    """A source of any kind.

    Attributes
    ----------
    name
        As ``composition.yml`` names it.
    licence
        Terms and credit; None where whoever gives the files has to say.
    download, virtual_files
        How its files are fetched, and how the virtual Arctic makes them; None and empty where there is no way.
    is_local
        Whether its files are the user's own in every world.
    """

    name: str
    licence: Licence | None = None
    download: Download | None = None
    virtual_files: tuple[VirtualFile, ...] = ()
    is_local: bool = False

    @property
    def is_virtual(self) -> bool:
        """Whether it can be part of a virtual world: that makes its files, or they are the user's own in any world."""
        return bool(self.virtual_files) or self.is_local


@dataclass(frozen=True, kw_only=True)
class FeatureSource(Source):
    """A source of features.

    Attributes
    ----------
    group
        Feature group: section of the parameters ``features``, and ``group`` of its features. An environment has one
        source a group at most.
    dataset
        Cube of the group's features.
    parameters
        Model of the section ``features.<group>``; None where it has none.
    nodes
        Makes the steps from the source's files to `dataset`.
    files
        Dataset of its files.
    plan
        Dataset whose saving is the heavy work, planned in tiles; None where no step is.
    values_per_s
        Values that one worker reads and reduces in a second of processor time, measured; None where nothing heavy is
        done.
    work
        The work there will be, before its files are here.
    feature_names
        What its features can be called, from its parameters; None where only its files say.
    """

    group: str
    dataset: str
    files: str
    nodes: "Callable[[], Sequence[Node]]"
    work: "Callable[[Extent], Work]"
    values_per_s: float
    parameters: type[StrictModel] | None = None
    plan: str | None = None
    feature_names: "Callable[[Any], Sequence[str]] | None" = None


@dataclass(frozen=True, kw_only=True)
class LabelSource(Source):
    """A source of labels: outlines, and perhaps what they say of where somebody looked.

    Attributes
    ----------
    title
        What its outlines are called in messages.
    parameters
        Model of the section ``labels.<name>``, which has a default for everything.
    outline_format
        How the outlines are read, from that section.
    corrects_coverage
        Whether searched ground without a slump and slumps without an outline change what the footprints say.
    survey_extent
        Where people are assumed to have searched, from the outlines and the section; None: wherever footprints are.
    """

    title: str
    parameters: type[StrictModel]
    outline_format: "Callable[[Any], OutlineFormat]"
    corrects_coverage: bool
    survey_extent: "Callable[[GeoDataFrame, Any], BaseGeometry | None] | None" = None


Named = TypeVar("Named", bound=Source)


def source_named(field: str, name: str, sources: Iterable[Named]) -> Named:
    """The source of a name, which is compared letter by letter; `field` is what messages call the place of the name.

    Raises
    ------
    ValueError
        There is none; the nearest name is given.
    """
    by_name = {source.name: source for source in sources}
    if name not in by_name:
        what = f"{field}: there is no source {name!r}{suggestion(name, by_name)}"
        raise wrong_field(field, what, ", ".join(by_name))
    return by_name[name]


def wrong_field(field: str, what: str, expected: str) -> PydanticCustomError:
    """A fault (ValueError) of one field of ``composition.yml``, found when the whole was looked at; not raised here.

    Its context holds `what` is wrong, the ``location``, a tuple of the field, and what it ``expects``.
    """
    return PydanticCustomError("composition", "{what}", {"what": what, "location": (field,), "expects": expected})
