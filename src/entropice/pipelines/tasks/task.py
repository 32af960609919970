"""What is learned from imagery: a kind of answer, and where the images come from."""

from typing import Annotated, Protocol, Self, TypeVar

from pydantic import Field, field_validator, model_validator

from entropice.base_model import StrictModel
from entropice.errors import suggestion
from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.registry import IMAGE_SOURCES
from entropice.pipelines.kinds.declaration import Kind
from entropice.pipelines.kinds.registry import KINDS
from entropice.pipelines.sources.declaration import Download


class Named(Protocol):
    """What is declared under a name."""

    @property
    def name(self) -> str:
        """The name."""


Declared = TypeVar("Declared", bound=Named)


class Task(StrictModel):
    """One entry of ``tasks`` in ``composition.yml``.

    Attributes
    ----------
    kind
        Name of a kind of answer.
    source
        Name of a source of images.
    is_returned
        Whether what is found returns as outlines and footprints that labels are made of.
    fetched
        Which of the source's files are fetched where the composition is downloaded, by their sections of the parameters
        ``download``; None: all.
    """

    kind: str
    source: str
    is_returned: bool = False
    fetched: Annotated[tuple[str, ...], Field(strict=False)] | None = None

    @property
    def answer(self) -> Kind:
        """The kind of answer of that name."""
        return _named(self.kind, KINDS)

    @property
    def image_source(self) -> ImageSource:
        """The source of images of that name."""
        return image_source(self.source)

    @property
    def downloads(self) -> tuple[Download, ...]:
        """How its files are fetched: those that `fetched` names, or all, in the order of the source."""
        declared = self.image_source.downloads
        return tuple(one for one in declared if self.fetched is None or one.section in self.fetched)

    @field_validator("kind")
    @classmethod
    def _is_kind(cls, name: str) -> str:
        return _named(name, KINDS).name

    @field_validator("source")
    @classmethod
    def _is_source(cls, name: str) -> str:
        return image_source(name).name

    @model_validator(mode="after")
    def _fetches_what_can_be(self) -> Self:
        known = [download.section for download in self.image_source.downloads]
        unknown = [section for section in self.fetched or () if section not in known]
        if unknown:
            raise ValueError(f"{self.source} has no download {unknown[0]!r}; it has {', '.join(known) or 'none'}")
        return self


def image_source(name: str) -> ImageSource:
    """The source of images of a name.

    Raises
    ------
    ValueError
        There is none; the nearest name is given.
    """
    return _named(name, IMAGE_SOURCES)


def _named(name: str, declared: tuple[Declared, ...]) -> Declared:
    by_name = {one.name: one for one in declared}
    if name not in by_name:
        raise ValueError(f"there is no {name!r}{suggestion(name, by_name)}")
    return by_name[name]
