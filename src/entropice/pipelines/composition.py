"""What an environment is made of: the content of ``composition.yml``."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from entropice.base_model import StrictModel
from entropice.pipelines.exporting.layouts import ICE_PIPELINE, LAYOUTS
from entropice.pipelines.sources.declaration import (
    Download,
    FeatureSource,
    LabelSource,
    Source,
    source_named,
    wrong_field,
)
from entropice.pipelines.sources.label_sources import LABELS, label_source
from entropice.pipelines.sources.registry import FEATURES, LAND, SOURCES
from entropice.pipelines.tasks.names import one_of
from entropice.pipelines.tasks.task import Task

Names = Annotated[tuple[str, ...], Field(strict=False)]


class Composition(StrictModel):
    """Which world, sources and pipelines an environment has.

    Attributes
    ----------
    world
        ``virtual_arctic`` makes the source files itself, with known truth; None takes them as given.
    labels
        Name of the source of labels; None where no pipeline makes labels.
    features
        Names of the sources of features, one a feature group.
    pipelines
        Names of the pipelines between source files and results.
    export_layout
        Name of the layout in which the pipeline ``exporting`` hands on what tasks have made.
    is_downloaded
        Whether the pipeline ``download`` fetches the source files from where they are published.
    tasks
        What is learned from imagery, by name: the namespace of its steps and datasets, and the section of its
        parameters below ``tasks``.
    """

    world: Literal["virtual_arctic"] | None
    labels: str | None
    features: Names
    pipelines: Names = (
        *("grids", "labels", "features", "modelling", "reporting"),
        *("apply", "audit_sample", "audit", "comparison"),
    )
    export_layout: Annotated[str, one_of("layout", (one.name for one in LAYOUTS))] = ICE_PIPELINE.name
    is_downloaded: bool = False
    tasks: dict[str, Task] = Field(default={})

    @property
    def label_source(self) -> LabelSource:
        """The source of labels.

        Raises
        ------
        PydanticCustomError
            There is none, or none of that name; it is a ValueError.
        """
        if self.labels is None:
            raise wrong_field("labels", "labels: null, but the pipeline labels needs a source", _names(LABELS))
        return label_source(self.labels)

    @property
    def feature_sources(self) -> tuple[FeatureSource, ...]:
        """The sources of features, in the order of the registry, which is that of the features in the cube.

        Empty where none is named.

        Raises
        ------
        PydanticCustomError
            There is none of a name; it is a ValueError.
        """
        chosen = {source_named("features", name, FEATURES).name for name in self.features}
        return tuple(source for source in FEATURES if source.name in chosen)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source that is read: land first, then labels where they have a source, then features in their order.

        Raises
        ------
        PydanticCustomError
            There is none of a name; it is a ValueError.
        """
        labels = () if self.labels is None else (self.label_source,)
        return (LAND, *labels, *self.feature_sources)

    @property
    def downloads(self) -> tuple[Download, ...]:
        """How the files are fetched that its pipelines read, each once; land only where cells are made of it.

        Sources of cells come before those of images; what is not published anywhere has none. Whether they are fetched
        is said by `is_downloaded` and not here.
        """
        read = [source for source in self.sources if source is not LAND or "grids" in self.pipelines]
        of_cells = [source.download for source in read if source.download is not None]
        of_images = [download for task in self.tasks.values() for download in task.downloads]
        return tuple(dict.fromkeys([*of_cells, *of_images]))

    @property
    def made_and_run(self) -> tuple[str, ...]:
        """Names of all pipelines: those named, after what makes or fetches the sources.

        ``download`` comes first where files are fetched, and ``virtual_arctic`` where a world is made.
        """
        makes = ["virtual_arctic"] if self.world is not None else []
        fetches = ["download"] if self.is_downloaded else []
        return (*fetches, *makes, *self.pipelines)

    @model_validator(mode="after")
    def _downloads_no_virtual_world(self) -> "Composition":
        if self.is_downloaded and self.world is not None:
            raise wrong_field(
                "is_downloaded",
                f"is_downloaded is for real files; world {self.world} makes its own",
                "false, or world: null",
            )
        return self

    @model_validator(mode="after")
    def _has_what_its_pipelines_read(self) -> "Composition":
        if "labels" in self.pipelines and self.labels is None:
            raise wrong_field("labels", "labels: null, but the pipeline labels needs a source", _names(LABELS))
        if "features" in self.pipelines and not self.features:
            raise wrong_field(
                "features", "features is empty, but the pipeline features needs one source or more", _names(FEATURES)
            )
        return self

    @model_validator(mode="after")
    def _has_one_source_a_group(self) -> "Composition":
        groups = [source.group for source in self.feature_sources]
        repeated = sorted({group for group in groups if groups.count(group) > 1})
        if repeated or len(set(self.features)) < len(self.features):
            raise wrong_field(
                "features",
                f"features {list(self.features)}: several sources of {', '.join(repeated) or 'one name'}",
                "each name once, and one source of a feature group",
            )
        return self

    @model_validator(mode="after")
    def _is_a_world_that_can_be_made(self) -> "Composition":
        given = [source.name for source in self.sources if not source.is_virtual]
        if self.world is not None and given:
            raise wrong_field(
                "labels" if self.labels in given else "features",
                f"{', '.join(given)}: world {self.world} does not make files of it",
                f"`world: null` where the files are given, or {_names(s for s in SOURCES if s.is_virtual)}",
            )
        return self


def _names(sources: Iterable[Source]) -> str:
    return ", ".join(source.name for source in sources)
